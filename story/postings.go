package story

// postings know of each key the latest articles that have it, as many as a
// search looks at. Most keys have one article, which needs no more than the
// entry itself; the articles of the others lie side by side in a block.
type postings struct {
	table hashtable[posting]
	most  int // articles kept of a key
	sizes [classes]blocks
}

// posting is the one article that has a key, or where the block of several is:
// many, the class of the block in two bits, its place in the rest.
type posting uint32

const (
	many    posting = 1 << 31
	classes         = 4
	inClass         = 29 // bits of a place
)

// blocks are the blocks of one size: a count of how many articles were put in,
// and a ring of the latest.
type blocks struct {
	size int // of the ring
	all  []int32
	free []uint32
}

func newPostings(most int) postings {
	p := postings{most: most}
	size := 2
	for i := range p.sizes { // each is at most three times as large as the one before
		p.sizes[i].size = min(size, most)
		size *= 3
	}
	p.sizes[classes-1].size = most
	return p
}

func (b *blocks) at(place uint32) []int32 {
	i := int(place) * (b.size + 1)
	return b.all[i : i+b.size+1]
}

func (b *blocks) take() uint32 {
	if n := len(b.free); n > 0 {
		place := b.free[n-1]
		b.free = b.free[:n-1]
		b.at(place)[0] = 0
		return place
	}
	place := uint32(len(b.all) / (b.size + 1))
	for range b.size + 1 {
		b.all = append(b.all, 0)
	}
	return place
}

func (p *postings) block(v posting) (class int, place uint32) {
	return int(v >> inClass & (classes - 1)), uint32(v & (1<<inClass - 1))
}

// add puts an article before the others of the keys. Room for them was made.
func (p *postings) add(key uint32, article int32) {
	v, fresh := p.table.put(key)
	switch {
	case fresh:
		*v = posting(article)
		return
	case *v&many == 0:
		place := p.sizes[0].take()
		b := p.sizes[0].at(place)
		b[0], b[1], b[2] = 2, int32(*v), article
		*v = many | posting(place)
		return
	}
	class, place := p.block(*v)
	b := p.sizes[class].at(place)
	if n := int(b[0]); n == len(b)-1 && class < classes-1 { // full: on to a larger one
		next := p.sizes[class+1].take()
		copy(p.sizes[class+1].at(next), p.sizes[class].at(place))
		p.sizes[class].free = append(p.sizes[class].free, place)
		class, place = class+1, next
		*v = many | posting(class)<<inClass | posting(place)
		b = p.sizes[class].at(place)
	}
	ring := b[1:]
	ring[int(b[0])%len(ring)] = article
	if b[0]++; int(b[0]) == 2*len(ring) { // it only has to tell where the ring begins, and that it is full
		b[0] = int32(len(ring))
	}
}

// touch reads what follow is going to.
func (p *postings) touch(v *posting) uint32 {
	if v == nil || *v&many == 0 {
		return 0
	}
	class, place := p.block(*v)
	b := p.sizes[class].at(place)
	return uint32(b[0] + b[len(b)-1])
}

// follow calls f for the latest articles that have a key, none before first.
func (p *postings) follow(v *posting, first int32, f func(article int32)) {
	if v == nil {
		return
	}
	if *v&many == 0 {
		if a := int32(*v); a >= first {
			f(a)
		}
		return
	}
	class, place := p.block(*v)
	b := p.sizes[class].at(place)
	ring := b[1:]
	for i, k := int(b[0])-1, min(int(b[0]), len(ring)); k > 0; i, k = i-1, k-1 {
		a := ring[i%len(ring)]
		if a < first {
			return
		}
		f(a)
	}
}

// room makes room for n more keys, and lets go of those that no article from
// first on has.
func (p *postings) room(n int, first int32) {
	p.table.room(n, func(v *posting) bool {
		if *v&many == 0 {
			return int32(*v) >= first
		}
		class, place := p.block(*v)
		b := p.sizes[class].at(place)
		if ring := b[1:]; ring[(int(b[0])-1)%len(ring)] >= first {
			return true
		}
		p.sizes[class].free = append(p.sizes[class].free, place)
		return false
	})
}

// bytes is the memory that they take.
func (p *postings) bytes() int64 {
	n := 8 * int64(len(p.table.entries))
	for i := range p.sizes {
		n += 4 * int64(cap(p.sizes[i].all)+cap(p.sizes[i].free))
	}
	return n
}
