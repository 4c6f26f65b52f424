package sqlite

import (
	"context"
	"time"
)

// How often the file is asked whether another process has news: when the bell has
// rung, and rarely, because each look wakes the whole process, but often for a while
// after there was some.
const (
	glance     = time.Second
	glanceBusy = 150 * time.Millisecond
	busyFor    = time.Minute
	seldom     = 15 * time.Second // though no bell has rung
)

// bell rings when the journal was written to, by whomever: nobody has to look while
// nothing happens.
type bell interface {
	// wait returns when it rang since the last call, or d has passed, or the bell was
	// closed, and reports whether it rang.
	wait(d time.Duration) bool
	Close() error
}

// noBell is that of systems that have none: nobody waits for it.
type noBell struct{}

func (noBell) wait(time.Duration) bool { return false }
func (noBell) Close() error            { return nil }

// Watch implements store.Store. Own commits are told by whoever made them.
func (s *Store) Watch(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Err() != nil {
		return c
	}
	s.watchers[c] = struct{}{}
	if !s.watching {
		s.watching = true
		s.background.Go(s.glances)
	}
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	})
	return c
}

// tell wakes whoever watches. The sequence is what it was moved to: glances does
// not tell of it again.
func (s *Store) tell(sequence int64) {
	s.index.Changed()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = max(s.told, sequence)
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// untold reports whether nobody was told of a sequence yet.
func (s *Store) untold(sequence int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sequence > s.told
}

// glances notices other processes' commits: SQLite counts them for a connection
// that looks, at the cost of reading a word of shared memory. Most commits are
// polls without news; only a new sequence number is told. It looks all the time
// that the program runs, so the statement is kept, and its context has no end,
// which would cost a goroutine at every look.
func (s *Store) glances() {
	ctx := context.WithoutCancel(s.closed)
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	look, err := conn.PrepareContext(ctx, "PRAGMA data_version")
	if err != nil {
		s.log.Error("other processes' changes will not be noticed", "error", s.fault("watch", err))
		return
	}
	defer look.Close()
	ring := newBell(s.path + "-wal")
	defer ring.Close()
	defer context.AfterFunc(s.closed, func() { ring.Close() })()
	t := time.NewTimer(0)
	defer t.Stop()
	var version int64
	var busy time.Time
	for first, again := true, false; ; {
		select {
		case <-s.closed.Done():
			return
		case <-t.C: // what came meanwhile is looked at together
		}
		rang := !first && !again && ring.wait(seldom)
		var v, sequence int64
		err := look.QueryRowContext(ctx).Scan(&v)
		// It rings when a commit begins: where nothing is to be seen yet, there may be a
		// moment later.
		again = err != nil || rang && v == version
		if err == nil && v != version {
			if err = conn.QueryRowContext(ctx, "SELECT sequence FROM meta").Scan(&sequence); err != nil {
				again = true
			} else {
				version = v
				if s.untold(sequence) {
					s.tell(sequence) // the first time in vain, perhaps
					if !first {
						busy = time.Now().Add(busyFor)
					}
				}
				first = false
			}
		}
		if again || time.Now().Before(busy) {
			t.Reset(glanceBusy)
		} else {
			t.Reset(glance)
		}
	}
}
