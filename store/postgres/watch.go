package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

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
		s.background.Go(s.listen)
	}
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	})
	return c
}

// listen hears of other replicas' commits, on a connection of its own that is
// made anew whenever it breaks. What was missed meanwhile shows in the sequence.
func (s *Store) listen() {
	heard := int64(-1)
	for pause := time.Duration(0); s.closed.Err() == nil; pause = min(2*pause+50*time.Millisecond, 2*time.Second) {
		select {
		case <-time.After(pause):
		case <-s.closed.Done():
			return
		}
		conn, err := pgx.ConnectConfig(s.closed, s.pool.Config().ConnConfig)
		if err != nil {
			continue
		}
		if err := s.hear(conn, &heard, &pause); s.closed.Err() == nil {
			s.log.Debug("the listening connection broke; another one is made", "error", err)
		}
		conn.Close(context.Background())
	}
}

// hear tells of changes until the connection breaks, and returns why. Most calls are about
// changes, but the sequence decides: the channel is the whole database's.
func (s *Store) hear(conn *pgx.Conn, heard *int64, pause *time.Duration) error {
	if _, err := conn.Exec(s.closed, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		var n int64
		if err := conn.QueryRow(s.closed, "SELECT sequence FROM meta").Scan(&n); err != nil {
			return err
		}
		*pause = 0
		if *heard >= 0 && n != *heard {
			s.tell()
		}
		*heard = n
		wait, cancel := context.WithTimeout(s.closed, glance)
		_, err := conn.WaitForNotification(wait)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
}
