package webpage

import (
	"strings"

	"golang.org/x/net/html/atom"

	"wireroom/article"
)

const maxKeywords = 40

// readTopics finds keywords, subjects, places, people and organisations.
func (p *page) readTopics() {
	var keys []string
	for _, src := range p.keywordSources() {
		good := p.topical(src.values)
		p.note("keywords", strings.Join(src.values, ", "), src.input, src.where, "", len(keys) == 0 && len(good) > 0)
		if len(keys) == 0 && len(good) > 0 {
			keys = good
			p.credit("keywords", src.input)
		}
	}
	p.rec.Keywords = keys[:min(len(keys), maxKeywords)]
	p.readAbout()
	p.countries()
}

// countries takes the countries among the keywords for places.
func (p *page) countries() {
	for _, k := range p.rec.Keywords {
		if country(k) && !containsFold(p.rec.Places, k) {
			p.rec.Places = append(p.rec.Places, k)
			if p.rec.Provenance["places"] == "" {
				p.credit("places", p.rec.Provenance["keywords"])
			}
		}
	}
}

type keywordSource struct {
	values       []string
	input, where string
}

// keywordSources are the inputs of keywords, best first.
func (p *page) keywordSources() []keywordSource {
	var ld []string
	for _, th := range p.ld.articles {
		if ld = splitAll(p.ld.texts(th["keywords"])); len(p.topical(ld)) > 0 {
			break
		}
	}
	return []keywordSource{
		{ld, fromLinked, "keywords"},
		{splitAll(p.head.meta["news_keywords"]), fromMeta, "news_keywords"},
		{splitAll(p.head.meta["article:tag"]), fromGraph, "article:tag"},
		{p.tagLinks(), fromHTML, "list of topics"},
		{splitAll(p.head.meta["keywords"]), fromMeta, "keywords"},
		{splitAll(p.head.meta["parsely-tags"]), fromMeta, "parsely-tags"},
		{splitAll(p.head.meta["sailthru.tags"]), fromMeta, "sailthru.tags"},
		{p.labelsShown, fromHTML, "labels above the headline"},
	}
}

// tagLinks are the texts of the links in the article's list of topics: named
// so, or leading to pages of topics, between the headline and a little after the
// text.
func (p *page) tagLinks() (out []string) {
	nodes := p.tree.nodes
	from, to := int32(0), int32(len(nodes))
	if p.headline >= 0 {
		from = p.kickerRegion()
	}
	if p.root >= 0 {
		from = min(from, p.root)
		to = min(nodes[p.root].end+160, to)
	}
	for i := from; i < to && len(out) <= maxKeywords; i++ {
		n := &nodes[i]
		if n.DataAtom != atom.A || n.text == 0 || n.text > 50 || n.hidden || n.all&(tComments|tShare|tRelated|tNav|tPromo|tAd|tAuthor|tBio)&^p.rootTraits() != 0 {
			continue
		}
		if n.all&tTags == 0 && !strings.Contains(attr(n.Node, "rel"), "tag") && (n.inP || !topicPath(attr(n.Node, "href"))) {
			continue
		}
		if p.headline >= 0 && i < nodes[p.headline].end && n.all&tTags == 0 {
			continue // a label
		}
		out = append(out, strings.Trim(trailingCount(p.tree.textOf(i)), " #"))
	}
	return out
}

// rootTraits are what the article's own element is called, on which nothing in
// it can be blamed.
func (p *page) rootTraits() trait {
	if p.root < 0 {
		return 0
	}
	return p.tree.nodes[p.root].traits
}

// topicPath reports whether an address is that of a page on one topic.
func topicPath(href string) bool {
	for seg := range strings.SplitSeq(strings.ToLower(href), "/") {
		switch seg {
		case "tag", "tags", "topic", "topics", "thema", "themen", "tema", "temas", "tematy", "temat", "stichwort", "schlagwort", "schlagworte", "etiqueta", "etiquetas", "noticias-de", "sujet", "sujets", "keyword", "keywords", "emne", "tagi", "etiket", "topik", "tagged", "mots-cles", "argomenti", "argomento", "onderwerp", "amne", "themenseiten":
			return true
		}
	}
	return false
}

// trailingCount takes off the number of articles behind a topic.
func trailingCount(s string) string {
	t := strings.TrimRight(s, "0123456789() ")
	if len(s)-len(t) > 1 && letters(t) > 2 && !strings.HasSuffix(s, " 20") && len(strings.Trim(s[len(t):], " ()")) != 4 || strings.HasSuffix(s, ")") && len(t) > 0 {
		return t
	}
	return s
}

// splitAll cuts lists that were written as one text.
func splitAll(values []string) (out []string) {
	for _, v := range values {
		sep := ","
		switch {
		case strings.Contains(v, ","):
		case strings.Contains(v, ";"):
			sep = ";"
		case strings.Contains(v, "|"):
			sep = "|"
		case strings.Contains(v, "、"):
			sep = "、"
		}
		if len(values) > 3 {
			out = append(out, plain(v)) // a real list: its items may hold commas
			continue
		}
		for s := range strings.SplitSeq(v, sep) {
			if s = plain(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// topical leaves out what is no topic: machine words, the site's own name, and
// doubles. A list that is mostly such, or nothing but the words of the headline,
// says nothing.
func (p *page) topical(values []string) (out []string) {
	seen := map[string]bool{}
	machine, echo := 0, 0
	title := " " + fold(p.shownTitle) + " " + fold(p.head.title) + " "
	for _, v := range values {
		f := strings.ToLower(v)
		if machineWord(f) || code(v) {
			machine++
		}
		if v == f && !strings.Contains(v, " ") && strings.Contains(title, " "+f+" ") {
			echo++
		}
	}
	if n := len(values); machine*2 > n || n > 3 && echo*10 > n*7 {
		return nil
	}
	for _, v := range values {
		if rest, ok := strings.CutPrefix(v, "("); ok {
			if n, word, ok := strings.Cut(rest, ") "); ok && digits(n) {
				v = word
			}
		}
		v = strings.Trim(article.Line(v), " #,;.")
		f := strings.ToLower(v)
		if v == "" || seen[f] || len(v) > 80 || machineWord(f) || code(v) || p.isHome(v) || allDigits(v) {
			continue
		}
		seen[f] = true
		out = append(out, v)
	}
	return out
}

// machineWord reports whether a keyword speaks to a program.
func machineWord(f string) bool {
	if strings.ContainsAny(f, ":=_{}<>") || strings.Contains(f, "http") {
		return true
	}
	if len(f) >= 24 && !strings.ContainsAny(f, " ") && strings.ContainsAny(f, "0123456789") {
		return true
	}
	return false
}

// code reports whether a keyword is a code of a wire or a database.
func code(s string) bool {
	if len(s) < 5 {
		return false
	}
	upper, digit := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= 'A' && s[i] <= 'Z':
			upper++
		case s[i] >= '0' && s[i] <= '9':
			digit++
		default:
			return false
		}
	}
	return upper > 0 && (digit > 0 || len(s) > 5)
}

// readAbout reads what linked data say the article is about.
func (p *page) readAbout() {
	seen := map[string]bool{}
	for _, key := range []string{"about", "mentions"} {
		for _, th := range p.ld.articles {
			for _, v := range list(th[key]) {
				n := p.ld.follow(v)
				name := p.ld.textOf(v)
				f := strings.ToLower(name)
				if name == "" || seen[key+f] || len(name) > 80 || strings.HasPrefix(f, "http") || machineWord(f) {
					continue
				}
				seen[key+f] = true
				switch {
				case n.is("Person"):
					p.rec.People = append(p.rec.People, name)
				case n.is("Place") || n.is("City") || n.is("Country") || n.is("AdministrativeArea") || n.is("State"):
					p.rec.Places = append(p.rec.Places, name)
				case n.is("Organization") || n.is("NewsMediaOrganization") || n.is("Corporation") || n.is("SportsTeam") || n.is("GovernmentOrganization"):
					p.rec.Organisations = append(p.rec.Organisations, name)
				case key == "about" && len(p.rec.Subjects) < maxKeywords:
					p.rec.Subjects = append(p.rec.Subjects, article.Subject{Name: name})
				}
			}
		}
	}
	for _, key := range []string{"contentLocation", "locationCreated", "spatialCoverage"} {
		for _, th := range p.ld.articles {
			for _, v := range list(th[key]) {
				if name := p.ld.textOf(v); name != "" && len(name) < 80 && !strings.HasPrefix(name, "http") && !containsFold(p.rec.Places, name) {
					p.rec.Places = append(p.rec.Places, name)
				}
			}
		}
	}
	for k, n := range map[string]int{"people": len(p.rec.People), "organisations": len(p.rec.Organisations), "subjects": len(p.rec.Subjects), "places": len(p.rec.Places)} {
		if n > 0 {
			p.credit(k, fromLinked)
		}
	}
}

func containsFold(list []string, s string) bool {
	for _, v := range list {
		if strings.EqualFold(v, s) {
			return true
		}
	}
	return false
}
