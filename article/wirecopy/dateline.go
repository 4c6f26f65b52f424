package wirecopy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wireroom/article"
)

// maxHead is how far into a paragraph a dateline can reach, in bytes.
const maxHead = 240

// Dateline reads the dateline that opens a paragraph: "LIMA, Jan 21 (Reuters) -
// ", "Berlin (dpa) - ", "DUBLIN — ", "NEW DELHI: ", "Berlin. ", "【ソウル＝…】".
// rest is the paragraph without it; both are the paragraph itself where ok is
// false. Text is as printed, without the dash that ends it; places are the
// cities, capitals undone; Date is set where the year is told (see Dated).
func Dateline(paragraph string) (d article.Dateline, rest string, ok bool) {
	s := strings.TrimLeft(paragraph, " \t\r\n\u00a0\ufeff\u200b")
	if s == "" {
		return d, paragraph, false
	}
	if d, rest, ok = eastern(s); ok {
		return d, rest, true
	}
	var stops []cut // "MOSCOW. March 7 (Interfax) - " ends at the dash
	for c := range endings(s) {
		if c.how == stop {
			stops = append(stops, c)
		} else if d, rest, ok := c.read(s); ok {
			return d, rest, true
		}
	}
	for _, c := range stops {
		if d, rest, ok := c.read(s); ok {
			return d, rest, true
		}
	}
	return article.Dateline{}, paragraph, false
}

// ReadDateline reads text that is known to be a dateline, such as the dateline
// of NewsML-G2, NITF or NewsML 1.2. It always keeps the text.
func ReadDateline(field string) article.Dateline {
	if len(field) > 2*maxHead {
		field = strings.ToValidUTF8(field[:2*maxHead], "")
	}
	s := strings.Join(strings.Fields(field), " ")
	if s == "" {
		return article.Dateline{}
	}
	if d, rest, ok := Dateline(s); ok && rest == "" {
		return d
	}
	s = strings.TrimRight(s, " -–—=_:")
	f := readFront(s)
	if !f.bad {
		return f.dateline()
	}
	d := article.Dateline{Text: s} // keep the words, claim no more than they tell
	if i := strings.LastIndex(s, " - "); i > 0 {
		if f = readFront(s[i+3:]); !f.bad && f.when.ok {
			d = f.dateline()
			d.Text = s
			if a := Agencies(s[:i]); d.Agency == "" && len(a) > 0 {
				d.Agency = a[0]
			}
		}
	}
	return d
}

// ending is how a dateline ends.
type ending uint8

const (
	dash    ending = iota
	equals         // Yonhap's and dpa's " = "
	colon          // "NEW DELHI: "
	stop           // "Berlin. "
	bracket        // "Paris (ats afp) " with nothing after the bracket
)

// cut is one place at which a dateline may end: the front is s[:front], the
// rest of the paragraph starts at rest.
type cut struct {
	front, rest int
	how         ending
}

// endings yields the places in the head of s at which a dateline may end, in
// order. Nothing beyond the first line, or the head, is looked at.
func endings(s string) func(func(cut) bool) {
	return func(yield func(cut) bool) {
		for i := 0; i < len(s) && i < maxHead; {
			if b := s[i] | 0x20; b >= 'a' && b <= 'z' || s[i] == ' ' {
				i++
				continue
			}
			c, next, line := endingAt(s, i)
			if line {
				return
			}
			if c.rest > 0 && !yield(c) {
				return
			}
			i = next
		}
	}
}

// endingAt looks at the byte i of s: c.rest is not 0 where a dateline may end
// here; next is where to go on; line says that the line is over.
func endingAt(s string, i int) (c cut, next int, line bool) {
	switch b := s[i]; {
	case b == '\n':
		return c, i, true
	case b == '(' || b == '[' || b == '/' && i > 0:
		return closing(s, i)
	case b == ':':
		if n := skipSpace(s, i+1); n > i+1 || n == len(s) {
			return cut{i, n, colon}, n, false
		}
	case b == '.':
		if n, ok := afterStop(s, i); ok {
			return cut{i, n, stop}, i + 1, false
		}
	case b == '=':
		if i > 0 && s[i-1] == ' ' {
			return cut{i, skipSpace(s, i+1), equals}, i + 1, false
		}
	case b == '-' || b == '_' || b >= utf8.RuneSelf:
		if n, ok := afterDash(s, i); ok {
			return cut{i, n, dash}, n, false
		}
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return c, i + size, false
}

// closing looks from an opening bracket (or slash, as in /TASS/) to its end and
// what follows it.
func closing(s string, i int) (c cut, next int, line bool) {
	end := strings.IndexByte(s[i+1:min(len(s), i+64)], closer(s[i]))
	if end < 0 {
		return c, i + 1, false
	}
	end += i + 2
	if s[i] == '/' {
		if _, ok := lookup(s[i+1 : end-1]); !ok {
			return c, i + 1, false
		}
	}
	if end < len(s) && s[end] == ',' { // "Frankfurt (Oder), 7. März"
		return c, end, false
	}
	n, how := separator(s, end)
	return cut{end, n, how}, max(end, n), false
}

func closer(b byte) byte {
	switch b {
	case '(':
		return ')'
	case '[':
		return ']'
	}
	return b
}

// separator reads what stands between the bracket that ends at i and the text.
func separator(s string, i int) (rest int, how ending) {
	how = bracket
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case isDash(r), r == '_':
			how = dash
		case r == '=':
			how = equals
		case r == ':':
			how = colon
		case r == '.' && how == bracket:
			how = stop
		case r == '.', r == ' ', r == '\t', r == '\u00a0', r == '\u2009', r == '\u202f', r == '>':
		default:
			return i, how
		}
		i += size
	}
	return i, how
}

// afterDash reports whether a dash that can end a dateline stands at i, and
// where the text goes on. A hyphen must stand between spaces or be doubled; an
// en dash must not join two words.
func afterDash(s string, i int) (int, bool) {
	r, size := utf8.DecodeRuneInString(s[i:])
	if !isDash(r) && r != '_' {
		return 0, false
	}
	before := i > 0 && (spaceBefore(s, i) || s[i-1] == '.')
	j := i + size
	doubled := false
	for j < len(s) {
		q, n := utf8.DecodeRuneInString(s[j:])
		if !isDash(q) {
			break
		}
		doubled = true
		j += n
	}
	n := skipSpace(s, j)
	after := n > j || n == len(s)
	switch {
	case r == '—', r == '―', doubled:
		return n, true
	case r == '–', r == '‒':
		return n, before || after
	}
	return n, before && after
}

func isDash(r rune) bool {
	switch r {
	case '-', '–', '—', '―', '‒', '‐', '−', '－':
		return true
	}
	return false
}

func spaceBefore(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsSpace(r)
}

func skipSpace(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\ufeff' {
			break
		}
		i += size
	}
	return i
}

// afterStop reports whether the full stop at i can end a dateline: a capital, a
// quotation mark or nothing follows.
func afterStop(s string, i int) (int, bool) {
	n := skipSpace(s, i+1)
	if n == len(s) {
		return n, true
	}
	r, _ := utf8.DecodeRuneInString(s[n:])
	if n == i+1 && (isDash(r) || r == '.') {
		return 0, false
	}
	return n, opens(r) && (n > i+1 || !unicode.IsDigit(r))
}

// opens reports whether a sentence can begin with r.
func opens(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsTitle(r) || unicode.IsDigit(r) || strings.ContainsRune("\"'“”„«»‘’‚‹(¿¡$€£#@…", r) ||
		unicode.IsLetter(r) && !unicode.IsLower(r)
}
