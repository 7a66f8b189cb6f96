package mistake

import (
	"net/url"
	"path"
	"strings"

	"sigkit/signer"
)

// layoutMistakes are about method, resource, and how the message is put together.
func layoutMistakes() []Mistake {
	return []Mistake{
		laid("layout-newlines", "Newlines stand between method, resource and parameters.", func(m, r, p string) string { return m + "\n" + r + "\n" + p }),
		laid("layout-blanks", "Blanks stand between method, resource and parameters.", func(m, r, p string) string { return m + " " + r + " " + p }),
		laid("layout-ampersands", "An & stands between method, resource and parameters.", func(m, r, p string) string { return m + "&" + r + "&" + p }),
		laid("layout-question-mark", "A ? stands between resource and parameters, as in a URL.", func(m, r, p string) string { return m + r + "?" + p }),
		laid("layout-colons", "Colons stand between method, resource and parameters.", func(m, r, p string) string { return m + ":" + r + ":" + p }),
		laid("layout-blank-after-method", "A blank stands between method and resource.", func(m, r, p string) string { return m + " " + r + p }),
		laid("layout-newline-before-parameters", "A newline stands between resource and parameters.", func(m, r, p string) string { return m + r + "\n" + p }),
		laid("layout-newline-at-end", "A newline stands at the end of the message.", func(m, r, p string) string { return m + r + p + "\n" }),
		laid("layout-resource-first", "The resource stands before the method.", func(m, r, p string) string { return r + m + p }),
		laid("layout-parameters-first", "The parameters stand before method and resource.", func(m, r, p string) string { return p + m + r }),
		laid("layout-without-method", "The method is not signed.", func(_, r, p string) string { return r + p }),
		laid("layout-without-resource", "The resource is not signed.", func(m, _, p string) string { return m + p }),
		laid("layout-without-parameters", "The parameters are not signed.", func(m, r, _ string) string { return m + r }),
		laid("layout-parameters-only", "Only the parameters are signed.", func(_, _, p string) string { return p }),

		carried("parameters-of-post-only", "Parameters are signed for POST only.", func(w *writer, _ signer.Object, joined string) string {
			return ifMethod(w, joined, "POST")
		}),
		carried("parameters-not-of-get", "Parameters of a GET are not signed.", func(w *writer, _ signer.Object, joined string) string {
			return ifMethod(w, joined, "POST", "PUT", "PATCH", "DELETE")
		}),
		carried("parameters-not-of-delete", "Parameters of a DELETE are not signed.", func(w *writer, _ signer.Object, joined string) string {
			return ifMethod(w, joined, "GET", "POST", "PUT", "PATCH")
		}),
		carried("body-as-json", "The parameters are signed as JSON.", func(_ *writer, data signer.Object, _ string) string { return jsonText(data, "", "") }),
		carried("body-as-json-spaced", "The parameters are signed as JSON, as Python's json.dumps() writes it.", func(_ *writer, data signer.Object, _ string) string { return jsonText(data, " ", " ") }),
		carried("body-as-sent", "The query or the form body is signed as it is sent: encoded, with lists in the caller's order.", func(w *writer, data signer.Object, _ string) string {
			return asForm(w.question, data)
		}),

		{ID: "method-lower-case", Rule: "method-case", What: "The method is signed in lower case.", Fix: "Sign the method in upper case.", slot: "verb", change: func(r *recipe) { r.verb = strings.ToLower }},
		{ID: "method-title-case", Rule: "method-case", What: "The method is signed as Get, Post and so on.", Fix: "Sign the method in upper case.",
			slot: "verb", change: func(r *recipe) { r.verb = func(s string) string { return s[:1] + strings.ToLower(s[1:]) } }},
		mapped("method-patch-as-post", "PATCH is signed as POST.", "PATCH", "POST"),
		mapped("method-patch-as-put", "PATCH is signed as PUT.", "PATCH", "PUT"),
		mapped("method-put-as-post", "PUT is signed as POST.", "PUT", "POST"),
		mapped("method-delete-as-post", "DELETE is signed as POST.", "DELETE", "POST"),
		mapped("method-delete-as-get", "DELETE is signed as GET.", "DELETE", "GET"),
		{ID: "method-always-post", Rule: "method-case", What: "Every request is signed as POST.", Fix: "Sign the method that is sent.", slot: "verb", change: func(r *recipe) { r.verb = func(string) string { return "POST" } }},
		{ID: "method-always-get", Rule: "method-case", What: "Every request is signed as GET.", Fix: "Sign the method that is sent.", slot: "verb", change: func(r *recipe) { r.verb = func(string) string { return "GET" } }},

		routed("resource-with-server", "The whole URL is signed.", func(q *question, s string) string { return server(q) + s }),
		routed("resource-with-host", "The host is signed with the resource.", func(q *question, s string) string {
			_, host, _ := strings.Cut(server(q), "://")
			return host + s
		}),
		routed("resource-with-base-path", "The path of the base URL is signed with the resource.", func(q *question, s string) string {
			if u, err := url.Parse(server(q)); err == nil {
				return strings.TrimSuffix(u.Path, "/") + s
			}
			return s
		}),
		routed("resource-without-query", "A query in the resource is not signed.", func(_ *question, s string) string { before, _, _ := strings.Cut(s, "?"); return before }),
		routed("resource-without-fragment", "What stands behind # in the resource is not signed.", func(_ *question, s string) string { before, _, _ := strings.Cut(s, "#"); return before }),
		routed("resource-slash-trimmed", "A slash at the end of the resource is not signed.", func(_ *question, s string) string { return strings.TrimRight(s, "/") }),
		routed("resource-slash-added", "A slash is put at the end of the resource.", func(_ *question, s string) string { return strings.TrimSuffix(s, "/") + "/" }),
		routed("resource-without-first-slash", "The slash at the start of the resource is not signed.", func(_ *question, s string) string { return strings.TrimPrefix(s, "/") }),
		routed("resource-first-slash-added", "A resource that does not start with a slash gets one.", func(_ *question, s string) string { return "/" + strings.TrimPrefix(s, "/") }),
		routed("resource-decoded", "Percent escapes in the resource are decoded.", func(_ *question, s string) string { return decoded(s, url.PathUnescape) }),
		routed("resource-encoded", "The resource is percent-encoded, escapes of its own included.", func(_ *question, s string) string { return percent(alphanumeric+"_.-~/", "%20", upper)(s) }),
		routed("resource-as-sent", "The resource is percent-encoded as in a request line; escapes of its own stay.", func(_ *question, s string) string {
			return percent(alphanumeric+"_.-~!$&'()*+,;=:@/?%", "%20", upper)(s)
		}),
		routed("resource-slashes-merged", "Two slashes in the resource become one.", func(_ *question, s string) string {
			for strings.Contains(s, "//") {
				s = strings.ReplaceAll(s, "//", "/")
			}
			return s
		}),
		routed("resource-dots-resolved", "Dot segments in the resource are resolved.", func(_ *question, s string) string {
			if !strings.Contains(s, "/.") {
				return s
			}
			clean := path.Clean(s)
			if strings.HasSuffix(s, "/") && clean != "/" {
				clean += "/"
			}
			return clean
		}),
		routed("resource-lower-cased", "The resource is turned into lower case.", func(_ *question, s string) string { return strings.ToLower(s) }),
		routed("resource-without-api-prefix", "The /api/v1 at the start of the resource is not signed.", func(_ *question, s string) string { return strings.TrimPrefix(s, "/api/v1") }),
		routed("resource-last-segment", "Only the last segment of the resource is signed.", func(_ *question, s string) string { return s[strings.LastIndex(s, "/")+1:] }),

		{ID: "vendor-older-plugin", Rule: "list-pairs", What: "This is the signing of the vendor's older plugins for Buildroot, OpenWrt and Yocto: every value by Python's %s, a list as its repr in one pair, the method in upper case, a missing key as None.",
			Fix:  "Give lists one pair per element, sorted; the plugins match the reference only where all values are scalars.",
			slot: "order shape object method secret", change: olderPlugin},
	}
}

func olderPlugin(r *recipe) {
	r.order = func(list signer.List) signer.List { return list }
	r.list = one(func(_ *writer, list signer.List) string { return repr(list) })
	r.object = func(w *writer, key string, o signer.Object) { w.add(key, key, repr(o)) }
	r.method = func(s string) string { return upperOnly(strings.ToUpper(s)) }
	r.secret = noneIfMissing
}

func laid(id, what string, layout func(method, resource, params string) string) Mistake {
	return Mistake{ID: id, Rule: "message-layout", What: what, Fix: "Sign method + resource + parameters, in this order, with nothing between them.", slot: "layout", change: func(r *recipe) { r.layout = layout }}
}

func carried(id, what string, params func(*writer, signer.Object, string) string) Mistake {
	return Mistake{ID: id, Rule: "message-layout", What: what, Fix: "Sign the sorted pairs key=value, whatever the method and however the data is sent.", slot: "params", change: func(r *recipe) { r.params = params }}
}

func mapped(id, what, from, to string) Mistake {
	return Mistake{ID: id, Rule: "method-case", What: what, Fix: "Sign the method that is sent.", slot: "verb", change: func(r *recipe) {
		r.verb = func(s string) string {
			if s == from {
				return to
			}
			return s
		}
	}}
}

func routed(id, what string, resource func(*question, string) string) Mistake {
	return Mistake{ID: id, Rule: "resource-verbatim", What: what, Fix: "Sign the resource as it is given: the path without server, neither decoded nor encoded nor tidied.", slot: "resource", change: func(r *recipe) { r.resource = resource }}
}

// ifMethod keeps the parameters for some methods.
func ifMethod(w *writer, joined string, methods ...string) string {
	for _, m := range methods {
		if strings.EqualFold(w.in.Method, m) {
			return joined
		}
	}
	return ""
}

// server is the base URL of a question.
func server(q *question) string {
	if q.in.BaseURL != nil {
		return *q.in.BaseURL
	}
	profile := signer.Profile(q.in.Profile)
	if q.in.KeyFile != nil {
		if c, err := signer.ParseKeyFile(profile, []byte(*q.in.KeyFile)); err == nil {
			return c.BaseURL
		}
	}
	return profile.DefaultServer()
}
