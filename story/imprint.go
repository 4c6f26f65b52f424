package story

import (
	"math"
	"slices"
	"strings"
	"time"

	"wireroom/article"
)

const (
	maxTerms  = 44  // words kept of an article
	termWords = 220 // words of the text that they are chosen from
	bodyKeys  = 16  // hashes of the sketch by which a text is looked up
	leadKeys  = 6   // hashes of the lead's sketch, likewise
	imageName = 12  // length from which the name of a picture's file is its own
)

// term is a word of an article and how much it says of it; the weights of one
// article make a vector of length 1.
type term struct {
	hash   uint32
	weight float32
	kind   kind
}

// imprint is what the engine keeps of an article's text.
type imprint struct {
	lang  string
	terms []term // by hash
	body  []uint32
	lead  []uint32
	keys  []uint32 // by which near copies and linked articles are found
	words int      // of the text, as far as it was looked at

	canonical, image, headline uint32 // 0: none
	links                      []uint32
	agencies                   []uint32
	places                     []uint32
	days                       uint8 // weekdays that are named
	phase                      int8  // above 0: it announces; below: it tells an outcome
	wrap                       bool  // a wrap-up by its own words
	headNorm, nameNorm         float32
	owned                      bool // the canonical address is of the source's own site
}

// printer makes prints. Its buffers serve one article after the other.
type printer struct {
	reader
	gathered []gathered
	distinct []gathered // the same, each word once, by hash
	best     []gathered
	order    []uint64
	hashes   []uint32
}

// gathered is a word on its way to a term.
type gathered struct {
	hash   uint32
	weight float32
	kind   kind
}

// imprint reads an article, weighs its words by how rare they are, and counts
// them.
func (p *printer) imprint(r *article.Record, c *counter) imprint {
	p.words = p.words[:0]
	p.votes = [maxLanguages]int{}
	p.read(r.Headline, maxWords)
	head := len(p.words)
	p.read(r.Standfirst, maxWords)
	p.read(r.Body.Text, maxWords)
	o := imprint{words: len(p.words) - head}
	o.lang = p.lexicon.language(r.Language, &p.votes, len(p.words))
	p.sketch(&o, p.words[head:])
	p.linked(&o, r)
	p.marks(&o, r, head)
	p.gather(&o, r, head)
	p.choose(&o, c)
	return o
}

// sketch makes the sketches of the text and the keys from them.
func (p *printer) sketch(o *imprint, text []word) {
	p.hashes = shingles(p.hashes[:0], text)
	o.body = smallest(p.hashes, sketchSize)
	n := min(len(p.hashes), leadWords-shingleWords+1)
	o.lead = smallest(p.hashes[:n], leadSize)
	o.keys = append(o.keys, o.body[:min(len(o.body), bodyKeys)]...)
	o.keys = append(o.keys, o.lead[:min(len(o.lead), leadKeys)]...)
}

// linked notes what an article is tied to others by: addresses, the picture, the
// headline.
func (p *printer) linked(o *imprint, r *article.Record) {
	key := func(kind, s string) uint32 {
		if s == "" {
			return 0
		}
		h := hashOf([]byte(kind + s))
		o.keys = append(o.keys, h)
		return h
	}
	address := func(u string) string {
		_, rest, _ := strings.Cut(u, "://")
		return strings.TrimSuffix(rest, "/")
	}
	o.canonical = key("u", address(r.Links.Canonical))
	for _, l := range r.Links.Related[:min(len(r.Links.Related), 8)] {
		if a := address(l.URL); a != "" {
			o.links = append(o.links, key("u", a))
		}
	}
	if len(r.Images) > 0 {
		u, _, _ := strings.Cut(r.Images[0].URL, "?")
		if file := u[strings.LastIndexByte(u, '/')+1:]; len(file) >= imageName {
			o.image = key("i", file)
		}
	}
	if article.WordCount(r.Headline) >= 5 {
		h := uint64(1)
		for _, w := range p.words[:len(p.words)-o.words] {
			h = (h ^ uint64(w.hash)) * 0x9E3779B97F4A7C15
		}
		o.headline = mix(h)
		o.keys = append(o.keys, o.headline)
	}
	for _, a := range r.Agencies {
		o.agencies = append(o.agencies, hashOf([]byte(strings.ToLower(a))))
	}
	o.owned = article.SameSite(r.Links.Canonical, r.Source.URL) || article.SameSite(r.Links.Canonical, r.Source.FeedURL)
	slices.Sort(o.keys)
	o.keys = slices.Compact(o.keys)
}

// marks reads the days that a text names and whether it announces.
func (p *printer) marks(o *imprint, r *article.Record, head int) {
	ahead, past := 0, 0
	for i, w := range p.words[:min(len(p.words), head+termWords)] {
		if i < head+3*leadWords {
			o.days |= w.day
			if w.relative != 0 && !r.Published.IsZero() {
				o.days |= 1 << uint(r.Published.UTC().AddDate(0, 0, int(w.relative)-2).Weekday())
			}
		}
		if i >= head+leadWords {
			continue
		}
		weight := 1
		if i < head {
			weight = 2
		}
		ahead += weight * int(p.lexicon.phase[w.stem]&announces)
		past += weight * int(p.lexicon.phase[w.stem]&decided>>1)
		if w.kind&score != 0 {
			past += weight
		}
	}
	o.phase = int8(max(-8, min(8, ahead-past)))
	o.wrap = r.Revision.Kind == "wrap-up"
}

// gather collects the words that may become terms, the headline's with more
// weight.
func (p *printer) gather(o *imprint, r *article.Record, head int) {
	p.gathered = p.gathered[:0]
	empty := p.lexicon.mask(o.lang)
	titled := titleCase(p.words[:head])
	joined := o.lang != "" && strings.Contains(joins, o.lang)
	add := func(w word, weight float32, k kind) {
		if w.stem == 0 || w.empty&empty != 0 {
			return
		}
		k |= w.kind & (number | score)
		p.gathered = append(p.gathered, gathered{w.stem, weight, k})
		if joined && w.part[0] != 0 {
			p.gathered = append(p.gathered, gathered{w.part[0], weight * partWeight, k | piece}, gathered{w.part[1], weight * partWeight, k | piece})
		}
	}
	for i, w := range p.words[:min(len(p.words), head+termWords)] {
		k, weight := kind(0), float32(1)
		if w.kind&(capital|initial) == capital && (i >= head || !titled) {
			k |= name
		}
		if i < head {
			k |= inHead
			weight = 2
		}
		add(w, weight, k)
	}
	extra := func(list []string, weight float32, k kind) {
		for _, s := range list[:min(len(list), 16)] {
			n := len(p.words)
			p.read(s, n+6)
			for _, w := range p.words[n:] {
				add(w, weight, k)
			}
			p.words = p.words[:n]
		}
	}
	n := len(p.gathered)
	extra(r.Places, 0.5, inPlace)
	extra(r.Dateline.Places, 0.5, inPlace)
	for _, g := range p.gathered[n:] {
		o.places = append(o.places, g.hash)
	}
	extra(r.People, 1, name)
	extra(r.Organisations, 1, name)
}

// titleCase reports whether a headline writes its common words with capitals.
func titleCase(head []word) bool {
	caps := 0
	for _, w := range head {
		if w.kind&capital != 0 {
			caps++
		}
	}
	return caps*2 > len(head)
}

// choose merges what was gathered and keeps the weightiest terms.
func (p *printer) choose(o *imprint, c *counter) {
	p.order = p.order[:0]
	for i, g := range p.gathered {
		p.order = append(p.order, uint64(g.hash)<<32|uint64(i))
	}
	slices.Sort(p.order)
	g := p.distinct[:0]
	for _, o := range p.order {
		w := p.gathered[uint32(o)]
		if n := len(g); n > 0 && g[n-1].hash == w.hash {
			g[n-1].weight += w.weight
			whole := g[n-1].kind & w.kind & piece // a whole word stays one
			g[n-1].kind = (g[n-1].kind|w.kind)&^piece | whole
			continue
		}
		g = append(g, w)
	}
	p.distinct = g
	all := c.language(o.lang)
	for i := range g {
		w := (1 + math.Log(float64(g[i].weight)+0.5)) * all.weigh(g[i].hash)
		switch k := g[i].kind; {
		case k&piece != 0:
			w *= partWeight
		case k&score != 0:
		case k&number != 0:
			w *= numberWeight
		case k&inPlace != 0:
			w *= placeWeight
		case k&name != 0:
			w *= nameWeight
		}
		g[i].weight = float32(w)
	}
	o.fill(p.weightiest(g, maxTerms))
	all.done()
}

// weightiest returns the k words of g with most weight, in the order of g.
func (p *printer) weightiest(g []gathered, k int) []gathered {
	if len(g) <= k {
		return g
	}
	p.order = p.order[:0]
	for i := range g { // weights are not negative: their bits sort as they do
		p.order = append(p.order, uint64(^math.Float32bits(g[i].weight))<<32|uint64(i))
	}
	slices.Sort(p.order)
	for i, o := range p.order[:k] {
		p.order[i] = uint64(uint32(o))
	}
	slices.Sort(p.order[:k])
	p.best = p.best[:0]
	for _, i := range p.order[:k] {
		p.best = append(p.best, g[i])
	}
	return p.best
}

// How much a word of a kind counts beside a common one.
const (
	nameWeight   = 1.3
	placeWeight  = 0.7
	numberWeight = 0.7
	partWeight   = 0.8
)

// fill sets the terms, as a vector of length 1.
func (o *imprint) fill(best []gathered) {
	var sum, head, names float64
	for _, g := range best {
		w := float64(g.weight) * float64(g.weight)
		if g.kind&piece != 0 { // what joined words share adds to the likeness, what they don't takes nothing away
			continue
		}
		sum += w
		if g.kind&inHead != 0 {
			head += w
		}
		if g.kind&name != 0 {
			names += w
		}
	}
	if sum == 0 {
		return
	}
	length := math.Sqrt(sum)
	o.terms = make([]term, len(best))
	for i, g := range best {
		o.terms[i] = term{g.hash, float32(float64(g.weight) / length), g.kind}
	}
	o.headNorm, o.nameNorm = float32(math.Sqrt(head)/length), float32(math.Sqrt(names)/length)
}

// when is the time that an article is held to be from.
func when(r *article.Record) time.Time {
	if r.Published.IsZero() {
		return entered(r)
	}
	return r.Published
}

// entered is the time by which an article's place in the window goes.
func entered(r *article.Record) time.Time {
	t := r.FirstSeen
	if t.IsZero() {
		t = r.Published
	}
	return t
}
