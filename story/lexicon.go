package story

import (
	"math/bits"
	"strings"
)

// lexicon knows the words that tell nothing of a story: function words and the
// words that all news share, by language. It also tells languages apart by them.
type lexicon struct {
	codes []string           // the languages, in the order of their bits
	words hashtable[meaning] // by folded word
	hints hashtable[hint]    // by stem
}

// meaning is what is known of a word by itself.
type meaning struct {
	empty    uint16 // the languages in which it says nothing
	day      uint8  // the bit of the weekday that it names, Sunday first
	relative int8   // 1 yesterday, 2 today, 3 tomorrow
}

// hint is what the stem of a word tells: that it is of the words that all news
// share, or the phase of an event.
type hint uint8

const (
	announces hint = 1 << iota
	decided        // tells an outcome
	usual
)

// maxLanguages is the number of bits in a lexicon's entry.
const maxLanguages = 16

func newLexicon() *lexicon {
	x := &lexicon{}
	var r reader
	r.lexicon, r.deep = &lexicon{}, 1
	each := func(list string, f func(*meaning)) {
		for w := range strings.FieldsSeq(list) {
			r.words = r.words[:0]
			r.read(w, 1)
			x.words.room(1, func(*meaning) bool { return true })
			m, _ := x.words.put(r.words[0].hash)
			f(m)
		}
	}
	for i, l := range emptyWords {
		x.codes = append(x.codes, l.code)
		each(l.words, func(m *meaning) { m.empty |= 1 << i })
	}
	for i, list := range weekdays {
		each(list, func(m *meaning) { m.day = 1 << i })
	}
	for i, list := range relativeDays {
		each(list, func(m *meaning) { m.relative = int8(i + 1) })
	}
	stems := func(list string, h hint) {
		for w := range strings.FieldsSeq(list) {
			r.words = r.words[:0]
			if r.read(w, 1); r.words[0].stem != 0 {
				x.hints.room(1, func(*hint) bool { return true })
				v, _ := x.hints.put(r.words[0].stem)
				*v |= h
			}
		}
	}
	stems(topical, usual)
	stems(announcing, announces)
	stems(deciding, decided)
	return x
}

// look finds out about a word and counts it for the languages in which it is an
// empty one.
func (x *lexicon) look(h uint32, votes *[maxLanguages]int) meaning {
	m := x.words.get(h)
	if m == nil {
		return meaning{}
	}
	for b := m.empty; b != 0; b &= b - 1 {
		votes[bits.TrailingZeros16(b)]++
	}
	return *m
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
