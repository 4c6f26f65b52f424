package newswire

import (
	"slices"
	"sort"
	"strings"

	"wireroom/article"
	"wireroom/sources"
)

// parseNINJS reads ninjs 1.x, 2.x and 3.x: one item, a list of them, or a list
// under "items".
func parseNINJS(doc *sources.Document, root any, o Options) error {
	items := objects(root)
	if r, ok := root.(object); ok {
		if l := r.list("_items", "items", "results", "item"); (len(l) > 0 || r["_items"] != nil) && r["uri"] == nil && r["guid"] == nil {
			items = l
			doc.NextURL = address(o.URL, r.obj("_links").obj("next").str("href"))
		} else {
			items = []object{r}
		}
	}
	if len(items) == 0 {
		return nil // a list that is empty at the moment
	}
	err := refuse(NINJS, "the document holds no item")
	for _, it := range items {
		if why := notNINJS(it); why != "" {
			err = refuse(NINJS, "%s", why)
			continue
		}
		if len(doc.Items) >= maxItems {
			doc.Dropped++
			continue
		}
		add(doc, ninjsItem(it, o))
	}
	if len(doc.Items) > 0 {
		return nil
	}
	return err
}

// notNINJS says why an item is no news.
func notNINJS(it object) string {
	switch strings.ToLower(it.str("type")) {
	case "event":
		return "the item describes an event that takes place; it is no news"
	case "planning", "plannedcoverage":
		return "the item tells what will be covered; it is no news yet"
	}
	if it["eventdetails"] != nil || it["plannedcoverage"] != nil {
		return "the item describes an event or its coverage; it is no news"
	}
	if it.str("uri", "guid") == "" {
		return "the item has no uri"
	}
	for k := range it {
		if strings.HasPrefix(k, "headline") || strings.HasPrefix(k, "body") || strings.HasPrefix(k, "description") || k == "bodies" || k == "title" || k == "renditions" || k == "associations" || k == "slugline" || k == "pubstatus" {
			return ""
		}
	}
	return "the item has neither headline nor text nor pictures"
}

func ninjsItem(it object, o Options) *draft {
	d := newDraft(o)
	r := &d.rec
	d.guid = ninjsID(it)
	r.Version = it.num("version")
	r.Language = article.Language(it.str("language"))
	d.updated = it.str("versioncreated", "contentcreated")
	d.created = first(it.str("firstpublished", "firstcreated"), d.updated)
	r.Published, r.Updated = instant(d.created), instant(d.updated)
	if r.Updated.Before(r.Published) {
		r.Updated = r.Published
	}
	r.Expires = instant(it.str("expires", "expiry"))
	d.setStatus(it.str("pubstatus"), it.str("embargoed", "embargoeduntil"))
	if u := it.num("urgency"); u >= 1 && u <= 9 {
		r.Urgency = u
	}
	typ := strings.ToLower(it.str("type"))
	d.genre(typ)
	d.ninjsHead(it)
	d.ninjsNames(it)
	d.ninjsRights(it)
	d.editorsNote(cut(it.str("ednote"), maxEdNote))
	for _, s := range it.list("signals", "signal") {
		d.signal(s.str("name", "uri", "qcode", "literal"))
	}
	d.ninjsBody(it)
	d.renditionsJSON(it, asset{medium: d.media(), caption: ninjsCaption(it), credit: first(variant(it, "descriptions", "creditline"), it.str("description_creditline", "creditline")), title: r.Headline})
	d.ninjsAssociations(it)
	d.topics()
	return d
}

// ninjsID is the uri. AP's carries tokens of the request and the edition in its
// query: its path alone names the item.
func ninjsID(it object) string {
	uri := it.str("uri", "guid")
	if path, query, ok := strings.Cut(uri, "?"); ok && strings.Contains(query, "qt=") && strings.Contains(path, "/content/") {
		return path
	}
	return uri
}

// variant finds the text of one role in a list such as headlines, descriptions.
func variant(it object, list string, roles ...string) string {
	for _, role := range roles {
		for _, v := range it.list(list) {
			if strings.EqualFold(v.str("role"), role) {
				return v.str("value")
			}
		}
	}
	return ""
}

// ninjsHead reads headline, kicker, description, credits.
func (d *draft) ninjsHead(it object) {
	r := &d.rec
	r.Headline = plainText(first(variant(it, "headlines", "main", "headline", "print", "short"), it.str("headline", "headline_main")))
	if r.Headline == "" {
		if l := it.list("headlines"); len(l) > 0 {
			r.Headline = plainText(l[0].str("value"))
		}
	}
	r.Headline = first(r.Headline, plainText(it.str("title", "name")))
	r.Kicker = plainText(first(variant(it, "headlines", "kicker", "overline"), it.str("kicker")))
	if d.media() == "" {
		r.Standfirst = plainText(first(variant(it, "descriptions", "lead", "summary", "abstract", "teaser", "text", "main"), it.str("description_summary", "description_abstract", "description_text", "abstract", "description_html")))
	} else {
		r.Standfirst = plainText(ninjsCaption(it))
	}
	r.Slugline = it.str("slugline")
	if strings.Contains(r.Slugline, "Ld") || strings.Contains(r.Slugline, "(") {
		d.slug()
	}
	r.Byline = plainText(it.str("by", "byline"))
	if t := it.str("dateline"); t != "" {
		d.datelineField(t)
	}
	if t := it.str("located"); t != "" {
		d.located = append(d.located, t)
	}
	for _, s := range it.list("infosources", "infosource") {
		d.agency(s.str("name", "literal"))
	}
	d.agency(it.str("source", "provider"))
	d.agency(it.str("creditline"))
	d.agency(it.str("copyrightholder"))
	r.Publisher.Name = it.str("provider", "copyrightholder", "source")
	for _, k := range it.list("keywords", "keyword") {
		d.keyword(k.str("name"))
	}
	for _, a := range it.list("authors") {
		if n := a.str("name"); n != "" && len(d.people) < maxMedia {
			d.people = append(d.people, article.Person{Name: n, Role: a.str("role"), URL: article.CanonicalURL(a.str("uri"))})
		}
	}
	for _, g := range it.list("genres", "genre") {
		d.genre(g.str("name"), g.str("uri", "qcode"), g.str("code", "literal"))
	}
}

// ninjsCaption is what is said of a picture.
func ninjsCaption(it object) string {
	return first(variant(it, "descriptions", "caption", "main", "text"), it.str("description_caption", "description_text", "description_html", "description_summary"))
}

// ninjsNames reads subjects, places, people and the like.
func (d *draft) ninjsNames(it object) {
	for _, s := range it.list("subjects", "subject") {
		scheme, code := concept(s)
		name := s.str("name")
		if len(code) <= 2 && code == name { // AP's category letters
			continue
		}
		d.subject(scheme, code, name)
	}
	for _, s := range it.list("places", "place") {
		d.place(s.str("name"))
	}
	for _, s := range it.list("people", "person") {
		d.person(s.str("name"))
	}
	for _, s := range it.list("organisations", "organisation") {
		d.organisation(s.str("name"))
	}
	for _, s := range it.list("events", "event") {
		d.keyword(s.str("name"))
	}
}

// concept is the scheme and the code of a subject in any of its forms.
func concept(s object) (scheme, code string) {
	if q := s.str("qcode"); q != "" {
		return qcode(q)
	}
	if c := s.str("code"); c != "" {
		scheme = s.str("scheme")
		if scheme == "" || scheme == "subject_custom" {
			if b := bare(c); b != "" {
				scheme = b
			}
		}
		return alias(scheme), c
	}
	if u := s.str("uri"); u != "" {
		return qcode(u)
	}
	if l := s.str("literal"); l != "" {
		return bare(l), l
	}
	return "", ""
}

func (d *draft) ninjsRights(it object) {
	r := &d.rec.Rights
	r.Copyright = first(it.text("copyrightnotice"), it.text("copyrightholder"))
	r.Terms = it.text("usageterms")
	for _, i := range it.list("rightsinfo") {
		r.License = first(r.License, i.obj("linkedrights").str("href", "uri"), i.str("linkedrights"))
	}
}

// ninjsBody takes the best of the bodies: HTML, then NITF, then plain text.
func (d *draft) ninjsBody(it object) {
	bodies := it.list("bodies")
	html := first(it.str("body_html", "body_xhtml", "body_richhtml", "body_richhtml5"), bodyOf(bodies, "html"))
	if html != "" {
		d.markup(html, "text/html")
		return
	}
	if nitf := first(it.str("body_nitf"), bodyOf(bodies, "nitf")); nitf != "" {
		if root, _, err := readXML([]byte(nitf)); err == nil {
			if n := root; n.name == "nitf" {
				d.nitfBody(n)
				return
			}
		}
	}
	if text := first(it.str("body_text"), bodyOf(bodies, "text", "plain", "")); text != "" {
		d.blocks = lineBlocks(text)
		return
	}
	for _, k := range sortedKeys(it) { // body_ and any name
		if strings.HasPrefix(k, "body_") {
			d.markup(it.str(k), "")
			return
		}
	}
}

func bodyOf(bodies []object, kinds ...string) string {
	for _, kind := range kinds {
		for _, b := range bodies {
			what := strings.ToLower(b.str("contenttype") + " " + b.str("role"))
			if strings.Contains(what, kind) && b.str("value") != "" {
				return b.str("value")
			}
		}
	}
	return ""
}

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { // "2" before "10"
		if len(keys[i]) != len(keys[j]) && atoi(keys[i]) > 0 && atoi(keys[j]) > 0 {
			return len(keys[i]) < len(keys[j])
		}
		return keys[i] < keys[j]
	})
	return keys
}

// renditionsJSON reads the renditions of a picture, film or sound.
func (d *draft) renditionsJSON(it object, a asset) {
	for i, v := range it.list("renditions") {
		if i >= maxNames {
			break
		}
		mime := v.str("mimetype", "contenttype")
		if strings.HasPrefix(mime, "text/") || mime == "application/octet-stream" {
			continue
		}
		a.renditions = append(a.renditions, rendition{
			role: strings.ToLower(v.str("name", "role")), mime: mime, url: address(d.base, v.str("href", "url")),
			width: v.num("width"), height: v.num("height"), size: int64(v.num("sizeinbytes", "size")), seconds: v.num("duration"),
		})
	}
	if len(a.renditions) > 0 {
		d.asset(a)
	}
}

// ninjsAssociations adds the pictures, films and sounds that go with a text, and
// the texts it refers to.
func (d *draft) ninjsAssociations(it object) {
	for _, a := range it.list("associations") {
		typ := strings.ToLower(a.str("type"))
		switch typ {
		case "text", "composite":
			if u := address("", a.str("uri")); u != "" {
				d.link(u, plainText(a.str("headline", "title")))
			}
			continue
		case "picture", "graphic", "video", "audio", "image", "":
		default:
			typ = ""
		}
		before := len(d.rec.Images)
		d.renditionsJSON(a, asset{
			medium: typ, title: plainText(first(variant(a, "headlines", "main"), a.str("headline", "title"))), caption: plainText(ninjsCaption(a)), alt: plainText(first(a.str("alt_text", "alt"), variant(a, "descriptions", "alt"))),
			credit: plainText(first(a.str("by", "byline"), variant(a, "descriptions", "creditline"), a.str("creditline", "description_creditline"), a.str("copyrightholder"))), copyright: a.text("copyrightnotice"),
		})
		if len(d.rec.Images) > before && slices.Contains([]string{"featuremedia", "main", "mainimage"}, strings.ToLower(a.str("name"))) {
			d.rec.Images[before].Role = "lead"
		}
	}
}

// plainText drops the markup of a field that may hold some.
func plainText(s string) string {
	if strings.ContainsAny(s, "<&") {
		return fragment(s).line()
	}
	return fields(s)
}

// lineBlocks makes a paragraph of every line, or of every run of lines where
// blank lines part them.
func lineBlocks(s string) []block {
	if looksHTML(s) {
		return flatten(fragment(s), "")
	}
	if strings.Contains(strings.ReplaceAll(s, "\r", ""), "\n\n") {
		return textBlocks(s)
	}
	var out []block
	for l := range strings.Lines(s) {
		if l = fields(l); l != "" && len(out) < maxBlocks {
			out = append(out, block{kind: "paragraph", text: l})
		}
	}
	return out
}
