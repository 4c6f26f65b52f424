package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"wireroom/store"
	"wireroom/store/catalog"
)

// known is a source as the store has it.
type known struct {
	id, host         int64
	hostName         string
	title, republish string
	standing         int
	wanted           bool
}

// Sync implements store.Store. A digest of the list tells at once that nothing
// changed; else only what differs is written.
func (s *Store) Sync(ctx context.Context, sources []store.Source) error {
	sum, err := catalog.Digest(sources)
	if err != nil {
		return s.fault("sync", err)
	}
	var last []byte
	if err := s.read.QueryRowContext(ctx, "SELECT sources FROM meta").Scan(&last); err != nil {
		return s.fault("sync", err)
	}
	if bytes.Equal(sum, last) {
		return nil
	}
	var changed int64
	err = s.tx(ctx, "sync", func(w *writer) error {
		y := syncing{saving: saving{writer: w}, hosts: map[string]int64{}, touched: map[int64]bool{}}
		if err := y.all(sources); err != nil {
			return err
		}
		changed = y.moved()
		return y.exec("UPDATE meta SET sources = ?", sum)
	})
	if err == nil {
		s.fresh.forget() // titles and rights may be others now
	}
	if err == nil && changed > 0 {
		s.tell(changed)
	}
	return err
}

// syncing is one Sync on its way.
type syncing struct {
	saving
	hosts   map[string]int64
	touched map[int64]bool // hosts whose due time may have moved
}

func (y *syncing) all(sources []store.Source) error {
	have, err := y.have()
	if err == nil {
		err = y.begin()
	}
	if err != nil {
		return err
	}
	for i := range sources {
		if err := y.source(have[sources[i].ID], &sources[i]); err != nil {
			return fmt.Errorf("source %s: %w", sources[i].ID, err)
		}
	}
	for name, old := range have {
		if old.wanted || old.standing == int(catalog.Retired) {
			continue
		}
		if err := y.retire(old); err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
	}
	for id := range y.touched {
		// A leased host keeps its lease.
		if err := y.exec("UPDATE host SET due = max(lease, "+hostDue+") WHERE id = ?", id); err != nil {
			return err
		}
	}
	return y.end()
}

func (y *syncing) have() (map[string]*known, error) {
	have := map[string]*known{}
	err := y.rows(func(rows *sql.Rows) error {
		var k known
		var name string
		err := rows.Scan(&k.id, &name, &k.host, &k.hostName, &k.title, &k.republish, &k.standing)
		have[name] = &k
		y.hosts[k.hostName] = k.host
		return err
	}, "SELECT source.id, source.name, host.id, host.name, title, republish, standing FROM source JOIN host ON host.id = source.host")
	return have, err
}

func (y *syncing) host(name string) (id int64, err error) {
	if id, ok := y.hosts[name]; ok {
		return id, nil
	}
	err = y.row([]any{&id}, "INSERT INTO host (name, due) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id", name, never)
	y.hosts[name] = id
	return id, err
}

func (y *syncing) source(old *known, s *store.Source) error {
	host, err := y.host(s.Host)
	if err != nil {
		return err
	}
	if old == nil {
		return y.add(host, s)
	}
	old.wanted = true
	moved := old.host != host
	stands := old.standing != int(catalog.StandingOf(s))
	shows := old.title != s.Title || old.republish != string(s.Republish) || old.standing == int(catalog.Retired)
	if !moved && !stands && !shows {
		return nil
	}
	if err := y.exec("UPDATE source SET host = ?, title = ?, republish = ?, standing = ? WHERE id = ?", host, s.Title, string(s.Republish), int(catalog.StandingOf(s)), old.id); err != nil {
		return err
	}
	if moved || stands {
		y.touched[host], y.touched[old.host] = true, true
		// Never earlier than was promised, unless it is another server now.
		due := "max(due, ?)"
		if moved {
			due = "?"
		}
		if err := y.exec("UPDATE state SET host = ?, due = "+due+" WHERE source = ?", claimable(host, s), millis(s.FirstDue), old.id); err != nil {
			return err
		}
	}
	if shows {
		return y.touch(old.id)
	}
	return nil
}

// claimable is the host in a source's state: none for one that is not polled.
func claimable(host int64, s *store.Source) any {
	if s.Paused {
		return nil
	}
	return host
}

func (y *syncing) add(host int64, s *store.Source) error {
	var id int64
	err := y.row([]any{&id}, "INSERT INTO source (name, host, title, republish, standing) VALUES (?, ?, ?, ?, ?) RETURNING id", s.ID, host, s.Title, string(s.Republish), int(catalog.StandingOf(s)))
	if err != nil {
		return err
	}
	y.touched[host] = true
	return y.exec("INSERT INTO state (source, name, host, due) VALUES (?, ?, ?, ?)", id, s.ID, claimable(host, s), millis(s.FirstDue))
}

func (y *syncing) retire(old *known) error {
	y.touched[old.host] = true
	if err := y.exec("UPDATE source SET standing = ? WHERE id = ?", int(catalog.Retired), old.id); err != nil {
		return err
	}
	if err := y.exec("UPDATE state SET host = NULL WHERE source = ?", old.id); err != nil {
		return err
	}
	return y.touch(old.id)
}

// touch gives all articles of a source new change numbers: what is shown of
// them is no longer the same.
func (y *syncing) touch(source int64) error {
	n, err := y.change(`UPDATE article SET change = ?1 + turn.n FROM (SELECT seq, row_number() OVER (ORDER BY change) AS n FROM article WHERE source = ?2) AS turn
		WHERE article.seq = turn.seq`, y.sequence, source)
	y.sequence += n
	y.changes += int(n)
	return err
}
