package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/move"
)

// Move holds stores to move.Shelf: what one kind of store holds is copied into
// another kind's, and must be the same there. Only the named moves are made, all
// if none is.
func Move(t *testing.T, from, to Open, names ...string) {
	moves := map[string]func(*testing.T, *desk, *desk){
		"whole": moveWhole, "again": moveAgain, "broken off": moveBrokenOff, "in use": moveInUse, "refused": moveRefused,
	}
	for name, f := range moves {
		if len(names) > 0 && !slices.Contains(names, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, &desk{t: t, Store: from(t), open: from}, &desk{t: t, Store: to(t), open: to})
		})
	}
}

func (d *desk) shelf() move.Shelf {
	d.t.Helper()
	s, ok := d.Store.(move.Shelf)
	if !ok {
		d.t.Fatal("the store can't be moved")
	}
	return s
}

// fill puts something of everything into a store.
func (d *desk) fill() {
	d.t.Helper()
	paused := src("c", "two")
	paused.Paused, paused.Title, paused.Republish = true, "Ours", article.Full
	d.sync(src("a", "one"), src("b", "one"), src("ü", "two"), src("gone", "three"))
	d.feed("a", start, items("a", 450, start)...)
	d.feed("gone", start.Add(-time.Hour), items("gone", 3, start.Add(-time.Hour))...)
	now := start.Add(time.Hour)
	for _, h := range []string{"Second", "Third"} {
		d.feed("a", now, item("a", 1, now, func(r *article.Record) { r.Headline = h }), item("a", 2, now, func(r *article.Record) { r.Headline = h }))
	}
	d.feed("a", now, item("a", 3, now, func(r *article.Record) { r.Status = article.Canceled }))
	renamed := item("a", 4, now)
	renamed.Is, renamed.Key = renamed.Record.ID, "g:renamed"
	d.feed("a", now, renamed)
	d.feed("ü", now, item("ü", 1, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), item("ü", 2, time.Time{}, func(r *article.Record) {
		r.Status, r.Embargo, r.Expires = article.Withheld, now, now.Add(time.Hour)
	}))
	d.assign(store.Assignment{Article: record("a", 5, start).ID, Story: "s", Text: "t"})
	claims, _ := d.claim(named(now, "b"))
	full := fullState("b", "one")
	d.saveOne(store.Poll{Host: "one", Token: claims[0].Token, State: full, HostNotBefore: now.Add(time.Hour)})
	d.release(time.Time{}, claims...)
	d.put(store.Document{Kind: "k", Key: "a/\xff", Body: []byte("1"), Due: now}, store.Document{Kind: "k", Key: "b"}, store.Document{Kind: "l", Key: "a"})
	d.forget(100, store.Expiry{Before: now.Add(time.Hour), Sources: []string{"gone"}})
	d.feed("gone", now, item("gone", 7, now), item("gone", 1, now))
	d.sync(src("a", "one"), src("b", "one"), src("ü", "two"), paused)
}

// equals holds what two stores answer against each other.
func (d *desk) equals(other *desk) {
	d.t.Helper()
	ctx := context.Background()
	states := func(d *desk) (list []store.State) {
		d.must(d.States(ctx, func(st store.State) bool { list = append(list, st); return true }))
		return list
	}
	d.same("states", states(other), states(d))
	d.same("sequence", other.sequence(), d.sequence())
	d.same("changes", other.changes(0), d.changes(0))
	for _, q := range []article.Query{article0, {Status: article.Canceled}, {Status: article.Withheld}, {Stories: []string{"s"}}, {Match: "harbour", Limit: 1000}, {Entered: article.Span{From: start}, ByUpdated: true, Limit: 1000}} {
		d.same(fmt.Sprintf("%+v", q), other.query(q), d.query(q))
	}
	for n := range 6 {
		d.same("history", other.history(record("a", n, start).ID), d.history(record("a", n, start).ID))
	}
	a, b := other.stats(), d.stats()
	a.Bytes, b.Bytes = 0, 0
	d.same("stats", a, b)
	for _, kind := range []string{"k", "l"} {
		mine, err := d.Documents(ctx, kind, "", "", 100)
		d.must(err)
		theirs, err := other.Documents(ctx, kind, "", "", 100)
		d.must(err)
		d.same("documents", theirs, mine)
	}
	for _, x := range []*desk{d, other} {
		_, wrong, err := move.Check(ctx, x.shelf(), nil)
		d.must(err)
		d.same("faults", wrong, []string(nil))
	}
}

func moveWhole(t *testing.T, from, to *desk) {
	from.fill()
	steps := map[string]bool{}
	from.must(move.Copy(context.Background(), from.shelf(), to.shelf(), "here", func(p move.Progress) {
		steps[p.Step] = true
		if p.Done > p.Total {
			t.Errorf("%+v", p)
		}
	}))
	from.same("steps", len(steps), 4)
	from.equals(to)
	// The copy works on as the original would.
	now := start.Add(3 * time.Hour)
	renamed := item("a", 4, start)
	renamed.Key = "g:renamed"
	from.same("a renamed item", to.feed("a", now, renamed, item("a", 900, now)), store.Saved{New: 1, Unchanged: 1})
	from.same("a new one", to.article(record("a", 900, now).ID).Headline, record("a", 900, now).Headline)
	seq := to.sequence()
	to.sync(src("a", "one"), src("b", "one"), src("ü", "two"), src("gone", "three"))
	from.same("a source that comes back", len(to.changes(seq)), 1)
	from.same("what was forgotten", to.feed("gone", now, item("gone", 2, now)), store.Saved{Unchanged: 1})
	doc := to.document("k", "b")
	if was := doc.Revision; to.put(doc)[0].Revision <= was {
		t.Error("revisions begin anew")
	}
	claims, next := to.claim(named(start, "b"))
	from.same("a host at rest", len(claims), 0)
	from.same("until", next, start.Add(2*time.Hour))
}

// moveAgain copies a store that has changed since it was copied.
func moveAgain(t *testing.T, from, to *desk) {
	ctx := context.Background()
	from.fill()
	from.must(move.Copy(ctx, from.shelf(), to.shelf(), "here", nil))
	from.must(move.Copy(ctx, from.shelf(), to.shelf(), "here", nil))
	from.equals(to)
	now := start.Add(5 * time.Hour)
	from.feed("a", now, item("a", 1, now, func(r *article.Record) { r.Headline = "Fourth" }), item("a", 3000, now))
	from.must(from.Delete(ctx, []store.Document{from.document("k", "b")}))
	from.same("forgotten", from.forget(9, store.Expiry{Before: now, Sources: []string{"gone"}}), 1)
	from.put(from.document("k", "a/\xff"), store.Document{Kind: "k", Key: "new"})
	from.assign(store.Assignment{Article: record("a", 5, start).ID, Story: "other"})
	from.must(move.Copy(ctx, from.shelf(), to.shelf(), "here", nil))
	from.equals(to)
	from.same("a story", to.article(record("a", 5, start).ID).Story.ID, "other")
	if err := move.Copy(ctx, from.shelf(), to.shelf(), "elsewhere", nil); err == nil {
		t.Error("a copy of another store was written over")
	}
	to.feed("a", now.Add(2*time.Hour), item("a", 4000, now))
	if err := move.Copy(ctx, from.shelf(), to.shelf(), "here", nil); err == nil {
		t.Error("a copy that is in use was written over")
	}
	from.same("nothing is lost", to.article(record("a", 4000, now).ID).Headline, record("a", 4000, now).Headline)
}

// breaking fails after some batches of articles.
type breaking struct {
	move.Shelf
	left int
}

var errBroken = errors.New("broken off")

func (b *breaking) TakeRows(ctx context.Context, rows []catalog.ArticleRow) error {
	if b.left--; b.left < 0 {
		return errBroken
	}
	return b.Shelf.TakeRows(ctx, rows)
}

func moveBrokenOff(t *testing.T, from, to *desk) {
	ctx := context.Background()
	from.fill()
	for left := range 2 {
		if err := move.Copy(ctx, from.shelf(), &breaking{to.shelf(), left}, "here", nil); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
	}
	b := &breaking{to.shelf(), 2} // one batch is there already
	from.must(move.Copy(ctx, from.shelf(), b, "here", nil))
	from.same("batches left", b.left, 0)
	from.equals(to)
}

// moveInUse copies a store that is written to all the while.
func moveInUse(t *testing.T, from, to *desk) {
	ctx := context.Background()
	from.fill()
	n := 0
	err := move.Copy(ctx, from.shelf(), to.shelf(), "here", func(p move.Progress) {
		if p.Step == "articles" && n < 3 {
			n++
			now := start.Add(time.Duration(3+n) * time.Hour)
			from.feed("a", now, item("a", 5000+n, now), item("a", n, now, func(r *article.Record) { r.Headline = fmt.Sprint("Edition ", n) }))
		}
	})
	if !errors.Is(err, move.ErrMoved) {
		t.Fatalf("a copy of a moving store: %v", err)
	}
	from.must(move.Copy(ctx, from.shelf(), to.shelf(), "here", nil))
	from.equals(to)
}

func moveRefused(t *testing.T, from, to *desk) {
	ctx := context.Background()
	from.fill()
	to.sync(src("x", "y"))
	if err := move.Copy(ctx, from.shelf(), to.shelf(), "here", nil); err == nil {
		t.Error("a store that is no copy was written over")
	}
	from.same("the target", to.stats().Articles, 0)
	from.same("its sources", to.state("x").Source, "x")
}
