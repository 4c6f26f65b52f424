package sqlite

import (
	"context"
	"time"

	"wireroom/store"
)

// Rewind implements store.Store.
func (s *Store) Rewind(ctx context.Context, now time.Time) (n int, err error) {
	at, latest := millis(now), millis(now.Add(store.ClockSlack))
	err = s.tx(ctx, "rewind", func(w *writer) error {
		var by int64
		if err := w.row([]any{&by}, "SELECT coalesce(max(last_poll), 0) - ? FROM state", at); err != nil || by <= latest-at {
			return err
		}
		const hosts = "id IN (SELECT source.host FROM state JOIN source ON source.id = state.source WHERE last_poll > ?)"
		err := w.exec("UPDATE host SET not_before = max(0, not_before - ?1), lease = CASE WHEN lease > 0 THEN max(1, lease - ?1) ELSE 0 END, due = -1 WHERE "+hosts, by, latest)
		if err != nil {
			return err
		}
		moved, err := w.change("UPDATE state SET last_poll = last_poll - ?1, last_success = min(last_success, ?2), due = CASE WHEN due < ?4 THEN due - ?1 ELSE due END WHERE last_poll > ?3",
			by, at, latest, never)
		if err != nil {
			return err
		}
		n = int(moved)
		return w.exec("UPDATE host SET due = max(lease, " + hostDue + ") WHERE due = -1")
	})
	return n, err
}
