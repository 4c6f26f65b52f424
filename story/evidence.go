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
	bias, words, breadth, names, headline, cover, numbers, specific, named, shared, place, elsewhere, gap, days, phase, score, agency, wrap, joins float64
	member, whole, join, margin                                                                                                                    float64
}

// fitted are the weights in use. Where a language joins words, texts have fewer
// of them in common: joins makes up for that.
var fitted = weights{
	bias: -3.9, words: 5.9, breadth: 4.9, names: 0.6, headline: 3, cover: 2, numbers: 0.5, specific: 0.3, named: 0.1, shared: 0.7,
	place: 0.4, elsewhere: -0.3, gap: -0.62, days: -0.66, phase: -5, score: -1.1, agency: 0.2, wrap: -1, joins: 0.2,
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

// held is the article at hand, which is held against many: where each of its
// terms is, and how specific it is once that was asked for.
type held struct {
	whose  *node
	slots  [heldSlots]uint8 // by hash: where in the terms, plus one; 0: free
	rarity rarity
	known  uint64 // terms whose rarity is known
	each   [maxTerms]float64
}

const heldSlots = 512 // so many that nearly all words of other articles are told apart at the first look

func (h *held) slot(hash uint32) uint32 { return hash % heldSlots }

// hold makes n the article at hand.
func (e *Engine) hold(n *node) *held {
	h := &e.held
	if h.whose == n {
		return h
	}
	h.whose, h.known, h.rarity = n, 0, e.common.rarity(n.lang)
	clear(h.slots[:])
	for i, hash := range n.terms() {
		s := h.slot(hash)
		for h.slots[s] != 0 {
			s = (s + 1) % heldSlots
		}
		h.slots[s] = uint8(i + 1)
	}
	return h
}

// find returns where among its terms the article at hand has a word, or -1.
func (h *held) find(terms []uint32, hash uint32) int {
	for s := h.slot(hash); h.slots[s] != 0; s = (s + 1) % heldSlots {
		if i := int(h.slots[s]) - 1; terms[i] == hash {
			return i
		}
	}
	return -1
}

// specific is how specific the i-th of its terms is.
func (h *held) specific(i int, hash uint32) float64 {
	if h.known&(1<<i) == 0 {
		h.each[i] = h.rarity.specific(hash)
		h.known |= 1 << i
	}
	return h.each[i]
}

// compare holds two prints against each other.
func (e *Engine) compare(n *node, b *imprint) pair {
	a, h := &n.imprint, e.hold(n)
	terms := a.terms()
	p := pair{nameless: [2]int{int(a.named), int(b.named)}}
	var top, names, head, coverA, coverB float64
	scores := 0
	for j, hash := range b.terms() {
		i := h.find(terms, hash)
		if i < 0 {
			continue
		}
		wa, wb := float64(a.weight(i)), float64(b.weight(j))
		ka, kb := a.kind(i), b.kind(j)
		w := wa * wb
		p.words += w
		top = max(top, w)
		both := ka & kb
		if both&name != 0 {
			names += w
		}
		if both&inHead != 0 {
			head += w
		}
		if ka&inHead != 0 {
			coverA += wa * wa
		}
		if kb&inHead != 0 {
			coverB += wb * wb
		}
		switch {
		case both&score != 0:
			scores++
			p.numbers++
		case both&number != 0:
			p.numbers++
		}
		if (ka|kb)&(inPlace|piece) == 0 {
			p.shared++
			if f := h.specific(i, hash); both&name != 0 {
				p.named += f
			} else {
				p.specific += f
			}
		}
		if (ka|kb)&(name|number) != 0 {
			p.equal++
		}
	}
	p.breadth = min(1, p.words-top)
	p.words = min(1, p.words)
	p.names = ratio(names, float64(a.nameNorm)*float64(b.nameNorm))
	p.headline = ratio(head, float64(a.headNorm)*float64(b.headNorm))
	p.cover = (ratio(coverA, float64(a.headNorm)*float64(a.headNorm)) + ratio(coverB, float64(b.headNorm)*float64(b.headNorm))) / 2
	p.score = a.scores > 0 && b.scores > 0 && scores == 0
	p.days = a.days != 0 && b.days != 0 && a.days&b.days == 0
	if a.phase*b.phase < 0 {
		p.phase = math.Min(2, math.Abs(float64(a.phase)-float64(b.phase))/4)
	}
	p.agency = meet(a.list(listAgencies), b.list(listAgencies))
	if x, y := a.list(listPlaces), b.list(listPlaces); len(x) > 0 && len(y) > 0 {
		p.place = -1
		if meet(x, y) {
			p.place = 1
		}
	}
	return p
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
	say := [len(kinds)]float64{
		w.bias + noted(a.joins)*w.joins, w.words * p.words, w.breadth * p.breadth, w.names * p.names, w.headline * p.headline, w.cover * p.cover,
		w.numbers * float64(min(3, p.numbers)), w.specific * min(4, p.specific), w.named * min(4, p.named),
		w.shared * math.Log1p(float64(min(12, p.shared))), w.place*float64(place) + w.elsewhere*float64(elsewhere), w.gap * math.Log1p(hours/12),
		noted(p.days) * w.days * (1 + min(1, hours/24)), w.phase * p.phase, noted(p.score) * w.score, noted(p.agency) * w.agency, noted(a.wrap != b.wrap) * w.wrap,
	}
	sum := 0.0
	for _, s := range say {
		sum += s
	}
	if parts != nil {
		value := [len(kinds)]float64{
			1, p.words, p.breadth, p.names, p.headline, p.cover, float64(p.numbers), p.specific, p.named, float64(p.shared), float64(p.place),
			hours, noted(p.days), p.phase, noted(p.score), noted(p.agency), noted(a.wrap != b.wrap),
		}
		for i := range parts {
			parts[i] = Evidence{kinds[i], value[i], say[i]}
		}
	}
	return sum
}

func noted(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
