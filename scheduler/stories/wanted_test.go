package stories_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/scheduler/stories"
	"wireroom/store"
	"wireroom/story"
)

// counted is a store that counts how often a keeper turns to it.
type counted struct {
	store.Store
	asked atomic.Int64
}

func (c *counted) Watch(ctx context.Context) <-chan struct{} {
	c.asked.Add(1)
	return c.Store.Watch(ctx)
}

func (c *counted) Document(ctx context.Context, kind, key string) (store.Document, error) {
	c.asked.Add(1)
	return c.Store.Document(ctx, kind, key)
}

func (c *counted) Changes(ctx context.Context, after int64, limit int) ([]*article.Record, int64, error) {
	c.asked.Add(1)
	return c.Store.Changes(ctx, after, limit)
}

// TestWanted: until somebody wants stories nothing is read; then what is there is
// decided on; once nobody wants them any more the lease is free and nothing is
// held.
func TestWanted(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	c := &counted{Store: r.Store}
	k := stories.New(stories.Options{Store: c, Name: "one", Lease: 100 * time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	r.now = time.Now().UTC().Truncate(time.Millisecond)
	r.file(r.quake("q1"), r.quake("q2"))
	k.Want(false)
	time.Sleep(150 * time.Millisecond) // more than the lease's rhythm
	if n := c.asked.Load(); n != 0 || k.Stats() != nil {
		t.Errorf("nobody wants stories, and the store was asked %d times", n)
	}
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
		}
	}
	k.Want(true)
	until("nothing was decided", func() bool { return r.story("q2").ID != "" && k.Stats() != nil })
	k.Want(false)
	until("the window is still held", func() bool { return k.Stats() == nil })
	other := r.keeper("two")
	until("the lease was not given back", func() bool { r.turn(other); return other.Stats() != nil })
	n := c.asked.Load()
	r.file(r.quake("q3"))
	time.Sleep(150 * time.Millisecond)
	if c.asked.Load() != n {
		t.Error("it goes on although nobody wants it")
	}
	cancel()
	r.must(<-done)
}

// TestPause: whoever looks for stories again after a pause as long as the window
// reads the window, not what came in all that time.
func TestPause(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.file(r.quake("q1"), r.quake("q2"))
	r.turn(r.keeper("one"))
	r.now = r.now.Add(time.Hour)
	r.file(r.quake("q3")) // nobody looks
	r.now = r.now.Add(2 * story.DefaultWindow)
	r.file(r.panda())
	again := r.quake("q4")
	r.file(again)
	k := r.keeper("two")
	r.turn(k)
	if s := k.Stats(); s.Articles != 2 {
		t.Errorf("%+v, want the two of the window", s)
	}
	if s := r.story("q2"); s.ID != quakes {
		t.Errorf("what was decided before the pause became %+v", s)
	}
	if s := r.story("q3"); s.ID != "" {
		t.Errorf("an article from before the window was put into %+v", s)
	}
	r.now = r.now.Add(time.Minute)
	next := r.rec("q5", again.Headline+" again", again.Body.Text)
	r.file(next)
	r.turn(k)
	if a, b := r.story("q4"), r.story("q5"); a.ID == "" || a.ID != b.ID {
		t.Errorf("after the pause: %+v, %+v", a, b)
	}
}
