package postgres

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/catalog"
)

// known is a source as the database has it.
type known struct {
	id, host         int64
	hostName         string
	title, republish string
	standing         catalog.Standing
	wanted           bool
}

// Sync implements store.Store. A digest of the list tells at once that nothing
// changed; else only what differs is written, by one replica at a time.
func (s *Store) Sync(ctx context.Context, sources []store.Source) error {
	sum, err := catalog.Digest(sources)
	if err != nil {
		return s.fault("sync", err)
	}
	const last = "SELECT sources FROM meta"
	var have []byte
	err = s.again(ctx, "sync", func() error { return s.pool.QueryRow(ctx, last).Scan(&have) })
	if err != nil || bytes.Equal(sum, have) {
		return err
	}
	var changed bool
	err = s.tx(ctx, "sync", func(tx pgx.Tx) error {
		// Others' claims and polls go on meanwhile.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('wireroom sync'), 'meta'::regclass::oid::int)"); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, last).Scan(&have); err != nil || bytes.Equal(sum, have) {
			return err
		}
		y := syncing{saving: saving{ctx: ctx, tx: tx}, hosts: map[string]int64{}, touched: map[int64]bool{}}
		if err := y.all(sources); err != nil {
			return err
		}
		changed = y.changes > 0
		_, err := tx.Exec(ctx, "UPDATE meta SET sources = $1", sum)
		return err
	})
	if err == nil && changed {
		s.tell()
	}
	return err
}

// syncing is one Sync on its way.
type syncing struct {
	saving
	hosts   map[string]int64
	touched map[int64]bool // hosts whose due time may have moved
	added   []*store.Source
	changed []change
	shown   []int64 // sources whose articles are shown otherwise
}

// change is a source that differs.
type change struct {
	old      *known
	host     int64
	title    string
	rights   string
	standing catalog.Standing
	due      int64
}

func (y *syncing) all(sources []store.Source) error {
	have, err := y.have()
	if err != nil {
		return err
	}
	if err := y.newHosts(sources); err != nil {
		return err
	}
	for i := range sources {
		y.weigh(have[sources[i].ID], &sources[i])
	}
	for _, old := range have {
		if !old.wanted && old.standing != catalog.Retired {
			y.touched[old.host] = true
			y.shown = append(y.shown, old.id)
			y.changed = append(y.changed, change{old, old.host, old.title, old.republish, catalog.Retired, 0})
		}
	}
	for _, step := range []func() error{y.add, y.change, y.hostTimes, y.touch, y.end} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (y *syncing) have() (map[string]*known, error) {
	rows, err := y.tx.Query(y.ctx, "SELECT source.id, source.name, host.id, host.name, title, republish, standing FROM source JOIN host ON host.id = source.host")
	if err != nil {
		return nil, err
	}
	have := map[string]*known{}
	var k known
	var name string
	_, err = pgx.ForEachRow(rows, []any{&k.id, &name, &k.host, &k.hostName, &k.title, &k.republish, &k.standing}, func() error {
		row := k
		have[name] = &row
		y.hosts[k.hostName] = k.host
		return nil
	})
	return have, err
}

// newHosts makes the hosts that are not there yet.
func (y *syncing) newHosts(sources []store.Source) error {
	var names []string
	for i := range sources {
		if _, ok := y.hosts[sources[i].Host]; !ok {
			y.hosts[sources[i].Host] = 0
			names = append(names, sources[i].Host)
		}
	}
	if len(names) == 0 {
		return nil
	}
	rows, err := y.tx.Query(y.ctx, "INSERT INTO host (name, due) SELECT name, $2 FROM unnest($1::text[]) AS name ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, name", names, never)
	if err != nil {
		return err
	}
	var id int64
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { y.hosts[name] = id; return nil })
	return err
}

// weigh notes what is to be done about a source of the config.
func (y *syncing) weigh(old *known, s *store.Source) {
	host, standing := y.hosts[s.Host], catalog.StandingOf(s)
	if old == nil {
		y.touched[host] = true
		y.added = append(y.added, s)
		return
	}
	old.wanted = true
	moved, stands := old.host != host, old.standing != standing
	shows := old.title != s.Title || old.republish != string(s.Republish) || old.standing == catalog.Retired
	if !moved && !stands && !shows {
		return
	}
	c := change{old, host, s.Title, string(s.Republish), standing, 0}
	if moved || stands {
		y.touched[host], y.touched[old.host] = true, true
		c.due = millis(s.FirstDue)
	}
	if shows {
		y.shown = append(y.shown, old.id)
	}
	y.changed = append(y.changed, c)
}

func (y *syncing) add() error {
	if len(y.added) == 0 {
		return nil
	}
	var names, titles, rights []string
	var hosts, due []int64
	var standing []int16
	for _, s := range y.added {
		names, titles, rights = append(names, s.ID), append(titles, s.Title), append(rights, string(s.Republish))
		hosts, due, standing = append(hosts, y.hosts[s.Host]), append(due, millis(s.FirstDue)), append(standing, int16(catalog.StandingOf(s)))
	}
	_, err := y.tx.Exec(y.ctx, `WITH n AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::smallint[], $6::bigint[]) AS n (name, host, title, republish, standing, due)),
		s AS (INSERT INTO source (name, host, title, republish, standing) SELECT name, host, title, republish, standing FROM n RETURNING id, name)
		INSERT INTO state (source, host, due) SELECT s.id, CASE WHEN n.standing = 1 THEN n.host END, n.due FROM s JOIN n USING (name)`,
		names, hosts, titles, rights, standing, due)
	return err
}

// change writes what differs of sources that are there. A source is never due
// earlier than was promised, unless it is at another server now.
func (y *syncing) change() error {
	if len(y.changed) == 0 {
		return nil
	}
	var ids, hosts, due []int64
	var titles, rights []string
	var standing []int16
	var moved []bool
	for _, c := range y.changed {
		ids, hosts, due = append(ids, c.old.id), append(hosts, c.host), append(due, c.due)
		titles, rights, standing = append(titles, c.title), append(rights, c.rights), append(standing, int16(c.standing))
		moved = append(moved, c.host != c.old.host)
	}
	b := &pgx.Batch{}
	b.Queue(`UPDATE source SET host = n.host, title = n.title, republish = n.republish, standing = n.standing
		FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::smallint[]) AS n (id, host, title, republish, standing) WHERE source.id = n.id`,
		ids, hosts, titles, rights, standing)
	b.Queue(`UPDATE state SET host = CASE WHEN n.standing = 1 THEN n.host END, due = CASE WHEN n.moved THEN n.due ELSE greatest(state.due, n.due) END
		FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[], $5::bool[]) AS n (id, host, standing, due, moved) WHERE state.source = n.id`,
		ids, hosts, standing, due, moved)
	return y.tx.SendBatch(y.ctx, b).Close()
}

// hostTimes computes when the hosts can be claimed; a leased one keeps its lease.
func (y *syncing) hostTimes() error {
	ids := make([]int64, 0, len(y.touched))
	for id := range y.touched {
		ids = append(ids, id)
	}
	_, err := y.tx.Exec(y.ctx, `WITH mine AS (SELECT id FROM host WHERE id = ANY($1) ORDER BY id FOR UPDATE)
		UPDATE host SET due = greatest(lease, `+hostDue+`) FROM mine WHERE host.id = mine.id`, ids)
	return err
}

// touch gives all articles of the sources new change numbers: what is shown of
// them is no longer the same.
func (y *syncing) touch() error {
	if len(y.shown) == 0 {
		return nil
	}
	if err := y.begin(); err != nil {
		return err
	}
	tag, err := y.tx.Exec(y.ctx, `UPDATE entry SET change = $1 + turn.n FROM (SELECT seq, row_number() OVER (ORDER BY change) AS n FROM entry WHERE source = ANY($2)) AS turn
		WHERE entry.seq = turn.seq`, y.sequence, y.shown)
	y.sequence += tag.RowsAffected()
	y.changes += int(tag.RowsAffected())
	return err
}
