package webpage

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// findKickers finds the short label above the headline: by its name, else by
// its place.
func (p *page) findKickers() {
	if p.headline < 0 {
		return
	}
	nodes := p.tree.nodes
	from := p.kickerRegion()
	// Within the headline or just before it, by name.
	for i := from; i < nodes[p.headline].end; i++ {
		n := &nodes[i]
		if n.traits&tKicker == 0 || n.text == 0 || n.text > 60 || n.hidden || n.all&(tRelated|tNav|tCaption|tCredit|tShare)&^p.frame() != 0 {
			continue
		}
		if p.tree.contains(i, p.headline) {
			continue
		}
		if s := p.label(i); s != "" {
			p.kickers = append(p.kickers, s)
		}
		i = n.end - 1
	}
	if len(p.kickers) == 0 {
		p.kickerByPlace(from)
	}
}

// frame are the traits that the element of the headline itself stands in: they
// say nothing against its neighbours.
func (p *page) frame() trait { return p.tree.nodes[p.headline].all }

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

// kickerByPlace looks at what is printed right above the headline: one or two
// words, or the last of the sections in a path.
func (p *page) kickerByPlace(from int32) {
	var crumbs, lines []string
	for i := len(p.blocks) - 1; i >= 0; i-- {
		b := &p.blocks[i]
		if b.from >= p.headline || b.text == 0 {
			continue
		}
		if p.headline-b.from > 220 || len(lines)+len(crumbs) > 5 {
			break
		}
		line := strings.Trim(p.tree.lineOf(b), " /|>›»·•")
		switch {
		case b.all&tCrumbs != 0:
			if line != "" && !p.isHome(line) && !p.isHeadline(line) {
				crumbs = append(crumbs, line)
			}
		case b.from >= from && b.all&(tTags) != 0 || b.from >= from && b.all&(tDate|tAuthor|tShare|tAd|tCaption|tCredit|tRelated|tComments|tPromo|tLabel|tMedia)&^p.frame() == 0:
			if len(crumbs) == 0 && b.kind != heading && b.kind != figure && b.text <= 40 && !hasDigits(line) && !p.isSite(line) && !p.isHome(line) && !bylineStart(line) && !endsSentence(line) {
				lines = append(lines, line)
			}
		}
	}
	switch {
	case len(lines) > 0:
		p.kickers = append(p.kickers, lines[0])
	case len(crumbs) > 0:
		p.kickers = append(p.kickers, lastCrumb(crumbs[0]))
	}
}

func (p *page) isHome(s string) bool {
	switch fold(s) {
	case "home", "homepage", "startseite", "start", "accueil", "inicio", "portada", "início", "capa", "anasayfa", "ana sayfa", "beranda", "strona główna", "hem", "forsiden", "главная", "головна", "トップ", "ホーム", "홈", "होम", "trang chủ", "news", "you are here", "sie sind hier":
		return s != "News"
	}
	return p.isSite(s)
}

func (p *page) isHeadline(s string) bool {
	f := fold(s)
	for _, t := range p.titles() {
		if g := fold(t); g == f || len(f) > 20 && strings.HasPrefix(g, f) {
			return true
		}
	}
	return f == fold(p.tree.textOf(p.headline))
}

// lastCrumb is the last name of a path that was printed in one line.
func lastCrumb(s string) string {
	for _, sep := range []string{" / ", " > ", " › ", " » ", " | "} {
		if i := strings.LastIndex(s, sep); i >= 0 {
			s = s[i+len(sep):]
		}
	}
	return s
}

// label is the text of a small element without its separators.
func (p *page) label(i int32) string {
	s := strings.Trim(p.tree.textOf(i), " :|/•·–—-›»>")
	if utf8.RuneCountInString(s) < 2 || p.isSite(s) || p.isHome(s) {
		return ""
	}
	return s
}

// readKicker chooses among the labels found.
func (p *page) readKicker() {
	cands := make([]Candidate, 0, len(p.kickers))
	for _, k := range p.kickers {
		cands = append(cands, cand(k, fromHTML, "above the headline"))
	}
	p.rec.Kicker = p.choose("kicker", cands...)
}
