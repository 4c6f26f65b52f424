package webpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Which blocks are headings, and of what.

// subheads turns paragraphs that are set as headings into headings: short lines
// in bold, or named so, that open a run of paragraphs.
func (s *sifter) subheads() {
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.dropped != "" || b.kind != paragraph || b.text > 100 || b.text < 3 {
			continue
		}
		line := s.tree.lineOf(b)
		if strings.HasSuffix(line, ".") || strings.HasSuffix(line, ",") || strings.HasSuffix(line, ":") || strings.HasSuffix(line, "。") || strings.HasSuffix(line, "…") {
			continue
		}
		next := s.next(i)
		if next == nil || next.kind == heading || next.kind == paragraph && next.text < 60 {
			continue
		}
		if b.all&tSubhead != 0 || s.bold(b) && !s.bold(next) {
			b.kind, b.level = heading, 6
		}
	}
}

// next returns the block after i that is kept and has text.
func (s *sifter) next(i int) *block {
	for i++; i < len(s.blocks); i++ {
		if b := &s.blocks[i]; b.dropped == "" && b.text > 0 {
			return b
		}
	}
	return nil
}

// bold reports whether all of a block is set in bold.
func (s *sifter) bold(b *block) bool {
	nodes := s.tree.nodes
	var in int32
	for i := b.from; i < b.to; i++ {
		if n := &nodes[i]; n.DataAtom == atom.B || n.DataAtom == atom.Strong {
			end := min(n.end, b.to)
			for k := i; k < end; k++ {
				if nodes[k].Type == html.TextNode {
					in += nodes[k].text
				}
			}
			i = end - 1
		}
	}
	return in*20 >= b.text*19 && b.text > 0
}

// bareHeadings condemns headings that nothing follows before the next heading
// of the same or a higher level, or the end.
func (s *sifter) bareHeadings() {
	content := false
	level := int8(9)
	gap := false // blocks were dropped between
	for i := len(s.blocks) - 1; i >= 0; i-- {
		b := &s.blocks[i]
		if b.kind == figure || b.kind == embed {
			continue
		}
		if b.dropped != "" {
			gap = true
			continue
		}
		if b.kind != heading {
			content, level, gap = true, 9, false
			continue
		}
		if !content && !(b.level < level && level < 9) || gap && !content {
			b.dropped = "heading of nothing"
			continue
		}
		content, level = false, b.level
	}
}

// openers condemns headings before the first paragraph, unless they are the
// first of a series: the first section has none.
func (s *sifter) openers() {
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.dropped != "" || b.text == 0 {
			continue
		}
		if b.kind != heading {
			return
		}
		if !s.repeated(b) {
			b.dropped = "heading before the text"
		}
	}
}
