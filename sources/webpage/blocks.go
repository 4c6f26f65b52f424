package webpage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kind is what a block is.
type kind uint8

const (
	paragraph kind = iota
	heading
	item
	quote
	cell
	caption
	pre
	figure
	embed
)

// block is a run of inline content between two borders of block elements.
type block struct {
	kind     kind
	level    int8  // of a heading
	el       int32 // the innermost block element around it
	from, to int32 // its nodes
	text     int32 // visible letters
	link     int32 // of them inside links
	all      trait
	score    float32 // how much it looks like running text
	line     string  // its text, once asked for
	dropped  string  // why it is no part of the article
}

// segment cuts the whole page into blocks.
func (t *tree) segment() []block {
	s := segmenter{t: t, blocks: make([]block, 0, len(t.nodes)/6+8), start: -1}
	for i := int32(0); i < int32(len(t.nodes)); i++ {
		n := &t.nodes[i]
		for len(s.open) > 0 && t.nodes[s.open[len(s.open)-1]].end <= i {
			s.flush(i)
			s.open = s.open[:len(s.open)-1]
		}
		if n.hidden {
			i = n.end - 1
			continue
		}
		switch {
		case n.Type == html.TextNode:
			s.add(i)
		case t.isBreak(i):
			s.br(i)
		case n.block:
			s.flush(i)
			s.open = append(s.open, i)
			s.special(i)
		case n.DataAtom == atom.Button || n.DataAtom == atom.Label:
			i = n.end - 1
		}
	}
	s.flush(int32(len(t.nodes)))
	return s.blocks
}

// segmenter holds the run that is being read.
type segmenter struct {
	t        *tree
	blocks   []block
	open     []int32 // block elements around the current node
	start    int32   // first node of the run, -1 for none
	breaks   int     // br elements since the last letter
	text     int32
	link     int32
	lastText int32
}

func (s *segmenter) add(i int32) {
	n := &s.t.nodes[i]
	if n.text == 0 {
		return
	}
	if s.start >= 0 && (s.breaks > 1 || s.breaks == 1 && s.paragraphEnds(i)) {
		s.flush(i)
	}
	s.breaks = 0
	if s.start < 0 {
		s.start = i
	}
	s.text += n.text
	s.link += n.link
	s.lastText = i
}

// paragraphEnds reports whether the one line break before node i parts two
// paragraphs: a line of some length that ends a sentence is before it, and the
// beginning of a sentence after it.
func (s *segmenter) paragraphEnds(i int32) bool {
	if s.text < 60 || len(s.open) == 0 {
		return false
	}
	if k, _ := s.t.kindOf(s.open[len(s.open)-1]); k != paragraph {
		return false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(s.t.nodes[i].Data, " \t\r\n\u00a0\"'“„«»‚‘’(["))
	return !unicode.IsLower(next) && endsSentence(strings.TrimSpace(s.t.nodes[s.lastText].Data))
}

// isBreak reports whether node i breaks the line: a br, or an empty element that
// a stylesheet makes one.
func (t *tree) isBreak(i int32) bool {
	n := &t.nodes[i]
	if n.DataAtom == atom.Br {
		return true
	}
	if n.DataAtom != atom.Span || n.text != 0 || n.end > i+1 {
		return false
	}
	for c := range strings.FieldsSeq(attr(n.Node, "class")) {
		if c == "br" || c == "line-break" || c == "linebreak" {
			return true
		}
	}
	return false
}

func (s *segmenter) br(i int32) {
	if s.start >= 0 {
		s.breaks++
	}
}

// flush ends the run before node i.
func (s *segmenter) flush(i int32) {
	if s.start < 0 {
		return
	}
	el := int32(-1)
	if len(s.open) > 0 {
		el = s.open[len(s.open)-1]
	}
	from := s.start
	// The inline elements around the first letter belong to the run.
	for p := s.t.nodes[from].parent; p > el; p = s.t.nodes[p].parent {
		if s.t.nodes[p].end <= i || p == from-1 {
			from = p
		} else {
			break
		}
	}
	b := block{el: el, from: from, to: s.lastText + 1, text: s.text, link: s.link}
	b.all = s.t.nodes[s.start].all
	if el >= 0 {
		b.kind, b.level = s.t.kindOf(el)
		// Inline elements that all of the run stands in count, others do not.
		b.all = s.t.nodes[el].all | s.t.common(from, b.to)
	}
	s.blocks = append(s.blocks, b)
	s.start, s.breaks, s.text, s.link = -1, 0, 0, 0
}

// special notes elements that are blocks without text.
func (s *segmenter) special(i int32) {
	switch s.t.nodes[i].DataAtom {
	case atom.Figure:
		s.blocks = append(s.blocks, block{kind: figure, el: i, from: i, to: s.t.nodes[i].end, all: s.t.nodes[i].all})
	case atom.Blockquote:
		if s.t.nodes[i].traits&tEmbed == 0 {
			return
		}
		fallthrough
	case atom.Iframe, atom.Video, atom.Audio:
		s.blocks = append(s.blocks, block{kind: embed, el: i, from: i, to: s.t.nodes[i].end, all: s.t.nodes[i].all})
	}
}

// kindOf says what a run in element el is, by the nearest element that tells.
func (t *tree) kindOf(el int32) (kind, int8) {
	for i := el; i >= 0; i = t.nodes[i].parent {
		switch t.nodes[i].DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return heading, int8(t.nodes[i].Data[1] - '0')
		case atom.Li, atom.Dd, atom.Dt:
			return item, 0
		case atom.Blockquote:
			return quote, 0
		case atom.Td, atom.Th:
			return cell, 0
		case atom.Figcaption, atom.Figure:
			return caption, 0
		case atom.Pre:
			return pre, 0
		case atom.Article, atom.Main, atom.Section, atom.Body:
			return paragraph, 0
		}
	}
	return paragraph, 0
}

// lineOf returns the text of b.
func (t *tree) lineOf(b *block) string {
	if b.line == "" && b.text > 0 {
		w := inliner{tree: t}
		w.span(b.from, b.to)
		b.line = w.line()
	}
	return b.line
}
