package newswire

import (
	"strings"

	"wireroom/article"
	"wireroom/sources"
)

// parseNITF reads an NITF document (3.0 to 3.6).
func parseNITF(doc *sources.Document, root *node, o Options) error {
	d := newDraft(o)
	d.rec.Language = article.Language(first(root.get("xml:lang"), root.get("baselang"), root.child("body").get("xml:lang")))
	d.nitfHead(root)
	d.nitfBody(root)
	d.topics()
	if d.rec.Headline == "" && len(d.blocks) == 0 && d.guid == "" {
		return refuse(NITF, "the document has neither id nor headline nor text")
	}
	add(doc, d)
	return nil
}

// nitfHead reads the head: docdata, tobject, meta.
func (d *draft) nitfHead(root *node) {
	head := root.child("head")
	dd := head.child("docdata")
	r := &d.rec
	du := dd.child("du-key")
	d.guid = first(dd.child("doc-id").get("id-string"), du.get("key"), d.meta(head, "id", "guid"))
	r.Version = max(atoi(du.get("version")), atoi(du.get("generation")), atoi(dd.child("series").get("series.part")))
	d.agency(first(dd.child("doc-id").get("regsrc"), dd.at("del-list/from-src").get("src-name"), d.meta(head, "source", "kilde")))
	d.created = first(dd.child("date.issue").get("norm"), head.child("pubdata").get("date.publication"))
	d.updated = first(head.child("revision-history").get("norm"), d.created)
	d.agency(d.meta(head, "ntbkilde"))
	d.nitfDates(dd)
	if u := atoi(first(dd.child("urgency").get("ed-urg"), head.child("urgency").get("ed-urg"))); u >= 1 && u <= 9 {
		r.Urgency = u
	}
	for _, e := range dd.all("ed-msg") {
		d.editorsNote(cut(e.get("info"), maxEdNote))
	}
	if c := head.child("revision-history").get("comment"); c != "" {
		d.editorsNote(cut(c, maxEdNote))
		d.signal(strings.ToLower(strings.TrimRight(strings.SplitN(c, " ", 2)[0], "S")))
	}
	c := dd.child("doc.copyright")
	if holder := c.get("holder"); holder != "" {
		r.Rights.Copyright = strings.TrimSpace("© " + c.get("year") + " " + holder)
		r.Publisher.Name = strings.TrimSuffix(strings.SplitN(holder, ". ", 2)[0], ".")
		d.agency(r.Publisher.Name)
	}
	r.Rights.Terms = first(dd.child("doc.rights").get("type"), dd.child("doc.rights").get("limitations"))
	d.nitfSubjects(head)
	r.Headline = head.child("title").line()
	r.Slugline = d.meta(head, "slug", "slugline", "ntbstikkord", "anpa-keyword")
	if k := du.get("key"); strings.Contains(k, "-") && k != d.guid {
		r.Slugline = first(r.Slugline, k)
	}
}

// nitfDates reads the dates that hold an item back or end it.
func (d *draft) nitfDates(dd *node) {
	r := &d.rec
	r.Published, r.Updated = instant(d.created), instant(d.updated)
	if r.Updated.Before(r.Published) {
		r.Updated = r.Published
	}
	r.Expires = instant(dd.child("date.expire").get("norm"))
	st := dd.get("management-status")
	release := instant(dd.child("date.release").get("norm"))
	d.setStatus(st, "")
	if release.After(r.Published) {
		d.rec.Embargo = release
		if strings.EqualFold(st, "embargoed") {
			d.rec.Status = article.Usable
		}
	}
}

// meta returns the content of the first meta element of one of the names.
func (d *draft) meta(head *node, names ...string) string {
	for _, m := range head.all("meta") {
		name := strings.ToLower(m.get("name"))
		for _, n := range names {
			if name == n && m.get("content") != "" {
				return m.get("content")
			}
		}
	}
	return ""
}

// nitfSubjects reads tobject and the key list.
func (d *draft) nitfSubjects(head *node) {
	for _, t := range head.all("tobject") {
		d.genre(t.get("tobject.type"))
		for _, p := range t.all("tobject.property") {
			d.genre(p.get("tobject.property.type"))
		}
		for _, s := range t.all("tobject.subject") {
			code := s.get("tobject.subject.refnum")
			d.subject("", code, first(s.get("tobject.subject.detail"), s.get("tobject.subject.matter"), s.get("tobject.subject.type")))
		}
	}
	dd := head.child("docdata")
	for _, list := range dd.all("key-list") {
		for _, k := range list.all("keyword") {
			d.keyword(first(k.get("key"), k.line()))
		}
	}
	for _, list := range dd.all("identified-content") {
		d.nitfNames(list)
	}
	for _, e := range dd.all("evloc") {
		d.place(first(e.get("city"), e.line()))
	}
}

// nitfNames reads the names that a text or a list of identified content marks.
func (d *draft) nitfNames(n *node) {
	n.each("person", func(p *node) { d.person(p.line()) })
	n.each("org", func(p *node) { d.organisation(first(p.get("value"), p.line())) })
	n.each("location", func(p *node) { d.place(first(p.child("city").line(), p.get("city"), p.line())) })
	n.each("classifier", func(c *node) {
		scheme, code := qcode(first(c.get("idsrc"), c.get("type")))
		if scheme == "" {
			scheme = code
		}
		d.subject(alias(scheme), c.get("value"), c.line())
	})
}

// nitfBody reads the body, of a document or inside NewsML. What the metadata
// around it said stands.
func (d *draft) nitfBody(root *node) {
	r := &d.rec
	body := root.child("body")
	if body == nil {
		body = root
	}
	bh := body.child("body.head")
	hed := bh.child("hedline")
	if h := first(hed.child("hl1").line(), hed.line()); h != "" {
		r.Headline = h
	} else if r.Headline == "" {
		r.Headline = root.at("head/title").line()
	}
	if h := hed.child("hl2").line(); h != "" && h != r.Headline {
		r.Standfirst = first(r.Standfirst, h)
	}
	if b := bh.child("byline"); b != nil {
		r.Byline = first(r.Byline, nitfByline(b))
	}
	d.agency(bh.child("distributor").line())
	d.nitfDateline(bh.child("dateline"))
	if a := bh.child("abstract").line(); a != "" && r.Standfirst == "" {
		r.Standfirst = a
	}
	for _, n := range bh.all("note") {
		d.editorsNote(cut(n.line(), maxEdNote))
	}
	d.blocks = flatten(body.child("body.content"), d.base)
	if t := body.at("body.end/tagline").line(); t != "" {
		d.blocks = append(d.blocks, block{kind: "paragraph", text: t})
	}
}

// nitfByline joins what stands in a byline: "By BERNARD CONDON", title.
func nitfByline(b *node) string {
	var parts []string
	for _, k := range b.kids {
		t := k.line()
		if t == "" {
			continue
		}
		if k.name == "byttl" && len(parts) > 0 {
			parts[len(parts)-1] = strings.TrimRight(parts[len(parts)-1], ", ")
			t = ", " + t
		} else if len(parts) > 0 {
			t = " " + t
		}
		parts = append(parts, t)
	}
	return strings.TrimSpace(strings.Join(parts, ""))
}

// nitfDateline reads a dateline as text or by its parts.
func (d *draft) nitfDateline(n *node) {
	if n == nil || d.rec.Dateline.Text != "" {
		return
	}
	loc := n.child("location")
	if loc == nil || loc.child("city") == nil {
		if t := n.line(); t != "" {
			if loc != nil && n.child("story.date") != nil {
				t = strings.TrimSuffix(loc.line()+", "+n.child("story.date").line(), ", ")
			}
			d.datelineField(t)
		}
		return
	}
	var parts []string
	for _, name := range [...]string{"city", "sublocation", "state", "region", "country"} {
		if t := loc.child(name).line(); t != "" {
			parts = append(parts, t)
		}
	}
	if len(parts) == 0 {
		return
	}
	d.rec.Dateline.Places = append(d.rec.Dateline.Places, parts[0])
	d.located = append(d.located, parts[0])
	if len(parts) > 1 {
		d.place(parts[len(parts)-1])
	}
}
