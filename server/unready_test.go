package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/store"
)

// unready is a store whose index of words is being made.
type unready struct{ store.Store }

func (u unready) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	if q.Match != "" {
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
