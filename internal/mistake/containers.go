package mistake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sigkit/signer"
)

// This file holds how Go, Ruby and PHP write lists and objects.

// goText writes a value as Go's fmt does: [a b], map[k:v].
func goText(v signer.Value) string {
	switch v := v.(type) {
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.Null, nil:
		return "<nil>"
	case signer.Float:
		return formatted('g', -1)(float64(v))
	case signer.List:
		return joinElements(v, " ", goText)
	case signer.Object:
		members := joinMembers(sortedByKey(v), " ", func(m signer.Member) string {
			return m.Key + ":" + goText(m.Value)
		})
		return "map[" + members[1:len(members)-1] + "]"
	}
	return textOf(v)
}

// sortedByKey returns an object with its members sorted by key.
func sortedByKey(object signer.Object) signer.Object {
	return slices.SortedStableFunc(slices.Values(object), compareKeys)
}

// sortedDeep sorts the members of all objects in a value by key.
func sortedDeep(v signer.Value) signer.Value {
	switch v := v.(type) {
	case signer.List:
		list := make(signer.List, len(v))
		for i, element := range v {
			list[i] = sortedDeep(element)
		}
		return list
	case signer.Object:
		object := sortedByKey(v)
		for i := range object {
			object[i].Value = sortedDeep(object[i].Value)
		}
		return object
	}
	return v
}

// rubyText writes a value as Ruby's inspect does, which to_s of lists and objects uses.
func rubyText(v signer.Value) string {
	switch v := v.(type) {
	case signer.String:
		return rubyString(string(v))
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.Null, nil:
		return "nil"
	case signer.Float:
		return rubyFloat.write(float64(v))
	case signer.List:
		return joinElements(v, ", ", rubyText)
	case signer.Object:
		return joinMembers(v, ", ", func(m signer.Member) string {
			return rubyString(m.Key) + "=>" + rubyText(m.Value)
		})
	}
	return textOf(v)
}

// rustText writes a value as Rust's {:?} does.
func rustText(v signer.Value) string {
	switch v := v.(type) {
	case signer.String:
		return rustString(string(v))
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.Null, nil:
		return "None"
	case signer.Float:
		return rustDebug.write(float64(v))
	case signer.List:
		return joinElements(v, ", ", rustText)
	case signer.Object:
		return joinMembers(v, ", ", func(m signer.Member) string {
			return rustString(m.Key) + ": " + rustText(m.Value)
		})
	}
	return textOf(v)
}

// rustString writes a string in double quotes, with escapes as \n and \u{7f}.
func rustString(s string) string {
	var out strings.Builder
	for _, c := range s {
		switch at := strings.IndexRune("\"\\\n\r\t\x00", c); {
		case at >= 0:
			out.WriteString(`\` + `"\nrt0`[at:at+1])
		case !unicode.IsPrint(c):
			fmt.Fprintf(&out, `\u{%x}`, c)
		default:
			out.WriteRune(c)
		}
	}
	return `"` + out.String() + `"`
}

// rubyString writes a string in double quotes.
func rubyString(s string) string {
	var out strings.Builder
	for i, c := range s {
		switch at := strings.IndexRune("\"\\\n\r\t\b\f\v\a\x1b", c); {
		case at >= 0:
			out.WriteString(`\` + `"\nrtbfvae`[at:at+1])
		case c < ' ' || c == 0x7F:
			fmt.Fprintf(&out, `\u%04X`, c)
		case c == '#' && strings.IndexAny(s[i+1:], "{$@") == 0:
			out.WriteString(`\#`)
		default:
			out.WriteRune(c)
		}
	}
	return `"` + out.String() + `"`
}

// phpJSON writes a value as PHP's json_encode() does: / is escaped, and what is not ASCII.
func phpJSON(v signer.Value) string {
	switch v := v.(type) {
	case signer.String:
		return phpJSONString(string(v))
	case signer.Float:
		return phpJSONFloat.write(float64(v))
	case signer.List:
		return joinElements(v, ",", phpJSON)
	case signer.Object:
		return joinMembers(v, ",", func(m signer.Member) string {
			return phpJSONString(m.Key) + ":" + phpJSON(m.Value)
		})
	}
	return javaScriptJSON(v)
}

func phpJSONString(s string) string {
	return strings.ReplaceAll(escapeNonASCII(plainJSON(s)), "/", `\/`)
}

// phpArray is what PHP writes for every list and object.
func phpArray(signer.Value) string { return "Array" }
