package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/shell"
	"sigkit/signer"
	"sigkit/vectors"
)

type signOptions struct {
	request
	as string
}

func signCommand() *cobra.Command {
	var o signOptions
	cmd := &cobra.Command{
		Use:   "sign --key-file FILE --method METHOD --resource PATH [flags]",
		Short: "Sign a request of your own and show it: the dry run",
		Long: `sign shows a signed request as JSON, with the member names of the vendor's dry
run: headers, method, url, data for a POST, and hmac_msg, the message that is
signed. Nothing is sent, and the key is not shown.

With --as curl, httpie or raw it prints a request that can be pasted.

Exit codes: 0 signed; 2 wrong usage, unreadable or invalid files, or a request
that cannot be signed.`,
		Example: `  sigcheck sign --key-file linuxlink_key \
    --method POST --resource /api/v1/heartbeat
  sigcheck sign --key-file linuxlink_key \
    --method GET --resource /api/v1/vigiles/cves --param status=unfixed \
    --param 'fields:=["impact","assigner"]' --as curl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.request.flags(cmd)
	cmd.Flags().StringVar(&o.as, "as", "json", "write it as this `FORM`: json, curl, httpie or raw")
	cli.Complete(cmd, "as", forms())
	return cmd
}

// writers write a signed request, by the name of the form.
var writers = map[string]func(io.Writer, *vectors.Input, signer.DryRun) error{
	"json":   writeDryRun,
	"curl":   writeCurl,
	"httpie": writeHTTPie,
	"raw":    writeRaw,
}

func forms() []string { return slices.Sorted(maps.Keys(writers)) }

func (o *signOptions) run(cmd *cobra.Command) error {
	log, err := logger(cmd)
	if err != nil {
		return err
	}
	form, err := cli.OneOf("--as", o.as, forms())
	if err != nil {
		return err
	}
	in, err := o.input(cmd.InOrStdin())
	if err != nil {
		return err
	}
	d, err := in.DryRun()
	if err != nil {
		return err
	}
	o.warn(log)
	log.Warn("dry run: no request is made")
	return writers[form](cmd.OutOrStdout(), in, d)
}

// writeDryRun writes what the vendor's dry run shows, with its names.
func writeDryRun(w io.Writer, in *vectors.Input, d signer.DryRun) error {
	out := signer.Object{
		{Key: "headers", Value: signer.Object{{Key: signer.Header, Value: signer.String(d.Token)}}},
		{Key: "method", Value: signer.String(in.Method)},
	}
	if d.Sent != nil {
		out = append(out, signer.Member{Key: "url", Value: signer.String(d.Sent.URL)})
		if d.Sent.Body != nil {
			data, err := sentData(in)
			if err != nil {
				return err
			}
			out = append(out, signer.Member{Key: "data", Value: data})
		}
	}
	out = append(out, signer.Member{Key: "hmac_msg", Value: signer.String(d.HMACMsg)})
	var indented bytes.Buffer
	if err := json.Indent(&indented, vectors.AppendValue(nil, out), "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err := indented.WriteTo(w)
	return err
}

// sentData is the data with tokens and email, as the vendor's client holds it.
func sentData(in *vectors.Input) (signer.Object, error) {
	c, err := in.Credentials()
	if err != nil {
		return nil, err
	}
	r, err := in.Request()
	return signer.WithEmail(r.Data, c.Email), err
}

// sendable returns the URL of a request that can be sent.
func sendable(d signer.DryRun) (signer.URL, error) {
	if d.Sent == nil {
		return signer.URL{}, errors.New(
			"this request can be signed but not sent: it contains an unpaired surrogate")
	}
	return signer.SplitURL(d.Sent.URL)
}

func writeCurl(w io.Writer, in *vectors.Input, d signer.DryRun) error {
	url, err := sendable(d)
	if err != nil {
		return err
	}
	words := []string{"curl", "--globoff", "--path-as-is", "-X", in.Method}
	words = append(words, "-H", signer.Header+": "+d.Token)
	if d.Sent.Body != nil {
		words = append(words, "--data-raw", *d.Sent.Body)
	}
	return writeWords(w, append(words, url.Server()+url.Target()))
}

func writeHTTPie(w io.Writer, in *vectors.Input, d signer.DryRun) error {
	url, err := sendable(d)
	if err != nil {
		return err
	}
	words := []string{"http", "--ignore-stdin", "--path-as-is"}
	if d.Sent.Body != nil {
		words = append(words, "--raw", *d.Sent.Body)
	}
	words = append(words, in.Method, url.Server()+url.Target(), signer.Header+":"+d.Token)
	if d.Sent.Body != nil {
		words = append(words, "Content-Type:application/x-www-form-urlencoded")
	}
	return writeWords(w, words)
}

func writeWords(w io.Writer, words []string) error {
	_, err := fmt.Fprintln(w, shell.Line(words))
	return err
}

func writeRaw(w io.Writer, in *vectors.Input, d signer.DryRun) error {
	url, err := sendable(d)
	if err != nil {
		return err
	}
	host := url.Authority[strings.LastIndexByte(url.Authority, '@')+1:]
	lines := []string{
		in.Method + " " + url.Target() + " HTTP/1.1",
		"Host: " + host,
		signer.Header + ": " + d.Token,
		"Connection: close",
	}
	body := ""
	if d.Sent.Body != nil {
		body = *d.Sent.Body
		lines = append(lines,
			"Content-Type: application/x-www-form-urlencoded",
			fmt.Sprintf("Content-Length: %d", len(body)))
	}
	_, err = io.WriteString(w, strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
	return err
}
