package syndication

import (
	"strings"

	"wireroom/article"
)

// link is an Atom link (RFC 4287 section 4.2.7), of Atom or within RSS.
type link struct{ rel, href, kind, title, length string }

// links are Atom's own, whose attributes are read as they are written.
func (x fields) links() (list []link) {
	for e := range x.all("link") {
		list = append(list, link{relation(e.exact("rel")), e.exact("href"), mime(e.exact("type")), e.exact("title"), e.exact("length")})
	}
	return list
}

// atomLinks are Atom's within RSS, whose attributes may be written in any case.
func (x fields) atomLinks() (list []link) {
	for e := range x.all("atom.link") {
		list = append(list, link{relation(e.attr("rel")), e.attr("href"), mime(e.attr("type")), e.attr("title"), e.attr("length")})
	}
	return list
}

// relation is a link's relation in one spelling: IANA's names may be written as
// addresses (RFC 4287 section 4.2.7.2), none is "alternate".
func relation(rel string) string {
	rel = strings.ToLower(strings.TrimSpace(rel))
	for _, p := range [...]string{"http://www.iana.org/assignments/relation/", "https://www.iana.org/assignments/relation/", "http://www.iana.org/assignments/link-relations/"} {
		rel = strings.TrimPrefix(rel, p)
	}
	if rel == "" {
		return "alternate"
	}
	return rel
}

func mime(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(s))
}

// alternate chooses the link to the article itself: a page if there is one, else
// one of unknown type, else any; the first of several.
func alternate(list []link, resolve func(ref string) string) string {
	best, rank := "", 0
	for _, l := range list {
		if l.rel != "alternate" && l.rel != "canonical" {
			continue
		}
		r := 1
		switch l.kind {
		case "text/html", "application/xhtml+xml":
			r = 3
		case "":
			r = 2
		}
		if r <= rank {
			continue
		}
		if u := resolve(l.href); u != "" {
			best, rank = u, r
		}
	}
	return best
}

// other reads the links of an entry that are not to the article itself.
func (b *builder) other(list []link, local string) {
	r := &b.it.Record
	for _, l := range list {
		u := b.resolve(local, l.href)
		if u == "" {
			continue
		}
		switch l.rel {
		case "related":
			r.Links.Related = append(r.Links.Related, article.Link{URL: u, Title: l.title})
		case "via":
			first(&r.Links.Via, u)
		case "shortlink":
			first(&r.Links.Short, u)
		case "replies":
			if l.kind == "" || strings.Contains(l.kind, "html") {
				first(&r.Links.Comments, u)
			}
		case "license", "copyright":
			first(&r.Rights.License, u)
		case "enclosure":
			b.add(article.Media{URL: u, Type: l.kind, Title: l.title, Length: size(l.length)})
		}
	}
}

// one returns the URL of the first link with the relation.
func one(list []link, rel string, resolve func(ref string) string) string {
	for _, l := range list {
		if l.rel == rel {
			if u := resolve(l.href); u != "" {
				return u
			}
		}
	}
	return ""
}

// all returns the URLs of all links with the relation, without doubles.
func all(list []link, rel string, resolve func(ref string) string) []string {
	var urls []string
	for _, l := range list {
		if l.rel == rel {
			urls = unique(urls, resolve(l.href))
		}
	}
	return urls
}

// permalink is the id of an RSS item as a link, unless the feed says that it is
// none.
func permalink(e *element, resolve func(ref string) string) string {
	switch strings.ToLower(e.attr("isPermaLink")) {
	case "false", "0", "no":
		return ""
	}
	if addressed(e.value) {
		return resolve(e.value)
	}
	return ""
}

// addressed reports whether an id is an address: of the web, or a path. Other ids
// name things, even where they could be read as relative addresses ("1").
func addressed(id string) bool { return webAddress(id) || strings.HasPrefix(id, "/") }

// webAddress reports whether s begins as an absolute address of the web does.
func webAddress(s string) bool {
	return len(s) > 8 && (strings.EqualFold(s[:7], "http://") || strings.EqualFold(s[:8], "https://"))
}

// first sets a text that nothing has set yet.
func first(field *string, s string) {
	if *field == "" {
		*field = s
	}
}

// unique appends s unless it is empty or there already.
func unique(list []string, s string) []string {
	if s == "" {
		return list
	}
	for _, o := range list {
		if o == s {
			return list
		}
	}
	return append(list, s)
}
