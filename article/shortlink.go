package article

import (
	"math/big"
	"strings"
)

// expanders are publishers' short links whose code is the number of the content
// in base 62, with the address that the number makes.
var expanders = []struct{ short, full string }{
	{"p.dw.com/p/", "https://www.dw.com/a-"}, // Deutsche Welle; leads to the article in its language
}

// Unshorten returns the address that a short link's own text tells, or "" if it
// tells none. Nobody is asked.
func Unshorten(short string) string {
	_, rest, _ := strings.Cut(CanonicalURL(short), "://")
	for _, e := range expanders {
		if code, ok := strings.CutPrefix(rest, e.short); ok {
			if n, ok := base62(code); ok {
				return e.full + n
			}
		}
	}
	return ""
}

// base62 reads a number written in digits, capitals and small letters, in this
// order.
func base62(code string) (decimal string, ok bool) {
	if len(code) == 0 || len(code) > 11 || strings.ContainsAny(code, "+-_") {
		return "", false
	}
	swapped := strings.Map(func(r rune) rune { // big.Int has small letters first
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, code)
	n, ok := new(big.Int).SetString(swapped, 62)
	if !ok {
		return "", false
	}
	return n.String(), true
}
