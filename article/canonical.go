package article

import "strings"

// maxWraps is how many wrappings one inside the other are taken off.
const maxWraps = 32

// CanonicalURL returns the address of an article in the form in which two links
// to it are compared, or "" if raw is not an absolute http or https URL or is
// longer than MaxURL. The canonical URL of a canonical URL is itself.
//
// What changes: scheme and host in lower case and ASCII, user information and
// default port gone, dot segments resolved, percent-encoding in one spelling
// (RFC 3986 section 6.2.2), fragment gone unless it routes ("#!", "#/"),
// parameters that only say who clicked where gone (see tracking.go), session ids
// gone, links that other services wrapped around the article unwrapped (see
// wrapped.go).
//
// What stays, since it may tell two articles apart: scheme, path with its case
// and its last slash, all other parameters in their order.
func CanonicalURL(raw string) string {
	if raw = trimURL(raw); raw == "" || len(raw) > MaxURL {
		return ""
	}
	for range maxWraps {
		a, plain := plainAddress(raw)
		if !plain {
			var ok bool
			if a, ok = parseBase(raw); !ok {
				return ""
			}
			a.normalise()
		}
		inner := a.unwrap()
		switch {
		case inner != "":
			raw = inner
			continue
		case !plain:
			raw = a.String()
		}
		if len(raw) > MaxURL {
			return ""
		}
		return raw
	}
	return ""
}

// plainAddress reads an address that is normalised as it stands, as many are: a host in
// lower case without a port, a path of unreserved characters, nothing behind it.
func plainAddress(raw string) (a address, ok bool) {
	a.scheme = "https"
	rest, ok := strings.CutPrefix(raw, "https://")
	if !ok {
		a.scheme = "http"
		rest, ok = strings.CutPrefix(raw, "http://")
	}
	end := strings.IndexByte(rest, '/')
	if !ok || end <= 0 || rest[end-1] == '.' || !validHost(rest[:end]) {
		return a, false
	}
	a.host, a.path = rest[:end], rest[end:]
	for i := range end {
		if c := rest[i]; c >= 'A' && c <= 'Z' {
			return a, false
		}
	}
	for i := end; i < len(rest); i++ {
		if c := rest[i]; c == '/' && i+1 < len(rest) && rest[i+1] == '.' || c != '/' && !unreserved(c) {
			return a, false
		}
	}
	return a, true
}

// LinkKey returns what two links to the same page most likely have in common,
// for recognising an article whose address changed in passing: the canonical
// URL without scheme, without "www.", "m." and "amp." before the host, and
// without a slash at the end of the path. It is a key to compare, no address;
// empty where CanonicalURL is.
func LinkKey(raw string) string {
	_, key, _ := strings.Cut(CanonicalURL(raw), "://")
	for _, prefix := range [...]string{"www.", "amp.", "mobile.", "m."} {
		if rest, ok := strings.CutPrefix(key, prefix); ok && strings.Contains(hostOf(rest), ".") {
			key = rest
			break
		}
	}
	if path, query, found := strings.Cut(key, "?"); found {
		return strings.TrimSuffix(path, "/") + "?" + query
	}
	return strings.TrimSuffix(key, "/")
}

func hostOf(s string) string {
	host, _, _ := strings.Cut(s, "/")
	return host
}

// normalise gives each part its canonical spelling and drops what does not
// belong to the article.
func (a *address) normalise() {
	a.host = canonicalHost(a.scheme, a.host)
	a.path = removeDots(spell(dropSession(a.path)))
	if a.path == "" {
		a.path = "/"
	}
	if a.queried {
		host, _ := splitPort(a.host)
		a.query = dropTracking(host, spell(a.query))
		a.queried = a.query != ""
	}
	a.framed = strings.HasPrefix(a.fragment, "!") || strings.HasPrefix(a.fragment, "/")
	a.fragment = spell(a.fragment)
}

func canonicalHost(scheme, hostport string) string {
	host, port := splitPort(strings.ToLower(hostport))
	host = strings.TrimSuffix(host, ".")
	port = strings.TrimLeft(port, "0")
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return host
	}
	return host + ":" + port
}

// dropSession drops ";jsessionid=…", which Java servers put into the path of
// those who take no cookies.
func dropSession(path string) string {
	const mark = ";jsessionid="
	i := strings.IndexByte(path, ';')
	if i < 0 {
		return path
	}
	for ; i+len(mark) <= len(path); i++ {
		if path[i] != ';' || !strings.EqualFold(path[i:i+len(mark)], mark) {
			continue
		}
		end := strings.IndexAny(path[i+1:], ";/")
		if end < 0 {
			return path[:i]
		}
		return path[:i] + dropSession(path[i+1+end:])
	}
	return path
}
