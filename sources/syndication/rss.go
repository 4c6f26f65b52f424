package syndication

import (
	"fmt"
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	gofeedrss "github.com/mmcdole/gofeed/rss"

	"wireroom/article"
)

// readRSS reads RSS 0.9x, 1.0 and 2.0.
func (f *reading) readRSS() error {
	feed, err := f.parseRSS()
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	f.channel(feed)
	for i, it := range feed.Items {
		b := f.item(f.entry(i, len(feed.Items)))
		b.rss(it, f.itemFields(i, len(feed.Items), it.Extensions))
		b.close()
	}
	return nil
}

func (f *reading) channel(feed *gofeedrss.Feed) {
	x, d := f.fields(feed.Extensions), &f.doc
	d.Title = x.line("title", "atom.title", "dc.title", "itunes.title")
	d.ID = verbatim(f.r.ID)
	first(&d.ID, verbatim(x.value("atom.id")))
	f.speak(append(x.values("language", "dc.language", "dcterms.language"), f.r.Lang)...)
	d.Rights = x.line("copyright", "rights", "dc.rights", "dcterms.rights", "atom.rights", "media.copyright")
	f.license = license(x, f.resolve)

	list := extensionLinks(x["atom.link"])
	for _, l := range feed.Links {
		if f.home(l); d.Home != "" {
			break
		}
	}
	if d.Home == "" {
		d.Home = alternate(list, f.resolve)
	}
	f.around(list)
	if feed.Image != nil {
		d.Icon = f.picture(feed.Image.URL)
	}
	for _, e := range x["itunes.image"] {
		first(&d.Icon, f.picture(attr(e, "href")))
	}
	d.TTL = ttl(x.value("ttl"), x.value("sy.updateperiod"), x.value("sy.updatefrequency"))
	d.Expired = strings.EqualFold(x.value("itunes.complete"), "yes")
	d.SkipHours, d.SkipDays = hours(feed.SkipHours), days(feed.SkipDays)
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

func (b *builder) rss(it *gofeedrss.Item, x fields) {
	r := &b.it.Record
	r.Headline = x.line("title", "atom.title", "media.title", "itunes.title", "dc.title", "dcterms.title")
	first(&r.Headline, x.grouped())
	b.it.GUID = verbatim(x.value("guid", "atom.id", "about", "id"))
	first(&b.it.GUID, verbatim(b.entry.ID))
	b.texts(x)
	b.rssLinks(it, x)
	b.rssPeople(x)
	for _, c := range it.Categories {
		b.subject(c.Domain, "", c.Value)
	}
	b.enclosures(it, x)
	r.Rights.Copyright = x.line("copyright", "rights", "atom.rights")
	if it.Source != nil {
		r.Source.Via = via(it.Source.Title, it.Source.URL)
	}
	for _, e := range x["atom.source"] {
		first(&r.Source.Via, via(child(e, "title"), child(e, "id")))
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
	var list []ext.Extension
	for _, g := range x["media.group"] {
		list = append(list, g.Children["description"]...)
	}
	list = append(list, x["media.description"]...)
	for _, c := range x["media.content"] {
		list = append(list, c.Children["description"]...)
	}
	if len(list) == 0 {
		return piece{}
	}
	return fields{"description": list}.piece(func(e ext.Extension) words {
		w := untyped(e)
		w.plain = w.plain || !w.isHTML // the module's default type
		return w
	}, "description")
}

func (b *builder) rssLinks(it *gofeedrss.Item, x fields) {
	r, list := &b.it.Record, extensionLinks(x["atom.link"])
	candidates := append(x.values("feedburner.origlink"), it.Links...)
	for _, l := range candidates {
		first(&r.Links.Canonical, b.resolve("link", l))
	}
	first(&r.Links.Canonical, alternate(list, func(u string) string { return b.resolve("link", u) }))
	for _, g := range slices.Backward(x["guid"]) {
		first(&r.Links.Canonical, permalink(g, func(u string) string { return b.resolve("guid", u) }))
	}
	if id := b.it.GUID; len(x["guid"]) == 0 && addressed(id) { // rdf:about is the item's address
		first(&r.Links.Canonical, b.resolve("item", id))
	}
	r.Links.Comments = b.resolve("comments", it.Comments)
	b.other(list, "link")
}

func (b *builder) rssPeople(x fields) {
	for _, n := range [...]string{"author", "dc.creator", "dc.author", "dcterms.creator"} {
		for _, e := range x[n] {
			b.credit(untyped(e).line())
		}
	}
	b.named(atomPeople(x["atom.author"], "", func(u string) string { return b.resolve("author", u) }))
	if len(b.it.Record.Authors) == 0 {
		b.credit(x.line("itunes.author"))
	}
	for _, e := range x["dc.contributor"] {
		b.person(article.Person{Name: withoutMail(untyped(e).line()), Role: "contributor"})
	}
	for _, p := range atomPeople(x["atom.contributor"], "contributor", func(u string) string { return b.resolve("contributor", u) }) {
		b.person(p)
	}
}

func (b *builder) enclosures(it *gofeedrss.Item, x fields) {
	original := x.value("feedburner.origenclosurelink")
	for _, e := range it.Enclosures {
		if original != "" && len(it.Enclosures) == 1 {
			e.URL = original
		}
		b.add(article.Media{URL: b.resolve("enclosure", e.URL), Type: e.Type, Length: size(e.Length)})
	}
	for _, e := range x["image"] {
		u := child(e, "url")
		for _, other := range [...]string{attr(e, "url"), attr(e, "href"), e.Value} {
			first(&u, other)
		}
		b.add(article.Media{URL: b.resolve("image", u), Medium: "image", Title: child(e, "title")})
	}
}

// local is the local name of a field.
func local(name string) string { return name[strings.IndexByte(name, '.')+1:] }
