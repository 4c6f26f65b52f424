package story

// chains is an index of bounded upkeep: it knows of each key the latest article
// that has it, and each article knows the one before. Following a chain gives
// the latest articles first; one that reaches an article that is no longer held
// has ended.
type chains map[uint32]int32

// add puts an article at the head of its keys' chains and returns the articles
// before it, -1 where there are none.
func (c chains) add(keys []uint32, number int32) []int32 {
	before := make([]int32, len(keys))
	for i, k := range keys {
		before[i] = -1
		if last, ok := c[k]; ok {
			before[i] = last
		}
		c[k] = number
	}
	return before
}

// forget removes the chains that end in an article that is let go of.
func (c chains) forget(keys []uint32, number int32) {
	for _, k := range keys {
		if last, ok := c[k]; ok && last == number {
			delete(c, k)
		}
	}
}
