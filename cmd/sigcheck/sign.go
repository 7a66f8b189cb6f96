package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

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
		Use:   "sign --key-file FILE --method M --resource R [flags]",
		Short: "Sign a request of your own and show it: the dry run",
		Long: `sign shows the signed request as JSON, with the names of the vendor's dry run:
headers, method, url, data for a POST, and hmac_msg, the message that is
signed. Nothing is sent, and the key is in none of it.

With --as curl, httpie or raw it prints a request that can be pasted.`,
		Example: `  sigcheck sign --key-file linuxlink_key --method POST --resource /api/v1/heartbeat
  sigcheck sign --key-file linuxlink_key --method GET --resource /api/v1/vigiles/cves \
      --param status=unfixed --param 'fields:=["impact","assigner"]' --as curl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.request.flags(cmd)
	cmd.Flags().StringVar(&o.as, "as", "json", "write it as json, curl, httpie or raw")
	return cmd
}

func (o *signOptions) run(cmd *cobra.Command) error {
	log, err := logger(cmd)
	if err != nil {
		return err
	}
	write := map[string]func(io.Writer, *vectors.Input, *vectors.Expect) error{"json": writeDryRun, "curl": writeCurl, "httpie": writeHTTPie, "raw": writeRaw}[o.as]
	if write == nil {
		return fmt.Errorf("--as %q is unknown: choose json, curl, httpie or raw", o.as)
	}
	in, err := o.input(cmd.InOrStdin())
	if err != nil {
		return err
	}
	if err := refusal(in); err != nil {
		return err
	}
	o.warn(log)
	log.Warn("dry run: no request is made")
	e := vectors.Expected(in)
	return write(cmd.OutOrStdout(), in, &e)
}

// refusal says why an input cannot be signed.
func refusal(in *vectors.Input) error {
	s, err := in.Signer()
	if err != nil {
		return err
	}
	data, err := signer.ParseData(in.Data)
	if err != nil {
		return err
	}
	_, err = s.DryRun(signer.Request{Method: in.Method, Resource: in.Resource, Data: data})
	return err
}

// writeDryRun writes what the vendor's dry run shows, with its names.
func writeDryRun(w io.Writer, in *vectors.Input, e *vectors.Expect) error {
	out := members{{"headers", []byte(`{"X-Auth-Signature":` + string(vectors.AppendString(nil, e.Token)) + `}`)}, {"method", vectors.AppendString(nil, in.Method)}}
	if e.Request != nil {
		out.set("url", vectors.AppendString(nil, e.Request.URL))
		if e.Request.Body != nil {
			data, err := sentData(in)
			if err != nil {
				return err
			}
			out.set("data", data)
		}
	}
	out.set("hmac_msg", vectors.AppendString(nil, e.HMACMsg))
	var indented strings.Builder
	encoder := json.NewEncoder(&indented)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(json.RawMessage(out.encode())); err != nil {
		return err
	}
	_, err := io.WriteString(w, indented.String())
	return err
}

// sentData is the data with tokens and email, as the vendor's client holds it.
func sentData(in *vectors.Input) ([]byte, error) {
	data := parseMembers(in.Data)
	if in.DashboardConfig != nil {
		tokens, err := signer.ParseDashboardConfig(signer.Profile(in.Profile), []byte(*in.DashboardConfig))
		if err != nil {
			return nil, err
		}
		for _, m := range tokens {
			data.set(m.Key, vectors.AppendString(nil, string(m.Value.(signer.String))))
		}
	}
	c, err := signer.ParseKeyFile(signer.Profile(in.Profile), []byte(*in.KeyFile))
	if err != nil {
		return nil, err
	}
	data.set("email", vectors.AppendString(nil, c.Email))
	return data.encode(), nil
}

// sendable is the request with what goes into the request line.
func sendable(e *vectors.Expect) (address string, target string, err error) {
	if e.Request == nil {
		return "", "", fmt.Errorf("this request can be signed but not sent: text without UTF-8 form is in it")
	}
	if target, err = signer.Target(e.Request.URL); err != nil {
		return "", "", err
	}
	scheme, rest, _ := strings.Cut(e.Request.URL, "://")
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		rest = rest[:end]
	}
	return scheme + "://" + rest, target, nil
}

func writeCurl(w io.Writer, in *vectors.Input, e *vectors.Expect) error {
	address, target, err := sendable(e)
	if err != nil {
		return err
	}
	words := []string{"curl", "--globoff", "--path-as-is", "-X", in.Method, "-H", signer.Header + ": " + e.Token}
	if e.Request.Body != nil {
		words = append(words, "--data-raw", *e.Request.Body)
	}
	return writeWords(w, append(words, address+target))
}

func writeHTTPie(w io.Writer, in *vectors.Input, e *vectors.Expect) error {
	address, target, err := sendable(e)
	if err != nil {
		return err
	}
	words := []string{"http", "--ignore-stdin", "--path-as-is"}
	if e.Request.Body != nil {
		words = append(words, "--raw", *e.Request.Body)
	}
	words = append(words, in.Method, address+target, signer.Header+":"+e.Token)
	if e.Request.Body != nil {
		words = append(words, "Content-Type:application/x-www-form-urlencoded")
	}
	return writeWords(w, words)
}

func writeWords(w io.Writer, words []string) error {
	for i, word := range words {
		words[i] = quoted(word)
	}
	_, err := fmt.Fprintln(w, strings.Join(words, " "))
	return err
}

func writeRaw(w io.Writer, in *vectors.Input, e *vectors.Expect) error {
	address, target, err := sendable(e)
	if err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	lines := []string{in.Method + " " + target + " HTTP/1.1", "Host: " + u.Host, signer.Header + ": " + e.Token, "Connection: close"}
	body := ""
	if e.Request.Body != nil {
		body = *e.Request.Body
		lines = append(lines, "Content-Type: application/x-www-form-urlencoded", fmt.Sprintf("Content-Length: %d", len(body)))
	}
	_, err = io.WriteString(w, strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
	return err
}
