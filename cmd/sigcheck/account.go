package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/shell"
	"sigkit/signer"
	"sigkit/vectors"
)

// account are the flags that say who signs, and for which server.
type account struct {
	keyFile, profile, baseURL string
}

var generations = []signer.Profile{signer.LinuxLink, signer.Vigiles}

// flags adds the flags. Absent says what happens without --key-file.
func (a *account) flags(cmd *cobra.Command, absent string) {
	f := cmd.Flags()
	f.StringVar(&a.keyFile, "key-file", "", "key `FILE`, as downloaded"+absent)
	f.StringVar(&a.profile, "profile", string(signer.LinuxLink),
		"`GENERATION` of the client: linuxlink or vigiles")
	f.StringVar(&a.baseURL, "base-url", "",
		"send to the server at this `URL` (default: that of the key file, or of the profile)")
	cli.Complete(cmd, "profile", generations)
}

// credentials is an input with nothing but the account in it.
func (a *account) credentials() (*vectors.Input, error) {
	if _, err := cli.OneOf("--profile", a.profile, generations); err != nil {
		return nil, err
	}
	text, err := cli.ReadFile("--key-file", a.keyFile)
	if err != nil {
		return nil, err
	}
	in := &vectors.Input{Profile: a.profile, KeyFile: new(string(text))}
	if a.baseURL != "" {
		in.BaseURL = &a.baseURL
	}
	c, err := in.Credentials()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.keyFile, err)
	}
	return in, encodable(a.keyFile, "email", c.Email)
}

// encodable refuses a text of a file that no request can be signed with.
func encodable(file, name, text string) error {
	if utf8.ValidString(text) {
		return nil
	}
	return fmt.Errorf("%s: %s contains an unpaired surrogate: "+
		"write text that can be encoded as UTF-8", file, name)
}

// load is [account.credentials]. Without --key-file it takes the key file of the vendor's tools. It
// warns of a key file that others can read.
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
		log.Warn("others can read the key file: chmod 600 it",
			"file", a.keyFile, "mode", info.Mode().Perm().String())
	}
}

// checkResource refuses a whole URL, which would be appended to the URL of the server.
func checkResource(resource string) error {
	scheme, _, found := strings.Cut(strings.ToLower(resource), "://")
	if !found || scheme != "http" && scheme != "https" {
		return nil
	}
	url, err := signer.SplitURL(resource)
	if err != nil {
		return fmt.Errorf("--resource %q is a whole URL: write the server as --base-url, "+
			"and the path alone as --resource", resource)
	}
	path := cmp.Or(strings.TrimPrefix(resource, url.Server()), "/")
	return fmt.Errorf("--resource %q is a whole URL: write --base-url %s --resource %s",
		resource, shell.Word(url.Server()), shell.Word(path))
}
