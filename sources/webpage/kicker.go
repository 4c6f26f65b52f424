package webpage

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// findKickers finds the short label above the headline: within its element, by
// name, or by its place right above. A path of sections counts if it is the
// piece's own and not the site's, which begins at the front page; its last
// section is the label, whereas of several labels it is the first.
func (p *page) findKickers() {
	if p.headline < 0 {
		return
	}
	p.shownLabel, p.shownTitle = p.parts()
	p.addKicker(p.shownLabel)
	var named, crumbs, lines []string
	region := p.kickerRegion()
	for _, b := range p.above() {
		units := p.units(b)
		switch {
		case len(units) == 0:
		case p.nearest(b.from, tKicker|tCrumbs)&tKicker != 0 && b.all&(tNav|tRelated|tComments|tPromo|tMedia|tCaption)&^p.frame() == 0:
			if !hasDigits(units[0]) && !p.isHome(units[0]) && !p.isHeadline(units[0]) && len(units[0]) > 1 {
				if b.kind != item {
					named = named[:0] // of labels that stand one above the other, the last
				}
				if p.sectionPath(b, units) {
					units = units[len(units)-1:]
				}
				named = append(named, units...)
			}
		case b.all&tCrumbs != 0 || p.sectionPath(b, units):
			crumbs = append(crumbs, p.ownPath(units, crumbs)...)
		case (b.from >= region || b.link == b.text && b.from > p.headline-40) && p.labels(b, units):
			if b.kind != item {
				lines = lines[:0]
			}
			lines = append(lines, units...)
		}
	}
	p.labelsShown = append(slices.Clone(named), lines...)
	if len(p.kickers)+len(named) == 0 {
		named = p.below()
	}
	switch {
	case len(p.kickers) > 0:
	case len(named) > 0:
		p.addKicker(named[0])
	case len(crumbs) > 0 && crumbs[0] != "":
		p.addKicker(crumbs[len(crumbs)-1])
	case len(lines) > 0:
		p.addKicker(lines[0])
	}
}

// below returns a label that follows the headline in its element's parent, to be
// shown above it by the style sheet.
func (p *page) below() []string {
	nodes := p.tree.nodes
	for i := nodes[p.headline].end; i < min(nodes[p.headline].end+12, int32(len(nodes))); i++ {
		if n := &nodes[i]; n.traits&tKicker != 0 && n.text > 2 && n.text < 50 && n.all&(tNav|tRelated|tTags|tDate)&^p.frame() == 0 {
			return []string{p.tree.textOf(i)}
		}
	}
	return nil
}

// frame are the traits that the headline itself stands in: they say nothing
// against its neighbours.
func (p *page) frame() trait { return p.tree.nodes[p.headline].all }

func (p *page) addKicker(s string) {
	s = strings.Trim(s, " :|/•·–—-›»>")
	if n := utf8.RuneCountInString(s); n >= 2 && n <= 70 && !p.isSite(s) && !containsFold(p.kickers, s) {
		p.kickers = append(p.kickers, s)
	}
}

// above returns the blocks that stand closely above the headline, from top to
// bottom.
func (p *page) above() (out []*block) {
	end := p.headline
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from >= end {
			break
		}
		if b.text == 0 || b.from < end-260 {
			continue
		}
		if b.text > 110 && b.kind != caption && b.all&(tCaption|tCredit|tNav|tShare|tRelated|tPromo|tAd) == 0 {
			out = out[:0] // running text stands between
			continue
		}
		out = append(out, b)
		if len(out) > 14 {
			out = out[1:]
		}
	}
	return out
}

// nearest returns the traits of the innermost element around el that has one of
// a set.
func (p *page) nearest(el int32, set trait) trait {
	if i := p.tree.up(el, func(n *node) bool { return n.traits&set != 0 }); i >= 0 {
		return p.tree.nodes[i].traits
	}
	return 0
}

// units are the texts of a block's elements, separators left out.
func (p *page) units(b *block) (out []string) {
	nodes := p.tree.nodes
	last := int32(-1)
	for i := b.from; i < b.to; i++ {
		n := &nodes[i]
		if n.hidden || n.Type != html.TextNode || n.text == 0 {
			continue
		}
		s := strings.Trim(strings.Join(strings.Fields(n.Data), " "), " /|>›»·•:,–—\u2192")
		if s == "" {
			continue
		}
		if n.parent == last {
			out[len(out)-1] += " " + s
			continue
		}
		out = append(out, s)
		last = n.parent
	}
	return out
}

// sectionPath reports whether a block is a path of links in one line.
func (p *page) sectionPath(b *block, units []string) bool {
	return len(units) > 1 && b.link*10 > b.text*6 && strings.ContainsAny(p.tree.lineOf(b), "/>›»|") && b.text < 80
}

// ownPath returns the last section of a path, or "" for a path of the site. The
// units may come in one block or in one block each.
func (p *page) ownPath(units, before []string) []string {
	if len(before) > 0 && before[0] == "" {
		return nil
	}
	for _, u := range units {
		if p.isHome(u) {
			return []string{""}
		}
	}
	last := units[len(units)-1]
	if p.isHeadline(last) {
		if len(units) < 2 {
			return nil
		}
		last = units[len(units)-2]
	}
	return []string{last}
}

// labels reports whether a block in the head of the piece is a label: a few
// words that are neither date nor byline nor a control of the page.
func (p *page) labels(b *block, units []string) bool {
	const other = tDate | tAuthor | tShare | tAd | tCaption | tCredit | tRelated | tComments | tPromo | tPaywall | tLabel | tMedia | tNav | tHeadline | tStandfirst | tHidden
	allowed := p.frame()
	if b.all&tTags != 0 {
		allowed |= tNav | tHeadline | tStandfirst // a list of topics may be marked up as navigation
	}
	if b.all&other&^allowed != 0 || b.kind == heading && b.level < 5 || b.kind == caption || b.text > 45 {
		return false
	}
	s := units[0]
	return letters(s) >= 2 && !hasDigits(s) && !p.isHome(s) && !p.isHeadline(s) && !bylineStart(s) && !endsSentence(s) && !begins(appeals(), fold(s)) && !begins(readMore(), fold(s)) && !is(adLabels(), fold(s))
}

// kickerRegion is where the head of the piece begins.
func (p *page) kickerRegion() int32 {
	nodes := p.tree.nodes
	from := p.headline
	for up := 0; up < 3; up++ {
		par := nodes[from].parent
		if par < 0 || nodes[par].DataAtom == atom.Body || nodes[par].DataAtom == atom.Main {
			break
		}
		from = par
		if nodes[par].text > nodes[p.headline].text+600 {
			break
		}
	}
	return from
}

// isHome reports whether s is the name of the front page in a path.
func (p *page) isHome(s string) bool {
	switch fold(s) {
	case "":
		return true
	case "home", "homepage", "home page", "startseite", "start", "startsida", "accueil", "inicio", "portada", "início", "capa", "home do site", "anasayfa", "ana sayfa", "haberler", "beranda", "strona główna", "hem", "forside", "forsiden", "etusivu", "главная", "головна", "トップ", "トップページ", "ホーム", "홈", "होम", "trang chủ", "you are here", "sie sind hier", "sie befinden sich hier", "hjem", "domů", "címlap", "acasă", "naslovnica", "pradžia", "heim", "الرئيسية", "דף הבית", "首页", "首頁":
		return true
	}
	return p.isSiteName(s)
}

func (p *page) isHeadline(s string) bool {
	f := fold(s)
	for _, t := range p.titles() {
		if g := fold(t); g == f || len(f) > 20 && len(f)*10 > len(g)*7 && strings.HasPrefix(g, f) {
			return true
		}
	}
	return f == fold(p.shownTitle)
}

// readKicker chooses among the labels found.
func (p *page) readKicker() {
	cands := make([]Candidate, 0, len(p.kickers))
	for _, k := range p.kickers {
		cands = append(cands, cand(k, fromHTML, "above the headline"))
	}
	p.rec.Kicker = p.choose("kicker", cands...)
}
