// Package microformats reads pages that are their own feed: h-entry elements
// with the classes of microformats2 (https://microformats.org/wiki/h-feed). HTML
// goes in, items with the page's claims come out; HTML of an entry's content is
// not sanitised and addresses are absolute. It never fetches.
package microformats

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
	"wireroom/article/date"
	"wireroom/sources"
)

// ErrNone says that a page has no entries.
var ErrNone = errors.New("the page has no h-entry")

// The bounds of one page.
const (
	maxPage  = 8 << 20 // bytes
	maxTime  = time.Second
	maxItems = 1000
	maxDepth = 512 // of the tree that is walked
	maxParts = 32  // keywords, pictures, authors of an entry
)

// Parse reads the entries of a page. base is the page's address.
func Parse(page []byte, base string) (*sources.Document, error) {
	if len(page) > maxPage || !bytes.Contains(page, []byte("h-entry")) {
		return nil, ErrNone
	}
	root, err := html.Parse(&patience{Reader: bytes.NewReader(page), until: time.Now().Add(maxTime)})
	if err != nil {
		return nil, err
	}
	r := reader{base: base, doc: &sources.Document{Format: "h-feed", Home: base}}
	r.walk(root, 0)
	if len(r.doc.Items) == 0 {
		return nil, ErrNone
	}
	return r.doc, nil
}

// patience ends the input when parsing has taken too long: the rules of HTML let
// a few kilobytes of unclosed formatting become millions of nodes.
type patience struct {
	*bytes.Reader
	until time.Time
}

var errSlow = errors.New("the page takes too long to parse")

func (p *patience) Read(b []byte) (int, error) {
	if time.Now().After(p.until) {
		return 0, errSlow
	}
	return p.Reader.Read(b[:min(len(b), 2<<10)])
}

// reader walks the tree of one page.
type reader struct {
	base string
	doc  *sources.Document
}

func (r *reader) walk(n *html.Node, depth int) {
	if depth > maxDepth || len(r.doc.Items) >= maxItems {
		return
	}
	switch {
	case n.DataAtom == atom.Base && attr(n, "href") != "":
		r.base = article.Resolve(r.base, attr(n, "href"))
	case n.DataAtom == atom.Html:
		r.doc.Language = article.Language(attr(n, "lang"))
	case has(n, "h-entry"):
		r.entry(n)
		return
	case has(n, "p-name") && r.doc.Title == "" && len(r.doc.Items) == 0:
		r.doc.Title = article.Line(text(n, 0))
	}
	for c := range n.ChildNodes() {
		r.walk(c, depth+1)
	}
}

func (r *reader) entry(n *html.Node) {
	it := sources.Item{Base: r.base}
	r.properties(n, &it, 0)
	rec := &it.Record
	if rec.Headline == "" && rec.Body.HTML == "" && rec.Standfirst == "" {
		return
	}
	if same := article.Line(article.PlainText(rec.Body.HTML)); same == rec.Headline {
		rec.Headline = "" // a note: its text is no title
	}
	r.doc.Items = append(r.doc.Items, it)
}

// properties reads the classes below an entry; nested entries are others'.
func (r *reader) properties(n *html.Node, it *sources.Item, depth int) {
	if depth > maxDepth {
		return
	}
	rec := &it.Record
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode || has(c, "h-entry") {
			continue
		}
		if has(c, "p-name") && rec.Headline == "" {
			rec.Headline = article.Line(text(c, 0))
		}
		if has(c, "u-url") && rec.Links.Canonical == "" {
			rec.Links.Canonical = r.address(c, "href")
		}
		if has(c, "u-uid") && it.GUID == "" {
			it.GUID = strings.TrimSpace(first(attr(c, "href"), text(c, 0)))
		}
		if has(c, "dt-published") && it.PublishedText == "" {
			it.PublishedText = first(attr(c, "datetime"), text(c, 0))
			rec.Published = dateOf(it.PublishedText)
		}
		if has(c, "dt-updated") && it.UpdatedText == "" {
			it.UpdatedText = first(attr(c, "datetime"), text(c, 0))
			rec.Updated = dateOf(it.UpdatedText)
		}
		if has(c, "p-summary") && rec.Standfirst == "" {
			rec.Standfirst = article.Line(text(c, 0))
		}
		if has(c, "e-content") && rec.Body.HTML == "" {
			rec.Body.HTML = inner(c)
		}
		if has(c, "p-category") && len(rec.Keywords) < maxParts {
			rec.Keywords = append(rec.Keywords, article.Line(text(c, 0)))
		}
		if has(c, "u-photo") && len(rec.Images) < maxParts {
			if u := r.address(c, "src"); u != "" {
				rec.Images = append(rec.Images, article.Media{URL: u, Medium: "image", Alt: attr(c, "alt")})
			}
		}
		if (has(c, "p-author") || has(c, "h-card")) && len(rec.Authors) < maxParts {
			if name := article.Line(text(c, 0)); name != "" {
				rec.Authors = append(rec.Authors, article.Person{Name: name, URL: r.address(c, "href")})
			}
			continue
		}
		r.properties(c, it, depth+1)
	}
}

func (r *reader) address(n *html.Node, name string) string {
	v := first(attr(n, name), attr(n, "src"))
	if v == "" {
		return ""
	}
	return article.Resolve(r.base, v)
}

// dateOf reads a date of the page; zero if it can't be read.
func dateOf(s string) time.Time {
	d, err := date.Parse(s, date.Unknown)
	if err != nil {
		return time.Time{}
	}
	return d.Time
}

func has(n *html.Node, class string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func first(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

// text is the text below a node.
func text(n *html.Node, depth int) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if depth > maxDepth || n.DataAtom == atom.Script || n.DataAtom == atom.Style {
		return ""
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(text(c, depth+1))
	}
	return b.String()
}

// inner is the markup below a node.
func inner(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if html.Render(&b, c) != nil {
			return ""
		}
	}
	return b.String()
}
