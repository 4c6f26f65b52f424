package webpage

import (
	"strings"

	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// findBody decides which blocks are the article's text.
func (p *page) findBody() {
	if p.root < 0 {
		return
	}
	nodes := p.tree.nodes
	p.retrait(p.root, nodes[p.root].end)
	a, z := p.within(p.root, nodes[p.root].end)
	p.shown = p.blocks[a:z]
	p.sift(p.shown)
	for i := range p.shown {
		if b := &p.shown[i]; b.dropped == "" && b.text > 0 {
			p.body = append(p.body, b)
		}
	}
}

// readBody puts the blocks into sections. The first section has no heading.
func (p *page) readBody() {
	w := sectionWriter{page: p}
	for i := range p.shown {
		b := &p.shown[i]
		if b.dropped == "" {
			w.add(b)
		}
	}
	p.rec.Body = w.close()
	if len(p.rec.Body.Sections) > 0 {
		p.credit("body", fromHTML)
	}
	if p.opts.Explain {
		p.explainBody()
	}
	p.fallBack()
}

// explainBody remembers what became of each block.
func (p *page) explainBody() {
	in := map[int32]bool{}
	for i := range p.shown {
		b := &p.shown[i]
		in[b.from] = true
		if b.text > 0 {
			p.note("body", p.tree.lineOf(b), fromHTML, p.tree.path(b.from), b.dropped, b.dropped == "")
		}
	}
	for i := range p.blocks {
		if b := &p.blocks[i]; b.text > 0 && !in[b.from] {
			p.note("body", p.tree.lineOf(b), fromHTML, p.tree.path(b.from), "outside of the article's element", false)
		}
	}
}

// sectionWriter gathers blocks into sections.
type sectionWriter struct {
	*page
	body  article.Body
	sec   article.Section
	text  []string
	list  int32 // the list that the last block is, 0 for none
	table int32 // the table that was written last
}

func (w *sectionWriter) add(b *block) {
	switch b.kind {
	case heading:
		w.end()
		w.sec.Heading = w.tree.lineOf(b)
		w.text = append(w.text, w.sec.Heading)
	case item:
		w.item(b, w.tree.lineOf(b))
	case cell:
		w.row(b)
	case figure:
		if m, ok := w.figure(b.el); ok && m.URL != "" {
			w.put(article.Block{Type: "figure", Media: &m})
		}
	case embed:
		if u := w.embedded(b.el); u != "" {
			w.put(article.Block{Type: "embed", URL: u})
		}
	default:
		w.paragraph(b)
	}
}

func (w *sectionWriter) put(b article.Block) {
	w.sec.Blocks = append(w.sec.Blocks, b)
	w.list = 0
}

func (w *sectionWriter) paragraph(b *block) {
	line := w.tree.lineOf(b)
	if line == "" {
		return
	}
	typ := "paragraph"
	if b.kind == quote {
		typ = "quote"
	}
	w.put(article.Block{Type: typ, Text: line, HTML: w.markup(b)})
	w.text = append(w.text, line)
}

// item adds a list item to the list that it stands in.
func (w *sectionWriter) item(b *block, line string) {
	list := w.listOf(b)
	if n := len(w.sec.Blocks); n > 0 && w.list == list && w.sec.Blocks[n-1].Type == "list" {
		w.sec.Blocks[n-1].Items = append(w.sec.Blocks[n-1].Items, line)
	} else {
		w.put(article.Block{Type: "list", Items: []string{line}})
	}
	w.list = list
	w.text = append(w.text, line)
}

// row writes the whole table that a cell stands in, once. A table of one column
// or one row is layout: its cells are paragraphs.
func (w *sectionWriter) row(b *block) {
	table := w.tree.up(b.el, func(n *node) bool { return n.DataAtom == atom.Table })
	if table == w.table {
		return
	}
	rows, wide := w.rows(table)
	if len(rows) < 2 || wide < 2 {
		w.paragraph(b)
		return
	}
	w.table = table
	w.put(article.Block{Type: "table", Rows: rows})
	for _, r := range rows {
		w.text = append(w.text, strings.Join(r, "\t"))
	}
}

// rows are the texts of a table's cells.
func (p *page) rows(table int32) (rows [][]string, wide int) {
	nodes := p.tree.nodes
	for i := table + 1; i < nodes[table].end && len(rows) < 500; i++ {
		switch nodes[i].DataAtom {
		case atom.Tr:
			rows = append(rows, nil)
		case atom.Td, atom.Th:
			if len(rows) == 0 {
				rows = append(rows, nil)
			}
			last := len(rows) - 1
			rows[last] = append(rows[last], p.tree.textOf(i))
			wide = max(wide, len(rows[last]))
			i = nodes[i].end - 1
		}
	}
	full := rows[:0]
	for _, r := range rows {
		if strings.TrimSpace(strings.Join(r, "")) != "" {
			full = append(full, r)
		}
	}
	return full, wide
}

// embedded is the address of what an element embeds.
func (p *page) embedded(el int32) string {
	nodes := p.tree.nodes
	n := nodes[el].Node
	for _, k := range [...]string{"src", "data-src", "data-instgrm-permalink", "cite"} {
		if u := p.abs(attr(n, k)); u != "" {
			return u
		}
	}
	last := ""
	for i := el + 1; i < nodes[el].end; i++ {
		switch nodes[i].DataAtom {
		case atom.Source:
			return p.abs(attr(nodes[i].Node, "src"))
		case atom.A:
			if u := p.abs(attr(nodes[i].Node, "href")); u != "" {
				last = u // a post's own address comes last
			}
		}
	}
	return last
}

func (w *sectionWriter) end() {
	if w.sec.Heading != "" || len(w.sec.Blocks) > 0 {
		w.body.Sections = append(w.body.Sections, w.sec)
	}
	w.sec = article.Section{}
	w.list = 0
}

func (w *sectionWriter) close() article.Body {
	w.end()
	w.body.Text = strings.Join(w.text, "\n\n")
	w.body.HTML = bodyHTML(w.body.Sections)
	w.body.WordCount = article.WordCount(w.body.Text)
	return w.body
}
