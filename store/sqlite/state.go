package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"wireroom/store"
	"wireroom/store/packed"
)

// never is the due time of what has none.
const never = int64(1) << 60

func millis(t time.Time) int64 { return packed.Millis(t) }
func at(ms int64) time.Time    { return packed.Time(ms) }

// State columns, in the order that newStateRow reads them.
const stateColumns = `source.name, host.name, state.source, coalesce(state.host, 0), state.due, state.last_poll, state.packed`

const stateTables = ` FROM state JOIN source ON source.id = state.source JOIN host ON host.id = source.host `

// stateRow reads the states of a query's rows, one after the other.
type stateRow struct {
	st        store.State
	due, poll int64
	packed    string
	dest      []any
}

// newStateRow reads the last columns of rows; before are the first ones.
func newStateRow(before ...any) *stateRow {
	r := &stateRow{}
	r.dest = append(before, &r.st.Source, &r.st.Host, &r.st.Rows.Source, &r.st.Rows.Host, &r.due, &r.poll, &r.packed)
	return r
}

// scan reads a row, as a claim gives it out. The state is good until the next one.
func (r *stateRow) scan(rows *sql.Rows) (*store.State, error) {
	if err := r.load(rows); err != nil {
		return nil, err
	}
	return r.state()
}

// load reads a row, of which state may be asked for.
func (r *stateRow) load(rows *sql.Rows) error {
	r.st = store.State{}
	return rows.Scan(r.dest...)
}

func (r *stateRow) state() (*store.State, error) {
	st := &r.st
	st.Due, st.LastPoll, st.Left = at(r.due), at(r.poll), r.packed != ""
	return st, ofSource(st.Source, packed.ParseState(r.packed, st))
}

// The columns of a whole state: what wholeState reads after others.
const (
	wholeColumns = `noted.known, noted.recent, ` + stateColumns
	wholeTables  = stateTables + `LEFT JOIN noted ON noted.source = state.source `
)

// wholeState reads one row, with the history unpacked; before are the first columns.
func wholeState(rows *sql.Rows, before ...any) (store.State, error) {
	var known, recent sql.RawBytes
	st, err := newStateRow(append(before, &known, &recent)...).scan(rows)
	if err == nil {
		err = ofSource(st.Source, errors.Join(complete(st, known, recent), packed.Unpack(st)))
	}
	if err != nil {
		return store.State{}, err
	}
	st.Rows = store.Rows{}
	return *st, nil
}

// complete gives a state what is noted of its items.
func complete(st *store.State, known, recent []byte) (err error) {
	if len(recent) > 0 {
		st.Recent = bytes.Clone(recent)
	}
	st.Left = false
	st.Known, err = packed.ParseHashes(known)
	return err
}

const notedOf = "SELECT known, recent FROM noted WHERE source = ?"

// Complete implements store.Store.
func (s *Store) Complete(ctx context.Context, st *store.State) error {
	if !st.Left {
		return nil
	}
	err := ctx.Err()
	if err == nil { // as with firstDue, a context with an end would cost a goroutine
		var rows *sql.Rows
		rows, err = s.noted.QueryContext(context.WithoutCancel(ctx), st.Rows.Source)
		err = each(rows, err, func(rows *sql.Rows) error {
			var known, recent sql.RawBytes
			if err := rows.Scan(&known, &recent); err != nil {
				return err
			}
			return ofSource(st.Source, complete(st, known, recent))
		})
	}
	if err != nil {
		return s.fault("state of source "+st.Source, err)
	}
	st.Left = false // also where nothing is noted
	return nil
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
	rows, err := s.read.QueryContext(ctx, "SELECT "+wholeColumns+wholeTables+"WHERE source.name = ? AND source.standing > 0", source)
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
		rows, err := s.read.QueryContext(ctx, "SELECT "+wholeColumns+wholeTables+"WHERE source.standing > 0 AND source.name > ? ORDER BY source.name LIMIT ?", last, statesPage)
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
