package webpage

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// Names lie: a page may call its whole article a gallery, an offer to pay the
// text that was paid for, a layout with a sidebar by the sidebar. What follows
// takes such names back.

// box are the traits of things beside the text.
const box = tInfo | tEmbed | tMedia | tPull

// acquit takes noise off elements that hold too much of the page's text to be
// what their names say: the element of the article itself, and the many equal
// elements that it may be cut into.
func (p *page) acquit() {
	nodes := p.tree.nodes
	total := p.mass(0, int32(len(nodes)))
	if total == 0 {
		return
	}
	layout := map[string]float32{} // mass by class, of elements named as parts of the page's frame
	changed := p.shrink()
	for i := range nodes {
		n := &nodes[i]
		if n.traits&(noise|box|tStandfirst|tPrologue) == 0 || n.hinted {
			continue
		}
		if n.traits&tPaywall != 0 && !p.sells(int32(i)) {
			n.traits &^= tPaywall
			changed = true
		}
		m := p.mass(int32(i), n.end)
		if m == 0 || n.traits&(noise|box|tStandfirst|tPrologue) == 0 {
			continue
		}
		if n.traits&tNav != 0 {
			layout[attr(n.Node, "class")] += m
		}
		if n.traits&tBody != 0 && n.text > 500 && n.traits&(tComments|tRelated) == 0 {
			n.traits &^= noise | box
			changed = true
			continue
		}
		limit := float32(0.8)
		if p.headline >= 0 && p.tree.contains(int32(i), p.headline) {
			limit = 0.25
		}
		if m > limit*total && (n.traits&tComments == 0 || limit < 0.5) {
			n.traits &^= noise | box | tStandfirst | tPrologue
			changed = true
		}
	}
	for i := range nodes {
		if n := &nodes[i]; n.traits&tNav != 0 && n.DataAtom != atom.Nav && n.DataAtom != atom.Footer {
			if m, ok := layout[attr(n.Node, "class")]; ok && m > 0.5*total {
				n.traits &^= tNav
				changed = true
			}
		}
	}
	if changed {
		p.retrait(0, int32(len(nodes)))
	}
}

// sells reports whether an element that is named a paywall is the offer, rather
// than the text behind it.
func (p *page) sells(i int32) bool {
	n := &p.tree.nodes[i]
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.P:
		if n.text < 200 && n.DataAtom != atom.P {
			return false
		}
	default:
		if n.text < 40 {
			return true
		}
	}
	if n.text > 4000 {
		return false
	}
	words := 0
	for w := range strings.FieldsSeq(strings.ToLower(p.tree.textOf(i))) {
		w = strings.Trim(w, ".,:;!?()\"'„“”«»")
		for _, s := range [...]string{"subscri", "abonn", "abo", "suscri", "assin", "abbon", "login", "sign", "log", "register", "registr", "anmeld", "unlock", "freischalten", "testen", "trial", "membership", "€", "$", "£", "kündbar", "cancel", "password", "e-mail", "email", "account", "konto", "digital", "premium", "weiterlesen", "unlimited", "購読", "会員", "prenumer", "подпис", "accedi", "s'abonner", "connect", "zugang", "zugriff"} {
			if strings.HasPrefix(w, s) || len(s) < 5 && (s == "€" || s == "$" || s == "£") && strings.Contains(w, s) {
				words++
				break
			}
		}
	}
	return words >= 2 && int32(words)*150 > n.text || words*60 > int(n.text)
}

// shrink takes traits of small things off large elements.
func (p *page) shrink() (changed bool) {
	nodes := p.tree.nodes
	for i := range nodes {
		n := &nodes[i]
		was := n.traits
		switch {
		case n.hinted:
		case n.DataAtom == atom.Body:
			n.traits = 0
		case n.text > 1500:
			n.traits &^= tCaption
			fallthrough
		case n.text > 900:
			n.traits &^= tStandfirst
			fallthrough
		case n.text > 500:
			n.traits &^= tAuthor | tDate | tKicker | tLabel | tCredit | tDateline | tSource | tHeadline
		}
		changed = changed || was != n.traits
	}
	return changed
}

// condemn takes the score off blocks in elements that are named as noise, and
// returns what is left. Where the names condemn nearly everything, they lie: the
// heaviest of the condemned are let off, readers' comments last.
func (p *page) condemn() float32 {
	nodes := p.tree.nodes
	whole := p.mass(0, int32(len(nodes)))
	scores := make([]float32, len(p.blocks))
	for i := range p.blocks {
		scores[i] = p.blocks[i].score
	}
	for try := 0; ; try++ {
		for i := range p.blocks {
			p.blocks[i].score = scores[i]
			if p.blocks[i].all&(noise|box) != 0 {
				p.blocks[i].score = 0
			}
		}
		p.addUp()
		left := p.mass(0, int32(len(nodes)))
		if left >= 0.2*whole || left > 1500 || try > 8 {
			return left
		}
		for i := range p.blocks {
			p.blocks[i].score = scores[i]
		}
		p.addUp()
		if !p.letOff() {
			return left
		}
	}
}

// letOff clears the heaviest condemned element of noise.
func (p *page) letOff() bool {
	nodes := p.tree.nodes
	best, bestMass := int32(-1), float32(0)
	for i := range nodes {
		n := &nodes[i]
		if n.traits&(noise|box) == 0 || n.hinted {
			continue
		}
		m := p.mass(int32(i), n.end)
		switch {
		case n.traits&(tComments|tNav|tRelated) != 0:
			m /= 4
		case n.traits&tBody != 0:
			m *= 2
		}
		if m > bestMass {
			best, bestMass = int32(i), m
		}
	}
	if best < 0 {
		return false
	}
	lies := nodes[best].traits & (noise | box)
	for i := best; i < nodes[best].end; i++ {
		nodes[i].traits &^= lies // its parts are named after it
	}
	p.retrait(0, int32(len(nodes)))
	return true
}
