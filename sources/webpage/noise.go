package webpage

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// sifter decides which blocks of the article's element are no part of the
// article. The rules run in the order of the functions below; the first that
// condemns a block names the reason.
type sifter struct {
	*page
	blocks []block
	folds  []string // folded lines, by block
	inP    bool     // this page sets its paragraphs in p elements
	seen   map[string]int
}

func (p *page) sift(blocks []block) {
	s := &sifter{page: p, blocks: blocks, folds: make([]string, len(blocks)), seen: map[string]int{}}
	for i := range blocks {
		s.folds[i] = fold(p.tree.lineOf(&blocks[i]))
	}
	s.inP = s.paragraphsInP()
	for i := range blocks {
		b := &blocks[i]
		b.dropped = s.reason(i, b)
		if b.dropped == "" && b.text > 0 {
			s.seen[s.folds[i]] = i
		}
	}
	s.subheads()
	s.tail()
	s.crosscheck()
	s.bareHeadings()
	s.signedAbove()
	s.openers()
}

func (s *sifter) reason(i int, b *block) string {
	t := s.tree
	if b.kind == figure || b.kind == embed {
		return s.ornament(b)
	}
	f := s.folds[i]
	switch {
	case f == "" && b.text < 20:
		return "no words"
	case s.stand[b.from]:
		return "standfirst"
	case b.all&noise != 0:
		return "named " + b.all.name(noise)
	case b.all&box != 0:
		return "in a " + b.all.name(box)
	case s.headline >= 0 && t.contains(s.headline, b.from):
		return "headline"
	case s.headline >= 0 && b.from < s.headline:
		return "before the headline"
	case b.kind == caption:
		return "caption"
	}
	if _, twice := s.seen[f]; twice && (b.text > 40 || b.kind != item) {
		return "said before"
	}
	for _, rule := range []func(int, *block, string) string{s.links, s.words, s.picture, s.card, s.head, s.loose, s.title, s.dates, s.byline, s.plug} {
		if why := rule(i, b, f); why != "" {
			return why
		}
	}
	return ""
}

// links condemns blocks that are nothing but links to elsewhere.
func (s *sifter) links(_ int, b *block, f string) string {
	if b.kind == heading {
		if b.link*10 > b.text*9 && b.text > 0 && s.leads(b) {
			return "heading that is a link"
		}
		return ""
	}
	if b.link*10 > b.text*8 && (b.text > 12 || b.kind == item) {
		return "links"
	}
	if b.kind == item {
		if list := s.listOf(b); list > s.root && s.tree.nodes[list].link*10 > s.tree.nodes[list].text*6 {
			return "list of links"
		}
	}
	return ""
}

// leads reports whether a link in block b leads off the page.
func (s *sifter) leads(b *block) bool {
	nodes := s.tree.nodes
	from := b.from
	if a := s.tree.up(from, func(n *node) bool { return n.DataAtom == atom.A }); a >= 0 {
		from = a
	}
	for i := from; i < b.to; i++ {
		if n := &nodes[i]; n.DataAtom == atom.A {
			if h := attr(n.Node, "href"); h != "" && h[0] != '#' {
				return true
			}
		}
	}
	return false
}

// listOf returns the list that an item stands in, -1 for none.
func (p *page) listOf(b *block) int32 {
	return p.tree.up(b.el, func(n *node) bool {
		return n.DataAtom == atom.Ul || n.DataAtom == atom.Ol || n.DataAtom == atom.Dl
	})
}

// words condemns what speaks to the reader of the page.
func (s *sifter) words(i int, b *block, f string) string {
	switch {
	case b.kind != item && isAddress(s.tree.lineOf(b)):
		return "an address"
	case is(adLabels(), f):
		return "label of an advertisement"
	case b.text < 400 && begins(readMore(), f) && (b.link*3 > b.text || b.text < 60 || b.kind == heading):
		return "points elsewhere"
	case b.text < 400 && begins(appeals(), f) && (b.link*6 > b.text || b.text < 120):
		return "appeal to the reader"
	case i > 0 && b.kind == item && s.introduced(i):
		return "listed under what points elsewhere"
	case b.text < 200 && (begins(imprint(), f) || strings.HasPrefix(s.tree.lineOf(b), "©")):
		return "imprint"
	}
	return ""
}

// introduced reports whether the list that item i stands in follows a line that
// points elsewhere.
func (s *sifter) introduced(i int) bool {
	list := s.listOf(&s.blocks[i])
	for i--; i >= 0; i-- {
		b := &s.blocks[i]
		if b.text == 0 || b.kind == item && s.listOf(b) == list {
			if b.dropped == "listed under what points elsewhere" {
				return true
			}
			continue
		}
		return b.dropped == "points elsewhere" && strings.HasSuffix(s.tree.lineOf(b), ":")
	}
	return false
}

// dates condemns date lines and reading times.
func (s *sifter) dates(_ int, b *block, f string) string {
	if b.text > 70 || b.kind == heading {
		return ""
	}
	line := s.tree.lineOf(b)
	if hasDigits(line) && len(s.datesIn(s.dateOrder(), line)) > 0 {
		return "date line"
	}
	if b.text < 40 && strings.ContainsAny(line, "0123456789") {
		for _, w := range [...]string{"min read", "minute read", "minutes read", "min lesezeit", "minuten lesezeit", "lesezeit", "lesedauer", "reading time", "min de lecture", "minutes de lecture", "temps de lecture", "min de lectura", "minutos de lectura", "tempo di lettura", "min di lettura", "min leestijd", "min läsning", "dk okuma", "分で読める", "views", "shares"} {
			if strings.HasPrefix(f, w) || strings.HasSuffix(f, w) {
				return "reading time"
			}
		}
	}
	return ""
}

// title condemns a second copy of the headline, the byline and the date.
func (s *sifter) title(i int, b *block, f string) string {
	if b.text > 300 || len(f) < 8 {
		return ""
	}
	for _, t := range append(s.titles(), s.shownTitle, s.shownLabel+" "+s.shownTitle) {
		if g := fold(t); g == f || b.kind == heading && i < 4 && len(f) > 25 && alike(f, g) > 0.85 {
			return "headline again"
		}
	}
	for _, k := range s.kickers {
		if fold(k) == f {
			return "label again"
		}
	}
	return ""
}

// name says which traits of a set t has, for people to read.
func (t trait) name(set trait) string {
	var names []string
	for i, n := range traitNames {
		if t&set&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

var traitNames = [...]string{"body", "headline", "kicker", "standfirst", "author", "author box", "date", "caption", "credit", "tags", "breadcrumbs", "related", "promotion", "paywall", "advertisement", "share", "comments", "navigation", "information box", "pull quote", "embed", "media", "label", "source", "hidden", "live", "key points", "dateline", "subhead"}
