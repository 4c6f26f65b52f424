//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// scaleReport is what a measurement of several sizes found, as it is written to
// bench/results.
type scaleReport struct {
	Date    time.Time     `json:"date"`
	Machine string        `json:"machine"`
	Go      string        `json:"go"`
	Rate    int           `json:"polls_a_second"`
	Window  string        `json:"window"`
	Sizes   []sizeFigures `json:"sizes"`
	Ratio   float64       `json:"cost_ratio"` // of a poll without news: the largest size to the smallest
}

// sizeFigures are those of one size.
type sizeFigures struct {
	Sources  int     `json:"sources"`
	Articles int     `json:"articles"`
	Bytes    float64 `json:"stored_bytes_an_item"`
	First    float64 `json:"first_start_cpu_seconds"` // until it rests
	Settled  memory  `json:"memory_at_rest"`          // ... and then
	Start    float64 `json:"start_seconds"`           // of a later start, until it is ready
	Quiet    window  `json:"all_304"`
	News     window  `json:"with_news"`
	Latency  spread  `json:"latency"` // from the poll that brings an item until the feed holds it
	Missing  int     `json:"missing"` // items that the feed never showed

	began time.Time
}

// window is what was observed of a program that polls.
type window struct {
	Polls       int     `json:"polls"`
	NotModified int     `json:"not_modified"`
	CPU         float64 `json:"cpu_seconds_a_1000_polls"`
	Late        spread  `json:"lateness"`
	Memory      memory  `json:"memory"` // the median of what was resident, and the peak
}

// spread is how durations are distributed, in milliseconds.
type spread struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

func spreadOf(list []time.Duration) spread {
	if len(list) == 0 {
		return spread{}
	}
	list = slices.Sorted(slices.Values(list))
	at := func(share float64) float64 {
		return float64(list[min(int(share*float64(len(list))), len(list)-1)].Microseconds()) / 1e3
	}
	return spread{len(list), at(0.5), at(0.99), at(1)}
}

func newScaleReport(s *scaling, now time.Time) *scaleReport {
	return &scaleReport{Date: now.UTC().Truncate(time.Second), Machine: machine(), Go: runtime.Version(), Rate: s.rate, Window: s.window.String()}
}

// settle computes what compares the sizes.
func (r *scaleReport) settle() {
	if n := len(r.Sizes); n > 1 && r.Sizes[0].Quiet.CPU > 0 {
		r.Ratio = r.Sizes[n-1].Quiet.CPU / r.Sizes[0].Quiet.CPU
	}
}

func (r *scaleReport) print(w io.Writer) {
	fmt.Fprintf(w, "%d polls a second, each figure over %s, %s, %s\n\n", r.Rate, r.Window, r.Machine, r.Go)
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	line := func(name string, f func(*sizeFigures) string) {
		fmt.Fprint(t, name)
		for i := range r.Sizes {
			fmt.Fprint(t, "\t", f(&r.Sizes[i]))
		}
		fmt.Fprintln(t, "\t")
	}
	mb := func(n int64) string { return fmt.Sprintf("%.1f", float64(n)/1e6) }
	spreads := func(s spread) string { return fmt.Sprintf("%.0f / %.0f", s.P50, s.P99) }
	line("sources", func(f *sizeFigures) string { return fmt.Sprint(f.Sources) })
	line("articles", func(f *sizeFigures) string { return fmt.Sprint(f.Articles) })
	line("bytes an item", func(f *sizeFigures) string { return fmt.Sprintf("%.0f", f.Bytes) })
	line("first start, CPU s", func(f *sizeFigures) string { return fmt.Sprintf("%.1f", f.First) })
	line("later start, s", func(f *sizeFigures) string { return fmt.Sprintf("%.1f", f.Start) })
	for _, part := range []struct {
		name string
		of   func(*sizeFigures) *window
	}{{"all 304", func(f *sizeFigures) *window { return &f.Quiet }}, {"news", func(f *sizeFigures) *window { return &f.News }}} {
		line(part.name+": CPU s a 1,000 polls", func(f *sizeFigures) string { return fmt.Sprintf("%.3f", part.of(f).CPU) })
		line("resident MB", func(f *sizeFigures) string { return mb(part.of(f).Memory.Now) })
		line("... anonymous", func(f *sizeFigures) string { return mb(part.of(f).Memory.Anon) })
		line("... of files", func(f *sizeFigures) string { return mb(part.of(f).Memory.File) })
		line("... at most", func(f *sizeFigures) string { return mb(part.of(f).Memory.Peak) })
		line("late by ms, p50 / p99", func(f *sizeFigures) string { return spreads(part.of(f).Late) })
	}
	line("poll to feed ms, p50 / p99", func(f *sizeFigures) string { return spreads(f.Latency) })
	line("items never shown", func(f *sizeFigures) string { return fmt.Sprint(f.Missing) })
	t.Flush()
	if r.Ratio > 0 {
		fmt.Fprintf(w, "\na poll without news costs %.2f times as much with the most sources as with the fewest\n", r.Ratio)
	}
}

// write puts the report into a file named after the day.
func (r *scaleReport) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, r.Date.Format(time.DateOnly)+"-scale.json"), append(b, '\n'), 0o644)
}
