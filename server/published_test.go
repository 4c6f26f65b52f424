package server

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"wireroom/feed"
)

// rendered are the formats in which a feed is there without being asked for.
func (n *newsroom) rendered(id string) []feed.Format {
	var list []feed.Format
	for i, f := range feed.Formats() {
		if n.pub.current.Load().feeds[id].rendered[i].snap.Load() != nil {
			list = append(list, f)
		}
	}
	return list
}

// TestFormatsOnDemand: only what is read is rendered with a change; what is asked
// for later is what it would have been.
func TestFormatsOnDemand(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	want := func(what string, formats ...feed.Format) {
		t.Helper()
		if got := n.rendered("all"); !slices.Equal(got, formats) {
			t.Errorf("%s: rendered %v, want %v", what, got, formats)
		}
	}
	n.file(story("north", 1))
	want("nobody has read")
	first := map[string]string{"json": n.get("/feeds/all.json").header.Get("ETag")}
	want("one was asked for", feed.JSON)
	n.file(story("north", 2))
	want("it is read", feed.JSON)
	if err := n.pub.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("nothing changed", feed.JSON)
	first["atom"] = n.get("/feeds/all.atom").header.Get("ETag")
	n.get("/feeds/all", "Accept", feed.RSS.MediaType())
	n.file(story("north", 3))
	want("all are read", feed.Formats()...)
	n.pub.current.Load().feeds["all"].readers.last[formatOf("atom")].Store(time.Now().Add(-2 * idleAfter).Unix())
	n.file(story("north", 4))
	want("one is no longer read", feed.RSS, feed.JSON)

	// A delta against what was rendered when it was asked for, whatever came meanwhile.
	for ext, tag := range first {
		if a := n.get("/feeds/all."+ext, "A-IM", "feed", "If-None-Match", tag, "Accept-Encoding", "identity"); a.status != http.StatusIMUsed {
			t.Errorf("delta of %s: %d, want %d", ext, a.status, http.StatusIMUsed)
		}
	}
	other := n.second()
	for _, f := range feed.Formats() {
		if got, want := other.snapshotOf(t, "all", f), n.pub.snapshotOf(t, "all", f); got.Tag != want.Tag || got.LastModified != want.LastModified {
			t.Errorf("%s differs", f)
		}
	}
}

// TestSameEdition: what differs in nothing is not put up again, and what was made
// of the one before stays.
func TestSameEdition(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1))
	n.get("/feeds/all.rss")
	ed := n.pub.current.Load()
	for range 2 {
		if err := n.pub.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n.pub.current.Load() != ed {
		t.Error("the same was put up again")
	}
	snap := n.pub.snapshotOf(t, "all", feed.RSS)
	if err := n.pub.Set(t.Context(), ed.site, slices.Clone(ed.channels)); err != nil {
		t.Fatal(err)
	}
	if n.pub.snapshotOf(t, "all", feed.RSS) != snap {
		t.Error("a config that differs in nothing had a feed rendered again")
	}
	site := ed.site
	site.Name = "Another"
	if err := n.pub.Set(t.Context(), site, ed.channels); err != nil {
		t.Fatal(err)
	}
	if n.pub.snapshotOf(t, "all", feed.JSON).Tag == snap.Tag || n.pub.current.Load().feeds["all"].site.Name != "Another" {
		t.Error("another config was not taken over")
	}
}

// TestFormatsAtOnce: many who ask for what is not there yet get one rendering.
func TestFormatsAtOnce(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	for i := range 20 {
		n.file(story("north", i))
	}
	f := n.pub.current.Load().feeds["all"]
	got := make(chan *feed.Snapshot)
	for i := range 30 {
		go func() {
			snap, err := n.pub.snapshot(f, feed.Formats()[i%formatCount])
			if err != nil {
				t.Error(err)
			}
			got <- snap
		}()
	}
	made := map[string]*feed.Snapshot{}
	for range 30 {
		snap := <-got
		if known := made[snap.ContentType]; known != nil && known != snap {
			t.Errorf("%s was rendered twice", snap.ContentType)
		}
		made[snap.ContentType] = snap
	}
	if len(made) != formatCount {
		t.Errorf("%d formats", len(made))
	}
}

// BenchmarkUpdate is a change of a feed of 100 articles that is read in one format.
func BenchmarkUpdate(b *testing.B) {
	n := newNewsroom(b)
	for i := range 100 {
		n.file(story("north", i))
	}
	n.pub.snapshotOf(b, "all", feed.JSON)
	b.ReportAllocs()
	for i := 100; b.Loop(); i++ {
		n.file(story("north", i))
	}
}
