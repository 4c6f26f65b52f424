package feed

import (
	"fmt"
	"strings"
	"time"

	"wireroom/article"
)

// MaxBytes is the size beyond which a document gets fewer entries; archives,
// which must be whole, are cut into parts instead.
const MaxBytes = 1_000_000

// epoch dates a feed that never had an entry: no format lets the date out, and
// the clock has no place here.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Document is one page of a feed made ready for all formats.
type Document struct {
	site    Site
	channel Channel
	nav     Nav
	whole   bool // Page.Complete
	lang    string
	updated time.Time
	entries []*entry
	graves  []Tombstone
}

// Prepare makes the entries of a page. What may not be published is left out,
// each article is there once, newest first, and where the document would exceed
// MaxBytes in any format the oldest entries are left out of all, but for those
// that Page.Hold names.
func Prepare(s Site, c Channel, p Page) *Document {
	lang := c.language(&s)
	return prepare(s, c, p, func(r *article.Record) *entry { return newEntry(r, &s, lang) })
}

// prepare is Prepare with the entries that entryOf makes of records.
func prepare(s Site, c Channel, p Page, entryOf func(*article.Record) *entry) *Document {
	d := &Document{site: s, channel: c, nav: p.Nav, whole: p.Complete, lang: c.language(&s), updated: second(p.Updated)}
	size := 10_000
	full := false
	present := map[string]bool{}
	for _, r := range inOrder(p.Records, c.Select.ByUpdated) {
		if full && !p.Hold[r.ID] {
			continue
		}
		e := entryOf(r)
		if e == nil {
			continue
		}
		full = full || size+e.size > MaxBytes && len(d.entries) > 0 && p.Nav.Self.Archive == ""
		if full && !p.Hold[r.ID] {
			continue
		}
		size += e.size
		present[e.id] = true
		d.entries = append(d.entries, e)
		d.touch(e.updated)
	}
	if n := len(d.entries); full && p.Paged && n > 0 {
		next := CursorOf(d.entries[n-1].rec, c.Select.ByUpdated)
		d.nav.Next, d.nav.Last = &Place{After: next}, nil
	}
	d.bury(p, present)
	if d.updated.IsZero() {
		d.updated = epoch
	}
	return d
}

// touch moves the document's date forward to t.
func (d *Document) touch(t time.Time) {
	if t.After(d.updated) {
		d.updated = t
	}
}

// bury collects the tombstones: those of the page and those of canceled records
// on it, unless the article is there again.
func (d *Document) bury(p Page, present map[string]bool) {
	add := func(t Tombstone) {
		t.When = second(t.When)
		if t.Ref = strings.TrimSpace(clean(t.Ref)); t.Ref == "" || t.When.IsZero() || present[t.Ref] {
			return
		}
		t.Comment = prose(t.Comment, maxSummary)
		present[t.Ref] = true
		d.graves = append(d.graves, t)
		d.touch(t.When)
	}
	for i := range p.Records {
		if r := &p.Records[i]; r.Status == article.Canceled {
			if t, ok := Bury(r); ok {
				add(t)
			}
		}
	}
	for _, t := range p.Tombstones {
		add(t)
	}
}

// Updated is the date of the document: of its last entry's change, never of its
// making.
func (d *Document) Updated() time.Time { return d.updated }

// Len is the number of entries.
func (d *Document) Len() int { return len(d.entries) }

// Render writes the document in one format.
func (d *Document) Render(f Format) ([]byte, error) {
	switch f {
	case RSS:
		return d.rss()
	case Atom:
		return d.atom()
	case JSON:
		return d.json()
	}
	return nil, fmt.Errorf("render feed %q: unknown format %q", d.channel.ID, string(f))
}

// Render writes one page of a feed in one format. Where several formats are
// wanted, Prepare once.
func Render(f Format, s Site, c Channel, p Page) ([]byte, error) {
	return Prepare(s, c, p).Render(f)
}

// url is the address of another document of the same feed.
func (d *Document) url(f Format, at Place) string { return d.site.FeedURL(&d.channel, f, at) }

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// rfc822 is RFC 822 as RSS wants it: four digits of year, numeric zone.
func rfc822(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
