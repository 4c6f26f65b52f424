package syndication

import (
	"fmt"
	"strings"

	"wireroom/article"
)

// readRSS reads RSS 0.9x, 1.0 and 2.0.
func (f *reading) readRSS() error {
	feed, err := f.parseRSS()
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	f.channel(feed.about)
	for i, x := range feed.items {
		b := f.item(f.entry(i, len(feed.items)))
		b.rss(x)
		b.close()
	}
	return nil
}

func (f *reading) channel(x fields) {
	d := &f.doc
	d.Title = x.line("title", "atom.title", "dc.title", "itunes.title")
	d.ID = verbatim(f.r.ID)
	first(&d.ID, verbatim(x.value("atom.id")))
	f.speak(append(x.values("language", "dc.language", "dcterms.language"), f.r.Lang)...)
	d.Rights = x.line("copyright", "rights", "dc.rights", "dcterms.rights", "atom.rights", "media.copyright")
	f.license = license(x, f.resolve)

	list := x.atomLinks()
	for _, l := range x.values("link") {
		if f.home(l); d.Home != "" {
			break
		}
	}
	if d.Home == "" {
		d.Home = alternate(list, f.resolve)
	}
	f.around(list)
	if e := x.final("image"); e != nil {
		d.Icon = f.picture(e.raw("url"))
	}
	for e := range x.all("itunes.image") {
		first(&d.Icon, f.picture(e.attr("href")))
	}
	d.TTL = ttl(x.value("ttl"), x.value("sy.updateperiod"), x.value("sy.updatefrequency"))
	d.Expired = strings.EqualFold(x.value("itunes.complete"), "yes")
	d.SkipHours, d.SkipDays = hours(x.listed("skiphours", "hour")), days(x.listed("skipdays", "day"))
}

// around reads a feed's own links.
func (f *reading) around(list []link) {
	d := &f.doc
	d.Self = one(list, "self", f.resolve)
	d.NextURL = one(list, "next", f.resolve)
	d.Hubs = all(list, "hub", f.resolve)
	first(&f.license, one(list, "license", f.resolve))
}

// The elements of RSS items that hold the same, the best first.
var (
	rssContent = [...]string{"content.encoded", "encoded", "atom.content", "xhtml.body", "xhtml.div", "fullitem", "body", "content"}
	rssSummary = [...]string{"description", "atom.summary", "summary", "dc.description", "dcterms.abstract", "itunes.summary", "itunes.subtitle"}
	rssDates   = [...]string{"pubdate", "atom.published", "dcterms.issued", "atom.issued", "published", "dc.date", "dcterms.available", "dcterms.date", "dcterms.created", "date"}
)

func (b *builder) rss(x fields) {
	r := &b.it.Record
	r.Headline = x.line("title", "atom.title", "media.title", "itunes.title", "dc.title", "dcterms.title")
	first(&r.Headline, x.grouped())
	b.it.GUID = verbatim(x.value("guid", "atom.id", "about", "id"))
	first(&b.it.GUID, verbatim(b.entry.ID))
	b.texts(x)
	b.rssLinks(x)
	b.rssPeople(x)
	for e := range x.all("category") {
		b.subject(e.exact("domain"), "", e.value)
	}
	b.enclosures(x)
	r.Rights.Copyright = x.line("copyright", "rights", "atom.rights")
	if e := x.final("source"); e != nil {
		r.Source.Via = via(e.value, e.exact("url"))
	}
	for e := range x.all("atom.source") {
		first(&r.Source.Via, via(e.child("title"), e.child("id")))
	}
	b.module(x)
	b.valid(x.value("expirationdate"))
	b.published = x.latest(rssDates[:]...)
	b.updated = x.latest("atom.updated", "atom.modified", "dcterms.modified", "updated", "modified")
}

// texts chooses content and summary.
func (b *builder) texts(x fields) {
	summary := x.piece(untyped, rssSummary[:]...)
	if summary.empty() {
		summary = described(x)
	}
	b.body(x.piece(untyped, rssContent[:]...), summary)
}

// described is a description of Media RSS, for an item that has no other text.
func described(x fields) piece {
	plain := func(e *element) words {
		w := untyped(e)
		w.plain = w.plain || !w.isHTML // the module's default type
		return w
	}
	for g := range x.all("media.group") {
		if p := g.children.piece(plain, "description"); !p.empty() {
			return p
		}
	}
	if p := x.piece(plain, "media.description"); !p.empty() {
		return p
	}
	for c := range x.all("media.content") {
		if p := c.children.piece(plain, "description"); !p.empty() {
			return p
		}
	}
	return piece{}
}

func (b *builder) rssLinks(x fields) {
	r, list := &b.it.Record, x.atomLinks()
	for _, l := range x.values("feedburner.origlink", "link") {
		first(&r.Links.Canonical, b.resolve("link", l))
	}
	first(&r.Links.Canonical, alternate(list, func(u string) string { return b.resolve("link", u) }))
	for g := range x.last("guid") {
		first(&r.Links.Canonical, permalink(g, func(u string) string { return b.resolve("guid", u) }))
	}
	if id := b.it.GUID; x.first("guid") == nil && addressed(id) { // rdf:about is the item's address
		first(&r.Links.Canonical, b.resolve("item", id))
	}
	if e := x.final("comments"); e != nil {
		r.Links.Comments = b.resolve("comments", e.value)
	}
	b.other(list, "link")
}

func (b *builder) rssPeople(x fields) {
	for _, n := range [...]string{"author", "dc.creator", "dc.author", "dcterms.creator"} {
		for e := range x.all(n) {
			b.credit(untyped(e).line())
		}
	}
	b.named(atomPeople(x.all("atom.author"), "", func(u string) string { return b.resolve("author", u) }))
	if len(b.it.Record.Authors) == 0 {
		b.credit(x.line("itunes.author"))
	}
	for e := range x.all("dc.contributor") {
		b.person(article.Person{Name: withoutMail(untyped(e).line()), Role: "contributor"})
	}
	for _, p := range atomPeople(x.all("atom.contributor"), "contributor", func(u string) string { return b.resolve("contributor", u) }) {
		b.person(p)
	}
}

func (b *builder) enclosures(x fields) {
	original := x.value("feedburner.origenclosurelink")
	for e := range x.all("enclosure") {
		u := e.exact("url")
		if original != "" && x.count("enclosure") == 1 {
			u = original
		}
		b.add(article.Media{URL: b.resolve("enclosure", u), Type: e.exact("type"), Length: size(e.exact("length"))})
	}
	for e := range x.all("image") {
		u := e.child("url")
		for _, other := range [...]string{e.attr("url"), e.attr("href"), e.value} {
			first(&u, other)
		}
		b.add(article.Media{URL: b.resolve("image", u), Medium: "image", Title: e.child("title")})
	}
}

// local is the local name of a field.
func local(name string) string { return name[strings.IndexByte(name, '.')+1:] }
