package feed_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// shards are what hostile text is made of.
var shards = []string{
	"plain words ", "Überschrift ", "日本語の見出し", "العربية", "🏳️‍🌈", "e\u0301", "&", "&amp;", "&lt;b&gt;", "&#0;", "&#x1F;", "&#xFFFE;",
	"&nbsp", "&copy=1", "<", ">", "\"", "'", "]]>", "<![CDATA[", "<!--", "-->", "<?xml version=\"1.0\"?>", "<!DOCTYPE x [<!ENTITY a \"b\">]>",
	"<script>alert(1)</script>", "<style>*{}</style>", "<b>", "</b>", "</p>", "<p>", "<a href=\"javascript:alert(1)\">", "<img src=x onerror=alert(1)",
	"<iframe src=\"https://embed.example/x\"></iframe>", "<table><tr><td>", "<svg onload=alert(1)>", "\x00", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\u0085",
	"\xff\xfe", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xc0\xaf", "\xef\xbf\xbe", "\ufffd", "\uffff", "\ufeff", "\u202e", "\u2028",
	"\r\n", "\t", "   ", "javascript:alert(1)", "http://", "https://ok.example/ä b?x=[1]&y=<2>#a#b", "//host/x", "/rel", "data:text/html,x", "%zz", "\\",
}

func smash(r *rand.Rand, most int) string {
	var b strings.Builder
	for range r.IntN(most + 1) {
		if r.IntN(8) == 0 {
			b.WriteByte(byte(r.IntN(256)))
		}
		b.WriteString(shards[r.IntN(len(shards))])
	}
	return b.String()
}

func smashAll(r *rand.Rand, most int) (out []string) {
	for range r.IntN(most) {
		out = append(out, smash(r, 3))
	}
	return out
}

// hostileRecord is a record that nobody has cleaned.
func hostileRecord(r *rand.Rand, n int) article.Record {
	address := func() string {
		switch r.IntN(4) {
		case 0:
			return smash(r, 2)
		case 1:
			return "https://ok.example/" + smash(r, 2)
		}
		return fmt.Sprintf("https://ok.example/%d", n)
	}
	rec := article.Record{
		ID: fmt.Sprintf("tag:ok.example,2026:%06d", n), Version: r.IntN(5), Urgency: r.IntN(12) - 2, Genre: smash(r, 1),
		Language: []string{"en", "de", "xx-bad!", smash(r, 1), ""}[r.IntN(5)],
		Headline: smash(r, 8), Kicker: smash(r, 2), Standfirst: smash(r, 10), Slugline: smash(r, 2), Byline: smash(r, 3),
		Editors: smashAll(r, 3), Agencies: smashAll(r, 3), Publisher: article.Publisher{Name: smash(r, 2), URL: address()},
		Revision:  article.Revision{Kind: []string{"correction", "", smash(r, 1)}[r.IntN(3)], Note: smash(r, 4), Number: r.IntN(3)},
		Dateline:  article.Dateline{Text: smash(r, 2), Places: smashAll(r, 3), Date: smash(r, 1), Agency: smash(r, 1)},
		Source:    article.Source{ID: smash(r, 2), Name: smash(r, 2), URL: address(), FeedURL: address(), FeedID: smash(r, 2), GUID: smash(r, 3), Rights: smash(r, 2)},
		Published: time.Unix(1_700_000_000+int64(r.IntN(1e6)), 0), Updated: time.Unix(1_700_000_000+int64(r.IntN(1e6)), 0),
		Links: article.Links{Canonical: address(), Short: address(), Via: address(), Comments: address(),
			Related: []article.Link{{URL: address(), Title: smash(r, 3)}}},
		Subjects: []article.Subject{{Scheme: []string{"medtop", smash(r, 1)}[r.IntN(2)], Code: smash(r, 1), Name: smash(r, 2)}},
		Places:   smashAll(r, 3), People: smashAll(r, 3), Keywords: smashAll(r, 5),
		Body:   article.Body{HTML: smash(r, 40), Text: smash(r, 20), WordCount: r.IntN(10) - 5},
		Rights: article.Rights{Copyright: smash(r, 2), Terms: smash(r, 2), License: address(), Republish: []article.Republish{article.Full, article.Summary, article.LinkOnly, "?"}[r.IntN(4)]},
		Story:  article.Story{ID: smash(r, 1), Also: []article.Also{{Source: smash(r, 1), URL: address(), Title: smash(r, 2)}}},
	}
	for range r.IntN(3) {
		rec.Authors = append(rec.Authors, article.Person{Name: smash(r, 2), URL: address()})
		m := article.Media{URL: address(), Type: []string{"image/jpeg", "audio/mpeg", smash(r, 1)}[r.IntN(3)], Medium: []string{"image", "", smash(r, 1)}[r.IntN(3)],
			Title: smash(r, 2), Caption: smash(r, 4), Alt: smash(r, 2), Credit: smash(r, 2), Copyright: smash(r, 2), Thumbnail: address(),
			Width: r.IntN(3000) - 100, Height: r.IntN(3000) - 100, Length: int64(r.IntN(1e6) - 100), Duration: r.IntN(100) - 10, Group: []string{"", "g"}[r.IntN(2)]}
		rec.Images = append(rec.Images, m)
		m.URL = address()
		rec.Media = append(rec.Media, m)
	}
	if n%100 == 0 {
		rec.Headline = strings.Repeat(smash(r, 8)+"x", 100_000)[:100_000]
	}
	if n%10 == 0 {
		rec.Expires = time.Unix(1_800_000_000, 0)
	}
	return rec
}

// TestHostile renders 10,000 articles of the worst text: every document is
// well-formed, and one in four is held to every rule.
func TestHostile(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 2))
	channel := feed.Channel{ID: "hostile/ü", Title: smash(r, 5) + "t", Description: smash(r, 5), Copyright: smash(r, 3), Art: feed.Art{Icon: "javascript:x"}, Language: "??"}
	total := 100
	if raced {
		total = 5
	}
	const each = 100
	docs, some, few := documents{}, documents{}, documents{}
	for n := range total {
		var p feed.Page
		for i := range each {
			p.Records = append(p.Records, hostileRecord(r, n*each+i))
		}
		p.Tombstones = []feed.Tombstone{{Ref: "tag:ok.example,2026:gone", When: day(1, 0, 0), Comment: smash(r, 5)}, {Ref: ""}}
		docs.add(t, fmt.Sprintf("hostile%03d", n), site, channel, p)
		for _, f := range feed.Formats() {
			name := fmt.Sprintf("hostile%03d.%s", n, f)
			if f == feed.JSON && !json.Valid(docs[name].body) {
				t.Errorf("%s is not JSON", name)
			}
			if n%4 == 0 {
				some[name] = docs[name]
			}
			if n%20 == 0 {
				few[name] = docs[name]
			}
		}
	}
	t.Run("rules", func(t *testing.T) { t.Parallel(); some.rules(t) })
	t.Run("xmllint", func(t *testing.T) { t.Parallel(); docs.xmllint(t) })
	t.Run("feedparser", func(t *testing.T) { t.Parallel(); few.feedparser(t) })
	t.Run("jing", func(t *testing.T) { t.Parallel(); few.jing(t) })
}

// TestHostileArticles holds the documents of one article to the same.
func TestHostileArticles(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	total := 1000
	if raced {
		total = 100
	}
	for n := range total {
		rec := hostileRecord(r, n)
		if n%7 == 0 {
			rec.Status = article.Canceled
		}
		ninjs, err := feed.Ninjs(site, rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range checkNinjs(ninjs) {
			t.Errorf("ninjs %d: %s", n, f)
		}
		ld, err := feed.JSONLD(site, rec)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(ld) || strings.ContainsAny(string(ld), "<>&\u2028\u2029") {
			t.Errorf("JSON-LD %d can't stand in a script: %s", n, ld)
		}
	}
}
