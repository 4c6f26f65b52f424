package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// mixed files four articles that differ in what queries ask for.
func mixed(n *newsroom) {
	a, b, c, d := story("north", 1), story("north", 2), story("south", 3), story("south", 4)
	a.Agencies = []string{"AFP"}
	b.Agencies, b.Language = []string{"Reuters", "AFP"}, "de-AT"
	c.Keywords, c.Agencies = []string{"Harbour"}, []string{"Reuters"}
	d.Language, d.Subjects = "de", []article.Subject{{Scheme: "medtop", Code: "04000000", Name: "economy"}}
	d.Headline, d.Body.Text = "Story 4 of south", "The ferry sails again."
	n.file(a, b, c, d)
}

func TestQuerySelects(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All"},
		feed.Channel{ID: "reuters", Title: "Reuters", Select: article.Query{Agencies: []string{"reuters"}}},
		feed.Channel{ID: "german", Title: "German", Select: article.Query{Languages: []string{"de"}}},
		feed.Channel{ID: "north", Title: "North", Select: article.Query{Sources: []string{"north"}}})
	mixed(n)
	day := start.Format("2006-01-02")
	for path, want := range map[string][]string{
		"all?agency=AFP":                           {"north 2", "north 1"},
		"all?agency=afp&agency=Reuters":            {"south 3", "north 2", "north 1"},
		"all?lang=de":                              {"south 4", "north 2"},
		"all?lang=en&agency=AFP":                   {"north 1"},
		"all?topic=harbour":                        {"south 3"},
		"all?topic=04000000&topic=Harbour":         {"south 4", "south 3"},
		"all?source=south":                         {"south 4", "south 3"},
		"all?source=nobody":                        {},
		"all?q=ferry":                              {"south 4"},
		"all?q=ferry&q=story":                      {"south 4"},
		"all?q=ferry&q=harbour":                    {},
		"all?q=%22sails+again":                     {"south 4"},
		"all?since=" + day:                         {"south 4", "south 3", "north 2", "north 1"},
		"all?since=" + day + "T00:03:00Z":          {"south 4", "south 3"},
		"all?since=2099-01-01":                     {},
		"all?utm_source=mail":                      {"south 4", "south 3", "north 2", "north 1"},
		"all?agency=&lang=":                        {"south 4", "south 3", "north 2", "north 1"},
		"reuters?agency=AFP":                       {"north 2"},
		"reuters?agency=REUTERS&lang=en":           {"south 3"},
		"german?lang=de-AT":                        {"north 2"},
		"german?lang=en":                           {},
		"north?source=south":                       {},
		"north?source=north&source=south&lang=en":  {"north 1"},
		"reuters?agency=AFP&topic=nothing-of-that": {},
	} {
		id, query, _ := strings.Cut(path, "?")
		for _, ext := range []string{"rss", "atom", "json"} {
			n.wantTitles("/feeds/"+id+"."+ext+"?"+query, want...)
		}
		page := n.get("/feeds/"+path, "Sec-Fetch-Dest", "document")
		for _, name := range []string{"north 1", "north 2", "south 3", "south 4"} {
			source, i, _ := strings.Cut(name, " ")
			if got := strings.Contains(page.body, "Story "+i+" of "+source); page.status != 200 || got != slices.Contains(want, name) {
				t.Errorf("page %s: %d, shows %s: %v", path, page.status, name, got)
			}
		}
	}
}

// TestQueryIdentity: spellings of one query are one document, whose own link and
// id are the canonical ones; another query is another feed.
func TestQueryIdentity(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	mixed(n)
	const canonical = "agency=AFP&agency=Reuters&lang=en&q=story+number"
	first := n.get("/feeds/all.atom?" + canonical)
	if first.header.Get("Content-Location") != "" {
		t.Error("the canonical address has a Content-Location")
	}
	for _, other := range []string{
		"lang=en&agency=Reuters&agency=AFP&q=story%20number", "utm_x=1&agency=Reuters&agency=AFP&agency=AFP&q=+story+number+&lang=EN",
	} {
		a := n.get("/feeds/all.atom?" + other)
		if a.body != first.body || a.header.Get("ETag") != first.header.Get("ETag") {
			t.Errorf("%s is another document", other)
		}
		if got, want := a.header.Get("Content-Location"), n.srv.URL+"/feeds/all.atom?"+canonical; got != want {
			t.Errorf("Content-Location %s, want %s", got, want)
		}
	}
	self := `rel="self" type="application/atom+xml" href="` + n.srv.URL + "/feeds/all.atom?" + strings.ReplaceAll(canonical, "&", "&amp;") + `"`
	if !strings.Contains(first.body, self) {
		t.Errorf("no %s in %.1500s", self, first.body)
	}
	if !strings.Contains(first.header.Get("Link"), canonical+`>; rel="self"`) {
		t.Errorf("Link: %s", first.header.Get("Link"))
	}
	id := regexp.MustCompile(`<id>[^<]*</id>`)
	plain, other := n.get("/feeds/all.atom"), n.get("/feeds/all.atom?agency=AFP")
	if id.FindString(plain.body) == id.FindString(other.body) || id.FindString(first.body) == id.FindString(other.body) {
		t.Error("two feeds have one id")
	}
	if got := n.get("/feeds/all.atom?"+canonical, "If-None-Match", first.header.Get("ETag")); got.status != http.StatusNotModified {
		t.Errorf("its own ETag: %d", got.status)
	}
	n.file(story("north", 9)) // AFP is not credited: other bytes would be a needless poll
	if got := n.get("/feeds/all.atom?"+canonical, "If-None-Match", first.header.Get("ETag")); got.status != http.StatusNotModified {
		t.Errorf("after a change elsewhere: %d", got.status)
	}
	late := story("north", 10)
	late.Agencies, late.Headline = []string{"AFP"}, "Story 10 of north"
	late.Body.Text = "Story number ten"
	n.file(late)
	if got := n.get("/feeds/all.atom?"+canonical, "If-None-Match", first.header.Get("ETag")); got.status != http.StatusOK || !strings.Contains(got.body, "Story 10") {
		t.Errorf("after a change: %d", got.status)
	}
}

func TestQueryRefused(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	for query, want := range map[string]string{
		"since=yesterday":                       "since",
		"lang=klingonish-x-":                    "lang",
		"after=nowhere":                         "after",
		"agency=%zz":                            "well formed",
		"agency=%00":                            "characters",
		"agency=%ff":                            "characters",
		"q=" + strings.Repeat("a", 201):         "too long",
		"q=" + strings.Repeat("a", 3000):        "too long",
		strings.Repeat("topic=a&", 10) + many(): "Too many",
	} {
		for _, path := range []string{"/feeds/all.rss?", "/feeds/all?"} {
			a := n.get(path + query)
			if a.status != http.StatusBadRequest || !strings.Contains(a.body, want) || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
				t.Errorf("%s%.40s: %d %s", path, query, a.status, a.body)
			}
		}
		if a := n.get("/feeds/all?"+query, "Sec-Fetch-Dest", "document"); a.status != http.StatusBadRequest || !strings.Contains(a.header.Get("Content-Type"), "html") {
			t.Errorf("page %.40s: %d %s", query, a.status, a.header.Get("Content-Type"))
		}
	}
}

// many are more values than one query may have.
func many() string {
	var b strings.Builder
	for i := range maxValues + 1 {
		fmt.Fprintf(&b, "topic=%d&", i)
	}
	return b.String()
}

// TestQueryPages walks a query feed from the first page to the last.
func TestQueryPages(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", Select: article.Query{Limit: 10}})
	var all []article.Record
	var want []string
	for i := range 47 {
		r := story("north", i/2) // two at a time share their moment
		r.ID = article.Mint("news.example", "north", fmt.Sprint("walk", i))
		r.Headline = fmt.Sprintf("Story %d of north", i)
		if i%5 == 0 {
			r.Embargo = r.Published.AddDate(1, 0, 0)
		} else {
			want = append(want, fmt.Sprint("north ", i))
		}
		all = append(all, r)
	}
	n.file(all...)
	link := regexp.MustCompile(`rel="next"[^>]* href="([^"]*)"`)
	for _, k := range []struct {
		path   string
		header []string
		next   *regexp.Regexp
	}{
		{"/feeds/all.json?source=north", nil, regexp.MustCompile(`"next_url": ?"([^"]*)"`)},
		{"/feeds/all.atom?source=north", nil, link},
		{"/feeds/all.rss?source=north", nil, link},
		{"/feeds/all?source=north", []string{"Sec-Fetch-Dest", "document"}, link},
	} {
		path := k.path
		var got []string
		pages := 0
		for path != "" {
			a := n.get(path, k.header...)
			if a.status != http.StatusOK {
				t.Fatalf("%s: %d %s", path, a.status, a.body)
			}
			if pages++; pages > 6 {
				t.Fatal("the pages don't end")
			}
			for _, m := range regexp.MustCompile(`Story (\d+) of north`).FindAllStringSubmatch(a.body, -1) {
				if name := "north " + m[1]; !slices.Contains(got, name) {
					got = append(got, name)
				}
			}
			if k.next == link && k.header == nil && !strings.Contains(a.body, `rel="first"`) {
				t.Errorf("%s has no link to the first page", path)
			}
			m := k.next.FindStringSubmatch(a.body)
			if path = ""; m != nil {
				u, err := url.Parse(strings.NewReplacer("&amp;", "&", "&#38;", "&", "&#x26;", "&").Replace(m[1]))
				if err != nil {
					t.Fatal(err)
				}
				path = u.RequestURI()
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d articles on %d pages, want %d: %v", k.path, len(got), pages, len(want), got)
		}
		if pages != 4 {
			t.Errorf("%s: %d pages, want 4", k.path, pages)
		}
	}
}

// TestCacheBounds: what is kept stays within its bytes, and one document is made
// once for all who wait for it.
func TestCacheBounds(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	mixed(n)
	n.pub.cache.limit = 40_000
	for i := range 60 {
		n.get(fmt.Sprintf("/feeds/all.rss?topic=t%d", i))
	}
	c := n.pub.cache
	c.mu.Lock()
	if c.bytes > c.limit || c.order.Len() == 0 || c.order.Len() != len(c.entries) {
		t.Errorf("%d bytes in %d documents, want at most %d", c.bytes, c.order.Len(), c.limit)
	}
	c.mu.Unlock()
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if a := n.get("/feeds/all.rss?agency=AFP"); a.status != http.StatusOK && a.status != http.StatusServiceUnavailable {
				t.Errorf("%d", a.status)
			}
		})
	}
	wg.Wait()
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"agency=AFP&lang=en", "q=%22a&since=2026-01-01", "after=abc.def", "lang=de-AT&lang=de&topic=%00", "lang=SA&lang=aA", "lang=iw&lang=he"} {
		f.Add(s)
	}
	own := feed.Channel{ID: "x", Title: "X", Select: article.Query{Languages: []string{"de", "en"}, Agencies: []string{"AFP"}, Sources: []string{"a"}}}
	f.Fuzz(func(t *testing.T, raw string) {
		w, err := parseQuery(own, raw)
		if err != nil {
			if text, ok := client(err); !ok || text == "" {
				t.Fatalf("%q: %v is not told to the client", raw, err)
			}
			return
		}
		again, err := parseQuery(own, w.canonical())
		if err != nil || again.canonical() != w.canonical() {
			t.Fatalf("%q: %q is not canonical: %v", raw, w.canonical(), err)
		}
	})
}

// TestPlainPages: the page of a whole feed leads to what is older.
func TestPlainPages(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", TTL: 10 * time.Minute, Select: article.Query{Limit: 2}})
	n.file(story("north", 1), story("north", 2), story("north", 3))
	page := n.get("/feeds/all", "Accept", "text/html")
	m := regexp.MustCompile(`rel="next" href="([^"]*)"`).FindStringSubmatch(page.body)
	if m == nil {
		t.Fatal("no link to the next page")
	}
	next := n.get(strings.TrimPrefix(m[1], n.srv.URL), "Accept", "text/html")
	if strings.Contains(page.body, "Story 1 of") || !strings.Contains(next.body, "Story 1 of") || strings.Contains(next.body, "Story 2 of") || strings.Contains(next.body, `rel="next"`) {
		t.Errorf("the next page is wrong: %s", next.body)
	}
	if a := n.get("/feeds/all.rss"); !strings.Contains(a.header.Get("Cache-Control"), "max-age=600,") || !strings.Contains(a.body, "<ttl>10</ttl>") {
		t.Errorf("Cache-Control %q does not say what ttl says", a.header.Get("Cache-Control"))
	}
}

// broken is a store that can be made to fail.
type broken struct {
	store.Store
	fails atomic.Bool
}

func (b *broken) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	if b.fails.Load() {
		return nil, errors.New("disk on fire")
	}
	return b.Store.Select(ctx, q)
}

// TestQueryFailure: what was made before is served on; what was not is put off,
// without telling the world what went wrong.
func TestQueryFailure(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	mixed(n)
	b := &broken{Store: n.store}
	n.pub.store = b
	good := n.get("/feeds/all.atom?agency=AFP")
	b.fails.Store(true)
	n.pub.sequence.Add(1)
	if a := n.get("/feeds/all.atom?agency=AFP"); a.status != http.StatusOK || a.body != good.body {
		t.Errorf("the last good version: %d", a.status)
	}
	for _, header := range [][]string{nil, {"Accept", "text/html"}} {
		a := n.get("/feeds/all?agency=Reuters", header...)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || strings.Contains(a.body, "disk") || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("a new query: %d %v %s", a.status, a.header, a.body)
		}
	}
	b.fails.Store(false)
	if a := n.get("/feeds/all.atom?agency=Reuters"); a.status != http.StatusOK {
		t.Errorf("once it works again: %d", a.status)
	}
}

// TestCacheFlights: many who ask for one thing wait for one making of it; too
// many different ones are refused, and a panic is an error.
func TestCacheFlights(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache()
		hold := make(chan struct{})
		var made atomic.Int64
		dish := func(context.Context, any) (any, int64, error) {
			made.Add(1)
			<-hold
			return "done", 4, nil
		}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if v, err := c.get(t.Context(), "same", 1, dish); v != "done" || err != nil {
					t.Errorf("%v, %v", v, err)
				}
			})
		}
		synctest.Wait()
		var busy atomic.Int64
		total := cap(c.slots) - 1 + maxWaiting + 10
		for i := range total {
			wg.Go(func() {
				if _, err := c.get(t.Context(), fmt.Sprint(i), 1, dish); errors.Is(err, errBusy) {
					busy.Add(1)
				}
			})
		}
		synctest.Wait()
		if got := made.Load(); got != int64(cap(c.slots)) {
			t.Errorf("%d are being made, want %d", got, cap(c.slots))
		}
		if busy.Load() != 10 {
			t.Errorf("%d were refused, want 10", busy.Load())
		}
		close(hold)
		wg.Wait()
		if c.waiting.Load() != 0 || len(c.slots) != 0 {
			t.Errorf("%d wait, %d are being made after all is done", c.waiting.Load(), len(c.slots))
		}
		if _, err := c.get(t.Context(), "bad", 1, func(context.Context, any) (any, int64, error) { panic("x") }); err == nil {
			t.Error("a panic is no error")
		}
	})
}
