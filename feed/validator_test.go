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
	"golang.org/x/net/html/atom"
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

func (v *validator) atom(root *element, self string) {
	v.need(root, "atom:id", "atom:title", "atom:updated", "atom:author", "atom:generator")
	v.once(root, "atom:link", "atom:entry", "at:deleted-entry")
	if !languageRE.MatchString(root.attr[xmlLang]) {
		v.fault("feed without a language")
	}
	for i, k := range root.kids {
		if k.name != "atom:entry" && i > root.index("atom:entry") && root.index("atom:entry") >= 0 {
			v.fault("<%s> after the entries", k.name)
		}
	}
	v.atomCommon(root)
	v.links(root, self, "application/atom+xml", "atom:link")
	ids := map[string]bool{}
	for _, e := range root.all("atom:entry") {
		v.entry(e, ids)
	}
	for _, d := range root.all("at:deleted-entry") {
		v.uri("deleted-entry", d.attr["ref"])
		v.date("deleted-entry", d.attr["when"], rfc3339, time.RFC3339)
		if ids[d.attr["ref"]] {
			v.fault("%s is there and deleted", d.attr["ref"])
		}
	}
}

// atomCommon are the rules for a feed, an entry and a source.
func (v *validator) atomCommon(e *element) {
	v.plain("title", e.value("atom:title"))
	v.plain("subtitle", e.value("atom:subtitle"))
	v.plain("rights", e.value("atom:rights"))
	v.date("updated", e.value("atom:updated"), rfc3339, time.RFC3339)
	v.uri("id", e.value("atom:id"))
	for _, p := range append(e.all("atom:author"), e.all("atom:contributor")...) {
		v.need(p, "atom:name")
		v.plain("name", p.value("atom:name"))
		if mailAddress.MatchString(p.value("atom:name")) {
			v.fault("mail address in name %q", p.value("atom:name"))
		}
		if u := p.value("atom:uri"); u != "" {
			v.web("person", u)
		}
	}
	for _, u := range []string{e.value("atom:icon"), e.value("atom:logo")} {
		if u != "" {
			v.web("icon", u)
		}
	}
}

var relations = []string{"alternate", "current", "enclosure", "first", "hub", "last", "license", "next", "next-archive",
	"prev-archive", "previous", "related", "replies", "self", "via"}

func (v *validator) entry(e *element, ids map[string]bool) {
	v.need(e, "atom:id", "atom:title", "atom:updated", "atom:published", "atom:link", "atom:content", "atom:source")
	v.once(e, "atom:link", "atom:author", "atom:contributor", "atom:category", "media:content", "media:group")
	v.atomCommon(e)
	v.date("published", e.value("atom:published"), rfc3339, time.RFC3339)
	if e.value("atom:updated") < e.value("atom:published") {
		v.fault("updated before published")
	}
	if ids[e.value("atom:id")] {
		v.fault("id %q twice", e.value("atom:id"))
	}
	ids[e.value("atom:id")] = true
	s := e.all("atom:source")[0]
	v.need(s, "atom:id", "atom:title", "atom:updated")
	v.atomCommon(s)
	if len(e.all("atom:author"))+len(s.all("atom:author")) == 0 {
		v.fault("entry without an author")
	}
	if e.index("dc:source") > e.index("atom:source") {
		v.fault("dc:source after source")
	}
	v.entryLinks(e)
	v.entryLinks(s)
	for _, c := range e.all("atom:category") {
		if c.attr["term"] == "" {
			v.fault("category without a term")
		}
		v.plain("term", c.attr["term"])
		v.attribute("label", c.attr["label"])
		if sch := c.attr["scheme"]; sch != "" {
			v.uri("scheme", sch)
		}
	}
	for _, sum := range e.all("atom:summary") {
		v.plain("summary", sum.text)
	}
	if t := e.all("atom:content")[0].attr["type"]; t != "html" {
		v.fault("content of type %q", t)
	}
	v.html("content", e.value("atom:content"))
	v.mediaElements(e)
}

func (v *validator) entryLinks(e *element) {
	alternates := map[string]bool{}
	for _, l := range e.all("atom:link") {
		v.web("link", l.attr["href"])
		v.attribute("link title", l.attr["title"])
		switch rel := l.attr["rel"]; {
		case rel == "alternate":
			if alternates[l.attr["type"]] {
				v.fault("two alternates of type %s", l.attr["type"])
			}
			alternates[l.attr["type"]] = true
		case rel == "enclosure" && (l.attr["length"] == "" || l.attr["type"] == ""):
			v.fault("enclosure %v", l.attr)
		case !slices.Contains(relations, rel):
			v.fault("relation %q", rel)
		}
	}
}

// links are the rules for a document's own links.
func (v *validator) links(e *element, self, kind, name string) {
	seen := map[string]bool{}
	rels := map[string]string{}
	for _, l := range e.all(name) {
		rel := l.attr["rel"]
		v.web("link "+rel, l.attr["href"])
		if seen[rel+l.attr["type"]] {
			v.fault("link %s twice", rel)
		}
		seen[rel+l.attr["type"]] = true
		rels[rel] = l.attr["href"]
		if !slices.Contains(relations, rel) {
			v.fault("relation %q", rel)
		}
	}
	if rels["self"] != self || !seen["self"+kind] {
		v.fault("self is %q, not %q", rels["self"], self)
	}
	archive, complete := len(e.all("fh:archive")) > 0, len(e.all("fh:complete")) > 0
	if archive && (rels["current"] == "" || rels["prev-archive"]+rels["next-archive"] == "") && !complete {
		v.fault("an archive without its links")
	}
	for _, rel := range []string{"first", "previous", "next", "last", "prev-archive", "next-archive"} {
		if complete && rels[rel] != "" {
			v.fault("a complete feed with %s", rel)
		}
	}
	if rels["first"] == self && rels["previous"] != "" || rels["last"] == self && rels["next"] != "" {
		v.fault("a link past the end")
	}
}

func (v *validator) mediaElements(e *element) {
	contents := e.all("media:content")
	for _, g := range e.all("media:group") {
		in := g.all("media:content")
		chosen := 0
		for _, c := range in {
			if c.attr["isDefault"] == "true" {
				chosen++
			}
		}
		if len(in) < 2 || chosen != 1 {
			v.fault("media:group of %d, %d default", len(in), chosen)
		}
		contents = append(contents, in...)
	}
	urls := map[string]bool{}
	for _, c := range contents {
		v.once(c)
		v.web("media:content", c.attr["url"])
		for _, t := range append(c.all("media:thumbnail"), c) {
			if urls[t.attr["url"]] {
				v.fault("media URL %q twice", t.attr["url"])
			}
			urls[t.attr["url"]] = true
		}
		for k, a := range c.attr {
			switch k {
			case "fileSize", "width", "height", "duration":
				if n, err := strconv.ParseInt(a, 10, 64); err != nil || n < 1 {
					v.fault("media %s %q", k, a)
				}
			case "type":
				if !media.MatchString(a) {
					v.fault("media type %q", a)
				}
			case "medium":
				if !slices.Contains([]string{"image", "audio", "video", "document"}, a) {
					v.fault("medium %q", a)
				}
			case "url", "isDefault":
			default:
				v.fault("media attribute %s", k)
			}
		}
		v.plain("media description", c.value("media:description"))
		for _, cr := range c.all("media:credit") {
			if cr.attr["scheme"] != "urn:ebu" || !slices.Contains([]string{"photographer", "producer"}, cr.attr["role"]) {
				v.fault("credit %v", cr.attr)
			}
		}
	}
}

var safeElements = strings.Fields(`a abbr address article aside b bdi blockquote br caption cite code col colgroup dd del
	details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p picture pre q rp
	rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr`)

var safeAttributes = strings.Fields(`alt cite colspan datetime dir height href lang media reversed rowspan scope sizes span
	src srcset start title type value width`)

// html holds content to being balanced and safe, with absolute addresses.
func (v *validator) html(where, s string) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(s), body)
	if err != nil {
		v.fault("%s: %v", where, err)
		return
	}
	var again bytes.Buffer
	for _, n := range nodes {
		html.Render(&again, n)
		for d := range n.Descendants() {
			v.htmlNode(where, d)
		}
		v.htmlNode(where, n)
	}
	// A parser that has nothing to mend gives back what it was given, but for
	// how it writes quotes and void elements.
	norm := strings.NewReplacer("&#34;", `"`, "&quot;", `"`, "&#39;", "'", "/>", ">", "\n", "")
	if a, b := norm.Replace(again.String()), norm.Replace(s); a != b && where != "description" {
		v.fault("%s is not balanced:\n%q\n%q", where, b, a)
	}
}

func (v *validator) htmlNode(where string, n *html.Node) {
	switch n.Type {
	case html.CommentNode:
		v.fault("%s: comment", where)
	case html.ElementNode:
		if !slices.Contains(safeElements, n.Data) || n.Namespace != "" {
			v.fault("%s: <%s>", where, n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(safeAttributes, a.Key) {
				v.fault("%s: <%s %s>", where, n.Data, a.Key)
			}
			switch a.Key {
			case "href", "src", "cite":
				v.web(where+" "+a.Key, a.Val)
			case "srcset":
				for c := range strings.SplitSeq(a.Val, ", ") {
					u, _, _ := strings.Cut(c, " ")
					v.web(where+" srcset", u)
				}
			}
		}
	}
}
