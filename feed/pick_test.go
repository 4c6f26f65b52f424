package feed_test

import (
	"slices"
	"strings"
	"testing"

	"wireroom/article"
	"wireroom/feed"
)

func ids(records []article.Record) string {
	var out []string
	for _, r := range records {
		out = append(out, r.ID)
	}
	return strings.Join(out, " ")
}

func TestPick(t *testing.T) {
	t.Parallel()
	list := []article.Record{
		{ID: "b", Published: day(2, 0, 0), Updated: day(9, 0, 0), Source: article.Source{ID: "s1"}, Story: article.Story{ID: "x"}},
		{ID: "a", Published: day(2, 0, 0), Updated: day(2, 0, 0), Source: article.Source{ID: "s1"}},
		{ID: "c", Published: day(3, 0, 0), Updated: day(3, 0, 0), Source: article.Source{ID: "s2"}, Story: article.Story{ID: "x"}},
		{ID: "d", FirstSeen: day(1, 0, 0), Source: article.Source{ID: "s1"}},
		{ID: "w", Published: day(8, 0, 0), Status: article.Withheld},
		{ID: "k", Published: day(8, 0, 0), Status: article.Canceled},
		{ID: "a", Published: day(2, 0, 0), Updated: day(4, 0, 0), Version: 2, Source: article.Source{ID: "s1"}},
	}
	before := slices.Clone(list)
	for name, c := range map[string]struct {
		channel feed.Channel
		want    string
	}{
		"by date, ties by id":    {feed.Channel{}, "c a b d"},
		"by update":              {feed.Channel{Select: article.Query{ByUpdated: true}}, "b a c d"},
		"limited":                {feed.Channel{Select: article.Query{Limit: 2}}, "c a"},
		"one a story":            {feed.Channel{Once: feed.OnceStory}, "a x d"},
		"one of a source":        {feed.Channel{PerSource: 1}, "c a"},
		"two of a source, three": {feed.Channel{PerSource: 2, Select: article.Query{Limit: 3}}, "c a b"},
	} {
		got := feed.Pick(&c.channel, list)
		if ids(got) != c.want {
			t.Errorf("%s: %s, want %s", name, ids(got), c.want)
		}
		if i := slices.IndexFunc(got, func(r article.Record) bool { return r.ID == "a" }); i >= 0 && got[i].Version != 2 {
			t.Errorf("%s: the old version", name)
		}
	}
	if ids(list) != ids(before) {
		t.Error("the argument was changed")
	}
	if got := feed.Pick(&feed.Channel{}, numbered(300)); len(got) != feed.DefaultLimit {
		t.Errorf("%d by default", len(got))
	}
}

// TestSize: a document that would be too large has fewer entries, none of them
// cut; a single article that is too large is there in summary.
func TestSize(t *testing.T) {
	t.Parallel()
	list := numbered(50)
	for i := range list {
		list[i].Rights.Republish = article.Full
		list[i].Body.HTML = strings.Repeat(`<p title="&quot;">&amp; &lt;some&gt; "text" that is long</p>`, 400)
	}
	d := feed.Prepare(site, world, feed.Page{Records: list})
	for _, f := range feed.Formats() {
		if doc, err := d.Render(f); err != nil || len(doc) > 1<<20 || len(doc) < 1<<18 {
			t.Errorf("%s has %d bytes (%v)", f, len(doc), err)
		}
	}
	if d.Len() < 5 || d.Len() >= 50 {
		t.Errorf("%d entries", d.Len())
	}
	hold := feed.Prepare(site, world, feed.Page{Records: list, Hold: map[string]bool{list[0].ID: true}})
	if hold.Len() != d.Len()+1 {
		t.Errorf("%d entries where the oldest must stay", hold.Len())
	}
	list[49].Body.HTML = strings.Repeat("<p>enormous</p>", 100_000)
	d = feed.Prepare(site, world, feed.Page{Records: list[49:]})
	body, err := d.Render(feed.JSON)
	if err != nil || d.Len() != 1 || len(body) > 10_000 || !strings.Contains(string(body), "word word") {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

// TestLanguages: a feed always names a language.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		site    string
		channel feed.Channel
		want    string
	}{
		{"en", feed.Channel{Language: "de_AT"}, "de-AT"},
		{"en", feed.Channel{Select: article.Query{Languages: []string{"fr"}}}, "fr"},
		{"en", feed.Channel{Select: article.Query{Languages: []string{"fr", "de"}}}, "en"},
		{"", feed.Channel{Select: article.Query{Languages: []string{"not a language"}}}, "mul"},
		{"", feed.Channel{}, "mul"},
	} {
		c.channel.ID = "x"
		doc, err := feed.Render(feed.RSS, feed.Site{BaseURL: "https://x.example", Language: c.site}, c.channel, feed.Page{})
		if err != nil || !strings.Contains(string(doc), "<language>"+c.want+"</language>") {
			t.Errorf("want %s: %v %s", c.want, err, doc)
		}
	}
}

// TestSites: a feed's id is a tag of the site, whatever its address looks like.
func TestSites(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		site feed.Site
		want string
	}{
		{feed.Site{BaseURL: "https://News.Example.org:8443/"}, "tag:news.example.org,2026:feeds/world"},
		{feed.Site{BaseURL: "http://[::1]:8080"}, "tag:localhost,2026:feeds/world"},
		{feed.Site{BaseURL: "http://münchen.example"}, "tag:xn--mnchen-3ya.example,2026:feeds/world"},
		{feed.Site{BaseURL: "http://192.0.2.1"}, "tag:192.0.2.1,2026:feeds/world"},
		{feed.Site{BaseURL: "::"}, "tag:localhost,2026:feeds/world"},
		{feed.Site{BaseURL: "/relative"}, "tag:localhost,2026:feeds/world"},
		{feed.Site{BaseURL: "https://new.example", Authority: "Old.example"}, "tag:old.example,2026:feeds/world"},
	} {
		if got := c.site.FeedID(&world); got != c.want {
			t.Errorf("%+v: %s, want %s", c.site, got, c.want)
		}
	}
	s := feed.Site{BaseURL: "https://x.example/"}
	for got, want := range map[string]string{
		s.ArticleURL("tag:x.example,2026:abc"):          "https://x.example/articles/abc",
		s.ArticleURL("https://y.example/a?b"):           "https://x.example/articles/https:%2F%2Fy.example%2Fa%3Fb",
		s.OPMLURL():                                     "https://x.example/feeds.opml",
		s.SourceFeedURL("a&b", feed.RSS):                "https://x.example/feeds/all.rss?source=a%26b",
		s.PageURL(&feed.Channel{ID: "a", Query: "q=1"}): "https://x.example/feeds/a?q=1",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, f := range append(feed.Formats(), "gopher") {
		if f.Name() == "" || f != "gopher" && f.MediaType() == "" {
			t.Errorf("%q", f)
		}
	}
}

// TestArt: a channel's pictures, else the site's; a badge within RSS's bounds.
func TestArt(t *testing.T) {
	t.Parallel()
	s := feed.Site{BaseURL: "https://x.example", Art: feed.Art{Icon: "https://x.example/site.png", Badge: feed.Badge{URL: "https://x.example/b.png", Width: 500}}}
	c := feed.Channel{ID: "c", Art: feed.Art{Favicon: "https://x.example/c.png", Icon: "not a URL"}}
	docs := documents{}
	docs.add(t, "art", s, c, feed.Page{})
	docs.rules(t)
	for name, want := range map[string]string{
		"art.json": `"icon":"https://x.example/site.png","favicon":"https://x.example/c.png"`,
		"art.atom": `<icon>https://x.example/site.png</icon>`, "art.rss": `<width>144</width>`,
	} {
		if !strings.Contains(string(docs[name].body), want) {
			t.Errorf("%s: no %s in %s", name, want, docs[name].body)
		}
	}
}
