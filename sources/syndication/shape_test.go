package syndication

import (
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShape(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     string   // in what gofeed gets
		texts    []string // kept aside: number of the scope, field, text
	}{
		{
			"native stays, unknown goes",
			`<rss xmlns:u="http://unknown.example/"><channel><generator>g</generator><item><link> http://e.org/ </link><u:x>y</u:x><category domain="d">c</category></item></channel></rss>`,
			`<rss><channel><item><link> http://e.org/ </link><category domain="d">c</category></item></channel></rss>`, nil,
		},
		{
			"text is decoded once and kept aside",
			`<rss><channel><title>a &amp;amp; b</title><item><description> x<![CDATA[ <p>&amp;</p>]]> &#233;</description></item></channel></rss>`,
			`<rss><channel><item></item><w:x n="1"/></channel></rss>`,
			[]string{"0 description x <p>&amp;</p> é", "1 title a &amp; b"},
		},
		{
			"comments and instructions vanish",
			`<rss><channel><title>a<!-- <b> -->b<?x y?>c</title></channel></rss>`,
			`<rss><channel><w:x n="0"/></channel></rss>`, []string{"0 title abc"},
		},
		{
			"elements become HTML",
			`<rss><channel><title>1 &lt; 2 <h:b xmlns:h="u" class='x"y'>b</h:b><br/><i/><hr></hr><![CDATA[<&]]></title></channel></rss>`,
			`<rss><channel><w:x n="0"/></channel></rss>`,
			[]string{`0 title as=html 1 &lt; 2 <b class='x"y'>b</b><br><i></i><hr>&lt;&amp;`},
		},
		{
			"prefixes are the feed's own",
			`<rss xmlns:q="http://purl.org/dc/elements/1.1" xmlns:dc="http://nothing.example/"><channel><item><q:creator>A</q:creator><dc:creator>B</dc:creator></item></channel></rss>`,
			`<rss><channel><item></item></channel></rss>`, []string{"0 dc.creator A"},
		},
		{
			"a namespace declared on the element itself",
			`<rss><channel><item><creator xmlns="http://purl.org/dc/elements/1.1/">A</creator><creator>B</creator></item></channel></rss>`,
			`<rss><channel><item></item></channel></rss>`, []string{"0 dc.creator A"},
		},
		{
			"undeclared prefixes that everybody knows",
			`<rss><channel><item><dc:creator>A</dc:creator><foo:creator>B</foo:creator></item></channel></rss>`,
			`<rss><channel><item></item></channel></rss>`, []string{"0 dc.creator A"},
		},
		{
			"a bogus namespace on the root is RSS's",
			`<rss xmlns="http://bogus.example/"><channel><item><title>T</title><x xmlns="http://other.example/"/></item></channel></rss>`,
			`<rss><channel><item></item></channel></rss>`, []string{"0 title T"},
		},
		{
			"the id of RSS 1.0",
			`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item rdf:about="http://e.org/?a=1&amp;b=2"><title>T</title></item></rdf:RDF>`,
			`<rss><item><w:x n="0"/></item></rss>`, []string{"0 about http://e.org/?a=1&b=2", "0 title T"},
		},
		{
			"trees lose their prefixes",
			`<rss xmlns:m="http://search.yahoo.com/mrss/"><channel><item><m:group><m:content url="u" m:x="y"><m:title>T<!-- c --></m:title></m:content></m:group></item></channel></rss>`,
			`<rss><channel><item><w:media.group><content url="u"><title>T</title></content></w:media.group></item></channel></rss>`, nil,
		},
		{
			"an Atom link in RSS, without its namespace",
			`<rss><channel><link rel="self" href="s"/><link rel="alternate" href="a"/><item/></channel></rss>`,
			`<rss><channel><link rel="alternate" href="a"></link><item></item><w:x n="0"/></channel></rss>`, []string{"0 atom.link href=s rel=self "},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := shapeRSS([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			texts := told(got.kept)
			if string(got.doc) != tt.want {
				t.Errorf("got  %s\nwant %s", got.doc, tt.want)
			}
			if !slices.Equal(texts, tt.texts) {
				t.Errorf("texts %q, want %q", texts, tt.texts)
			}
		})
	}
}

func shapeRSS(body []byte) (*shaped, error)  { return borrow().rss(body) }
func shapeAtom(body []byte) (*shaped, error) { return borrow().atom(body) }

// told are the fields kept aside, by name.
func told(kept []fields) (list []string) {
	for i, x := range kept {
		for _, e := range slices.SortedStableFunc(slices.Values(x.list), func(a, b element) int { return strings.Compare(a.name, b.name) }) {
			if e.value == childful {
				continue
			}
			line := fmt.Sprint(i, " ", e.name)
			if e.html {
				line += " as=html"
			}
			slices.SortFunc(e.attrs, func(a, b attribute) int { return strings.Compare(a.name, b.name) })
			for _, a := range e.attrs {
				line += " " + a.name + "=" + a.value
			}
			list = append(list, line+" "+e.value)
		}
	}
	return list
}

func TestShapeAtom(t *testing.T) {
	t.Parallel()
	in := `<a:feed xmlns:a="http://purl.org/atom/ns#" xml:lang="en"><a:entry><a:id>HTTP://X/a b</a:id><a:link rel="via">http://e.org/?a&amp;b</a:link>` +
		`<a:link rel="self"/><a:summary type="xhtml" xml:lang="de"> <div xmlns="http://www.w3.org/1999/xhtml">a<div>b</div></div> </a:summary>` +
		`<a:source><a:title>S</a:title><a:updated>never</a:updated></a:source></a:entry></a:feed>`
	want := `<feed><entry><link rel="via" href="http://e.org/?a&amp;b"/><source><w:x n="0"/></source></entry></feed>`
	got, err := shapeAtom([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if string(got.doc) != want {
		t.Errorf("got  %s\nwant %s", got.doc, want)
	}
	if texts, want := told(got.kept), []string{"0 title S", "0 updated never", "1 id HTTP://X/a b", "1 summary as=html lang=de type=xhtml a<div>b</div>"}; !slices.Equal(texts, want) {
		t.Errorf("texts %q, want %q", texts, want)
	}
}

func TestShapeBounds(t *testing.T) {
	t.Parallel()
	item := strings.Repeat("<category>c</category>", 500) + strings.Repeat("<enclosure/>", 500) + strings.Repeat("<author>a</author>", 500) +
		"</item><item>" + strings.Repeat(`<m:content xmlns:m="http://search.yahoo.com/mrss/"><a/><b/></m:content>`, 500)
	got, err := shapeRSS([]byte("<rss><channel><item>" + item + "</item></channel></rss>"))
	if err != nil {
		t.Fatal(err)
	}
	for what, most := range map[string]int{"<category": 64, "<enclosure": 32, "<w:media.content": 32} {
		if n := strings.Count(string(got.doc), what); n > most || n == 0 {
			t.Errorf("%d of %s, want at most %d", n, what, most)
		}
	}
	if n := got.kept[0].count("author"); n != 32 {
		t.Errorf("%d authors", n)
	}
	// A tree that is too large goes as a whole, what follows it stays.
	huge := `<media:group>` + strings.Repeat("<content><x><y/></x></content>", 100) + `</media:group><title>after</title>`
	got, err = shapeRSS([]byte("<rss><channel><item>" + huge + "</item></channel></rss>"))
	if err != nil {
		t.Fatal(err)
	}
	if want := `<rss><channel><item></item></channel></rss>`; string(got.doc) != want || !slices.Equal(told(got.kept), []string{"0 title after"}) {
		t.Errorf("got %s %q", got.doc, told(got.kept))
	}
	// Ampersands in a CDATA section grow when they become HTML: not without bound.
	got, err = shapeRSS([]byte("<rss><channel><item><title><b>x</b><![CDATA[" + strings.Repeat("&", 1<<20) + "]]></title></item></channel></rss>"))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.kept[0].value("title")); n > 4<<20 || n < 1<<20 {
		t.Errorf("one text of %d bytes", n)
	}
}

func TestShapeBroken(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "text", "<rss", "<rss><channel", "<rss><title>x", "<rss><channel><item><media:group><a>", "<rss a='", "<!-- ", "<rss><![CDATA["} {
		if out, err := shapeRSS([]byte(in)); err == nil {
			t.Errorf("%q gave %s", in, out.doc)
		}
	}
}

// wellFormed reports what is wrong with what gofeed would get: it must be
// well-formed UTF-8 without declarations, no deeper than it came.
func wellFormed(t *testing.T, shaped []byte) {
	t.Helper()
	if !utf8.Valid(shaped) || strings.Contains(string(shaped), "<!DOCTYPE") {
		t.Errorf("not UTF-8, or with a DOCTYPE: %q", shaped)
	}
	d := xml.NewDecoder(strings.NewReader(string(shaped)))
	for depth := 0; ; {
		tok, err := d.RawToken()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("not well-formed: %v in %q", err, shaped)
			return
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth > 256 {
				t.Errorf("deeper than 256: %q", shaped)
				return
			}
		case xml.EndElement:
			depth--
		}
	}
}

func TestDecoded(t *testing.T) {
	t.Parallel()
	s := new(shaper)
	for _, in := range []string{
		"", "a", "&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "&#233;&lt;", "&lt;&#233;&lt;&quot;&apos;", "&lt", "&", "&&lt;", "&copy;&lt;", "&ltimes;", "&nbsp", "a&lt;&unknown;&gt;",
	} {
		if got, want := string(s.decoded([]byte(in))), html.UnescapeString(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got, want := string(s.decoded([]byte("a&lt;<![CDATA[&lt;b>]]><!-- c -->&amp;d<![CDATA["))), "a<&lt;b>&d"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
