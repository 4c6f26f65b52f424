package repair

import (
	"bytes"
	"errors"
	"testing"
)

// seedBodies are small documents of every kind, sound and damaged.
func seedBodies() (bodies [][]byte) {
	for _, s := range []string{
		`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xml:lang="en">
<channel><title>C</title><link>http://e.org/</link><description>D &amp; d</description>
<item><title>A &lt;b&gt;</title><link>http://e.org/1</link><guid isPermaLink="false">1</guid><dc:creator>X</dc:creator><description><![CDATA[<p>a</p>]]></description></item>
<item><title>B</title><link>http://e.org/2</link><guid>http://e.org/2</guid><content:encoded><![CDATA[<p>b]]></content:encoded><enclosure url="http://e.org/2.mp3" length="5" type="audio/mpeg"/></item>
</channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.org/a/"><title type="html">F</title><id>urn:f</id><updated>2024-03-05T10:20:30Z</updated>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title><id>urn:1</id><link href="b"/><content type="html">&lt;p&gt;a</content></entry>
<entry><title>B</title><id>urn:2</id><link rel="alternate" href="http://e.org/2"/><summary>s</summary><author><name>N</name></author></entry></feed>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://e.org/"><title>C</title><items><rdf:Seq><rdf:li rdf:resource="http://e.org/1"/></rdf:Seq></items></channel><item rdf:about="http://e.org/1"><title>T</title><link>http://e.org/1</link></item></rdf:RDF>`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","title":"A","tags":["a"]},{"id":2,"title":"B","authors":[{"name":"n"}],"content_text":"x\n"}]}`,
		`<rss><channel><title>a<b>c</title><item><title>T<item><title>U &bogus; &nbsp; &#128;</title></item>`,
		`<CHANNEL HREF="http://e.org/"><TITLE>C</TITLE><ITEM HREF="http://e.org/1" LASTMOD="2024-03-05"><TITLE>T</TITLE><ABSTRACT>D</ABSTRACT></ITEM></CHANNEL>`,
		`<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><title>C</title><items><item rdf:about="u"><title>T</title></item></items></Channel>`,
		`<entry xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>1</id></entry>`,
		`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>C</a:title><a:entry><a:title>T</a:title></a:entry></a:feed>`,
		`<!DOCTYPE rss [<!ENTITY foo "bar&#160;">]><rss><channel><item><title>&foo;&eacute;</title></item></channel></rss>`,
		`<opml version="2.0"><body><outline text="x" xmlUrl="http://e.org/feed"/></body></opml>`,
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://e.org/1</loc></url></urlset>`,
		`<html><body><pre><rss version="2.0"><channel><item><title>T</title></item></channel></rss></pre></body></html>`,
		`[{"id":"1","title":"T",},]`, `{'version':'https://jsonfeed.org/version/1',items:[{id:1,title:"a "b" c"}]`,
		"\xFF\xFE<\x00r\x00s\x00s\x00>\x00", "plain text", "", "\xA0",
	} {
		bodies = append(bodies, []byte(s))
	}
	return bodies
}

// FuzzDocument looks for panics, output that is not what the package promises,
// and output that would be mended again.
func FuzzDocument(f *testing.F) {
	for _, body := range seedBodies() {
		f.Add(body, "")
	}
	f.Add([]byte("<rss>\xE9</rss>"), "text/xml; charset=koi8-r")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		checkDocument(t, body, contentType)
	})
}

func checkDocument(t *testing.T, body []byte, contentType string) {
	res, err := Document(body, Options{ContentType: contentType})
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Kind == "" {
			t.Fatalf("an error without a kind: %v", err)
		}
		return
	}
	if err := checkResult(res, Limits{}); err != nil {
		t.Fatalf("%v\n%q\n%q", err, body, res.Body)
	}
	if len(res.Body) > 16*len(body)+2*headroom {
		t.Fatalf("%d bytes became %d", len(body), len(res.Body))
	}
	again, err := Document(res.Body, Options{})
	if err != nil {
		t.Fatalf("its own output: %v\n%q\n%q", err, body, res.Body)
	}
	// What is too broken to be told for a JSON Feed can be one once it is mended.
	if res.Kind == RSS || res.Kind == Atom || res.Kind == JSON && res.Root == again.Root {
		if again.Kind != res.Kind || len(again.Entries) != len(res.Entries) || !bytes.Equal(again.Body, res.Body) {
			t.Fatalf("not idempotent\n%q\n%q\n%q", body, res.Body, again.Body)
		}
	}
	// Only the items of this very document are known, as they are at the next poll.
	hashes := map[uint64]bool{}
	for _, e := range res.Entries {
		hashes[e.Hash] = true
	}
	known, err := Document(body, Options{ContentType: contentType, Known: func(h uint64) bool { return hashes[h] }})
	if err != nil || known.Known != len(res.Entries) || len(known.Entries) > 0 {
		t.Fatalf("%d entries, %d of them known, %v\n%q", len(res.Entries), known.Known, err, body)
	}
}

// FuzzRegression looks for what gofeed reads as it is and not after repair.
func FuzzRegression(f *testing.F) {
	for _, body := range seedBodies() {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if what := regression(body); what != "" {
			t.Fatalf("%q\n%s", body, what)
		}
	})
}
