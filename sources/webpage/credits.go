package webpage

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"wireroom/article/wirecopy"
)

// readCredits finds what the text itself says of where it came from: the
// dateline that opens it, the sign-off that closes it, the agencies in either,
// and lines beside it that name the source.
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
	p.readSourceNotes()
}

// readDateline reads the dateline: at the head of the first paragraph, as a line
// of its own before it, or at the head of the standfirst.
func (p *page) readDateline() {
	first, before := p.opening()
	for _, c := range []Candidate{
		cand(first, fromHTML, "opening of the text"),
		cand(joined(before, first), fromHTML, "line before the text"),
		cand(p.standfirst, fromHTML, "opening of the standfirst"),
	} {
		d, _, ok := wirecopy.Dateline(c.Value)
		if !ok {
			continue
		}
		p.rec.Dateline = wirecopy.Dated(d, p.rec.Published)
		p.credit("dateline", fromHTML)
		p.note("dateline", d.Text, c.Input, c.Where, "", true)
		if d.Agency != "" {
			p.addAgencies([]string{d.Agency})
		}
		return
	}
	if s := p.ld.text("dateline"); s != "" {
		p.rec.Dateline = wirecopy.ReadDateline(s)
		p.credit("dateline", fromLinked)
		p.note("dateline", s, fromLinked, "dateline", "", true)
	}
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + " " + b
}

// opening returns the first paragraph of the text and the short line right
// before it, if there is one.
func (p *page) opening() (first, before string) {
	var b *block
	for _, k := range p.body {
		if k.kind != heading {
			b = k
			break
		}
	}
	if b == nil {
		return "", ""
	}
	first = p.tree.lineOf(b)
	for i := range p.shown {
		if o := &p.shown[i]; o.from >= b.from {
			break
		} else if o.text > 0 {
			before = ""
			if o.text <= 45 && o.link == 0 && o.kind == paragraph && o.all&(tAuthor|tShare|tCaption|tCredit|tLabel) == 0 {
				before = p.tree.lineOf(o)
			}
		}
	}
	return first, before
}

// readSignOff reads the last lines of the text and what stands right after it,
// and takes lines off the text that are nothing but a sign-off.
func (p *page) readSignOff() {
	for back := 0; back < 3 && len(p.body)-1-back >= 1; back++ {
		b := p.body[len(p.body)-1-back]
		if b.kind == heading {
			continue
		}
		c, ok := wirecopy.SignOff(p.tree.lineOf(b))
		if !ok {
			if b.text > 200 {
				break
			}
			continue
		}
		p.sign(c)
		if c.Start == 0 {
			b.dropped = "sign-off"
		}
		if !bare(c) {
			return
		}
	}
	p.signAfter()
}

// bare reports whether a sign-off says nothing of anybody.
func bare(c wirecopy.Credit) bool {
	return len(c.Editors)+len(c.Agencies)+len(c.Authors) == 0
}

// signAfter looks for a sign-off among the lines that follow the text and are no
// part of it.
func (p *page) signAfter() {
	if len(p.body) == 0 {
		return
	}
	last := p.body[max(len(p.body)-4, 0)] // a box may still follow
	seen, signed := 0, 0
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from <= last.from || b.text == 0 || slices.Contains(p.body, b) {
			continue
		}
		if seen++; seen > 14 {
			return
		}
		if b.text > 160 || b.kind == caption || b.all&(tRelated|tComments|tShare|tPromo|tAd|tTags) != 0 || p.atPicture(b) {
			continue
		}
		line := p.tree.lineOf(b)
		if i := strings.Index(line, " - "); i > 0 && strings.HasPrefix(line, "©") {
			line = line[:i]
		} else if b.link*2 > b.text {
			continue
		}
		c, ok := wirecopy.SignOff(line)
		if !ok && b.text <= 60 && sourceLine(line) && !strings.HasSuffix(line, ":") {
			c, ok = wirecopy.Credit{Text: line}, true
		}
		switch {
		case ok && c.Start == 0 && !p.siteImprint(line, c):
			p.sign(c)
			if signed++; signed == 2 {
				return
			}
			seen = max(seen, 10) // a second line follows soon or not at all
		}
	}
}

// siteImprint reports whether a copyright line is the site's own.
func (p *page) siteImprint(line string, c wirecopy.Credit) bool {
	f := fold(line)
	if strings.Contains(line, "©") && (letters(line) > 60 || yearRange(line)) {
		return true
	}
	return bare(c) && strings.Contains(f, "riproduzione riservata") || bare(c) && (strings.Contains(f, "rights reserved") || strings.Contains(f, "rechte vorbehalten") || strings.Contains(f, "droits réservés") || strings.Contains(f, "derechos reservados"))
}

// yearRange reports whether a line holds two years with a dash between, as the
// imprints of sites do.
func yearRange(s string) bool {
	for i := 4; i+5 <= len(s); i++ {
		if (s[i] == '-' || strings.HasPrefix(s[i:], "–")) && digits(s[i-4:i]) {
			rest := strings.TrimLeft(s[i:], "-– ")
			return len(rest) >= 4 && digits(rest[:4])
		}
	}
	return false
}

// sign takes what a sign-off says.
func (p *page) sign(c wirecopy.Credit) {
	if p.rec.SignOff != "" {
		p.rec.SignOff += "; "
	}
	p.rec.SignOff += c.Text
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

// readSourceLines reads short lines around the text that name its source:
// "Quelle: dpa", "Bron: Belga", "With reporting by AFP", and labels at the
// headline that are an agency's name and nothing else. Those at a picture are
// the picture's.
func (p *page) readSourceLines() {
	if p.root < 0 {
		return
	}
	from, to := p.headline, p.tree.nodes[p.root].end+60
	if from < 0 {
		from = p.root
	}
	text := to
	if len(p.body) > 0 {
		text = p.body[0].from
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from < from || b.from >= to || b.text > 140 || b.text < 2 || b.kind == caption || b.all&(tRelated|tComments|tPromo|tAd|tTags|tNav|tShare|tMedia) != 0 || p.atPicture(b) {
			continue
		}
		line := p.tree.lineOf(b)
		switch {
		case sourceLine(line) || b.all&tSource != 0:
			p.addAgencies(wirecopy.Agencies(line))
		case b.from < text && b.text < 60:
			for u := range strings.SplitSeq(strings.NewReplacer(" - ", "\n", " | ", "\n", ", ", "\n", " / ", "\n").Replace(line), "\n") {
				if a, ok := wirecopy.Agency(strings.TrimSpace(u)); ok {
					p.addAgencies([]string{a})
				}
			}
		}
	}
}

// atPicture reports whether a block stands in a small element with a picture.
func (p *page) atPicture(b *block) bool {
	nodes := p.tree.nodes
	for el, up := b.el, 0; el >= 0 && up < 4 && nodes[el].text <= b.text+250; el, up = nodes[el].parent, up+1 {
		if nodes[el].DataAtom == atom.Figure || (&sifter{page: p}).holdsMedia(el) {
			return true
		}
	}
	return false
}

// sourceLine reports whether a line begins with a word that names a source.
func sourceLine(s string) bool {
	low := strings.TrimLeft(strings.ToLower(s), "( –-*")
	for _, w := range [...]string{"quelle:", "quellen:", "source:", "sources:", "bron:", "fuente:", "fuentes:", "fonte:", "kilde:", "källa:", "kaynak:", "źródło:", "источник:", "джерело:", "sumber:", "nguồn:", "出典:", "with reporting by", "with reporting from", "additional reporting", "with material from", "with files from", "with agencies", "mit material von", "mit agenturmaterial", "mit informationen von", "avec ", "con información de", "met medewerking", "reported by", "this story was reported by"} {
		if strings.HasPrefix(low, w) {
			return true
		}
	}
	return false
}

// readSourceNotes reads paragraphs that say which agencies' copy the piece uses,
// as live blogs do.
func (p *page) readSourceNotes() {
	for _, b := range p.body {
		if b.text > 600 {
			continue
		}
		low := strings.ToLower(p.tree.lineOf(b)) // agencies are read in any case
		for _, w := range [...]string{"nachrichtenagenturen", "der agenturen", "news agencies", "agences de presse", "les agences", "agencias de noticias", "agenzie di stampa", "agências de notícias", "nieuwsagentschappen"} {
			if i := strings.Index(low, w); i >= 0 {
				if list := wirecopy.Agencies(low[i:]); len(list) > 1 {
					p.addAgencies(list)
				}
				break
			}
		}
	}
}
