package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestReplicaPoison: feeds that never answer cost a worker its time-out, and nobody
// else anything. The replicas have few workers, so that each one counts.
func TestReplicaPoison(t *testing.T) {
	const feeds, hosts, poisoned = 40, 20, 4
	const every = 2 * time.Second
	var cured atomic.Bool
	var mu sync.Mutex
	var held []time.Duration // how long the poisoned ones were waited for
	f, _ := newFleet(t, "", feeds, hosts, every, func(f *fleet) {
		f.fetch, f.lease = ", workers: 4", 10*time.Second
		f.upstream.answering = func(ctx context.Context, feed int) {
			if feed >= poisoned || cured.Load() {
				time.Sleep(10 * time.Millisecond)
				return
			}
			begun := time.Now()
			<-ctx.Done()
			mu.Lock()
			held = append(held, time.Since(begun))
			mu.Unlock()
		}
	})
	healthy := func(feed int) bool { return feed%hosts >= poisoned } // not on a host with a poisoned one
	given := func() int { mu.Lock(); defer mu.Unlock(); return len(held) }
	for end := time.Now().Add(time.Minute); given() < poisoned && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		f.publish(rand.IntN(feeds), "news")
	}
	f.polite(t, 0)
	f.punctual(t, every, healthy)
	mu.Lock()
	t.Logf("the poisoned feeds were waited for for %v", held)
	for _, d := range held {
		if d < 5*time.Second || d > time.Minute {
			t.Error("that is not the time-out")
		}
	}
	mu.Unlock()
	cured.Store(true) // they are left alone for a while now, unless somebody asks
	if code, out, errs := wireroom(t, f.dir, "refresh", "--force", "f0000", "f0001", "f0002", "f0003"); code != 0 {
		t.Errorf("refresh: %d, %s%s", code, out, errs)
	}
	f.settled(time.Minute)
	f.polite(t, 0)
}

// TestReplicaClock lets the clock that all replicas go by, the database's, jump an
// hour each way, under load: nothing is lost or doubled, and nobody waits for an
// hour.
func TestReplicaClock(t *testing.T) {
	f, every := newFleet(t, "WIREROOM_CLOCK_FLEET", 40, 20, time.Second, func(f *fleet) {
		f.lease = 10 * time.Second
		// A clock of our own, found before the server's.
		schema := "test1"
		f.pg.Exec(t, fmt.Sprintf(`CREATE TABLE %[1]s.ahead (by interval); INSERT INTO %[1]s.ahead VALUES ('0');
			CREATE FUNCTION %[1]s.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() + by FROM %[1]s.ahead'`, schema))
		f.address = strings.Replace(f.address, "search_path="+schema, "search_path="+schema+"%2Cpg_catalog", 1)
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	published := f.load(ctx)
	for _, ahead := range []string{"0", "1 hour", "0", "-1 hour", "0"} {
		f.pg.Exec(t, "UPDATE test1.ahead SET by = '"+ahead+"'")
		headline := f.publish(3, "later by "+ahead)
		for _, r := range f.replicas {
			waitFor(t, r.url+"/feeds/wide.atom", headline)
		}
		f.forget()
		time.Sleep(5 * every)
		if left := f.unvisited(time.Minute); len(left) > 0 {
			t.Errorf("ahead by %s, feeds %v are not asked for", ahead, left)
		}
		f.polite(t, 0)
	}
	stop()
	<-published
	f.settled(90 * time.Second)
}
