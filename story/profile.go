package story

import "math"

// profileTerms is how many words stand for a story.
const profileTerms = 96

// profile is a story as if it were one article: the words of those that tell it,
// taken together. An article that shares little with each of them may share much
// with all.
func (e *Engine) profile(g *group) *node {
	if g.profile != nil {
		return g.profile
	}
	p := &node{}
	d := &e.printer.draft
	d.reset()
	sum := &e.printer.sum
	sum.reset()
	count := 0
	g.tellers(func(number int32) {
		c := e.node(number)
		if c == nil {
			return
		}
		for i, hash := range c.terms() {
			if g, _ := sum.at(hash); g != nil {
				g.weight += c.weight(i)
				g.kind |= c.kind(i)
			}
		}
		if count++; count == 1 {
			p.lang, p.wrap = c.lang, c.wrap
		}
		p.at = max(p.at, c.at)
		p.days |= c.days
		p.phase = max(-8, min(8, p.phase+c.phase))
		d[listPlaces] = append(d[listPlaces], c.list(listPlaces)...)
		d[listAgencies] = append(d[listAgencies], c.list(listAgencies)...)
	})
	p.fill(d, e.printer.weightiest(profileTerms))
	p.bind(d)
	g.profile = p
	return p
}

// likely is how much a story as a whole speaks for an article.
func (e *Engine) likely(n *node, g *group) float64 {
	p := e.profile(g)
	pair := e.compare(n, &p.imprint)
	pair.agency = false
	sum := e.weights.weigh(&pair, n, p, nil)
	return math.Max(sum, impossible)
}
