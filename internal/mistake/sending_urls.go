package mistake

import (
	"fmt"
	"net/url"
	"strings"

	"sigkit/signer"
)

// baseURLMistakes send to another server or path.
func baseURLMistakes() []Mistake {
	return []Mistake{
		{
			ID:    "base-url-slash-trimmed",
			Rule:  "base-url",
			What:  "A slash at the end of an explicit base URL is cut off.",
			Fix:   "Use an explicit base URL unchanged.",
			steps: Steps{SendExplicit: func(base string) string { return strings.TrimRight(base, "/") }},
		},
		{
			ID:    "base-url-slash-doubled",
			Rule:  "base-url",
			What:  "A slash is added between base URL and resource, which starts with one.",
			Fix:   "Join base URL and resource without anything between them.",
			steps: Steps{SendBase: func(base string) string { return base + "/" }},
		},
		{
			ID:    "base-url-profile-only",
			Rule:  "base-url",
			What:  "The server_url of the key file is ignored.",
			Fix:   "Profile vigiles: send to the server_url of the key file.",
			steps: Steps{SendServerURL: func(signer.Object) (string, bool) { return "", false }},
		},
		{
			ID:   "base-url-server-url-in-both",
			Rule: "base-url",
			What: "Profile linuxlink: the server_url of the key file is used, too.",
			Fix:  "Read server_url for profile vigiles only.",
			steps: Steps{SendReadsServer: func(_ signer.Profile, explicit bool) bool {
				return !explicit
			}},
		},
		{
			ID:   "base-url-server-url-wins",
			Rule: "base-url",
			What: "The server_url of the key file is used although a base URL is given.",
			Fix:  "Use the base URL if one is given.",
			steps: Steps{SendReadsServer: func(p signer.Profile, _ bool) bool {
				return p == signer.Vigiles
			}},
		},
		{
			ID:    "base-url-server-url-not-stripped",
			Rule:  "base-url",
			What:  "The white space around server_url is kept.",
			Fix:   "Strip it after you parse the file.",
			steps: Steps{SendStripServer: asGiven},
		},
		{
			ID:    "base-url-server-url-slash-kept",
			Rule:  "base-url",
			What:  "A slash at the end of server_url is kept.",
			Fix:   "Cut one slash off its end.",
			steps: Steps{SendServerEnd: same},
		},
		{
			ID:    "base-url-server-url-slashes-cut",
			Rule:  "base-url",
			What:  "All slashes at the end of server_url are cut off.",
			Fix:   "Cut one slash off its end.",
			steps: Steps{SendServerEnd: func(url string) string { return strings.TrimRight(url, "/") }},
		},
		{
			ID:   "base-url-server-url-empty-as-missing",
			Rule: "base-url",
			What: "If server_url is empty, the default server is used.",
			Fix:  "Use server_url whenever the member is there, even if it is empty.",
			steps: Steps{SendServerURL: func(file signer.Object) (string, bool) {
				url, _ := serverURL(file)
				return url, signer.Strip(url) != ""
			}},
		},
		{
			ID:    "base-url-linuxlink-always",
			Rule:  "base-url",
			What:  "Requests of profile vigiles are sent to the server of linuxlink.",
			Fix:   "Use the default server of the profile.",
			steps: Steps{SendDefault: linuxLinkServer},
		},
		otherServer(signer.Vigiles, "https://vigiles.timesys.com"),
		{
			ID:   "sent-query-behind-ampersand",
			Rule: "wire-query",
			What: "The data is sent behind & if the resource has a query.",
			Fix:  "Send ? and the data behind the resource, whatever it contains.",
			steps: Steps{SendQuery: func(url, form string) string {
				if strings.Contains(url, "?") {
					return url + "&" + form
				}
				return url + "?" + form
			}},
		},
		{
			ID:   "sent-query-instead",
			Rule: "wire-query",
			What: "The data is sent instead of the query of the resource.",
			Fix:  "Send ? and the data behind the resource, whatever it contains.",
			steps: Steps{SendQuery: func(url, form string) string {
				return textBefore(url, "?") + "?" + form
			}},
		},
		sentURL("sent-url-joined",
			"Base URL and resource are joined as a browser joins links: the path of the base URL is lost, "+
				"and . and .. are resolved.", joinedURL),
		sentURL("sent-url-one-slash",
			"The URL has exactly one slash between base URL and resource, whatever these have.",
			func(base, resource string) string { return base + "/" + strings.TrimLeft(resource, "/") }),
		sentURL("sent-resource-quoted",
			"The resource is percent-encoded when it is sent, its own escapes once more.",
			func(base, resource string) string { return base + quotedPath(resource) }),
	}
}

func linuxLinkServer(signer.Profile) string { return signer.LinuxLink.DefaultServer() }

// OtherServer is the id of the mistake whose server the diagnosis reads from the requests.
const OtherServer = "base-url-other"

// ToOtherServer returns the mistake of a port that sends the requests of a profile to a server of
// its own, if none is given.
func ToOtherServer(p signer.Profile, server string) *Mistake {
	m := otherServer(p, server)
	m.prepare()
	return &m
}

func otherServer(p signer.Profile, server string) Mistake {
	return Mistake{
		ID:   OtherServer,
		Rule: "base-url",
		What: fmt.Sprintf("Requests of profile %s are sent to %s.", p, server),
		Fix:  fmt.Sprintf("The default server of profile %s is %s.", p, p.DefaultServer()),
		steps: Steps{SendDefault: func(profile signer.Profile) string {
			if profile == p {
				return server
			}
			return profile.DefaultServer()
		}},
	}
}

func sentURL(id, what string, write func(base, resource string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "resource-verbatim",
		What:  what,
		Fix:   "Send base URL and resource as they are, one after the other.",
		steps: Steps{SendURL: write},
	}
}

func joinedURL(base, resource string) string {
	from, err := url.Parse(base)
	to, resourceErr := url.Parse(resource)
	if err != nil || resourceErr != nil {
		return base + resource
	}
	return from.ResolveReference(to).String()
}

// quotedPath is percent-encoded as Python's quote() does it.
var quotedPath = percentEncoder(unreserved+"/", "%20", upperHex)
