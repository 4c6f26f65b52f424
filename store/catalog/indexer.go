package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"wireroom/store"
)

// Indexer keeps the indexes of a store that are made when they are first asked
// for. Whoever asks waits for the little that is missing. Where much is, as in a
// store of a million articles that was never searched, somebody who can't wait is
// told so at once, and the rest is done meanwhile. An index that was asked for is
// kept up, so that the next one who asks does not pay for all that came since.
type Indexer struct {
	// Behind is how many changes an index has not taken up, at most; Batch takes up
	// some of them, in a transaction of its own.
	Behind func(ctx context.Context, index string) (int64, error)
	Batch  func(ctx context.Context, index string) error
	// Filled, if set, is called when many were taken up.
	Filled func(ctx context.Context, index string) error
	Log    *slog.Logger

	mu         sync.Mutex
	closed     bool
	ctx        context.Context // of what is done meanwhile
	stop       context.CancelFunc
	background sync.WaitGroup
	asked      map[string]bool // by index: whether it is being brought up to date
	soon       *time.Timer
}

const (
	// patience is how many changes somebody who can't wait for ever waits for.
	patience = 10_000
	// keepUp is how long after a change the indexes follow by themselves.
	keepUp = 15 * time.Second
	// many changes make an index another one for the database's planner.
	many = 2000
)

// Ensure returns when an index is up to date. With a deadline, and where much is
// missing, it returns store.ErrNotReady at once.
func (x *Indexer) Ensure(ctx context.Context, index string) error {
	x.note(index)
	_, hurried := ctx.Deadline()
	for first := int64(-1); ; {
		n, err := x.Behind(ctx, index)
		switch {
		case err != nil:
			return err
		case n <= 0:
			if first > many && x.Filled != nil {
				return x.Filled(ctx, index)
			}
			return nil
		case hurried && n > patience:
			x.catchUp(index)
			return fmt.Errorf("the index of %ss: %w: %d changes are to be taken up", index, store.ErrNotReady, n)
		}
		first = max(first, n)
		if err := x.Batch(ctx, index); err != nil {
			return err
		}
	}
}

func (x *Indexer) note(index string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, ok := x.asked[index]; !ok {
		if x.asked == nil {
			x.asked = map[string]bool{}
			x.ctx, x.stop = context.WithCancel(context.Background())
		}
		x.asked[index] = false
	}
}

// catchUp brings an index up to date meanwhile, unless that goes on already.
func (x *Indexer) catchUp(index string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || x.asked[index] {
		return
	}
	x.asked[index] = true
	x.background.Go(func() {
		err := x.Ensure(x.ctx, index)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.asked[index] = false
		if err != nil && x.ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			x.Log.Error("an index can't be brought up to date", "index", index, "error", err)
		}
	})
}

// Changed is called when articles were stored or changed.
func (x *Indexer) Changed() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || x.soon != nil || len(x.asked) == 0 {
		return
	}
	x.soon = time.AfterFunc(keepUp, func() {
		x.mu.Lock()
		x.soon = nil
		var list []string
		for index := range x.asked {
			list = append(list, index)
		}
		x.mu.Unlock()
		for _, index := range list {
			x.catchUp(index)
		}
	})
}

// Close ends what is done meanwhile.
func (x *Indexer) Close() {
	x.mu.Lock()
	x.closed = true
	if x.soon != nil {
		x.soon.Stop()
	}
	if x.stop != nil {
		x.stop()
	}
	x.mu.Unlock()
	x.background.Wait()
}
