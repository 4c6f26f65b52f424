package server

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// unready is a store whose index of words is being made.
type unready struct{ store.Store }

func (u unready) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	switch {
	case q.Match == "rare phrase" && q.After.IsZero():
		return nil, &store.Partial{After: article.Cursor{Time: start.Add(time.Hour)}}
	case q.Match == "rare phrase":
		q.Match = ""
	case q.Match != "":
		return nil, fmt.Errorf("the index of words: %w", store.ErrNotReady)
	}
	return u.Store.Select(ctx, q)
}

// TestUnready: people and readers are told to come back, and the log is silent.
func TestUnready(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1))
	n.pub.store = unready{n.store}
	for accept, want := range map[string]string{"text/html": "An index is being made of them", "application/rss+xml": "An index is being made. Please try again"} {
		a := n.get("/feeds/all?q=storm", "Accept", accept)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "30" || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %q %.300s", accept, a.status, a.header.Get("Retry-After"), a.body)
		}
	}
	if a := n.get("/feeds/all?source=north", "Accept", "text/html"); a.status != http.StatusOK || !strings.Contains(a.body, "Story 1 of north") {
		t.Errorf("what needs no index: %d", a.status)
	}
}

// TestPartial: a search that gave up leads on to where it goes on.
func TestPartial(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1), story("north", 90))
	n.pub.store = unready{n.store}
	first := n.get("/feeds/all?q=rare+phrase", "Accept", "text/html")
	if first.status != http.StatusOK || !strings.Contains(first.body, "Nothing was found among the articles that were looked through") {
		t.Fatalf("%d %s", first.status, first.body)
	}
	_, rest, ok := strings.Cut(first.body, `<a rel="next" href="`)
	next, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("nothing leads on")
	}
	if a := n.get(html.UnescapeString(next), "Accept", "text/html"); !strings.Contains(a.body, "Story 1 of north") || strings.Contains(a.body, "Story 90 of north") {
		t.Errorf("%s: %d %s", next, a.status, a.body)
	}
}
