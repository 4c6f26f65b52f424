package syndication

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireroom/sources"
	"wireroom/sources/repair"
)

func parse(t *testing.T, kind repair.Kind, body string, o Options) *sources.Document {
	t.Helper()
	doc, err := Parse(&repair.Result{Kind: kind, Body: []byte(body)}, o)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind repair.Kind
		body string
		feed bool
	}{
		{repair.HTML, "<html>", false}, {repair.OPML, "<opml/>", false}, {repair.XML, "<urlset/>", false}, {repair.Other, "x", false},
		{repair.JSON, `{"a":1}`, false}, {repair.JSON, `{`, true}, {repair.JSON, ``, true}, {repair.RSS, "", true}, {repair.Atom, "<feed", true},
	} {
		doc, err := Parse(&repair.Result{Kind: tt.kind, Body: []byte(tt.body)}, Options{})
		if err == nil || doc != nil {
			t.Errorf("%s %q gave %+v", tt.kind, tt.body, doc)
		} else if errors.Is(err, ErrNotAFeed) == tt.feed {
			t.Errorf("%s %q: %v", tt.kind, tt.body, err)
		}
	}
}

// TestParsePanics: whatever goes wrong while reading is an error of this document.
func TestParsePanics(t *testing.T) {
	t.Parallel()
	if _, err := Parse(nil, Options{}); err == nil {
		t.Error("no error")
	}
}

func TestParseEmpty(t *testing.T) {
	t.Parallel()
	for kind, body := range map[repair.Kind]string{
		repair.RSS: "<rss/>", repair.Atom: "<feed></feed>", repair.JSON: `{"version":"https://jsonfeed.org/version/1"}`,
	} {
		doc := parse(t, kind, body, Options{URL: "https://e.example/", ContentLanguage: "de-at, en"})
		if len(doc.Items) != 0 || doc.Format != string(kind) || doc.Language != "de-AT" {
			t.Errorf("%s: %+v", kind, doc)
		}
	}
	if doc := parse(t, repair.JSON, `[{"id":"1"},null]`, Options{}); len(doc.Items) != 2 || doc.Items[0].GUID != "1" {
		t.Errorf("bare items: %+v", doc)
	}
}

// TestItemsWithin: what looks like an item and is none of the feed's takes nothing
// from those that are.
func TestItemsWithin(t *testing.T) {
	t.Parallel()
	for kind, body := range map[repair.Kind]string{
		repair.RSS: `<rss version="2.0"><channel><title>F</title>` +
			`<item><title>A</title><guid>1</guid><CHANNEL><ITEM><TITLE>x</TITLE></ITEM></CHANNEL></item><item><title>B</title><guid>2</guid></item></channel></rss>`,
		repair.Atom: `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>` +
			`<entry><title>A</title><id>1</id><FEED><ENTRY><TITLE>x</TITLE></ENTRY></FEED></entry><entry><title>B</title><id>2</id></entry></feed>`,
	} {
		var got []string
		for _, it := range parse(t, kind, body, Options{}).Items {
			got = append(got, it.Record.Headline+it.GUID)
		}
		if fmt.Sprint(got) != "[A1 B2]" {
			t.Errorf("%s: %q", kind, got)
		}
	}
}

func TestBases(t *testing.T) {
	t.Parallel()
	rss := `<rss><channel>%s<item><link>a</link><description>&lt;a href="b"&gt;b&lt;/a&gt;</description></item></channel></rss>`
	home := "<link>https://site.example/x/</link>"
	for _, tt := range []struct {
		name, home, location string
		root, entry          string
		bases                map[string]string
		link, base, html     string
	}{
		{"the fetch", "", "", "", "", nil, "https://f.example/d/a", "https://f.example/d/f.xml", `<a href="b">b</a>`},
		{"the site", home, "", "", "", nil, "https://site.example/x/a", "https://site.example/x/", `<a href="b">b</a>`},
		{"Content-Location", home, "/l/", "", "", nil, "https://f.example/l/a", "https://f.example/l/", `<a href="b">b</a>`},
		{"a useless Content-Location", "", "urn:x", "", "", nil, "https://f.example/d/a", "https://f.example/d/f.xml", `<a href="b">b</a>`},
		{"xml:base", home, "/l/", "r/", "r/\x00e/", nil, "https://f.example/l/r/e/a", "https://f.example/l/r/e/", `<a href="b">b</a>`},
		{
			"xml:base of elements", home, "", "", "", map[string]string{"link": "https://o.example/", "description": "/q/"},
			"https://o.example/a", "https://site.example/x/", `<a href="https://site.example/q/b">b</a>`,
		},
	} {
		r := &repair.Result{
			Kind: repair.RSS, Body: fmt.Appendf(nil, rss, tt.home), Base: tt.root,
			Entries: []repair.Entry{{Hash: 7, Base: tt.entry, Bases: tt.bases}},
		}
		doc, err := Parse(r, Options{URL: "https://f.example/d/f.xml", ContentLocation: tt.location})
		if err != nil {
			t.Fatal(err)
		}
		it := doc.Items[0]
		if it.Record.Links.Canonical != tt.link || it.Base != tt.base || it.Record.Body.HTML != tt.html || it.Hash != 7 {
			t.Errorf("%s: link %s base %s html %s", tt.name, it.Record.Links.Canonical, it.Base, it.Record.Body.HTML)
		}
	}
}

func TestSideTable(t *testing.T) {
	t.Parallel()
	body := `<rss><channel><language>fr</language><item><title>a</title></item><item><title>b</title></item></channel></rss>`
	r := &repair.Result{Kind: repair.RSS, Body: []byte(body), Lang: "en", Entries: []repair.Entry{{Hash: 1, ID: " id ", Lang: "en"}, {Hash: 2, Lang: "de"}}}
	doc, err := Parse(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := doc.Items[0], doc.Items[1]
	if a.GUID != "id" || a.Hash != 1 || b.Hash != 2 || a.Record.Language != "fr" || b.Record.Language != "de" || doc.Language != "fr" {
		t.Errorf("%+v\n%+v", a, b)
	}
	r.Entries = r.Entries[:1] // a table that doesn't fit is no one's
	if doc, err = Parse(r, Options{}); err != nil || doc.Items[0].Hash != 0 || doc.Items[0].GUID != "" {
		t.Errorf("%+v %v", doc, err)
	}
}

func TestAmbiguousDates(t *testing.T) {
	t.Parallel()
	feed := func(dates ...string) string {
		return "<rss><channel><item><pubDate>" + strings.Join(dates, "</pubDate></item><item><pubDate>") + "</pubDate></item></channel></rss>"
	}
	day := func(m time.Month, d int) time.Time { return time.Date(2024, m, d, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		dates []string
		want  time.Time // of the first
	}{
		{[]string{"05/03/2024"}, time.Time{}},
		{[]string{"05/03/2024", "25/03/2024"}, day(time.March, 5)},
		{[]string{"05/03/2024", "03/25/2024"}, day(time.May, 3)},
		{[]string{"05/03/2024", "03/25/2024", "25/03/2024"}, time.Time{}},
	} {
		doc := parse(t, repair.RSS, feed(tt.dates...), Options{})
		if it := doc.Items[0]; !it.Record.Published.Equal(tt.want) || it.PublishedText != tt.dates[0] {
			t.Errorf("%q: %v %q", tt.dates, it.Record.Published, it.PublishedText)
		}
	}
}

// TestWorstCases: what hostile documents cost. Each is read to the end or refused,
// in bounded time and memory.
func TestWorstCases(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	items := func(n int, item string) string {
		return "<rss><channel>" + strings.Repeat("<item>"+item+"</item>", n) + "</channel></rss>"
	}
	const size = 2 << 20
	for _, tt := range []struct {
		name string
		kind repair.Kind
		body string
	}{
		{"2,000 items with 20 bad dates each", repair.RSS, items(2000, strings.Repeat("<pubDate>the day before yesterday 99:99</pubDate>", 20))},
		{"a title of 2 MB", repair.RSS, items(1, "<title>"+strings.Repeat("x ", size/2)+"</title>")},
		{"tags without an end", repair.RSS, items(1, "<title>"+strings.Repeat("&lt;a ", size/6)+"</title>")},
		{"references without an end", repair.RSS, items(1, "<description>"+strings.Repeat("&amp;a;", size/7)+"</description>")},
		{"pieces of text", repair.RSS, items(1, "<title>"+strings.Repeat("<![CDATA[a]]>b", size/14)+"</title>")},
		{"pieces of text in a tree", repair.RSS, items(1, "<media:content><title>"+strings.Repeat("<![CDATA[a]]>b", size/14)+"</title></media:content>")},
		{"empty elements in text", repair.RSS, items(1, "<description>"+strings.Repeat("<a/>", size/4)+"</description>")},
		{"attributes", repair.RSS, items(1, "<title "+strings.Repeat(`a:b="" `, size/7)+">x</title>")},
		{"extensions", repair.RSS, items(100, strings.Repeat(`<media:content url="u"/>`, 1000))},
		{"deep trees", repair.RSS, items(40, "<media:group>"+strings.Repeat("<a>", 200)+strings.Repeat("</a>", 200)+"</media:group>")},
		{"one long author", repair.RSS, items(20, "<author>"+strings.Repeat("Jane Doe, ", 40_000)+"</author>")},
		{"many authors", repair.RSS, items(200, strings.Repeat("<author>Jane Doe and John Roe</author>", 400))},
		{"many categories", repair.RSS, items(500, strings.Repeat("<category>c</category>", 700))},
		{"Atom content", repair.Atom, "<feed>" + strings.Repeat(`<entry><content type="html">`+strings.Repeat("&lt;p>", 20_000)+"</content></entry>", 60) + "</feed>"},
		{"JSON", repair.JSON, `{"items":[` + strings.Repeat(`{"tags":["a"],"authors":[{"name":"Jane"}]},`, 5000) + `{}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			doc, err := Parse(&repair.Result{Kind: tt.kind, Body: []byte(tt.body)}, Options{URL: "https://e.example/"})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Items) == 0 {
				t.Error("nothing was read")
			}
			// The clock is generous, since the machine may be busy; the algorithms
			// that this is about would take minutes.
			if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 20*time.Second || allocated > 200 {
				t.Errorf("%v, %d MiB allocated in all", took, allocated)
			} else {
				t.Logf("%v, %d MiB allocated in all", took, allocated)
			}
		})
	}
}
