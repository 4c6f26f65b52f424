package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"wireroom/article"
	"wireroom/store/catalog"
	"wireroom/store/words"
)

// The indexes that are made when first asked for.
const (
	termIndex = "term"
	wordIndex = "word"
)

// indexBatch is how many articles are indexed in one transaction, so that polls
// are saved in between.
const indexBatch = 2000

// behind is how many changes an index has not taken up.
func (s *Store) behind(ctx context.Context, index string) (int64, error) {
	var n int64
	err := s.read.QueryRowContext(ctx, "SELECT "+lastChange+" - coalesce((SELECT upto FROM indexed WHERE name = ?), 0)", index).Scan(&n)
	if err != nil {
		return 0, s.fault("select", err)
	}
	return n, nil
}

// indexed is an article on its way into an index.
type indexed struct {
	seq, place int64
	record     article.Record
}

// index takes up the next batch of changes.
func (w *writer) index(name string) error {
	var upto int64
	if err := w.row([]any{&upto}, "SELECT upto FROM indexed WHERE name = ?", name); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	batch := make([]indexed, 0, indexBatch)
	err := w.rows(func(rows *sql.Rows) error {
		var a indexed
		var blob sql.RawBytes
		err := rows.Scan(&a.seq, &a.place, &upto, &blob)
		if err == nil {
			a.record, err = w.codec.ParseRecord(blob)
		}
		batch = append(batch, a)
		return err
	}, "SELECT a.seq, a.place, a.change, a.record FROM "+changed, upto, indexBatch)
	if err != nil {
		return err
	}
	if name == wordIndex {
		err = w.indexWords(batch)
	} else {
		err = w.indexTerms(batch)
	}
	if err != nil {
		return err
	}
	return w.exec("INSERT OR REPLACE INTO indexed (name, upto) VALUES (?, ?)", name, upto)
}

// indexTerms adds what is new. Terms that an article no longer has stay, and are
// seen through when the record is read.
func (w *writer) indexTerms(batch []indexed) error {
	type row struct{ term, place int64 }
	var list []row
	for i := range batch {
		for _, t := range catalog.Terms(&batch[i].record) {
			list = append(list, row{t, batch[i].place})
		}
	}
	// In the order of the index, so that neighbours share their pages.
	slices.SortFunc(list, func(a, b row) int {
		if a.term != b.term {
			return cmp.Compare(a.term, b.term)
		}
		return cmp.Compare(a.place, b.place)
	})
	for _, r := range list {
		if err := w.exec("INSERT OR IGNORE INTO term (term, place) VALUES (?, ?)", r.term, r.place); err != nil {
			return err
		}
	}
	return nil
}

// indexWords gives the words of each article. FTS5 takes rows in rising order
// best.
func (w *writer) indexWords(batch []indexed) error {
	slices.SortFunc(batch, func(a, b indexed) int { return cmp.Compare(a.seq, b.seq) })
	var text []byte
	for i := range batch {
		text = text[:0]
		for word := range words.Index(&batch[i].record) {
			text = append(append(text, word...), ' ')
		}
		if err := w.exec("INSERT OR REPLACE INTO word (rowid, text) VALUES (?, ?)", batch[i].seq, string(text)); err != nil {
			return err
		}
	}
	return nil
}
