package story

import "slices"

const (
	shingleWords = 3    // words of a shingle
	sketchSize   = 64   // hashes kept of a text
	leadWords    = 40   // words of the part of a text that is sketched on its own
	leadSize     = 16   // hashes kept of it
	maxWords     = 1500 // words of a text that are looked at
)

// shingles are the hashes of all runs of three words, in the order of the text,
// appended to out. A shorter text is one shingle.
func shingles(out []uint32, words []word) []uint32 {
	if len(words) == 0 {
		return out
	}
	if len(words) < shingleWords {
		h := uint64(len(words))
		for _, w := range words {
			h = h<<21 ^ uint64(w.hash)
		}
		return append(out, mix(h))
	}
	for i := 0; i+shingleWords <= len(words); i++ {
		h := uint64(words[i].hash)*0x9E3779B97F4A7C15 ^ uint64(words[i+1].hash)
		h = h*0xBF58476D1CE4E5B9 ^ uint64(words[i+2].hash)
		out = append(out, mix(h))
	}
	return out
}

// smallest returns the k smallest different hashes in ascending order. It may
// reorder its argument.
func smallest(hashes []uint32, k int) []uint32 {
	if n := len(hashes); n > 3*k {
		// The hashes are spread evenly: of those below this bound there are
		// about twice as many as wanted.
		bound := uint32(uint64(1) << 32 * uint64(2*k) / uint64(n))
		low := hashes[:0:0]
		for _, h := range hashes {
			if h < bound {
				low = append(low, h)
			}
		}
		slices.Sort(low)
		if low = slices.Compact(low); len(low) >= k {
			return slices.Clip(low[:k])
		}
	}
	own := slices.Clone(hashes)
	slices.Sort(own)
	own = slices.Compact(own)
	return slices.Clip(own[:min(k, len(own))])
}

// likeness estimates from two sketches how much of two texts is the same: the
// share of their shingles that both have (Jaccard), the share of the smaller
// text's that the larger has (containment), and how many equal hashes that
// rests on.
func likeness(a, b []uint32, size int) (jaccard, containment float64, shared int) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0, 0
	}
	// Below the smaller of the largest hashes both sketches are complete. A
	// sketch that is not full holds everything there is.
	bound := uint32(1<<32 - 1)
	if len(a) == size {
		bound = a[size-1]
	}
	if len(b) == size {
		bound = min(bound, b[size-1])
	}
	i, j, na, nb := 0, 0, 0, 0
	for i < len(a) && a[i] <= bound || j < len(b) && b[j] <= bound {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			i, na = i+1, na+1
		case i == len(a) || b[j] < a[i]:
			j, nb = j+1, nb+1
		default:
			shared++
			i, j, na, nb = i+1, j+1, na+1, nb+1
		}
	}
	if na == 0 || nb == 0 {
		return 0, 0, shared
	}
	return float64(shared) / float64(na+nb-shared), float64(shared) / float64(min(na, nb)), shared
}
