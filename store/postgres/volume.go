package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A volume is a partition of body and one of version, for the articles of a range of
// seq. Volumes are made ahead, when the last one is half full, so large that a dozen
// or two hold all articles, because every look-up locks them all, and small enough
// for one to become empty when articles are removed in the order in which they came.
const (
	volumeLeast = 100_000 // articles, of a few hundred bytes to a few kilobytes each
	volumeShare = 8       // a volume holds so large a part of all articles
)

// addVolumes makes volumes until the last one is at least half empty, and notes at which
// article the next one is due. Replicas take turns at it.
func (s *Store) addVolumes(ctx context.Context) error {
	var due int64
	err := s.tx(ctx, "make room for articles", func(tx pgx.Tx) error {
		var last, number, upto, articles int64
		if _, err := tx.Exec(ctx, "LOCK TABLE volume IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "SELECT last_value, number, upto, articles FROM entry_seq_seq, meta, volume ORDER BY number DESC LIMIT 1").Scan(&last, &number, &upto, &articles); err != nil {
			return err
		}
		size := max(volumeLeast, articles/volumeShare)
		for ; upto-last < size/2; upto += size {
			number++
			statements := "INSERT INTO volume VALUES (%[1]d, %[2]d, %[3]d)"
			for _, table := range []string{"body", "version"} {
				statements += "; CREATE TABLE " + table + "_%[1]d (LIKE " + table + " INCLUDING ALL); ALTER TABLE " + table + " ATTACH PARTITION " + table + "_%[1]d FOR VALUES FROM (%[2]d) TO (%[3]d)"
			}
			if _, err := tx.Exec(ctx, fmt.Sprintf(statements, number, upto, upto+size)); err != nil {
				return err
			}
		}
		due = upto - size/2
		return nil
	})
	if err == nil {
		s.volumeDue.Store(due)
	}
	return err
}

// adding runs f, which adds articles and returns the last one's seq, and makes
// volumes when they are due; if there was none for an article, f runs again.
func (s *Store) adding(ctx context.Context, f func() (last int64, err error)) error {
	last, err := f()
	if overfull(err) {
		if err := s.addVolumes(ctx); err != nil {
			return err
		}
		last, err = f()
	}
	if err == nil && last > s.volumeDue.Load() {
		if err := s.addVolumes(ctx); err != nil { // there is half a volume left to try again
			s.log.Warn("no room could be made for further articles; it is tried again with the next ones", "error", err)
		}
	}
	return err
}

// overfull reports whether there was no volume for an article.
func overfull(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23514"
}

// dropVolumes drops the volumes before the last article on which none is left. It waits a
// moment at most for those who read; an hour later there is another try.
func (s *Store) dropVolumes(ctx context.Context) {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '1s'; SELECT FROM meta FOR UPDATE; LOCK TABLE volume IN SHARE ROW EXCLUSIVE MODE"); err != nil { // nobody adds articles meanwhile
			return err
		}
		rows, err := tx.Query(ctx, `DELETE FROM volume WHERE upto <= (SELECT last_value FROM entry_seq_seq) AND number < (SELECT max(number) FROM volume)
			AND NOT EXISTS (SELECT FROM entry WHERE seq >= first AND seq < upto) RETURNING number`)
		if err != nil {
			return err
		}
		empty, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		for _, n := range empty {
			if _, err := tx.Exec(ctx, fmt.Sprintf("DROP TABLE body_%[1]d, version_%[1]d", n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.log.Debug("empty partitions could not be dropped now", "error", err)
	}
}
