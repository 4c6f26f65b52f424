package fetch

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

const maxAddress = 8 << 10 // bytes of a URL that we would still ask for

// Address makes what a person typed or pasted into the canonical address of a
// source: https is put before a bare name, feed: and feed:// are undone, and the
// rest is as in an exchange: host in ASCII (IDNA), no default port, no fragment.
// User info is handed back apart, because it belongs into a source's secrets.
func Address(s string) (address string, user *url.Userinfo, err error) {
	s = strings.TrimSpace(s)
	if rest, ok := cutPrefixFold(s, "feed:"); ok {
		if rest2, slashes := strings.CutPrefix(rest, "//"); slashes {
			s = "https://" + rest2
		} else {
			s = rest
		}
	}
	if !hasScheme(s) {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := parseURL(s)
	if err != nil {
		return "", nil, err
	}
	user = u.User
	if err := canonical(u); err != nil {
		return "", nil, err
	}
	if address = u.String(); len(address) > maxAddress { // escaped, it may have grown
		return "", nil, errLong
	}
	return address, user, nil
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// hasScheme tells "mailto:x" and "http://x" from "host:8080/x".
func hasScheme(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "./[@") {
		return false
	}
	port, _, _ := strings.Cut(rest, "/")
	return port == "" || strings.Trim(port, "0123456789") != ""
}

var errLong = errors.New("the address is longer than 8 KiB")

// parseURL reads a URL as browsers do where net/url is stricter: spaces around
// it and percent signs that escape nothing are tolerated. Its errors never quote
// the input, which may hold a password.
func parseURL(s string) (*url.URL, error) {
	if len(s) > maxAddress {
		return nil, errLong
	}
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil {
		u, err = url.Parse(escapeStrayPercent(s))
	}
	if err != nil {
		return nil, errors.New("the address is not a valid URL: check it for spaces, brackets and a wrong port")
	}
	return u, nil
}

func escapeStrayPercent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			b.WriteString("%25")
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// canonical brings u, parsed, into the form that is asked for and compared, or
// says why it can't be asked for. User info is dropped.
func canonical(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		if u.Scheme == "" {
			return errors.New("the address has no scheme: write https:// before it")
		}
		return errors.New("only http and https addresses are fetched")
	}
	host, port := u.Hostname(), u.Port()
	if host == "" {
		return errors.New("the address has no host: it should read like https://example.org/feed")
	}
	host, err := asciiHost(host)
	if err != nil {
		return err
	}
	if strings.HasPrefix(host, ".") || strings.Contains(host, "..") {
		return errors.New("the host name has an empty part between its dots")
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	u.Host = host
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return nil
}

// readCanonical reads an address that is canonical as it stands and has nothing odd
// about it, as most are that are asked for: a scan instead of a parse. ok is false where
// it can't be told; the address may be canonical all the same.
func readCanonical(s string) (u url.URL, ok bool) {
	rest, ok := strings.CutPrefix(s, "https://")
	if u.Scheme = "https"; !ok {
		rest, ok = strings.CutPrefix(s, "http://")
		u.Scheme = "http"
	}
	end := strings.IndexByte(rest, '/')
	if !ok || end < 1 || len(s) > maxAddress {
		return url.URL{}, false
	}
	u.Host, u.Path = rest[:end], rest[end:]
	name, port, has := strings.Cut(u.Host, ":")
	if name == "" || name[0] == '.' || has && (len(port) < 4 || strings.Trim(port, "0123456789") != "") || strings.Contains(name, "..") {
		return url.URL{}, false // shorter ports may be a scheme's own
	}
	for _, c := range []byte(name) {
		if addressBytes[c]&inName == 0 {
			return url.URL{}, false
		}
	}
	for i, c := range []byte(u.Path) {
		switch {
		case c == '?' && i+1 < len(u.Path):
			u.Path, u.RawQuery = u.Path[:i], u.Path[i+1:]
			for _, c := range []byte(u.RawQuery) {
				if addressBytes[c]&inQuery == 0 {
					return url.URL{}, false
				}
			}
			return u, true
		case addressBytes[c]&inPath == 0:
			return url.URL{}, false
		}
	}
	return u, true
}

// Where a byte may stand in an address that readCanonical reads.
const (
	inName = 1 << iota
	inPath
	inQuery
)

var addressBytes = func() (table [256]byte) {
	for c := byte('!'); c < 0x7f; c++ {
		lower, letter := 'a' <= c && c <= 'z', 'a' <= c|0x20 && c|0x20 <= 'z'
		digit := '0' <= c && c <= '9'
		if lower || digit || c == '.' || c == '-' {
			table[c] |= inName
		}
		if letter || digit || strings.IndexByte("-._~/", c) >= 0 {
			table[c] |= inPath
		}
		if c != '#' {
			table[c] |= inQuery
		}
	}
	return table
}()

// asciiHost maps a host name to what the DNS knows (UTS #46); addresses and
// names in ASCII are only put into lower case, because many of them in use break
// a rule (underscores).
func asciiHost(host string) (string, error) {
	ascii := true
	for i := range len(host) {
		c := host[i]
		if c >= 0x80 {
			ascii = false
		}
		if c <= ' ' || c == 0x7f || strings.IndexByte(`<>"\^`+"`{|}", c) >= 0 {
			return "", errors.New("the host name has a character that no host name has")
		}
	}
	if ascii {
		if a, err := netip.ParseAddr(host); err == nil {
			return a.String(), nil
		}
		return strings.ToLower(host), nil
	}
	mapped, err := idna.Lookup.ToASCII(host)
	if err != nil || mapped == "" {
		return "", errors.New("the host name is no valid international domain name")
	}
	return mapped, nil
}

// origin is the scheme, host and port of a canonical URL (RFC 6454).
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
