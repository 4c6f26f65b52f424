package webpage

import (
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"wireroom/article"
)

const maxRelated = 30

// readLinks finds the article's own addresses.
func (p *page) readLinks() {
	canonical := ""
	if l := p.head.links["canonical"]; len(l) > 0 {
		canonical = p.abs(l[0])
	}
	main := p.ld.first("mainEntityOfPage")
	at := p.ld.textOf(p.ld.first("url"))
	if m, ok := main.(map[string]any); ok {
		if id, _ := m["@id"].(string); id != "" && at == "" {
			at = id
		}
	} else if s, ok := main.(string); ok && at == "" {
		at = s
	}
	cands := []Candidate{
		p.own(cand(canonical, fromHTML, "link rel=canonical")),
		p.own(cand(p.abs(p.head.first("og:url")), fromGraph, "og:url")),
		p.own(cand(p.abs(at), fromLinked, "url")),
		cand(p.opts.URL, fromCaller, "the address that was given"),
	}
	p.rec.Links.Canonical = article.CanonicalURL(p.choose("links.canonical", cands...))
	var short []Candidate
	for _, c := range []Candidate{cand(p.shortlink(), fromHTML, "link rel=shortlink"), cand(p.visibleShort(), fromHTML, "printed on the page")} {
		if c.Value != p.rec.Links.Canonical {
			short = append(short, c)
		}
	}
	p.rec.Links.Short = p.choose("links.short", short...)
}

func (p *page) shortlink() string {
	if l := p.head.links["shortlink"]; len(l) > 0 {
		return p.abs(l[0])
	}
	return ""
}

// own takes the value of a canonical address that can't be this page's: another
// site, or the front page.
func (p *page) own(c Candidate) Candidate {
	if c.Value == "" || p.opts.URL == "" {
		return c
	}
	a, errA := url.Parse(c.Value)
	b, errB := url.Parse(p.opts.URL)
	if errA != nil || errB != nil {
		return c
	}
	if strings.Trim(a.Path, "/") == "" && a.RawQuery == "" && strings.Trim(b.Path, "/") != "" {
		return Candidate{}
	}
	return c
}

// visibleShort finds a printed short address of the article: a text that is an
// address, shorter than the page's own, of the same domain or its short one.
func (p *page) visibleShort() string {
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.text < 12 || b.text > 60 {
			continue
		}
		line := p.tree.lineOf(b)
		if !strings.HasPrefix(line, "http") || strings.ContainsAny(line, " \u00a0") {
			continue
		}
		u, err := url.Parse(line)
		if err != nil || u.Path == "" || u.Path == "/" {
			continue
		}
		if article.RegistrableDomain(u.Hostname()) == article.RegistrableDomain(p.host) && len(line) < max(len(p.opts.URL), 40) {
			return article.CanonicalURL(line)
		}
	}
	return ""
}

// readRelated gathers the links of the boxes that stand in the article.
func (p *page) readRelated() {
	if p.root < 0 {
		return
	}
	nodes := p.tree.nodes
	from, to := p.root, nodes[p.root].end
	seen := map[string]bool{p.rec.Links.Canonical: true}
	for i := from; i < to && len(p.rec.Links.Related) < maxRelated; i++ {
		n := &nodes[i]
		if n.DataAtom != atom.A || n.text < 15 || n.all&tRelated == 0 || n.all&(tShare|tAd|tNav|tComments|tTags|tPromo) != 0 {
			continue
		}
		u := p.abs(attr(n.Node, "href"))
		if u == "" || seen[u] || article.RegistrableDomain(hostOf(u)) != article.RegistrableDomain(p.host) && p.host != "" {
			continue
		}
		seen[u] = true
		p.rec.Links.Related = append(p.rec.Links.Related, article.Link{URL: u, Title: article.Line(p.tree.textOf(i))})
		p.credit("links.related", fromHTML)
	}
}

func hostOf(u string) string {
	if v, err := url.Parse(u); err == nil {
		return v.Hostname()
	}
	return ""
}
