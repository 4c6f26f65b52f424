package feed_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

var update = flag.Bool("update", false, "write the golden files anew")

// pages are the kinds of documents there are.
func pages(t *testing.T) documents {
	t.Helper()
	d := documents{}
	d.add(t, "sample", site, world, feed.Page{Records: sample(), Nav: feed.Nav{PrevArchive: &feed.Place{Archive: "2024-03-06"}}})
	d.add(t, "empty", feed.Site{BaseURL: "http://127.0.0.1:8080/"}, feed.Channel{ID: "all"}, feed.Page{})
	d.add(t, "complete", site, world, feed.Page{Records: sample()[:1], Complete: true})
	d.add(t, "archive", site, world, feed.Page{Records: sample()[1:2], Updated: day(6, 0, 0), Nav: feed.Nav{
		Self: feed.Place{Archive: "2"}, PrevArchive: &feed.Place{Archive: "1"}, NextArchive: &feed.Place{Archive: "3"}, Current: &feed.Place{}}})
	last := feed.Place{After: article.Cursor{Time: day(6, 8, 0), ID: sample()[1].ID}}
	d.add(t, "paged", site, feed.Channel{ID: "all", Title: "AFP", Query: "agency=AFP&lang=en"}, feed.Page{
		Records: sample()[:1], Nav: feed.Nav{First: &feed.Place{}, Next: &last, Last: &last}})
	d.add(t, "tombstones", site, world, graves())

	styled := site
	styled.Stylesheet = "/feed.css"
	old := feed.Prepare(styled, world, feed.Page{Records: sample()[1:]})
	now := feed.Prepare(styled, world, feed.Page{Records: sample()})
	for _, f := range feed.Formats() {
		delta, ok := now.Delta(f, old.Index())
		if !ok {
			t.Fatalf("no delta as %s", f)
		}
		body, err := delta.Render(f)
		if err != nil {
			t.Fatal(err)
		}
		d["delta."+string(f)] = document{body, styled.FeedURL(&world, f, feed.Place{})}
	}
	return d
}

// graves is a page with a canceled, a withheld and an expired article.
func graves() feed.Page {
	p := feed.Page{Records: sample(), Updated: day(1, 0, 0)}
	p.Records[1].Status = article.Canceled
	p.Records[1].Revision = article.Revision{Kind: "withdrawal", Note: "Kill: the story was <wrong> & is withdrawn"}
	p.Records[1].Updated = day(9, 7, 0)
	p.Records[2].Status = article.Withheld
	p.Records[0].Expires = day(8, 0, 0)
	if tomb, ok := feed.Bury(&p.Records[0]); ok {
		p.Tombstones = append(p.Tombstones, tomb)
	}
	p.Records = p.Records[1:]
	return p
}

// golden compares with the file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from testdata/%s (run go test -update and look at the difference):\n%s", name, name, firstDifference(got, want))
	}
}

// firstDifference shows both from a little before the first byte that differs.
func firstDifference(got, want []byte) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	from := max(0, i-100)
	cut := func(b []byte) []byte { return b[from:min(len(b), i+200)] }
	return fmt.Sprintf("got  …%s…\nwant …%s…", cut(got), cut(want))
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, doc := range pages(t) {
		golden(t, name, doc.body)
	}
	opml, err := feed.OPML(site, []feed.Channel{world, {ID: "all", Title: "R&amp;D <all>"}}, day(7, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "feeds.opml", opml)
	for name, r := range map[string]article.Record{"rich": sample()[0], "correction": sample()[1], "link": sample()[2], "canceled": graves().Records[0]} {
		ninjs, err := feed.Ninjs(site, r)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".ninjs.json", ninjs)
		ld, err := feed.JSONLD(site, r)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".ld.json", append(ld, '\n'))
	}
}

// TestJudges has every kind of document judged by the programs that read feeds.
func TestJudges(t *testing.T) {
	t.Parallel()
	docs := pages(t)
	t.Run("rules", func(t *testing.T) { docs.rules(t) })
	t.Run("xmllint", func(t *testing.T) { docs.xmllint(t) })
	t.Run("jing", func(t *testing.T) { docs.jing(t) })
	t.Run("feedparser", func(t *testing.T) {
		got := docs.feedparser(t)
		for _, name := range []string{"sample.rss", "sample.atom"} {
			p := got[name]
			if len(p.IDs) != 3 || p.Titles[1] != sample()[1].Headline {
				t.Errorf("feedparser reads %s as %+v", name, p)
			}
			if !slices.Contains(p.Credits, "Jo Photo/AFP") || !slices.Contains(p.Credits, "EU & co") {
				t.Errorf("feedparser reads the credits of %s as %q", name, p.Credits)
			}
		}
	})
}

// TestPure renders twice, and once from shuffled records: equal bytes.
func TestPure(t *testing.T) {
	t.Parallel()
	records := sample()
	shuffled := []article.Record{records[2], records[0], records[1], records[0]}
	for _, f := range feed.Formats() {
		a, err := feed.Render(f, site, world, feed.Page{Records: records})
		if err != nil {
			t.Fatal(err)
		}
		b, _ := feed.Render(f, site, world, feed.Page{Records: shuffled})
		if !bytes.Equal(a, b) {
			t.Errorf("%s depends on the order of its input", f)
		}
	}
	if _, err := feed.Render("gopher", site, world, feed.Page{}); err == nil {
		t.Error("an unknown format is rendered")
	}
}

// TestUpdated: the document's date is that of its last entry's change.
func TestUpdated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		page feed.Page
		want time.Time
	}{
		{"of the entries", feed.Page{Records: sample()}, day(8, 9, 0)},
		{"of a tombstone", graves(), day(9, 7, 0)},
		{"not before its bound", feed.Page{Records: sample(), Updated: day(20, 1, 2)}, day(20, 1, 2)},
		{"of an empty feed", feed.Page{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if got := feed.Prepare(site, world, c.page).Updated(); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
