package main

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestProcessors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var said []string
		share, used, at := 0, time.Duration(0), time.Now() // share: per cent of a processor that is used
		p := &processors{
			used: func() time.Duration {
				used += time.Since(at) * time.Duration(share) / 100
				at = time.Now()
				return used
			},
			one: func() { said = append(said, "one") }, all: func() { said = append(said, "all") },
		}
		step := func(percent, looks int, every time.Duration, want ...string) {
			t.Helper()
			for share = percent; looks > 0; looks-- {
				time.Sleep(every)
				for range 3 { // whoever asks in the same moment
					if !p.now().Equal(time.Now()) {
						t.Error("that is not the time")
					}
				}
			}
			if !slices.Equal(said, want) {
				t.Errorf("%v at %d %%, want %v", said, percent, want)
			}
			said = nil
		}
		step(200, 40, lookEvery) // the start
		p.started()
		step(70, 40, lookEvery, "one")
		step(100, busyLooks-1, lookEvery)
		step(10, 4, lookEvery)
		step(100, busyLooks-1, lookEvery)
		step(100, 1, lookEvery, "all")
		step(180, 40, lookEvery)
		step(60, 40, lookEvery)
		step(40, 19, lookEvery)
		step(60, 1, lookEvery)
		step(40, 19, lookEvery)
		step(40, 1, lookEvery, "one")
		step(0, 1, time.Hour)
		step(100, busyLooks*25-1, lookEvery/25)
		step(100, 1, lookEvery/25, "all")
		step(3, 1, time.Hour, "one") // it was at rest, and nobody looked
	})
}

// Where the operator has decided, nothing is.
func TestProcessorsAreTheOperators(t *testing.T) {
	t.Setenv("GOMAXPROCS", "2")
	p := ownProcessors()
	if p != nil {
		t.Errorf("%+v", p)
	}
	p.started()
	if d := time.Since(p.now()); d < 0 || d > time.Minute {
		t.Error(d)
	}
}
