package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/move"
)

var _ move.Shelf = (*Store)(nil)

// Sources implements move.Shelf.
func (s *Store) Sources(ctx context.Context, after string, limit int) (list []catalog.SourceRow, err error) {
	rows, err := s.read.QueryContext(ctx, "SELECT source.title, source.republish, source.standing, host.not_before, "+wholeColumns+wholeTables+"WHERE source.name > ? ORDER BY source.name LIMIT ?", after, limit)
	err = each(rows, err, func(rows *sql.Rows) (err error) {
		var r catalog.SourceRow
		var rest int64
		r.State, err = wholeState(rows, &r.Source.Title, &r.Source.Republish, &r.Standing, &rest)
		r.Source.ID, r.Source.Host, r.Source.Paused = r.State.Source, r.State.Host, r.Standing == catalog.Paused
		r.NotBefore = at(rest)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, s.fault("sources", err)
	}
	return list, nil
}

// TakeSources implements move.Shelf.
func (s *Store) TakeSources(ctx context.Context, rows []catalog.SourceRow) error {
	return s.tx(ctx, "take sources", func(w *writer) error {
		y := syncing{saving: saving{writer: w}, hosts: map[string]int64{}, touched: map[int64]bool{}}
		for i := range rows {
			if err := y.take(&rows[i]); err != nil {
				return fmt.Errorf("source %s: %w", rows[i].Source.ID, err)
			}
		}
		for id := range y.touched {
			if err := y.exec("UPDATE host SET due = max(lease, "+hostDue+") WHERE id = ?", id); err != nil {
				return err
			}
		}
		return y.exec("UPDATE meta SET sources = NULL") // the next Sync looks again
	})
}

func (y *syncing) take(r *catalog.SourceRow) error {
	host, err := y.host(r.Source.Host)
	if err != nil {
		return err
	}
	y.touched[host] = true
	if err := y.exec("UPDATE host SET not_before = max(not_before, ?) WHERE id = ?", millis(r.NotBefore), host); err != nil {
		return err
	}
	var id int64
	err = y.row([]any{&id}, `INSERT INTO source (name, host, title, republish, standing) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET host = excluded.host, title = excluded.title, republish = excluded.republish, standing = excluded.standing RETURNING id`,
		r.Source.ID, host, r.Source.Title, string(r.Source.Republish), int(r.Standing))
	if err != nil {
		return err
	}
	var polledBy any
	if r.Standing == catalog.Polled {
		polledBy = host
	}
	err = y.exec("INSERT OR REPLACE INTO state (due, last_poll, packed, source, host, name) VALUES (?, ?, ?, ?, ?, ?)", append(y.state(&r.State), id, polledBy, r.Source.ID)...)
	if err != nil {
		return err
	}
	return y.note(id, &r.State)
}

// Rows implements move.Shelf.
func (s *Store) Rows(ctx context.Context, after int64, limit int) (list []catalog.ArticleRow, err error) {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // of one moment
	if err != nil {
		return nil, s.fault("rows", err)
	}
	defer tx.Rollback()
	if list, err = articleRows(ctx, tx, after, limit); err != nil {
		return nil, s.fault("rows", err)
	}
	return list, nil
}

func articleRows(ctx context.Context, tx *sql.Tx, after int64, limit int) (list []catalog.ArticleRow, err error) {
	var seqs []int64
	rows, err := tx.QueryContext(ctx, `SELECT a.seq, a.change, source.name, a.key, a.print, a.name, a.status, a.place, a.latest, a.entered, a.embargo, a.expires, a.record
		FROM `+changed+` CROSS JOIN source ON source.id = a.source`, after, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		var r catalog.ArticleRow
		var seq int64
		c := &r.Columns
		err := rows.Scan(&seq, &r.Change, &r.Source, &r.Key, &c.Print, &c.Name, &c.Status, &c.Published, &c.Updated, &c.Entered, &c.Embargo, &c.Expires, &r.Record)
		c.Published, c.Updated = c.Published>>tieBits, c.Updated>>tieBits
		list, seqs = append(list, r), append(seqs, seq)
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	which := jsonInts(seqs)
	rows, err = tx.QueryContext(ctx, "SELECT item.key, v.version, v.record FROM json_each(?) AS item CROSS JOIN version AS v ON v.article = item.value ORDER BY item.key, v.version", which)
	err = each(rows, err, func(rows *sql.Rows) error {
		var i int
		var f catalog.Former
		err := rows.Scan(&i, &f.Version, &f.Record)
		list[i].Former = append(list[i].Former, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	of := make(map[int64]int, len(seqs))
	for i, seq := range seqs {
		of[seq] = i
	}
	rows, err = tx.QueryContext(ctx, "SELECT article, key FROM alias WHERE article IN (SELECT value FROM json_each(?)) ORDER BY key", which)
	err = each(rows, err, func(rows *sql.Rows) error {
		var article, key int64
		err := rows.Scan(&article, &key)
		list[of[article]].Aliases = append(list[of[article]].Aliases, key)
		return err
	})
	return list, err
}

// LastChange implements move.Shelf.
func (s *Store) LastChange(ctx context.Context) (n int64, err error) {
	if err = s.read.QueryRowContext(ctx, "SELECT "+lastChange).Scan(&n); err != nil {
		return 0, s.fault("last change", err)
	}
	return n, nil
}

// TakeRows implements move.Shelf.
func (s *Store) TakeRows(ctx context.Context, rows []catalog.ArticleRow) error {
	return s.tx(ctx, "take articles", func(w *writer) error {
		v := saving{writer: w}
		if err := v.begin(); err != nil {
			return err
		}
		for i := range rows {
			if err := v.take(&rows[i]); err != nil {
				return fmt.Errorf("article with change %d of source %s: %w", rows[i].Change, rows[i].Source, err)
			}
		}
		return nil
	})
}

// take puts an article in as it is. What its key was a number of is not known any
// more, so all that is taken is found by its key.
func (v *saving) take(row *catalog.ArticleRow) error {
	r, err := v.codec.ParseRecord(row.Record)
	if err != nil {
		return err
	}
	var source, seq int64
	if err := v.row([]any{&source}, "SELECT id FROM source WHERE name = ?", row.Source); err != nil {
		return err
	}
	err = v.row([]any{&seq}, "SELECT seq FROM article INDEXED BY article_key WHERE named = 0 AND source = ? AND key = ?", source, row.Key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		for _, query := range [...]string{"DELETE FROM article WHERE seq = ?", "DELETE FROM version WHERE article = ?", "DELETE FROM alias WHERE article = ?"} {
			if err := v.exec(query, seq); err != nil {
				return err
			}
		}
	} else {
		v.seq = max(v.seq+1, row.Change)
		seq = v.seq
	}
	if ok, err := v.file(seq, source, identity{key: row.Key}, catalog.Print(&r), row.Change, &r, row.Record); err != nil || !ok {
		return errors.Join(err, conflict(ok))
	}
	for _, f := range row.Former {
		if err := v.exec("INSERT INTO version (article, version, record) VALUES (?, ?, ?)", seq, f.Version, f.Record); err != nil {
			return err
		}
	}
	for _, key := range row.Aliases {
		if err := v.exec("INSERT OR REPLACE INTO alias (source, key, article) VALUES (?, ?, ?)", source, key, seq); err != nil {
			return err
		}
	}
	return nil
}

func conflict(ok bool) error {
	if ok {
		return nil
	}
	return errors.New("its id is another article's")
}

// Recount implements move.Shelf.
func (s *Store) Recount(ctx context.Context, sequence int64) error {
	return s.tx(ctx, "recount", func(w *writer) error {
		return w.exec(`UPDATE meta SET sequence = max(sequence, ?), articles = (SELECT count(*) FROM article), versions = (SELECT count(*) FROM article) + (SELECT count(*) FROM version),
			revision = max(revision, (SELECT coalesce(max(revision), 0) FROM document))`, sequence)
	})
}

// AllDocuments implements move.Shelf.
func (s *Store) AllDocuments(ctx context.Context, after store.Document, limit int) (list []store.Document, err error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+documentColumns+" FROM document WHERE (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?", after.Kind, []byte(after.Key), limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		d, err := s.document(rows)
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, s.fault("documents", err)
	}
	return list, nil
}

// TakeDocuments implements move.Shelf.
func (s *Store) TakeDocuments(ctx context.Context, docs []store.Document) error {
	return s.tx(ctx, "take documents", func(w *writer) error {
		for i := range docs {
			d := &docs[i]
			body, packed := w.codec.Body(d.Body)
			err := w.exec(`INSERT INTO document (kind, key, revision, due, body, packed) VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (kind, key) DO UPDATE SET revision = excluded.revision, due = excluded.due, body = excluded.body, packed = excluded.packed`,
				d.Kind, []byte(d.Key), d.Revision, millis(d.Due), body, packed)
			if err != nil {
				return fmt.Errorf("document %s %s: %w", d.Kind, d.Key, err)
			}
		}
		return nil
	})
}

// Examine implements move.Shelf: SQLite looks at every page and every index.
func (s *Store) Examine(ctx context.Context) error {
	var said []string
	rows, err := s.read.QueryContext(ctx, "PRAGMA integrity_check(20)")
	err = each(rows, err, func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		said = append(said, line)
		return err
	})
	if err != nil {
		return s.fault("check", err)
	}
	if slices.Equal(said, []string{"ok"}) {
		return nil
	}
	faults := make([]error, len(said))
	for i, line := range said {
		faults[i] = errors.New(line)
	}
	return s.fault("check", errors.Join(append([]error{errors.New("the file is damaged: restore a backup")}, faults...)...))
}

// Backup writes all of the store, as it is at this moment, into a new file. The
// store may be in use.
func (s *Store) Backup(ctx context.Context, file string) error {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return s.fault("backup", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return s.fault("backup", err)
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", file)
	if _, err2 := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = 1"); err == nil {
		err = err2
	}
	if err != nil {
		return s.fault("backup to "+file, err)
	}
	return nil
}
