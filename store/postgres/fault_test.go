package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"wireroom/store"
	"wireroom/store/postgres/pgtest"
	"wireroom/store/storetest"
)

func TestOpenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	var f schemas
	address := f.of(t)
	for name, tt := range map[string]struct{ address, says string }{
		"nonsense":    {"postgres://a b:secret@c", "can't be understood"},
		"no number":   {"postgres://me:secret@127.0.0.1:port/db", "can't be understood"},
		"nobody":      {"postgres://me:secret@127.0.0.1:1/db?connect_timeout=1", "can't be reached"},
		"no database": {strings.Replace(address, "/postgres?", "/nothing?", 1), "createdb"},
		"no user":     {strings.Replace(address, "user=postgres", "user=stranger", 1), "store postgres://stranger@"},
	} {
		_, err := Open(context.Background(), tt.address, Options{Patience: 50 * time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v; want %q", name, err, tt.says)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s tells the password: %v", name, err)
		}
	}
	s := f.open(t)
	if _, err := s.pool.Exec(context.Background(), "UPDATE meta SET needs = 99"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), address, Options{Patience: 50 * time.Millisecond}); err == nil || !strings.Contains(err.Error(), "update this program") {
		t.Errorf("a newer database: %v", err)
	}
}

// A newer schema that older programs can live with is no hindrance.
func TestOpenBesideANewerOne(t *testing.T) {
	t.Parallel()
	var f schemas
	s := f.open(t)
	if _, err := s.pool.Exec(context.Background(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)"); err != nil {
		t.Fatal(err)
	}
	f.open(t)
}

// Replicas that start together on an empty database all come up.
func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	address := new(schemas).of(t)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			s, err := Open(context.Background(), address, Options{Connections: 2})
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

// replica works off sources until n rounds were saved, whatever happens to the
// server meanwhile, and counts the articles that were reported new.
func replica(s store.Store, name string, now *atomic.Int64, rounds int, fresh *atomic.Int64) error {
	ctx := context.Background()
	for range rounds {
		at := storetest.Start.Add(time.Duration(now.Add(1)) * time.Hour)
		claims, _, err := s.Claim(ctx, store.ClaimRequest{Worker: name, Now: at, Lease: time.Minute, Hosts: 3})
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		var polls []store.Poll
		for _, c := range claims {
			for _, st := range c.Sources {
				st.BodyHash++
				st.Due = at.Add(time.Minute)
				polls = append(polls, store.Poll{Host: c.Host, Token: c.Token, State: st, Items: []store.Item{
					storetest.Typical(st.Source, int(st.BodyHash), storetest.Start), storetest.Typical(st.Source, 0, storetest.Start),
				}})
			}
		}
		saved, err := s.Save(ctx, polls, store.Back(time.Time{}, claims...)...)
		if err != nil {
			return fmt.Errorf("save: %w", err)
		}
		for _, v := range saved {
			if v.Err != nil && !errors.Is(v.Err, store.ErrLeaseLost) {
				return v.Err
			}
			fresh.Add(int64(v.New))
		}
	}
	return nil
}

// trouble lets two replicas work while something happens to the server, and
// holds what is stored against the states of the sources.
func trouble(t *testing.T, address string, happens func(done <-chan struct{})) {
	t.Helper()
	var list []store.Source
	for i := range 12 {
		list = append(list, store.Source{ID: fmt.Sprint("s", i), Host: fmt.Sprint("h", i), FirstDue: storetest.Start})
	}
	var stores []*Store
	for range 2 {
		s, err := Open(context.Background(), address, Options{Connections: 3})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores = append(stores, s)
	}
	if err := stores[0].Sync(context.Background(), list); err != nil {
		t.Fatal(err)
	}
	var now, fresh atomic.Int64
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			if err := replica(s, fmt.Sprint("replica", i), &now, 40, &fresh); err != nil {
				t.Error(err)
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	happens(done)
	<-done
	want := 0
	err := stores[0].States(context.Background(), func(st store.State) bool {
		if st.BodyHash > 0 {
			want += int(st.BodyHash) + 1
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	st, err := stores[1].Stats(context.Background())
	if err != nil || st.Articles != want || want < 50 || int(fresh.Load()) > want {
		t.Errorf("%d articles, %d reported new; the sources' states say %d (%v)", st.Articles, fresh.Load(), want, err)
	}
	all, _, err := stores[1].Changes(context.Background(), 0, 1<<20)
	if err != nil || len(all) != want {
		t.Errorf("%d changes, %v", len(all), err)
	}
}

// Connections are cut in the middle of everything.
func TestCutConnections(t *testing.T) {
	t.Parallel()
	address := new(schemas).of(t)
	name := "cut-test"
	trouble(t, address+"&application_name="+name, func(done <-chan struct{}) {
		for {
			select {
			case <-done:
				return
			case <-time.After(40 * time.Millisecond):
				server.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"+name+"' ORDER BY random() LIMIT 2")
			}
		}
	})
}

// The server is restarted, in order and not.
func TestRestartedServer(t *testing.T) {
	t.Parallel()
	if server == nil {
		pgtest.Missing(t)
	}
	own, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	trouble(t, own.Schema(t), func(done <-chan struct{}) {
		for i := range 3 {
			time.Sleep(150 * time.Millisecond)
			if i%2 == 0 {
				own.Kill()
			} else if err := own.Stop(); err != nil {
				t.Error(err)
			}
			if err := own.Run(); err != nil {
				t.Error(err)
				return
			}
		}
	})
}

// Whoever writes several hosts locks them in one order, however they are named:
// nobody waits for somebody who waits for him.
func TestHostsAreLockedInOrder(t *testing.T) {
	t.Parallel()
	var f schemas
	ctx := t.Context()
	s := f.open(t)
	var again atomic.Int64
	s.log = slog.New(slog.NewTextHandler(counting{&again}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	const hosts, rounds = 300, 15
	list := make([]store.Source, hosts)
	for i := range list {
		list[i] = store.Source{ID: fmt.Sprint("s", i), Host: fmt.Sprint("h", i), FirstDue: storetest.Start}
	}
	if err := s.Sync(ctx, list); err != nil {
		t.Fatal(err)
	}
	now := storetest.Start
	for range rounds {
		now = now.Add(time.Minute)
		claims, _, err := s.Claim(ctx, store.ClaimRequest{Now: now, Lease: time.Minute, Hosts: hosts})
		if err != nil || len(claims) != hosts {
			t.Fatal(len(claims), err)
		}
		back := store.Back(time.Time{}, claims...)
		slices.Reverse(back)
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := s.Renew(ctx, claims, now.Add(time.Hour)); err != nil {
				t.Error(err)
			}
		})
		if _, err := s.Save(ctx, nil, back...); err != nil {
			t.Error(err)
		}
		wg.Wait()
	}
	if n := again.Load(); n > 0 {
		t.Errorf("%d transactions had to be repeated", n)
	}
}

// counting counts what is written to it.
type counting struct{ n *atomic.Int64 }

func (c counting) Write(p []byte) (int, error) { c.n.Add(1); return len(p), nil }

// While the server is away, a watch says nothing; when it is back, what was
// missed is told.
func TestWatchSurvivesARestart(t *testing.T) {
	t.Parallel()
	if server == nil {
		pgtest.Missing(t)
	}
	own, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	address := own.Schema(t)
	var stores []*Store
	for range 2 {
		s, err := Open(context.Background(), address, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores = append(stores, s)
	}
	ctx := context.Background()
	if err := stores[0].Sync(ctx, []store.Source{{ID: "a", Host: "h", FirstDue: storetest.Start}}); err != nil {
		t.Fatal(err)
	}
	heard := stores[1].Watch(ctx)
	var now, fresh atomic.Int64 // an hour later each time: the source is due again
	for range 3 {
		time.Sleep(300 * time.Millisecond)
		select {
		case <-heard:
		default:
		}
		own.Kill()
		if err := own.Run(); err != nil {
			t.Fatal(err)
		}
		if err := replica(stores[0], "writer", &now, 1, &fresh); err != nil {
			t.Fatal(err)
		}
		select {
		case <-heard:
		case <-time.After(10 * time.Second):
			t.Fatal("the change was not heard")
		}
	}
}

// Whoever reads the changes "after n" while many commit must meet all of them.
func TestNoChangeIsPassedOver(t *testing.T) {
	t.Parallel()
	var f schemas
	a, b := f.open(t), f.open(t)
	var list []store.Source
	for i := range 24 {
		list = append(list, store.Source{ID: fmt.Sprint("s", i), Host: fmt.Sprint("h", i), FirstDue: storetest.Start})
	}
	if err := a.Sync(context.Background(), list); err != nil {
		t.Fatal(err)
	}
	var now, fresh atomic.Int64
	var wg sync.WaitGroup
	var over atomic.Bool
	for i := range 6 {
		wg.Go(func() {
			if err := replica([]*Store{a, b}[i%2], fmt.Sprint("worker", i), &now, 15, &fresh); err != nil {
				t.Error(err)
			}
		})
	}
	go func() { wg.Wait(); over.Store(true) }()
	seen := map[string]bool{}
	after := int64(0)
	for {
		end := over.Load()
		page, last, err := b.Changes(context.Background(), after, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			seen[r.ID] = true
		}
		if after = last; len(page) == 0 && end {
			break
		}
	}
	if st, err := a.Stats(context.Background()); err != nil || len(seen) != st.Articles || st.Articles < 100 {
		t.Errorf("%d changes were seen of %d articles (%v)", len(seen), st.Articles, err)
	}
}

// An operation does not outlast the patience, nor the context.
func TestPatience(t *testing.T) {
	t.Parallel()
	if server == nil {
		pgtest.Missing(t)
	}
	own, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), own.Schema(t), Options{Patience: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := own.Close(); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if _, err := s.Sequence(context.Background()); err == nil || !strings.Contains(err.Error(), "can't be reached") {
		t.Errorf("without a server: %v", err)
	}
	s.patience = time.Hour
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Sequence(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a context: %v", err)
	}
	if d := time.Since(begun); d > 15*time.Second {
		t.Errorf("it took %v", d)
	}
}

func TestPassing(t *testing.T) {
	t.Parallel()
	if passing(errors.New("x")) || passing(pgx.ErrNoRows) || passing(context.Canceled) {
		t.Error("an error that stays is repeated")
	}
}
