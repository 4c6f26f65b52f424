package tracing

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// collector takes spans as an OpenTelemetry collector does.
type collector struct {
	mu      sync.Mutex
	bodies  []map[string]any
	headers http.Header
	path    string
	refuse  int // so many times
	status  int
}

func (c *collector) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := httptest.NewRecorder()
	if c.refuse > 0 {
		c.refuse--
		w.WriteHeader(c.status)
		return w.Result(), nil
	}
	c.headers, c.path = r.Header, r.URL.String()
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		body = z
	}
	var m map[string]any
	if err := json.NewDecoder(body).Decode(&m); err != nil {
		return nil, err
	}
	c.bodies = append(c.bodies, m)
	return w.Result(), nil
}

// spans are all that came, with their resource's attributes.
func (c *collector) spans(t *testing.T) (list []map[string]any, about map[string]any) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.bodies {
		r := b["resourceSpans"].([]any)[0].(map[string]any)
		about = attributes(r["resource"])
		for _, s := range r["scopeSpans"].([]any)[0].(map[string]any)["spans"].([]any) {
			list = append(list, s.(map[string]any))
		}
	}
	return list, about
}

func attributes(of any) map[string]any {
	m := map[string]any{}
	for _, a := range of.(map[string]any)["attributes"].([]any) {
		kv := a.(map[string]any)
		for _, v := range kv["value"].(map[string]any) {
			m[kv["key"].(string)] = v
		}
	}
	return m
}

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m["OTEL_"+pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return m[name] }
}

// start makes a tracer before a collector; end sends what is left.
func start(t *testing.T, c *collector, pairs ...string) (tr *Tracer, log *strings.Builder, end func()) {
	t.Helper()
	log = &strings.Builder{}
	tr, err := FromEnv(env(append([]string{"EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318"}, pairs...)...), "1.2", time.Now, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	tr.client.Transport = c
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tr.Run(ctx) }()
	return tr, log, func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collector{}
		tr, _, end := start(t, c, "SERVICE_NAME", "desk", "RESOURCE_ATTRIBUTES", "deployment.environment=test%20bed, a=b",
			"EXPORTER_OTLP_HEADERS", "x-key=s%3D1", "EXPORTER_OTLP_COMPRESSION", "gzip")
		r := httptest.NewRequest("GET", "/feeds/all.rss?token=s3cret", nil)
		r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
		ctx, done := tr.Request(r)
		if a, ok := Attr(ctx); !ok || a.Value.String() != "0af7651916cd43dd8448eb211c80319c" {
			t.Errorf("the log's trace is %v", a)
		}
		began := time.Now()
		time.Sleep(time.Second)
		tr.Record(ctx, "store select", began, errors.New("locked"))
		done("/feeds/{name}", 503)
		tr.Record(context.Background(), "of no trace", began, nil)
		_, s := tr.Start(t.Context(), "poll", Client)
		s.Number("n", 1<<60)
		s.Text("none", "")
		s.End()
		end()
		list, about := c.spans(t)
		if len(list) != 3 || about["service.name"] != "desk" || about["service.version"] != "1.2" || about["deployment.environment"] != "test bed" {
			t.Fatalf("%d spans of %v", len(list), about)
		}
		if c.headers.Get("X-Key") != "s=1" || c.headers.Get("Content-Type") != "application/json" || c.path != "http://collector.example:4318/v1/traces" {
			t.Errorf("%s %v", c.path, c.headers)
		}
		inner, outer, poll := list[0], list[1], list[2]
		if outer["traceId"] != "0af7651916cd43dd8448eb211c80319c" || outer["parentSpanId"] != "b7ad6b7169203331" || outer["name"] != "GET /feeds/{name}" || outer["kind"] != 2.0 {
			t.Errorf("%v", outer)
		}
		if a := attributes(outer); a["http.route"] != "/feeds/{name}" || a["http.response.status_code"] != "503" || outer["status"].(map[string]any)["code"] != 2.0 {
			t.Errorf("%v", outer)
		}
		if inner["parentSpanId"] != outer["spanId"] || inner["traceId"] != outer["traceId"] || inner["status"].(map[string]any)["message"] != "locked" {
			t.Errorf("%v below %v", inner, outer)
		}
		if len(inner["startTimeUnixNano"].(string)) != 18 || inner["startTimeUnixNano"] == inner["endTimeUnixNano"] {
			t.Errorf("%v", inner)
		}
		if poll["parentSpanId"] != nil || poll["traceId"] == outer["traceId"] || attributes(poll)["n"] != "1152921504606846976" || len(attributes(poll)) != 1 {
			t.Errorf("%v", poll)
		}
		if all, _ := json.Marshal(c.bodies); strings.Contains(string(all), "s3cret") {
			t.Error("a secret was sent")
		}
	})
}

func TestSendingAgainAndLeavingOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &collector{refuse: 2, status: http.StatusServiceUnavailable}
		tr, log, end := start(t, c, "BSP_MAX_QUEUE_SIZE", "4", "BSP_MAX_EXPORT_BATCH_SIZE", "100")
		for range 3 {
			_, s := tr.Start(t.Context(), "x", Internal)
			s.End()
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if list, _ := c.spans(t); len(list) != 3 || log.Len() != 0 {
			t.Errorf("%d spans after two refusals: %s", len(list), log)
		}
		c.mu.Lock()
		c.refuse, c.status = 1000, http.StatusForbidden
		c.mu.Unlock()
		for range 3 {
			_, s := tr.Start(t.Context(), "x", Internal)
			s.End()
			time.Sleep(6 * time.Second)
		}
		synctest.Wait()
		if n := strings.Count(log.String(), "traces could not be sent"); n != 1 || c.refuse != 997 {
			t.Errorf("told %d times, %d attempts: %s", n, 1000-c.refuse, log)
		}
		for range 10 { // faster than Run can look
			_, s := tr.Start(t.Context(), "x", Internal)
			s.End()
		}
		c.mu.Lock()
		c.refuse = 0
		c.mu.Unlock()
		end()
		if !strings.Contains(log.String(), "spans=6") {
			t.Errorf("what was left out was not told: %s", log)
		}
	})
}

func TestSampling(t *testing.T) {
	t.Parallel()
	const yes, no = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
	for _, k := range []struct {
		sampler, arg string
		root         float64 // share of traces begun here
		yes, no      bool    // of traces that a caller samples, or does not
	}{
		{"", "", 1, true, false},
		{"always_on", "", 1, true, true},
		{"always_off", "", 0, false, false},
		{"parentbased_always_off", "", 0, true, false},
		{"parentbased_traceidratio", "0.25", 0.25, true, false},
		{"traceidratio", "0", 0, false, false},
	} {
		tr, err := FromEnv(env("TRACES_EXPORTER", "otlp", "TRACES_SAMPLER", k.sampler, "TRACES_SAMPLER_ARG", k.arg), "1", time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for range 4000 {
			if _, s := tr.Start(t.Context(), "x", Internal); s != nil {
				n++
			}
		}
		if got := float64(n) / 4000; got < k.root-0.05 || got > k.root+0.05 {
			t.Errorf("%s: %.2f of the traces, want %.2f", k.sampler, got, k.root)
		}
		for parent, want := range map[string]bool{yes: k.yes, no: k.no} {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Traceparent", parent)
			ctx, _ := tr.Request(r)
			if _, got := Attr(ctx); got != want {
				t.Errorf("%s: %s is sampled: %t", k.sampler, parent, got)
			}
		}
	}
}

func TestParents(t *testing.T) {
	t.Parallel()
	const good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for s, want := range map[string]bool{
		good: true, "01" + good[2:] + "-further": true, good + "-further": false, "ff" + good[2:]: false, strings.ToUpper(good): false,
		"": false, "00-00000000000000000000000000000000-b7ad6b7169203331-01": false, "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01": false,
		"00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01": false, good[:54] + "x": false,
	} {
		if _, ok := parseParent(s); ok != want {
			t.Errorf("%q: %t", s, ok)
		}
	}
}

func FuzzParents(f *testing.F) {
	f.Add("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	f.Fuzz(func(t *testing.T, s string) {
		if l, ok := parseParent(s); ok && (l.trace == [16]byte{} || l.span == [8]byte{}) {
			t.Fatalf("%q: a trace without an id", s)
		}
	})
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name  string
		pairs []string
		at    string // empty: no tracer
		fault string
	}{
		{"nothing", nil, "", ""},
		{"only a name", []string{"SERVICE_NAME", "x"}, "", ""},
		{"exporter", []string{"TRACES_EXPORTER", "otlp"}, "http://localhost:4318/v1/traces", ""},
		{"endpoint", []string{"EXPORTER_OTLP_ENDPOINT", "https://c.example/base/"}, "https://c.example/base/v1/traces", ""},
		{"traces' endpoint", []string{"EXPORTER_OTLP_ENDPOINT", "https://c.example", "EXPORTER_OTLP_TRACES_ENDPOINT", "https://t.example/in"}, "https://t.example/in", ""},
		{"off", []string{"EXPORTER_OTLP_ENDPOINT", "https://c.example", "SDK_DISABLED", "TRUE"}, "", ""},
		{"none", []string{"EXPORTER_OTLP_ENDPOINT", "https://c.example", "TRACES_EXPORTER", "none"}, "", ""},
		{"zipkin", []string{"TRACES_EXPORTER", "zipkin"}, "", "otlp or none"},
		{"grpc", []string{"TRACES_EXPORTER", "otlp", "EXPORTER_OTLP_PROTOCOL", "grpc"}, "", "4318"},
		{"no address", []string{"EXPORTER_OTLP_ENDPOINT", "c.example:4318"}, "", "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{"headers", []string{"TRACES_EXPORTER", "otlp", "EXPORTER_OTLP_HEADERS", "secretword"}, "", "name=value"},
		{"attributes", []string{"TRACES_EXPORTER", "otlp", "RESOURCE_ATTRIBUTES", "a=%zz"}, "", "RESOURCE_ATTRIBUTES"},
		{"sampler", []string{"TRACES_EXPORTER", "otlp", "TRACES_SAMPLER", "jaeger_remote"}, "", "always_on"},
		{"share", []string{"TRACES_EXPORTER", "otlp", "TRACES_SAMPLER", "traceidratio", "TRACES_SAMPLER_ARG", "2"}, "", "from 0 to 1"},
	} {
		tr, err := FromEnv(env(k.pairs...), "1", time.Now, slog.New(slog.DiscardHandler))
		switch {
		case k.fault != "":
			if err == nil || !strings.Contains(err.Error(), k.fault) || strings.Contains(err.Error(), "secretword") {
				t.Errorf("%s: %v", k.name, err)
			}
		case err != nil || (tr != nil) != (k.at != "") || tr != nil && tr.endpoint != k.at:
			t.Errorf("%s: %+v, %v", k.name, tr, err)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	tr, err := FromEnv(env("TRACES_EXPORTER", "otlp"), "1", time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		_, end := tr.Request(r)
		end("/", 200)
	}
}
