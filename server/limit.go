package server

import (
	"container/list"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter bounds how often one client may ask. It remembers the clients that
// asked last; one that was forgotten begins anew.
type limiter struct {
	rate  rate.Limit
	burst int

	mu      sync.Mutex
	clients map[netip.Prefix]*list.Element // of *asker
	order   *list.List                     // who asked last in front
}

type asker struct {
	from  netip.Prefix
	allow *rate.Limiter
}

const (
	maxAskers = 20_000
	patience  = 10 * time.Second // a client may use up what it is allowed in that time at once
)

// newLimiter makes a limiter of so many requests a second, in the mean; nil for 0.
func newLimiter(perSecond float64) *limiter {
	if perSecond <= 0 {
		return nil
	}
	return &limiter{
		rate: rate.Limit(perSecond), burst: max(1, int(math.Ceil(perSecond*patience.Seconds()))),
		clients: map[netip.Prefix]*list.Element{}, order: list.New(),
	}
}

// wait is how long a client has to wait before its request; 0: it need not.
func (l *limiter) wait(from netip.Addr, now time.Time) time.Duration {
	who := network(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.clients[who]
	if e == nil {
		e = l.order.PushFront(&asker{who, rate.NewLimiter(l.rate, l.burst)})
		l.clients[who] = e
		if l.order.Len() > maxAskers {
			delete(l.clients, l.order.Remove(l.order.Back()).(*asker).from)
		}
	}
	l.order.MoveToFront(e)
	r := e.Value.(*asker).allow.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d > 0 {
		r.CancelAt(now) // it is refused, so it costs nothing
	}
	return d
}

// network is what counts as one client: an IPv4 address, or an IPv6 network of
// the size that one subscriber gets.
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

// limited refuses clients that ask too often. Health is always told.
func (s *Server) limited(next http.Handler) http.Handler {
	if s.limiter == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			next.ServeHTTP(w, r)
			return
		}
		d := s.limiter.wait(s.Client(r), time.Now())
		if d == 0 {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(d.Seconds()))))
		w.Header().Set("Access-Control-Allow-Origin", "*")
		plain(w, http.StatusTooManyRequests, "Too many requests from this address. Please ask less often.\n")
	})
}

// Client is the address that a request comes from. Where a trusted proxy sent
// it, that is the last address in its headers that is no trusted proxy: what
// stands before it is whatever the client made up.
func (s *Server) Client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	at := peer.Addr().Unmap()
	hops := forwarded(r.Header)
	for i := len(hops) - 1; i >= 0 && s.trusts(at); i-- {
		hop, err := parseHop(hops[i])
		if err != nil {
			break // hidden on purpose, or made up: the proxy stands for it
		}
		at = hop
	}
	return at
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.Trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// forwarded lists the addresses that proxies noted, the first client first: of
// Forwarded (RFC 7239), or else of X-Forwarded-For.
func forwarded(h http.Header) []string {
	var hops []string
	for _, line := range h.Values("Forwarded") {
		for element := range strings.SplitSeq(line, ",") {
			hop := ""
			for pair := range strings.SplitSeq(element, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
				if strings.EqualFold(name, "for") {
					hop = strings.Trim(value, `"`)
				}
			}
			hops = append(hops, hop)
		}
	}
	if hops != nil {
		return hops
	}
	for _, line := range h.Values("X-Forwarded-For") {
		for hop := range strings.SplitSeq(line, ",") {
			hops = append(hops, strings.TrimSpace(hop))
		}
	}
	return hops
}

// parseHop reads an address with or without port and brackets.
func parseHop(s string) (netip.Addr, error) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap(), nil
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return a.Unmap(), err
}
