package feed

import (
	"net/url"
	"strings"

	"wireroom/article"
)

// schemes are the vocabularies that wires name by a short alias, with the IRI
// that their concepts begin with (IPTC NewsCodes).
var schemes = map[string]string{
	"medtop": "http://cv.iptc.org/newscodes/mediatopic/",
	"subj":   "http://cv.iptc.org/newscodes/subjectcode/",
	"genre":  "http://cv.iptc.org/newscodes/genre/",
}

// schemeIRI is the IRI of a scheme, or "" if it has none that we know.
func schemeIRI(raw string) string {
	if iri, ok := schemes[strings.ToLower(raw)]; ok {
		return iri
	}
	return webURL(raw)
}

// conceptIRI is the IRI of a code in a scheme, or "" without a scheme.
func conceptIRI(scheme, code string) string {
	if scheme == "" || code == "" {
		return ""
	}
	return scheme + url.PathEscape(code)
}

// categoriesOf are an article's topics, each once: the label above the headline,
// the subjects, the genre, then places, people, organisations and keywords.
func categoriesOf(r *article.Record) []category {
	var out []category
	seen := map[string]bool{}
	add := func(c category) {
		c.name = line(c.name)
		if c.name == "" {
			c.name = c.code
		}
		if key := strings.ToLower(c.name); key != "" && !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	for _, s := range first(r.Subjects) { // before the label: a coded topic says more
		c := category{name: s.Name, code: line(s.Code), raw: line(s.Scheme)}
		if c.scheme = schemeIRI(c.raw); c.code == "" {
			c.scheme, c.raw = "", ""
		}
		add(c)
	}
	add(category{name: r.Kicker})
	if r.Genre != "news" {
		add(category{name: r.Genre})
	}
	for _, list := range [][]string{r.Places, r.People, r.Organisations, r.Keywords} {
		for _, name := range first(list) {
			add(category{name: name})
		}
	}
	return out
}

// term is the category's value in Atom; label its name where that differs.
func (c *category) term() (term, label string) {
	if c.code == "" || c.code == c.name {
		return c.name, ""
	}
	return c.code, c.name
}

// domain is the RSS attribute that says which taxonomy a category is from: the
// concept's IRI, or scheme and code as wires write them.
func (c *category) domain() string {
	switch {
	case c.code == "":
		return ""
	case c.scheme != "":
		return conceptIRI(c.scheme, c.code)
	case c.raw != "":
		return c.raw + ":" + c.code
	}
	return ""
}
