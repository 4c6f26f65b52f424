package newswire

import (
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/sources"
)

// parseNewsML reads NewsML 1.0 to 1.2: an envelope with news items.
func parseNewsML(doc *sources.Document, root *node, o Options) error {
	env := root.child("newsenvelope")
	doc.ID = env.child("transmissionid").line()
	doc.Title = first(env.at("sentfrom/party").get("formalname"), env.child("newsservice").get("formalname"))
	var err error = refuse(NewsML1, "the document holds no news item")
	for _, n := range root.kids {
		switch {
		case n.name != "newsitem":
		case n.open:
			err = refuse(NewsML1, "the document ends before its first item does")
		case n.child("newscomponent") == nil && n.child("topicset") != nil:
			err = refuse(NewsML1, "a topic set is a vocabulary; it is no news")
		case n.child("catalog") != nil && n.child("newscomponent") == nil && n.child("newsmanagement") == nil:
			err = refuse(NewsML1, "a catalogue lists schemes; it is no news")
		case len(doc.Items) >= maxItems:
			doc.Dropped++
		default:
			add(doc, newsmlItem(n, env, o))
		}
	}
	if len(doc.Items) > 0 {
		return nil
	}
	return err
}

func newsmlItem(n, env *node, o Options) *draft {
	d := newDraft(o)
	r := &d.rec
	id := n.at("identification/newsidentifier")
	d.guid = newsmlID(id)
	r.Version = atoi(id.child("revisionid").line())
	m := n.child("newsmanagement")
	d.created = first(m.child("firstcreated").line(), m.child("thisrevisioncreated").line(), env.child("dateandtime").line())
	d.updated = first(m.child("thisrevisioncreated").line(), d.created)
	r.Published, r.Updated = instant(d.created), instant(d.updated)
	if r.Updated.Before(r.Published) {
		r.Updated = r.Published
	}
	d.newsmlStatus(m)
	if u := atoi(first(m.child("urgency").get("formalname"), env.child("priority").get("formalname"))); u >= 1 && u <= 9 {
		r.Urgency = u
	}
	d.agency(first(env.at("sentfrom/party").get("formalname"), id.child("providerid").line()))
	r.Language = article.Language(n.get("xml:lang"))
	r.Slugline = n.at("identification/namelabel").line()
	w := newsmlWalk{d: d, names: newsmlTopics(n)}
	for _, c := range n.all("newscomponent") {
		w.component(c, "", nil, 0)
	}
	w.onlyAsset()
	if r.Publisher.Name == "" {
		r.Publisher.Name = house(first(env.at("sentfrom/party").get("formalname"), id.child("providerid").line()))
	}
	d.topics()
	return d
}

// newsmlID is the identity over all revisions: the public identifier without
// the number of the revision (NewsML 1.2, section on NewsIdentifier).
func newsmlID(id *node) string {
	provider, day, item := id.child("providerid").line(), id.child("dateid").line(), id.child("newsitemid").line()
	if provider != "" && item != "" {
		return "urn:newsml:" + provider + ":" + day + ":" + item
	}
	public := id.child("publicidentifier").line()
	if rev := id.child("revisionid").line(); rev != "" {
		public = strings.TrimSuffix(public, ":"+rev)
	}
	return public
}

func (d *draft) newsmlStatus(m *node) {
	raw := m.child("status").get("formalname")
	embargo := ""
	if c := m.child("statuswillchange"); strings.EqualFold(c.child("futurestatus").get("formalname"), "usable") {
		embargo = c.child("dateandtime").line()
	}
	d.setStatus(raw, embargo)
	if d.rec.Status == article.Withheld && !d.rec.Embargo.IsZero() {
		d.rec.Status = article.Usable
	}
	for _, i := range m.all("instruction") {
		d.signal(strings.ToLower(i.get("formalname")))
	}
}

// newsmlTopics are the names of the topics that the item describes itself.
func newsmlTopics(n *node) map[string]string {
	names := map[string]string{}
	n.each("topic", func(t *node) {
		code := t.child("formalname").line()
		if code == "" || len(names) >= maxNames {
			return
		}
		for _, x := range t.all("description") {
			if v := strings.ToLower(x.get("variant")); (v == "" || v == "name") && (names[code] == "" || x.get("xml:lang") == "en") {
				names[code] = x.line()
			}
		}
	})
	return names
}

// newsmlWalk goes through the components of an item.
type newsmlWalk struct {
	d      *draft
	names  map[string]string
	only   *asset // the first picture, film or sound: the item, if there is no text
	lang   string // of the text that was taken; components in others are translations
	assets int
}

// component reads a component: role is that of the nearest component around it
// that has one, pic the picture it belongs to.
func (w *newsmlWalk) component(n *node, role string, pic *asset, depth int) {
	if depth > 64 {
		return
	}
	if own := strings.ToLower(n.child("role").get("formalname")); own != "" {
		role = own
	}
	if other := article.Language(first(n.get("xml:lang"), n.at("descriptivemetadata/language").get("formalname"))); other != "" {
		if w.lang != "" && !sameLanguage(w.lang, other) && len(w.d.blocks) > 0 {
			return // a translation
		}
		if w.d.rec.Language == "" {
			w.d.rec.Language = other
		}
		w.lang = first(w.lang, other)
	}
	var own *asset
	if pic == nil && pictureRole(role) {
		own = &asset{medium: pictureMedium(role)}
		pic = own
		if w.only == nil {
			w.only = own
		}
	}
	if pic == nil {
		w.lines(n.child("newslines"))
		w.d.newsmlMeta(n, w.names)
	} else {
		pic.title = first(pic.title, n.at("newslines/headline").line())
		pic.credit = first(pic.credit, n.at("newslines/creditline").line())
	}
	for _, c := range n.all("contentitem") {
		w.content(c, role, pic)
	}
	for _, c := range n.all("newscomponent") {
		w.component(c, role, pic, depth+1)
	}
	if own != nil && len(own.renditions) > 0 {
		w.d.asset(*own)
	}
}

func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a == b
}

func pictureRole(role string) bool {
	switch role {
	case "picture", "photo", "image", "graphic", "logo", "video", "audio", "sound", "illustration":
		return true
	}
	return false
}

func pictureMedium(role string) string {
	switch role {
	case "video", "audio", "graphic":
		return role
	case "sound":
		return "audio"
	}
	return "picture"
}

// lines reads NewsLines: what is meant for the eye.
func (w *newsmlWalk) lines(n *node) {
	if n == nil {
		return
	}
	d := w.d
	r := &d.rec
	r.Headline = first(r.Headline, n.child("headline").line())
	r.Standfirst = first(r.Standfirst, n.child("subheadline").line())
	if by := n.child("byline").line(); by != "" && r.Byline == "" {
		r.Byline = by
		if t := n.child("bylinetitle").line(); t != "" {
			r.Byline += ", " + t
		}
	}
	if t := n.child("dateline").line(); t != "" && r.Dateline.Text == "" {
		d.datelineField(t)
	}
	d.agency(n.child("creditline").line())
	r.Rights.Copyright = first(r.Rights.Copyright, n.child("copyrightline").line())
	r.Rights.Terms = first(r.Rights.Terms, n.child("rightsline").line())
	r.Slugline = first(n.child("slugline").line(), r.Slugline)
	for _, k := range n.all("keywordline") {
		d.keyword(k.line())
	}
	for _, l := range n.all("newsline") {
		switch strings.ToLower(l.child("newslinetype").get("formalname")) {
		case "advisoryline", "editorialnote", "ednote", "note":
			d.editorsNote(cut(l.child("newslinetext").line(), maxEdNote))
		}
	}
}

// content reads a content item: text that stands in it, or a file elsewhere.
func (w *newsmlWalk) content(c *node, role string, pic *asset) {
	mime := c.child("mimetype").get("formalname")
	if href := address(w.d.base, c.get("href")); href != "" {
		w.file(c, href, mime, pic)
		return
	}
	data := c.child("datacontent")
	if data == nil {
		return
	}
	switch role {
	case "title", "headline":
		if pic == nil {
			w.d.rec.Headline = first(w.d.rec.Headline, data.line())
		} else {
			pic.title = first(pic.title, data.line())
		}
	case "caption":
		if pic != nil {
			pic.caption = first(data.line(), pic.caption)
		}
	case "lead", "abstract", "summary", "subheadline", "intro":
		w.d.rec.Standfirst = first(w.d.rec.Standfirst, data.line())
	case "stylesheet", "contact", "about", "smartlink", "tickersymbol", "keywords":
	default:
		if pic == nil {
			w.body(data, first(mime, c.child("format").get("formalname")))
		} else if role == "body" && pic.text == "" {
			pic.text = data.raw()
		}
	}
}

// onlyAsset makes the picture, film or sound the item where there is no text.
func (w *newsmlWalk) onlyAsset() {
	a, d := w.only, w.d
	if a == nil || len(d.blocks) > 0 || d.rec.Headline != "" {
		return
	}
	d.rec.Headline = a.title
	d.genre(a.medium)
	d.agency(a.credit)
	if a.text != "" {
		d.markup(a.text, "")
		d.blocks = slices.DeleteFunc(d.blocks, func(b block) bool { return b.text == "NewsComponentRef" || b.text == "***" })
	} else {
		d.rec.Standfirst = first(d.rec.Standfirst, a.caption)
	}
}

// body takes the text of the item.
func (w *newsmlWalk) body(data *node, format string) {
	d := w.d
	if strings.Contains(strings.ToLower(format), "css") || len(d.blocks) > 0 && len(data.kids) == 0 {
		return
	}
	had := d.blocks
	d.blocks = nil
	switch {
	case data.child("nitf") != nil:
		d.nitfBody(data.child("nitf"))
	case data.child("html") != nil:
		d.blocks = flatten(first2(data.at("html/body"), data.child("html")), d.base)
	case hasElements(data):
		d.blocks = flatten(data, d.base)
	default:
		text := data.raw()
		if looksHTML(text) {
			format = "text/html"
		}
		d.markup(text, format)
	}
	d.blocks = append(had, d.blocks...)
}

func first2(a, b *node) *node {
	if a != nil {
		return a
	}
	return b
}

func hasElements(n *node) bool {
	for _, k := range n.kids {
		if k.name != "" {
			return true
		}
	}
	return false
}

// file takes a picture, a film, a sound or a document that lies elsewhere.
func (w *newsmlWalk) file(c *node, href, mime string, pic *asset) {
	r := rendition{url: href, mime: mime, role: strings.ToLower(c.at("role").get("formalname"))}
	ch := c.child("characteristics")
	r.size = int64(atoi(ch.child("sizeinbytes").line()))
	title := ""
	for _, p := range ch.all("property") {
		switch strings.ToLower(p.get("formalname")) {
		case "width", "pixelwidth":
			r.width = atoi(p.get("value"))
		case "height", "pixelheight":
			r.height = atoi(p.get("value"))
		case "imageuse":
			r.role = strings.ToLower(p.get("value"))
		case "duration", "totalduration":
			r.seconds = atoi(p.get("value"))
		case "title":
			title = p.get("value")
		}
	}
	medium := strings.ToLower(c.child("mediatype").get("formalname"))
	if pic != nil {
		if pictureRole(medium) {
			pic.medium = pictureMedium(medium)
		}
		pic.renditions = append(pic.renditions, r)
		return
	}
	if w.assets++; w.assets > maxMedia {
		return
	}
	a := asset{renditions: []rendition{r}, title: title}
	if pictureRole(medium) {
		a.medium = pictureMedium(medium)
	} else if mime != "" && !strings.HasPrefix(mime, "image/") {
		a.medium = "document"
	}
	w.d.asset(a)
}
