package main

import (
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var said []int
		p := &pacer{now: time.Now, set: func(percent int) int { said = append(said, percent); return 0 }}
		told := func() []int {
			p.mu.Lock()
			defer p.mu.Unlock()
			return slices.Clone(said)
		}
		collect := func(every time.Duration, n int) {
			for range n {
				time.Sleep(every)
				p.collected()
			}
			synctest.Wait()
		}
		collect(time.Second, 5)
		for range 5 { // a few sources at once
			collect(time.Millisecond, busyCount/2)
			time.Sleep(time.Second)
		}
		if got := told(); len(got) > 0 {
			t.Errorf("of a calm process: %v", got)
		}
		collect(50*time.Millisecond, 200) // longer than calmAfter
		collect(150*time.Millisecond, 50)
		if got := told(); !slices.Equal(got, []int{busyGrowth}) {
			t.Errorf("of a busy process: %v", got)
		}
		time.Sleep(calmAfter)
		synctest.Wait()
		collect(time.Second, 3)
		if got := told(); !slices.Equal(got, []int{busyGrowth, calmGrowth}) {
			t.Errorf("of one that was busy: %v", got)
		}
	})
}

// The pacer hears of every collection, not of the first alone.
func TestPacerHears(t *testing.T) {
	t.Parallel()
	heard := make(chan time.Time, 100)
	p := &pacer{set: func(int) int { return 0 }, now: func() time.Time {
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
