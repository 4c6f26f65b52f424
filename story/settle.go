package story

import (
	"cmp"
	"math"
	"slices"

	"wireroom/article"
)

// settle finds the place of a node: the operator's, else the one that the record
// has, else what the evidence says.
func (e *Engine) settle(n *node, r *article.Record, d *Decision, decide bool) {
	if p, ok := e.pins[n.id]; ok {
		e.obey(n, p, d)
		return
	}
	if r.Story.ID != "" && (n.story == nil || n.story.id != r.Story.ID) {
		e.accept(n, r, d)
		return
	}
	if decide {
		e.decide(n, d)
	}
	if n.story == nil {
		e.toStory(n, e.ownStory(n), d)
	}
	if n.text == nil {
		g := e.ownText(n)
		if r.Story.Text != "" {
			g = named(e.texts, r.Story.Text)
		}
		e.toText(n, g, d)
	}
}

// accept takes over a place that was decided before.
func (e *Engine) accept(n *node, r *article.Record, d *Decision) {
	e.toStory(n, named(e.stories, r.Story.ID), d)
	switch {
	case r.Story.Text != "":
		e.toText(n, named(e.texts, r.Story.Text), d)
	case n.text == nil || len(n.text.members) > 1:
		e.toText(n, e.ownText(n), d)
	}
	n.decided = true
}

// decide judges a node by the evidence.
func (e *Engine) decide(n *node, d *Decision) {
	n.decided = true
	e.scored, e.judged = e.scored[:0], n
	for _, c := range e.search(n) {
		e.scored = append(e.scored, e.judge(n, c))
	}
	slices.SortStableFunc(e.scored, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.node.number, b.node.number))
	})
	e.decideText(n, d)
	g, sum := e.decideStory(n)
	if g == nil {
		return
	}
	e.toStory(n, g, d)
	e.explain(n, g, sum, d)
	e.gather(n, g, d)
}

// decideText finds the group with the same text. A later version that is no
// longer the same as the others' leaves them.
func (e *Engine) decideText(n *node, d *Decision) {
	var g *group
	for i := range e.scored {
		s := &e.scored[i]
		if !s.copy || e.pins[s.node.id].Apart {
			continue
		}
		if s.node.text == n.text && n.text != nil {
			return
		}
		if g == nil {
			g = s.node.text
		}
	}
	switch {
	case g != nil:
		e.toText(n, g, d)
	case n.text != nil && len(n.text.members) > 1:
		e.toText(n, e.ownText(n), d)
	}
}

// decideStory chooses the story that speaks for a node most, nil where none does
// enough. A story that the node is in already has to be outdone by a margin.
func (e *Engine) decideStory(n *node) (*group, float64) {
	if n.text != nil && len(n.text.members) > 1 { // one text, one story
		for i := range e.scored {
			if s := &e.scored[i]; s.copy && s.node.text == n.text {
				return s.node.story, s.sum
			}
		}
	}
	need := e.weights.join
	if n.story != nil && len(n.story.members) > 1 {
		need = max(need, e.support(n, n.story)+e.weights.margin)
	}
	var best *group
	var seen [rivals]*group
	k := 0
	for i := range e.scored {
		g := e.scored[i].node.story
		if g == n.story || slices.Contains(seen[:k], g) {
			continue
		}
		if k == len(seen) || e.scored[i].sum <= need {
			break
		}
		seen[k] = g
		k++
		if sum := e.support(n, g); sum > need {
			best, need = g, sum
		}
	}
	return best, need
}

// gather brings articles over that n shows to belong to its story rather than
// to where they are.
func (e *Engine) gather(n *node, g *group, d *Decision) {
	list := slices.Clone(e.scored[:min(len(e.scored), maxCandidates)])
	moved := 0
	for i := range list {
		c := list[i].node
		if list[i].sum < e.weights.join+e.weights.margin || moved == rivals {
			break
		}
		if _, pinned := e.pins[c.id]; pinned || c.story == g || len(c.text.members) > 1 {
			continue
		}
		need := e.weights.join
		if len(c.story.members) > 1 {
			need = max(need, e.support(c, c.story)+e.weights.margin)
		}
		if sum := e.support(c, g); sum > need {
			e.toStory(c, g, d)
			c.with, c.strength, c.proof = n.id, sum, Evidence{}
			d.moved(c)
			moved++
		}
	}
}

// explain notes what brought a node into a story: the evidence of the member
// that speaks for it most.
func (e *Engine) explain(n *node, g *group, sum float64, d *Decision) {
	for i := range e.scored {
		if s := &e.scored[i]; s.node.story == g && s.node != n {
			n.with, n.strength, n.proof = s.node.id, sum, s.proof
			break
		}
	}
	d.With, d.Score, d.Why = n.with, n.strength, e.reasons(n)
}

// reasons lists the evidence that brought a node into its story, strongest
// first, as far as the other article is still held.
func (e *Engine) reasons(n *node) []Evidence {
	var out []Evidence
	if n.proof.Kind != "" {
		out = append(out, n.proof)
	}
	if other := e.byID[n.with]; other != nil && n.lang == other.lang {
		p := e.compare(n, &other.imprint)
		var parts [len(kinds)]Evidence
		e.weights.weigh(&p, n, other, &parts)
		for _, part := range parts {
			if math.Abs(part.Weight) >= 0.05 {
				out = append(out, part)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Evidence) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	return out
}

// Explain says what the engine knows of an article: its place and what brought
// it there.
func (e *Engine) Explain(id string) (Decision, bool) {
	n := e.byID[id]
	if n == nil {
		return Decision{}, false
	}
	return Decision{Place: n.place(), With: n.with, Score: n.strength, Why: e.reasons(n)}, true
}
