package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// testPartial looks for a phrase of common words that few articles have: whoever
// has no time for all of them gets what was found so far, goes on from there, and
// misses nothing. Whoever has time gets everything at once.
func runPartial(t *testing.T, open Open) {
	d := &desk{t: t, Store: open(t), open: open}
	d.sync(src("north", "north.example"))
	const many, each = 13_000, 6500
	var want []string
	for n := 0; n < many; n += each {
		var list []store.Item
		for i := n; i < n+each; i++ {
			list = append(list, item("north", i, start, func(r *article.Record) {
				r.Published = start.Add(-time.Duration(i/7) * time.Second) // seven at a time
				r.Updated, r.Headline, r.Body = r.Published, "alpha beta", article.Body{}
				if i%4000 == 3999 {
					r.Headline = "beta alpha"
				}
			}))
			if i%4000 == 3999 {
				want = append(want, list[len(list)-1].Record.ID)
			}
		}
		d.feed("north", start, list...)
	}
	q := article.Query{Match: `"beta alpha"`, Limit: 10}
	if got := ids(d.query(q)); !slices.Equal(got, want) {
		t.Errorf("with time: %v, want %v", got, want)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var got []string
	pages := 0
	for ; pages < 10; pages++ {
		list, err := d.Select(ctx, q)
		got = append(got, ids(list)...)
		rest, partial := store.Rest(err)
		if !partial {
			d.must(err)
			break
		}
		q.After = rest
	}
	if !slices.Equal(got, want) || pages != many/store.MostRead {
		t.Errorf("in %d pages: %v, want %v", pages, got, want)
	}
	if list, err := d.Select(ctx, article.Query{Match: "alpha", Limit: 3}); err != nil || len(list) != 3 {
		t.Errorf("what is found soon: %d, %v", len(list), err)
	}
}
