package article

import (
	"slices"
	"strings"
	"time"
)

// Query selects articles. Empty fields select everything; within one field any
// value may match, between fields all must. It lives on the floor because the
// store answers it and the feeds ask it.
type Query struct {
	Sources   []string // source ids
	Languages []string // BCP 47; "en" selects "en-GB" too
	Agencies  []string // as in Record.Agencies, in any case
	Topics    []string // a subject's code or name, a keyword, or the kicker, in any case
	Stories   []string // story ids (Record.Story.ID); members of any of them
	Match     string   // words that all must stand in headline, standfirst or text; "quoted phrases" in order
	Since     time.Time
	Entered   Span      // by when the article was first stored by us (Record.FirstSeen)
	Status    Status    // Usable if empty
	Now       time.Time // if set: neither embargoed nor expired then
	ByUpdated bool      // order by Updated instead of Published
	After     Cursor    // the page after this article; zero for the first page
	Limit     int       // at most this many; 0 is 100
}

// Span is a stretch of time, half-open: From <= t < To; a zero end is open.
type Span struct{ From, To time.Time }

// IsZero reports whether s is all time.
func (s Span) IsZero() bool { return s.From.IsZero() && s.To.IsZero() }

// Contains reports whether t is within s.
func (s Span) Contains(t time.Time) bool {
	return (s.From.IsZero() || !t.Before(s.From)) && (s.To.IsZero() || t.Before(s.To))
}

// Cursor is a place in the order of a Query: newest first, ties by id ascending.
type Cursor struct {
	Time time.Time
	ID   string
}

// IsZero reports whether c is the start.
func (c Cursor) IsZero() bool { return c.ID == "" && c.Time.IsZero() }

// Terms are what Query.Topics is held against: names and codes of subjects,
// keywords and the kicker, folded to lower case, without doubles, sorted.
func (r *Record) Terms() []string {
	var t []string
	add := func(s string) {
		if s = strings.ToLower(strings.TrimSpace(s)); s != "" {
			t = append(t, s)
		}
	}
	for _, s := range r.Subjects {
		add(s.Name)
		add(s.Code)
	}
	for _, s := range r.Keywords {
		add(s)
	}
	add(r.Kicker)
	slices.Sort(t)
	return slices.Compact(t)
}

// SpeaksLanguage reports whether a text's language is the wanted one or a
// variety of it: en-GB speaks en (RFC 4647 §3.3.1, basic filtering).
func SpeaksLanguage(has, wanted string) bool {
	if len(has) < len(wanted) || !strings.EqualFold(has[:len(wanted)], wanted) {
		return false
	}
	return len(has) == len(wanted) || has[len(wanted)] == '-'
}
