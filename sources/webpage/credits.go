package webpage

import (
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// readCredits finds what the text itself says of where it came from: the
// dateline that opens it, the sign-off that closes it, the agencies in either,
// and lines that name the source.
func (p *page) readCredits() {
	p.readDateline()
	p.readSignOff()
	for _, key := range []string{"sourceOrganization", "provider", "isBasedOn"} {
		for _, th := range p.ld.articles {
			for _, s := range p.ld.texts(th[key]) {
				if a, ok := wirecopy.Agency(s); ok {
					p.addAgencies([]string{a})
				}
			}
		}
	}
	p.readSourceLines()
}

func (p *page) readDateline() {
	if d := p.ld.text("dateline"); d != "" {
		p.rec.Dateline = wirecopy.ReadDateline(d)
	}
	for i := range p.body {
		b := p.body[i]
		if b.kind == heading {
			continue
		}
		line := p.tree.lineOf(b)
		if d, _, ok := wirecopy.Dateline(line); ok {
			p.rec.Dateline = wirecopy.Dated(d, p.rec.Published)
			p.credit("dateline", fromHTML)
			p.note("dateline", d.Text, fromHTML, "opening of the text", "", true)
			if d.Agency != "" {
				p.addAgencies([]string{d.Agency})
			}
		}
		if i > 0 || len(line) > 40 {
			return
		}
	}
}

// readSignOff reads the last lines of the body, and takes them off it where they
// are nothing but a sign-off.
func (p *page) readSignOff() {
	for back := 0; back < 4 && len(p.body)-1-back >= 1; back++ {
		b := p.body[len(p.body)-1-back]
		if b.kind == heading {
			continue
		}
		c, ok := wirecopy.SignOff(p.tree.lineOf(b))
		if !ok {
			if back >= 1 {
				return
			}
			continue
		}
		p.sign(c)
		if c.Start == 0 {
			b.dropped = "sign-off"
		}
		return
	}
}

func (p *page) sign(c wirecopy.Credit) {
	if p.rec.SignOff == "" {
		p.rec.SignOff = c.Text
	}
	for _, e := range c.Editors {
		if !containsFold(p.rec.Editors, e) {
			p.rec.Editors = append(p.rec.Editors, e)
		}
	}
	if len(c.Editors) > 0 {
		p.credit("editors", fromHTML)
	}
	p.addAgencies(c.Agencies)
	p.signed = addPeople(p.signed, c.Authors)
	p.credit("sign_off", fromHTML)
	p.note("sign_off", c.Text, fromHTML, "end of the text", "", true)
}

// readSourceLines reads short lines around the article that name the source:
// "Quelle: dpa", "Bron: Belga", "With reporting by AFP".
func (p *page) readSourceLines() {
	if p.root < 0 {
		return
	}
	from, to := p.headline, p.tree.nodes[p.root].end+60
	if from < 0 {
		from = p.root
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from < from || b.from >= to || b.text > 140 || b.text < 2 || b.kind == caption || b.all&(tCaption|tCredit|tRelated|tComments|tPromo|tAd|tTags|tNav|tShare|tMedia) != 0 {
			continue
		}
		line := p.tree.lineOf(b)
		if sourceLine(line) || b.all&tSource != 0 {
			p.addAgencies(wirecopy.Agencies(line))
		}
	}
}

// sourceLine reports whether a line begins with a word that names a source.
func sourceLine(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"quelle:", "quellen:", "source:", "sources:", "bron:", "fuente:", "fuentes:", "fonte:", "kilde:", "källa:", "kaynak:", "źródło:", "источник:", "джерело:", "sumber:", "nguồn:", "出典:", "with reporting by", "with reporting from", "additional reporting", "with material from", "with files from", "with agencies", "mit material von", "mit agenturmaterial", "(avec ", "avec ", "con información de", "met medewerking", "reported by", "this story was reported by", "material der"} {
		if strings.HasPrefix(strings.TrimLeft(low, "( –-*"), w) {
			return true
		}
	}
	return false
}

var _ = article.Person{}
