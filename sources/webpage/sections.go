package webpage

import (
	"strings"

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
	var w sectionWriter
	w.page = p
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
	body article.Body
	sec  article.Section
	text []string
	list int32 // the list that the last block is, 0 for none
}

func (w *sectionWriter) add(b *block) {
	line := w.tree.lineOf(b)
	switch b.kind {
	case heading:
		w.end()
		w.sec.Heading = line
		w.text = append(w.text, line)
		return
	case item:
		w.item(b, line)
		return
	case figure, embed:
		return
	case cell:
		if line == "" {
			return
		}
	}
	w.list = 0
	if line == "" {
		return
	}
	typ := "paragraph"
	if b.kind == quote {
		typ = "quote"
	}
	w.sec.Blocks = append(w.sec.Blocks, article.Block{Type: typ, Text: line})
	w.text = append(w.text, line)
}

// item adds a list item to the list that it stands in.
func (w *sectionWriter) item(b *block, line string) {
	list := w.listOf(b)
	if n := len(w.sec.Blocks); n > 0 && w.list == list && w.sec.Blocks[n-1].Type == "list" {
		w.sec.Blocks[n-1].Items = append(w.sec.Blocks[n-1].Items, line)
	} else {
		w.sec.Blocks = append(w.sec.Blocks, article.Block{Type: "list", Items: []string{line}})
	}
	w.list = list
	w.text = append(w.text, line)
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
	w.body.WordCount = article.WordCount(w.body.Text)
	return w.body
}
