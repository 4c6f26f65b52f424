package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
)

// What a record needs to be given out; see shown. The record of an article a is
// looked up for the rows that come out of a query, after their order and limit.
const (
	body          = "(SELECT body.record FROM body WHERE body.seq = a.seq)"
	sourceColumns = ", source.name, source.title, source.republish"
	recordColumns = body + sourceColumns
)

// shown holds a record and the sourceColumns of a row.
type shown struct {
	blob                   []byte
	name, title, republish string
}

func (v *shown) dest(before ...any) []any {
	return append(before, &v.blob, &v.name, &v.title, &v.republish)
}

// recordOf is the record with what its source's config says of it now.
func (s *Store) recordOf(v *shown) (article.Record, error) {
	r, err := s.codec.ParseRecord(v.blob)
	r.Source.ID = v.name
	if v.title != "" {
		r.Source.Name = v.title
	}
	if v.republish != "" {
		r.Rights.Republish = article.Republish(v.republish)
	}
	return r, err
}

// records reads the rows of a query whose last columns are those of shown; before
// are its first ones, and f is called for each row.
func (s *Store) records(ctx context.Context, q querier, f func(article.Record), before []any, query string, args ...any) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	var v shown
	_, err = pgx.ForEachRow(rows, v.dest(before...), func() error {
		r, err := s.recordOf(&v)
		if err == nil {
			f(r)
		}
		return err
	})
	return err
}

// Article implements store.Store.
func (s *Store) Article(ctx context.Context, id string) (r article.Record, err error) {
	err = s.again(ctx, "article "+id, func() (err error) {
		r, _, err = s.article(ctx, s.pool, id)
		return err
	})
	if err == nil && r.ID == "" {
		err = fmt.Errorf("article %s: %w", id, store.ErrNotFound)
	}
	return r, err
}

// article reads an article; its id is empty if there is none.
func (s *Store) article(ctx context.Context, q querier, id string) (r article.Record, seq int64, err error) {
	err = s.records(ctx, q, func(x article.Record) { r = x }, []any{&seq},
		"SELECT a.seq, "+recordColumns+" FROM entry AS a JOIN source ON source.id = a.source WHERE a.name = $1", catalog.Name(id))
	if err != nil || !catalog.Is(&r, id) {
		return article.Record{}, 0, err
	}
	return r, seq, nil
}

// History implements store.Store.
func (s *Store) History(ctx context.Context, id string) (list []article.Record, err error) {
	err = s.view(ctx, "history of "+id, func(tx pgx.Tx) error {
		list = nil
		last, seq, err := s.article(ctx, tx, id)
		if err != nil || last.ID == "" {
			return err
		}
		err = s.records(ctx, tx, func(r article.Record) { list = append(list, r) }, nil, "SELECT a.record"+sourceColumns+` FROM version AS a
			JOIN entry ON entry.seq = a.article JOIN source ON source.id = entry.source WHERE a.article = $1 ORDER BY a.version`, seq)
		list = append(list, last)
		return err
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("article %s: %w", id, store.ErrNotFound)
	}
	return list, err
}

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (list []*article.Record, last int64, err error) {
	err = s.again(ctx, "changes", func() error {
		list, last = nil, after
		return s.records(ctx, s.pool, func(r article.Record) { r.Changed = last; list = append(list, &r) }, []any{&last},
			"SELECT a.change, "+recordColumns+" FROM entry AS a JOIN source ON source.id = a.source WHERE a.change > $1 ORDER BY a.change LIMIT $2", after, limit)
	})
	if err != nil {
		return nil, after, err
	}
	return list, last, nil
}
