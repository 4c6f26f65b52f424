package syndication

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"wireroom/sources/repair"
)

// newsFeed is an RSS feed as newsrooms publish them.
func newsFeed(items int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>Harbour News</title><link>https://harbour.example/</link><atom:link rel="self" href="https://harbour.example/feed"/><language>en-GB</language><ttl>30</ttl>
`)
	for i := range items {
		fmt.Fprintf(&b, `<item><title>Ferry %d &amp; the port: what we know</title><link>https://harbour.example/2024/03/05/ferry-%d</link>
<dc:creator><![CDATA[Jane Doe]]></dc:creator><pubDate>Tue, 05 Mar 2024 10:%02d:30 +0000</pubDate>
<category><![CDATA[Shipping]]></category><category><![CDATA[Safety at sea]]></category><guid isPermaLink="false">https://harbour.example/?p=%d</guid>
<description><![CDATA[<p>A ferry drifted for two hours off the coast before tugs could reach it, the harbour master said.</p>]]></description>
<content:encoded><![CDATA[%s]]></content:encoded><slash:comments>%d</slash:comments>
<media:content url="https://img.example/%d.jpg" type="image/jpeg" width="1200" height="800"><media:credit>A. Lens</media:credit></media:content></item>
`, i, i, i%60, i, strings.Repeat("<p>The vessel, with <a href=\"/ships/7\">412 people</a> on board, lost power at dawn; nobody was hurt.</p>\n", 30), i, i)
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	body := newsFeed(30)
	r, err := repair.Document(body, repair.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		doc, err := Parse(r, Options{URL: "https://harbour.example/feed"})
		if err != nil || len(doc.Items) != 30 {
			b.Fatal(err)
		}
	}
}

// BenchmarkGofeed is plain gofeed on the same document, for comparison.
func BenchmarkGofeed(b *testing.B) {
	body := newsFeed(30)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil || len(feed.Items) != 30 {
			b.Fatal(err)
		}
	}
}

// BenchmarkPoll is what a poll pays from bytes to document, with all items new and
// with 27 of 30 known.
func BenchmarkPoll(b *testing.B) {
	body := newsFeed(30)
	r, err := repair.Document(body, repair.Options{})
	if err != nil {
		b.Fatal(err)
	}
	known := make(map[uint64]bool)
	for _, e := range r.Entries[3:] {
		known[e.Hash] = true
	}
	for name, o := range map[string]repair.Options{"new": {}, "known": {Known: func(h uint64) bool { return known[h] }}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := repair.Document(body, o)
				if err != nil {
					b.Fatal(err)
				}
				doc, err := Parse(r, Options{URL: "https://harbour.example/feed"})
				if err != nil || len(doc.Items)+doc.Known != 30 {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkShape(b *testing.B) {
	body := newsFeed(30)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shapeRSS(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDiscover(b *testing.B) {
	page := []byte("<html><head><link rel=alternate type=application/rss+xml href=/feed></head><body>" + strings.Repeat(`<p>Text <a href="/2024/x">link</a></p>`, 2000))
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if len(Discover(page, "https://harbour.example/")) == 0 {
			b.Fatal("nothing found")
		}
	}
}
