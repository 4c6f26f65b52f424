package server

import (
	"context"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// idleRoom is a newsroom that nobody waits for, which counts its renderings.
func idleRoom(t *testing.T) (n *newsroom, rendered func() int) {
	t.Helper()
	n = newNewsroom(t, feed.Channel{ID: "all", Title: "All"}, feed.Channel{ID: "north", Title: "North", Select: article.Query{Sources: []string{"north"}}})
	count := 0
	n.pub.Rendered = func(time.Duration, bool, error) { count++ }
	n.pub.Idle = func(context.Context) bool { return true }
	return n, func() int {
		n.pub.mu.Lock()
		defer n.pub.mu.Unlock()
		made := count
		count = 0
		return made
	}
}

// left makes it that the last reader came long ago.
func (n *newsroom) left() { n.pub.idle.read.Store(time.Now().Add(-2 * idleAfter).Unix()) }

func TestIdle(t *testing.T) {
	t.Parallel()
	n, rendered := idleRoom(t)
	want := func(what string, least, most int) {
		t.Helper()
		if got := rendered(); got < least || got > most {
			t.Errorf("%s: %d renderings, want %d to %d", what, got, least, most)
		}
	}
	n.file(story("north", 1), story("south", 1))
	want("nobody reads", 0, 0)
	n.wantTitles("/feeds/north.rss", "north 1")
	want("one feed is asked for", 1, 1)
	n.wantTitles("/feeds/all.rss", "north 1", "south 1")
	want("the other one", 1, 1)

	n.file(story("north", 2))
	want("somebody has read just now", 2, 2)
	n.left()
	n.file(story("south", 3))
	if err := n.pub.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("the reader has left", 0, 0)
	if body := n.get("/").body; !strings.Contains(body, "Story 3 of south") || !strings.Contains(body, "Story 2 of north") {
		t.Error("the front page is old")
	}
	want("the front page", 2, 2)

	n.left()
	n.file(story("south", 4))
	_, stop := n.pub.listen()
	n.file(story("south", 5))
	want("somebody listens", 1, 2)
	stop()
	n.file(story("south", 6))
	want("and goes away", 0, 0)
	if topic, ok := n.pub.Topic(n.srv.URL + "/feeds/all.json"); !ok || !strings.Contains(string(topic.Body), "Story 6 of south") {
		t.Error("what a subscriber is sent is old")
	}
	want("a subscriber", 1, 1)
}

// TestIdleRun: who asks for one feed brings up the others too.
func TestIdleRun(t *testing.T) {
	t.Parallel()
	n, _ := idleRoom(t)
	n.file(story("north", 1))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- n.pub.Run(ctx) }()
	n.wantTitles("/feeds/north.rss", "north 1")
	for deadline := time.Now().Add(10 * time.Second); n.pub.idle.owing.Load(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the other feed is still owed")
		}
	}
	if snap := n.pub.snapshotOf(t, "all", feed.RSS); !strings.Contains(string(snap.Identity.Bytes), "Story 1 of north") {
		t.Error("the other feed is old")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestIdleFails: what can't be rendered stays owed, and the old feed is served.
func TestIdleFails(t *testing.T) {
	t.Parallel()
	n, _ := idleRoom(t)
	n.file(story("north", 1))
	if err := n.store.Close(); err != nil {
		t.Fatal(err)
	}
	if a := n.get("/feeds/all.rss"); a.status != 200 || strings.Contains(a.body, "Story") {
		t.Errorf("%d\n%s", a.status, a.body)
	}
	if !n.pub.idle.owing.Load() {
		t.Error("the feed is no longer owed")
	}
}
