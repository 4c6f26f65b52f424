package bare

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // the database is part of the limit
)

// store keeps items and validators in SQLite, many polls a transaction.
type store struct{ db *sql.DB }

const (
	batchPolls = 256
	batchWait  = 20 * time.Millisecond
)

func openStore(ctx context.Context, file string) (*store, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(wal)&_pragma=synchronous(normal)")
	if err != nil {
		return nil, fmt.Errorf("bare: %w", err)
	}
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		"CREATE TABLE item (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, feed INTEGER NOT NULL, raw BLOB NOT NULL)",
		"CREATE UNIQUE INDEX item_hash ON item (feed, hash)",
		"CREATE TABLE feed (id INTEGER PRIMARY KEY, etag TEXT, modified TEXT, polled INTEGER NOT NULL)",
	} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return nil, errors.Join(fmt.Errorf("bare: %w", err), db.Close())
		}
	}
	return &store{db}, nil
}

func (s *store) Close() error { return s.db.Close() }

// keep stores results until there are no more.
func (s *store) keep(ctx context.Context, results <-chan result) (Counts, error) {
	var n Counts
	var faults []error
	for {
		batch, more := gather(results)
		for i := range batch {
			if r := &batch[i]; r.err != nil {
				faults = append(faults, r.err)
			}
			n.Polls++
			n.Items += len(batch[i].items)
			if batch[i].notModified {
				n.NotModified++
			}
		}
		if len(batch) > 0 {
			if err := s.write(ctx, batch); err != nil {
				faults = append(faults, err)
			}
		}
		if !more {
			return n, errors.Join(faults...)
		}
	}
}

// gather waits for a result and then a little for others.
func gather(results <-chan result) (batch []result, more bool) {
	first, ok := <-results
	if !ok {
		return nil, false
	}
	batch = append(batch, first)
	timer := time.NewTimer(batchWait)
	defer timer.Stop()
	for len(batch) < batchPolls {
		select {
		case r, ok := <-results:
			if !ok {
				return batch, false
			}
			batch = append(batch, r)
		case <-timer.C:
			return batch, true
		}
	}
	return batch, true
}

func (s *store) write(ctx context.Context, batch []result) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	defer tx.Rollback()
	item, err := tx.PrepareContext(ctx, "INSERT OR IGNORE INTO item (hash, feed, raw) VALUES (?, ?, ?)")
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	poll, err := tx.PrepareContext(ctx, "UPDATE feed SET polled = ? WHERE id = ?")
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	now := time.Now().UnixMilli()
	for i := range batch {
		r := &batch[i]
		switch {
		case r.err != nil:
			continue
		case r.notModified:
			_, err = poll.ExecContext(ctx, now, r.feed.id)
		default:
			_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO feed (id, etag, modified, polled) VALUES (?, ?, ?, ?)", r.feed.id, r.feed.etag, r.feed.modified, now)
		}
		for _, it := range r.items {
			if err == nil {
				_, err = item.ExecContext(ctx, int64(it.hash), r.feed.id, it.raw)
			}
		}
		if err != nil {
			return fmt.Errorf("bare: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	return nil
}
