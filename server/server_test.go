package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"wireroom/feed"
)

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ accept, want string }{
		{"", ""},
		{"gzip", "gzip"},
		{"x-gzip", "gzip"},
		{"gzip, br, zstd", "br"},
		{"gzip, zstd", "zstd"},
		{"gzip;q=1.0, br;q=0.5", "gzip"},
		{"br;q=0, gzip;q=0", ""},
		{"*", "br"},
		{"*;q=0", ""},
		{"identity", ""},
		{"identity;q=1, gzip;q=0.5", ""},
		{"identity;q=0.5, gzip", "gzip"},
		{"deflate", ""},
		{"gzip;q=nonsense", ""},
		{"GZIP ; Q=0.8", "gzip"},
	} {
		if got := negotiate([]string{k.accept}); got != k.want {
			t.Errorf("negotiate(%q) = %q, want %q", k.accept, got, k.want)
		}
	}
}

func TestServeSnapshotValidators(t *testing.T) {
	t.Parallel()
	c, err := feed.NewCompressor()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	snap := c.Pack([]byte("a feed, a feed, a feed, a feed"), "application/rss+xml; charset=utf-8", at, `<https://x.example/>; rel="self"`)
	for _, k := range []struct {
		name, method string
		header       map[string]string
		status       int
	}{
		{"plain", "GET", nil, 200},
		{"its own tag", "GET", map[string]string{"If-None-Match": `"` + snap.Tag + `"`}, 304},
		{"weak", "GET", map[string]string{"If-None-Match": `W/"` + snap.Tag + `"`}, 304},
		{"of another coding", "GET", map[string]string{"If-None-Match": `"` + snap.Tag + `-br"`, "Accept-Encoding": "gzip"}, 304},
		{"a proxy's suffix", "GET", map[string]string{"If-None-Match": `"` + snap.Tag + `-gzip"`}, 304},
		{"in a list", "GET", map[string]string{"If-None-Match": `"old", "` + snap.Tag + `"`}, 304},
		{"any", "GET", map[string]string{"If-None-Match": "*"}, 304},
		{"another tag wins over a date", "GET", map[string]string{"If-None-Match": `"old"`, "If-Modified-Since": at.Format(http.TimeFormat)}, 200},
		{"the same date", "GET", map[string]string{"If-Modified-Since": at.Format(http.TimeFormat)}, 304},
		{"a later date of the reader's own", "GET", map[string]string{"If-Modified-Since": at.Add(time.Hour).Format(http.TimeFormat)}, 304},
		{"an older date", "GET", map[string]string{"If-Modified-Since": at.Add(-time.Second).Format(http.TimeFormat)}, 200},
		{"no date", "GET", map[string]string{"If-Modified-Since": "yesterday"}, 200},
		{"head", "HEAD", map[string]string{"Accept-Encoding": "gzip"}, 200},
		{"a range", "GET", map[string]string{"Range": "bytes=0-3"}, 200},
	} {
		r := httptest.NewRequest(k.method, "/feeds/all.rss", nil)
		for name, v := range k.header {
			r.Header.Set(name, v)
		}
		w := httptest.NewRecorder()
		w.Header().Set("Cache-Control", cacheControl(&feed.Channel{}))
		serveSnapshot(w, r, snap)
		if w.Code != k.status {
			t.Errorf("%s: %d, want %d", k.name, w.Code, k.status)
		}
		for _, name := range []string{"Etag", "Cache-Control", "Vary", "Last-Modified", "Link"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s: no %s", k.name, name)
			}
		}
		if (k.status == 304 || k.method == "HEAD") && w.Body.Len() > 0 {
			t.Errorf("%s: %d bytes of body", k.name, w.Body.Len())
		}
		if k.status == 200 && w.Header().Get("Content-Length") == "" {
			t.Errorf("%s: no Content-Length", k.name)
		}
	}
}
