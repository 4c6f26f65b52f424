package fetch

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/sources/fetch/fetchtest"
)

// reader is the least scheduler that keeps every promise: it decides by what a
// Response and an Error tell, and by nothing else.
type reader struct {
	url, etag, modified, validFor string
	password                      string
	due                           time.Time
	failures, polls, bodies, same int
	gone                          time.Time
	over                          bool
	kinds                         map[Kind]int
}

const floor = 30 * time.Minute

// poll fetches once and sets when to come again; silence is until when the whole
// host wants to be left alone.
func (r *reader) poll(t *testing.T, c *Client) (silence time.Time) {
	r.polls++
	req := Request{URL: r.url, ETag: r.etag, LastModified: r.modified, ValidFor: r.validFor, Subscribers: 2, FeedID: "f1"}
	if r.password != "" {
		req.Username, req.Password = "reader", r.password
	}
	res, err := c.Get(t.Context(), req)
	defer res.Release()
	now := time.Now()
	if err == nil {
		r.failures = 0
		switch {
		case res.NotModified:
			r.same++
		default:
			r.bodies++
		}
		if !res.Truncated {
			r.etag, r.modified, r.validFor = res.ETag, res.LastModified, res.URL
		}
		r.due = now.Add(max(floor, res.Freshness.For))
		return time.Time{}
	}
	e := err.(*Error)
	r.kinds[e.Kind]++
	wait := floor << min(r.failures, 6)
	r.failures++
	r.due = now.Add(min(wait, 24*time.Hour))
	if e.RetryAfter.After(r.due) {
		r.due = e.RetryAfter
	}
	if e.Kind == KindGone {
		if r.gone.IsZero() {
			r.gone, r.due = now, now.Add(24*time.Hour)
		} else if now.Sub(r.gone) >= 24*time.Hour {
			r.over = true
		}
	}
	if e.Kind == KindRateLimited {
		return e.RetryAfter
	}
	return time.Time{}
}

// A week with a publisher that takes every rule literally: the client and a
// reader that believes it commit no breach.
func TestWeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := fetchtest.NewNetwork(t)
		p := &fetchtest.Publisher{Host: "strict.example"}
		n.Handle(t, "strict.example:80", p)
		n.HandleTLS(t, "strict.example:443", p, nil)
		etag := func(v int) string { return fmt.Sprintf(`W/"odd %d`, v) }
		modified := func(v int) string { return fmt.Sprintf("sometime in version %d", v) }
		body := func(v int) string {
			return fmt.Sprintf("<rss version=\"2.0\"><channel><title>%d</title></channel></rss>", v)
		}
		status := func(code int, every int, header ...string) func(http.ResponseWriter, *http.Request, int) bool {
			return func(w http.ResponseWriter, _ *http.Request, visit int) bool {
				if visit%every != 0 {
					return false
				}
				for i := 0; i+1 < len(header); i += 2 {
					w.Header().Set(header[i], header[i+1])
				}
				w.WriteHeader(code)
				return true
			}
		}
		raw := func(text string) func(http.ResponseWriter, *http.Request, int) bool {
			return func(w http.ResponseWriter, _ *http.Request, visit int) bool {
				if visit%5 != 0 {
					return false
				}
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return true
				}
				_, _ = io.WriteString(conn, text)
				conn.Close()
				return true
			}
		}
		plain := fetchtest.Feed{ETag: etag, LastModified: modified, Body: body, Changes: 5 * time.Hour}
		feed := func(path string, change func(*fetchtest.Feed)) {
			f := plain
			f.Path = path
			if change != nil {
				change(&f)
			}
			p.Serve(f)
		}
		feed("/both", nil)
		feed("/etag", func(f *fetchtest.Feed) { f.LastModified = nil })
		feed("/date", func(f *fetchtest.Feed) { f.ETag = nil })
		feed("/neither", func(f *fetchtest.Feed) { f.ETag, f.LastModified = nil, nil })
		feed("/fresh", func(f *fetchtest.Feed) { f.MaxAge = 59 * time.Minute })
		feed("/secret", func(f *fetchtest.Feed) { f.Password = "p:w" })
		feed("/delta-seconds", func(f *fetchtest.Feed) { f.Play = status(503, 3, "Retry-After", "7201") })
		feed("/limited", func(f *fetchtest.Feed) { f.Play = status(429, 20, "Retry-After", "3600") })
		feed("/errors", func(f *fetchtest.Feed) { f.Play = status(500, 2) })
		feed("/gone", func(f *fetchtest.Feed) { f.Play = status(410, 1) })
		feed("/reset", func(f *fetchtest.Feed) {
			f.Play = raw("HTTP/1.1 200 OK\r\nETag: \"never\"\r\nContent-Length: 500\r\n\r\n<rss><channel>")
		})
		feed("/hangup", func(f *fetchtest.Feed) { f.Play = raw("") })
		feed("/date-retry", func(f *fetchtest.Feed) {
			f.Play = func(w http.ResponseWriter, _ *http.Request, visit int) bool {
				if visit%4 != 0 {
					return false
				}
				w.Header().Set("Retry-After", time.Now().Add(5*time.Hour).UTC().Format(http.TimeFormat))
				w.WriteHeader(503)
				return true
			}
		})
		feed("/drip", func(f *fetchtest.Feed) {
			f.Play = func(w http.ResponseWriter, _ *http.Request, visit int) bool {
				if visit%6 != 0 {
					return false
				}
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return true
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
				drip(conn, strings.Repeat("x", 150), 300*time.Millisecond)
				conn.Close()
				return true
			}
		})
		c := newTestClient(t, n)
		var readers []*reader
		for _, path := range []string{
			"/both", "/etag", "/date", "/neither", "/fresh", "/secret", "/delta-seconds", "/limited", "/errors", "/gone", "/reset", "/hangup",
			"/date-retry", "/drip",
		} {
			r := &reader{url: "http://strict.example" + path, kinds: map[Kind]int{}}
			if path == "/secret" {
				r.url, r.password = "https://strict.example"+path, "p:w"
			}
			readers = append(readers, r)
		}
		days := 7
		if slack > 1 {
			days = 2 // the race detector has seen it all by then
		}
		run(t, c, readers, days)
		for _, b := range p.Breaches() {
			t.Error(b)
		}
		for _, r := range readers {
			t.Logf("%s: %d polls, %d bodies, %d unchanged, %v", r.url, r.polls, r.bodies, r.same, r.kinds)
		}
		if b, changes := readers[0], days*24/5; b.bodies != changes+1 || b.same < 35*days {
			t.Errorf("%d bodies, %d unchanged of a feed that changed %d times", b.bodies, b.same, changes)
		}
		if g := readers[9]; g.polls != 2 || !g.over {
			t.Errorf("%d polls of what was gone", g.polls)
		}
	})
}

// run polls for days, in order of due time, one at a time, two seconds apart.
func run(t *testing.T, c *Client, readers []*reader, days int) {
	t.Helper()
	end := time.Now().Add(time.Duration(days) * 24 * time.Hour)
	var silence time.Time
	for time.Now().Before(end) {
		var next *reader
		for _, r := range readers {
			if !r.over && (next == nil || r.due.Before(next.due)) {
				next = r
			}
		}
		at := next.due
		if at.Before(silence) {
			at = silence
		}
		time.Sleep(max(2*time.Second, time.Until(at)))
		if s := next.poll(t, c); s.After(silence) {
			silence = s
		}
	}
}

// Permanent moves that flip: the hops say so each time, and validators go to the
// address that gave them only.
func TestFlip(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		moved := false
		var sent []string
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			sent = append(sent, r.URL.Path+" "+r.Header.Get("If-None-Match"))
			if moved && r.URL.Path == "/old" {
				http.Redirect(w, r, "/new", http.StatusMovedPermanently)
				return
			}
			tag := `"` + r.URL.Path + `"`
			w.Header().Set("ETag", tag)
			if r.Header.Get("If-None-Match") == tag {
				w.WriteHeader(http.StatusNotModified)
			}
		})
		r := &reader{url: "http://one.example/old", kinds: map[Kind]int{}}
		for i := range 6 {
			moved = i == 2 || i == 3
			r.poll(t, c)
		}
		want := []string{`/old `, `/old "/old"`, `/old "/old"`, `/new `, `/old `, `/new "/new"`, `/old `, `/old "/old"`}
		if strings.Join(sent, "|") != strings.Join(want, "|") {
			t.Errorf("sent %q, want %q", sent, want)
		}
	})
}
