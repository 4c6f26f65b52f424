package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var said []int
		var live, ever atomic.Uint64
		live.Store(4 * smallHeap)
		p := &pacer{now: time.Now, set: func(percent int) int { said = append(said, percent); return 0 }, heap: func() (uint64, uint64, uint64) { return live.Load(), live.Load() / 2, ever.Load() }}
		told := func() []int {
			p.mu.Lock()
			defer p.mu.Unlock()
			return slices.Clone(said)
		}
		collect := func(every time.Duration, n int, bytes uint64) {
			for range n {
				time.Sleep(every)
				ever.Add(bytes)
				p.collected()
			}
			synctest.Wait()
		}
		collect(time.Second, 5, busyBytes/2)
		for range 5 { // a few sources at once
			collect(time.Millisecond, 5, busyBytes/10)
			time.Sleep(time.Second)
		}
		want := func(of string, list ...int) {
			t.Helper()
			if got := told(); !slices.Equal(got, list) {
				t.Errorf("of %s: %v, want %v", of, got, list)
			}
		}
		want("a calm process", calmGrowth)
		collect(200*time.Millisecond, 50, busyBytes/2) // longer than calmAfter
		collect(600*time.Millisecond, 10, busyBytes/2)
		collect(1500*time.Millisecond, 10, busyBytes) // not every second
		for range 10 {                                // more than calmAfter apart
			for range 50 {
				time.Sleep(100 * time.Millisecond)
				ever.Add(busyBytes * 3 / 50)
			}
			p.collected()
		}
		synctest.Wait()
		want("a busy process", calmGrowth, busyGrowth)
		time.Sleep(calmAfter)
		synctest.Wait()
		collect(time.Second, 3, busyBytes/4)
		want("one that was busy", calmGrowth, busyGrowth, calmGrowth)
		live.Store(smallHeap / 4) // and half as much again for stacks and globals
		collect(time.Second, 3, 0)
		live.Add(live.Load() / 50) // not worth a stop
		collect(time.Second, 3, 0)
		live.Store(smallHeap)
		collect(time.Second, 3, 0)
		want("a small one", calmGrowth, busyGrowth, calmGrowth, 200, calmGrowth)
		live.Store(busyHeap / 2)
		collect(200*time.Millisecond, 10, busyBytes)
		live.Store(busyHeap / 4)
		collect(200*time.Millisecond, 10, busyBytes)
		want("a small one that is busy", calmGrowth, busyGrowth, calmGrowth, 200, calmGrowth, busyGrowth, 200)
	})
}

// The pacer hears of every collection, not of the first alone.
func TestPacerHears(t *testing.T) {
	t.Parallel()
	heard := make(chan time.Time, 100)
	p := &pacer{set: func(int) int { return 0 }, heap: askHeap, now: func() time.Time {
		select {
		case heard <- time.Now():
		default:
		}
		return time.Time{}.Add(time.Hour * time.Duration(len(heard)))
	}}
	p.watch()
	for range 3 {
		for was := len(heard); len(heard) == was; time.Sleep(time.Millisecond) {
			runtime.GC()
		}
	}
}

// What is dropped comes back: the program goes on.
func TestGiveBack(t *testing.T) {
	t.Parallel()
	giveBack()
	if run(t.Context(), []string{"version"}, nil, t.Output(), t.Output()) != exitDone {
		t.Error("the program does not run any more")
	}
}

// A heap of which little is alive is let grow to smallHeap, and not far beyond.
func TestSmallHeap(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	p := &pacer{now: time.Now, set: debug.SetGCPercent, heap: askHeap}
	goal := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	for range 3 { // the growth counts from the next collection on
		runtime.GC()
		p.collected()
	}
	runtime.GC()
	metrics.Read(goal)
	if heap, _, _ := askHeap(); heap < smallHeap/2 {
		if got := goal[0].Value.Uint64(); got < smallHeap*3/4 || got > smallHeap*5/4 {
			t.Errorf("%d bytes are alive and may become %d", heap, got)
		}
	}
}
