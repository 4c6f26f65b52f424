package postgres

import (
	"context"
	"sync"
	"time"
)

// clock is the server's, as far as we know it: what it said last, and what has
// passed since by our steady clock. Replicas that go by it agree about leases,
// whatever their own clocks are set to.
type clock struct {
	mu    sync.Mutex
	said  time.Time
	heard time.Time // by our clock, with its monotonic reading
}

func (c *clock) set(server time.Time) {
	if server.IsZero() {
		return
	}
	c.mu.Lock()
	c.said, c.heard = server, time.Now()
	c.mu.Unlock()
}

// Now is the time by the server's clock. It is set anew at every Claim that looks
// for due sources; it needs no connection.
func (s *Store) Now() time.Time {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	return s.clock.said.Add(time.Since(s.clock.heard)).UTC()
}

// setClock asks the server for the time.
func (s *Store) setClock(ctx context.Context) error {
	var server time.Time
	err := s.pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&server)
	s.clock.set(server)
	return err
}
