package sqlite

import (
	"context"
	"time"
)

// glance is how often the file is asked whether another process wrote to it.
const glance = 200 * time.Millisecond

// Watch implements store.Store.
func (s *Store) Watch(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	s.watchers[c] = true
	s.mu.Unlock()
	s.watching.Do(func() { go s.glances() })
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		delete(s.watchers, c)
		s.mu.Unlock()
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
// that looks (PRAGMA data_version), at the cost of reading a word in memory.
func (s *Store) glances() {
	conn, err := s.read.Conn(s.closed)
	if err != nil {
		return
	}
	defer conn.Close()
	t := time.NewTicker(glance)
	defer t.Stop()
	var last, lastSequence int64
	for {
		select {
		case <-s.closed.Done():
			return
		case <-t.C:
		}
		var version, sequence int64
		if err := conn.QueryRowContext(s.closed, "PRAGMA data_version").Scan(&version); err != nil || version == last {
			continue
		}
		last = version
		if err := conn.QueryRowContext(s.closed, "SELECT n FROM sequence").Scan(&sequence); err == nil && sequence != lastSequence {
			lastSequence = sequence
			s.tell()
		}
	}
}
