package scheduler

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// office is a scheduler on a store of its own, with a poll that only notes what
// it was asked.
type office struct {
	*Scheduler
	store  *sqlite.Store
	mu     sync.Mutex
	polls  []string
	onHost map[string]int
	most   int // polls in flight with one host
	every  time.Duration
	took   time.Duration
}

func newOffice(t *testing.T, hosts map[string][]string) *office {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	o := &office{store: s, onHost: map[string]int{}, every: time.Hour, took: 5 * time.Millisecond}
	var rows []store.Source
	var list []*Source
	for host, ids := range hosts {
		for _, id := range ids {
			rows = append(rows, store.Source{ID: id, Host: host, FirstDue: time.Now()})
			list = append(list, &Source{ID: id, URL: "https://" + host + "/" + id})
		}
	}
	if err := s.Sync(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	o.Scheduler = New(Options{Store: s, Poll: o.poll, Pace: time.Millisecond, Workers: 8})
	o.SetSources(list)
	return o
}

func (o *office) poll(ctx context.Context, src *Source, st *store.State) Outcome {
	o.mu.Lock()
	o.polls = append(o.polls, src.ID)
	o.onHost[src.Host()]++
	o.most = max(o.most, o.onHost[src.Host()])
	o.mu.Unlock()
	pause(ctx, o.took)
	o.mu.Lock()
	o.onHost[src.Host()]--
	o.mu.Unlock()
	st.LastPoll, st.Due = o.Now(), o.Now().Add(o.every)
	return Outcome{}
}

func (o *office) polled() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(slices.Values(o.polls))
}

// until waits for a condition, for at most ten seconds.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("never came: %s", what)
}

func TestRunPollsEachDueSourceOnce(t *testing.T) {
	t.Parallel()
	hosts := map[string][]string{}
	var want []string
	for h := range 20 {
		for i := range 5 {
			id := fmt.Sprintf("s%02d-%d", h, i)
			hosts[fmt.Sprintf("h%d.example", h)] = append(hosts[fmt.Sprintf("h%d.example", h)], id)
			want = append(want, id)
		}
	}
	o := newOffice(t, hosts)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	until(t, "all polled", func() bool { return len(o.polled()) >= len(want) })
	time.Sleep(50 * time.Millisecond)
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := o.polled(); !slices.Equal(got, want) {
		t.Errorf("polled %v", got)
	}
	if o.most != 1 {
		t.Errorf("%d polls in flight with one host, want 1", o.most)
	}
	// Everything was saved before Run returned, and nothing is polled early after a restart.
	ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := o.Run(ctx); err != nil || len(o.polled()) != len(want) {
		t.Errorf("after a restart: %v, %d polls", err, len(o.polled()))
	}
}

func TestTwoSchedulersShareAStore(t *testing.T) {
	t.Parallel()
	hosts := map[string][]string{}
	for h := range 30 {
		hosts[fmt.Sprintf("h%d.example", h)] = []string{fmt.Sprintf("a%d", h), fmt.Sprintf("b%d", h)}
	}
	o := newOffice(t, hosts)
	other := New(Options{Store: o.store, Poll: o.poll, Pace: time.Millisecond, Workers: 8})
	other.SetSources(func() (l []*Source) {
		for _, s := range o.sources {
			l = append(l, s)
		}
		return l
	}())
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, s := range []*Scheduler{o.Scheduler, other} {
		wg.Go(func() { _ = s.Run(ctx) })
	}
	until(t, "all polled", func() bool { return len(o.polled()) >= 60 })
	time.Sleep(50 * time.Millisecond)
	cancel()
	wg.Wait()
	if got := o.polled(); len(slices.Compact(slices.Clone(got))) != 60 || len(got) != 60 || o.most != 1 {
		t.Errorf("%d polls of 60 sources, %d in flight with one host", len(got), o.most)
	}
}

// broken fails to save for a while.
type broken struct {
	*sqlite.Store
	mu    sync.Mutex
	fails int
}

func (b *broken) Save(ctx context.Context, p []store.Poll, back ...store.Release) ([]store.Saved, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails > 0 {
		b.fails--
		return nil, errors.New("the disk is full")
	}
	return b.Store.Save(ctx, p, back...)
}

func TestRunRepeatsWhatCouldNotBeSaved(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a"}})
	b := &broken{Store: o.store, fails: 1}
	o.Options.Store = b
	now := time.Now()
	o.Options.Now = func() time.Time { return now }
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := o.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(o.polled()); n != 1 {
		t.Fatalf("%d polls, want one: a store that fails is given a rest", n)
	}
	now = now.Add(storeRest + time.Second)
	ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := o.Run(ctx); err != nil || len(o.polled()) != 2 {
		t.Errorf("%v, %d polls, want the poll repeated", err, len(o.polled()))
	}
	if st, err := o.store.State(t.Context(), "a"); err != nil || st.LastPoll.IsZero() {
		t.Errorf("the repeated poll was not saved: %+v %v", st, err)
	}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a", "b"}, "i.example": {"c", "wait", "gone"}})
	var skips []string
	refresh := func(force bool, ids ...string) {
		t.Helper()
		skips = nil
		if err := o.Refresh(t.Context(), ids, force, func(s Skip) { skips = append(skips, s.Source) }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(skips)
	}
	refresh(false, "a", "c")
	if got := o.polled(); !slices.Equal(got, []string{"a", "c"}) || len(skips) != 0 {
		t.Errorf("polled %v, skipped %v", got, skips)
	}
	refresh(false, "a", "b")
	if got := o.polled(); !slices.Equal(got, []string{"a", "b", "c"}) || !slices.Equal(skips, []string{"a"}) {
		t.Errorf("polled %v, skipped %v: a was polled just now", got, skips)
	}
	refresh(true, "a")
	if got := o.polled(); !slices.Equal(got, []string{"a", "a", "b", "c"}) {
		t.Errorf("polled %v: --force polls it all the same", got)
	}
	if err := o.Refresh(t.Context(), []string{"nobody"}, false, nil); err == nil {
		t.Error("no error for an unknown source")
	}
	claims, _, err := o.store.Claim(t.Context(), store.ClaimRequest{Now: time.Now(), Lease: time.Minute, Hosts: 9, Sources: []string{"wait", "gone"}})
	if err != nil || len(claims) != 1 {
		t.Fatalf("%v %v", claims, err)
	}
	for _, st := range claims[0].Sources {
		st.Detail.Gone = st.Source == "gone"
		st.Detail.RetryAfter = time.Now().Add(time.Hour)
		if _, err := o.store.Save(t.Context(), []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: st}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.store.Save(t.Context(), nil, store.Back(time.Time{}, claims...)...); err != nil {
		t.Fatal(err)
	}
	if refresh(true, "wait", "gone"); !slices.Equal(skips, []string{"gone", "wait"}) {
		t.Errorf("skipped %v: Retry-After and 410 hold in any case", skips)
	}
}

// noting is a store that takes down what is prepared, before it is saved.
type noting struct {
	store.Store
	mu    sync.Mutex
	notes []string
}

func (s *noting) note(what string, p *store.Poll) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, fmt.Sprintf("%s %s first=%v packed=%v", what, p.State.Source, p.First, len(p.Items) == 1 && p.Items[0].Packed != nil))
}

func (s *noting) Prepare(p *store.Poll) {
	s.Store.Prepare(p)
	s.note("prepared", p)
}

func (s *noting) Save(ctx context.Context, polls []store.Poll, back ...store.Release) ([]store.Saved, error) {
	for i := range polls {
		s.note("saved", &polls[i])
	}
	return s.Store.Save(ctx, polls, back...)
}

// What is polled is prepared before it is saved, and packed if the source is new.
func TestPollsArePrepared(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a"}})
	s := &noting{Store: o.store}
	o.Options.Store = s
	poll := func(_ context.Context, src *Source, st *store.State) Outcome {
		first := st.LastSuccess.IsZero()
		st.LastPoll, st.LastSuccess, st.Due = o.Now(), o.Now(), o.Now().Add(time.Hour)
		return Outcome{First: first, Items: []store.Item{{Key: "g:1", Record: &article.Record{ID: article.Mint("news.example", src.ID, "g:1"), Headline: "H"}}}}
	}
	o.Options.Poll = poll
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	until(t, "saved", func() bool {
		st, err := o.store.State(t.Context(), "a")
		return err == nil && !st.LastSuccess.IsZero()
	})
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	for range 2 { // by hand
		if err := o.With(t.Context(), "a", poll); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"prepared a first=true packed=true", "saved a first=true packed=true"}
	for range 2 {
		want = append(want, "prepared a first=false packed=false", "saved a first=false packed=false")
	}
	if !slices.Equal(s.notes, want) {
		t.Errorf("%q, want %q", s.notes, want)
	}
}

func TestLostLeaseWritesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a"}})
	thief := make(chan struct{})
	o.Options.Lease = 150 * time.Millisecond
	o.Options.Poll = func(ctx context.Context, src *Source, st *store.State) Outcome {
		// Somebody whose clock is ahead takes the host over.
		claims, _, err := o.store.Claim(t.Context(), store.ClaimRequest{Now: time.Now().Add(time.Hour), Lease: time.Hour, Hosts: 1, Sources: []string{"a"}})
		if err != nil || len(claims) != 1 {
			t.Errorf("%v %v", claims, err)
		}
		close(thief)
		<-ctx.Done() // the renewal notices
		st.LastPoll = time.Now()
		return Outcome{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	<-thief
	time.Sleep(300 * time.Millisecond)
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if st, err := o.store.State(t.Context(), "a"); err != nil || !st.LastPoll.IsZero() {
		t.Errorf("a worker without a lease wrote: %+v %v", st, err)
	}
}
