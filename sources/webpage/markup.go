package webpage

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// kept are the inline elements whose meaning survives, and what they are written
// as.
var kept = map[atom.Atom]string{
	atom.A: "a", atom.Abbr: "abbr", atom.B: "strong", atom.Strong: "strong", atom.I: "em", atom.Em: "em", atom.Cite: "cite", atom.Code: "code",
	atom.Del: "del", atom.S: "del", atom.Strike: "del", atom.Ins: "ins", atom.Kbd: "kbd", atom.Mark: "mark", atom.Q: "q", atom.Sub: "sub", atom.Sup: "sup", atom.Samp: "samp", atom.Var: "var",
}

// marker writes a run of inline nodes as HTML with nothing but the kept
// elements, balanced, white space collapsed as in its text.
type marker struct {
	*page
	b      strings.Builder
	open   []int32 // kept elements that are open, the outermost first
	chain  []int32
	space  bool
	marked bool // an element was written
}

// markup returns the inline HTML of a block, "" if it has no markup.
func (p *page) markup(b *block) string {
	w := marker{page: p}
	skip := inliner{tree: p.tree}
	nodes := p.tree.nodes
	for i := b.from; i < b.to; i++ {
		n := &nodes[i]
		switch {
		case n.Type == html.TextNode:
			if !n.hidden && !(n.inLink && newTab(n.Data)) {
				w.text(i, b.el)
			}
		case skip.left(n):
			i = n.end - 1
		case p.tree.isBreak(i) && w.b.Len() > 0 && i+1 < b.to:
			w.b.WriteString("<br>")
			w.space, w.marked = false, true
		case n.block:
			w.space = true
		}
	}
	w.close(0)
	if !w.marked {
		return ""
	}
	return w.b.String()
}

// text writes a text node within the kept elements around it.
func (w *marker) text(i, el int32) {
	data := w.tree.nodes[i].Data
	if strings.TrimSpace(data) == "" {
		w.space = w.space || data != ""
		return
	}
	w.chain = w.chain[:0]
	for k := w.tree.nodes[i].parent; k > el; k = w.tree.nodes[k].parent {
		if n := &w.tree.nodes[k]; kept[n.DataAtom] != "" && (n.DataAtom != atom.A || w.linkTo(n) != "") {
			w.chain = append(w.chain, k)
		}
	}
	for l, r := 0, len(w.chain)-1; l < r; l, r = l+1, r-1 {
		w.chain[l], w.chain[r] = w.chain[r], w.chain[l]
	}
	same := 0
	for same < len(w.open) && same < len(w.chain) && w.open[same] == w.chain[same] {
		same++
	}
	w.close(same)
	var in inliner
	in.text(data)
	if first, _ := utf8.DecodeRuneInString(data); w.space || isSpace(first) {
		if w.b.Len() > 0 && !strings.HasSuffix(w.b.String(), "<br>") {
			w.b.WriteByte(' ')
		}
	}
	for _, k := range w.chain[same:] {
		n := &w.tree.nodes[k]
		w.b.WriteString("<" + kept[n.DataAtom])
		if n.DataAtom == atom.A {
			w.b.WriteString(` href="` + html.EscapeString(w.linkTo(n)) + `"`)
		}
		w.b.WriteByte('>')
		w.marked = true
		w.open = append(w.open, k)
	}
	w.b.WriteString(html.EscapeString(in.line()))
	w.space = in.space
}

func (w *marker) close(to int) {
	for len(w.open) > to {
		k := w.open[len(w.open)-1]
		w.b.WriteString("</" + kept[w.tree.nodes[k].DataAtom] + ">")
		w.open = w.open[:len(w.open)-1]
	}
}

// linkTo is the address that a link leads to, "" if it leads nowhere else.
func (w *marker) linkTo(n *node) string {
	return w.abs(attr(n.Node, "href"))
}

// bodyHTML writes sections as HTML.
func bodyHTML(sections []article.Section) string {
	var w strings.Builder
	for _, s := range sections {
		if s.Heading != "" {
			w.WriteString("<h2>" + html.EscapeString(s.Heading) + "</h2>\n")
		}
		for i := range s.Blocks {
			blockHTML(&w, &s.Blocks[i])
		}
	}
	return strings.TrimSuffix(w.String(), "\n")
}

func blockHTML(w *strings.Builder, b *article.Block) {
	inner := b.HTML
	if inner == "" {
		inner = html.EscapeString(b.Text)
	}
	switch b.Type {
	case "paragraph":
		w.WriteString("<p>" + inner + "</p>\n")
	case "quote":
		w.WriteString("<blockquote><p>" + inner + "</p></blockquote>\n")
	case "list":
		w.WriteString("<ul>")
		for _, s := range b.Items {
			w.WriteString("<li>" + html.EscapeString(s) + "</li>")
		}
		w.WriteString("</ul>\n")
	case "table":
		w.WriteString("<table>")
		for _, r := range b.Rows {
			w.WriteString("<tr>")
			for _, c := range r {
				w.WriteString("<td>" + html.EscapeString(c) + "</td>")
			}
			w.WriteString("</tr>")
		}
		w.WriteString("</table>\n")
	case "figure":
		figureHTML(w, b.Media)
	case "embed":
		u := html.EscapeString(b.URL)
		w.WriteString(`<p><a href="` + u + `">` + u + "</a></p>\n")
	}
}

func figureHTML(w *strings.Builder, m *article.Media) {
	w.WriteString(`<figure><img src="` + html.EscapeString(m.URL) + `" alt="` + html.EscapeString(m.Alt) + `">`)
	if m.Caption != "" || m.Credit != "" {
		w.WriteString("<figcaption>" + html.EscapeString(strings.TrimSpace(m.Caption+" "+bracketed(m.Credit))) + "</figcaption>")
	}
	w.WriteString("</figure>\n")
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}
