package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"wireroom/store"
)

// row is a source as the store has it.
type row struct {
	id, host               int64
	hostName               string
	title, republish       string
	active, paused, wanted bool
}

// Sync implements store.Store. What is equal is not touched.
func (s *Store) Sync(ctx context.Context, sources []store.Source) error {
	have, err := s.rows(ctx)
	if err != nil {
		return fmt.Errorf("store: sync: %w", explain(err))
	}
	if !differs(have, sources) {
		return nil
	}
	err = s.tx(ctx, "sync", func(t *sql.Tx) error {
		y := syncing{ctx: ctx, t: t, hosts: map[string]int64{}, have: have}
		for i := range sources {
			if err := y.source(&sources[i]); err != nil {
				return fmt.Errorf("source %s: %w", sources[i].ID, err)
			}
		}
		if err := y.retire(); err != nil {
			return err
		}
		// A host's due time is that of its first source; a claimed one keeps its lease.
		_, err := t.ExecContext(ctx, `UPDATE host SET due = max(coalesce((SELECT min(due) FROM state WHERE state.host = host.id), ?), lease, not_before)`, far)
		if err == nil && y.shown {
			_, err = t.ExecContext(ctx, "UPDATE sequence SET n = n + 1")
		}
		return err
	})
	if err == nil {
		s.tell()
	}
	return err
}

func (s *Store) rows(ctx context.Context) (map[string]*row, error) {
	q, err := s.read.QueryContext(ctx, `SELECT source.id, source.name, host.id, host.name, title, republish, active, paused FROM source JOIN host ON host.id = source.host`)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	have := map[string]*row{}
	for q.Next() {
		var r row
		var name string
		if err := q.Scan(&r.id, &name, &r.host, &r.hostName, &r.title, &r.republish, &r.active, &r.paused); err != nil {
			return nil, err
		}
		have[name] = &r
	}
	return have, q.Err()
}

// differs marks the wanted rows and reports whether there is anything to do.
func differs(have map[string]*row, sources []store.Source) bool {
	changed := false
	for i := range sources {
		r := have[sources[i].ID]
		if r == nil || !r.equals(&sources[i]) {
			changed = true
		}
		if r != nil {
			r.wanted = true
		}
	}
	for _, r := range have {
		changed = changed || r.active && !r.wanted
	}
	return changed
}

func (r *row) equals(s *store.Source) bool {
	return r.active && r.hostName == s.Host && r.title == s.Title && r.republish == string(s.Republish) && r.paused == s.Paused
}

// syncing is one Sync on its way.
type syncing struct {
	ctx   context.Context
	t     *sql.Tx
	hosts map[string]int64
	have  map[string]*row
	shown bool // something that published articles show has changed
}

func (y *syncing) exec(query string, args ...any) error {
	_, err := y.t.ExecContext(y.ctx, query, args...)
	return err
}

func (y *syncing) host(name string) (int64, error) {
	if id, ok := y.hosts[name]; ok {
		return id, nil
	}
	var id int64
	err := y.t.QueryRowContext(y.ctx, "SELECT id FROM host WHERE name = ?", name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = y.t.QueryRowContext(y.ctx, "INSERT INTO host (name, due) VALUES (?, ?) RETURNING id", name, far).Scan(&id)
	}
	y.hosts[name] = id
	return id, err
}

func (y *syncing) source(s *store.Source) error {
	old := y.have[s.ID]
	if old != nil && old.equals(s) {
		return nil
	}
	host, err := y.host(s.Host)
	if err != nil {
		return err
	}
	due := ms(s.FirstDue)
	if s.Paused {
		due = far
	}
	if old == nil {
		var id int64
		err := y.t.QueryRowContext(y.ctx, "INSERT INTO source (name, host, title, republish, paused) VALUES (?, ?, ?, ?, ?) RETURNING id",
			s.ID, host, s.Title, string(s.Republish), s.Paused).Scan(&id)
		if err != nil {
			return err
		}
		return y.exec("INSERT INTO state (source, host, due) VALUES (?, ?, ?)", id, host, due)
	}
	y.shown = y.shown || old.title != s.Title || old.republish != string(s.Republish) || !old.active
	if err := y.exec("UPDATE source SET host = ?, title = ?, republish = ?, paused = ?, active = 1 WHERE id = ?",
		host, s.Title, string(s.Republish), s.Paused, old.id); err != nil {
		return err
	}
	if old.host != host {
		if err := y.exec("UPDATE state SET host = ? WHERE source = ?", host, old.id); err != nil {
			return err
		}
	}
	if !old.active || old.paused != s.Paused || old.host != host {
		return y.exec("UPDATE state SET due = ? WHERE source = ?", due, old.id)
	}
	return nil
}

// retire stops the polls of sources that are no longer wanted.
func (y *syncing) retire() error {
	for _, r := range y.have {
		if !r.active || r.wanted {
			continue
		}
		y.shown = true
		if err := errors.Join(y.exec("UPDATE source SET active = 0 WHERE id = ?", r.id), y.exec("UPDATE state SET due = ? WHERE source = ?", far, r.id)); err != nil {
			return err
		}
	}
	return nil
}
