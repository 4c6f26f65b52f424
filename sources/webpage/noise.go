package webpage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
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

// paragraphsInP reports whether nearly all running text stands in p elements,
// so that what stands elsewhere needs better evidence.
func (s *sifter) paragraphsInP() bool {
	var in, all int32
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.score > 0 && b.kind == paragraph {
			all += b.text
			if s.tree.up(b.el, func(n *node) bool { return n.DataAtom == atom.P }) > s.root {
				in += b.text
			}
		}
	}
	return in*10 >= all*8
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

// ornament condemns pictures and embeds that belong to noise.
func (s *sifter) ornament(b *block) string {
	n := &s.tree.nodes[b.el]
	switch {
	case b.all&(noise&^(tCaption|tCredit)|tInfo) != 0:
		return "named " + b.all.name(noise|tInfo)
	case s.headline >= 0 && b.from < s.headline:
		return "before the headline"
	case n.inLink && n.text == 0 && b.kind == figure:
		return "picture of a link"
	}
	if why := s.card(0, b, ""); why != "" && b.kind == embed {
		return why
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

// picture condemns text that stands in one small element with a picture or a
// film: its caption, unnamed.
func (s *sifter) picture(_ int, b *block, _ string) string {
	nodes := s.tree.nodes
	el := b.el
	inP := nodes[el].DataAtom == atom.P
	if b.kind == heading || b.text > 500 || b.kind == item || inP && b.text > 200 {
		return ""
	}
	if inP {
		el = nodes[el].parent
	}
	for up := 0; up < 3 && el > s.root; up++ {
		n := &nodes[el]
		if n.text > b.text+150 || s.share(el) > 0.2 {
			return ""
		}
		if s.holdsMedia(el) {
			return "beside a picture"
		}
		el = n.parent
	}
	return ""
}

// share is the part of the article's text that element el holds.
func (s *sifter) share(el int32) float32 {
	return s.mass(el, s.tree.nodes[el].end) / max(s.mass(s.root, s.tree.nodes[s.root].end), 1)
}

// holdsMedia reports whether a picture or a film stands in element el.
func (s *sifter) holdsMedia(el int32) bool {
	for i := el + 1; i < s.tree.nodes[el].end; i++ {
		switch s.tree.nodes[i].DataAtom {
		case atom.Img, atom.Picture, atom.Figure, atom.Video, atom.Audio, atom.Iframe:
			return true
		}
	}
	return false
}

// card condemns teasers without a name: an article element within the article,
// or an element all of whose headings are links.
func (s *sifter) card(_ int, b *block, _ string) string {
	nodes := s.tree.nodes
	for el := b.el; el > s.root; el = nodes[el].parent {
		n := &nodes[el]
		if n.DataAtom == atom.A {
			return "inside a link"
		}
		if n.text > 700 || s.share(el) > 0.2 {
			break
		}
		if n.DataAtom == atom.Article && !(s.headline >= 0 && s.tree.contains(el, s.headline)) && n.link > 0 {
			return "teaser"
		}
		if n.DataAtom == atom.P || textual[n.DataAtom] {
			continue
		}
		if s.linkedHeading(el) {
			return "teaser"
		}
	}
	return ""
}

// linkedHeading reports whether el holds a heading that is a link.
func (s *sifter) linkedHeading(el int32) bool {
	nodes := s.tree.nodes
	for i := el + 1; i < nodes[el].end; i++ {
		switch nodes[i].DataAtom {
		case atom.H2, atom.H3, atom.H4, atom.H5:
			if n := &nodes[i]; n.text > 0 && n.link*10 > n.text*8 || nodes[i].inLink {
				return true
			}
		}
	}
	return false
}

// loose condemns short text outside of paragraphs on a page that sets its
// paragraphs as such.
func (s *sifter) loose(_ int, b *block, _ string) string {
	if !s.inP || b.kind != paragraph {
		return ""
	}
	if s.tree.up(b.el, func(n *node) bool { return n.DataAtom == atom.P || n.DataAtom == atom.Pre }) > s.root {
		return ""
	}
	if b.text < 80 || !endsSentence(s.tree.lineOf(b)) {
		return "loose text"
	}
	return ""
}

// head condemns what stands in a header element of the article and is not its
// standfirst.
func (s *sifter) head(_ int, b *block, _ string) string {
	el := s.tree.up(b.el, func(n *node) bool { return n.DataAtom == atom.Header })
	if el > s.root && s.share(el) < 0.3 && (b.kind != heading || s.headline >= 0 && s.tree.contains(el, s.headline)) {
		return "in the header"
	}
	return ""
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

// byline condemns lines that only name who wrote it.
func (s *sifter) byline(_ int, b *block, f string) string {
	if b.text > 110 || b.kind == heading && b.text > 60 {
		return ""
	}
	line := s.tree.lineOf(b)
	if bylineStart(line) {
		return "byline"
	}
	for _, a := range s.linkedAuthors() {
		if n := fold(a.Name); len(n) > 5 && strings.HasPrefix(f, n) && len(f) < len(n)+40 && !endsSentence(line) {
			return "byline"
		}
	}
	return ""
}

// plug condemns short paragraphs at the end that send the reader to a newsletter,
// an app or a channel of the publisher, or introduce the author.
func (s *sifter) plug(i int, b *block, f string) string {
	if b.text > 380 || i*10 < len(s.blocks)*6 {
		return ""
	}
	if b.link > 0 {
		for w := range strings.FieldsSeq(f) {
			switch w {
			case "newsletter", "newsletters", "whatsapp", "telegram", "app", "instagram", "facebook", "tiktok", "youtube", "podcast", "rss", "newsletteranmeldung", "bluesky", "threads":
				return "plug"
			}
			if strings.HasSuffix(w, "newsletter") || strings.HasSuffix(w, "app") && len(w) > 6 && strings.HasPrefix(w, "news") {
				return "plug"
			}
		}
	}
	for _, a := range s.linkedAuthors() {
		n := fold(a.Name)
		k := strings.Index(f, n)
		if len(n) < 6 || k < 0 || k > 30 {
			continue
		}
		rest := f[k+len(n):]
		for _, w := range [...]string{" is a ", " is an ", " is the ", " is based", " covers ", " writes ", " reports ", " joined ", " can be reached", " ist ", " arbeitet ", " schreibt ", " berichtet ", " est ", " es ", " è ", " é ", " is ", " jahrgang"} {
			if strings.HasPrefix(rest+" ", w) {
				return "about the author"
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

// tail condemns what follows the text in elements of its own: boxes without a
// name. The text's elements are those that hold a good part of it, and their
// like.
func (s *sifter) tail() {
	nodes := s.tree.nodes
	mass := map[int32]float32{}
	var whole float32
	for i := range s.blocks {
		if b := &s.blocks[i]; b.dropped == "" && b.score > 0 {
			mass[s.group(b)] += b.score
			whole += b.score
		}
	}
	like := map[string]bool{}
	main, around := map[int32]bool{}, map[int32]bool{}
	for el, m := range mass {
		if m <= 0.2*whole {
			continue
		}
		main[el] = true
		for up := el; up > s.root; up = nodes[up].parent {
			around[up] = true
			if c := attr(nodes[up].Node, "class"); c != "" {
				like[nodes[up].Data+"."+c] = true
			}
		}
	}
	of := func(b *block) bool {
		for el := b.el; el >= s.root && el >= 0; el = nodes[el].parent {
			if main[el] || !around[el] && like[nodes[el].Data+"."+attr(nodes[el].Node, "class")] {
				return true
			}
		}
		return false
	}
	last := -1
	for i := range s.blocks {
		if b := &s.blocks[i]; b.dropped == "" && b.text > 0 && of(b) {
			last = i
		}
	}
	if last < 0 || len(main) == 0 {
		return
	}
	var after float32
	for i := last + 1; i < len(s.blocks); i++ {
		after += s.blocks[i].score
	}
	if after > 0.2*whole {
		return
	}
	for i := last + 1; i < len(s.blocks); i++ {
		if b := &s.blocks[i]; b.dropped == "" && b.text > 0 {
			b.dropped = "after the text"
		}
	}
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

// signedAbove condemns lines before the first paragraph that are names and
// nothing else, where the linked data name nobody, and keeps them as the byline.
func (s *sifter) signedAbove() {
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.dropped != "" || b.text == 0 {
			continue
		}
		line := s.tree.lineOf(b)
		if b.text > 60 || len(s.persons(s.linkedAuthors())) > 0 || !onlyNames(line) {
			return
		}
		b.dropped = "byline"
		s.openByline = append(s.openByline, line)
	}
}

// onlyNames reports whether a line is made of names: words in capitals, two to
// four a name.
func onlyNames(s string) bool {
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == ',' || r == '&' }) {
		f := strings.Fields(name)
		if len(f) < 2 || len(f) > 4 {
			return false
		}
		for _, w := range f {
			if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) || strings.ContainsAny(w, ".!?:;0123456789\"“”") || strings.ToUpper(w) == w && len(w) > 3 {
				return false
			}
		}
	}
	return s != ""
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
