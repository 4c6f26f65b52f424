package wirecopy

import (
	"strings"
)

// tailStart returns where a sign-off may begin at the end of a paragraph, after
// the end of a sentence; 0 for nowhere.
func tailStart(s string) int {
	from := max(0, len(s)-420)
	t := s[from:]
	last := lastRune(t)
	switch last {
	case ')', ']', '）':
		if i := strings.LastIndexAny(t, "([（"); i > 0 {
			if i = balanced(t, i); i > 0 && ended(t[:i]) {
				return from + i
			}
			// "ab/sms (Reuters, AFP)"
			if j := beforeMarks(t[:max(i, 0)]); j > 0 && ended(t[:j]) {
				return from + j
			}
		}
	case '】':
		if i := strings.LastIndex(t, "【"); i > 0 && ended(t[:i]) {
			return from + i
		}
	}
	marks := tailMarks[:]
	if !hasTailMark(t) {
		marks = nil
	}
	for _, d := range marks {
		if i := strings.LastIndex(t, d); i > 0 && len(t)-i < 200 && ended(t[:i]) {
			return from + i
		}
	}
	if j := beforeMarks(t); j > 0 && ended(t[:j]) {
		return from + j
	}
	return 0
}

// tailMarks part a sign-off from the sentence before it.
var tailMarks = [...]string{" – ", " — ", " -- ", "==", " - ", " / ", "___", "–", "—"}

// hasTailMark reports whether s may hold a tail mark: each of them has one of these.
func hasTailMark(s string) bool {
	for _, c := range [...]byte{'-', '=', '/', '_'} {
		if strings.IndexByte(s, c) >= 0 {
			return true
		}
	}
	return strings.Contains(s, "–") || strings.Contains(s, "—")
}

// balanced moves i, an opening bracket, out to the one that the end of t closes.
func balanced(t string, i int) int {
	if strings.Count(t[i:], ")") > 1 {
		return strings.LastIndexByte(t[:i], '(')
	}
	return i
}

// beforeMarks returns where the run of initials and agencies that ends t begins.
func beforeMarks(t string) int {
	i := len(strings.TrimRight(t, " "))
	start := 0
	for range 6 {
		j := strings.LastIndexByte(strings.TrimRight(t[:i], " "), ' ') + 1
		if j == 0 {
			break
		}
		w := strings.TrimSpace(t[j:i])
		if !strings.Contains(w, "/") && !signWord(w) || endsSentence(w) {
			break
		}
		start, i = j, j
	}
	if start == 0 || !strings.Contains(t[start:], "/") && len(Agencies(t[start:])) == 0 {
		return 0
	}
	return start
}

func signWord(w string) bool {
	_, ok := lookup(w)
	return ok || lower(w) && editorMark(w)
}

func endsSentence(w string) bool { return strings.ContainsAny(lastOf(w), ".!?") }

func lastOf(w string) string {
	if w == "" {
		return ""
	}
	return string(lastRune(w))
}

// ended reports whether s ends as a sentence does.
func ended(s string) bool {
	s = strings.TrimRight(s, " \u00a0\t\n")
	return s != "" && strings.ContainsRune(".!?…\"”“»«’'。！？」』)）", lastRune(s))
}
