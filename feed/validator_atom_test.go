package feed_test

import (
	"slices"
	"time"
)

func (v *validator) atom(root *element, self string) {
	v.need(root, "atom:id", "atom:title", "atom:updated", "atom:author", "atom:generator")
	v.once(root, "atom:link", "atom:entry", "at:deleted-entry")
	if !languageRE.MatchString(root.attr[xmlLang]) {
		v.fault("feed without a language")
	}
	for i, k := range root.kids {
		if k.name != "atom:entry" && i > root.index("atom:entry") && root.index("atom:entry") >= 0 {
			v.fault("<%s> after the entries", k.name)
		}
	}
	v.atomCommon(root)
	v.links(root, self, "application/atom+xml", "atom:link")
	ids := map[string]bool{}
	for _, e := range root.all("atom:entry") {
		v.entry(e, ids)
	}
	for _, d := range root.all("at:deleted-entry") {
		v.uri("deleted-entry", d.attr["ref"])
		v.date("deleted-entry", d.attr["when"], rfc3339, time.RFC3339)
		if ids[d.attr["ref"]] {
			v.fault("%s is there and deleted", d.attr["ref"])
		}
	}
}

// atomCommon are the rules for a feed, an entry and a source.
func (v *validator) atomCommon(e *element) {
	v.plain("title", e.value("atom:title"))
	v.plain("subtitle", e.value("atom:subtitle"))
	v.plain("rights", e.value("atom:rights"))
	v.date("updated", e.value("atom:updated"), rfc3339, time.RFC3339)
	v.uri("id", e.value("atom:id"))
	for _, p := range append(e.all("atom:author"), e.all("atom:contributor")...) {
		v.need(p, "atom:name")
		v.plain("name", p.value("atom:name"))
		if mailAddress.MatchString(p.value("atom:name")) {
			v.fault("mail address in name %q", p.value("atom:name"))
		}
		if u := p.value("atom:uri"); u != "" {
			v.web("person", u)
		}
	}
	for _, u := range []string{e.value("atom:icon"), e.value("atom:logo")} {
		if u != "" {
			v.web("icon", u)
		}
	}
}

var relations = []string{"alternate", "current", "enclosure", "first", "hub", "last", "license", "next", "next-archive",
	"prev-archive", "previous", "related", "replies", "self", "via"}

func (v *validator) entry(e *element, ids map[string]bool) {
	v.need(e, "atom:id", "atom:title", "atom:updated", "atom:published", "atom:link", "atom:content", "atom:source")
	v.once(e, "atom:link", "atom:author", "atom:contributor", "atom:category", "media:content", "media:group")
	v.atomCommon(e)
	v.date("published", e.value("atom:published"), rfc3339, time.RFC3339)
	if e.value("atom:updated") < e.value("atom:published") {
		v.fault("updated before published")
	}
	if ids[e.value("atom:id")] {
		v.fault("id %q twice", e.value("atom:id"))
	}
	ids[e.value("atom:id")] = true
	s := e.all("atom:source")[0]
	v.need(s, "atom:id", "atom:title", "atom:updated")
	v.atomCommon(s)
	if len(e.all("atom:author"))+len(s.all("atom:author")) == 0 {
		v.fault("entry without an author")
	}
	if e.index("dc:source") > e.index("atom:source") {
		v.fault("dc:source after source")
	}
	v.entryLinks(e)
	v.entryLinks(s)
	for _, c := range e.all("atom:category") {
		if c.attr["term"] == "" {
			v.fault("category without a term")
		}
		v.plain("term", c.attr["term"])
		v.attribute("label", c.attr["label"])
		if sch := c.attr["scheme"]; sch != "" {
			v.uri("scheme", sch)
		}
	}
	for _, sum := range e.all("atom:summary") {
		v.plain("summary", sum.text)
	}
	if t := e.all("atom:content")[0].attr["type"]; t != "html" {
		v.fault("content of type %q", t)
	}
	v.html("content", e.value("atom:content"))
	v.mediaElements(e)
}

func (v *validator) entryLinks(e *element) {
	alternates := map[string]bool{}
	for _, l := range e.all("atom:link") {
		v.web("link", l.attr["href"])
		v.attribute("link title", l.attr["title"])
		switch rel := l.attr["rel"]; {
		case rel == "alternate":
			if alternates[l.attr["type"]] {
				v.fault("two alternates of type %s", l.attr["type"])
			}
			alternates[l.attr["type"]] = true
		case rel == "enclosure" && (l.attr["length"] == "" || l.attr["type"] == ""):
			v.fault("enclosure %v", l.attr)
		case !slices.Contains(relations, rel):
			v.fault("relation %q", rel)
		}
	}
}

// links are the rules for a document's own links.
func (v *validator) links(e *element, self, kind, name string) {
	seen := map[string]bool{}
	rels := map[string]string{}
	for _, l := range e.all(name) {
		rel := l.attr["rel"]
		v.web("link "+rel, l.attr["href"])
		if seen[rel+l.attr["type"]] {
			v.fault("link %s twice", rel)
		}
		seen[rel+l.attr["type"]] = true
		rels[rel] = l.attr["href"]
		if !slices.Contains(relations, rel) {
			v.fault("relation %q", rel)
		}
	}
	if rels["self"] != self || !seen["self"+kind] {
		v.fault("self is %q, not %q", rels["self"], self)
	}
	archive, complete := len(e.all("fh:archive")) > 0, len(e.all("fh:complete")) > 0
	if archive && (rels["current"] == "" || rels["prev-archive"]+rels["next-archive"] == "") && !complete {
		v.fault("an archive without its links")
	}
	for _, rel := range []string{"first", "previous", "next", "last", "prev-archive", "next-archive"} {
		if complete && rels[rel] != "" {
			v.fault("a complete feed with %s", rel)
		}
	}
	if rels["first"] == self && rels["previous"] != "" || rels["last"] == self && rels["next"] != "" {
		v.fault("a link past the end")
	}
}
