package feed

import "wireroom/article"

// bound is an upper bound of the entry's bytes in the format where it is
// longest, and not far above: by it documents are kept below MaxBytes without
// rendering them twice.
func (e *entry) bound(s *Site) int {
	r := e.rec
	n := 600 + 4*len(s.about()) + markupSize(e.content) + escaped(e.title) + 2*escaped(e.summary) + len(e.id) + 2*escaped(e.link) + escaped(e.via) + escaped(e.replies)
	n += 2*escaped(e.rights) + 2*escaped(e.license) + escaped(e.owner.name) + escaped(e.owner.url)
	n += 2*escaped(e.source.name) + escaped(e.source.feed) + escaped(e.source.home) + escaped(e.source.id) + escaped(e.source.rights) + 3*len(e.source.source)
	for _, c := range e.categories {
		n += 60 + escaped(c.name) + 4*len(c.code) + len(c.scheme)
	}
	for _, c := range first(r.Subjects) {
		n += 40 + escaped(article.Cut(c.Name, maxLine)) + escaped(article.Cut(c.Code, maxLine)) + escaped(article.Cut(c.Scheme, maxLine))
	}
	for _, list := range [][]media{e.images, e.others} {
		for i := range list {
			m := &list[i]
			n += 480 + 3*escaped(m.url) + escaped(m.caption) + escaped(m.credit) + escaped(m.copyright) + 2*escaped(m.title) + escaped(m.thumbnail) + 2*len(m.mime)
		}
	}
	for _, l := range e.related {
		n += 60 + escaped(l.URL) + escaped(l.Title)
	}
	for _, p := range e.people {
		n += 70 + escaped(p.name) + escaped(p.url)
	}
	for _, c := range e.contributors {
		n += 70 + 2*escaped(c)
	}
	for _, t := range [...]string{r.Revision.Note, r.Revision.Kind, r.Byline, r.Kicker, r.Slugline, r.Genre, r.Dateline.Text, r.Dateline.Date,
		r.Dateline.Agency, r.Publisher.Name, r.Links.Short, r.Story.ID} {
		n += escaped(article.Cut(t, maxSummary))
	}
	for _, p := range first(r.Dateline.Places) {
		n += 10 + escaped(article.Cut(p, maxLine))
	}
	return n
}

// markupSize is the longest that HTML gets as a text: Atom escapes its markup,
// JSON its quotes and line ends, RSS nothing.
func markupSize(s string) int {
	xml, json := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&':
			xml += len("&amp;") - 1
		case '<', '>':
			xml += len("&lt;") - 1
		case '"', '\\', '\n':
			json++
		}
	}
	return len(s) + max(xml, json)
}

// escaped is the longest that plain text gets in XML or JSON.
func escaped(s string) int {
	n := len(s)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&', '<', '>', '"', '\'', '\t':
			n += 5
		case '\\', '\n':
			n++
		}
	}
	return n
}
