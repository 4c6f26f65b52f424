package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
)

// recordColumns are what a record needs to be given out; see recordOf.
const recordColumns = "a.record, source.name, source.title, source.republish"

// shown holds the recordColumns of a row.
type shown struct {
	blob                   sql.RawBytes
	name, title, republish string
}

func (v *shown) dest(before ...any) []any {
	return append(before, &v.blob, &v.name, &v.title, &v.republish)
}

// recordOf is the record with what its source's config says of it now.
func (s *Store) recordOf(v *shown) (article.Record, error) {
	r, err := s.codec.ParseRecord(v.blob)
	v.complete(&r)
	return r, err
}

func (v *shown) complete(r *article.Record) {
	r.Source.ID = v.name
	configured(r, v.title, v.republish)
}

// configured sets what a source's config says now.
func configured(r *article.Record, title, republish string) {
	if title != "" {
		r.Source.Name = title
	}
	if republish != "" {
		r.Rights.Republish = article.Republish(republish)
	}
}

// Article implements store.Store.
func (s *Store) Article(ctx context.Context, id string) (article.Record, error) {
	r, _, err := s.article(ctx, id)
	return r, err
}

func (s *Store) article(ctx context.Context, id string) (r article.Record, seq int64, err error) {
	var v shown
	rows, err := s.read.QueryContext(ctx, "SELECT a.seq, "+recordColumns+" FROM article AS a JOIN source ON source.id = a.source WHERE a.name = ?", catalog.Name(id))
	err = each(rows, err, func(rows *sql.Rows) error {
		err := rows.Scan(v.dest(&seq)...)
		if err == nil {
			r, err = s.recordOf(&v)
		}
		return err
	})
	if err != nil {
		return article.Record{}, 0, s.fault("article "+id, err)
	}
	if !catalog.Is(&r, id) {
		return article.Record{}, 0, fmt.Errorf("article %s: %w", id, store.ErrNotFound)
	}
	return r, seq, nil
}

// History implements store.Store.
func (s *Store) History(ctx context.Context, id string) ([]article.Record, error) {
	last, seq, err := s.article(ctx, id)
	if err != nil {
		return nil, err
	}
	var list []article.Record
	var v shown
	rows, err := s.read.QueryContext(ctx, `SELECT `+recordColumns+` FROM version AS a JOIN article ON article.seq = a.article JOIN source ON source.id = article.source
		WHERE a.article = ? AND a.version < ? ORDER BY a.version`, seq, last.Version)
	err = each(rows, err, func(rows *sql.Rows) error {
		err := rows.Scan(v.dest()...)
		if err == nil {
			var r article.Record
			r, err = s.recordOf(&v)
			list = append(list, r)
		}
		return err
	})
	if err != nil {
		return nil, s.fault("history of "+id, err)
	}
	return append(list, last), nil
}

// changed are the articles a whose last change came after ?1, in the order of the
// changes, at most ?2. That is the order of the rows, as far as they were not changed
// since they came, merged with the index of those that were. The rows are looked at
// no further than that index has to be, so that where most were changed, as all are
// that came before schema 6, they are not walked to their end for each page. CROSS JOIN
// has the articles come in that order, without sorting their records.
const changed = `(
	SELECT seq, seq AS turn FROM article WHERE change = seq AND seq > ?1 AND seq <= coalesce(
		(SELECT change FROM article INDEXED BY article_change WHERE change <> seq AND change > ?1 ORDER BY change LIMIT 1 OFFSET ?2 - 1), 9223372036854775807)
	UNION ALL SELECT seq, change FROM article INDEXED BY article_change WHERE change <> seq AND change > ?1
	ORDER BY turn LIMIT ?2) AS next CROSS JOIN article AS a ON a.seq = next.seq`

// lastChange is the greatest of all. (A change is never less than its article's seq.)
const lastChange = "max(coalesce((SELECT max(seq) FROM article), 0), coalesce((SELECT max(change) FROM article INDEXED BY article_change WHERE change <> seq), 0))"

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]*article.Record, int64, error) {
	sequence, err := s.Sequence(ctx)
	if err != nil || sequence <= after {
		return nil, after, err
	}
	if list, ok := s.fresh.since(after, sequence, limit); ok {
		if len(list) > 0 {
			after = list[len(list)-1].Changed
		}
		return list, after, nil
	}
	var v shown
	last := after
	var list []*article.Record
	rows, err := s.read.QueryContext(ctx, "SELECT a.change, "+recordColumns+" FROM "+changed+" CROSS JOIN source ON source.id = a.source", after, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		err := rows.Scan(v.dest(&last)...)
		if err == nil {
			var r article.Record
			r, err = s.recordOf(&v)
			r.Changed = last
			list = append(list, &r)
		}
		return err
	})
	if err != nil {
		return nil, after, s.fault("changes", err)
	}
	return list, last, nil
}
