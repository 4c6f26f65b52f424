package microformats

import (
	"errors"
	"strings"
	"testing"
	"time"

	"wireroom/sources"
)

const page = `<!doctype html><html lang="en"><head><base href="https://blog.example/"></head><body>
<div class="h-feed"><h1 class="p-name">A blog</h1>
<article class="h-entry"><a class="p-name u-url" href="/one">First</a> <time class="dt-published" datetime="2026-11-23T10:00:00+01:00">today</time>
 <span class="p-author h-card"><a class="u-url" href="/anna">Anna</a></span> <p class="p-summary">Short.</p>
 <div class="e-content"><p>The <b>whole</b> text.</p></div> <a class="p-category" href="/t">tag</a> <img class="u-photo" src="a.jpg" alt="A"></article>
<div class="h-entry"><a class="u-uid" href="urn:x:2"></a><div class="e-content p-name">Only a note</div></div>
<div class="h-entry"></div></div></body></html>`

func TestParse(t *testing.T) {
	t.Parallel()
	d, err := Parse([]byte(page), "https://wrong.example/x")
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "A blog" || d.Language != "en" || len(d.Items) != 2 {
		t.Fatalf("title %q, language %q, %d items", d.Title, d.Language, len(d.Items))
	}
	r := d.Items[0].Record
	if r.Headline != "First" || r.Links.Canonical != "https://blog.example/one" || r.Standfirst != "Short." || r.Body.HTML != "<p>The <b>whole</b> text.</p>" ||
		!r.Published.Equal(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)) || len(r.Authors) != 1 || r.Authors[0].Name != "Anna" ||
		len(r.Keywords) != 1 || r.Images[0].URL != "https://blog.example/a.jpg" {
		t.Errorf("first entry: %+v", r)
	}
	if n := d.Items[1]; n.GUID != "urn:x:2" || n.Record.Headline != "" || n.Record.Body.HTML != "Only a note" {
		t.Errorf("note: %+v", n)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "<p>no entries</p>", `<div class="h-entry"></div>`, strings.Repeat("h-entry ", maxPage/8+1)} {
		if d, err := Parse([]byte(s), ""); !errors.Is(err, ErrNone) {
			t.Errorf("%.20q: %v %v", s, d, err)
		}
	}
}

func TestParseSurvivesBombs(t *testing.T) {
	t.Parallel()
	bomb := `<div class="h-entry"><p>` + strings.Repeat("<b a=N>", 400) + strings.Repeat("<p>x", 200_000)
	if _, err := Parse([]byte(bomb), ""); err == nil {
		t.Error("a bomb was read to its end")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(page))
	f.Add([]byte(`<div class="h-entry p-name"><div class="h-entry e-content">x`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Parse(b, "https://x.example/")
		if err != nil {
			d = &sources.Document{}
		}
		if len(d.Items) > maxItems {
			t.Fatalf("%d items", len(d.Items))
		}
		for _, it := range d.Items {
			if len(it.Record.Keywords) > maxParts || len(it.Record.Authors) > maxParts {
				t.Fatal("more parts than allowed")
			}
		}
	})
}
