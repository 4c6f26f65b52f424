package wirecopy

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestFoldASCII: the short way for ASCII agrees with the one for all text.
func TestFoldASCII(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		b := make([]byte, r.IntN(30))
		for i := range b {
			b[i] = byte(r.IntN(128))
			if r.IntN(3) == 0 {
				b[i] = " .'-aZ9"[r.IntN(7)]
			}
		}
		s := string(b)
		want := strings.TrimSuffix(strings.TrimSuffix(fold(s+" é"), "e"), " ")
		if got := fold(s); got != want {
			t.Fatalf("%q: %q, want %q", s, got, want)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		fold("The following information, however dull it is, was sent to editors only by the Agency's desk in St. Gallen.")
	}
}
