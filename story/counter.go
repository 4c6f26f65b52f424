package story

import "math"

// counter counts in how many articles a word stands, by language, with decay:
// what lies more than two windows back counts nothing.
type counter struct {
	window, start, now int64 // seconds; of the period that is being counted
	tallies            hashtable[tally]
	known              *hashtable[hint] // stems that are common, whatever was counted
	touched            []*tally         // of the article at hand
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

func newCounter(window int64, known *hashtable[hint]) *counter {
	return &counter{window: window, known: known}
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
	old := c.tallies
	c.tallies = hashtable[tally]{}
	live := func(t *tally) bool { return t.now > 0 && !stale }
	n := 0
	old.all(func(_ uint32, t *tally) {
		if live(t) {
			n++
		}
	})
	c.tallies.room(n, nil)
	old.all(func(key uint32, t *tally) {
		if live(t) {
			v, _ := c.tallies.put(key)
			*v = tally{0, t.now, t.common}
		}
	})
	c.start = c.now
}

// tally is where a word is counted.
func (c *counter) tally(key, stem uint32) *tally {
	t, fresh := c.tallies.put(key)
	if fresh {
		t.common = c.common(stem)
	}
	return t
}

func (c *counter) common(stem uint32) bool {
	h := c.known.get(stem)
	return h != nil && *h&usual != 0
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

// language begins an article of so many words.
func (c *counter) language(lang string, words int) spoken {
	c.tallies.room(words+1, func(*tally) bool { return true })
	s := spoken{c: c, salt: salt(lang), fading: c.fading()}
	t := c.tally(s.salt, s.salt)
	s.articles = t.having(0, s.fading) + unseen
	c.touched = append(c.touched[:0], t)
	return s
}

// look finds the words of an article, which are counted once done is called.
// All are looked up before any is weighed, so that the memory is asked for them
// together and not for one after the other.
func (s *spoken) look(words []gathered) []*tally {
	for i := range words {
		s.c.touched = append(s.c.touched, s.c.tally(words[i].hash^s.salt, words[i].hash))
	}
	return s.c.touched[1:]
}

// weigh is the inverse document frequency of a word.
func (s *spoken) weigh(t *tally) float64 {
	return math.Log(1 + s.articles/(t.having(s.articles, s.fading)+0.7))
}

func (s *spoken) done() {
	for _, t := range s.c.touched {
		t.now++
	}
	clear(s.c.touched) // they would keep a table alive that was made anew
}

// rarity is how rare words are in one language at one time.
type rarity struct {
	c                        *counter
	salt                     uint32
	articles, fading, ofThat float64
}

func (c *counter) rarity(lang string) rarity {
	r := rarity{c: c, salt: salt(lang), fading: c.fading(), articles: unseen}
	if t := c.tallies.get(r.salt); t != nil {
		r.articles += t.having(0, r.fading)
	}
	r.ofThat = math.Log(r.articles)
	return r
}

// specific says how much a word tells one article from all others, from 0 to 1,
// whatever the size of the window: 1 for one that no other has, 0 from where it
// is as common as the square root of all.
func (r *rarity) specific(stem uint32) float64 {
	t := r.c.tallies.get(stem ^ r.salt)
	if t == nil {
		t = &tally{common: r.c.common(stem)}
	}
	return max(0, 1-2*math.Log(max(1, t.having(r.articles, r.fading)/2))/r.ofThat)
}

func (c *counter) size() int { return c.tallies.count }
