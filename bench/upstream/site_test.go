package upstream

import (
	"bytes"
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crypto/tls"
	"github.com/mmcdole/gofeed"
)

func open(t *testing.T, o Options) (*Site, *Door) {
	t.Helper()
	s := New(o)
	d, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return s, d
}

func get(t *testing.T, c *http.Client, url, tag string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// TestFeeds holds the feeds to the sizes that the goals were measured with, and
// to being feeds.
func TestFeeds(t *testing.T) {
	t.Parallel()
	s := New(Options{Feeds: 20})
	raw, packed := 0, 0
	for i := range s.Feeds {
		body := s.document(i, 0)
		raw += len(body)
		packed += len(s.bytes(i, s.now(i)))
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("feed %d: %v", i, err)
		}
		if len(feed.Items) != Items {
			t.Errorf("feed %d has %d items", i, len(feed.Items))
		}
		if want := [...]string{"rss", "atom", "json"}[formatOf(i)]; feed.FeedType != want {
			t.Errorf("feed %d is %s, want %s", i, feed.FeedType, want)
		}
		for _, item := range feed.Items {
			if item.Title == "" || item.Content == "" || item.PublishedParsed == nil || item.PublishedParsed.After(time.Now()) {
				t.Errorf("feed %d: %+v", i, item)
			}
		}
	}
	raw, packed = raw/s.Feeds, packed/s.Feeds
	t.Logf("a feed is %d bytes, %d packed", raw, packed)
	if raw < 54_000 || raw > 60_000 || packed < 16_500 || packed > 18_700 {
		t.Errorf("a feed is %d bytes, %d packed; want about 57,000 and 17,600", raw, packed)
	}
}

func TestEditions(t *testing.T) {
	t.Parallel()
	s, d := open(t, Options{Feeds: 10})
	first, body := get(t, http.DefaultClient, d.URL(3), "")
	if n := bytes.Count(body, []byte("<item>")); first.StatusCode != http.StatusOK || n != Items {
		t.Fatalf("%s with %d items", first.Status, n)
	}
	tag := first.Header.Get("ETag")
	if again, _ := get(t, http.DefaultClient, d.URL(3), tag); again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %s", again.Status)
	}
	if n := s.Advance(1); n != 10 {
		t.Errorf("%d feeds changed, want 10", n)
	}
	next, later := get(t, http.DefaultClient, d.URL(3), tag)
	if next.StatusCode != http.StatusOK || next.Header.Get("Last-Modified") == first.Header.Get("Last-Modified") {
		t.Errorf("after a new edition: %s, %s", next.Status, next.Header.Get("Last-Modified"))
	}
	links := map[string]int{}
	d.Served(3, func(link string) { links[link]++ })
	if len(links) != Items+News {
		t.Errorf("%d items were served, want %d", len(links), Items+News)
	}
	for link, n := range links {
		if n != 1 || !strings.Contains(string(body)+string(later), link) {
			t.Errorf("%s: told %d times", link, n)
		}
	}
	if c := d.Counts(); c.Polls != 3 || c.Whole != 2 || c.NotModified != 1 {
		t.Errorf("counted %+v", c)
	}
	if resp, _ := get(t, http.DefaultClient, strings.Replace(d.URL(3), "/feeds/3", "/robots.txt", 1), ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("robots.txt: %s", resp.Status)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	_, d := open(t, Options{Feeds: 10, Errors: 1, Latency: time.Millisecond})
	refused, cut := 0, 0
	for range 40 {
		resp, err := http.Get(d.URL(1))
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
		switch {
		case resp.StatusCode == http.StatusServiceUnavailable:
			refused++
		case err != nil:
			cut++
		}
	}
	if refused == 0 || cut == 0 || refused+cut != 40 {
		t.Errorf("%d refused, %d cut, of 40", refused, cut)
	}
	d.Served(1, func(link string) { t.Errorf("%s counts as served", link) })
}

func TestTLS(t *testing.T) {
	t.Parallel()
	_, d := open(t, Options{Feeds: 30, TLS: true})
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(d.Authority()) {
		t.Fatal("no authority")
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	for _, feed := range []int{0, 1, 2} {
		if resp, _ := get(t, c, d.URL(feed), ""); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", d.URL(feed), resp.Status)
		}
	}
}
