package metrics

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"wireroom/article"
	"wireroom/internal/need"
	"wireroom/store"
)

// scrape reads a registry as Prometheus does.
func scrape(t testing.TB, r *Registry) map[string]*dto.MetricFamily {
	t.Helper()
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	p := expfmt.NewTextParser(model.UTF8Validation)
	out, err := p.TextToMetricFamilies(w.Body)
	if err != nil {
		t.Fatalf("Prometheus' parser: %v", err)
	}
	return out
}

// value is that of the series with these labels' values, in the family's order.
func value(t testing.TB, f *dto.MetricFamily, labels ...string) float64 {
	t.Helper()
	for _, m := range f.GetMetric() {
		same := len(m.GetLabel()) == len(labels)
		for i, l := range m.GetLabel() {
			same = same && l.GetValue() == labels[i]
		}
		switch {
		case !same:
		case m.Histogram != nil:
			return float64(m.GetHistogram().GetSampleCount())
		case m.Gauge != nil:
			return m.GetGauge().GetValue()
		default:
			return m.GetCounter().GetValue()
		}
	}
	t.Errorf("%s has no series %q", f.GetName(), labels)
	return math.NaN()
}

// used is a program's metrics with something in each family.
func used(t testing.TB) *Program {
	p := New("1.2.3")
	p.Process()
	p.Polled("feed", store.PollLog{Outcome: "new", Took: 30 * time.Millisecond, Bytes: 4000}, store.Saved{New: 3, Updated: 1, Canceled: 1})
	p.Polled("feed", store.PollLog{Outcome: "not-modified", Took: 20 * time.Millisecond}, store.Saved{})
	p.Polled("file", store.PollLog{Outcome: "new"}, store.Saved{Err: store.ErrLeaseLost})
	p.Rendered(time.Millisecond, true, nil)
	p.Rendered(time.Millisecond, false, errors.New("no"))
	p.Begun()
	p.Begun()
	p.Answered("/feeds/{name}", 304, 0, time.Millisecond)
	p.Delivered(true, 100, time.Second)
	p.Delivered(false, 100, time.Second)
	p.Loaded(time.Unix(1800000000, 0), nil)
	p.Loaded(time.Unix(1800000001, 0), errors.New("no"))
	p.WatchCache(func() Cache { return Cache{Hits: 5, Made: 2, Bytes: 77} })
	s := p.Store(&fake{}, time.Now)
	p.WatchStore(s, []string{"ok", "failing"}, func(st *store.State) string { return "ok" }, time.Now)
	now := time.Unix(1800000000, 0)
	claims, _, _ := s.Claim(t.Context(), store.ClaimRequest{Now: now})
	_, _, _ = s.Claim(t.Context(), store.ClaimRequest{Now: now, Sources: []string{"a"}})
	_, _ = s.Renew(t.Context(), claims, now)
	_, _ = s.Save(t.Context(), []store.Poll{{}}, store.Back(now, claims...)...) // fails, and they are given back without it
	_, _ = s.Save(t.Context(), nil, store.Back(now, claims...)...)
	_, _ = s.Select(t.Context(), article.Query{})
	_, _, _ = s.Changes(t.Context(), 0, 1)
	_, _ = s.Article(t.Context(), "x")
	return p
}

func TestWhatWasCounted(t *testing.T) {
	t.Parallel()
	got := scrape(t, &used(t).Registry)
	for _, k := range []struct {
		name   string
		labels []string
		want   float64
	}{
		{"wireroom_build_info", []string{"1.2.3", runtime.Version()}, 1},
		{"wireroom_polls_total", []string{"feed", "new"}, 1},
		{"wireroom_polls_total", []string{"feed", "not-modified"}, 1},
		{"wireroom_polls_total", []string{"file", "not-saved"}, 1},
		{"wireroom_poll_duration_seconds", []string{"feed"}, 2},
		{"wireroom_poll_response_bytes_total", []string{"feed"}, 4000},
		{"wireroom_articles_saved_total", []string{"new"}, 3},
		{"wireroom_articles_saved_total", []string{"refused"}, 0},
		{"wireroom_poll_lateness_seconds", nil, 1}, // the claim by name is not late
		{"wireroom_claims_total", nil, 2},
		{"wireroom_claims_active", nil, 1},
		{"wireroom_leases_lost_total", nil, 1},
		{"wireroom_store_operation_duration_seconds", []string{"claim"}, 2},
		{"wireroom_store_errors_total", []string{"save"}, 2},
		{"wireroom_renders_total", []string{"changed"}, 1},
		{"wireroom_renders_total", []string{"failed"}, 1},
		{"wireroom_render_duration_seconds", nil, 2},
		{"wireroom_http_requests_total", []string{"/feeds/{name}", "304"}, 1},
		{"wireroom_http_requests_in_flight", nil, 1},
		{"wireroom_http_request_duration_seconds", []string{"/feeds/{name}"}, 1},
		{"wireroom_hub_deliveries_total", []string{"delivered"}, 1},
		{"wireroom_hub_delivery_bytes_total", nil, 100},
		{"wireroom_config_reloads_total", []string{"refused"}, 1},
		{"wireroom_config_loaded_timestamp_seconds", nil, 1800000000},
		{"wireroom_cache_requests_total", []string{"hit"}, 5},
		{"wireroom_cache_bytes", nil, 77},
		{"wireroom_store_articles", nil, 12},
		{"wireroom_store_sequence", nil, 40},
		{"wireroom_sources", []string{"ok"}, 2},
		{"wireroom_sources", []string{"failing"}, 0},
	} {
		f := got[k.name]
		if f == nil {
			t.Errorf("there is no %s", k.name)
			continue
		}
		if v := value(t, f, k.labels...); v != k.want {
			t.Errorf("%s%q = %g, want %g", k.name, k.labels, v, k.want)
		}
	}
	if errs := got["wireroom_store_errors_total"]; len(errs.GetMetric()) != 1 {
		t.Errorf("%d operations failed; what is not found is no fault", len(errs.GetMetric()))
	}
	for _, name := range []string{"go_goroutines", "go_memstats_alloc_bytes", "go_memstats_mallocs_total", "go_gc_gomemlimit_bytes"} {
		if got[name] == nil || value(t, got[name]) <= 0 {
			t.Errorf("%s is missing or nothing", name)
		}
	}
}

// TestConventions has Prometheus' own linter judge the names, types and help.
func TestConventions(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := used(t).Write(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.New(&b).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !strings.HasPrefix(p.Metric, "go_gc_cycles_total") { // the name that Prometheus' client gives it
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

func TestProcess(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		need.Missing(t, "there is no /proc: %v", err)
	}
	var r Registry
	r.Process()
	got := scrape(t, &r)
	for name, k := range map[string][2]float64{
		"process_start_time_seconds":    {float64(time.Now().Add(-time.Hour).Unix()), float64(time.Now().Add(2 * time.Second).Unix())},
		"process_resident_memory_bytes": {1 << 20, 1 << 34}, "process_virtual_memory_bytes": {1 << 20, 1 << 45},
		"process_open_fds": {3, 1e6}, "process_max_fds": {3, math.Inf(1)}, "process_cpu_seconds_total": {0, 1000},
	} {
		if v := value(t, got[name]); v < k[0] || v > k[1] {
			t.Errorf("%s = %g, want %g to %g", name, v, k[0], k[1])
		}
	}
}

// TestProcNames has a command whose name looks like the rest of the line.
func TestProcNames(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "self"), 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("self/stat", "7 (a) R 1 2) S 1 7 7 0 -1 0 0 0 0 0 250 50 0 0 20 0 9 0 1000 8192 2 18446744073709551615\n")
	put("stat", "cpu 1 2\nbtime 1700000000\n")
	put("self/limits", "Limit  Soft Limit Hard Limit Units\nMax open files            unlimited            unlimited            files\n")
	var r Registry
	r.proc(root)
	got := scrape(t, &r)
	for name, want := range map[string]float64{
		"process_cpu_seconds_total": 3, "process_start_time_seconds": 1700000010, "process_virtual_memory_bytes": 8192,
		"process_resident_memory_bytes": 2 * float64(os.Getpagesize()), "process_max_fds": math.Inf(1),
	} {
		if v := value(t, got[name]); v != want {
			t.Errorf("%s = %g, want %g", name, v, want)
		}
	}
	var none Registry
	none.proc(filepath.Join(root, "nothing"))
	if len(none.families) != 0 {
		t.Error("families without /proc")
	}
}

func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	var r Registry
	c := r.Counter("x_total", "x", "a", "b")
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			for i := range 10 * maxSeries {
				c.Add(1, fmt.Sprint(i), "b")
			}
		})
	}
	g.Wait()
	f := scrape(t, &r)["x_total"]
	if n := len(f.GetMetric()); n != maxSeries+1 {
		t.Errorf("%d series, want %d", n, maxSeries+1)
	}
	sum := 0.0
	for _, m := range f.GetMetric() {
		sum += m.GetCounter().GetValue()
	}
	if sum != 40*maxSeries || value(t, f, overflow, overflow) == 0 {
		t.Errorf("counted %g, want %d", sum, 40*maxSeries)
	}
}

func TestHistogramAndEscapes(t *testing.T) {
	t.Parallel()
	var r Registry
	h := r.Histogram("h_seconds", "a\nb\\c", []float64{0.1, 1}, "l")
	name := "q\"\\\n\xff"
	for _, v := range []float64{0.05, 0.1, 0.5, 7} {
		h.Observe(v, name)
	}
	f := scrape(t, &r)["h_seconds"]
	m := f.GetMetric()[0]
	if m.GetLabel()[0].GetValue() != "q\"\\\n\uFFFD" || f.GetHelp() != "a\nb\\c" {
		t.Errorf("label %q, help %q", m.GetLabel()[0].GetValue(), f.GetHelp())
	}
	b := m.GetHistogram().GetBucket()
	if len(b) != 3 || b[0].GetCumulativeCount() != 2 || b[1].GetCumulativeCount() != 3 || b[2].GetCumulativeCount() != 4 || m.GetHistogram().GetSampleSum() != 7.65 {
		t.Errorf("%v", m.GetHistogram())
	}
}

// TestStoreIsNotAskedAtEachScrape holds look-ups to one a minute.
func TestStoreIsNotAskedAtEachScrape(t *testing.T) {
	t.Parallel()
	p, f, now := New("x"), &fake{}, time.Unix(1800000000, 0)
	p.WatchStore(f, []string{"ok"}, func(*store.State) string { return "ok" }, func() time.Time { return now })
	for range 3 {
		scrape(t, &p.Registry)
	}
	now = now.Add(lookEvery)
	scrape(t, &p.Registry)
	if f.looked != 2 {
		t.Errorf("the store was counted %d times, want 2", f.looked)
	}
}

// fake is a store that answers without keeping anything.
type fake struct {
	store.Store
	looked int
}

func (f *fake) Claim(_ context.Context, r store.ClaimRequest) ([]store.Claim, time.Time, error) {
	return []store.Claim{{Host: "h", Sources: []store.State{{Due: r.Now.Add(-time.Minute)}}}}, time.Time{}, nil
}
func (f *fake) Renew(_ context.Context, c []store.Claim, _ time.Time) ([]store.Claim, error) {
	return c, nil
}
func (f *fake) Save(context.Context, []store.Poll, ...store.Release) ([]store.Saved, error) {
	return nil, errors.New("disk full")
}
func (f *fake) Select(context.Context, article.Query) ([]article.Record, error) { return nil, nil }
func (f *fake) Changes(context.Context, int64, int) ([]*article.Record, int64, error) {
	return nil, 0, context.Canceled
}
func (f *fake) Article(context.Context, string) (article.Record, error) {
	return article.Record{}, store.ErrNotFound
}
func (f *fake) Sequence(context.Context) (int64, error) { return 40, nil }
func (f *fake) Stats(context.Context) (store.Stats, error) {
	f.looked++
	return store.Stats{Articles: 12, Versions: 15, Bytes: 1 << 20}, nil
}
func (f *fake) States(_ context.Context, g func(store.State) bool) error {
	for range 2 {
		if !g(store.State{}) {
			break
		}
	}
	return nil
}

func BenchmarkAnswered(b *testing.B) {
	p := New("x")
	b.ReportAllocs()
	for b.Loop() {
		p.Begun()
		p.Answered("/feeds/{name}", 200, 1000, time.Millisecond)
	}
}

// TestUsed holds it against what this process does.
func TestUsed(t *testing.T) {
	t.Parallel()
	before, resident, ok := Used()
	if !ok {
		need.Missing(t, "the system does not say what a process uses")
	}
	if resident < 1<<20 || resident > 1<<40 {
		t.Errorf("%d bytes are in use", resident)
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if now, _, _ := Used(); now > before {
			return
		}
	}
	t.Error("no processor time passes")
}
