package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"

	"github.com/mmcdole/gofeed"
)

// get fetches a document without decompression by the client.
func get(t *testing.T, url string) (body []byte, etag string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, resp.Status, err)
	}
	return body, resp.Header.Get("ETag")
}

// TestRealFeeds is the main job on real input: a publisher hands out the feeds
// of a public test suite, a refresh reads them all, and the combined feeds
// satisfy every judge; a second refresh gets 304s only and changes no byte.
func TestRealFeeds(t *testing.T) {
	dir := t.TempDir()
	p := newPublisher(t)
	var list []source
	root := need.Corpora(t, "feeds", "feed-rs")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		name := fmt.Sprintf("/%03d", len(list))
		p.put(name, string(body))
		list = append(list, source{fmt.Sprintf("s%03d", len(list)), p.URL + name, ""})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	writeConfig(t, dir, "fetch: {allow_networks: [127.0.0.0/8], pace: 1ms}\nfeeds: [{id: wide, limit: 1000}, {id: english, select: {languages: [en]}}, {id: none, select: {match: nosuchwordanywhere}}]\n"+
		"", list...)
	code, out, errs := wireroom(t, dir, "refresh", "--json")
	if code == 2 {
		t.Fatal(errs)
	}
	var reports []report
	for line := range strings.Lines(out) {
		var r report
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
		if r.Error != "" && !strings.Contains(errs, r.Source) {
			t.Errorf("the failure of %s is not named", r.Source)
		}
	}
	if len(reports) != len(list) {
		t.Errorf("%d reports of %d sources", len(reports), len(list))
	}
	t.Logf("%d sources, %d articles, failures:\n%s", len(list), sum(reports), errs)

	s := serve(t, dir)
	judge(t, s.url, "all", "wide", "english", "none")
	before := map[string]string{}
	for _, path := range documents("all", "wide", "english", "none") {
		body, etag := get(t, s.url+path)
		before[path] = etag + string(body)
	}
	p.tally()
	if code, out, errs = wireroom(t, dir, "refresh", "--force", "--json"); code == 2 {
		t.Fatal(errs)
	}
	failing := strings.Count(out, `"error"`)
	if c := p.tally(); c[304] != len(list)-failing {
		t.Errorf("second refresh: %v, want %d times 304 (%d sources fail)\n%s", c, len(list)-failing, failing, out)
	}
	for path, was := range before {
		if body, etag := get(t, s.url+path); etag+string(body) != was {
			t.Errorf("%s changed without news", path)
		}
	}
}

func sum(reports []report) (n int) {
	for _, r := range reports {
		n += r.New
	}
	return n
}

func documents(feeds ...string) []string {
	var list []string
	for _, f := range feeds {
		list = append(list, "/feeds/"+f+".rss", "/feeds/"+f+".atom", "/feeds/"+f+".json")
	}
	return list
}

// judge holds the documents against xmllint, jing, feedparser and gofeed, and
// their ids against one another.
func judge(t *testing.T, url string, feeds ...string) {
	t.Helper()
	xmllint, jing := need.Program(t, "xmllint"), need.Program(t, "jing")
	for _, id := range feeds {
		var ids [3][]string
		for i, body := range edition(t, url, id) {
			ext := [...]string{"rss", "atom", "json"}[i]
			file := filepath.Join(t.TempDir(), id+"."+ext)
			if err := os.WriteFile(file, body, 0o600); err != nil {
				t.Fatal(err)
			}
			if ext != "json" {
				verdict(t, file, xmllint, "--noout", file)
				verdict(t, file, "/usr/bin/python3", "-c", "import sys, feedparser; d = feedparser.parse(sys.argv[1]); sys.exit(str(d.bozo_exception) if d.bozo else 0)", file)
			}
			if ext == "atom" {
				verdict(t, file, jing, "-c", "-i", "../../feed/testdata/atom.rnc", file)
			}
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
				t.Errorf("%s: gofeed: %v", file, err)
			}
			ids[i] = idsOf(t, ext, body)
			if sorted := slices.Sorted(slices.Values(ids[i])); len(slices.Compact(sorted)) != len(ids[i]) {
				t.Errorf("%s: an id stands there twice", file)
			}
		}
		if !slices.Equal(ids[0], ids[1]) || !slices.Equal(ids[0], ids[2]) {
			t.Errorf("%s: the ids of the three formats differ:\n%v\n%v\n%v", id, ids[0], ids[1], ids[2])
		}
	}
}

// edition fetches the three formats of a feed as they stand at one moment: again
// if news came in between.
func edition(t *testing.T, url, id string) (bodies [3][]byte) {
	t.Helper()
	for range 20 {
		_, before := get(t, url+"/feeds/"+id+".rss")
		for i, path := range documents(id) {
			bodies[i], _ = get(t, url+path)
		}
		time.Sleep(200 * time.Millisecond) // a rendering puts up all formats at once
		if _, after := get(t, url+"/feeds/"+id+".rss"); after == before {
			return bodies
		}
	}
	t.Fatalf("%s: the feed did not rest for a moment", id)
	return bodies
}

func verdict(t *testing.T, file, name string, args ...string) {
	t.Helper()
	if _, err := os.Stat(name); err != nil && strings.HasPrefix(name, "/") {
		need.Program(t, name)
	}
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Errorf("%s: %s: %v\n%s", file, filepath.Base(name), err, out)
	}
}

func idsOf(t *testing.T, ext string, body []byte) (ids []string) {
	t.Helper()
	switch ext {
	case "rss":
		var d struct {
			IDs []string `xml:"channel>item>guid"`
		}
		if err := xml.Unmarshal(body, &d); err != nil {
			t.Fatal(err)
		}
		return d.IDs
	case "atom":
		var d struct {
			IDs []string `xml:"entry>id"`
		}
		if err := xml.Unmarshal(body, &d); err != nil {
			t.Fatal(err)
		}
		return d.IDs
	}
	var d struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &d); err != nil {
		t.Fatal(err)
	}
	for _, it := range d.Items {
		ids = append(ids, it.ID)
	}
	return ids
}
