package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
)

// Forget implements store.Store.
func (s *Store) Forget(ctx context.Context, e store.Expiry, limit int) (n int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	err = s.tx(ctx, "forget", func(w *writer) error {
		v := saving{writer: w}
		list, err := v.expired(&e, limit)
		if err != nil {
			return err
		}
		for i := range list {
			if err := v.forget(&list[i]); err != nil {
				return err
			}
		}
		n = len(list)
		return v.exec("UPDATE meta SET articles = articles - ?, versions = versions - ?", n, v.versions)
	})
	if err != nil {
		return 0, err
	}
	s.fresh.forget()
	return n, nil
}

// old is an article that is to go.
type old struct {
	seq, source, key, place int64
	record                  article.Record
}

// expired reads the articles that are to go. Those of few sources are found by
// their source, others in the order in which they came.
func (v *saving) expired(e *store.Expiry, limit int) (list []old, err error) {
	names, from, which := e.Except, "article AS a INDEXED BY article_entered", "NOT IN"
	if len(e.Sources) > 0 {
		names, from, which = e.Sources, "article AS a INDEXED BY article_source", "IN"
	}
	if names == nil {
		names = []string{}
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	err = v.rows(func(rows *sql.Rows) error {
		var a old
		var blob sql.RawBytes
		err := rows.Scan(&a.seq, &a.source, &a.key, &a.place, &blob)
		if err == nil {
			a.record, err = v.codec.ParseRecord(blob)
		}
		list = append(list, a)
		return err
	}, "SELECT a.seq, a.source, a.key, a.place, a.record FROM "+from+" WHERE a.entered < ? AND a.latest < ? AND a.source "+which+
		" (SELECT source.id FROM json_each(?) AS name JOIN source ON source.name = name.value) ORDER BY a.entered LIMIT ?",
		millis(e.Before), place(e.Before), string(text), limit)
	return list, err
}

// forget removes an article from everywhere but the list of what was forgotten.
// Terms that only its former versions had stay; they are seen through.
func (v *saving) forget(a *old) error {
	for _, t := range catalog.Terms(&a.record) {
		if err := v.exec("DELETE FROM term WHERE term = ? AND place = ?", t, a.place); err != nil {
			return err
		}
	}
	if err := v.exec("INSERT OR IGNORE INTO forgotten (source, key) VALUES (?, ?)", a.source, a.key); err != nil {
		return err
	}
	former, err := v.change("DELETE FROM version WHERE article = ?", a.seq)
	if err != nil {
		return err
	}
	v.versions += 1 + int(former)
	for _, query := range [...]string{
		"INSERT OR IGNORE INTO forgotten (source, key) SELECT source, key FROM alias WHERE article = ?",
		"DELETE FROM alias WHERE article = ?", "DELETE FROM word WHERE rowid = ?", "DELETE FROM article WHERE seq = ?",
	} {
		if err := v.exec(query, a.seq); err != nil {
			return err
		}
	}
	return nil
}

// Forgotten implements move.Shelf.
func (s *Store) Forgotten(ctx context.Context, after catalog.ForgottenRow, limit int) (list []catalog.ForgottenRow, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT source.name, f.key FROM source JOIN forgotten AS f ON f.source = source.id
		WHERE (source.name, f.key) > (?, ?) ORDER BY source.name, f.key LIMIT ?`, after.Source, after.Key, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		var r catalog.ForgottenRow
		err := rows.Scan(&r.Source, &r.Key)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, s.fault("forgotten", err)
	}
	return list, nil
}

// TakeForgotten implements move.Shelf.
func (s *Store) TakeForgotten(ctx context.Context, rows []catalog.ForgottenRow) error {
	return s.tx(ctx, "take forgotten", func(w *writer) error {
		v := saving{writer: w}
		for _, r := range rows {
			var a old
			var blob []byte
			err := v.row([]any{&a.source, &a.seq, &a.place, &blob}, `SELECT source.id, coalesce(a.seq, 0), coalesce(a.place, 0), a.record FROM source
				LEFT JOIN article AS a INDEXED BY article_key ON a.named = 0 AND a.source = source.id AND a.key = ? WHERE source.name = ?`, r.Key, r.Source)
			if err != nil {
				return err
			}
			if a.key = r.Key; a.seq > 0 {
				if a.record, err = v.codec.ParseRecord(blob); err != nil {
					return err
				}
			}
			if err := v.forget(&a); err != nil {
				return err
			}
		}
		return nil
	})
}
