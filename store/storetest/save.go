package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// fullState is a state with every field set.
func fullState(source, host string) store.State {
	st := store.State{
		Source: source, Host: host, Due: start.Add(90 * time.Minute),
		URL: "https://example.org/feed?a=1&b=ü", ETag: `W/"x\y"` + "\xff\x01", LastModified: "Sun, 01 Mar 2026 11:59:59 GMT",
		Recent:   []byte("\x00notes\xff"),
		BodyHash: 1<<63 + 5, Known: []uint64{1, 2, 1 << 63, 1<<64 - 1},
		Interval: 17*time.Minute + 500*time.Millisecond, LastPoll: start, LastSuccess: start.Add(-time.Hour), LastChange: start.Add(-2 * time.Hour),
		Failures: 3, Error: "dial tcp: no route \x00 to 世界", Status: 503,
		Detail: store.Detail{
			Title: "Zeitung “ä” 新聞", Home: "https://example.org/", Format: "rss", Language: "de", FeedID: "urn:x", Hubs: []string{"https://hub.example.org/"},
			ValidFor: "https://example.org/v", Moved: "https://example.org/new", MovedAt: start, MovedN: 2, Adopted: "https://a.example.org/", From: "https://b.example.org/",
			GoneAt: start, Gone: true, Repairs: map[string]int{"truncated": 1, "bad-charref": 20}, Why: "ttl", RetryAfter: start.Add(time.Hour), Gap: time.Minute, Repeats: true,
			Extra: map[string]string{"k": "v"},
		},
	}
	for i := range store.HistoryLen {
		l := store.PollLog{At: start.Add(time.Duration(i) * 61 * time.Second), Took: time.Duration(i) * 123 * time.Millisecond, Bytes: int64(i) << 20}
		switch i % 6 {
		case 0:
			l.Outcome, l.Status, l.New, l.Updated = "new", 200, i, 2
		case 1:
			l.Outcome, l.Status = "not-modified", 304
		case 2:
			l.Outcome, l.Status = "same", 226
		case 3:
			l.Outcome = "timeout"
		case 4:
			l.Outcome, l.Status = "http", 503
		case 5:
			l.Outcome, l.Status = "unchanged", 200
		}
		st.History = append(st.History, l)
	}
	return st
}

func runState(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"comes back as it was saved": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			want := fullState("a", "one")
			d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: want})
			d.same("state", d.state("a"), want)
			d.same("elsewhere", d.second().state("a"), want)
			d.release(time.Time{}, c)
			c = d.claimOne(want.Due)
			got := c.Sources[0]
			got.History, got.Past = got.Polls(), nil
			d.same("claimed", got, want)
			p := poll(c, 0, start.Add(time.Hour)) // the history goes on where it was
			d.saveOne(p)
			d.same("history", d.state("a").History, append(want.History[1:], p.State.History...))
			p.State.History = append(p.State.History, fullState("a", "one").History...)
			d.saveOne(p)
			d.same("all anew", d.state("a").History, fullState("a", "one").History)
		},
		"what a claim leaves out stays": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			want := fullState("a", "one")
			d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: want})
			d.release(time.Time{}, c)
			claims, _, err := d.Claim(context.Background(), request(want.Due))
			d.must(err)
			st := claims[0].Sources[0]
			st.ETag = "another"
			d.saveOne(store.Poll{Host: "one", Token: claims[0].Token, State: st})
			want.ETag = "another"
			d.same("state", d.state("a"), want)
			d.must(d.Complete(context.Background(), &st))
			d.same("completed", [2]any{st.Known, st.Recent}, [2]any{want.Known, want.Recent})
			st.Known, st.Recent = nil, []byte("others")
			d.must(d.Complete(context.Background(), &st)) // nothing is left out any more
			d.saveOne(store.Poll{Host: "one", Token: claims[0].Token, State: st})
			want.Known, want.Recent = nil, []byte("others")
			d.same("replaced", d.state("a"), want)
		},
		"is replaced whole": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: fullState("a", "one")})
			want := store.State{Source: "a", Host: "one", Due: start.Add(time.Hour)}
			d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: want})
			d.same("state", d.state("a"), want)
		},
		"each part alone": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			base := fullState("a", "one")
			d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: base})
			for name, edit := range map[string]func(*store.State){
				"etag": func(s *store.State) { s.ETag = "other" }, "modified": func(s *store.State) { s.LastModified = "" }, "url": func(s *store.State) { s.URL = "x" },
				"body": func(s *store.State) { s.BodyHash = 0 }, "known": func(s *store.State) { s.Known = s.Known[1:] }, "change": func(s *store.State) { s.LastChange = start },
				"detail": func(s *store.State) { s.Detail.Why = "" }, "due": func(s *store.State) { s.Due = start }, "recent": func(s *store.State) { s.Recent = s.Recent[1:] }, "no recent": func(s *store.State) { s.Recent = nil }, "error": func(s *store.State) { s.Error = "" },
			} {
				want := base
				edit(&want)
				d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: want})
				d.same(name, d.state("a"), want)
			}
		},
		"the history is bounded": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			st := fullState("a", "one")
			st.History = append(st.History, st.History...)
			d.saveOne(store.Poll{Host: c.Host, Token: c.Token, State: st})
			d.same("history", d.state("a").History, st.History[len(st.History)-store.HistoryLen:])
		},
		"notes are bounded": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			p := poll(c, 0, start)
			p.State.Recent = bytes.Repeat([]byte{7}, store.RecentLen)
			d.saveOne(p)
			d.same("as many as there may be", d.state("a").Recent, p.State.Recent)
			p.State.Recent = append(p.State.Recent, 7)
			d.saveOne(p)
			d.same("one more", len(d.state("a").Recent), 0)
		},
		"a poll's counts are in its history": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 3, start)...)
			st := d.state("a")
			last := st.History[len(st.History)-1]
			if last.New != 3 || last.Outcome != "new" || !st.LastChange.Equal(start) {
				d.t.Errorf("last %+v, change %v", last, st.LastChange)
			}
		},
		"unknown sources": func(d *desk) {
			if _, err := d.State(context.Background(), "a"); !errors.Is(err, store.ErrNotFound) {
				d.t.Errorf("state: %v", err)
			}
			d.same("saved", len(d.save()), 0)
		},
	})
}

func runSave(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"an article comes back as it was saved": func(d *desk) {
			d.sync(src("a", "one"))
			it := item("a", 1, start)
			want := *it.Record
			d.same("saved", d.feed("a", start, it), store.Saved{New: 1})
			got, err := d.second().Article(context.Background(), it.Record.ID)
			d.must(err)
			d.same("by id", got, want)
			got, err = d.Article(context.Background(), article.ShortID(it.Record.ID))
			d.must(err)
			d.same("by its last part", got, want)
			for _, id := range []string{"", "tag:x", it.Record.ID + "a", "tag:other.example.org,2026:" + article.ShortID(it.Record.ID)} {
				if _, err := d.Article(context.Background(), id); !errors.Is(err, store.ErrNotFound) {
					d.t.Errorf("id %q: %v", id, err)
				}
				if _, err := d.History(context.Background(), id); !errors.Is(err, store.ErrNotFound) {
					d.t.Errorf("history of %q: %v", id, err)
				}
			}
		},
		"the same again is unchanged": func(d *desk) {
			d.sync(src("a", "one"))
			list := items("a", 20, start)
			d.same("saved", d.feed("a", start, list...), store.Saved{New: 20})
			seq, all := d.sequence(), d.query(article0)
			list = append(items("a", 20, start), item("a", 99, start))
			list[3].Record.Links.Canonical += "?utm_source=x" // nothing a reader would care about
			list[4].Record.FirstSeen = start.Add(time.Hour)
			d.same("again", d.feed("a", start.Add(time.Hour), list...), store.Saved{New: 1, Unchanged: 20})
			d.same("articles", d.query(article0)[:20], all[:20])
			d.same("sequence", d.sequence(), seq+1)
		},
		"the same key in two sources is two articles": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			d.same("a", d.feed("a", start, item("a", 1, start)), store.Saved{New: 1})
			d.same("b", d.feed("b", start, item("b", 1, start, func(r *article.Record) { r.Headline = "Another" })), store.Saved{New: 1})
			d.same("a again", d.feed("a", start, item("a", 1, start)), store.Saved{Unchanged: 1})
			d.same("articles", len(d.query(article0)), 2)
		},
		"an id can't be taken": func(d *desk) {
			d.sync(src("a", "one"), src("b", "two"))
			d.feed("a", start, item("a", 1, start))
			thief := item("b", 7, start, func(r *article.Record) { r.ID, r.Headline = record("a", 1, start).ID, "Stolen" })
			other := item("b", 8, start, func(r *article.Record) {
				r.ID, r.Headline = "tag:elsewhere.example.org,2026:"+article.ShortID(record("a", 1, start).ID), "Stolen"
			})
			twin := item("a", 2, start, func(r *article.Record) { r.ID, r.Headline = record("a", 1, start).ID, "Stolen" })
			d.same("other source", d.feed("b", start, item("b", 1, start), thief, other, item("b", 2, start)), store.Saved{New: 2, Refused: 2})
			d.same("other key", d.feed("a", start, twin), store.Saved{Refused: 1})
			got, err := d.Article(context.Background(), record("a", 1, start).ID)
			d.must(err)
			d.same("article", got, record("a", 1, start))
		},
		"a known article keeps its id": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, item("a", 1, start))
			id := record("a", 1, start).ID
			d.same("saved", d.feed("a", start, item("a", 1, start, func(r *article.Record) { r.ID, r.Headline = "tag:x,2026:new", "New" })), store.Saved{Updated: 1})
			got, err := d.Article(context.Background(), id)
			d.must(err)
			d.same("headline", got.Headline, "New")
		},
		"what can't be told apart is refused": func(d *desk) {
			d.sync(src("a", "one"))
			one, two := item("a", 1, start), item("a", 1, start, func(r *article.Record) { r.Headline = "Twin" })
			nameless, idless := item("a", 2, start), item("a", 3, start, func(r *article.Record) { r.ID = "" })
			nameless.Key = ""
			d.same("saved", d.feed("a", start, one, two, nameless, idless), store.Saved{New: 1, Refused: 3})
			d.same("again", d.feed("a", start, one, two, nameless, idless), store.Saved{Unchanged: 1, Refused: 3})
			d.same("articles", headlines(d.query(article0)), []string{one.Record.Headline})
		},
		"items are made tidy": func(d *desk) {
			d.sync(src("a", "one"))
			it := item("a", 1, start.Add(123456*time.Nanosecond))
			it.Record.Version, it.Record.Status, it.Record.Source.ID = 0, "", ""
			d.feed("a", start, it)
			got := d.query(article0)[0]
			if got.Version != 1 || got.Status != article.Usable || got.Source.ID != "a" || got.Published.Nanosecond()%1e6 != 0 {
				d.t.Errorf("stored %+v", got)
			}
		},
		"text in any script": func(d *desk) {
			d.sync(src("a/ü?#", "höst.example:8080"))
			r := item("a/ü?#", 1, start, func(r *article.Record) {
				r.Headline = "日本語 العربية עברית 👩‍👩‍👧 ﬁ \u2028 \"quotes\" <b> & 'single' \\ %_"
				r.Body.Text = strings.Repeat("ภาษาไทย 한국어 ", 3000)
				r.Source.GUID = "urn:\x00\xff" // keys are hashed, whatever they hold
			})
			r.Key = "g:urn:\x00\xff"
			r.Record.Source.GUID = "urn:ü"
			want := *r.Record
			d.same("saved", d.feed("a/ü?#", start, r), store.Saved{New: 1})
			d.same("article", d.query(article0)[0], want)
		},
		"two polls of a source in one Save": func(d *desk) {
			d.sync(src("a", "one"))
			c := d.claimOne(start)
			p1, p2 := poll(c, 0, start, items("a", 3, start)...), poll(c, 0, start.Add(time.Hour), items("a", 4, start)...)
			saved := d.save(p1, p2)
			d.same("saved", saved, []store.Saved{{New: 3}, {New: 1, Unchanged: 3}})
			d.same("due", d.state("a").Due, p2.State.Due)
		},
	})
}

// preparing is a store whose polls are prepared, all as if they were their source's first,
// or none.
type preparing struct {
	store.Store
	first bool
}

func (p preparing) Save(ctx context.Context, polls []store.Poll, back ...store.Release) ([]store.Saved, error) {
	for i := range polls {
		polls[i].First = p.first
		p.Prepare(&polls[i])
		for j := range polls[i].Items {
			if it := &polls[i].Items[j]; it.Print == 0 || (it.Packed != nil) != p.first {
				return nil, fmt.Errorf("item %q is not prepared", it.Key)
			}
		}
	}
	return p.Store.Save(ctx, polls, back...)
}

// What is prepared is stored as all other is.
func runPrepared(t *testing.T, open Open) {
	for _, first := range []bool{true, false} {
		prepared := func(t *testing.T) store.Store { return preparing{open(t), first} }
		for name, f := range map[string]func(*testing.T, Open){"save": runSave, "versions": runVersions, "rekey": runRekey} {
			t.Run(fmt.Sprintf("%s/first=%v", name, first), func(t *testing.T) {
				t.Parallel()
				f(t, prepared)
			})
		}
	}
}

func runVersions(t *testing.T, open Open) {
	edit := func(h string) func(*article.Record) { return func(r *article.Record) { r.Headline = h } }
	cases(t, open, map[string]func(*desk){
		"each significant change is one": func(d *desk) {
			d.sync(src("a", "one"))
			id := record("a", 1, start).ID
			d.feed("a", start, item("a", 1, start, edit("First")), item("a", 2, start))
			for i, h := range []string{"Second", "Third", "Third"} {
				seq := d.sequence()
				now := start.Add(time.Duration(i+1) * time.Hour)
				saved := d.feed("a", now, item("a", 1, now, edit(h)), item("a", 2, start))
				want := store.Saved{Updated: 1, Unchanged: 1}
				if i == 2 {
					want = store.Saved{Unchanged: 2}
				}
				d.same("saved", saved, want)
				d.same("changed", len(d.changes(seq)), want.Updated)
			}
			history, err := d.History(context.Background(), id)
			d.must(err)
			d.same("headlines", headlines(history), []string{"First", "Second", "Third"})
			for i, r := range history {
				if r.Version != i+1 || r.ID != id || !r.Published.Equal(record("a", 1, start).Published) || !r.FirstSeen.Equal(start) {
					d.t.Errorf("version %d: %d %s %v", i, r.Version, r.ID, r.Published)
				}
			}
			got, err := d.Article(context.Background(), id)
			d.must(err)
			d.same("article", got, history[2])
			d.same("updated", got.Updated, start.Add(2*time.Hour-time.Minute))
			one, err := d.History(context.Background(), record("a", 2, start).ID)
			d.must(err)
			d.same("the other", len(one), 1)
			st := d.stats()
			d.same("stats", []int{st.Articles, st.Versions}, []int{2, 4})
			if st.Bytes <= 0 {
				d.t.Errorf("bytes %d", st.Bytes)
			}
		},
		"canceled leaves every feed and stays": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 3, start)...)
			seq := d.sequence()
			gone := item("a", 1, start.Add(time.Hour), func(r *article.Record) { r.Status = article.Canceled; r.Revision.Kind = "withdrawal" })
			d.same("saved", d.feed("a", start, gone), store.Saved{Canceled: 1})
			d.same("usable", len(d.query(article0)), 2)
			list := d.query(article.Query{Status: article.Canceled})
			d.same("canceled", ids(list), []string{gone.Record.ID})
			d.same("told", ids(d.changes(seq)), []string{gone.Record.ID})
			seq = d.sequence()
			d.same("again", d.feed("a", start, gone), store.Saved{Unchanged: 1})
			d.same("back", d.feed("a", start, item("a", 1, start.Add(2*time.Hour))), store.Saved{Unchanged: 1})
			d.same("sequence", d.sequence(), seq)
			history, err := d.History(context.Background(), gone.Record.ID)
			d.must(err)
			d.same("versions", len(history), 2)
			d.same("unseen before", d.feed("a", start, item("a", 9, start, func(r *article.Record) { r.Status = article.Canceled })), store.Saved{Canceled: 1})
		},
		"withheld until released": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, item("a", 1, start, func(r *article.Record) { r.Status = article.Withheld }), item("a", 2, start))
			d.same("usable", len(d.query(article0)), 1)
			d.same("withheld", len(d.query(article.Query{Status: article.Withheld})), 1)
			d.same("saved", d.feed("a", start, item("a", 1, start)), store.Saved{Updated: 1})
			d.same("usable", len(d.query(article0)), 2)
			d.same("withheld", len(d.query(article.Query{Status: article.Withheld})), 0)
		},
		"of many at once": func(d *desk) {
			d.sync(src("a", "one"))
			d.feed("a", start, items("a", 300, start)...)
			list := items("a", 300, start)
			for i := range list {
				if i%3 == 0 {
					list[i].Record.Headline += "!"
				}
			}
			d.same("saved", d.feed("a", start, list...), store.Saved{Updated: 100, Unchanged: 200})
			d.same("versions", d.stats().Versions, 400)
		},
	})
}

func runLimits(t *testing.T, open Open) {
	cases(t, open, map[string]func(*desk){
		"five thousand items in a poll": func(d *desk) {
			d.sync(src("a", "one"))
			list := items("a", 5000, start)
			st := d.feed("a", start, list...)
			d.same("saved", st, store.Saved{New: 5000})
			d.same("again", d.feed("a", start, list...), store.Saved{Unchanged: 5000})
			c := d.claimOne(start.Add(2 * time.Hour))
			p := poll(c, 0, start)
			for i := range uint64(5000) {
				p.State.Known = append(p.State.Known, i*1e15)
			}
			d.saveOne(p)
			d.same("known", d.state("a").Known, p.State.Known)
		},
		"of one moment": func(d *desk) {
			d.sync(src("a", "one"))
			list := items("a", 500, start)
			for i := range list {
				list[i].Record.Published, list[i].Record.Updated = start, start
			}
			d.same("saved", d.feed("a", start, list...), store.Saved{New: 500})
			var got []string
			for q := (article.Query{Limit: 77}); ; {
				page := d.query(q)
				got = append(got, ids(page)...)
				if len(page) < q.Limit {
					break
				}
				q.After = article.Cursor{Time: start, ID: got[len(got)-1]}
			}
			d.same("in order of id", slices.IsSorted(got), true)
			d.same("all", len(slices.Compact(got)), 500)
		},
		"a megabyte of text": func(d *desk) {
			d.sync(src("a", "one"))
			it := item("a", 1, start, func(r *article.Record) {
				var b strings.Builder
				for i := range 150_000 {
					fmt.Fprint(&b, i, " ")
				}
				r.Body.Text = b.String()
			})
			d.same("saved", d.feed("a", start, it), store.Saved{New: 1})
			d.same("found", len(d.query(article.Query{Match: "149999"})), 1)
			d.same("text", d.query(article0)[0].Body.Text == it.Record.Body.Text, true)
		},
		"dates far away": func(d *desk) {
			d.sync(src("a", "one"))
			var list []store.Item
			for i, y := range []int{0, 1600, 1969, 1970, 2026, 2105, 9999} {
				list = append(list, item("a", i, start, func(r *article.Record) {
					r.Published = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
					r.Updated = r.Published
				}))
			}
			list[0].Record.Published, list[0].Record.Updated = time.Time{}, time.Time{} // in no particular place
			var want []article.Record
			for _, it := range list {
				want = append(want, *it.Record)
			}
			d.same("saved", d.feed("a", start, list...), store.Saved{New: 7})
			got := d.query(article0)
			d.same("all", len(got), 7)
			got = slices.DeleteFunc(got, func(r article.Record) bool { return r.Published.IsZero() })
			for i := range 6 {
				d.same("record", got[i], want[6-i])
			}
		},
	})
}
