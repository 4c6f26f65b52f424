package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"

	"github.com/mmcdole/gofeed"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestEveryDocument puts real feeds and real articles' pages through the program
// and walks all that it publishes: current documents, archives, pages of query
// feeds, deltas, empty feeds. Every judge must be content with every one.
func TestEveryDocument(t *testing.T) {
	root := need.Corpora(t)
	dir := t.TempDir()
	p := newPublisher(t)
	var list []source
	for _, suite := range []string{"feed-rs", "feedparser/wellformed"} {
		err := filepath.WalkDir(filepath.Join(root, "feeds", suite), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".serde.json") {
				return err
			}
			body, err := os.ReadFile(path)
			name := fmt.Sprintf("/%04d", len(list))
			p.put(name, string(body))
			list = append(list, source{fmt.Sprintf("s%04d", len(list)), p.URL + name, ""})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p.put("/pages.rss", pagesAsFeed(t, p, filepath.Join(root, "pages")))
	list = append(list, source{"pages", p.URL + "/pages.rss", ", content: page"})
	writeConfig(t, dir, "fetch: {allow_networks: [127.0.0.0/8], pace: 1ms}\nfeeds: [{id: wide, limit: 1000}, {id: narrow, limit: 20}, {id: pages, limit: 50, select: {sources: [pages]}},"+
		" {id: german, select: {languages: [de]}, order: updated}, {id: none, select: {match: nosuchwordanywhere}}]\n", list...)
	if code, _, errs := wireroom(t, dir, "refresh", "--json"); code == 2 {
		t.Fatal(errs)
	}
	s := serve(t, dir)
	c := newCrawl(t, s.url)
	for _, id := range []string{"all", "wide", "narrow", "pages", "german", "none"} {
		queries := []string{""}
		if id == "all" {
			queries = append(queries, "?lang=en", "?q=the", "?since=2001-01-01", "?agency=AFP&agency=dpa", "?topic=nothing+of+the+kind", "?source=pages")
		}
		for _, query := range queries {
			for _, ext := range []string{"rss", "atom", "json"} {
				c.visit("/feeds/" + id + "." + ext + query)
			}
		}
	}
	c.follow()
	c.deltas(func() {
		p.put("/0000", rss("News", "one that was not there before"))
		if code, _, errs := wireroom(t, dir, "refresh", "--force", "s0000"); code != 0 {
			t.Fatal(errs)
		}
		waitFor(t, s.url+"/feeds/all.atom", "one that was not there before")
	})
	c.judge()
}

// pagesAsFeed serves the pages and returns a feed that links to them.
func pagesAsFeed(t *testing.T, p *publisher, dir string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Pages</title><link>https://pages.example/</link><description>d</description>`)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.html.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if more, _ := filepath.Glob(filepath.Join(dir, "*.html.gz")); len(files) == 0 {
		files = more
	}
	if len(files) < 100 {
		t.Fatalf("%d pages", len(files))
	}
	for i, file := range files[:100] { // as many as one poll reads
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(z)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("/page/%d", i)
		p.put(name, string(body))
		fmt.Fprintf(&b, `<item><title>Page %d</title><link>%s</link><guid>%[2]s</guid><pubDate>%s</pubDate><description>Teaser %[1]d</description></item>`,
			i, html.EscapeString(p.URL+name), time.Date(2026, 11, 20, 0, i, 0, 0, time.UTC).Format(time.RFC1123Z))
	}
	return b.String() + "</channel></rss>"
}

// crawl is a walk through what a server publishes.
type crawl struct {
	t     *testing.T
	url   string
	dir   string
	docs  map[string]string // file by address
	etags map[string]string
	todo  []string
}

func newCrawl(t *testing.T, url string) *crawl {
	return &crawl{t: t, url: url, dir: t.TempDir(), docs: map[string]string{}, etags: map[string]string{}}
}

// visit puts an address on the list, once.
func (c *crawl) visit(address string) {
	if _, there := c.docs[address]; !there {
		c.docs[address] = ""
		c.todo = append(c.todo, address)
	}
}

var (
	linkTags = regexp.MustCompile(`<(?:atom:)?link [^>]*>`)
	relation = regexp.MustCompile(`rel="([^"]*)"`)
	href     = regexp.MustCompile(`href="([^"]*)"`)
)

// follow fetches what is on the list, and what that leads to.
func (c *crawl) follow() {
	c.t.Helper()
	for len(c.todo) > 0 {
		at := c.todo[0]
		c.todo = c.todo[1:]
		body, etag := get(c.t, c.url+at)
		c.keep(at, body)
		c.etags[at] = etag
		head := body // an entry's source has links of its own
		if end := bytes.Index(body, []byte("<entry")); end >= 0 {
			head = body[:end]
		}
		for _, tag := range linkTags.FindAllString(string(head), -1) {
			rel, to := relation.FindStringSubmatch(tag), href.FindStringSubmatch(tag)
			if rel == nil || to == nil {
				continue
			}
			switch rel[1] {
			case "self":
				if got := c.local(to[1]); got != at && !equalQuery(got, at) {
					c.t.Errorf("%s names itself %s", at, got)
				}
			case "first", "next", "previous", "last", "current", "prev-archive", "next-archive":
				c.visit(c.local(to[1]))
			}
		}
		var j struct {
			Next string `json:"next_url"`
		}
		if json.Unmarshal(body, &j) == nil && j.Next != "" {
			c.visit(c.local(j.Next))
		}
	}
}

// local is an address on the server, without the server.
func (c *crawl) local(link string) string {
	link = html.UnescapeString(link)
	for _, base := range []string{"http://127.0.0.1:8080", c.url} {
		if rest, ok := strings.CutPrefix(link, base); ok {
			return rest
		}
	}
	c.t.Errorf("%s leads elsewhere", link)
	return "/feeds/all.atom"
}

// equalQuery compares addresses whose queries may be written differently.
func equalQuery(a, b string) bool {
	x, err1 := url.Parse(a)
	y, err2 := url.Parse(b)
	return err1 == nil && err2 == nil && x.Path == y.Path && x.Query().Encode() == y.Query().Encode()
}

func (c *crawl) keep(address string, body []byte) {
	c.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		c.t.Fatal(err)
	}
	file := filepath.Join(c.dir, fmt.Sprintf("%05d%s", len(c.docs), filepath.Ext(u.Path)))
	c.docs[address] = file
	if err := os.WriteFile(file, body, 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.docs[address+"#"+fmt.Sprint(len(c.docs))] = file // the count goes on
}

// deltas asks for what is new in each current document after something changed.
func (c *crawl) deltas(change func()) {
	c.t.Helper()
	change()
	n := 0
	for address, etag := range c.etags {
		if strings.Contains(address, "/archive/") || strings.Contains(address, "after=") {
			continue
		}
		r, err := http.NewRequest(http.MethodGet, c.url+address, nil)
		if err != nil {
			c.t.Fatal(err)
		}
		r.Header.Set("A-IM", "feed")
		r.Header.Set("If-None-Match", etag)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			c.t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			c.t.Fatal(err)
		}
		if resp.StatusCode == http.StatusIMUsed {
			n++
			c.keep(address+"#delta", body)
		}
	}
	if n < 3 {
		c.t.Errorf("%d deltas", n)
	}
}

// judge holds every document against every judge.
func (c *crawl) judge() {
	c.t.Helper()
	kinds := map[string][]string{}
	seen := map[string]bool{}
	for _, file := range c.docs {
		if file != "" && !seen[file] {
			seen[file] = true
			kinds[filepath.Ext(file)] = append(kinds[filepath.Ext(file)], file)
		}
	}
	c.t.Logf("%d RSS, %d Atom and %d JSON documents", len(kinds[".rss"]), len(kinds[".atom"]), len(kinds[".json"]))
	if len(kinds[".atom"]) < 30 {
		c.t.Error("too few to prove anything")
	}
	xmllint, jing, python := need.Program(c.t, "xmllint"), need.Program(c.t, "jing"), need.Feedparser(c.t)
	for batch := range slices.Chunk(append(slices.Clone(kinds[".rss"]), kinds[".atom"]...), 200) {
		c.run(xmllint, append([]string{"--noout"}, batch...)...)
		c.run(python, append([]string{"-c", "import sys, feedparser\nbad = 0\nfor f in sys.argv[1:]:\n  d = feedparser.parse(f)\n  if d.bozo: print(f, d.bozo_exception); bad = 1\nsys.exit(bad)"}, batch...)...)
	}
	for batch := range slices.Chunk(kinds[".atom"], 200) {
		c.run(jing, append([]string{"-c", "-i", "../../feed/testdata/atom.rnc"}, batch...)...)
	}
	schema, err := jsonschema.NewCompiler().Compile("testdata/jsonfeed-1.1.schema.json")
	if err != nil {
		c.t.Fatal(err)
	}
	for ext, files := range kinds {
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				c.t.Fatal(err)
			}
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
				c.t.Errorf("%s: gofeed: %v", file, err)
			}
			ids := idsOf(c.t, ext[1:], body)
			if sorted := slices.Sorted(slices.Values(ids)); len(slices.Compact(sorted)) != len(ids) {
				c.t.Errorf("%s: an id stands there twice", file)
			}
			if ext != ".json" {
				continue
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
			if err == nil {
				err = schema.Validate(v)
			}
			if err != nil {
				c.t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func (c *crawl) run(name string, args ...string) {
	c.t.Helper()
	if out, err := exec.CommandContext(c.t.Context(), name, args...).CombinedOutput(); err != nil {
		c.t.Errorf("%s: %v\n%s", filepath.Base(name), err, out[:min(len(out), 4000)])
	}
}
