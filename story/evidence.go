package story

import (
	"math"
	"slices"
)

// Evidence is one reason for or against two articles telling the same story.
// The weights of one decision are in log-odds and may be summed.
type Evidence struct {
	Kind   string  `json:"kind"`   // what was compared: words, names, headline, …
	Value  float64 `json:"value"`  // how much of it agreed; what 1 means depends on the kind
	Weight float64 `json:"weight"` // what that says, in log-odds
}

// weights turn what was compared into log-odds. They were fitted on the tuning
// half of the labelled set (see labelled_test.go).
type weights struct {
	bias, words, breadth, names, headline, cover, numbers, specific, named, shared, place, elsewhere, gap, days, phase, score, agency, wrap float64
	member, whole, join, margin                                                                                                             float64
}

// fitted are the weights in use.
var fitted = weights{
	bias: -3.9, words: 5.9, breadth: 4.9, names: 0.6, headline: 3, cover: 2, numbers: 0.5, specific: 0.3, named: 0.1, shared: 0.7,
	place: 0.4, elsewhere: -0.3, gap: -0.62, days: -0.66, phase: -5, score: -1.1, agency: 0.2, wrap: -1,
	member: 0.1, whole: 0.3, join: 0, margin: 0.3,
}

// pair is what two prints have in common, each part from 0 to 1 unless said.
type pair struct {
	words    float64 // cosine of the vectors
	breadth  float64 // the same without the one term that gives most
	names    float64 // cosine of the names alone
	headline float64 // cosine of the headlines alone
	cover    float64 // how much of each headline the other text has
	numbers  int     // equal numbers
	shared   int     // equal terms that are no places
	specific float64 // sum over them of how specific each is: 1 if no other article has it
	named    float64 // the same over names alone
	nameless [2]int  // names and numbers of each side
	equal    int     // ... that both have
	place    int     // 1: a place of the dateline is the same, -1: none is
	days     bool    // both name weekdays, and not one is the same
	phase    float64 // how clearly one announces and the other tells the outcome
	score    bool    // both have scores, and not one is the same
	agency   bool    // they credit the same agency
}

// compare holds two prints against each other.
func (e *Engine) compare(n *node, b *imprint) pair {
	var p pair
	a, rare := &n.imprint, e.rare.of(e.common, n)
	var top, names, head, coverA, coverB float64
	scores := [3]int{}
	i, j := 0, 0
	for i < len(a.terms) && j < len(b.terms) {
		s, t := &a.terms[i], &b.terms[j]
		switch {
		case s.hash < t.hash:
			p.count(s, 0, &scores)
			i++
			continue
		case t.hash < s.hash:
			p.count(t, 1, &scores)
			j++
			continue
		}
		p.count(s, 0, &scores)
		p.count(t, 1, &scores)
		w := float64(s.weight) * float64(t.weight)
		p.words += w
		top = max(top, w)
		both := s.kind & t.kind
		if both&name != 0 {
			names += w
		}
		if both&inHead != 0 {
			head += w
		}
		if s.kind&inHead != 0 {
			coverA += float64(s.weight) * float64(s.weight)
		}
		if t.kind&inHead != 0 {
			coverB += float64(t.weight) * float64(t.weight)
		}
		switch {
		case both&score != 0:
			scores[2]++
			p.numbers++
		case both&number != 0:
			p.numbers++
		}
		if (s.kind|t.kind)&(inPlace|piece) == 0 {
			p.shared++
			f := rare[i]
			if both&name != 0 {
				p.named += f
			} else {
				p.specific += f
			}
		}
		if (s.kind|t.kind)&(name|number) != 0 {
			p.equal++
		}
		i, j = i+1, j+1
	}
	for ; i < len(a.terms); i++ {
		p.count(&a.terms[i], 0, &scores)
	}
	for ; j < len(b.terms); j++ {
		p.count(&b.terms[j], 1, &scores)
	}
	p.breadth = min(1, p.words-top)
	p.words = min(1, p.words)
	p.names = ratio(names, float64(a.nameNorm)*float64(b.nameNorm))
	p.headline = ratio(head, float64(a.headNorm)*float64(b.headNorm))
	p.cover = (ratio(coverA, float64(a.headNorm)*float64(a.headNorm)) + ratio(coverB, float64(b.headNorm)*float64(b.headNorm))) / 2
	p.score = scores[0] > 0 && scores[1] > 0 && scores[2] == 0
	p.days = a.days != 0 && b.days != 0 && a.days&b.days == 0
	if a.phase*b.phase < 0 {
		p.phase = math.Min(2, math.Abs(float64(a.phase)-float64(b.phase))/4)
	}
	p.agency = meet(a.agencies, b.agencies)
	if len(a.places) > 0 && len(b.places) > 0 {
		p.place = -1
		if meet(a.places, b.places) {
			p.place = 1
		}
	}
	return p
}

// count counts names, numbers and scores of one side.
func (p *pair) count(t *term, side int, scores *[3]int) {
	if t.kind&(name|number) != 0 {
		p.nameless[side]++
	}
	if t.kind&score != 0 {
		scores[side]++
	}
}

func ratio(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return min(1, a/b)
}

// meet reports whether two short lists share a value.
func meet(a, b []uint32) bool {
	return slices.ContainsFunc(a, func(x uint32) bool { return slices.Contains(b, x) })
}

// kinds are the names of the evidence, in the order of weigh's parts.
var kinds = [...]string{
	"prior", "words", "breadth", "names", "headline", "headline in text", "numbers", "rare words", "rare names", "equal words", "place",
	"time between", "other days", "announced, then reported", "other scores", "agency", "wrap-up",
}

// weigh sums the evidence up, in log-odds. parts, if not nil, takes what each
// kind says.
func (w *weights) weigh(p *pair, a, b *node, parts *[len(kinds)]Evidence) float64 {
	hours := math.Abs(float64(a.at-b.at)) / 3600
	place, elsewhere := max(0, p.place), max(0, -p.place)
	list := [len(kinds)]Evidence{
		{"", 1, w.bias},
		{"", p.words, w.words * p.words},
		{"", p.breadth, w.breadth * p.breadth},
		{"", p.names, w.names * p.names},
		{"", p.headline, w.headline * p.headline},
		{"", p.cover, w.cover * p.cover},
		{"", float64(p.numbers), w.numbers * float64(min(3, p.numbers))},
		{"", p.specific, w.specific * min(4, p.specific)},
		{"", p.named, w.named * min(4, p.named)},
		{"", float64(p.shared), w.shared * math.Log1p(float64(min(12, p.shared)))},
		{"", float64(p.place), w.place*float64(place) + w.elsewhere*float64(elsewhere)},
		{"", hours, w.gap * math.Log1p(hours/12)},
		noted(p.days, w.days*(1+min(1, hours/24))), {"", p.phase, w.phase * p.phase}, noted(p.score, w.score), noted(p.agency, w.agency),
		noted(a.wrap != b.wrap, w.wrap),
	}
	sum := 0.0
	for i := range list {
		sum += list[i].Weight
		if parts != nil {
			list[i].Kind = kinds[i]
			parts[i] = list[i]
		}
	}
	return sum
}

func noted(on bool, weight float64) Evidence {
	if !on {
		return Evidence{}
	}
	return Evidence{"", 1, weight}
}

// rarities remembers how specific the words of the article at hand are, for it
// is held against many.
type rarities struct {
	whose *node
	each  [maxTerms]float64
}

func (r *rarities) of(c *counter, n *node) []float64 {
	if r.whose != n {
		r.whose = n
		for i := range n.terms {
			r.each[i] = c.specific(n.lang, n.terms[i].hash)
		}
	}
	return r.each[:len(n.terms)]
}
