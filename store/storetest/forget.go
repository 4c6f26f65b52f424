package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

func (d *desk) forget(limit int, e store.Expiry) int {
	d.t.Helper()
	n, err := d.Forget(context.Background(), e, limit)
	d.must(err)
	return n
}

// runForget: what is old goes, and does not come back.
func runForget(t *testing.T, open Open) {
	day := func(n int) time.Time { return start.Add(time.Duration(n) * 24 * time.Hour) }
	fill := func(d *desk) {
		d.sync(src("a", "one"), src("b", "two"), src("c", "three"))
		for n := range 6 { // a story a day and source
			for _, s := range []string{"a", "b", "c"} {
				d.feed(s, day(n), item(s, n, day(n)))
			}
		}
	}
	left := func(d *desk, source string) []string {
		return headlines(d.query(article.Query{Sources: []string{source}}))
	}
	title := func(n ...int) (list []string) {
		for _, n := range n {
			list = append(list, record("a", n, start).Headline)
		}
		return list
	}
	cases(t, open, map[string]func(*desk){
		"oldest first, and no more than asked for": func(d *desk) {
			fill(d)
			e := store.Expiry{Before: day(4)}
			d.same("a few", d.forget(5, e), 5)
			d.same("the rest", d.forget(100, e), 7)
			d.same("nothing more", d.forget(100, e), 0)
			for _, s := range []string{"a", "b", "c"} {
				d.same(s, left(d, s), title(5, 4))
			}
			st := d.stats()
			d.same("stats", []int{st.Articles, st.Versions}, []int{6, 6})
			d.same("no limit is none", d.forget(0, store.Expiry{Before: day(9)}), 0)
		},
		"only of some sources, or all but some": func(d *desk) {
			fill(d)
			d.same("of a and nobody", d.forget(100, store.Expiry{Before: day(3), Sources: []string{"a", "nobody"}}), 3)
			d.same("of nobody", d.forget(100, store.Expiry{Before: day(3), Sources: []string{"nobody"}}), 0)
			d.same("of all but b", d.forget(100, store.Expiry{Before: day(5), Except: []string{"b"}}), 7)
			d.same("a", left(d, "a"), title(5))
			d.same("b", left(d, "b"), title(5, 4, 3, 2, 1, 0))
			d.same("c", left(d, "c"), title(5))
		},
		"not what was updated since": func(d *desk) {
			fill(d)
			d.feed("a", day(8), item("a", 1, day(8), func(r *article.Record) { r.Headline = "Corrected" }))
			d.same("forgotten", d.forget(100, store.Expiry{Before: day(7), Sources: []string{"a"}}), 5)
			d.same("a", left(d, "a"), []string{"Corrected"})
			d.same("its versions", len(d.history(record("a", 1, start).ID)), 2)
			d.same("later", d.forget(100, store.Expiry{Before: day(30), Sources: []string{"a"}}), 1)
			st := d.stats()
			d.same("stats", []int{st.Articles, st.Versions}, []int{12, 12})
		},
		"all of it, and it stays away": func(d *desk) {
			fill(d)
			renamed := item("a", 1, day(1))
			renamed.Is, renamed.Key = renamed.Record.ID, "g:renamed"
			d.feed("a", day(1), renamed)
			d.feed("a", day(1), item("a", 1, day(1), func(r *article.Record) { r.Headline = "Unheard" }))
			d.same("found", len(d.query(article.Query{Match: "unheard"}))+len(d.query(article.Query{Topics: []string{"weather"}})), 19)
			d.forget(100, store.Expiry{Before: day(9), Sources: []string{"a"}})
			d.same("by words", len(d.query(article.Query{Match: "unheard"})), 0)
			d.same("by topic", len(d.query(article.Query{Topics: []string{"weather"}})), 12)
			d.same("changes", len(d.changes(0)), 12)
			for _, f := range []func() error{
				func() error { _, err := d.Article(context.Background(), record("a", 1, start).ID); return err },
				func() error { _, err := d.History(context.Background(), record("a", 1, start).ID); return err },
			} {
				if f() == nil {
					d.t.Error("it is still there")
				}
			}
			renamed.Is = ""
			d.same("shown again", d.feed("a", day(10), append(items("a", 3, day(10)), renamed)...), store.Saved{Unchanged: 4})
			d.same("a new one", d.feed("a", day(10), item("a", 77, day(10))), store.Saved{New: 1})
			d.same("of another source", d.feed("b", day(10), item("b", 0, start)), store.Saved{Unchanged: 1})
			d.same("found again", len(d.query(article.Query{Match: "harbour"})), 13)
			d.same("page", ids(d.query(article.Query{Limit: 1})), []string{record("a", 77, start).ID})
		},
		"many": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 1200, start)...)
			d.query(article.Query{Match: "harbour", Topics: []string{"storm"}})
			n := 0
			for got := -1; got != 0; n += got {
				got = d.forget(500, store.Expiry{Before: day(1)})
			}
			d.same("forgotten", n, 1200)
			st := d.stats()
			d.same("stats", fmt.Sprint(st.Articles, st.Versions), "0 0")
			d.same("polled again", d.feed("a", day(2), items("a", 1200, start)...), store.Saved{Unchanged: 1200})
		},
	})
}
