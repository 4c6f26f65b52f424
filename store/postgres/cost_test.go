package postgres

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"wireroom/store"
	"wireroom/store/postgres/pgtest"
	"wireroom/store/sqlite"
	"wireroom/store/storetest"
)

// BenchmarkCost measures the CPU time of whole polls, the database server's
// included, on PostgreSQL and on SQLite: turns without news (claim, 304, save,
// release) and first polls of 30 articles. One operation is a thousand of them.
func BenchmarkCost(b *testing.B) {
	for name, open := range map[string]func(*testing.B) store.Store{"sqlite": costFile, "postgres": costServer} {
		b.Run(name+"/polls", func(b *testing.B) { costPolls(b, open(b)) })
		b.Run(name+"/import", func(b *testing.B) { costImport(b, open(b)) })
		b.Run(name+"/keep", func(b *testing.B) { costKeep(b, open(b)) })
	}
}

func costFile(b *testing.B) store.Store {
	s, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func costServer(b *testing.B) store.Store {
	if server == nil {
		pgtest.Missing(b)
	}
	s, err := Open(context.Background(), server.Schema(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// spent is the CPU time of this process and of the server's.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	d := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	if server != nil {
		d += server.CPU()
	}
	return d
}

const costSources = 1000

func costSetup(b *testing.B, s store.Store) {
	list := make([]store.Source, costSources)
	for i := range list {
		list[i] = store.Source{ID: fmt.Sprint("s", i), Host: fmt.Sprint("h", i/3), FirstDue: storetest.Start}
	}
	if err := s.Sync(context.Background(), list); err != nil {
		b.Fatal(err)
	}
}

// turn works off all sources once.
func turn(b *testing.B, s store.Store, now time.Time, items func(source string) []store.Item) {
	ctx := context.Background()
	for n := 0; n < costSources; {
		claims, _, err := s.Claim(ctx, store.ClaimRequest{Worker: "bench", Now: now, Lease: time.Minute, Hosts: 32})
		if err != nil || len(claims) == 0 {
			b.Fatal(len(claims), err)
		}
		var polls []store.Poll
		for _, c := range claims {
			for _, st := range c.Sources {
				st.Due, st.LastPoll, st.LastSuccess = now.Add(time.Minute), now, now
				st.ETag, st.URL = `"abc"`, "https://example.org/feed"
				st.History = append(st.History[max(0, len(st.History)-store.HistoryLen+1):len(st.History):len(st.History)], store.PollLog{At: now, Took: time.Second, Outcome: "not-modified", Status: 304, Bytes: 300})
				polls = append(polls, store.Poll{Host: c.Host, Token: c.Token, State: st, Items: items(st.Source)})
			}
		}
		n += len(polls)
		if _, err := s.Save(ctx, polls, store.Back(time.Time{}, claims...)...); err != nil {
			b.Fatal(err)
		}
	}
}

func costPolls(b *testing.B, s store.Store) {
	costSetup(b, s)
	now := storetest.Start
	none := func(string) []store.Item { return nil }
	turn(b, s, now, none)
	b.ResetTimer()
	before := spent(b)
	for range b.N {
		now = now.Add(2 * time.Minute)
		turn(b, s, now, none)
	}
	b.StopTimer()
	b.ReportMetric((spent(b)-before).Seconds()/float64(b.N), "cpu-s/op")
}

func costImport(b *testing.B, s store.Store) {
	costSetup(b, s)
	now, made := storetest.Start, 0
	items := make(map[string][]store.Item, costSources)
	var cost time.Duration
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		for i := range costSources {
			id := fmt.Sprint("s", i)
			items[id] = nil
			for range 30 {
				made++
				items[id] = append(items[id], storetest.Typical(id, made, now))
			}
		}
		b.StartTimer()
		before := spent(b)
		turn(b, s, now, func(source string) []store.Item { return items[source] })
		cost += spent(b) - before
		now = now.Add(2 * time.Minute)
	}
	b.StopTimer()
	b.ReportMetric(cost.Seconds()/float64(b.N), "cpu-s/op")
	if st, err := s.Stats(context.Background()); err == nil {
		b.ReportMetric(float64(st.Bytes)/float64(st.Articles), "B/article")
	}
}

// costKeep removes nine tenths of WIREROOM_KEEP articles (30,000 if it is not set),
// with the server's vacuum after it: the cost of a thousand, and what is left on disk.
func costKeep(b *testing.B, s store.Store) {
	articles := 30_000
	if n, err := strconv.Atoi(os.Getenv("WIREROOM_KEEP")); err == nil {
		articles = n
	}
	ctx := context.Background()
	costSetup(b, s)
	now, made := storetest.Start, 0
	var cost time.Duration
	for range b.N {
		var before time.Time
		for end := made + articles; made < end; now = now.Add(2 * time.Minute) {
			if made < end-articles/10 {
				before = now.Add(time.Minute)
			}
			turn(b, s, now, func(source string) (list []store.Item) {
				for range 30 {
					made++
					list = append(list, storetest.Typical(source, made, now))
				}
				return list
			})
		}
		begun, forgotten := spent(b), 0
		for n := -1; n != 0; forgotten += n {
			var err error
			if n, err = s.Forget(ctx, store.Expiry{Before: before}, 500); err != nil {
				b.Fatal(err)
			}
		}
		if p, ok := s.(*Store); ok {
			if _, err := p.pool.Exec(ctx, "VACUUM"); err != nil {
				b.Fatal(err)
			}
		}
		cost += (spent(b) - begun) * 1000 / time.Duration(max(forgotten, 1))
	}
	b.ReportMetric(cost.Seconds()/float64(b.N), "cpu-s/1000")
	if st, err := s.Stats(ctx); err == nil {
		b.ReportMetric(float64(st.Bytes)/1e6, "MB-left")
	}
}
