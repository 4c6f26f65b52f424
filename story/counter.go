package story

import "math"

// counter counts in how many articles a word stands, by language, with decay:
// what lies more than two windows back counts nothing.
type counter struct {
	window, start, now int64 // seconds; of the period that is being counted
	slots              map[uint32]int32
	tallies            []tally
	known              map[uint32]bool // stems that are common, whatever was counted
	touched            []int32         // of the article at hand
}

// tally is the count of one word in one language.
type tally struct {
	now, before int32
	common      bool
}

const (
	unseen      = 40   // articles that the first ones are taken to be among
	commonShare = 0.04 // share of articles that a topical word is taken to stand in, besides those counted
)

func newCounter(window int64, known map[uint32]bool) *counter {
	return &counter{window: window, known: known, slots: map[uint32]int32{}}
}

// advance tells the time. A window after the last, a new period begins.
func (c *counter) advance(t int64) {
	c.now = max(c.now, t)
	if c.start == 0 {
		c.start = c.now
	}
	if c.now-c.start < c.window {
		return
	}
	stale := c.now-c.start >= 2*c.window
	slots, tallies := map[uint32]int32{}, []tally(nil)
	for key, slot := range c.slots {
		if t := c.tallies[slot]; t.now > 0 && !stale {
			slots[key] = int32(len(tallies))
			tallies = append(tallies, tally{0, t.now, t.common})
		}
	}
	c.slots, c.tallies, c.start = slots, tallies, c.now
}

// slot is where a word is counted.
func (c *counter) slot(key, stem uint32) int32 {
	s, ok := c.slots[key]
	if !ok {
		s = int32(len(c.tallies))
		c.slots[key] = s
		c.tallies = append(c.tallies, tally{common: c.known[stem]})
	}
	return s
}

// fading is how much the period before still counts.
func (c *counter) fading() float64 { return 1 - float64(c.now-c.start)/float64(c.window) }

// having is in how many articles, of so many, a word is taken to stand.
func (t tally) having(articles, fading float64) float64 {
	n := float64(t.now) + fading*float64(t.before)
	if t.common {
		n += commonShare * articles
	}
	return n
}

// spoken counts the words of an article of one language.
type spoken struct {
	c                *counter
	salt             uint32
	articles, fading float64
}

func (c *counter) language(lang string) spoken {
	s := spoken{c: c, salt: salt(lang), fading: c.fading()}
	slot := c.slot(s.salt, s.salt)
	s.articles = c.tallies[slot].having(0, s.fading) + unseen
	c.touched = append(c.touched[:0], slot)
	return s
}

// weigh is the inverse document frequency of a word, and counts it once done is
// called.
func (s *spoken) weigh(stem uint32) float64 {
	slot := s.c.slot(stem^s.salt, stem)
	s.c.touched = append(s.c.touched, slot)
	return math.Log(1 + s.articles/(s.c.tallies[slot].having(s.articles, s.fading)+0.7))
}

func (s *spoken) done() {
	for _, slot := range s.c.touched {
		s.c.tallies[slot].now++
	}
}

// specific says how much a word tells one article from all others, from 0 to 1,
// whatever the size of the window: 1 for one that no other has, 0 from where it
// is as common as the square root of all.
func (c *counter) specific(lang string, stem uint32) float64 {
	salt, fading := salt(lang), c.fading()
	articles := float64(unseen)
	if slot, ok := c.slots[salt]; ok {
		articles += c.tallies[slot].having(0, fading)
	}
	t := tally{common: c.known[stem]}
	if slot, ok := c.slots[stem^salt]; ok {
		t = c.tallies[slot]
	}
	return max(0, 1-2*math.Log(max(1, t.having(articles, fading)/2))/math.Log(articles))
}

func (c *counter) size() int { return len(c.slots) }
