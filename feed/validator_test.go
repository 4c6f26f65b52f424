package feed_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// checkXML holds an RSS or Atom document to what feed validators report, errors
// and warnings alike: the two formats' rules, the RSS Best Practices Profile,
// Media RSS, and the rules for HTML in feeds.
func checkXML(doc []byte, self string) []string {
	v := &validator{}
	root, err := readTree(doc)
	if err != nil {
		return []string{err.Error()}
	}
	v.everywhere(root, string(doc))
	switch root.name {
	case "rss":
		v.rss(root, self)
	case "atom:feed":
		v.atom(root, self)
	default:
		v.fault("document element %s", root.name)
	}
	return v.faults
}

type validator struct{ faults []string }

func (v *validator) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// element is one node of a document.
type element struct {
	name string // conventional prefix, local name
	attr map[string]string
	kids []*element
	text string
}

func (e *element) all(name string) (out []*element) {
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

func (e *element) value(name string) string {
	if k := e.all(name); len(k) > 0 {
		return k[0].text
	}
	return ""
}

func (e *element) index(name string) int {
	return slices.IndexFunc(e.kids, func(k *element) bool { return k.name == name })
}

var prefixes = map[string]string{
	"": "", "http://www.w3.org/2005/Atom": "atom:", "http://purl.org/rss/1.0/modules/content/": "content:",
	"http://purl.org/dc/elements/1.1/": "dc:", "http://purl.org/dc/terms/": "dcterms:", "http://search.yahoo.com/mrss/": "media:",
	"http://purl.org/syndication/history/1.0": "fh:", "http://purl.org/atompub/tombstones/1.0": "at:",
}

func readTree(doc []byte) (*element, error) {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	top := &element{}
	stack := []*element{top}
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		parent := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			prefix, ok := prefixes[t.Name.Space]
			if !ok {
				return nil, fmt.Errorf("namespace %q of <%s>", t.Name.Space, t.Name.Local)
			}
			e := &element{name: prefix + t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					if len(stack) > 1 {
						return nil, fmt.Errorf("namespace declared on <%s>", e.name)
					}
					continue
				}
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				if _, twice := e.attr[name]; twice {
					return nil, fmt.Errorf("attribute %s twice", name)
				}
				e.attr[name] = a.Value
			}
			parent.kids = append(parent.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			parent.text += string(t)
		}
	}
	if len(top.kids) != 1 {
		return nil, fmt.Errorf("%d document elements", len(top.kids))
	}
	return top.kids[0], nil
}

const xmlLang = "http://www.w3.org/XML/1998/namespace:lang"

// everywhere are rules for any element.
func (v *validator) everywhere(e *element, doc string) {
	check := func(where, s string) {
		for _, r := range s {
			if r >= 0x7f && r < 0xa0 || r == 0xfffd {
				v.fault("%s: character %U", where, r)
			}
		}
	}
	if len(e.kids) > 0 && strings.TrimSpace(e.text) != "" {
		v.fault("<%s> mixes text and elements", e.name)
	}
	check(e.name, e.text)
	for k, a := range e.attr {
		check(e.name+"@"+k, a)
		if strings.TrimSpace(a) == "" {
			v.fault("<%s> has an empty %s", e.name, k)
		}
	}
	if l, ok := e.attr[xmlLang]; ok && !languageRE.MatchString(l) {
		v.fault("xml:lang %q", l)
	}
	empties := []string{"atom:link", "atom:category", "fh:archive", "fh:complete", "enclosure", "media:content", "media:thumbnail", "at:deleted-entry"}
	if len(e.kids) == 0 && strings.TrimSpace(e.text) == "" && !slices.Contains(empties, e.name) {
		v.fault("<%s> is empty", e.name)
	}
	for _, k := range e.kids {
		v.everywhere(k, doc)
	}
}

func (v *validator) need(e *element, names ...string) {
	for _, n := range names {
		if len(e.all(n)) == 0 {
			v.fault("<%s> has no <%s>", e.name, n)
		}
	}
}

func (v *validator) once(e *element, repeatable ...string) {
	seen := map[string]bool{}
	for _, k := range e.kids {
		if seen[k.name] && !slices.Contains(repeatable, k.name) {
			v.fault("<%s> has several <%s>", e.name, k.name)
		}
		seen[k.name] = true
	}
}

var (
	endTag      = regexp.MustCompile(`</(\w+)>`)
	mailAddress = regexp.MustCompile(`<[^<>\s]+@[^<>\s]+>`)
	reference   = regexp.MustCompile(`&(#?\w+)`)
	anyTag      = regexp.MustCompile(`<[/a-zA-Z!?]`)
	fullURI     = regexp.MustCompile(`^[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+$`)
	tagURI      = regexp.MustCompile(`^tag:([a-z0-9\-._]+?@)?[a-z0-9.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*(#[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*)?$`)
	httpURL     = regexp.MustCompile(`^https?://[a-z0-9.\-_]+(:\d+)?(/|$)`)
	rfc822      = regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000$`)
	rfc3339     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	media       = regexp.MustCompile(`^[^\s()<>,;:\\"/\[\]?=]+/[^\s()<>,;:\\"/\[\]?=]+$`)
)

// plain is text that must not hold HTML, and stand on one line without padding.
func (v *validator) plain(where, s string) {
	if endTag.MatchString(s) || anyTag.MatchString(s) {
		v.fault("%s contains HTML: %q", where, s)
	}
	if s != strings.Join(strings.Fields(s), " ") {
		v.fault("%s is not one line: %q", where, s)
	}
}

// attribute is plain text where a character reference can't be told from text.
func (v *validator) attribute(where, s string) {
	v.plain(where, s)
	for _, m := range reference.FindAllStringSubmatch(s, -1) {
		name := m[1]
		alpha := !strings.ContainsFunc(name, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' })
		if !alpha || html.UnescapeString("&"+name+";") != "&"+name+";" {
			v.fault("%s contains a character reference: %q", where, s)
		}
	}
}

func (v *validator) uri(where, s string) {
	if strings.HasPrefix(s, "tag:") {
		if !tagURI.MatchString(s) {
			v.fault("%s: tag URI %q", where, s)
		}
	} else if !fullURI.MatchString(s) {
		v.fault("%s: URI %q", where, s)
	}
}

func (v *validator) web(where, s string) {
	if !uriChars.MatchString(s) {
		v.fault("%s: URL %q", where, s)
	}
}

func (v *validator) date(where, s string, form *regexp.Regexp, layout string) {
	if _, err := time.Parse(layout, s); err != nil || !form.MatchString(s) {
		v.fault("%s: date %q", where, s)
	}
}

func (v *validator) rss(root *element, self string) {
	if root.attr["version"] != "2.0" || len(root.kids) != 1 {
		v.fault("rss element")
		return
	}
	c := root.kids[0]
	v.need(c, "title", "link", "description", "language", "lastBuildDate", "generator", "docs", "ttl")
	v.once(c, "item", "atom:link")
	for i, k := range c.kids {
		if k.name != "item" && i > c.index("item") && c.index("item") >= 0 {
			v.fault("<%s> after the items", k.name)
		}
	}
	v.plain("channel title", c.value("title"))
	v.plain("channel description", c.value("description"))
	v.web("channel link", c.value("link"))
	v.date("lastBuildDate", c.value("lastBuildDate"), rfc822, time.RFC1123Z)
	if !languageRE.MatchString(c.value("language")) {
		v.fault("language %q", c.value("language"))
	}
	if n, err := strconv.Atoi(c.value("ttl")); err != nil || n < 1 {
		v.fault("ttl %q", c.value("ttl"))
	}
	v.links(c, self, "application/rss+xml", "atom:link")
	for _, i := range c.all("image") {
		if i.value("title") != c.value("title") || i.value("link") != c.value("link") {
			v.fault("image's title or link")
		}
		v.web("image", i.value("url"))
	}
	ids := map[string]bool{}
	for _, it := range c.all("item") {
		v.item(it, ids)
	}
}

func (v *validator) item(it *element, ids map[string]bool) {
	v.need(it, "title", "link", "guid", "pubDate", "description", "content:encoded", "source")
	v.once(it, "category", "dc:contributor", "media:content", "media:group")
	for _, k := range it.kids {
		switch k.name {
		case "author", "dc:date", "dc:subject", "dc:source", "atom:id", "atom:published", "atom:link":
			v.fault("<%s> in an item", k.name)
		}
	}
	if it.index("description") > it.index("content:encoded") {
		v.fault("description after content")
	}
	v.plain("item title", it.value("title"))
	v.plain("dc:creator", it.value("dc:creator"))
	v.plain("dc:rights", it.value("dc:rights"))
	v.web("item link", it.value("link"))
	v.date("pubDate", it.value("pubDate"), rfc822, time.RFC1123Z)
	if u := it.value("atom:updated"); u != "" {
		v.date("atom:updated", u, rfc3339, time.RFC3339)
	}
	if l := it.value("dc:language"); l != "" && !languageRE.MatchString(l) {
		v.fault("dc:language %q", l)
	}
	guid := it.all("guid")[0]
	if ids[guid.text] {
		v.fault("guid %q twice", guid.text)
	}
	ids[guid.text] = true
	if want := strconv.FormatBool(guid.text == it.value("link")); guid.attr["isPermaLink"] != want {
		v.fault("guid %q isPermaLink=%s", guid.text, guid.attr["isPermaLink"])
	}
	for _, c := range it.all("category") {
		v.plain("category", c.text)
	}
	s := it.all("source")[0]
	v.plain("source", s.text)
	v.uri("source", s.attr["url"])
	for _, e := range it.all("enclosure") {
		if n, err := strconv.ParseInt(e.attr["length"], 10, 64); err != nil || n < 1 || !media.MatchString(e.attr["type"]) || !httpURL.MatchString(e.attr["url"]) {
			v.fault("enclosure %v", e.attr)
		}
	}
	v.html("description", it.value("description"))
	v.html("content", it.value("content:encoded"))
	v.mediaElements(it)
}
