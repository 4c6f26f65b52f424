package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed/atom"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// chronicle is a newsroom whose feed lives through days.
type chronicle struct {
	*newsroom
	rand    *rand.Rand
	now     time.Time
	latest  map[string]article.Record
	numbers []int
	closed  map[string]string // closed archives that were served, by address
}

func newChronicle(t *testing.T, seed uint64, limit int) *chronicle {
	n := newNewsroom(t, feed.Channel{ID: "world", Title: "World", Select: article.Query{Limit: limit}})
	c := &chronicle{newsroom: n, rand: rand.New(rand.NewPCG(seed, 7)), now: start, latest: map[string]article.Record{}, closed: map[string]string{}}
	n.pub.archive.now = func() time.Time { return c.now }
	return c
}

// live lets an hour pass in which articles arrive and are corrected.
func (c *chronicle) live(rate int) {
	c.t.Helper()
	var list []article.Record
	for range c.rand.IntN(2*rate + 1) {
		c.now = c.now.Add(time.Duration(c.rand.Int64N(int64(time.Hour) / int64(2*rate+1))))
		r := story("north", len(c.numbers))
		if len(c.numbers) > 10 && c.rand.IntN(8) == 0 {
			c.file(list...) // one poll has an article once
			list = nil
			i := c.numbers[c.rand.IntN(len(c.numbers))]
			r = c.latest[story("north", i).ID]
			r.Version++
			r.Standfirst = fmt.Sprintf("version %d", r.Version)
			r.FirstSeen, r.Updated = c.now, c.now
		} else {
			c.numbers = append(c.numbers, len(c.numbers))
			r.FirstSeen, r.Updated = c.now, c.now
			r.Published = c.now.Add(-time.Duration(c.rand.IntN(72)) * time.Hour) // sources date as they like
			r.Standfirst = "version 1"
		}
		c.latest[r.ID] = r
		list = append(list, r)
	}
	c.now = c.now.Truncate(time.Hour).Add(time.Hour)
	c.file(list...)
	if err := c.pub.Sweep(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	c.sound()
}

// sound holds the versions that a shelf knows by heart to its lists.
func (c *chronicle) sound() {
	c.t.Helper()
	a := c.pub.archive
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, s := range a.shelves {
		had := s.versions()
		s.have = nil
		if diff := cmp.Diff(s.versions(), had); diff != "" {
			c.t.Fatalf("%s (-lists +known):\n%s", id, diff)
		}
	}
}

// document reads a document of the feed, and holds closed archives to the bytes
// that were served before.
func (c *chronicle) document(url string) *atom.Feed {
	c.t.Helper()
	a := c.get(strings.TrimPrefix(url, c.srv.URL))
	if a.status != 200 {
		c.t.Fatalf("GET %s: %d", url, a.status)
	}
	if a.header.Get("Cache-Control") == keepClosed[0] {
		if before, ok := c.closed[url]; ok && before != a.body {
			c.t.Fatalf("the closed archive %s changed", url)
		}
		c.closed[url] = a.body
	}
	f, err := (&atom.Parser{}).Parse(bytes.NewReader([]byte(a.body)))
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

func relation(f *atom.Feed, name string) string {
	for _, l := range f.Links {
		if l.Rel == name {
			return l.Href
		}
	}
	return ""
}

// follower is what RFC 5005 makes of a subscriber: it polls the current document
// and walks back until an archive that it has read.
type follower struct {
	entries map[string]string // id: summary of the newest version
	read    map[string]bool
}

func newFollower() *follower { return &follower{entries: map[string]string{}, read: map[string]bool{}} }

func (r *follower) poll(c *chronicle) {
	newer := map[string]bool{}
	for url := c.srv.URL + "/feeds/world.atom"; url != ""; {
		f := c.document(url)
		for _, e := range f.Entries {
			if !newer[e.ID] { // documents are read from the newest on
				newer[e.ID] = true
				r.entries[e.ID] = e.Summary
			}
		}
		url = relation(f, "prev-archive")
		if r.read[url] {
			return
		}
		if url != "" {
			r.read[url] = true
		}
	}
}

func (r *follower) check(c *chronicle, who string) {
	c.t.Helper()
	if len(r.entries) != len(c.latest) {
		c.t.Errorf("%s has %d of %d articles", who, len(r.entries), len(c.latest))
	}
	for id, rec := range c.latest {
		if got := r.entries[id]; got != rec.Standfirst {
			c.t.Errorf("%s has %q of %s, not %q", who, got, id, rec.Standfirst)
		}
	}
}

// TestArchives polls a feed at all sorts of intervals while articles arrive and
// are corrected: no reader misses any or keeps an old version, closed archives
// never change, the chain holds in both directions, and whoever comes last and
// walks it all finds every article.
func TestArchives(t *testing.T) {
	t.Parallel()
	for rate, hours := range map[int]int{1: 52, 12: 26, 60: 6} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			c := newChronicle(t, uint64(rate), 30)
			readers := map[int]*follower{1: newFollower(), 5: newFollower(), 24: newFollower()}
			for h := range hours {
				c.live(rate)
				for every, r := range readers {
					if h%every == 0 {
						r.poll(c)
					}
				}
				readers[1].check(c, fmt.Sprintf("hour %d: the hourly reader", h))
				if t.Failed() {
					return
				}
			}
			last := newFollower()
			for who, r := range map[string]*follower{"hourly": readers[1], "five-hourly": readers[5], "daily": readers[24], "newcomer": last} {
				r.poll(c)
				r.check(c, who)
			}
			if len(last.read) < 2 {
				t.Errorf("walked %d archives", len(last.read))
			}
			for url := range last.read {
				next := c.document(relation(c.document(url), "next-archive"))
				if prev := relation(next, "prev-archive"); prev != url {
					t.Errorf("%s names the next archive, which names %s before it", url, prev)
				}
			}
		})
	}
}

// TestArchiveReplicas: two publishers on one store, of which either may close a
// document, and one that starts later, hand out the same bytes.
func TestArchiveReplicas(t *testing.T) {
	t.Parallel()
	c := newChronicle(t, 1, 20)
	second := func() *Publisher {
		p, err := NewPublisher(c.store, c.pub.log)
		if err != nil {
			t.Fatal(err)
		}
		p.archive.now = func() time.Time { return c.now }
		ed := c.pub.current.Load()
		if err := p.Set(t.Context(), ed.site, ed.channels); err != nil {
			t.Fatal(err)
		}
		return p
	}
	other := second()
	for h := range 30 {
		c.live(8)
		if err := other.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
		if h%3 == 0 { // the other one is first at the next change
			c.now = c.now.Add(20 * time.Minute)
			if err := other.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 { // who was late learns at the next look that the other one has closed a document
		for _, p := range []*Publisher{c.pub, other} {
			if err := p.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	late := second()
	for name, p := range map[string]*Publisher{"other": other, "late": late} {
		for _, f := range feed.Formats() {
			if got, want := p.snapshotOf(t, "world", f), c.pub.snapshotOf(t, "world", f); got.Tag != want.Tag {
				t.Errorf("%s: the current %s differs", name, f)
			}
		}
		for n := 1; n <= c.pub.archive.view("world").closed; n++ {
			ed := p.current.Load()
			got, _, err := p.archived(t.Context(), ed, ed.channels[0], n, feed.Atom)
			if err != nil {
				t.Fatal(err)
			}
			want, _, err := c.pub.archived(t.Context(), c.pub.current.Load(), ed.channels[0], n, feed.Atom)
			if err != nil || got.Tag != want.Tag {
				t.Errorf("%s: archive %d differs (%v)", name, n, err)
			}
		}
	}
	if c.pub.archive.view("world").closed < 3 {
		t.Error("too little was closed to prove anything")
	}
}

// TestArchiveKill: a canceled article leaves a closed archive too, and the
// others keep their places.
func TestArchiveKill(t *testing.T) {
	t.Parallel()
	c := newChronicle(t, 3, 20)
	for range 30 {
		c.live(6)
	}
	before := c.document(c.srv.URL + "/feeds/world/archive/1.atom")
	victim := before.Entries[3].ID
	r := c.latest[victim]
	r.Status, r.FirstSeen = article.Canceled, c.now
	c.file(r)
	a := c.get("/feeds/world/archive/1.atom")
	f, err := (&atom.Parser{}).Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Entries) != len(before.Entries)-1 || !strings.Contains(a.body, `<at:deleted-entry ref="`+victim) {
		t.Errorf("%d entries of %d; %s", len(f.Entries), len(before.Entries), a.body)
	}
}

// TestArchiveEmbargo: an article under embargo is in no archive before it ends,
// and in one afterwards.
func TestArchiveEmbargo(t *testing.T) {
	t.Parallel()
	c := newChronicle(t, 4, 20)
	r := story("north", 9999)
	r.FirstSeen, r.Embargo = c.now, c.now.Add(40*time.Hour)
	c.file(r)
	has := func() bool {
		for n := 1; n <= c.pub.archive.view("world").closed; n++ {
			if strings.Contains(c.get(fmt.Sprintf("/feeds/world/archive/%d.atom", n)).body, r.ID) {
				return true
			}
		}
		return false
	}
	for range 36 {
		c.live(3)
	}
	if has() {
		t.Error("an archive has an article under embargo")
	}
	for range 40 {
		c.live(3)
	}
	if !has() {
		t.Error("the article came into no archive when its embargo had ended")
	}
}

func TestArchiveAddresses(t *testing.T) {
	t.Parallel()
	c := newChronicle(t, 5, 20)
	for range 30 {
		c.live(5)
	}
	n := c.pub.archive.view("world").closed
	for path, want := range map[string]int{
		"/feeds/world/archive/1.atom": 200, "/feeds/world/archive/1.rss": 200, "/feeds/world/archive/1.json": 200,
		fmt.Sprintf("/feeds/world/archive/%d.atom", n): 200, fmt.Sprintf("/feeds/world/archive/%d.atom", n+1): 200, fmt.Sprintf("/feeds/world/archive/%d.atom", n+2): 404,
		"/feeds/world/archive/0.atom": 404, "/feeds/world/archive/-1.atom": 404, "/feeds/world/archive/01.atom": 404, "/feeds/world/archive/x.atom": 404,
		"/feeds/world/archive/1": 404, "/feeds/world/archive/1.html": 404, "/feeds/nobody/archive/1.atom": 404,
	} {
		if a := c.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	a := c.get("/feeds/world/archive/1.atom")
	if got := c.get("/feeds/world/archive/1.atom", "If-None-Match", a.header.Get("ETag")); got.status != 304 {
		t.Errorf("unchanged: %d", got.status)
	}
}

// TestArchiveLeaves: a publisher that ends keeps the places of its archives, and the
// next one reads none of the changes before them again.
func TestArchiveLeaves(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "south", Select: article.Query{Sources: []string{"south"}}})
	n.pub.archive.now = func() time.Time { return start }
	list := []article.Record{story("south", 0)}
	for i := range changesAt + 1 {
		list = append(list, story("north", i))
	}
	n.file(list...)
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := n.pub.Run(ctx); err != nil {
		t.Fatal(err)
	}
	a := newArchive(n.store)
	if err := a.set(t.Context(), n.pub.current.Load().channels, n.pub.sequence.Load()); err != nil {
		t.Fatal(err)
	}
	if v := a.view("south"); a.at != n.pub.sequence.Load() || len(v.open) != 1 {
		t.Errorf("it goes on after change %d of %d, with %d open articles", a.at, n.pub.sequence.Load(), len(v.open))
	}
}

// puts is a store that counts what is put into it, and refuses some.
type puts struct {
	store.Store
	n, refuse int
}

func (s *puts) Put(ctx context.Context, docs []store.Document) error {
	if s.n++; s.n <= s.refuse {
		return errors.New("the disk is full")
	}
	return s.Store.Put(ctx, docs)
}

// TestArchiveClosesTogether: what is closed on the way is stored in one transaction;
// where that fails the archive is as it was, and closes the same the next time.
func TestArchiveClosesTogether(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	st := &puts{Store: n.store, refuse: 1}
	a := newArchive(st)
	a.now = func() time.Time { return start }
	if err := a.set(t.Context(), []feed.Channel{{ID: "world", Select: article.Query{Limit: 20}}}, n.pub.sequence.Load()); err != nil {
		t.Fatal(err)
	}
	var list []article.Record
	for i := range 90 {
		list = append(list, story("north", i))
	}
	n.file(list...)
	if _, _, err := a.advance(t.Context()); err == nil || a.view("world").closed != 0 || len(a.view("world").open) != 0 {
		t.Errorf("after a failure (%v): %+v", err, a.view("world"))
	}
	if moved, more, err := a.advance(t.Context()); err != nil || len(moved) != 1 || more || st.n != 2 {
		t.Errorf("moved %v, more %v, %v, after %d transactions", moved, more, err, st.n)
	}
	v := a.view("world")
	for number := range v.closed {
		doc, err := a.closed(t.Context(), "world", number+1)
		if err != nil || len(doc.Items) != 20 || doc.Items[0].ID != list[20*number].ID {
			t.Errorf("archive %d: %+v, %v", number+1, doc, err)
		}
	}
	if v.closed != 4 || len(v.open) != 10 {
		t.Errorf("%d closed, %d open", v.closed, len(v.open))
	}
}
