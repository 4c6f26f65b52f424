package metrics

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// runtimeMetric is one of Go's own, under the name that Prometheus' client gives it.
type runtimeMetric struct {
	name, help, kind string
	from             []string // of runtime/metrics, added up
}

var ofRuntime = []runtimeMetric{
	{"go_goroutines", "Number of goroutines.", "gauge", []string{"/sched/goroutines:goroutines"}},
	{"go_sched_gomaxprocs_threads", "Number of threads that run Go code at the same time.", "gauge", []string{"/sched/gomaxprocs:threads"}},
	{"go_gc_cycles_total_gc_cycles_total", "Garbage collections.", "counter", []string{"/gc/cycles/total:gc-cycles"}},
	{"go_gc_gomemlimit_bytes", "Memory limit of the runtime.", "gauge", []string{"/gc/gomemlimit:bytes"}},
	{"go_cpu_classes_gc_total_cpu_seconds_total", "Estimated CPU time spent collecting garbage.", "counter", []string{"/cpu/classes/gc/total:cpu-seconds"}},
	{"go_memstats_alloc_bytes", "Bytes in live and not yet collected objects.", "gauge", []string{"/memory/classes/heap/objects:bytes"}},
	{"go_memstats_alloc_bytes_total", "Bytes allocated so far.", "counter", []string{"/gc/heap/allocs:bytes"}},
	{"go_memstats_mallocs_total", "Objects allocated so far.", "counter", []string{"/gc/heap/allocs:objects", "/gc/heap/tiny/allocs:objects"}},
	{"go_memstats_heap_objects", "Number of live and not yet collected objects.", "gauge", []string{"/gc/heap/objects:objects"}},
	{"go_memstats_heap_inuse_bytes", "Bytes in heap spans that are in use.", "gauge", []string{"/memory/classes/heap/objects:bytes", "/memory/classes/heap/unused:bytes"}},
	{"go_memstats_heap_released_bytes", "Bytes given back to the system.", "gauge", []string{"/memory/classes/heap/released:bytes"}},
	{"go_memstats_stack_inuse_bytes", "Bytes in stacks.", "gauge", []string{"/memory/classes/heap/stacks:bytes"}},
	{"go_memstats_next_gc_bytes", "Size of the heap at which the next collection begins.", "gauge", []string{"/gc/heap/goal:bytes"}},
	{"go_memstats_sys_bytes", "Bytes obtained from the system.", "gauge", []string{"/memory/classes/total:bytes"}},
}

// Process adds what Go and the system know of this process. Where there is no
// /proc, the latter is left out.
func (r *Registry) Process() {
	info := r.Gauge("go_info", "Version of Go that this program was built with.", "version")
	info.Set(1, runtime.Version())
	var samples []metrics.Sample
	var families []*family
	for _, m := range ofRuntime {
		families = append(families, r.add(m.name, m.help, m.kind, nil, nil))
		for _, name := range m.from {
			samples = append(samples, metrics.Sample{Name: name})
		}
	}
	r.OnScrape(func(context.Context) {
		metrics.Read(samples)
		i := 0
		for j, m := range ofRuntime {
			sum := 0.0
			for range m.from {
				sum += float(samples[i].Value)
				i++
			}
			families[j].of(nil).value.Store(math.Float64bits(sum))
		}
	})
	r.proc("/proc")
}

func float(v metrics.Value) float64 {
	switch v.Kind() {
	case metrics.KindUint64:
		return float64(v.Uint64())
	case metrics.KindFloat64:
		return v.Float64()
	}
	return 0
}

// ticks a second in /proc (USER_HZ), the same on all of Go's platforms.
const ticks = 100

// proc adds what proc(5) says.
func (r *Registry) proc(root string) {
	if _, err := os.Stat(root + "/self/stat"); err != nil {
		return
	}
	cpu := r.Counter("process_cpu_seconds_total", "CPU time used, of user and system.")
	start := r.Gauge("process_start_time_seconds", "When the process was started, in seconds since 1970.")
	resident := r.Gauge("process_resident_memory_bytes", "Bytes of memory that are resident.")
	virtual := r.Gauge("process_virtual_memory_bytes", "Bytes of virtual memory.")
	open := r.Gauge("process_open_fds", "Number of open file descriptors.")
	limit := r.Gauge("process_max_fds", "Number of file descriptors that may be open.")
	booted := bootTime(root)
	r.OnScrape(func(context.Context) {
		if f := statFields(root); len(f) > 21 { // counted from the state, which is field 3
			cpu.set((atof(f[11]) + atof(f[12])) / ticks)
			start.Set(booted + atof(f[19])/ticks)
			virtual.Set(atof(f[20]))
			resident.Set(atof(f[21]) * float64(os.Getpagesize()))
		}
		if list, err := os.ReadDir(root + "/self/fd"); err == nil {
			open.Set(float64(len(list)))
		}
		if n, ok := OpenFiles(root); ok {
			limit.Set(n)
		}
	})
}

// Used is the processor time that this process has used so far and the memory
// that it has in use, as proc(5) says; false where there is no /proc.
func Used() (cpu time.Duration, resident int64, ok bool) {
	f := statFields("/proc")
	if len(f) < 22 { // counted from the state, which is field 3
		return 0, 0, false
	}
	return time.Duration((atof(f[11]) + atof(f[12])) * float64(time.Second) / ticks), int64(atof(f[21])) * int64(os.Getpagesize()), true
}

func atof(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v
}

// statFields are those after the command's name, which may hold anything.
func statFields(root string) []string {
	b, err := os.ReadFile(root + "/self/stat")
	if err != nil {
		return nil
	}
	s := string(b)
	return strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
}

func bootTime(root string) float64 {
	b, err := os.ReadFile(root + "/stat")
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(l, "btime "); ok {
			return atof(strings.TrimSpace(rest))
		}
	}
	return 0
}

// OpenFiles is how many files a process may have open, as proc(5) under root says.
func OpenFiles(root string) (float64, bool) {
	b, err := os.ReadFile(root + "/self/limits")
	if err != nil {
		return 0, false
	}
	for l := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(l, "Max open files"); ok {
			f := strings.Fields(rest)
			if len(f) > 0 && f[0] == "unlimited" {
				return math.Inf(1), true
			}
			if len(f) > 0 {
				return atof(f[0]), true
			}
		}
	}
	return 0, false
}
