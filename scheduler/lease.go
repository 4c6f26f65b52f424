package scheduler

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"wireroom/store"
)

// lease is a claim being worked on. Its work ends, requests in flight included,
// before anybody else may claim the host: when the lease is about to run out and
// was not renewed, because the store is out of reach or the process was stopped.
type lease struct {
	claim  store.Claim
	cancel context.CancelFunc
	done   chan struct{} // closed when the work has ended

	mu    sync.Mutex
	until time.Time   // of the lease, as far as we know
	end   *time.Timer // cancels the work
}

// hold begins the work on a claim. Where this process still works on the host
// under an older claim, which it must have lost, that work ends first.
func (s *Scheduler) hold(ctx context.Context, c store.Claim) (context.Context, *lease) {
	ctx, cancel := context.WithCancel(ctx)
	l := &lease{claim: c, cancel: cancel, done: make(chan struct{}), until: c.Until}
	s.mu.Lock()
	former := s.active[c.Host]
	s.active[c.Host] = l
	s.mu.Unlock()
	if former != nil {
		former.cancel()
		<-former.done
	}
	l.mu.Lock()
	l.end = time.AfterFunc(l.left(s), cancel)
	l.mu.Unlock()
	return ctx, l
}

// left is how long the work may go on; a little less than the lease, so that
// others find the host at rest.
func (l *lease) left(s *Scheduler) time.Duration { return l.until.Sub(s.Now()) - s.Lease/10 }

// renewed takes down the lease's new end.
func (l *lease) renewed(s *Scheduler, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = until
	if l.end != nil {
		l.end.Reset(l.left(s))
	}
}

// shorten ends the lease at until, if it would last longer.
func (l *lease) shorten(s *Scheduler, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end != nil && until.Before(l.until) {
		l.until = until
		l.end.Reset(l.left(s))
	}
}

// holds reports whether the lease is good for another request; one that has run
// out is renewed if nobody has claimed the host since.
func (s *Scheduler) holds(ctx context.Context, l *lease) bool {
	l.mu.Lock()
	good := l.left(s) > 0
	l.mu.Unlock()
	if good || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	until := s.Now().Add(s.Lease)
	lost, err := s.Store.Renew(ctx, []store.Claim{l.claim}, until)
	if err != nil || len(lost) > 0 {
		s.Log.Warn("the lease on a host was lost", "host", l.claim.Host, "error", err)
		return false
	}
	l.renewed(s, until)
	return true
}

// hindsight watches for a clock that was set back.
type hindsight struct {
	seen  time.Time // when it was last looked at
	until time.Time // so long something may be saved that began under the wrong time
}

// unwind brings back what lies ahead because the clock was set back, due times in
// the store and the ends of our leases: when that is seen, for a lease's length
// after it, and at the start, before which it may have been. It returns how long
// may be waited until the next look.
func (s *Scheduler) unwind(ctx context.Context, h *hindsight) time.Duration {
	now := s.Now().Round(0)
	if h.seen.Sub(now) > store.ClockSlack {
		h.until = now.Add(s.Lease)
	}
	if !h.seen.IsZero() && now.After(h.until) {
		h.seen = now
		return longestSleep
	}
	n, err := s.Store.Rewind(ctx, now)
	switch {
	case err != nil && ctx.Err() == nil:
		s.Log.Error("what a fast clock wrote could not be repaired; it is tried again", "error", err)
		return time.Second
	case n > 0:
		s.Log.Warn("the clock was set back; what was polled by the wrong time is due as if it had always been right", "sources", n)
	}
	s.mu.Lock()
	held := slices.Collect(maps.Values(s.active))
	s.mu.Unlock()
	for _, l := range held {
		l.shorten(s, now.Add(s.Lease))
	}
	h.seen = now
	if n > 0 {
		return 0
	}
	return time.Second
}

// drop ends the work on a claim.
func (s *Scheduler) drop(l *lease) {
	s.mu.Lock()
	if s.active[l.claim.Host] == l {
		delete(s.active, l.claim.Host)
	}
	s.mu.Unlock()
	l.mu.Lock()
	l.end.Stop()
	l.mu.Unlock()
	l.cancel()
	close(l.done)
}

// renew keeps the leases of the hosts that are being worked on until ctx ends.
// Work whose lease was lost is stopped.
func (s *Scheduler) renew(ctx context.Context) {
	for pause(ctx, s.Lease/3) {
		held := map[string]*lease{}
		var claims []store.Claim
		s.mu.Lock()
		for host, l := range s.active {
			held[host] = l
			claims = append(claims, l.claim)
		}
		s.mu.Unlock()
		if len(claims) == 0 {
			continue
		}
		until := s.Now().Add(s.Lease)
		lost, err := s.Store.Renew(ctx, claims, until)
		if err != nil { // whoever can't renew in time stops by himself
			s.Log.Warn("leases could not be renewed", "error", err)
			continue
		}
		for _, c := range lost {
			s.Log.Warn("the lease on a host was lost", "host", c.Host)
			held[c.Host].cancel()
			delete(held, c.Host)
		}
		for _, l := range held {
			l.renewed(s, until)
		}
	}
}
