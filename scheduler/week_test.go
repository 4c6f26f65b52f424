package scheduler

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/article"
	"wireroom/sources/fetch"
	"wireroom/sources/fetch/fetchtest"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// week is a publisher that takes every rule literally, and the program's own
// fetcher, poller, scheduler and store before it, with a clock that a simulated
// week of takes a few seconds.
type week struct {
	t      *testing.T
	net    *fetchtest.Network
	pub    *fetchtest.Publisher
	mu     sync.Mutex
	seen   map[string][]time.Time // visits by path
	last   time.Time              // of the last request that no redirect led to
	before string                 // its path
	near   []string               // requests less than a second apart
	list   []*Source
}

const strict = "strict.example"

func newWeek(t *testing.T) *week {
	t.Helper()
	w := &week{t: t, net: fetchtest.NewNetwork(t), pub: &fetchtest.Publisher{Host: strict}, seen: map[string][]time.Time{}}
	w.net.Handle(t, strict+":80", w)
	w.net.HandleTLS(t, strict+":443", w, nil)
	return w
}

// ServeHTTP notes when a request came and hands it to the publisher.
func (w *week) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	now := time.Now()
	w.seen[r.URL.Path] = append(w.seen[r.URL.Path], now)
	if !strings.Contains(r.URL.Path, "-target") {
		if gap := now.Sub(w.last); gap < time.Second {
			w.near = append(w.near, fmt.Sprintf("%s %s: %s after %s", now.Format(time.DateTime), r.URL.Path, gap, w.before))
		}
		w.last, w.before = now, r.URL.Path
	}
	w.mu.Unlock()
	rw.Header().Add("Set-Cookie", "visitor=1; Max-Age=9999999")
	w.pub.ServeHTTP(rw, r)
}

// feed publishes a feed with both validators, changing every five hours, and
// subscribes to it; change makes it another one.
func (w *week) feed(path string, change func(*fetchtest.Feed, *Source)) {
	f := fetchtest.Feed{
		Path: path, Changes: 5 * time.Hour, Body: body(""),
		ETag:         func(v int) string { return fmt.Sprintf(`W/"odd %d`, v) },
		LastModified: func(v int) string { return fmt.Sprintf("sometime in version %d", v) },
	}
	src := &Source{ID: strings.ReplaceAll(path[1:], "/", "-"), URL: "http://" + strict + path, Republish: article.Full}
	if change != nil {
		change(&f, src)
	}
	w.pub.Serve(f)
	if src.URL != "" {
		w.list = append(w.list, src)
	}
}

// body makes the versions of a feed, each with one more item; head stands in the
// channel.
func body(head string) func(int) string {
	return func(v int) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<rss version="2.0"><channel><title>Feed</title><link>http://strict.example/</link><description>d</description>%s`, head)
		for n := v; n >= max(0, v-9); n-- {
			at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 5 * time.Hour)
			fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d</guid><title>Item %d</title><pubDate>%s</pubDate></item>`, n, n, at.Format(time.RFC1123Z))
		}
		b.WriteString(`</channel></rss>`)
		return b.String()
	}
}

// often answers with a status at each nth visit.
func often(code, nth int, header ...string) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, _ *http.Request, visit int) bool {
		if visit%nth != 0 {
			return false
		}
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		return true
	}
}

// raw answers with bytes at each fifth visit, so slowly, and hangs up.
func (w *week) raw(text string, pause time.Duration) func(http.ResponseWriter, *http.Request, int) bool {
	return func(rw http.ResponseWriter, _ *http.Request, visit int) bool {
		if visit%5 != 0 {
			return false
		}
		conn, _, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			w.t.Error(err)
			return true
		}
		defer conn.Close()
		head, rest, _ := strings.Cut(text, "\r\n\r\n")
		_, err = io.WriteString(conn, head+"\r\n\r\n")
		for i := 0; i < len(rest) && err == nil; i++ {
			_, err = io.WriteString(conn, rest[i:i+1])
			time.Sleep(pause)
		}
		return true
	}
}

// run polls for a time, then stops as a process does.
func (w *week) run(s *sqlite.Store, d time.Duration) {
	w.t.Helper()
	hc, err := fetch.New(fetch.Options{Product: "Wireroom/1.0", Contact: "desk@example.org", Dial: w.net.Dial, RootCAs: w.net.Roots})
	if err != nil {
		w.t.Fatal(err)
	}
	defer hc.Close()
	p := &Poller{Client: hc, Authority: "example.org", Now: time.Now, Pace: time.Second, Rand: seeded(), Complete: s.Complete, Log: slog.New(slog.DiscardHandler)}
	sched := New(Options{Store: s, Poll: p.Poll, Name: "week", Workers: 4})
	sched.SetSources(w.list)
	ctx, cancel := context.WithTimeout(w.t.Context(), d)
	defer cancel()
	if err := sched.Run(ctx); err != nil {
		w.t.Error(err)
	}
}

func (w *week) least(path string) time.Duration {
	least := 365 * 24 * time.Hour
	for i, at := range w.seen[path][:max(0, len(w.seen[path]))] {
		if i > 0 {
			least = min(least, at.Sub(w.seen[path][i-1]))
		}
	}
	return least
}

func (w *week) visits(path string) int { return len(w.seen[path]) }

// A week of polls of a publisher who takes every rule literally shows no breach,
// over a restart of the program in its middle.
func TestWeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWeek(t)
		w.serveAll()
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "week.db"), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var rows []store.Source
		for _, src := range w.list {
			rows = append(rows, store.Source{ID: src.ID, Host: src.Host(), FirstDue: time.Now()})
		}
		if err := s.Sync(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		half := weekDays * 12 * time.Hour
		w.run(s, half)
		w.run(s, half)
		for _, b := range w.pub.Breaches() {
			t.Error(b)
		}
		for _, b := range w.near {
			t.Error("too near to the request before:", b)
		}
		w.judge(s)
		for _, path := range slices.Sorted(func(yield func(string) bool) {
			for path := range w.seen {
				if !yield(path) {
					return
				}
			}
		}) {
			t.Logf("%-15s %3d visits, %s apart at least", path, w.visits(path), w.least(path).Round(time.Second))
		}
	})
}

func (w *week) serveAll() {
	w.feed("/both", nil)
	w.feed("/etag", func(f *fetchtest.Feed, _ *Source) { f.LastModified = nil })
	w.feed("/date", func(f *fetchtest.Feed, _ *Source) { f.ETag = nil })
	w.feed("/neither", func(f *fetchtest.Feed, _ *Source) { f.ETag, f.LastModified = nil, nil })
	w.feed("/fresh", func(f *fetchtest.Feed, _ *Source) { f.MaxAge = 3 * time.Hour })
	w.feed("/fresh-once", func(f *fetchtest.Feed, _ *Source) { // a 304 keeps what the 200 promised
		f.Play = func(rw http.ResponseWriter, r *http.Request, _ int) bool {
			if r.Header.Get("If-None-Match") == "" {
				rw.Header().Set("Cache-Control", "max-age=10800")
			}
			return false
		}
		f.Changes = 0
	})
	w.feed("/ttl", func(f *fetchtest.Feed, _ *Source) { f.Body, f.Changes = body("<ttl>120</ttl>"), 48*time.Hour })
	w.feed("/hours", func(f *fetchtest.Feed, _ *Source) {
		f.Body = body("<skipHours><hour>1</hour><hour>2</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>")
		f.Changes = 48 * time.Hour
	})
	w.feed("/hourly", func(_ *fetchtest.Feed, s *Source) { s.Every = time.Hour })
	w.feed("/secret", func(f *fetchtest.Feed, s *Source) {
		f.Password = "p:w"
		s.URL, s.Username, s.Password = "https://"+strict+"/secret", "reader", "p:w"
	})
	w.feed("/limited", func(f *fetchtest.Feed, _ *Source) { f.Play = often(429, 20, "Retry-After", "3600") })
	w.feed("/retry", func(f *fetchtest.Feed, _ *Source) { f.Play = often(503, 3, "Retry-After", "7201") })
	w.feed("/retry-date", func(f *fetchtest.Feed, _ *Source) {
		f.Play = func(rw http.ResponseWriter, r *http.Request, visit int) bool {
			return often(503, 4, "Retry-After", time.Now().Add(5*time.Hour).UTC().Format(http.TimeFormat))(rw, r, visit)
		}
	})
	w.feed("/errors", func(f *fetchtest.Feed, _ *Source) { f.Play = often(500, 2) })
	w.feed("/down", func(f *fetchtest.Feed, _ *Source) { f.Play = often(500, 1) })
	w.feed("/forbidden", func(f *fetchtest.Feed, _ *Source) { f.Play = often(403, 1) })
	w.feed("/gone", func(f *fetchtest.Feed, _ *Source) { f.Play = often(410, 1) })
	w.feed("/reset", func(f *fetchtest.Feed, _ *Source) {
		f.Play = w.raw("HTTP/1.1 200 OK\r\nETag: \"never\"\r\nContent-Length: 500\r\n\r\n<rss><channel><title>x", 0)
	})
	w.feed("/hangup", func(f *fetchtest.Feed, _ *Source) { f.Play = w.raw("", 0) })
	w.feed("/drip", func(f *fetchtest.Feed, _ *Source) {
		f.Play = w.raw("HTTP/1.1 200 OK\r\nETag: \"never\"\r\nContent-Length: 5000\r\n\r\n"+strings.Repeat("x", 150), 300*time.Millisecond)
	})
	// A permanent move that stays is adopted; one that flips never is.
	w.feed("/moved", func(f *fetchtest.Feed, _ *Source) { f.Play = often(301, 1, "Location", "/moved-target") })
	w.feed("/moved-target", func(_ *fetchtest.Feed, s *Source) { s.URL = "" })
	w.feed("/flip", func(f *fetchtest.Feed, _ *Source) {
		f.Play = func(rw http.ResponseWriter, r *http.Request, visit int) bool {
			return often(301, 1, "Location", fmt.Sprintf("/flip-target%d", visit/2%2))(rw, r, visit)
		}
	})
	for _, path := range []string{"/flip-target0", "/flip-target1"} {
		w.feed(path, func(f *fetchtest.Feed, s *Source) { f.ETag, f.LastModified, s.URL = nil, nil, "" })
	}
}

// judge looks at what the publisher's own rules don't say.
func (w *week) judge(s *sqlite.Store) {
	t := w.t
	for path, least := range map[string]time.Duration{
		"/both": floor, "/etag": floor, "/date": floor, "/neither": floorUnvalid, "/flip": floorUnvalid, "/fresh-once": 3 * time.Hour,
		"/ttl": 2 * time.Hour, "/hourly": time.Hour, "/secret": floor, "/limited": floor,
	} {
		if got := w.least(path); got < least {
			t.Errorf("%s: polled after %s, not before %s was right", path, got, least)
		}
		if n := w.visits(path); n < weekDays*4 {
			t.Errorf("%s: %d polls only", path, n)
		}
	}
	for _, at := range w.seen["/hours"][1:] {
		if h := at.UTC().Hour(); h >= 1 && h <= 3 || at.UTC().Weekday() == time.Sunday {
			t.Errorf("/hours: polled at %s, which it asks not to be", at.UTC().Format(time.RFC1123))
		}
	}
	if n := w.visits("/hourly"); n < weekDays*24*9/10 {
		t.Errorf("/hourly: %d polls in %d hours", n, weekDays*24)
	}
	if n := w.visits("/gone"); n != 2 {
		t.Errorf("/gone: %d polls, want one and another a day later", n)
	}
	if n := w.visits("/robots.txt"); n > 2*(weekDays+1) { // http and https, and once more after the restart
		t.Errorf("/robots.txt: asked for %d times", n)
	}
	for _, path := range []string{"/down", "/forbidden"} {
		if n := w.visits(path); n > 7+2*weekDays {
			t.Errorf("%s: %d polls of what never answers", path, n)
		}
	}
	old, moved := w.seen["/moved"], w.visits("/moved-target")
	if last := old[len(old)-1].Sub(old[0]); last < 24*time.Hour || last > 36*time.Hour || moved < 2*len(old) && weekDays > 2 {
		t.Errorf("/moved: polled there for %s, %d times, and %d at the new address", last, len(old), moved)
	}
	if n := w.visits("/flip-target0") + w.visits("/flip-target1"); n != w.visits("/flip") {
		t.Errorf("/flip: %d polls, %d of its targets", w.visits("/flip"), n)
	}
	for _, src := range w.list {
		st, err := s.State(t.Context(), src.ID)
		if err != nil {
			t.Error(err)
		} else if broken := slices.Contains([]string{"down", "forbidden", "gone"}, src.ID); st.LastSuccess.IsZero() != broken {
			t.Errorf("%s: last answer %s, error %q", src.ID, st.LastSuccess, st.Error)
		}
	}
	all, err := s.Select(t.Context(), article.Query{Sources: []string{"both"}, Limit: 1000})
	if want := weekDays*24/5 + 1; err != nil || len(all) != want {
		t.Errorf("/both: %d articles, want %d; %v", len(all), want, err)
	}
}
