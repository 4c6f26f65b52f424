package feed_test

import (
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

// told is a story of three articles, of which two are the same text, and one
// article beside it.
func told() []article.Record {
	rec := func(id, source string, hour, words int, story, text string) article.Record {
		return article.Record{
			ID: "tag:x.example,2026:" + id, Headline: "Headline of " + id, Published: day(2, hour, 0), Updated: day(2, hour, 0),
			Source: article.Source{ID: source, Name: "The " + source}, Links: article.Links{Canonical: "https://" + source + ".example/" + id},
			Body: article.Body{Text: "Text of " + id, WordCount: words}, Story: article.Story{ID: story, Text: text},
		}
	}
	const s, x = "tag:x.example,2026:s-a", "tag:x.example,2026:t-a"
	return []article.Record{
		rec("a", "post", 1, 200, s, x), rec("b", "courier", 2, 220, s, x), rec("c", "herald", 5, 240, s, ""), rec("d", "post", 3, 90, "", ""),
	}
}

// TestOnce: what a feed with texts or stories once makes of a story.
func TestOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		channel feed.Channel
		want    string // id, headline, published and updated hour, others
	}{
		"articles": {feed.Channel{}, "c:c:5-5: d:d:3-3: b:b:2-2: a:a:1-1:"},
		"texts":    {feed.Channel{Once: feed.OnceText}, "c:c:5-5: d:d:3-3: a:b:1-2:a"},
		"stories":  {feed.Channel{Once: feed.OnceStory}, "d:d:3-3: a:c:1-5:b,a"},
		"by update": {feed.Channel{Once: feed.OnceStory, Select: article.Query{ByUpdated: true}},
			"a:c:1-5:b,a d:d:3-3:"},
	} {
		var got []string
		for _, r := range feed.Pick(&c.channel, told()) {
			var also []string
			for _, a := range r.Story.Also {
				also = append(also, a.URL[strings.LastIndexByte(a.URL, '/')+1:])
			}
			got = append(got, article.ShortID(r.ID)+":"+strings.TrimPrefix(r.Headline, "Headline of ")+":"+
				r.Published.Format("3")+"-"+r.Updated.Format("3")+":"+strings.Join(also, ","))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

// TestOnceKeepsIDs: as a story grows, its entry keeps its id and its date of
// publication, and its date of update moves.
func TestOnceKeepsIDs(t *testing.T) {
	t.Parallel()
	c := feed.Channel{Once: feed.OnceStory}
	all := told()[:3]
	alone := all[0]
	alone.Story = article.Story{}
	before := feed.Pick(&c, []article.Record{alone})[0]
	for n := 1; n <= 3; n++ {
		r := feed.Pick(&c, all[:n])[0]
		if r.ID != before.ID || !r.Published.Equal(before.Published) || r.Updated.Before(before.Updated) {
			t.Errorf("with %d articles: %s of %s, updated %s; before %s of %s, updated %s", n, r.ID, r.Published, r.Updated, before.ID, before.Published, before.Updated)
		}
		before = r
	}
}

// TestCoverage: every format lists the others with their sources.
func TestCoverage(t *testing.T) {
	t.Parallel()
	c := feed.Channel{ID: "once", Once: feed.OnceStory}
	records := feed.Pick(&c, told())
	docs := documents{}
	docs.add(t, "once", site, c, feed.Page{Records: records})
	docs.rules(t)
	for name, d := range docs {
		body := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&quot;", `"`, `\"`, `"`).Replace(string(d.body))
		for _, want := range []string{"Further coverage", `<a href="https://courier.example/b">Headline of b</a> (The courier)`, `<a href="https://post.example/a">Headline of a</a> (The post)`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s in %s", name, want, body)
			}
		}
	}
	if c := (feed.Channel{Once: feed.OnceText}); len(c.Stories(records)) != 1 || len((&feed.Channel{}).Stories(records)) != 0 {
		t.Error("the stories of a feed")
	}
}
