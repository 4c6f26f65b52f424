package story

import (
	"cmp"
	"slices"
)

// The bounds of a search. They are what makes the cost of an article constant.
const (
	searchTerms = 16 // the weightiest words of an article that are looked up
	chainSteps  = 40 // articles looked at for each
	keySteps    = 12 // ... and for each key
	candidates  = 24 // articles that are held against it
	tellers     = 6  // members of a story that stand for it
	rivals      = 3  // stories that are looked at more closely
)

// candidate is an article found, and the weight of what it was found by.
type candidate struct {
	number int32
	weight float64
}

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
func (e *Engine) search(n *node) []candidate {
	clear(e.found)
	e.searchTerms(n)
	e.searchKeys(n)
	e.ordered = e.ordered[:0]
	for number, weight := range e.found {
		if c := e.node(number); c != nil && c != n {
			e.ordered = append(e.ordered, candidate{number, weight})
		}
	}
	slices.SortFunc(e.ordered, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.number, a.number))
	})
	return e.ordered[:min(len(e.ordered), candidates)]
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
		number, ok := e.terms[t.hash^s]
		for step := 0; ok && step < chainSteps && number >= e.base; step++ {
			e.found[number] += float64(t.weight) * float64(t.weight)
			number, ok = e.nodes[number-e.base].beforeByTerm(t.hash)
		}
	}
}

// searchKeys finds near copies and linked articles. A key is rarer than any
// word, so it weighs more.
func (e *Engine) searchKeys(n *node) {
	for _, k := range n.imprint.keys {
		number, ok := e.keys[k]
		for step := 0; ok && step < keySteps && number >= e.base; step++ {
			e.found[number] += 0.5
			number, ok = e.nodes[number-e.base].beforeByKey(k)
		}
	}
}

// beforeByTerm is the article before n that has the word.
func (n *node) beforeByTerm(hash uint32) (int32, bool) {
	i, ok := slices.BinarySearchFunc(n.terms, hash, func(t term, h uint32) int { return cmp.Compare(t.hash, h) })
	if !ok || n.termPrev == nil || n.termPrev[i] < 0 {
		return 0, false
	}
	return n.termPrev[i], true
}

// beforeByKey is the article before n that has the key.
func (n *node) beforeByKey(key uint32) (int32, bool) {
	i, ok := slices.BinarySearch(n.imprint.keys, key)
	if !ok || n.keyPrev == nil || n.keyPrev[i] < 0 {
		return 0, false
	}
	return n.keyPrev[i], true
}

// judge holds n against another article.
func (e *Engine) judge(n, c *node) scored {
	s := scored{node: c, pair: compare(&n.imprint, &c.imprint)}
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
			s := e.judge(n, c).sum
			best = max(best, s)
			sum += max(s, -8)
			count++
		}
	})
	for i := range e.scored {
		if s := &e.scored[i]; s.node.story == g && e.judged == n {
			best = max(best, s.sum)
		}
	}
	if count == 0 {
		return best
	}
	return (1-e.weights.member)*best + e.weights.member*sum/float64(count)
}
