package feed_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"wireroom/article"
	"wireroom/feed"
)

// TestRoundTrip reads every format back with gofeed: id, link, title, authors,
// categories, dates, content, the picture's credit and the source survive.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	parsed := map[feed.Format]*gofeed.Feed{}
	for _, f := range feed.Formats() {
		doc, err := feed.Render(f, site, world, feed.Page{Records: sample()})
		if err != nil {
			t.Fatal(err)
		}
		if parsed[f], err = p.Parse(bytes.NewReader(doc)); err != nil {
			t.Fatalf("gofeed refuses %s: %v", f, err)
		}
	}
	for f, got := range parsed {
		if got.Title != "World & more" || got.Link != "https://news.example.org/feeds/world" || got.Language != "en" ||
			got.FeedLink != "https://news.example.org/feeds/world."+string(f) {
			t.Errorf("%s: channel is %q %q %q %q", f, got.Title, got.Link, got.Language, got.FeedLink)
		}
		if len(got.Items) != 3 {
			t.Fatalf("%s: %d items", f, len(got.Items))
		}
		for i, r := range sample() {
			it := got.Items[i]
			atomItem := parsed[feed.Atom].Items[i]
			if it.GUID != r.ID || it.Link == "" || it.Link != atomItem.Link || it.Title != atomItem.Title || it.Content != atomItem.Content {
				t.Errorf("%s %d: %q %q %q %q", f, i, it.GUID, it.Link, it.Title, it.Content)
			}
			if !it.PublishedParsed.Equal(r.Published) || r.Updated.After(r.Published) && !it.UpdatedParsed.Equal(r.Updated) {
				t.Errorf("%s %d: dates %v %v", f, i, it.PublishedParsed, it.UpdatedParsed)
			}
			if !slices.Equal(it.Categories, atomItem.Categories) {
				t.Errorf("%s %d: categories %q", f, i, it.Categories)
			}
			if !strings.Contains(it.Content, r.Source.Name) {
				t.Errorf("%s %d: the source is not in the content", f, i)
			}
		}
		rich := got.Items[0]
		var names []string
		for _, a := range rich.Authors {
			names = append(names, a.Name)
		}
		if strings.Join(names, ", ") != "Ann Author, Bob Writer" {
			t.Errorf("%s: authors %q", f, names)
		}
		if want := []string{"politics", "regulation", "analysis", "Berlin", "Jane Doe", "EU", "rules"}; !slices.Equal(rich.Categories, want) {
			t.Errorf("%s: categories %q", f, rich.Categories)
		}
		if !strings.HasPrefix(rich.Content, `<figure><img src="https://img.example.com/lead.jpg"`) || !strings.Contains(rich.Content, "Jo Photo/AFP") {
			t.Errorf("%s: the picture is not first: %s", f, rich.Content)
		}
		if strings.Count(rich.Content, "lead.jpg") != 1 {
			t.Errorf("%s: the lead picture is there twice", f)
		}
	}
	if got := parsed[feed.JSON].Items[0].Image; got == nil || got.URL != "https://img.example.com/lead.jpg" {
		t.Errorf("JSON image %v", got)
	}
	for _, f := range []feed.Format{feed.RSS, feed.Atom} {
		group := parsed[f].Items[0].Extensions["media"]["group"][0].Children["content"][0]
		credit := group.Children["credit"][0]
		if credit.Value != "Jo Photo/AFP" || credit.Attrs["role"] != "photographer" {
			t.Errorf("%s: credit %+v", f, credit)
		}
	}
	if s := parsed[feed.RSS].OriginalFeed().(*rss.Feed).Items[0].Source; s == nil || s.Title != "The Source" || s.URL != "https://source.example.com/feed.xml" {
		t.Errorf("RSS source %+v", s)
	}
	s := parsed[feed.Atom].OriginalFeed().(*atom.Feed).Entries[0].Source
	if s == nil || s.Title != "The Source" || s.ID != "tag:source.example.com,2020:feed" {
		t.Errorf("Atom source %+v", s)
	}
	enclosures := parsed[feed.RSS].Items[0].Enclosures
	if len(enclosures) != 1 || enclosures[0].Length != "7654321" || enclosures[0].Type != "audio/mpeg" {
		t.Errorf("RSS enclosures %+v", enclosures)
	}
	if e := parsed[feed.JSON].Items[0].Enclosures; len(e) != 1 || e[0].Length != "7654321" {
		t.Errorf("JSON attachments %+v", e)
	}
}

// TestRights: what leaves of a text is what the source allows, and credits and
// terms always leave.
func TestRights(t *testing.T) {
	t.Parallel()
	r := sample()[0]
	for mode, want := range map[string]struct{ text, summary, picture bool }{
		"full": {true, true, true}, "summary": {false, true, true}, "": {false, true, true}, "link": {false, false, false}, "no such": {false, true, true},
	} {
		r.Rights.Republish = article.Republish(mode)
		for _, f := range feed.Formats() {
			doc, err := feed.Render(f, site, world, feed.Page{Records: []article.Record{r}})
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(doc, []byte("First")) != want.text || bytes.Contains(doc, []byte("night of talks")) != want.summary ||
				bytes.Contains(doc, []byte("lead.jpg")) != want.picture || bytes.Contains(doc, []byte("talk.mp3")) != want.picture {
				t.Errorf("%q as %s: %s", mode, f, doc)
			}
			for _, always := range []string{"Reuters", "AFP", "© 2024 The Source", "No archiving", "by-nd/4.0", "The Source", "Ministers agree"} {
				if !bytes.Contains(doc, []byte(always)) {
					t.Errorf("%q as %s: %q doesn't leave", mode, f, always)
				}
			}
		}
	}
}
