package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

func runSync(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"new sources are due at FirstDue": func(d *desk) {
			late := src("b", "two")
			late.FirstDue = start.Add(time.Hour)
			d.sync(src("a", "one"), late)
			d.same("state", d.state("b"), store.State{Source: "b", Host: "two", Due: late.FirstDue})
			claims, next := d.claim(request(start))
			d.same("claimed", names(claims), []string{"one/a"})
			if next.After(late.FirstDue) || next.IsZero() {
				d.t.Errorf("next is %v", next)
			}
			claims, _ = d.second().claim(request(late.FirstDue))
			d.same("claimed later", len(claims), 2) // the first one's lease has run out
		},
		"the same again changes nothing": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			d.feed("a", start, items("a", 3, start)...)
			before, seq := d.state("a"), d.sequence()
			other := src("a", "one")
			other.FirstDue = start.Add(-time.Hour) // counts for new ones only
			d.sync(src("b", "two"), other)
			d.same("state", d.state("a"), before)
			d.same("sequence", d.sequence(), seq)
		},
		"absent sources stop and nothing is lost": func(d *desk) {
			d.sync(src("a", "one"), src("b", "one"))
			d.feed("a", start, items("a", 3, start)...)
			d.feed("b", start, items("b", 2, start)...)
			before, seq := d.state("a"), d.sequence()
			d.sync(src("b", "one"))
			if _, err := d.State(context.Background(), "a"); !errors.Is(err, store.ErrNotFound) {
				d.t.Errorf("state of an absent source: %v", err)
			}
			claims, _ := d.claim(request(start.Add(48 * time.Hour)))
			d.same("claimed", names(claims), []string{"one/b"})
			d.release(time.Time{}, claims...)
			d.same("by name", names(first(d.claim(store.ClaimRequest{Now: start, Lease: time.Minute, Hosts: 1, Sources: []string{"a"}}))), []string{})
			d.same("selected", len(d.query(article.Query{})), 2)
			d.same("selected by name", len(d.query(article.Query{Sources: []string{"a"}})), 0)
			d.same("told", len(d.changes(seq)), 3)
			if _, err := d.Article(context.Background(), record("a", 1, start).ID); err != nil {
				d.t.Errorf("an article of an absent source: %v", err)
			}
			seq = d.sequence()
			d.sync(src("a", "one"), src("b", "one"))
			d.same("state", d.state("a"), before)
			d.same("selected again", len(d.query(article.Query{})), 5)
			d.same("told again", len(d.changes(seq)), 3)
		},
		"nothing comes back early": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start)
			d.sync()
			d.sync(src("a", "one"))
			claims, next := d.claim(request(start.Add(time.Minute)))
			d.same("claimed", names(claims), []string{})
			d.same("next", next, start.Add(time.Hour))
		},
		"paused sources are not polled and stay": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			d.feed("a", start, items("a", 3, start)...)
			seq := d.sequence()
			p := src("a", "one")
			p.Paused = true
			d.sync(p, src("b", "two"))
			claims, _ := d.claim(request(start.Add(48 * time.Hour)))
			d.same("claimed", names(claims), []string{"two/b"})
			d.same("by name", names(first(d.claim(store.ClaimRequest{Now: start, Lease: time.Minute, Hosts: 1, Sources: []string{"a"}}))), []string{})
			d.same("selected", len(d.query(article.Query{Sources: []string{"a"}})), 3)
			d.same("sequence", d.sequence(), seq)
			d.same("state", d.state("a").Source, "a")
			d.sync(src("a", "one"), src("b", "two"))
			claims, _ = d.claim(request(start.Add(47 * time.Hour)))
			d.same("resumed", names(claims), []string{"one/a"})
		},
		"a source may move to another host": func(d *desk) {
			d.sync(src("a", "one"), src("b", "one"))
			c := d.claimOne(start)
			d.sync(src("a", "two"), src("b", "one"))
			d.same("host", d.state("a").Host, "two")
			saved := d.save(poll(c, 0, start, item("a", 1, start)), poll(c, 1, start, item("b", 1, start)))
			for i := range c.Sources {
				if moved := c.Sources[i].Source == "a"; errors.Is(saved[i].Err, store.ErrLeaseLost) != moved {
					d.t.Errorf("poll of %s: %v", c.Sources[i].Source, saved[i].Err)
				}
			}
			claims, _ := d.claim(request(start))
			d.same("claimed", names(claims), []string{"two/a"})
		},
		"title and rights come from the config": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, item("a", 1, start))
			d.feed("a", start, item("a", 1, start, func(r *article.Record) { r.Headline = "Corrected" }))
			id, seq := record("a", 1, start).ID, d.sequence()
			s := src("a", "one")
			s.Title, s.Republish = "Ours", article.Full
			d.sync(s)
			if d.sequence() <= seq {
				d.t.Error("the sequence did not move")
			}
			one, err := d.Article(context.Background(), id)
			d.must(err)
			history, err := d.History(context.Background(), id)
			d.must(err)
			for i, r := range append(append(append(history, one), d.query(article.Query{})...), d.changes(seq)...) {
				if r.Source.Name != "Ours" || r.Rights.Republish != article.Full {
					d.t.Errorf("%d: name %q, republish %q", i, r.Source.Name, r.Rights.Republish)
				}
			}
			d.sync(src("a", "one"))
			one, err = d.Article(context.Background(), id)
			d.must(err)
			d.same("name", one.Source.Name, "The feed's own name")
			d.same("rights", one.Rights.Republish, article.Summary)
		},
		"an id that is there twice is refused": func(d *desk) {
			if err := d.Sync(context.Background(), []store.Source{src("a", "one"), src("a", "two")}); err == nil {
				d.t.Error("accepted")
			}
			d.same("stats", d.stats().Sources, 0)
		},
		"many": func(d *desk) {
			var list []store.Source
			for i := range 3000 {
				list = append(list, src(fmt.Sprintf("s%05d", i), fmt.Sprintf("host-%d", i/3)))
			}
			d.sync(list...)
			st := d.stats()
			d.same("sources", st.Sources, 3000)
			d.same("hosts", st.Hosts, 1000)
			var got []string
			d.must(d.States(context.Background(), func(st store.State) bool { got = append(got, st.Source); return true }))
			for i := range got {
				if got[i] != list[i].ID {
					d.t.Fatalf("states: %s at %d", got[i], i)
				}
			}
			d.same("states", len(got), 3000)
			n := 0
			d.must(d.States(context.Background(), func(store.State) bool { n++; return n < 700 }))
			d.same("states until stopped", n, 700)
			d.sync(list[:10]...)
			d.same("left", d.stats().Sources, 10)
		},
	})
}

func (d *desk) stats() store.Stats {
	d.t.Helper()
	st, err := d.Stats(context.Background())
	d.must(err)
	return st
}

func first[A, B any](a A, _ B) A { return a }
