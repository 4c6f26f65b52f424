package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"wireroom/internal/need"
	"wireroom/store"
	"wireroom/store/storetest"
)

// TestReadOnly opens a file where nothing may be written: a folder without that right,
// or for the superuser, whom no right stops, a disk without it.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if os.Geteuid() == 0 {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_RDONLY, "mode=0700"); err != nil {
			need.Missing(t, "no read-only disk can be mounted: %v", err)
		}
		defer func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		}()
	} else if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	refused(t, filepath.Join(dir, "x.db"), "can't be")
}

// TestFullFilesystem fills a small disk in memory, on which the file is, with
// articles. What was reported stays, what was refused left no trace, and when there
// is room again the work goes on, also for who opens the file anew. It needs the
// right to mount.
func TestFullFilesystem(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m,mode=0700"); err != nil {
		need.Missing(t, "no small disk can be mounted: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	ballast, path := filepath.Join(disk, "ballast"), filepath.Join(disk, "w.db")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	if err := s.Sync(ctx, []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	claims, _, err := s.Claim(ctx, store.ClaimRequest{Now: storetest.Start, Lease: time.Hour, Hosts: 1})
	if err != nil {
		t.Fatal(err)
	}
	reported, round := 0, 0
	save := func() error {
		p := store.Poll{Host: "h", Token: claims[0].Token, State: claims[0].Sources[0]}
		p.State.BodyHash = uint64(round + 1)
		for i := range 60 {
			p.Items = append(p.Items, storetest.Typical("a", 60*round+i, storetest.Start))
		}
		saved, err := s.Save(ctx, []store.Poll{p})
		if err == nil {
			reported += saved[0].New
			round++
		}
		return err
	}
	for err = nil; err == nil && round < 2000; {
		err = save()
	}
	if err == nil {
		t.Fatalf("%d articles did not fill the disk", reported)
	}
	t.Logf("after %d articles: %v", reported, err)
	held := func(when string) {
		t.Helper()
		if st, err := s.Stats(ctx); err != nil || st.Articles != reported {
			t.Errorf("%s: %d articles are stored, %d were reported (%v)", when, st.Articles, reported, err)
		}
		if state, err := s.State(ctx, "a"); err != nil || int(state.BodyHash) != round {
			t.Errorf("%s: the state is of round %d, %d were reported (%v)", when, state.BodyHash, round, err)
		}
	}
	held("full")
	for range 3 {
		if err := save(); err == nil { // what was left by the one that failed may be enough for one more
			held("full again")
		}
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := save(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	held("with room again")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if s, err = Open(ctx, path, Options{}); err != nil {
		t.Fatal(err)
	}
	held("opened again")
}
