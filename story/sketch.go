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

// smallest appends the k smallest different hashes to out, which is empty, in
// ascending order.
func (p *printer) smallest(out, hashes []uint32, k int) []uint32 {
	p.low = p.low[:0]
	if n := len(hashes); n > 2*k {
		// The hashes are spread evenly: of those below this bound there are
		// half as many again as wanted.
		bound := uint32(uint64(1) << 32 * uint64(3*k) / uint64(2*n))
		for _, h := range hashes {
			if h < bound {
				p.low = append(p.low, h)
			}
		}
		slices.Sort(p.low)
		p.low = slices.Compact(p.low)
	}
	if len(p.low) < k {
		p.low = append(p.low[:0], hashes...)
		slices.Sort(p.low)
		p.low = slices.Compact(p.low)
	}
	return append(out, p.low[:min(k, len(p.low))]...)
}

// first brings the k smallest of a list to its front, in any order (Hoare's
// quickselect).
func first(list []uint64, k int) {
	for len(list) > k && k > 0 {
		a, b, c := list[0], list[len(list)/2], list[len(list)-1]
		pivot := max(min(a, b), min(max(a, b), c)) // the middle one
		i, j := 0, len(list)-1
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch { // up to j: not above the pivot; from i on: not below
		case k <= j+1:
			list = list[:j+1]
		case k >= i:
			list, k = list[i:], k-i
		default:
			return
		}
	}
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
