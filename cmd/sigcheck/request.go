package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/signer"
	"sigkit/vectors"
)

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
	f.StringVar(&r.dashboard, "dashboard-config", "",
		"dashboard config `FILE`; its tokens are added to the data")
	f.StringVar(&r.product, "product-token", "", "add this `TOKEN` to the data as product_token")
	f.StringVar(&r.group, "group-token", "", "add this `TOKEN` to the data as group_token")
	f.StringVar(&r.folder, "folder-token", "", "add this `TOKEN` to the data as folder_token")
	f.StringVar(&r.method, "method", "", "`METHOD`: GET, POST, PUT, PATCH or DELETE")
	f.StringVar(&r.resource, "resource", "",
		"`PATH` of the request, for example /api/v1/heartbeat")
	f.StringVar(&r.data, "data", "",
		"parameters: a JSON `OBJECT`, @FILE, or - for standard input")
	f.StringArrayVar(&r.params, "param", nil, "add a parameter, as `KEY=TEXT` or KEY:=JSON; "+
		"a key that is given several times makes a list (repeatable)")
	cli.Complete(cmd, "method", []string{"GET", "POST", "PUT", "PATCH", "DELETE"})
}

func (r *request) given() bool {
	texts := r.keyFile + r.method + r.resource + r.dashboard + r.baseURL + r.data
	return texts != "" || r.params != nil
}

// input reads all that the flags name.
func (r *request) input(stdin io.Reader) (*vectors.Input, error) {
	if r.keyFile == "" || r.method == "" || r.resource == "" {
		return nil, errors.New("a request of your own needs --key-file, --method and --resource")
	}
	if err := checkResource(r.resource); err != nil {
		return nil, err
	}
	in, err := r.credentials()
	if err != nil {
		return nil, err
	}
	in.Method, in.Resource = r.method, r.resource
	if err := r.addDashboard(in); err != nil {
		return nil, err
	}
	in.Data, err = r.parameters(stdin)
	return in, err
}

// addDashboard reads the dashboard config, if there is one.
func (r *request) addDashboard(in *vectors.Input) error {
	if r.dashboard == "" {
		return nil
	}
	text, err := cli.ReadFile("--dashboard-config", r.dashboard)
	if err != nil {
		return err
	}
	in.DashboardConfig = new(string(text))
	tokens, err := in.DashboardTokens()
	if err != nil {
		return fmt.Errorf("%s: %w", r.dashboard, err)
	}
	for _, m := range tokens {
		token := string(signer.AppendText(nil, m.Value))
		if err := encodable(r.dashboard, m.Key, token); err != nil {
			return err
		}
	}
	return nil
}

// parameters are the data as they are, or with the parameters and tokens of other flags.
func (r *request) parameters(stdin io.Reader) ([]byte, error) {
	text, err := r.readData(stdin)
	if err != nil {
		return nil, err
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
			member := signer.Member{Key: token.name, Value: signer.String(token.value)}
			data = signer.Set(data, member)
		}
	}
	return vectors.AppendValue(nil, data), nil
}

// readData returns the text of --data.
func (r *request) readData(stdin io.Reader) ([]byte, error) {
	file, isFile := strings.CutPrefix(r.data, "@")
	switch {
	case r.data == "":
		return []byte("{}"), nil
	case r.data == "-":
		text, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("--data -: reading standard input: %w", err)
		}
		return text, nil
	case isFile:
		text, err := os.ReadFile(file)
		return text, cli.FileError("--data", r.data, err)
	}
	return []byte(r.data), nil
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
			return nil, fmt.Errorf("--param %q: the text after := is not valid JSON: "+
				"for plain text, write = alone", text)
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
