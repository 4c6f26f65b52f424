package feed_test

import (
	"encoding/json"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

// FuzzRender puts foreign strings everywhere in a record: the documents are
// well-formed, obey the rules, and show the article under its id.
func FuzzRender(f *testing.F) {
	f.Add("Headline", "<p>text</p>", "https://s.example/1")
	for i, s := range shards {
		f.Add(s, shards[(i*7)%len(shards)]+s, shards[(i*3)%len(shards)])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		r := article.Record{
			ID: "tag:x.example,2026:1", Version: 1, Headline: a, Kicker: b, Standfirst: a + b, Slugline: c, Byline: b, Genre: c, Language: c,
			Authors: []article.Person{{Name: a, Role: b, URL: c}}, Editors: []string{b}, Agencies: []string{a, b}, Published: day(1, 0, 0), Updated: day(2, 0, 0),
			Revision: article.Revision{Kind: "correction", Note: a}, Dateline: article.Dateline{Text: a, Places: []string{b}},
			Publisher: article.Publisher{Name: b, URL: c}, Source: article.Source{ID: a, Name: b, URL: c, FeedURL: c, FeedID: c, GUID: a, Rights: b},
			Links:    article.Links{Canonical: c, Via: c + "/via", Short: c, Comments: c + "#c", Related: []article.Link{{URL: c + "?r", Title: a}}},
			Subjects: []article.Subject{{Scheme: c, Code: a, Name: b}}, Keywords: []string{a, b}, People: []string{c},
			Body:   article.Body{HTML: b, Text: a},
			Images: []article.Media{{URL: c + ".jpg", Type: b, Caption: a, Alt: b, Credit: a, Copyright: b, Width: 1, Height: 1, Thumbnail: c}},
			Media:  []article.Media{{URL: c + ".mp3", Type: "audio/mpeg", Title: a, Length: 5}},
			Rights: article.Rights{Copyright: a, Terms: b, License: c, Republish: article.Full},
			Story:  article.Story{ID: a, Also: []article.Also{{Source: a, URL: c, Title: b}}},
		}
		page := feed.Page{Records: []article.Record{r}, Tombstones: []feed.Tombstone{{Ref: "tag:x.example,2026:2", When: day(3, 0, 0), Comment: a}}}
		channel := feed.Channel{ID: "x", Title: a, Description: b, Copyright: a, Language: c, Art: feed.Art{Icon: c, Badge: feed.Badge{URL: c, Width: 999}}}
		d := feed.Prepare(site, channel, page)
		for _, format := range feed.Formats() {
			doc, err := d.Render(format)
			if err != nil {
				t.Fatal(err)
			}
			faults := checkJSONFeed(doc)
			if format != feed.JSON {
				faults = checkXML(doc, site.FeedURL(&channel, format, feed.Place{}))
			}
			if len(faults) > 0 || !strings.Contains(string(doc), r.ID) {
				t.Fatalf("%s: %v\n%s", format, faults, doc)
			}
		}
		ninjs, err := feed.Ninjs(site, r)
		if err != nil {
			t.Fatal(err)
		}
		if faults := checkNinjs(ninjs); len(faults) > 0 {
			t.Fatalf("ninjs: %v\n%s", faults, ninjs)
		}
		if ld, err := feed.JSONLD(site, r); err != nil || !json.Valid(ld) || strings.ContainsAny(string(ld), "<>&") {
			t.Fatalf("JSON-LD: %v %s", err, ld)
		}
	})
}
