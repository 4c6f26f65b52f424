package feed_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/internal/need"
)

// TestRealFeeds publishes what the feeds of public test suites hold, as gofeed
// reads it and nobody has sanitised it.
func TestRealFeeds(t *testing.T) {
	t.Parallel()
	root := need.Corpora(t)
	var records []article.Record
	err := filepath.WalkDir(filepath.Join(root, "feeds"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) > 1<<20 {
			return err
		}
		f, err := gofeed.NewParser().Parse(bytes.NewReader(raw))
		if err != nil {
			return nil // reading them is another room's work
		}
		for _, it := range f.Items {
			records = append(records, recordOf(f, it, len(records)))
		}
		return nil
	})
	if err != nil || len(records) < 500 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	docs := documents{}
	const each = 100
	for i := 0; i < len(records); i += each {
		docs.add(t, fmt.Sprintf("real%03d", i/each), site, world, feed.Page{Records: records[i:min(len(records), i+each)]})
	}
	t.Logf("%d articles, %d documents", len(records), len(docs))
	t.Run("rules", func(t *testing.T) { docs.rules(t) })
	t.Run("xmllint", func(t *testing.T) { docs.xmllint(t) })
	t.Run("feedparser", func(t *testing.T) { docs.feedparser(t) })
	t.Run("jing", func(t *testing.T) { docs.jing(t) })
}

func recordOf(f *gofeed.Feed, it *gofeed.Item, n int) article.Record {
	r := article.Record{
		ID: fmt.Sprintf("tag:real.example,2026:%05d", n), Headline: it.Title, Standfirst: article.PlainText(it.Description),
		Links: article.Links{Canonical: it.Link}, Keywords: it.Categories, Body: article.Body{HTML: it.Content, Text: article.PlainText(it.Content)},
		Source:    article.Source{ID: "s", Name: f.Title, URL: f.Link, FeedURL: f.FeedLink},
		FirstSeen: time.Date(2024, 1, 1, 0, 0, n, 0, time.UTC), Language: f.Language, Rights: article.Rights{Copyright: f.Copyright, Republish: article.Full},
	}
	if it.PublishedParsed != nil {
		r.Published = *it.PublishedParsed
	}
	if it.UpdatedParsed != nil {
		r.Updated = *it.UpdatedParsed
	}
	if it.Image != nil {
		r.Images = []article.Media{{URL: it.Image.URL}}
	}
	for _, e := range it.Enclosures {
		r.Media = append(r.Media, article.Media{URL: e.URL, Type: e.Type, Length: int64(len(e.Length))})
	}
	for _, a := range it.Authors {
		r.Authors = append(r.Authors, article.Person{Name: a.Name})
	}
	return r
}
