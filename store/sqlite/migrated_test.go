package sqlite

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/storetest"
)

// schema4 is the way back from the schema of today to the fourth one.
const schema4 = `DROP INDEX article_latest; CREATE UNIQUE INDEX article_latest ON article (latest);
	DROP INDEX article_key; ALTER TABLE article DROP COLUMN named; CREATE INDEX article_key ON article (source, key, print);
	DROP INDEX article_change; CREATE INDEX article_change ON article (change);
	DELETE FROM goose_db_version WHERE version_id > 4`

// A store of the fourth schema is after the migrations what it was before: its
// articles stand in the order of their updates and of their changes, and are known
// again by their keys, beside those that come after.
func TestMigrated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "w.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	if err := s.Sync(t.Context(), []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	var items []store.Item
	for i := range 300 {
		it := storetest.Typical("a", i, storetest.Start.Add(time.Duration(i)*time.Minute))
		it.Record.Updated = it.Record.Published
		if i%3 == 0 { // some long after
			it.Record.Updated = it.Record.Published.Add(time.Duration(i*i%700) * time.Minute)
		}
		items = append(items, it)
	}
	if saved, err := saveItems(s, 1, items...); err != nil || saved[0].New != len(items) {
		t.Fatal(saved, err)
	}
	pages := func() (ids []string) {
		q := article.Query{ByUpdated: true, Limit: 7}
		for {
			list, err := s.Select(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for i := range list {
				ids = append(ids, list[i].ID)
			}
			if len(list) < q.Limit {
				return ids
			}
			last := &list[len(list)-1]
			q.After = article.Cursor{Time: last.Updated, ID: last.ID}
		}
	}
	changes := func() (list []int64) {
		s.fresh.forget() // they are to come from the file
		for after := int64(0); ; {
			page, last, err := s.Changes(t.Context(), after, 9)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				return list
			}
			for _, r := range page {
				list = append(list, r.Changed)
			}
			after = last
		}
	}
	save := func(hours int, want store.Saved, items ...store.Item) {
		t.Helper()
		for i := range items {
			r := *items[i].Record
			items[i].Record = &r
		}
		if saved, err := saveItems(s, hours, items...); err != nil || saved[0] != want {
			t.Errorf("hour %d: %+v, %v, want %+v", hours, saved, err, want)
		}
	}
	revised := func(n int) store.Item {
		it := storetest.Typical("a", n, storetest.Start.Add(time.Duration(n)*time.Minute))
		it.Record.Headline = "Another"
		return it
	}
	save(2, store.Saved{Updated: 2}, revised(7), revised(100))
	want := pages()
	if len(want) != len(items) {
		t.Errorf("%d articles, want %d", len(want), len(items))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// Until then an article's number was no change's: here the changes run ahead by seven.
	raw(t, path, schema4+"; UPDATE article SET change = change + 7; UPDATE meta SET sequence = sequence + 7")
	if s, err = Open(t.Context(), path, Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, pages()); diff != "" {
		t.Errorf("after the migration (-want +got):\n%s", diff)
	}
	save(3, store.Saved{Unchanged: 2}, items[5], revised(7))
	save(4, store.Saved{New: 1, Updated: 1, Unchanged: 1}, storetest.Typical("a", 300, storetest.Start), revised(8), items[9])
	save(5, store.Saved{Updated: 1, Unchanged: 1}, revised(300), revised(8))
	numbers := changes()
	if n, err := s.Sequence(t.Context()); err != nil || len(numbers) != 301 || numbers[300] != n || !slices.IsSorted(numbers) || numbers[0] < 8 {
		t.Errorf("%d changes up to %d: %v", len(numbers), n, numbers)
	}
	if again := changes(); !slices.Equal(again, numbers) {
		t.Errorf("changes, read again: %v", again)
	}
}
