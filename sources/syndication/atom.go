package syndication

import (
	"fmt"
	"strings"

	gofeedatom "github.com/mmcdole/gofeed/atom"

	"wireroom/article"
	"wireroom/sources/repair"
)

// readAtom reads Atom 0.3 and 1.0.
func (f *reading) readAtom() error {
	feed, err := f.parseAtom()
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	x, d := f.fields(feed.Extensions), &f.doc
	d.Title = x.title("title")
	d.ID = verbatim(x.value("id"))
	first(&d.ID, verbatim(f.r.ID))
	f.speak(f.r.Lang, x.value("dc.language"))
	d.Rights = x.title("rights", "copyright", "dc.rights")
	f.license = license(x, f.resolve)
	list := linksOf(feed.Links)
	d.Home = alternate(list, f.resolve)
	f.around(list)
	d.Icon = f.resolve(x.value("icon", "logo"))
	d.TTL = ttl("", x.value("sy.updateperiod"), x.value("sy.updatefrequency"))

	authors := persons(feed.Authors, "", f.resolve)
	for i, e := range feed.Entries {
		b := f.item(f.entry(i, len(feed.Entries)))
		b.atom(e, f.itemFields(i, len(feed.Entries), e.Extensions), authors)
		b.close()
	}
	f.deleted(x)
	return nil
}

func (b *builder) atom(e *gofeedatom.Entry, x fields, authors []article.Person) {
	r := &b.it.Record
	r.Headline = x.title("title")
	first(&r.Headline, x.line("media.title", "itunes.title", "dc.title", "dcterms.title"))
	first(&r.Headline, x.grouped())
	b.it.GUID = verbatim(x.value("id"))
	first(&b.it.GUID, verbatim(b.entry.ID))
	for _, n := range [...]string{"title", "summary", "content"} {
		for _, t := range x[n] {
			b.speak(t.Attrs["lang"])
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

	b.atomLinks(e, x)
	b.atomPeople(e, x, authors)
	for _, c := range e.Categories {
		b.subject(c.Scheme, c.Term, c.Label)
	}
	r.Rights.Copyright = x.title("rights", "copyright")
	b.source(e.Source)
	b.module(x)
	b.published = x.latest("published", "issued", "dcterms.issued", "created", "dcterms.created")
	b.updated = x.latest("updated", "modified", "dcterms.modified", "dc.date")
}

func (b *builder) atomLinks(e *gofeedatom.Entry, x fields) {
	r, list := &b.it.Record, linksOf(e.Links)
	resolve := func(u string) string { return b.resolve("link", u) }
	for _, l := range x.values("feedburner.origlink") {
		first(&r.Links.Canonical, resolve(l))
	}
	first(&r.Links.Canonical, alternate(list, resolve))
	if addressed(b.it.GUID) {
		first(&r.Links.Canonical, b.resolve("id", b.it.GUID))
	}
	for _, c := range x["content"] {
		src := b.resolve("content", attr(c, "src"))
		kind := mime(attr(c, "type"))
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
func (b *builder) atomPeople(e *gofeedatom.Entry, x fields, authors []article.Person) {
	resolve := func(u string) string { return b.resolve("author", u) }
	list := persons(e.Authors, "", resolve)
	if len(list) == 0 {
		for _, name := range x.values("dc.creator", "dcterms.creator") {
			b.credit(plainLine(name))
		}
	}
	if len(list) == 0 && len(b.it.Record.Authors) == 0 {
		if list = authors; e.Source != nil && len(e.Source.Authors) > 0 {
			list = persons(e.Source.Authors, "", resolve)
		}
	}
	b.named(list)
	for _, p := range persons(e.Contributors, "contributor", func(u string) string { return b.resolve("contributor", u) }) {
		p.Name = withoutMail(article.Line(p.Name))
		b.person(p)
	}
}

func persons(list []*gofeedatom.Person, role string, resolve func(string) string) []article.Person {
	var out []article.Person
	for _, p := range list {
		if name := plainLine(p.Name); name != "" {
			out = append(out, article.Person{Name: name, Role: role, URL: resolve(p.URI)})
		}
	}
	return out
}

// source reads what feed an entry was copied from: a claim, of which rights hold
// for the entry too (RFC 4287 section 4.2.11).
func (b *builder) source(s *gofeedatom.Source) {
	if s == nil {
		return
	}
	x, r := b.f.fields(s.Extensions), &b.it.Record
	address := alternate(linksOf(s.Links), func(u string) string { return b.resolve("source", u) })
	first(&address, x.value("id"))
	r.Source.Via = via("", address)
	if t := x.title("title"); t != "" {
		r.Source.Via = t
	}
	first(&r.Rights.Copyright, x.title("rights", "copyright"))
}

// deleted reads tombstones (RFC 6721): the entry with that id is withdrawn.
func (f *reading) deleted(x fields) {
	for _, e := range x["at.deleted-entry"] {
		id := verbatim(attr(e, "ref"))
		if id == "" {
			continue
		}
		b := f.item(repair.Entry{Base: f.r.Base, Lang: f.r.Lang})
		b.it.GUID = id
		r := &b.it.Record
		r.Status = article.Canceled
		r.Revision = article.Revision{Kind: "withdrawal", Note: plainLine(child(e, "comment"))}
		b.updated = []string{attr(e, "when")}
		b.close()
	}
}
