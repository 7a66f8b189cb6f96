package mistake

import (
	"net/url"
	"path"
	"strings"
)

// resourceMistakes are about the resource in the message (rule resource-verbatim).
func resourceMistakes() []Mistake {
	return []Mistake{
		resourceSigned("resource-with-server", "The whole URL is signed.",
			func(s *Steps, q *Question, resource string) string { return s.server(q) + resource }),
		resourceSigned("resource-with-host", "The host is signed before the resource.",
			func(s *Steps, q *Question, resource string) string {
				_, host, _ := strings.Cut(s.server(q), "://")
				return host + resource
			}),
		resourceSigned("resource-with-host-line",
			"The host is signed before the resource, on a line of its own.",
			func(s *Steps, q *Question, resource string) string {
				_, host, _ := strings.Cut(s.server(q), "://")
				return host + "\n" + resource
			}),
		resourceSigned("resource-with-base-path",
			"The path of the base URL is signed before the resource.", withBasePath),
		resourceChanged("resource-without-query", "A query in the resource is not signed.",
			func(s string) string { return textBefore(s, "?") }),
		{
			ID:   "resource-query-merged",
			Rule: "resource-verbatim",
			What: "The query of the resource is taken off, and its parameters are sorted among the others.",
			Fix:  resourceFix,
			steps: Steps{
				Resource: func(_ *Steps, _ *Question, resource string) string {
					return textBefore(resource, "?")
				},
				Parameters: withQuery,
			},
		},
		resourceChanged("resource-without-fragment",
			"# in the resource and what follows it is not signed.",
			func(s string) string { return textBefore(s, "#") }),
		resourceChanged("resource-slash-trimmed",
			"Slashes at the end of the resource are not signed.",
			func(s string) string { return strings.TrimRight(s, "/") }),
		resourceChanged("resource-slash-added", "A slash is added at the end of the resource.",
			func(s string) string { return strings.TrimSuffix(s, "/") + "/" }),
		resourceChanged("resource-without-first-slash",
			"The slash at the start of the resource is not signed.",
			func(s string) string { return strings.TrimPrefix(s, "/") }),
		resourceChanged("resource-first-slash-added",
			"A slash is added at the start of a resource that has none.",
			func(s string) string { return "/" + strings.TrimPrefix(s, "/") }),
		resourceChanged("resource-decoded", "Percent escapes in the resource are decoded.",
			unescapedPath),
		resourceChanged("resource-encoded",
			"The resource is percent-encoded. Its own escapes are encoded again.",
			percentEncoder(unreserved+"/", "%20", upperHex)),
		resourceChanged("resource-as-sent",
			"The resource is percent-encoded as in a request line. Its own escapes stay.",
			percentEncoder(unreserved+"!$&'()*+,;=:@/?%", "%20", upperHex)),
		resourceChanged("resource-slashes-merged",
			"Several slashes in a row in the resource become one.", mergeSlashes),
		resourceChanged("resource-dots-resolved", "Segments . and .. of the resource are resolved.",
			resolveDots),
		resourceChanged("resource-lower-cased", "The resource is changed to lower case.",
			lowerCase),
		resourceChanged("resource-without-api-prefix",
			"The /api/v1 at the start of the resource is not signed.",
			func(s string) string { return strings.TrimPrefix(s, "/api/v1") }),
		resourceChanged("resource-last-segment", "Only the last segment of the resource is signed.",
			func(s string) string { return s[strings.LastIndex(s, "/")+1:] }),
	}
}

// resourceChanged is a mistake that depends on the text of the resource alone.
func resourceChanged(id, what string, change func(string) string) Mistake {
	return resourceSigned(id, what, func(_ *Steps, _ *Question, resource string) string {
		return change(resource)
	})
}

const resourceFix = "Sign the resource exactly as the caller gives it: without the server, " +
	"and neither encoded, decoded nor normalized."

func resourceSigned(
	id, what string, resource func(*Steps, *Question, string) string,
) Mistake {
	return Mistake{
		ID:   id,
		Rule: "resource-verbatim",
		What: what,
		Fix:  resourceFix,

		steps: Steps{Resource: resource},
	}
}

func withBasePath(s *Steps, q *Question, resource string) string {
	base, err := url.Parse(s.server(q))
	if err != nil {
		return resource
	}
	return strings.TrimSuffix(base.Path, "/") + resource
}

func textBefore(s, mark string) string {
	start, _, _ := strings.Cut(s, mark)
	return start
}

func unescapedPath(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

func mergeSlashes(s string) string {
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	return s
}

func resolveDots(s string) string {
	if !strings.Contains(s, "/.") {
		return s
	}
	clean := path.Clean(s)
	if strings.HasSuffix(s, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}
