package syndication

import (
	"bufio"
	"bytes"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireroom/internal/need"
	"wireroom/sources"
	"wireroom/sources/repair"
)

// wanted is one row of the corpus: what another reader makes of a file.
type wanted struct {
	File  string
	Title string
	Items []struct{ ID, Title, Link, Date, Content string }
}

const corpusURL = "http://127.0.0.1:8097/feed.xml"

// TestCorpus holds the package to public test suites: of each kind of value at
// least the share that is asked for must agree with the other reader.
func TestCorpus(t *testing.T) {
	t.Parallel()
	root := need.Corpora(t)
	rows, err := os.Open(filepath.Join(root, "feeds", "expected.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	differ := onPurpose(t)
	score := map[string]*[2]int{}
	mark := func(what string, ok bool, file string, got, want any) {
		if differ[file+" "+what] {
			return
		}
		if score[what] == nil {
			score[what] = new([2]int)
		}
		score[what][1]++
		if ok {
			score[what][0]++
		} else {
			t.Logf("%s: %s: %q, want %q", what, file, got, want)
		}
	}
	sc := bufio.NewScanner(rows)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var w wanted
		if err := json.Unmarshal(sc.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		compare(t, filepath.Join(root, "feeds"), w, mark)
	}
	for what, s := range score {
		share := float64(s[0]) / float64(s[1])
		t.Logf("%-8s %5d of %5d  %.3f", what, s[0], s[1], share)
		if share < 0.98 {
			t.Errorf("%s: %d of %d agree, less than 98 %%", what, s[0], s[1])
		}
	}
}

// onPurpose reads from the documentation which values of which files are read
// otherwise than the other reader does.
func onPurpose(t *testing.T) map[string]bool {
	doc, err := os.ReadFile("../../docs/reading.md")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (\\w+) \\|").FindAllSubmatch(doc, -1) {
		list[string(row[1])+" "+string(row[2])] = true
	}
	if len(list) == 0 {
		t.Error("docs/reading.md lists no differences")
	}
	return list
}

func compare(t *testing.T, root string, w wanted, mark func(what string, ok bool, file string, got, want any)) {
	body, err := os.ReadFile(filepath.Join(root, w.File))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := readBytes(body)
	mark("answered", err == nil, w.File, err, nil)
	if err != nil {
		doc = &sources.Document{}
	}
	mark("items", len(doc.Items) == len(w.Items), w.File, len(doc.Items), len(w.Items))
	if w.Title != "" {
		mark("feed", fold(doc.Title) == fold(w.Title), w.File, doc.Title, w.Title)
	}
	for i, want := range w.Items {
		var it sources.Item
		if i < len(doc.Items) {
			it = doc.Items[i]
		}
		same := func(what, got, want string) {
			if want != "" {
				mark(what, fold(got) == fold(want), w.File, got, want)
			}
		}
		r := it.Record
		content := r.Body.HTML
		if content == "" {
			content = r.Standfirst
		}
		same("id", it.GUID, want.ID)
		same("title", r.Headline, want.Title)
		same("link", r.Links.Canonical, want.Link)
		same("content", content, want.Content)
		if want.Date != "" {
			when := r.Published
			if when.IsZero() {
				when = r.Updated
			}
			d, err := time.Parse(time.RFC3339, want.Date)
			if err != nil {
				t.Fatal(err)
			}
			mark("date", when.Unix() == d.Unix(), w.File, it.PublishedText+"|"+it.UpdatedText, want.Date)
		}
	}
}

func readBytes(body []byte) (*sources.Document, error) {
	r, err := repair.Document(body, repair.Options{})
	if err != nil {
		return nil, err
	}
	return Parse(r, Options{URL: corpusURL})
}

var tags = regexp.MustCompile(`<[^>]*>`)

// fold is text without markup and layout, for comparison.
func fold(s string) string {
	s = html.UnescapeString(html.UnescapeString(s))
	return string(bytes.Join(bytes.Fields([]byte(tags.ReplaceAllString(strings.ToValidUTF8(s, ""), " "))), []byte(" ")))
}
