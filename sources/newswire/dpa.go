package newswire

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/sources"
)

// parseDPA reads dpa's digitalwires: one entry, a list of them, or wireQ's
// answer with its entries.
func parseDPA(doc *sources.Document, root any, o Options) error {
	items := objects(root)
	doc.Title = "dpa"
	if r, ok := root.(object); ok {
		items = []object{r}
		if l := r.list("entries", "items"); len(l) > 0 && r.str("urn") == "" {
			items = l
		} else if r["entries"] != nil && len(r) == 1 { // nothing waits
			return nil
		}
	}
	for _, it := range items {
		if it.str("urn") == "" {
			continue
		}
		if len(doc.Items) >= maxItems {
			doc.Dropped++
			continue
		}
		before := len(doc.Items)
		add(doc, dpaItem(it, o))
		if len(doc.Items) > before {
			doc.Items[before].Receipt = dpaReceipt(o.URL, it.str("_wireq_receipt"))
		}
	}
	if len(doc.Items) == 0 {
		return refuse(DPA, "there is no entry with a urn")
	}
	return nil
}

// dpaReceipt is what takes an entry out of the wireQ that it was read from: the
// queue is …/entries.json, its entries are …/entry/RECEIPT.
func dpaReceipt(queue, receipt string) string {
	u, err := url.Parse(queue)
	if err != nil || receipt == "" || len(receipt) > maxReceipt {
		return ""
	}
	dir, name := path.Split(u.Path)
	if name != "entries.json" && name != "entries" {
		return ""
	}
	u.RawPath, u.Path = "", dir
	return u.JoinPath("entry", url.PathEscape(receipt)).String()
}

// maxReceipt is the longest receipt that is believed to be one, in bytes.
const maxReceipt = 2 << 10

func dpaItem(it object, o Options) *draft {
	d := newDraft(o)
	r := &d.rec
	d.guid = it.str("urn")
	r.Version = it.num("version")
	r.Language = article.Language(it.str("language"))
	d.updated = it.str("version_created", "updated")
	d.created = d.updated
	r.Updated = instant(d.updated)
	r.Published = r.Updated
	d.setStatus(it.str("pubstatus"), it.str("embargoed"))
	d.signal(it.str("signal"))
	if u := it.num("urgency"); u >= 1 && u <= 9 {
		r.Urgency = u
	}
	r.Headline = plainText(it.str("headline"))
	r.Kicker = plainText(it.str("kicker"))
	r.Standfirst = plainText(it.str("teaser", "subhead"))
	r.Byline = plainText(it.str("byline"))
	if t := it.str("dateline"); t != "" {
		d.datelineField(t)
	}
	d.agency(it.str("creditline"))
	r.Rights.Copyright = fields(it.str("copyrightnotice"))
	r.Rights.Terms = fields(it.str("usageterms"))
	d.dpaCategories(it)
	d.dpaNotes(it)
	d.dpaBody(it)
	for _, a := range it.list("associations") {
		d.dpaAsset(a)
	}
	if d.media() != "" || len(d.blocks) == 0 {
		d.dpaCaption(it)
	}
	d.topics()
	return d
}

// dpaBody reads the text and the box that goes with it.
func (d *draft) dpaBody(it object) {
	if t := it.str("article_html"); t != "" {
		d.markup(t, "text/html")
	}
	if t := it.str("infobox_html"); t != "" {
		d.blocks = append(d.blocks, flatten(fragment(t), d.base)...)
	}
	if t := it.str("linkbox_html"); t != "" {
		d.related(fragment(t))
	}
}

// dpaNotes reads the notes to the desks that may be published: corrections, else
// hints. The notepad's other half is never looked at.
func (d *draft) dpaNotes(it object) {
	var notes, hints []string
	offer := false // what follows are the titles of pictures on offer
	for _, n := range it.list("ednotes") {
		if n.str("is_publishable") == "false" {
			continue
		}
		_, role := qcode(n.str("role"))
		text := plainText(n.str("ednote"))
		switch offer = offer || strings.HasSuffix(text, "Bildangebot:"); {
		case role == "correction", role == "embargo", strings.HasPrefix(role, "kill"), role == "update", role == "withdrawal":
			notes = append(notes, text)
		case role == "editorialnote" && !offer:
			hints = append(hints, text)
		case role == "closingline":
			d.edNote(role, text, nil)
		}
	}
	if len(notes) == 0 {
		notes = hints
	}
	for _, n := range notes {
		d.editorsNote(cut(n, maxEdNote))
	}
	if t := it.str("autopublishnotice"); t != "" {
		d.rec.SignOff = first(d.rec.SignOff, plainText(t))
	}
	if p := it.obj("notepad").str("public_html"); p != "" {
		d.related(fragment(p))
	}
}

// dpaCategories sorts the categories by their type.
func (d *draft) dpaCategories(it object) {
	for _, c := range it.list("categories") {
		_, typ := qcode(c.str("type"))
		name, q := c.str("name"), c.str("qcode")
		switch typ {
		case "dpasubject", "subject", "category":
			scheme, code := qcode(q)
			d.subject(scheme, code, name)
		case "geosubject":
			d.place(name)
		case "poi":
			d.place(c.obj("geojson").obj("properties").str("locality"))
		case "keyword":
			d.keyword(name)
		case "person", "people":
			d.person(name)
		case "organisation", "organization":
			d.organisation(name)
		case "genre":
			d.genre(name)
			if name == "Zusammenfassung" && d.rec.Revision.Kind == "" {
				d.rec.Revision.Kind = "wrap-up"
			}
		case "infosource", "provider":
			d.agency(name)
			d.rec.Publisher.Name = first(d.rec.Publisher.Name, name)
		case "creator":
			if _, ok := wireName(name); !ok && strings.Contains(name, " ") && nameLike(name) && !company(name) {
				d.people = append(d.people, article.Person{Name: name})
			}
		}
	}
}

// dpaAsset reads a picture, film or sound.
func (d *draft) dpaAsset(a object) {
	typ := strings.ToLower(a.str("type"))
	if typ == "image" {
		typ = "picture"
	}
	before := len(d.rec.Images)
	d.renditionsJSON(a, asset{
		medium: typ, title: plainText(a.str("headline")), caption: plainText(a.str("caption")), alt: plainText(a.str("alt_text", "alttext")),
		credit: plainText(a.str("creditline", "byline")), copyright: a.text("copyrightnotice"),
	})
	if len(d.rec.Images) > before && a.str("is_featureimage") == "true" && !slices.ContainsFunc(d.rec.Images[:before], func(m article.Media) bool { return m.Role == "lead" }) {
		d.rec.Images[before].Role = "lead"
	}
	if d.rec.Genre == "" && len(d.blocks) == 0 && a.str("urn") == d.guid { // the entry is the picture
		d.genre(typ)
	}
}

// dpaCaption makes the caption the text of an entry that is a picture or sound.
func (d *draft) dpaCaption(it object) {
	text := it.str("caption")
	for _, x := range it.list("descriptions") {
		text = first(text, x.str("description"))
	}
	if text != "" && len(d.blocks) == 0 {
		d.blocks = lineBlocks(text)
	}
}
