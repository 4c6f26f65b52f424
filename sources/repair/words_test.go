package repair

import (
	"math/rand/v2"
	"testing"
)

// TestWords holds what is told of eight bytes at once to what is told of each.
func TestWords(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	interesting := []byte("\x00\x01\x08\t\n\x0B\x0C\r\x0E\x1F !%&';<=\\]^\x7F\x80\x8D\xA0\xC2\xEF\xFF")
	for range 200000 {
		b := make([]byte, 8)
		for i := range b {
			b[i] = 'a'
			if random.IntN(3) == 0 {
				b[i] = interesting[random.IntN(len(interesting))]
			}
		}
		w := eight(b)
		for i, c := range b {
			if told := controls(w)>>(8*i+7)&1 == 1; told != (classes[c] == control) {
				t.Fatalf("%q: byte %d is a control: %v", b, i, told)
			}
		}
	}
}
