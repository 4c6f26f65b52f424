package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/catalog"
)

// Assign implements store.Store. The sequence is locked before the articles are
// read, as a Save does before it writes, so that neither undoes the other's work.
func (s *Store) Assign(ctx context.Context, list []store.Assignment) error {
	wanted := map[int64]store.Assignment{}
	names := make([]int64, 0, len(list))
	for _, a := range list { // of several for one article the last one counts
		name := catalog.Name(a.Article)
		if _, ok := wanted[name]; !ok {
			names = append(names, name)
		}
		wanted[name] = a
	}
	if len(list) == 0 {
		return nil
	}
	var changed bool
	err := s.tx(ctx, "assign", func(tx pgx.Tx) error {
		v := saving{ctx: ctx, tx: tx, codec: s.codec}
		if err := v.begin(); err != nil {
			return err
		}
		if err := v.assign(names, wanted); err != nil {
			return err
		}
		changed = v.changes > 0
		return v.end()
	})
	if err == nil && changed {
		s.tell()
	}
	return err
}

// assign rewrites the records of articles; what they are found and known by stays.
func (v *saving) assign(names []int64, wanted map[int64]store.Assignment) error {
	rows, err := v.tx.Query(v.ctx, "SELECT a.seq, a.name, "+body+" FROM entry AS a JOIN unnest($1::bigint[]) WITH ORDINALITY AS n (name, i) USING (name) ORDER BY n.i", names)
	if err != nil {
		return err
	}
	var seqs, changes []int64
	var blobs [][]byte
	var seq, name int64
	var blob []byte
	_, err = pgx.ForEachRow(rows, []any{&seq, &name, &blob}, func() error {
		a := wanted[name]
		r, err := v.codec.ParseRecord(blob)
		if err != nil {
			return fmt.Errorf("article %s: %w", a.Article, err)
		}
		if catalog.Is(&r, a.Article) && catalog.Assign(&r, a) {
			seqs, changes, blobs = append(seqs, seq), append(changes, v.nextChange()), append(blobs, v.codec.Record(nil, &r))
		}
		return nil
	})
	if err != nil || len(seqs) == 0 {
		return err
	}
	b := &pgx.Batch{}
	b.Queue("UPDATE entry AS a SET change = n.change FROM unnest($1::bigint[], $2::bigint[]) AS n (seq, change) WHERE a.seq = n.seq", seqs, changes)
	b.Queue(rewrite, seqs, blobs)
	return v.tx.SendBatch(v.ctx, b).Close()
}

// aliases gives articles further keys: those of items whose own key is new and
// that are known to be an article of their source. have gains the keys.
func (v *saving) aliases(in []incoming, have map[identity]stored) error {
	wanted := map[int64][]*incoming{}
	var names []int64
	for i := range in {
		a := &in[i]
		if _, ok := have[identity{a.held.source, a.key}]; a.is != "" && !ok {
			name := catalog.Name(a.is)
			wanted[name], names = append(wanted[name], a), append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	rows, err := v.tx.Query(v.ctx, "SELECT a.seq, a.source, a.name, a.print, "+body+" FROM entry AS a WHERE a.name = ANY($1)", names)
	if err != nil {
		return err
	}
	var sources, keys, seqs []int64
	var s stored
	var source, name int64
	var blob []byte
	_, err = pgx.ForEachRow(rows, []any{&s.seq, &source, &name, &s.print, &blob}, func() error {
		r, err := v.codec.ParseRecord(blob)
		if err != nil {
			return fmt.Errorf("article %d: %w", s.seq, err)
		}
		for _, a := range wanted[name] {
			if a.held.source == source && catalog.Is(&r, a.is) {
				have[identity{source, a.key}] = s
				sources, keys, seqs = append(sources, source), append(keys, a.key), append(seqs, s.seq)
			}
		}
		return nil
	})
	if err != nil || len(seqs) == 0 {
		return err
	}
	_, err = v.tx.Exec(v.ctx, "INSERT INTO alias (source, key, article) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])", sources, keys, seqs)
	return err
}
