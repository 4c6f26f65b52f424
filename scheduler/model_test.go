package scheduler

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// The model of the claim protocol: a store, workers and upstreams as small
// machines, whose steps are taken in random order on one clock. A step of the
// store is a transaction; its answer comes in a later step, or never. Workers are
// killed and stopped between any two steps. It is the protocol of lease.go and of
// store.Store, without their code; storetest and the tests of replicas hold the
// code to the same rules.
//
// One thing is taken for granted: an upstream has answered, or hung up, before
// the lease under which it was asked runs out. Otherwise a process that is
// stopped in the middle could not keep its request from outliving its lease.

const (
	modelLease  = 30
	modelMargin = 3 // a worker ends its requests so long before the lease ends
	modelEvery  = 40
)

// phase is where a worker stands. Between asking the store and hearing its answer
// anything may happen.
type phase int

const (
	atRest    phase = iota
	atOffer         // a claim was given, the answer is on its way
	atHost          // may begin the next request
	inFlight        // a request is in flight
	hasAnswer       // its answer is there
	hasSaved        // the store has answered
)

type modelWorker struct {
	phase    phase
	stopped  bool
	host     int
	token    int
	until    int // of the lease, as far as it knows
	answered int // the newest story in the answer
	renewal  int // the end that a renewal gave, whose answer is on its way; 0 for none
}

type modelRow struct {
	token, lease, due int
	newest            int         // validators: the newest story that was seen
	stored            map[int]int // how often each story was stored
}

// rules can be broken, to see whether the model notices.
type rules struct{ noFence, noEnd, noLease bool }

type machine struct {
	rules
	rnd     *rand.Rand
	now     int
	hosts   []modelRow
	busy    []int // requests in flight
	stories []int // published by each upstream
	workers []modelWorker
	fault   string
}

func newMachine(seed uint64, r rules) *machine {
	rnd := rand.New(rand.NewPCG(seed, 11))
	m := &machine{rules: r, rnd: rnd, now: 100, workers: make([]modelWorker, 2+rnd.IntN(2))}
	n := 1 + rnd.IntN(2)
	m.hosts, m.busy, m.stories = make([]modelRow, n), make([]int, n), make([]int, n)
	for i := range m.hosts {
		m.hosts[i].stored = map[int]int{}
		m.stories[i] = 1
	}
	return m
}

func (m *machine) failed(format string, args ...any) {
	if m.fault == "" {
		m.fault = fmt.Sprintf(format, args...)
	}
}

// step is one thing that happens somewhere.
func (m *machine) step() {
	w := &m.workers[m.rnd.IntN(len(m.workers))]
	switch p := m.rnd.IntN(100); {
	case p < 18:
		m.pass(1 + m.rnd.IntN(8))
	case p < 20:
		m.pass(modelLease)
	case p < 25:
		m.stories[m.rnd.IntN(len(m.stories))]++
	case p < 28:
		m.kill(w)
	case p < 31:
		w.stopped = true
	case p < 36:
		m.wake(w)
	case w.stopped:
	case p < 42:
		m.renew(w)
	case p < 46:
		w.hear(m)
	default:
		m.work(w)
	}
}

// pass lets time go by. Requests end with their leases: the worker's timer fires,
// or, where it is stopped, the upstream has done so by then.
func (m *machine) pass(d int) {
	for range d {
		m.now++
		for i := range m.workers {
			if w := &m.workers[i]; w.phase == inFlight && !m.noEnd && m.now >= w.until-modelMargin {
				m.busy[w.host]--
				if w.phase = atRest; w.stopped {
					w.phase = hasAnswer // what came lies in the socket
					w.answered = m.stories[w.host]
				}
			}
		}
	}
}

func (m *machine) kill(w *modelWorker) {
	if w.phase == inFlight {
		m.busy[w.host]--
	}
	*w = modelWorker{}
}

// wake lets a stopped worker go on. Its timer fires first, if it is time.
func (m *machine) wake(w *modelWorker) { w.stopped = false }

// renew asks the store for a longer lease; the answer is heard later, or never.
func (m *machine) renew(w *modelWorker) {
	if w.phase == atRest || w.phase == atOffer {
		return
	}
	h := &m.hosts[w.host]
	if h.token == w.token && h.lease > 0 {
		h.lease = m.now + modelLease
		if w.renewal = h.lease; m.rnd.IntN(8) == 0 {
			w.renewal = 0 // the answer is lost
		}
	} else if w.phase == atHost {
		w.phase = atRest // lost
	}
}

func (w *modelWorker) hear(*machine) {
	if w.renewal > 0 {
		w.until, w.renewal = w.renewal, 0
	}
}

// work takes a worker's next step.
func (m *machine) work(w *modelWorker) {
	switch w.phase {
	case atRest:
		m.claim(w)
	case atOffer:
		w.phase = atHost
	case atHost:
		if !m.noEnd && m.now >= w.until-modelMargin { // renewed first, or given up
			if m.renew(w); w.phase == atHost {
				w.hear(m)
				if m.now >= w.until-modelMargin {
					w.phase = atRest
				}
			}
			return
		}
		if m.busy[w.host]++; m.busy[w.host] > 1 {
			m.failed("two requests are in flight with host %d at %d", w.host, m.now)
		}
		w.phase = inFlight
	case inFlight:
		m.busy[w.host]--
		w.phase, w.answered = hasAnswer, m.stories[w.host]
	case hasAnswer:
		m.save(w)
	case hasSaved:
		if h := &m.hosts[w.host]; h.token == w.token {
			h.lease = 0
		}
		*w = modelWorker{}
	}
}

func (m *machine) claim(w *modelWorker) {
	i := m.rnd.IntN(len(m.hosts))
	h := &m.hosts[i]
	if h.due > m.now || h.lease > m.now && !m.noLease {
		return
	}
	h.token++
	h.lease = m.now + modelLease
	if m.rnd.IntN(20) == 0 {
		return // the answer is lost: the host waits for its lease to end
	}
	*w = modelWorker{phase: atOffer, host: i, token: h.token, until: h.lease}
}

func (m *machine) save(w *modelWorker) {
	h := &m.hosts[w.host]
	if !m.noFence && (h.token != w.token || h.lease == 0) {
		*w = modelWorker{} // refused
		return
	}
	if w.answered < h.newest {
		m.failed("host %d: a stale answer (story %d) replaced a newer one (%d)", w.host, w.answered, h.newest)
	}
	for s := 1; s <= w.answered; s++ {
		if h.stored[s] == 0 { // known by its key; a repeated Save changes nothing
			h.stored[s]++
		}
	}
	h.newest, h.due = w.answered, m.now+modelEvery
	if m.rnd.IntN(10) != 0 { // else the answer is lost, and the Save repeated
		w.phase = hasSaved
	}
}

// rest lets everything come to an end: nobody fails any more.
func (m *machine) rest() {
	for n := 0; n < 60 && !(n > 2 && m.complete()); n++ {
		m.pass(modelLease)
		for i := range m.workers {
			w := &m.workers[i]
			w.stopped = false
			for range 12 {
				m.work(w)
			}
		}
	}
	for i := range m.hosts {
		h := &m.hosts[i]
		if h.newest != m.stories[i] {
			m.failed("host %d: story %d was never seen, only %d", i, m.stories[i], h.newest)
		}
		for s := 1; s <= m.stories[i]; s++ {
			if h.stored[s] != 1 {
				m.failed("host %d: story %d is stored %d times", i, s, h.stored[s])
			}
		}
	}
}

// complete reports whether everything that was published is stored.
func (m *machine) complete() bool {
	for i := range m.hosts {
		if m.hosts[i].newest != m.stories[i] {
			return false
		}
	}
	return true
}

// explore plays one interleaving.
func explore(seed uint64, r rules) string {
	m := newMachine(seed, r)
	for range 120 {
		if m.step(); m.fault != "" {
			return m.fault
		}
	}
	m.rest()
	return m.fault
}

// TestClaimProtocol plays WIREROOM_INTERLEAVINGS of them, 5,000 if it is not set.
func TestClaimProtocol(t *testing.T) {
	t.Parallel()
	n := 5000
	if v, err := strconv.Atoi(os.Getenv("WIREROOM_INTERLEAVINGS")); err == nil {
		n = v
	}
	for seed := range uint64(n) {
		if fault := explore(seed, rules{}); fault != "" {
			t.Fatalf("interleaving %d: %s", seed, fault)
		}
	}
}

// A model that misses broken rules proves nothing.
func TestClaimProtocolNeedsItsRules(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]rules{"tokens fence": {noFence: true}, "work ends with its lease": {noEnd: true}, "a lease keeps others out": {noLease: true}} {
		found := false
		for seed := uint64(0); seed < 20_000 && !found; seed++ {
			found = explore(seed, r) != ""
		}
		if !found {
			t.Errorf("without the rule that %s nothing goes wrong", name)
		}
	}
}
