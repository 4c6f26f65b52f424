package desk

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestUsage lets a process use half a processor for two hours, and grow.
func TestUsage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		u := NewUsage(time.Now, func() (time.Duration, int64, bool) {
			size := int64(80e6)
			if time.Since(begun) > time.Hour {
				size = 123_456_789
			}
			return time.Since(begun) / 2, size, true
		})
		if _, _, ok := u.charts(time.Now()); ok {
			t.Error("charts of nothing")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { u.run(ctx); close(done) }()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		cpu, memory, ok := u.charts(time.Now().UTC())
		if !ok || len(cpu.Rows) != usageColumns {
			t.Fatalf("%v, %d rows", ok, len(cpu.Rows))
		}
		at := func(c chart, ago time.Duration) string {
			return c.Rows[usageColumns-1-int(ago/usageStep)][1]
		}
		if got := []string{at(cpu, time.Hour), at(memory, 90*time.Minute), at(memory, 30*time.Minute), at(cpu, 5*time.Hour)}; strings.Join(got, " ") != "50 80 123 –" {
			t.Errorf("%q", got)
		}
		if cpu.Most != "50" || memory.Most != "123" || !strings.Contains(cpu.Note, "since") {
			t.Errorf("%s %s %s", cpu.Most, memory.Most, cpu.Note)
		}
		for _, b := range cpu.Bars {
			if b.X+b.W > plotWidth || b.W < 1 || b.Y < 0 {
				t.Errorf("%+v sticks out", b)
			}
		}
		time.Sleep(48 * time.Hour)
		cancel()
		<-done
		if n := len(u.samples); n > int(usageKept/usageEvery)+1 {
			t.Errorf("%d samples are kept", n)
		}
	})
}
