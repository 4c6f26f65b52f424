package main

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A server runs on one processor for as long as that is enough. Where there are
// several, Go wakes a thread on another one for whatever becomes ready; for what is
// done in a few microseconds, as most of a poll and of a request is, to wake it costs
// more than to wait: up to a third of all.
//
// It is not enough when the looks of a second find that three quarters of one were used,
// and is again when for five seconds none has found half of one used. Nobody is woken
// to look, for that would cost more than all else that a server at rest does: it is
// done by whoever asks for the time of what the server does.
const (
	lookEvery = 250 * time.Millisecond
	busyLooks = 4
	quietTime = 5 * time.Second
)

// processors decides on how many processors the process runs.
type processors struct {
	used     func() time.Duration // processor time so far
	one, all func()
	start    time.Time
	next     atomic.Int64 // nanoseconds from start, by the clock that nobody sets: no look before; 0: none at all

	mu      sync.Mutex
	at      time.Time // of the last look
	then    time.Duration
	several bool
	looks   int           // in a row that found it too busy for one
	quiet   time.Duration // since a look found it too busy for one to be enough again
}

// ownProcessors are those of this process; nil where there is nothing to decide, or
// the operator does (GOMAXPROCS).
func ownProcessors() *processors {
	if os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 || spent() == 0 {
		return nil
	}
	return &processors{used: spent, one: func() { runtime.GOMAXPROCS(1) }, all: runtime.SetDefaultGOMAXPROCS}
}

// started begins: what the start had to do is done.
func (p *processors) started() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.one()
	p.start, p.then = time.Now(), p.used()
	p.at = p.start
	p.next.Store(int64(lookEvery))
}

// now is the time, at which it may look.
func (p *processors) now() time.Time {
	t := time.Now()
	if p == nil {
		return t
	}
	if next := p.next.Load(); next != 0 {
		if at := int64(t.Sub(p.start)); at >= next && p.next.CompareAndSwap(next, at+int64(lookEvery)) {
			p.look(t)
		}
	}
	return t
}

func (p *processors) look(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	span, used := t.Sub(p.at), p.used()
	spent := used - p.then
	p.at, p.then = t, used
	if p.several {
		if p.quiet += span; 2*spent >= span {
			p.quiet = 0
		}
		if p.quiet >= quietTime {
			p.one()
			p.several, p.looks = false, 0
		}
		return
	}
	if p.looks++; 4*spent < 3*span {
		p.looks = 0
	}
	if p.looks == busyLooks {
		p.all()
		p.several, p.quiet = true, 0
	}
}
