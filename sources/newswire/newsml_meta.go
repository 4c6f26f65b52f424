package newswire

import (
	"strings"

	"wireroom/article"
)

// newsmlMeta reads the metadata of one component.
func (d *draft) newsmlMeta(n *node, names map[string]string) {
	am := n.child("administrativemetadata")
	r := &d.rec
	for _, role := range [...]string{"provider", "creator", "source", "contributor"} {
		for _, c := range am.all(role) {
			for _, p := range c.all("party") {
				d.newsmlParty(role, first(p.get("formalname"), p.line()))
			}
		}
	}
	dm := n.child("descriptivemetadata")
	if l := article.Language(dm.child("language").get("formalname")); l != "" && (r.Language == "" || sameLanguage(r.Language, l) && len(l) > len(r.Language)) {
		r.Language = l
	}
	d.genre(dm.child("genre").get("formalname"))
	for _, sc := range dm.all("subjectcode") {
		for _, k := range sc.kids {
			code := k.get("formalname")
			if k.name == "" || code == "" {
				continue
			}
			d.subject(alias(k.get("scheme")), code, names[code])
		}
	}
	for _, l := range dm.all("location") {
		d.newsmlLocation(l)
	}
	for _, p := range append(dm.all("property"), n.child("metadata").all("property")...) {
		name, value := strings.ToLower(p.get("formalname")), p.get("value")
		switch {
		case name == "keyword":
			d.keyword(value)
		case strings.HasSuffix(name, "countrykeywords"), strings.HasSuffix(name, "regionkeywords"), strings.HasSuffix(name, "statekeywords"):
			d.place(value)
		case strings.HasSuffix(name, "keywords") && len(value) < 80:
			d.keyword(value)
		case name == "city":
			d.located = append(d.located[:len(d.located):len(d.located)], value)
		}
	}
	for _, t := range dm.all("topicoccurrence") {
		d.keyword(names[strings.TrimPrefix(t.get("topic"), "#")])
	}
}

// newsmlParty reads who provided, made or was the source of a text.
func (d *draft) newsmlParty(role, name string) {
	if name = fields(name); name == "" {
		return
	}
	if role == "provider" && d.rec.Publisher.Name == "" {
		d.rec.Publisher.Name = house(name)
	}
	if role == "contributor" {
		return
	}
	found := false
	for part := range strings.SplitSeq(name, "/") { // "ANP/BELGA"
		if _, ok := wireName(part); ok {
			d.agency(part)
			found = true
		}
	}
	if role == "creator" && !found && strings.Contains(name, " ") && nameLike(name) && len(d.people) < maxNames && !strings.ContainsAny(name, "0123456789") {
		d.people = append(d.people, article.Person{Name: name})
	}
}

func (d *draft) newsmlLocation(l *node) {
	origin := strings.EqualFold(l.get("howpresent"), "origin") || l.get("howpresent") == ""
	for _, p := range l.all("property") {
		value := p.get("value")
		switch strings.ToLower(p.get("formalname")) {
		case "city":
			if origin && value != "" && len(d.located) == 0 {
				d.located = append(d.located, value)
			} else {
				d.place(value)
			}
		case "country", "countryname":
			if len(value) > 3 {
				d.place(value)
			}
		}
	}
}
