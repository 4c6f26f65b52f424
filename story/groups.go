package story

import (
	"slices"
	"strconv"

	"wireroom/article"
)

// group is a story or a set of articles with the same text.
type group struct {
	id      string
	members []int32 // numbers of the articles held, oldest first
	profile *node   // what its tellers have in common; nil until asked for
	told    bool    // its id was given out: it had two members once, or was named by others
}

func (g *group) replace(old, n *node) {
	if i := slices.Index(g.members, old.number); i >= 0 {
		g.members = append(slices.Delete(g.members, i, i+1), n.number)
		g.profile = nil
	}
}

// tellers calls f for the members that stand for a story: the first two and the
// latest.
func (g *group) tellers(f func(int32)) {
	for i, m := range g.members {
		if i < 2 || i >= len(g.members)-(tellers-2) {
			f(m)
		}
	}
}

// place is where an article belongs, as others may know it.
func (n *node) place() Place {
	p := Place{Article: n.id}
	if n.story != nil && n.story.told {
		p.Story = n.story.id
	}
	if n.text != nil && n.text.told {
		p.Text = n.text.id
	}
	return p
}

// leave takes a node out of its groups. Groups without members are forgotten.
func (e *Engine) leave(n *node) {
	depart(e.stories, n.story, n)
	depart(e.texts, n.text, n)
	n.story, n.text = nil, nil
}

func depart(all map[string]*group, g *group, n *node) {
	if g == nil {
		return
	}
	if i := slices.Index(g.members, n.number); i >= 0 {
		g.members = slices.Delete(g.members, i, i+1)
		g.profile = nil
	}
	if len(g.members) == 0 {
		delete(all, g.id)
	}
}

// enter puts a node into a group, whose other members are told of if they were
// alone.
func (e *Engine) enter(g *group, n *node, d *Decision) {
	i, _ := slices.BinarySearch(g.members, n.number)
	g.members = slices.Insert(g.members, i, n.number)
	g.profile = nil
	if len(g.members) < 2 || g.told {
		return
	}
	g.told = true
	for _, m := range g.members {
		if c := e.node(m); c != nil && c != n {
			d.moved(c)
		}
	}
}

// moved notes that another article's place changed.
func (d *Decision) moved(n *node) {
	p := n.place()
	for i := range d.Moved {
		if d.Moved[i].Article == p.Article {
			d.Moved[i] = p
			return
		}
	}
	d.Moved = append(d.Moved, p)
}

// toStory moves a node into a story.
func (e *Engine) toStory(n *node, g *group, d *Decision) {
	if n.story == g {
		return
	}
	depart(e.stories, n.story, n)
	n.story = g
	e.stories[g.id] = g
	e.enter(g, n, d)
}

// toText moves a node into a group of equal texts.
func (e *Engine) toText(n *node, g *group, d *Decision) {
	if n.text == g {
		return
	}
	depart(e.texts, n.text, n)
	n.text = g
	e.texts[g.id] = g
	e.enter(g, n, d)
}

// named returns the group with an id that others know.
func named(all map[string]*group, id string) *group {
	g := all[id]
	if g == nil {
		g = &group{id: id}
	}
	g.told = true
	return g
}

// own returns a new group that begins with a node. Where the node's own id names
// a group that goes on without it, a number is added, and the id is told from
// the start, because it can't be guessed from the article.
func own(all map[string]*group, id string) *group {
	g := &group{id: id}
	for n := 2; all[g.id] != nil; n++ {
		g.id = id + "-" + strconv.Itoa(n)
		g.told = true
	}
	return g
}

func (e *Engine) ownStory(n *node) *group { return own(e.stories, article.StoryID(n.id)) }
func (e *Engine) ownText(n *node) *group  { return own(e.texts, article.TextID(n.id)) }

// Pin is an operator's decision: this article belongs to that story, whatever
// the evidence says.
type Pin struct {
	Article string `json:"article"`
	Story   string `json:"story"`
	Apart   bool   `json:"apart,omitempty"` // its text is not the same as any other's either
}

// Pin takes over an operator's decision. It holds for all time, also for an
// article that is yet to come. The places that changed by it are returned.
func (e *Engine) Pin(p Pin) []Place {
	e.pins[p.Article] = p
	n := e.byID[p.Article]
	if n == nil || n.story.id == p.Story && (!p.Apart || len(n.text.members) == 1) {
		return nil
	}
	d := Decision{}
	e.obey(n, p, &d)
	return append(d.Moved, n.place())
}

// obey puts a node where an operator wants it.
func (e *Engine) obey(n *node, p Pin, d *Decision) {
	e.toStory(n, named(e.stories, p.Story), d)
	if p.Apart && (n.text == nil || len(n.text.members) > 1) || n.text == nil {
		e.toText(n, e.ownText(n), d)
	}
	n.decided, n.with, n.strength = true, "", 0
	n.proof = Evidence{"an operator's decision", 1, 0}
}
