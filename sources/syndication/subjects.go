package syndication

import (
	"strings"

	"wireroom/article"
)

// maxSubjects is how many topics one item may have (input.md L3).
const maxSubjects = 64

// subject adds a topic unless it is there already: by code within a scheme, else
// by name in any case.
func (b *builder) subject(scheme, code, name string) {
	s := article.Subject{Scheme: strings.TrimSpace(scheme), Code: article.Line(code), Name: plainLine(name)}
	if s.Name == "" {
		s.Name = s.Code
	}
	if s.Code == s.Name && s.Scheme == "" {
		s.Code = ""
	}
	list := &b.it.Record.Subjects
	if s.Name == "" || len(*list) >= maxSubjects {
		return
	}
	for i, o := range *list {
		if !strings.EqualFold(o.Name, s.Name) || o.Scheme != "" && s.Scheme != "" && o.Scheme != s.Scheme {
			continue
		}
		first(&(*list)[i].Scheme, s.Scheme)
		first(&(*list)[i].Code, s.Code)
		return
	}
	*list = append(*list, s)
}

// keywords adds keywords that are written as a list.
func (b *builder) keywords(list ...string) {
	r := &b.it.Record
	for _, s := range list {
		split := strings.FieldsFunc(article.Cut(s, maxPlain), func(c rune) bool { return c == ',' || c == ';' || c == '，' || c == '、' })
		for _, k := range split {
			if k = plainLine(k); len(r.Keywords) < maxSubjects {
				r.Keywords = unique(r.Keywords, k)
			}
		}
	}
}

// modules adds the topics of the modules.
func (b *builder) topics(x fields) {
	for _, s := range x.values("dc.subject", "dcterms.subject") {
		b.subject("", "", s)
	}
	for e := range x.all("atom.category") {
		b.subject(e.attr("scheme"), e.attr("term"), e.attr("label"))
	}
	for e := range x.all("media.category") {
		b.mediaCategory(e)
	}
	for e := range x.all("itunes.category") {
		b.subject("", "", e.attr("text"))
		for c := range e.children.all("category") {
			b.subject("", "", c.attr("text"))
		}
	}
	b.keywords(x.values("media.keywords", "itunes.keywords")...)
}

// mediaCategory is Media RSS's: the text is the code, the label is for people.
func (b *builder) mediaCategory(e *element) {
	scheme := e.attr("scheme")
	if scheme == "http://search.yahoo.com/mrss/category_schema" { // the default
		scheme = ""
	}
	b.subject(scheme, e.value, e.attr("label"))
}

// plainLine is text that may be HTML, on one line.
func plainLine(s string) string {
	return words{value: s, isHTML: looksHTML(s)}.line()
}
