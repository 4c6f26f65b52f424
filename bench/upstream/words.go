package upstream

import (
	"math/rand/v2"
	"strings"
)

// lexicon makes text that compresses as news copy does: words of uneven
// frequency, sentences, paragraphs.
type lexicon struct {
	words []string
}

// wordCount sets how well the text compresses: 57 KB of feed to 17.6 KB.
const wordCount = 2600

func newLexicon() *lexicon {
	r := rand.New(rand.NewPCG(1, 2))
	onset := strings.Fields("b c d f g h l m n p r s t v w st tr pr ch sh pl br gr")
	nucleus := strings.Fields("a e i o u a e i o ea ou ai")
	coda := strings.Fields("n r s t l d m nd rt st ck - - - -")
	l := &lexicon{}
	for len(l.words) < wordCount {
		var w strings.Builder
		for range 1 + min(len(l.words)/120, 1) + r.IntN(2) {
			w.WriteString(onset[r.IntN(len(onset))] + nucleus[r.IntN(len(nucleus))])
			w.WriteString(strings.TrimPrefix(coda[r.IntN(len(coda))], "-"))
		}
		l.words = append(l.words, w.String())
	}
	return l
}

func (l *lexicon) word(r *rand.Rand) string {
	x := r.Float64()
	f := x
	for range 2 { // x^3: the first words are the frequent ones
		f *= x
	}
	return l.words[int(f*float64(len(l.words)))]
}

// sentence appends a sentence of n words.
func (l *lexicon) sentence(b []byte, r *rand.Rand, n int) []byte {
	b = l.title(b, r, n)
	return append(b, '.')
}

// title appends n words, the first with a capital.
func (l *lexicon) title(b []byte, r *rand.Rand, n int) []byte {
	for i := range n {
		w := l.word(r)
		if i > 0 {
			b = append(b, ' ')
			if r.IntN(12) == 0 {
				b = append(b, w[0]-'a'+'A')
				w = w[1:]
			}
		} else {
			b = append(b, w[0]-'a'+'A')
			w = w[1:]
		}
		b = append(b, w...)
	}
	return b
}
