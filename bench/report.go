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

// report is what a bench found, as it is written to bench/results.
type report struct {
	Date    time.Time `json:"date"`
	Machine string    `json:"machine"`
	Go      string    `json:"go"`
	Feeds   int       `json:"feeds"`
	Hosts   int       `json:"hosts"`
	Runs    int       `json:"runs"`
	Changed float64   `json:"changed"`
	TLS     bool      `json:"tls"`
	Latency string    `json:"latency"`
	Errors  float64   `json:"errors"`
	Store   string    `json:"store"`

	Replicas int `json:"replicas"`

	Phases []row `json:"phases"`

	Peak      int64   `json:"peak_resident_bytes"` // importing
	Polling   int64   `json:"polling_resident_bytes"`
	Rate      float64 `json:"polls_a_second"` // where all are due at once
	Allocated float64 `json:"import_allocated_bytes_a_feed"`
	Disk      float64 `json:"stored_bytes_an_item"`
	Items     int     `json:"items"` // handed out, in all runs
	Lost      int     `json:"lost"`
	Doubled   int     `json:"doubled"`
	Strange   int     `json:"strange"`

	measured []*measurement
}

// row is one phase: CPU seconds a 1,000 polls, medians.
type row struct {
	Phase   phase     `json:"phase"`
	Ours    float64   `json:"ours"`
	Limit   float64   `json:"limit,omitempty"`
	Ratio   float64   `json:"ratio,omitempty"`
	Server  float64   `json:"server,omitempty"` // of ours: the database server's
	Samples []float64 `json:"samples"`
	Limits  []float64 `json:"limit_samples,omitempty"`
}

func newReport(s *settings, now time.Time) *report {
	hosts := s.Hosts
	if hosts == 0 {
		hosts = (s.Feeds + 9) / 10
	}
	return &report{
		Date: now.UTC().Truncate(time.Second), Machine: machine(), Go: runtime.Version(),
		Feeds: s.Feeds, Hosts: hosts, Runs: s.runs, Changed: s.changed, TLS: s.TLS, Latency: s.Latency.String(), Errors: s.Errors,
		Store: map[bool]string{false: "sqlite", true: "postgres"}[s.postgres], Replicas: s.replicas,
	}
}

// machine names the processor.
func machine() string {
	name := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		name = processor(string(info), name)
	}
	return fmt.Sprintf("%s, %d cores", name, runtime.NumCPU())
}

func (r *report) add(m *measurement) {
	r.measured = append(r.measured, m)
	r.Items += m.account.items
	r.Lost += m.account.lost
	r.Doubled += m.account.doubled
	r.Strange += m.account.strange
	r.Peak, r.Polling = max(r.Peak, m.peak), max(r.Polling, m.polling)
}

// settle computes the medians.
func (r *report) settle() {
	for _, ph := range phases {
		w := row{Phase: ph}
		var server []float64
		for _, m := range r.measured {
			for _, s := range m.ours[ph] {
				w.Samples, server = append(w.Samples, s.per1000()), append(server, s.of1000(s.Server))
			}
			for _, s := range m.limit[ph] {
				w.Limits = append(w.Limits, s.per1000())
			}
		}
		w.Ours, w.Limit, w.Server = median(w.Samples), median(w.Limits), median(server)
		if w.Limit > 0 {
			w.Ratio = w.Ours / w.Limit
		}
		r.Phases = append(r.Phases, w)
	}
	var disk, allocated, rate []float64
	for _, m := range r.measured {
		for _, s := range m.ours[returning] {
			rate = append(rate, float64(s.Polls)/s.Took.Seconds())
		}
		disk = append(disk, float64(m.disk)/float64(max(m.account.items, 1)))
		allocated = append(allocated, float64(m.allocated)/float64(r.Feeds))
	}
	r.Disk, r.Allocated, r.Rate = median(disk), median(allocated), median(rate)
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}

func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%d feeds on %d hosts, %d runs, %s, %s\n", r.Feeds, r.Hosts, r.Runs, r.Machine, r.Go)
	if r.Store == "postgres" {
		fmt.Fprintf(w, "replicas on a PostgreSQL: %d; its processor time is in theirs, and told after it\n", r.Replicas)
	}
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\nCPU s a 1,000 polls\tWireroom\tlimit\tratio\t")
	for _, p := range r.Phases {
		limit, ratio := "", ""
		if p.Limit > 0 {
			limit, ratio = fmt.Sprintf("%.3f", p.Limit), fmt.Sprintf("%.2f", p.Ratio)
		}
		ours := fmt.Sprintf("%.3f", p.Ours)
		if p.Server > 0 {
			ours += fmt.Sprintf(" (%.3f)", p.Server)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t\n", p.Phase, ours, limit, ratio)
	}
	t.Flush()
	fmt.Fprintf(w, "\nresident at most         %.1f MB importing, %.1f MB polling\nallocated by the import  %.0f KB a feed\nall due at once          %.0f polls a second\nstored                   %.0f bytes an item\n%d items handed out: %d lost, %d doubled, %d never handed out\n",
		float64(r.Peak)/1e6, float64(r.Polling)/1e6, r.Allocated/1e3, r.Rate, r.Disk, r.Items, r.Lost, r.Doubled, r.Strange)
}

// write puts the report into a file named after the day and the kind of bench.
func (r *report) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%d", r.Date.Format(time.DateOnly), r.Feeds)
	if r.Store != "sqlite" {
		name += fmt.Sprintf("-%s-%d", r.Store, r.Replicas)
	}
	return os.WriteFile(filepath.Join(dir, name+".json"), append(b, '\n'), 0o644)
}
