package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// How much a server's heap may grow between two collections of garbage, in per
// cent of what is alive. A server that polls leaves little garbage, so that it can
// stay small at no cost; to one that imports every byte of growth saves work.
const (
	startGrowth = 25 // while the config is read: the parser needs ten times what it yields
	calmGrowth  = 40
	busyGrowth  = 150
)

// smallHeap is how far the heap may always grow, in bytes. To look through a few
// megabytes every second or third megabyte would cost a poll more than its request.
// While the server is busy it is busyHeap, so that what a collection frees is neither
// given back nor asked for again because a little less was alive that time. Below
// leastHeap of a growth of 100 % the runtime does not look at all.
const (
	smallHeap = 20 << 20
	busyHeap  = 52 << 20
	leastHeap = 4 << 20
)

// The server is busy when it allocates so many bytes within a second, and calm again
// after two seconds with less than half as much.
const (
	busyBytes = 16 << 20
	calmAfter = 2 * time.Second
)

// pacer sets the growth of the heap by how much is allocated.
type pacer struct {
	now func() time.Time
	set func(percent int) int // debug.SetGCPercent
	// heap tells the bytes that the last collection went through, and those that were
	// ever allocated.
	heap func() (live, roots, ever uint64)

	mu     sync.Mutex
	since  time.Time // a stretch of time begins, until which from bytes were allocated; see rate
	from   uint64
	busy   bool
	calm   *time.Timer
	growth int // as set
}

// newPacer is that of this process, which starts. The operator may decide instead
// (GOGC, GOMEMLIMIT).
func newPacer() *pacer {
	p := &pacer{now: cores.now, set: debug.SetGCPercent, heap: askHeap}
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		p.set = func(percent int) int { return percent }
	}
	p.set(startGrowth)
	return p
}

// started has the process keep its heap small from now on, while it is calm.
func (p *pacer) started() {
	giveBack()
	p.mu.Lock()
	live, roots, _ := p.heap()
	p.grow(live, roots)
	p.mu.Unlock()
	p.watch()
}

// watch has the pacer told of the next collection: it finds an object that nobody
// holds.
func (p *pacer) watch() {
	runtime.AddCleanup(new([16]byte), func(p *pacer) { p.collected(); p.watch() }, p)
}

// collected takes down a collection.
func (p *pacer) collected() {
	p.mu.Lock()
	defer p.mu.Unlock()
	live, roots, ever := p.heap()
	now := p.now()
	switch rate := p.rate(now, ever); {
	case p.busy && rate >= busyBytes/2:
		p.calm.Reset(calmAfter)
	case !p.busy && rate >= busyBytes:
		p.busy = true
		p.calm = time.AfterFunc(calmAfter, p.rest)
	}
	p.grow(live, roots)
}

// rate is how many bytes a second were allocated since the stretch of time began. One
// that has lasted for a second ends with being asked for.
func (p *pacer) rate(now time.Time, ever uint64) float64 {
	span, bytes := now.Sub(p.since), ever-p.from
	if span > time.Second {
		p.since, p.from = now, ever
	}
	return float64(bytes) / max(span, time.Second).Seconds()
}

// grow sets the growth that is right now, if it differs by more than a tenth from
// what is set: setting it stops the program for a moment.
func (p *pacer) grow(live, roots uint64) {
	growth, always := calmGrowth, uint64(smallHeap)
	if p.busy {
		growth, always = busyGrowth, busyHeap
	}
	if live < always { // the growth is one of both
		growth = max(growth, min(int((always-live)*100/max(live+roots, 1)), int(always*100/leastHeap)))
	}
	if d := growth - p.growth; d*10 > p.growth || -d*10 > p.growth {
		p.growth = growth
		p.set(growth)
	}
}

// askHeap asks the runtime.
func askHeap() (live, roots, ever uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64(), s[1].Value.Uint64() + s[2].Value.Uint64(), s[3].Value.Uint64()
}

// rest makes the heap small again, unless it was only that no collection came.
func (p *pacer) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	live, roots, ever := p.heap()
	if p.rate(p.now(), ever) >= busyBytes/2 {
		p.calm.Reset(calmAfter)
		return
	}
	p.busy = false
	p.grow(live, roots)
}

// unprofiled ends the sampling of allocations, whose books take a megabyte: nobody
// can ask this process for a profile.
var unprofiled = sync.OnceFunc(func() { runtime.MemProfileRate = 0 })

// giveBack returns to the system what starting, or reading the config again, took:
// garbage, and the pages of the program's own file that nothing needs any more.
func giveBack() {
	debug.FreeOSMemory()
	dropPages()
}
