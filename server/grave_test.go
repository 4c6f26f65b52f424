package server

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// gravesOf are the entries that an Atom document says are gone.
func gravesOf(t *testing.T, body string) map[string]time.Time {
	t.Helper()
	var doc struct {
		Deleted []struct {
			Ref  string    `xml:"ref,attr"`
			When time.Time `xml:"when,attr"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	}
	if err := xml.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	out := map[string]time.Time{}
	for _, d := range doc.Deleted {
		out[d.Ref] = d.When
	}
	return out
}

func TestTombstones(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All"}, feed.Channel{ID: "south", Select: article.Query{Sources: []string{"south"}}})
	n.file(story("north", 1), story("north", 2), story("north", 3), story("south", 4))
	before := n.get("/feeds/all.rss")
	query := n.get("/feeds/all.atom?source=north")

	gone := again("north", 3)
	gone.Status = article.Canceled
	n.file(gone)
	n.wantTitles("/feeds/all.rss", "south 4", "north 2", "north 1")
	n.wantTitles("/feeds/all.json", "south 4", "north 2", "north 1")
	n.wantTitles("/feeds/all.json?source=north", "north 2", "north 1")
	for _, path := range []string{"/feeds/all.atom", "/feeds/all.atom?source=north"} {
		a := n.get(path)
		if g := gravesOf(t, a.body); len(g) != 1 || g[gone.ID].IsZero() {
			t.Errorf("%s: tombstones %v, want that of %s", path, g, gone.ID)
		}
	}
	for _, path := range []string{"/feeds/south.atom", "/feeds/all.atom?source=south"} {
		if g := gravesOf(t, n.get(path).body); len(g) != 0 {
			t.Errorf("%s: tombstones %v of another source", path, g)
		}
	}
	if n.get("/feeds/all.atom?source=north").header.Get("ETag") == query.header.Get("ETag") {
		t.Error("the query feed still shows the canceled article")
	}
	if a := n.get("/articles/" + article.ShortID(gone.ID)); a.status != http.StatusGone {
		t.Errorf("its page: %d", a.status)
	}
	if a := n.get("/articles/" + article.ShortID(gone.ID) + ".json"); a.status != http.StatusGone || !strings.Contains(a.body, `"pubStatus": "canceled"`) || strings.Contains(a.body, "Text number") {
		t.Errorf("its ninjs: %d %s", a.status, a.body)
	}
	after := n.get("/feeds/all.rss")
	was, _ := http.ParseTime(before.header.Get("Last-Modified"))
	is, _ := http.ParseTime(after.header.Get("Last-Modified"))
	if !is.After(was) {
		t.Errorf("Last-Modified went from %s to %s", was, is)
	}

	// A process that starts on the same store says the same.
	other := n.second()
	for id := range n.pub.current.Load().feeds {
		for _, format := range feed.Formats() {
			if other.snapshotOf(t, id, format).Tag != n.pub.snapshotOf(t, id, format).Tag {
				t.Errorf("%s.%s differs after a restart", id, format)
			}
		}
	}
}

// TestTimeLimits: what is embargoed is nowhere, what expired leaves with a
// tombstone, and neither shortens the feed.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", Select: article.Query{Limit: 3}})
	later, over, held := story("north", 9), story("north", 8), story("north", 7)
	later.Embargo = time.Now().Add(time.Hour)
	over.Expires = time.Now().Add(-time.Hour)
	held.Status = article.Withheld
	n.file(later, over, held, story("north", 1), story("north", 2), story("north", 3), story("north", 4))
	for _, path := range []string{"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/all.atom?source=north"} {
		n.wantTitles(path, "north 4", "north 3", "north 2")
		if body := n.get(path).body; strings.Contains(body, later.ID) || strings.Contains(body, held.ID) {
			t.Errorf("%s tells of what is embargoed or withheld", path)
		}
	}
	if g := gravesOf(t, n.get("/feeds/all.atom").body); len(g) != 1 || g[over.ID].Unix() != over.Expires.Unix() {
		t.Errorf("tombstones %v, want that of %s at %s", g, over.ID, over.Expires)
	}
	for r, want := range map[*article.Record]int{&later: 404, &held: 404, &over: 410} {
		for _, ext := range []string{"", ".json"} {
			if a := n.get("/articles/" + article.ShortID(r.ID) + ext); a.status != want || strings.Contains(a.body, "Text number") {
				t.Errorf("%s%s: %d, want %d", r.Headline, ext, a.status, want)
			}
		}
	}
	if err := n.pub.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestDateNeverGoesBack: an article that is withheld leaves no tombstone; the
// date of the documents stays.
func TestDateNeverGoesBack(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1), story("north", 500))
	for _, path := range []string{"/feeds/all.rss", "/feeds/all.json?source=north"} {
		n.get(path)
	}
	held := again("north", 500)
	held.Status = article.Withheld
	n.file(held)
	for _, path := range []string{"/feeds/all.rss", "/feeds/all.json?source=north"} {
		n.wantTitles(path, "north 1")
		if at, _ := http.ParseTime(n.get(path).header.Get("Last-Modified")); at.Before(held.Published) {
			t.Errorf("%s: Last-Modified went back to %s", path, at)
		}
	}
}
