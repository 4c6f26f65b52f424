package repair

import (
	"strings"
	"testing"
)

// inItem wraps markup as the only item of an RSS feed.
func inItem(s string) string {
	return "<rss><channel><title>C</title><item>" + s + "</item></channel></rss>"
}

// TestMalformed shows what becomes of each kind of damage. Where want starts
// with "<rss", it is the whole body, otherwise what is in the item.
func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"sound", inItem(`<title>T &amp; <![CDATA[<b>]]></title>`), `<title>T &amp; <![CDATA[<b>]]></title>`},

		{"stray less-than", inItem(`<title>1 < 2 <3 a<b</title>`), `<title>1 &lt; 2 &lt;3 a&lt;b</title>`},
		{"address in angle brackets", inItem(`<author>Jo <jo@e.org> <http://e.org/></author>`), `<author>Jo &lt;jo@e.org> &lt;http://e.org/></author>`},
		{"section's end in text", inItem(`<title>a ]]> b</title>`), `<title>a ]]&gt; b</title>`},
		{"bare ampersands", inItem(`<title>AT&T & R&D &copy &#x; &#38</title>`), `<title>AT&amp;T &amp; R&amp;D &amp;copy &amp;#x; &amp;#38</title>`},
		{"HTML entities", inItem(`<title>&nbsp;&eacute;&hellip;&NotEqualTilde;</title>`), `<title>&#160;&#233;&#8230;&#8770;&#824;</title>`},
		{"unknown entities", inItem(`<title>&bogus; &copyright;</title>`), `<title>&amp;bogus; &amp;copyright;</title>`},
		{"upper-case entities", inItem(`<title>&AMP;&LT;b&#X41;</title>`), `<title>&amp;&#60;bA</title>`},
		{"references to nothing", inItem(`<title>a&#0;&#8;&#x1F;&#xFFFE;&#xFFFF;&#x110000;&#99999999999;&#xD800;b</title>`), `<title>ab</title>`},
		{"references to C1", inItem(`<title>&#147;a&#148;&#x81;</title>`), `<title>&#8220;a&#8221;</title>`},
		{"referenced surrogates", inItem(`<title>&#55357;&#56832;&#xD83D;&#xDE00;</title>`), `<title>&#128512;&#128512;</title>`},
		{"referenced bytes", inItem(`<title>&#226;&#128;&#153;&#xC3;&#xA9;</title>`), `<title>&#8217;&#xC3;&#xA9;</title>`},
		{"control characters", inItem("<title>a\x00\x08\x0B\x1Fb\uFFFE\uFFFF</ti\x01tle>"), `<title>ab</title>`},
		{"C1 in the text", inItem("<title>\u0093a\u0094\u0081</title>"), `<title>“a”</title>`},

		{"section in lower case", inItem(`<title><![cdata[a]]></title>`), `<title><![CDATA[a]]></title>`},
		{"nested section", inItem(`<title><![CDATA[a <![CDATA[b]]> c]]></title>`), `<title><![CDATA[a b c]]></title>`},
		{"section about sections", inItem(`<title><![CDATA[write <![CDATA[ to begin]]></title>`), `<title><![CDATA[write <![CDATA[ to begin]]></title>`},
		{"section's end around what goes", inItem(`<title>a]<!-- b -->]>c]]<?d?>>]<!-- e --><!-- f -->]</g>></title>`), `<title>a&#93;]>c]&#93;>&#93;&#93;></title>`},
		{"split section", inItem(`<title><![CDATA[a]]]]><![CDATA[>b]]></title>`), `<title><![CDATA[a]]]]><![CDATA[>b]]></title>`},
		{"section without end", inItem(`<title><![CDATA[a</title><link>b</link>`), `<title><![CDATA[a]]></title><link>b</link>`},
		{"section without end before another", inItem(`<title><![CDATA[a</title><description><![CDATA[b]]></description>`), `<title><![CDATA[a]]></title><description><![CDATA[b]]></description>`},
		{"control characters in a section", inItem("<title><![CDATA[a\x0Cb\uFFFE\u0085]]></title>"), `<title><![CDATA[ab…]]></title>`},

		{"comment in text", inItem(`<title>a<!-- b -- c -->d</title>`), `<title>ad</title>`},
		{"comment without end", inItem(`<title>a<!-- b</title>`), `<title>a b</title>`},
		{"instruction in text", inItem(`<title>a<?php echo 1 ?>b<?x></title>`), `<title>ab</title>`},
		{"DOCTYPE in text", inItem(`<description>a<!DOCTYPE html>b</description>`), `<description>ab</description>`},

		{"unquoted, bare, doubled attributes", inItem(`<enclosure url=http://e.org/a.mp3 length=5 checked url="b"/>`), `<enclosure url="http://e.org/a.mp3" length="5" checked="checked"/>`},
		{"unquoted at the end", inItem(`<a href=http://e.org/>x</a><br clear=all/>`), `<a href="http://e.org/">x</a><br clear="all"/>`},
		{"attributes without space", inItem(`<a b="c"d='e'/>`), `<a b="c" d='e'/>`},
		{"bad names of attributes", inItem(`<a 1="x" b:="y" ="z" c="w" é="v"/>`), `<a z="z" c="w"/>`},
		{"markup in attributes", inItem(`<a title="<b>&copy;</b> & 'x' &#0;"/>`), `<a title="&#60;b>&#169;&#60;/b> &amp; 'x' "/>`},
		{"quote left open", inItem(`<a href="b>c</a><a href="d">e</a>`), `<a href="b">c</a><a href="d">e</a>`},
		{"tag left open", inItem(`<title <link>b</link>`), `<title></title><link>b</link>`},
		{"space in tags", inItem(`< title >T</ title ><link>b< /link>`), `<title>T</title><link>b</link>`},
		{"names", inItem(`<a:b:c>d</a:b:c><:e/><x:1/>`), `<a_b_c>d</a_b_c><_e/><x_1/>`},
		{"names in another script", inItem(`<заголовок>a</заголовок><😀>b</😀>`), `<заголовок>a</заголовок>&lt;😀>b`},

		{"case of end tags", inItem(`<Title>T</title><LINK>b</link>`), `<Title>T</Title><LINK>b</LINK>`},
		{"upper case", `<RSS VERSION="2.0"><CHANNEL><ITEM><TITLE>T</TITLE><ENCLOSURE URL="b"/><GUID ISPERMALINK="false">1</GUID></ITEM></CHANNEL></RSS>`, `<rss version="2.0"><channel><ITEM><TITLE>T</TITLE><ENCLOSURE url="b"/><GUID isPermaLink="false">1</GUID></ITEM></channel></rss>`},
		{"attributes twice in two cases", inItem(`<guid ISPERMALINK="false" isPermaLink="true">1</guid><enclosure url="a" URL="b" Url="c"/><x URL="a" url="b"/>`), `<guid isPermaLink="false">1</guid><enclosure url="a"/><x URL="a" url="b"/>`},
		{"elements that cross", inItem(`<description><b><i>x</b>y</i></description>`), `<description><b><i>x</i></b>y</description>`},
		{"end tags of nothing", inItem(`</b><title>T</i></title></p>`), `<title>T</title>`},
		{"prefix missing in the end tag", inItem(`<dc:creator>a</creator>`), `<dc:creator>a</dc:creator>`},
		{"void elements", inItem(`<description>a<br>b<hr>c<img src="d">e<br></br></description>`), `<description>a<br/>b<hr/>c<img src="d"/>e<br></br></description>`},
		{"paragraphs", inItem(`<description><p>a<p>b<ul><li>c<li>d</ul></description>`), `<description><p>a</p><p>b<ul><li>c</li><li>d</li></ul></p></description>`},
		{"title left open", inItem(`<title>T<link>b</link><guid>c</guid>`), `<title>T</title><link>b</link><guid>c</guid>`},
		{"title misspelt at its end", inItem(`<title>T</titel><link>b</link>`), `<title>T</title><link>b</link>`},
		{"a document in a description", inItem(`<description><html><head><title>x</title><link/></head></html></description>`), `<description><html><head><title>x</title><link/></head></html></description>`},
		{"item left open", "<rss><channel><item><title>A</title><item><title>B</title></item></channel></rss>", `<rss><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>`},
		{"last item left open", "<rss><channel><item><title>A</title></channel></rss>", `<rss><channel><item><title>A</title></item></channel></rss>`},
		{"title of the channel left open", "<rss><channel><title>C<item><title>A</title></item></channel></rss>", `<rss><channel><title>C</title><item><title>A</title></item></channel></rss>`},
		{"link of the channel left open", `<rss><channel><link><title>C</title><item><title>A</title></item></channel></rss>`, `<rss><channel><link></link><title>C</title><item><title>A</title></item></channel></rss>`},
		{"root's end tag cut", "<rss><channel><item><title>A</title></item></channel></rss", `<rss><channel><item><title>A</title></item></channel></rss>`},
		{"declarations", `<?xml version="2.0"?><?xml version="1.1" encoding="utf-8"?>` + inItem(`<title>T</title>`), `<title>T</title>`},
	} {
		res, err := Document([]byte(c.in), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		want := c.want
		if !strings.HasPrefix(want, "<rss") {
			want = inItem(want)
		}
		got := string(res.Body)
		if _, rest, ok := strings.Cut(got, " xmlns:"); ok { // those are another test's
			head, _, _ := strings.Cut(got, " xmlns:")
			_, rest, _ = strings.Cut(rest, ">")
			got = head + ">" + rest
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
		if err := checkResult(res, Limits{}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if res.Truncated {
			t.Errorf("%s: truncated", c.name)
		}
	}
}

// TestStructure shows how feeds of odd shape become feeds that gofeed reads.
func TestStructure(t *testing.T) {
	t.Parallel()
	const atom, w3 = `http://www.w3.org/2005/Atom`, `<feed xmlns="http://www.w3.org/2005/Atom">`
	for _, c := range []struct{ name, in, want string }{
		{"no channel", `<rss version="2.0"><title>C</title><item><title>T</title></item></rss>`, `<rss version="2.0"><channel><title>C</title><item><title>T</title></item></channel></rss>`},
		{"items outside", `<rss><channel><title>C</title></channel><item/></rss>`, `<rss><channel><title>C</title><item/></channel></rss>`},
		{"two channels", `<rss><channel><title>C</title><item>1</item></channel><channel><title>D</title><ttl>5</ttl><item>2</item></channel></rss>`, `<rss><channel><title>C</title><item>1</item><ttl>5</ttl><item>2</item></channel></rss>`},
		{"bare channel", `<channel><title>C</title><item/></channel>`, `<rss version="2.0"><channel><title>C</title><item/></channel></rss>`},
		{"bare items", `<item><title>A</title></item> <item><title>B</title></item>`, `<rss version="2.0"><channel><item><title>A</title></item> <item><title>B</title></item></channel></rss>`},
		{"a section's end in CDF", `<CHANNEL HREF="]]>u"><ITEM/></CHANNEL>`, `<rss version="2.0"><channel><link>]]&gt;u</link><ITEM/></channel></rss>`},
		{"CDF", `<CHANNEL HREF="http://e.org/?a=1&b=2"><TITLE>C</TITLE><ITEM HREF="u" LASTMOD="d"><ABSTRACT>D</ABSTRACT></ITEM></CHANNEL>`,
			`<rss version="2.0"><channel><link>http://e.org/?a=1&amp;b=2</link><TITLE>C</TITLE><ITEM href="u" LASTMOD="d"><link>u</link><pubDate>d</pubDate><description>D</description></ITEM></channel></rss>`},
		{"RSS 1.1", `<Channel xmlns="http://purl.org/net/rss1.1#"><title>C</title><items><item><title>T</title></item></items></Channel>`, `<rss version="2.0"><channel><title>C</title><item><title>T</title></item></channel></rss>`},
		{"RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="u"><title>C</title><image rdf:resource="i"/></channel><image><url>i</url></image><item rdf:about="1"/></rdf:RDF>`,
			`<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>C</title><image rdf:resource="i"/><image><url>i</url></image><item rdf:about="1"/></channel></rdf:RDF>`},
		{"RDF with prefixes", `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://my.netscape.com/rdf/simple/0.9/"><s:item><s:title>T</s:title></s:item></r:RDF>`,
			`<rdf:RDF xmlns="http://my.netscape.com/rdf/simple/0.9/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><item><title>T</title></item></channel></rdf:RDF>`},
		{"Atom's namespace on RSS", `<rss xmlns="` + atom + `" xmlns:a="` + atom + `"><channel><item><title>T</title><a:link href="u"/></item></channel></rss>`,
			`<rss xmlns:a="` + atom + `"><channel><item><title>T</title><a:link href="u"/></item></channel></rss>`},
		{"a namespace on the item", `<rss><channel><item xmlns="http://e.org/"><title>T</title><link xmlns="` + atom + `" href="u"/></item></channel></rss>`,
			`<rss><channel><item><title>T</title><link xmlns="` + atom + `" href="u"/></item></channel></rss>`},
		{"prefixed RSS", `<r:rss xmlns:r="http://x/"><r:channel><r:item><r:title>T</r:title></r:item></r:channel></r:rss>`, `<rss><channel><item><title>T</title></item></channel></rss>`},
		{"undeclared prefixes", `<rss><channel><item><content:encoded>c</content:encoded><DC:Creator>d</DC:Creator><x:y/></item></channel></rss>`,
			`<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:DC="http://purl.org/dc/elements/1.1/" xmlns:x="undeclared:x"><channel><item><content:encoded>c</content:encoded><DC:Creator>d</DC:Creator><x:y/></item></channel></rss>`},
		{"misspelt namespaces", `<rss xmlns:c="https://purl.org/rss/1.0/modules/content" xmlns:m="HTTP://search.yahoo.com/MRSS/"><channel><item><c:encoded>c</c:encoded><m:title/></item></channel></rss>`,
			`<rss xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:m="http://search.yahoo.com/mrss/"><channel><item><c:encoded>c</c:encoded><m:title/></item></channel></rss>`},
		{"unused namespaces", `<rss xmlns:a="u:a" xmlns:b="u:b"><channel><item><b:c/></item></channel></rss>`, `<rss xmlns:b="u:b"><channel><item><b:c/></item></channel></rss>`},
		{"a prefix with two meanings", `<rss><channel><item><p:a xmlns:p="u:1"/><p:a xmlns:p="u:2"/><q:a xmlns:q="u:1"/></item></channel></rss>`,
			`<rss xmlns:p="u:1" xmlns:p-2="u:2" xmlns:q="u:1"><channel><item><p:a/><p-2:a/><q:a/></item></channel></rss>`},
		{"Atom over https", `<feed xmlns="https://www.w3.org/2005/Atom"><title>C</title></feed>`, w3 + `<title>C</title></feed>`},
		{"Atom with a slash", `<feed xmlns="http://www.w3.org/2005/Atom/"><title>C</title></feed>`, w3 + `<title>C</title></feed>`},
		{"Atom in nobody's namespace", `<feed xmlns="http://e.org/"><title>C</title></feed>`, w3 + `<title>C</title></feed>`},
		{"Atom in none", `<feed><entry/></feed>`, `<feed><entry/></feed>`},
		{"Atom with a prefix", `<a:feed xmlns:a="` + atom + `"><a:entry><a:title>T</a:title></a:entry></a:feed>`, w3 + `<entry><title>T</title></entry></feed>`},
		{"Atom with a prefix that is not declared", `<atom:feed><atom:entry/></atom:feed>`, w3 + `<entry/></feed>`},
		{"Atom 0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry/></feed>`, `<feed xmlns="http://purl.org/atom/ns#" version="0.3"><entry/></feed>`},
		{"bare entries", `<entry xmlns="` + atom + `"><title>A</title></entry><entry xmlns="` + atom + `"><title>B</title></entry>`, w3 + `<entry><title>A</title></entry><entry><title>B</title></entry></feed>`},
		{"XHTML with a prefix", `<feed xmlns="` + atom + `" xmlns:h="http://www.w3.org/1999/xhtml"><entry><content type="xhtml"><h:div>a<h:b>c</h:b></h:div></content></entry></feed>`,
			w3 + `<entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a<b>c</b></div></content></entry></feed>`},
		{"language", `<feed xmlns="` + atom + `" xml:lang="en" xml:base="http://e.org/"><entry xml:base="a/" xml:lang="fr"/></feed>`, `<feed xmlns="` + atom + `" xml:lang="en"><entry xml:lang="fr"/></feed>`},
		{"another document", `<urlset xmlns="u" xmlns:n="v" a="b"><url><n:x/><y xmlns=""/></url></urlset>`, `<urlset xmlns="u" a="b" xmlns:n="v"><url><n:x/><y xmlns=""/></url></urlset>`},
		{"behind a warning", "<br />\n<b>Warning</b>: x() in <b>/y.php</b>\n<?xml version=\"1.0\"?><rss><channel/></rss>", `<rss><channel></channel></rss>`},
		{"in a page", `<html><body><pre><rss version="2.0"><channel/></rss></pre></body></html>`, `<rss version="2.0"><channel></channel></rss>`},
		{"in an envelope", `<s:Envelope xmlns:s="u"><s:Body><rss version="2.0"><channel/></rss></s:Body></s:Envelope>`, `<rss version="2.0"><channel></channel></rss>`},
		{"behind marks and spaces", "\uFEFF\uFEFF\u200B\u00A0 \n<rss><channel/></rss>", `<rss><channel></channel></rss>`},
		{"behind a page's DOCTYPE", `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://e.org/"><rss><channel/></rss>`, `<rss><channel></channel></rss>`},
	} {
		res, err := Document([]byte(c.in), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := string(res.Body); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if err := checkResult(res, Limits{}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
