package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// How much a server's heap may grow between two collections of garbage, in per
// cent of what is alive. A server that polls leaves little garbage, so that it can
// stay small at no cost; one that imports has Go's default.
const (
	startGrowth = 25 // while the config is read: the parser needs ten times what it yields
	calmGrowth  = 40
	busyGrowth  = 100
)

// The server is busy when it is collected so often within a second, and calm again
// after two seconds with fewer than half as many.
const (
	busyCount = 10
	calmAfter = 2 * time.Second
)

// pacer sets the growth of the heap by how often it is collected.
type pacer struct {
	now func() time.Time
	set func(percent int) int // debug.SetGCPercent

	mu    sync.Mutex
	since time.Time // of the second in which count collections were
	count int
	busy  bool
	calm  *time.Timer
}

// newPacer is that of this process, which starts. The operator may decide instead
// (GOGC, GOMEMLIMIT).
func newPacer() *pacer {
	p := &pacer{now: time.Now, set: debug.SetGCPercent}
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		p.set = func(percent int) int { return percent }
	}
	p.set(startGrowth)
	return p
}

// started has the process keep its heap small from now on, while it is calm.
func (p *pacer) started() {
	giveBack()
	p.set(calmGrowth)
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
	if now := p.now(); now.Sub(p.since) > time.Second {
		p.since, p.count = now, 0
	}
	p.count++
	switch {
	case p.busy && p.count >= busyCount/2:
		p.calm.Reset(calmAfter)
	case !p.busy && p.count >= busyCount:
		p.busy = true
		p.set(busyGrowth)
		p.calm = time.AfterFunc(calmAfter, p.rest)
	}
}

// rest makes the heap small again.
func (p *pacer) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = false
	p.set(calmGrowth)
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
