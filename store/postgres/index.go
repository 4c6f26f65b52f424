package postgres

import (
	"context"
	"slices"

	"github.com/cespare/xxhash/v2"
	"github.com/jackc/pgx/v5"

	"wireroom/article"
	"wireroom/store/catalog"
	"wireroom/store/words"
)

// The indexes that are made when first asked for: tables of these names.
const (
	termIndex = "term"
	wordIndex = "word"
)

// indexBatch is how many articles are indexed in one transaction.
const indexBatch = 2000

// wordHash is how a word is stored. Words meet now and then; what is found is
// held against the record.
func wordHash(w string) int32 { return int32(uint32(xxhash.Sum64String(w))) }

// wordsOf are the hashes of an article's words, sorted, each once.
func wordsOf(r *article.Record) []int32 {
	list := []int32{}
	for w := range words.Index(r) {
		list = append(list, wordHash(w))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// behind is how many changes an index has not taken up. Changes appear in the
// order of their numbers, so none is passed over.
func (s *Store) behind(ctx context.Context, index string) (n int64, err error) {
	err = s.again(ctx, "index", func() error {
		return s.pool.QueryRow(ctx, "SELECT coalesce((SELECT max(change) FROM entry), 0) - coalesce((SELECT upto FROM indexed WHERE name = $1), 0)", index).Scan(&n)
	})
	return n, err
}

// take takes up the next changes, and filled tells the planner of many.
func (s *Store) take(ctx context.Context, index string) error {
	return s.tx(ctx, "index", func(tx pgx.Tx) error { return s.takeUp(ctx, tx, index) })
}

func (s *Store) filled(ctx context.Context, index string) error {
	_, err := s.pool.Exec(ctx, "ANALYZE "+index)
	return err
}

// takeUp takes up the next batch of changes; other replicas wait meanwhile.
func (s *Store) takeUp(ctx context.Context, tx pgx.Tx, index string) error {
	if _, err := tx.Exec(ctx, "INSERT INTO indexed (name, upto) VALUES ($1, -1) ON CONFLICT DO NOTHING", index); err != nil {
		return err
	}
	var upto int64
	if err := tx.QueryRow(ctx, "SELECT upto FROM indexed WHERE name = $1 FOR UPDATE", index).Scan(&upto); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "SELECT a.seq, a.change, "+body+" FROM entry AS a WHERE a.change > $1 ORDER BY a.change LIMIT $2", upto, indexBatch)
	if err != nil {
		return err
	}
	var seq int64
	var blob []byte
	var seqs []int64
	var filled [][]any
	_, err = pgx.ForEachRow(rows, []any{&seq, &upto, &blob}, func() error {
		r, err := s.codec.ParseRecord(blob)
		if err != nil {
			return err
		}
		seqs = append(seqs, seq)
		if index == wordIndex {
			filled = append(filled, []any{seq, wordsOf(&r)})
		} else {
			filled = append(filled, []any{seq, orEmpty(catalog.Terms(&r))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM "+index+" WHERE article = ANY($1)", seqs); err != nil {
		return err
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{index}, []string{"article", index + "s"}, pgx.CopyFromRows(filled)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE indexed SET upto = $2 WHERE name = $1", index, upto)
	return err
}

func orEmpty(list []int64) []int64 {
	if list == nil {
		return []int64{}
	}
	return list
}
