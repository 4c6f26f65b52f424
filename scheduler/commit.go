package scheduler

import (
	"context"
	"errors"
	"sync"
	"time"

	"wireroom/store"
)

// committer saves polls in batches: what arrives while one transaction is being
// written goes into the next. A host is given back only after its polls were
// saved.
type committer struct {
	s    *Scheduler
	wake chan struct{} // there is a first entry, a first one with items, or no room for more
	done chan struct{}

	mu     sync.Mutex
	room   sync.Cond // for those who wait because the batch is full
	next   batch
	closed bool
	spare  batch // is filled next
}

// batch is what is written in one transaction.
type batch struct {
	polls []store.Poll
	back  []store.Release
	items int
}

func (b *batch) empty() bool { return len(b.polls)+len(b.back) == 0 }
func (b *batch) full() bool  { return len(b.polls) >= batchPolls || b.items >= batchItems }

const (
	batchPolls = 1000                   // at most so many polls in one transaction
	batchItems = 4000                   // ... and about so many items
	batchWait  = 40 * time.Millisecond  // for company, before a transaction is begun
	quietWait  = 200 * time.Millisecond // ... of more of the same, where no poll has news that readers wait for
	manyItems  = 300                    // so many are no news, but sources that are being imported
	manyWait   = 280 * time.Millisecond // ... for more of them
	storeRest  = 30 * time.Second       // for a host whose polls could not be saved
	closeWait  = 30 * time.Second       // for the last transaction
)

func (s *Scheduler) newCommitter() *committer {
	c := &committer{s: s, wake: make(chan struct{}, 1), done: make(chan struct{})}
	c.room.L = &c.mu
	return c
}

// save has a poll saved. It waits while the next transaction is full.
func (c *committer) save(p *store.Poll) {
	c.s.Store.Prepare(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.next.full() {
		c.room.Wait()
	}
	b := &c.next
	news := b.empty() || b.items == 0 && len(p.Items) > 0
	b.polls = append(b.polls, *p)
	if b.items += len(p.Items); news || b.full() {
		c.look()
	}
}

func (c *committer) release(claim store.Claim, notBefore time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := c.next.empty()
	c.next.back = append(c.next.back, store.Release{Host: claim.Host, Token: claim.Token, NotBefore: notBefore})
	if first {
		c.look()
	}
}

// look has run look at the batch: not for every poll, since that would wake it, which
// costs more than to add one.
func (c *committer) look() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// close saves what is there and returns when all is written.
func (c *committer) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.look()
	<-c.done
}

func (c *committer) run() {
	defer close(c.done)
	for range c.wake {
		c.mu.Lock()
		nothing, over := c.next.empty(), c.closed
		c.mu.Unlock()
		switch {
		case !nothing:
			b := c.gather()
			c.write(&b)
			clear(b.polls) // what they held is let go
			c.mu.Lock()
			c.spare = batch{polls: b.polls[:0], back: b.back[:0]}
			c.mu.Unlock()
		case over:
			return
		}
	}
}

// gather takes the batch, of which there is something, when it is full, or after
// batchWait; while there are no items, it waits quietWait longer for more polls
// without any; where there are many, manyWait, because each transaction writes most
// pages of the indexes anew.
func (c *committer) gather() (b batch) {
	timer := time.NewTimer(batchWait)
	defer timer.Stop()
	longer, quiet, over := false, false, false
	for {
		c.mu.Lock()
		if over || c.closed || c.next.full() {
			b, c.next, c.spare = c.next, c.spare, batch{}
			if c.closed {
				c.look() // once more, at its end
			}
			c.room.Broadcast()
			c.mu.Unlock()
			return b
		}
		items := c.next.items
		c.mu.Unlock()
		if longer && quiet && items > 0 {
			timer.Reset(batchWait)
		}
		quiet = items == 0
		select {
		case <-c.wake:
		case <-timer.C:
			c.mu.Lock() // nobody tells of what is neither first nor last
			items = c.next.items
			c.mu.Unlock()
			switch {
			case longer || items > 0 && items < manyItems:
				over = true
			case items > 0:
				longer = true
				timer.Reset(manyWait)
			default:
				longer = true
				timer.Reset(quietWait)
			}
		}
	}
}

func (c *committer) write(b *batch) {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	now := c.s.Now()
	for i := range b.back {
		if r := &b.back[i]; !r.NotBefore.After(now) {
			r.NotBefore = time.Time{}
		}
	}
	saved, err := c.s.Store.Save(ctx, b.polls, b.back...)
	if err == nil {
		c.tell(b.polls, saved)
	} else {
		c.failed(ctx, len(b.polls), b.back, err)
	}
	if len(b.back) > 0 {
		c.s.Wake()
	}
}

// failed is called where nothing of a batch was stored: the sources stay due and are
// polled again, with the validators of the last poll that was saved, after a while.
func (c *committer) failed(ctx context.Context, polls int, back []store.Release, err error) {
	if polls > 0 {
		c.s.Log.Error("polls could not be saved; they will be repeated", "polls", polls, "error", err)
		rest := c.s.Now().Add(storeRest)
		for i := range back {
			if back[i].NotBefore.Before(rest) {
				back[i].NotBefore = rest
			}
		}
		_, err = c.s.Store.Save(ctx, nil, back...)
	}
	if err != nil {
		c.s.Log.Warn("hosts could not be given back; their leases will run out", "hosts", len(back), "error", err)
	}
}

func (c *committer) tell(polls []store.Poll, saved []store.Saved) {
	for i := range polls {
		p := &polls[i]
		if err := saved[i].Err; err != nil && !errors.Is(err, store.ErrLeaseLost) {
			c.s.Log.Error("a poll could not be saved", "source", p.State.Source, "poll", pollID(&p.State), "error", err)
		}
		c.s.Saved(eventOf(&p.State, saved[i]))
	}
}

// eventOf tells of a poll from the state it left behind.
func eventOf(st *store.State, saved store.Saved) Event {
	e := Event{Source: st.Source, Error: st.Error, Due: st.Due, Saved: saved, Topic: st.Detail.Topic, Hubs: st.Detail.Hubs}
	if n := len(st.History); n > 0 {
		e.Log = st.History[n-1]
	}
	e.Log.New, e.Log.Updated = saved.New, saved.Updated
	if saved.Err != nil && e.Error == "" {
		e.Error = saved.Err.Error()
	}
	return e
}
