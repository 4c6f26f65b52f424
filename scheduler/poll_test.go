package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/sources/fetch"
	"wireroom/store"
)

// upstream is a publisher whose answer a test sets; it notes what was asked.
type upstream struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	robots http.HandlerFunc // nil: answer's
	asked  []http.Header
}

func newUpstream(t *testing.T) *upstream {
	u := &upstream{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.mu.Lock()
		if r.URL.Path == "/robots.txt" && u.robots != nil {
			u.mu.Unlock()
			u.robots(w, r)
			return
		}
		u.asked = append(u.asked, r.Header.Clone())
		f := u.answer
		u.mu.Unlock()
		f(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) set(f http.HandlerFunc) { u.mu.Lock(); u.answer = f; u.mu.Unlock() }

func (u *upstream) last() http.Header {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.asked[len(u.asked)-1]
}

// feedOf is an RSS document of the items with these numbers.
func feedOf(numbers ...int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Test wire</title><link>https://wire.example/</link><description>d</description>`)
	for _, n := range numbers {
		fmt.Fprintf(&b, `<item><title>Story %d</title><link>https://wire.example/%d</link><guid isPermaLink="false">g%d</guid><pubDate>Mon, 23 Nov 2026 %02d:00:00 GMT</pubDate><description>Text of %d.</description></item>`, n, n, n, n%24, n)
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

func ok(body, etag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		w.Header().Set("Content-Type", "application/rss+xml")
		if etag != "" && r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, body)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// bench polls one source by hand, at a time that the test sets.
type testPoller struct {
	t   *testing.T
	p   *Poller
	src *Source
	st  store.State
	now time.Time
}

func newTestPoller(t *testing.T, url string) *testPoller {
	t.Helper()
	x := &testPoller{t: t, src: &Source{ID: "wire", URL: url, Republish: article.Full}, st: store.State{Source: "wire"},
		now: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
	hc, err := fetch.New(fetch.Options{Product: "Wireroom/test", AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Now: func() time.Time { return x.now }})
	if err != nil {
		t.Fatal(err)
	}
	x.p = &Poller{Client: hc, Authority: "example.org", Now: func() time.Time { return x.now }, Rand: seeded(), Log: slog.New(slog.DiscardHandler)}
	return x
}

// poll polls once and takes the state over, as a store would.
func (x *testPoller) poll() Outcome {
	x.t.Helper()
	out := x.p.Poll(context.Background(), x.src, &x.st)
	return out
}

func TestPollNewKnownAndUnchanged(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	u.set(ok(feedOf(3, 2, 1), `"v1"`))
	out := x.poll()
	if len(out.Items) != 3 || !out.First || x.st.Error != "" || x.st.ETag != `"v1"` || x.st.Detail.Title != "Test wire" {
		t.Fatalf("first poll: %d items, state %+v", len(out.Items), x.st)
	}
	if r := out.Items[0].Record; r.Headline != "Story 3" || r.Source.GUID != "g3" || !strings.HasPrefix(r.ID, "tag:example.org,2026:") || out.Items[0].Key != "g:g3" {
		t.Errorf("record %+v", r)
	}
	x.now = x.now.Add(time.Hour)
	if out = x.poll(); len(out.Items) != 0 || x.st.History[1].Outcome != "not-modified" || u.last().Get("If-None-Match") != `"v1"` {
		t.Errorf("second poll: %+v", x.st.History)
	}
	u.set(ok(feedOf(4, 3, 2), `"v2"`))
	x.now = x.now.Add(time.Hour)
	if out = x.poll(); len(out.Items) != 1 || out.First || out.Items[0].Record.Headline != "Story 4" || x.st.ETag != `"v2"` {
		t.Errorf("third poll: %d items, want only the new one", len(out.Items))
	}
	if len(x.st.Known) != 3 {
		t.Errorf("%d known hashes, want those of the document: 3", len(x.st.Known))
	}
	u.set(ok(feedOf(4, 3, 2), "")) // the server forgets validators
	x.now = x.now.Add(time.Hour)
	if out = x.poll(); len(out.Items) != 0 || x.st.History[3].Outcome != "unchanged" {
		t.Errorf("same bytes: %+v", x.st.History[3])
	}
}

func TestPollFailuresKeepWhatWasLearnt(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	u.set(ok(feedOf(1), `"v1"`))
	x.poll()
	known := len(x.st.Known)
	for i, k := range []struct {
		answer  http.HandlerFunc
		outcome string
	}{
		{status(500), "server"},
		{status(503, "Retry-After", "7200"), "unavailable"},
		{status(404), "not-found"},
		{func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<html><body><p>Maintenance</p></body></html>")
		}, "not-a-feed"},
		{func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("<a>", 100000)) }, ""},
	} {
		u.set(k.answer)
		x.now = x.now.Add(24 * time.Hour)
		out := x.poll()
		h := x.st.History[len(x.st.History)-1]
		if x.st.Error == "" || x.st.Failures != i+1 || len(out.Items) != 0 {
			t.Errorf("%s: error %q, %d failures", k.outcome, x.st.Error, x.st.Failures)
		}
		if k.outcome != "" && h.Outcome != k.outcome {
			t.Errorf("outcome %q, want %q", h.Outcome, k.outcome)
		}
		if x.st.ETag != `"v1"` || len(x.st.Known) != known {
			t.Errorf("%s: validators or known items were lost", k.outcome)
		}
		if k.outcome == "unavailable" && x.st.Due.Sub(x.now) < 2*time.Hour {
			t.Errorf("due in %s, before Retry-After", x.st.Due.Sub(x.now))
		}
	}
	u.set(ok(feedOf(2, 1), `"v2"`))
	x.now = x.now.Add(24 * time.Hour)
	if out := x.poll(); len(out.Items) != 1 || x.st.Failures != 0 || x.st.Error != "" {
		t.Errorf("after recovery: %d items, %d failures", len(out.Items), x.st.Failures)
	}
}

func TestPollTruncatedBodyKeepsNoValidators(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	whole := feedOf(3, 2, 1)
	u.set(ok(whole[:len(whole)-150], `"v1"`))
	if out := x.poll(); len(out.Items) != 2 || x.st.ETag != "" || x.st.BodyHash != 0 {
		t.Fatalf("%d items, ETag %q: want the two whole items and no validator", len(out.Items), x.st.ETag)
	}
	u.set(ok(whole, `"v1"`))
	if out := x.poll(); len(out.Items) != 1 || x.st.ETag != `"v1"` {
		t.Errorf("%d items, ETag %q: want the missing one", len(out.Items), x.st.ETag)
	}
}

func TestPollGoneAndRateLimited(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	u.set(status(429, "Retry-After", "600"))
	if out := x.poll(); !out.HostNotBefore.After(x.now.Add(9 * time.Minute)) {
		t.Errorf("429: host may be asked again at %s", out.HostNotBefore)
	}
	u.set(status(410))
	x.poll()
	x.now = x.now.Add(time.Hour)
	x.poll()
	if x.st.Detail.Gone {
		t.Fatal("gone after an hour; want a second 410 a day later")
	}
	x.now = x.now.Add(24 * time.Hour)
	x.poll()
	if !x.st.Detail.Gone || x.st.Due.Before(x.now.AddDate(1, 0, 0)) {
		t.Errorf("gone %t, due %s", x.st.Detail.Gone, x.st.Due)
	}
	x.src.URL += "/new" // the operator gives it a new address
	u.set(ok(feedOf(1), `"v1"`))
	if x.poll(); x.st.Detail.Gone || x.st.Error != "" {
		t.Errorf("still gone at the new address: %+v", x.st)
	}
}

func TestPollAdoptsPermanentMoveOnEvidence(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL+"/old")
	u.set(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, feedOf(int(x.now.Unix()/3600)%24))
	})
	for i, want := range []string{"", "", "", u.URL + "/new"} {
		x.poll()
		if x.st.Detail.Adopted != want {
			t.Fatalf("after poll %d: adopted %q, want %q", i+1, x.st.Detail.Adopted, want)
		}
		x.now = x.now.Add(9 * time.Hour)
	}
}

func TestPollFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := newTestPoller(t, "file://"+dir)
	x.p.Folders = []string{dir}
	old := time.Now().Add(-time.Minute)
	put := func(name, body string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	put("a.xml", feedOf(1))
	put("b.xml", feedOf(2))
	put("broken.xml", "this is no feed")
	out := x.poll()
	if len(out.Items) != 2 || x.st.Error != "" {
		t.Fatalf("%d items, error %q: a broken file must not keep the others", len(out.Items), x.st.Error)
	}
	if out = x.poll(); len(out.Items) != 0 {
		t.Errorf("%d items at the second poll, want none", len(out.Items))
	}
	put("c.xml", feedOf(3))
	if out = x.poll(); len(out.Items) != 1 {
		t.Errorf("%d items after a file came, want 1", len(out.Items))
	}
}

func TestPollReadsPages(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL+"/feed")
	x.src.Page = true
	forbidden := false
	u.set(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			if forbidden {
				fmt.Fprint(w, "User-agent: *\nDisallow: /")
				return
			}
			http.NotFound(w, r)
		case "/feed":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>W</title><item><title>Feed title</title><guid isPermaLink="false">g</guid><link>%s/page</link><description>Teaser.</description></item></channel></rss>`, u.URL)
		default:
			fmt.Fprint(w, `<html lang="en"><head><title>Page title</title></head><body><article><h1>Page title</h1>
				<p>The first paragraph of the whole article, which is long enough to be taken for one.</p>
				<p>The second paragraph of the article says something more about what has happened.</p></article></body></html>`)
		}
	})
	out := x.poll()
	if len(out.Items) != 1 {
		t.Fatalf("%d items, error %q", len(out.Items), x.st.Error)
	}
	r := out.Items[0].Record
	if !strings.Contains(r.Body.Text, "second paragraph") || r.Source.GUID != "g" || r.Headline != "Page title" {
		t.Errorf("record without its page: %+v", r)
	}
	forbidden = true
	y := newTestPoller(t, u.URL+"/feed")
	y.src.Page = true
	out = y.poll()
	if len(out.Items) != 1 || strings.Contains(out.Items[0].Record.Body.Text, "second paragraph") {
		t.Errorf("a page that robots.txt forbids was read")
	}
}

func TestPollObeysRobotsThatNameUs(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name    string
		robots  http.HandlerFunc
		outcome string
		rests   bool // the whole host
	}{
		{"all", ok("User-agent: *\nDisallow: /", ""), "new", false},
		{"us", ok("User-agent: *\nAllow: /\n\nUser-agent: Wireroom\nDisallow: /feed", ""), "blocked", false},
		{"us, elsewhere", ok("User-agent: Wireroom\nDisallow: /private", ""), "new", false},
		{"none", status(404), "new", false},
		{"broken", status(500), "new", false},
		{"too often", status(429, "Retry-After", "1200"), "rate-limited", true},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			u := newUpstream(t)
			u.robots = k.robots
			u.set(ok(feedOf(1), ""))
			x := newTestPoller(t, u.URL+"/feed")
			out := x.poll()
			if h := x.st.History[0]; h.Outcome != k.outcome || len(u.asked) != len(out.Items) {
				t.Errorf("%s, %d requests for the feed, error %q; want %s", h.Outcome, len(u.asked), x.st.Error, k.outcome)
			}
			if out.HostNotBefore.After(x.now) != k.rests {
				t.Errorf("the host rests until %s", out.HostNotBefore)
			}
			if k.rests { // later its feed is asked for, whatever it says of its robots.txt
				x.now = x.now.Add(20 * time.Minute)
				if out = x.poll(); len(out.Items) != 1 {
					t.Errorf("second poll: %+v", x.st.History)
				}
			}
		})
	}
}

func TestFeedIDsAreSteadyAndOpaque(t *testing.T) {
	t.Parallel()
	a := feedID("example.org", "wire")
	if a != feedID("example.org", "wire") || a == feedID("example.org", "wire2") || a == feedID("example.net", "wire") || strings.Contains(a, "wire") || len(a) > 8 {
		t.Errorf("feed id %q", a)
	}
}

func TestPollForgivesGone(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	u.set(status(410))
	if x.poll(); x.st.Due.Sub(x.now) < goneAgain {
		t.Errorf("asked again in %s, want a day", x.st.Due.Sub(x.now))
	}
	x.now = x.now.Add(25 * time.Hour)
	u.set(ok(feedOf(1), ""))
	x.poll()
	x.now = x.now.Add(25 * time.Hour)
	u.set(status(410))
	if x.poll(); x.st.Detail.Gone {
		t.Error("one 410 after a good answer ended the source")
	}
}

func TestHostOfSource(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://News.Example/feed": "news.example", "https://news.example:443/": "news.example", "http://news.example:80/": "news.example",
		"http://news.example:443/": "news.example:443", "http://[::1]:8080/": "[::1]:8080", "file:///data/in": "file:///data/in",
	} {
		if got := (&Source{URL: url}).Host(); got != want {
			t.Errorf("%s: host %q, want %q", url, got, want)
		}
	}
}

// left makes the poller's state one of a claim that left out what only documents
// need; brought is how often that was asked for.
func (x *testPoller) left() (brought *int) {
	brought = new(int)
	known, recent := x.st.Known, x.st.Recent
	x.st.Known, x.st.Recent, x.st.Left = nil, nil, true
	x.p.Complete = func(_ context.Context, st *store.State) error {
		*brought++
		st.Known, st.Recent, st.Left = known, recent, false
		return nil
	}
	return brought
}

// What a claim leaves out is asked for where a document came, and only there.
func TestPollLeft(t *testing.T) {
	t.Parallel()
	u := newUpstream(t)
	x := newTestPoller(t, u.URL)
	poll := func(what string, items, brought int) {
		t.Helper()
		x.now = x.now.Add(time.Hour)
		n := x.left()
		if out := x.poll(); len(out.Items) != items || *n != brought || x.st.Left != (brought == 0) || x.st.Error != "" {
			t.Errorf("%s: %d items, brought %d times, left %v, %q", what, len(out.Items), *n, x.st.Left, x.st.Error)
		}
		if x.st.Left { // as the store has it
			if err := x.p.Complete(t.Context(), &x.st); err != nil {
				t.Fatal(err)
			}
		}
	}
	u.set(ok(feedOf(3, 2, 1), `"v1"`))
	x.poll()
	poll("not modified", 0, 0)
	u.set(ok(feedOf(3, 2, 1), ""))
	poll("the same bytes", 0, 0)
	u.set(ok(feedOf(4, 3, 2), `"v2"`))
	poll("one more", 1, 1)
	x.src.URL += "/moved" // the hashes are dropped, the notes are not
	poll("another address", 3, 1)

	fault := errors.New("the disk is gone")
	u.set(ok(feedOf(5, 4, 3), `"v3"`))
	x.left()
	x.p.Complete = func(context.Context, *store.State) error { return fault }
	out := x.poll()
	if len(out.Items) != 0 || x.st.Failures != 0 || !x.st.Left || !strings.Contains(x.st.Error, fault.Error()) || !x.st.Due.Equal(x.now.Add(storeRest)) || x.st.ETag == `"v3"` {
		t.Errorf("after a fault of the store: %d items, %+v", len(out.Items), x.st)
	}
}

// A folder in which nothing has changed leaves what is known of it where it is.
func TestPollFolderLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.xml", feedOf(1))
	x := newTestPoller(t, "file://"+dir)
	x.p.Folders = []string{dir}
	if out := x.poll(); len(out.Items) != 1 {
		t.Fatalf("%d items, %q", len(out.Items), x.st.Error)
	}
	known := x.st.Known
	x.left()
	if out := x.poll(); len(out.Items) != 0 || !x.st.Left || x.st.Known != nil || x.st.Error != "" {
		t.Errorf("unchanged: %d items, left %v, %q", len(out.Items), x.st.Left, x.st.Error)
	}
	x.st.Known = known
	x.left()
	write("b.xml", feedOf(2))
	x.now = x.now.Add(time.Minute)
	if out := x.poll(); len(out.Items) != 1 || x.st.Left || len(x.st.Known) != 2 {
		t.Errorf("one more: %d items, left %v, %d known", len(out.Items), x.st.Left, len(x.st.Known))
	}
}
