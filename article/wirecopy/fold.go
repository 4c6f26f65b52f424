package wirecopy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is the form in which names are compared: lower case, without accents,
// words parted by one space, everything but letters and digits dropped.
func fold(s string) string {
	if ascii(s) {
		return foldASCII(s)
	}
	s = norm.NFKD.String(s)
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case r == 'ß':
			gap = pad(&b, gap)
			b.WriteString("ss")
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '.':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			gap = pad(&b, gap)
			b.WriteRune(plain(unicode.ToLower(r)))
		default:
			gap = true
		}
	}
	return b.String()
}

// appendFold appends the folded form of s to b.
func appendFold(b []byte, s string) []byte {
	if ascii(s) {
		return appendASCII(b, s)
	}
	return append(b, fold(s)...)
}

// foldASCII is fold for most text.
func foldASCII(s string) string {
	if folded(s) {
		return s
	}
	var space [256]byte
	return string(appendASCII(space[:0], s))
}

// folded reports whether s is what fold makes of it: words of small ASCII letters and
// digits with one space between them.
func folded(s string) bool {
	gap := s != ""
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			gap = false
		case c == ' ' && !gap:
			gap = true
		default:
			return false
		}
	}
	return !gap
}

func appendASCII(b []byte, s string) []byte {
	from, gap := len(b), false
	for i := range len(s) {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c == '\'', c == '.':
			continue
		default:
			gap = true
			continue
		}
		if gap && len(b) > from {
			b = append(b, ' ')
		}
		gap = false
		b = append(b, c)
	}
	return b
}

func pad(b *strings.Builder, gap bool) bool {
	if gap && b.Len() > 0 {
		b.WriteByte(' ')
	}
	return false
}

// plain maps the letters that no normalisation form takes apart.
func plain(r rune) rune {
	switch r {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ', 'ð':
		return 'd'
	case 'ı':
		return 'i'
	}
	return r
}

func ascii(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		if (s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7])&utf8.RuneSelf != 0 {
			return false
		}
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// word is one word of a text with its place in it.
type word struct {
	text       string
	start, end int
}

// words parts s into runs of letters and digits; runs of Han, kana and Hangul
// are words of their own even where Latin letters touch them. At most max.
func words(s string, max int) []word {
	out := make([]word, 0, min(max, len(s)/6+1, 16))
	start, was := -1, class(0)
	for i, r := range s {
		c := classOf(r)
		if c == was && c != 0 {
			continue
		}
		if start >= 0 {
			out = append(out, word{s[start:i], start, i})
			start = -1
			if len(out) == max {
				return out
			}
		}
		if c != 0 {
			start = i
		}
		was = c
	}
	if start >= 0 {
		out = append(out, word{s[start:], start, len(s)})
	}
	return out
}

type class uint8

const (
	alphabetic class = iota + 1
	ideographic
)

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return alphabetic
		}
		return 0
	case cjk(r):
		return ideographic
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
		return alphabetic
	}
	return 0
}

// cjk reports whether r is a letter of Chinese, Japanese or Korean.
func cjk(r rune) bool {
	return r >= 0x1100 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) ||
		unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r) || r == 'ー')
}

// upper reports whether s has at least n capitals and no small letter.
func upper(s string, n int) bool {
	capitals := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals >= n
}

// lower reports whether s is nothing but lower-case letters.
func lower(s string) bool {
	for _, r := range s {
		if !unicode.IsLower(r) {
			return false
		}
	}
	return s != ""
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
