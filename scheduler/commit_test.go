package scheduler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/store"
)

// counting is a store that takes down how many polls and items each Save brought.
type counting struct {
	store.Store
	polls, items []int
}

func (s *counting) Prepare(*store.Poll) {}

func (s *counting) Save(_ context.Context, polls []store.Poll, _ ...store.Release) ([]store.Saved, error) {
	n := 0
	for i := range polls {
		n += len(polls[i].Items)
	}
	s.polls, s.items = append(s.polls, len(polls)), append(s.items, n)
	return make([]store.Saved, len(polls)), nil
}

// TestBatches: how many polls go into one transaction, of a second in which one comes
// each millisecond.
func TestBatches(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		items       int // of each poll
		every       int // of so many polls
		least, most int // transactions
	}{
		"without news":           {least: 4, most: 6},
		"with news now and then": {items: 1, every: 20, least: 15, most: 30},
		"an import":              {items: 25, every: 1, least: 7, most: 11},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				st := &counting{}
				c := New(Options{Store: st}).newCommitter()
				go c.run()
				for i := range 1000 {
					var p store.Poll
					if tt.every > 0 && i%tt.every == 0 {
						p.Items = make([]store.Item, tt.items)
					}
					c.save(&p)
					time.Sleep(time.Millisecond)
				}
				c.close()
				polls, items := 0, 0
				for i := range st.polls {
					polls, items = polls+st.polls[i], max(items, st.items[i])
				}
				if n := len(st.polls); polls != 1000 || n < tt.least || n > tt.most || items > batchItems+25 {
					t.Errorf("%d polls in %d transactions %v, of at most %d items", polls, n, st.polls, items)
				}
			})
		})
	}
}
