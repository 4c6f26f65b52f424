package postgres

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireroom/internal/need"
	"wireroom/store"
	"wireroom/store/postgres/pgtest"
	"wireroom/store/storetest"
)

// TestFullDisk fills the server's disk, a small one in memory, with articles. What
// was reported stays, what was refused left no trace, and when there is room again
// the work goes on. It needs the right to mount.
func TestFullDisk(t *testing.T) { // not parallel: it sets TMPDIR
	if server == nil {
		pgtest.Missing(t)
	}
	disk, err := os.MkdirTemp("", "full") // not t.TempDir, which the user postgres may not enter
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(disk)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=150m,mode=1777"); err != nil {
		need.Missing(t, "no small disk can be mounted: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 40<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", disk)
	own, err := pgtest.Start("max_wal_size = 32MB", "min_wal_size = 32MB", "wal_keep_size = 0")
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	ctx := context.Background()
	s, err := Open(ctx, own.Schema(t), Options{Patience: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Sync(ctx, []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Now: storetest.Start, Lease: time.Hour, Hosts: 1})
	if err != nil {
		t.Fatal(err)
	}
	reported, round := 0, 0
	save := func() error { // one poll of large articles
		p := store.Poll{Host: "h", Token: claims[0].Token, State: claims[0].Sources[0]}
		p.State.BodyHash = uint64(round + 1)
		for i := range 20 {
			it := storetest.Typical("a", 20*round+i, storetest.Start)
			var text strings.Builder
			for n := range 8000 {
				fmt.Fprintf(&text, "%x ", uint32(n*n*2654435761)^uint32(round*7919+i))
			}
			it.Record.Body.Text = text.String()
			p.Items = append(p.Items, it)
		}
		saved, err := s.Save(ctx, []store.Poll{p})
		if err == nil {
			reported += saved[0].New
			round++
		}
		return err
	}
	for err = nil; err == nil && round < 400; {
		err = save()
	}
	if err == nil {
		t.Fatalf("%d articles did not fill the disk", reported)
	}
	t.Logf("after %d articles: %v", reported, err)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := own.Revive(); err != nil {
		t.Fatal(err)
	}
	s.patience = 20 * time.Second
	held := func() {
		t.Helper()
		st, err := s.Stats(ctx)
		if err != nil || st.Articles != reported {
			t.Errorf("%d articles are stored, %d were reported (%v)", st.Articles, reported, err)
		}
		if state, err := s.State(ctx, "a"); err != nil || int(state.BodyHash) != round {
			t.Errorf("the state is of round %d, %d were reported (%v)", state.BodyHash, round, err)
		}
	}
	held()
	if err := save(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	held()
}
