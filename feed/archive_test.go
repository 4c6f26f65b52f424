package feed_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"

	"wireroom/article"
	"wireroom/feed"
)

// newsroom is a feed that lives: articles arrive, are corrected and canceled.
type newsroom struct {
	t      *testing.T
	rand   *rand.Rand
	now    time.Time
	all    []feed.Dated // every version, in the order of arrival
	ids    map[string]int
	closed map[string]archived // every closed archive that was ever served
}

type archived struct {
	doc  []byte
	feed *atom.Feed
}

const grace = 15 * time.Minute // how late a poll may be stored

func (n *newsroom) version(id string, v int, status article.Status) {
	first := n.now
	if at, ok := n.ids[id]; ok {
		first = n.all[at].Record.FirstSeen
	} else {
		n.ids[id] = len(n.all)
	}
	n.all = append(n.all, feed.Dated{At: n.now, Record: article.Record{
		ID: id, Version: v, Status: status, Headline: fmt.Sprintf("Headline of %s", id), Standfirst: fmt.Sprintf("version %d", v),
		// sources date their articles as they like
		Published: first.Add(-time.Duration(v%3) * time.Hour), FirstSeen: first, Updated: n.now,
		Source: article.Source{ID: "s", Name: "S"}, Links: article.Links{Canonical: "https://s.example/" + id[len(id)-5:]},
	}})
}

// live lets hours pass, in which articles arrive at a rate an hour.
func (n *newsroom) live(hours, rate int) {
	for range hours {
		for range n.rand.IntN(2*rate + 1) {
			n.now = n.now.Add(time.Duration(n.rand.Int64N(int64(time.Hour) / int64(2*rate+1))))
			if len(n.all) > 10 && n.rand.IntN(10) == 0 {
				old := n.all[n.rand.IntN(len(n.all))].Record
				n.version(old.ID, n.latest(old.ID).Version+1, article.Usable)
				continue
			}
			n.version(fmt.Sprintf("tag:x.example,2026:%05d", len(n.all)), 1, article.Usable)
		}
		n.now = n.now.Truncate(time.Hour).Add(time.Hour)
	}
}

func (n *newsroom) latest(id string) article.Record {
	for _, d := range slices.Backward(n.all) {
		if d.Record.ID == id {
			return d.Record
		}
	}
	n.t.Fatalf("no %s", id)
	return article.Record{}
}

// get serves a document of the feed by its address, and holds closed archives to
// the bytes that were served before.
func (n *newsroom) get(url string) *atom.Feed {
	n.t.Helper()
	cal := feed.NewCalendar(n.all, n.now.Add(-grace))
	name, isArchive := strings.CutPrefix(url, "https://news.example.org/feeds/world/archive/")
	name = strings.TrimSuffix(name, ".atom")
	page := cal.Current(&world, n.all)
	if isArchive {
		var err error
		if page, err = cal.Archive(name, n.all); err != nil {
			n.t.Fatalf("GET %s: %v", url, err)
		}
	}
	doc, err := feed.Render(feed.Atom, site, world, page)
	if err != nil {
		n.t.Fatal(err)
	}
	if page.Nav.Archived() {
		if before, ok := n.closed[name]; ok {
			if !bytes.Equal(before.doc, doc) {
				n.t.Fatalf("closed archive %s changed:\n%s", name, firstDifference(doc, before.doc))
			}
			return before.feed
		}
	}
	if n.rand.IntN(20) == 0 {
		if faults := checkXML(doc, url); len(faults) > 0 {
			n.t.Fatalf("%s: %v", url, faults)
		}
	}
	f, err := (&atom.Parser{}).Parse(bytes.NewReader(doc))
	if err != nil {
		n.t.Fatal(err)
	}
	if page.Nav.Archived() {
		n.closed[name] = archived{doc, f}
	}
	return f
}

func rel(f *atom.Feed, name string) string {
	for _, l := range f.Links {
		if l.Rel == name {
			return l.Href
		}
	}
	return ""
}

// reader is what RFC 5005 makes of a subscriber: it polls the current document,
// and walks back until an archive that it has read.
type reader struct {
	entries map[string]string // id: summary of the newest version
	read    map[string]bool
	walked  int
}

func (r *reader) poll(n *newsroom) {
	newer := map[string]bool{}
	for url := "https://news.example.org/feeds/world.atom"; url != ""; {
		f := n.get(url)
		for _, e := range f.Entries {
			if !newer[e.ID] { // documents are read from the newest on
				newer[e.ID] = true
				r.entries[e.ID] = e.Summary
			}
		}
		url = rel(f, "prev-archive")
		if r.read[url] {
			return
		}
		if url != "" {
			r.read[url] = true
			r.walked++
		}
	}
}

// TestArchives polls a feed at all sorts of intervals while articles arrive and
// are corrected: no reader misses any, closed archives never change, and whoever
// comes last and walks it all finds each article once, in its last version.
func TestArchives(t *testing.T) {
	t.Parallel()
	for rate, hours := range map[int]int{1: 60, 12: 40, 90: 13} {
		if raced {
			hours /= 2
		}
		n := &newsroom{t: t, rand: rand.New(rand.NewPCG(uint64(rate), 7)), now: day(1, 5, 0), ids: map[string]int{}, closed: map[string]archived{}}
		readers := map[int]*reader{1: nil, 5: nil, 24: nil}
		for every := range readers {
			readers[every] = &reader{entries: map[string]string{}, read: map[string]bool{}}
		}
		for h := range hours {
			n.live(1, rate)
			for every, r := range readers {
				if h%every != 0 {
					continue
				}
				if r.poll(n); len(r.entries) != len(n.ids) {
					t.Fatalf("rate %d, hour %d: who polls every %d hours has %d of %d articles", rate, h, every, len(r.entries), len(n.ids))
				}
			}
			if h == 10 {
				n.now = n.now.Add(49 * time.Hour) // days without news
			}
		}
		last := &reader{entries: map[string]string{}, read: map[string]bool{}}
		for name, r := range map[string]*reader{"1": readers[1], "5": readers[5], "24": readers[24], "newcomer": last} {
			r.poll(n)
			if len(r.entries) != len(n.ids) {
				t.Errorf("rate %d: the reader %s has %d of %d articles", rate, name, len(r.entries), len(n.ids))
			}
			for id, summary := range r.entries {
				if want := n.latest(id).Standfirst; summary != want {
					t.Errorf("rate %d: the reader %s has %s of %s, not %s", rate, name, summary, id, want)
				}
			}
		}
		if last.walked < 2 {
			t.Errorf("rate %d: walked %d archives", rate, last.walked)
		}
		n.chain(last)
	}
}

// chain walks the archives forward and back: the links agree, and of articles
// that were never corrected each is in one archive only.
func (n *newsroom) chain(r *reader) {
	seen := map[string]string{}
	for url := range r.read {
		f := n.get(url)
		next := n.get(rel(f, "next-archive"))
		if prev := rel(next, "prev-archive"); prev != url {
			n.t.Errorf("%s names the next archive, which names %s before it", url, prev)
		}
		for _, e := range f.Entries {
			if other, twice := seen[e.ID]; twice && n.latest(e.ID).Version == 1 {
				n.t.Errorf("%s is in %s and %s", e.ID, other, url)
			}
			seen[e.ID] = url
		}
	}
}

// TestArchiveKill: a canceled article leaves even a closed archive, and the
// others keep their places.
func TestArchiveKill(t *testing.T) {
	t.Parallel()
	n := &newsroom{t: t, rand: rand.New(rand.NewPCG(3, 3)), now: day(1, 5, 0), ids: map[string]int{}, closed: map[string]archived{}}
	n.live(48, 6)
	cal := feed.NewCalendar(n.all, n.now)
	before, err := cal.Archive("2024-03-01", n.all)
	if err != nil {
		t.Fatal(err)
	}
	victim := before.Records[3].ID
	for i := range n.all {
		if n.all[i].Record.ID == victim {
			n.all[i].Record.Status = article.Canceled
		}
	}
	after, err := cal.Archive("2024-03-01", n.all)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := feed.Render(feed.Atom, site, world, after)
	if err != nil {
		t.Fatal(err)
	}
	f, err := gofeed.NewParser().Parse(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	unique := map[string]bool{}
	for _, r := range before.Records {
		unique[r.ID] = true
	}
	if len(f.Items) != len(unique)-1 || !bytes.Contains(doc, []byte(`<at:deleted-entry ref="`+victim)) {
		t.Errorf("%d items of %d; %s", len(f.Items), len(unique), doc)
	}
}

func TestArchiveNames(t *testing.T) {
	t.Parallel()
	list := dated(sample())
	cal := feed.NewCalendar(list, day(9, 2, 0))
	for name, want := range map[string]string{
		"2024-03-05": " 2024-03-06", "2024-03-06": "2024-03-05 2024-03-07", "2024-03-07": "2024-03-06 2024-03-08",
		"2024-03-08": "2024-03-07 2024-03-09", // a day without news
		"2024-03-09": "2024-03-07 ",           // today
		"2024-03-04": "none", "2024-03-10": "none", "2024-03-05-2": "none", "2024-03-05-1": "none", "2024-3-5": "none", "": "none",
		"2024-03-05-02": "none", "../../etc": "none", "2024-03-05-": "none", "2024-03-05x2": "none", "2024-02-30": "none",
	} {
		nav, ok := cal.Nav(name)
		got := "none"
		if ok {
			got = place(nav.PrevArchive) + " " + place(nav.NextArchive)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		if _, err := cal.Archive(name, list); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
	if nav, _ := cal.Nav("2024-03-09"); !nav.Open || nav.Archived() {
		t.Error("today is closed")
	}
	if cal.Newest() != "2024-03-07" || place(cal.CurrentNav().PrevArchive) != "2024-03-07" {
		t.Errorf("newest is %q", cal.Newest())
	}
	var none feed.Calendar
	if _, ok := none.Nav("2024-03-07"); ok || none.Newest() != "" || none.CurrentNav().PrevArchive != nil {
		t.Error("an empty feed has archives")
	}
}

func place(p *feed.Place) string {
	if p == nil {
		return ""
	}
	return p.Archive
}

// TestEntered: an article's place is when it was first seen, but not before its
// embargo ended.
func TestEntered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		r    article.Record
		want time.Time
	}{
		{article.Record{FirstSeen: day(2, 0, 0), Published: day(1, 0, 0)}, day(2, 0, 0)},
		{article.Record{FirstSeen: day(2, 0, 0), Embargo: day(5, 0, 0)}, day(5, 0, 0)},
		{article.Record{Published: day(1, 0, 0)}, day(1, 0, 0)},
	} {
		if got := feed.Entered(&c.r); !got.Equal(c.want) {
			t.Errorf("%+v: %s", c.r, got)
		}
	}
}
