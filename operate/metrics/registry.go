package metrics

import (
	"bufio"
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Registry holds families of metrics in the order in which they were made.
type Registry struct {
	mu       sync.Mutex // one scrape at a time
	families []*family
	collect  []func(context.Context)
}

// Bounds of a family.
const (
	maxLabels = 2
	maxSeries = 200
	overflow  = "other"
)

type labels [maxLabels]string

// family is one metric with all its labels.
type family struct {
	name, help, kind string
	labels           []string
	bounds           []float64 // of a histogram's buckets, without +Inf

	mu     sync.RWMutex
	series map[labels]*series
}

// series is a family's metric for one set of labels.
type series struct {
	value  atomic.Uint64   // bits of a float64; of a histogram the sum
	counts []atomic.Uint64 // of a histogram, not cumulated; the last is +Inf
}

// Counter only grows; its name ends in _total.
type Counter struct{ f *family }

// Gauge goes up and down.
type Gauge struct{ f *family }

// Histogram counts observations by size.
type Histogram struct{ f *family }

// Counter makes a family of counters. Without labels it is there from the start.
func (r *Registry) Counter(name, help string, labels ...string) Counter {
	return Counter{r.add(name, help, "counter", nil, labels)}
}

// Gauge makes a family of gauges.
func (r *Registry) Gauge(name, help string, labels ...string) Gauge {
	return Gauge{r.add(name, help, "gauge", nil, labels)}
}

// Histogram makes a family of histograms with buckets up to each bound.
func (r *Registry) Histogram(name, help string, bounds []float64, labels ...string) Histogram {
	return Histogram{r.add(name, help, "histogram", bounds, labels)}
}

// OnScrape has f called before each scrape, to set what is not counted but looked up.
func (r *Registry) OnScrape(f func(context.Context)) { r.collect = append(r.collect, f) }

func (r *Registry) add(name, help, kind string, bounds []float64, names []string) *family {
	f := &family{name: name, help: help, kind: kind, labels: names, bounds: bounds, series: map[labels]*series{}}
	r.families = append(r.families, f)
	if len(names) == 0 {
		f.of(nil)
	}
	return f
}

// of is the series with these labels' values.
func (f *family) of(values []string) *series {
	var key labels
	copy(key[:], values)
	f.mu.RLock()
	s := f.series[key]
	f.mu.RUnlock()
	if s != nil {
		return s
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.series) >= maxSeries {
		for i := range f.labels {
			key[i] = overflow
		}
	}
	if s = f.series[key]; s == nil {
		s = &series{}
		if f.kind == "histogram" {
			s.counts = make([]atomic.Uint64, len(f.bounds)+1)
		}
		f.series[key] = s
	}
	return s
}

func (s *series) add(v float64) {
	for {
		old := s.value.Load()
		if s.value.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+v)) {
			return
		}
	}
}

// Add counts v more.
func (c Counter) Add(v float64, values ...string) { c.f.of(values).add(v) }

// set is for what is counted elsewhere.
func (c Counter) set(v float64, values ...string) { c.f.of(values).value.Store(math.Float64bits(v)) }

// Set sets a gauge.
func (g Gauge) Set(v float64, values ...string) { g.f.of(values).value.Store(math.Float64bits(v)) }

// Add moves a gauge.
func (g Gauge) Add(v float64, values ...string) { g.f.of(values).add(v) }

// Observe counts one observation.
func (h Histogram) Observe(v float64, values ...string) {
	s := h.f.of(values)
	i, _ := slices.BinarySearch(h.f.bounds, v)
	s.counts[i].Add(1)
	s.add(v)
}

// ServeHTTP answers a scrape.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = r.Write(req.Context(), w) // the scraper went away
}

// Write writes all families that have any series.
func (r *Registry) Write(ctx context.Context, out io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.collect {
		f(ctx)
	}
	w := bufio.NewWriter(out)
	for _, f := range r.families {
		f.write(w)
	}
	return w.Flush()
}

func (f *family) write(w *bufio.Writer) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if len(f.series) == 0 {
		return
	}
	line(w, "# HELP ", f.name, " ", escape.Replace(f.help))
	line(w, "# TYPE ", f.name, " ", f.kind)
	keys := make([]labels, 0, len(f.series))
	for k := range f.series {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b labels) int { return slices.Compare(a[:], b[:]) })
	for _, k := range keys {
		s := f.series[k]
		value := number(math.Float64frombits(s.value.Load()))
		if f.kind != "histogram" {
			line(w, f.name, f.set(k, ""), " ", value)
			continue
		}
		var sum uint64
		for i := range s.counts {
			sum += s.counts[i].Load()
			bound := math.Inf(1)
			if i < len(f.bounds) {
				bound = f.bounds[i]
			}
			line(w, f.name, "_bucket", f.set(k, number(bound)), " ", strconv.FormatUint(sum, 10))
		}
		line(w, f.name, "_sum", f.set(k, ""), " ", value)
		line(w, f.name, "_count", f.set(k, ""), " ", strconv.FormatUint(sum, 10))
	}
}

func line(w *bufio.Writer, parts ...string) {
	for _, p := range parts {
		_, _ = w.WriteString(p) // Flush tells
	}
	_ = w.WriteByte('\n')
}

// What the text format escapes: in labels' values, and in help texts.
var (
	quote  = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
	escape = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
)

// set writes a series' labels, with the bucket's bound if there is one.
func (f *family) set(k labels, le string) string {
	var b strings.Builder
	sep := byte('{')
	put := func(name, value string) {
		b.WriteByte(sep)
		b.WriteString(name + `="` + quote.Replace(strings.ToValidUTF8(value, "\uFFFD")) + `"`)
		sep = ','
	}
	for i, name := range f.labels {
		put(name, k[i])
	}
	if le != "" {
		put("le", le)
	}
	if sep == ',' {
		b.WriteByte('}')
	}
	return b.String()
}

func number(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
