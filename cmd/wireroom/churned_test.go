package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/internal/need"
	"wireroom/server"
	"wireroom/store/sqlite"
)

// together is how many sources one combined feed has, so few that all of their
// articles have room in it.
const together = 40

// TestChurnOfRealFeeds does ten things that publishers do to every feed of the
// corpora. No entry appears twice in any format, newsboat and feedparser, which
// keep what they have, see none as new, and no two articles become one.
func TestChurnOfRealFeeds(t *testing.T) {
	all := everyFeed(t)
	var docs []corpusFeed // that have articles
	p := newPublishing(t, all)
	fresh := p.poll(t)
	for i, src := range p.list {
		if fresh[src.id] > 0 {
			docs = append(docs, all[i])
		}
	}
	t.Logf("%d feeds, %d with articles", len(all), len(docs))
	for i := range churns {
		t.Run(churns[i].name, func(t *testing.T) { churnAll(t, &churns[i], docs) })
	}
}

// corpusFeed is a feed of the corpora.
type corpusFeed struct {
	name string
	body []byte
}

// everyFeed reads them.
func everyFeed(t *testing.T) (docs []corpusFeed) {
	t.Helper()
	err := filepath.WalkDir(need.Corpora(t, "feeds"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".jsonl" {
			return err
		}
		body, err := os.ReadFile(path)
		docs = append(docs, corpusFeed{filepath.ToSlash(path), body})
		return err
	})
	if err != nil || len(docs) < 1000 {
		t.Fatalf("%d feeds, %v", len(docs), err)
	}
	for i := range len(docs) / everyNth {
		docs[i] = docs[i*everyNth]
	}
	return docs[:len(docs)/everyNth]
}

// publishing is a publisher of feeds and a wireroom that reads them.
type publishing struct {
	*publisher
	dir  string
	list []source
}

func newPublishing(t *testing.T, docs []corpusFeed) *publishing {
	t.Helper()
	p := &publishing{publisher: newPublisher(t), dir: t.TempDir()}
	for i, doc := range docs {
		p.list = append(p.list, source{fmt.Sprintf("s%04d", i), fmt.Sprintf("%s/%04d", p.URL, i), ""})
		p.change(i, doc.body)
	}
	writeConfig(t, p.dir, "fetch: {allow_networks: [127.0.0.0/8], pace: 1ms}", p.list...)
	return p
}

// change puts up another document.
func (p *publishing) change(i int, doc []byte) { p.put(fmt.Sprintf("/%04d", i), string(doc)) }

// poll reads all feeds and returns how many new articles each brought.
func (p *publishing) poll(t *testing.T, args ...string) map[string]int {
	t.Helper()
	code, out, errs := wireroom(t, p.dir, append([]string{"refresh", "--json"}, args...)...)
	if code == 2 {
		t.Fatal(errs)
	}
	fresh := map[string]int{}
	for line := range strings.Lines(out) {
		var r report
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.New > 0 {
			fresh[r.Source] = r.New
		}
	}
	return fresh
}

// beyondRecall reports whether nothing is left of an article by which it could be
// known again. Whole feeds are named one by one; the fragments of a parser's test
// suite, most of which have a field or two, are judged by what they have.
func beyondRecall(c *churn, name string, records []article.Record) bool {
	if strings.Contains(name, "/feed-rs/") {
		return slices.Contains(beyond[filepath.Base(name)], c.name)
	}
	return slices.ContainsFunc(records, func(r article.Record) bool { return !c.spares(&r, records) })
}

func churnAll(t *testing.T, c *churn, docs []corpusFeed) {
	p := newPublishing(t, docs)
	first := p.poll(t)
	shelf := newShelf(t, p.dir, p.list)
	before := shelf.visit(t)

	cases, articles, skipped := 0, 0, 0
	for i, doc := range docs {
		id := p.list[i].id
		records := shelf.articles(t, id)
		changed := c.apply(doc.body)
		if string(changed) == string(doc.body) || len(records) == 0 {
			continue
		}
		if beyondRecall(c, doc.name, records) {
			skipped++
			continue
		}
		cases++
		articles += len(records)
		p.change(i, changed)
	}
	t.Logf("%d feeds with %d articles changed; of %d more nothing is left by which an article could be known", cases, articles, skipped)
	if cases < 8/everyNth {
		t.Error("too few to prove anything")
	}
	for id, n := range p.poll(t, "--force") {
		t.Errorf("%s: %d of %d articles came as new ones", id, n, first[id])
	}
	if err := shelf.pub.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	shelf.compare(t, before, shelf.visit(t), c.title == nil)
}

// shelf is a server with the feeds of all sources, and the readers of it.
type shelf struct {
	store *sqlite.Store
	pub   *server.Publisher
	srv   *httptest.Server
	feeds []string
	boat  func(args ...string) string
	past  string // what feedparser keeps
}

func newShelf(t *testing.T, dir string, list []source) *shelf {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "data", "wireroom.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := &shelf{store: s, past: filepath.Join(dir, "past.json")}
	if h.pub, err = server.NewPublisher(s, nil); err != nil {
		t.Fatal(err)
	}
	h.srv = httptest.NewServer(server.New(server.Options{Store: s, Publisher: h.pub}).Handler())
	t.Cleanup(h.srv.Close)
	var channels []feed.Channel
	var urls strings.Builder
	for part := range slices.Chunk(list, together) {
		c := feed.Channel{ID: fmt.Sprintf("f%d", len(channels)), Title: "Churn", Language: "en", Select: article.Query{Limit: 1000}}
		for _, src := range part {
			c.Select.Sources = append(c.Select.Sources, src.id)
		}
		channels, h.feeds = append(channels, c), append(h.feeds, c.ID)
		fmt.Fprintf(&urls, "%[1]s/feeds/%[2]s.atom\n%[1]s/feeds/%[2]s.rss\n", h.srv.URL, c.ID)
	}
	if err := h.pub.Set(t.Context(), feed.Site{BaseURL: h.srv.URL, Name: "Test", Authority: "x.example"}, channels); err != nil {
		t.Fatal(err)
	}
	h.boat = newsboat(t, urls.String())
	return h
}

// articles are those of a source.
func (h *shelf) articles(t *testing.T, source string) []article.Record {
	t.Helper()
	list, err := h.store.Select(t.Context(), article.Query{Sources: []string{source}, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// seen is what readers made of a visit.
type seen struct {
	entries map[string]string // by id: what the JSON Feed has of it
	counts  map[string]int    // of entries, by feed and format
	unread  int               // of newsboat
	fresh   int               // of feedparser
}

// visit has all readers read all feeds.
func (h *shelf) visit(t *testing.T) (v seen) {
	t.Helper()
	v = seen{entries: map[string]string{}, counts: map[string]int{}}
	for _, id := range h.feeds {
		for _, path := range documents(id) {
			body, _ := get(t, h.srv.URL+path)
			f, err := gofeed.NewParser().ParseString(string(body))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			v.counts[path] = len(f.Items)
			once := map[string]bool{}
			for _, item := range f.Items {
				if once[item.GUID] {
					t.Errorf("%s has %s twice", path, item.GUID)
				}
				once[item.GUID] = true
			}
			if strings.HasSuffix(path, ".json") {
				for _, item := range f.Items {
					v.entries[item.GUID] = item.Description + "\n" + item.Content
				}
			}
		}
		for _, path := range documents(id) {
			if n, want := v.counts[path], v.counts[documents(id)[0]]; n != want {
				t.Errorf("%s has %d entries, in another format it has %d", path, n, want)
			}
		}
	}
	h.boat("-x", "reload")
	unread, _, _ := strings.Cut(h.boat("-x", "print-unread"), " ")
	var err error
	if v.unread, err = strconv.Atoi(unread); err != nil {
		t.Fatalf("newsboat: %v", err)
	}
	v.fresh = h.feedparser(t)
	return v
}

// feedparser reads the Atom feeds with what it has kept and returns how many
// entries it had not seen before.
func (h *shelf) feedparser(t *testing.T) int {
	t.Helper()
	const script = `import feedparser, json, os, sys
past = json.load(open(sys.argv[1])) if os.path.exists(sys.argv[1]) else {}
fresh = 0
for url in sys.argv[2:]:
    kept = past.setdefault(url, {"etag": None, "ids": []})
    f = feedparser.parse(url, etag=kept["etag"])
    fresh += len(set(e.id for e in f.entries) - set(kept["ids"]))
    kept["ids"] = list(set(kept["ids"]) | set(e.id for e in f.entries))
    kept["etag"] = f.get("etag") or kept["etag"]
json.dump(past, open(sys.argv[1], "w"))
print(fresh)`
	args := []string{"-c", script, h.past}
	for _, id := range h.feeds {
		args = append(args, h.srv.URL+"/feeds/"+id+".atom")
	}
	cmd := exec.Command(need.Feedparser(t), args...)
	cmd.Env = append(os.Environ(), "no_proxy=*")
	out, err := cmd.CombinedOutput()
	n, fault := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || fault != nil {
		t.Fatalf("feedparser: %v: %s", err, out)
	}
	return n
}

// compare holds a visit against the one before the churn.
func (h *shelf) compare(t *testing.T, before, now seen, sameText bool) {
	t.Helper()
	if len(before.entries) < 300/everyNth || before.unread < len(before.entries) || before.fresh != len(before.entries) {
		t.Errorf("at first %d entries, newsboat has %d unread, feedparser %d: too few to prove anything", len(before.entries), before.unread, before.fresh)
	}
	if !maps.Equal(before.counts, now.counts) {
		t.Errorf("entries by feed were %v, are %v", before.counts, now.counts)
	}
	for id, was := range before.entries {
		is, ok := now.entries[id]
		if !ok {
			t.Errorf("%s is gone", id)
		} else if is != was && sameText {
			t.Errorf("%s became another article:\n%s\n%s", id, was, is)
		}
	}
	if now.unread != before.unread {
		t.Errorf("newsboat had %d unread, has %d", before.unread, now.unread)
	}
	if now.fresh != 0 {
		t.Errorf("feedparser sees %d entries as new", now.fresh)
	}
}

// newsboat makes a newsboat that is subscribed to addresses.
func newsboat(t *testing.T, urls string) func(args ...string) string {
	t.Helper()
	prog := need.Program(t, "newsboat")
	dir := t.TempDir()
	for name, content := range map[string]string{"urls": urls, "config": "auto-reload no\nreload-threads 4\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(args ...string) string {
		t.Helper()
		cmd := exec.Command(prog, append([]string{"-u", dir + "/urls", "-c", dir + "/cache.db", "-C", dir + "/config"}, args...)...)
		cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=dumb", "LC_ALL=C.UTF-8")
		cmd.WaitDelay = time.Minute
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("newsboat %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
}
