package read

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireroom/sources"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name, body string
		format     string
		items      int
		kind       string // of the error
	}{
		{"rss", `<rss version="2.0"><channel><title>T</title><item><title>a</title></item></channel></rss>`, "rss", 1, ""},
		{"atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>a</id><title>a</title></entry></feed>`, "atom", 1, ""},
		{"json", `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1"}]}`, "json", 1, ""},
		{"ninjs", `{"uri":"urn:x:1","type":"text","version":"1","headline":"H","body_text":"Text.","pubstatus":"usable","versioncreated":"2026-11-23T12:00:00Z","language":"en"}`, "ninjs", 1, ""},
		{"nitf", `<?xml version="1.0"?><nitf><head><docdata><doc-id id-string="a1"/></docdata></head><body><body.head><hedline><hl1>H</hl1></hedline></body.head><body.content><p>Text.</p></body.content></body></nitf>`, "nitf", 1, ""},
		{"sitemap", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://x.example/1</loc></url></urlset>`, "sitemap", 1, ""},
		{"h-feed", `<html><body><div class="h-entry"><a class="p-name u-url" href="/1">a</a></div></body></html>`, "h-feed", 1, ""},
		{"page", `<!doctype html><html><body><p>Nothing here.</p></body></html>`, "", 0, NotAFeed},
		{"opml", `<opml version="2.0"><body><outline xmlUrl="https://x.example/f"/></body></opml>`, "", 0, NotAFeed},
		{"other XML", `<?xml version="1.0"?><note>hello</note>`, "", 0, NotAFeed},
		{"text", "hello", "", 0, NotAFeed},
		{"a planning item", `<?xml version="1.0"?><planningItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x" version="1"><itemMeta/></planningItem>`, "", 0, NotNews},
		{"a wire, broken", `<?xml version="1.0"?><nitf>` + strings.Repeat("<p>", 2000), "", 0, "malformed"},
		{"nothing", "", "", 0, ""},
		{"a bomb", strings.Repeat("<a>", 300_000), "", 0, ""},
	} {
		doc, err := Document([]byte(k.body), Options{URL: "https://x.example/feed"})
		if k.format == "" {
			var e *Error
			if !errors.As(err, &e) || e.Kind == "" || k.kind != "" && e.Kind != k.kind {
				t.Errorf("%s: %v, want an error of kind %q", k.name, err, k.kind)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
		} else if !strings.HasPrefix(doc.Format, k.format) || len(doc.Items) != k.items {
			t.Errorf("%s: format %q, %d items", k.name, doc.Format, len(doc.Items))
		}
	}
}

func TestDocumentSaysWhatElseItIs(t *testing.T) {
	t.Parallel()
	var page *Page
	if _, err := Document([]byte(`<html><body><p>x</p></body></html>`), Options{}); !errors.As(err, &page) || len(page.Body) == 0 || page.Error() == "" {
		t.Errorf("a page: %v", err)
	}
	var list *List
	if _, err := Document([]byte(`<opml version="2.0"><body><outline type="rss" xmlUrl="https://x.example/f"/></body></opml>`), Options{}); !errors.As(err, &list) || len(list.Outlines) != 1 || list.Error() == "" {
		t.Errorf("a list: %v", err)
	}
}

// TestNothingOutlivesItsMemory reads documents one after the other, which use each
// other's buffers, and looks whether the first ones are still what they were.
func TestNothingOutlivesItsMemory(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../syndication/testdata/*.[xj]*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var docs []*sources.Document
	var said []string
	for range 5 {
		for _, name := range files {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := Document(body, Options{URL: "https://e.example/feed"})
			if err != nil {
				continue // a golden file
			}
			docs, said = append(docs, doc), append(said, fmt.Sprintf("%+v", *doc))
			clear(body)
		}
	}
	for i, doc := range docs {
		if now := fmt.Sprintf("%+v", *doc); now != said[i] {
			t.Errorf("document %d became %s, was %s", i, now, said[i])
		}
	}
}
