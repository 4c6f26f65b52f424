package syndication

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wireroom/internal/need"
	"wireroom/sources"
)

// TestHostile reads hand-made hard cases. What isn't about feeds, or is decided by
// a later step, is left to the tests of those.
func TestHostile(t *testing.T) {
	t.Parallel()
	root := need.Corpora(t)
	rows, err := os.Open(filepath.Join(root, "hostile", "feeds.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	elsewhere := map[string]string{
		"fmt-opml.feed":       "a list of feeds",
		"fmt-sitemap.feed":    "a sitemap",
		"fmt-hfeed.feed":      "a page",
		"json-lone-surr.feed": "the replacement character is dropped when text is cleaned",
	}
	sc := bufio.NewScanner(rows)
	for sc.Scan() {
		var row struct {
			File string
			Want map[string]any
		}
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if elsewhere[row.File] != "" {
			continue
		}
		body, err := os.ReadFile(filepath.Join(root, "hostile", "feeds", row.File))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := readBytes(body)
		if err != nil {
			t.Errorf("%s: %v", row.File, err)
			continue
		}
		for what, want := range row.Want {
			if got, want := value(doc, what, want); got != want {
				t.Errorf("%s: %s is %q, want %q", row.File, what, got, want)
			}
		}
	}
}

// value is one value of the document's first item and what it should be, both as
// text or number.
func value(doc *sources.Document, what string, want any) (any, any) {
	var it sources.Item
	if len(doc.Items) > 0 {
		it = doc.Items[0]
	}
	text, _ := want.(string)
	switch what {
	case "items", "n":
		return float64(len(doc.Items)), want
	case "id":
		return fold(it.GUID), fold(text)
	case "title":
		return fold(it.Record.Headline), fold(text)
	case "ftitle":
		return fold(doc.Title), fold(text)
	case "link":
		return fold(it.Record.Links.Canonical), fold(text)
	case "content":
		if it.Record.Body.HTML == "" {
			return fold(it.Record.Standfirst), fold(text)
		}
		return fold(it.Record.Body.HTML), fold(text)
	case "date", "published", "updated":
		return it.Record.Published.Format(time.RFC3339), text
	}
	return "unknown", what
}
