package mistake

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"sigkit/signer"
)

// Fixes that several mistakes in the texts of numbers share.
const (
	fixInteger = "Read integers and floats from JSON as different types. Write all digits."
	fixFloat   = "Write floats as Python's repr() does: the shortest digits, with .0 if whole, " +
		"with an exponent below 1e-04 and from 1e+16 on."
)

func integerMistakes() []Mistake {
	return []Mistake{
		integer("integer-through-double",
			"Integers become doubles and are written as JavaScript does. Large ones lose digits.",
			func(i signer.Int) string { return javaScriptNumber(nearestDouble(i)) }),
		integer("integer-through-double-python",
			"Integers become doubles and are written as floats: 1.0.",
			func(i signer.Int) string { return textOf(signer.Float(nearestDouble(i))) }),
		{
			ID:    "integer-over-64-bits-refused",
			Rule:  "text-integer",
			What:  "Integers of more than 64 bits are refused.",
			Fix:   fixInteger,
			steps: Steps{Integer: refuseOver64Bits},
		},
		integer("integer-held-at-64-bits",
			"Integers beyond 64 bits become the largest or smallest 64-bit integer.", heldAt64Bits),
		integer("integer-wrapped-at-64-bits",
			"Integers beyond 64 bits wrap around.", wrappedAt64Bits),
		integer("integer-over-64-bits-as-float",
			"Integers beyond 64 bits become floats, as in serde_json: 1e20.",
			floatOver(math.MinInt64, math.MaxUint64, serdeFloat.write)),
		integer("integer-php",
			"Integers beyond 64 bits become floats, as in PHP: 1.0E+20.",
			floatOver(math.MinInt64, math.MaxInt64, phpString.write)),
		integer("integer-php-shortest",
			"Integers beyond 64 bits become floats, as in PHP with precision=-1: "+
				"9.2233720368547758E+18.",
			floatOver(math.MinInt64, math.MaxInt64, phpShortest.write)),
		integer("integer-over-64-bits-as-python-float",
			"Integers beyond 64 bits become floats: 1e+20.",
			floatOver(math.MinInt64, math.MaxUint64, floatText)),
		integer("integer-over-63-bits-as-python-float",
			"Integers that are too large for int64 become floats: 9.223372036854776e+18.",
			floatOver(math.MinInt64, math.MaxInt64, floatText)),
		{
			ID:    "integer-minus-zero-as-float",
			Rule:  "text-integer",
			What:  "The integer -0 is read as a float and written -0.0.",
			Fix:   "Write -0 as 0.",
			steps: Steps{MinusZero: minusZeroFloat},
		},
		{
			ID:    "integer-minus-zero-as-written",
			Rule:  "text-integer",
			What:  "The integer -0 is written -0.",
			Fix:   "Write -0 as 0.",
			steps: Steps{MinusZero: minusZeroWritten},
		},
		integer("integer-over-64-bits-as-java",
			"Integers beyond 64 bits become floats, as in Java: 1.0E20.",
			floatOver(math.MinInt64, math.MaxInt64, javaDouble)),
		integer("integer-over-64-bits-as-c",
			"Integers beyond 64 bits become doubles and are written as C's %g does, with six digits.",
			floatOver(math.MinInt64, math.MaxInt64, formatted('g', 6))),
		integer("integer-over-64-bits-as-fixed",
			"Integers beyond 64 bits become doubles and are written as C's %f does.",
			floatOver(math.MinInt64, math.MaxInt64, formatted('f', 6))),
		integer("integer-over-64-bits-as-csharp",
			"Integers beyond 64 bits become floats, as in C#: 1E+20.",
			floatOver(math.MinInt64, math.MaxInt64, cSharpFloat.write)),
		integer("integer-over-64-bits-as-csharp-15-digits",
			"Integers beyond 64 bits become floats with 15 digits, as in .NET Framework and Mono.",
			floatOver(math.MinInt64, math.MaxInt64, cSharp15.write)),
		integer("integer-over-64-bits-as-perl",
			"Integers beyond 64 bits become floats with 15 digits, as in Perl: 1e+20.",
			floatOver(math.MinInt64, math.MaxUint64, formatted('g', 15))),
		integer("integer-of-20-digits-as-perl",
			"Integers beyond 64 bits become floats with 15 digits if they have at most 20 characters, "+
				"as JSON::PP reads them.",
			func(i signer.Int) string {
				if len(i.String()) > 20 {
					return i.String()
				}
				return floatOver(math.MinInt64, math.MaxUint64, formatted('g', 15))(i)
			}),
		integer("integer-as-c-double",
			"Integers become doubles and are written as C's %g does, with six digits: 1e+06.",
			func(i signer.Int) string { return formatted('g', 6)(nearestDouble(i)) }),
		integer("integer-over-64-bits-as-digits",
			"Integers beyond 64 bits become floats, and lose all digits but the first 15 to 17.",
			floatOver(math.MinInt64, math.MaxInt64, javaScriptNumber)),
		integer("integer-through-double-go",
			"Integers become float64 and are written as Go's fmt does: 1e+06 for 1000000.",
			func(i signer.Int) string { return formatted('g', -1)(nearestDouble(i)) }),
		integer("integer-held-at-32-bits",
			"Integers beyond 32 bits become the largest or smallest 32-bit integer.", heldAt32Bits),
		integer("integer-cut-to-32-bits", "Integers are cut to 32 bits.", cutTo32Bits),
		integer("integer-grouped", "Integers are written with commas between thousands.", grouped),
	}
}

func floatMistakes() []Mistake {
	return []Mistake{
		float("float-javascript",
			"Floats are written as JavaScript does: 1 for 1.0, 0.00001 for 1e-05.", javaScriptNumber),
		float("float-go", "Floats are written as Go's fmt does: 1 for 1.0, 1e+06 for 1000000.0.",
			formatted('g', -1)),
		float("float-java", "Floats are written as Java does: 1.0E16 for 1e+16.", javaDouble),
		float("float-rust", "Floats are written without an exponent and without .0.",
			formatted('f', -1)),
		float("float-c", "Floats are written as C's %g does, with six digits.", formatted('g', 6)),
		finiteFloat("float-rust-debug",
			"Floats are written as Rust's {:?} does: 1e16 for 1e+16, 1e-5 for 1e-05. "+
				"Infinite ones are refused.", rustDebug.write),
		finiteFloat("float-serde-json",
			"Floats are written as serde_json does: 1e16 for 1e+16, 0.00001 for 1e-05. "+
				"Infinite ones are refused.", serdeFloat.write),
		finiteFloat("float-serde-json-plus",
			"Floats are written as newer versions of serde_json do: 1e+16, 0.00001 for 1e-05. "+
				"Infinite ones are refused.", serdeFloatPlus.write),
		float("float-php",
			"Floats are written as PHP does, with 14 digits: 1 for 1.0, 1.0E+16 for 1e+16.",
			phpString.write),
		float("float-php-json",
			"Floats are written as PHP's json_encode() does: 1 for 1.0, 1.0e-5 for 1e-05.",
			phpJSONFloat.write),
		float("float-ruby",
			"Floats are written as Ruby does: 1.0e+16 for 1e+16, 1.0e-05 for 1e-05.",
			rubyFloat.write),
		float("float-csharp", "Floats are written as C# does: 1 for 1.0, 1E-05 for 1e-05.",
			cSharpFloat.write),
		float("float-csharp-15-digits",
			"Floats are written as .NET Framework and Mono do, with 15 digits: 1 for 1.0, 1E-05 for 1e-05.",
			cSharp15.write),
		float("float-fixed", "Floats are written as C's %f does, with six decimals.",
			formatted('f', 6)),
		float("float-15-digits", "Floats are written with 15 digits, as Perl does.",
			formatted('g', 15)),
		float("float-17-digits", "Floats are written with 17 digits.", formatted('g', 17)),
		{
			ID:    "float-as-written",
			Rule:  "text-float",
			What:  "Floats are signed as the caller wrote them in JSON.",
			Fix:   fixFloat,
			steps: Steps{Float: asWritten},
		},
		float("float-whole-as-integer", "A whole float is written without .0.",
			func(f float64) string { return strings.TrimSuffix(floatText(f), ".0") }),
		float("float-truncated", "Floats are cut to integers.",
			func(f float64) string { return formatted('f', 0)(math.Trunc(f)) }),
		finiteFloat("float-infinite-refused", "A float that no double can hold is refused.", floatText),
		float("float-decimal-comma",
			"Floats are written with a decimal comma, as some locales do.",
			func(f float64) string { return strings.Replace(floatText(f), ".", ",", 1) }),
	}
}

func integer(id, what string, write func(signer.Int) string) Mistake {
	return Mistake{
		ID:   id,
		Rule: "text-integer",
		What: what,
		Fix:  fixInteger,
		steps: Steps{
			Integer: func(i signer.Int) (string, error) { return write(i), nil },
		},
	}
}

func float(id, what string, write func(float64) string) Mistake {
	return Mistake{
		ID:   id,
		Rule: "text-float",
		What: what,
		Fix:  fixFloat,
		steps: Steps{
			Float: func(_ *Question, f signer.Float) (string, error) {
				return write(float64(f)), nil
			},
		},
	}
}

// finiteFloat refuses infinite floats.
func finiteFloat(id, what string, write func(float64) string) Mistake {
	return Mistake{
		ID:   id,
		Rule: "text-float",
		What: what,
		Fix:  fixFloat,
		steps: Steps{Float: func(_ *Question, f signer.Float) (string, error) {
			if math.IsInf(float64(f), 0) {
				return "", ErrRefused
			}
			return write(float64(f)), nil
		}},
	}
}

// floatOver writes integers outside of a range as floats.
func floatOver(least int64, most uint64, write func(float64) string) func(signer.Int) string {
	return func(i signer.Int) string {
		n, _ := new(big.Int).SetString(i.String(), 10)
		if n.Cmp(big.NewInt(least)) < 0 || n.Cmp(new(big.Int).SetUint64(most)) > 0 {
			return write(nearestDouble(i))
		}
		return i.String()
	}
}

// nearestDouble returns an infinity for an integer that is too large for a double.
func nearestDouble(i signer.Int) float64 {
	f, _ := strconv.ParseFloat(i.String(), 64)
	return f
}

func refuseOver64Bits(i signer.Int) (string, error) {
	if _, err := strconv.ParseInt(i.String(), 10, 64); err != nil {
		return "", ErrRefused
	}
	return i.String(), nil
}

func heldAt64Bits(i signer.Int) string {
	n, _ := strconv.ParseInt(i.String(), 10, 64) // with an error, n is the limit that i exceeds
	return strconv.FormatInt(n, 10)
}

func wrappedAt64Bits(i signer.Int) string {
	n, _ := new(big.Int).SetString(i.String(), 10)
	low := n.And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
	return strconv.FormatInt(int64(low), 10)
}

func heldAt32Bits(i signer.Int) string {
	n, _ := strconv.ParseInt(i.String(), 10, 32) // with an error, n is the limit that i exceeds
	return strconv.FormatInt(n, 10)
}

func cutTo32Bits(i signer.Int) string {
	n, _ := strconv.ParseInt(i.String(), 10, 64)
	return strconv.FormatInt(int64(int32(n)), 10)
}

func grouped(i signer.Int) string {
	digits, negative := strings.CutPrefix(i.String(), "-")
	var out strings.Builder
	if negative {
		out.WriteByte('-')
	}
	for at, digit := range []byte(digits) {
		if left := len(digits) - at; at > 0 && left%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteByte(digit)
	}
	return out.String()
}

// floatText writes a float as the reference does.
func floatText(f float64) string { return textOf(signer.Float(f)) }

// formatted writes floats as Go's strconv does, except for infinities.
func formatted(format byte, precision int) func(float64) string {
	return func(f float64) string {
		if math.IsInf(f, 0) {
			return floatText(f)
		}
		return strconv.FormatFloat(f, format, precision, 64)
	}
}

func asWritten(q *Question, f signer.Float) (string, error) {
	if text, ok := q.spelling[float64(f)]; ok {
		return text, nil
	}
	return textOf(f), nil
}
