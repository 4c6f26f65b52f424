package newswire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	g2Head  = `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:h" version="1"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>2024-03-07T12:00:00Z</versionCreated></itemMeta><contentMeta><headline>H</headline></contentMeta><contentSet>`
	g2Tail  = `</contentSet></newsItem>`
	mlHead  = `<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>x</ProviderId><DateId>20240307</DateId><NewsItemId>1</NewsItemId></NewsIdentifier></Identification><NewsManagement><ThisRevisionCreated>20240307T120000Z</ThisRevisionCreated></NewsManagement>`
	mlTail  = `</NewsItem></NewsML>`
	nitfTop = `<nitf><head><docdata><doc-id id-string="h"/></docdata></head><body><body.head><hedline><hl1>H</hl1></hedline></body.head><body.content>`
	nitfEnd = `</body.content></body></nitf>`
)

func nest(head, open, inner, shut, tail string, n int) string {
	return head + strings.Repeat(open, n) + inner + strings.Repeat(shut, n) + tail
}

func htmlItem(s string) string {
	return g2Head + "<inlineData contenttype='text/html'><![CDATA[" + s + "]]></inlineData>" + g2Tail
}

// filler repeats s between head and tail up to a size.
type filler func(head, s, tail string) string

func fillTo(size int) filler {
	return func(head, s, tail string) string {
		return head + strings.Repeat(s, max(0, size-len(head)-len(tail))/len(s)) + tail
	}
}

var mixed = strings.Repeat(`<p>a <b>b</b></p>`, maxMarkup/68)

// hostile are bodies that are made to cost more than they should.
var hostile = map[string]func(filler) string{
	"attributes of one tag":   func(fill filler) string { return fill(`<newsItem `, `a `, `/>`) },
	"attributes with values":  func(fill filler) string { return fill(`<newsItem `, `a="" `, `/>`) },
	"attributes of many tags": func(fill filler) string { return fill(nitfTop, `<p a="" b="" c="" d="" e="" f="" g=""/>`, nitfEnd) },
	"one long attribute":      func(fill filler) string { return fill(`<nitf a="`, `a `, `"/>`) },
	"elements":                func(fill filler) string { return fill(nitfTop, `<p/>`, nitfEnd) },
	"elements that hold text": func(fill filler) string { return fill(nitfTop, `<p>a</p>`, nitfEnd) },
	"paragraphs": func(fill filler) string {
		return fill(nitfTop, `<p>`+strings.Repeat("Words of a text. ", 6)+`</p>`, nitfEnd)
	},
	"depth": func(fill filler) string { return nest("", "<nitf>", "", "</nitf>", "", 20_000) },
	"depth within bounds": func(fill filler) string {
		return nest(nitfTop, "<div>", strings.Repeat("<p>a</p>", 8_000), "</div>", nitfEnd, 200)
	},
	"tables in tables": func(fill filler) string {
		return nest(nitfTop, "<table><tr><td>", strings.Repeat("words ", 100_000), "</td></tr></table>", nitfEnd, 80)
	},
	"quotes in quotes": func(fill filler) string {
		return nest(nitfTop, "<bq><block>", strings.Repeat("<p>a</p>", 8_000), "</block></bq>", nitfEnd, 120)
	},
	"figures in figures": func(fill filler) string {
		return nest(nitfTop, "<figure>", strings.Repeat("<p>a</p>", 8_000), "</figure>", nitfEnd, 240)
	},
	"lists in lists": func(fill filler) string {
		return nest(nitfTop, "<ul><li>", strings.Repeat("<p>a</p>", 8_000), "</li></ul>", nitfEnd, 120)
	},
	"bold in bold": func(fill filler) string {
		return nest(nitfTop+"<p>", "<b>", strings.Repeat("a<br/>", 8_000), "</b>", "</p>"+nitfEnd, 240)
	},
	"runs of text":  func(fill filler) string { return fill(nitfTop+"<p>", `a<![CDATA[b]]>`, "</p>"+nitfEnd) },
	"comments":      func(fill filler) string { return fill(nitfTop, `<!---->`, nitfEnd) },
	"instructions":  func(fill filler) string { return fill(nitfTop, `<?a?>`, nitfEnd) },
	"text":          func(fill filler) string { return fill(nitfTop+"<p>", `words `, "</p>"+nitfEnd) },
	"lines":         func(fill filler) string { return fill(nitfTop+"<pre>", "a\n", "</pre>"+nitfEnd) },
	"references":    func(fill filler) string { return fill(nitfTop+"<p>", `&amp;`, "</p>"+nitfEnd) },
	"unclosed":      func(fill filler) string { return fill(nitfTop, `<p>a`, "") },
	"unopened":      func(fill filler) string { return fill(nitfTop, `</p>`, "") },
	"prefixes":      func(fill filler) string { return fill(`<newsItem>`, `<a:b xmlns:a="a"/>`, `</newsItem>`) },
	"document type": func(fill filler) string { return fill(`<!DOCTYPE nitf [`, `<!ENTITY a "b">`, `]><nitf/>`) },
	"an entity in itself": func(fill filler) string {
		return `<!DOCTYPE nitf [<!ENTITY a "&a;&a;"><!ENTITY b SYSTEM "file:///etc/passwd">]>` + nitfTop + "<p>x &a; &b;</p>" + nitfEnd
	},
	"news items": func(fill filler) string {
		return fill(`<newsMessage><itemSet>`, `<newsItem guid="a"><contentMeta><headline>H</headline></contentMeta></newsItem>`, `</itemSet></newsMessage>`)
	},
	"references of a package": func(fill filler) string {
		return fill(`<newsMessage><itemSet><packageItem guid="p"><groupSet root="g"><group id="g">`, `<itemRef residref="a"/>`, `</group></groupSet></packageItem></itemSet></newsMessage>`)
	},
	"groups that hold the other": func(fill filler) string {
		return fill(`<packageItem guid="p"><groupSet root="g"><group id="g">`, `</group><group id="g"><groupRef idref="g"/>`, `</group></groupSet></packageItem>`)
	},
	"members of a package": func(fill filler) string {
		return `<newsMessage><itemSet><packageItem guid="p"><groupSet root="g"><group id="g">` + strings.Repeat(`<itemRef residref="a"/>`, 8_000) + `</group></groupSet></packageItem>` + strings.Repeat(`<newsItem guid="a"><contentMeta><headline>H</headline></contentMeta></newsItem>`, 8_000) + `</itemSet></newsMessage>`
	},
	"names": func(fill filler) string {
		return fill(`<newsItem guid="a"><contentMeta><headline>H</headline>`, `<subject qcode="a:b"><name>N</name></subject>`, `</contentMeta></newsItem>`)
	},
	"assertions": func(fill filler) string {
		return fill(`<newsItem guid="a"><contentMeta><headline>H</headline></contentMeta>`, `<assert qcode="a:b"><broader qcode="a:b"/></assert>`, `</newsItem>`)
	},
	"components in components": func(fill filler) string {
		return nest(mlHead, "<NewsComponent>", strings.Repeat("<NewsLines><HeadLine>H</HeadLine></NewsLines>", 10_000), "</NewsComponent>", mlTail, 240)
	},
	"news components": func(fill filler) string {
		return fill(mlHead+"<NewsComponent>", `<NewsComponent><ContentItem Href="https://x.example/a.jpg"/></NewsComponent>`, "</NewsComponent>"+mlTail)
	},
	"html":                 func(fill filler) string { return htmlItem(mixed) },
	"html, deep":           func(fill filler) string { return htmlItem(strings.Repeat("<div>", maxMarkup/20)) },
	"html, bold unclosed":  func(fill filler) string { return htmlItem(strings.Repeat("<b><p>", maxMarkup/24)) },
	"html, links in links": func(fill filler) string { return htmlItem(strings.Repeat("<a><table>", maxMarkup/40)) },
	"html, fonts": func(fill filler) string {
		return htmlItem(strings.Repeat("<font color=a>", 500) + strings.Repeat("<p>a</p>", 20_000))
	},
	"html, attributes": func(fill filler) string { return htmlItem("<p " + strings.Repeat("a ", maxMarkup/8) + ">") },
	"html, too long":   func(fill filler) string { return htmlItem(strings.Repeat("<p>a", 1<<20)) },
	"html, many times": func(fill filler) string {
		return fill(`<newsMessage><itemSet>`, `<newsItem guid="a">`+strings.TrimPrefix(htmlItem(mixed), g2Head[:strings.Index(g2Head, "<itemMeta>")]), `</itemSet></newsMessage>`)
	},
	"values": func(fill filler) string {
		return fill(`{"uri":"a","type":"text","headline":"H","versioncreated":"2024","subject":[`, `{},`, `{}]}`)
	},
	"values within bounds": func(fill filler) string {
		return `{"uri":"a","type":"text","headline":"H","versioncreated":"2024","subject":[` + strings.Repeat(`{"name":"a"},`, maxValues/4) + `{}]}`
	},
	"keys": func(fill filler) string {
		return `{"uri":"a","type":"text","headline":"H","versioncreated":"2024"` + strings.Repeat(`,"`, 1) + `a":1` + keys(maxValues/4) + `}`
	},
	"arrays": func(fill filler) string {
		return nest(`{"uri":"a","type":"text","headline":"H","subject":`, "[", "", "]", "}", 1_000_000)
	},
	"items of ninjs": func(fill filler) string {
		return `{"_items":[` + strings.Repeat(`{"uri":"a","versioncreated":"2024","type":"text","headline":"H","body_html":"<p>a"},`, 10_000) + `{}]}`
	},
	"associations": func(fill filler) string {
		return `{"uri":"a","type":"text","headline":"H","versioncreated":"2024","associations":[` + strings.Repeat(`{"type":"picture","renditions":{"a":{"href":"https://x.example/a"}}},`, 10_000) + `{}]}`
	},
	"ap": func(fill filler) string {
		return `{"api_version":"1","data":{"items":[` + strings.Repeat(`{"item":{"uri":"a","altids":{"itemid":"a"},"type":"text","headline":"H"}},`, 8_000) + `{}]}}`
	},
	"dpa": func(fill filler) string {
		return `{"entries":[` + strings.Repeat(`{"format":"digitalwires","urn":"a","headline":"H","version_created":"2024-03-07T12:00:00Z"},`, 8_000) + `{}]}`
	},
	"7901 messages": func(fill filler) string {
		return fill("", "\x01eca062 4 i 211 dpa 061\r\n\r\nN/\r\n\x02A headline =\r\n\r\n Bergen (dpa) - A text.\r\n\x03131137 GMT Nov 13\r\n\x04", "")
	},
	"7901 starts": func(fill filler) string {
		return fill("\x01eca062 4 i 211 dpa 061\r\n\r\nN/\r\n\x02A headline =\r\n\r\n", "\x02", "")
	},
	"7901 lines": func(fill filler) string {
		return fill("\x01eca062 4 i 211 dpa 061\r\n\r\nN/\r\n\x02A headline =\r\n\r\n", "words of a line\r\n", "\x03131137 GMT Nov 13\r\n\x04")
	},
	"anpa messages": func(fill filler) string {
		return fill("", "\x16\x16\x01W1645\x1f_asian\r\nb a\x13\x11 BC-X 06-29 0358\r\n\x02BC-X,17<\r\n\t HONOLULU (AP) _ The ferries run.\r\n\x03AP-WF-06-29-17 2350GMT<\r\n\r\n\x04", "")
	},
	"anpa starts": func(fill filler) string {
		return fill("\x16\x16\x01W1645\x1f_asian\r\nb a\x13\x11 BC-X 06-29 0358\r\n\x02", "^<", "")
	},
	"anpa one line": func(fill filler) string {
		return fill("\x16\x16\x01W1645\x1f_asian\r\nb a\x13\x11 BC-X 06-29 0358\r\n\x02BC-X,17<\r\n\t", "words ", "\x03AP-WF-06-29-17 2350GMT<\r\n\x04")
	},
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":%d`, i, i)
	}
	return b.String()
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for name, make := range hostile {
		body := []byte(make(fillTo(1 << 18)))
		start := time.Now()
		doc, err := Parse(body, received)
		if took := time.Since(start); took > 20*time.Second { // some hundredths of a second on an idle machine
			t.Errorf("%s: took %s", name, took)
		}
		if err != nil && doc != nil {
			t.Errorf("%s: a document and an error", name)
		}
		if doc != nil && len(doc.Items) > maxItems {
			t.Errorf("%s: %d items", name, len(doc.Items))
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	if _, err := Parse(make([]byte, maxBytes+1), Options{}); err == nil || errors.Is(err, ErrFormat) {
		t.Errorf("a body over the limit: %v", err)
	}
}

// What is refused, and why.
func TestBounds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"attributes of one tag":   "a tag of more than",
		"attributes of many tags": "more than 500000 attributes",
		"elements":                "more than 250000 elements",
		"depth":                   "nested deeper than 256",
		"runs of text":            "more than 500000 runs of text",
		"values":                  "more than 200000 values",
		"arrays":                  "nested deeper than 64",
		"document type":           ErrFormat.Error(),
	} {
		if _, err := Parse([]byte(hostile[name](fillTo(10<<20))), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// No entity of a document type is expanded and nothing outside is read.
func TestEntities(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte(hostile["an entity in itself"](fillTo(0))), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Items[0].Record.Body.Text; got != "x &a; &b;" {
		t.Errorf("the text became %q", got)
	}
}
