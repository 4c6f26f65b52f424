package newswire

import (
	"strings"
	"unicode"

	"wireroom/article"
)

// maxMarkup is the most HTML of one field that is read, maxText the most text of
// one item, in bytes.
const (
	maxMarkup = 2 << 20
	maxText   = 2 << 20
)

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

// flow gathers the blocks of a body.
type flow struct {
	blocks  []block
	inline  []*node // runs of text that stand outside any block
	base    string
	size    int
	quotes  int // open quotes, one in the other
	figures int
}

// flatten lays the tree of a body out as a row of blocks.
func flatten(n *node, base string) []block {
	f := flow{base: base}
	f.walk(n)
	f.flush()
	return f.blocks
}

func (f *flow) full() bool { return f.size >= maxText || len(f.blocks) >= maxBlocks }

func (f *flow) add(b block) {
	if f.full() {
		return
	}
	if left := maxText - f.size; len(b.text)+len(b.html) > left {
		b.text, b.html = cut(b.text, left), ""
	}
	f.size += len(b.text) + len(b.html)
	if f.quotes > 0 && b.kind == "paragraph" {
		b.kind = "quote"
	}
	f.blocks = append(f.blocks, b)
}

func (f *flow) walk(n *node) {
	if n == nil {
		return
	}
	breaks := 0
	for _, k := range n.kids {
		if f.full() {
			return
		}
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
	f.quotes++
	f.walk(n)
	f.flush()
	f.quotes--
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
	size := 0 // a cell holds the text of the tables within it once more
	n.each("tr", func(tr *node) {
		var cells []string
		filled := false
		for _, k := range tr.kids {
			if (k.name == "td" || k.name == "th") && size < maxText {
				t := k.line()
				size += len(t)
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
	for l := range strings.Lines(strings.ReplaceAll(cut(n.raw(), maxText), "\r", "")) {
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
		if f.figures < 3 {
			src = n.find("img", "media-reference")
		} else {
			src = nil
		}
		if src == nil {
			if n.name == "figure" {
				f.figures++
				f.walk(n)
				f.flush()
				f.figures--
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
