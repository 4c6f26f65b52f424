package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

func runChanges(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"lowest first, each article once": func(d *desk) {
			d.sync(src("a", "one"))
			n := d.sequence()
			d.feed("a", start, items("a", 10, start)...)
			d.feed("a", start, item("a", 4, start, func(r *article.Record) { r.Headline = "New" }))
			var got []string
			for after := n; ; {
				list, last, err := d.Changes(context.Background(), after, 3)
				d.must(err)
				if len(list) == 0 {
					d.same("last", last, after)
					break
				}
				if last <= after || len(list) > 3 {
					d.t.Fatalf("%d changes up to %d after %d", len(list), last, after)
				}
				if list[0].Changed <= after || list[len(list)-1].Changed != last {
					d.t.Fatalf("changes numbered %d to %d, of those after %d to %d", list[0].Changed, list[len(list)-1].Changed, after, last)
				}
				for i, r := range list {
					if r.Changed <= after || i > 0 && r.Changed <= list[i-1].Changed || i == len(list)-1 && r.Changed != last {
						d.t.Errorf("the number of change %d after %d is %d", i, after, r.Changed)
					}
				}
				got, after = append(got, ids(plain(list))...), last
			}
			var want []string
			for i := range 10 {
				if i != 4 {
					want = append(want, record("a", i, start).ID)
				}
			}
			sorted := slices.Sorted(slices.Values(got[:len(got)-1]))
			slices.Sort(want)
			d.same("changes", sorted, want)
			d.same("the last", got[len(got)-1], record("a", 4, start).ID)
			_, last, err := d.Changes(context.Background(), 0, 100)
			d.must(err)
			d.same("sequence", d.sequence(), last)
		},
		"the same to whoever wrote them and to others": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			other := d.second()
			full := func(n int) store.Item {
				return item("a", n, start, func(r *article.Record) {
					r.Published = r.Published.Add(1234567 * time.Nanosecond)
					r.Input, r.Keywords, r.Rights.Republish = "not kept", []string{}, article.LinkOnly
				})
			}
			at := 0
			agree := func() {
				d.t.Helper()
				for after := range d.sequence() + 1 {
					for _, limit := range []int{2, 100} {
						got, n, err := d.Changes(context.Background(), after, limit)
						d.must(err)
						want, m, err := other.Changes(context.Background(), after, limit)
						d.must(err)
						d.same(fmt.Sprintf("changes after %d in step %d", after, at), got, want)
						d.same("last", n, m)
					}
				}
				at++
			}
			for _, step := range []func(){
				func() { d.feed("a", start, full(1), full(2), full(3)) },
				func() {
					d.feed("a", start, item("a", 2, start, func(r *article.Record) { r.Headline = "New" }), full(4))
				},
				func() { other.feed("b", start, items("b", 2, start)...) },
				func() { d.feed("b", start, items("b", 3, start)...) },
				func() { d.assign(store.Assignment{Article: full(4).Record.ID, Story: "s"}) },
				func() {
					other.feed("a", start, item("a", 4, start, func(r *article.Record) { r.Headline = "Newer" }))
				},
				func() { d.feed("a", start, full(5)) },
				func() {
					one := src("a", "one")
					one.Title, one.Republish = "Another name", article.Full
					d.sync(one, src("b", "two"))
				},
				func() { d.feed("a", start, full(6)) },
				func() { d.forget(2, store.Expiry{Before: start.AddDate(1, 0, 0), Except: []string{"b"}}) },
			} {
				step()
				agree()
			}
		},
		"none": func(d *desk) {
			list, last, err := d.Changes(context.Background(), 5, 10)
			d.must(err)
			if len(list) != 0 || last != 5 {
				d.t.Errorf("%d changes up to %d", len(list), last)
			}
		},
	})
}
