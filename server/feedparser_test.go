package server

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"wireroom/internal/need"
)

// TestFeedparserDelta: feedparser asks for deltas; a known ETag gives 304, a
// change gives 226 with the new item alone.
func TestFeedparserDelta(t *testing.T) {
	t.Parallel()
	python := need.Feedparser(t)
	n := newNewsroom(t)
	for i := range 5 {
		n.file(story("north", i))
	}
	poll := func(etag string) (status, fresh string, titles string) {
		out, err := exec.CommandContext(context.Background(), python, "-c",
			"import sys, feedparser\nd = feedparser.parse(sys.argv[1], etag=sys.argv[2] or None)\nprint(d.status, d.get('etag', ''), d.bozo, '|'.join(e.title for e in d.entries))",
			n.srv.URL+"/feeds/all.atom", etag).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		f := strings.SplitN(strings.TrimSpace(string(out)), " ", 4)
		if f[2] != "0" && f[2] != "False" {
			t.Errorf("bozo: %s", out)
		}
		return f[0], f[1], strings.Join(f[3:], "")
	}
	status, etag, titles := poll("")
	if status != "200" || strings.Count(titles, "|") != 4 {
		t.Errorf("first: %s %s", status, titles)
	}
	if status, _, _ = poll(etag); status != "304" {
		t.Errorf("unchanged: %s", status)
	}
	n.file(story("north", 77))
	status, next, titles := poll(etag)
	if status != "226" || titles != "Story 77 of north" || next == etag {
		t.Errorf("changed: %s %s %s", status, next, titles)
	}
	if status, _, _ = poll(next); status != "304" {
		t.Errorf("unchanged again: %s", status)
	}
}
