package newswire

import (
	"strings"

	xhtml "golang.org/x/net/html"
)

// maxSoup bounds the elements and texts of one field.
const maxSoup = 50_000

// fragment reads HTML that stands in a field of JSON, or in CDATA, into a tree.
// It closes what HTML lets open and forgives the rest; it doesn't move elements
// about as browsers do, so that its time goes with the length of s.
func fragment(s string) *node {
	b := soup{root: &node{name: "div"}}
	b.open = append(b.open, b.root)
	z := xhtml.NewTokenizer(strings.NewReader(cut(s, maxMarkup)))
	for b.elements < maxSoup {
		switch t := z.Next(); t {
		case xhtml.ErrorToken:
			return b.root
		case xhtml.TextToken:
			b.elements++
			b.top().addText(string(z.Text()))
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			b.start(z, t == xhtml.SelfClosingTagToken)
		case xhtml.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name))
		}
	}
	return b.root
}

type soup struct {
	root     *node
	open     []*node
	over     int // elements that are open below maxDepth and stand in no tree
	elements int
}

func (b *soup) top() *node { return b.open[len(b.open)-1] }

func (b *soup) start(z *xhtml.Tokenizer, closed bool) {
	tag, more := z.TagName()
	n := &node{name: string(tag)}
	for more && len(n.attr) < maxAttrs {
		var k, v []byte
		k, v, more = z.TagAttr()
		n.attr = append(n.attr, attribute{name: strings.ToLower(string(k)), value: cut(string(v), maxAttr)})
	}
	closed = closed || void(n.name)
	if b.over > 0 || len(b.open) >= maxDepth {
		if !closed {
			b.over++
		}
		return
	}
	b.elements++
	b.imply(n.name)
	up := b.top()
	up.kids = append(up.kids, n)
	if !closed {
		b.open = append(b.open, n)
	}
}

// imply closes the elements that the start of another one ends.
func (b *soup) imply(name string) {
	switch name {
	case "title", "meta", "link", "style", "script", "base", "noscript", "template":
		return
	}
	b.shut("head", "html")
	switch name {
	case "li":
		b.shut("li", "ul ol menu dir")
	case "dt", "dd":
		b.shut("dt", "dl")
		b.shut("dd", "dl")
	case "tr", "tbody", "thead", "tfoot":
		b.shut("tr", "table")
	case "td", "th":
		b.shut("td", "tr table")
		b.shut("th", "tr table")
	case "address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul":
		b.shut("p", "div section article aside blockquote figure td th li dd body table")
	}
}

// shut closes the innermost open element of that name unless one of the bounds
// stands within it.
func (b *soup) shut(name, bounds string) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch open := b.open[i].name; {
		case open == name:
			b.open = b.open[:i]
			return
		case oneOf(bounds, open):
			return
		}
	}
}

func (b *soup) end(name string) {
	switch {
	case name == "br":
		b.top().kids = append(b.top().kids, &node{name: "br"})
	case b.over > 0:
		b.over--
	case name == "table", name == "tr", name == "tbody":
		b.shut(name, "")
	default:
		b.shut(name, "td th table")
	}
}

// oneOf reports whether a list of words holds w.
func oneOf(list, w string) bool {
	for l := range strings.SplitSeq(list, " ") {
		if l == w {
			return true
		}
	}
	return false
}

// void reports whether an element never has content.
func void(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}
