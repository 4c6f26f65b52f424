package wirecopy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wireroom/article"
)

// Credit is what a sign-off says.
type Credit struct {
	Text     string           // as printed
	Start    int              // where it starts in the paragraph, in bytes; 0 if the whole paragraph is the sign-off
	Editors  []string         // initials, and the names of those credited for editing
	Agencies []string         // one spelling each
	Authors  []article.Person // those credited for reporting and writing, with place and role
}

const (
	maxSignOff   = 1200 // bytes of a paragraph that is a sign-off
	maxInitials  = 12   // editors in one
	maxSignWords = 14   // words of a list of agencies and initials
)

// SignOff reads the sign-off that closes a piece: a paragraph of its own, or the
// end of the last one: "ab/sms (Reuters, AFP)", "(SDA/sj)", "dpa wsz jln npr",
// "(Reporting by X in Y; Editing by Z)", "Quelle: sid/dpa", "© AFP", "==Kyodo",
// "___". The text before Start is the paragraph's own.
func SignOff(paragraph string) (Credit, bool) {
	s := strings.TrimSpace(paragraph)
	if s == "" {
		return Credit{}, false
	}
	if len(s) <= maxSignOff {
		if c, ok := wholeSignOff(s); ok {
			c.Text = s
			return c, true
		}
	}
	if i := tailStart(s); i > 0 {
		c, ok := wholeSignOff(s[i:])
		if !ok {
			c, ok = closingMark(s[i:])
		}
		if ok {
			c.Text = strings.TrimSpace(s[i:])
			c.Start = strings.Index(paragraph, s) + i
			return c, true
		}
	}
	return Credit{}, false
}

// wholeSignOff reads text that is a sign-off from end to end.
func wholeSignOff(s string) (Credit, bool) {
	if rule(s) {
		return Credit{}, true
	}
	inner, _ := peel(s)
	for _, read := range [...]func(string) (Credit, bool){reserved, creditLine, reporting, contributed, sourced, footer, eastSign} {
		if c, ok := read(inner); ok {
			return c, true
		}
	}
	return Credit{}, false
}

// rule reports whether s is nothing but a line: "___", "* * *", "+++".
func rule(s string) bool {
	n := 0
	for _, r := range s {
		switch r {
		case '_', '*', '+', '=', '~', '—', '–', '-', '#':
			n++
		case ' ', '\u00a0':
		default:
			return false
		}
	}
	return n >= 3
}

// peel takes the brackets, dashes and signs off that a sign-off stands in.
func peel(s string) (inner string, bracketed bool) {
	s = strings.TrimLeft(s, " \u00a0=–—-/|+*_•·@")
	s = strings.TrimRight(s, " \u00a0=–—|+*_•·/-")
	for _, p := range [...][2]string{{"(", ")"}, {"[", "]"}, {"（", "）"}} {
		if strings.HasPrefix(s, p[0]) && strings.HasSuffix(s, p[1]) && strings.Count(s, p[0]) == strings.Count(s, p[1]) &&
			strings.Index(s, p[1]) >= strings.LastIndex(s, p[0]) {
			return strings.TrimSpace(s[len(p[0]) : len(s)-len(p[1])]), true
		}
	}
	return s, false
}

// creditLine reads a list of agencies and initials.
func creditLine(s string) (Credit, bool) {
	var c Credit
	if len(s) > 120 || strings.ContainsAny(s, "#{}<>=\"\\%$€") || strings.ContainsAny(s, "!?:;") && !strings.Contains(s, "; ") {
		return c, false
	}
	if f := fold(s); strings.Contains(f, "photo") || strings.Contains(f, "foto") && !strings.Contains(s, ";") || strings.Contains(f, "image") || strings.Contains(f, "bild") {
		return c, false // the credit of a picture
	}
	head, tail, split := strings.Cut(s, "; ") // "ssi, dan; Foto: X; …"
	if split && (!strings.Contains(tail, ":") || strings.Count(s, " ") > 14) {
		return c, false
	}
	joined := strings.Count(head, "/") > 1 && !strings.Contains(head, " ") // "ab/de/dl": no word of a text
	ws := words(head, maxSignWords+1)
	if len(ws) == 0 || len(ws) > maxSignWords {
		return c, false
	}
	for _, w := range ws {
		joined = joined || desk(w.text)
	}
	for i := 0; i < len(ws); {
		if of, n := match(ws[i:], true); n > 0 && !agencies[of].picture && (n > 1 || isCredit(&agencies[of], ws[i].text)) {
			c.agency(agencies[of].name)
			i += n
			continue
		}
		switch w := ws[i].text; {
		case desk(w):
		case (editorMark(w) || joined && initials(w)) && len(c.Editors) < maxInitials:
			c.Editors = append(c.Editors, w)
		case channel(w), place(w, i, &c):
		default:
			return Credit{}, false
		}
		i++
	}
	if split && len(c.Editors) == 0 {
		return Credit{}, false
	}
	return c, len(c.Agencies) > 0 || signature(head, &c)
}

// isCredit keeps small words that happen to be an agency's letters ("map",
// "tap") out of a list unless they are written in capitals.
func isCredit(a *wire, w string) bool {
	return !a.loose && (utf8.RuneCountInString(w) > 2 || !lower(w)) || upper(w, 2)
}

func (c *Credit) agency(name string) {
	if !contains(c.Agencies, name) {
		c.Agencies = append(c.Agencies, name)
	}
}

// editorMark reports whether w can be an editor's mark: up to four small
// letters, "sj", or up to three capitals, "JL". Words of ordinary text don't
// count.
func editorMark(w string) bool {
	n := utf8.RuneCountInString(w)
	if n > 4 || cjk(firstRune(w)) || !lower(w) && (n > 3 || !upper(w, n)) {
		return false
	}
	return !inList(notInitials, strings.ToLower(w))
}

const notInitials = " the and for but not you all any can had her was one our out day get has him his how man new now old see two way who boy did its let put say she too use " +
	"that this with have from they what when your said some them then will here more very just also into only over such no yes so to of in on at by or if it is be as an we do he me my up us go a i " +
	"der die das und ist war mit von auf aus bei ein im am um an zu so da wo wie was wer nur nun dann wenn aber oder auch noch doch sehr mehr hier dort " +
	"les des une est dans pour par sur avec pas que qui son ses aux mais ou et la le de du un en il elle on ne se ce " +
	"los las una por con del que son sus mas como para pero sin el su al es lo y o e " +
	"ago eng укр рус англ суд sic usw bzw ca lol via inkl exkl vgl etc ff pdf mp jpg png tbc tba ok okay ja nein si non oui per che gli con non ne del "

// channel reports whether w is the code of a service in a sign-off: "n1", "E2".
func channel(w string) bool {
	return len(w) <= 3 && endsInDigit(w) && unicode.IsLetter(firstRune(w))
}

// desk reports whether w is the code of one of dpa's desks: "yybb". Who stands
// beside it is an editor, whatever word the initials spell.
func desk(w string) bool {
	return len(w) == 4 && strings.HasPrefix(w, "yy") && lower(w)
}

// place accepts one place after the agencies: "Reuters/kra Frankfurt".
func place(w string, i int, c *Credit) bool {
	return i > 0 && len(c.Agencies) > 0 && (joins(w) || unicode.IsUpper(firstRune(w)) && listed(places, w))
}

// signature decides on initials that stand without an agency: joined by
// slashes, or two or three letters alone.
func signature(s string, c *Credit) bool {
	small := 0
	for _, e := range c.Editors {
		if lower(e) {
			small++
		}
	}
	switch n := len(c.Editors); {
	case n == 0 || small == 0 || strings.Contains(s, "."):
		return false
	case n == 1:
		k := utf8.RuneCountInString(c.Editors[0])
		return k >= 2 && k <= 3 && !strings.ContainsAny(s, ",-") && len(strings.Fields(s)) == 1
	case strings.Contains(s, "/"):
		return true
	}
	return small == len(c.Editors) && strings.Contains(s, ",")
}

// eastSign reads the sign-offs of Japanese, Korean and Chinese copy.
func eastSign(s string) (Credit, bool) {
	var c Credit
	if len(s) > 180 || ascii(s) || !strings.ContainsFunc(s, cjk) {
		return c, false
	}
	if strings.Contains(s, "写真") || strings.Contains(s, "사진") || strings.Contains(s, "图") {
		return c, false // the credit of a picture
	}
	if in, ok := strings.CutPrefix(s, "【"); ok {
		in, ok = strings.CutSuffix(in, "】")
		c.Agencies = Agencies(in)
		return c, ok && !strings.ContainsAny(in, "【】。") && (strings.ContainsAny(in, "、・＝=") || len(c.Agencies) > 0)
	}
	bare := strings.Trim(s, "（）()［］[] 　=＝・")
	c.Agencies = Agencies(bare)
	_, whole := lookup(bare)
	return c, whole && len(c.Agencies) > 0
}

// closingMark reads what is a sign-off only behind the end of a sentence: the
// reporter's name in Japanese copy ("…。【山田太郎】"), a desk's code ("(E-2)").
func closingMark(s string) (Credit, bool) {
	if in, ok := strings.CutPrefix(s, "【"); ok {
		in, ok = strings.CutSuffix(in, "】")
		n := utf8.RuneCountInString(in)
		return Credit{}, ok && n >= 3 && n <= 8 && !strings.ContainsFunc(in, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
	}
	in, bracketed := peel(s)
	desk, n, ok := strings.Cut(in, "-")
	return Credit{}, bracketed && ok && len(desk) <= 3 && upper(desk, 1) && len(n) <= 2 && endsInDigit(n)
}
