package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/move"
	"wireroom/store/packed"
)

var _ move.Shelf = (*Store)(nil)

// Sources implements move.Shelf.
func (s *Store) Sources(ctx context.Context, after string, limit int) (list []catalog.SourceRow, err error) {
	err = s.again(ctx, "sources", func() error {
		rows, err := s.pool.Query(ctx, "SELECT source.title, source.republish, source.standing, host.not_before, "+wholeColumns+stateTables+
			`WHERE source.name COLLATE "C" > $1 ORDER BY source.name COLLATE "C" LIMIT $2`, after, limit)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r catalog.SourceRow, err error) {
			var rest int64
			r.State, err = wholeStateAfter(row, &r.Source.Title, &r.Source.Republish, &r.Standing, &rest)
			r.Source.ID, r.Source.Host, r.Source.Paused = r.State.Source, r.State.Host, r.Standing == catalog.Paused
			r.NotBefore = at(rest)
			return r, err
		})
		return err
	})
	return list, err
}

// TakeSources implements move.Shelf.
func (s *Store) TakeSources(ctx context.Context, rows []catalog.SourceRow) error {
	return s.tx(ctx, "take sources", func(tx pgx.Tx) error {
		y := syncing{saving: saving{ctx: ctx, tx: tx}, hosts: map[string]int64{}, touched: map[int64]bool{}}
		return y.take(rows)
	})
}

func (y *syncing) take(rows []catalog.SourceRow) error {
	wanted := make([]store.Source, len(rows))
	for i := range rows {
		wanted[i] = rows[i].Source
	}
	if _, err := y.tx.Exec(y.ctx, "UPDATE meta SET sources = NULL"); err != nil { // the next Sync looks again
		return err
	}
	if err := y.newHosts(wanted); err != nil {
		return err
	}
	b := &pgx.Batch{}
	var s stateColumn
	var l learntColumn
	for i := range rows {
		r := &rows[i]
		host := y.hosts[r.Source.Host]
		y.touched[host] = true
		b.Queue("UPDATE host SET not_before = greatest(not_before, $1) WHERE id = $2", millis(r.NotBefore), host)
		var id int64
		err := y.tx.QueryRow(y.ctx, `INSERT INTO source (name, host, title, republish, standing) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO UPDATE SET host = excluded.host, title = excluded.title, republish = excluded.republish, standing = excluded.standing RETURNING id`,
			r.Source.ID, host, r.Source.Title, string(r.Source.Republish), int16(r.Standing)).Scan(&id)
		if err != nil {
			return fmt.Errorf("source %s: %w", r.Source.ID, err)
		}
		learnt := packed.LearntOf(&r.State)
		var polledBy *int64
		if r.Standing == catalog.Polled {
			polledBy = &host
		}
		b.Queue("INSERT INTO state (source, host, due) VALUES ($1, $2, 0) ON CONFLICT (source) DO UPDATE SET host = excluded.host", id, polledBy)
		s.add(id, &r.State, learnt.Hash)
		l.add(id, &r.State, &learnt)
	}
	s.queue(b)
	l.queue(b)
	if err := y.tx.SendBatch(y.ctx, b).Close(); err != nil {
		return err
	}
	return y.hostTimes()
}

// Rows implements move.Shelf.
func (s *Store) Rows(ctx context.Context, after int64, limit int) (list []catalog.ArticleRow, err error) {
	err = s.view(ctx, "rows", func(tx pgx.Tx) (err error) {
		list, err = articleRows(ctx, tx, after, limit)
		return err
	})
	return list, err
}

func articleRows(ctx context.Context, tx pgx.Tx, after int64, limit int) (list []catalog.ArticleRow, err error) {
	rows, err := tx.Query(ctx, `SELECT a.seq, a.change, source.name, a.key, a.print, a.name, a.status, a.published, a.updated, a.entered, a.embargo, a.expires, `+body+`
		FROM entry AS a JOIN source ON source.id = a.source WHERE a.change > $1 ORDER BY a.change LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	var seqs []int64
	of := map[int64]int{}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r catalog.ArticleRow, err error) {
		var seq int64
		c := &r.Columns
		err = row.Scan(&seq, &r.Change, &r.Source, &r.Key, &c.Print, &c.Name, &c.Status, &c.Published, &c.Updated, &c.Entered, &c.Embargo, &c.Expires, &r.Record)
		c.Published, c.Updated = catalog.Moment(c.Published), catalog.Moment(c.Updated)
		of[seq] = len(seqs)
		seqs = append(seqs, seq)
		return r, err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if rows, err = tx.Query(ctx, "SELECT article, version, record FROM version WHERE article = ANY($1) ORDER BY article, version", seqs); err != nil {
		return nil, err
	}
	var seq, key int64
	var f catalog.Former
	_, err = pgx.ForEachRow(rows, []any{&seq, &f.Version, &f.Record}, func() error {
		r := &list[of[seq]]
		r.Former = append(r.Former, catalog.Former{Version: f.Version, Record: append([]byte(nil), f.Record...)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if rows, err = tx.Query(ctx, "SELECT article, key FROM alias WHERE article = ANY($1) ORDER BY key", seqs); err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&seq, &key}, func() error {
		r := &list[of[seq]]
		r.Aliases = append(r.Aliases, key)
		return nil
	})
	return list, err
}

// LastChange implements move.Shelf.
func (s *Store) LastChange(ctx context.Context) (n int64, err error) {
	err = s.again(ctx, "last change", func() error {
		return s.pool.QueryRow(ctx, "SELECT coalesce(max(change), 0) FROM entry").Scan(&n)
	})
	return n, err
}

// TakeRows implements move.Shelf.
func (s *Store) TakeRows(ctx context.Context, rows []catalog.ArticleRow) error {
	return s.adding(ctx, func() (last int64, err error) {
		err = s.tx(ctx, "take articles", func(tx pgx.Tx) error {
			v := saving{ctx: ctx, tx: tx, codec: s.codec}
			if err := v.begin(); err != nil {
				return err
			}
			err := v.take(rows)
			last = v.last
			return err
		})
		return last, err
	})
}

// take puts articles in as they are. Rows that are there already are taken out
// first and put back under their numbers.
func (v *saving) take(rows []catalog.ArticleRow) error {
	sources, err := v.sources(rows)
	if err != nil {
		return err
	}
	in := make([]incoming, len(rows))
	for i := range rows {
		row := &rows[i]
		source, ok := sources[row.Source]
		if !ok {
			return fmt.Errorf("article with change %d: there is no source %s", row.Change, row.Source)
		}
		in[i] = incoming{held: &held{source: source}, key: row.Key, blob: row.Record}
		r, err := v.codec.ParseRecord(row.Record)
		if err != nil {
			return fmt.Errorf("article with change %d of source %s: %w", row.Change, row.Source, err)
		}
		in[i].r, in[i].print = &r, catalog.Print(&r)
	}
	if err := v.numbers(in); err != nil {
		return err
	}
	var c articleColumn
	var of, owner, source, key []int64
	var number []int32
	var former [][]byte
	for i := range in {
		c.add(&in[i], rows[i].Change)
		for _, f := range rows[i].Former {
			of, number, former = append(of, in[i].seq), append(number, int32(f.Version)), append(former, f.Record)
		}
		for _, k := range rows[i].Aliases {
			owner, source, key = append(owner, in[i].seq), append(source, in[i].held.source), append(key, k)
		}
	}
	b := &pgx.Batch{}
	b.Queue("DELETE FROM entry WHERE seq = ANY($1)", c.seq)
	b.Queue("DELETE FROM body WHERE seq = ANY($1)", c.seq)
	b.Queue("DELETE FROM version WHERE article = ANY($1)", c.seq)
	b.Queue("DELETE FROM alias WHERE article = ANY($1)", c.seq)
	b.Queue(`INSERT INTO entry (seq, source, key, print, name, change, published, updated, entered, embargo, expires, status, id)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::smallint[], $13::bytea[])`,
		c.seq, c.source, c.key, c.print, c.name, c.change, c.published, c.updated, c.entered, c.embargo, c.expires, c.status, c.id)
	b.Queue("INSERT INTO body SELECT * FROM unnest($1::bigint[], $2::bytea[])", c.seq, c.record)
	b.Queue("INSERT INTO version (article, version, record) SELECT * FROM unnest($1::bigint[], $2::int[], $3::bytea[])", of, number, former)
	b.Queue("INSERT INTO alias (source, key, article) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])", source, key, owner)
	return v.tx.SendBatch(v.ctx, b).Close()
}

// sources are the numbers of the articles' sources.
func (v *saving) sources(rows []catalog.ArticleRow) (map[string]int64, error) {
	names := make([]string, len(rows))
	for i := range rows {
		names[i] = rows[i].Source
	}
	found, err := v.tx.Query(v.ctx, "SELECT name, id FROM source WHERE name = ANY($1)", names)
	if err != nil {
		return nil, err
	}
	ids := map[string]int64{}
	var name string
	var id int64
	_, err = pgx.ForEachRow(found, []any{&name, &id}, func() error { ids[name] = id; return nil })
	return ids, err
}

// numbers gives articles the numbers that they have, or the next ones.
func (v *saving) numbers(in []incoming) error {
	sources, keys := make([]int64, len(in)), make([]int64, len(in))
	for i := range in {
		sources[i], keys[i] = in[i].held.source, in[i].key
	}
	rows, err := v.tx.Query(v.ctx, `SELECT coalesce(a.seq, nextval(pg_get_serial_sequence('entry', 'seq'))) FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS i (source, key, n)
		LEFT JOIN entry AS a ON a.source = i.source AND a.key = i.key ORDER BY i.n`, sources, keys)
	if err != nil {
		return err
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for i := range in {
		in[i].seq, v.last = list[i], max(v.last, list[i])
	}
	return nil
}

// Recount implements move.Shelf.
func (s *Store) Recount(ctx context.Context, sequence int64) error {
	return s.tx(ctx, "recount", func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE meta SET sequence = greatest(sequence, $1), articles = (SELECT count(*) FROM entry), versions = (SELECT count(*) FROM entry) + (SELECT count(*) FROM version)`, sequence)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "SELECT setval('document_revision', greatest(nextval('document_revision'), (SELECT coalesce(max(revision), 0) FROM document)))")
		return err
	})
}

// AllDocuments implements move.Shelf.
func (s *Store) AllDocuments(ctx context.Context, after store.Document, limit int) (list []store.Document, err error) {
	err = s.again(ctx, "documents", func() error {
		rows, err := s.pool.Query(ctx, `SELECT kind, key, revision, due, body FROM document WHERE (kind COLLATE "C", key) > ($1, $2) ORDER BY kind COLLATE "C", key LIMIT $3`, after.Kind, []byte(after.Key), limit)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d store.Document, err error) {
			var key []byte
			var due int64
			err = row.Scan(&d.Kind, &key, &d.Revision, &due, &d.Body)
			d.Key, d.Due = string(key), at(due)
			return d, err
		})
		return err
	})
	return list, err
}

// TakeDocuments implements move.Shelf.
func (s *Store) TakeDocuments(ctx context.Context, docs []store.Document) error {
	return s.tx(ctx, "take documents", func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		for i := range docs {
			d := &docs[i]
			b.Queue(`INSERT INTO document (kind, key, revision, due, body) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (kind, key) DO UPDATE SET revision = excluded.revision, due = excluded.due, body = excluded.body`,
				d.Kind, []byte(d.Key), d.Revision, millis(d.Due), d.Body)
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// Examine implements move.Shelf: every row of every table is read, and what the
// indexes lead to is held against the rows.
func (s *Store) Examine(ctx context.Context) error {
	return s.again(ctx, "check", func() error {
		var orphans int64
		err := s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM version AS v LEFT JOIN entry AS a ON a.seq = v.article WHERE a.seq IS NULL)
			+ (SELECT count(*) FROM alias AS x LEFT JOIN entry AS a ON a.seq = x.article WHERE a.seq IS NULL)
			+ (SELECT count(*) FROM entry AS a FULL JOIN body USING (seq) WHERE a.source IS NULL OR body.record IS NULL)
			+ (SELECT count(*) FROM entry AS a LEFT JOIN source AS s ON s.id = a.source WHERE s.id IS NULL)
			+ (SELECT count(*) FROM source AS s LEFT JOIN state ON state.source = s.id WHERE state.source IS NULL)`).Scan(&orphans)
		if err == nil && orphans > 0 {
			err = fmt.Errorf("%d rows belong to others that are not there", orphans)
		}
		return err
	})
}
