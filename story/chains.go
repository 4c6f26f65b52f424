package story

// chains is an index of bounded upkeep: of each key it knows the latest article
// that has it, and from there on the ones before. What is let go of is always
// the oldest article, so that the links are a queue.
type chains struct {
	heads map[uint32]int64 // number of the latest link of a key
	links []link
	base  int64 // number of links[0]
}

// link is one article on one key's chain.
type link struct {
	article int32  // its number
	back    uint32 // how many links before lies the next of the chain; 0: none
}

func newChains() chains { return chains{heads: map[uint32]int64{}} }

// add puts an article at the head of a key's chain.
func (c *chains) add(key uint32, article int32) {
	number := c.base + int64(len(c.links))
	l := link{article: article}
	if last, ok := c.heads[key]; ok && last >= c.base {
		l.back = uint32(number - last)
	}
	c.links = append(c.links, l)
	c.heads[key] = number
}

// follow calls f for the latest articles that have a key, at most so many.
func (c *chains) follow(key uint32, steps int, f func(article int32)) {
	number, ok := c.heads[key]
	for ; ok && steps > 0 && number >= c.base; steps-- {
		l := c.links[number-c.base]
		f(l.article)
		if l.back == 0 {
			return
		}
		number -= int64(l.back)
	}
}

// forget removes the oldest link, which has that key.
func (c *chains) forget(key uint32) {
	if last, ok := c.heads[key]; ok && last == c.base {
		delete(c.heads, key)
	}
	c.links = c.links[1:]
	c.base++
}
