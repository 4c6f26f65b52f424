package webpage

import (
	"html"
	"strings"
	"unicode"

	"wireroom/article"
)

// plain returns a value of linked data or of a meta element as one clean line:
// such values often hold tags and entities that were encoded once too often.
func plain(s string) string {
	if strings.IndexByte(s, '<') >= 0 && strings.IndexByte(s, '>') >= 0 {
		s = article.PlainText(s)
	}
	for range 2 {
		if strings.IndexByte(s, '&') < 0 {
			break
		}
		s = html.UnescapeString(s)
	}
	return article.Line(s)
}

// fold brings a text into a form in which the same words compare equal: lower
// case, no punctuation, one space between words.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		case r == 0xAD || r == '\'' || r == '’' || r == 0x200B:
		default:
			space = true
		}
	}
	return b.String()
}

// alike is the share of the words of two texts that both have (Dice).
func alike(a, b string) float64 {
	if a == b && a != "" {
		return 1
	}
	wa, wb := shingles(a), shingles(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	n := make(map[string]int, len(wa))
	for _, w := range wa {
		n[w]++
	}
	both := 0
	for _, w := range wb {
		if n[w] > 0 {
			n[w]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(wa)+len(wb))
}

// shingles are the words of a folded text; of scripts without spaces, its
// letters.
func shingles(s string) []string {
	f := strings.Fields(s)
	if len(f) > 0 && len(s)/len(f) < 20 {
		return f
	}
	var out []string
	for _, r := range s {
		if r != ' ' {
			out = append(out, string(r))
		}
	}
	return out
}

// endsSentence reports whether s ends as a sentence does.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, "\"'”’»“‘)]」』） ")
	for _, e := range []string{".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔", ":", ";"} {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}
