package mistake

// idioms says how the fix of a rule is written, by rule and language.
var idioms = map[string]map[string]string{
	"key-file-strip": {
		"Python": `key.strip()`,
		"JavaScript": `key.replace(/^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu, ""); ` +
			`trim() removes U+FEFF and leaves U+0085`,
		"Go": `strings.TrimFunc(key, ` +
			`func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })`,
		"Java": `remove code points c at both ends while ` +
			`Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85`,
		"Rust": `key.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c))`,
		"C":    `a table of the characters; isspace() knows ASCII only, and not U+001C to U+001F`,
		"PHP": `preg_replace('/^[\p{Z}\t-\r\x1c-\x1f\x{85}]+|[\p{Z}\t-\r\x1c-\x1f\x{85}]+\z/u', ` +
			`'', $key); trim() removes NUL and knows ASCII only`,
		"Ruby": `key.gsub(/\A[[:space:]\x1c-\x1f]+|[[:space:]\x1c-\x1f]+\z/, ""); ` +
			`strip removes NUL and knows ASCII only`,
		"C#": `Regex.Replace(key, @"^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+\z", ""); ` +
			`Trim() leaves U+001C to U+001F`,
		"Kotlin": `key.trim { it.isWhitespace() || it == '\u0085' }; trim() leaves U+0085`,
		"Swift": `remove unicodeScalars $0 at both ends while ` +
			`$0.properties.isWhitespace || (0x1c...0x1f).contains($0.value)`,
	},
	"key-bytes": {
		"Python":     `key.encode("utf-8")`,
		"JavaScript": `createHmac("sha256", Buffer.from(key, "utf8"))`,
		"Go":         `hmac.New(sha256.New, []byte(key))`,
		"Java": `new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"); ` +
			`it refuses an empty key: use new byte[1], which gives the same HMAC`,
		"Rust": `Hmac::<Sha256>::new_from_slice(key.as_bytes())`,
		"C":    `HMAC(EVP_sha256(), key, key_length, ...); do not use strlen(key)`,
		"PHP":  `hash_hmac("sha256", $message, $key, true); the message comes before the key`,
		"Ruby": `OpenSSL::HMAC.digest("SHA256", key, message)`,
		"C#":   `new HMACSHA256(Encoding.UTF8.GetBytes(key))`,
		"Kotlin": `SecretKeySpec(key.toByteArray(), "HmacSHA256"); ` +
			`it refuses an empty key: use ByteArray(1), which gives the same HMAC`,
		"Swift": `SymmetricKey(data: Data(key.utf8))`,
	},
	"list-order": {
		"Python": `sorted(values)`,
		"JavaScript": `strings: sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))); ` +
			`numbers and booleans: sort((a, b) => (a > b) - (a < b)); sort() alone compares UTF-16 text`,
		"Go": `strings: slices.Sort(values); ` +
			`numbers: slices.SortStableFunc by value, with math/big, not as text`,
		"Java": `strings: compare by Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)), ` +
			`since String.compareTo has UTF-16 order; numbers: BigDecimal.compareTo`,
		"Rust": `strings: sort() on a Vec<String>; numbers: sort_by() with their values. ` +
			`Do not sort numbers as text, as sort_by_key(|v| v.to_string()) does`,
		"C": `strings: memcmp over the UTF-8 bytes; numbers: by value; ` +
			`keep the order of equal values, which qsort does not promise`,
		"PHP": `strings: sort($values, SORT_STRING); ` +
			`numbers: usort($values, fn($a, $b) => $a <=> $b), with booleans cast to int`,
		"Ruby": `strings: values.sort; ` +
			`numbers: values.sort_by.with_index { |v, i| [v == true ? 1 : v || 0, i] }`,
		"C#": `OrderBy with a comparer. Strings: Encoding.UTF8.GetBytes(a).AsSpan()` +
			`.SequenceCompareTo(Encoding.UTF8.GetBytes(b)), since StringComparer.Ordinal has ` +
			`UTF-16 order; numbers: by value`,
		"Kotlin": `sortedWith. Strings: Arrays.compareUnsigned(a.toByteArray(), b.toByteArray()), ` +
			`since compareTo has UTF-16 order; numbers: BigDecimal.compareTo`,
		"Swift": `strings: a.utf8.lexicographicallyPrecedes(b.utf8), ` +
			`since < compares by Unicode canonical order; numbers: by value`,
	},
	"pair-order": {
		"Python": `sorted(data.items(), key=lambda p: p[0])`,
		"JavaScript": `pairs.sort((a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]))); ` +
			`< and localeCompare have other orders`,
		"Go": `slices.SortStableFunc(pairs, ` +
			`func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })`,
		"Java": `compare by Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)); ` +
			`TreeMap<String, ...> has UTF-16 order`,
		"Rust": `pairs.sort_by(|a, b| a.0.cmp(&b.0))`,
		"C":    `memcmp over the UTF-8 bytes of the keys; strcoll has the order of the locale`,
		"PHP":  `ksort($data, SORT_STRING); ksort($data) compares numeric keys by value`,
		"Ruby": `data.sort_by { |key, _| key }, before lists become pairs`,
		"C#": `data.OrderBy(p => p.Key, comparer) with a comparer of UTF-8 bytes; ` +
			`the default has the order of the culture, StringComparer.Ordinal has UTF-16 order`,
		"Kotlin": `sortedWith { a, b -> Arrays.compareUnsigned(a.first.toByteArray(), ` +
			`b.first.toByteArray()) }; sortedBy and toSortedMap have UTF-16 order`,
		"Swift": `data.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }; ` +
			`< compares by Unicode canonical order`,
	},
	"text-boolean": {
		"Python":     `str(value), not json.dumps(value)`,
		"JavaScript": `value ? "True" : "False"`,
		"Go":         `map[bool]string{true: "True", false: "False"}[v]`,
		"Java":       `value ? "True" : "False"`,
		"Rust":       `if value { "True" } else { "False" }`,
		"C":          `value ? "True" : "False"`,
		"PHP":        `$v ? 'True' : 'False'; as text, true is 1 and false is empty`,
		"Ruby":       `value ? "True" : "False"; to_s writes true`,
		"C#":         `value ? "True" : "False"; JsonElement.GetRawText() writes true`,
		"Kotlin":     `if (value) "True" else "False"`,
		"Swift":      `value ? "True" : "False"; "as? Bool" accepts the numbers 1 and 0 of JSON, too`,
	},
	"text-null": {
		"Python":     `str(None)`,
		"JavaScript": `value === null ? "None" : ...`,
		"Go":         `if v == nil { return "None" }`,
		"Java":       `value == null ? "None" : ...; some JSON libraries have a null object of their own`,
		"Rust":       `Value::Null => "None"`,
		"C":          `"None"`,
		"PHP":        `$v === null ? 'None' : ...; as text, null is empty`,
		"Ruby":       `value.nil? ? "None" : ...; nil.to_s is empty`,
		"C#":         `element.ValueKind == JsonValueKind.Null ? "None" : ...`,
		"Kotlin":     `if (value == null || value == JsonNull) "None" else ...`,
		"Swift":      `value is NSNull ? "None" : ...`,
	},
	"text-integer": {
		"Python": `str(value)`,
		"JavaScript": `JSON.parse with a reviver that reads context.source, ` +
			`or a JSON parser with BigInt; a number is a double`,
		"Go":     `decoder.UseNumber(), then number.String(); else numbers are float64`,
		"Java":   `BigInteger.toString()`,
		"Rust":   `serde_json with the feature arbitrary_precision, then number.to_string()`,
		"C":      `keep the digits as text`,
		"PHP":    `json_decode with JSON_BIGINT_AS_STRING; else a large integer becomes a float`,
		"Ruby":   `value.to_s`,
		"C#":     `BigInteger.Parse(element.GetRawText()).ToString()`,
		"Kotlin": `BigInteger(digits).toString(); Gson reads every number as Double by default`,
		"Swift":  `keep the digits as text; Int has 64 bits`,
	},
	"text-float": {
		"Python": `repr(value)`,
		"JavaScript": `Number.isInteger(x) ? x + ".0" : String(x); ` +
			`below 1e-4 and from 1e16 on in exponent form, with two digits at least: 1e-05, 1e+16`,
		"Go": `strconv.FormatFloat(f, 'e', -1, 64) below 1e-4 and from 1e16 on, ` +
			`else 'f', with .0 for whole numbers; %v writes 1 for 1.0`,
		"Java": `new BigDecimal(d).round(new MathContext(p)) for p from 1 on, ` +
			`until doubleValue() is d again; before Java 19, Double.toString has too many digits`,
		"Rust": `format!("{x:?}"), then give the exponent a sign and two digits: 1e-05, 1e+16`,
		"C": `printf("%.*e") with precision 0 to 16 until strtod gives the same value; ` +
			`then move the point, and write exponents only below 1e-4 and from 1e16 on`,
		"PHP": `the digits of var_export($v, true), with exponents only below 1e-4 and from 1e16 on, ` +
			`as 1e-05 and 1e+16; (string) $v has 14 digits at most`,
		"Ruby": `the digits of value.to_s, with exponents only below 1e-4 and from 1e16 on, ` +
			`as 1e-05 and 1e+16, not 1.0e+16`,
		"C#": `the digits of value.ToString("R", CultureInfo.InvariantCulture), with .0, ` +
			`and exponents only below 1e-4 and from 1e16 on, as 1e-05 and 1e+16`,
		"Kotlin": `BigDecimal(d).round(MathContext(p)) for p from 1 on, until toDouble() is d again; ` +
			`exponents only below 1e-4 and from 1e16 on, as 1e-05 and 1e+16`,
		"Swift": `the digits of "\(value)", with exponents only below 1e-4 and from 1e16 on, ` +
			`as 1e-05 and 1e+16`,
	},
	"list-pairs": {
		"Python":     `[(k, v) for v in sorted(values)]`,
		"JavaScript": `for (const v of sorted) pairs.push([k, v]); String(array) joins with commas`,
		"Go":         `for _, v := range sorted { pairs = append(pairs, Pair{k, v}) }`,
		"Java":       `for (Object v : sorted) pairs.add(Map.entry(k, v)); toString() writes [a, b]`,
		"Rust":       `sorted.iter().map(|v| (key, v))`,
		"C":          `one pair for each element`,
		"PHP":        `foreach ($sorted as $v) $pairs[] = [$k, $v]; http_build_query writes k[0]=`,
		"Ruby":       `sorted.map { |v| [key, v] }`,
		"C#":         `sorted.Select(v => (key, v)); ToString() of a list writes its type`,
		"Kotlin":     `sorted.map { key to it }; toString() writes [a, b]`,
		"Swift":      `sorted.map { (key, $0) }`,
	},
	"no-escaping": {
		"Python":     `"&".join(f"{k}={v}" ...), not urlencode()`,
		"JavaScript": "`${k}=${v}`, not URLSearchParams or encodeURIComponent",
		"Go": `k + "=" + v, not url.Values.Encode; ` +
			`json.Encoder.SetEscapeHTML(false) where JSON is involved`,
		"Java":   `key + "=" + value, not URLEncoder`,
		"Rust":   `format!("{k}={v}"), not form_urlencoded`,
		"C":      `copy the bytes, without curl_easy_escape`,
		"PHP":    `"$k=$v", not http_build_query or urlencode`,
		"Ruby":   `"#{k}=#{v}", not URI.encode_www_form`,
		"C#":     `$"{k}={v}", not FormUrlEncodedContent or Uri.EscapeDataString`,
		"Kotlin": `"$k=$v", not URLEncoder`,
		"Swift":  `"\(k)=\(v)", not URLComponents or addingPercentEncoding`,
	},
	"message-utf8": {
		"Python": `message.encode("utf-8")`,
		"JavaScript": `Buffer.from(message, "utf8"), after message.isWellFormed(): ` +
			`it replaces unpaired surrogates silently`,
		"Go": `[]byte(message); json.Unmarshal replaces unpaired surrogates silently, ` +
			`so look for them in the JSON text`,
		"Java": `UTF_8.newEncoder().encode(CharBuffer.wrap(message)); ` +
			`getBytes(UTF_8) writes ? for an unpaired surrogate`,
		"Rust": `message.as_bytes()`,
		"C":    `keep the length, since strlen stops at NUL; refuse U+D800 to U+DFFF`,
		"PHP":  `$message as it is: strings are bytes, and json_decode refuses unpaired surrogates`,
		"Ruby": `message.encode("UTF-8"), after message.valid_encoding?`,
		"C#": `new UTF8Encoding(false, true).GetBytes(message); ` +
			`Encoding.UTF8 replaces unpaired surrogates silently`,
		"Kotlin": `message.encodeToByteArray(throwOnInvalidSequence = true); ` +
			`toByteArray() writes ? for an unpaired surrogate`,
		"Swift": `Data(message.utf8)`,
	},
	"token-hmac": {
		"Python":     `hmac.new(key, message, hashlib.sha256).digest()`,
		"JavaScript": `createHmac("sha256", key).update(message).digest()`,
		"Go":         `hmac.New(sha256.New, key)`,
		"Java":       `Mac.getInstance("HmacSHA256")`,
		"Rust":       `Hmac::<Sha256>`,
		"C":          `HMAC(EVP_sha256(), key, key_length, message, message_length, out, &n)`,
		"PHP":        `hash_hmac("sha256", $message, $key, true); without true it returns hex`,
		"Ruby":       `OpenSSL::HMAC.digest("SHA256", key, message), not hexdigest`,
		"C#":         `HMACSHA256.HashData(key, message)`,
		"Kotlin":     `Mac.getInstance("HmacSHA256")`,
		"Swift":      `HMAC<SHA256>.authenticationCode(for: message, using: key)`,
	},
	"token-base64": {
		"Python": `base64.b64encode(digest).decode("ascii"); ` +
			`without decode() it is written as b'...'`,
		"JavaScript": `.digest("base64"), not "base64url" or "hex"`,
		"Go": `base64.StdEncoding.EncodeToString(sum), ` +
			`not URLEncoding or RawStdEncoding`,
		"Java":   `Base64.getEncoder().encodeToString(mac), not getUrlEncoder or getMimeEncoder`,
		"Rust":   `general_purpose::STANDARD.encode(mac)`,
		"C":      `EVP_EncodeBlock, not the BIO filter, which adds newlines`,
		"PHP":    `base64_encode($mac), where $mac is the 32 bytes, not hex`,
		"Ruby":   `Base64.strict_encode64(mac); encode64 adds newlines`,
		"C#":     `Convert.ToBase64String(mac)`,
		"Kotlin": `Base64.getEncoder().encodeToString(mac); android.util.Base64 needs NO_WRAP`,
		"Swift":  `Data(mac).base64EncodedString()`,
	},
	"wire-form":  sending,
	"wire-query": sending,
}

// sending says how the data of a request is encoded, for a form and for a query.
var sending = map[string]string{
	"Python": `urllib.parse.urlencode(data, doseq=True)`,
	"JavaScript": `new URLSearchParams(pairs).toString(), where pairs are [key, text]; ` +
		`fetch sends it as a body or behind ?`,
	"Go":   `values.Add(key, text) for each element, then values.Encode(), of url.Values`,
	"Java": `URLEncoder.encode(text, StandardCharsets.UTF_8), for each key and each value`,
	"Rust": `form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()`,
	"C":    `curl_easy_escape(curl, text, length), for each key and each value`,
	"PHP": `urlencode($key) . '=' . urlencode($text) for each pair, joined with '&'; ` +
		`http_build_query writes k[0]= and 1 for true`,
	"Ruby":   `URI.encode_www_form(pairs), where pairs are [key, text]`,
	"C#":     `Uri.EscapeDataString(text), for each key and each value`,
	"Kotlin": `URLEncoder.encode(text, "UTF-8"), for each key and each value`,
	"Swift": `URLComponents leaves + as it is: text.addingPercentEncoding(withAllowedCharacters: ` +
		`.alphanumerics)`,
}

// Idiom returns how the fix of a rule is written in a language, or "" if nothing is to be said.
func Idiom(rule, language string) string { return idioms[rule][language] }
