package wirecopy

import (
	"strings"
	"unicode/utf8"
)

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
	from := max(0, len(s)-40)
	if !parted(s[from:]) { // as most
		return false
	}
	for _, sep := range [...]string{",", " - ", " – ", " — ", "|"} {
		i := from + strings.LastIndex(s[from:], sep)
		if i < from || i == 0 {
			continue
		}
		name := strings.TrimSpace(strings.ReplaceAll(s[i+len(sep):], "-", " "))
		r, ok := readMark(name)
		if !ok || r.topic || r.soft || r.kind == "" || lower(name) || sep == "," && r.number == 0 && !strings.Contains(fold(name), "writethru") || strength(r.kind) < 3 {
			continue
		}
		t.apply(r, s[:i])
		t.Text = strings.TrimRight(t.Text, " ,-–—")
		return true
	}
	return false
}

// parted reports whether s may hold a sign that parts a tail from its headline.
func parted(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == ',' || c == '-' || c == '|' || c >= utf8.RuneSelf {
			return true
		}
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
		case ok && !r.topic && !r.soft && (r.kind != "" || upper(part, 3)):
			keep := t.Text
			t.apply(r, keep)
			found = true
		case inList(" pix tv graphic graphics picture pictures photo photos video audio ", fold(part)) && upper(part, 2):
			found = found || strings.ContainsAny(in, ",+") || upper(part, 2) && inList(" pix tv ", fold(part))
		default:
			return false
		}
	}
	if found {
		t.Text = strings.TrimRight(s[:i], " ")
	}
	return found
}
