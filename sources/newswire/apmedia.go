package newswire

import (
	"net/url"
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
	"wireroom/sources"
)

// parseAP reads the answers of AP's Media API: one item ("/content.GET"), a
// search or a feed of them ("/content/feed.GET").
func parseAP(doc *sources.Document, root any, o Options) error {
	r, _ := root.(object)
	data := r.obj("data")
	doc.ID = r.str("id")
	doc.Title = "AP"
	doc.Cursor = apCursor(o.URL, data.str("next_page"))
	items := data.list("items")
	if it := data.obj("item"); it != nil {
		items = []object{data}
	}
	for _, wrapped := range items {
		it := wrapped.obj("item")
		if it == nil {
			it = wrapped
		}
		if it.str("type") == "" && it.obj("altids") == nil {
			continue
		}
		if len(doc.Items) >= maxItems {
			doc.Dropped++
			continue
		}
		d := apItem(it, o)
		if len(items) == 1 { // what a client has fetched and put beside the item
			if n := r.obj("nitf"); n != nil && len(d.blocks) == 0 {
				d.apText(n)
			}
			for _, a := range r.list("associations") {
				if p := a.obj("data").obj("item"); p != nil {
					d.apPicture(p)
				}
			}
		}
		add(doc, d)
	}
	if len(doc.Items) == 0 && (data["items"] == nil || len(items) > 0) {
		return refuse(APMedia, "the answer holds no item")
	}
	return nil
}

// apCursor is where the next poll goes on. AP leaves out what a client has to
// give with every call: its key, and what the items are to hold.
func apCursor(base, next string) string {
	next = address(base, next)
	from, errFrom := url.Parse(base)
	to, errTo := url.Parse(next)
	if next == "" || errFrom != nil || errTo != nil || from.Host != to.Host {
		return next
	}
	had, has := from.Query(), to.Query()
	for _, k := range [...]string{"apikey", "include", "exclude", "page_size", "pricing"} {
		if had.Has(k) && !has.Has(k) {
			to.RawQuery += "&" + k + "=" + url.QueryEscape(had.Get(k))
		}
	}
	to.RawQuery = strings.TrimPrefix(to.RawQuery, "&")
	return to.String()
}

// apItem reads one item of AP: ninjs 1 with properties of its own.
func apItem(it object, o Options) *draft {
	d := ninjsItem(it, o)
	r := &d.rec
	if id := it.obj("altids").str("itemid"); id != "" {
		d.guid = id
	}
	for _, b := range it.list("bylines") {
		d.apByline(b.str("by"), b.str("title"))
	}
	if p := it.obj("photographer").str("name"); p != "" {
		d.photographer = p
	}
	if t := it.str("located"); t != "" {
		d.datelineField(t)
	} else if city := it.obj("datelinelocation").str("city"); city != "" {
		d.located = append(d.located, city)
	}
	d.genre(it.str("profile"))
	if strings.EqualFold(it.str("editorialrole"), "kill") {
		r.Status, r.Revision.Kind = article.Canceled, "withdrawal"
	}
	for _, t := range it.list("editorialtypes") {
		switch strings.ToLower(t.str("name")) {
		case "kill", "withhold", "elimination", "hold":
			r.Status, r.Revision.Kind = article.Canceled, "withdrawal"
		case "corrective", "correction":
			r.Revision.Kind = "correction"
		case "lead", "add", "sub":
			if r.Revision.Kind == "" {
				r.Revision.Kind = "update"
			}
		}
	}
	if s := it.str("headline_extended"); s != "" && r.Standfirst == "" {
		r.Standfirst = plainText(s)
	}
	for _, l := range it.list("links") {
		if l.str("rel") == "canonical" && strings.Contains(l.str("href"), "apnews.com/") {
			r.Links.Canonical = address("", l.str("href"))
		}
	}
	if len(d.blocks) == 0 {
		d.contentURL = address(d.base, it.obj("renditions").obj("nitf").str("href"))
	}
	return d
}

// apByline takes one of AP's bylines: the people, and what they are or work for.
func (d *draft) apByline(by, title string) {
	r := &d.rec
	if by == "" || r.Byline != "" {
		return
	}
	authors, agencies := wirecopy.Byline(by)
	for _, p := range authors {
		p.Role = first(p.Role, title)
		r.Authors = append(r.Authors, p)
	}
	r.Agencies = union(r.Agencies, agencies)
	d.agency(title)
	if r.Byline = by; title != "" {
		r.Byline += ", " + title
	}
	d.authored = true
}

// apText takes the text that a client fetched apart.
func (d *draft) apText(n object) {
	d.markup(n.str("body_html"), "text/html")
	d.rec.Byline = first(d.rec.Byline, n.str("byline"))
	if len(d.blocks) > 0 {
		d.contentURL = ""
	}
}

// apPicture takes a picture that a client fetched apart.
func (d *draft) apPicture(it object) {
	d.renditionsJSON(it, asset{
		medium: it.str("type"), title: it.str("headline"), caption: plainText(ninjsCaption(it)),
		credit: first(it.obj("photographer").str("name"), it.str("description_creditline")), copyright: it.text("copyrightnotice"),
	})
}
