package syndication

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiscover(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, page string
		want       []string // "url title"
	}{
		{
			"link elements in order, comments last",
			`<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/"><LINK REL='home alternate' TYPE='application/atom+xml' HREF=a.atom title="A &amp; B">
			 <link rel=alternate type="application/feed+json" href="feed.json"><link rel="alternate" type="application/rss+xml" href="/d/a.atom">`,
			[]string{"https://e.example/d/a.atom A & B", "https://e.example/d/feed.json ", "https://e.example/comments/feed/ Comments"},
		},
		{
			"what isn't a feed",
			`<link rel="alternate" hreflang=de href="/de"><link rel="alternate stylesheet" type="text/xml" href="x"><link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts">
			 <link rel="alternate" type="application/json+oembed" href="/oembed"><link rel="alternate" type="text/xml" href="/oembed?format=xml"><link rel=alternate type=application/rss+xml>
			 <link rel="alternate" type="application/rss+xml" href="javascript:x"><link rel="feed" href="/f"><link rel="alternate" type="application/json" href="/feed.json">`,
			[]string{"https://e.example/f ", "https://e.example/feed.json "},
		},
		{
			"a base element", `<base href="https://b.example/x/"><base href="/no"><link rel=alternate type=text/xml href=f.xml>`,
			[]string{"https://b.example/x/f.xml "},
		},
		{
			"links that look like feeds",
			`<a href="/politics.rss">Politics</a><a href="/about">About</a><a href="https://www.e.example/culture/feed"><b>Culture</b> feed</a><a href="https://social.example/feed/me">no</a>
			 <a href="https://feeds.other.example/e">Elsewhere</a><a href="?format=rss" title="T">x</a><a href="/rss/index.html">about feeds</a><a href="/rss/all.xml"> </a>`,
			[]string{
				"https://e.example/politics.rss Politics", "https://www.e.example/culture/feed Culture", "https://feeds.other.example/e Elsewhere",
				"https://e.example/d/page?format=rss T", "https://e.example/rss/all.xml ",
			},
		},
		{
			"both", `<link rel=alternate type=application/rss+xml href=/main><a href="/rss">All our feeds</a>`,
			[]string{"https://e.example/main ", "https://e.example/rss All our feeds"},
		},
	} {
		var got []string
		for _, c := range Discover([]byte(tt.page), "https://e.example/d/page") {
			got = append(got, c.URL+" "+c.Title)
			if c.Guess {
				t.Errorf("%s: %s is a guess", tt.name, c.URL)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestDiscoverGuesses(t *testing.T) {
	t.Parallel()
	got := Discover([]byte("<p>nothing here"), "https://e.example/sport/")
	if len(got) < 5 || got[0].URL != "https://e.example/sport/feed/" {
		t.Fatalf("got %+v", got)
	}
	sitemap := false
	for _, c := range got {
		if !c.Guess || !strings.HasPrefix(c.URL, "https://e.example/") {
			t.Errorf("%+v", c)
		}
		sitemap = sitemap || strings.Contains(c.URL, "sitemap")
	}
	if !sitemap {
		t.Error("no sitemap among the guesses")
	}
	if got := Discover(nil, "https://e.example/sport/story.html"); got[0].URL != "https://e.example/feed/" {
		t.Errorf("below a page there is nothing: %+v", got[0])
	}
	if got := Discover(nil, "not an address"); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestDiscoverIsBounded(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&page, `<link rel=alternate type=application/rss+xml href=/%d><a href=/%d.rss>`, i, i)
	}
	if n := len(Discover([]byte(page.String()), "https://e.example/")); n != maxCandidates {
		t.Errorf("%d candidates", n)
	}
}
