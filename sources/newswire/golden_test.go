package newswire

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wireroom/sources"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden is what a golden file holds of one sample.
type golden struct {
	Format string       `json:"format"`
	Error  string       `json:"error,omitempty"`
	Next   string       `json:"next,omitempty"`
	Parts  bool         `json:"truncated,omitempty"`
	Left   int          `json:"not_news,omitempty"`
	Items  []goldenItem `json:"items,omitempty"`
}

type goldenItem struct {
	GUID      string            `json:"guid"`
	Published string            `json:"published_text,omitempty"`
	Updated   string            `json:"updated_text,omitempty"`
	Content   string            `json:"content_url,omitempty"`
	Record    json.RawMessage   `json:"record"`
	Gaps      map[string]string `json:"gaps,omitempty"`
}

var received = Options{URL: "https://wire.example.org/in/", Received: time.Date(2024, 3, 7, 12, 0, 0, 0, time.UTC)}

// samples are the files that we wrote in the manner of each agency.
func samples(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range names {
		if !strings.HasSuffix(n, ".golden") && n != "testdata/fuzz" {
			out = append(out, n)
		}
	}
	return out
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	t.Parallel()
	names := samples(t)
	if len(names) < 40 {
		t.Fatalf("only %d samples", len(names))
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			body := sample(t, name)
			got := render(t, body)
			if strings.Contains(string(got), "GEHEIM") || strings.Contains(string(got), "SECRET") {
				t.Error("what is not for publication got out")
			}
			file := name + ".golden"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(sample(t, file)), string(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func render(t *testing.T, body []byte) []byte {
	t.Helper()
	g := golden{Format: string(Detect(body))}
	doc, err := Parse(body, received)
	if err != nil {
		g.Error = err.Error()
	} else {
		g.Next, g.Parts, g.Left = first(doc.NextURL, doc.Cursor), doc.Truncated, doc.Repairs["not-news"]
		for i := range doc.Items {
			it := &doc.Items[i]
			r, err := json.Marshal(it.Record)
			if err != nil {
				t.Fatal(err)
			}
			g.Items = append(g.Items, goldenItem{it.GUID, it.PublishedText, it.UpdatedText, it.ContentURL, r, Gaps(it)})
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The versions of one item in either order: the correction replaces the update,
// and the cancellation is the last word, whatever the numbers say.
func TestNewer(t *testing.T) {
	t.Parallel()
	version := func(name string) *sources.Item {
		doc, err := Parse(sample(t, "testdata/"+name), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return &doc.Items[0]
	}
	first, second, last := version("g2-reuters-update.xml"), version("g2-reuters-correction.xml"), version("g2-reuters-cancel.xml")
	if first.GUID != second.GUID || second.GUID != last.GUID {
		t.Fatal("three versions of one item with different ids")
	}
	if first.Record.Version < second.Record.Version || second.Record.Version < last.Record.Version {
		t.Fatal("the samples' numbers should fall, as Reuters' may")
	}
	order := []*sources.Item{first, second, last}
	for i, a := range order {
		for j, b := range order {
			if got := Newer(a, b); got != (i > j) {
				t.Errorf("version %d newer than %d: %v", i, j, got)
			}
		}
	}
	undated := *first
	undated.Record.Updated = time.Time{}
	if !Newer(first, &sources.Item{}) || Newer(&undated, first) {
		t.Error("without dates the number must decide")
	}
}

func TestNewsMLIdentity(t *testing.T) {
	t.Parallel()
	a, err := Parse(sample(t, "testdata/newsml-afp.xml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(sample(t, "testdata/newsml-cancel.xml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Items[0].GUID != b.Items[0].GUID || !Newer(&b.Items[0], &a.Items[0]) {
		t.Errorf("revisions %q and %q of one item", a.Items[0].GUID, b.Items[0].GUID)
	}
}

func TestAddText(t *testing.T) {
	t.Parallel()
	doc, err := Parse(sample(t, "testdata/ap-feed.json"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	it := &doc.Items[0]
	if it.ContentURL == "" || it.Record.Body.Text != "" {
		t.Fatalf("the feed's item should tell where its text lies: %+v", it)
	}
	headline := it.Record.Headline
	if err := AddText(it, sample(t, "testdata/nitf-ap.xml"), Options{}); err != nil {
		t.Fatal(err)
	}
	if it.ContentURL != "" || !strings.Contains(it.Record.Body.Text, "Ferries use less fuel") || it.Record.Headline != headline {
		t.Errorf("after the text was added: %+v", it.Record)
	}
	for name, body := range map[string][]byte{"no format": []byte("x"), "two items": sample(t, "testdata/ap-feed.json"), "no text": sample(t, "testdata/ninjs-canceled.json")} {
		if err := AddText(it, body, Options{}); err == nil {
			t.Errorf("%s: was taken for a text", name)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "  ", "hello", "<html/>", "<rss/>", "{}", "[]", `{"version":"https://jsonfeed.org/version/1.1","items":[]}`, "<?xml version='1.0'?>", "<!DOCTYPE x [", "<!-- ", "\x01\x02"} {
		if f := Detect([]byte(s)); f != "" {
			t.Errorf("%q is taken for %s", s, f)
		}
		if _, err := Parse([]byte(s), Options{}); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: %v", s, err)
		}
	}
	var refusal *Refusal
	for _, name := range []string{"g2-concept.xml", "g2-planning.xml", "g2-events.xml", "g2-empty.xml", "ninjs-event.json", "ninjs-empty.json", "newsml-topicset.xml", "ap-empty.json", "dpa-nothing.json", "anpa-nothing.tst"} {
		if _, err := Parse(sample(t, "testdata/"+name), Options{}); !errors.As(err, &refusal) || refusal.Reason == "" {
			t.Errorf("%s: no clear reason: %v", name, err)
		}
	}
	for _, s := range []string{"<newsItem guid='x'", "<nitf></nitf>", `{"uri":"x","type":"text",`, `{"uri":"x","headline":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}"} {
		if _, err := Parse([]byte(s), Options{}); err == nil {
			t.Errorf("%.40q was read", s)
		}
	}
}
