package mistake

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sigkit/signer"
)

// textMistakes are about values as text.
func textMistakes() []Mistake {
	return []Mistake{
		booleans("boolean-lower-case", "Booleans are written true and false.", "true", "false", true),
		booleans("boolean-as-digit", "Booleans are written 1 and 0.", "1", "0", true),
		booleans("boolean-upper-case", "Booleans are written TRUE and FALSE.", "TRUE", "FALSE", true),
		booleans("boolean-yes-no", "Booleans are written yes and no.", "yes", "no", true),
		booleans("boolean-php", "Booleans are written as PHP does it: 1 and nothing.", "1", "", true),
		booleans("boolean-false-dropped", "False is left out.", "True", "False", false),
		booleans("boolean-on-only", "True is written true, and false is left out, as in a form.", "true", "", false),

		{ID: "boolean-lower-case-everywhere", Rule: "text-boolean", What: "Booleans are written true and false, inside nested lists and objects, too.", Fix: "Write True and False.",
			slot: "boolean nested", like: "boolean-lower-case", change: func(r *recipe) {
				r.boolean = func(b bool) (string, bool) { return strconv.FormatBool(b), true }
				r.nested = func(v signer.Value) string { return respelt(v, false) }
			}},
		{ID: "null-as-null-everywhere", Rule: "text-null", What: "Null is written null, inside nested lists and objects, too.", Fix: "Write None.",
			slot: "null nested", like: "null-as-null", change: func(r *recipe) {
				r.null = func() (string, bool) { return "null", true }
				r.nested = func(v signer.Value) string { return respelt(v, true) }
			}},
		nulls("null-as-null", "Null is written null.", "null", true),
		nulls("null-as-empty", "Null is written as nothing.", "", true),
		nulls("null-dropped", "A null is left out.", "", false),
		nulls("null-as-nil", "Null is written <nil>, as Go does it.", "<nil>", true),
		nulls("null-as-undefined", "Null is written undefined.", "undefined", true),
		nulls("null-upper-case", "Null is written NULL.", "NULL", true),

		integers("integer-through-double", "Integers go through a double and are written as JavaScript does it: large ones lose digits.", func(i signer.Int) string {
			return jsNumber(double(i))
		}),
		integers("integer-through-double-python", "Integers go through a double and are written as floats: 1.0.", func(i signer.Int) string { return textOf(signer.Float(double(i))) }),
		integers("integer-over-64-bits-refused", "Integers of more than 64 bits are refused.", func(i signer.Int) string {
			if _, err := strconv.ParseInt(i.String(), 10, 64); err != nil {
				refuse()
			}
			return i.String()
		}),
		integers("integer-held-at-64-bits", "Integers beyond 64 bits become the largest or smallest that there is.", func(i signer.Int) string {
			n, _ := strconv.ParseInt(i.String(), 10, 64) // it is the nearest where there is an error
			return strconv.FormatInt(n, 10)
		}),
		integers("integer-wrapped-at-64-bits", "Integers beyond 64 bits start anew at the other end.", func(i signer.Int) string {
			n, _ := new(big.Int).SetString(i.String(), 10)
			return strconv.FormatInt(int64(new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()), 10)
		}),
		integers("integer-cut-to-32-bits", "Integers are cut to 32 bits.", func(i signer.Int) string {
			n, _ := strconv.ParseInt(i.String(), 10, 64)
			return strconv.Itoa(int(int32(n)))
		}),
		integers("integer-grouped", "Integers are written with commas between thousands.", grouped),

		floats("float-javascript", "Floats are written as JavaScript does it: 1 for 1.0, 0.00001 for 1e-05.", func(_ *question, f signer.Float) string { return jsNumber(float64(f)) }),
		floats("float-go", "Floats are written as Go's fmt does it: 1 for 1.0, 1e+06.", func(_ *question, f signer.Float) string {
			return fmtFloat(float64(f), 'g', -1)
		}),
		floats("float-java", "Floats are written as Java does it: 1.0E16.", func(_ *question, f signer.Float) string { return javaDouble(float64(f)) }),
		floats("float-rust", "Floats are written without exponent and without .0.", func(_ *question, f signer.Float) string { return fmtFloat(float64(f), 'f', -1) }),
		floats("float-c", "Floats are written by C's %g: six digits.", func(_ *question, f signer.Float) string { return fmtFloat(float64(f), 'g', 6) }),
		floats("float-fixed", "Floats are written by C's %f: six decimals.", func(_ *question, f signer.Float) string { return fmtFloat(float64(f), 'f', 6) }),
		floats("float-17-digits", "Floats are written with 17 digits.", func(_ *question, f signer.Float) string { return fmtFloat(float64(f), 'g', 17) }),
		floats("float-as-written", "Floats are signed as they were written, not as the double they are.", func(q *question, f signer.Float) string {
			if text, ok := q.spelling[float64(f)]; ok {
				return text
			}
			return textOf(f)
		}),
		floats("float-whole-as-integer", "A float without fraction loses its .0.", func(_ *question, f signer.Float) string {
			return strings.TrimSuffix(textOf(f), ".0")
		}),
		floats("float-truncated", "Floats are cut to integers.", func(_ *question, f signer.Float) string { return fmtFloat(math.Trunc(float64(f)), 'f', 0) }),
		floats("float-decimal-comma", "Floats are written with a comma, as the system's locale has it.", func(_ *question, f signer.Float) string { return strings.Replace(textOf(f), ".", ",", 1) }),

		texts("string-trimmed", "Strings lose the white space around them.", "text-trim", signer.Strip),
		texts("string-composed", "Strings are normalised to NFC.", "text-form", norm.NFC.String),
		texts("string-decomposed", "Strings are normalised to NFD.", "text-form", norm.NFD.String),
		texts("string-compatible", "Strings are normalised to NFKC.", "text-form", norm.NFKC.String),
		texts("string-line-ends-to-lf", "CR LF in strings becomes LF.", "text-lines", func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }),
		texts("string-line-ends-to-crlf", "LF in strings becomes CR LF.", "text-lines", func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
		}),
		texts("string-newlines-dropped", "Line ends are taken out of strings.", "text-lines", strings.NewReplacer("\r", "", "\n", "").Replace),
		texts("string-blanks-folded", "Runs of white space in strings become one blank.", "text-trim", func(s string) string { return strings.Join(strings.Fields(s), " ") }),
		texts("string-lower-cased", "Strings are turned into lower case.", "text-case", strings.ToLower),
		texts("string-numbers-guessed", "A string that looks like a number is written as one: 2.30 becomes 2.3.", "text-guess", guessedNumber),
		texts("string-booleans-guessed", "The strings true and false are taken for booleans.", "text-guess", func(s string) string {
			switch s {
			case "true":
				return "True"
			case "false":
				return "False"
			}
			return s
		}),
		texts("string-cut-at-nul", "A string ends at its first NUL, as a C string does.", "text-nul", func(s string) string { before, _, _ := strings.Cut(s, "\x00"); return before }),
		texts("string-controls-dropped", "Control characters are taken out of strings.", "text-nul", func(s string) string {
			return strings.Map(func(c rune) rune {
				if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
					return -1
				}
				return c
			}, s)
		}),
		texts("string-cut-at-255", "A string of more than 255 bytes is cut there.", "text-length", func(s string) string { return strings.ToValidUTF8(s[:min(255, len(s))], "") }),
		{ID: "string-empty-dropped", Rule: "text-string", What: "A parameter with an empty string is left out.", Fix: "Sign it as key=.",
			slot: "drops", change: func(r *recipe) { r.drops = func(s string) bool { return s == "" } }},
		{ID: "string-blank-dropped", Rule: "text-string", What: "A parameter with nothing but white space is left out.", Fix: "Sign it as it is.",
			slot: "drops", change: func(r *recipe) { r.drops = func(s string) bool { return strings.TrimSpace(s) == "" } }},
	}
}

// respelt is the repr of a value with null, or with true and false, as in JSON.
func respelt(v signer.Value, null bool) string {
	switch v := v.(type) {
	case signer.Bool:
		if !null {
			return strconv.FormatBool(bool(v))
		}
	case signer.Null, nil:
		if null {
			return "null"
		}
	case signer.List:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = respelt(element, null)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case signer.Object:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = repr(signer.String(m.Key)) + ": " + respelt(m.Value, null)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return repr(v)
}

func booleans(id, what, yes, no string, keepFalse bool) Mistake {
	return Mistake{ID: id, Rule: "text-boolean", What: what, Fix: "Write True and False.", slot: "boolean", change: func(r *recipe) {
		r.boolean = func(b bool) (string, bool) {
			if b {
				return yes, true
			}
			return no, keepFalse
		}
	}}
}

func nulls(id, what, text string, keep bool) Mistake {
	return Mistake{ID: id, Rule: "text-null", What: what, Fix: "Write None.", slot: "null", change: func(r *recipe) { r.null = func() (string, bool) { return text, keep } }}
}

func integers(id, what string, text func(signer.Int) string) Mistake {
	return Mistake{ID: id, Rule: "text-integer", What: what, Fix: "Keep integers apart from floats while reading JSON, and write all digits.", slot: "integer", change: func(r *recipe) { r.integer = text }}
}

func floats(id, what string, text func(*question, signer.Float) string) Mistake {
	return Mistake{ID: id, Rule: "text-float", What: what, Fix: "Write floats as Python's repr() does: shortest digits, always with .0, exponent form below 1e-04 and from 1e+16 on.",
		slot: "float", change: func(r *recipe) { r.float = text }}
}

func texts(id, what, slot string, change func(string) string) Mistake {
	return Mistake{ID: id, Rule: "text-string", What: what, Fix: "Sign strings as they are.", slot: slot, change: func(r *recipe) { r.texts = append(r.texts, change) }}
}

// fmtFloat is Go's own way, but for the words for what is no number.
func fmtFloat(f float64, format byte, precision int) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return textOf(signer.Float(f))
	}
	return strconv.FormatFloat(f, format, precision, 64)
}

// jsNumber writes a number as JavaScript's String() does.
func jsNumber(f float64) string {
	size := math.Abs(f)
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	case size >= 1e-6 && size < 1e21:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return shortExponent(strconv.FormatFloat(f, 'e', -1, 64))
}

// shortExponent writes e-7 for e-07.
func shortExponent(s string) string {
	mantissa, exponent, _ := strings.Cut(s, "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// javaDouble writes a number as Java's Double.toString does.
func javaDouble(f float64) string {
	size := math.Abs(f)
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 || size >= 1e-3 && size < 1e7:
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	mantissa, exponent, _ := strings.Cut(shortExponent(strconv.FormatFloat(f, 'e', -1, 64)), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "E" + strings.TrimPrefix(exponent, "+")
}

func grouped(i signer.Int) string {
	digits, negative := strings.CutPrefix(i.String(), "-")
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	if negative {
		return "-" + digits
	}
	return digits
}

func guessedNumber(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "0123456789.-") != "" {
		return s
	}
	return jsNumber(f)
}
