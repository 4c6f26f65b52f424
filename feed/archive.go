package feed

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireroom/article"
)

// The archive of a feed (RFC 5005, section 4) is a chain of documents, each of
// one day in UTC, or of ArchiveSize articles of it where a day has more. An
// article's place is the time at which it came into the feed, which no later
// event moves; so what was cut stays cut.
//
// A document is closed once nothing can join it: its day is over, or it is full
// and the next one was begun. A closed document never changes. Its successor
// may not be known yet, so it names the next day's first document, which exists
// from the day's beginning, is open while the day lasts, and may stay empty.

// ArchiveSize is how many articles an archive document holds.
const ArchiveSize = 100

// Entered is when an article came into our feeds: when it was first seen, but
// not before its embargo ended.
func Entered(r *article.Record) time.Time {
	t := r.FirstSeen
	if t.IsZero() {
		t = r.Published
	}
	if r.Embargo.After(t) {
		t = r.Embargo
	}
	return t.UTC()
}

// Dated is a version of an article with the time at which it came into the feed.
// That time must follow the order in which the store took the versions in. An
// article that was corrected may be there once for each version that a reader
// should find: the newest wins.
type Dated struct {
	At     time.Time
	Record article.Record
}

// DayCount says how many versions came into a feed on one day.
type DayCount struct {
	Day   time.Time // midnight, UTC
	Count int
}

// Calendar is what the chain is made from: the feed's days that have articles,
// oldest first, counting those that came in before Until. Until is behind the
// clock by as long as a poll may take to be stored.
type Calendar struct {
	Days  []DayCount
	Until time.Time
}

func midnight(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// NewCalendar counts versions by day.
func NewCalendar(list []Dated, until time.Time) Calendar {
	counts := map[time.Time]int{}
	for i := range list {
		if list[i].At.Before(until) {
			counts[midnight(list[i].At)]++
		}
	}
	c := Calendar{Until: until}
	for day, n := range counts {
		c.Days = append(c.Days, DayCount{day, n})
	}
	slices.SortFunc(c.Days, func(a, b DayCount) int { return a.Day.Compare(b.Day) })
	return c
}

// archiveName is the day, and the part from the second on.
func archiveName(day time.Time, part int) string {
	name := day.Format(time.DateOnly)
	if part > 1 {
		name += "-" + strconv.Itoa(part)
	}
	return name
}

// parseArchive reads an archive's name in its only spelling.
func parseArchive(name string) (day time.Time, part int, ok bool) {
	const n = len(time.DateOnly)
	if len(name) < n {
		return time.Time{}, 0, false
	}
	day, err := time.Parse(time.DateOnly, name[:n])
	part = 1
	if err == nil && len(name) > n {
		part, err = strconv.Atoi(strings.TrimPrefix(name[n:], "-"))
	}
	return day, part, err == nil && archiveName(day, part) == name
}

// parts is how many documents hold n articles; an empty day has one too.
func parts(n int) int { return max(1, (n+ArchiveSize-1)/ArchiveSize) }

// find returns the place of a day among the days, and its count.
func (c *Calendar) find(day time.Time) (at, count int) {
	at, ok := slices.BinarySearchFunc(c.Days, day, func(d DayCount, day time.Time) int { return d.Day.Compare(day) })
	if ok {
		count = c.Days[at].Count
	}
	return at, count
}

// over reports whether nothing that is stored from now on falls on the day.
func (c *Calendar) over(day time.Time) bool { return !day.AddDate(0, 0, 1).After(c.Until) }

// Newest is the name of the newest closed archive that has articles, or "".
func (c *Calendar) Newest() string {
	for _, d := range slices.Backward(c.Days) {
		n := parts(d.Count)
		if !c.over(d.Day) {
			n-- // its last part is open
		}
		if n > 0 {
			return archiveName(d.Day, n)
		}
	}
	return ""
}

// Nav is the navigation of an archive. ok is false if there is no archive of
// that name.
func (c *Calendar) Nav(name string) (nav Nav, ok bool) {
	day, part, ok := parseArchive(name)
	if !ok || len(c.Days) == 0 || day.Before(c.Days[0].Day) || day.After(c.Until) {
		return Nav{}, false
	}
	at, count := c.find(day)
	if part > parts(count) {
		return Nav{}, false
	}
	nav = Nav{Self: Place{Archive: name}, Current: &Place{}, Open: part == parts(count) && !c.over(day)}
	switch {
	case part < parts(count):
		nav.NextArchive = &Place{Archive: archiveName(day, part+1)}
	case c.over(day):
		nav.NextArchive = &Place{Archive: archiveName(day.AddDate(0, 0, 1), 1)}
	}
	switch {
	case part > 1:
		nav.PrevArchive = &Place{Archive: archiveName(day, part-1)}
	case at > 0:
		before := c.Days[at-1]
		nav.PrevArchive = &Place{Archive: archiveName(before.Day, parts(before.Count))}
	}
	return nav, true
}

// CurrentNav is the navigation of the current document.
func (c *Calendar) CurrentNav() Nav {
	var nav Nav
	if name := c.Newest(); name != "" {
		nav.PrevArchive = &Place{Archive: name}
	}
	return nav
}

// Archive is the page of an archive, from the versions that came into the feed
// on its day (others may be among them). What expired must be taken out
// afterwards, or it would move the others; what was canceled stays in and
// becomes a tombstone.
func (c *Calendar) Archive(name string, list []Dated) (Page, error) {
	nav, ok := c.Nav(name)
	if !ok {
		return Page{}, fmt.Errorf("there is no archive %q", name)
	}
	day, part, _ := parseArchive(name)
	var of []*Dated
	for i := range list {
		if v := &list[i]; midnight(v.At).Equal(day) && v.At.Before(c.Until) {
			of = append(of, v)
		}
	}
	byArrival(of)
	from := min(len(of), (part-1)*ArchiveSize)
	p := Page{Nav: nav, Updated: day} // an empty day is dated too
	for _, v := range of[from:min(len(of), from+ArchiveSize)] {
		p.Records = append(p.Records, v.Record)
	}
	return p, nil
}

// byArrival sorts by time, then id, then version.
func byArrival(list []*Dated) {
	slices.SortFunc(list, func(a, b *Dated) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Record.ID, b.Record.ID), cmp.Compare(a.Record.Version, b.Record.Version))
	})
}

// Current is the page of the current document: what Pick chooses, and all that
// no closed archive has, so that whoever polls it and walks back from it misses
// nothing; and the last article of the newest archive, so that the two overlap.
// The list must reach back to the day of that archive.
func (c *Calendar) Current(ch *Channel, list []Dated) Page {
	p := Page{Nav: c.CurrentNav(), Hold: map[string]bool{}}
	all := make([]article.Record, len(list))
	sorted := make([]*Dated, len(list))
	for i := range list {
		all[i], sorted[i] = list[i].Record, &list[i]
	}
	byArrival(sorted)
	p.Records = Pick(ch, all)
	open := c.open(sorted)
	if open > 0 && p.Nav.PrevArchive != nil {
		open--
	}
	for _, v := range sorted[open:] {
		p.Hold[v.Record.ID] = true
		p.Records = append(p.Records, v.Record)
	}
	return p
}

// open is the index of the first version that no closed archive holds.
func (c *Calendar) open(sorted []*Dated) int {
	day, part, ok := parseArchive(c.Newest())
	if !ok {
		return 0
	}
	if c.over(day) {
		day, part = day.AddDate(0, 0, 1), 0
	}
	from, _ := slices.BinarySearchFunc(sorted, day, func(v *Dated, day time.Time) int { return v.At.Compare(day) })
	return min(len(sorted), from+part*ArchiveSize)
}
