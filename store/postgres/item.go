package postgres

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
)

// incoming is an item on its way to becoming an article, or a version of one.
type incoming struct {
	held  *held
	key   int64
	print int64
	seq   int64  // of the article that is there; 0 for a new one
	is    string // the id of the article that it is known to be, where its key is new
	r     *article.Record
	plain article.Plain // of r's HTML
	blob  []byte
}

// items weighs the items of all polls against what is stored and queues what is
// to be written. One look-up tells which are known and unchanged; only changed
// ones are read.
func (v *saving) items(b *pgx.Batch, list []held) error {
	in := arrivals(list)
	if len(in) == 0 {
		return nil
	}
	fresh, changed, err := v.known(in)
	if err != nil {
		return err
	}
	for i := range fresh { // before others are held up
		if a := &fresh[i]; a.blob == nil {
			a.blob = v.codec.Told(nil, a.r, a.plain)
		}
	}
	if len(fresh)+len(changed) > 0 {
		if err := v.begin(); err != nil {
			return err
		}
	}
	revised, err := v.revise(b, changed)
	if err != nil {
		return err
	}
	if fresh, err = v.unclaimed(fresh); err != nil {
		return err
	}
	v.insert(b, fresh)
	v.replace(b, revised)
	for i := range list {
		list[i].poll.Settle(*list[i].saved)
	}
	return nil
}

// arrivals are the items of the polls, tidied; those that can't be told apart
// are refused.
func arrivals(list []held) []incoming {
	var in []incoming
	for i := range list {
		h := &list[i]
		done := make(map[int64]bool, len(h.poll.Items))
		for j := range h.poll.Items {
			it := &h.poll.Items[j]
			key := catalog.Key(it.Key)
			if it.Key == "" || done[key] {
				h.saved.Refused++
				continue
			}
			done[key] = true
			in = append(in, incoming{held: h, key: key, print: catalog.Ready(it, h.poll.State.Source), is: it.Is, r: it.Record, plain: it.Plain, blob: it.Packed})
		}
	}
	return in
}

// identity is what an article is known by.
type identity struct{ source, key int64 }

// stored is what the index tells of an article that is there.
type stored struct{ seq, print int64 }

// known parts the new items from those whose article has another print.
func (v *saving) known(in []incoming) (fresh, changed []incoming, err error) {
	sources, keys := make([]int64, len(in)), make([]int64, len(in))
	for i := range in {
		sources[i], keys[i] = in[i].held.source, in[i].key
	}
	rows, err := v.tx.Query(v.ctx, `WITH i AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS i (source, key))
		SELECT a.source, a.key, a.seq, a.print FROM entry AS a JOIN i ON a.source = i.source AND a.key = i.key
		UNION ALL SELECT f.source, f.key, 0, 0 FROM forgotten AS f JOIN i ON f.source = i.source AND f.key = i.key
		UNION ALL SELECT x.source, x.key, a.seq, a.print FROM alias AS x JOIN i ON x.source = i.source AND x.key = i.key JOIN entry AS a ON a.seq = x.article`, sources, keys)
	if err != nil {
		return nil, nil, err
	}
	have := map[identity]stored{}
	var id identity
	var s stored
	if _, err = pgx.ForEachRow(rows, []any{&id.source, &id.key, &s.seq, &s.print}, func() error { have[id] = s; return nil }); err != nil {
		return nil, nil, err
	}
	if err := v.aliases(in, have); err != nil {
		return nil, nil, err
	}
	taken := map[int64]bool{}
	for i := range in {
		a := &in[i]
		s, ok := have[identity{a.held.source, a.key}]
		if ok && s.seq == 0 { // forgotten
			a.held.saved.Unchanged++
			continue
		}
		if ok && taken[s.seq] {
			a.held.saved.Refused++ // two items are the same article
			continue
		}
		taken[s.seq] = ok
		switch {
		case ok && s.print == a.print:
			a.held.saved.Unchanged++
		case ok:
			a.seq = s.seq
			changed = append(changed, *a)
		case a.r.ID == "":
			a.held.saved.Refused++
		default:
			fresh = append(fresh, *a)
		}
	}
	return fresh, changed, nil
}

// revise holds changed items against the stored records, and queues the old
// versions of those that really change. The sequence is locked, so that nobody
// assigns them elsewhere meanwhile.
func (v *saving) revise(b *pgx.Batch, changed []incoming) ([]incoming, error) {
	if len(changed) == 0 {
		return nil, nil
	}
	seqs := make([]int64, len(changed))
	for i := range changed {
		seqs[i] = changed[i].seq
	}
	rows, err := v.tx.Query(v.ctx, "SELECT seq, record FROM body WHERE seq = ANY($1)", seqs)
	if err != nil {
		return nil, err
	}
	blobs := map[int64][]byte{}
	var seq int64
	var blob []byte
	if _, err = pgx.ForEachRow(rows, []any{&seq, &blob}, func() error { blobs[seq] = append([]byte(nil), blob...); return nil }); err != nil {
		return nil, err
	}
	revised := changed[:0]
	var of []int64
	var number []int32
	var former [][]byte
	for _, a := range changed {
		old, err := v.codec.ParseRecord(blobs[a.seq])
		if err != nil {
			return nil, fmt.Errorf("article %d: %w", a.seq, err)
		}
		next, change := article.Revise(old, *a.r)
		if !count(a.held.saved, change) {
			continue
		}
		of, number, former = append(of, a.seq), append(number, int32(old.Version)), append(former, blobs[a.seq])
		catalog.Tidy(&next, a.r.Source.ID)
		a.r, a.print, a.blob = &next, catalog.Print(&next), v.codec.Record(nil, &next)
		revised = append(revised, a)
	}
	if len(of) > 0 {
		v.versions += len(of)
		b.Queue("INSERT INTO version (article, version, record) SELECT * FROM unnest($1::bigint[], $2::int[], $3::bytea[]) ON CONFLICT DO NOTHING", of, number, former)
	}
	return revised, nil
}

// count notes what became of a known article, and reports whether it changed.
func count(saved *store.Saved, change article.Change) bool {
	switch change {
	case article.Cancellation:
		saved.Canceled++
	case article.NewVersion:
		saved.Updated++
	default:
		saved.Unchanged++
		return false
	}
	return true
}

// unclaimed refuses new items whose ids are other articles'. Nobody else inserts
// while the sequence is locked.
func (v *saving) unclaimed(fresh []incoming) ([]incoming, error) {
	if len(fresh) == 0 {
		return nil, nil
	}
	names := make([]int64, len(fresh))
	for i := range fresh {
		names[i] = catalog.Name(fresh[i].r.ID)
	}
	rows, err := v.tx.Query(v.ctx, "SELECT name FROM entry WHERE name = ANY($1)", names)
	if err != nil {
		return nil, err
	}
	taken := map[int64]bool{}
	var name int64
	if _, err := pgx.ForEachRow(rows, []any{&name}, func() error { taken[name] = true; return nil }); err != nil {
		return nil, err
	}
	free := fresh[:0]
	for i, a := range fresh {
		if taken[names[i]] {
			a.held.saved.Refused++
			continue
		}
		taken[names[i]] = true
		free = append(free, a)
	}
	return free, nil
}

// articleColumn holds many articles, column by column.
type articleColumn struct {
	seq, source, key, print, name, change, published, updated, entered, embargo, expires []int64
	status                                                                               []int16
	id, record                                                                           [][]byte
}

func (c *articleColumn) add(a *incoming, change int64) {
	c.seq = append(c.seq, a.seq)
	c.source = append(c.source, a.held.source)
	c.key = append(c.key, a.key)
	c.print = append(c.print, a.print)
	c.name = append(c.name, catalog.Name(a.r.ID))
	c.change = append(c.change, change)
	c.published = append(c.published, millis(a.r.Published))
	c.updated = append(c.updated, millis(a.r.Updated))
	c.entered = append(c.entered, millis(a.r.FirstSeen))
	c.embargo = append(c.embargo, millis(a.r.Embargo))
	c.expires = append(c.expires, millis(a.r.Expires))
	c.status = append(c.status, int16(catalog.Status(a.r.Status)))
	c.id = append(c.id, []byte(a.r.ID))
	c.record = append(c.record, a.blob)
}

func (v *saving) insert(b *pgx.Batch, fresh []incoming) {
	if len(fresh) == 0 {
		return
	}
	var c articleColumn
	for i := range fresh {
		c.add(&fresh[i], v.nextChange())
		if fresh[i].r.Status == article.Canceled {
			fresh[i].held.saved.Canceled++
		} else {
			fresh[i].held.saved.New++
		}
	}
	v.articles += len(fresh)
	v.versions += len(fresh)
	b.Queue(`WITH n AS (INSERT INTO entry (source, key, print, name, change, published, updated, entered, embargo, expires, status, id)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::smallint[], $12::bytea[]) RETURNING seq, name),
		b AS (INSERT INTO body SELECT n.seq, r.record FROM n JOIN unnest($4::bigint[], $13::bytea[]) AS r (name, record) USING (name))
		SELECT max(seq) FROM n`, c.source, c.key, c.print, c.name, c.change, c.published, c.updated, c.entered, c.embargo, c.expires, c.status, c.id, c.record).
		QueryRow(func(row pgx.Row) error { return row.Scan(&v.last) })
}

func (v *saving) replace(b *pgx.Batch, revised []incoming) {
	if len(revised) == 0 {
		return
	}
	var c articleColumn
	for i := range revised {
		c.add(&revised[i], v.nextChange())
	}
	b.Queue(`UPDATE entry AS a SET print = n.print, change = n.change, updated = n.updated, embargo = n.embargo, expires = n.expires, status = n.status
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[]) AS n (seq, print, change, updated, embargo, expires, status) WHERE a.seq = n.seq`,
		c.seq, c.print, c.change, c.updated, c.embargo, c.expires, c.status)
	b.Queue(rewrite, c.seq, c.record)
}

// rewrite gives articles other records.
const rewrite = "UPDATE body SET record = n.record FROM unnest($1::bigint[], $2::bytea[]) AS n (seq, record) WHERE body.seq = n.seq"
