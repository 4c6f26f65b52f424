package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireroom/store"
	"wireroom/store/move"
	"wireroom/store/storetest"
)

func TestMove(t *testing.T) {
	t.Parallel()
	var from, to files
	storetest.Move(t, func(t *testing.T) store.Store { return from.open(t) }, func(t *testing.T) store.Store { return to.open(t) })
}

// stocked is a store with a source and some articles, two of them with versions.
func stocked(t *testing.T) *Store {
	t.Helper()
	var f files
	s, ctx := f.open(t), context.Background()
	if err := s.Sync(ctx, []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Now: storetest.Start, Lease: 1 << 40, Hosts: 1})
	if err != nil {
		t.Fatal(err)
	}
	p := store.Poll{Host: "h", Token: claims[0].Token, State: claims[0].Sources[0]}
	for n := range 20 {
		p.Items = append(p.Items, storetest.Typical("a", n, storetest.Start))
	}
	for _, h := range []string{"One", "Two", "Three"} {
		p.Items[0].Record.Headline, p.Items[1].Record.Headline = h, h
		if _, err := s.Save(ctx, []store.Poll{p}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestCheckFindsFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ statement, says string }{
		"print":    {"UPDATE article SET print = print + 1 WHERE seq = 3", "is filed as"},
		"status":   {"UPDATE article SET status = 2 WHERE seq = 3", "is filed as"},
		"place":    {"UPDATE article SET place = place + (1 << 40) WHERE seq = 3", "is filed as"},
		"record":   {"UPDATE article SET record = x'0102' WHERE seq = 3", "change 3"},
		"version":  {"UPDATE version SET version = 7 WHERE version = 2", "version 7 stands"},
		"former":   {"UPDATE version SET record = x'00'", "version 1"},
		"counts":   {"UPDATE meta SET articles = 7", "7 articles and"},
		"sequence": {"UPDATE meta SET sequence = 1", "the sequence is 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ctx := stocked(t), context.Background()
			tally, wrong, err := move.Check(ctx, s, nil)
			if err != nil || len(wrong) > 0 || tally.Articles != 20 || tally.Versions != 24 || tally.Sources != 1 {
				t.Fatalf("before: %+v %q %v", tally, wrong, err)
			}
			if _, err := s.writer.conn.ExecContext(ctx, tt.statement); err != nil {
				t.Fatal(err)
			}
			_, wrong, err = move.Check(ctx, s, nil)
			if err != nil || !strings.Contains(strings.Join(wrong, "\n"), tt.says) {
				t.Errorf("%q %v; want %q", wrong, err, tt.says)
			}
		})
	}
}

func TestCheckFindsDamage(t *testing.T) {
	t.Parallel()
	s, ctx := stocked(t), context.Background()
	path := s.path
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 40_000; i < len(b)-9000; i += 8192 { // a byte of every page behind the schema's
		b[i] ^= 0x55
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(ctx, path, Options{})
	if err != nil {
		return // refused at once
	}
	defer d.Close()
	if _, wrong, err := move.Check(ctx, d, nil); err == nil && len(wrong) == 0 {
		t.Error("a damaged file is said to be sound")
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	s, ctx := stocked(t), context.Background()
	file := filepath.Join(t.TempDir(), "a copy?.db")
	if err := s.Backup(ctx, file); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, file); err == nil {
		t.Error("a file that was there was written over")
	}
	b, err := Open(ctx, file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	was, err := move.Count(ctx, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	is, wrong, err := move.Check(ctx, b, nil)
	if err != nil || len(wrong) > 0 {
		t.Errorf("the backup: %q %v", wrong, err)
	}
	if is.Articles != 20 || is.Versions != was.Versions || is.Hash == 0 {
		t.Errorf("the backup holds %+v, the store %+v", is, was)
	}
	if again, err := move.Count(ctx, b, nil); err != nil || again != was {
		t.Errorf("the backup holds %+v, the store %+v (%v)", again, was, err)
	}
}
