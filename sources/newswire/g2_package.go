package newswire

import (
	"strings"

	"wireroom/article"
)

// g2Ref is a member of a package.
type g2Ref struct {
	id, href, class, title, text string
}

// g2Refs lists the members of a package in its order: group by group from the
// root, each member once.
func g2Refs(p *node) []g2Ref {
	set := p.child("groupset")
	groups := map[string]*node{}
	for _, g := range set.all("group") {
		if id := g.get("id"); id != "" && len(groups) < maxNames {
			groups[id] = g
		}
	}
	w := groupWalk{groups: groups, seen: map[string]bool{}, done: map[*node]bool{}}
	if root := groups[set.get("root")]; root != nil {
		w.walk(root, 0)
	}
	for _, g := range set.all("group") {
		w.walk(g, 0)
	}
	if set == nil { // a package without groups
		for _, r := range p.all("itemref") {
			w.ref(r)
		}
	}
	return w.refs
}

type groupWalk struct {
	groups map[string]*node
	done   map[*node]bool
	seen   map[string]bool
	refs   []g2Ref
}

func (w *groupWalk) walk(g *node, depth int) {
	if w.done[g] || depth > maxDepth {
		return
	}
	w.done[g] = true
	for _, k := range g.kids {
		switch k.name {
		case "groupref":
			if sub := w.groups[k.get("idref")]; sub != nil {
				w.walk(sub, depth+1)
			}
		case "itemref", "conceptref":
			w.ref(k)
		}
	}
}

func (w *groupWalk) ref(k *node) {
	id := first(k.get("residref"), k.get("href"))
	if id == "" || w.seen[id] || len(w.refs) >= maxNames {
		return
	}
	w.seen[id] = true
	_, class := qcode(k.child("itemclass").get("qcode"))
	w.refs = append(w.refs, g2Ref{
		id: k.get("residref"), href: k.get("href"), class: strings.ToLower(class),
		title: first(k.child("headline").line(), k.child("title").line()), text: k.child("description").line(),
	})
}

// g2Package reads a package that came without its members: its own head, and
// the titles of its texts as the body.
func g2Package(p *node, refs []g2Ref, o Options) *draft {
	d := newDraft(o)
	d.g2Head(p)
	for _, cm := range p.all("contentmeta") {
		d.g2Content(p, cm)
	}
	d.topics()
	var titles []string
	for _, r := range refs {
		if r.href != "" && len(d.rec.Links.Related) < maxMedia {
			if u := address(d.base, r.href); u != "" {
				d.rec.Links.Related = append(d.rec.Links.Related, article.Link{URL: u, Title: r.title})
			}
		}
		if r.title != "" && r.class != "picture" && r.class != "graphic" {
			titles = append(titles, r.title)
		}
	}
	if len(titles) > 0 {
		d.rec.Headline = first(d.rec.Headline, titles[0])
		d.blocks = append(d.blocks, block{kind: "list", items: titles})
	}
	d.rec.Genre = "package"
	return d
}

// g2Assets reads the icon of an item that has no picture of its own.
func (d *draft) g2Assets(n *node) {
	for _, i := range n.child("contentmeta").all("icon") {
		if u := address(d.base, i.get("href")); u != "" && d.media() == "video" && len(d.rec.Images) == 0 {
			d.rec.Images = append(d.rec.Images, article.Media{URL: u, Medium: "image", Type: i.get("contenttype"), Width: atoi(i.get("width")), Height: atoi(i.get("height"))})
		}
	}
}
