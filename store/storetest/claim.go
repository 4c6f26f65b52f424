package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"wireroom/store"
)

func named(now time.Time, sources ...string) store.ClaimRequest {
	r := request(now)
	r.Sources = sources
	return r
}

func runClaim(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"an empty store has no work": func(d *desk) {
			claims, next := d.claim(request(start))
			if len(claims) != 0 || !next.IsZero() {
				d.t.Errorf("claims %v, next %v", claims, next)
			}
		},
		"the longest overdue first": func(d *desk) {
			var list []store.Source
			for i, late := range []int{3, 1, 2, 0} {
				s := src(fmt.Sprint("s", i), fmt.Sprint("h", i))
				s.FirstDue = start.Add(-time.Duration(late) * time.Minute)
				list = append(list, s)
			}
			d.sync(list...)
			r := request(start)
			r.Hosts = 3
			claims, next := d.claim(r)
			d.same("claims", names(claims), []string{"h0/s0", "h2/s2", "h1/s1"})
			d.same("next", next, start)
			for _, c := range claims {
				if c.Until != start.Add(time.Minute) || c.Token == 0 {
					d.t.Errorf("claim %+v", c)
				}
			}
		},
		"a host's due sources together, in order": func(d *desk) {
			var list []store.Source
			for i := range 5 {
				s := src(fmt.Sprint("s", i), "h")
				s.FirstDue = start.Add(-time.Duration(i) * time.Minute)
				list = append(list, s)
			}
			list[0].FirstDue = start.Add(time.Minute)
			d.sync(list...)
			r := request(start)
			r.PerHost = 3
			claims, _ := d.claim(r)
			d.same("claims", names(claims), []string{"h/s4", "h/s3", "h/s2"})
			d.save(poll(claims[0], 0, start), poll(claims[0], 1, start))
			d.release(time.Time{}, claims...)
			claims, _ = d.claim(request(start))
			d.same("the rest", names(claims), []string{"h/s2", "h/s1"})
		},
		"next is when to look again": func(d *desk) {
			a, b := src("a", "one"), src("b", "two")
			a.FirstDue, b.FirstDue = start.Add(20*time.Minute), start.Add(10*time.Minute)
			d.sync(a, b)
			claims, next := d.claim(request(start))
			d.same("claims", len(claims), 0)
			d.same("next", next, b.FirstDue)
			c := d.claimOne(b.FirstDue)
			d.saveOne(poll(c, 0, b.FirstDue))
			d.release(time.Time{}, c)
			_, next = d.claim(request(b.FirstDue))
			d.same("next", next, a.FirstDue)
		},
		"a released host is left alone until then": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			rest := start.Add(5 * time.Minute)
			d.release(rest, c)
			claims, next := d.claim(request(start))
			d.same("claims", len(claims), 0)
			d.same("next", next, rest)
			d.same("by name", len(first(d.claim(named(start, "a")))), 0)
			d.claimOne(rest)
		},
		"a poll can keep the whole host off": func(d *desk) {
			d.sync(src("a", "one"), src("b", "one"))
			c := d.claimOne(start)
			p := poll(c, 0, start)
			p.HostNotBefore = start.Add(10 * time.Minute)
			d.saveOne(p)
			d.release(start.Add(time.Second), c)
			d.same("claims", len(first(d.claim(request(start.Add(9*time.Minute))))), 0)
			d.same("by name", len(first(d.claim(named(start.Add(9*time.Minute), "a", "b")))), 0)
			d.same("after", names(first(d.claim(request(start.Add(10*time.Minute))))), []string{"one/" + c.Sources[1].Source})
		},
		"by name, due or not": func(d *desk) {
			d.sync(src("a", "one"), src("b", "one"), src("c", "two"), src("d", "three"))
			for _, s := range []string{"a", "b", "c", "d"} {
				d.feed(s, start)
			}
			claims, _ := d.claim(named(start, "c", "b", "nobody"))
			got := names(claims)
			slices.Sort(got)
			d.same("claims", got, []string{"one/b", "two/c"})
			d.same("again", len(first(d.second().claim(named(start, "a", "b", "c")))), 0)
			_, next := d.claim(named(start, "a"))
			d.same("next", next, start.Add(time.Minute))
			d.release(time.Time{}, claims...)
			r := named(start, "a", "b", "c", "d")
			r.Hosts = 2
			claims, _ = d.claim(r)
			d.same("hosts", len(claims), 2)
		},
		"by name, many": func(d *desk) {
			var list []store.Source
			var all []string
			for i := range 1500 {
				list = append(list, src(fmt.Sprint("s", i), fmt.Sprint("h", i/10)))
				all = append(all, list[i].ID)
			}
			d.sync(list...)
			got := map[string]bool{}
			for range 10 {
				r := named(start, all...)
				r.Hosts = 20
				claims, _ := d.claim(r)
				for _, n := range names(claims) {
					if got[n] {
						d.t.Fatalf("%s was claimed twice", n)
					}
					got[n] = true
				}
			}
			d.same("claimed", len(got), 1500)
		},
	})
}

func runLease(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"a leased host is nobody else's": func(d *desk) {
			d.sync(src("a", "one"), src("b", "one"))
			c := d.claimOne(start)
			other := d.second()
			d.same("claims", len(first(other.claim(request(start.Add(59*time.Second))))), 0)
			d.same("by name", len(first(other.claim(named(start.Add(59*time.Second), "a")))), 0)
			taken := other.claimOne(start.Add(time.Minute))
			if taken.Token <= c.Token {
				d.t.Errorf("token %d after %d", taken.Token, c.Token)
			}
		},
		"a lost lease writes nothing": func(d *desk) {
			d.sync(src("a", "one"))
			old := d.claimOne(start)
			other := d.second()
			taken := other.claimOne(start.Add(2 * time.Minute))
			before, seq := d.state("a"), d.sequence()
			p := poll(old, 0, start, items("a", 4, start)...)
			p.State.ETag, p.HostNotBefore = "stale", start.Add(24*time.Hour)
			saved := d.save(p)
			if !errors.Is(saved[0].Err, store.ErrLeaseLost) || saved[0].New != 0 {
				d.t.Errorf("saved %+v", saved[0])
			}
			d.same("state", d.state("a"), before)
			d.same("sequence", d.sequence(), seq)
			d.same("articles", len(d.query(article0)), 0)
			d.release(start.Add(24*time.Hour), old) // neither does letting go
			other.saveOne(poll(taken, 0, start.Add(2*time.Minute), items("a", 4, start)...))
			d.same("articles", len(d.query(article0)), 4)
			other.release(time.Time{}, taken)
			d.claimOne(start.Add(2 * time.Hour))
		},
		"a lease that ran out is good until somebody else claims": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			d.saveOne(poll(c, 0, start.Add(10*time.Minute), item("a", 1, start)))
		},
		"a released claim writes nothing": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			d.release(time.Time{}, c)
			if err := d.save(poll(c, 0, start, item("a", 1, start)))[0].Err; !errors.Is(err, store.ErrLeaseLost) {
				d.t.Errorf("saved: %v", err)
			}
			lost, err := d.Renew(context.Background(), []store.Claim{c}, start.Add(time.Hour))
			d.must(err)
			d.same("lost", len(lost), 1)
			d.claimOne(start)
		},
		"renewed leases last longer": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			claims, _ := d.claim(request(start))
			lost, err := d.Renew(context.Background(), claims, start.Add(10*time.Minute))
			d.must(err)
			d.same("lost", len(lost), 0)
			d.same("claims", len(first(d.claim(request(start.Add(9*time.Minute))))), 0)
			taken, _ := d.second().claim(named(start.Add(11*time.Minute), "b"))
			d.same("taken", names(taken), []string{"two/b"})
			lost, err = d.Renew(context.Background(), claims, start.Add(20*time.Minute))
			d.must(err)
			d.same("lost", names(lost), []string{"two/b"})
			d.same("kept", len(first(d.claim(named(start.Add(19*time.Minute), "a")))), 0)
		},
		"polls of one Save stand alone": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"), src("c", "three"))
			claims, _ := d.claim(request(start))
			slices.SortFunc(claims, func(a, b store.Claim) int { return len(a.Host) - len(b.Host) })
			var polls []store.Poll
			for _, c := range claims {
				polls = append(polls, poll(c, 0, start, item(c.Sources[0].Source, 1, start)))
			}
			polls[1].Token++
			polls = append(polls, polls[2])
			polls[3].State.Source = "nobody"
			saved := d.save(polls...)
			for i, want := range []bool{true, false, true, false} {
				if (saved[i].Err == nil) != want {
					d.t.Errorf("poll %d: %v", i, saved[i].Err)
				}
			}
			d.same("articles", len(d.query(article0)), 2)
		},
		"a crashed worker's host comes back with what is due": func(d *desk) {
			d.sync(src("a", "one"), src("b", "one"))
			c := d.claimOne(start)
			d.saveOne(poll(c, 0, start))
			again := d.second().claimOne(start.Add(time.Minute))
			d.same("claimed", names([]store.Claim{again}), []string{"one/" + c.Sources[1].Source})
		},
		"a crashed worker that had done its work leaves none": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			claims, _ := d.claim(request(start))
			for _, c := range claims {
				d.saveOne(poll(c, 0, start))
			}
			again, next := d.second().claim(request(start.Add(2 * time.Minute)))
			d.same("claimed", names(again), []string{})
			d.same("next", next, start.Add(time.Hour))
		},
		"a fast clock's times are moved back": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"), src("c", "three"))
			wrong := start.Add(time.Hour)
			d.feed("b", start, item("b", 1, start))
			d.feed("c", wrong.Add(-time.Minute), item("c", 1, start))
			claims, _ := d.claim(named(wrong, "a"))
			p := poll(claims[0], 0, wrong, item("a", 1, start))
			p.HostNotBefore = wrong.Add(2 * time.Hour)
			d.saveOne(p)
			d.release(time.Time{}, claims...)
			held, _ := d.claim(named(wrong, "c"))

			now := start.Add(2 * time.Second)
			rewind := func(now time.Time) int {
				n, err := d.Rewind(context.Background(), now)
				d.must(err)
				return n
			}
			d.same("a clock that differs a little", rewind(wrong.Add(-time.Minute)), 0)
			d.same("moved", rewind(now), 2)
			d.same("moved again", rewind(now), 0)
			d.same("polled", []time.Time{d.state("a").LastPoll, d.state("b").LastPoll, d.state("c").LastPoll}, []time.Time{now, start, now.Add(-time.Minute)})
			d.same("due", []time.Time{d.state("a").Due, d.state("b").Due, d.state("c").Due}, []time.Time{now.Add(time.Hour), start.Add(time.Hour), now.Add(59 * time.Minute)})
			lost, err := d.Renew(context.Background(), held, now.Add(time.Minute))
			d.must(err)
			d.same("lost", names(lost), []string{})
			d.release(time.Time{}, held...)
			again, _ := d.claim(request(now.Add(61 * time.Minute)))
			d.same("claimed an hour later", names(again), []string{"three/c", "two/b"})
			none, next := d.claim(named(now.Add(119*time.Minute), "a"))
			d.same("before its rest is over", names(none), []string(nil))
			d.same("the rest that was asked for", next, now.Add(2*time.Hour))
		},
		"clocks may jump": func(d *desk) {
			d.sync(src("a", "one"))
			d.claimOne(start.Add(time.Hour)) // a fast clock, then a crash
			d.same("behind", len(first(d.claim(request(start)))), 0)
			d.claimOne(start.Add(2 * time.Hour))
		},
	})
}
