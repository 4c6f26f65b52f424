package sqlite

import (
	"context"
	"time"
)

// glance is how often the file is asked whether another process wrote to it.
const glance = 150 * time.Millisecond

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

// tell wakes whoever watches.
func (s *Store) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// glances notices other processes' commits: SQLite counts them for a connection
// that looks, at the cost of reading a word of shared memory. Most commits are
// polls without news; only a new sequence number is told.
func (s *Store) glances() {
	conn, err := s.read.Conn(s.closed)
	if err != nil {
		return
	}
	defer conn.Close()
	t := time.NewTicker(glance)
	defer t.Stop()
	var version, sequence int64
	for first := true; ; first = false {
		var v, n int64
		if err := conn.QueryRowContext(s.closed, "PRAGMA data_version").Scan(&v); err == nil && v != version {
			if err = conn.QueryRowContext(s.closed, "SELECT sequence FROM meta").Scan(&n); err == nil {
				if n != sequence && !first {
					s.tell()
				}
				version, sequence = v, n
			}
		}
		select {
		case <-s.closed.Done():
			return
		case <-t.C:
		}
	}
}
