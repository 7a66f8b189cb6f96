package vectors

import (
	"errors"

	"sigkit/signer"
)

// KindInvalidInput is the `expect.error` of a bare input that is no input: a member missing, unknown or of the wrong type.
const KindInvalidInput signer.Kind = "invalid-input"

// Expected returns the reference's answer to an input.
func Expected(in *Input) Expect {
	var o Oracle
	return o.Expected(in)
}

// Oracle computes expected answers and keeps the signers of credentials it has seen. It is not safe for concurrent use; the zero value is ready.
type Oracle struct {
	signers map[credentials]*signer.Signer
}

// credentials is what makes a signer, as a key of a map.
type credentials struct {
	profile, email, key, keyFile, baseURL    string
	hasEmail, hasKey, hasKeyFile, hasBaseURL bool
}

const keptSigners = 1024

// Expected returns the reference's answer to an input.
func (o *Oracle) Expected(in *Input) Expect {
	if in.problem() != "" {
		return Expect{Error: string(KindInvalidInput)}
	}
	s, err := o.signer(in)
	if err != nil {
		return refusal(err)
	}
	data, err := in.data()
	if err != nil {
		return refusal(err)
	}
	return Sign(s, signer.Request{Method: in.Method, Resource: in.Resource, Data: data})
}

// Sign returns what the reference answers when r is signed by s.
func Sign(s *signer.Signer, r signer.Request) Expect {
	d, err := s.DryRun(r)
	if err != nil {
		return refusal(err)
	}
	e := Expect{HMACMsg: d.HMACMsg, Token: d.Token, Rebuildable: d.Rebuildable}
	if d.Wire.Method == "" { // the form has no UTF-8 form
		return e
	}
	e.Request = &Request{Method: d.Wire.Method, URL: d.Wire.URL}
	if d.Wire.ContentType != "" {
		e.Request.Body = &d.Wire.Body
	}
	return e
}

func refusal(err error) Expect {
	if fault, ok := errors.AsType[*signer.Error](err); ok {
		return Expect{Error: string(fault.Kind)}
	}
	return Expect{Error: string(KindInvalidInput)}
}

// data returns the parsed data, with the tokens of a dashboard config.
func (in *Input) data() (signer.Object, error) {
	data, err := signer.ParseData(in.Data)
	if err != nil || in.DashboardConfig == nil {
		return data, err
	}
	tokens, err := signer.ParseDashboardConfig(in.profile(), []byte(*in.DashboardConfig))
	return signer.Set(data, tokens...), err
}

func (in *Input) profile() signer.Profile {
	if in.Profile == "" {
		return signer.LinuxLink
	}
	return signer.Profile(in.Profile)
}

func (o *Oracle) signer(in *Input) (*signer.Signer, error) {
	id := credentials{
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
		o.signers = map[credentials]*signer.Signer{}
	}
	o.signers[id] = s
	return s, nil
}

// Signer returns a signer with the credentials of an input.
func (in *Input) Signer() (*signer.Signer, error) {
	c := signer.Credentials{Email: value(in.Email), Key: signer.NewKey(value(in.Key)), BaseURL: in.profile().DefaultServer()}
	if in.KeyFile != nil {
		var err error
		if c, err = signer.ParseKeyFile(in.profile(), []byte(*in.KeyFile)); err != nil {
			return nil, err
		}
	}
	if in.BaseURL != nil {
		c.BaseURL = *in.BaseURL
	}
	return signer.New(c)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
