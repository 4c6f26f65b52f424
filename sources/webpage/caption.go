package webpage

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// captionHolder is the element around a picture that holds its caption: the
// figure, or the largest element around it with little else in it.
func (p *page) captionHolder(i int32) int32 {
	nodes := p.tree.nodes
	el := i
	for up := 0; up < 5; up++ {
		par := nodes[el].parent
		if par < 0 || par <= p.root && p.root >= 0 && p.tree.contains(p.root, i) || nodes[par].text > 700 || p.headline >= 0 && p.tree.contains(par, p.headline) || p.holdsParagraph(par) {
			break
		}
		el = par
	}
	return el
}

// holdsParagraph reports whether a paragraph of the body stands in element el.
func (p *page) holdsParagraph(el int32) bool {
	for _, b := range p.body {
		if p.tree.contains(el, b.from) {
			return true
		}
		if b.from > p.tree.nodes[el].end {
			break
		}
	}
	return false
}

// captionOf reads caption and credit in element el, of the picture i.
func (p *page) captionOf(el, i int32) (caption, credit string) {
	var credits, captions []string
	nodes := p.tree.nodes
	figcaption := false
	for k := el; k < nodes[el].end; k++ {
		n := &nodes[k]
		switch {
		case n.DataAtom == atom.Figcaption || n.traits&tCaption != 0:
			figcaption = true
		}
		if n.traits&tCredit != 0 && n.text > 0 && n.text < 250 && !p.holdsCaption(k) {
			credits = addCredit(credits, p.tree.textOf(k))
			k = n.end - 1
		}
	}
	for k := el; k < nodes[el].end; k++ {
		n := &nodes[k]
		if n.text == 0 || n.Type != html.ElementNode {
			continue
		}
		is := n.DataAtom == atom.Figcaption || n.traits&tCaption != 0 || !figcaption && n.block && k != el && n.text < 500
		if !is || n.traits&(tShare|tAd|tRelated|tHeadline) != 0 || n.DataAtom == atom.H1 {
			continue
		}
		w := inliner{tree: p.tree, skip: tCredit | tShare}
		w.span(k, n.end)
		if s := w.line(); s != "" && !containsFold(captions, s) {
			captions = append(captions, s)
		}
		k = n.end - 1
	}
	caption = strings.Join(captions, " ")
	credit = strings.Join(credits, " / ")
	if c, by := wirecopy.PhotoCredit(credit); by != "" && letters(c) > 25 { // the element holds both
		if credit = by; caption == "" {
			caption = c
		}
	}
	credit = trimCredit(credit)
	if credit == "" && caption != "" {
		caption, credit = wirecopy.PhotoCredit(caption)
		credit = trimCredit(credit)
	} else if credit != "" {
		caption = strings.TrimSpace(strings.TrimSuffix(caption, credit))
		if strings.HasPrefix(caption, "/") && letters(caption) < 60 { // "Jane Doe" and "/Getty Images"
			credit, caption = credit+caption, ""
		}
	}
	return strings.Trim(caption, " |"), credit
}

// addCredit adds a credit unless it says what another says, or less.
func addCredit(list []string, s string) []string {
	if s == "" {
		return list
	}
	for i, o := range list {
		switch {
		case strings.Contains(o, s):
			return list
		case strings.Contains(s, o):
			list[i] = s
			return list
		}
	}
	return append(list, s)
}

// holdsCaption reports whether an element holds one that is named a caption.
func (p *page) holdsCaption(el int32) bool {
	for k := el + 1; k < p.tree.nodes[el].end; k++ {
		if p.tree.nodes[k].traits&tCaption != 0 {
			return true
		}
	}
	return false
}

// creditLabels stand before the name in a credit.
var creditLabels = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^\s*[(\[]?\s*(photo credit|image credit|photograph by|photo by|picture by|image by|photos? courtesy of|courtesy of|photograph|photos?|pictures?|images?|credits?|fotos?|bild(er|quelle|nachweis|rechte)?|fotocredit|foto de|crédit(s)?( photo)?|imagen|fotografía|quelle|source|fuente|fonte|©|\(c\)|copyright)\s*[:©]*\s*`)
})

func trimCredit(s string) string {
	s = strings.Trim(article.Line(s), " |-–—")
	for range 2 {
		if m := creditLabels().FindString(s); m != "" && len(m) < len(s) && (strings.ContainsAny(m, ":©(") || (strings.HasSuffix(strings.ToLower(strings.TrimSpace(m)), "by") || strings.HasSuffix(strings.ToLower(strings.TrimSpace(m)), " of"))) {
			s = s[len(m):]
		}
	}
	if strings.HasSuffix(s, ")") && !strings.Contains(s, "(") || strings.HasSuffix(s, "]") && !strings.Contains(s, "[") {
		s = s[:len(s)-1]
	}
	if s = strings.Trim(s, " |:"); creditLabels().FindString(s) == s {
		return "" // a label and no name
	}
	return s
}
