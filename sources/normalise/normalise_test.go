package normalise

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/sources"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func options() Options {
	return Options{Source: "wire", FeedURL: "https://wire.example/feed", Authority: "news.example.org", Now: now}
}

// one normalises a single item.
func one(t *testing.T, it sources.Item) Article {
	t.Helper()
	list, _ := Document(&sources.Document{Title: "Wire", Language: "en_GB", Items: []sources.Item{it}}, options())
	if len(list) != 1 {
		t.Fatalf("%d articles of one item", len(list))
	}
	return list[0]
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	item := func(guid, link, headline string) sources.Item {
		return sources.Item{GUID: guid, Record: article.Record{Headline: headline, Links: article.Links{Canonical: link}}}
	}
	for _, k := range []struct {
		name string
		it   sources.Item
		key  string
		skip bool
	}{
		{"raw id verbatim", item("HTTP://X/a b", "https://x.example/1", "h"), "g:HTTP://X/a b", false},
		{"link without tracking", item("", "https://x.example/1?utm_source=rss", "h"), "l:https://x.example/1", false},
		{"headline", item("", "", "h"), "h:", false},
		{"nothing", item("", "", ""), "", true},
		{"a long id is hashed", item(strings.Repeat("x", 3000), "", ""), "g:sha256:", false},
	} {
		a := one(t, k.it)
		if !strings.HasPrefix(a.Key, k.key) || (a.Skip != "") != k.skip {
			t.Errorf("%s: key %.40q, skip %q", k.name, a.Key, a.Skip)
		}
		if !strings.HasPrefix(a.Record.ID, "tag:news.example.org,2026:") || len(a.Record.ID) != 52 {
			t.Errorf("%s: id %q", k.name, a.Record.ID)
		}
	}
	same := sources.Document{Items: []sources.Item{item("g", "https://x.example/1", "a"), item("g", "https://x.example/2", "b"), item("g", "https://x.example/2", "b")}}
	list, repeats := Document(&same, options())
	if !repeats || list[0].Key == list[1].Key || list[2].Skip == "" {
		t.Errorf("repeats %t, keys %q %q, third skipped %q", repeats, list[0].Key, list[1].Key, list[2].Skip)
	}
	o := options()
	o.Linked = true
	first, _ := Document(&sources.Document{Items: []sources.Item{item("g", "https://x.example/1", "a")}}, o)
	if first[0].Key != list[0].Key {
		t.Error("a source whose ids repeat keeps the keys it had")
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name               string
		published, updated time.Time
		text               string
		wantPublished      time.Time
		wantUpdated        time.Time
		claimed            string
	}{
		{"as claimed", now.Add(-time.Hour), now.Add(-time.Minute), "x", now.Add(-time.Hour), now.Add(-time.Minute), ""},
		{"none", time.Time{}, time.Time{}, "", now, now, ""},
		{"only updated", time.Time{}, now.Add(-time.Hour), "", now.Add(-time.Hour), now.Add(-time.Hour), ""},
		{"updated before published", now.Add(-time.Hour), now.Add(-2 * time.Hour), "", now.Add(-time.Hour), now.Add(-time.Hour), ""},
		{"a little ahead", now.Add(4 * time.Minute), time.Time{}, "", now.Add(4 * time.Minute), now.Add(4 * time.Minute), ""},
		{"tomorrow", now.Add(24 * time.Hour), time.Time{}, "tomorrow", now, now, "tomorrow"},
		{"the year 20000", time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}, "", now, now, "568971820800"},
		{"1970", time.Unix(0, 0), time.Time{}, "epoch", now, now, "epoch"},
		{"not understood", time.Time{}, time.Time{}, "soonish", now, now, "soonish"},
	} {
		a := one(t, sources.Item{GUID: "g", PublishedText: k.text, Record: article.Record{Headline: "h", Published: k.published, Updated: k.updated}})
		if r := a.Record; !r.Published.Equal(k.wantPublished) || !r.Updated.Equal(k.wantUpdated) || r.Claimed != k.claimed || !r.FirstSeen.Equal(now) {
			t.Errorf("%s: published %s, updated %s, claimed %q", k.name, r.Published, r.Updated, r.Claimed)
		}
	}
	doc := sources.Document{Items: []sources.Item{{GUID: "1"}, {GUID: "2"}, {GUID: "3"}}}
	list, _ := Document(&doc, options())
	for i := 1; i < len(list); i++ {
		if !list[i].Record.Published.Before(list[i-1].Record.Published) || !list[i].Undated {
			t.Error("undated items must get falling times in the order of the document")
		}
	}
}

func TestTextAndMarkup(t *testing.T) {
	t.Parallel()
	a := one(t, sources.Item{GUID: "g", Base: "https://x.example/dir/", Record: article.Record{
		Headline: "UPDATE 2-Minister\x00 resigns\n",
		Body:     article.Body{HTML: `<p>LIMA, Jan 21 (Reuters) - The minister went.</p><script>alert(1)</script><p><img src="a.jpg" onerror=x></p><p>(Reporting by Jane Doe; Editing by John Roe)</p>`},
		Images:   []article.Media{{URL: "https://x.example/a.jpg", Caption: "The minister. Image: A. Photographer/REUTERS"}, {URL: "javascript:x"}, {URL: "https://x.example/a.jpg"}},
		Authors:  []article.Person{{Name: " Jane Doe "}, {Name: "Jane Doe"}, {Name: ""}, {Name: "AFP"}},
		Keywords: []string{"a", "a", " "},
		Subjects: []article.Subject{{Name: "Politics"}, {Name: "Politics"}, {}},
		Links:    article.Links{Canonical: "https://X.example/1?utm_source=feed", Related: []article.Link{{URL: "ftp://x"}, {URL: "https://x.example/2", Title: "Two\x01"}}},
		Language: "",
	}})
	r := a.Record
	if !a.Plain.Is(r.Body.HTML, r.Body.Text) || a.Plain.Is(r.Body.HTML, r.Body.Text+".") || a.Plain.Is(r.Body.HTML+".", r.Body.Text) {
		t.Errorf("%q is not known to be the text of %q", r.Body.Text, r.Body.HTML)
	}
	if r.Headline != "Minister resigns" || r.RawTitle != "UPDATE 2-Minister resigns" || r.Revision.Kind != "update" || r.Revision.Number != 2 {
		t.Errorf("head: %q %q %+v", r.Headline, r.RawTitle, r.Revision)
	}
	if strings.Contains(r.Body.HTML, "script") || strings.Contains(r.Body.HTML, "onerror") || !strings.Contains(r.Body.HTML, `src="https://x.example/dir/a.jpg"`) {
		t.Errorf("HTML: %s", r.Body.HTML)
	}
	if r.Dateline.Agency != "Reuters" || !slices.Contains(r.Dateline.Places, "Lima") || !slices.Contains(r.Agencies, "Reuters") || !slices.Contains(r.Agencies, "AFP") {
		t.Errorf("dateline %+v, agencies %v", r.Dateline, r.Agencies)
	}
	if len(r.Images) != 1 || r.Images[0].Role != "lead" || !strings.Contains(r.Images[0].Credit, "REUTERS") || strings.Contains(r.Images[0].Caption, "REUTERS") {
		t.Errorf("images: %+v", r.Images)
	}
	if len(r.Authors) != 2 || len(r.Keywords) != 1 || len(r.Subjects) != 1 || len(r.Links.Related) != 1 || r.Links.Related[0].Title != "Two" {
		t.Errorf("authors %v, keywords %v, subjects %v, related %v", r.Authors, r.Keywords, r.Subjects, r.Links.Related)
	}
	if r.Links.Canonical != "https://x.example/1" || r.Language != "en-GB" || r.Source.Name != "Wire" || r.Rights.Republish != article.Summary || r.Body.WordCount == 0 {
		t.Errorf("record %+v", r)
	}
}

func TestSummaryAndContent(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A sentence of some length. ", 40)
	for _, k := range []struct {
		name                   string
		standfirst, html       string
		wantStandfirst, wantIn string
	}{
		{"both", "Short.", "<p>Long text.</p>", "Short.", "Long text."},
		{"one short text", "Short text.", "Short text.", "Short text.", ""},
		{"one long text", strings.TrimSpace(long), strings.TrimSpace(long), "", "A sentence"},
		{"markup is kept", "Short text.", "<p>Short <b>text</b>.</p>", "Short text.", "<b>text</b>"},
	} {
		r := one(t, sources.Item{GUID: "g", Record: article.Record{Headline: "h", Standfirst: k.standfirst, Body: article.Body{HTML: k.html}}}).Record
		if r.Standfirst != k.wantStandfirst || !strings.Contains(r.Body.HTML, k.wantIn) || k.wantIn == "" && r.Body.HTML != "" {
			t.Errorf("%s: standfirst %q, HTML %q", k.name, r.Standfirst, r.Body.HTML)
		}
	}
	if r := one(t, sources.Item{GUID: "g", Record: article.Record{Standfirst: "The first words stand for the headline that is missing here, as it often happens."}}).Record; !r.Derived || !strings.HasPrefix(r.Headline, "The first words") {
		t.Errorf("derived %t, headline %q", r.Derived, r.Headline)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("word ", 100_000)
	it := sources.Item{GUID: "g", Record: article.Record{Headline: big, Standfirst: big, Byline: big, Body: article.Body{Sections: []article.Section{{Heading: big, Blocks: []article.Block{{Type: "list", Items: []string{big}, Rows: [][]string{{big}}, HTML: "<p>x</p>"}}}}, Text: big}}}
	for range 100 {
		it.Record.Authors = append(it.Record.Authors, article.Person{Name: "A" + big[:len(it.Record.Authors)+1]})
		it.Record.Subjects = append(it.Record.Subjects, article.Subject{Name: "S", Code: strings.Repeat("x", len(it.Record.Subjects))})
		it.Record.Media = append(it.Record.Media, article.Media{URL: "https://x.example/" + strings.Repeat("x", len(it.Record.Media)), Type: "Audio/MPEG; codecs=x"})
	}
	r := one(t, it).Record
	if len(r.Headline) > maxTitle || len(r.Standfirst) > maxSummary || len(r.Byline) > maxTitle || len(r.Authors) > maxAuthors || len(r.Subjects) > maxSubjects || len(r.Media) > maxMedia {
		t.Errorf("headline %d, standfirst %d, byline %d, authors %d, subjects %d, media %d", len(r.Headline), len(r.Standfirst), len(r.Byline), len(r.Authors), len(r.Subjects), len(r.Media))
	}
	if r.Media[0].Type != "audio/mpeg" || mimeType("nonsense") != "" || mimeType("text/<x>") != "" {
		t.Errorf("type %q", r.Media[0].Type)
	}
}

func TestWithPage(t *testing.T) {
	t.Parallel()
	it := sources.Item{GUID: "g", Record: article.Record{
		Headline: "Feed", Standfirst: "Teaser", Published: now, Authors: []article.Person{{Name: "Feed Author"}},
		Links: article.Links{Canonical: "https://x.example/1"}, Keywords: []string{"k"}, Body: article.Body{HTML: "teaser"},
	}}
	page := article.Record{Headline: "Page", Body: article.Body{HTML: "<p>whole</p>", Text: "whole"}, Language: "de", Keywords: []string{"p"}, Published: now.Add(time.Hour), Images: []article.Media{{URL: "https://x.example/i"}}}
	WithPage(&it, &page, "https://x.example/1")
	r := it.Record
	if r.Headline != "Page" || r.Standfirst != "Teaser" || r.Body.Text != "whole" || !r.Published.Equal(now) || r.Authors[0].Name != "Feed Author" ||
		len(r.Keywords) != 2 || r.Provenance["body"] != "html" || it.Base != "https://x.example/1" || it.GUID != "g" || len(r.Images) != 1 {
		t.Errorf("%+v", r)
	}
	empty := article.Record{}
	WithPage(&it, &empty, "https://x.example/1")
	if it.Record.Body.Text != "whole" || it.Record.Headline != "Page" {
		t.Errorf("an empty page took something away: %+v", it.Record)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add("g", "UPDATE 1-Headline", "<p>PARIS (AFP) - Text</p>", "https://x.example/", "By A. B.", "Caption. Photo: X/AFP")
	f.Fuzz(func(t *testing.T, guid, headline, html, link, byline, caption string) {
		doc := sources.Document{Title: headline, Items: []sources.Item{{GUID: guid, Base: link, PublishedText: byline, Record: article.Record{
			Headline: headline, Standfirst: caption, Byline: byline, Body: article.Body{HTML: html}, Links: article.Links{Canonical: link},
			Authors: []article.Person{{Name: byline}}, Images: []article.Media{{URL: link, Caption: caption}},
		}}}}
		list, _ := Document(&doc, options())
		r := list[0].Record
		for _, s := range []string{r.Headline, r.Standfirst, r.Body.Text, r.Byline, r.Source.Name, r.Claimed} {
			if article.Clean(s) != s {
				t.Fatalf("not clean: %q", s)
			}
		}
		if r.Published.After(now.Add(slack)) || r.Updated.Before(r.Published) {
			t.Fatalf("published %s, updated %s", r.Published, r.Updated)
		}
	})
}
