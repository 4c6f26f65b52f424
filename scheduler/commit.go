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
	s     *Scheduler
	queue chan entry
	done  chan struct{}
	polls []store.Poll // of the batch that is written, reused
	back  []store.Release
	spare sync.Pool // of *store.Poll, for those on their way
}

// entry is a poll to save or a host to give back.
type entry struct {
	poll      *store.Poll
	claim     store.Claim
	notBefore time.Time
}

const (
	batchPolls = 256                    // at most so many polls in one transaction
	batchItems = 4000                   // ... and about so many items
	batchWait  = 20 * time.Millisecond  // for company, before a transaction is begun
	quietWait  = 200 * time.Millisecond // ... of more of the same, where no poll has news that readers wait for
	manyItems  = 300                    // so many are no news, but sources that are being imported
	manyWait   = 80 * time.Millisecond  // ... for more of them
	storeRest  = 30 * time.Second       // for a host whose polls could not be saved
	closeWait  = 30 * time.Second       // for the last transaction
)

func (s *Scheduler) newCommitter() *committer {
	return &committer{s: s, queue: make(chan entry, 4*batchPolls), done: make(chan struct{})}
}

func (c *committer) save(p store.Poll) {
	own, ok := c.spare.Get().(*store.Poll)
	if !ok {
		own = new(store.Poll)
	}
	*own = p
	c.queue <- entry{poll: own}
}

func (c *committer) release(claim store.Claim, notBefore time.Time) {
	c.queue <- entry{claim: claim, notBefore: notBefore}
}

// close saves what is queued and returns when all is written.
func (c *committer) close() {
	close(c.queue)
	<-c.done
}

func (c *committer) run() {
	defer close(c.done)
	for first := range c.queue {
		c.write(c.batch(first))
	}
}

// batch gathers what comes within batchWait of the first entry; while there are no
// items, it waits quietWait longer for more polls without any; where there are many,
// manyWait, because each transaction writes most pages of the indexes anew.
func (c *committer) batch(first entry) []entry {
	list := []entry{first}
	polls, items := 0, 0
	count := func(e entry) {
		if e.poll != nil {
			polls, items = polls+1, items+len(e.poll.Items)
		}
	}
	count(first)
	timer := time.NewTimer(batchWait)
	defer timer.Stop()
	longer := false
	for polls < batchPolls && items < batchItems {
		select {
		case e, ok := <-c.queue:
			if !ok {
				return list
			}
			list = append(list, e)
			quiet := items == 0
			if count(e); longer && quiet && items > 0 {
				timer.Reset(batchWait)
			}
		case <-timer.C:
			if longer || items > 0 && items < manyItems {
				return list
			}
			wait := quietWait
			if items > 0 {
				wait = manyWait
			}
			longer = true
			timer.Reset(wait)
		}
	}
	return list
}

func (c *committer) write(list []entry) {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	polls := c.polls[:0]
	for _, e := range list {
		if e.poll != nil {
			polls = append(polls, *e.poll)
			*e.poll = store.Poll{}
			c.spare.Put(e.poll)
		}
	}
	defer func() { clear(polls); c.polls = polls }() // what they held is let go
	back := c.released(list)
	saved, err := c.s.Store.Save(ctx, polls, back...)
	if err == nil {
		c.tell(polls, saved)
	} else {
		c.failed(ctx, len(polls), back, err)
	}
	if len(back) > 0 {
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

// released are the hosts of a batch that are given back.
func (c *committer) released(list []entry) []store.Release {
	c.back = c.back[:0]
	now := c.s.Now()
	for _, e := range list {
		if e.poll != nil {
			continue
		}
		r := store.Release{Host: e.claim.Host, Token: e.claim.Token}
		if e.notBefore.After(now) {
			r.NotBefore = e.notBefore
		}
		c.back = append(c.back, r)
	}
	return c.back
}
