package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/signer"
	"sigkit/vectors"
)

// account are the flags that say who signs, and for which server.
type account struct {
	keyFile, profile, baseURL string
}

func (a *account) flags(cmd *cobra.Command, keyFile string) {
	f := cmd.Flags()
	f.StringVar(&a.keyFile, "key-file", "", "key file, as downloaded"+keyFile)
	f.StringVar(&a.profile, "profile", "linuxlink", "generation of the client: linuxlink or vigiles")
	f.StringVar(&a.baseURL, "base-url", "", "send there, instead of to the key file's or the profile's server")
}

// credentials is an input with nothing but the account in it.
func (a *account) credentials() (*vectors.Input, error) {
	if p := signer.Profile(a.profile); p != signer.LinuxLink && p != signer.Vigiles {
		return nil, fmt.Errorf("--profile %q is unknown: choose linuxlink or vigiles", a.profile)
	}
	text, err := os.ReadFile(a.keyFile)
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	in := &vectors.Input{Profile: a.profile, KeyFile: new(string(text))}
	if a.baseURL != "" {
		in.BaseURL = &a.baseURL
	}
	if _, err := in.Signer(); err != nil {
		return nil, fmt.Errorf("%s: %w", a.keyFile, err)
	}
	return in, nil
}

// load is credentials with the key file where the vendor's tools have it, if none is given, and with a warning where others can read it.
func (a *account) load(log *slog.Logger) (*vectors.Input, error) {
	if a.keyFile == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, fmt.Errorf("looking for a key file: %w; give it with --key-file", err)
		}
		a.keyFile = filepath.Join(home, "timesys", "linuxlink_key")
	}
	in, err := a.credentials()
	if err == nil {
		a.warn(log)
	}
	return in, err
}

// warn warns of a key file that others can read.
func (a *account) warn(log *slog.Logger) {
	info, err := os.Stat(a.keyFile)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		log.Warn("others can read the key file: chmod 600 it", "file", a.keyFile, "mode", info.Mode().Perm().String())
	}
}

// request are the flags that describe a request of one's own.
type request struct {
	account
	dashboard              string
	method, resource, data string
	product, group, folder string
	params                 []string
}

func (r *request) flags(cmd *cobra.Command) {
	r.account.flags(cmd, "")
	f := cmd.Flags()
	f.StringVar(&r.dashboard, "dashboard-config", "", "dashboard config, whose tokens join the data")
	f.StringVar(&r.product, "product-token", "", "product_token for the data")
	f.StringVar(&r.group, "group-token", "", "group_token for the data")
	f.StringVar(&r.folder, "folder-token", "", "folder_token for the data")
	f.StringVar(&r.method, "method", "", "GET, POST, PUT, PATCH or DELETE")
	f.StringVar(&r.resource, "resource", "", "path of the request, as /api/v1/heartbeat")
	f.StringVar(&r.data, "data", "", "parameters, as a JSON object, @FILE, or - for standard input")
	f.StringArrayVar(&r.params, "param", nil, "one parameter more, key=text or key:=json; a key given twice makes a list (repeatable)")
}

func (r *request) given() bool {
	return r.keyFile != "" || r.method != "" || r.resource != "" || r.dashboard != "" || r.baseURL != "" || r.data != "" || r.params != nil
}

// input reads all that the flags name.
func (r *request) input(stdin io.Reader) (*vectors.Input, error) {
	if r.keyFile == "" || r.method == "" || r.resource == "" {
		return nil, errors.New("a request of your own needs --key-file, --method and --resource")
	}
	in, err := r.credentials()
	if err != nil {
		return nil, err
	}
	in.Method, in.Resource = r.method, r.resource
	if r.dashboard != "" {
		text, err := os.ReadFile(r.dashboard)
		if err != nil {
			return nil, fmt.Errorf("reading the dashboard config: %w", err)
		}
		in.DashboardConfig = new(string(text))
		if _, err := in.DashboardTokens(); err != nil {
			return nil, fmt.Errorf("%s: %w", r.dashboard, err)
		}
	}
	in.Data, err = r.parameters(stdin)
	return in, err
}

// parameters are the data, as they stand, or with the parameters and tokens that were given one by one.
func (r *request) parameters(stdin io.Reader) ([]byte, error) {
	text := []byte(r.data)
	var err error
	switch file, isFile := strings.CutPrefix(r.data, "@"); {
	case r.data == "":
		text = []byte("{}")
	case r.data == "-":
		text, err = io.ReadAll(stdin)
	case isFile:
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading --data: %w", err)
	}
	data, err := signer.ParseData(text)
	if err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	if r.params == nil && r.product+r.group+r.folder == "" {
		return text, nil
	}
	given := map[string]int{}
	for _, p := range r.params {
		if data, err = withParam(data, p, given); err != nil {
			return nil, err
		}
	}
	for _, token := range []struct{ name, value string }{
		{"product_token", r.product},
		{"group_token", r.group},
		{"folder_token", r.folder},
	} {
		if token.value != "" {
			data = signer.Set(data, signer.Member{Key: token.name, Value: signer.String(token.value)})
		}
	}
	return vectors.AppendValue(nil, data), nil
}

// withParam returns data with a parameter of the form key=text or key:=json. A key that is given
// twice becomes a list; given counts.
func withParam(data signer.Object, text string, given map[string]int) (signer.Object, error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return nil, fmt.Errorf("--param %q has no =: write key=text, or key:=json", text)
	}
	var v signer.Value = signer.String(value)
	if name, isJSON := strings.CutSuffix(key, ":"); isJSON {
		parsed, err := signer.ParseData([]byte(`{"v":` + value + "}"))
		if err != nil || len(parsed) != 1 {
			return nil, fmt.Errorf("--param %q: the text after := is not valid JSON: for plain text, write = alone", text)
		}
		key, v = name, parsed[0].Value
	}
	given[key]++
	for _, m := range data {
		if m.Key != key {
			continue
		}
		switch given[key] {
		case 1:
		case 2:
			v = signer.List{m.Value, v}
		default:
			v = append(slices.Clone(m.Value.(signer.List)), v)
		}
	}
	return signer.Set(data, signer.Member{Key: key, Value: v}), nil
}
