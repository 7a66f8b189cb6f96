package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// People returns a writer of text for people, of which parts may come from ports, files and
// servers. What controls a terminal is written as an escape, and what CI systems take for a command
// is broken up. The last line is written by Flush. It is no terminal.
func People(w io.Writer) *Lines { return &Lines{w: w} }

// Lines writes harmless lines, see [People]. Several goroutines may use it.
type Lines struct {
	mu   sync.Mutex
	w    io.Writer
	line []byte // that is not whole yet
	err  error
}

// longestLine is how much of a line is kept before it is written, in bytes.
const longestLine = 64 << 10

// Write writes the lines that are whole. It returns the first error of the writer.
func (l *Lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for rest := p; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		l.line = append(l.line, rest[:end]...)
		if rest = rest[end:]; l.line[len(l.line)-1] == '\n' || len(l.line) > longestLine {
			l.write()
		}
	}
	return len(p), l.err
}

// Flush writes the rest.
func (l *Lines) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
	return l.err
}

// Unwrap returns the writer itself, for what is no text.
func (l *Lines) Unwrap() io.Writer { return l.w }

// write writes what is there. A line that is too long is broken.
func (l *Lines) write() {
	text := harmless(withoutControls(string(l.line)))
	if len(l.line) > longestLine && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if l.line = l.line[:0]; l.err == nil && text != "" {
		_, l.err = io.WriteString(l.w, text)
	}
}

// withoutControls writes what one cannot see as escapes, except for tabs and ends of lines.
func withoutControls(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if raw := text[:size]; r == '\n' || r == '\t' || r == '\\' {
			b.WriteString(raw)
		} else {
			b.WriteString(visibleRune(r, raw))
		}
		text = text[size:]
	}
	return b.String()
}

// harmlessJSON returns JSON in which characters that control a terminal, and commands of CI
// systems, are escapes of JSON. The texts in it stay what they are.
func harmlessJSON(text []byte) []byte {
	text = commandInLine.ReplaceAll(text, []byte(`$1\u005b`))
	var b bytes.Buffer
	for _, r := range string(text) {
		if r == 0x7f || r > 0x7f && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.Bytes()
}
