package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"wireroom/store"
	"wireroom/store/catalog"
)

// Assign implements store.Store.
func (s *Store) Assign(ctx context.Context, list []store.Assignment) error {
	if len(list) == 0 {
		return nil
	}
	v := saving{}
	err := s.tx(ctx, "assign", func(w *writer) error {
		v.writer = w
		if err := v.begin(); err != nil {
			return err
		}
		for _, a := range list {
			if err := v.assign(a); err != nil {
				return fmt.Errorf("article %s: %w", a.Article, err)
			}
		}
		return v.end()
	})
	if err == nil && v.changes > 0 {
		s.fresh.add(v.sequence-int64(v.changes), v.fresh)
		s.tell(v.sequence)
	}
	return err
}

// assign rewrites an article's record; what it is found and known by stays.
func (v *saving) assign(a store.Assignment) error {
	var seq int64
	var blob []byte
	err := v.row([]any{&seq, &blob, &v.title, &v.republish}, "SELECT seq, record, title, republish FROM article JOIN source ON source.id = article.source WHERE article.name = ?", catalog.Name(a.Article))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := v.codec.ParseRecord(blob)
	if err != nil || !catalog.Is(&r, a.Article) || !catalog.Assign(&r, a) {
		return err
	}
	v.blob = v.codec.Record(v.blob[:0], &r)
	v.show(&r, seq, v.nextChange(), true)
	return v.exec("UPDATE article SET change = ?, record = ? WHERE seq = ?", v.sequence, v.blob, seq)
}
