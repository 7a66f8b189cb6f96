package check

import (
	"os"
	"strings"

	"sigkit/vectors"
)

// Setting is one of the surroundings in which a port may find itself: environment variables, each
// as NAME=VALUE, that change what programs do in some runtime.
type Setting struct {
	Name      string   `json:"name"`
	Variables []string `json:"variables"`
}

// Settings returns all surroundings in which a port is asked. No locale needs to be installed where
// the runtime brings its own, as the JVM and Node.js do: the JVM takes it from JAVA_TOOL_OPTIONS.
func Settings() []Setting {
	locale := func(name, language, country string) Setting {
		id := language + "_" + country
		return Setting{name, []string{
			"LC_ALL=" + id + ".UTF-8", "LANG=" + id + ".UTF-8", "LANGUAGE=" + language,
			"JAVA_TOOL_OPTIONS=-Duser.language=" + language + " -Duser.country=" + country,
		}}
	}
	plain := func(name, id string, more ...string) Setting {
		return Setting{name, append([]string{"LC_ALL=" + id, "LANG=" + id, "LANGUAGE="}, more...)}
	}
	encoding := func(name, python, java string) Setting {
		return Setting{name, []string{
			"PYTHONIOENCODING=" + python,
			"JAVA_TOOL_OPTIONS=-Dfile.encoding=" + java + " -Dstdout.encoding=" + java +
				" -Dsun.jnu.encoding=" + java,
		}}
	}
	zone := func(name, id string) Setting {
		return Setting{name, []string{"TZ=" + id, "JAVA_TOOL_OPTIONS=-Duser.timezone=" + id}}
	}
	hash := func(name, seed string) Setting {
		return Setting{name, []string{
			"PYTHONHASHSEED=" + seed, "PERL_HASH_SEED=" + seed, "PERL_PERTURB_KEYS=0",
		}}
	}
	return []Setting{
		locale("turkish", "tr", "TR"),  // i and I are letters of two pairs
		locale("swedish", "sv", "SE"),  // å, ä and ö are behind z
		locale("czech", "cs", "CZ"),    // ch is a letter, behind h
		locale("danish", "da", "DK"),   // aa is a letter, behind z
		locale("estonian", "et", "EE"), // z is before t
		locale("arabic", "ar", "EG"),   // other digits
		locale("german", "de", "DE"),   // a comma in numbers
		plain("c", "C", "PYTHONCOERCECLOCALE=0", "PYTHONUTF8=0"),
		plain("posix", "POSIX"),
		plain("no-locale", ""),
		encoding("latin-1", "iso-8859-1", "ISO-8859-1"),
		encoding("windows-1252", "cp1252", "windows-1252"),
		encoding("ascii", "ascii", "US-ASCII"),
		zone("time-zone-east", "Pacific/Kiritimati"),
		zone("time-zone-west", "America/St_Johns"),
		hash("hash-seed-0", "0"),
		hash("hash-seed-1", "1"),
		{"node-without-proto", []string{"NODE_OPTIONS=--disable-proto=delete"}},
	}
}

// environment returns the variables, with the user's own options before those of the setting.
func (s Setting) environment() (all []string) {
	for _, variable := range s.Variables {
		name, value, _ := strings.Cut(variable, "=")
		if own := os.Getenv(name); own != "" && strings.HasSuffix(name, "_OPTIONS") {
			value = own + " " + value
		}
		all = append(all, name+"="+value)
	}
	return all
}

// probeGroup is the group of the requests that are asked beside the vectors.
const probeGroup = "surroundings/"

// probes are requests whose letters are sorted, or change their case, in other ways elsewhere.
func probes() (all []vectors.Vector) {
	add := func(id, rule, method, data string) {
		v := vectors.Vector{
			ID:    probeGroup + id,
			Level: vectors.Core,
			Rule:  rule,
			Why:   "Sorting and changing case must not depend on the locale.",
			Input: vectors.Input{
				Email:    new("info.i@example.com"),
				Key:      new("test-key-0123456789abcdef"),
				Method:   method,
				Resource: "/api/v1/vigiles/INFO",
				Data:     []byte(data),
			},
		}
		v.Expect = new(v.Input.Expected())
		if v.Expect.Error != "" {
			panic("a probe cannot be signed: " + v.Expect.Error) // a test asks all of them
		}
		all = append(all, v)
	}
	add("list", "list-order", "POST",
		`{"names":["dum","chata","hora","zebra","tam","aarhus","bo","wolf","vinter","yuri","jan"]}`)
	add("keys", "pair-order", "GET",
		`{"dum":"1","chata":"2","hora":"3","zebra":"4","tam":"5","aarhus":"6","bo":"7","wolf":"8"}`)
	add("letters", "list-order", "POST",
		`{"names":["zebra","ähre","ångström","öl","east","Istanbul","istanbul","ırmak","éclair"]}`)
	add("letters-in-keys", "pair-order", "POST",
		`{"zebra":"1","ähre":"2","ångström":"3","öl":"4","Title":"5","title":"6","IS_IT":"7"}`)
	add("cases", "text-string", "PATCH", `{"TITLE":"INFO","id":"Iı","with":"I I"}`)
	return all
}
