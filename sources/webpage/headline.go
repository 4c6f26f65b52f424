package webpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article/wirecopy"
)

// findHeadline finds the displayed headline: the heading that says most nearly
// what the page's metadata call its title. It returns the element, -1 if none
// is displayed before that node.
func (p *page) findHeadline(before int32) int32 {
	refs := p.titles()
	folded := make([]string, 0, len(refs))
	for _, r := range refs {
		folded = append(folded, fold(r))
	}
	best, bestScore := int32(-1), 0.0
	try := func(i int32, bonus float64) {
		if i >= before {
			return
		}
		n := &p.tree.nodes[i]
		if n.text == 0 || n.text > 400 || n.all&(tRelated|tNav|tComments)&^p.tree.nodes[0].all != 0 {
			bonus -= 0.35
		}
		f := fold(p.tree.textOf(i))
		if f == "" {
			return
		}
		if p.isSite(f) {
			bonus -= 0.5
		}
		if n.all&tCrumbs != 0 {
			bonus -= 0.6 // a title for search engines at the end of the path
		}
		s := 0.0
		for k, r := range folded {
			a := alike(f, r)
			if a < 0.9 && len(f) > 12 && (strings.Contains(r, f) || strings.Contains(f, r) && len(r) > 12) {
				a = max(a, 0.8)
			}
			s = max(s, a-0.01*float64(k))
		}
		if s+bonus > bestScore {
			best, bestScore = i, s+bonus
		}
	}
	ones := 0
	for _, i := range p.tree.heads {
		switch p.tree.nodes[i].DataAtom {
		case atom.H1:
			ones++
			try(i, 0.3)
		default:
			try(i, 0)
		}
	}
	for i := range p.tree.nodes {
		n := &p.tree.nodes[i]
		if n.traits&tHeadline != 0 && n.block && n.text > 0 && n.text < 300 {
			try(int32(i), 0.15)
		}
	}
	if bestScore < 0.55 && len(refs) > 0 {
		return p.onlyHeading(before)
	}
	return best
}

// onlyHeading returns the h1 that stands nearest above the text: the metadata
// may call the page something else altogether.
func (p *page) onlyHeading(before int32) int32 {
	found := int32(-1)
	for _, i := range p.tree.heads {
		n := &p.tree.nodes[i]
		if n.DataAtom != atom.H1 || n.text < 12 || i >= before || n.all&(tCrumbs|tRelated|tComments|tPromo|tPaywall) != 0 || p.isSite(p.tree.textOf(i)) {
			continue
		}
		if found >= 0 && p.root < 0 {
			return -1
		}
		found = i
	}
	if found >= 0 || p.root < 0 {
		return found
	}
	for _, i := range p.tree.heads {
		// No h1 at all: the heading in the header of the article.
		n := &p.tree.nodes[i]
		if i < before && n.text >= 20 && n.DataAtom == atom.H2 && n.all&(tCrumbs|tRelated|tComments|tPromo|tPaywall|tNav) == 0 && p.inHeader(i) {
			return i
		}
	}
	return -1
}

// inHeader reports whether an element stands in the header of an article or of
// the main part.
func (p *page) inHeader(i int32) bool {
	h := p.tree.up(i, func(n *node) bool { return n.DataAtom == atom.Header })
	return h >= 0 && p.tree.up(h, func(n *node) bool { return n.DataAtom == atom.Article || n.DataAtom == atom.Main }) >= 0
}

// titles are what the metadata call the page, the most exact first.
func (p *page) titles() (out []string) {
	for _, s := range []string{p.ld.text("headline"), p.head.first("og:title"), p.head.first("twitter:title"), p.bare(p.head.title), p.ld.text("alternativeHeadline", "name")} {
		if s = plain(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// bare takes the name of the site off a title.
func (p *page) bare(title string) string {
	for _, sep := range []string{" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » ", " « ", " / ", "｜", "：", " ─ ", ": "} {
		i := strings.LastIndex(title, sep)
		if i <= 0 {
			continue
		}
		if p.isSite(title[i+len(sep):]) {
			return p.bare(strings.TrimSpace(title[:i]))
		}
		if j := strings.Index(title, sep); p.isSite(title[:j]) {
			return p.bare(strings.TrimSpace(title[j+len(sep):]))
		}
	}
	return title
}

// isSite reports whether s is the name of the site.
func (p *page) isSite(s string) bool {
	f := strings.ReplaceAll(fold(s), " ", "")
	if f == "" {
		return false
	}
	for _, n := range p.siteNames() {
		n = strings.ReplaceAll(fold(n), " ", "")
		if n != "" && (n == f || len(n) > 4 && strings.Contains(f, n) && len(f) < len(n)+12 || len(f) > 4 && strings.Contains(n, f)) {
			return true
		}
	}
	return false
}

// isSiteName reports whether s is exactly a name of the site.
func (p *page) isSiteName(s string) bool {
	f := strings.ReplaceAll(fold(s), " ", "")
	for _, n := range p.siteNames() {
		if n != "" && f == strings.ReplaceAll(fold(n), " ", "") {
			return true
		}
	}
	return false
}

// siteNames are the names that the page gives its site.
func (p *page) siteNames() []string {
	if p.sites == nil {
		p.sites = []string{p.head.first("og:site_name"), p.head.first("application-name"), p.ld.textOf(p.ld.first("publisher")), strings.TrimPrefix(p.head.first("twitter:site"), "@"), p.host}
		if d := strings.SplitN(strings.TrimPrefix(p.host, "www."), ".", 2); len(d) > 0 {
			p.sites = append(p.sites, d[0])
		}
	}
	return p.sites
}

// parts cuts the headline's element into the label that stands in it and the
// headline proper. The label is named as one, or the element holds nothing but
// two elements, the first of them short.
func (p *page) parts() (label, title string) {
	nodes := p.tree.nodes
	h := p.headline
	w := inliner{tree: p.tree, skip: tLabel | tShare | tDate | tAuthor}
	var texts []string
	bare := false
	for i := h + 1; i < nodes[h].end; i++ {
		n := &nodes[i]
		if n.Type == html.TextNode {
			bare = bare || n.text > 1
			continue
		}
		if w.left(n) || n.text == 0 {
			i = n.end - 1
			continue
		}
		if n.text >= nodes[h].text-1 {
			continue // a wrapper
		}
		w.reset()
		w.span(i, n.end)
		if s := strings.Trim(w.line(), " :|–—-"); s != "" {
			if n.traits&tKicker != 0 {
				label = s
			}
			texts = append(texts, s)
		}
		i = n.end - 1
	}
	w.reset()
	w.span(h, nodes[h].end)
	title = strings.Trim(w.line(), " |•·")
	if letters(title) < 12 { // a badge's name may be that of the headline's own element
		if whole := p.titleWithin(h); whole != "" {
			return strings.Trim(title, " :|–—-"), whole
		}
	}
	if title == "" {
		return "", p.tree.textOf(h)
	}
	for _, ref := range p.titles() {
		// The metadata set a colon between label and headline.
		head, _, ok := strings.Cut(ref, ": ")
		if ok && len(texts) > 0 && fold(head) == fold(texts[0]) && fold(ref) == fold(title) {
			label = texts[0]
		}
	}
	if label != "" && len(texts) == 2 && !bare && !strings.HasPrefix(title, label) {
		label = texts[0]
	}
	if label == "" && !bare && len(texts) == 2 && letters(texts[0]) <= 60 && letters(texts[1]) > 15 && letters(texts[0]) < letters(texts[1])+20 {
		label = texts[0]
	}
	if label != "" {
		if rest, ok := strings.CutPrefix(title, label); ok {
			if rest = strings.TrimLeft(rest, " :|–—-•"); letters(rest) > 8 {
				return label, rest
			}
		}
		if len(texts) != 2 || bare {
			label = ""
		}
	}
	return label, title
}

// titleWithin returns the text of an element within el that is a title which the
// metadata give.
func (p *page) titleWithin(el int32) string {
	refs := p.titles()
	for i := el + 1; i < p.tree.nodes[el].end; i++ {
		if n := &p.tree.nodes[i]; n.Type == html.TextNode || n.text == 0 {
			continue
		}
		s := p.tree.textOf(i)
		for _, ref := range refs {
			if fold(s) == fold(p.bare(ref)) {
				return s
			}
		}
	}
	return ""
}

// readHeadline takes the displayed headline, and what the metadata call it where
// none is displayed. Where the metadata set label and headline together in the
// same words, as many newsrooms do, the headline is the whole.
func (p *page) readHeadline() {
	shown, why := "", ""
	if p.headline >= 0 {
		shown = p.shownTitle
		if ref := p.wholeTitle(); ref != "" {
			shown, why = ref, "displayed, in the punctuation of the metadata"
		}
	}
	first := cand(shown, fromHTML, "heading")
	first.Why = why
	raw := p.choose("headline", first,
		cand(p.bare(p.ld.text("headline", "name")), fromLinked, "headline"),
		cand(p.bare(plain(p.head.first("og:title"))), fromGraph, "og:title"),
		cand(p.bare(plain(p.head.first("twitter:title", "dc.title", "title"))), fromMeta, "twitter:title"),
		cand(p.bare(p.head.title), fromHTML, "title element"),
	)
	t := wirecopy.ReadHeadline(raw)
	p.rec.Headline = raw
	if t.Marked && t.Text != "" {
		p.rec.Headline, p.rec.RawTitle = t.Text, raw
		p.rec.Revision, p.rec.Urgency = t.Revision, t.Urgency
	}
	p.rec.Genre = t.Genre
}

// wholeTitle returns the metadata's title if it has the words of the label and
// the headline as displayed, or those of the headline with spaces that the page
// leaves to its layout. Titles without the label speak against it.
func (p *page) wholeTitle() string {
	label := p.shownLabel
	if label == "" && len(p.kickers) > 0 {
		label = p.kickers[0]
	}
	whole, part := fold(label+" "+p.shownTitle), fold(p.shownTitle)
	best := ""
	votes := 0
	for _, ref := range p.titles() {
		ref = p.bare(ref)
		switch f := fold(ref); {
		case f == whole && label != "":
			votes++
		case f == part && label != "":
			votes--
			continue
		case f != part || strings.Count(ref, " ") <= strings.Count(p.shownTitle, " "):
			continue
		}
		if best == "" || strings.Contains(ref, ": ") && !strings.Contains(best, ": ") {
			best = ref
		}
	}
	if votes < 0 {
		return ""
	}
	return best
}
