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
}

type keywordSource struct {
	values       []string
	input, where string
}

// keywordSources are the inputs of keywords, best first.
func (p *page) keywordSources() []keywordSource {
	var ld []string
	for _, th := range p.ld.articles {
		if ld = splitAll(p.ld.texts(th["keywords"])); len(ld) > 0 {
			break
		}
	}
	return []keywordSource{
		{p.tagLinks(), fromHTML, "list of topics"},
		{ld, fromLinked, "keywords"},
		{p.head.meta["article:tag"], fromGraph, "article:tag"},
		{splitAll(p.head.meta["news_keywords"]), fromMeta, "news_keywords"},
		{splitAll(p.head.meta["parsely-tags"]), fromMeta, "parsely-tags"},
		{splitAll(p.head.meta["sailthru.tags"]), fromMeta, "sailthru.tags"},
		{splitAll(p.head.meta["keywords"]), fromMeta, "keywords"},
	}
}

// tagLinks are the texts of the links in the page's list of topics.
func (p *page) tagLinks() (out []string) {
	nodes := p.tree.nodes
	for i := range nodes {
		n := &nodes[i]
		if n.DataAtom != atom.A || n.text == 0 || n.text > 50 || n.hidden {
			continue
		}
		if rel := attr(n.Node, "rel"); n.all&tTags == 0 && !strings.Contains(rel, "tag") {
			continue
		}
		if n.all&(tComments|tShare|tRelated) != 0 {
			continue
		}
		out = append(out, p.tree.textOf(int32(i)))
		if len(out) > maxKeywords {
			break
		}
	}
	return out
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
// doubles.
func (p *page) topical(values []string) (out []string) {
	seen := map[string]bool{}
	for _, v := range values {
		v = strings.Trim(article.Line(v), " #,;.")
		f := strings.ToLower(v)
		if v == "" || seen[f] || len(v) > 80 || machineWord(f) || p.isSite(v) {
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
					p.credit("places", fromLinked)
				}
			}
		}
	}
	for _, k := range []string{"people", "organisations", "subjects"} {
		if k == "people" && len(p.rec.People) > 0 || k == "organisations" && len(p.rec.Organisations) > 0 || k == "subjects" && len(p.rec.Subjects) > 0 {
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
