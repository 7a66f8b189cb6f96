package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/mistake"
	"sigkit/internal/testport"
	"sigkit/signer"
	"sigkit/vectors"
)

// homeMade encodes as no library does.
var homeMade = strings.NewReplacer(" ", "%20", "/", "%2f", "~", "%7e", "*", "", "@", "%40").Replace

// A port that writes some characters in a form of its own is told which and how, with its message
// or from the token alone, in values or in keys, beside other mistakes.
func TestMeasuredCharacters(t *testing.T) {
	for name, c := range map[string]struct {
		steps mistake.Steps
		id    string
		texts []string
	}{
		"values": {
			mistake.Steps{EscapeValue: homeMade}, mistake.CharactersInValues,
			[]string{`" " as "%20"`, `"/" as "%2f"`, `"~" as "%7e"`, `"*" left out`},
		},
		"values, but not the email": {
			mistake.Steps{PairText: func(key, value string) string {
				if key != "email" {
					value = strings.NewReplacer("@", "%40", " ", "+").Replace(value)
				}
				return key + "=" + value
			}},
			mistake.CharactersInValues,
			[]string{`" " as "+"`, `"@" as "%40"`},
		},
		"keys": {
			mistake.Steps{ChangeKey: strings.NewReplacer("_", "-").Replace}, mistake.CharactersInKeys,
			[]string{`"_" as "-"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, message := range []bool{false, true} {
				if (message || name != "values") && !testport.Thorough() {
					continue
				}
				bug := mistake.Unlisted("home-made", c.steps)
				p := newPort(message, append(mistakesNamed("boolean-lower-case"), bug)...)
				d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
				found := map[string]*mistake.Mistake{}
				for _, f := range d.Findings {
					found[f.Mistakes[0].ID] = f.Mistakes[0]
				}
				assert.Contains(t, found, "boolean-lower-case")
				require.Contains(t, found, c.id)
				for _, text := range c.texts {
					assert.Contains(t, found[c.id].What, text)
				}
			}
		})
	}
}

// A port that refuses what must be signed is told which characters, which lengths.
func TestMeasuredRefusals(t *testing.T) {
	testport.TakesLong(t)
	contains := func(chars string) func(string) bool {
		return func(text string) bool { return strings.ContainsAny(text, chars) }
	}
	for want, steps := range map[string]mistake.Steps{
		`A request with some characters in a value is refused. These are refused: "%", "~".`: {
			RefuseText: contains("%~"),
		},
		"A request with some characters in a value is refused. These are refused: control characters.": {
			RefuseText: func(text string) bool {
				return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' })
			},
		},
		"A key of less than 24 bytes is refused.": {
			RefuseKey: func(key string) bool { return len(key) < 24 },
		},
		"A message of more than 3000 bytes is refused.": {
			RefuseMessage: func(message string) bool { return len(message) > 3000 },
		},
		"The key is cut after 45 bytes.": {
			KeyBytes: func(key string) ([]byte, error) { return []byte(key[:min(45, len(key))]), nil },
		},
	} {
		bug := mistake.Unlisted("refuses", steps)
		p := newPort(false, append(mistakesNamed("boolean-lower-case"), bug)...)
		d := p.asking(vectors.Extended).Diagnose(t.Context(), p.run(vectors.Extended))
		var found []string
		for _, f := range d.Findings {
			found = append(found, f.Mistakes[0].What)
		}
		assert.Contains(t, found, want)
		assert.Contains(t, found, "Booleans are written true and false.")
		assert.True(t, d.Complete, want)
	}
}

// A port that sends to a server of its own is told to which, if that is harmless to show.
func TestServerIsRead(t *testing.T) {
	for server, shown := range map[string]bool{
		"https://linux.example.org:8443/base": true,
		"https://a b\x1b[31m":                 false,
	} {
		if !shown && !testport.Thorough() {
			continue
		}
		bug := mistake.Unlisted("server", mistake.Steps{
			SendDefault: func(p signer.Profile) string {
				if p == signer.LinuxLink {
					return server
				}
				return p.DefaultServer()
			},
		})
		p := newPort(true, append(mistakesNamed("boolean-lower-case"), bug)...)
		d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
		var found []string
		for _, f := range d.Findings {
			found = append(found, f.Mistakes[0].What)
		}
		what := "Requests of profile linuxlink are sent to " + server + "."
		assert.Equal(t, shown, slices.Contains(found, what))
	}
}

// What a port returns is shown only if it is harmless.
func TestMeasuredCharactersAreHarmless(t *testing.T) {
	hostile := mistake.Unlisted("hostile", mistake.Steps{
		EscapeValue: strings.NewReplacer("/", "\x1b[31m", "%", "##[error]").Replace,
	})
	p := newPort(true, hostile)
	d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
	require.NotNil(t, d)
	for _, f := range d.Findings {
		assert.NotContains(t, f.Mistakes[0].What, "##[")
		assert.NotContains(t, f.Mistakes[0].What, "31m")
	}
}

// A JSON writer loses the unpaired surrogate of a message that was signed with ? in its place.
func TestMessageThatLostASurrogate(t *testing.T) {
	p := newPort(true, mistakesNamed("message-surrogates-question-mark")...)
	observations := p.run(vectors.Extended)
	lost := 0
	for i := range observations {
		o := &observations[i]
		if o.Failed && o.Answer.HMACMsg != nil {
			answer := *o.Answer
			answer.HMACMsg = new(mistake.ReplaceSurrogates(*answer.HMACMsg, "\ufffd"))
			o.Answer = &answer
			lost++
		}
	}
	require.Positive(t, lost)
	d := Config{Level: vectors.Extended}.Diagnose(t.Context(), observations)
	assert.True(t, d.Complete)
	assert.Equal(t, []string{"signed certain message-surrogates-question-mark"}, named(d))
}

// A port that cuts long texts is told after how many bytes.
func TestMeasuredLengths(t *testing.T) {
	testport.TakesLong(t)
	cut := func(s string, n int) string { return s[:min(n, len(s))] }
	for want, steps := range map[string]mistake.Steps{
		"A string is cut after 2222 bytes.": {
			CutString: func(s string) string { return cut(s, 2222) },
		},
		"The message is cut after 3333 bytes.": {
			ChangeBytes: func(b []byte) []byte { return []byte(cut(string(b), 3333)) },
		},
	} {
		p := newPort(false, mistake.Unlisted("cuts", steps))
		d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
		require.NotEmpty(t, d.Findings)
		assert.Equal(t, want, d.Findings[0].Mistakes[0].What)
		assert.True(t, d.Complete)
	}
}

// A port that encodes the message twice may return it as text made of its bytes.
func TestMessageMadeOfBytes(t *testing.T) {
	p := newPort(true, mistakesNamed("message-utf-8-twice", "boolean-lower-case")...)
	observations := p.run(vectors.Core)
	for i := range observations {
		o := &observations[i]
		if message := o.Answer.HMACMsg; message != nil {
			answer := *o.Answer
			var text []rune
			for _, b := range []byte(*message) {
				text = append(text, rune(b))
			}
			answer.HMACMsg = new(string(text))
			o.Answer = &answer
		}
	}
	d := Config{Level: vectors.Core}.Diagnose(t.Context(), observations)
	assert.True(t, d.Complete)
	assert.ElementsMatch(t, []string{
		"signed certain message-utf-8-twice", "signed certain boolean-lower-case",
	}, named(d))
}

// What stands behind an unescaped # or ? depends on the order of the pairs, which does not count.
func TestSameURL(t *testing.T) {
	const a, b = "https://h/r?email=e&a=x#y", "https://h/r?a=x#y&email=e"
	assert.True(t, sameURL(a, b))
	assert.True(t, sameURL("https://h/r?email=e&a=x?y=z", "https://h/r?a=x?y=z&email=e"))
	assert.False(t, sameURL(a, "https://h/r?a=x%23z&email=e"))
	assert.False(t, sameURL("https://h/r?a=1", "https://h/r?a=2"))
}

// What is sent is explained by the mistakes that are signed, where these are enough.
func TestSharedWithWhatIsSigned(t *testing.T) {
	p := newPort(true, mistakesNamed("generation-linuxlink-always", "sent-resource-quoted")...)
	d := Config{Level: vectors.Quirk}.Diagnose(t.Context(), p.run(vectors.Quirk))
	for _, f := range d.Findings {
		assert.Contains(t, p.set.String(), f.Mistakes[0].ID)
	}
	assert.True(t, d.Complete)
}
