package vectors

import (
	"errors"
	"fmt"

	"sigkit/signer"
)

// KindInvalidInput is the `expect.error` of a line that is not an input: a member is missing,
// unknown or of the wrong type.
const KindInvalidInput signer.Kind = "invalid-input"

// Input is what is to be signed. Nil members are absent. The credentials are Email and Key, used
// unchanged, or KeyFile, the text of a file. How the members become a signer and a request is known
// to the methods of Input only.
type Input struct {
	Profile         string
	Email, Key      *string
	KeyFile         *string
	DashboardConfig *string
	BaseURL         *string
	Method          string
	Resource        string
	// Data is a JSON object as its author wrote it. The order, number spellings and repeated keys
	// count.
	Data []byte
}

// Generation returns the profile, which is LinuxLink if none is given.
func (in *Input) Generation() signer.Profile {
	if in.Profile == "" {
		return signer.LinuxLink
	}
	return signer.Profile(in.Profile)
}

// Credentials returns email, key and base URL (rules key-file-json to base-url). An error is a
// [*signer.Error] of kind key-file.
func (in *Input) Credentials() (signer.Credentials, error) {
	c := signer.Credentials{
		Email:   value(in.Email),
		Key:     signer.NewKey(value(in.Key)),
		BaseURL: in.Generation().DefaultServer(),
	}
	if in.KeyFile != nil {
		var err error
		if c, err = signer.ParseKeyFile(in.Generation(), []byte(*in.KeyFile)); err != nil {
			return signer.Credentials{}, err
		}
	}
	if in.BaseURL != nil {
		c.BaseURL = *in.BaseURL
	}
	return c, nil
}

// DashboardTokens returns the tokens that the dashboard config adds to the data, if there is one
// (rule dashboard-config). An error is a [*signer.Error] of kind dashboard-config.
func (in *Input) DashboardTokens() (signer.Object, error) {
	if in.DashboardConfig == nil {
		return nil, nil
	}
	return signer.ParseDashboardConfig(in.Generation(), []byte(*in.DashboardConfig))
}

// Request returns the request to sign: method, resource, and the data with the tokens of the
// dashboard config. An error is a [*signer.Error].
func (in *Input) Request() (signer.Request, error) {
	data, err := signer.ParseData(in.Data)
	if err != nil {
		return signer.Request{}, err
	}
	tokens, err := in.DashboardTokens()
	if err != nil {
		return signer.Request{}, err
	}
	r := signer.Request{Method: in.Method, Resource: in.Resource, Data: data}
	if tokens != nil {
		r.Data = signer.Set(data, tokens...)
	}
	return r, nil
}

// Signer returns a signer with the credentials of the input. An error is a [*signer.Error].
func (in *Input) Signer() (*signer.Signer, error) {
	c, err := in.Credentials()
	if err != nil {
		return nil, err
	}
	return signer.New(c)
}

// DryRun signs the input. An error says why the reference refuses it: a [*signer.Error], or one of
// an input that is not complete.
func (in *Input) DryRun() (signer.DryRun, error) { return new(Oracle).dryRun(in) }

// Expected returns the reference's answer to the input.
func (in *Input) Expected() Expect { return new(Oracle).Expected(in) }

// problem says what makes an input unusable before it is signed.
func (in *Input) problem() string {
	switch {
	case in.Profile != "" && in.Profile != "linuxlink" && in.Profile != "vigiles":
		return fmt.Sprintf("profile %q is unknown: choose linuxlink or vigiles", in.Profile)
	case in.KeyFile != nil && (in.Email != nil || in.Key != nil):
		return "key_file is given with email or key: give the file, or the two"
	case in.KeyFile == nil && (in.Email == nil || in.Key == nil):
		return "there are no credentials: give email and key, or key_file"
	case len(in.Data) == 0 || in.Data[0] != '{':
		return `data is not an object: write {"name": value}`
	}
	return ""
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Oracle computes expected answers. It keeps the signers of the credentials that it has seen, so
// that many inputs with the same credentials are signed fast. It is not safe for concurrent use.
// The zero value is ready to use.
type Oracle struct {
	signers map[account]*signer.Signer
}

// account is the part of an input that makes a signer, as a key of a map.
type account struct {
	profile, email, key, keyFile, baseURL    string
	hasEmail, hasKey, hasKeyFile, hasBaseURL bool
}

// keptSigners is how many signers an Oracle keeps at most.
const keptSigners = 1024

// Expected returns the reference's answer to an input.
func (o *Oracle) Expected(in *Input) Expect { return expect(o.dryRun(in)) }

func (o *Oracle) dryRun(in *Input) (signer.DryRun, error) {
	if problem := in.problem(); problem != "" {
		return signer.DryRun{}, errors.New(problem)
	}
	s, err := o.signer(in)
	if err != nil {
		return signer.DryRun{}, err
	}
	r, err := in.Request()
	if err != nil {
		return signer.DryRun{}, err
	}
	return s.DryRun(r)
}

func (o *Oracle) signer(in *Input) (*signer.Signer, error) {
	id := account{
		in.Profile, value(in.Email), value(in.Key), value(in.KeyFile), value(in.BaseURL),
		in.Email != nil, in.Key != nil, in.KeyFile != nil, in.BaseURL != nil,
	}
	if s := o.signers[id]; s != nil {
		return s, nil
	}
	s, err := in.Signer()
	if err != nil {
		return nil, err
	}
	if o.signers == nil || len(o.signers) >= keptSigners {
		o.signers = map[account]*signer.Signer{}
	}
	o.signers[id] = s
	return s, nil
}

// expect returns the outcome of signing as the member `expect` of a vector.
func expect(d signer.DryRun, err error) Expect {
	if err == nil {
		return Expect{HMACMsg: d.HMACMsg, Token: d.Token, Request: d.Sent, Rebuildable: d.Rebuildable}
	}
	if fault, ok := errors.AsType[*signer.Error](err); ok {
		return Expect{Error: string(fault.Kind)}
	}
	return Expect{Error: string(KindInvalidInput)}
}
