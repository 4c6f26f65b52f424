package webpage

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// findStandfirst finds the summary that is displayed between the headline and
// the text, and marks its blocks, so that they are no part of the body. The best
// evidence is a name; then, that the metadata give the same words; then, that it
// is set apart from the text; then, that the text opens in bold.
func (p *page) findStandfirst() {
	p.stand = map[int32]bool{}
	from, to := p.standRegion()
	var named, told, set []int
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from < from || b.from >= to || b.text < 15 || b.text > 900 || b.kind == caption || b.kind == figure {
			continue
		}
		if b.all&(noise|tEmbed|tMedia|tSource)&^tRelated != 0 || b.link*2 > b.text || p.headline >= 0 && p.tree.contains(p.headline, b.from) {
			continue
		}
		if p.headlineAgain(b) {
			continue
		}
		switch {
		case b.all&(tStandfirst|tPrologue) != 0:
			if b.text >= 25 && len(named) == 0 || len(named) > 0 && p.goesOn(named[len(named)-1], i) {
				named = append(named, i)
			}
		case b.all&(tRelated|tInfo) != 0:
		case p.tells(b) && p.setOff(i):
			told = append(told, i)
		case len(set) == 0 && p.setApart(b):
			set = append(set, i)
		}
	}
	if p.isOpening(named) {
		named = nil
	}
	if len(named) > 0 && len(set) > 0 && set[0] < named[0] && p.inRoot(named[0]) && !p.inRoot(set[0]) {
		named = nil // what stands at the headline comes first
	}
	for _, found := range [][]int{named, told[:min(len(told), 1)], set, p.boldOpening()} {
		if len(found) == 0 {
			continue
		}
		var lines []string
		for _, i := range found {
			p.stand[p.blocks[i].from] = true
			if line := p.tree.lineOf(&p.blocks[i]); !containsFold(lines, line) {
				lines = append(lines, line)
			}
		}
		p.standfirst = strings.Join(lines, " ")
		return
	}
}

// headlineAgain reports whether a block says the headline, and hardly more.
func (p *page) headlineAgain(b *block) bool {
	if p.headline < 0 {
		return false
	}
	title, line := fold(p.tree.textOf(p.headline)), fold(p.tree.lineOf(b))
	return len(title) > 20 && strings.Contains(line, title) && len(line) < len(title)+40
}

// isOpening reports whether blocks are several full paragraphs: the opening of a
// text, whatever it is called.
func (p *page) isOpening(blocks []int) bool {
	var sum int32
	for _, i := range blocks {
		if p.blocks[i].kind == item {
			return false
		}
		sum += p.blocks[i].text
	}
	return len(blocks) > 1 && sum > 200 && p.blocks[blocks[1]].text > 80
}

func (p *page) inRoot(i int) bool {
	return p.root >= 0 && p.tree.contains(p.root, p.blocks[i].from)
}

// goesOn reports whether block b follows block a in the same element or list.
func (p *page) goesOn(a, b int) bool {
	nodes := p.tree.nodes
	x, y := &p.blocks[a], &p.blocks[b]
	if x.el == y.el || b == a+1 {
		return true
	}
	return nodes[x.el].parent == nodes[y.el].parent || x.kind == item && y.kind == item && p.listOf(x) == p.listOf(y)
}

// boldOpening returns the paragraphs in bold that open the text, if the rest of
// it is not.
func (p *page) boldOpening() (out []int) {
	if p.root < 0 {
		return nil
	}
	s := sifter{page: p}
	a, z := p.within(p.root, p.tree.nodes[p.root].end)
	for i := a; i < z; i++ {
		b := &p.blocks[i]
		if b.text == 0 || b.all&(noise|box) != 0 || b.kind != paragraph && b.kind != heading || p.headline >= 0 && (b.from < p.headline || p.tree.contains(p.headline, b.from)) {
			continue
		}
		if b.text < 35 || b.text > 800 || b.link*3 > b.text || !s.bold(b) || b.kind == heading {
			if b.text < 60 && len(out) == 0 {
				continue
			}
			if len(out) > 0 && b.text > 100 && b.kind == paragraph && len(out) < 4 {
				return out
			}
			return nil
		}
		out = append(out, i)
	}
	return nil
}

// standRegion is where a standfirst stands: from the headline to the second
// paragraph of the text.
func (p *page) standRegion() (from, to int32) {
	nodes := p.tree.nodes
	from, to = p.headline, int32(len(nodes))
	if from < 0 {
		if from = p.root; from < 0 {
			return 0, 0
		}
		for up := 0; up < 2 && nodes[from].parent >= 0 && nodes[nodes[from].parent].DataAtom != atom.Body; up++ {
			from = nodes[from].parent
		}
	}
	if p.root < 0 {
		return from, min(to, from+300)
	}
	seen := 0
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from < from || b.from < p.root || b.score < 40 || b.all&(noise|box|tStandfirst|tPrologue) != 0 || p.headline >= 0 && p.tree.contains(p.headline, b.from) {
			continue
		}
		if p.tells(b) && seen == 0 {
			seen++
			continue
		}
		return from, b.from
	}
	return from, to
}

// longestTold is the most letters of a block that can be a summary in the
// metadata.
const longestTold = 5000

// tells reports whether a block says in full what the metadata give as the
// summary.
func (p *page) tells(b *block) bool {
	if b.text > longestTold {
		return false
	}
	f := fold(p.tree.lineOf(b))
	for _, s := range p.summaries() {
		if len(f) >= 30 && (f == s || alike(f, s) > 0.92) {
			return true
		}
	}
	return false
}

// setOff reports whether block i is set otherwise than the paragraph after it:
// outside of the text's element, in bold, or under another name. A paragraph
// like the others that the metadata quote is the opening of the text.
func (p *page) setOff(i int) bool {
	b := &p.blocks[i]
	nodes := p.tree.nodes
	if b.kind != paragraph || p.root < 0 || !p.tree.contains(p.root, b.from) {
		return true
	}
	s := sifter{page: p}
	for k := i + 1; k < len(p.blocks); k++ {
		n := &p.blocks[k]
		if n.score < 40 || n.kind != paragraph {
			continue
		}
		if s.bold(b) && !s.bold(n) {
			return true
		}
		return nodes[b.el].Data != nodes[n.el].Data || attr(nodes[b.el].Node, "class") != attr(nodes[n.el].Node, "class") ||
			nodes[b.el].parent != nodes[n.el].parent && attr(nodes[nodes[b.el].parent].Node, "class") != attr(nodes[nodes[n.el].parent].Node, "class")
	}
	return true
}

// setApart reports whether a block between the headline and the text looks like
// a standfirst: a heading or a sentence of its own, close to the headline and
// outside of the text.
func (p *page) setApart(b *block) bool {
	if p.headline < 0 || b.el < 0 || b.from > p.tree.nodes[p.headline].end+90 {
		return false
	}
	in := p.root >= 0 && p.tree.contains(p.root, b.from)
	switch b.kind {
	case heading:
		return b.level <= 4 && b.text >= 35 && !(in && p.repeated(b))
	case paragraph:
		return !in && b.text >= 45 && endsSentence(p.tree.lineOf(b)) && b.all&(tPull|tLabel) == 0
	}
	return false
}

// repeated reports whether other headings in the text are set as b is.
func (p *page) repeated(b *block) bool {
	nodes := p.tree.nodes
	class := attr(nodes[b.el].Node, "class")
	a, z := p.within(p.root, nodes[p.root].end)
	for i := a; i < z; i++ {
		if o := &p.blocks[i]; o.from != b.from && o.kind == heading && o.level == b.level && attr(nodes[o.el].Node, "class") == class {
			return true
		}
	}
	return false
}

// readStandfirst chooses the summary. A description that is the opening of the
// text is none.
func (p *page) readStandfirst() {
	shown := cand(p.standfirst, fromHTML, "above the text")
	var said []Candidate
	for _, c := range []Candidate{
		cand(p.ld.text("description"), fromLinked, "description"),
		cand(p.ld.text("abstract"), fromLinked, "abstract"),
		cand(plain(p.head.first("og:description")), fromGraph, "og:description"),
		cand(plain(p.head.first("description")), fromMeta, "description"),
		cand(plain(p.head.first("twitter:description", "dc.description", "dcterms.description", "sailthru.description", "lead")), fromMeta, "twitter:description"),
		cand(p.prop("description"), fromMicrodata, "description"),
	} {
		if c.Value == "" {
			continue
		}
		if p.opensText(c.Value) && p.standfirst == "" {
			p.note("standfirst", c.Value, c.Input, c.Where, "is how the text begins", false)
			continue
		}
		said = append(said, c)
	}
	p.rec.Standfirst = p.choose("standfirst", append([]Candidate{shown}, said...)...)
}

// opensText reports whether s repeats the opening of the body.
func (p *page) opensText(s string) bool {
	f := fold(strings.TrimRight(s, ".… "))
	if f == "" {
		return true
	}
	open := fold(p.rec.Body.Text[:min(len(p.rec.Body.Text), len(s)*2+400)])
	return strings.HasPrefix(open, f) || len(f) > 40 && strings.Contains(open, f)
}
