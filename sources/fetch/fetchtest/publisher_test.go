package fetchtest

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// good is the request of a polite reader.
func good(t *testing.T, path string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("User-Agent", "Test/1 (+https://reader.example; 3 subscribers; feed-id=f)")
	r.Header.Set("Accept", "application/rss+xml, */*;q=0.1")
	r.Header.Set("Accept-Encoding", "gzip, br, zstd")
	return r
}

// A publisher that notices nothing would prove nothing.
func TestPublisherNotices(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	tests := []struct {
		name string
		feed Feed
		wait time.Duration // between the first, good visit and the second
		bad  func(*http.Request)
		want string // in the breach; empty: none
	}{
		{"nothing", Feed{}, time.Hour, func(*http.Request) {}, ""},
		{"referer", Feed{}, time.Hour, func(r *http.Request) { r.Header.Set("Referer", "x") }, "Referer"},
		{"cookie", Feed{}, time.Hour, func(r *http.Request) { r.Header.Set("Cookie", "a=b") }, "Cookie"},
		{"head", Feed{}, time.Hour, func(r *http.Request) { r.Method = http.MethodHead }, "method"},
		{"query", Feed{}, time.Hour, func(r *http.Request) { r.URL.RawQuery = "t=1" }, "query"},
		{"agent", Feed{}, time.Hour, func(r *http.Request) { r.Header.Set("User-Agent", "Go-http-client/1.1") }, "User-Agent"},
		{"codings", Feed{}, time.Hour, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }, "Accept-Encoding"},
		{"accept", Feed{}, time.Hour, func(r *http.Request) { r.Header.Set("Accept", "*/*") }, "Accept"},
		{"credentials", Feed{}, time.Hour, func(r *http.Request) { r.SetBasicAuth("a", "b") }, "nobody asked"},
		{"no validator", Feed{ETag: func(int) string { return `"e"` }}, time.Hour, func(*http.Request) {}, "If-None-Match"},
		{"altered validator", Feed{ETag: func(int) string { return `W/"e"` }}, time.Hour, func(r *http.Request) { r.Header.Set("If-None-Match", `"e"`) }, "If-None-Match"},
		{"validator kept", Feed{ETag: func(int) string { return `W/"e"` }}, time.Hour, func(r *http.Request) { r.Header.Set("If-None-Match", `W/"e"`) }, ""},
		{"invented date", Feed{}, time.Hour, func(r *http.Request) { r.Header.Set("If-Modified-Since", "now") }, "If-Modified-Since"},
		{"too early", Feed{MaxAge: time.Hour}, 59 * time.Minute, func(*http.Request) {}, "1m0s too early"},
		{"in time", Feed{MaxAge: time.Hour}, time.Hour, func(*http.Request) {}, ""},
		{"before Retry-After", Feed{Play: answer(503, "3600")}, 59 * time.Minute, func(*http.Request) {}, "too early"},
		{"after Retry-After", Feed{Play: answer(503, "3600")}, time.Hour, func(*http.Request) {}, ""},
		{"silence", Feed{Play: answer(429, "3600")}, time.Minute, func(r *http.Request) { r.URL.Path = "/other" }, "silence"},
		{"gone once", Feed{Play: answer(410, "")}, day, func(*http.Request) {}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &Publisher{Host: "one.example"}
				tt.feed.Path = "/feed"
				tt.feed.Body = func(int) string { return "<rss/>" }
				p.Serve(tt.feed)
				p.ServeHTTP(httptest.NewRecorder(), good(t, "/feed"))
				if b := p.Breaches(); len(b) > 0 {
					t.Fatal(b)
				}
				time.Sleep(tt.wait)
				r := good(t, "/feed")
				tt.bad(r)
				p.ServeHTTP(httptest.NewRecorder(), r)
				got := strings.Join(p.Breaches(), "\n")
				if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
					t.Errorf("noted %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func answer(status int, retry string) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, _ *http.Request, visit int) bool {
		if retry != "" {
			w.Header().Set("Retry-After", retry)
		}
		w.WriteHeader(status)
		return true
	}
}

func TestPublisherGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Publisher{Host: "one.example"}
		p.Serve(Feed{Path: "/feed", Play: answer(410, "")})
		for range 3 {
			if b := p.Breaches(); len(b) > 0 {
				t.Fatal(b)
			}
			p.ServeHTTP(httptest.NewRecorder(), good(t, "/feed"))
			time.Sleep(25 * time.Hour)
		}
		if b := p.Breaches(); len(b) != 1 || !strings.Contains(b[0], "gone twice") {
			t.Error(b)
		}
		if p.Visits("/feed") != 3 || p.Visits("/other") != 0 {
			t.Error("visits")
		}
	})
}

func TestPublisherOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Publisher{Host: "one.example"}
		p.Serve(Feed{Path: "/slow", Play: func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			time.Sleep(time.Minute)
			return true
		}})
		go p.ServeHTTP(httptest.NewRecorder(), good(t, "/slow"))
		synctest.Wait()
		p.ServeHTTP(httptest.NewRecorder(), good(t, "/slow"))
		if b := p.Breaches(); len(b) != 1 || !strings.Contains(b[0], "second request") {
			t.Error(b)
		}
	})
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := NewNetwork(t)
		n.Handle(t, "one.example:80", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("hi")) }))
		n.Silent(t, "silent.example:80")
		if _, err := n.Dial(t.Context(), "tcp", "two.example:80"); err == nil {
			t.Error("a host that is not there answers")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := n.Dial(ctx, "tcp", "silent.example:80"); err == nil {
			t.Error("a silent host answers")
		}
		c, err := n.Dial(t.Context(), "tcp", "one.example:80")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: one.example\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || line != "HTTP/1.1 200 OK\r\n" || n.Dials("one.example:80") != 1 {
			t.Errorf("%q, %v", line, err)
		}
	})
}
