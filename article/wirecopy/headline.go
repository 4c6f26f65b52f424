package wirecopy

import (
	"strings"
	"sync"
	"unicode"

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
