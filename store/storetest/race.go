package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// article0 selects everything.
var article0 = article.Query{Limit: 100_000}

// runRace lets several workers with two handles work off due sources at once.
func runRace(t *testing.T, open Open) {
	const (
		hosts   = 12
		sources = 36
		rounds  = 6
		workers = 6
	)
	d := &desk{t: t, Store: open(t), open: open}
	other := d.second()
	var list []store.Source
	for i := range sources {
		list = append(list, src(fmt.Sprintf("s%02d", i), fmt.Sprintf("h%02d", i%hosts)))
	}
	d.sync(list...)

	var mu sync.Mutex
	held := map[string]string{}
	polled := map[string]int{}
	var left atomic.Int64
	left.Store(sources * rounds)
	var wg sync.WaitGroup
	for w := range workers {
		s, name := []store.Store{d.Store, other.Store}[w%2], fmt.Sprint("worker", w)
		rnd := rand.New(rand.NewPCG(uint64(w), 1))
		wg.Go(func() {
			for left.Load() > 0 {
				claims, _, err := s.Claim(context.Background(), store.ClaimRequest{Worker: name, Now: start, Lease: time.Hour, Hosts: 1 + rnd.IntN(3), PerHost: 2})
				if err != nil {
					t.Error(err)
					return
				}
				var polls []store.Poll
				mu.Lock()
				for _, c := range claims {
					if held[c.Host] != "" {
						t.Errorf("%s claimed %s, which %s holds", name, c.Host, held[c.Host])
					}
					held[c.Host] = name
					for i, st := range c.Sources {
						polled[st.Source]++
						p := poll(c, i, start, item(st.Source, polled[st.Source], start), item(st.Source, 0, start))
						if polled[st.Source] < rounds {
							p.State.Due = start
						}
						polls = append(polls, p)
					}
				}
				mu.Unlock()
				saved, err := s.Save(context.Background(), polls)
				if err != nil {
					t.Error(err)
					return
				}
				for _, v := range saved {
					if v.Err != nil {
						t.Error(v.Err)
					}
					left.Add(-1)
				}
				mu.Lock()
				for _, c := range claims {
					delete(held, c.Host)
				}
				mu.Unlock()
				if _, err := s.Save(context.Background(), nil, store.Back(time.Time{}, claims...)...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	all := d.query(article0)
	d.same("articles", len(all), sources*(rounds+1))
	d.same("stats", d.stats().Articles, len(all))
	changes := d.changes(0)
	d.same("changes", len(changes), len(all))
	if n := d.sequence(); n < int64(len(all)) {
		t.Errorf("sequence %d", n)
	}
	for i := range sources {
		d.same("polls", len(d.state(fmt.Sprintf("s%02d", i)).History), rounds)
	}
}

// runWatch: whoever renders hears of changes, whoever made them.
func runWatch(t *testing.T, open Open) {
	const patience = 5 * time.Second
	hear := func(d *desk, c <-chan struct{}) {
		d.t.Helper()
		select {
		case <-c:
		case <-time.After(patience):
			d.t.Fatal("nothing was heard")
		}
	}
	quiet := func(d *desk, c <-chan struct{}) {
		d.t.Helper()
		select {
		case <-c:
			d.t.Fatal("something was heard")
		case <-time.After(600 * time.Millisecond):
		}
	}
	cases(t, open, map[string]func(*desk){
		"own and others' changes": func(d *desk) {
			d.sync(src("a", "one"))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			other := d.second()
			mine, theirs := d.Watch(ctx), other.Watch(ctx)
			time.Sleep(700 * time.Millisecond) // "may have moved" is allowed at the beginning
			drain(mine)
			drain(theirs)
			d.feed("a", start, item("a", 1, start))
			hear(d, mine)
			hear(d, theirs)
			time.Sleep(700 * time.Millisecond)
			drain(mine)
			drain(theirs)
			d.feed("a", start) // a poll without news
			d.feed("a", start, item("a", 1, start))
			quiet(d, mine)
			quiet(d, theirs)
			s := src("a", "one")
			s.Title = "Other"
			other.sync(s)
			hear(d, mine)
			hear(d, theirs)
		},
		"changes merge and nothing blocks": func(d *desk) {
			d.sync(src("a", "one"))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			c := d.Watch(ctx)
			for i := range 5 {
				d.feed("a", start, item("a", i, start))
			}
			hear(d, c)
			d.same("changes", len(d.changes(0)), 5)
		},
		"an ended watch is silent": func(d *desk) {
			d.sync(src("a", "one"))
			ctx, cancel := context.WithCancel(context.Background())
			c := d.Watch(ctx)
			cancel()
			time.Sleep(50 * time.Millisecond)
			drain(c)
			d.feed("a", start, item("a", 1, start))
			quiet(d, c)
		},
		"closing ends everything": func(d *desk) {
			s := d.second()
			s.Watch(context.Background())
			d.must(s.Close())
			if _, _, err := s.Claim(context.Background(), request(start)); err == nil {
				d.t.Error("a closed store gave claims")
			}
			if _, err := s.Save(context.Background(), []store.Poll{{}}); err == nil {
				d.t.Error("a closed store saved")
			}
		},
		"a canceled context ends the call": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := d.Save(ctx, []store.Poll{poll(c, 0, start)}); !errors.Is(err, context.Canceled) {
				d.t.Errorf("save: %v", err)
			}
			if _, err := d.Select(ctx, article0); !errors.Is(err, context.Canceled) {
				d.t.Errorf("select: %v", err)
			}
			d.saveOne(poll(c, 0, start)) // and harms nothing
		},
	})
}

func drain(c <-chan struct{}) {
	select {
	case <-c:
	default:
	}
}
