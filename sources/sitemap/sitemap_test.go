package sitemap

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wireroom/article"
	"wireroom/sources"
)

const home = "https://news.example.org/sitemap.xml"

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestNews(t *testing.T) {
	t.Parallel()
	doc, err := Parse(read(t, "news.xml"), Options{URL: home})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Format != "sitemap" || doc.Title != "Example Times" || doc.Language != "en-GB" || doc.Truncated {
		t.Errorf("document %+v", doc)
	}
	want := []sources.Item{
		{GUID: "/2024/03/opinion", Base: "https://news.example.org/2024/03/opinion", PublishedText: "2024-03-08", Record: article.Record{
			Headline: "Why ferries matter", Language: "en", Genre: "opinion", Paywall: true, Published: at("2024-03-08T00:00:00Z"), Updated: at("2024-03-08T00:00:00Z"),
			Publisher: article.Publisher{Name: "Example Times"}, Links: article.Links{Canonical: "https://news.example.org/2024/03/opinion"},
			Media: []article.Media{{URL: "https://video.example.org/aboard.mp4", Medium: "video", Title: "Aboard", Caption: "A day aboard.", Thumbnail: "https://img.example.org/thumb.jpg", Duration: 95}},
		}},
		{GUID: "https://news.example.org/2024/03/ferry", Base: "https://news.example.org/2024/03/ferry", PublishedText: "2024-03-07T10:30:00+01:00", UpdatedText: "2024-03-07T11:00:00+01:00", Record: article.Record{
			Headline: "Ferry & train run again, operator says", Language: "en-GB", Published: at("2024-03-07T09:30:00Z"), Updated: at("2024-03-07T10:00:00Z"),
			Keywords: []string{"ferries", "transport", "Harbour Town"}, Subjects: []article.Subject{{Scheme: "ticker", Code: "NASDAQ:FRRY"}, {Scheme: "ticker", Code: "XETRA:FRR"}},
			Publisher: article.Publisher{Name: "Example Times"}, Links: article.Links{Canonical: "https://news.example.org/2024/03/ferry"},
			Images: []article.Media{{URL: "https://img.example.org/ferry.jpg", Medium: "image", Caption: "The ferry leaves the harbour.", Copyright: "https://example.org/license"}},
		}},
		{GUID: "https://news.example.org/about", Base: "https://news.example.org/about", Record: article.Record{Links: article.Links{Canonical: "https://news.example.org/about"}}},
	}
	var hashes []uint64
	for i := range doc.Items {
		hashes = append(hashes, doc.Items[i].Hash)
		doc.Items[i].Hash = 0
	}
	if d := cmp.Diff(want, doc.Items); d != "" {
		t.Errorf("items (-want +got):\n%s", d)
	}
	known := func(h uint64) bool { return h == hashes[1] }
	again, err := Parse(read(t, "news.xml"), Options{URL: home, Known: known})
	if err != nil || again.Known != 1 || len(again.Items) != 2 {
		t.Errorf("known entries: %d left out, %d items, %v", again.Known, len(again.Items), err)
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	doc, err := Parse(read(t, "index.xml"), Options{URL: home})
	if err != nil {
		t.Fatal(err)
	}
	want := []sources.Part{{URL: "https://news.example.org/sitemap-2024-03.xml.gz", Updated: at("2024-03-08T00:00:00Z")}, {URL: "https://news.example.org/sitemap-2024-02.xml"}}
	if d := cmp.Diff(want, doc.Parts); d != "" || doc.Format != "sitemapindex" || len(doc.Items) != 0 {
		t.Errorf("parts (-want +got):\n%s", d)
	}
}

func TestUndeclaredPrefix(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte(`<urlset><url><loc>https://a.example/x</loc><news:news><news:title>T</news:title></news:news></url></urlset>`), Options{})
	if err != nil || len(doc.Items) != 1 || doc.Items[0].Record.Headline != "T" {
		t.Errorf("%+v, %v", doc, err)
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "x", "<html/>", "<urlset", "<rss><channel/></rss>", "{}"} {
		if _, err := Parse([]byte(s), Options{}); err == nil {
			t.Errorf("%q was read", s)
		}
	}
	if _, err := Parse([]byte("<feed/>"), Options{}); !errors.Is(err, ErrFormat) {
		t.Errorf("a feed: %v", err)
	}
	whole := `<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.example/2</loc></url>`
	for _, s := range []string{whole, whole + "<url><loc>https://a.ex", whole + "<url><loc>https://a.example/3</loc>"} {
		doc, err := Parse([]byte(s), Options{})
		if err != nil || len(doc.Items) != 2 || !doc.Truncated {
			t.Errorf("%q: %d items, truncated %v, %v", s, len(doc.Items), doc.Truncated, err)
		}
	}
	if doc, err := Parse([]byte("<urlset></urlset>"), Options{}); err != nil || len(doc.Items) != 0 || doc.Truncated {
		t.Errorf("an empty sitemap: %+v, %v", doc, err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"depth": strings.Repeat("<urlset>", maxDepth+2), "bytes": strings.Repeat(" ", maxBytes+1), "elements": "<urlset>" + strings.Repeat("<a/>", maxElements+1),
	} {
		if _, err := Parse([]byte(s), Options{}); err == nil {
			t.Errorf("%s: no bound", name)
		}
	}
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range maxItems + 10 {
		fmt.Fprintf(&b, "<url><loc>https://a.example/%d</loc><lastmod>2024-01-02T00:00:%02dZ</lastmod></url>", i, i%60)
	}
	b.WriteString("</urlset>")
	doc, err := Parse([]byte(b.String()), Options{})
	if err != nil || len(doc.Items) != maxItems || doc.Dropped != 10 {
		t.Fatalf("%d items, %d dropped, %v", len(doc.Items), doc.Dropped, err)
	}
	for i := 1; i < len(doc.Items); i++ {
		if doc.Items[i].Record.Updated.After(doc.Items[i-1].Record.Updated) {
			t.Fatalf("item %d is newer than the one before", i)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(read(f, "news.xml"))
	f.Add(read(f, "index.xml"))
	f.Add([]byte("<?xml version='1.0' encoding='iso-8859-1'?><urlset><url><loc>https://a.example/\xe4</loc></url></urlset>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := Parse(body, Options{URL: home})
		if err != nil {
			return
		}
		for _, it := range doc.Items {
			if !strings.HasPrefix(it.Record.Links.Canonical, "http") || it.GUID == "" {
				t.Errorf("item %+v", it)
			}
		}
		for _, p := range doc.Parts {
			if !strings.HasPrefix(p.URL, "http") {
				t.Errorf("part %+v", p)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var s strings.Builder
	s.WriteString(`<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`)
	for i := range 1000 {
		fmt.Fprintf(&s, `<url><loc>https://a.example/%d</loc><news:news><news:publication><news:name>T</news:name><news:language>en</news:language></news:publication><news:publication_date>2024-01-02T00:00:00Z</news:publication_date><news:title>A headline of the usual length for a piece %d</news:title></news:news></url>`, i, i)
	}
	s.WriteString("</urlset>")
	body := []byte(s.String())
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body, Options{URL: home}); err != nil {
			b.Fatal(err)
		}
	}
}

// An address that is empty is none; it does not lead to the sitemap itself.
func TestEmptyAddresses(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte(`<urlset><url><loc></loc></url><url><loc> </loc></url><url><loc>mailto:a@example.org</loc></url><url><loc>/a</loc>`+
		`<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:loc/></image:image>`+
		`<video:video xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"><video:content_loc/><video:thumbnail_loc/></video:video></url></urlset>`),
		Options{URL: "https://x.example/map.xml"})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Items) != 1 || doc.Items[0].Record.Links.Canonical != "https://x.example/a" || len(doc.Items[0].Record.Images)+len(doc.Items[0].Record.Media) != 0 {
		t.Errorf("%+v", doc.Items)
	}
}
