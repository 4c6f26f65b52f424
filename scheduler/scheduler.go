// Package scheduler decides when a source is polled and who polls it, and
// drives one poll through the rooms of sources into the store.
//
// The model. Due times live in the store's index, so idle sources cost nothing.
// A Scheduler claims hosts that have due sources, at most as many as it has
// workers; a claim is a lease, renewed while the host is worked on. One worker
// polls a host's due sources one after the other at that host's pace: nowhere in
// the cluster are two requests to a host in flight. What the polls brought goes
// through one committer, which saves many polls in one transaction and gives the
// hosts back. A crash at any point loses nothing: what was not saved is still due
// when the lease runs out.
//
// It never parses a config, renders a feed or serves a request.
package scheduler

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// Options of a Scheduler. Zero values take the defaults in brackets.
type Options struct {
	Store   store.Store
	Poll    func(context.Context, *Source, *store.State) Outcome // moves the state on
	Name    string                                               // of this worker, for people
	Workers int                                                  // hosts polled at the same time [128]
	Lease   time.Duration                                        // [30 s]
	Grace   time.Duration                                        // for polls in flight when Run ends [10 s]
	Now     func() time.Time
	Log     *slog.Logger
	Pace    time.Duration // least time between the starts of two exchanges with a host [1 s]; see crowded
	Saved   func(Event)   // told of every poll that was saved; must not block
}

// Outcome is what polling one source brought beside its new state, before it is saved.
type Outcome struct {
	Items         []store.Item
	HostNotBefore time.Time
	First         bool // the source was never read before
}

// Event is one finished poll.
type Event struct {
	Source string
	Log    store.PollLog
	Error  string // in plain words; empty if the poll went well
	Due    time.Time
	Saved  store.Saved
	Topic  string // WebSub: what to subscribe to
	Hubs   []string
}

// Scheduler polls sources when they are due.
type Scheduler struct {
	Options
	wake chan struct{}

	mu      sync.Mutex
	sources map[string]*Source
	active  map[string]*lease // by host
}

// New makes a Scheduler; SetSources gives it work, Run starts it.
func New(o Options) *Scheduler {
	if o.Workers == 0 {
		o.Workers = 128
	}
	if o.Lease == 0 {
		o.Lease = 30 * time.Second
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Pace == 0 {
		o.Pace = time.Second
	}
	if o.Saved == nil {
		o.Saved = func(Event) {}
	}
	return &Scheduler{Options: o, wake: make(chan struct{}, 1), active: map[string]*lease{}}
}

// crowded is how many due sources a host must have to be asked at half the pace
// (input.md S5).
const crowded = 50

// SetSources replaces the configured sources. Polls in flight go on. The store
// must have been synced before.
func (s *Scheduler) SetSources(list []*Source) {
	m := make(map[string]*Source, len(list))
	for _, src := range list {
		m[src.ID] = src
	}
	s.mu.Lock()
	s.sources = m
	s.mu.Unlock()
	s.Wake()
}

// Wake makes Run look for due sources now.
func (s *Scheduler) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Scheduler) source(id string) *Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sources[id]
}

// Twin names another source that is configured to read the address, or "".
func (s *Scheduler) Twin(source, address string) string {
	want := article.LinkKey(address)
	s.mu.Lock()
	defer s.mu.Unlock()
	found := ""
	for id, src := range s.sources {
		if id != source && !src.Paused && article.LinkKey(src.URL) == want && (found == "" || id < found) {
			found = id
		}
	}
	return found
}

// unknownRest is how long a source is left alone that the store has and our
// config has not.
const unknownRest = time.Minute

// The least time between two looks for work: what falls due or is given back
// meanwhile is claimed together, in one transaction. A look that nothing calls for
// but a due time is as much later than that: sources that were polled together are
// due one shortly after the other, and would be claimed in ever smaller groups. The
// second holds while more is due than there are workers.
const (
	claimGap       = 250 * time.Millisecond
	claimGapBehind = 10 * time.Millisecond
)

// longestSleep bounds how long Run trusts the due times it knows: another
// process may have changed them.
const longestSleep = 15 * time.Second

// Run polls due sources until ctx ends, then lets the polls in flight finish for
// Options.Grace, saves them and gives all hosts back.
func (s *Scheduler) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	c := s.newCommitter()
	go c.run()
	renewed := make(chan struct{})
	go func() { defer close(renewed); s.renew(work) }()

	done := make(chan struct{}, s.Workers)
	busy := 0
	var looked time.Time
	var clock hindsight
	gap := claimGap
	for ctx.Err() == nil {
		wait := longestSleep
		if left := looked.Add(gap).Sub(s.Now()); left > 0 && left <= gap { // else the clock was set
			pause(ctx, left)
			busy -= finished(done)
		}
		if busy < s.Workers {
			looked, gap = s.Now(), claimGap
			claims, next, err := s.Store.Claim(ctx, store.ClaimRequest{Worker: s.Name, Now: s.Now(), Lease: s.Lease, Hosts: s.Workers - busy})
			if err != nil && ctx.Err() == nil {
				s.Log.Error("no work could be claimed", "error", err)
				next = s.Now().Add(time.Second)
			}
			if len(claims) == s.Workers-busy {
				gap = claimGapBehind
			}
			for _, claim := range claims {
				busy++
				go func() { s.host(work, claim, c); done <- struct{}{} }()
			}
			if !next.IsZero() {
				wait = min(max(next.Sub(s.Now()), 0)+gap, longestSleep)
			}
			wait = min(wait, s.unwind(ctx, &clock))
		}
		busy -= s.sleep(ctx, wait, done, busy == s.Workers)
	}
	grace := time.AfterFunc(s.Grace, stop)
	defer grace.Stop()
	for ; busy > 0; busy-- {
		<-done
	}
	c.close()
	stop()
	<-renewed
	return nil
}

// finished counts the workers that are done by now.
func finished(done <-chan struct{}) (n int) {
	for {
		select {
		case <-done:
			n++
		default:
			return n
		}
	}
}

// sleep waits for the time to pass, a wake-up, or, when all workers are busy,
// one of them. It returns how many workers finished meanwhile.
func (s *Scheduler) sleep(ctx context.Context, d time.Duration, done <-chan struct{}, full bool) (n int) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return n
		case <-timer.C:
			return n
		case <-s.wake:
			return n
		case <-done:
			n++
			if full {
				return n + finished(done)
			}
		}
	}
}

// host polls the due sources of one claimed host, one after the other.
func (s *Scheduler) host(ctx context.Context, claim store.Claim, c *committer) {
	ctx, l := s.hold(ctx, claim)
	pace := s.Pace
	if len(claim.Sources) > crowded {
		pace *= 2
	}
	var notBefore, started time.Time
	for i := range claim.Sources {
		st := &claim.Sources[i]
		src := s.source(st.Source)
		if src == nil || src.Paused { // another process's config differs from ours
			st.Due = s.Now().Add(unknownRest)
			c.save(&store.Poll{Host: claim.Host, Token: claim.Token, State: *st})
			continue
		}
		// No longer than the pace: the clock may have been set back.
		if !started.IsZero() && !pause(ctx, min(pace, started.Add(pace).Sub(s.Now()))) {
			break
		}
		if !s.holds(ctx, l) { // we slept, or the store was out of reach
			break
		}
		started = s.Now()
		out := s.Poll(ctx, src, st)
		if at := st.LastPoll; at.After(started) { // its robots.txt was asked for first
			started = at
		}
		if st.Failures > 0 { // a server in trouble is given time after it, too
			started = s.Now()
		}
		if ctx.Err() != nil { // stopped or the lease was lost: not our result to write
			break
		}
		c.save(&store.Poll{Host: claim.Host, Token: claim.Token, State: *st, Items: out.Items, HostNotBefore: out.HostNotBefore, First: out.First})
		if notBefore = out.HostNotBefore; !notBefore.IsZero() && notBefore.After(s.Now()) {
			break // the host as a whole wants to be left alone
		}
	}
	if next := started.Add(pace); !started.IsZero() && next.After(notBefore) {
		notBefore = next
	}
	s.drop(l)
	c.release(claim, notBefore)
}

// pause waits; false if ctx ended meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
