package server

import (
	"strings"
	"sync"
	"time"
)

// debuts remembers when articles first stood in a feed of ours, so that it can be
// told how long that took. Only what came in since the program began counts: of
// the rest nobody knows.
type debuts struct {
	mu    sync.Mutex
	begun time.Time
	at    map[string]time.Time // by article id
	order []string             // of the map's keys, the oldest first
}

// maxDebuts is how many are remembered.
const maxDebuts = 10_000

func newDebuts(now time.Time) *debuts {
	return &debuts{begun: now.Truncate(time.Millisecond), at: map[string]time.Time{}} // as the store keeps times
}

// note takes up what an edition shows and the one before did not.
func (d *debuts) note(ed, before *edition, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, f := range ed.feeds {
		if before != nil && before.feeds[id] == f {
			continue
		}
		for i := range f.page.Records {
			r := &f.page.Records[i]
			if _, known := d.at[r.ID]; known || r.FirstSeen.Before(d.begun) {
				continue
			}
			if len(d.order) == maxDebuts {
				delete(d.at, d.order[0])
				d.order = d.order[1:]
			}
			id := strings.Clone(r.ID) // it may lie in the record's text
			d.at[id] = now
			d.order = append(d.order, id)
		}
	}
}

// Debut is when an article first stood in one of the feeds, as far as that is
// known: it came in since the program began, and is not too long ago.
func (p *Publisher) Debut(id string) (time.Time, bool) {
	p.debuts.mu.Lock()
	defer p.debuts.mu.Unlock()
	t, ok := p.debuts.at[id]
	return t, ok
}
