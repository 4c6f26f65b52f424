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
	maxLinks  = 8   // addresses of related articles that are kept
	maxListed = 16  // places, people, … of an article
	imageName = 12  // length from which the name of a picture's file is its own
)

// imprint is what the engine keeps of an article's text. Everything that is a
// list lies in one piece of memory.
type imprint struct {
	lang  string
	lists []uint32 // one after the other, as spans says
	spans [lists]uint16
	words int // of the text, as far as it was looked at

	canonical, image, headline uint32 // 0: none
	headNorm, nameNorm         float32
	named, scores              uint8 // terms that are names or numbers, that are scores
	days                       uint8 // weekdays that are named
	phase                      int8  // above 0: it announces; below: it tells an outcome
	wrap                       bool  // a wrap-up by its own words
	owned                      bool  // the canonical address is of the source's own site
	joins                      bool  // its language writes two words as one
}

// The lists of an imprint. A term is a word of an article and how much it says
// of it; the weights of one article make a vector of length 1.
const (
	listTerms    = iota // hashes of the terms, ascending
	listWeights         // their weights, as the bits of a float32
	listKinds           // their kinds, four in one
	listBody            // sketch of the text
	listLead            // sketch of its lead
	listLinks           // addresses of related articles
	listAgencies        // credited agencies
	listPlaces          // places of the article and its dateline
	lists
)

// list returns one of the lists.
func (o *imprint) list(which int) []uint32 {
	begin := uint16(0)
	if which > 0 {
		begin = o.spans[which-1]
	}
	return o.lists[begin:o.spans[which]:o.spans[which]]
}

func (o *imprint) terms() []uint32 { return o.list(listTerms) }

// weight is the weight of the i-th term.
func (o *imprint) weight(i int) float32 {
	return math.Float32frombits(o.lists[int(o.spans[listTerms])+i])
}

// kind is the kind of the i-th term.
func (o *imprint) kind(i int) kind {
	return kind(o.lists[int(o.spans[listWeights])+i/4] >> (i % 4 * 8))
}

// keys appends the hashes by which near copies and linked articles are found.
func (o *imprint) keys(out []uint32) []uint32 {
	body, lead := o.list(listBody), o.list(listLead)
	out = append(out, body[:min(len(body), bodyKeys)]...)
	out = append(out, lead[:min(len(lead), leadKeys)]...)
	out = append(out, o.list(listLinks)...)
	for _, k := range [...]uint32{o.canonical, o.image, o.headline} {
		if k != 0 {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// drafted are the lists of an imprint in the making.
type drafted [lists][]uint32

// reset empties the lists.
func (d *drafted) reset() {
	for i := range d {
		d[i] = d[i][:0]
	}
}

// bind puts the lists into one piece of memory.
func (o *imprint) bind(d *drafted) {
	n := 0
	for _, l := range d {
		n += len(l)
	}
	o.lists = make([]uint32, 0, n)
	for i, l := range d {
		o.lists = append(o.lists, l...)
		o.spans[i] = uint16(len(o.lists))
	}
}

// printer makes prints. Its buffers serve one article after the other.
type printer struct {
	reader
	draft  drafted
	sum    summed
	order  []uint64
	best   []gathered
	hashes []uint32
	low    []uint32
}

// imprint reads an article, weighs its words by how rare they are, and counts
// them.
func (p *printer) imprint(r *article.Record, c *counter) imprint {
	p.words, p.letters = p.words[:0], p.letters[:0]
	p.votes = [maxLanguages]int{}
	p.draft.reset()
	p.deep = maxWords
	p.read(r.Headline, maxWords)
	head := len(p.words)
	p.deep = head + termWords
	p.read(r.Standfirst, maxWords)
	p.read(r.Body.Text, maxWords)
	o := imprint{words: len(p.words) - head}
	o.lang = p.lexicon.language(r.Language, &p.votes, len(p.words))
	p.sketch(p.words[head:])
	p.linked(&o, r)
	p.marks(&o, r, head)
	p.gather(&o, r, head)
	p.choose(&o, c)
	o.bind(&p.draft)
	return o
}

// sketch makes the sketches of the text.
func (p *printer) sketch(text []word) {
	p.hashes = shingles(p.hashes[:0], text)
	p.draft[listBody] = p.smallest(p.draft[listBody], p.hashes, sketchSize)
	n := min(len(p.hashes), leadWords-shingleWords+1)
	p.draft[listLead] = p.smallest(p.draft[listLead], p.hashes[:n], leadSize)
}

// linked notes what an article is tied to others by: addresses, the picture, the
// headline.
func (p *printer) linked(o *imprint, r *article.Record) {
	key := func(kind, s string) uint32 {
		if s == "" {
			return 0
		}
		return hashOf([]byte(kind + s))
	}
	address := func(u string) string {
		_, rest, _ := strings.Cut(u, "://")
		return strings.TrimSuffix(rest, "/")
	}
	o.canonical = key("u", address(r.Links.Canonical))
	for _, l := range r.Links.Related[:min(len(r.Links.Related), maxLinks)] {
		if a := address(l.URL); a != "" {
			p.draft[listLinks] = append(p.draft[listLinks], key("u", a))
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
	}
	for _, a := range r.Agencies[:min(len(r.Agencies), maxListed)] {
		p.draft[listAgencies] = append(p.draft[listAgencies], hashOf([]byte(strings.ToLower(a))))
	}
	o.owned = article.SameSite(r.Links.Canonical, r.Source.URL) || article.SameSite(r.Links.Canonical, r.Source.FeedURL)
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
		if h := p.lexicon.hints.get(w.stem); h != nil {
			ahead += weight * int(*h&announces)
			past += weight * int(*h&decided>>1)
		}
		if w.kind&score != 0 {
			past += weight
		}
	}
	o.phase = int8(max(-8, min(8, ahead-past)))
	o.wrap = r.Revision.Kind == "wrap-up"
}

// gather sums up the words that may become terms, the headline's with more
// weight.
func (p *printer) gather(o *imprint, r *article.Record, head int) {
	p.sum.reset()
	empty := p.lexicon.mask(o.lang)
	titled := titleCase(p.words[:head])
	o.joins = o.lang != "" && strings.Contains(joins, o.lang)
	add := func(w *word, weight float32, k kind) {
		if w.stem == 0 || w.empty&empty != 0 {
			return
		}
		k |= w.kind & (number | score)
		p.sum.add(w.stem, weight, k)
		places := &p.draft[listPlaces]
		if k&inPlace != 0 {
			*places = append(*places, w.stem)
		}
		if !o.joins || w.size == 0 {
			return
		}
		begin, end := p.parts(w)
		p.sum.add(begin, weight*partWeight, k|piece)
		p.sum.add(end, weight*partWeight, k|piece)
		if k&inPlace != 0 {
			*places = append(*places, begin, end)
		}
	}
	for i := range p.words[:min(len(p.words), head+termWords)] {
		w := &p.words[i]
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
	p.deep = 2 * maxWords
	extra := func(list []string, weight float32, k kind) {
		for _, s := range list[:min(len(list), maxListed)] {
			n := len(p.words)
			p.read(s, n+6)
			for i := range p.words[n:] {
				add(&p.words[n+i], weight, k)
			}
			p.words = p.words[:n]
		}
	}
	extra(r.Places, 0.5, inPlace)
	extra(r.Dateline.Places, 0.5, inPlace)
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

// choose weighs what was gathered and keeps the weightiest terms.
func (p *printer) choose(o *imprint, c *counter) {
	g := p.sum.list
	all := c.language(o.lang, len(g))
	tallies := all.look(g)
	for i := range g {
		w := (1 + logOf(g[i].weight)) * all.weigh(tallies[i])
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
	o.fill(&p.draft, p.weightiest(maxTerms))
	all.done()
}

// logOf tells how much a word says that stands so often; most stand once.
func logOf(weight float32) float64 {
	if weight == 1 {
		return logOnce
	}
	return math.Log(float64(weight) + 0.5)
}

var logOnce = math.Log(1.5)

// weightiest returns the k words of the sum with most weight, by their hashes.
func (p *printer) weightiest(k int) []gathered {
	p.order = p.order[:0]
	for _, g := range p.sum.list { // weights are not negative: their bits sort as they do
		p.order = append(p.order, uint64(^math.Float32bits(g.weight))<<32|uint64(g.hash))
	}
	first(p.order, k)
	p.order = p.order[:min(k, len(p.order))]
	for i, o := range p.order {
		p.order[i] = uint64(uint32(o))
	}
	slices.Sort(p.order)
	p.best = p.best[:0]
	for _, hash := range p.order {
		p.best = append(p.best, p.sum.list[p.sum.find(uint32(hash))])
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
func (o *imprint) fill(d *drafted, best []gathered) {
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
	for i, g := range best {
		d[listTerms] = append(d[listTerms], g.hash)
		d[listWeights] = append(d[listWeights], math.Float32bits(float32(float64(g.weight)/length)))
		if i%4 == 0 {
			d[listKinds] = append(d[listKinds], 0)
		}
		d[listKinds][i/4] |= uint32(g.kind) << (i % 4 * 8)
		if g.kind&(name|number) != 0 {
			o.named++
		}
		if g.kind&score != 0 {
			o.scores++
		}
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
