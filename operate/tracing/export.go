package tracing

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// Tracer makes spans; Run sends them.
type Tracer struct {
	*settings
	version string
	now     func() time.Time
	log     *slog.Logger
	client  *http.Client
	spans   chan *Span
	full    chan struct{} // a batch is there
	lost    atomic.Int64
}

// FromEnv makes the tracer that the environment asks for; nil if it asks for
// none.
func FromEnv(getenv func(string) string, version string, now func() time.Time, log *slog.Logger) (*Tracer, error) {
	s, err := fromEnv(getenv, version)
	if err != nil || s == nil {
		return nil, err
	}
	return &Tracer{
		settings: s, version: version, now: now, log: log, client: &http.Client{Timeout: s.timeout},
		spans: make(chan *Span, s.queue), full: make(chan struct{}, 1),
	}, nil
}

// put queues a span, or leaves it out if the queue is full.
func (t *Tracer) put(s *Span) {
	select {
	case t.spans <- s:
	default:
		t.lost.Add(1)
		return
	}
	if len(t.spans) >= t.batch {
		select {
		case t.full <- struct{}{}:
		default:
		}
	}
}

// Run sends what is queued until ctx ends, and then the rest.
func (t *Tracer) Run(ctx context.Context) error {
	tick := time.NewTicker(t.delay)
	defer tick.Stop()
	works := true
	send := func(ctx context.Context) {
		for len(t.spans) > 0 {
			err := t.send(ctx, t.take())
			if err != nil && works { // told once, until it works again
				t.log.Warn("traces could not be sent", "error", err)
			}
			if works = err == nil; !works {
				return
			}
		}
		if n := t.lost.Swap(0); n > 0 {
			t.log.Warn("spans were left out, as more came than the collector took", "spans", n)
		}
	}
	for {
		select {
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(t.timeout, 5*time.Second))
			defer cancel()
			send(end)
			return nil
		case <-tick.C:
			send(ctx)
		case <-t.full:
			send(ctx)
		}
	}
}

// take is the next batch.
func (t *Tracer) take() []*Span {
	var list []*Span
	for len(list) < t.batch {
		select {
		case s := <-t.spans:
			list = append(list, s)
		default:
			return list
		}
	}
	return list
}

// The times that a batch is sent, at most, if the collector asks to try again.
const attempts = 3

func (t *Tracer) send(ctx context.Context, list []*Span) error {
	body, err := t.encode(list)
	if err != nil {
		return err
	}
	for i := 1; ; i++ {
		again, err := t.post(ctx, body)
		if err == nil || !again || i == attempts {
			return err
		}
		timer := time.NewTimer(time.Duration(i) * time.Second)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// post makes one attempt; again says that another may work (OTLP/HTTP, "Retryable
// Response Codes").
func (t *Tracer) post(ctx context.Context, body []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.endpoint, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	r.Header = t.headers.Clone()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Wireroom/"+t.version)
	if t.gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	resp, err := t.client.Do(r)
	if err != nil {
		return true, err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	switch resp.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		return false, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		again = true
	}
	return again, fmt.Errorf("the collector answers %s", resp.Status)
}

// The messages of OTLP's ExportTraceServiceRequest that are used here: ids in
// hexadecimal digits, 64-bit numbers as strings.
type (
	request struct {
		Resources []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource resource     `json:"resource"`
		Scopes   []scopeSpans `json:"scopeSpans"`
	}
	resource struct {
		Attributes []attribute `json:"attributes"`
	}
	scopeSpans struct {
		Scope scope  `json:"scope"`
		Spans []span `json:"spans"`
	}
	scope struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	span struct {
		Trace      string      `json:"traceId"`
		ID         string      `json:"spanId"`
		Parent     string      `json:"parentSpanId,omitempty"`
		Name       string      `json:"name"`
		Kind       Kind        `json:"kind"`
		Start      string      `json:"startTimeUnixNano"`
		End        string      `json:"endTimeUnixNano"`
		Attributes []attribute `json:"attributes,omitempty"`
		Status     status      `json:"status"`
	}
	status struct {
		Code    int    `json:"code,omitempty"` // 2: failed
		Message string `json:"message,omitempty"`
	}
)

func (t *Tracer) encode(list []*Span) ([]byte, error) {
	spans := make([]span, len(list))
	for i, s := range list {
		spans[i] = span{
			Trace: hex.EncodeToString(s.trace[:]), ID: hex.EncodeToString(s.id[:]), Name: s.name, Kind: s.kind,
			Start: strconv.FormatInt(s.start.UnixNano(), 10), End: strconv.FormatInt(s.end.UnixNano(), 10), Attributes: s.attrs,
		}
		if s.parent != [8]byte{} {
			spans[i].Parent = hex.EncodeToString(s.parent[:])
		}
		if s.failed {
			spans[i].Status = status{2, s.fault}
		}
	}
	var about []attribute
	for _, key := range slices.Sorted(maps.Keys(t.resource)) {
		text := t.resource[key]
		about = append(about, attribute{key, value{String: &text}})
	}
	var b bytes.Buffer
	var w io.Writer = &b
	var z *gzip.Writer
	if t.gzip {
		z = gzip.NewWriter(&b)
		w = z
	}
	err := json.NewEncoder(w).Encode(request{[]resourceSpans{{resource{about}, []scopeSpans{{scope{"wireroom", t.version}, spans}}}}})
	if err == nil && z != nil {
		err = z.Close()
	}
	return b.Bytes(), err
}
