package webpage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"wireroom/article"
)

// Whatever the bytes are, a page ends in a record or an error, and what the
// record says is text.
func FuzzExtract(f *testing.F) {
	for _, pattern := range []string{"testdata/*.html", "testdata/*.txt"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b, "")
		}
	}
	f.Add([]byte("<p>\xff\xfe<b><table><a></p></b>"), "text/html; charset=shift_jis")
	f.Add([]byte(`<script type="application/ld+json">{"@graph":[{"@id":"a","@type":["NewsArticle"],"author":{"@id":"a"},"image":[[]]}]}</script>`), "")
	f.Add([]byte("<h1><h1></h1><svg><p>x</svg><ruby>a<rt>b"), "text/html")
	f.Add([]byte("Title of it\n\nhttps://a.example/b\nwordsFoto: A/AFP\n\nA paragraph, he said.\n\nab (AFP)"), "text/plain")
	f.Fuzz(func(t *testing.T, page []byte, contentType string) {
		if len(page) > 64<<10 {
			return
		}
		res, err := Extract(page, Options{URL: "https://news.example/a/b.html", ContentType: contentType, Explain: true})
		if (res == nil) == (err == nil) {
			t.Fatalf("neither a record nor an error: %v, %v", res, err)
		}
		if err == nil {
			checkRecord(t, &res.Record)
		}
	})
}

// checkRecord holds what is true of every record.
func checkRecord(t *testing.T, r *article.Record) {
	t.Helper()
	for name, s := range map[string]string{"headline": r.Headline, "kicker": r.Kicker, "standfirst": r.Standfirst, "byline": r.Byline, "sign_off": r.SignOff, "text": r.Body.Text} {
		if !utf8.ValidString(s) {
			t.Errorf("%s is not UTF-8: %q", name, s)
		}
	}
	for _, u := range []string{r.Links.Canonical, r.Links.Short, r.Publisher.URL} {
		if u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
			t.Errorf("address %q", u)
		}
	}
	var lines []string
	for i, s := range r.Body.Sections {
		if i > 0 && s.Heading == "" {
			t.Errorf("section %d has no heading", i)
		}
		if s.Heading != "" {
			lines = append(lines, s.Heading)
		}
		for _, b := range s.Blocks {
			switch {
			case b.Type == "table":
				for _, row := range b.Rows {
					lines = append(lines, strings.Join(row, "\t"))
				}
			case b.Text != "":
				lines = append(lines, b.Text)
			}
			lines = append(lines, b.Items...)
			if b.Type == "embed" && b.URL == "" || b.Type == "figure" && (b.Media == nil || b.Media.URL == "") {
				t.Errorf("%s without an address", b.Type)
			}
		}
	}
	if text := strings.Join(lines, "\n\n"); text != r.Body.Text {
		t.Errorf("text is not that of the sections:\n%q\n%q", r.Body.Text, text)
	}
}
