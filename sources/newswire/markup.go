package newswire

import (
	"html"
	"strings"
	"unicode"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// maxMarkup is the longest HTML of one field that is parsed, in bytes; what is
// longer is read as plain text.
const maxMarkup = 4 << 20

// block is one piece of a body in document order.
type block struct {
	kind  string // heading, paragraph, quote, list, table, pre, figure, embed
	text  string
	html  string // inline markup of text, where there is any
	items []string
	rows  [][]string
	media *article.Media
	url   string
}

// fragment parses HTML that stands in a field of JSON, or in CDATA.
func fragment(s string) *node {
	root := &node{name: "div"}
	if len(s) > maxMarkup {
		root.addText(s)
		return root
	}
	kids, err := xhtml.ParseFragment(strings.NewReader(s), &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil { // deeper than the parser allows
		root.addText(plain(s))
		return root
	}
	for _, k := range kids {
		if n := convert(k, 0); n != nil {
			root.kids = append(root.kids, n)
		}
	}
	return root
}

// plain drops the tags of markup that could not be parsed.
func plain(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		before, rest, ok := strings.Cut(s, "<")
		b.WriteString(before)
		if !ok {
			break
		}
		b.WriteByte(' ')
		_, s, _ = strings.Cut(rest, ">")
	}
	return html.UnescapeString(b.String())
}

func convert(h *xhtml.Node, depth int) *node {
	switch h.Type {
	case xhtml.TextNode:
		return &node{text: h.Data}
	case xhtml.ElementNode:
	default:
		return nil
	}
	n := &node{name: strings.ToLower(h.Data)}
	for _, a := range h.Attr {
		n.attr = append(n.attr, attribute{strings.ToLower(a.Key), "", cut(a.Val, maxAttr)})
	}
	if depth > 2*maxDepth {
		return n
	}
	for k := h.FirstChild; k != nil; k = k.NextSibling {
		if c := convert(k, depth+1); c != nil {
			n.kids = append(n.kids, c)
		}
	}
	return n
}

// flow gathers the blocks of a body.
type flow struct {
	blocks []block
	inline []*node // runs of text that stand outside any block
	base   string
}

// flatten lays the tree of a body out as a row of blocks.
func flatten(n *node, base string) []block {
	f := flow{base: base}
	f.walk(n)
	f.flush()
	return f.blocks
}

func (f *flow) add(b block) {
	if len(f.blocks) < maxBlocks {
		f.blocks = append(f.blocks, b)
	}
}

func (f *flow) walk(n *node) {
	if n == nil {
		return
	}
	breaks := 0
	for _, k := range n.kids {
		if k.name == "br" {
			if breaks++; breaks > 1 {
				f.flush()
				continue
			}
		} else if k.name != "" || strings.TrimSpace(k.text) != "" {
			breaks = 0
		}
		if k.name == "" || inlineTag(k.name) && !holdsBlocks(k) {
			f.inline = append(f.inline, k)
			continue
		}
		f.flush()
		f.element(k)
	}
}

// flush makes a paragraph of the text that stood outside any block.
func (f *flow) flush() {
	if len(f.inline) == 0 {
		return
	}
	f.paragraph("paragraph", &node{name: "p", kids: f.inline})
	f.inline = nil
}

// element lays out one block.
func (f *flow) element(n *node) {
	switch kindOf(n) {
	case skip:
	case heading:
		f.paragraph("heading", n)
	case paragraph:
		if holdsBlocks(n) {
			f.walk(n)
			f.flush()
			return
		}
		f.paragraph("paragraph", n)
	case quote:
		f.quote(n)
	case list:
		f.list(n)
	case table:
		f.table(n)
	case pre:
		f.pre(n)
	case picture:
		f.picture(n)
	case embed:
		if u := address(f.base, n.get("src")); u != "" {
			f.add(block{kind: "embed", url: u})
		}
	default:
		f.walk(n)
		f.flush()
	}
}

// paragraph adds the text of n; breaks in twos part it.
func (f *flow) paragraph(kind string, n *node) {
	for _, part := range splitBreaks(n) {
		text := part.line()
		if text == "" {
			continue
		}
		if raw := part.raw(); kind == "paragraph" && telegraphic(raw) {
			for _, b := range textBlocks(raw) {
				f.add(b)
			}
			continue
		}
		if strings.Contains(text, "</") { // tags that were escaped once too often
			text = fragment(text).line()
		}
		b := block{kind: kind, text: text}
		if marked(part) {
			b.html = inlineHTML(part)
		}
		f.add(b)
	}
	n.each("img", func(i *node) { f.picture(i) })
}

// splitBreaks parts an element at runs of two breaks or more.
func splitBreaks(n *node) []*node {
	var parts []*node
	cur := &node{name: n.name, attr: n.attr}
	breaks := 0
	for _, k := range n.kids {
		switch {
		case k.name == "br":
			breaks++
		case k.name == "" && strings.TrimFunc(k.text, unicode.IsSpace) == "":
		default:
			if breaks > 1 {
				cur.kids = trimBreaks(cur.kids)
				parts = append(parts, cur)
				cur = &node{name: n.name, attr: n.attr}
			}
			breaks = 0
		}
		cur.kids = append(cur.kids, k)
	}
	cur.kids = trimBreaks(cur.kids)
	return append(parts, cur)
}

// trimBreaks drops the breaks that end a paragraph.
func trimBreaks(kids []*node) []*node {
	for n := len(kids); n > 0 && (kids[n-1].name == "br" || kids[n-1].name == "" && strings.TrimSpace(kids[n-1].text) == ""); n-- {
		kids = kids[:n-1]
	}
	return kids
}

func (f *flow) quote(n *node) {
	if !holdsBlocks(n) {
		f.paragraph("quote", n)
		return
	}
	sub := flow{base: f.base}
	sub.walk(n)
	sub.flush()
	for _, b := range sub.blocks {
		if b.kind == "paragraph" {
			b.kind = "quote"
		}
		f.add(b)
	}
}

func (f *flow) list(n *node) {
	var items []string
	for _, k := range n.kids {
		if k.name == "" || k.name == "ul" || k.name == "ol" {
			continue
		}
		if t := k.line(); t != "" {
			items = append(items, t)
		}
	}
	if len(items) > 0 {
		f.add(block{kind: "list", items: items})
	}
}

func (f *flow) table(n *node) {
	var rows [][]string
	n.each("tr", func(tr *node) {
		var cells []string
		filled := false
		for _, k := range tr.kids {
			if k.name == "td" || k.name == "th" {
				t := k.line()
				filled = filled || t != ""
				cells = append(cells, t)
			}
		}
		if filled && len(rows) < maxBlocks {
			rows = append(rows, cells)
		}
	})
	if len(rows) > 0 {
		f.add(block{kind: "table", rows: rows})
	}
}

// pre keeps the lines of preformatted text; blank lines part paragraphs.
func (f *flow) pre(n *node) {
	var part []string
	end := func() {
		if len(part) > 0 {
			f.add(block{kind: "pre", text: strings.Join(part, "\n")})
			part = nil
		}
	}
	for l := range strings.Lines(strings.ReplaceAll(n.raw(), "\r", "")) {
		if l = strings.TrimRight(l, " \t\n"); strings.TrimSpace(l) == "" {
			end()
			continue
		}
		part = append(part, l)
	}
	end()
}

// picture adds a figure: HTML's img and figure, NITF's media.
func (f *flow) picture(n *node) {
	m := article.Media{Medium: "image"}
	src := n
	if n.name != "img" {
		if src = n.find("img", "media-reference"); src == nil {
			if n.name == "figure" {
				f.walk(n)
				f.flush()
			}
			return
		}
	}
	m.URL = address(f.base, first(src.get("src"), src.get("source")))
	m.Alt = first(src.get("alt"), src.get("alternate-text"))
	m.Width, m.Height = atoi(src.get("width")), atoi(src.get("height"))
	m.Type = first(src.get("mime-type"), src.get("type"))
	m.Caption = n.find("figcaption", "media-caption").line()
	m.Credit = n.find("media-producer", "credit").line()
	if m.URL != "" && !tracker(&m) {
		f.add(block{kind: "figure", media: &m})
	}
}

// tracker reports whether a picture only counts readers.
func tracker(m *article.Media) bool {
	return m.Width == 1 && m.Height <= 1 || m.Height == 1 && m.Width <= 1 && m.Width > 0
}
