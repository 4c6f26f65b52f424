package desk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"wireroom/server/control/controltest"
)

func TestReaders(t *testing.T) {
	t.Parallel()
	now := controltest.Now
	c := NewReaders(func() time.Time { return now })
	h := c.Count(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "nothing"):
			http.NotFound(w, r)
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		default:
			fmt.Fprint(w, "feed")
		}
	}))
	ask := func(method, path, agent, tag string) {
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		r.Header.Set("User-Agent", agent)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	feedly := "Feedly/1.0 (+http://www.feedly.com/fetcher.html; %d subscribers; like FeedFetcher-Google)"
	ask("GET", "/feeds/all.rss", fmt.Sprintf(feedly, 16), "")
	ask("GET", "/feeds/all.rss", fmt.Sprintf(feedly, 17), "x")
	ask("GET", "/feeds/all.atom?agency=AFP", "NetNewsWire (RSS Reader; https://netnewswire.com/)", "")
	ask("GET", "/feeds/all.json", "Mozilla/5.0 (compatible; Inoreader/2.0; +https://x; 1 reader)", "")
	ask("GET", "/feeds/all.rss", "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0", "")
	ask("GET", "/feeds/all.rss", "", "")
	ask("GET", "/feeds/all.rss", "\xff", "")
	ask("HEAD", "/feeds/all.rss", "Head/1", "")
	ask("GET", "/feeds/all", "Page/1", "")
	ask("GET", "/feeds/nothing.rss", "Lost/1", "")
	ask("GET", "/", "Front/1", "")
	list, since := c.Of("all")
	var got []string
	for _, r := range list {
		got = append(got, fmt.Sprintf("%s %d %d", r.Name, r.Subscribers, r.Requests))
	}
	if s := strings.Join(got, ", "); s != "Feedly 17 2, Inoreader 1 1, unknown 0 2, NetNewsWire 0 1, a browser 0 1" || since != now {
		t.Errorf("%s since %s", s, since)
	}
	if list, _ := c.Of("nothing"); list != nil {
		t.Errorf("a feed that is not there has readers: %v", list)
	}
	for i := range 3 * maxReaders {
		now = now.Add(time.Second)
		ask("GET", "/feeds/all.rss", fmt.Sprintf("Reader%d/1", i), "")
	}
	if list, _ := c.Of("all"); len(list) > maxReaders {
		t.Errorf("%d readers are remembered", len(list))
	}
	now = now.Add(stale + time.Hour)
	ask("GET", "/feeds/all.rss", "Late/1", "")
	if list, _ := c.Of("all"); len(list) != 1 {
		t.Errorf("%d readers are remembered, want the last", len(list))
	}
}

// FuzzProduct names any program in a few printable signs.
func FuzzProduct(f *testing.F) {
	f.Add("Feedly/1.0 (16 subscribers)")
	f.Add("Mozilla/5.0 (compatible; \u00e9\u202e\x00x; 1 reader)")
	f.Fuzz(func(t *testing.T, agent string) {
		if name := product(agent); name == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsAny(name, "\r\n\x00") {
			t.Errorf("%q", name)
		}
	})
}

// FuzzSession takes no word that was not signed.
func FuzzSession(f *testing.F) {
	key := []byte("key")
	s := session{key: key, nonce: encode(make([]byte, 8+nonceBytes))}
	f.Add(s.word())
	f.Add("AAAA.BBBB")
	f.Fuzz(func(t *testing.T, word string) {
		if _, ok := open([]byte("another"), word, time.Unix(-1, 0)); ok {
			t.Errorf("%q was taken", word)
		}
	})
}

func BenchmarkCount(b *testing.B) {
	c := NewReaders(time.Now)
	h := c.Count(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }))
	r := httptest.NewRequestWithContext(b.Context(), "GET", "/feeds/all.rss", nil)
	r.Header.Set("User-Agent", "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers)")
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

func BenchmarkOverview(b *testing.B) {
	room := controltest.New(b)
	d := New(Options{Room: room, Store: room.Store, Secret: func() Secret { return Secret{Password: "x"} }, Base: func() string { return "" }, Now: func() time.Time { return controltest.Now }})
	b.ReportAllocs()
	for b.Loop() {
		d.figures.last = nil
		if _, err := d.gather(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
