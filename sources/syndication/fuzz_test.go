package syndication

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"wireroom/article"
	"wireroom/sources/repair"
)

func FuzzParse(f *testing.F) {
	for _, body := range inputs(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := repair.Document(body, repair.Options{})
		if err != nil {
			return
		}
		switch r.Kind {
		case repair.RSS:
			if shaped, err := shapeRSS(r.Body); err != nil {
				t.Errorf("a repaired document has no shape: %v in %q", err, r.Body)
			} else {
				wellFormed(t, shaped.doc)
			}
		case repair.Atom:
			if shaped, err := shapeAtom(r.Body); err != nil {
				t.Errorf("a repaired document has no shape: %v in %q", err, r.Body)
			} else {
				wellFormed(t, shaped.doc)
			}
		case repair.JSON:
		default:
			return
		}
		doc, err := Parse(r, Options{URL: "https://e.example/feed"})
		if err != nil {
			if strings.Contains(err.Error(), "panicked") || r.Kind != repair.JSON {
				t.Errorf("%v in %q", err, r.Body)
			}
			return
		}
		if r.Kind != repair.JSON && len(r.Entries) > len(doc.Items) {
			t.Errorf("%d items of %d in %q", len(doc.Items), len(r.Entries), r.Body)
		}
		if _, err := json.Marshal(doc); err != nil {
			t.Errorf("the document can't be written as JSON: %v", err)
		}
		for _, it := range doc.Items {
			rec := it.Record
			for _, u := range []string{rec.Links.Canonical, rec.Links.Via, rec.Links.Comments, rec.Links.Short, it.Base} {
				if u != "" && !webAddress(u) {
					t.Errorf("%q is no address of the web", u)
				}
			}
			for _, m := range append(rec.Images, rec.Media...) {
				if !webAddress(m.URL) || m.Thumbnail != "" && !webAddress(m.Thumbnail) {
					t.Errorf("%+v", m)
				}
			}
			if !utf8.ValidString(rec.Headline) || rec.Headline != article.Line(rec.Headline) {
				t.Errorf("headline %q", rec.Headline)
			}
			if len(rec.Authors) > maxAuthors || len(rec.Subjects) > maxSubjects || len(rec.Images)+len(rec.Media) > maxMedia {
				t.Errorf("%d authors, %d subjects, %d media", len(rec.Authors), len(rec.Subjects), len(rec.Images)+len(rec.Media))
			}
		}
	})
}

func FuzzDiscover(f *testing.F) {
	f.Add([]byte(`<link rel=alternate type=application/rss+xml href=/x><a href="f.rss">x</a><base href="//o.example">`), "https://e.example/a")
	f.Fuzz(func(t *testing.T, page []byte, base string) {
		seen := map[string]bool{}
		for _, c := range Discover(page, base) {
			if !webAddress(c.URL) || seen[c.URL] || !utf8.ValidString(c.Title) {
				t.Errorf("%+v", c)
			}
			seen[c.URL] = true
		}
	})
}
