package fetch

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// secretName matches the names of query parameters and headers whose values are
// taken for secrets whatever they look like.
var secretName = regexp.MustCompile(`(?i)token|secret|passw|credential|signature|session|cookie|` +
	`apikey|authkey|accesskey|bearer|jwt|hmac|authori[sz]ation|` +
	`(^|[^a-z])(auth|key|pwd|pass|sig|sid|code|hash|user|userid|username|login|e?mail)$`)

// Redact makes a URL fit to be shown: without user info and fragment, and with
// *** for what may be a secret in the query or the path. What can't be parsed is
// not shown at all.
func Redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(an address that can't be read)"
	}
	return redactURL(u)
}

func redactURL(u *url.URL) string {
	v := *u
	v.User, v.Fragment, v.RawFragment = nil, "", ""
	if v.RawQuery != "" {
		v.RawQuery = redactQuery(v.RawQuery)
	}
	s := v.String()
	head, query, asked := strings.Cut(s, "?")
	segments := strings.Split(head, "/")
	for i, segment := range segments {
		if i > 2 && looksRandom(segment) {
			segments[i] = "***"
		}
	}
	head = strings.Join(segments, "/")
	if asked {
		return head + "?" + query
	}
	return head
}

// redactQuery works on the raw text, because a query needs not be well-formed to
// hold a secret.
func redactQuery(raw string) string {
	pairs := strings.FieldsFunc(raw, func(r rune) bool { return r == '&' || r == ';' })
	for i, pair := range pairs {
		name, value, has := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		switch {
		case has && value != "" && (secretName.MatchString(plain) || looksRandom(value)):
			pairs[i] = name + "=***"
		case looksRandom(name):
			pairs[i] = "***"
		}
	}
	return strings.Join(pairs, "&")
}

// looksRandom tells the tokens of private feeds from words and numbers: sixteen
// or more characters in which letters and digits alternate, or a very long run.
// Hyphens and underscores part words, so that a slug with a date in it is none.
func looksRandom(s string) bool {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	if len(s) < 16 {
		return false
	}
	const none, digit, letter = 0, 1, 2
	changes, run, last := 0, 0, none
	for _, r := range s {
		class := none
		switch {
		case unicode.IsDigit(r):
			class = digit
		case unicode.IsLetter(r):
			class = letter
		}
		if class == none {
			run, last = 0, none
			continue
		}
		if run++; run >= 64 {
			return true
		}
		if last != none && class != last {
			changes++
		}
		last = class
	}
	return changes >= 4
}

// hasSecret reports whether the URL itself carries what is taken for a secret.
func hasSecret(u *url.URL) bool {
	return u.User != nil || u.RawQuery != "" && redactQuery(u.RawQuery) != u.RawQuery
}

const maxForeignText = 200 // bytes of foreign text in an error

// plainText makes foreign text fit for an error: one line, bounded.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	if len(s) > maxForeignText {
		s = strings.ToValidUTF8(s[:maxForeignText], "") + "…"
	}
	return s
}
