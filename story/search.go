package story

import (
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
	sum   float64 // of the evidence
	copy  bool
	proof Evidence // of the copy, or of the link across languages
}

// findings are the articles that a search came by, and the weight of what each
// shares with the article at hand.
type findings struct {
	slots [findingSlots]finding
	used  []uint16 // slots in use
	order []uint64
}

type finding struct {
	article int32 // its number, plus one; 0: free
	weight  float32
}

// findingSlots is a power of two well above what a search can come by.
const findingSlots = 2048

const maxKeys = bodyKeys + leadKeys + 3 + maxLinks // of an article

var _ = [1]struct{}{}[(searchTerms*chainSteps+maxKeys*keySteps)*2/findingSlots] // it is not above half of that

// add finds an article once more.
func (f *findings) add(article int32, weight float32) {
	for i := uint32(article) * 0x9E3779B1 >> 21; ; i = (i + 1) % findingSlots {
		s := &f.slots[i]
		if s.article == 0 {
			s.article = article + 1
			f.used = append(f.used, uint16(i))
		}
		if s.article == article+1 {
			s.weight += weight
			return
		}
	}
}

// ranked empties the findings and returns them as numbers that sort by weight,
// the heaviest first, of equal ones the latest. The bits of a weight that is not
// negative sort as it does.
func (f *findings) ranked() []uint64 {
	f.order = f.order[:0]
	for _, i := range f.used {
		s := &f.slots[i]
		f.order = append(f.order, ^(uint64(math.Float32bits(s.weight))<<32 | uint64(s.article-1)))
		*s = finding{}
	}
	f.used = f.used[:0]
	return f.order
}

// search finds the articles that share most with n among the latest that share
// anything, best first. What it reads lies anywhere in memory, so that each step
// is taken for all at once: reads that don't wait for one another take a tenth
// of the time.
func (e *Engine) search(n *node) []*node {
	var wanted [searchTerms + maxKeys]sought
	list := e.weightiest(n, wanted[:0])
	terms := len(list)
	for _, k := range n.keys(e.scratch[:0]) { // near copies and linked articles: a key is rarer than any word, so it weighs more
		list = append(list, sought{e.keys.table.get(k), 0.5})
	}
	for i := range list {
		in := &e.terms
		if i >= terms {
			in = &e.keys
		}
		e.touched += in.touch(list[i].at)
	}
	for i := range list {
		in := &e.terms
		if i >= terms {
			in = &e.keys
		}
		in.follow(list[i].at, e.base, func(article int32) { e.found.add(article, list[i].weight) })
	}
	ranked := e.found.ranked()
	e.candidates = e.candidates[:0]
	most := min(len(ranked), 2*maxCandidates) // some may have gone meanwhile
	first(ranked, most)
	e.take(n, ranked[:most])
	e.take(n, ranked[most:])
	for _, c := range e.candidates {
		for i := 0; i < len(c.lists); i += 16 {
			e.touched += c.lists[i]
		}
	}
	return e.candidates
}

// sought is a word or key of the article at hand, and what one more article that
// has it is worth.
type sought struct {
	at     *posting
	weight float32
}

// take makes candidates of the best of some findings.
func (e *Engine) take(n *node, ranked []uint64) {
	if len(e.candidates) == maxCandidates {
		return
	}
	slices.Sort(ranked)
	for _, o := range ranked {
		if c := e.node(int32(uint32(^o))); c != nil && c != n && c.story != nil {
			if e.candidates = append(e.candidates, c); len(e.candidates) == maxCandidates {
				return
			}
		}
	}
}

// weightiest appends the terms by which others are looked for.
func (e *Engine) weightiest(n *node, out []sought) []sought {
	terms, s := n.terms(), salt(n.lang)
	var order [maxTerms]uint64
	for i := range terms {
		order[i] = uint64(^math.Float32bits(n.weight(i)))<<32 | uint64(i)
	}
	most := min(len(terms), searchTerms)
	first(order[:len(terms)], most)
	slices.Sort(order[:most])
	for _, o := range order[:most] {
		i := int(uint32(o))
		out = append(out, sought{e.terms.table.get(terms[i] ^ s), n.weight(i) * n.weight(i)})
	}
	return out
}

// judge holds n against another article.
func (e *Engine) judge(n, c *node) scored {
	s, p := scored{node: c}, e.compare(n, &c.imprint)
	if abs(n.at-c.at) > e.window {
		s.sum = impossible
		return s
	}
	if n.lang != c.lang {
		s.sum = impossible
		if proof, ok := acrossLanguages(n, c, &p); ok {
			s.proof, s.sum = proof, proof.Weight
		}
		return s
	}
	s.sum = e.weights.weigh(&p, n, c, nil)
	if proof, ok := sameText(&n.imprint, &c.imprint, &p); ok {
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
