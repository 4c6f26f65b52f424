package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/packed"
)

// never is the due time of what has none.
const never = int64(1) << 60

func millis(t time.Time) int64 { return packed.Millis(t) }
func at(ms int64) time.Time    { return packed.Time(ms) }

// askable leaves out the names that no text in PostgreSQL can be.
func askable(names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		if utf8.ValidString(n) && strings.IndexByte(n, 0) < 0 {
			out = append(out, n)
		}
	}
	return out
}

// State columns, in the order that scanState reads them. A source that was never
// polled has no row in learnt.
const stateColumns = `source.name, host.name, state.source, state.due, state.interval, state.last_poll, state.last_success, state.failures, state.status, state.error, state.history,
	coalesce(learnt.url, ''), coalesce(learnt.etag, ''), coalesce(learnt.last_modified, ''), coalesce(learnt.body_hash, 0), coalesce(learnt.last_change, 0), learnt.detail`

const stateTables = ` FROM state JOIN source ON source.id = state.source JOIN host ON host.id = source.host LEFT JOIN learnt ON learnt.source = state.source `

// scanState reads a row, as a claim gives it out: the history stays packed.
func scanState(row pgx.CollectableRow) (store.State, error) { return scanStateAfter(row) }

// The columns of a whole state: what wholeState reads.
const wholeColumns = `learnt.known, learnt.recent, ` + stateColumns

func wholeState(row pgx.CollectableRow) (store.State, error) { return wholeStateAfter(row) }

// wholeStateAfter reads a row's last columns; before are its first ones.
func wholeStateAfter(row pgx.CollectableRow, before ...any) (st store.State, err error) {
	var known, recent []byte
	if st, err = scanStateAfter(row, append(before, &known, &recent)...); err == nil {
		err = ofSource(st.Source, errors.Join(complete(&st, known, recent), packed.Unpack(&st)))
	}
	st.Rows = store.Rows{}
	return st, err
}

func scanStateAfter(row pgx.CollectableRow, before ...any) (st store.State, err error) {
	var due, interval, poll, success, change, body int64
	var fault, history, url, etag, modified, detail []byte
	err = row.Scan(append(before, &st.Source, &st.Host, &st.Rows.Source, &due, &interval, &poll, &success, &st.Failures, &st.Status, &fault, &history,
		&url, &etag, &modified, &body, &change, &detail)...)
	if err != nil {
		return st, err
	}
	st.Error, st.URL, st.ETag, st.LastModified = string(fault), string(url), string(etag), string(modified)
	st.Due, st.Interval, st.BodyHash = at(due), time.Duration(interval)*time.Millisecond, uint64(body)
	st.LastPoll, st.LastSuccess, st.LastChange = at(poll), at(success), at(change)
	if len(history) > 0 {
		st.Past = packed.Past(history)
	}
	st.Left = detail != nil
	return st, ofSource(st.Source, packed.ParseDetail(detail, &st.Detail))
}

// complete gives a state what is kept of its items; recent is the row's own copy.
func complete(st *store.State, known, recent []byte) (err error) {
	st.Recent, st.Left = recent, false
	st.Known, err = packed.ParseHashes(known)
	return err
}

// Complete implements store.Store.
func (s *Store) Complete(ctx context.Context, st *store.State) error {
	if !st.Left {
		return nil
	}
	var known, recent []byte
	err := s.again(ctx, "state of source "+st.Source, func() error {
		return s.pool.QueryRow(ctx, "SELECT known, recent FROM learnt WHERE source = $1", st.Rows.Source).Scan(&known, &recent)
	})
	if err != nil {
		return err
	}
	return ofSource(st.Source, complete(st, known, recent))
}

func ofSource(source string, err error) error {
	if err != nil {
		return fmt.Errorf("state of source %s: %w", source, err)
	}
	return nil
}

// State implements store.Store.
func (s *Store) State(ctx context.Context, source string) (store.State, error) {
	list, err := s.states(ctx, "WHERE source.name = ANY($1) AND source.standing > 0", askable([]string{source}))
	if err != nil {
		return store.State{}, err
	}
	if len(list) == 0 {
		return store.State{}, fmt.Errorf("source %s: %w", source, store.ErrNotFound)
	}
	return list[0], nil
}

func (s *Store) states(ctx context.Context, where string, args ...any) (list []store.State, err error) {
	err = s.again(ctx, "states", func() error {
		rows, err := s.pool.Query(ctx, "SELECT "+wholeColumns+stateTables+where, args...)
		if err == nil {
			list, err = pgx.CollectRows(rows, wholeState)
		}
		return err
	})
	return list, err
}

// statesPage is how many states are read at a time, so that f may take its time.
const statesPage = 500

// States implements store.Store.
func (s *Store) States(ctx context.Context, f func(store.State) bool) error {
	for last := ""; ; {
		page, err := s.states(ctx, `WHERE source.standing > 0 AND source.name COLLATE "C" > $1 ORDER BY source.name COLLATE "C" LIMIT $2`, last, statesPage)
		if err != nil {
			return err
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
