package story

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// TestPostings: against lists that are never cut, over windows that move on.
func TestPostings(t *testing.T) {
	t.Parallel()
	for _, most := range []int{2, keySteps, chainSteps} {
		r := rand.New(rand.NewPCG(uint64(most), 2))
		p, all := newPostings(most), map[uint32][]int32{}
		for article := range int32(5000) {
			first := max(0, article-700)
			keys := map[uint32]bool{}
			for range 12 {
				keys[r.Uint32N(1+r.Uint32N(4000))] = true // few are common, many rare; 0 is one of them
			}
			for key := range keys {
				p.room(1, first)
				p.add(key, article)
				all[key] = append(all[key], article)
			}
			key := r.Uint32N(1 + r.Uint32N(4100))
			var got, want []int32
			p.follow(p.table.get(key), first, func(a int32) { got = append(got, a) })
			for _, a := range slices.Backward(all[key]) {
				if a >= first && len(want) < most && key > 1 { // 0 and 1 are one key
					want = append(want, a)
				}
			}
			if key > 1 && !slices.Equal(got, want) {
				t.Fatalf("of at most %d: %v, want %v", most, got, want)
			}
		}
		if n := len(p.table.entries); n > 8192 {
			t.Errorf("room for %d keys, and at most 4,000 are in use", n)
		}
	}
}

// TestFirst: the smallest of a list, whatever its order.
func TestFirst(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		list := make([]uint64, r.IntN(200))
		for i := range list {
			list[i] = r.Uint64N(1 + r.Uint64N(300))
		}
		want := slices.Clone(list)
		slices.Sort(want)
		k := r.IntN(len(list) + 2)
		first(list, k)
		got := slices.Clone(list[:min(k, len(list))])
		slices.Sort(got)
		if !slices.Equal(got, want[:len(got)]) {
			t.Fatalf("the %d smallest are %v, want %v", k, got, want[:len(got)])
		}
	}
}

// TestBytes: the memory that an engine says it takes is what it takes, and does
// not grow with the articles that have passed. It runs alone.
func TestBytes(t *testing.T) { //nolint:paralleltest // it measures the heap
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const window = 4000
	before := heap()
	e, b := New(Options{}), newBusy(window)
	for _, articles := range []int{window, 3 * window} {
		for b.n < articles {
			e.Add(b.next())
		}
		own := int64(len(b.words))*(16+8) + int64(len(b.lead))*(24+12*(16+16)) // of what makes the articles
		took, s := heap()-before-own, e.Stats()
		t.Logf("%d articles: %d bytes each, %d by its own count", s.Articles, took/window, s.Bytes/window)
		if s.Articles < window*9/10 || float64(s.Bytes) < 0.8*float64(took) || float64(s.Bytes) > 1.2*float64(took) {
			t.Errorf("%d articles take %d bytes, by the engine's own count %d", s.Articles, took, s.Bytes)
		}
		if took/window > 4500 {
			t.Errorf("an article takes %d bytes", took/window)
		}
	}
	runtime.KeepAlive(b)
}
