// Package idiom says how the rules that languages spell differently are written in them.
package idiom

import "strings"

// Of returns the idioms of a rule of docs/SIGNATURE.md, by language; nil where there is nothing to say that is not the same everywhere.
func Of(rule string) map[string]string { return idioms[rule] }

// Guess returns the language of a command, or "".
func Guess(command []string) string {
	for _, word := range command {
		base := word[strings.LastIndexAny(word, `/\`)+1:]
		for _, known := range []struct{ mark, language string }{
			{".py", "Python"}, {".mjs", "JavaScript"}, {".js", "JavaScript"}, {".ts", "JavaScript"}, {".jar", "Java"}, {".java", "Java"}, {".class", "Java"}, {".go", "Go"}, {".rs", "Rust"},
		} {
			if strings.HasSuffix(base, known.mark) {
				return known.language
			}
		}
		switch name := strings.TrimRight(strings.TrimSuffix(base, ".exe"), "0123456789."); name {
		case "python", "pypy":
			return "Python"
		case "node", "deno", "bun", "tsx":
			return "JavaScript"
		case "java":
			return "Java"
		case "go":
			return "Go"
		case "cargo":
			return "Rust"
		}
	}
	return ""
}

var idioms = map[string]map[string]string{
	"key-file-strip": {
		"Python": `key.strip()`, "JavaScript": `a loop with a table: \s and trim() take U+FEFF away and leave U+0085 and U+001C to U+001F`,
		"Go":   `strings.TrimFunc(key, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })`,
		"Java": `trim by a loop over code points: Character.isWhitespace, isSpaceChar, U+0085`, "Rust": `key.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c))`, "C": `a table: isspace() sees ASCII only`,
	},
	"key-bytes": {
		"Python": `key.encode("utf-8")`, "JavaScript": `createHmac("sha256", Buffer.from(key, "utf8"))`, "Go": `hmac.New(sha256.New, []byte(key))`,
		"Java": `new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256")`, "Rust": `Hmac::<Sha256>::new_from_slice(key.as_bytes())`, "C": `HMAC(EVP_sha256(), key, key_length, ...), never strlen`,
	},
	"list-order": {
		"Python": `sorted(values)`, "JavaScript": `numbers: sort((a, b) => a - b); strings: compare code points, [...s].map(c => c.codePointAt(0)), since < compares UTF-16 units`,
		"Go": `slices.Sort(values)`, "Java": `numbers by compareTo; strings by UTF-8 bytes, since compareTo compares UTF-16 units`, "Rust": `values.sort()`, "C": `qsort with memcmp over the UTF-8 bytes, or with numbers by value`,
	},
	"pair-order": {
		"Python": `sorted(data.items(), key=lambda p: p[0])`, "JavaScript": `Buffer.compare(Buffer.from(a), Buffer.from(b)): localeCompare and < have other orders`,
		"Go": `slices.SortStableFunc(pairs, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })`, "Java": `Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)): TreeMap<String> has UTF-16 order`,
		"Rust": `pairs.sort_by(|a, b| a.0.cmp(&b.0))`, "C": `memcmp over the UTF-8 bytes; strcoll goes by locale`,
	},
	"text-boolean": {
		"Python": `str(value), not json.dumps(value)`, "JavaScript": `value ? "True" : "False"`, "Go": `map[bool]string{true: "True", false: "False"}[v]`,
		"Java": `value ? "True" : "False"`, "Rust": `if value { "True" } else { "False" }`, "C": `value ? "True" : "False"`,
	},
	"text-null": {
		"Python": `str(None)`, "JavaScript": `value === null ? "None" : ...`, "Go": `if v == nil { return "None" }`, "Java": `value == null ? "None" : ...`, "Rust": `Value::Null => "None"`, "C": `"None"`,
	},
	"text-integer": {
		"Python": `str(value)`, "JavaScript": `JSON.parse with a reviver that uses context.source, or a BigInt parser: numbers are doubles`, "Go": `decoder.UseNumber(), then number.String()`,
		"Java": `BigInteger.toString()`, "Rust": `serde_json with arbitrary_precision`, "C": `keep the digits as text`,
	},
	"text-float": {
		"Python": `repr(value)`, "JavaScript": `Number.isInteger(x) ? x + ".0" : String(x), with exponent form below 1e-4 and from 1e16 on, two digits at least`,
		"Go":   `strconv.FormatFloat(f, 'f' or 'e', -1, 64), with .0 on whole numbers; %v is 'g'`,
		"Java": `new BigDecimal(d).round(new MathContext(p)) for p from 1 on, until doubleValue() gives d back: before Java 19 Double.toString is not always the shortest`, "Rust": `format!("{:?}") and put a sign and two digits into the exponent`, "C": `try %.15g to %.17g until strtod gives the same back, then add .0`,
	},
	"list-pairs": {
		"Python": `[(k, v) for v in sorted(values)]`, "JavaScript": `for (const v of sorted) pairs.push([k, v]); String(array) joins with commas`, "Go": `for _, v := range sorted { pairs = append(pairs, Pair{k, v}) }`,
		"Java": `for (Object v : sorted) pairs.add(Map.entry(k, v)); List.toString() writes [a, b]`, "Rust": `sorted.iter().map(|v| (key, v))`, "C": `one pair per element`,
	},
	"no-escaping": {
		"Python": `"&".join(f"{k}={v}" ...), not urlencode()`, "JavaScript": "`${k}=${v}`, not URLSearchParams or encodeURIComponent", "Go": `k + "=" + v, not url.Values.Encode; json.Encoder.SetEscapeHTML(false) where JSON is involved`,
		"Java": `key + "=" + value, not URLEncoder`, "Rust": `format!("{k}={v}"), not form_urlencoded`, "C": `plain copies, not curl_easy_escape`,
	},
	"message-utf8": {
		"Python": `message.encode("utf-8")`, "JavaScript": `Buffer.from(message, "utf8"), after message.isWellFormed(): unpaired surrogates are replaced silently`, "Go": `[]byte(message), after utf8.ValidString(message)`,
		"Java": `message.getBytes(StandardCharsets.UTF_8): getBytes() alone goes by the system, JNI's modified UTF-8 is another one`, "Rust": `message.as_bytes()`, "C": `keep the length: strlen stops at NUL`,
	},
	"token-hmac": {
		"Python": `hmac.new(key, message, hashlib.sha256).digest()`, "JavaScript": `createHmac("sha256", key).update(message).digest()`, "Go": `hmac.New(sha256.New, key)`,
		"Java": `Mac.getInstance("HmacSHA256")`, "Rust": `Hmac::<Sha256>`, "C": `HMAC(EVP_sha256(), key, key_length, message, message_length, out, &n)`,
	},
	"token-base64": {
		"Python": `base64.b64encode(digest).decode("ascii"): without decode() it is written b'...'`, "JavaScript": `.digest("base64"), not "base64url" or "hex"`, "Go": `base64.StdEncoding.EncodeToString(sum), not URLEncoding or RawStdEncoding`,
		"Java": `Base64.getEncoder().encodeToString(mac), not getUrlEncoder or getMimeEncoder`, "Rust": `general_purpose::STANDARD.encode(mac)`, "C": `EVP_EncodeBlock, not the BIO filter, which adds newlines`,
	},
}
