package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"wireroom/store"
	"wireroom/store/catalog"
)

// Put implements store.Store. A document that already has the revision that was
// drawn for it was written by a try whose answer was lost.
func (s *Store) Put(ctx context.Context, docs []store.Document) error {
	if len(docs) == 0 {
		return nil
	}
	var revisions []int64
	err := s.again(ctx, "put", func() error {
		rows, err := s.pool.Query(ctx, "SELECT nextval('document_revision') FROM generate_series(1, $1)", len(docs))
		if err == nil {
			revisions, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		}
		return err
	})
	if err != nil {
		return err
	}
	order := store.ByName(docs)
	err = s.tx(ctx, "put", func(tx pgx.Tx) error {
		for _, i := range order {
			d := &docs[i]
			query := "UPDATE document SET revision = $3, due = $4, body = $5 WHERE kind = $1 AND key = $2 AND revision IN ($3, $6)"
			if d.Revision == 0 {
				query = "INSERT INTO document AS d (kind, key, revision, due, body) SELECT $1, $2, $3, $4, $5 WHERE $6::bigint = 0 ON CONFLICT (kind, key) DO UPDATE SET revision = $3 WHERE d.revision = $3"
			}
			if err := one(tx.Exec(ctx, query, d.Kind, []byte(d.Key), revisions[i], millis(d.Due), d.Body, d.Revision)); err != nil {
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

// one tells a conflict from a statement that touched no row.
func one(tag pgconn.CommandTag, err error) error {
	if err == nil && tag.RowsAffected() == 0 {
		return store.ErrConflict
	}
	return err
}

// Delete implements store.Store.
func (s *Store) Delete(ctx context.Context, docs []store.Document) error {
	if len(docs) == 0 {
		return nil
	}
	order := store.ByName(docs)
	return s.tx(ctx, "delete", func(tx pgx.Tx) error {
		for _, i := range order {
			d := &docs[i]
			if _, err := tx.Exec(ctx, "DELETE FROM document WHERE kind = $1 AND key = $2 AND revision = $3", d.Kind, []byte(d.Key), d.Revision); err != nil {
				return err
			}
			var there bool
			err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM document WHERE kind = $1 AND key = $2)", d.Kind, []byte(d.Key)).Scan(&there)
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
	list, err := s.documents(ctx, kind, "key = $2", []byte(key))
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("document %s %s: %w", kind, key, store.ErrNotFound)
	}
	if err != nil {
		return store.Document{}, err
	}
	return list[0], nil
}

// Documents implements store.Store.
func (s *Store) Documents(ctx context.Context, kind, prefix, after string, limit int) ([]store.Document, error) {
	where, args := "key >= $2 AND key > $3 ", []any{[]byte(prefix), []byte(after), max(limit, 0)}
	if end := catalog.PrefixEnd(prefix); end != nil {
		where, args = where+"AND key < $5 ", append(args, end)
	}
	return s.documents(ctx, kind, where+"ORDER BY key LIMIT $4", args...)
}

// DueDocuments implements store.Store.
func (s *Store) DueDocuments(ctx context.Context, kind string, now time.Time, limit int) (docs []store.Document, next time.Time, err error) {
	limit = max(limit, 0)
	docs, err = s.documents(ctx, kind, "due <> 0 ORDER BY due, key LIMIT $2", limit+1)
	if err != nil {
		return nil, time.Time{}, err
	}
	docs, next = catalog.Due(docs, now, limit)
	return docs, next, nil
}

// documents reads those of a kind that where leaves.
func (s *Store) documents(ctx context.Context, kind, where string, args ...any) (list []store.Document, err error) {
	err = s.again(ctx, "documents "+kind, func() error {
		rows, err := s.pool.Query(ctx, "SELECT key, revision, due, body FROM document WHERE kind = $1 AND "+where, append([]any{kind}, args...)...)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Document, error) {
			d := store.Document{Kind: kind}
			var key []byte
			var due int64
			err := row.Scan(&key, &d.Revision, &due, &d.Body)
			d.Key, d.Due = string(key), at(due)
			return d, err
		})
		return err
	})
	return list, err
}
