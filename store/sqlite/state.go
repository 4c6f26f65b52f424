package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"time"

	"wireroom/store"
	"wireroom/store/packed"
)

// never is the due time of what has none.
const never = int64(1) << 60

func millis(t time.Time) int64 { return packed.Millis(t) }
func at(ms int64) time.Time    { return packed.Time(ms) }

// State columns, in the order that stateRow reads them. A source that was never
// polled has no row in learnt.
const stateColumns = `source.name, host.name, ` + stateRest

const stateRest = `state.due, state.interval, state.last_poll, state.last_success, state.failures, state.status, state.error, state.history,
	coalesce(learnt.url, ''), coalesce(learnt.etag, ''), coalesce(learnt.last_modified, ''), coalesce(learnt.body_hash, 0), coalesce(learnt.last_change, 0), learnt.known, learnt.recent, coalesce(learnt.detail, '')`

const stateTables = ` FROM state JOIN source ON source.id = state.source JOIN host ON host.id = source.host LEFT JOIN learnt ON learnt.source = state.source `

// stateRow reads the states of a query's rows, one after the other.
type stateRow struct {
	st                                         store.State
	due, interval, poll, success, change, body int64
	history, known, recent, detail             sql.RawBytes
	dest                                       []any
}

// newStateRow reads the last columns of rows; before are the first ones.
func newStateRow(before ...any) *stateRow {
	r := &stateRow{}
	st := &r.st
	r.dest = append(before, &st.Source, &st.Host, &r.due, &r.interval, &r.poll, &r.success, &st.Failures, &st.Status, &st.Error, &r.history,
		&st.URL, &st.ETag, &st.LastModified, &r.body, &r.change, &r.known, &r.recent, &r.detail)
	return r
}

// scan reads a row. The history stays packed. The state is good until the next one.
func (r *stateRow) scan(rows *sql.Rows) (*store.State, error) {
	st := &r.st
	*st = store.State{}
	if err := rows.Scan(r.dest...); err != nil {
		return nil, err
	}
	st.Due, st.Interval, st.BodyHash = at(r.due), time.Duration(r.interval)*time.Millisecond, uint64(r.body)
	st.LastPoll, st.LastSuccess, st.LastChange = at(r.poll), at(r.success), at(r.change)
	if len(r.history) > 0 {
		st.Past = packed.Past(bytes.Clone(r.history))
	}
	return st, ofSource(st.Source, packed.ParseLearnt(r.known, r.recent, r.detail, st))
}

// wholeState reads one row, with the history unpacked; before are the first columns.
func wholeState(rows *sql.Rows, before ...any) (store.State, error) {
	st, err := newStateRow(before...).scan(rows)
	if err != nil {
		return store.State{}, err
	}
	return *st, ofSource(st.Source, packed.Unpack(st))
}

func ofSource(source string, err error) error {
	if err != nil {
		return fmt.Errorf("state of source %s: %w", source, err)
	}
	return nil
}

// State implements store.Store.
func (s *Store) State(ctx context.Context, source string) (st store.State, err error) {
	found := false
	rows, err := s.read.QueryContext(ctx, "SELECT "+stateColumns+stateTables+"WHERE source.name = ? AND source.standing > 0", source)
	err = each(rows, err, func(rows *sql.Rows) error {
		found = true
		st, err = wholeState(rows)
		return err
	})
	if err != nil {
		return store.State{}, s.fault("state of source "+source, err)
	}
	if !found {
		return store.State{}, fmt.Errorf("source %s: %w", source, store.ErrNotFound)
	}
	return st, nil
}

// statesPage is how many states are read at a time, so that f may take its time
// without holding up the checkpoints of the file.
const statesPage = 500

// States implements store.Store.
func (s *Store) States(ctx context.Context, f func(store.State) bool) error {
	for last := ""; ; {
		page := make([]store.State, 0, statesPage)
		rows, err := s.read.QueryContext(ctx, "SELECT "+stateColumns+stateTables+"WHERE source.standing > 0 AND source.name > ? ORDER BY source.name LIMIT ?", last, statesPage)
		err = each(rows, err, func(rows *sql.Rows) error {
			st, err := wholeState(rows)
			page = append(page, st)
			return err
		})
		if err != nil {
			return s.fault("states", err)
		}
		for i := range page {
			if !f(page[i]) {
				return nil
			}
		}
		if len(page) < statesPage {
			return nil
		}
		last = page[len(page)-1].Source
	}
}
