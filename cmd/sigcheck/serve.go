package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/explain"
	"sigkit/internal/stub"
	"sigkit/vectors"
)

type serveOptions struct {
	account
	addr     string
	fixtures []string
	record   string
	tls      bool
	certFile string
	maxBody  int64 // MiB
}

func serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve --key-file FILE [flags]",
		Short: "Stand in for the server: check signatures, explain what is wrong",
		Long: `serve is a stand-in for the real server. It checks every request of any method
and path, from the bytes that arrive alone. It answers {"ok": true}, or 403
with the message that it built, the mistake that the client seems to make, and
the fix.

The first line that it prints is its address. It runs until it is interrupted.

Exit codes: 0 interrupted; 2 wrong usage, unreadable or invalid files, or an
address that it cannot listen on.`,
		Example: `  sigcheck serve --key-file linuxlink_key
  sigcheck serve --key-file linuxlink_key --addr 127.0.0.1:8080 \
    --fixture /api/v1/vigiles/manifests=list.json
  sigcheck serve --key-file linuxlink_key --tls --cert-file cert.pem \
    --log ndjson=requests.ndjson`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.account.flags(cmd, " (default: ~/timesys/linuxlink_key)")
	_ = cmd.Flags().MarkHidden("base-url") // the server is this one
	f := cmd.Flags()
	f.StringVar(&o.addr, "addr", "127.0.0.1:0",
		"listen on this `ADDRESS`; port 0 stands for any free port")
	f.StringArrayVar(&o.fixtures, "fixture", nil,
		"answer requests for a path with a file, as `PATH=FILE` (repeatable)")
	f.StringVar(&o.record, "log", "",
		"append requests and verdicts, without secrets, to a file, as `ndjson=FILE`")
	f.Int64Var(&o.maxBody, "max-body", stub.MaxVerifiedBody>>20,
		"take bodies of up to this many `MiB`")
	f.BoolVar(&o.tls, "tls", false, "serve over TLS, with a new self-signed certificate")
	f.StringVar(&o.certFile, "cert-file", "",
		"with --tls: write the certificate to this `FILE`, for clients to trust")
	return cmd
}

func (o *serveOptions) run(cmd *cobra.Command) error {
	log, err := logger(cmd)
	if err != nil {
		return err
	}
	if o.maxBody < 1 || o.maxBody > stub.MostBody>>20 {
		return fmt.Errorf("--max-body %d is out of range: write 1 to %d", o.maxBody, stub.MostBody>>20)
	}
	if o.certFile != "" && !o.tls {
		return errors.New("--cert-file goes with --tls")
	}
	in, err := o.load(log)
	if err != nil {
		return err
	}
	server, err := o.server(in, log)
	if err != nil {
		return err
	}
	recorder, file, err := o.recorder()
	if err != nil {
		return err
	}
	defer file.Close()
	server.Record = func(at time.Time, r stub.Request, v stub.Verdict, why stub.Explanation) {
		log.Info("request", "method", r.Method, "target", r.Target, "refused", v.Reason)
		if err := recorder.Record(at, r, v, why); err != nil {
			log.Error("the request was not recorded", "file", o.record, "error", err)
		}
	}
	listener, scheme, err := o.listen()
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s://%s\n", scheme, listener.Addr())
	if err := server.Serve(cmd.Context(), listener); err != nil {
		return err
	}
	if err := recorder.Err(); err != nil {
		return &cli.ExitError{Code: cli.Usage, Err: cli.FileError("--log", o.record, err)}
	}
	return nil
}

// server knows the account, the fixtures, and how to explain a refusal.
func (o *serveOptions) server(
	in *vectors.Input, log *slog.Logger,
) (*stub.VerifyingServer, error) {
	s, err := in.Signer()
	if err != nil {
		return nil, err
	}
	c, err := in.Credentials()
	if err != nil {
		return nil, err
	}
	server := stub.NewVerifyingServer(stub.Verifier{Email: c.Email, Token: s.Token})
	server.MaxBody, server.Redact = o.maxBody<<20, c.Key.Redact
	if server.Fixtures, err = stub.ReadFixtures(o.fixtures); err != nil {
		return nil, err
	}
	server.Explain = func(
		ctx context.Context, r stub.Request, v stub.Verdict,
	) stub.Explanation {
		return explanation(ctx, in, r, v, log)
	}
	return server, nil
}

// explanation names what the client seems to have done.
func explanation(
	ctx context.Context, in *vectors.Input, r stub.Request, v stub.Verdict, log *slog.Logger,
) (e stub.Explanation) {
	began := time.Now()
	guess := explain.Request(ctx, *in, r, v.Token)
	log.Debug("explained", "seconds", time.Since(began).Seconds())
	if guess.Right != "" {
		e.NotRebuildable = "the client is right by the reference, " +
			"and its message cannot be rebuilt from the request: " + guess.Right
	}
	e.Hint = guess.Caveat()
	if guess.Right == "" && len(guess.Sets) == 0 {
		e.Hint = "no known mistake makes this token of this request: " +
			"compare hmac_msg with the message that the client signs; " +
			"if they are the same, the client has another key; " +
			"if the data holds null, floats, objects or lists in lists, " +
			"the message may be right and cannot be rebuilt from a request"
	}
	const shown = 3
	for _, set := range guess.Sets[:min(shown, len(guess.Sets))] {
		hint := stub.Hint{ID: set.String()}
		for _, m := range set {
			hint.What = strings.TrimSpace(hint.What + " " + m.What)
			hint.Fix = strings.TrimSpace(hint.Fix + " " + m.Fix)
		}
		e.Mistakes = append(e.Mistakes, hint)
	}
	return e
}

// listen listens, over TLS if that is asked for.
func (o *serveOptions) listen() (listener net.Listener, scheme string, err error) {
	if listener, err = net.Listen("tcp", o.addr); err != nil {
		return nil, "", fmt.Errorf("--addr %s: %w", o.addr, err)
	}
	if !o.tls {
		return listener, "http", nil
	}
	certificate, text, err := stub.SelfSigned(listener.Addr())
	if err == nil && o.certFile != "" {
		err = cli.WriteText("--cert-file", o.certFile, text)
	}
	if err != nil {
		listener.Close()
		return nil, "", err
	}
	config := &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{certificate},
	}
	return tls.NewListener(listener, config), "https", nil
}

// recorder opens the file of --log, if there is one.
func (o *serveOptions) recorder() (*stub.Recorder, io.Closer, error) {
	if o.record == "" {
		return stub.NewRecorder(io.Discard), io.NopCloser(nil), nil
	}
	path, ok := strings.CutPrefix(o.record, "ndjson=")
	if !ok || path == "" {
		return nil, nil, fmt.Errorf("--log %q is unknown: write --log ndjson=FILE", o.record)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, cli.FileError("--log", o.record, err)
	}
	return stub.NewRecorder(f), f, nil
}
