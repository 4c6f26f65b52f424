package webpage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// node is one element or text of the page's body, in document order. The sums
// are of the whole subtree.
type node struct {
	*html.Node
	parent int32
	end    int32 // index after the last node of the subtree
	text   int32 // visible letters; one of a script without spaces counts double
	link   int32 // of them inside links
	traits trait // what the element's own names say
	all    trait // those of its ancestors and its own
	block  bool  // takes a line of its own, or holds something that does
	inLink bool
	inP    bool
	hidden bool // not shown, nor is anything in it
	hinted bool // its traits are not guessed
}

// tree is a parsed page: its body as a flat list, and what the walk met.
type tree struct {
	nodes []node
	lang  string // of the html element

	metas   []*html.Node // meta, link, base and title elements, anywhere
	linked  []string     // texts of JSON-LD scripts
	states  []string     // texts of scripts that hold data
	props   []int32      // elements with itemprop or property
	heads   []int32      // h1 to h3
	figures []int32      // figure, picture, img
	times   []int32      // time elements
	vocab   vocabulary
}

// flatten walks the parsed document once. The sums and what is inherited are
// there after inherit.
func flatten(doc *html.Node, size int) *tree {
	t := &tree{nodes: make([]node, 0, size), vocab: vocabulary{}}
	t.walk(doc, -1, false)
	return t
}

// walk appends n's children. The parser bounds the depth of the recursion.
func (t *tree) walk(n *html.Node, parent int32, inBody bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode:
			t.element(c, parent, inBody)
		case c.Type == html.TextNode && inBody:
			t.nodes = append(t.nodes, node{Node: c, parent: parent, end: int32(len(t.nodes) + 1)})
		}
	}
}

func (t *tree) element(n *html.Node, parent int32, inBody bool) {
	switch n.DataAtom {
	case atom.Script:
		t.script(n)
		return
	case atom.Style, atom.Template, atom.Noframes, atom.Svg, atom.Math, atom.Select, atom.Datalist, atom.Textarea, atom.Canvas:
		return
	case atom.Title:
		t.metas = append(t.metas, n)
		return
	case atom.Meta, atom.Link, atom.Base:
		t.metas = append(t.metas, n)
		if inBody && attr(n, "itemprop") != "" {
			t.open(n, parent)
		}
		return
	case atom.Html:
		t.lang = attr(n, "lang")
		if t.lang == "" {
			t.lang = attr(n, "xml:lang")
		}
		t.walk(n, parent, false)
		return
	}
	if !inBody && n.DataAtom != atom.Body {
		t.walk(n, parent, false) // head, frameset
		return
	}
	i := t.open(n, parent)
	t.walk(n, i, true)
	t.nodes[i].end = int32(len(t.nodes))
}

// open appends an element and takes down what it may be good for.
func (t *tree) open(n *html.Node, parent int32) int32 {
	i := int32(len(t.nodes))
	nd := node{Node: n, parent: parent, end: i + 1, block: !isInline(n)}
	nd.traits, nd.hidden = t.vocab.read(n)
	t.nodes = append(t.nodes, nd)
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3:
		t.heads = append(t.heads, i)
	case atom.Figure, atom.Picture, atom.Img:
		t.figures = append(t.figures, i)
	case atom.Time:
		t.times = append(t.times, i)
	case 0:
		if n.Data == "amp-img" {
			t.figures = append(t.figures, i)
		}
	}
	for k := range n.Attr {
		if a := n.Attr[k].Key; a == "itemprop" || a == "property" {
			t.props = append(t.props, i)
			break
		}
	}
	return i
}

// script keeps what a script element holds if it is data.
func (t *tree) script(n *html.Node) {
	c := n.FirstChild
	if c == nil || len(c.Data) > maxScript {
		return
	}
	typ := strings.ToLower(attr(n, "type"))
	switch {
	case strings.Contains(typ, "ld+json"):
		t.linked = append(t.linked, c.Data)
	case len(c.Data) >= minState && (strings.Contains(typ, "json") || typ == "" || strings.Contains(typ, "javascript")):
		t.states = append(t.states, c.Data)
	}
}

// inherit hands down what holds for a whole subtree and adds up what it holds.
func (t *tree) inherit() {
	t.inheritTraits(0, int32(len(t.nodes)))
	for i := range t.nodes {
		n := &t.nodes[i]
		n.inLink = n.DataAtom == atom.A
		n.inP = n.DataAtom == atom.P
		if n.parent >= 0 {
			p := &t.nodes[n.parent]
			n.inLink = n.inLink || p.inLink
			n.inP = n.inP || p.inP
		}
		if n.Type == html.TextNode {
			n.text = letters(n.Data)
		}
	}
	t.unhide()
	for i := len(t.nodes) - 1; i >= 0; i-- {
		n := &t.nodes[i]
		if n.Type == html.TextNode {
			if n.hidden {
				n.text = 0
			} else if n.inLink {
				n.link = n.text
			}
		}
		if n.parent >= 0 {
			p := &t.nodes[n.parent]
			p.text += n.text
			p.link += n.link
			p.block = p.block || n.block
		}
	}
}

// unhide shows elements that hide a large part of the page's paragraphs: the
// rest of an article behind a "read on", or one that a script would show. Then
// it hands down what stays hidden.
func (t *tree) unhide() {
	const much = 600 // letters
	sums := make([]int32, len(t.nodes)+1)
	for i := range t.nodes {
		n := &t.nodes[i]
		sums[i+1] = sums[i]
		if n.Type == html.TextNode && n.inP && !n.inLink {
			sums[i+1] += n.text
		}
	}
	whole := sums[len(t.nodes)]
	for i := range t.nodes {
		n := &t.nodes[i]
		if held := sums[n.end] - sums[i]; n.hidden && held > much && held > whole*2/5 && n.traits&(tComments|tNav) == 0 {
			n.hidden = false
		}
		if n.parent >= 0 {
			n.hidden = n.hidden || t.nodes[n.parent].hidden
		}
	}
}

// inheritTraits hands the traits of elements down within nodes from to to, of
// which the first is the root of what follows.
func (t *tree) inheritTraits(from, to int32) {
	for i := from; i < to; i++ {
		n := &t.nodes[i]
		n.all = n.traits
		if n.parent >= from {
			n.all |= t.nodes[n.parent].all
		}
	}
}

// common returns the traits of the inline elements that hold a whole run.
func (t *tree) common(from, to int32) (tr trait) {
	for i := from; i < to && t.nodes[i].Type == html.ElementNode && t.nodes[i].end >= to; i++ {
		tr |= t.nodes[i].traits
	}
	return tr
}

// contains reports whether b lies in the subtree of a.
func (t *tree) contains(a, b int32) bool { return a <= b && b < t.nodes[a].end }

// path names the elements around node i, the innermost first.
func (t *tree) path(i int32) string {
	var b strings.Builder
	for n := 0; i >= 0 && n < 8; i = t.nodes[i].parent {
		if nd := &t.nodes[i]; nd.Type == html.ElementNode {
			b.WriteString(nd.Data)
			if c := attr(nd.Node, "class"); c != "" {
				b.WriteString("." + strings.Join(strings.Fields(c), "."))
			}
			if c := attr(nd.Node, "id"); c != "" {
				b.WriteString("#" + c)
			}
			b.WriteString(" < ")
			n++
		}
	}
	return strings.TrimSuffix(b.String(), " < ")
}

// up returns the nearest of i and its ancestors that f holds for, or -1.
func (t *tree) up(i int32, f func(*node) bool) int32 {
	for ; i >= 0; i = t.nodes[i].parent {
		if f(&t.nodes[i]) {
			return i
		}
	}
	return -1
}

// textOf returns the visible text of i's subtree on one line.
func (t *tree) textOf(i int32) string {
	var w inliner
	w.tree = t
	w.span(i, t.nodes[i].end)
	return w.line()
}

func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

// letters counts what a reader sees: no white space, and signs of scripts that
// write words with one or two of them twice.
func letters(s string) (n int32) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c > ' ' {
				n++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r >= 0x2E80 && r < 0xA4D0 || r >= 0xAC00 && r < 0xD7B0 || r >= 0xF900 && r < 0xFB00 || r >= 0x0E00 && r < 0x0E80:
			n += 2
		case r == 0xA0 || r == 0xAD || r >= 0x2000 && r <= 0x200F || r == 0xFEFF || unicode.Is(unicode.Mn, r):
		default:
			n++
		}
	}
	return n
}

// isInline reports whether an element stands in a line of text. Elements that
// nobody defined do, as in browsers; custom ones (with a hyphen) seldom.
func isInline(n *html.Node) bool {
	if n.DataAtom == 0 {
		return !strings.Contains(n.Data, "-")
	}
	return inline[n.DataAtom]
}

// inline are the elements that stand in a line of text.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.Acronym: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Big: true, atom.Br: true,
	atom.Cite: true, atom.Code: true, atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true,
	atom.I: true, atom.Img: true, atom.Ins: true, atom.Kbd: true, atom.Label: true, atom.Mark: true, atom.Meter: true, atom.Nobr: true,
	atom.Output: true, atom.Picture: true, atom.Q: true, atom.Rb: true, atom.Rp: true, atom.Rt: true, atom.Rtc: true, atom.Ruby: true, atom.S: true, atom.Samp: true, atom.Small: true, atom.Span: true,
	atom.Source: true, atom.Strike: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.Tt: true, atom.U: true,
	atom.Var: true, atom.Wbr: true, atom.Meta: true, atom.Link: true, atom.Button: true, atom.Input: true, atom.Map: true, atom.Area: true, atom.Progress: true,
}

const (
	maxScript = 4 << 20 // longer scripts are not read
	minState  = 2 << 10 // shorter ones hold no article
)
