package newswire

import (
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/sources"
)

// parseG2 reads NewsML-G2: one item, or a news message with a set of them.
func parseG2(doc *sources.Document, root *node, o Options) error {
	items := []*node{root}
	if root.name == "newsmessage" {
		items = nil
		for _, set := range root.all("itemset") {
			for _, k := range set.kids {
				if k.name != "" {
					items = append(items, k)
				}
			}
		}
		doc.ID = root.at("header/transmitid").line()
		doc.Title = first(root.at("header/sender").line(), root.at("header/origin").line())
	}
	drafts, refused, err := g2Items(doc, items, o)
	for _, d := range drafts {
		add(doc, d)
	}
	if len(doc.Items) == 0 && err == nil {
		err = refuse(NewsMLG2, "the message holds no item")
	}
	if len(doc.Items) > 0 {
		err = nil
		if refused > 0 {
			doc.Repairs = map[string]int{"not-news": refused}
		}
	}
	return err
}

// g2Items reads the items of one message. A package whose members came along is
// not an item of its own: it gives its text the pictures.
func g2Items(doc *sources.Document, items []*node, o Options) (drafts []*draft, refused int, err error) {
	var packages []*node
	byID := map[string]*draft{}
	for _, n := range items {
		if n.open { // cut off in the middle
			continue
		}
		switch n.name {
		case "newsitem":
			if len(drafts) >= maxItems {
				doc.Dropped++
				continue
			}
			if n.at("contentset/inlinexml/events") != nil {
				refused++
				err = refuse(NewsMLG2, "the item carries a set of events; it is no news")
				continue
			}
			d := g2News(n, o)
			if d.empty() && d.rec.Status == article.Usable {
				refused++
				err = refuse(NewsMLG2, "the item %s has neither headline nor text nor pictures", d.guid)
				continue
			}
			if d.guid != "" {
				byID[d.guid] = d
			}
			drafts = append(drafts, d)
		case "packageitem":
			packages = append(packages, n)
		case "conceptitem", "knowledgeitem", "planningitem", "catalogitem":
			refused++
			err = refuse(NewsMLG2, "%s", notNews[n.name])
		}
	}
	if doc.Truncated && len(drafts)+len(packages) == 0 && err == nil {
		err = refuse(NewsMLG2, "the document ends before its first item does")
	}
	for _, p := range packages {
		refs := g2Refs(p)
		if here := slices.ContainsFunc(refs, func(r g2Ref) bool { return byID[r.id] != nil }); here {
			drafts = g2Join(drafts, refs, byID)
			continue
		}
		if len(refs) == 0 || p.get("guid") == "" && len(drafts) > 0 {
			continue
		}
		d := g2Package(p, refs, o)
		if d.empty() {
			refused++
			err = refuse(NewsMLG2, "the package has neither headline nor titles of its own")
			continue
		}
		drafts = append(drafts, d)
	}
	return drafts, refused, err
}

var notNews = map[string]string{
	"conceptitem":   "a concept item describes a term, a person, a place or an event; it is no news",
	"knowledgeitem": "a knowledge item is a vocabulary; it is no news",
	"planningitem":  "a planning item tells what will be covered; it is no news yet",
	"catalogitem":   "a catalogue item lists schemes; it is no news",
}

// g2Join gives the main text of a package the pictures that came with it and
// takes those out of the row.
func g2Join(drafts []*draft, refs []g2Ref, byID map[string]*draft) []*draft {
	var text *draft
	for _, r := range refs {
		if d := byID[r.id]; d != nil && d.media() == "" {
			text = d
			break
		}
	}
	if text == nil {
		return drafts
	}
	for _, r := range refs {
		d := byID[r.id]
		if d == nil || d == text || d.media() != "picture" || len(text.rec.Images)+len(d.rec.Images) > maxMedia {
			continue
		}
		text.rec.Images = append(text.rec.Images, d.rec.Images...)
		drafts = slices.DeleteFunc(drafts, func(o *draft) bool { return o == d })
	}
	return drafts
}

// media is what the item is if it is no text.
func (d *draft) media() string {
	switch d.rec.Genre {
	case "picture", "video", "audio", "graphic":
		return d.rec.Genre
	}
	return ""
}

// g2News reads a news item.
func g2News(n *node, o Options) *draft {
	d := newDraft(o)
	d.g2Head(n)
	for _, cm := range n.all("contentmeta") {
		d.g2Content(n, cm)
	}
	d.g2Assets(n)
	d.g2Body(n.child("contentset"))
	d.topics()
	return d
}

// g2Head reads identity, rights and item metadata.
func (d *draft) g2Head(n *node) {
	r := &d.rec
	d.guid = n.get("guid")
	r.Version = atoi(n.get("version"))
	r.Language = article.Language(n.get("xml:lang"))
	im := n.child("itemmeta")
	d.g2Dates(im, n.child("contentmeta"))
	_, class := qcode(im.child("itemclass").get("qcode"))
	if class = strings.ToLower(class); class != "text" && class != "composite" {
		r.Genre = genre(class)
	}
	d.g2Status(im)
	for _, s := range im.all("signal") {
		d.signal(first(s.get("qcode"), s.get("uri"), s.child("name").line()))
	}
	for _, e := range im.all("ednote") {
		d.g2Note(e)
	}
	provider := d.g2Party(im.child("provider"))
	d.agency(first(im.child("provider").get("literal"), im.child("provider").get("qcode"), provider))
	r.Publisher.Name = house(first(provider, r.Publisher.Name))
	for _, l := range im.all("link") {
		d.g2Link(l)
	}
	d.g2Rights(n)
	if r.Headline = pickLang(im.all("title"), r.Language); r.Headline != "" && im.child("title").get("role") != "" {
		r.Headline = "" // a title with a role is a keyword, not a headline
	}
}

// g2Dates reads the dates of the item; a text whose item is undated takes those
// of its content.
func (d *draft) g2Dates(im, cm *node) {
	d.updated = first(im.child("versioncreated").line(), cm.child("contentmodified").line())
	d.created = first(im.child("firstcreated").line(), im.child("versioncreated").line(), cm.child("contentcreated").line())
	d.updated = first(d.updated, d.created)
	d.rec.Updated, d.rec.Published = instant(d.updated), instant(d.created)
	if d.rec.Published.IsZero() {
		d.rec.Published = d.rec.Updated
	}
	if d.rec.Updated.Before(d.rec.Published) {
		d.rec.Updated = d.rec.Published
	}
	d.rec.Expires = instant(im.child("expires").line())
}

// g2Status reads pubStatus and embargoed. An embargo that is there but empty has
// no end (DateTimeOrNullPropType); unless the producer leaves other properties
// empty too and so only fills in a form.
func (d *draft) g2Status(im *node) {
	e := im.child("embargoed")
	d.setStatus(first(im.child("pubstatus").get("qcode"), im.child("pubstatus").get("uri")), e.line())
	if e == nil || e.line() != "" || d.rec.Status != article.Usable {
		return
	}
	for _, k := range im.kids {
		if k.name != "" && k != e && len(k.attr) == 0 && strings.TrimSpace(k.raw()) == "" {
			return
		}
	}
	d.rec.Status = article.Withheld
}

// g2Note reads an editorial note. What is marked as not for publication is not
// even looked at.
func (d *draft) g2Note(e *node) {
	if strings.Contains(strings.ToLower(e.get("pubconstraint")), "nonpublic") {
		return
	}
	_, role := qcode(e.get("role"))
	d.edNote(role, e.line(), e)
}

// g2Party is the name of a provider, creator or source.
func (d *draft) g2Party(n *node) string {
	if n == nil {
		return ""
	}
	name := pickLang(n.all("name"), d.rec.Language)
	if name == "" {
		name = n.get("literal")
	}
	return name
}

func (d *draft) g2Link(l *node) {
	href := address(d.base, l.get("href"))
	_, rel := qcode(l.get("rel"))
	if href == "" || len(d.rec.Links.Related) >= maxMedia {
		return
	}
	switch strings.ToLower(rel) {
	case "seealso", "related", "":
		d.rec.Links.Related = append(d.rec.Links.Related, article.Link{URL: href, Title: l.child("title").line()})
	case "canonical", "alternate", "self":
		d.rec.Links.Canonical = first(d.rec.Links.Canonical, href)
	}
}

func (d *draft) g2Rights(n *node) {
	ri := n.child("rightsinfo")
	r := &d.rec.Rights
	holder := ri.child("copyrightholder")
	r.Copyright = first(pickLang(ri.all("copyrightnotice"), d.rec.Language), pickLang(holder.all("name"), d.rec.Language), holder.get("literal"))
	r.Terms = pickLang(ri.all("usageterms"), d.rec.Language)
}

// pickLang returns the text in the item's language, else the first that is
// there.
func pickLang(list []*node, lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	found := ""
	for _, n := range list {
		text := n.line()
		if text == "" {
			continue
		}
		l, _, _ := strings.Cut(article.Language(n.get("xml:lang")), "-")
		if l == base && l != "" {
			return text
		}
		if found == "" {
			found = text
		}
	}
	return found
}
