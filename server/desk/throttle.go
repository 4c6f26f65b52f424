package desk

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle slows down those who guess. A client's first wrong passwords cost
// nothing; each further one doubles the time until its next attempt is looked at.
// All clients together have a bound too, so that many addresses don't help.
type throttle struct {
	all  *rate.Limiter
	slow chan struct{} // hashes that are reckoned at a time

	mu      sync.Mutex
	clients map[netip.Prefix]*guesser
}

// guesser is a client that was wrong.
type guesser struct {
	wrong int
	until time.Time // not looked at before
	last  time.Time
}

const (
	freeGuesses = 5
	mostWait    = 15 * time.Minute
	forgiven    = time.Hour // after the last wrong password
	mostClients = 10_000
	perSecond   = 5 // attempts of all clients
	burst       = 30
)

func newThrottle() *throttle {
	return &throttle{all: rate.NewLimiter(perSecond, burst), slow: make(chan struct{}, 2), clients: map[netip.Prefix]*guesser{}}
}

// network is what counts as one client: an IPv4 address or an IPv6 /64.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// wait is how long a client has to wait before its attempt is looked at; zero:
// it need not, and the attempt counts.
func (t *throttle) wait(from netip.Addr, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g := t.clients[network(from)]; g != nil && g.until.After(now) {
		return g.until.Sub(now)
	}
	if !t.all.AllowN(now, 1) {
		return time.Second
	}
	return 0
}

// wrong notes a wrong password.
func (t *throttle) wrong(from netip.Addr, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	who := network(from)
	g := t.clients[who]
	if g == nil || now.Sub(g.last) > forgiven {
		if g == nil && len(t.clients) >= mostClients {
			t.forget(now)
		}
		g = &guesser{}
		t.clients[who] = g
	}
	g.wrong++
	g.last = now
	if over := g.wrong - freeGuesses; over >= 0 {
		g.until = now.Add(min(time.Second<<min(over, 20), mostWait))
	}
}

// forget makes room: those who were wrong long ago go, or else the one who is.
func (t *throttle) forget(now time.Time) {
	var oldest netip.Prefix
	at := now
	for who, g := range t.clients {
		if now.Sub(g.last) > forgiven {
			delete(t.clients, who)
		} else if !g.last.After(at) {
			oldest, at = who, g.last
		}
	}
	if len(t.clients) >= mostClients {
		delete(t.clients, oldest)
	}
}

// right forgets a client's wrong passwords.
func (t *throttle) right(from netip.Addr) {
	t.mu.Lock()
	delete(t.clients, network(from))
	t.mu.Unlock()
}
