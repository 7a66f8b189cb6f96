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
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
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
		Long: `heartbeat really sends a signed request, the smallest there is, and prints what
the server answers. It exits with 0 only if that is {"ok": true}, with 1 for
any other answer, and with 3 if there was none. A proxy is taken from the
environment.`,
		Example: "  sigcheck heartbeat\n  sigcheck heartbeat --key-file key.json --profile vigiles\n  sigcheck heartbeat --base-url http://127.0.0.1:8080",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.account.flags(cmd, " (default: ~/timesys/linuxlink_key)")
	f := cmd.Flags()
	f.StringVar(&o.resource, "resource", "", "path of the request (default: that of the profile's client)")
	f.StringVar(&o.caFile, "ca-file", "", "trust the certificates of this PEM file, too")
	f.BoolVar(&o.insecure, "insecure", false, "do not verify the server's certificate")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "time for one try")
	f.IntVar(&o.tries, "tries", 5, "how often to try, if there is no connection or the server fails (5xx)")
	f.DurationVar(&o.delay, "delay", 5*time.Second, "time between tries")
	return cmd
}

func (o *heartbeatOptions) run(cmd *cobra.Command) error {
	log, err := logger(cmd)
	if err != nil {
		return err
	}
	if o.tries < 1 || o.timeout <= 0 || o.delay < 0 {
		return errors.New("--tries and --timeout must be positive, --delay must not be negative")
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

// client verifies certificates, unless told not to.
func (o *heartbeatOptions) client(log *slog.Logger) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.insecure}
	if o.insecure {
		log.Warn("insecure: the server's certificate is not verified")
	}
	if o.caFile != "" {
		text, err := os.ReadFile(o.caFile)
		if err != nil {
			return nil, fmt.Errorf("reading certificates: %w", err)
		}
		if config.RootCAs, err = x509.SystemCertPool(); err != nil {
			config.RootCAs = x509.NewCertPool()
		}
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s: no certificate in this file: give one in PEM form", o.caFile)
		}
	}
	return &http.Client{
		Timeout:       o.timeout,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: config},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the signature is for one server
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

func (o *heartbeatOptions) send(cmd *cobra.Command, log *slog.Logger, s *signer.Signer, client *http.Client) error {
	for try := 1; ; try++ {
		request, err := s.NewRequest(cmd.Context(), signer.Request{Method: http.MethodPost, Resource: o.heartbeatResource()})
		if err != nil {
			return err
		}
		log.Info("sending", "method", request.Method, "url", request.URL.Redacted(), "try", try)
		status, body, err := exchange(client, request)
		again := err != nil || status >= 500
		if cmd.Context().Err() != nil {
			return &cli.ExitError{Code: cli.Interrupted}
		}
		if again && try < o.tries {
			log.Warn("no answer yet, trying again", "try", try, "of", o.tries, "status", status, "error", cause(err), "after", o.delay)
			if !wait(cmd.Context(), o.delay) {
				return &cli.ExitError{Code: cli.Interrupted}
			}
			continue
		}
		if err != nil {
			return &cli.ExitError{Code: cli.Untested, Err: fmt.Errorf("sending the heartbeat to %s: %s; check the address, the proxy and the network", request.URL.Redacted(), cause(err))}
		}
		return judgeHeartbeat(cmd.OutOrStdout(), request.URL.Path, status, body)
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
	body, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, body, err
}

// judgeHeartbeat prints the answer, and says what to look at if it is not the one.
func judgeHeartbeat(w io.Writer, path string, status int, body []byte) error {
	fmt.Fprintln(w, strings.TrimRight(string(body), "\n"))
	var answer struct {
		OK any `json:"ok"`
	}
	if status == http.StatusOK && json.Unmarshal(body, &answer) == nil && answer.OK == true {
		return nil
	}
	problem := fmt.Sprintf("the server answered with HTTP status %d, not with {\"ok\": true}", status)
	switch {
	case strings.Contains(path, "//"):
		problem += "\nhint: the path is " + path + ": the base URL ends with a slash, which is used unchanged; leave it out"
	case status == http.StatusForbidden || status == http.StatusUnauthorized:
		problem += "\nhint: the signature is right by the rules, so look at the key file: is it the one of this server and user, and still valid?" +
			"\nhint: a key file of the later generation wants --profile vigiles; --base-url must be the server that issued it"
	case status == http.StatusNotFound:
		problem += "\nhint: is --base-url the server itself, without a path? The other generation has another heartbeat: see --profile"
	case status >= 300 && status < 400:
		problem += "\nhint: redirects are not followed, since the signature is for one server: give the final address as --base-url"
	}
	return &cli.ExitError{Code: cli.Differs, Err: errors.New(problem)}
}
