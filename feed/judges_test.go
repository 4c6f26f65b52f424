package feed_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wireroom/feed"
	"wireroom/internal/need"
)

// documents are rendered feeds by file name, "name.rss", "name.atom" or
// "name.json", each with the address it says it has.
type documents map[string]document

type document struct {
	body []byte
	self string
}

// add renders a page in every format.
func (d documents) add(t *testing.T, name string, s feed.Site, c feed.Channel, p feed.Page) {
	t.Helper()
	doc := feed.Prepare(s, c, p)
	for _, f := range feed.Formats() {
		body, err := doc.Render(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d[name+"."+string(f)] = document{body, s.FeedURL(&c, f, p.Nav.Self)}
	}
}

// write puts the documents in a folder and returns the paths of the XML ones.
func (d documents) write(t *testing.T, ext ...string) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	for name, doc := range d {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, doc.body, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, e := range ext {
			if strings.HasSuffix(name, e) {
				paths = append(paths, path)
			}
		}
	}
	return dir, paths
}

// rules holds every document to the rules of our own checkers.
func (d documents) rules(t *testing.T) {
	t.Helper()
	for name, doc := range d {
		var faults []string
		if strings.HasSuffix(name, ".json") {
			faults = checkJSONFeed(doc.body)
		} else {
			faults = checkXML(doc.body, doc.self)
		}
		if len(doc.body) > 1<<20 && !strings.Contains(name, "archive") {
			t.Errorf("%s has %d bytes", name, len(doc.body))
		}
		if len(faults) > 5 {
			faults = append(faults[:5], "…")
		}
		for _, f := range faults {
			t.Errorf("%s: %s", name, f)
		}
	}
}

// xmllint judges that they are well-formed.
func (d documents) xmllint(t *testing.T) {
	t.Helper()
	prog := need.Program(t, "xmllint")
	_, paths := d.write(t, ".rss", ".atom")
	if out, err := exec.Command(prog, append([]string{"--noout", "--huge"}, paths...)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("xmllint: %v\n%.2000s", err, out)
	}
}

// jing judges the Atom ones by RFC 4287's schema.
func (d documents) jing(t *testing.T) {
	t.Helper()
	prog := need.Program(t, "jing")
	_, paths := d.write(t, ".atom")
	out, err := exec.Command(prog, append([]string{"-c", "-i", "testdata/atom.rnc"}, paths...)...).Output()
	if err != nil || len(out) > 0 {
		t.Errorf("jing: %v\n%.2000s", err, out)
	}
}

// parsed is what Python's feedparser made of one document.
type parsed struct {
	Bozo    int
	Why     string
	Version string
	IDs     []string
	Titles  []string
	Credits []string
}

// feedparser reads the XML ones; none may need mending.
func (d documents) feedparser(t *testing.T) map[string]parsed {
	t.Helper()
	python := need.Feedparser(t)
	dir, _ := d.write(t)
	const script = `
import feedparser, glob, json, os, sys
out = {}
for p in glob.glob(sys.argv[1] + "/*"):
    if p.endswith(".json"): continue
    f = feedparser.parse(open(p, "rb").read())
    out[os.path.basename(p)] = {"bozo": int(f.bozo), "why": str(f.get("bozo_exception", "")), "version": f.version,
        "ids": [e.get("id", "") for e in f.entries], "titles": [e.get("title", "") for e in f.entries],
        "credits": [c.get("content", "") for e in f.entries for c in e.get("media_credit", [])]}
json.dump(out, sys.stdout)`
	var stderr bytes.Buffer
	cmd := exec.Command(python, "-c", script, dir)
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("feedparser: %v\n%s", err, stderr.String())
	}
	out := map[string]parsed{}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	for name, p := range out {
		if p.Bozo != 0 {
			t.Errorf("feedparser had to mend %s: %s", name, p.Why)
		}
		if want := map[string]string{".rss": "rss20", ".atom": "atom10"}[filepath.Ext(name)]; p.Version != want {
			t.Errorf("feedparser takes %s for %q", name, p.Version)
		}
	}
	return out
}
