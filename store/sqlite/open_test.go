package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/storetest"
)

// refused opens a file that can't be opened and checks what is said about it.
func refused(t *testing.T, path string, says ...string) {
	t.Helper()
	s, err := Open(context.Background(), path, Options{})
	if err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	for _, want := range append(says, path) {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

func raw(t *testing.T, path, statement string) {
	t.Helper()
	db, err := connect(path, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "x.db")
		if err := os.WriteFile(path, []byte(strings.Repeat("This is no database. ", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "no SQLite database", "move this one away")
	})
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		refused(t, t.TempDir(), "is a folder")
	})
	t.Run("below a file", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, filepath.Join(path, "y", "z.db"), "folder can't be made")
	})
	t.Run("another program's", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "x.db")
		raw(t, path, "CREATE TABLE contacts (name)")
		refused(t, path, "not one that this version of Wireroom made")
	})
	t.Run("newer", func(t *testing.T) {
		t.Parallel()
		var f files
		f.open(t)
		raw(t, f.path[t], "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
		refused(t, f.path[t], "newer Wireroom", "schema 99", "update this program")
	})
	t.Run("damaged", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "x.db")
		s, err := Open(context.Background(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 200; i < len(b); i++ {
			b[i] = 0xa5
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "damaged")
	})
}

// A new file that several open at the same moment is made once.
func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := Open(context.Background(), path, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if err := s.Sync(context.Background(), []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// saveItems claims the one source and saves items.
func saveItems(s *Store, hours int, items ...store.Item) ([]store.Saved, error) {
	now := storetest.Start.Add(time.Duration(hours) * time.Hour)
	claims, _, err := s.Claim(context.Background(), store.ClaimRequest{Now: now, Lease: time.Minute, Hosts: 1})
	if err != nil {
		return nil, err
	}
	if len(claims) != 1 {
		return nil, errors.New("nothing was due")
	}
	p := store.Poll{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0], Items: items}
	p.State.Due = now.Add(time.Minute)
	return s.Save(context.Background(), []store.Poll{p})
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := new(files).open(t)
	if err := s.Sync(context.Background(), []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	if err := s.writer.exec("PRAGMA max_page_count = 60"); err != nil {
		t.Fatal(err)
	}
	var items []store.Item
	for i := range 300 {
		items = append(items, storetest.Typical("a", i, storetest.Start))
	}
	_, err := saveItems(s, 1, items...)
	if err == nil || !strings.Contains(err.Error(), "disk is full") || !strings.Contains(err.Error(), s.path) {
		t.Fatalf("saved on a full disk: %v", err)
	}
	if list, err := s.Select(context.Background(), article.Query{}); err != nil || len(list) != 0 {
		t.Errorf("%d articles, %v", len(list), err)
	}
	if st, err := s.State(context.Background(), "a"); err != nil || !st.Due.Equal(storetest.Start) {
		t.Errorf("due %v, %v", st.Due, err)
	}
	if err := s.writer.exec("PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if saved, err := saveItems(s, 2, items...); err != nil || saved[0].New != 300 {
		t.Errorf("after making room: %+v, %v", saved, err)
	}
}

// A wait for another process's transaction ends with the context, and leaves
// the connection fit for use.
func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	var f files
	a, b := f.open(t), f.open(t)
	if err := a.writer.exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	sources := []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}
	begun := time.Now()
	if err := b.Sync(ctx, sources); err == nil {
		t.Error("synced while another held the file")
	}
	if d := time.Since(begun); d > 10*time.Second {
		t.Errorf("waited %v", d)
	}
	if err := a.writer.exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := b.Sync(context.Background(), sources); err != nil {
		t.Error(err)
	}
}

// Every statement of a selection is led by an index, however many articles
// there are.
func TestSelectionsAreIndexed(t *testing.T) {
	t.Parallel()
	s := new(files).open(t)
	for _, q := range []string{
		"SELECT due FROM host ORDER BY due LIMIT 1",
		"SELECT a.key, a.seq, a.print FROM json_each('[1]') AS item CROSS JOIN article AS a INDEXED BY article_name ON a.name = item.value WHERE a.source = 1 AND a.named = 1",
		"SELECT a.key, a.seq, a.print FROM json_each('[1]') AS item CROSS JOIN article AS a INDEXED BY article_key ON a.named = 0 AND a.source = 1 AND a.key = item.value",
		"SELECT a.place, a.seq FROM article AS a INDEXED BY article_source CROSS JOIN source ON source.id = a.source WHERE a.source = 1 AND a.place < 5 AND a.status = 0 AND source.standing > 0 ORDER BY a.place DESC LIMIT 9",
		"SELECT a.place, a.seq, a.latest <> a.place FROM article AS a INDEXED BY article_place CROSS JOIN source ON source.id = a.source WHERE 0 = 0 AND a.place < 5 AND a.status = 0 AND a.place >= 1 ORDER BY a.place DESC LIMIT 9",
		"SELECT a.latest, a.seq, 0 FROM article AS a INDEXED BY article_latest CROSS JOIN source ON source.id = a.source WHERE 0 = 0 AND a.latest <> a.place AND a.latest < 5 AND a.status = 0 ORDER BY a.latest DESC LIMIT 9",
		"SELECT d.place, a.seq FROM term AS d CROSS JOIN article AS a ON a.place = d.place CROSS JOIN source ON source.id = a.source WHERE d.term = 1 AND d.place < 5 ORDER BY d.place DESC LIMIT 9",
		"SELECT a.change, a.record FROM " + strings.NewReplacer("?1", "1", "?2", "9").Replace(changed) + " CROSS JOIN source ON source.id = a.source",
		"SELECT " + lastChange,
	} {
		rows, err := s.read.Query("EXPLAIN QUERY PLAN " + q)
		err = each(rows, err, func(rows *sql.Rows) error {
			var a, b, c int
			var step string
			err := rows.Scan(&a, &b, &c, &step)
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "INDEX") && !strings.Contains(step, "VIRTUAL") && step != "SCAN next" && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s: %s", q, step)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
}
