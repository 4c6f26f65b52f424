package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wireroom/store"
)

// runModel plays random claims, saves, renewals and releases of several workers,
// with leases that run out and clocks that move, and holds every answer against
// a model of the protocol.
func runModel(t *testing.T, open Open) {
	d := &desk{t: t, Store: open(t), open: open}
	handles := []store.Store{d.Store, d.second().Store}
	game := 0
	rapid.Check(t, func(rt *rapid.T) {
		game++
		m := newModel(rt, handles, fmt.Sprint("g", game))
		m.syncAll()
		rt.Repeat(map[string]func(*rapid.T){
			"claim":   m.claim,
			"named":   m.claimNamed,
			"save":    m.save,
			"renew":   m.renew,
			"release": m.release,
			"wait":    m.wait,
			"sync":    m.sync,
		})
	})
}

// modelHost is what the protocol knows of a host.
type modelHost struct {
	token     int64
	held      bool // claimed and not given back
	until     time.Time
	notBefore time.Time
}

type modelSource struct {
	id, host string
	due      time.Time
	state    int // 0 retired, 1 polled, 2 paused
}

type model struct {
	handles []store.Store
	prefix  string
	now     time.Time
	hosts   map[string]*modelHost
	sources []*modelSource
	claims  []store.Claim // all that were ever given
}

func newModel(rt *rapid.T, handles []store.Store, prefix string) *model {
	m := &model{handles: handles, prefix: prefix, now: start, hosts: map[string]*modelHost{}}
	for i := range rapid.IntRange(1, 3).Draw(rt, "hosts") {
		m.hosts[m.host(i)] = &modelHost{}
	}
	for i := range rapid.IntRange(1, 6).Draw(rt, "sources") {
		m.sources = append(m.sources, &modelSource{id: fmt.Sprintf("%s-s%d", prefix, i), host: m.host(i % len(m.hosts)), due: start.Add(time.Duration(i) * time.Second), state: 1})
	}
	return m
}

func (m *model) host(i int) string { return fmt.Sprintf("%s-h%d", m.prefix, i) }

func (m *model) store(rt *rapid.T) store.Store {
	return m.handles[rapid.IntRange(0, len(m.handles)-1).Draw(rt, "handle")]
}

func (m *model) syncAll() {
	var list []store.Source
	for _, s := range m.sources {
		if s.state > 0 {
			list = append(list, store.Source{ID: s.id, Host: s.host, FirstDue: s.due, Paused: s.state == 2})
		}
	}
	if err := m.handles[0].Sync(context.Background(), list); err != nil {
		panic(err)
	}
}

func (m *model) free(host string) bool {
	h := m.hosts[host]
	return !(h.held && h.until.After(m.now)) && !h.notBefore.After(m.now)
}

// due are the host's sources that are due, the longest overdue first.
func (m *model) due(host string) []*modelSource {
	var list []*modelSource
	for _, s := range m.sources {
		if s.host == host && s.state == 1 && !s.due.After(m.now) {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b *modelSource) int { return a.due.Compare(b.due) })
	return list
}

func (m *model) claim(rt *rapid.T) {
	r := store.ClaimRequest{
		Worker: "w", Now: m.now, Lease: time.Duration(rapid.IntRange(1, 90).Draw(rt, "lease")) * time.Second,
		Hosts: rapid.IntRange(1, 3).Draw(rt, "hosts"), PerHost: rapid.IntRange(1, 3).Draw(rt, "per host"),
	}
	claims, next, err := m.store(rt).Claim(context.Background(), r)
	if err != nil {
		rt.Fatal(err)
	}
	for _, c := range claims {
		want := m.due(c.Host)
		if len(want) > r.PerHost {
			want = want[:r.PerHost]
		}
		m.given(rt, r, c, want)
	}
	left := false
	for host := range m.hosts {
		if m.free(host) && len(m.due(host)) > 0 {
			left = true
			if len(claims) < r.Hosts {
				rt.Fatalf("host %s was to be had at %v and was not given", host, m.now)
			}
		}
		if at, ok := m.ready(host); ok && (next.IsZero() || next.After(at)) {
			rt.Fatalf("next is %v, but host %s is to be had at %v", next, host, at)
		}
	}
	if !next.IsZero() && !next.After(m.now) && !left && len(claims) < r.Hosts {
		rt.Fatalf("next is %v, but nothing is to be had at %v", next, m.now)
	}
}

// ready is when a host can be claimed if nothing more happens.
func (m *model) ready(host string) (at time.Time, ok bool) {
	h := m.hosts[host]
	for _, s := range m.sources {
		if s.host == host && s.state == 1 && (!ok || s.due.Before(at)) {
			at, ok = s.due, true
		}
	}
	if h.notBefore.After(at) {
		at = h.notBefore
	}
	if h.held && h.until.After(at) {
		at = h.until
	}
	return at, ok
}

// given holds one claim against the model and takes it over.
func (m *model) given(rt *rapid.T, r store.ClaimRequest, c store.Claim, want []*modelSource) {
	h := m.hosts[c.Host]
	if h == nil || !m.free(c.Host) {
		rt.Fatalf("host %s was given at %v: %+v", c.Host, m.now, h)
	}
	if c.Token <= h.token || !c.Until.Equal(m.now.Add(r.Lease)) {
		rt.Fatalf("token %d after %d, until %v", c.Token, h.token, c.Until)
	}
	if len(c.Sources) == 0 || len(c.Sources) != len(want) {
		rt.Fatalf("host %s came with %d sources; want %d", c.Host, len(c.Sources), len(want))
	}
	for i, st := range c.Sources {
		s := m.source(st.Source)
		if s == nil || !st.Due.Equal(s.due) || !st.Due.Equal(want[i].due) || s.host != c.Host {
			rt.Fatalf("source %d of %s: %s, due %v", i, c.Host, st.Source, st.Due)
		}
	}
	h.token, h.held, h.until = c.Token, true, c.Until
	m.claims = append(m.claims, c)
}

func (m *model) source(id string) *modelSource {
	for _, s := range m.sources {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (m *model) claimNamed(rt *rapid.T) {
	r := store.ClaimRequest{Worker: "w", Now: m.now, Lease: time.Minute, Hosts: 3}
	wanted := map[string][]*modelSource{}
	for _, s := range m.sources {
		if rapid.Bool().Draw(rt, "wanted") {
			r.Sources = append(r.Sources, s.id)
			if s.state == 1 && m.free(s.host) {
				wanted[s.host] = append(wanted[s.host], s)
			}
		}
	}
	if len(r.Sources) == 0 {
		return
	}
	claims, _, err := m.store(rt).Claim(context.Background(), r)
	if err != nil {
		rt.Fatal(err)
	}
	if len(claims) != len(wanted) {
		rt.Fatalf("%d hosts by name; want %d", len(claims), len(wanted))
	}
	for _, c := range claims {
		want := wanted[c.Host]
		slices.SortStableFunc(want, func(a, b *modelSource) int { return a.due.Compare(b.due) })
		m.given(rt, r, c, want)
	}
}

// old draws any claim that was ever given, good or not.
func (m *model) old(rt *rapid.T) store.Claim {
	if len(m.claims) == 0 {
		rt.Skip("no claim yet")
	}
	return m.claims[rapid.IntRange(max(0, len(m.claims)-6), len(m.claims)-1).Draw(rt, "claim")]
}

func (m *model) valid(c store.Claim) bool {
	h := m.hosts[c.Host]
	return h.held && h.token == c.Token
}

func (m *model) save(rt *rapid.T) {
	c := m.old(rt)
	st := c.Sources[rapid.IntRange(0, len(c.Sources)-1).Draw(rt, "source")]
	s := m.source(st.Source)
	p := store.Poll{Host: c.Host, Token: c.Token, State: st}
	p.State.Due = m.now.Add(time.Duration(rapid.IntRange(-10, 120).Draw(rt, "due")) * time.Second)
	p.State.ETag = fmt.Sprint(rapid.IntRange(0, 3).Draw(rt, "etag"))
	if rapid.IntRange(0, 4).Draw(rt, "rest") == 0 {
		p.HostNotBefore = m.now.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "not before")) * time.Second)
	}
	saved, err := m.store(rt).Save(context.Background(), []store.Poll{p})
	if err != nil {
		rt.Fatal(err)
	}
	good := m.valid(c) && s.host == c.Host && s.state == 1
	if good != (saved[0].Err == nil) || !good && !errors.Is(saved[0].Err, store.ErrLeaseLost) {
		rt.Fatalf("saved by claim %d of %s: %v; want good %v", c.Token, c.Host, saved[0].Err, good)
	}
	if good {
		s.due = p.State.Due
		if h := m.hosts[c.Host]; p.HostNotBefore.After(h.notBefore) {
			h.notBefore = p.HostNotBefore
		}
	}
}

func (m *model) renew(rt *rapid.T) {
	c := m.old(rt)
	until := m.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "lease")) * time.Second)
	lost, err := m.store(rt).Renew(context.Background(), []store.Claim{c}, until)
	if err != nil {
		rt.Fatal(err)
	}
	if good := m.valid(c); good != (len(lost) == 0) {
		rt.Fatalf("renewed claim %d of %s: lost %d; want good %v", c.Token, c.Host, len(lost), good)
	} else if good {
		m.hosts[c.Host].until = until
	}
}

func (m *model) release(rt *rapid.T) {
	c := m.old(rt)
	var rest time.Time
	if rapid.Bool().Draw(rt, "rest") {
		rest = m.now.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "not before")) * time.Second)
	}
	if _, err := m.store(rt).Save(context.Background(), nil, store.Back(rest, c)...); err != nil {
		rt.Fatal(err)
	}
	if m.valid(c) {
		h := m.hosts[c.Host]
		h.held = false
		if rest.After(h.notBefore) {
			h.notBefore = rest
		}
	}
}

func (m *model) wait(rt *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(-5, 60).Draw(rt, "seconds")) * time.Second)
}

// sync moves a source to another host, pauses, resumes, drops or brings it back.
func (m *model) sync(rt *rapid.T) {
	s := m.sources[rapid.IntRange(0, len(m.sources)-1).Draw(rt, "source")]
	due := m.now.Add(time.Duration(rapid.IntRange(-10, 30).Draw(rt, "first due")) * time.Second)
	host, state := m.host(rapid.IntRange(0, len(m.hosts)-1).Draw(rt, "host")), rapid.IntRange(0, 2).Draw(rt, "state")
	if state == 0 {
		host = s.host
	}
	switch {
	case state > 0 && host != s.host:
		s.due = due
	case state > 0 && state != s.state && due.After(s.due):
		s.due = due
	}
	s.host, s.state = host, state
	list := make([]store.Source, 0, len(m.sources))
	for _, x := range m.sources {
		if x.state > 0 {
			list = append(list, store.Source{ID: x.id, Host: x.host, FirstDue: due, Paused: x.state == 2})
		}
	}
	if err := m.store(rt).Sync(context.Background(), list); err != nil {
		rt.Fatal(err)
	}
}
