package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/catalog"
)

// forget removes the articles of mine, which holds their seq, source and key,
// from everywhere but the list of what was forgotten, and counts.
const forget = `, aliases AS (DELETE FROM alias USING mine WHERE alias.article = mine.seq RETURNING alias.source, alias.key),
	kept AS (INSERT INTO forgotten (source, key) SELECT source, key FROM mine UNION SELECT source, key FROM aliases ON CONFLICT DO NOTHING),
	terms AS (DELETE FROM term USING mine WHERE term.article = mine.seq), words AS (DELETE FROM word USING mine WHERE word.article = mine.seq),
	former AS (DELETE FROM version USING mine WHERE version.article = mine.seq RETURNING 1), bodies AS (DELETE FROM body USING mine WHERE body.seq = mine.seq),
	gone AS (DELETE FROM entry USING mine WHERE entry.seq = mine.seq RETURNING 1)
	SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM former)`

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
		err := tx.QueryRow(ctx, `WITH mine AS (SELECT a.seq, a.source, a.key FROM entry AS a WHERE a.entered < $1 AND a.updated < $1
			AND `+which+` (ARRAY(SELECT id FROM source WHERE name = ANY($2))) ORDER BY a.entered LIMIT $3)`+forget, millis(e.Before), askable(names), limit).Scan(&n, &former)
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
		_, err = tx.Exec(ctx, `WITH mine AS (SELECT a.seq, a.source, a.key FROM unnest($1::text[], $2::bigint[]) AS r (name, key)
			JOIN source USING (name) JOIN entry AS a ON a.source = source.id AND a.key = r.key)`+forget, sources, keys)
		return err
	})
}
