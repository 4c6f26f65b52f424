package story

import (
	"cmp"
	"math"
	"slices"
)

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
	all := e.merged[:0]
	count := 0
	g.tellers(func(number int32) {
		c := e.node(number)
		if c == nil {
			return
		}
		for _, t := range c.terms {
			all = append(all, gathered(t))
		}
		if count++; count == 1 {
			p.lang, p.wrap = c.lang, c.wrap
		}
		p.at = max(p.at, c.at)
		p.days |= c.days
		p.phase = max(-8, min(8, p.phase+c.phase))
		p.places = append(p.places, c.places...)
		p.agencies = append(p.agencies, c.agencies...)
	})
	e.merged = all
	slices.SortStableFunc(all, func(a, b gathered) int { return cmp.Compare(a.hash, b.hash) })
	n := 0
	for i := range all {
		if n > 0 && all[n-1].hash == all[i].hash {
			all[n-1].weight += all[i].weight
			all[n-1].kind |= all[i].kind
			continue
		}
		all[n] = all[i]
		n++
	}
	all = all[:n]
	p.fill(e.printer.weightiest(all, profileTerms))
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
