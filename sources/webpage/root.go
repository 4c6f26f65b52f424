package webpage

import (
	"slices"
	"sort"
	"strings"

	"golang.org/x/net/html/atom"
)

// The article's element. Every block gets a score: how much running text it is.
// An element's mass is the sum over its blocks. The article is where the mass
// is: from the top down to where the mass divides. What stands outside of that
// element and is of the article all the same (an opening paragraph before the
// first advertisement, a second half in a container of its own) is looked for
// among its neighbours.

// score rates every block as running text.
func (p *page) score() {
	for i := range p.blocks {
		b := &p.blocks[i]
		b.score = 0
		if b.text == 0 || b.kind == heading || b.kind == caption {
			continue
		}
		open := float32(b.text - b.link)
		switch {
		case 2*b.link > b.text || b.text < 20:
			continue
		case b.text < 80 && !endsSentence(p.tree.lineOf(b)):
			continue
		case b.text < 80:
			open *= 0.6
		}
		switch b.kind {
		case item:
			open *= 0.5
		case cell:
			open *= 0.25
		}
		if p.headline >= 0 && b.from < p.headline {
			open *= 0.3
		}
		b.score = min(open, 1500)
	}
	p.lone()
}

// lone lowers the score of paragraphs that stand alone in their element, as
// teasers do.
func (p *page) lone() {
	company := map[int32]int{}
	for i := range p.blocks {
		if b := &p.blocks[i]; b.score > 0 {
			company[p.group(b)]++
		}
	}
	for i := range p.blocks {
		if b := &p.blocks[i]; b.score > 0 && b.text < 250 && company[p.group(b)] == 1 {
			b.score *= 0.5
		}
	}
}

// group is the element that holds a block and its like: the parent of the
// outermost element that holds nothing but the block.
func (p *page) group(b *block) int32 {
	nodes := p.tree.nodes
	el := b.el
	for el >= 0 && nodes[el].parent >= 0 && nodes[el].text <= b.text+b.text/8 {
		el = nodes[el].parent
	}
	return el
}

// retrait hands traits down anew, from a root on, and to the blocks.
func (p *page) retrait(from, to int32) {
	p.tree.inheritTraits(from, to)
	for i := range p.blocks {
		if b := &p.blocks[i]; b.el >= from && b.el < to {
			b.all = p.tree.nodes[b.el].all | p.tree.common(b.from, b.to)
		}
	}
}

// mass sums the scores of the blocks in nodes from to to.
func (p *page) mass(from, to int32) float32 {
	a, b := p.within(from, to)
	return p.sums[b] - p.sums[a]
}

// within returns the range of the blocks that start in nodes from to to.
func (p *page) within(from, to int32) (a, b int) {
	a = sort.Search(len(p.blocks), func(i int) bool { return p.blocks[i].from >= from })
	b = a + sort.Search(len(p.blocks)-a, func(i int) bool { return p.blocks[a+i].from >= to })
	return a, b
}

// addUp prepares mass.
func (p *page) addUp() {
	p.sums = append(p.sums[:0], 0)
	var sum float32
	for i := range p.blocks {
		sum += p.blocks[i].score
		p.sums = append(p.sums, sum)
	}
}

// findRoot chooses the element that holds the article, -1 if there is no text.
func (p *page) findRoot() int32 {
	p.score()
	p.addUp()
	if p.mass(0, int32(len(p.tree.nodes))) == 0 {
		return -1
	}
	p.acquit()
	total := p.condemn()
	root := int32(-1)
	for i := int32(0); i >= 0; {
		root = i
		i = p.heir(i, total)
	}
	return p.rise(root)
}

// firstText returns where the article's second paragraph begins: a headline
// stands before it.
func (p *page) firstText() int32 {
	end := int32(len(p.tree.nodes))
	if p.root < 0 {
		return end
	}
	seen := 0
	a, z := p.within(p.root, p.tree.nodes[p.root].end)
	for i := a; i < z; i++ {
		if b := &p.blocks[i]; b.score > 30 && b.text > 100 && b.kind == paragraph && b.all&(tStandfirst|tPrologue) == 0 {
			if seen++; seen == 2 {
				return b.from
			}
		}
	}
	return end
}

// heir returns the child of i that holds most of the mass, -1 if it divides.
func (p *page) heir(i int32, total float32) int32 {
	nodes := p.tree.nodes
	own := p.mass(i, nodes[i].end)
	for c := i + 1; c < nodes[i].end; c = nodes[c].end {
		if !nodes[c].block || textual[nodes[c].DataAtom] {
			continue
		}
		if p.mass(c, nodes[c].end) > max(0.5*total, 0.7*own) {
			return c
		}
	}
	return -1
}

// textual elements are parts of a text, never its container.
var textual = map[atom.Atom]bool{atom.P: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Dl: true}

// rise climbs from the heaviest element to the one that holds the rest of the
// same article: opening paragraphs between it and the headline, or further parts
// beside it.
func (p *page) rise(root int32) int32 {
	nodes := p.tree.nodes
	for rose := true; rose; {
		rose = false
		up := nodes[root].parent
		for level := 0; level < 6 && up >= 0 && nodes[up].DataAtom != atom.Body; level++ {
			if p.belongs(root, up, level) {
				root, rose = up, true
				break
			}
			up = nodes[up].parent
		}
	}
	return root
}

// belongs reports whether an ancestor of root, level elements above its parent,
// holds paragraphs of root's article outside of root.
func (p *page) belongs(root, parent int32, level int) bool {
	nodes := p.tree.nodes
	own := p.mass(root, nodes[root].end)
	class := attr(nodes[root].Node, "class")
	a, z := p.within(parent, nodes[parent].end)
	var lead, trail float32
	for i := a; i < z; i++ {
		b := &p.blocks[i]
		if b.score < 40 || b.from >= root && b.from < nodes[root].end {
			continue
		}
		switch {
		case p.headline >= 0 && b.from < p.headline:
		case b.from < root:
			if !p.isSummary(b) && (level < 2 || p.headline >= 0 && b.kind == paragraph && p.tree.nodes[b.el].inP) {
				lead += b.score
			}
		case level > 1:
		case p.twin(b, parent, class, root):
			trail += b.score
		}
	}
	if lead > 0 || trail > 0.02*own {
		return true
	}
	rest := p.mass(parent, nodes[parent].end) - own
	return level == 0 && rest > 0 && nodes[parent].text-nodes[root].text < nodes[root].text/4
}

// twin reports whether block b stands in an element that is to parent what root
// is: one of the same class, or paragraphs beside it.
func (p *page) twin(b *block, parent int32, class string, root int32) bool {
	nodes := p.tree.nodes
	for i := b.el; i > parent; i = nodes[i].parent {
		if class != "" && nodes[i].DataAtom == nodes[root].DataAtom && attr(nodes[i].Node, "class") == class {
			return true
		}
	}
	return b.kind == paragraph && nodes[b.el].DataAtom == atom.P && nodes[b.el].parent == parent
}

// isSummary reports whether b says what the metadata call the summary.
func (p *page) isSummary(b *block) bool {
	if b.all&(tStandfirst|tPrologue) != 0 {
		return true
	}
	f := fold(p.tree.lineOf(b))
	return slices.ContainsFunc(p.summaries(), func(s string) bool {
		return s == f || len(f) > 20 && strings.HasPrefix(s, f) || len(s) > 40 && strings.HasPrefix(f, s)
	})
}

// summaries are the page's descriptions of the article, folded.
func (p *page) summaries() []string {
	if p.folded == nil {
		p.folded = []string{}
		for _, s := range []string{p.ld.text("description"), p.ld.text("abstract"), p.ld.text("alternativeHeadline"), p.head.first("og:description"), p.head.first("description"), p.head.first("twitter:description")} {
			if f := fold(plain(s)); f != "" && !slices.Contains(p.folded, f) {
				p.folded = append(p.folded, f)
			}
		}
	}
	return p.folded
}
