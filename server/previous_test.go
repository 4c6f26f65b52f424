package server

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

// TestWayBack walks a query feed to its last page and back again: each page on
// the way back is the one that was there before.
func TestWayBack(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", Language: "en", Select: article.Query{Limit: 3}})
	var list []article.Record
	for i := range 11 {
		list = append(list, story("north", i), story("south", i))
	}
	n.file(list...)
	link := func(body, rel string) string {
		m := regexp.MustCompile(`<link rel="` + rel + `"[^>]* href="([^"]*)"`).FindStringSubmatch(body)
		if m == nil {
			return ""
		}
		return strings.ReplaceAll(strings.TrimPrefix(m[1], n.srv.URL), "&amp;", "&")
	}
	at := "/feeds/all.atom?source=north"
	var pages []string
	for at != "" {
		pages = append(pages, at)
		a := n.get(at)
		if len(pages) > 10 || a.status != 200 {
			t.Fatalf("%s: %d after %d pages", at, a.status, len(pages))
		}
		next := link(a.body, "next")
		if last := link(a.body, "last"); (next == "") != (last == at) || next != "" && last != "" {
			t.Errorf("%s: next %q, last %q", at, next, last)
		}
		if link(a.body, "first") != pages[0] {
			t.Errorf("%s: first %q", at, link(a.body, "first"))
		}
		at = next
	}
	if len(pages) != 4 {
		t.Fatalf("%d pages of 11 articles", len(pages))
	}
	for i := len(pages) - 1; i > 0; i-- {
		if got := link(n.get(pages[i]).body, "previous"); got != pages[i-1] {
			t.Errorf("before %s comes %s, want %s", pages[i], got, pages[i-1])
		}
	}
	if got := link(n.get(pages[0]).body, "previous"); got != "" {
		t.Errorf("before the first page comes %s", got)
	}
	// An article that came since moves the pages; the way back still misses none.
	n.file(again("north", 20))
	back := link(n.get(pages[2]).body, "previous")
	if got, want := n.titles(back), n.titles(pages[1]); !slices.Equal(got, want) {
		t.Errorf("the page before has %v, want %v", got, want)
	}
	if got := link(n.get(back).body, "next"); got != pages[2] {
		t.Errorf("from there on to %s, want %s", got, pages[2])
	}
}
