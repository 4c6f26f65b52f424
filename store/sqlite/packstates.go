package sqlite

import (
	"context"
	"database/sql"
	"time"

	"wireroom/store"
	"wireroom/store/packed"
)

// packStates is the fourth migration: what every poll reads and writes of a source
// is one column in one row, what only polls with news look at is a table of its own.
func packStates(ctx context.Context, tx *sql.Tx) error {
	for _, q := range []string{
		"DROP INDEX state_due",
		"ALTER TABLE state RENAME TO state_before",
		// host is set for polled sources only, so that the index holds what can be claimed.
		// packed: store/packed, all that is not in columns, with the name beside it, so that
		// a claim needs no other table. Nothing for a source that was never polled.
		`CREATE TABLE state (
		  source    INTEGER PRIMARY KEY REFERENCES source (id),
		  name      TEXT    NOT NULL,
		  host      INTEGER,
		  due       INTEGER NOT NULL,
		  last_poll INTEGER NOT NULL DEFAULT 0,
		  packed    BLOB    NOT NULL DEFAULT x''
		)`,
		// What the items of the last body are known by: known hashes of the raw ones, recent
		// the scheduler's notes.
		`CREATE TABLE noted (
		  source INTEGER PRIMARY KEY REFERENCES source (id),
		  known  BLOB,
		  recent BLOB
		)`,
		"INSERT INTO noted SELECT source, known, recent FROM learnt",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	for last, more := int64(-1), true; more; {
		var err error
		if last, more, err = packPage(ctx, tx, last); err != nil {
			return err
		}
	}
	for _, q := range []string{"DROP TABLE state_before", "DROP TABLE learnt", "CREATE INDEX state_due ON state (host, due) WHERE host IS NOT NULL"} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// packPage packs some of the states, those after a source, and says which was the last.
func packPage(ctx context.Context, tx *sql.Tx, after int64) (last int64, more bool, err error) {
	insert, err := tx.PrepareContext(ctx, "INSERT INTO state (source, name, host, due, last_poll, packed) VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return after, false, err
	}
	defer insert.Close()
	rows, err := tx.QueryContext(ctx, `SELECT b.source, source.name, b.host, b.due, b.last_poll, b.interval, b.last_success, b.failures, b.status, b.error, b.history,
		coalesce(l.url, ''), coalesce(l.etag, ''), coalesce(l.last_modified, ''), coalesce(l.body_hash, 0), coalesce(l.last_change, 0), coalesce(l.detail, '')
		FROM state_before AS b JOIN source ON source.id = b.source LEFT JOIN learnt AS l ON l.source = b.source WHERE b.source > ? ORDER BY b.source LIMIT ?`, after, statesPage)
	last = after
	err = each(rows, err, func(rows *sql.Rows) error {
		var st store.State
		var host sql.NullInt64
		var due, poll, interval, success, body, change int64
		var history, detail []byte
		err := rows.Scan(&last, &st.Source, &host, &due, &poll, &interval, &success, &st.Failures, &st.Status, &st.Error, &history,
			&st.URL, &st.ETag, &st.LastModified, &body, &change, &detail)
		if err != nil {
			return err
		}
		if packed.ParseDetail(detail, &st.Detail) != nil {
			st.Detail = store.Detail{} // damaged: it is learnt again
		}
		st.Interval, st.BodyHash = time.Duration(interval)*time.Millisecond, uint64(body)
		st.LastSuccess, st.LastChange = at(success), at(change)
		if len(history) > 0 {
			st.Past = packed.Past(history)
		}
		more = true
		_, err = insert.ExecContext(ctx, last, st.Source, host, due, poll, packed.AppendState(nil, &st))
		return err
	})
	return last, more, err
}
