package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/storetest"
)

// Articles stand in the order of their updates after the fifth migration as they did
// before, be they updated or not.
func TestOrderOfUpdates(t *testing.T) {
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
	want := pages()
	if len(want) != len(items) {
		t.Errorf("%d articles, want %d", len(want), len(items))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, path, "DROP INDEX article_latest; CREATE UNIQUE INDEX article_latest ON article (latest); DELETE FROM goose_db_version WHERE version_id = 5")
	if s, err = Open(t.Context(), path, Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, pages()); diff != "" {
		t.Errorf("after the migration (-want +got):\n%s", diff)
	}
}
