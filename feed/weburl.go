package feed

import (
	"regexp"
	"strings"

	"wireroom/article"
)

// webURL returns raw as an absolute http or https URL that consists of the
// characters that feed validators allow, or "": hosts in ASCII, the rest
// percent-encoded, no credentials. The syntax is checked, not the destination.
func webURL(raw string) string { return resolve("", raw) }

// resolve is webURL for a reference that may be relative to base. A reference to
// a place within the page itself is none.
func resolve(base, ref string) string {
	if isWebURL(ref) {
		return ref
	}
	ref = strings.TrimSpace(clean(ref))
	if ref == "" || ref[0] == '#' {
		return ""
	}
	u := article.Resolve(base, ref)
	if isWebURL(u) {
		return u
	}
	// What browsers let stand and validators don't: brackets, bars, capitals, …
	scheme, rest, ok := strings.Cut(u, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	path := rest[end:]
	if path != "" && path[0] != '/' {
		path = "/" + path
	}
	if u = scheme + "://" + strings.ToLower(rest[:end]) + percentEncode(path); isWebURL(u) {
		return u
	}
	return ""
}

// isWebURL reports whether webURL would return s unchanged. Nearly every URL is
// like that, and each entry holds dozens.
func isWebURL(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return false
		}
	}
	end := strings.IndexByte(rest, '/')
	if end < 0 {
		end = len(rest)
	}
	if !isHost(rest[:end]) {
		return false
	}
	fragment := false
	for i := end; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '%':
			if i+2 >= len(rest) || !isHex(rest[i+1]) || !isHex(rest[i+2]) {
				return false
			}
		case c == '#':
			if fragment {
				return false
			}
			fragment = true
		case !urlByte(c):
			return false
		}
	}
	return true
}

// isHost reports whether s is a lower-case ASCII host, with a port or without.
func isHost(s string) bool {
	host, port, found := strings.Cut(s, ":")
	if host == "" || host[0] == '-' || host[0] == '.' || found && port == "" || len(port) > 5 {
		return false
	}
	for i := 0; i < len(host); i++ {
		if c := host[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	for i := 0; i < len(port); i++ {
		if port[i] < '0' || port[i] > '9' {
			return false
		}
	}
	return true
}

// percentEncode encodes every byte that may not stand in the path, query or
// fragment of a URL.
func percentEncode(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + 8)
	fragment := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		ok := urlByte(c)
		switch c {
		case '%':
			ok = i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		case '#':
			ok = !fragment
			fragment = true
		}
		if ok {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// urlByte reports whether c may stand in a URL (RFC 3986, section 2), brackets
// and the percent and number signs aside.
func urlByte(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || strings.IndexByte("-._~/?:@!$&'()*+,;=", c) >= 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// tagForm is the syntax of a tag URI (RFC 4151, section 2.1).
var tagForm = regexp.MustCompile(`^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:`)

// isID reports whether s can stand as the identifier of somebody's feed: a URI
// of one of the schemes that are used for that.
func isID(s string) bool {
	scheme, rest, _ := strings.Cut(s, ":")
	switch scheme {
	case "http", "https":
		return isWebURL(s)
	case "tag":
		if !tagForm.MatchString(s) {
			return false
		}
	case "urn":
		if !strings.Contains(rest, ":") {
			return false
		}
	default:
		return false
	}
	return percentEncode(rest) == rest
}

// hostOf is the host of a URL for people, without "www.".
func hostOf(u string) string {
	_, rest, ok := strings.Cut(u, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#:"); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimPrefix(rest, "www.")
}
