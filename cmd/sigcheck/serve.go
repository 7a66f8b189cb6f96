package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/mistake"
	"sigkit/internal/stub"
	"sigkit/signer"
	"sigkit/vectors"
)

type serveOptions struct {
	account
	addr     string
	fixtures []string
	record   string
	tls      bool
	certFile string
}

func serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve --key-file FILE [flags]",
		Short: "Stand in for the server: check signatures and say why they are wrong",
		Long: `serve is a stand-in for the real server. It checks every request of any method
and path from the wire alone, and answers {"ok": true}, or 403 with the message
that it built, the mistake that the client seems to have made, and the mend.

Its address is the first line that it prints. It serves until it is interrupted.`,
		Example: `  sigcheck serve --key-file linuxlink_key
  sigcheck serve --key-file linuxlink_key --addr 127.0.0.1:8080 --fixture /api/v1/vigiles/manifests=list.json
  sigcheck serve --key-file linuxlink_key --tls --cert-file cert.pem --log ndjson=requests.ndjson`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.account.flags(cmd, " (default: ~/timesys/linuxlink_key)")
	_ = cmd.Flags().MarkHidden("base-url") // the server is this one
	f := cmd.Flags()
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "listen here; port 0 for any that is free")
	f.StringArrayVar(&o.fixtures, "fixture", nil, "answer requests for a path with a file, as PATH=FILE (repeatable)")
	f.StringVar(&o.record, "log", "", "write requests and verdicts, without secrets, as ndjson=FILE")
	f.BoolVar(&o.tls, "tls", false, "serve over TLS, with a certificate made on the spot")
	f.StringVar(&o.certFile, "cert-file", "", "with --tls: write the certificate here, for clients to trust")
	return cmd
}

func (o *serveOptions) run(cmd *cobra.Command) error {
	log, err := logger(cmd)
	if err != nil {
		return err
	}
	if o.certFile != "" && !o.tls {
		return errors.New("--cert-file goes with --tls")
	}
	in, err := o.load(log)
	if err != nil {
		return err
	}
	guard, err := o.guard(in, log)
	if err != nil {
		return err
	}
	record, err := o.recorder()
	if err != nil {
		return err
	}
	defer record.close()
	guard.Record = func(at time.Time, r stub.Request, v stub.Verdict, why stub.Explanation) {
		log.Info("request", "method", r.Method, "target", r.Target, "refused", v.Reason)
		record.write(at, r, v, why)
	}
	listener, scheme, err := o.listen()
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s://%s\n", scheme, listener.Addr())
	if err := guard.Serve(cmd.Context(), listener); err != nil {
		return err
	}
	return record.err()
}

// guard knows the account, the fixtures, and how to explain a refusal.
func (o *serveOptions) guard(in *vectors.Input, log *slog.Logger) (*stub.Guard, error) {
	s, err := in.Signer()
	if err != nil {
		return nil, err
	}
	c, err := in.Credentials()
	if err != nil {
		return nil, err
	}
	g := stub.NewGuard(stub.Verifier{Email: c.Email, Token: s.Token})
	for _, f := range o.fixtures {
		path, file, ok := strings.Cut(f, "=")
		if !ok || !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("--fixture %q is not of the form PATH=FILE: write /api/v1/x=answer.json", f)
		}
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a fixture: %w", err)
		}
		kind := mime.TypeByExtension(filepath.Ext(file))
		if kind == "" {
			kind = http.DetectContentType(body)
		}
		g.Fixtures[path] = stub.Fixture{Type: kind, Body: body}
	}
	g.Explain = func(r stub.Request, v stub.Verdict) stub.Explanation { return explanation(in, r, v, log) }
	return g, nil
}

// explanation names what the client seems to have done.
func explanation(in *vectors.Input, r stub.Request, v stub.Verdict, log *slog.Logger) (e stub.Explanation) {
	began := time.Now()
	guess := mistake.FromRequest(*in, r, v.Token)
	log.Debug("explained", "target", r.Target, "seconds", time.Since(began).Seconds())
	if guess.Right != "" {
		e.NotRebuildable = "the client is right by the reference, and its message cannot be rebuilt from the request: " + guess.Right
	}
	e.Hint = guess.Caveat()
	if guess.Right == "" && len(guess.Fits) == 0 {
		e.Hint = "no known mistake makes this token of this request: compare hmac_msg with the message that the client signs; if they are the same, the client has another key; " +
			"if the data holds null, floats, objects or lists in lists, the message may be right and cannot be rebuilt from a request"
	}
	const shown = 3
	for _, set := range guess.Fits[:min(shown, len(guess.Fits))] {
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
		return nil, "", fmt.Errorf("listening: %w", err)
	}
	if !o.tls {
		return listener, "http", nil
	}
	certificate, text, err := selfSigned(listener.Addr())
	if err == nil && o.certFile != "" {
		err = cli.WriteFile(o.certFile, func(w io.Writer) error { _, err := w.Write(text); return err })
	}
	if err != nil {
		listener.Close()
		return nil, "", fmt.Errorf("making a certificate: %w", err)
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}), "https", nil
}

// selfSigned makes a certificate for the loopback names and the address, good for a day.
func selfSigned(addr net.Addr) (certificate tls.Certificate, text []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificate, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "sigcheck serve"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsUnspecified() {
		template.IPAddresses = append(template.IPAddresses, tcp.IP)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return certificate, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

// recorder writes requests and verdicts, one a line.
type recorder struct {
	mu    sync.Mutex
	file  *os.File
	fault error
}

func (o *serveOptions) recorder() (*recorder, error) {
	if o.record == "" {
		return &recorder{}, nil
	}
	path, ok := strings.CutPrefix(o.record, "ndjson=")
	if !ok || path == "" {
		return nil, fmt.Errorf("--log %q is unknown: write --log ndjson=FILE", o.record)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return &recorder{file: f}, err
}

// recorded is one line.
type recorded struct {
	Time    time.Time           `json:"time"`
	Method  string              `json:"method"`
	Target  string              `json:"target"`
	Headers map[string][]string `json:"headers"` // without those that let somebody in
	Body    string              `json:"body,omitempty"`
	OK      bool                `json:"ok"`
	Reason  stub.Reason         `json:"reason,omitempty"`
	Detail  string              `json:"detail,omitempty"`
	HMACMsg string              `json:"hmac_msg,omitempty"`
	stub.Explanation
}

func (r *recorder) write(at time.Time, q stub.Request, v stub.Verdict, why stub.Explanation) {
	if r.file == nil {
		return
	}
	line := recorded{Time: at, Method: q.Method, Target: q.Target, Headers: map[string][]string{}, Body: q.Body, OK: v.Reason == "", Reason: v.Reason, Detail: v.Detail, Explanation: why}
	if !line.OK {
		line.HMACMsg = v.Message
	}
	for name, values := range q.Header {
		switch name {
		case signer.Header, "Authorization", "Proxy-Authorization", "Cookie":
			values = []string{"[hidden]"} // a signature can be replayed
		}
		line.Headers[name] = values
	}
	text, err := json.Marshal(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		_, err = r.file.Write(append(text, '\n'))
	}
	r.fault = errors.Join(r.fault, err)
}

func (r *recorder) err() error { return r.fault }

func (r *recorder) close() {
	if r.file != nil {
		r.file.Close()
	}
}
