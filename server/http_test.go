package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/internal/need"
)

func TestNegotiateType(t *testing.T) {
	t.Parallel()
	const miniflux = "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, text/html, */*;q=0.9"
	for _, k := range []struct {
		accept, dest string
		want         string
	}{
		{"", "", "rss"},
		{"*/*", "", "rss"},
		{"text/html", "", "page"},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "page"},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "document", "page"},
		{"*/*", "document", "page"},
		{"*/*", "empty", "rss"},
		{miniflux, "", "rss"},
		{"application/atom+xml", "", "atom"},
		{"application/atom+xml, */*", "", "atom"},
		{"application/feed+json, application/rss+xml;q=0.5", "", "json"},
		{"application/json, text/plain, */*", "", "json"},
		{"application/rss+xml;q=0.2, application/atom+xml;q=0.8", "", "atom"},
		{"application/*", "", "rss"},
		{"application/rss+xml;q=0, */*", "", "atom"},
		{"image/png", "", "rss"},
		{"application/rss+xml; charset=utf-8; q=0.1, application/feed+json;q=0.2", "", "json"},
		{"text/html;q=NaN", "", "rss"},
	} {
		h := http.Header{}
		if k.accept != "" {
			h.Set("Accept", k.accept)
		}
		if k.dest != "" {
			h.Set("Sec-Fetch-Dest", k.dest)
		}
		f, page := negotiateType(h)
		got := string(f)
		if page {
			got = "page"
		}
		if got != k.want {
			t.Errorf("%q, %q: %s, want %s", k.accept, k.dest, got, k.want)
		}
	}
}

func TestFeedByType(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1))
	for _, query := range []string{"", "?source=north"} {
		for accept, ext := range map[string]string{"*/*": ".rss", "application/atom+xml": ".atom", "application/feed+json": ".json"} {
			a, fixed := n.get("/feeds/all"+query, "Accept", accept), n.get("/feeds/all"+ext+query)
			if a.status != 200 || a.body != fixed.body || a.header.Get("ETag") != fixed.header.Get("ETag") {
				t.Errorf("%s%s: %d, another document than %s", accept, query, a.status, ext)
			}
			if got := a.header.Get("Content-Location"); got != n.srv.URL+"/feeds/all"+ext+query {
				t.Errorf("%s: Content-Location %s", accept, got)
			}
			if v := a.header.Get("Vary"); !strings.Contains(v, "Accept,") || !strings.Contains(v, "Sec-Fetch-Dest") || !strings.Contains(v, "Accept-Encoding") {
				t.Errorf("%s: Vary %s", accept, v)
			}
			if got := fixed.header.Get("Content-Location"); got != "" {
				t.Errorf("%s: Content-Location %s on its own address", ext, got)
			}
		}
		page := n.get("/feeds/all"+query, "Accept", "text/html")
		if page.status != 200 || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || !strings.Contains(page.header.Get("Vary"), "Accept") {
			t.Errorf("page%s: %d %v", query, page.status, page.header)
		}
		if !strings.Contains(strings.Join(page.header.Values("Link"), " "), "/feeds/all.rss"+query+`>; rel="alternate"`) {
			t.Errorf("page%s: Link %v", query, page.header.Values("Link"))
		}
		if a := n.get("/feeds/all"+query, "Accept", "text/html", "If-None-Match", page.header.Get("ETag")); a.status != http.StatusNotModified {
			t.Errorf("page%s with its ETag: %d", query, a.status)
		}
	}
}

// TestMethods: HEAD is GET without a body, OPTIONS answers, others are refused.
func TestMethods(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	r := story("north", 1)
	n.file(r)
	for _, path := range []string{
		"/feeds/all.rss", "/feeds/all.atom?source=north", "/feeds/all", "/feeds.opml", "/.well-known/feeds", "/articles/" + article.ShortID(r.ID),
		"/articles/" + article.ShortID(r.ID) + ".json", "/art/icon.png", "/favicon.ico", "/",
	} {
		get, head := n.get(path, "Accept-Encoding", "gzip"), n.ask("HEAD", path, "Accept-Encoding", "gzip")
		if get.status != 200 || head.status != 200 || head.body != "" {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes", path, get.status, head.status, len(head.body))
		}
		for _, name := range []string{"Content-Length", "Content-Type", "ETag", "Last-Modified", "Cache-Control", "Vary", "Link"} {
			if get.header.Get(name) != head.header.Get(name) {
				t.Errorf("%s: %s: GET %q, HEAD %q", path, name, get.header.Get(name), head.header.Get(name))
			}
		}
		if get.header.Get("ETag") == "" || n.get(path, "If-None-Match", get.header.Get("ETag")).status != http.StatusNotModified {
			t.Errorf("%s: its ETag %q is not known to it", path, get.header.Get("ETag"))
		}
		options := n.ask("OPTIONS", path)
		if options.status != http.StatusNoContent || options.header.Get("Allow") == "" || options.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("OPTIONS %s: %d %v", path, options.status, options.header)
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			if a := n.ask(method, path); a.status != http.StatusMethodNotAllowed || !strings.Contains(a.header.Get("Allow"), "GET, HEAD") {
				t.Errorf("%s %s: %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
		}
	}
}

func TestArticleForms(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	r := story("north", 1)
	r.Headline = `Story 1 of north </script><script>alert("&")`
	n.file(r)
	path := "/articles/" + article.ShortID(r.ID)
	page := n.get(path)
	_, rest, ok := strings.Cut(page.body, `<script type="application/ld+json">`)
	data, _, closed := strings.Cut(rest, "</script>")
	var ld map[string]any
	if err := json.Unmarshal([]byte(data), &ld); !ok || !closed || err != nil || ld["@id"] != r.ID || !strings.Contains(fmt.Sprint(ld["headline"]), `alert("&")`) {
		t.Errorf("JSON-LD: %v %s", err, data)
	}
	policy := page.header.Get("Content-Security-Policy")
	if strings.Count(page.body, "<script") != 2 || !strings.Contains(page.body, `<script src="/page.js?v=`) || !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
		t.Errorf("a script of others may run: %s", policy)
	}
	links := page.header.Values("Link")
	if len(links) != 4 || !strings.Contains(links[0], "/feeds/all.rss?source=north") || !strings.Contains(links[3], ".json") {
		t.Errorf("Link: %v", links)
	}
	n.wantLinked("/feeds/all.rss?source=north", "north")

	a := n.get(path + ".json")
	var ninjs map[string]any
	if err := json.Unmarshal([]byte(a.body), &ninjs); err != nil || ninjs["uri"] != r.ID || a.header.Get("Content-Type") != feed.NinjsType {
		t.Errorf("ninjs: %d %v %s", a.status, err, a.body)
	}
	if a := n.get(path+".json", "If-Modified-Since", a.header.Get("Last-Modified")); a.status != http.StatusNotModified {
		t.Errorf("ninjs with its date: %d", a.status)
	}
	for _, path := range []string{"/articles/nobody", "/articles/nobody.json", "/articles/.json"} {
		if a := n.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// wantLinked: what a page links to is there and is about what it says.
func (n *newsroom) wantLinked(path, want string) {
	n.t.Helper()
	if a := n.get(path); a.status != http.StatusOK || !strings.Contains(a.body, want) {
		n.t.Errorf("%s: %d without %q", path, a.status, want)
	}
}

func TestArt(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	art := Art(n.srv.URL)
	for u, want := range map[string][2]int{
		art.Icon: {512, 512}, art.Favicon: {64, 64}, art.Logo: {512, 256}, art.Badge.URL: {art.Badge.Width, art.Badge.Height}, n.srv.URL + "/favicon.ico": {64, 64},
	} {
		a := n.get(strings.TrimPrefix(u, n.srv.URL))
		c, err := png.DecodeConfig(bytes.NewReader([]byte(a.body)))
		if err != nil || [2]int{c.Width, c.Height} != want || a.header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %d×%d, want %v: %v", u, c.Width, c.Height, want, err)
		}
	}
	for _, path := range []string{"/art/pages.html", "/art/nothing.png", "/art/..%2fpage.css"} {
		if a := n.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for path, want := range map[string]string{"/feeds/all.rss": art.Badge.URL, "/feeds/all.atom": art.Logo, "/feeds/all.json": art.Favicon} {
		if !strings.Contains(n.get(path).body, want) {
			t.Errorf("%s has no %s", path, want)
		}
	}
}

// TestWellFormed holds documents that are only made on demand to xmllint.
func TestWellFormed(t *testing.T) {
	t.Parallel()
	xmllint := need.Program(t, "xmllint")
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", Language: "en", Select: article.Query{Limit: 3}})
	mixed(n)
	const query = "?lang=en&lang=de&q=story+%26+%3C"
	plain, old := n.get("/feeds/all.atom?lang=en&lang=de"), map[string]string{}
	for _, ext := range []string{"atom", "rss"} {
		old[ext] = n.get("/feeds/all." + ext).header.Get("ETag")
	}
	n.file(story("south", 7))
	delta := n.get("/feeds/all.rss", "A-IM", "feed", "If-None-Match", old["rss"])
	gone := again("north", 2)
	gone.Status = article.Canceled
	n.file(gone)
	for name, a := range map[string]answer{
		"query": n.get("/feeds/all.atom" + query), "query in RSS": n.get("/feeds/all.rss" + query), "delta": delta,
		"delta of a query":     n.get("/feeds/all.atom?lang=en&lang=de", "A-IM", "feed", "If-None-Match", plain.header.Get("ETag")),
		"delta with tombstone": n.get("/feeds/all.atom", "A-IM", "feed", "If-None-Match", old["atom"]),
		"empty":                n.get("/feeds/all.atom?q=nowhere"), "list": n.get("/feeds.opml"),
	} {
		if want := strings.HasPrefix(name, "delta"); (a.status == http.StatusIMUsed) != want {
			t.Errorf("%s: %d", name, a.status)
		}
		cmd := exec.CommandContext(t.Context(), xmllint, "--noout", "-")
		cmd.Stdin = strings.NewReader(a.body)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", name, err, out, a.body)
		}
	}
}

func BenchmarkServeSnapshot(b *testing.B) {
	n := newNewsroom(b)
	var list []article.Record
	for i := range 100 {
		list = append(list, story("north", i))
	}
	n.file(list...)
	h := New(Options{Store: n.store, Publisher: n.pub}).Handler()
	etag := n.get("/feeds/all.rss").header.Get("ETag")
	for name, k := range map[string][2]string{"200": {"/feeds/all.rss", ""}, "304": {"/feeds/all.rss", etag}, "query": {"/feeds/all.rss?source=north", ""}} {
		b.Run(name, func(b *testing.B) {
			r, err := http.NewRequest("GET", k[0], nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", "gzip")
			if k[1] != "" {
				r.Header.Set("If-None-Match", k[1])
			}
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&discard{header: http.Header{}}, r)
			}
		})
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
