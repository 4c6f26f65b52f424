package scheduler

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"wireroom/store"
	"wireroom/store/sqlite"
)

// cpu is the processor time that this process has used.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestManySources holds 100,000 sources (fewer under the race detector): adding them takes seconds, and idle
// ones cost next to nothing. Not parallel: it measures the process.
func TestManySources(t *testing.T) {
	if testing.Short() {
		t.Skip("adds many sources")
	}
	const n = manySources
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	later := time.Now().Add(time.Hour)
	rows := make([]store.Source, n)
	list := make([]*Source, n)
	for i := range rows {
		host := fmt.Sprintf("host%d.example", i/3)
		rows[i] = store.Source{ID: fmt.Sprintf("s%d", i), Host: host, FirstDue: later.Add(time.Duration(i) * time.Millisecond)}
		list[i] = &Source{ID: rows[i].ID, URL: "https://" + host + "/"}
	}
	before := cpu(t)
	if err := s.Sync(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if used := cpu(t) - before; used > 30*time.Second {
		t.Errorf("adding %d sources took %s of CPU, want less than 30 s", n, used)
	} else {
		t.Logf("adding %d sources took %s of CPU", n, used)
	}
	before = cpu(t)
	if err := s.Sync(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	t.Logf("syncing them again took %s of CPU", cpu(t)-before)

	sched := New(Options{Store: s, Poll: func(context.Context, *Source, *store.State) Outcome { t.Error("polled early"); return Outcome{} }})
	sched.SetSources(list)
	const idle = 3 * time.Second
	ctx, cancel := context.WithTimeout(t.Context(), idle)
	defer cancel()
	before = cpu(t)
	if err := sched.Run(ctx); err != nil {
		t.Fatal(err)
	}
	used := cpu(t) - before
	t.Logf("%s idle took %s of CPU", idle, used)
	if used > idle/50 { // 2 %: the race detector is on
		t.Errorf("an idle scheduler used %s of CPU in %s", used, idle)
	}
}
