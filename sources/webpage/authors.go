package webpage

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// readAuthors finds who is credited for the text: what is printed at the
// headline, what the linked data say, and what meta elements say.
func (p *page) readAuthors() {
	printed := p.printedBylines()
	if len(p.openByline) > 0 {
		printed = p.openByline
	}
	if len(printed) > 0 {
		p.rec.Byline = strings.Join(printed, "; ")
		p.credit("byline", fromHTML)
		p.note("byline", p.rec.Byline, fromHTML, "byline", "printed at the headline", true)
	}
	var shown []article.Person
	for _, s := range printed {
		people, agencies := wirecopy.Byline(s)
		shown = addPeople(shown, slices.DeleteFunc(people, func(a article.Person) bool { return strings.ContainsAny(a.Name, "0123456789") }))
		p.addAgencies(agencies)
	}
	linked := p.linkedAuthors()
	named := p.namedAuthors()
	sets := []struct {
		people []article.Person
		input  string
		where  string
	}{
		{p.persons(linked), fromLinked, "author"},
		{p.persons(shown), fromHTML, "byline"},
		{p.persons(p.signed), fromHTML, "sign-off"},
		{p.persons(named), fromMeta, "author"},
		{linked, fromLinked, "author, an organisation"},
		{shown, fromHTML, "byline, an organisation"},
		{named, fromMeta, "author, an organisation"},
	}
	for _, s := range sets {
		chosen := len(p.rec.Authors) == 0 && len(s.people) > 0
		if chosen {
			p.rec.Authors = s.people
			p.credit("authors", s.input)
		}
		p.note("authors", names(s.people), s.input, s.where, "", chosen)
	}
}

// persons leaves out the site itself.
func (p *page) persons(all []article.Person) (out []article.Person) {
	for _, a := range all {
		if !p.isSite(a.Name) && !deskName(a.Name) {
			out = append(out, a)
		}
	}
	return out
}

// deskName reports whether a name is that of a newsroom rather than a person.
func deskName(s string) bool {
	f := fold(s)
	for _, w := range []string{"redaktion", "redaction", "rédaction", "redacción", "redacao", "redação", "redazione", "redactie", "staff", "newsroom", "news desk", "newsdesk", "editorial", "online", "admin", "administrator", "webmaster", "desk", "team", "correspondent", "reporter", "編集部", "newsdeskx"} {
		if f == w || strings.HasSuffix(f, " "+w) || strings.HasPrefix(f, w+" ") && len(strings.Fields(f)) < 4 {
			return true
		}
	}
	return false
}

// linkedAuthors are the authors of the linked data.
func (p *page) linkedAuthors() (out []article.Person) {
	for _, key := range []string{"author", "creator"} {
		for _, th := range p.ld.articles {
			for _, v := range list(th[key]) {
				out = addPeople(out, p.linkedPerson(v))
			}
			if len(out) > 0 {
				return out
			}
		}
	}
	return nil
}

// linkedPerson reads one author, who may be a text that names several.
func (p *page) linkedPerson(v any) []article.Person {
	n := p.ld.follow(v)
	if n == nil {
		s, _ := v.(string)
		return p.splitNames(plain(s))
	}
	if l, ok := n["name"].([]any); ok {
		var out []article.Person
		for _, x := range l {
			if s, ok := x.(string); ok {
				out = addPeople(out, p.splitNames(plain(s)))
			}
		}
		return out
	}
	name, _ := n["name"].(string)
	people := p.splitNames(plain(name))
	if len(people) == 1 {
		people[0].URL = p.abs(p.ld.textOf(n["url"]))
		if role, ok := n["jobTitle"].(string); ok {
			people[0].Role = plain(role)
		}
	}
	return people
}

// splitNames reads a field that should hold a name.
func (p *page) splitNames(s string) []article.Person {
	if s == "" || strings.HasPrefix(s, "http") || strings.HasPrefix(s, "@") || utf8.RuneCountInString(s) > 200 {
		return nil
	}
	if agency, ok := wirecopy.Agency(s); ok {
		p.addAgencies([]string{agency})
		return []article.Person{{Name: s}}
	}
	people, agencies := wirecopy.Byline(s)
	p.addAgencies(agencies)
	if len(people) == 0 && len(agencies) == 0 && !allDigits(s) {
		return []article.Person{{Name: s}}
	}
	for _, a := range agencies {
		people = append(people, article.Person{Name: a})
	}
	return people
}

// namedAuthors are the authors that meta elements, microdata and links name.
func (p *page) namedAuthors() (out []article.Person) {
	for _, i := range p.propsOf("author") {
		out = addPeople(out, p.splitNames(p.propName(i)))
	}
	if len(out) > 0 {
		return out
	}
	for _, key := range []string{"author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc:creator", "byl", "cxenseparse:author", "article:author_name", "og:article:author", "twitter:creator:name", "citation_author"} {
		for _, v := range p.head.meta[key] {
			out = addPeople(out, p.splitNames(v))
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// printedBylines are the lines of the page that name who wrote it.
func (p *page) printedBylines() (out []string) {
	from, to := p.headRegion()
	nodes := p.tree.nodes
	for i := from; i < to; i++ {
		n := &nodes[i]
		if n.traits&tAuthor == 0 || n.text < 3 || n.text > 220 || n.hidden || n.all&(tRelated|tComments|tShare|tCaption|tCredit|tNav|tPromo) != 0 {
			continue
		}
		if s := p.bylineOf(i); s != "" && !containsFold(out, s) {
			out = append(out, s)
		}
		i = n.end - 1
		if len(out) >= 8 {
			break
		}
	}
	if len(out) == 0 {
		out = p.unnamedByline(from, to)
	}
	return out
}

// bylineOf is the text of a byline's element. Texts of different blocks or links,
// and texts that nothing keeps apart, get a comma between them; dates, names of
// networks and controls of the page that stand among them are left out.
func (p *page) bylineOf(i int32) string {
	nodes := p.tree.nodes
	w := inliner{tree: p.tree, skip: tDate | tLabel | tShare | tHidden | tPromo}
	var b bylineWriter
	for k := i; k < nodes[i].end; k++ {
		n := &nodes[k]
		if n.Type != html.TextNode {
			if k > i && w.left(n) {
				k = n.end - 1
			}
			continue
		}
		if n.hidden || n.text == 0 {
			b.space = b.space || n.text == 0 && n.Data != ""
			continue
		}
		text := article.Line(n.Data)
		if control(text) || ago(text) || hasDigits(text) && (strings.Contains(text, ":") || len(p.datesIn(p.dateOrder(), text)) > 0) {
			continue
		}
		b.space = b.space || n.Data[0] <= ' '
		b.add(text, p.unitOf(k, i))
		b.space = n.Data[len(n.Data)-1] <= ' '
	}
	return trimByline(b.String())
}

// unitOf is the nearest block or link around node k within element el.
func (p *page) unitOf(k, el int32) int32 {
	for k = p.tree.nodes[k].parent; k > el; k = p.tree.nodes[k].parent {
		if n := &p.tree.nodes[k]; n.block || n.DataAtom == atom.A {
			return k
		}
	}
	return el
}

// bylineWriter joins the texts of a byline.
type bylineWriter struct {
	strings.Builder
	unit  int32 // of the last text
	space bool  // stood before the next text
}

func (b *bylineWriter) add(text string, unit int32) {
	if b.Len() > 0 {
		s := b.String()
		switch last := s[len(s)-1]; {
		case strings.ContainsRune(",.;:|/)&", rune(text[0])):
			if b.space {
				b.WriteByte(' ')
			}
		case strings.IndexByte(",;:|/(&-", last) >= 0, joins(lastWord(s)), joins(firstWord(text)):
			b.WriteByte(' ')
		case b.space && b.unit == unit:
			b.WriteByte(' ')
		case b.space && !startsUpper(text):
			b.WriteByte(' ')
		default:
			b.WriteString(", ")
		}
	}
	b.WriteString(text)
	b.unit = unit
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// control reports whether a text in a byline is a network's name or a control of
// the page.
func control(text string) bool {
	switch fold(text) {
	case "twitter", "x", "facebook", "instagram", "linkedin", "email", "e mail", "mail", "follow", "follow us", "bluesky", "mastodon", "threads", "rss", "bio", "view profile", "folgen", "seguir", "suivre",
		"comments", "comment", "kommentare", "share", "teilen", "save", "print", "drucken", "listen", "anhören", "text size", "aa", "aa text size", "small", "medium", "large", "whatsapp", "telegram", "copy link", "published", "updated", "veröffentlicht", "aktualisiert", "artikel veröffentlicht am", "publiziert":
		return true
	}
	return false
}

// ago reports whether a text says how long ago something was, or how long it
// takes to read.
func ago(text string) bool {
	if !strings.ContainsAny(text, "0123456789") {
		return false
	}
	f := " " + fold(text) + " "
	for _, w := range [...]string{" ago ", " hrs ", " min ", " mins ", " minute ", " minutes ", " minuten ", " vor ", " hace ", " il y a ", " read ", " lesezeit "} {
		if strings.Contains(f, w) {
			return true
		}
	}
	return false
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// joins reports whether a word of a byline belongs to what stands beside it.
func joins(w string) bool {
	switch strings.ToLower(strings.Trim(w, ":.,")) {
	case "by", "von", "vom", "par", "por", "di", "da", "door", "av", "af", "autor", "author", "text", "texte", "tekst", "texto", "testo", "and", "und", "et", "y", "e", "en", "i", "och", "og", "with", "mit", "avec", "con", "com", "met", "in", "at", "from", "aus", "for", "für", "of", "the", "written", "reported", "words", "oleh", "penulis", "yazan", "story":
		return true
	}
	return false
}

// unnamedByline finds a line at the headline that begins as bylines do, or a
// link to an author.
func (p *page) unnamedByline(from, to int32) (out []string) {
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from < from || b.from >= to || b.text > 120 || b.kind == heading || b.all&(tCaption|tCredit|tRelated|tShare|tNav) != 0 {
			continue
		}
		line := p.tree.lineOf(b)
		if bylineStart(line) {
			if s := p.bylineOf(b.el); bylineStart(s) {
				return []string{s}
			}
			return []string{trimByline(line)}
		}
	}
	for i := from; i < to; i++ {
		n := &p.tree.nodes[i]
		if n.DataAtom == atom.A && n.text > 3 && n.text < 60 && (strings.Contains(attr(n.Node, "rel"), "author") || authorPath(attr(n.Node, "href"))) && n.all&(tRelated|tShare|tNav) == 0 {
			if s := p.tree.textOf(i); !containsFold(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// authorPath reports whether an address is that of an author's page.
func authorPath(href string) bool {
	for _, s := range []string{"/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/autore/", "/autori/", "/by/", "/people/", "/profile/", "/staff/", "/journalist/", "/firmas/", "/yazar/", "/contributor/", "/person/", "/autores/", "/journaliste/", "/redakteur/"} {
		if strings.Contains(href, s) {
			return true
		}
	}
	return false
}

// bylineStart reports whether a line begins with the word that names authors,
// and a name after it.
func bylineStart(s string) bool {
	for _, w := range []string{"By ", "BY ", "by ", "Von ", "von ", "VON ", "Par ", "Por ", "POR ", "Di ", "Door ", "Av ", "Af ", "Tekst: ", "Text: ", "Text av ", "Texte : ", "Autor: ", "Autorin: ", "Autore: ", "Author: ", "Written by ", "Story by ", "Ein Kommentar von ", "Eine Analyse von ", "Ein Gastbeitrag von ", "Kommentar von ", "Bron: ", "Teks: ", "Penulis: ", "Oleh ", "Oleh: ", "Autor "} {
		if rest, ok := strings.CutPrefix(s, w); ok {
			r, _ := utf8.DecodeRuneInString(rest)
			return unicode.IsUpper(r) && len(strings.Fields(rest)) <= 14 && !strings.HasSuffix(rest, ".")
		}
	}
	return false
}

// trimByline leaves the line as printed, without labels of the page around it.
func trimByline(s string) string {
	s = strings.Trim(article.Line(s), " |•·-–—:,")
	if utf8.RuneCountInString(s) < 2 || joins(s) || strings.HasPrefix(s, "http") || !strings.ContainsFunc(s, unicode.IsLetter) {
		return ""
	}
	return s
}

func allDigits(s string) bool {
	return !strings.ContainsFunc(s, unicode.IsLetter)
}

// addPeople appends those who are not there yet.
func addPeople(list, more []article.Person) []article.Person {
	for _, m := range more {
		known := false
		for i := range list {
			if fold(list[i].Name) == fold(m.Name) {
				known = true
				if list[i].URL == "" {
					list[i].URL = m.URL
				}
				if list[i].Role == "" {
					list[i].Role = m.Role
				}
			}
		}
		if !known && m.Name != "" && len(list) < 24 {
			list = append(list, m)
		}
	}
	return list
}

func names(people []article.Person) string {
	var out []string
	for _, a := range people {
		out = append(out, a.Name)
	}
	return strings.Join(out, ", ")
}

func (p *page) addAgencies(list []string) {
	for _, a := range list {
		if a == "agencies" && len(p.rec.Agencies)+len(list) > 1 {
			continue // named one by one
		}
		if !containsFold(p.rec.Agencies, a) {
			p.rec.Agencies = append(p.rec.Agencies, a)
			p.credit("agencies", fromHTML)
		}
	}
}
