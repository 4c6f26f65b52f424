package newswire

import (
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// g2Content reads one contentMeta of a news item or a package.
func (d *draft) g2Content(item, cm *node) {
	r := &d.rec
	if u := atoi(cm.child("urgency").line()); u >= 1 && u <= 9 && r.Urgency == 0 {
		r.Urgency = u
	}
	if tag := article.Language(cm.child("language").get("tag")); tag != "" {
		r.Language = tag
	}
	for _, h := range cm.all("headline") {
		d.g2Headline(h)
	}
	for _, x := range cm.all("description") {
		d.g2Description(x)
	}
	r.Slugline = first(r.Slugline, cm.child("slugline").line())
	if len(r.Slugline) > 1 && strings.Contains(r.Slugline, "(") {
		d.slug()
	}
	r.Byline = first(r.Byline, pickLang(cm.all("by"), r.Language))
	if t := cm.child("dateline").line(); r.Dateline.Text == "" && t != "" {
		d.datelineField(t)
	}
	for _, c := range cm.all("creator") {
		d.g2Creator(c)
	}
	for _, c := range cm.all("contributor") {
		d.agency(first(c.get("literal"), pickLang(c.all("name"), r.Language)))
	}
	for _, s := range cm.all("infosource") {
		d.agency(first(s.get("literal"), pickLang(s.all("name"), r.Language), s.get("qcode")))
	}
	for _, c := range cm.all("creditline") {
		d.agency(strings.Trim(c.line(), "-–— "))
	}
	for _, k := range cm.all("keyword") {
		d.keyword(k.line())
	}
	for _, g := range cm.all("genre") {
		d.genre(pickLang(g.all("name"), "en"), g.get("qcode"), g.get("literal"))
	}
	for _, s := range cm.all("subject") {
		d.g2Subject(item, s)
	}
	d.g2Located(cm)
}

// g2Headline sorts headlines by role: the main one, the kicker, the line below.
func (d *draft) g2Headline(h *node) {
	text := h.line()
	role := strings.ToLower(h.get("role"))
	r := &d.rec
	switch {
	case text == "":
	case strings.Contains(role, "kicker"), strings.Contains(role, "overline"), strings.Contains(role, "strap"):
		r.Kicker = first(r.Kicker, text)
	case strings.Contains(role, "sub"), strings.Contains(role, "deck"):
		if text != r.Headline {
			r.Standfirst = first(r.Standfirst, text)
		}
	case role == "", strings.Contains(role, "main"):
		r.Headline = text
	default:
		r.Headline = first(r.Headline, text)
	}
}

// g2Description sorts descriptions by role. The caption of a text is some
// systems' copy of its head and says nothing new.
func (d *draft) g2Description(x *node) {
	text := x.line()
	role := strings.ToLower(x.get("role"))
	r := &d.rec
	switch {
	case text == "":
	case strings.Contains(role, "script"):
		d.script = first(d.script, text)
	case strings.Contains(role, "caption"):
		if d.media() != "" {
			r.Standfirst = first(r.Standfirst, text)
		}
	default:
		r.Standfirst = first(r.Standfirst, text)
	}
}

// assertion finds what the item asserts of a concept; nil if nothing.
func (d *draft) assertion(item *node, code string) *node {
	if d.asserted == nil {
		d.asserted = map[string]*node{}
		for _, a := range item.all("assert") {
			for _, id := range [...]string{a.get("qcode"), a.get("uri"), a.get("literal")} {
				if id != "" {
					d.asserted[id] = a
				}
			}
		}
	}
	return d.asserted[code]
}

// slug takes the marks out of a slugline: "USA-SHUTDOWN/TOURISTS (UPDATE 1,
// PIX, TV)".
func (d *draft) slug() {
	d.marks(wirecopy.ReadHeadline(d.rec.Slugline))
}

func (d *draft) g2Creator(c *node) {
	name := d.g2Party(c)
	role := strings.ToLower(c.get("role"))
	if name == "" {
		return
	}
	if _, ok := wireName(name); ok {
		d.agency(name)
		return
	}
	if strings.Contains(role, "photog") {
		d.photographer = first(d.photographer, name)
	}
	if strings.Contains(name, " ") && nameLike(name) && !company(name) {
		d.people = append(d.people, article.Person{Name: name, URL: article.CanonicalURL(c.get("uri"))})
	}
}

// g2Subject adds a subject as what it is: a topic, a place, a person, an
// organisation. Names that the item gives once for all stand in its assertions.
func (d *draft) g2Subject(item, s *node) {
	code := first(s.get("qcode"), s.get("uri"))
	if m := s.child("mainconcept"); m != nil && code == "" { // NewsML-G2 2.31: the facets only refine it
		m.attr = append(m.attr, s.attr...)
		d.g2Subject(item, m)
		return
	}
	name := pickLang(s.all("name"), d.rec.Language)
	if name == "" {
		name = pickLang(d.assertion(item, code).all("name"), d.rec.Language)
	}
	if l := s.get("literal"); name == "" && (s.get("type") == "" || !strings.ContainsAny(l, "0123456789")) { // of a place, a code says nothing
		name = l
	}
	scheme, id := qcode(code)
	_, nature := qcode(s.get("type"))
	switch nature = strings.ToLower(nature); {
	case nature == "geoarea", nature == "poi", s.get("type") == "cptType:5", scheme == "dpacountry", scheme == "dpaarea":
		d.place(name)
		return
	case nature == "person":
		d.person(name)
		return
	case nature == "organisation", nature == "organization":
		d.organisation(name)
		return
	}
	if code == "" {
		id = ""
		if parts := strings.Split(name, ":"); len(parts) == 3 && bare(parts[1]) != "" { // "TT:02000000:LAG"
			id, name = parts[1], parts[2]
		}
	}
	d.subject(scheme, id, name)
	for _, same := range s.all("sameas") {
		if sc, c := qcode(first(same.get("qcode"), same.get("uri"))); sc == "medtop" && scheme != "medtop" {
			d.subject(sc, c, first(pickLang(same.all("name"), d.rec.Language), name))
		}
	}
}

// g2Located keeps where the content was made; it is the dateline's place where
// the text has no dateline.
func (d *draft) g2Located(cm *node) {
	for _, l := range cm.all("located") {
		if name := first(pickLang(l.all("name"), d.rec.Language), l.get("literal")); name != "" && len(d.located) < 4 {
			d.located = append(d.located, name)
		}
	}
}
