package repair

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// newsFeed is a feed as a newspaper's content system writes it.
func newsFeed(items int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
	<title>The Example Times</title>
	<atom:link href="https://times.example/feed/" rel="self" type="application/rss+xml" />
	<link>https://times.example</link>
	<description>News</description>
	<lastBuildDate>Tue, 05 Mar 2024 10:20:30 +0000</lastBuildDate>
	<language>en-GB</language>
	<sy:updatePeriod>hourly</sy:updatePeriod>
`)
	for i := range items {
		fmt.Fprintf(&b, `	<item>
		<title>Minister number %d resigns over café affair, says &#8220;no comment&#8221;</title>
		<link>https://times.example/2024/03/05/story-%d/</link>
		<comments>https://times.example/2024/03/05/story-%d/#comments</comments>
		<dc:creator><![CDATA[Jane Doe]]></dc:creator>
		<pubDate>Tue, 05 Mar 2024 %02d:20:30 +0000</pubDate>
		<category><![CDATA[Politics]]></category>
		<category><![CDATA[Europe]]></category>
		<guid isPermaLink="false">https://times.example/?p=%d</guid>
		<description><![CDATA[The minister said on Tuesday that she would step down. <a href="https://times.example/2024/03/05/story-%d/">Read more</a>]]></description>
		<content:encoded><![CDATA[%s]]></content:encoded>
		<media:content url="https://times.example/img/%d.jpg" medium="image" width="1200" height="800"><media:title type="plain">A picture</media:title></media:content>
		<wfw:commentRss>https://times.example/2024/03/05/story-%d/feed/</wfw:commentRss>
		<slash:comments>%d</slash:comments>
	</item>
`, i, i, i, i%24, i, i, strings.Repeat("<p>“The decision was not easy,” she told reporters &amp; others — <em>after</em> a meeting of the cabinet that lasted three hours.</p>\n", 12), i, i, i)
	}
	b.WriteString("</channel>\n</rss>\n")
	return []byte(b.String())
}

// newsAtom is an Atom feed with escaped content, as blogs write it.
func newsAtom(entries int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="en">
	<title type="text">Example</title><id>https://blog.example/feed</id><updated>2024-03-05T10:20:30Z</updated>
	<link rel="self" type="application/atom+xml" href="https://blog.example/feed.atom"/>
`)
	for i := range entries {
		fmt.Fprintf(&b, `	<entry>
		<author><name>Jane Doe</name><uri>https://blog.example/jane</uri></author>
		<title type="html"><![CDATA[Story &amp; picture number %d]]></title>
		<link rel="alternate" type="text/html" href="https://blog.example/%d"/>
		<id>tag:blog.example,2024:%d</id>
		<updated>2024-03-05T10:20:30Z</updated><published>2024-03-05T10:20:30Z</published>
		<category scheme="https://blog.example" term="News"/>
		<summary type="html">The minister said &lt;b&gt;no&lt;/b&gt;.</summary>
		<content type="html">%s</content>
		<thr:total>0</thr:total>
	</entry>
`, i, i, i, strings.Repeat("&lt;p&gt;The decision was not easy, she told reporters after a meeting of the cabinet.&lt;/p&gt;\n", 14))
	}
	b.WriteString("</feed>\n")
	return []byte(b.String())
}

// newsJSON is a JSON Feed.
func newsJSON(items int) []byte {
	var b strings.Builder
	b.WriteString(`{"version":"https://jsonfeed.org/version/1.1","title":"Example","home_page_url":"https://blog.example/","items":[`)
	for i := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `
  {"id":"https://blog.example/%d","url":"https://blog.example/%d","title":"Story & picture number %d","date_published":"2024-03-05T10:20:30Z",
   "authors":[{"name":"Jane Doe","url":"https://blog.example/jane"}],"tags":["News","Europe"],
   "content_html":"%s","attachments":[{"url":"https://blog.example/%d.mp3","mime_type":"audio/mpeg","size_in_bytes":123456}]}`,
			i, i, i, strings.Repeat(`<p class=\"a\">The decision was not easy, she told reporters — after a meeting of the cabinet.<\/p>\n`, 14), i)
	}
	b.WriteString("]}\n")
	return []byte(b.String())
}

var benchmarks = []struct {
	name string
	make func(int) []byte
}{{"rss", newsFeed}, {"atom", newsAtom}, {"json", newsJSON}}

func BenchmarkDocument(b *testing.B) {
	for _, m := range benchmarks {
		b.Run(m.name, func(b *testing.B) {
			body := m.make(30)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				if _, err := Document(body, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkGofeed(b *testing.B) {
	for _, m := range benchmarks {
		b.Run(m.name, func(b *testing.B) {
			body := m.make(30)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPoll is the parse of a poll that brings three new items of thirty,
// whole: repair, and gofeed on what is left.
func BenchmarkPoll(b *testing.B) {
	for _, m := range benchmarks {
		b.Run(m.name, func(b *testing.B) {
			body := m.make(30)
			known := knownBut(b, body, 3)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				res, err := Document(body, Options{Known: known})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(res.Body)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkKnown is the repair of a document of which three items are new.
func BenchmarkKnown(b *testing.B) {
	for _, m := range benchmarks {
		b.Run(m.name, func(b *testing.B) {
			body := m.make(30)
			o := Options{Known: knownBut(b, body, 3)}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			defer reportCPU(b)()
			for b.Loop() {
				if _, err := Document(body, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// knownBut knows all items of a body but the first few.
func knownBut(tb testing.TB, body []byte, few int) func(uint64) bool {
	tb.Helper()
	res, err := Document(body, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	known := make(map[uint64]bool)
	for _, e := range res.Entries[few:] {
		known[e.Hash] = true
	}
	return func(h uint64) bool { return known[h] }
}

// reportCPU adds what the process spent to a benchmark's figures, which on a
// busy machine says more than the time that passed.
func reportCPU(b *testing.B) func() {
	start := cpuTime()
	return func() {
		b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
	}
}
