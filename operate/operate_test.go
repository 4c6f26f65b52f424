package operate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"wireroom/operate"
)

// meter notes what it is told.
type meter struct {
	mu     sync.Mutex
	begun  int
	route  string
	status int
	bytes  int64
	took   time.Duration
}

func (m *meter) Begun() { m.mu.Lock(); m.begun++; m.mu.Unlock() }
func (m *meter) Answered(route string, status int, bytes int64, took time.Duration) {
	m.mu.Lock()
	m.route, m.status, m.bytes, m.took = route, status, bytes, took
	m.mu.Unlock()
}

// observed is a small site under an observer, with its log.
func observed(o *operate.Observer) (http.Handler, *meter, *bytes.Buffer) {
	var log bytes.Buffer
	m := &meter{}
	now := time.Unix(1800000000, 0)
	o.Log = slog.New(operate.Handler(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))).With("site", "x")
	o.Meter, o.NewID = m, func() string { return "id1" }
	o.Now = func() time.Time { now = now.Add(time.Second); return now }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feeds/{name}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("12345")) })
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, r *http.Request) {
		o.Log.ErrorContext(r.Context(), "it broke")
		http.Error(w, "sorry", http.StatusBadGateway)
	})
	mux.HandleFunc("/websub/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			panic(err)
		}
	})
	mux.HandleFunc("GET /abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	return o.Wrap(mux), m, &log
}

func TestObserver(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		method, url string
		route       string
		path        string
		status      int
		bytes       int64
	}{
		{"GET", "/feeds/all.rss?agency=AFP&token=s3cret&q=my+illness", "/feeds/{name}", "/feeds/all.rss?agency=AFP&token=…&q=…", 200, 5},
		{"GET", "/feeds/all.rss?s3cret", "/feeds/{name}", "/feeds/all.rss?…=…", 200, 5},
		{"GET", "/feeds/all.rss?" + strings.Repeat("s", 50) + "=1&&", "/feeds/{name}", "/feeds/all.rss?…=…", 200, 5},
		{"GET", "/broken", "/broken", "/broken", 502, 6},
		{"GET", "/nothing", "none", "/nothing", 404, 19},
		{"POST", "/websub/capability", "/websub/{id}", "/websub/{id}", 204, 0},
	} {
		h, m, log := observed(&operate.Observer{Level: slog.LevelInfo, Secret: func(route string) bool { return strings.HasPrefix(route, "/websub/") }})
		w := httptest.NewRecorder()
		r := httptest.NewRequest(k.method, k.url, nil)
		r.Header.Set("User-Agent", "reader/1")
		h.ServeHTTP(w, r)
		if m.begun != 1 || m.route != k.route || m.status != k.status || m.bytes != k.bytes || m.took != time.Second {
			t.Errorf("%s: %+v", k.url, m)
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		var got map[string]any
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &got); err != nil {
			t.Fatal(err)
		}
		if got["path"] != k.path || got["status"] != float64(k.status) || got["request"] != "id1" || got["agent"] != "reader/1" || got["site"] != "x" {
			t.Errorf("%s: %s", k.url, log)
		}
		if strings.Contains(log.String(), "cret") || strings.Contains(log.String(), "illness") || got["client"] != nil {
			t.Errorf("told too much: %s", log)
		}
		if id := w.Header().Get(operate.RequestHeader); (id == "id1") != (k.status >= 500) {
			t.Errorf("%s: request id %q in the answer", k.url, id)
		}
		if k.status == 502 && (len(lines) != 2 || !strings.Contains(lines[0], `"request":"id1"`)) {
			t.Errorf("the fault's own line has no id: %s", log)
		}
	}
}

func TestObserverTellsClientsOnlyIfAsked(t *testing.T) {
	t.Parallel()
	h, _, log := observed(&operate.Observer{Level: slog.LevelInfo, Client: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") }})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/feeds/a", nil))
	if !strings.Contains(log.String(), `"client":"192.0.2.7"`) {
		t.Error(log)
	}
	h, _, log = observed(&operate.Observer{Level: slog.LevelDebug})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/feeds/a", nil))
	if log.Len() != 0 {
		t.Errorf("logged below its level: %s", log)
	}
}

func TestObserverLeavesStreamsAndAborts(t *testing.T) {
	t.Parallel()
	o := &operate.Observer{Level: slog.LevelInfo}
	h, m, _ := observed(o)
	srv := httptest.NewServer(h)
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/stream")
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	if _, err := http.Get(srv.URL + "/abort"); err == nil {
		t.Error("an aborted answer arrived")
	}
	srv.Close() // waits for the handlers
	if m.begun != 2 || m.route != "/abort" {
		t.Errorf("%+v", m)
	}
}

type tracer struct{ route string }

func (t *tracer) Request(r *http.Request) (context.Context, func(string, int)) {
	return r.Context(), func(route string, _ int) { t.route = route }
}

func TestObserverTraces(t *testing.T) {
	t.Parallel()
	tr := &tracer{}
	h, _, _ := observed(&operate.Observer{Tracer: tr})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/feeds/a", nil))
	if tr.route != "/feeds/{name}" {
		t.Errorf("route %q", tr.route)
	}
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	h := operate.Private(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("numbers")) }), true)
	for _, k := range []struct {
		path, host string
		status     int
		has        string
	}{
		{"/metrics", "127.0.0.1:9090", 200, "numbers"},
		{"/metrics", "localhost:9090", 200, "numbers"},
		{"/metrics", "[::1]:9090", 200, "numbers"},
		{"/metrics", "rebound.example:9090", 403, ""},
		{"/metrics", "rebound.example", 403, ""},
		{"/", "localhost", 200, "/metrics"},
		{"/debug/pprof/", "localhost", 200, "goroutine"},
		{"/debug/pprof/goroutine?debug=1", "localhost", 200, "goroutine profile"},
		{"/debug/pprof/cmdline", "localhost", 200, ""},
		{"/feeds/all.rss", "localhost", 404, ""},
	} {
		r := httptest.NewRequest("GET", k.path, nil)
		r.Host = k.host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != k.status || !strings.Contains(w.Body.String(), k.has) {
			t.Errorf("%s of %s: %d %.60s", k.path, k.host, w.Code, w.Body)
		}
	}
}

func TestServePrivateEnds(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- operate.ServePrivate(ctx, ln, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("numbers")) }))
	}()
	resp, err := http.Get("http://" + ln.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(b) != "numbers" {
		t.Errorf("%q", b)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := operate.ServePrivate(t.Context(), ln, http.NotFoundHandler()); err == nil {
		t.Error("served on a closed listener")
	}
}

func BenchmarkObserver(b *testing.B) {
	h, _, _ := observed(&operate.Observer{Level: slog.LevelDebug})
	r := httptest.NewRequest("GET", "/feeds/a", nil)
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		w.Body.Reset()
		h.ServeHTTP(w, r)
	}
}
