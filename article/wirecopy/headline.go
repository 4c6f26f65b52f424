package wirecopy

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"wireroom/article"
)

// maxHeadline is the longest headline that is read for marks, in bytes.
const maxHeadline = 1 << 10

// Title is a headline with its marks taken off and what they said.
type Title struct {
	Text      string           // the headline to be published
	Revision  article.Revision // kind and number
	Urgency   int              // IPTC urgency where a mark tells it, else 0
	Genre     string
	Status    article.Status // canceled for a kill, withheld for a hold, else empty
	Embargo   string         // what followed an embargo mark: until when, as printed; "" if it said no more
	Embargoed bool           // an embargo mark was there: without a time, the piece must be withheld
	Topics    []string       // "GLOBAL MARKETS", "Soccer"
	Marked    bool           // Text is not what came in
}

// Headline returns a headline without the marks of the wires and what they said
// of revision, urgency and genre. clean is empty where there is nothing but
// marks. ReadHeadline tells the rest.
func Headline(raw string) (clean string, revision article.Revision, urgency int, genre string) {
	t := ReadHeadline(raw)
	return t.Text, t.Revision, t.Urgency, t.Genre
}

// ReadHeadline takes the marks of the wires off a headline or a slug: "UPDATE
// 3-Fed …", "CORRECTED-REFILE-…", "1ST LEAD …", "EIL: …", "VERSIÓN CORREGIDA-…",
// "(2nd LD) …", "…, 1st Ld-Writethru". A headline that is nothing but marks, as
// dpa and AFP set on lines of their own, leaves Text empty. Words that merely
// happen to stand before a hyphen or a colon stay.
func ReadHeadline(raw string) Title {
	t := Title{Text: strings.TrimSpace(raw)}
	if t.Text == "" || len(t.Text) > maxHeadline {
		return t
	}
	was := t.Text
	for range 6 {
		if !t.whole() && !t.fence() && !t.bracketHead() && !t.head() && !t.ordinalHead() {
			break
		}
	}
	for range 3 {
		if !t.tail() {
			break
		}
	}
	t.Marked = t.Text != was
	return t
}

var markIndex = sync.OnceValue(func() map[string][]int {
	m := make(map[string][]int, 512)
	for i := range marks {
		for w := range strings.SplitSeq(marks[i].words, "|") {
			if f := fold(w); f != "" {
				m[f] = append(m[f], i)
			}
		}
	}
	return m
})

// reading is a mark that was recognised in some words.
type reading struct {
	*mark
	number int
	words  string // as printed, without the number
}

// readMark reads "UPDATE 3", "2ND LEAD", "2. Zusammenfassung", "CORRECTED
// (OFFICIAL)", "CORRECTED/UPDATE 2". capitals says how it is written.
func readMark(s string) (r reading, ok bool) {
	if s == "" || len(s) > 48 {
		return r, false
	}
	name, n := cutNumber(s)
	cands := markIndex()[fold(name)]
	if len(cands) == 0 {
		return r, false
	}
	loud := upper(name, 2)
	for _, i := range cands {
		if !marks[i].loud || loud {
			return reading{&marks[i], n, strings.TrimSpace(name)}, true
		}
	}
	return r, false
}

// cutNumber takes the number off a mark, before or behind its name.
func cutNumber(s string) (name string, n int) {
	s = strings.Trim(s, " \u00a0.,")
	if w, rest, ok := strings.Cut(s, " "); ok {
		if n, ok := number(strings.ToLower(strings.TrimRight(w, "."))); ok {
			return rest, n
		}
	}
	if w, rest, ok := strings.Cut(s, "-"); ok && len(w) <= 2 { // AFP's "1-Update"
		if n, ok := number(w); ok {
			return rest, n
		}
	}
	i := len(s)
	for i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
		i--
	}
	if i < len(s) && i > 0 && len(s)-i <= 2 {
		if n, ok := number(s[i:]); ok {
			return strings.TrimRight(s[:i], " .#"), n
		}
	}
	for k, r := range s { // "2ndlead", "2NDLEAD"
		if !unicode.IsDigit(r) {
			for _, o := range [...]string{"st", "nd", "rd", "th"} {
				if k > 0 && k <= 2 && hasFold(s[k:], o) && len(s) > k+2 {
					n, _ := number(s[:k])
					return strings.TrimLeft(s[k+2:], " "), n
				}
			}
			break
		}
	}
	return s, 0
}

// apply takes what the mark says; the first of a kind wins.
func (t *Title) apply(r reading, after string) {
	t.Text = strings.TrimLeft(after, " \t\u00a0-–—:+*|")
	if r.kind != "" && (t.Revision.Kind == "" || strength(r.kind) > strength(t.Revision.Kind)) {
		t.Revision.Kind = r.kind
	}
	if r.number > 0 && t.Revision.Number == 0 && (r.kind == "update" || r.kind == "wrap-up" || r.kind == "correction") {
		t.Revision.Number = r.number
	}
	if t.Urgency == 0 || r.urgency > 0 && r.urgency < t.Urgency {
		t.Urgency = r.urgency
	}
	if t.Genre == "" {
		t.Genre = r.genre
	}
	if t.Status == "" || r.status == article.Canceled {
		t.Status = r.status
	}
	if r.topic {
		t.Topics = append(t.Topics, r.words)
	}
	if r.embargo {
		t.Embargoed = true
	}
}

// strength orders the kinds where a headline has several: what a reader must
// know wins over what an editor wants to.
func strength(kind string) int {
	switch kind {
	case "withdrawal":
		return 6
	case "correction":
		return 5
	case "refile":
		return 4
	case "update", "wrap-up":
		return 3
	case "alert":
		return 2
	}
	return 1
}

// whole takes a headline that is nothing but a mark.
func (t *Title) whole() bool {
	s := strings.Trim(t.Text, " -–—:+*()[]=")
	r, ok := readMark(s)
	if !ok || r.topic || r.soft || !upper(s, 2) && r.number == 0 && strength(r.kind) < 2 {
		return false
	}
	t.apply(r, "")
	return true
}

// fence takes the signs that frame a flash: "+++ EIL +++ …", "++ … ++" (ANSA),
// "*** …", and AFP's "=(PICTURE)=".
func (t *Title) fence() bool {
	for _, f := range [...]string{"+++", "++", "***", "**", "*"} {
		if !strings.HasPrefix(t.Text, f) {
			continue
		}
		s := strings.TrimLeft(t.Text, "+* ")
		s = strings.TrimRight(s, "+* ")
		if s == "" || f == "*" && unicode.IsDigit(firstRune(s)) {
			return false
		}
		if in, after, ok := strings.Cut(s, f); ok && f != "*" {
			if r, ok := readMark(strings.TrimSpace(in)); ok {
				t.apply(r, after)
				return true
			}
		}
		if f[0] == '+' && t.Urgency == 0 {
			t.Urgency, t.Revision.Kind = 1, "alert"
			if f == "++" {
				t.Urgency = 2
			}
		}
		t.Text = s
		return true
	}
	return false
}

// bracketHead takes "(LEAD)", "(2nd LD)", "[UPDATE 2]", "(AMPLIACIÓN)".
func (t *Title) bracketHead() bool {
	if t.Text == "" || t.Text[0] != '(' && t.Text[0] != '[' {
		return false
	}
	end := strings.IndexByte(t.Text, closer(t.Text[0]))
	if end < 0 || end > 40 || end+1 >= len(t.Text) {
		return false
	}
	r, ok := readMark(t.Text[1:end])
	if !ok {
		return false
	}
	t.apply(r, t.Text[end+1:])
	return true
}

// head takes a mark that a hyphen, a dash, a colon or a slash ends.
func (t *Title) head() bool {
	s := t.Text
	for i := 0; i < len(s) && i < 48; i++ {
		switch s[i] {
		case '-', ':', '/', '|':
			if t.split(s, i, 1) {
				return true
			}
		case 0xE2:
			for _, d := range [...]string{"–", "—"} {
				if strings.HasPrefix(s[i:], d) && t.split(s, i, len(d)) {
					return true
				}
			}
		}
	}
	return false
}

// split tries the separator of n bytes at i.
func (t *Title) split(s string, i, n int) bool {
	name := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s[:i], "(", " "), ")", " "))
	after := s[i+n:]
	if t.embargo(s[:i], name, after, s[i]) {
		return true
	}
	r, ok := readMark(name)
	if !ok {
		return false
	}
	next := firstRune(strings.TrimLeft(after, " \u00a0"))
	if after == "" || !opens(next) && !unicode.IsDigit(next) {
		return false
	}
	loud := upper(strings.TrimRight(name, " 0123456789"), 2)
	spaced := strings.HasPrefix(after, " ")
	switch {
	case s[i] == ':' && !spaced && !loud:
		return false
	case r.topic && !loud: // Reuters' "Soccer-…", never a compound such as "Tennis-Star"
		if s[i] != '-' || spaced || !english(after) {
			return false
		}
	case r.topic && s[i] != '-' && s[i] != ':' && s[i] != '/':
		return false
	case r.topic && s[i] != '-' && !commodity(name):
		return false
	case s[i] == '/' && (!loud || r.kind == "" && !r.topic):
		return false
	case s[i] == '-' && !spaced && !loud: // "Update-Pflicht", "Feature-Phone"
		return false
	case s[i] != ':' && !loud && (r.soft || r.kind == "" || strength(r.kind) < 3):
		return false
	case r.soft && !loud || r.soft && s[i] == ':' && r.genre == "live": // a page's own label: told, but left
		if t.Genre == "" {
			t.Genre = r.genre
		}
		return false
	}
	t.apply(r, after)
	return true
}

// commodity says whether a topic in capitals may end in a colon or a slash, as
// dpa-AFX writes ("AKTIE IM FOKUS: ").
func commodity(name string) bool {
	return hasFold(name, "aktie") || hasFold(name, "devisen") || hasFold(name, "anleihen") || hasFold(name, "deutsche anleihen") ||
		hasFold(name, "markt") || hasFold(name, "research") || hasFold(name, "global markets")
}

// english reports whether the rest of a headline reads as English.
func english(s string) bool {
	en := false
	for _, w := range words(s, 24) {
		f := fold(w.text)
		if inList(" der die das und mit im fur nach gegen von bei beim zum zur aus ist einen ", f) {
			return false
		}
		en = en || inList(" the of to for after at as with by from on and over into his her their its who beats beat win wins won lead leads says set sign against through back out ", f)
	}
	return en
}

// embargo takes "EMBARGOED UNTIL 1200 GMT - …", "Sperrfrist 18.00 Uhr: …".
func (t *Title) embargo(raw, name, after string, sep byte) bool {
	w, more, _ := strings.Cut(name, " ")
	f := fold(w)
	if f == "strictly" {
		w, more, _ = strings.Cut(more, " ")
		f = fold(w)
	}
	if f != "embargoed" && f != "embargo" && f != "sperrfrist" || !upper(w, 2) && f == "embargo" || after == "" {
		return false
	}
	if sep == ':' && (endsInDigit(raw) && after[0] >= '0' && after[0] <= '9' || more == "" && startsWithTime(after)) {
		return false // the colon of a time, or the one before it
	}
	if sep == '-' && !strings.HasPrefix(after, " ") && endsInDigit(raw) && unicode.IsDigit(firstRune(after)) || sep == '/' {
		return false
	}
	t.Embargoed = true
	t.Embargo = strings.Trim(strings.TrimPrefix(name, w), " :-")
	t.Text = strings.TrimLeft(after, " -–—:")
	return true
}

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

func startsWithTime(s string) bool {
	s = strings.TrimLeft(s, " ")
	return s != "" && unicode.IsDigit(firstRune(s))
}

// ordinalHead takes marks that nothing ends: "2NDLEAD Greece votes", "1ST LEAD
// Merkel …", "URGENT Séisme …".
func (t *Title) ordinalHead() bool {
	for k := 3; k >= 1; k-- {
		i := nthSpace(t.Text, k)
		if i <= 0 || i >= len(t.Text)-1 {
			continue
		}
		name := t.Text[:i]
		r, ok := readMark(name)
		if !ok || r.soft || r.topic || r.kind == "" || !upper(name, 3) || upper(t.Text[i:], 3) && r.number == 0 {
			continue
		}
		if r.number == 0 && r.kind != "alert" && r.kind != "withdrawal" {
			continue
		}
		t.apply(r, t.Text[i+1:])
		return true
	}
	return false
}

func nthSpace(s string, n int) int {
	for i := range len(s) {
		if s[i] == ' ' {
			if n--; n == 0 {
				return i
			}
		}
		if i > 32 {
			break
		}
	}
	return -1
}

// tail takes what is set behind a headline: ", 1st Ld-Writethru", " - lead",
// " (Korrektur)", " =(PHOTO+VIDEO)=", "- Update 2".
func (t *Title) tail() bool {
	s := strings.TrimRight(t.Text, " ")
	if strings.HasSuffix(s, "=") {
		if i := strings.LastIndex(s[:len(s)-1], "="); i > 0 && len(s)-i < 40 {
			t.Text = strings.TrimRight(s[:i], " ")
			return true
		}
		t.Text = strings.TrimRight(s[:len(s)-1], " ") // dpa ends its lines in "="
		return true
	}
	if t.tailBracket(s) {
		return true
	}
	for _, sep := range [...]string{",", " - ", " – ", " — ", "|"} {
		i := strings.LastIndex(s, sep)
		if i <= 0 || len(s)-i > 40 {
			continue
		}
		name := strings.TrimSpace(strings.ReplaceAll(s[i+len(sep):], "-", " "))
		r, ok := readMark(name)
		if !ok || r.topic || r.soft || r.kind == "" || sep == "," && r.number == 0 && !strings.Contains(fold(name), "writethru") || strength(r.kind) < 3 {
			continue
		}
		t.apply(r, s[:i])
		t.Text = strings.TrimRight(t.Text, " ,-–—")
		return true
	}
	return false
}

func (t *Title) tailBracket(s string) bool {
	if s == "" || s[len(s)-1] != ')' && s[len(s)-1] != ']' {
		return false
	}
	open := "("
	if s[len(s)-1] == ']' {
		open = "["
	}
	i := strings.LastIndex(s, open)
	if i <= 0 || len(s)-i > 48 || utf8.RuneCountInString(strings.TrimSpace(s[:i])) < 3 {
		return false
	}
	in := s[i+1 : len(s)-1]
	found := false
	for part := range strings.FieldsFuncSeq(in, func(r rune) bool { return r == ',' || r == ';' || r == '+' }) {
		part = strings.TrimSpace(part)
		r, ok := readMark(part)
		switch {
		case ok && !r.topic && (!r.soft || upper(part, 3)) && (r.kind != "" || upper(part, 3)):
			keep := t.Text
			t.apply(r, keep)
			found = true
		case inList(" pix tv graphic picture pictures photo photos video pix tv audio graphics repetition ", fold(part)) && upper(part, 2):
			found = true
		default:
			return false
		}
	}
	if found {
		t.Text = strings.TrimRight(s[:i], " ")
	}
	return found
}
