package scheduler

import (
	"context"
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/article"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// piece is an item of a feed that a test writes.
type piece struct {
	guid, link, title, text string
	at                      time.Time
}

func pieces(n int, from time.Time) []piece {
	places := []string{"Lima", "Oslo", "Accra", "Quito", "Hanoi", "Riga", "Dakar", "Perth", "Turin", "Busan"}
	what := []string{"harbour strike ends after talks", "court orders new count of votes", "river rises above record mark", "museum returns stolen bronze"}
	list := make([]piece, n)
	for i := range list {
		title := fmt.Sprintf("%s: %s, day %d", places[i%len(places)], what[i%len(what)], i)
		slug := strings.ReplaceAll(strings.ToLower(title), " ", "-")
		list[i] = piece{
			guid: fmt.Sprintf("http://wire.example/item?id=%d", 5000+i), link: fmt.Sprintf("https://wire.example/news/%d/%s", i, strings.Trim(slug, ",:")),
			title: title, text: fmt.Sprintf("Reporters counted %d people in the square on the morning of the event in %s, the police said.", 100+i, places[i%len(places)]),
			at: from.Add(-time.Duration(i)*97*time.Minute - 7*time.Second),
		}
	}
	return list
}

func rss(list []piece) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link><description>d</description>`)
	for _, p := range list {
		e := html.EscapeString
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">%s</guid><pubDate>%s</pubDate><description>%s</description></item>",
			e(p.title), e(p.link), e(p.guid), p.at.Format(time.RFC1123Z), e(p.text))
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// ledger is a source that is polled into a store.
type ledger struct {
	*testPoller
	up    *upstream
	store *sqlite.Store
}

func newLedger(t *testing.T) *ledger {
	t.Helper()
	u := newUpstream(t)
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	x := &ledger{testPoller: newTestPoller(t, u.URL), up: u, store: s}
	x.p.Complete = s.Complete
	if err := s.Sync(t.Context(), []store.Source{{ID: "wire", Host: x.src.Host(), Republish: article.Full}}); err != nil {
		t.Fatal(err)
	}
	return x
}

// take polls a document and stores what it brings.
func (x *ledger) take(list []piece) store.Saved {
	x.t.Helper()
	x.up.set(ok(rss(list), ""))
	x.now = x.now.Add(2 * time.Hour)
	claims, _, err := x.store.Claim(context.Background(), store.ClaimRequest{Worker: "t", Now: x.now, Lease: time.Minute, Hosts: 1, Sources: []string{"wire"}})
	if err != nil || len(claims) != 1 {
		x.t.Fatalf("claim: %v %v", claims, err)
	}
	out := x.p.Poll(context.Background(), x.src, &claims[0].Sources[0])
	if claims[0].Sources[0].Error != "" {
		x.t.Fatal(claims[0].Sources[0].Error)
	}
	saved, err := x.store.Save(context.Background(), []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0], Items: out.Items}}, store.Back(time.Time{}, claims...)...)
	if err == nil {
		err = saved[0].Err
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return saved[0]
}

// TestChurn: a publisher that changes what it calls its items, in each way that
// publishers are known for, brings no article back as a new one; and what is
// really new is.
func TestChurn(t *testing.T) {
	t.Parallel()
	for name, churn := range map[string]func(i int, p *piece){
		"scheme of the id":        func(_ int, p *piece) { p.guid = strings.Replace(p.guid, "http:", "https:", 1) },
		"host of the id":          func(_ int, p *piece) { p.guid = strings.Replace(p.guid, "wire.example", "cdn7.wire.example", 1) },
		"tracking in the id":      func(i int, p *piece) { p.guid += fmt.Sprintf("&utm_source=rss&t=%d", i*31) },
		"another id altogether":   func(i int, p *piece) { p.guid = fmt.Sprintf("b1946ac9-%04d", i*7919%10007) },
		"no id":                   func(_ int, p *piece) { p.guid = "" },
		"id and tracking in link": func(_ int, p *piece) { p.guid += "#v2"; p.link += "?utm_campaign=feed" },
		"id and link":             func(i int, p *piece) { p.link = fmt.Sprintf("https://new.example/a/%d", i); p.guid = p.link },
		"headline inside the id":  func(_ int, p *piece) { p.title += " (updated)"; p.guid += "/" + p.title },
		"date inside the id":      func(_ int, p *piece) { p.at = p.at.Add(26 * time.Hour); p.guid += p.at.String() },
		"id, link and headline": func(i int, p *piece) {
			p.guid, p.link = fmt.Sprint("x", i), fmt.Sprint("https://wire.example/x/", i)
			p.title = "Now " + p.title
		},
		"id, link, date, all at once": func(i int, p *piece) {
			p.guid, p.link = fmt.Sprint("y", i), fmt.Sprint("https://wire.example/y/", i)
			p.at = p.at.Add(time.Hour)
		},
		"id and text": func(_ int, p *piece) {
			p.guid += "-2"
			p.text = "Rewritten from the first word on, but still the article at this address."
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newLedger(t)
			list := pieces(31, x.now)
			if s := x.take(list[1:]); s.New != 30 {
				t.Fatalf("first: %+v", s)
			}
			var ids []string
			for _, r := range x.all() {
				ids = append(ids, r.ID)
			}
			for i := range list[1:] {
				churn(i, &list[1+i])
			}
			if s := x.take(list[1:]); s.New != 0 {
				t.Errorf("all changed: %+v", s)
			}
			if s := x.take(list); s.New != 1 {
				t.Errorf("one that is new: %+v", s)
			}
			for i := range list[1:] {
				churn(i, &list[1+i])
			}
			if s := x.take(list); s.New != 0 {
				t.Errorf("all changed again: %+v", s)
			}
			now := map[string]bool{}
			for _, r := range x.all() {
				now[r.ID] = true
			}
			for _, id := range ids {
				if !now[id] {
					t.Errorf("the id %s is lost", id)
				}
			}
		})
	}
}

func (x *ledger) all() []article.Record {
	x.t.Helper()
	list, err := x.store.Select(context.Background(), article.Query{Limit: 1000})
	if err != nil {
		x.t.Fatal(err)
	}
	return list
}

// TestChurnOneByOne: the same where only one item of many changes its id.
func TestChurnOneByOne(t *testing.T) {
	t.Parallel()
	x := newLedger(t)
	list := pieces(30, x.now)
	x.take(list)
	for i := range list {
		list[i].guid = fmt.Sprint("other", i)
		if s := x.take(list); s.New != 0 {
			t.Fatalf("item %d came back: %+v", i, s)
		}
	}
	if n := len(x.all()); n != 30 {
		t.Errorf("%d articles", n)
	}
}

// TestAlikeButNotTheSame: what only looks alike stays apart.
func TestAlikeButNotTheSame(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(p piece) piece{
		"daily column": func(p piece) piece {
			return piece{guid: p.guid + "b", link: p.link + "-b", title: p.title, text: p.text, at: p.at.Add(24 * time.Hour)}
		},
		"live page": func(p piece) piece {
			return piece{guid: p.guid + "b", link: p.link, title: "Another day at the same address", text: "Everything else is different, and was written later than the first one was.", at: p.at.Add(24 * time.Hour)}
		},
		"home page as link": func(p piece) piece {
			return piece{guid: p.guid + "b", link: "https://wire.example/", title: "Something else", text: "A text that nothing else has in common with, of the same minute.", at: p.at}
		},
		"same minute": func(p piece) piece {
			return piece{guid: p.guid + "b", link: p.link + "-b", title: "Something else", text: "A text that nothing else has in common with, of the same second.", at: p.at}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newLedger(t)
			list := pieces(12, x.now.Add(-48*time.Hour))
			if name == "home page as link" {
				list[3].link = "https://wire.example/"
			}
			x.take(list)
			list[3] = next(list[3]) // in its place: the old one is gone
			if s := x.take(list); s.New != 1 {
				t.Errorf("%+v", s)
			}
		})
	}
	t.Run("still there", func(t *testing.T) {
		x := newLedger(t)
		list := pieces(12, x.now)
		x.take(list)
		twin := list[3]
		twin.guid += "b"
		if s := x.take(append([]piece{twin}, list...)); s.New != 1 {
			t.Errorf("a second item beside the first: %+v", s)
		}
	})
}

// TestBurst: far more new articles than a source ever brought are withheld until
// somebody lets them in.
func TestBurst(t *testing.T) {
	t.Parallel()
	x := newLedger(t)
	list := pieces(330, x.now)
	if s := x.take(list[300:]); s.New != 30 {
		t.Fatalf("%+v", s)
	}
	flood := list[:260]
	x.take(flood)
	state := func() store.State {
		st, err := x.store.State(t.Context(), "wire")
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	if n, st := len(x.all()), state(); n != 30 || st.Detail.Held != 260 {
		t.Errorf("%d articles, %d held", n, st.Detail.Held)
	}
	x.take(list[:261]) // one more while they are held
	if n := len(x.all()); n != 30 {
		t.Errorf("%d articles after one more", n)
	}
	x.src.Accept = true
	x.take(list[:261])
	x.src.Accept = false
	if n, st := len(x.all()), state(); n != 291 || st.Detail.Held != 0 {
		t.Errorf("let in: %d articles, %d held", n, st.Detail.Held)
	}
	if s := x.take(list[:270]); s.New != 9 || len(x.all()) != 300 {
		t.Errorf("afterwards: %+v, %d articles", s, len(x.all()))
	}
}

func TestTracesSurviveTheStore(t *testing.T) {
	t.Parallel()
	var list []trace
	for i := range 100 {
		id := article.Mint("example.org", "s", fmt.Sprint(i))
		list = append(list, trace{name: nameOf(article.ShortID(id)), raw: uint32(i), link: uint32(i * 2), title: 3, text: uint32(1 << 31), at: uint32(i)})
	}
	if short := article.ShortID(article.Mint("example.org", "s", "1")); nameOf(short).String() != short {
		t.Errorf("%s became %s", short, nameOf(short))
	}
	if n := nameOf("not an id of ours, so none"); n != (name{}) {
		t.Errorf("a name of rubbish: %s", n)
	}
	got := unpackTraces(packTraces(list, 90))
	if len(got) != 90 || got[0] != list[10] || got[89] != list[99] {
		t.Errorf("%d traces, first %+v", len(got), got[0])
	}
	if n := len(unpackTraces([]byte("too short to be one"))); n != 0 {
		t.Errorf("%d traces of rubbish", n)
	}
}

// Traces are stored: however a text is read, its mark is that of its words in small
// letters.
func TestMark(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", " A  b\tC\n", "Über  Ähren", "plain then \u00a0 not", strings.Repeat("Long words of a text. ", 40), "\v\fx\ry"} {
		words := strings.ToLower(strings.Join(strings.Fields(s), " "))
		want := uint32(xxhash.Sum64String(words)) | 1
		if got := mark(s, 0); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
		if got := mark(s, len(words)+1); got != 0 {
			t.Errorf("%q is too short, but has a mark", s)
		}
	}
}
