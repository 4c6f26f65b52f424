package story

import (
	"time"

	"wireroom/article"
)

// Options of an Engine. The zero value is good.
type Options struct {
	Window time.Duration // how long articles are held against new ones; 72 hours if zero
	Limit  int           // at most so many of them; 400,000 if zero
}

// The defaults.
const (
	DefaultWindow = 72 * time.Hour
	DefaultLimit  = 400_000
)

// Engine holds the articles of a window and their stories. It is not safe for
// concurrent use.
type Engine struct {
	window  int64 // seconds
	limit   int
	weights weights
	printer printer

	now   int64 // the latest time that an article came in
	base  int32 // number of nodes[0]
	nodes []*node
	byID  map[string]*node

	terms  postings
	keys   postings
	common *counter

	stories map[string]*group
	texts   map[string]*group
	pins    map[string]Pin

	scratch    [maxKeys]uint32
	found      findings // of the article at hand
	candidates []*node
	touched    uint32 // something to do with what was read before it was needed
	scored     []scored
	judged     *node // whom scored is about
	held       held
}

// node is an article in the window.
type node struct {
	imprint
	id       string
	mark     uint64 // of the version
	at       int64  // Unix seconds, of what is told
	entered  int64  // ... of when we heard of it
	number   int32
	gone     bool // replaced by a later version, or withdrawn
	decided  bool
	story    *group
	text     *group
	with     string // the article that brought it into its story
	strength float64
	proof    Evidence // of that, where it is more than the sum
}

// New makes an Engine that holds nothing.
func New(o Options) *Engine {
	e := &Engine{
		window: int64(o.Window / time.Second), limit: o.Limit, weights: fitted,
		byID: map[string]*node{}, terms: newPostings(chainSteps), keys: newPostings(keySteps),
		stories: map[string]*group{}, texts: map[string]*group{}, pins: map[string]Pin{},
	}
	if e.window <= 0 {
		e.window = int64(DefaultWindow / time.Second)
	}
	if e.limit <= 0 {
		e.limit = DefaultLimit
	}
	e.printer.lexicon = newLexicon()
	e.common = newCounter(e.window, &e.printer.lexicon.hints)
	return e
}

// Place says where an article belongs. Story and Text are empty for an article
// that is alone.
type Place struct{ Article, Story, Text string }

// Decision is what the engine made of an article.
type Decision struct {
	Place
	With  string     // the article whose evidence decided; empty if there is none
	Score float64    // the sum of the evidence, in log-odds
	Why   []Evidence // strongest first
	Moved []Place    // other articles whose place changed by it
}

// Add takes in an article, a new version of one, or the news that one was
// withdrawn. A place that the record already has is kept: it was decided before,
// here or elsewhere. An article that is too old for the window is not held; its
// place stays.
func (e *Engine) Add(r *article.Record) Decision { return e.add(r, true) }

// Restore takes in an article as it is stored, without deciding anything: what
// was decided before a restart. Add decides on it when it comes again.
func (e *Engine) Restore(r *article.Record) { e.add(r, false) }

func (e *Engine) add(r *article.Record, decide bool) Decision {
	mark := article.Fingerprint(r)
	old := e.byID[r.ID]
	if r.Status != article.Usable && r.Status != "" {
		e.drop(old)
		return Decision{Place: Place{r.ID, r.Story.ID, r.Story.Text}}
	}
	if old != nil && old.mark == mark {
		return e.again(old, r, decide)
	}
	in := entered(r).Unix()
	if old != nil {
		in = max(in, r.Updated.Unix())
	}
	e.now = max(e.now, in)
	if in <= e.now-e.window {
		return Decision{Place: Place{r.ID, r.Story.ID, r.Story.Text}}
	}
	n := e.receive(r, mark, in)
	e.expire()
	if old != nil {
		n.inherit(old)
		e.drop(old)
		e.byID[n.id] = n
	}
	d := Decision{}
	e.settle(n, r, &d, decide)
	e.link(n)
	d.Place = n.place()
	return d
}

// again is an article that is held in the same version.
func (e *Engine) again(n *node, r *article.Record, decide bool) Decision {
	d := Decision{}
	if r.Story.ID != "" && r.Story.ID != n.story.id || decide && !n.decided {
		e.settle(n, r, &d, decide)
	}
	d.Place = n.place()
	d.With, d.Score, d.Why = n.with, n.strength, e.reasons(n)
	return d
}

// receive makes the node of an article and counts its words.
func (e *Engine) receive(r *article.Record, mark uint64, in int64) *node {
	e.common.advance(in)
	n := &node{id: r.ID, mark: mark, at: when(r).Unix(), entered: in, number: e.base + int32(len(e.nodes))}
	n.imprint = e.printer.imprint(r, e.common)
	e.nodes = append(e.nodes, n)
	if e.byID[n.id] == nil {
		e.byID[n.id] = n
	}
	return n
}

// inherit gives a later version of an article what was decided on it.
func (n *node) inherit(old *node) {
	n.decided, n.with, n.strength, n.proof = old.decided, old.with, old.strength, old.proof
	n.story, n.text = old.story, old.text
	n.story.replace(old, n)
	n.text.replace(old, n)
	old.story, old.text = nil, nil
}

// node returns a node that is held, by its number.
func (e *Engine) node(number int32) *node {
	if i := int(number - e.base); i >= 0 && i < len(e.nodes) && !e.nodes[i].gone {
		return e.nodes[i]
	}
	return nil
}

// drop takes a node out of its groups; its number stays in the postings until it expires.
func (e *Engine) drop(n *node) {
	if n == nil || n.gone {
		return
	}
	n.gone = true
	e.leave(n)
	if e.byID[n.id] == n {
		delete(e.byID, n.id)
	}
}

// expire lets go of what fell out of the window, oldest first.
func (e *Engine) expire() {
	k := 0
	for ; k < len(e.nodes)-1; k++ {
		n := e.nodes[k]
		if n.entered > e.now-e.window && len(e.nodes)-k <= e.limit {
			break
		}
		e.drop(n)
		e.nodes[k] = nil
	}
	e.base += int32(k)
	e.nodes = e.nodes[k:]
}

// link makes an article findable for those that come after it.
func (e *Engine) link(n *node) {
	terms, salt := n.terms(), salt(n.lang)
	e.terms.room(len(terms), e.base)
	for _, t := range terms {
		e.terms.add(t^salt, n.number)
	}
	keys := n.keys(e.scratch[:0])
	e.keys.room(len(keys), e.base)
	for _, k := range keys {
		e.keys.add(k, n.number)
	}
}

// Stats is what an engine holds.
type Stats struct {
	Articles int   // in the window
	Stories  int   // of more than one article
	Texts    int   // that more than one article has
	Terms    int   // different words and keys that are indexed
	Bytes    int64 // of memory, about
}

// Stats counts. It looks at every story.
func (e *Engine) Stats() Stats {
	s := Stats{Articles: len(e.byID), Terms: e.terms.table.count + e.keys.table.count}
	for _, g := range e.stories {
		if len(g.members) > 1 {
			s.Stories++
		}
	}
	for _, g := range e.texts {
		if len(g.members) > 1 {
			s.Texts++
		}
	}
	const perNode, perGroup, perTally = 400, 220, 16
	for _, n := range e.nodes {
		s.Bytes += perNode + int64(len(n.id)) + 4*int64(cap(n.lists))
	}
	s.Bytes += perGroup*int64(len(e.stories)+len(e.texts)) + e.terms.bytes() + e.keys.bytes() + perTally*int64(len(e.common.tallies.entries))
	return s
}

// salt keeps the words of a language apart from those of the others.
func salt(lang string) uint32 { return hashOf([]byte(lang)) }
