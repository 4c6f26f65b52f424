package feed

import (
	"reflect"
	"sync"

	"wireroom/article"
)

// Memo keeps the entries of the last document of a feed, so that the next one costs
// only those of the articles that differ. The documents are what Prepare makes. It
// may be used by several goroutines at once; the zero value is empty.
type Memo struct {
	mu   sync.Mutex
	last *remembered
}

// remembered are the entries of a document by the ids of their records; it never
// changes.
type remembered struct {
	site    Site
	lang    string
	entries map[string]*entry
}

// Prepare is Prepare, with the entries that are known.
func (m *Memo) Prepare(s Site, c Channel, p Page) *Document {
	m.mu.Lock()
	last := m.last
	m.mu.Unlock()
	lang := c.language(&s)
	if last == nil || last.lang != lang || !reflect.DeepEqual(last.site, s) {
		last = &remembered{}
	}
	d := prepare(s, c, p, func(r *article.Record) *entry {
		if e := last.entries[r.ID]; e != nil && reflect.DeepEqual(e.rec, r) {
			return e
		}
		own := *r // the page may be let go, the entry stays
		return newEntry(&own, &s, lang)
	})
	next := &remembered{site: s, lang: lang, entries: make(map[string]*entry, len(d.entries))}
	for _, e := range d.entries {
		next.entries[e.rec.ID] = e
	}
	m.mu.Lock()
	m.last = next
	m.mu.Unlock()
	return d
}

// Forget lets go of the entries.
func (m *Memo) Forget() {
	m.mu.Lock()
	m.last = nil
	m.mu.Unlock()
}
