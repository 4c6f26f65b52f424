package webpage

import "golang.org/x/net/html/atom"

// Rules for what stands in elements of its own beside the text.

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

// head condemns what stands in a header element of the article and is not its
// standfirst.
func (s *sifter) head(_ int, b *block, _ string) string {
	el := s.tree.up(b.el, func(n *node) bool { return n.DataAtom == atom.Header })
	if el > s.root && s.share(el) < 0.3 && (b.kind != heading || s.headline >= 0 && s.tree.contains(el, s.headline)) {
		return "in the header"
	}
	return ""
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
