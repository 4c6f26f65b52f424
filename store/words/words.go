// Package words says what counts as a word when articles are searched, so that
// every store finds the same. In goes the clean text of a record, or what a
// reader typed; out come folded words. It does no I/O and knows no language:
// there is no stemming and there are no stop words.
//
// The rules. A word is a run of letters, digits and marks, without case and
// without accents (é is e, Ł is l, ß is ss; Arabic and Hebrew without vowel
// points), in compatibility form (ﬁ is fi, full-width is half-width). Scripts
// that write no spaces, and Korean, whose particles cling to the noun, have
// no words here: each of their characters stands alone, and several typed
// together must stand together. An index of single words can't tell that, so
// it is given the pairs of such characters as well.
package words

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"wireroom/article"
)

// maxWord cuts words in texts and in queries alike, in bytes.
const maxWord = 48

// All yields the words of text in order.
func All(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(text); {
			n, plain := run(text[i:])
			if n > 0 && !each(text[i:i+n], plain, yield) {
				return
			}
			i += n
			if i < len(text) {
				_, size := utf8.DecodeRuneInString(text[i:])
				i += size
			}
		}
	}
}

// run measures the letters and digits at the start of s, and whether they are
// all lower-case ASCII, which most text is.
func run(s string) (n int, plain bool) {
	plain = true
	for n < len(s) {
		c := s[n]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			n++
		case c >= 'A' && c <= 'Z':
			plain = false
			n++
		case c < utf8.RuneSelf:
			return n, plain
		default:
			r, size := utf8.DecodeRuneInString(s[n:])
			if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
				return n, plain
			}
			plain = false
			n += size
		}
	}
	return n, plain
}

// each yields the words of one run: one, or several where scripts change or a
// sign unfolds to several (½, ﷺ).
func each(letters string, plain bool, yield func(string) bool) bool {
	if plain {
		return yield(letters[:cut(letters)])
	}
	for letters = Fold(letters); letters != ""; {
		n, _ := run(letters)
		for piece := letters[:n]; piece != ""; {
			k := word(piece)
			if !yield(piece[:min(k, cut(piece))]) {
				return false
			}
			piece = piece[k:]
		}
		if letters = letters[n:]; letters != "" {
			_, size := utf8.DecodeRuneInString(letters)
			letters = letters[size:]
		}
	}
	return true
}

// word measures the first word of a folded run.
func word(run string) int {
	if run[0] < utf8.RuneSelf && isASCII(run) {
		return len(run)
	}
	for i, r := range run {
		if alone(r) {
			if i == 0 {
				return utf8.RuneLen(r)
			}
			return i
		}
	}
	return len(run)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut is where a word ends that is too long: on a rune boundary.
func cut(s string) int {
	if len(s) <= maxWord {
		return len(s)
	}
	n := maxWord
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// alone reports whether r belongs to a script whose characters stand alone.
func alone(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan) ||
		r == 'ー' // the long vowel of both kanas
}

// Fold takes case, accents and compatibility forms off s.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if accent(r) {
			continue
		}
		r = unicode.ToLower(r)
		if t, ok := plainLetters[r]; ok {
			b.WriteString(t)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// accent reports whether a decomposed mark makes no other letter of its base:
// combining diacritics, Hebrew points, Arabic vowel signs.
func accent(r rune) bool {
	return r >= 0x0300 && r <= 0x036f || r >= 0x0591 && r <= 0x05c7 || r >= 0x064b && r <= 0x0652 || r == 0x0670 || r == 0x0640
}

// plainLetters are letters with a stroke or joined, which Unicode doesn't
// decompose, and the Greek final sigma.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ς': "σ",
}

// Index yields what an index of single words is to hold for r: its words and
// the pairs of characters that stand alone, each once, in no order.
func Index(r *article.Record) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := make(map[string]struct{}, 256)
		add := func(w string) bool {
			if _, ok := seen[w]; ok {
				return true
			}
			seen[w] = struct{}{}
			return yield(w)
		}
		for _, text := range fields(r) {
			last := ""
			for w := range All(text) {
				if !add(w) || isPair(last, w) && !add(last+w) {
					return
				}
				last = w
			}
		}
	}
}

// fields are the searched parts of a record; no phrase reaches from one into
// the next.
func fields(r *article.Record) [3]string {
	return [...]string{r.Headline, r.Standfirst, r.Body.Text}
}

func isPair(a, b string) bool { return a != "" && single(a) && single(b) }

func single(w string) bool {
	r, size := utf8.DecodeRuneInString(w)
	return size == len(w) && alone(r)
}
