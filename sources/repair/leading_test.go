package repair

import (
	"strings"
	"testing"
)

// TestLeading puts everything in front of a feed that has been seen there.
func TestLeading(t *testing.T) {
	t.Parallel()
	const rss = `<rss version="2.0"><channel><title>C</title><?x y?><item><title>T</title></item></channel></rss>`
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><entry><title>T</title></entry></feed>`
	long := strings.Repeat("x", 6000)
	for name, lead := range map[string]string{
		"nothing":                      "",
		"a mark":                       "\uFEFF",
		"two marks":                    "\uFEFF\uFEFF",
		"mark, space, declaration":     "\uFEFF \n<?xml version=\"1.0\"?>\n",
		"NULs":                         "\x00\x00",
		"control characters":           "\x0C\x1A",
		"no-break space":               "\u00A0\u200B\u2060",
		"space":                        strings.Repeat(" \n", 4000),
		"text":                         "Hello, ",
		"a lot of text":                long,
		"text with signs in it":        "1 < 2 & 3 > 2 <- <3 <me@example.org> ",
		"a warning":                    "<br />\n<b>Warning</b>:  include(x.php) [<a href='f'>f</a>]: failed in <b>/var/www/y.php</b> on line <b>3</b><br />\n",
		"a warning in text":            "PHP Notice:  Undefined index: a in /b.php on line 1\n<?xml version=\"1.0\"?>\n",
		"a declaration":                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
		"a declaration in upper case":  "<?XML VERSION=\"1.0\" ENCODING=\"UTF-8\"?>",
		"a declaration without end":    "<?xml version=\"1.0\" encoding=\"UTF-8\">\n",
		"a declaration without quotes": "<?xml version=1.0 encoding=utf-8 ?>",
		"a declaration of 1.1":         "<?xml version=\"1.1\"?>",
		"an unknown encoding":          "<?xml version=\"1.0\" encoding=\"bogus\"?>",
		"two declarations":             "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
		"space in a declaration":       "< ?xml version=\"1.0\"?>",
		"style sheets":                 "<?xml-stylesheet type=\"text/xsl\" href=\"a\"?><?xml-stylesheet href=\"" + long + "\"?>",
		"an instruction with markup":   "<?php echo '<rss>' ?>",
		"comments":                     "<!-- a --><!-- <rss> -- <b> --><!-- " + long + " -->",
		"a comment left open":          "<!-- a ",
		"a DOCTYPE":                    "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">",
		"a DOCTYPE with entities":      "<!DOCTYPE rss [<!-- ]> --><!ENTITY a \"]>\"><!ENTITY % b SYSTEM \"c\"> %b; <?d ]> ?>]>",
		"a long DOCTYPE":               "<!DOCTYPE rss [" + strings.Repeat("<!ENTITY abcdefgh \"&#160;\">\n", 300) + "]>",
		"a page's DOCTYPE":             "<!DOCTYPE html>",
		"a DOCTYPE left open":          "<!DOCTYPE rss ",
		"a DOCTYPE's subset left open": "<!DOCTYPE rss [<!ENTITY a \"b\">",
		"two DOCTYPEs":                 "<!doctype rss><!DOCTYPE rss>",
		"a page":                       "<html><head><title>x</title><script>if (a<b) x('<rss>')</script></head><body><pre>",
		"an XHTML page":                "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"><body>",
		"a section":                    "<![CDATA[",
		"an envelope":                  "<?xml version=\"1.0\"?><soap:Envelope xmlns:soap=\"u\"><soap:Body><result>",
		"end tags":                     "</b></a>",
		"all of it":                    "\uFEFF\n<!-- a --><?b c?>text<!DOCTYPE d>\u00A0<?xml version='1.0'?>",
	} {
		for _, doc := range []string{rss, atom} {
			res, err := Document([]byte(lead+doc), Options{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			feed, err := parse(res.Body)
			if err != nil || feed.Title != "C" || len(feed.Items) != 1 || feed.Items[0].Title != "T" {
				t.Errorf("%s: gofeed reads %v of %.300s", name, err, res.Body)
			}
			if res.Truncated {
				t.Errorf("%s: truncated", name)
			}
		}
	}
}

// TestLongRoot has a root whose tag gofeed would not see the end of.
func TestLongRoot(t *testing.T) {
	t.Parallel()
	var unused, used, children strings.Builder
	for i := range 400 {
		unused.WriteString(` xmlns:n` + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + `="http://example.org/namespace"`)
	}
	for i := range 120 {
		prefix := "p" + strings.Repeat("q", i)
		used.WriteString(` xmlns:` + prefix + `="http://example.org/` + prefix + `"`)
		children.WriteString("<" + prefix + ":a/>")
	}
	for name, doc := range map[string]string{
		"unused": `<rss version="2.0"` + unused.String() + `><channel><item><title>T</title></item></channel></rss>`,
		"used":   `<rss version="2.0"` + used.String() + `><channel><item><title>T</title>` + children.String() + `</item></channel></rss>`,
		"Atom":   `<feed xmlns="http://www.w3.org/2005/Atom"` + unused.String() + `><entry><title>T</title></entry></feed>`,
		"other":  `<rss version="2.0" title="` + strings.Repeat("x", 10_000) + `"><channel><item><title>T</title></item></channel></rss>`,
	} {
		res, err := Document([]byte(doc), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		feed, err := parse(res.Body)
		if err != nil || len(feed.Items) != 1 || feed.Items[0].Title != "T" {
			t.Errorf("%s: gofeed reads %v of %.300s", name, err, res.Body)
		}
		if err := checkResult(res, Limits{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
