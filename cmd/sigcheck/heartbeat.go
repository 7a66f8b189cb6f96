package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/signer"
)

type heartbeatOptions struct {
	account
	resource string
	caFile   string
	insecure bool
	timeout  time.Duration
	tries    int
	delay    time.Duration
}

func heartbeatCommand() *cobra.Command {
	var o heartbeatOptions
	cmd := &cobra.Command{
		Use:   "heartbeat [--key-file FILE] [flags]",
		Short: "Send the signed heartbeat and print the server's answer",
		Long: `heartbeat sends the smallest signed request there is, and prints the server's
answer. No other command sends anything to the vendor's server. A proxy is
taken from the environment.

Exit codes: 0 the answer is {"ok": true}; 1 it is another answer; 2 wrong
usage, or unreadable or invalid files; 3 there is no answer; 130 interrupted.`,
		Example: `  sigcheck heartbeat
  sigcheck heartbeat --key-file key.json --profile vigiles
  sigcheck heartbeat --base-url http://127.0.0.1:8080`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.account.flags(cmd, " (default: ~/timesys/linuxlink_key)")
	f := cmd.Flags()
	f.StringVar(&o.resource, "resource", "",
		"`PATH` of the request (default: that of the profile's client)")
	f.StringVar(&o.caFile, "ca-file", "", "trust the certificates of this PEM `FILE`, too")
	f.BoolVar(&o.insecure, "insecure", false, "do not verify the server's certificate")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "allow this `TIME` for one try")
	f.IntVar(&o.tries, "tries", 5,
		"try `N` times, if there is no connection or the server fails (5xx)")
	f.DurationVar(&o.delay, "delay", 5*time.Second, "wait this `TIME` between tries")
	return cmd
}

func (o *heartbeatOptions) run(cmd *cobra.Command) error {
	log, err := logger(cmd)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	in, err := o.load(log)
	if err != nil {
		return err
	}
	s, err := in.Signer()
	if err != nil {
		return err
	}
	client, err := o.client(log)
	if err != nil {
		return err
	}
	return o.send(cmd, log, s, client)
}

// check checks the flags.
func (o *heartbeatOptions) check() error {
	switch {
	case o.tries < 1:
		return fmt.Errorf("--tries %d is too few: write 1 or more", o.tries)
	case o.timeout <= 0:
		return fmt.Errorf("--timeout %v is no time to wait: write, for example, 30s", o.timeout)
	case o.delay < 0:
		return fmt.Errorf("--delay %v is negative: write 0s or more", o.delay)
	}
	return checkResource(o.resource)
}

// client verifies certificates, unless --insecure is given.
func (o *heartbeatOptions) client(log *slog.Logger) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.insecure}
	if o.insecure {
		log.Warn("insecure: the server's certificate is not verified")
	}
	if o.caFile != "" {
		text, err := cli.ReadFile("--ca-file", o.caFile)
		if err != nil {
			return nil, err
		}
		if config.RootCAs, err = x509.SystemCertPool(); err != nil {
			config.RootCAs = x509.NewCertPool()
		}
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s: no certificate in this file: give one in PEM form", o.caFile)
		}
	}
	return &http.Client{
		Timeout:   o.timeout,
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: config},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // the signature is for one server
		},
	}, nil
}

// heartbeatResource is what the clients of the two generations ask.
func (o *heartbeatOptions) heartbeatResource() string {
	switch {
	case o.resource != "":
		return o.resource
	case signer.Profile(o.profile) == signer.Vigiles:
		return "/api/v1/vigiles/heartbeat"
	}
	return "/api/v1/heartbeat"
}

// send tries until there is an answer that trying again would not change.
func (o *heartbeatOptions) send(
	cmd *cobra.Command, log *slog.Logger, s *signer.Signer, client *http.Client,
) error {
	heartbeat := signer.Request{Method: http.MethodPost, Resource: o.heartbeatResource()}
	for try := 1; ; try++ {
		request, err := s.NewRequest(cmd.Context(), heartbeat)
		if err != nil {
			return err
		}
		url := request.URL.Redacted()
		log.Info("sending", "method", request.Method, "url", url, "try", try)
		status, body, err := exchange(client, request)
		final := err == nil && status < 500 || try == o.tries
		switch {
		case cmd.Context().Err() != nil:
			return &cli.ExitError{Code: cli.Interrupted}
		case final && err != nil:
			return &cli.ExitError{
				Code: cli.Untested,
				Err: fmt.Errorf("sending the heartbeat to %s: %w; "+
					"check the address, the proxy and the network", url, err),
			}
		case final:
			return judgeHeartbeat(cmd.OutOrStdout(), request.URL.Path, status, body)
		}
		log.Warn("no answer yet, trying again",
			"try", try, "of", o.tries, "status", status, "error", cause(err), "after", o.delay)
		if !wait(cmd.Context(), o.delay) {
			return &cli.ExitError{Code: cli.Interrupted}
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func cause(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func exchange(client *http.Client, request *http.Request) (status int, body []byte, err error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusSwitchingProtocols {
		return response.StatusCode, nil, nil // what follows is no body, and no timeout ends it
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, body, err
}

// judgeHeartbeat prints the answer, and says what to check if it is not the right one.
func judgeHeartbeat(w io.Writer, path string, status int, body []byte) error {
	people := report.People(w)
	fmt.Fprintln(people, strings.TrimRight(string(body), "\n"))
	if err := people.Flush(); err != nil {
		return err
	}
	var answer struct {
		OK any `json:"ok"`
	}
	if status == http.StatusOK && json.Unmarshal(body, &answer) == nil && answer.OK == true {
		return nil
	}
	lines := []string{fmt.Sprintf(
		"the server answered with HTTP status %d, not with {\"ok\": true}", status)}
	for _, hint := range hints(path, status) {
		lines = append(lines, "hint: "+hint)
	}
	return &cli.ExitError{Code: cli.Differs, Err: errors.New(strings.Join(lines, "\n"))}
}

// hints say what may be the reason for a wrong answer.
func hints(path string, status int) []string {
	switch {
	case strings.Contains(path, "//"):
		return []string{"the path is " + path + ": the base URL ends with a slash, " +
			"which is used unchanged; leave it out"}
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		return []string{
			"the signature is right by the rules, so look at the key file: " +
				"is it the one of this server and user, and still valid?",
			"a key file of the later generation needs --profile vigiles; " +
				"--base-url must be the server that issued it",
		}
	case status == http.StatusNotFound:
		return []string{"is --base-url the server itself, without a path? " +
			"The other generation has another heartbeat: see --profile"}
	case status >= 300 && status < 400:
		return []string{"redirects are not followed, since the signature is for one server: " +
			"give the final address as --base-url"}
	}
	return nil
}
