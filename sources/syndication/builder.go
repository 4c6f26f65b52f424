package syndication

import (
	"html"
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
	"wireroom/sources"
	"wireroom/sources/repair"
)

// builder fills one item.
type builder struct {
	scope
	f  *reading
	it *sources.Item
	claims
}

// item begins the next item of the document.
func (f *reading) item(e repair.Entry) *builder {
	if f.doc.Items == nil {
		f.doc.Items = make([]sources.Item, 0, max(len(f.r.Entries), 1))
	}
	if n := len(f.doc.Items); n < cap(f.doc.Items) { // a record is large: it is not copied there
		f.doc.Items = f.doc.Items[:n+1]
	} else {
		f.doc.Items = append(f.doc.Items, sources.Item{})
	}
	b := &builder{f: f, it: &f.doc.Items[len(f.doc.Items)-1]}
	b.it.Hash = e.Hash
	b.scope = scope{doc: f.root, entry: e}
	if f.site != "" && e.Base == "" {
		b.doc = f.site
	}
	b.base = chain(b.doc, e.Base)
	b.it.Base = b.base
	src := &b.it.Record.Source
	src.Name, src.URL, src.FeedURL, src.FeedID, src.Rights = f.doc.Title, f.doc.Home, f.doc.Self, f.doc.ID, f.doc.Rights
	if e.Lang != f.r.Lang { // else the document's, of which there may be better evidence
		b.it.Record.Language = article.Language(e.Lang)
	}
	return b
}

// close ends the item.
func (b *builder) close() {
	r := &b.it.Record
	first(&r.Language, b.f.doc.Language)
	r.Source.GUID = b.it.GUID
	b.f.claims = append(b.f.claims, b.claims)
}

// speak sets the item's language from the first tag that is understood, unless it
// has one of its own already.
func (b *builder) speak(tags ...string) {
	for _, t := range tags {
		if b.it.Record.Language == "" {
			b.it.Record.Language = article.Language(t)
		}
	}
}

// piece is text that may be an item's content, and the element it is from.
type piece struct {
	words
	local string // whose xml:base holds
}

// body takes content and summary (input.md M5). Where there is one text only it is
// the summary; HTML and long text are the content as well, and normalise decides.
func (b *builder) body(c, s piece) {
	r := &b.it.Record
	if !s.empty() {
		r.Standfirst = s.text()
	}
	switch {
	case !c.empty():
		r.Body.HTML = b.html(c.local, c.html())
	case s.isHTML, len(s.value) > longSummary, s.plain && strings.Contains(s.value, "\n"):
		r.Body.HTML = b.html(s.local, s.html())
	}
}

// longSummary is the length, in bytes, from which a plain summary may be the text.
const longSummary = 600

// piece is the first of the names that is not empty.
func (x fields) piece(read func(*element) words, names ...string) piece {
	for _, n := range names {
		for e := range x.all(n) {
			if w := read(e); !w.empty() {
				return piece{w, local(n)}
			}
		}
	}
	return piece{}
}

// module reads what the modules say in either format.
func (b *builder) module(x fields) {
	r := &b.it.Record
	b.topics(x)
	b.mediaRSS(x)
	for e := range x.all("itunes.image") {
		u := e.attr("href")
		if u == "" {
			u = e.value
		}
		b.add(article.Media{URL: b.resolve("image", u), Medium: "image"})
	}
	if d := seconds(x.value("itunes.duration")); d > 0 && len(r.Media) > 0 && r.Media[0].Duration == 0 {
		r.Media[0].Duration = d
	}
	r.Publisher.Name = x.line("dc.publisher", "dcterms.publisher")
	first(&r.Rights.Copyright, x.line("dc.rights", "dcterms.rights", "media.copyright"))
	first(&r.Rights.License, b.license(x))
	first(&r.Rights.License, b.f.license)
	if s := x.line("dc.source"); s != "" {
		first(&r.Source.Via, s)
		_, agencies := wirecopy.Byline(s)
		for _, a := range agencies {
			r.Agencies = unique(r.Agencies, a)
		}
	}
	b.valid(x.value("dcterms.valid"))
	b.speak(x.values("dc.language", "dcterms.language")...)
}

// license is a licence's address, or its name where there is none.
func (b *builder) license(x fields) string {
	return license(x, func(u string) string { return absolute(b.base, u) })
}

func license(x fields, resolve func(string) string) string {
	for _, n := range [...]string{"cc.license", "creativecommons.license", "dcterms.license", "media.license"} {
		for e := range x.all(n) {
			for _, u := range [...]string{e.attr("resource"), e.attr("href"), e.value} {
				if u == "" {
					continue
				}
				if webAddress(u) || strings.HasPrefix(u, "/") {
					u = resolve(u)
				}
				return u
			}
		}
	}
	return ""
}

// via is what an item says it was taken from: a claim (input.md I3).
func via(title, address string) string {
	if t := plainLine(title); t != "" {
		return t
	}
	return strings.TrimSpace(html.UnescapeString(address))
}
