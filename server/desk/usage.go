package desk

import (
	"context"
	"sync"
	"time"
)

// Usage remembers for a day what this process uses. Nothing is kept: a restart
// begins anew.
type Usage struct {
	// read tells the processor time used so far, and the bytes of memory in use;
	// false where the system does not say.
	read func() (cpu time.Duration, resident int64, ok bool)
	now  func() time.Time

	mu      sync.Mutex
	since   time.Time
	samples []sample // the oldest first
}

// sample is what was used in the stretch that ended at a moment.
type sample struct {
	at       time.Time
	percent  float64 // of one processor, in the mean
	resident int64   // bytes, at the end
}

const (
	usageEvery = time.Minute
	usageKept  = 25 * time.Hour
)

// NewUsage makes a Usage of what read tells.
func NewUsage(now func() time.Time, read func() (cpu time.Duration, resident int64, ok bool)) *Usage {
	return &Usage{read: read, now: now, since: now()}
}

// run takes a sample now and then until ctx ends.
func (u *Usage) run(ctx context.Context) {
	tick := time.NewTicker(usageEvery)
	defer tick.Stop()
	before, _, _ := u.read()
	for last := u.now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := u.now()
		used, resident, ok := u.read()
		if took := now.Sub(last); ok && took > 0 {
			u.add(sample{now, 100 * float64(used-before) / float64(took), resident})
		}
		before, last = used, now
	}
}

func (u *Usage) add(s sample) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.samples = append(u.samples, s)
	gone := 0
	for gone < len(u.samples) && s.at.Sub(u.samples[gone].at) > usageKept {
		gone++
	}
	u.samples = append(u.samples[:0:0], u.samples[gone:]...)
}

// The columns of the charts: a quarter of an hour each, of a day.
const (
	usageStep    = 15 * time.Minute
	usageColumns = int(24 * time.Hour / usageStep)
)

// charts are what was used until now, processor and memory, if anything is known.
func (u *Usage) charts(now time.Time) (cpu, memory chart, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.samples) == 0 {
		return chart{}, chart{}, false
	}
	start := now.Truncate(usageStep).Add(-time.Duration(usageColumns-1) * usageStep)
	sums, counts := make([]float64, usageColumns), make([]int, usageColumns)
	percent, megabytes := make([]int, usageColumns), make([]int, usageColumns)
	labels := make([]string, usageColumns)
	for i := range labels {
		labels[i] = start.Add(time.Duration(i) * usageStep).Format("15:04")
		percent[i], megabytes[i] = unknown, unknown
	}
	for _, s := range u.samples {
		if i := int(s.at.Sub(start) / usageStep); !s.at.Before(start) && i < usageColumns {
			sums[i] += s.percent
			counts[i]++
			megabytes[i] = max(megabytes[i], int((s.resident+500_000)/1_000_000))
		}
	}
	for i, n := range counts {
		if n > 0 {
			percent[i] = int(sums[i]/float64(n) + .5)
		}
	}
	note := "Of this process, since " + day(u.since) + "."
	every := int(6 * time.Hour / usageStep)
	cpu = stacked("Processor, in percent of one", labels, every, 10, []series{{"processor, %", "s0", percent}})
	memory = stacked("Memory, in megabytes", labels, every, 10, []series{{"most in use, MB", "s1", megabytes}})
	for _, c := range []*chart{&cpu, &memory} {
		c.Note = note
		c.Text = c.Title + ", by the quarter of an hour; the table has the numbers"
	}
	return cpu, memory, true
}
