package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"wireroom/store"
	"wireroom/store/catalog"
)

// Put implements store.Store.
func (s *Store) Put(ctx context.Context, docs []store.Document) error {
	if len(docs) == 0 {
		return nil
	}
	revisions := make([]int64, len(docs))
	err := s.tx(ctx, "put", func(w *writer) error {
		var last int64
		if err := w.row([]any{&last}, "UPDATE meta SET revision = revision + ? RETURNING revision", len(docs)); err != nil {
			return err
		}
		for i := range docs {
			d := &docs[i]
			revisions[i] = last - int64(len(docs)-1-i)
			query := "UPDATE document SET revision = ?3, due = ?4, body = ?5, packed = ?6 WHERE kind = ?1 AND key = ?2 AND revision = ?7"
			if d.Revision == 0 {
				query = "INSERT INTO document (kind, key, revision, due, body, packed) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?7 = 0 ON CONFLICT DO NOTHING"
			}
			body, packed := w.codec.Body(d.Body)
			n, err := w.change(query, d.Kind, []byte(d.Key), revisions[i], millis(d.Due), body, packed, d.Revision)
			if err == nil && n == 0 {
				err = store.ErrConflict
			}
			if err != nil {
				return fmt.Errorf("document %s %s: %w", d.Kind, d.Key, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range docs {
		docs[i].Revision = revisions[i]
	}
	return nil
}

// Delete implements store.Store.
func (s *Store) Delete(ctx context.Context, docs []store.Document) error {
	if len(docs) == 0 {
		return nil
	}
	return s.tx(ctx, "delete", func(w *writer) error {
		for i := range docs {
			d := &docs[i]
			if err := w.exec("DELETE FROM document WHERE kind = ? AND key = ? AND revision = ?", d.Kind, []byte(d.Key), d.Revision); err != nil {
				return err
			}
			var there bool
			err := w.row([]any{&there}, "SELECT EXISTS (SELECT 1 FROM document WHERE kind = ? AND key = ?)", d.Kind, []byte(d.Key))
			if err == nil && there {
				err = store.ErrConflict
			}
			if err != nil {
				return fmt.Errorf("document %s %s: %w", d.Kind, d.Key, err)
			}
		}
		return nil
	})
}

// Document implements store.Store.
func (s *Store) Document(ctx context.Context, kind, key string) (store.Document, error) {
	list, err := s.documents(ctx, kind, "key = ?", []byte(key))
	if err == nil && len(list) == 0 {
		return store.Document{}, fmt.Errorf("document %s %s: %w", kind, key, store.ErrNotFound)
	}
	if err != nil {
		return store.Document{}, err
	}
	return list[0], nil
}

// Documents implements store.Store.
func (s *Store) Documents(ctx context.Context, kind, prefix, after string, limit int) ([]store.Document, error) {
	where, args := "key >= ? AND key > ?", []any{[]byte(prefix), []byte(after)}
	if end := catalog.PrefixEnd(prefix); end != nil {
		where, args = where+" AND key < ?", append(args, end)
	}
	return s.documents(ctx, kind, where+" ORDER BY key LIMIT ?", append(args, max(limit, 0))...)
}

// DueDocuments implements store.Store.
func (s *Store) DueDocuments(ctx context.Context, kind string, now time.Time, limit int) (docs []store.Document, next time.Time, err error) {
	limit = max(limit, 0)
	docs, err = s.documents(ctx, kind, "due <> 0 ORDER BY due, key LIMIT ?", limit+1)
	if err != nil {
		return nil, time.Time{}, err
	}
	docs, next = catalog.Due(docs, now, limit)
	return docs, next, nil
}

// documents reads those of a kind that where leaves.
func (s *Store) documents(ctx context.Context, kind, where string, args ...any) (list []store.Document, err error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+documentColumns+" FROM document WHERE kind = ? AND "+where, append([]any{kind}, args...)...)
	err = each(rows, err, func(rows *sql.Rows) error {
		d, err := s.document(rows)
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, s.fault("documents "+kind, err)
	}
	return list, nil
}

// documentColumns are those of a document, in the order that document reads them.
const documentColumns = "kind, key, revision, due, body, packed"

// document reads a row.
func (s *Store) document(rows *sql.Rows) (d store.Document, err error) {
	var key []byte
	var due int64
	var packed bool
	if err = rows.Scan(&d.Kind, &key, &d.Revision, &due, &d.Body, &packed); err != nil {
		return d, err
	}
	d.Key, d.Due = string(key), at(due)
	if packed {
		if d.Body, err = s.codec.ParseBody(d.Body); err != nil {
			return d, fmt.Errorf("document %s %s: %w", d.Kind, d.Key, err)
		}
	}
	return d, nil
}
