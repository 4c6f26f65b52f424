package webpage

import (
	"strings"

	"wireroom/article"
)

func (p *page) readBody() {
	if p.root < 0 {
		for _, b := range p.blocks {
			p.res.Dropped = append(p.res.Dropped, Candidate{Field: "body", Value: p.tree.lineOf(&b), Input: p.tree.path(b.from), Why: "outside"})
		}
		return
	}
	nodes := p.tree.nodes
	p.retrait(p.root, nodes[p.root].end)
	var in []block
	for _, b := range p.blocks {
		if b.from >= p.root && b.from < nodes[p.root].end {
			in = append(in, b)
		} else if p.opts.Explain {
			p.res.Dropped = append(p.res.Dropped, Candidate{Field: "body", Value: p.tree.lineOf(&b), Input: p.tree.path(b.from), Why: "outside"})
		}
	}
	p.sift(in)
	var body article.Body
	sec := article.Section{}
	var text []string
	for i := range in {
		b := &in[i]
		line := p.tree.lineOf(b)
		if p.opts.Explain {
			p.res.Dropped = append(p.res.Dropped, Candidate{Field: "body", Value: line, Input: p.tree.path(b.from), Why: b.dropped, Chosen: b.dropped == ""})
		}
		if b.dropped != "" || line == "" {
			continue
		}
		text = append(text, line)
		if b.kind == heading {
			if sec.Heading != "" || len(sec.Blocks) > 0 {
				body.Sections = append(body.Sections, sec)
			}
			sec = article.Section{Heading: line}
			continue
		}
		sec.Blocks = append(sec.Blocks, article.Block{Type: "paragraph", Text: line})
	}
	body.Sections = append(body.Sections, sec)
	body.Text = strings.Join(text, "\n\n")
	p.rec.Body = body
}
