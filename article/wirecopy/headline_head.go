package wirecopy

import (
	"strings"
	"unicode"
)

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
		s := strings.Trim(t.Text, "+* ")
		if s == "" || f == "*" && unicode.IsDigit(firstRune(s)) {
			return false
		}
		if in, after, ok := strings.Cut(s, f); ok && f != "*" {
			if r, ok := readMark(strings.TrimSpace(in)); ok {
				t.apply(r, after)
				return true
			}
		}
		if strings.Contains(s, f) { // a ticker of several headlines
			return false
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
	case r.soft && (!loud || s[i] == ':' || s[i] == '|'): // a paper's own label: told, but left
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
		if !upper(name, 3) { // as most headlines begin
			continue
		}
		r, ok := readMark(name)
		if !ok || r.soft || r.topic || r.kind == "" || upper(t.Text[i:], 3) && r.number == 0 {
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
