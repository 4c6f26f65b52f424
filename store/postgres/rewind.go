package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
)

// Rewind implements store.Store. The hosts are locked first, as by all who write
// states; of two replicas that notice, the second finds nothing left to do.
func (s *Store) Rewind(ctx context.Context, now time.Time) (n int, err error) {
	at, latest := millis(now), millis(now.Add(store.ClockSlack))
	err = s.tx(ctx, "rewind", func(tx pgx.Tx) error {
		n = 0
		rows, err := tx.Query(ctx, `SELECT id FROM host WHERE id IN (SELECT source.host FROM state JOIN source ON source.id = state.source WHERE last_poll > $1)
			ORDER BY id FOR UPDATE`, latest)
		if err != nil {
			return err
		}
		hosts, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(hosts) == 0 {
			return err
		}
		var by int64
		if err := tx.QueryRow(ctx, "SELECT max(last_poll) - $1 FROM state", at).Scan(&by); err != nil || by <= 0 {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE state SET last_poll = last_poll - $1, last_success = least(last_success, $2), due = CASE WHEN due < $4 THEN due - $1 ELSE due END
			WHERE last_poll > $3`, by, at, latest, never)
		if err != nil {
			return err
		}
		n = int(tag.RowsAffected())
		if _, err = tx.Exec(ctx, "UPDATE host SET not_before = greatest(0, not_before - $1), lease = CASE WHEN lease > 0 THEN greatest(1, lease - $1) ELSE 0 END WHERE id = ANY($2)", by, hosts); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE host SET due = greatest(lease, "+hostDue+") WHERE id = ANY($1)", hosts)
		return err
	})
	return n, err
}
