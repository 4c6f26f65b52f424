package story

import (
	"cmp"
	"math"
	"slices"
)

// The bounds of a search. They are what makes the cost of an article constant.
const (
	searchTerms   = 14 // the weightiest words of an article that are looked up
	chainSteps    = 32 // articles looked at for each
	keySteps      = 12 // ... and for each key
	maxCandidates = 24 // articles that are held against it
	tellers       = 6  // members of a story that stand for it
	rivals        = 3  // stories that are looked at more closely
)

// scored is a candidate that was held against the article at hand.
type scored struct {
	node  *node
	pair  pair
	sum   float64 // of the evidence
	copy  bool
	proof Evidence // of the copy, or of the link across languages
}

// search finds the articles that share most with n among the latest that share
// anything, best first.
func (e *Engine) search(n *node) []*node {
	clear(e.found)
	e.searchTerms(n)
	e.searchKeys(n)
	e.ordered = e.ordered[:0]
	for article, weight := range e.found { // the bits of a weight that is not negative sort as it does
		e.ordered = append(e.ordered, uint64(math.Float32bits(weight))<<32|uint64(uint32(article)))
	}
	slices.Sort(e.ordered)
	e.candidates = e.candidates[:0]
	for _, o := range slices.Backward(e.ordered) {
		if c := e.node(int32(uint32(o))); c != nil && c != n && c.story != nil {
			if e.candidates = append(e.candidates, c); len(e.candidates) == maxCandidates {
				break
			}
		}
	}
	return e.candidates
}

func (e *Engine) searchTerms(n *node) {
	var order [maxTerms]int
	list := order[:0]
	for i := range n.terms {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(n.terms[b].weight, n.terms[a].weight), cmp.Compare(a, b))
	})
	s := salt(n.lang)
	for _, i := range list[:min(len(list), searchTerms)] {
		t := &n.terms[i]
		weight := t.weight * t.weight
		e.terms.follow(t.hash^s, chainSteps, func(article int32) { e.found[article] += weight })
	}
}

// searchKeys finds near copies and linked articles. A key is rarer than any
// word, so it weighs more.
func (e *Engine) searchKeys(n *node) {
	for _, k := range n.imprint.keys {
		e.keys.follow(k, keySteps, func(article int32) { e.found[article] += 0.5 })
	}
}

// judge holds n against another article.
func (e *Engine) judge(n, c *node) scored {
	s := scored{node: c, pair: e.compare(n, &c.imprint)}
	if abs(n.at-c.at) > e.window {
		s.sum = impossible
		return s
	}
	if n.lang != c.lang {
		s.sum = impossible
		if proof, ok := acrossLanguages(n, c, &s.pair); ok {
			s.proof, s.sum = proof, proof.Weight
		}
		return s
	}
	s.sum = e.weights.weigh(&s.pair, n, c, nil)
	if proof, ok := sameText(&n.imprint, &c.imprint, &s.pair); ok {
		s.copy, s.proof, s.sum = true, proof, max(s.sum, proof.Weight)
	}
	return s
}

// impossible is less than any evidence.
const impossible = -100

// support is how much a story speaks for an article to be one of its own: the
// best of those that tell it, tempered by what the others say.
func (e *Engine) support(n *node, g *group) float64 {
	best, sum, count := float64(impossible), 0.0, 0
	g.tellers(func(number int32) {
		if c := e.node(number); c != nil && c != n {
			s := e.judgedSum(n, c)
			best = max(best, s)
			sum += max(s, -8)
			count++
		}
	})
	if e.judged == n {
		for i := range e.scored {
			if s := &e.scored[i]; s.node.story == g {
				best = max(best, s.sum)
			}
		}
	}
	if count < 2 {
		return best
	}
	mean := (1-e.weights.member)*best + e.weights.member*sum/float64(count)
	return (1-e.weights.whole)*mean + e.weights.whole*e.likely(n, g)
}

// judgedSum is what the evidence on n and c comes to, looked up where it is
// known already.
func (e *Engine) judgedSum(n, c *node) float64 {
	if e.judged == n {
		for i := range e.scored {
			if e.scored[i].node == c {
				return e.scored[i].sum
			}
		}
	}
	s := e.judge(n, c)
	return s.sum
}
