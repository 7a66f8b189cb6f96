package random

// The texts and numbers in vectors. The odd ones are used above level core.
var (
	methods = []string{
		"GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE",
	}
	resources = []string{
		"/api/v1/heartbeat", "/api/v1/vigiles/manifests", "/api/v1/vigiles/folders",
		"/api/v1/vigiles/groups", "/api/v1/vigiles/cves", "/api/v1/vigiles/reports/compare",
		"/api/v1/vigiles/folders/archive", "/api/v1/vigiles/manifests/TOKEN",
		"/api/v1/vigiles/reports/TOKEN", "/api/v1/vigiles/groups/TOKEN/settings",
		"/api/v1/vigiles/groups/TOKEN/members/user@example.com",
	}
	oddResources = []string{
		"/api/v1/x/", "/api//v1", "", "/", "/api/v1/%20x", "/api/v1/a b", "/api/v1/a+b",
		"/api/v1/\u65e5\u672c", "/api/v1/x?y=1", "/api/v1/a=b&c",
	}
	names = []string{
		"product_token", "group_token", "folder_token", "manifest_name", "manifest", "fields",
		"tokens", "with_field", "ids_only", "confirmed", "filtered", "format", "sbom_format",
		"sbom_version", "vuln_identifiers", "new_role", "status", "product", "version", "subfolders",
	}
	oddNames = []string{
		"", "a", "a-b", "a.b", "ab", "A", "a=b", "a&b", "a b", "a+b", "a[]", "%41", "Email", "email",
		"emai", "email2", "email_", "~", "\u00e9", "e\u0301", "\uffee", "\U00010000", "\u65e5\u672c",
	}
	words = []string{
		"", "a=1&b=2", "a+b", "a b", "100%", "%41", "&amp;", "caf\u00e9", "cafe\u0301",
		"\u65e5\u672c\u8a9e", "\u043f\u0440\u0438\u0432\u0435\u0442", "\U0001f511", "\uffee",
		"\U00010000", "O'Brien", `say "hi"`, `back\slash`, " lead", "trail ", "line\nbreak",
		"cr\r\nlf", "tab\t", "True", "None", "10", "2", "9", "~user*", "<b>", "a/b?c=d#e",
		"CVE-2024-12345", "1.2.3+git",
	}
	numbers = []string{
		"0", "1", "2", "9", "10", "99", "100", "-1", "-10", "2147483648", "9007199254740993",
		"9223372036854775808", "18446744073709551616", "-18446744073709551617",
	}
	floats = []float64{
		0.1, 1, 2.5, -1.5, 100, 1e16, 1e15, 9999999999999998, 1e-4, 1e-5, 1e22, 5e-324,
		1.7976931348623157e308, 123456.789,
	}
	emails = []string{
		"user@example.com", "first.last+tag@example.com", "o'brien@example.org",
		"\u00fcser@ex\u00e4mple.com",
	}
	keyLengths = []int{16, 40, 54, 55, 56, 120} // in hexadecimal digits
	oddKeys    = []string{
		"", "k", "test-k\u00e9y", "test-\U0001f511", "  inner space  ",
	}
	baseURLs = []string{
		"https://host.example.com", "https://host.example.com/base", "http://127.0.0.1:8080",
	}
	spaces = []string{"\n", " \t", "\u00a0", "\u2003", "\x1c"}
)
