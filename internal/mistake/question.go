package mistake

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"sigkit/signer"
	"sigkit/vectors"
)

// Question is an input, parsed as far as no mistake can change it. It is safe for concurrent use.
type Question struct {
	input   *vectors.Input
	data    signer.Object
	written signer.Object // the data with its repeated members; nil if it has none
	invalid bool          // every port refuses the data

	// minusZero is the data with other JSON for the integer -0, by that JSON; nil if it has none.
	minusZero map[string]signer.Object

	spelling map[float64]string // floats as the author wrote them
	has      contents

	once sync.Once
	due  referenceAnswer
}

// NewQuestion parses an input.
func NewQuestion(in *vectors.Input) *Question {
	data, err := signer.ParseData(in.Data)
	q := &Question{input: in, data: data, invalid: err != nil, spelling: spellings(in.Data)}
	q.has.keyFile, q.has.dashboard = in.KeyFile != nil, in.DashboardConfig != nil
	q.has.baseURL = in.BaseURL != nil
	for _, m := range data {
		q.has.add(m.Value, false)
	}
	if bytes.Contains(in.Data, []byte("-0")) {
		q.minusZero = withoutMinusZero(in.Data)
		q.has.minusZero = q.minusZero != nil
	}
	if written, err := writtenMembers(string(in.Data)); err == nil && len(written) > len(data) {
		q.written, q.has.repeated = written, true
	}
	return q
}

// stringOrNumber matches a string or a number of JSON.
var stringOrNumber = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][-+.eE0-9]*`)

// The JSON that some ports put in the place of the integer -0.
const (
	minusZeroFloat   = "-0.0"
	minusZeroWritten = `"-0"`
)

// withoutMinusZero replaces the integer -0, or returns nil if there is none.
func withoutMinusZero(data []byte) map[string]signer.Object {
	replaced := map[string]signer.Object{}
	for _, other := range []string{minusZeroFloat, minusZeroWritten} {
		found := false
		text := stringOrNumber.ReplaceAllFunc(data, func(token []byte) []byte {
			if string(token) != "-0" {
				return token
			}
			found = true
			return []byte(other)
		})
		if !found {
			return nil
		}
		replaced[other], _ = signer.ParseData(text)
	}
	return replaced
}

// spellings finds the floats of a JSON text as they are written there, by value. Of two spellings
// the first counts.
func spellings(data []byte) map[float64]string {
	if !bytes.ContainsAny(data, ".eE") {
		return nil
	}
	found := map[float64]string{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return found
		}
		if n, ok := token.(json.Number); ok && strings.ContainsAny(n.String(), ".eE") {
			f, _ := strconv.ParseFloat(n.String(), 64)
			if _, ok := found[f]; !ok {
				found[f] = n.String()
			}
		}
	}
}

// referenceAnswer is what the reference makes of a question, step by step. It is worked out once:
// most mistakes change few steps of few questions.
type referenceAnswer struct {
	email, key     string
	credentialsErr error
	message        string
	messageErr     error // of any step before the token
	token          string
	tokenErr       error
}

func (q *Question) reference() *referenceAnswer {
	q.once.Do(func() {
		s := reference()
		s.changes = changes{credentials: true, message: true, token: true}
		d := &q.due
		d.email, d.key, d.credentialsErr = s.readCredentials(q)
		if d.message, _, d.messageErr = s.message(q); d.messageErr == nil {
			d.token, d.tokenErr = s.finishToken(d.key, d.message)
		}
	})
	return &q.due
}

// contents says which kinds of values an input has.
type contents struct {
	keyFile, dashboard, baseURL, repeated, minusZero    bool
	list, object, nested, boolean, null, integer, float bool
}

func (c *contents) add(v signer.Value, inside bool) {
	switch v := v.(type) {
	case signer.List:
		c.list, c.nested = true, c.nested || inside
		for _, element := range v {
			c.add(element, true)
		}
	case signer.Object:
		c.object, c.nested = true, c.nested || inside
		for _, m := range v {
			c.add(m.Value, true)
		}
	case signer.Bool:
		c.boolean = true
	case signer.Int:
		c.integer = true
	case signer.Float:
		c.float = true
	case signer.Null, nil:
		c.null = true
	}
}

// needs says which contents an input must have for a step to run at all. Steps that are not listed
// run for every input.
var needs = map[string]func(*contents) bool{
	"Generation":     func(c *contents) bool { return c.keyFile || c.dashboard || !c.baseURL },
	"FileText":       func(c *contents) bool { return c.keyFile || c.dashboard },
	"NonFinite":      func(c *contents) bool { return c.keyFile || c.dashboard },
	"RepairFile":     func(c *contents) bool { return c.keyFile || c.dashboard },
	"ReadMembers":    func(c *contents) bool { return c.keyFile || c.dashboard },
	"CheckFile":      func(c *contents) bool { return c.keyFile || c.dashboard },
	"MemberName":     func(c *contents) bool { return c.keyFile || c.dashboard },
	"RefuseMember":   func(c *contents) bool { return c.keyFile },
	"MemberText":     func(c *contents) bool { return c.keyFile },
	"MissingMember":  func(c *contents) bool { return c.keyFile },
	"KeyNames":       func(c *contents) bool { return c.keyFile },
	"CountsAsKey":    func(c *contents) bool { return c.keyFile },
	"MissingKey":     func(c *contents) bool { return c.keyFile },
	"CheckMembers":   func(c *contents) bool { return c.keyFile },
	"CheckServer":    func(c *contents) bool { return c.keyFile },
	"InvalidKey":     func(c *contents) bool { return c.keyFile },
	"StripEmail":     func(c *contents) bool { return c.keyFile },
	"StripKey":       func(c *contents) bool { return c.keyFile },
	"RefuseStripped": func(c *contents) bool { return c.keyFile },
	"StripOther":     func(c *contents) bool { return c.dashboard },
	"StripToken":     func(c *contents) bool { return c.dashboard },
	"AddTokens":      func(c *contents) bool { return c.dashboard },
	"JoinTokens":     func(c *contents) bool { return c.dashboard },
	"GroupCounts":    func(c *contents) bool { return c.dashboard },
	"MainTokens":     func(c *contents) bool { return c.dashboard },
	"TokenNames":     func(c *contents) bool { return c.dashboard },
	"FolderToken":    func(c *contents) bool { return c.dashboard },
	"TokenMembers":   func(c *contents) bool { return c.dashboard },
	"TokenText":      func(c *contents) bool { return c.dashboard },
	"MissingToken":   func(c *contents) bool { return c.dashboard },
	"EmptyToken":     func(c *contents) bool { return c.dashboard },
	"MissingFolder":  func(c *contents) bool { return c.dashboard },
	"AbsentToken":    func(c *contents) bool { return c.dashboard },
	"KeepToken":      func(c *contents) bool { return c.dashboard },
	"MinusZero":      func(c *contents) bool { return c.minusZero },
	"Repeated":       func(c *contents) bool { return c.repeated },
	"KeepElement":    func(c *contents) bool { return c.list },
	"Unorderable":    func(c *contents) bool { return c.list },
	"SortList":       func(c *contents) bool { return c.list },
	"ListPairs":      func(c *contents) bool { return c.list },
	"ObjectPairs":    func(c *contents) bool { return c.object },
	"Boolean":        func(c *contents) bool { return c.boolean },
	"Null":           func(c *contents) bool { return c.null },
	"Integer":        func(c *contents) bool { return c.integer },
	"Float":          func(c *contents) bool { return c.float },
	"NestedText":     func(c *contents) bool { return c.nested },
	"SendList":       func(c *contents) bool { return c.list },
	"SendListKey":    func(c *contents) bool { return c.list },
	"SendEmptyList":  func(c *contents) bool { return c.list },
	"SendNull":       func(c *contents) bool { return c.null },
	"SendBoolean":    func(c *contents) bool { return c.boolean },
	"SendInteger":    func(c *contents) bool { return c.integer },
	"SendFloat":      func(c *contents) bool { return c.float },
	"SendNested":     func(c *contents) bool { return c.nested },
	"SendFlattened":  func(c *contents) bool { return c.nested },
	"SendObject":     func(c *contents) bool { return c.object },
}

// Concerns reports whether a mistake, made alone, can change the answer to the question: false if
// none of the steps that it changes runs. It saves signing.
func (q *Question) Concerns(m *Mistake) bool {
	for _, i := range m.changes {
		if need := needs[fieldName(i)]; need == nil || need(&q.has) {
			return true
		}
	}
	return false
}

// Special reports whether a mistake is about something that few inputs have, and this one does: a
// file, say, or a list. Such a mistake may show only together with others.
func (q *Question) Special(m *Mistake) bool {
	return !slices.ContainsFunc(m.changes, func(i int) bool {
		need := needs[fieldName(i)]
		return need == nil || !need(&q.has)
	})
}

// HasFile reports whether the input has a key file or a dashboard config.
func (q *Question) HasFile() bool { return q.has.keyFile || q.has.dashboard }
