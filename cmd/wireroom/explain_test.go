package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const explained = `<!DOCTYPE html><html lang="en"><head><title>Bridge reopens | The Post</title>
<meta property="og:title" content="Bridge reopens after storm"><meta property="og:site_name" content="The Post">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge reopens","datePublished":"2026-03-01T10:00:00Z","author":{"@type":"Person","name":"Jane Doe"}}</script>
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge reopens</h1>
<p>RIGA, March 1 (Reuters) - The bridge over the river was opened again on Sunday, eleven months after a barge had damaged one of its piers in a storm.</p>
<p>Some two thousand people walked across it before the first cars were let on, among them the workers who had repaired it through the winter.</p>
<p>The city had set aside eight million euros for the work and says that it spent a little less, mostly because steel was cheaper than expected.</p>
<p>(Reporting by Jane Doe; Editing by John Roe)</p></article></body></html>`

// Every field of a record stands in the account with the input that gave it; what
// lost stands below.
func TestExplain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(explained), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := wireroom(t, "", "extract", "--explain", "--url", "https://post.example/a", file)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	at := 0
	for _, want := range []string{
		"FIELD", "id ", "wireroom", "language ", "html", "headline ", "Bridge reopens", "lost", "opengraph", "Bridge reopens after storm",
		"authors ", "json-ld", "Jane Doe", "editors ", "John Roe", "dateline ", "2026-03-01", "agencies ", "Reuters", "published ", "json-ld",
		"links.canonical ", "caller", "https://post.example/a", "body ", "words: RIGA", "lost", "Sport", "rights.republish",
	} {
		i := strings.Index(out[at:], want)
		if i < 0 {
			t.Fatalf("%q is not told after\n%s\nin\n%s", want, out[:at], out)
		}
		at += i + len(want)
	}
	code, out, errs = wireroom(t, "", "extract", "--explain", "--json", "--url", "https://post.example/a", file)
	var got struct {
		Headline string
		Explain  []account
	}
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	told := map[string]account{}
	for _, a := range got.Explain {
		told[a.Field] = a
	}
	if got.Headline != "Bridge reopens" || told["headline"].Input != "html" || len(told["headline"].Lost) < 3 {
		t.Errorf("headline %q: %+v", got.Headline, told["headline"])
	}
}

// Wires and feeds are accounted for as well: a wire says why a field is empty.
func TestExplainWireAndFeed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, c := range map[string]struct {
		doc  string
		want []string
	}{
		"wire.json": {
			`{"uri":"urn:x:1","type":"text","version":"2","headline":"UPDATE 1-Bridge reopens","pubstatus":"usable","versioncreated":"2026-03-01T10:00:00Z","language":"en","urgency":3}`,
			[]string{"revision ", "wire ", "update 1", "headline ", "wire ", "Bridge reopens", "raw_title ", "wire ", "body ", "-", "holds no text"},
		},
		"feed.xml": {
			`<rss version="2.0"><channel><title>The Post</title><language>en</language><item><guid>a</guid><title>One</title><description>&lt;p&gt;RIGA (AFP) - The first item has a text of its own.&lt;/p&gt;</description></item><item><title>Two</title></item></channel></rss>`,
			[]string{"headline ", "feed ", "One", "dateline ", "text ", "RIGA", "FIELD", "Two"},
		},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(c.doc), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := wireroom(t, "", "extract", "--explain", file)
		if code != 0 {
			t.Fatalf("%s: exit %d: %s", name, code, errs)
		}
		at := 0
		for _, want := range c.want {
			i := strings.Index(out[at:], want)
			if i < 0 {
				t.Fatalf("%s: %q is not told in\n%s", name, want, out)
			}
			at += i + len(want)
		}
	}
}
