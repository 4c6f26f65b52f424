package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"wireroom/store"
)

const perHost = 100 // sources in one claim

// Claim implements store.Store.
func (s *Store) Claim(ctx context.Context, r store.ClaimRequest) (claims []store.Claim, next time.Time, err error) {
	if r.PerHost == 0 {
		r.PerHost = perHost
	}
	now := ms(r.Now)
	if len(r.Sources) == 0 { // nobody due: no write transaction
		first, err := s.nextDue(ctx)
		if err != nil || first == far || first > now {
			if first != far && err == nil {
				next = at(first)
			}
			return nil, next, err
		}
	}
	err = s.tx(ctx, "claim", func(t *sql.Tx) error {
		hosts, err := freeHosts(ctx, t, &r, now)
		if err != nil {
			return err
		}
		for _, h := range hosts {
			c := store.Claim{Host: h.name, Until: r.Now.Add(r.Lease).UTC().Truncate(time.Millisecond)}
			err := t.QueryRowContext(ctx, "UPDATE host SET lease = ?, due = ?, token = token + 1, worker = ? WHERE id = ? RETURNING token",
				ms(c.Until), ms(c.Until), r.Worker, h.id).Scan(&c.Token)
			if err != nil {
				return err
			}
			if c.Sources, err = dueSources(ctx, t, h.id, &r, now); err != nil {
				return err
			}
			claims = append(claims, c)
		}
		return nil
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	first, err := s.nextDue(ctx)
	if err == nil && first != far {
		next = at(first)
	}
	return claims, next, err
}

func (s *Store) nextDue(ctx context.Context) (due int64, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT due FROM host ORDER BY due LIMIT 1").Scan(&due)
	if errors.Is(err, sql.ErrNoRows) {
		return far, nil
	}
	return due, err
}

type host struct {
	id   int64
	name string
}

// freeHosts finds hosts that can be claimed, the longest overdue first.
func freeHosts(ctx context.Context, t *sql.Tx, r *store.ClaimRequest, now int64) ([]host, error) {
	query, args := "SELECT id, name FROM host WHERE due <= ? ORDER BY due LIMIT ?", []any{now, r.Hosts}
	if len(r.Sources) > 0 {
		names, err := json.Marshal(r.Sources)
		if err != nil {
			return nil, err
		}
		query = `SELECT id, name FROM host WHERE lease <= ? AND not_before <= ? AND id IN
			(SELECT host FROM source WHERE active AND name IN (SELECT value FROM json_each(?))) ORDER BY due LIMIT ?`
		args = []any{now, now, string(names), r.Hosts}
	}
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []host
	for rows.Next() {
		var h host
		if err := rows.Scan(&h.id, &h.name); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

func dueSources(ctx context.Context, t *sql.Tx, host int64, r *store.ClaimRequest, now int64) ([]store.State, error) {
	where, args := "state.host = ? AND state.due <= ? ORDER BY state.due", []any{host, now}
	if len(r.Sources) > 0 {
		names, err := json.Marshal(r.Sources)
		if err != nil {
			return nil, err
		}
		where, args = "state.host = ? AND source.active AND source.name IN (SELECT value FROM json_each(?)) ORDER BY state.due", []any{host, string(names)}
	}
	return states(ctx, t, where+" LIMIT ?", append(args, r.PerHost)...)
}

// Renew implements store.Store.
func (s *Store) Renew(ctx context.Context, claims []store.Claim, until time.Time) (lost []store.Claim, err error) {
	err = s.tx(ctx, "renew", func(t *sql.Tx) error {
		lost = nil
		for _, c := range claims {
			res, err := t.ExecContext(ctx, "UPDATE host SET lease = ?, due = ? WHERE name = ? AND token = ? AND lease > 0", ms(until), ms(until), c.Host, c.Token)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil {
				return err
			} else if n == 0 {
				lost = append(lost, c)
			}
		}
		return nil
	})
	return lost, err
}

// Release implements store.Store. Claims that were lost are passed over.
func (s *Store) Release(ctx context.Context, claims []store.Claim, notBefore time.Time) error {
	return s.tx(ctx, "release", func(t *sql.Tx) error {
		for _, c := range claims {
			_, err := t.ExecContext(ctx, `UPDATE host SET lease = 0, worker = '', not_before = max(not_before, ?1),
				due = max(coalesce((SELECT min(due) FROM state WHERE state.host = host.id), ?2), not_before, ?1) WHERE name = ?3 AND token = ?4`,
				ms(notBefore), far, c.Host, c.Token)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

const stateColumns = `source.name, host.name, state.due, url, etag, last_modified, body_hash, interval, last_poll, last_success, last_change,
	failures, status, error, known, history, detail`

// querier is a transaction or a database.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

func states(ctx context.Context, q querier, where string, args ...any) ([]store.State, error) {
	var list []store.State
	err := eachState(ctx, q, where, args, func(st store.State) bool { list = append(list, st); return true })
	return list, err
}

func eachState(ctx context.Context, q querier, where string, args []any, f func(store.State) bool) error {
	rows, err := q.QueryContext(ctx, "SELECT "+stateColumns+" FROM state JOIN source ON source.id = state.source JOIN host ON host.id = state.host WHERE "+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		st, err := scanState(rows)
		if err != nil {
			return err
		}
		if !f(st) {
			return nil
		}
	}
	return rows.Err()
}

func scanState(rows *sql.Rows) (st store.State, err error) {
	var due, body, interval, poll, success, change int64
	var known, history []byte
	var detail string
	err = rows.Scan(&st.Source, &st.Host, &due, &st.URL, &st.ETag, &st.LastModified, &body, &interval, &poll, &success, &change,
		&st.Failures, &st.Status, &st.Error, &known, &history, &detail)
	if err != nil {
		return st, err
	}
	st.Due, st.BodyHash, st.Interval = at(due), uint64(body), time.Duration(interval)*time.Millisecond
	st.LastPoll, st.LastSuccess, st.LastChange = at(poll), at(success), at(change)
	st.Known = unpackKnown(known)
	if st.History, err = unpackHistory(history); err != nil {
		return st, fmt.Errorf("source %s: %w", st.Source, err)
	}
	if err := json.Unmarshal([]byte(detail), &st.Detail); err != nil {
		return st, fmt.Errorf("source %s: its details can't be read: %w", st.Source, err)
	}
	return st, nil
}

// State implements store.Store.
func (s *Store) State(ctx context.Context, source string) (store.State, error) {
	list, err := states(ctx, s.read, "source.name = ? AND source.active", source)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.State{}, fmt.Errorf("source %s: %w", source, err)
	}
	return list[0], nil
}

// States implements store.Store. It reads page by page, so that f may take its
// time.
func (s *Store) States(ctx context.Context, f func(store.State) bool) error {
	const page = 500
	for last := ""; ; {
		list, err := states(ctx, s.read, "source.active AND source.name > ? ORDER BY source.name LIMIT ?", last, page)
		if err != nil {
			return fmt.Errorf("store: states: %w", err)
		}
		for _, st := range list {
			if !f(st) {
				return nil
			}
			last = strings.Clone(st.Source)
		}
		if len(list) < page {
			return nil
		}
	}
}
