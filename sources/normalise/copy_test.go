package normalise

import (
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/sources"
)

// What a wire adds for the desks alone leaves the feed's text too.
func TestNotForPublication(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ name, html, want string }{
		{"a paragraph", `<p>One.</p><p>The following information is not intended for publication</p><p>Call 555.</p>`, "<p>One.</p>"},
		{"within markup", `<p>One.</p><p><b>The following information is not for publication</b>: <i>x</i></p>`, "<p>One.</p>"},
		{"after a line break", `<div><p>One.<br>Two.<br>Not for publication: call 555.<br>More</p></div>`, "Two."},
		{"a list", `<ul><li>One.</li><li>Nicht zur Veröffentlichung: 555</li><li>555</li></ul>`, "One."},
		{"a German heading", `<p>Eins.</p><h3>Redaktionelle Kontakte</h3><p>555</p>`, "Eins."},
		{"nothing else", `<p>Not for publication</p><p>555</p>`, ""},
	} {
		r := one(t, sources.Item{GUID: "g", Record: article.Record{Headline: "h", Body: article.Body{HTML: k.html}}}).Record
		for _, s := range []string{r.Body.HTML, r.Body.Text} {
			if !strings.Contains(s, strings.TrimSuffix(strings.TrimPrefix(k.want, "<p>"), "</p>")) || strings.Contains(s, "555") || strings.Contains(strings.ToLower(s), "publication") || strings.Contains(s, "Kontakte") {
				t.Errorf("%s: %q", k.name, s)
			}
		}
		if n := article.WordCount(r.Body.Text); r.Body.WordCount != n {
			t.Errorf("%s: %d words, want %d", k.name, r.Body.WordCount, n)
		}
	}
	r := one(t, sources.Item{GUID: "g", Record: article.Record{Headline: "h", Standfirst: "Summary.\nNot for publication: call 555."}}).Record
	if r.Standfirst != "Summary." {
		t.Errorf("standfirst %q", r.Standfirst)
	}
	same := `<p>The law forbids what is not for publication.</p><p>It was <a href="https://x.example/">published</a> all the same.</p>`
	if r := one(t, sources.Item{GUID: "g", Record: article.Record{Headline: "h", Body: article.Body{HTML: same}}}).Record; !strings.Contains(r.Body.HTML, "all the same") {
		t.Errorf("an ordinary text lost its end: %q", r.Body.HTML)
	}
}

func TestWireCopyOfFeeds(t *testing.T) {
	t.Parallel()
	r := one(t, sources.Item{GUID: "g", Record: article.Record{
		Headline: "Minister resigns", Published: time.Date(2026, 1, 22, 3, 0, 0, 0, time.UTC),
		Body: article.Body{HTML: `<p>(Corrects name of town in second paragraph)</p><p>LIMA, Jan 21 (Reuters) - The minister went.</p><p>He is said to be at home.</p><p>(Reporting by Jane Doe in Lima; Editing by John Roe)</p>`},
	}}).Record
	if r.Dateline.Date != "2026-01-21" || r.Dateline.Agency != "Reuters" {
		t.Errorf("dateline %+v", r.Dateline)
	}
	if r.Revision.Kind != "correction" || !strings.HasPrefix(r.Revision.Note, "Corrects name") {
		t.Errorf("revision %+v", r.Revision)
	}
	if len(r.Authors) != 1 || r.Authors[0].Name != "Jane Doe" || !strings.Contains(r.SignOff, "Editing by") || len(r.Editors) != 1 {
		t.Errorf("authors %+v, sign-off %q, editors %v", r.Authors, r.SignOff, r.Editors)
	}
}

// With Trace every field says what gave it.
func TestTrace(t *testing.T) {
	t.Parallel()
	o := options()
	o.Trace = true
	doc := sources.Document{Format: "rss", Language: "en", Items: []sources.Item{{GUID: "g", Record: article.Record{
		Provenance: map[string]string{"kicker": "html", "byline": "html"}, Kicker: "K", Updated: now,
		Body: article.Body{HTML: `<p>LIMA (AFP) - The minister went home.</p>`}, Rights: article.Rights{Copyright: "© X"},
	}}}}
	own := doc.Items[0].Record.Provenance // of a reader, which may give it to all its items
	list, _ := Document(&doc, o)
	p := list[0].Record.Provenance
	for field, want := range map[string]string{
		"kicker": "html", "headline": "text", "body": "feed", "dateline": "text", "agencies": "text", "language": "feed",
		"updated": "feed", "published": "feed", "rights.copyright": "feed", "byline": "", "standfirst": "",
	} {
		if p[field] != want {
			t.Errorf("%s comes from %q, want %q", field, p[field], want)
		}
	}
	for format, want := range map[string]string{"": "html", "sitemap": "sitemap", "nitf": "wire", "atom": "feed"} {
		if got := input(format); got != want {
			t.Errorf("%s: %s, want %s", format, got, want)
		}
	}
	if len(own) != 2 {
		t.Error("the reader's map was written to")
	}
}

// Of a wire's versions in one document the latest is kept, of a feed's doubles
// the first.
func TestVersionsInOneDocument(t *testing.T) {
	t.Parallel()
	version := func(headline string, hour int, status article.Status, from string) sources.Item {
		return sources.Item{GUID: "g", Record: article.Record{Headline: headline, Status: status, Updated: now.Add(time.Duration(hour-24) * time.Hour), Provenance: map[string]string{"updated": from}}}
	}
	for _, k := range []struct {
		name  string
		items []sources.Item
		want  string
	}{
		{"a correction", []sources.Item{version("old", 1, "", "wire"), version("new", 2, "", "wire")}, "new"},
		{"the newest first", []sources.Item{version("new", 2, "", "wire"), version("old", 1, "", "wire")}, "new"},
		{"a feed", []sources.Item{version("first", 1, "", ""), version("second", 2, "", "")}, "first"},
		{"a cancellation", []sources.Item{version("old", 3, "", "wire"), version("gone", 2, article.Canceled, "wire"), version("late", 4, "", "wire")}, "old"},
	} {
		list, _ := Document(&sources.Document{Items: k.items}, options())
		r := list[0].Record
		if r.Headline != k.want || r.Version != 1 || (r.Status == article.Canceled) != (k.name == "a cancellation") {
			t.Errorf("%s: %q, version %d, %s", k.name, r.Headline, r.Version, r.Status)
		}
		for _, a := range list[1:] {
			if a.Skip == "" {
				t.Errorf("%s: stored twice", k.name)
			}
		}
	}
}
