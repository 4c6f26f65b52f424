package scheduler

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"wireroom/store"
	"wireroom/store/sqlite"
)

// cutOff can't renew leases.
type cutOff struct {
	*sqlite.Store
	off atomic.Bool
}

func (c *cutOff) Renew(ctx context.Context, claims []store.Claim, until time.Time) ([]store.Claim, error) {
	if c.off.Load() {
		return nil, errors.New("out of reach")
	}
	return c.Store.Renew(ctx, claims, until)
}

// Who can't renew a lease ends his requests before others may begin theirs.
func TestWorkEndsWithItsLease(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a", "b"}})
	c := &cutOff{Store: o.store}
	o.Options.Store, o.Options.Lease = c, 2*time.Second
	begun, ended := make(chan time.Time, 9), make(chan time.Time, 9)
	o.Options.Poll = func(ctx context.Context, _ *Source, st *store.State) Outcome {
		c.off.Store(true)
		begun <- time.Now()
		<-ctx.Done()
		ended <- time.Now()
		return Outcome{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	o.Options.Grace = 9 * time.Second
	if err := o.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(begun); n != 1 {
		t.Fatalf("%d requests of one host", n)
	}
	if took := (<-ended).Sub(<-begun); took >= 2*time.Second {
		t.Errorf("the request went on for %v of a lease of 2s", took)
	}
	if st, err := o.store.State(t.Context(), "a"); err != nil || !st.LastPoll.IsZero() {
		t.Errorf("something was saved: %+v %v", st, err)
	}
}

// A clock that was an hour ahead and is put right leaves nobody waiting for an hour.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a", "b"}, "i.example": {"c"}})
	var ahead atomic.Int64
	o.Options.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	o.every = time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	polls := 0
	for i := range 5 {
		ahead.Store(int64(time.Duration(i%2) * time.Hour))
		o.Wake()
		until(t, "polls after the jump", func() bool { return len(o.polled()) > polls+5 })
		polls = len(o.polled())
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if o.most != 1 {
		t.Errorf("%d requests in flight with one host", o.most)
	}
}

// A process whose clock jumps claims its own hosts again; it does not ask them
// twice at a time.
func TestOneRequestAtATimeAcrossAJump(t *testing.T) {
	t.Parallel()
	o := newOffice(t, map[string][]string{"h.example": {"a", "b", "c"}})
	var ahead atomic.Int64
	o.Options.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	o.took, o.every = 30*time.Millisecond, time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- o.Run(ctx) }()
	for i := range 12 {
		time.Sleep(25 * time.Millisecond)
		ahead.Store(int64(time.Duration([]int{0, 60, 120, -60}[i%4]) * time.Minute))
		o.Wake()
	}
	ahead.Store(int64(5 * time.Hour))
	o.Wake()
	until(t, "polls after the jumps", func() bool { return len(o.polled()) > 3 })
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if o.most != 1 {
		t.Errorf("%d requests in flight with one host", o.most)
	}
}
