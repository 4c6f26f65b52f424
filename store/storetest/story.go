package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

func (d *desk) assign(list ...store.Assignment) {
	d.t.Helper()
	d.must(d.Assign(context.Background(), list))
}

func (d *desk) article(id string) article.Record {
	d.t.Helper()
	r, err := d.Article(context.Background(), id)
	d.must(err)
	return r
}

func (d *desk) history(id string) []article.Record {
	d.t.Helper()
	list, err := d.History(context.Background(), id)
	d.must(err)
	return list
}

// runAssign: articles find their stories, and nothing else of them changes.
func runAssign(t *testing.T, open Open) {
	id := func(n int) string { return record("a", n, start).ID }
	cases(t, open, map[string]func(*desk){
		"only the story changes": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 4, start)...)
			d.feed("a", start.Add(time.Hour), item("a", 1, start.Add(time.Hour), func(r *article.Record) { r.Headline = "Second" }))
			before, stats, seq := d.history(id(1)), d.stats(), d.sequence()
			d.assign(store.Assignment{Article: id(1), Story: "s1", Text: "t1"}, store.Assignment{Article: id(2), Story: "s1"})
			want := before
			want[1].Story = article.Story{ID: "s1", Text: "t1"}
			d.same("history", d.history(id(1)), want)
			d.same("elsewhere", d.second().article(id(1)), want[1])
			d.same("versions", d.stats().Versions, stats.Versions)
			d.same("told", ids(d.changes(seq)), []string{id(1), id(2)})
			d.same("sequence", d.sequence(), seq+2)
		},
		"what changes nothing is passed over": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 3, start)...)
			d.assign(store.Assignment{Article: id(0), Story: "s"})
			seq := d.sequence()
			d.assign(store.Assignment{Article: id(0), Story: "s"}, store.Assignment{Article: id(1)}, store.Assignment{Article: "tag:nobody,2026:x", Story: "s"},
				store.Assignment{Article: "tag:else,2026:" + article.ShortID(id(1)), Story: "s"})
			d.assign()
			d.same("sequence", d.sequence(), seq)
			d.assign(store.Assignment{Article: article.ShortID(id(0)), Story: "x"}, store.Assignment{Article: id(2), Story: "s"}, store.Assignment{Article: id(0)})
			d.same("the last word counts", d.article(id(0)).Story, article.Story{})
			d.same("the others' too", d.article(id(2)).Story.ID, "s")
		},
		"survives new versions and polls": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 2, start)...)
			d.assign(store.Assignment{Article: id(0), Story: "s", Text: "t"})
			d.same("same again", d.feed("a", start, items("a", 2, start)...), store.Saved{Unchanged: 2})
			d.same("revised", d.feed("a", start, item("a", 0, start, func(r *article.Record) { r.Headline = "New" })), store.Saved{Updated: 1})
			d.same("story", d.article(id(0)).Story, article.Story{ID: "s", Text: "t"})
			d.same("canceled", d.feed("a", start, item("a", 0, start, func(r *article.Record) { r.Status = article.Canceled })), store.Saved{Canceled: 1})
			d.same("story", d.article(id(0)).Story, article.Story{ID: "s", Text: "t"})
		},
		"feeds select by stories": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 6, start)...)
			stories := func(names ...string) []string { return ids(d.query(article.Query{Stories: names})) }
			d.same("none yet", len(stories("s")), 0)
			for i := range 5 {
				d.assign(store.Assignment{Article: id(i), Story: []string{"s", "S", "s", "other", ""}[i]})
			}
			d.same("s", stories("s"), []string{id(0), id(2)})
			d.same("any of", stories("s", "other", "nobody"), []string{id(0), id(2), id(3)})
			d.same("no name is no story", len(stories("")), 0)
			d.assign(store.Assignment{Article: id(2), Story: "other"}, store.Assignment{Article: id(4), Story: "s"})
			d.same("after a change", stories("s"), []string{id(0), id(4)})
			d.same("with words", ids(d.query(article.Query{Stories: []string{"other"}, Match: "harbour"})), []string{id(2), id(3)})
		},
		"beside polls": func(d *desk) {
			const rounds = 20
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 3, start)...)
			c, other := d.claimOne(start.Add(2*time.Hour)), d.second()
			var wg sync.WaitGroup
			wg.Go(func() {
				for n := range rounds {
					var list []store.Assignment
					for i := range 3 {
						list = append(list, store.Assignment{Article: id(2 - i), Story: fmt.Sprint("s", n)})
					}
					if err := other.Assign(context.Background(), list); err != nil {
						t.Error(err)
					}
				}
			})
			for n := range rounds {
				var list []store.Item
				for i := range 3 {
					list = append(list, item("a", i, start, func(r *article.Record) { r.Headline = fmt.Sprint("Round ", n) }))
				}
				d.same("saved", d.save(poll(c, 0, start, list...)), []store.Saved{{Updated: 3}})
			}
			wg.Wait()
			for i := range 3 {
				r := d.article(id(i))
				d.same("neither undid the other's work", []string{r.Headline, r.Story.ID}, []string{fmt.Sprint("Round ", rounds-1), fmt.Sprint("s", rounds-1)})
			}
		},
		"many at once": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 500, start)...)
			seq := d.sequence()
			var list []store.Assignment
			for i := range 500 {
				list = append(list, store.Assignment{Article: id(i), Story: fmt.Sprint(i / 10)})
			}
			d.assign(list...)
			d.same("told", len(d.changes(seq)), 500)
			d.same("one story", len(d.query(article.Query{Stories: []string{"7"}})), 10)
		},
	})
}

// runRekey: a source changes the ids of its items, and the scheduler knows them.
func runRekey(t *testing.T, open Open) {
	// renamed is an item of the n-th article under another key.
	renamed := func(n int, key string, edit ...func(*article.Record)) store.Item {
		it := item("a", n, start, edit...)
		it.Is, it.Key = it.Record.ID, key
		it.Record.ID = article.Mint("news.example.org", "a", key)
		return it
	}
	plain := func(it store.Item) store.Item {
		it.Is = ""
		return it
	}
	headline := func(h string) func(*article.Record) { return func(r *article.Record) { r.Headline = h } }
	cases(t, open, map[string]func(*desk){
		"both keys are the article's": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 3, start)...)
			want := d.article(record("a", 1, start).ID)
			d.same("renamed", d.feed("a", start, renamed(1, "g:new"), item("a", 9, start)), store.Saved{New: 1, Unchanged: 1})
			d.same("the new key alone", d.second().feed("a", start, plain(renamed(1, "g:new"))), store.Saved{Unchanged: 1})
			d.same("the old key", d.feed("a", start, item("a", 1, start)), store.Saved{Unchanged: 1})
			d.same("article", d.article(want.ID), want)
			d.same("articles", d.stats().Articles, 4)
			d.same("a version", d.feed("a", start.Add(time.Hour), plain(renamed(1, "g:new", headline("New")))), store.Saved{Updated: 1})
			d.same("and again", d.feed("a", start.Add(time.Hour), renamed(1, "g:third", headline("Newer"))), store.Saved{Updated: 1})
			d.same("its versions", headlines(d.history(want.ID)), []string{want.Headline, "New", "Newer"})
		},
		"only its own source's": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			d.feed("a", start, items("a", 2, start)...)
			it := item("b", 1, start)
			it.Is = record("a", 1, start).ID
			d.same("another source's", d.feed("b", start, it), store.Saved{New: 1})
			none := renamed(5, "g:none")
			d.same("nobody's", d.feed("a", start, none), store.Saved{New: 1})
			half := renamed(6, "g:half")
			half.Is = "tag:else.example.org,2026:" + article.ShortID(record("a", 1, start).ID)
			d.same("another tag's", d.feed("a", start, half), store.Saved{New: 1})
			d.same("articles", d.stats().Articles, 5)
			d.same("untouched", len(d.history(record("a", 1, start).ID)), 1)
		},
		"a key that is known decides": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 3, start)...)
			it := item("a", 1, start)
			it.Is = record("a", 2, start).ID
			d.same("saved", d.feed("a", start, it), store.Saved{Unchanged: 1})
			d.feed("a", start, renamed(2, "g:new"))
			moved := renamed(1, "g:new", headline("New"))
			d.same("saved", d.feed("a", start, moved), store.Saved{Updated: 1})
			d.same("the first one's", d.article(record("a", 2, start).ID).Headline, "New")
		},
		"two items of one article": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 2, start)...)
			list := []store.Item{renamed(1, "g:x", headline("X")), item("a", 1, start), renamed(1, "g:y", headline("Y")), item("a", 7, start)}
			d.same("the first one counts", d.feed("a", start, list...), store.Saved{New: 1, Updated: 1, Refused: 2})
			d.same("headline", d.article(record("a", 1, start).ID).Headline, "X")
			d.same("again", d.feed("a", start, list...), store.Saved{Unchanged: 2, Refused: 2})
			d.same("the other key alone", d.feed("a", start, plain(list[2])), store.Saved{Updated: 1})
		},
		"two polls in one Save": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 2, start)...)
			c := d.claimOne(start.Add(2 * time.Hour))
			saved := d.save(poll(c, 0, start, renamed(1, "g:x")), poll(c, 0, start, plain(renamed(1, "g:x", headline("X")))))
			d.same("saved", saved, []store.Saved{{Unchanged: 1}, {Updated: 1}})
		},
	})
}

// runEntered: what came in a stretch of time, whenever it was published.
func runEntered(t *testing.T, open Open) {
	const days, each = 12, 40
	d := &desk{t: t, Store: open(t), open: open}
	d.sync(src("a", "one"), src("b", "two"))
	day := func(n int) time.Time { return start.Add(time.Duration(n) * 24 * time.Hour) }
	var all []article.Record
	for n := range days {
		for _, s := range []string{"a", "b"} {
			var list []store.Item
			for i := range each {
				list = append(list, item(s, n*each+i, day(n), func(r *article.Record) {
					r.Published = day(n).Add(-time.Duration((i*7919+n*31)%3000) * time.Hour) // most of it old already
					r.Updated = r.Published.Add(time.Duration(i%3) * 24 * time.Hour)
				}))
			}
			for _, it := range list {
				all = append(all, *it.Record)
			}
			d.feed(s, day(n), list...)
		}
	}
	for name, q := range map[string]article.Query{
		"one day":            {Entered: article.Span{From: day(3), To: day(4)}},
		"to the millisecond": {Entered: article.Span{From: day(3).Add(time.Millisecond), To: day(4).Add(time.Millisecond)}},
		"since":              {Entered: article.Span{From: day(7)}},
		"until":              {Entered: article.Span{To: day(7)}},
		"nothing":            {Entered: article.Span{From: day(7).Add(time.Hour), To: day(8)}},
		"backwards":          {Entered: article.Span{From: day(8), To: day(7)}},
		"updated":            {Entered: article.Span{From: day(2), To: day(9)}, ByUpdated: true},
		"of one source":      {Entered: article.Span{From: day(2), To: day(9)}, Sources: []string{"b"}},
		"with words":         {Entered: article.Span{From: day(2), To: day(5)}, Match: "harbour"},
		"of a topic":         {Entered: article.Span{From: day(2), To: day(5)}, Topics: []string{"weather"}, ByUpdated: true},
		"published since":    {Entered: article.Span{From: day(2), To: day(9)}, Since: day(-40)},
	} {
		for _, q.Limit = range []int{7, 1000} {
			want := answer(q, all)
			if got := pages(d, q); fmt.Sprint(ids(got)) != fmt.Sprint(ids(want)) {
				t.Errorf("%s, by %d: %d articles; want %d", name, q.Limit, len(got), len(want))
			}
		}
	}
}

// runStatuses: few articles are not usable, and they are found all the same,
// whatever else is asked.
func runStatuses(t *testing.T, open Open) {
	d := &desk{t: t, Store: open(t), open: open}
	var sources []store.Source
	var many []string
	for i := range 70 { // more than are walked one by one
		sources = append(sources, src(fmt.Sprintf("s%02d", i), fmt.Sprint("h", i)))
		many = append(many, sources[i].ID)
	}
	d.sync(sources...)
	var all []article.Record
	for _, s := range many[:5] {
		var list []store.Item
		for n := range 12 {
			list = append(list, item(s, n, start, func(r *article.Record) {
				r.Status = []article.Status{article.Usable, article.Canceled, article.Withheld}[n%3]
			}))
			all = append(all, *list[n].Record)
		}
		d.feed(s, start, list...)
	}
	for _, status := range []article.Status{article.Canceled, article.Withheld, article.Usable} {
		for name, q := range map[string]article.Query{
			"alone": {}, "updated": {ByUpdated: true}, "now": {Now: start}, "since": {Since: start.Add(-5 * time.Minute)},
			"a source": {Sources: many[:1]}, "many sources": {Sources: many}, "many, updated": {Sources: many, ByUpdated: true},
			"a topic": {Topics: []string{"weather"}}, "words": {Match: "harbour"}, "entered": {Entered: article.Span{To: start.Add(time.Hour)}},
		} {
			for _, q.Limit = range []int{3, 1000} {
				q.Status = status
				if got, want := ids(pages(d, q)), ids(answer(q, all)); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s, %s, by %d: %d articles; want %d", status, name, q.Limit, len(got), len(want))
				}
			}
		}
	}
}
