package story

import "strings"

// lexicon knows the words that tell nothing of a story: function words and the
// words that all news share, by language. It also tells languages apart by them.
type lexicon struct {
	codes  []string           // the languages, in the order of their bits
	words  map[uint32]meaning // by folded word
	common map[uint32]bool    // stems of topical words
	phase  map[uint32]uint8   // stems of words that announce, that tell an outcome
}

// meaning is what is known of a word by itself.
type meaning struct {
	empty    uint16 // the languages in which it says nothing
	day      uint8  // the bit of the weekday that it names, Sunday first
	relative int8   // 1 yesterday, 2 today, 3 tomorrow
}

// What a word says of the phase of an event.
const (
	announces = 1
	decided   = 2
)

// maxLanguages is the number of bits in a lexicon's entry.
const maxLanguages = 16

func newLexicon() *lexicon {
	x := &lexicon{words: map[uint32]meaning{}, phase: map[uint32]uint8{}, common: map[uint32]bool{}}
	var r reader
	r.lexicon = &lexicon{}
	each := func(list string, f func(*meaning)) {
		for w := range strings.FieldsSeq(list) {
			r.words = r.words[:0]
			r.read(w, 1)
			m := x.words[r.words[0].hash]
			f(&m)
			x.words[r.words[0].hash] = m
		}
	}
	for i, l := range emptyWords {
		x.codes = append(x.codes, l.code)
		each(l.words, func(m *meaning) { m.empty |= 1 << i })
	}
	for i, list := range weekdays {
		each(list, func(m *meaning) { m.day = 1 << i })
	}
	stems := func(list string, f func(uint32)) {
		for w := range strings.FieldsSeq(list) {
			r.words = r.words[:0]
			if r.read(w, 1); r.words[0].stem != 0 {
				f(r.words[0].stem)
			}
		}
	}
	stems(topical, func(h uint32) { x.common[h] = true })
	stems(announcing, func(h uint32) { x.phase[h] |= announces })
	stems(deciding, func(h uint32) { x.phase[h] |= decided })
	for i, list := range relativeDays {
		each(list, func(m *meaning) { m.relative = int8(i + 1) })
	}
	return x
}

// look finds out about a word and counts it for the languages in which it is an
// empty one.
func (x *lexicon) look(h uint32, votes *[maxLanguages]int) meaning {
	m, ok := x.words[h]
	if ok {
		for i, bits := 0, m.empty; bits != 0; i, bits = i+1, bits>>1 {
			if bits&1 != 0 {
				votes[i]++
			}
		}
	}
	return m
}

// language decides on the language of a text: what its words say where they are
// clear, else what it claims. The code has no region.
func (x *lexicon) language(claimed string, votes *[maxLanguages]int, words int) string {
	if i := strings.IndexByte(claimed, '-'); i >= 0 {
		claimed = claimed[:i]
	}
	claimed = strings.ToLower(claimed)
	best, second := -1, 0
	for i := range x.codes {
		switch {
		case best < 0 || votes[i] > votes[best]:
			if best >= 0 {
				second = votes[best]
			}
			best = i
		case votes[i] > second:
			second = votes[i]
		}
	}
	if best < 0 || x.codes[best] == claimed {
		return claimed
	}
	// A claim is overruled by a text of some length only: names and quotations
	// bring foreign words.
	// Neighbours share many of their words, so without a claim less of a lead is
	// enough.
	need, lead := 2, 1.25
	if claimed != "" {
		need, lead = 6, 2
	}
	if votes[best] >= need && votes[best]*10 >= words && float64(votes[best]) >= lead*float64(second) {
		return x.codes[best]
	}
	return claimed
}

// mask is the bit of a language, 0 for those that the lexicon does not know.
func (x *lexicon) mask(code string) uint16 {
	for i, c := range x.codes {
		if c == code {
			return 1 << i
		}
	}
	return 0
}
