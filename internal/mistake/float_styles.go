package mistake

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// floatStyle is how a language writes floats.
type floatStyle struct {
	digits    int    // significant digits; 0 stands for the fewest that give the same double
	low, high int    // exponents from low to below high are written without e
	fraction  bool   // a whole number has .0
	mantissa  bool   // a whole mantissa has .0
	exponent  string // the format of the exponent
	infinity  string
}

// The styles of languages, where they differ from Python's.
var (
	rustDebug = floatStyle{
		low:      -4,
		high:     16,
		fraction: true,
		exponent: "e%d",
	}
	serdeFloat = floatStyle{
		low:      -5,
		high:     16,
		fraction: true,
		exponent: "e%d",
	}
	serdeFloatPlus = floatStyle{
		low:      -5,
		high:     16,
		fraction: true,
		exponent: "e%+d",
	}
	phpString = floatStyle{
		digits:   14,
		low:      -4,
		high:     14,
		mantissa: true,
		exponent: "E%+d",
		infinity: "INF",
	}
	phpShortest = floatStyle{
		low:      -4,
		high:     15,
		mantissa: true,
		exponent: "E%+d",
		infinity: "INF",
	}
	phpJSONFloat = floatStyle{
		low:      -4,
		high:     17,
		mantissa: true,
		exponent: "e%+d",
		infinity: "INF",
	}
	rubyFloat = floatStyle{
		low:      -4,
		high:     15,
		fraction: true,
		mantissa: true,
		exponent: "e%+03d",
		infinity: "Infinity",
	}
	cSharp15 = floatStyle{
		digits:   15,
		low:      -4,
		high:     15,
		exponent: "E%+03d",
		infinity: "Infinity",
	}
	cSharpFloat = floatStyle{
		low:      -4,
		high:     15,
		exponent: "E%+03d",
		infinity: "Infinity",
	}
)

// write writes a number.
func (s floatStyle) write(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return s.infinity
	case math.IsInf(f, -1):
		return "-" + s.infinity
	}
	if s.digits > 0 {
		f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'e', s.digits-1, 64), 64)
	}
	mantissa, digits, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	exponent, _ := strconv.Atoi(digits)
	if exponent >= s.low && exponent < s.high {
		return fractionIf(s.fraction, strconv.FormatFloat(f, 'f', -1, 64))
	}
	return fractionIf(s.mantissa, mantissa) + fmt.Sprintf(s.exponent, exponent)
}

func fractionIf(wanted bool, number string) string {
	if wanted {
		return withFraction(number)
	}
	return number
}
