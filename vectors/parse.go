package vectors

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sigkit/signer"
)

// ParseFile reads the text of a vector file. The name is for errors, which are of type [*Error].
func ParseFile(name string, text []byte) (File, error) {
	d, err := newDecoder(name, 1, text)
	if err != nil {
		return File{}, err
	}
	if bytes.Contains(text, []byte("\r\n")) {
		return File{}, d.fail("line ends are CR LF, so the checkout has changed this file: " +
			"put `vectors/** -text` into .gitattributes and check it out again")
	}
	var f File
	err = d.object(fields{
		"$schema": d.text(&f.Schema),
		"format":  d.text(&f.Format),
		"group":   d.text(&f.Group),
		"about":   d.text(&f.About),
		"reference": d.members(fields{
			"name":    d.text(&f.Reference.Name),
			"version": d.text(&f.Reference.Version),
		}, "name", "version"),
		"notes":   d.texts(&f.Notes),
		"vectors": d.each(func() error { return d.vectorOf(&f) }),
	}, "format", "group", "about", "reference", "notes", "vectors")
	if f.Format != "" && f.Format != Format { // the cause of any other error
		return f, d.fail(fmt.Sprintf(
			"format %q is not %q: use the release of sigkit that knows it", f.Format, Format))
	}
	if err == nil {
		err = d.end()
	}
	return f, err
}

// vectorOf reads one vector of a file, where level, rule, tags and why are mandatory.
func (d *decoder) vectorOf(f *File) error {
	var v Vector
	start := d.dec.InputOffset()
	if err := d.object(d.vectorFields(&v), "id", "level", "rule", "tags", "why", "input"); err != nil {
		return err
	}
	if d.dec.InputOffset()-start > MaxLine {
		return d.fail(fmt.Sprintf("the vector is longer than %d MiB: shorten it", MaxLine>>20))
	}
	if problem := v.problem(); problem != "" {
		return d.fail(problem)
	}
	if v.Rule == "" || v.Why == "" {
		return d.fail(fmt.Sprintf("rule or why of %s is empty: "+
			"write a rule id, and which mistake the vector catches", v.ID))
	}
	if !strings.HasPrefix(v.ID, f.Group+"/") {
		return d.fail(fmt.Sprintf(
			"id %q does not start with its group: write %q", v.ID, f.Group+"/"+v.ID))
	}
	for _, tag := range v.Tags {
		if f.Notes[tag] == "" {
			return d.fail(fmt.Sprintf(
				"tag %q of %s is not explained: add it to notes, above vectors", tag, v.ID))
		}
	}
	f.Vectors = append(f.Vectors, v)
	return nil
}

// vectorFields returns the members of a vector. They are read into v.
func (d *decoder) vectorFields(v *Vector) fields {
	return fields{
		"id":     d.text(&v.ID),
		"level":  d.text((*string)(&v.Level)),
		"rule":   d.text(&v.Rule),
		"tags":   func() error { v.Tags = []string{}; return d.each(d.item(&v.Tags))() },
		"why":    d.text(&v.Why),
		"input":  d.members(d.inputFields(&v.Input), "method", "resource", "data"),
		"expect": d.expect(v),
	}
}

func (d *decoder) inputFields(in *Input) fields {
	return fields{
		"profile":          d.text(&in.Profile),
		"email":            d.optional(&in.Email),
		"key":              d.optional(&in.Key),
		"key_file":         d.optional(&in.KeyFile),
		"dashboard_config": d.optional(&in.DashboardConfig),
		"base_url":         d.optional(&in.BaseURL),
		"method":           d.text(&in.Method),
		"resource":         d.text(&in.Resource),
		"data":             d.raw(&in.Data),
	}
}

func (d *decoder) expect(v *Vector) func() error {
	var e Expect
	var r signer.Sent
	var header string
	requested := false
	readRequest := d.members(fields{
		"method": d.text(&r.Method),
		"url":    d.text(&r.URL),
		"body":   d.optional(&r.Body),
	}, "method", "url")
	known := fields{
		"hmac_msg":    d.text(&e.HMACMsg),
		"token":       d.text(&e.Token),
		"headers":     d.members(fields{"X-Auth-Signature": d.text(&header)}, "X-Auth-Signature"),
		"request":     func() error { requested = true; return readRequest() },
		"rebuildable": d.boolean(&e.Rebuildable),
		"error":       d.text(&e.Error),
	}
	return func() error {
		e, r, header, requested = Expect{}, signer.Sent{}, "", false
		if err := d.object(known); err != nil {
			return err
		}
		if requested {
			e.Request = new(r)
		}
		v.Expect = new(e)
		switch {
		case (e.Error == "") == (e.Token == ""):
			return d.fail("expect needs a token or an error: run vecgen sign")
		case header != e.Token:
			return d.fail("the header differs from the token: run vecgen sign")
		}
		return nil
	}
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$`)

// problem says what is wrong with a vector whose JSON is valid.
func (v *Vector) problem() string {
	switch {
	case !slug.MatchString(v.ID):
		return fmt.Sprintf("id %q is not of the form group/name "+
			"in lower-case letters, digits and single hyphens", v.ID)
	case !slices.Contains(Levels(), v.Level):
		return fmt.Sprintf("level %q is unknown: choose core, extended or quirk", v.Level)
	}
	return v.Input.problem()
}
