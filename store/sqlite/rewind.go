package sqlite

import (
	"context"
	"database/sql"
	"time"

	"wireroom/store"
	"wireroom/store/packed"
)

// Rewind implements store.Store.
func (s *Store) Rewind(ctx context.Context, now time.Time) (n int, err error) {
	moment, latest := millis(now), millis(now.Add(store.ClockSlack))
	err = s.tx(ctx, "rewind", func(w *writer) error {
		var by int64
		if err := w.row([]any{&by}, "SELECT coalesce(max(last_poll), 0) - ? FROM state", moment); err != nil || by <= latest-moment {
			return err
		}
		const hosts = "id IN (SELECT source.host FROM state JOIN source ON source.id = state.source WHERE last_poll > ?)"
		err := w.exec("UPDATE host SET not_before = max(0, not_before - ?1), lease = CASE WHEN lease > 0 THEN max(1, lease - ?1) ELSE 0 END, due = -1 WHERE "+hosts, by, latest)
		if err != nil {
			return err
		}
		if n, err = w.rewind(by, moment, latest); err != nil {
			return err
		}
		return w.exec("UPDATE host SET due = max(lease, " + hostDue + ") WHERE due = -1")
	})
	return n, err
}

// rewind moves the times of sources that were polled after latest, some at a time.
func (w *writer) rewind(by, now, latest int64) (n int, err error) {
	row := newStateRow()
	for last, more := int64(-1), true; more; {
		var page []store.State
		err := w.rows(func(rows *sql.Rows) error {
			st, err := row.scan(rows)
			if err == nil {
				page = append(page, *st)
			}
			return err
		}, "SELECT "+stateColumns+stateTables+"WHERE state.source > ? AND state.last_poll > ? ORDER BY state.source LIMIT ?", last, latest, statesPage)
		if err != nil {
			return 0, err
		}
		for i := range page {
			st := &page[i]
			if millis(st.LastSuccess) > now {
				st.LastSuccess = at(now)
			}
			due := millis(st.Due)
			if due < never {
				due -= by
			}
			last = st.Rows.Source
			err := w.exec("UPDATE state SET due = ?, last_poll = ?, packed = ? WHERE source = ?", due, millis(st.LastPoll)-by, packed.AppendState(nil, st), last)
			if err != nil {
				return 0, err
			}
		}
		n, more = n+len(page), len(page) == statesPage
	}
	return n, nil
}
