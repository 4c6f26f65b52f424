package syndication

import (
	"fmt"
	"iter"
	"strings"

	"wireroom/article"
	"wireroom/sources/repair"
)

// readAtom reads Atom 0.3 and 1.0.
func (f *reading) readAtom() error {
	feed, err := f.parseAtom()
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	x, d := feed.about, &f.doc
	d.Title = x.title("title")
	d.ID = verbatim(x.value("id"))
	first(&d.ID, verbatim(f.r.ID))
	f.speak(f.r.Lang, x.value("dc.language"))
	d.Rights = x.title("rights", "copyright", "dc.rights")
	f.license = license(x, f.resolve)
	list := x.links()
	d.Home = alternate(list, f.resolve)
	f.around(list)
	d.Icon = f.resolve(x.value("icon", "logo"))
	d.TTL = ttl("", x.value("sy.updateperiod"), x.value("sy.updatefrequency"))

	authors := persons(x.all("author"), "", f.resolve)
	for i, e := range feed.items {
		b := f.item(f.entry(i, len(feed.items)))
		b.atom(e, authors)
		b.close()
	}
	f.deleted(x)
	return nil
}

func (b *builder) atom(x fields, authors []article.Person) {
	r := &b.it.Record
	r.Headline = x.title("title")
	first(&r.Headline, x.line("media.title", "itunes.title", "dc.title", "dcterms.title"))
	first(&r.Headline, x.grouped())
	b.it.GUID = verbatim(x.value("id"))
	first(&b.it.GUID, verbatim(b.entry.ID))
	for _, n := range [...]string{"title", "summary", "content"} {
		for t := range x.all(n) {
			b.speak(t.exact("lang"))
		}
	}

	content := x.piece(construct, "content")
	if content.empty() {
		content = x.piece(untyped, "content.encoded")
	}
	summary := x.piece(construct, "summary")
	if summary.empty() {
		summary = x.piece(untyped, "dc.description")
	}
	if summary.empty() {
		summary = described(x)
	}
	b.body(content, summary)

	b.atomLinks(x)
	b.atomPeople(x, authors)
	for e := range x.all("category") {
		b.subject(e.exact("scheme"), e.exact("term"), e.exact("label"))
	}
	r.Rights.Copyright = x.title("rights", "copyright")
	if e := x.final("source"); e != nil {
		b.source(e.children)
	}
	b.module(x)
	b.published = x.latest("published", "issued", "dcterms.issued", "created", "dcterms.created")
	b.updated = x.latest("updated", "modified", "dcterms.modified", "dc.date")
}

func (b *builder) atomLinks(x fields) {
	r, list := &b.it.Record, x.links()
	resolve := func(u string) string { return b.resolve("link", u) }
	for _, l := range x.values("feedburner.origlink") {
		first(&r.Links.Canonical, resolve(l))
	}
	first(&r.Links.Canonical, alternate(list, resolve))
	if addressed(b.it.GUID) {
		first(&r.Links.Canonical, b.resolve("id", b.it.GUID))
	}
	for c := range x.all("content") {
		src := b.resolve("content", c.attr("src"))
		kind := mime(c.attr("type"))
		if m := medium(article.Media{URL: src, Type: kind}); m != "" && !strings.Contains(kind, "html") {
			b.add(article.Media{URL: src, Type: kind})
		} else { // the content is a page elsewhere (RFC 4287 section 4.1.3.2)
			first(&r.Links.Canonical, src)
		}
	}
	b.other(list, "link")
}

// atomPeople credits the entry's authors, else its source's, else the feed's
// (RFC 4287 section 4.2.1).
func (b *builder) atomPeople(x fields, authors []article.Person) {
	resolve := func(u string) string { return b.resolve("author", u) }
	list := persons(x.all("author"), "", resolve)
	if len(list) == 0 {
		for _, name := range x.values("dc.creator", "dcterms.creator") {
			b.credit(plainLine(name))
		}
	}
	if len(list) == 0 && len(b.it.Record.Authors) == 0 {
		list = authors
		if e := x.final("source"); e != nil && e.children.first("author") != nil {
			list = persons(e.children.all("author"), "", resolve)
		}
	}
	b.named(list)
	for _, p := range persons(x.all("contributor"), "contributor", func(u string) string { return b.resolve("contributor", u) }) {
		p.Name = withoutMail(article.Line(p.Name))
		b.person(p)
	}
}

func persons(list iter.Seq[*element], role string, resolve func(string) string) []article.Person {
	var out []article.Person
	for p := range list {
		if name := plainLine(p.raw("name")); name != "" {
			out = append(out, article.Person{Name: name, Role: role, URL: resolve(p.raw("uri"))})
		}
	}
	return out
}

// source reads what feed an entry was copied from: a claim, of which rights hold
// for the entry too (RFC 4287 section 4.2.11).
func (b *builder) source(x fields) {
	r := &b.it.Record
	address := alternate(x.links(), func(u string) string { return b.resolve("source", u) })
	first(&address, x.value("id"))
	r.Source.Via = via("", address)
	if t := x.title("title"); t != "" {
		r.Source.Via = t
	}
	first(&r.Rights.Copyright, x.title("rights", "copyright"))
}

// deleted reads tombstones (RFC 6721): the entry with that id is withdrawn.
func (f *reading) deleted(x fields) {
	for e := range x.all("at.deleted-entry") {
		id := verbatim(e.attr("ref"))
		if id == "" {
			continue
		}
		b := f.item(repair.Entry{Base: f.r.Base, Lang: f.r.Lang})
		b.it.GUID = id
		r := &b.it.Record
		r.Status = article.Canceled
		r.Revision = article.Revision{Kind: "withdrawal", Note: plainLine(e.child("comment"))}
		b.updated = []string{e.attr("when")}
		b.close()
	}
}
