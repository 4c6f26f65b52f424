package syndication

import (
	"iter"
	"slices"
	"strings"

	"wireroom/article"
)

// maxAuthors is how many people one item may credit (input.md L3).
const maxAuthors = 32

// credit adds the people of one author text to the item: "Jane Doe", "By Jane Doe
// and John Roe", "desk@example.org (Jane Doe)", "Jane Doe <jane@example.org>".
// Addresses are left out, since nobody asked to have them published. What it says
// stays as the byline; agencies in it are credited as agencies.
func (b *builder) credit(s string) {
	name := withoutMail(article.Line(article.Cut(s, maxPlain)))
	if name == "" {
		return
	}
	r := &b.it.Record
	if r.Byline != "" && !strings.Contains(r.Byline, name) {
		r.Byline += ", " + name
	} else {
		first(&r.Byline, name)
	}
	people, agencies := b.f.bylines.Read(name)
	if surnameFirst(name) || len(people)+len(agencies) == 0 {
		people, agencies = []article.Person{{Name: name}}, nil
	}
	for _, p := range people {
		b.person(p)
	}
	for _, a := range agencies {
		r.Agencies = unique(r.Agencies, a)
	}
}

// person adds one person unless the name is there already.
func (b *builder) person(p article.Person) {
	p.Name = article.Cut(article.Line(p.Name), 256)
	list := &b.it.Record.Authors
	if p.Name == "" || len(*list) >= maxAuthors {
		return
	}
	i := slices.IndexFunc(*list, func(o article.Person) bool { return strings.EqualFold(o.Name, p.Name) })
	if i < 0 {
		*list = append(*list, p)
		return
	}
	first(&(*list)[i].URL, p.URL)
	first(&(*list)[i].Role, p.Role)
}

// named adds people that a format names one by one, with what it knows of them.
// A single name may still be a byline.
func (b *builder) named(list []article.Person) {
	r := &b.it.Record
	for _, p := range list {
		p.Name = withoutMail(article.Line(article.Cut(p.Name, maxPlain)))
		if len(list) == 1 && p.URL == "" && p.Role == "" {
			b.credit(p.Name)
			return
		}
		b.person(p)
		if p.Name == "" || p.Role != "" {
			continue
		}
		if r.Byline != "" {
			r.Byline += ", "
		}
		r.Byline += p.Name
	}
}

// withoutMail is a name without the mail addresses beside it.
func withoutMail(s string) string {
	if strings.IndexByte(s, '@') < 0 {
		return strings.TrimSpace(s)
	}
	var kept []string
	for _, w := range strings.Fields(s) {
		bare := strings.Trim(strings.TrimPrefix(strings.ToLower(w), "mailto:"), `<>()[]"',;:`)
		if at := strings.IndexByte(bare, '@'); at > 0 && strings.IndexByte(bare[at:], '.') > 0 || bare == "" {
			continue
		}
		kept = append(kept, w)
	}
	s = strings.Join(kept, " ")
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.Count(s, "(") == 1 {
		s = s[1 : len(s)-1]
	}
	return strings.Trim(s, ` <>"',;:`)
}

// surnameFirst reports whether a name is written as libraries do, "Doe, Jane",
// and not a list of two.
func surnameFirst(s string) bool {
	last, given, ok := strings.Cut(s, ", ")
	return ok && !strings.Contains(given, ",") && !strings.Contains(last, " ") &&
		!strings.Contains(given, " ") && strings.ToUpper(last) != last && strings.ToLower(given) != given
}

// atomPeople are the persons (RFC 4287 section 3.2) of extensions within RSS.
func atomPeople(list iter.Seq[*element], role string, resolve func(ref string) string) []article.Person {
	var people []article.Person
	for e := range list {
		name := e.child("name")
		if name == "" {
			name = e.value
		}
		uri := e.child("uri")
		if uri == "" {
			uri = e.child("url")
		}
		people = append(people, article.Person{Name: name, Role: role, URL: resolve(uri)})
	}
	return people
}
