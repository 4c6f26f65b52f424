package postgres

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/move"
	"wireroom/store/storetest"
)

// polled saves typical items of source a, and what change makes of them.
func polled(t *testing.T, s *Store, from, n int, change func(*store.Item)) store.Saved {
	t.Helper()
	ctx, now := context.Background(), storetest.Start
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Now: now, Lease: time.Minute, Hosts: 1, Sources: []string{"a"}})
	if err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	p := store.Poll{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0]}
	for i := range n {
		it := storetest.Typical("a", from+i, now)
		if change != nil {
			change(&it)
		}
		p.Items = append(p.Items, it)
	}
	saved, err := s.Save(ctx, []store.Poll{p}, store.Back(time.Time{}, claims...)...)
	if err != nil || saved[0].Err != nil {
		t.Fatal(saved, err)
	}
	return saved[0]
}

func ask[T any](t *testing.T, s *Store, query string, args ...any) []T {
	t.Helper()
	rows, err := s.pool.Query(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

const partitions = "SELECT c.relname::text FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid WHERE inhparent IN ('body'::regclass, 'version'::regclass) ORDER BY 1"

// Volumes are made before the last one is full, and also when many articles came
// from elsewhere meanwhile; they go when nothing is left in them.
func TestVolumes(t *testing.T) {
	t.Parallel()
	var f schemas
	s, other := f.open(t), f.open(t)
	ctx := context.Background()
	if err := s.Sync(ctx, []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	holds := func(when string, want ...string) {
		t.Helper()
		var all []string
		for _, table := range []string{"body_", "version_"} {
			for _, n := range want {
				all = append(all, table+n)
			}
		}
		if diff := cmp.Diff(all, ask[string](t, s, partitions)); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	for _, step := range []struct {
		seq  int64 // of the last article, before those of this step
		want []string
	}{
		{0, []string{"1"}},
		{60_000, []string{"1", "2"}},
		{199_990, []string{"1", "2", "3"}},                     // there is room for some of them only
		{612_345, []string{"1", "2", "3", "4", "5", "6", "7"}}, // there is no room at all
	} {
		if step.seq > 0 {
			ask[int64](t, s, "SELECT setval('entry_seq_seq', $1)", step.seq)
		}
		if saved := polled(t, other, int(step.seq), 20, nil); saved.New != 20 {
			t.Errorf("%+v", saved)
		}
		holds("filled", step.want...)
	}
	polled(t, s, 199_990, 20, func(it *store.Item) {
		r := it.Record
		r.Headline, r.FirstSeen, r.Updated = "Corrected", storetest.Start.Add(time.Hour), storetest.Start.Add(time.Hour)

	})
	if err := s.Examine(ctx); err != nil {
		t.Error(err)
	}
	forget := func(before time.Time, want int) {
		t.Helper()
		if n, err := s.Forget(ctx, store.Expiry{Before: before}, 500); err != nil || n != want {
			t.Errorf("%d were forgotten, %v", n, err)
		}
	}
	forget(storetest.Start.Add(time.Minute), 60)
	holds("most is gone", "3", "7") // the corrected ones are kept, and the last volume is being filled
	if st, err := s.Stats(ctx); err != nil || st.Articles != 20 || st.Versions != 40 {
		t.Errorf("%+v, %v", st, err)
	}
	forget(storetest.Start.Add(2*time.Hour), 20)
	holds("all is gone", "7")
	if saved := polled(t, s, 0, 30, nil); saved.New != 10 || saved.Unchanged != 20 {
		t.Errorf("shown again: %+v", saved)
	}
}

// first makes a database of schema 1 that holds what s does.
func first(t *testing.T, s *Store, from, to string) {
	t.Helper()
	config, err := pgx.ParseConfig(to)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	p, err := provider(db)
	if err == nil {
		_, err = p.UpTo(context.Background(), 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	schema := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("search_path") + "."
	}
	a, b := schema(from), schema(to)
	statements := "DELETE FROM " + b + "meta;"
	for _, table := range []string{"meta", "host", "source", "state", "learnt", "alias", "forgotten", "version", "document"} {
		statements += "INSERT INTO " + b + table + " OVERRIDING SYSTEM VALUE SELECT * FROM " + a + table + ";"
	}
	for _, table := range []string{"host", "source", "article"} {
		of := map[string]string{"article": "seq"}[table]
		if of == "" {
			of = "id"
		}
		if table == "article" {
			statements += "INSERT INTO " + b + "article (seq, source, key, print, name, change, published, updated, entered, embargo, expires, status, id, record) OVERRIDING SYSTEM VALUE SELECT e.*, b.record FROM " + a + "entry AS e JOIN " + a + "body AS b USING (seq);"
		}
		statements += "SELECT setval('" + b + table + "_" + of + "_seq', (SELECT max(" + of + ") FROM " + b + table + "));"
	}
	server.Exec(t, statements)
}

// A database of schema 1 is taken over with all that it holds, and a program that
// knows only that schema can go on beside the new one.
func TestMigrateFilled(t *testing.T) {
	t.Parallel()
	var f, old schemas
	s := f.open(t)
	ctx := context.Background()
	if err := s.Sync(ctx, []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	polled(t, s, 0, 40, nil)
	polled(t, s, 0, 5, func(it *store.Item) { it.Record.Headline = "Corrected" })
	polled(t, s, 5, 1, func(it *store.Item) { it.Record.Status = article.Canceled })
	polled(t, s, 6, 1, func(it *store.Item) { it.Is, it.Key = it.Record.ID, "g:renamed" })
	if _, err := s.Forget(ctx, store.Expiry{Before: storetest.Start.Add(time.Hour)}, 3); err != nil {
		t.Fatal(err)
	}
	first(t, s, f.of(t), old.of(t))
	b := old.open(t)
	count := func(s *Store) move.Tally {
		t.Helper()
		tally, wrong, err := move.Check(ctx, s, func(move.Progress) {})
		if err != nil || len(wrong) > 0 {
			t.Fatal(wrong, err)
		}
		return tally
	}
	want := count(s)
	if got := count(b); got != want || got.Articles != 37 {
		t.Errorf("%+v came of %+v", got, want)
	}
	if diff := cmp.Diff([]string{"body_0", "body_1", "version_0", "version_1"}, ask[string](t, b, partitions)); diff != "" {
		t.Error(diff)
	}
	if saved := polled(t, b, 0, 50, nil); saved.New != 10 {
		t.Errorf("after it: %+v", saved)
	}

	// The statements of schema 1.
	seqs := ask[int64](t, b, "SELECT a.seq FROM article AS a JOIN source ON source.id = a.source WHERE a.status = 0 ORDER BY a.published DESC, a.id LIMIT $1", 5)
	record := ask[[]byte](t, b, "SELECT record FROM article WHERE seq = $1", seqs[0])[0]
	if known := ask[int64](t, b, "SELECT a.seq FROM article AS a JOIN entry AS e ON a.source = e.source AND a.key = e.key WHERE e.seq = ANY($1)", seqs); len(known) != 5 || len(record) < 100 {
		t.Errorf("known: %v; a record of %d bytes", known, len(record))
	}
	last := ask[int64](t, b, "SELECT max(change) FROM article")[0]
	do := func(query string, args ...any) {
		t.Helper()
		if tag, err := b.pool.Exec(ctx, query, args...); err != nil || tag.RowsAffected() == 0 {
			t.Errorf("%s: %v, %v", strings.Fields(query)[0], tag, err)
		}
	}
	do(`INSERT INTO article (source, key, print, name, change, published, updated, entered, embargo, expires, status, id, record)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::smallint[], $12::bytea[], $13::bytea[])`,
		[]int64{1, 1}, []int64{71, 72}, []int64{1, 1}, []int64{81, 82}, []int64{last + 1, last + 2}, []int64{0, 0}, []int64{0, 0}, []int64{0, 0}, []int64{0, 0}, []int64{0, 0}, []int16{0, 0}, [][]byte{{1}, {2}}, [][]byte{record, record})
	do(`UPDATE article AS a SET print = n.print, change = n.change, updated = n.updated, embargo = n.embargo, expires = n.expires, status = n.status, record = n.record
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::bytea[])
		AS n (seq, print, change, updated, embargo, expires, status, record) WHERE a.seq = n.seq`,
		seqs[1:2], []int64{5}, []int64{last + 3}, []int64{9}, []int64{0}, []int64{0}, []int16{0}, [][]byte{record})
	do("UPDATE article SET change = change + 1000 WHERE seq = $1", seqs[2])
	if n := ask[int64](t, b, "SELECT seq FROM article WHERE record = $1", record); len(n) != 4 {
		t.Errorf("%d articles have the record; want the one that had it, two new ones and a changed one", len(n))
	}
	if err := b.Examine(ctx); err != nil {
		t.Error(err)
	}
	do(`WITH mine AS (SELECT seq, source, key FROM article WHERE key IN (71, 72)),
		kept AS (INSERT INTO forgotten (source, key) SELECT source, key FROM mine ON CONFLICT DO NOTHING),
		former AS (DELETE FROM version USING mine WHERE version.article = mine.seq RETURNING 1),
		gone AS (DELETE FROM article USING mine WHERE article.seq = mine.seq RETURNING 1) SELECT count(*) FROM gone`)
	if n := ask[int64](t, b, "SELECT count(*) FROM entry JOIN body USING (seq)"); n[0] != 47 {
		t.Errorf("%d articles are left", n[0])
	}
	if err := b.Examine(ctx); err != nil {
		t.Error(err)
	}
}
