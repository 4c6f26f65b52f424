package catalog

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/store"
)

// shelf is an index that takes up a thousand changes a second.
type shelf struct {
	mu              sync.Mutex
	upto, last      int64
	batches, filled int
	fail            error
}

func (s *shelf) indexer() *Indexer {
	return &Indexer{
		Log: slog.New(slog.DiscardHandler),
		Behind: func(context.Context, string) (int64, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.last - s.upto, s.fail
		},
		Batch: func(ctx context.Context, _ string) error {
			select {
			case <-time.After(2 * time.Second):
			case <-ctx.Done():
				return ctx.Err()
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.upto = min(s.upto+2000, s.last)
			s.batches++
			return nil
		},
		Filled: func(context.Context, string) error { s.mu.Lock(); defer s.mu.Unlock(); s.filled++; return nil },
	}
}

func (s *shelf) add(n int64) { s.mu.Lock(); defer s.mu.Unlock(); s.last += n }

func TestIndexer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		x := s.indexer()
		x.Changed() // nobody asked for an index
		patient := t.Context()
		hurried, cancel := context.WithTimeout(patient, time.Hour)
		defer cancel()
		took := func(ctx context.Context) (time.Duration, error) {
			begun := time.Now()
			err := x.Ensure(ctx, "word")
			return time.Since(begun), err
		}
		if d, err := took(hurried); err != nil || d > 0 || s.filled > 0 {
			t.Errorf("an empty store: %v %v", d, err)
		}
		s.add(3000)
		if d, err := took(hurried); err != nil || d != 4*time.Second || s.filled != 1 {
			t.Errorf("little is missing: %v %v, %d", d, err, s.filled)
		}
		s.add(100_000)
		for range 3 { // many ask, one works
			if d, err := took(hurried); !errors.Is(err, store.ErrNotReady) || d > 0 {
				t.Errorf("much is missing: %v %v", d, err)
			}
		}
		time.Sleep(101 * time.Second)
		synctest.Wait()
		if d, err := took(hurried); err != nil || d > 0 || s.batches != 2+50 || s.filled != 2 {
			t.Errorf("after a while: %v %v, %d batches", d, err, s.batches)
		}
		s.add(20_000)
		if d, err := took(patient); err != nil || d != 20*time.Second {
			t.Errorf("who can wait: %v %v", d, err)
		}
		// Once asked for it follows by itself.
		s.add(500)
		for range 10 {
			x.Changed()
		}
		time.Sleep(keepUp + 3*time.Second)
		synctest.Wait()
		if s.upto != s.last {
			t.Errorf("it stays %d behind", s.last-s.upto)
		}
		// Closing waits for nothing that takes long, and nothing begins after it.
		s.add(100_000)
		x.Changed()
		if _, err := took(hurried); !errors.Is(err, store.ErrNotReady) {
			t.Error(err)
		}
		begun := time.Now()
		x.Close()
		x.Changed()
		if _, err := took(hurried); !errors.Is(err, store.ErrNotReady) {
			t.Error(err)
		}
		if s.fail = errors.New("broken"); time.Since(begun) > time.Second {
			t.Errorf("closing took %v", time.Since(begun))
		}
		if _, err := took(patient); !errors.Is(err, s.fail) {
			t.Errorf("a fault: %v", err)
		}
	})
}
