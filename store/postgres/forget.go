package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"wireroom/store"
	"wireroom/store/catalog"
)

// forget removes the articles of mine, which holds their seq, source and key, from
// everywhere but their volumes and the list of what was forgotten, and says in which
// volumes they are.
const forget = `, aliases AS (DELETE FROM alias USING mine WHERE alias.article = mine.seq RETURNING alias.source, alias.key),
	kept AS (INSERT INTO forgotten (source, key) SELECT source, key FROM mine UNION SELECT source, key FROM aliases ON CONFLICT DO NOTHING),
	terms AS (DELETE FROM term USING mine WHERE term.article = mine.seq), words AS (DELETE FROM word USING mine WHERE word.article = mine.seq),
	gone AS (DELETE FROM entry USING mine WHERE entry.seq = mine.seq RETURNING entry.seq)
	SELECT volume.number, array_agg(gone.seq) FROM gone JOIN volume ON gone.seq >= volume.first AND gone.seq < volume.upto GROUP BY volume.number`

// forget removes the articles of a query that begins with those of mine, and counts
// them and their former versions. In the partitions they are removed one by one:
// most batches are of one volume, and a statement on the whole table costs for each
// of its partitions.
func (v *saving) forget(mine string, args ...any) (articles, former int, err error) {
	rows, err := v.tx.Query(v.ctx, mine+forget, args...)
	if err != nil {
		return 0, 0, err
	}
	b := &pgx.Batch{}
	var volume int64
	var seqs []int64
	_, err = pgx.ForEachRow(rows, []any{&volume, &seqs}, func() error {
		articles += len(seqs)
		b.Queue(fmt.Sprintf("DELETE FROM body_%d WHERE seq = ANY($1)", volume), seqs)
		b.Queue(fmt.Sprintf("DELETE FROM version_%d WHERE article = ANY($1)", volume), seqs).Exec(func(tag pgconn.CommandTag) error {
			former += int(tag.RowsAffected())
			return nil
		})
		seqs = nil
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return articles, former, v.tx.SendBatch(v.ctx, b).Close()
}

// Forget implements store.Store. The sequence is locked first, as by all who
// write articles.
func (s *Store) Forget(ctx context.Context, e store.Expiry, limit int) (n int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	which, names := "a.source <> ALL", e.Except
	if len(e.Sources) > 0 {
		which, names = "a.source = ANY", e.Sources
	}
	err = s.tx(ctx, "forget", func(tx pgx.Tx) error {
		v := saving{ctx: ctx, tx: tx}
		if err := v.begin(); err != nil {
			return err
		}
		var former int
		var err error
		n, former, err = v.forget(`WITH mine AS (SELECT a.seq, a.source, a.key FROM entry AS a WHERE a.entered < $1 AND a.updated < $1
			AND `+which+` (ARRAY(SELECT id FROM source WHERE name = ANY($2))) ORDER BY a.entered LIMIT $3)`, millis(e.Before), askable(names), limit)
		if err == nil && n > 0 {
			_, err = tx.Exec(ctx, "UPDATE meta SET articles = articles - $1, versions = versions - $2", n, n+former)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	if n > 0 && n < limit { // all is done for now
		s.dropVolumes(ctx)
	}
	return n, nil
}

// Forgotten implements move.Shelf.
func (s *Store) Forgotten(ctx context.Context, after catalog.ForgottenRow, limit int) (list []catalog.ForgottenRow, err error) {
	err = s.again(ctx, "forgotten", func() error {
		rows, err := s.pool.Query(ctx, `SELECT source.name, f.key FROM source JOIN forgotten AS f ON f.source = source.id
			WHERE (source.name COLLATE "C", f.key) > ($1, $2) ORDER BY source.name COLLATE "C", f.key LIMIT $3`, after.Source, after.Key, limit)
		if err == nil {
			list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[catalog.ForgottenRow])
		}
		return err
	})
	return list, err
}

// TakeForgotten implements move.Shelf.
func (s *Store) TakeForgotten(ctx context.Context, rows []catalog.ForgottenRow) error {
	sources, keys := make([]string, len(rows)), make([]int64, len(rows))
	for i, r := range rows {
		sources[i], keys[i] = r.Source, r.Key
	}
	return s.tx(ctx, "take forgotten", func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO forgotten (source, key) SELECT source.id, r.key FROM unnest($1::text[], $2::bigint[]) AS r (name, key) JOIN source USING (name) ON CONFLICT DO NOTHING", sources, keys)
		if err != nil {
			return err
		}
		v := saving{ctx: ctx, tx: tx}
		_, _, err = v.forget(`WITH mine AS (SELECT a.seq, a.source, a.key FROM unnest($1::text[], $2::bigint[]) AS r (name, key)
			JOIN source USING (name) JOIN entry AS a ON a.source = source.id AND a.key = r.key)`, sources, keys)
		return err
	})
}
