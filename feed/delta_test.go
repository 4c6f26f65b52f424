package feed_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

// numbered are n articles, an hour apart.
func numbered(n int) []article.Record {
	var out []article.Record
	for i := range n {
		out = append(out, article.Record{
			ID: fmt.Sprintf("tag:x.example,2026:%04d", i), Version: 1, Headline: fmt.Sprintf("Headline %d", i), Standfirst: strings.Repeat("word ", 20),
			Published: day(1, i, 0), Updated: day(1, i, 0), FirstSeen: day(1, i, 0),
			Source: article.Source{ID: "s", Name: "S", FeedURL: "https://s.example/feed"}, Links: article.Links{Canonical: fmt.Sprintf("https://s.example/%d", i)},
		})
	}
	return out
}

func prepare(records []article.Record) *feed.Document {
	return feed.Prepare(site, world, feed.Page{Records: records})
}

// TestDelta: a delta is a whole document with only what is new.
func TestDelta(t *testing.T) {
	t.Parallel()
	old := prepare(numbered(20)).Index()
	updated := numbered(22)
	updated[7].Updated = day(5, 0, 0)
	killed := numbered(20)
	killed[3].Status = article.Canceled
	for _, c := range []struct {
		name string
		now  []article.Record
		old  feed.Index
		want map[feed.Format]int // entries; absent: no delta
	}{
		{"added and updated", updated, old, map[feed.Format]int{feed.RSS: 3, feed.Atom: 3, feed.JSON: 3}},
		{"the same", numbered(20), old, nil},
		{"all new", numbered(20), feed.Index{}, nil},
		{"only fewer", numbered(19), old, nil},
		{"canceled", killed, old, map[feed.Format]int{feed.Atom: 0}},
	} {
		doc := prepare(c.now)
		for _, f := range feed.Formats() {
			delta, ok := doc.Delta(f, c.old)
			want, wanted := c.want[f]
			if ok != wanted {
				t.Errorf("%s as %s: delta %v", c.name, f, ok)
				continue
			}
			if !ok {
				continue
			}
			body, err := delta.Render(f)
			if err != nil {
				t.Fatal(err)
			}
			if delta.Len() != want || !delta.Updated().Equal(doc.Updated()) {
				t.Errorf("%s as %s: %d entries of %s", c.name, f, delta.Len(), delta.Updated())
			}
			faults := checkXMLOrJSON(f, body)
			if len(faults) > 0 {
				t.Errorf("%s as %s: %v", c.name, f, faults)
			}
			if c.name == "canceled" && !bytes.Contains(body, []byte("deleted-entry")) {
				t.Errorf("no tombstone: %s", body)
			}
		}
	}
}

func checkXMLOrJSON(f feed.Format, body []byte) []string {
	if f == feed.JSON {
		return checkJSONFeed(body)
	}
	return checkXML(body, site.FeedURL(&world, f, feed.Place{}))
}

func TestIndexCodec(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 100} {
		x := prepare(numbered(n)).Index()
		b, err := x.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 16+12*n {
			t.Errorf("%d entries take %d bytes", n, len(b))
		}
		var back feed.Index
		if err := back.UnmarshalBinary(b); err != nil || back.Len() != n {
			t.Fatalf("%d entries: %v, %d", n, err, back.Len())
		}
		if n > 0 && !reflect.DeepEqual(x, back) {
			t.Errorf("%d entries: %v becomes %v", n, x, back)
		}
		for i := range b {
			if err := new(feed.Index).UnmarshalBinary(b[:i]); err == nil {
				t.Errorf("%d of %d bytes are accepted", i, len(b))
			}
		}
		if err := new(feed.Index).UnmarshalBinary(append(b, 0)); err == nil {
			t.Error("a byte more is accepted")
		}
	}
}

func FuzzIndex(f *testing.F) {
	b, err := prepare(numbered(5)).Index().MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{1, 0, 0})
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var x, y feed.Index
		if x.UnmarshalBinary(b) != nil {
			return
		}
		again, err := x.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := y.UnmarshalBinary(again); err != nil || !reflect.DeepEqual(x, y) {
			t.Fatalf("%v: %v, %v", err, x, y)
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	for _, c := range []article.Cursor{{}, {Time: day(1, 2, 3), ID: "tag:x.example,2026:a?b=c&d#ü"}, {Time: day(1, 0, 0).AddDate(-100, 0, 0), ID: "x"}} {
		back, err := feed.ParseCursor(feed.FormatCursor(c))
		if err != nil || back.ID != c.ID || !c.Time.IsZero() && !back.Time.Equal(c.Time) {
			t.Errorf("%v becomes %v, %v", c, back, err)
		}
	}
	for _, s := range []string{"", ".", "x", "1.!", "zzzzzzzzzzzzzzzzzzzz.YQ", "1.YQ==", "1.AAA", "1." + strings.Repeat("YQ", 9000), "-.YQ"} {
		if c, err := feed.ParseCursor(s); err == nil && (s != "." && s != "1.AAA") {
			t.Errorf("%q is taken for %v", s, c)
		}
	}
}

// TestNextURL: JSON Feed's next page is the page, or the archive, with what is
// older, and none where there is nothing.
func TestNextURL(t *testing.T) {
	t.Parallel()
	for want, page := range map[string]feed.Page{
		"": {},
		"https://news.example.org/feeds/world.json?after=":             {Nav: feed.Nav{Next: &feed.Place{After: article.Cursor{ID: "x", Time: day(1, 0, 0)}}}},
		"https://news.example.org/feeds/world/archive/2024-03-01.json": {Nav: feed.Nav{PrevArchive: &feed.Place{Archive: "2024-03-01"}}},
	} {
		doc, err := feed.Render(feed.JSON, site, world, page)
		if err != nil {
			t.Fatal(err)
		}
		var m struct {
			Next string `json:"next_url"`
		}
		if err := json.Unmarshal(doc, &m); err != nil || !strings.HasPrefix(m.Next, want) || want == "" && m.Next != "" {
			t.Errorf("next_url %q, want %q (%v)", m.Next, want, err)
		}
	}
}
