package story

import "strings"

// lexicon knows the words that tell nothing of a story: function words and the
// words that all news share, by language. It also tells languages apart by them.
type lexicon struct {
	codes []string          // the languages, in the order of their bits
	words map[uint32]uint16 // folded word -> languages in which it is empty
	days  map[uint32]uint8  // names of weekdays -> bit of the day, Sunday first
	ahead map[uint32]bool   // words that announce
	today map[uint32]int8   // today, yesterday, tomorrow -> days from now
}

// maxLanguages is the number of bits in a lexicon's entry.
const maxLanguages = 16

func newLexicon() *lexicon {
	x := &lexicon{words: map[uint32]uint16{}, days: map[uint32]uint8{}, ahead: map[uint32]bool{}, today: map[uint32]int8{}}
	var r reader
	each := func(list string, f func(uint32)) {
		r.lexicon = &lexicon{}
		for w := range strings.FieldsSeq(list) {
			r.words = r.words[:0]
			r.read(w, 1)
			for _, w := range r.words {
				f(w.hash)
			}
		}
	}
	for i, l := range emptyWords {
		x.codes = append(x.codes, l.code)
		each(l.words, func(h uint32) { x.words[h] |= 1 << i })
	}
	for i, list := range weekdays {
		each(list, func(h uint32) { x.days[h] = 1 << i })
	}
	each(announcing, func(h uint32) { x.ahead[h] = true })
	for i, list := range relativeDays {
		each(list, func(h uint32) { x.today[h] = int8(i - 1) })
	}
	return x
}

// vote counts a word for the languages in which it is an empty one.
func (x *lexicon) vote(h uint32, votes *[maxLanguages]int) {
	m := x.words[h]
	for i := 0; m != 0; i, m = i+1, m>>1 {
		if m&1 != 0 {
			votes[i]++
		}
	}
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
	need := 2
	if claimed != "" {
		need = 6
	}
	if votes[best] >= need && votes[best]*10 >= words && votes[best] >= 2*second {
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
