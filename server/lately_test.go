package server

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestLately: who comes while a page is made anew gets the one before, if that was
// right a moment ago; feeds and streams are never late.
func TestLately(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	has := func(path, part string) bool { return strings.Contains(n.get(path, "Accept", "text/html").body, part) }
	until := func(path, part string) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !has(path, part); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never has %q", path, part)
			}
		}
	}
	n.file(story("north", 1))
	for _, path := range []string{"/", "/feeds/all", "/feeds/all?source=north", "/feeds/all.rss?source=north"} {
		if !has(path, "Story 1 of north") {
			t.Fatalf("%s has no story 1", path)
		}
	}
	n.pub.cache.lenient = time.Hour
	n.file(again("north", 2))
	if !has("/feeds/all.rss?source=north", "Story 2 of north") {
		t.Error("a feed is late")
	}
	for _, path := range []string{"/", "/feeds/all"} {
		until(path, "Story 2 of north") // made meanwhile
	}
	if has("/feeds/all?source=north", "Story 2 of north") {
		t.Error("a part that was made a moment ago is made again at once")
	}
	e := n.pub.cache.find("0 all.html?source=north")
	if e == nil {
		t.Fatal("the part is not in the cache")
	}
	e.at = e.at.Add(-restful)
	until("/feeds/all?source=north", "Story 2 of north")
	if e := n.pub.cache.find("0 all.html?source=north"); e.goodSince() > time.Minute {
		t.Errorf("what was just made was good %v ago", e.goodSince())
	}

	// What was right too long ago is waited for.
	n.pub.cache.lenient = time.Nanosecond
	n.file(again("north", 3))
	for _, path := range []string{"/", "/feeds/all", "/feeds/all?source=north"} {
		if !has(path, "Story 3 of north") {
			t.Errorf("%s is late", path)
		}
	}
}

// TestPrinting survives what goes wrong in it, and keeps no edition alive.
func TestPrinting(t *testing.T) {
	t.Parallel()
	x := &printing{make: func() (*sheet, error) { panic("broken") }}
	x.print()
	x.print()
	if x.err == nil || !strings.Contains(x.err.Error(), "broken") || !x.done.Load() || x.make != nil {
		t.Errorf("%+v", x.err)
	}
	y := &printing{make: func() (*sheet, error) { return nil, errors.New("not now") }}
	if y.print(); y.err == nil || y.err.Error() != "not now" {
		t.Errorf("%v", y.err)
	}
}
