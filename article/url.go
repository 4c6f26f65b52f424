package article

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// MaxURL is the longest URL that is kept, in bytes.
const MaxURL = 4 << 10

// address is an http or https URL in its parts (RFC 3986 section 3), as it was
// written; user information is dropped on the way in.
type address struct {
	scheme   string // "http" or "https"
	host     string // with port
	path     string // empty or from its first "/"
	query    string // without "?"
	fragment string // without "#"
	queried  bool   // there was a "?"
	framed   bool   // there was a "#"
}

// Resolve returns the absolute URL that ref means on the page base, by RFC 3986
// section 5.2 with the repairs that browsers do: white space around it and
// control characters within are dropped, backslashes are slashes, a space or
// another character that no URL may hold is percent-encoded, a host is brought
// into its ASCII form, "http:/host" has lost a slash. A ref of another scheme
// (mailto, data, javascript, …) comes back as it is but for the control
// characters, so the caller must look at the scheme. Empty if ref is relative
// and base is not an absolute http or https URL, or if the host is impossible.
func Resolve(base, ref string) string {
	if isPlain(ref) {
		return ref
	}
	ref = trimURL(ref)
	scheme, rest := splitScheme(ref)
	if scheme != "" && scheme != "http" && scheme != "https" {
		return scheme + ":" + rest
	}
	if scheme != "" {
		if abs, ok := parseAddress(scheme, rest); ok {
			return abs.encoded().String()
		}
		return ""
	}
	b, ok := parseBase(base)
	if !ok {
		return ""
	}
	return b.join(ref).String()
}

// isPlain reports whether ref is an absolute URL that needs no repair, as nearly
// all are.
func isPlain(ref string) bool {
	rest, ok := strings.CutPrefix(ref, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(ref, "http://"); !ok {
			return false
		}
	}
	end := 0
	for end < len(rest) && rest[end] != '/' && rest[end] != '?' && rest[end] != '#' {
		end++
	}
	if rest[:end] == "" || !validHost(rest[:end]) {
		return false
	}
	fragment := false
	for i := end; i < len(rest); i++ {
		switch {
		case rest[i] == '#' && !fragment:
			fragment = true
		case !urlByte(rest, i), rest[i] == '/' && i+1 < len(rest) && (rest[i+1] == '.' || rest[i+1] == '%'):
			return false
		}
	}
	return true
}

func parseBase(base string) (address, bool) {
	scheme, rest := splitScheme(trimURL(base))
	if scheme != "http" && scheme != "https" {
		return address{}, false
	}
	return parseAddress(scheme, rest)
}

// join is RFC 3986 section 5.2.2 for a reference without a scheme.
func (a address) join(ref string) address {
	if len(ref) > 1 && slash(ref[0]) && slash(ref[1]) {
		r, ok := parseAddress(a.scheme, ref)
		if !ok {
			return address{}
		}
		return r.encoded()
	}
	r := address{scheme: a.scheme, host: a.host}
	r.split(ref)
	switch {
	case strings.HasPrefix(r.path, "/"):
		r.path = removeDots(r.path)
	case r.path != "":
		r.path = removeDots(a.path[:strings.LastIndexByte(a.path, '/')+1] + r.path)
		if !strings.HasPrefix(r.path, "/") {
			r.path = "/" + r.path
		}
	default:
		r.path = a.path
		if !r.queried {
			r.query, r.queried = a.query, a.queried
		}
	}
	return r.encoded()
}

// trimURL drops what browsers drop: white space and controls at the ends, tabs,
// line ends and other controls anywhere.
func trimURL(s string) string {
	if s == "" || isWords(s) { // as most are, which have no space either
		return s
	}
	s = strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7F && r <= 0xA0 || r == 0xFEFF || r >= 0x2000 && r <= 0x200F || r == 0x3000 || r == 0x2028 || r == 0x2029
	})
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7F {
			return strings.Map(func(r rune) rune {
				if r < ' ' || r == 0x7F {
					return -1
				}
				return r
			}, s)
		}
	}
	return s
}

// splitScheme splits off the scheme in lower case; it is empty for a relative
// reference.
func splitScheme(s string) (scheme, rest string) {
	if strings.HasPrefix(s, "https:") { // as most
		return "https", s[len("https:"):]
	}
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		switch {
		case c >= 'a' && c <= 'z' && s[i] >= 'A':
		case i > 0 && (s[i] >= '0' && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.'):
		case i > 0 && s[i] == ':':
			return strings.ToLower(s[:i]), s[i+1:]
		default:
			return "", s
		}
	}
	return "", s
}

// parseAddress reads what follows "http:".
func parseAddress(scheme, rest string) (address, bool) {
	for rest != "" && slash(rest[0]) {
		rest = rest[1:]
	}
	end := 0
	for end < len(rest) && !slash(rest[end]) && rest[end] != '?' && rest[end] != '#' {
		end++
	}
	authority := rest[:end]
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	host, ok := cleanHost(authority)
	if !ok {
		return address{}, false
	}
	a := address{scheme: scheme, host: host}
	a.split(rest[end:])
	a.path = removeDots(a.path)
	return a, true
}

// split fills path, query and fragment.
func (a *address) split(s string) {
	s, a.fragment, a.framed = strings.Cut(s, "#")
	a.path, a.query, a.queried = strings.Cut(s, "?")
	if strings.IndexByte(a.path, '\\') >= 0 {
		a.path = strings.ReplaceAll(a.path, `\`, "/")
	}
}

func slash(c byte) bool { return c == '/' || c == '\\' }

// hostNames maps international names to ASCII as browsers do (UTS 46); it does
// not insist on letters, digits and hyphens, since names with "_" are in use.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// cleanHost returns host[:port] in ASCII. The case of an ASCII name stays.
func cleanHost(authority string) (string, bool) {
	host, port := splitPort(authority)
	if !validPort(port) {
		return "", false
	}
	if strings.HasPrefix(host, "[") {
		ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || !ip.Is6() || ip.Zone() != "" || !strings.HasSuffix(host, "]") {
			return "", false
		}
		host = "[" + ip.String() + "]"
	} else {
		if strings.IndexByte(host, '%') >= 0 {
			host = unescape(host)
		}
		if !isASCII(host) {
			ascii, err := hostNames.ToASCII(host)
			if err != nil {
				return "", false
			}
			host = ascii
		}
		if !validHost(host) {
			return "", false
		}
	}
	if port != "" {
		host += ":" + port
	}
	return host, true
}

func splitPort(authority string) (host, port string) {
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || i < strings.LastIndexByte(authority, ']') {
		return authority, ""
	}
	return authority[:i], authority[i+1:]
}

func validPort(port string) bool {
	n := 0
	for i := 0; i < len(port); i++ {
		if port[i] < '0' || port[i] > '9' || n > 65535 {
			return false
		}
		n = n*10 + int(port[i]-'0')
	}
	return port == "" || n > 0 && n <= 65535
}

// validHost reports whether a name of letters, digits, hyphens, underscores and
// dots could be one: no empty label, RFC 1035's lengths.
func validHost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 {
		return false
	}
	label := 0
	for i := 0; i < len(host); i++ {
		switch c := host[i]; {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
			continue
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z', c == '-', c == '_':
			label++
		default:
			return false
		}
		if label > 63 {
			return false
		}
	}
	return label > 0
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// removeDots is RFC 3986 section 5.2.4, one pass; encoded dots count.
func removeDots(path string) string {
	if !strings.Contains(path, "/.") && !strings.Contains(path, "/%2") && !strings.HasPrefix(path, ".") {
		return path
	}
	segments := strings.Split(path, "/")
	out := segments[:0]
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case dots(s) == 1:
			if last {
				out = append(out, "")
			}
		case dots(s) == 2:
			if len(out) > 1 || len(out) == 1 && out[0] != "" {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}

// dots is 1 for ".", 2 for "..", in any encoding, else 0.
func dots(segment string) int {
	n := 0
	for segment != "" {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) > 2 && (segment[:3] == "%2e" || segment[:3] == "%2E"):
			segment = segment[3:]
		default:
			return 0
		}
		n++
	}
	if n > 2 {
		return 0
	}
	return n
}

// encoded percent-encodes what may not stand in a URL. What is encoded already
// stays as it is.
func (a address) encoded() address {
	a.path, a.query, a.fragment = encode(a.path), encode(a.query), encode(a.fragment)
	return a
}

// String puts the parts together; an address without a host is "".
func (a address) String() string {
	if a.host == "" {
		return ""
	}
	var b strings.Builder
	b.Grow(len(a.scheme) + 3 + len(a.host) + len(a.path) + len(a.query) + len(a.fragment) + 2)
	b.WriteString(a.scheme)
	b.WriteString("://")
	b.WriteString(a.host)
	b.WriteString(a.path)
	if a.queried {
		b.WriteByte('?')
		b.WriteString(a.query)
	}
	if a.framed {
		b.WriteByte('#')
		b.WriteString(a.fragment)
	}
	return b.String()
}

// RegistrableDomain returns the part of host that somebody registered
// ("bbc.co.uk" for "www.bbc.co.uk"), by the public suffix list. Addresses, bare
// names and public suffixes are their own. A port is ignored.
func RegistrableDomain(host string) string {
	host = strings.ToLower(host)
	if isIP(host) {
		return host
	}
	host, _ = splitPort(host)
	host = strings.TrimSuffix(host, ".")
	if isIP(strings.Trim(host, "[]")) {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// isIP reports whether host is an address. Names, which end in a letter and have no
// colon, are told at once.
func isIP(host string) bool {
	if host == "" || strings.IndexByte(host, ':') < 0 && (host[len(host)-1] < '0' || host[len(host)-1] > '9') {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}
