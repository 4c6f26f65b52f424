package tracing

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Kind is OTLP's SpanKind.
type Kind int

// The kinds that there are here.
const (
	Internal Kind = 1
	Server   Kind = 2
	Client   Kind = 3
)

// Span is one thing that was done. A nil Span is one that is not sampled: all
// methods may be called on it.
type Span struct {
	t          *Tracer
	trace      [16]byte
	id, parent [8]byte
	name       string
	kind       Kind
	start, end time.Time
	attrs      []attribute
	fault      string
	failed     bool
}

// attribute is OTLP's KeyValue.
type attribute struct {
	Key   string `json:"key"`
	Value value  `json:"value"`
}

type value struct {
	String *string `json:"stringValue,omitempty"`
	Int    *int64  `json:"intValue,string,omitempty"`
}

// link is a context's place in a trace.
type link struct {
	trace   [16]byte
	span    [8]byte
	sampled bool
}

type linkKey struct{}

// Start begins a span below the one of ctx, if there is one.
func (t *Tracer) Start(ctx context.Context, name string, kind Kind) (context.Context, *Span) {
	up, below := ctx.Value(linkKey{}).(link)
	here := up
	if !below {
		binary.BigEndian.PutUint64(here.trace[:8], rand.Uint64())
		binary.BigEndian.PutUint64(here.trace[8:], rand.Uint64()|1) // never all zero
		here.sampled = t.takes(here.trace)
	}
	binary.BigEndian.PutUint64(here.span[:], rand.Uint64()|1)
	ctx = context.WithValue(ctx, linkKey{}, here)
	if !here.sampled {
		return ctx, nil
	}
	return ctx, &Span{t: t, trace: here.trace, id: here.span, parent: up.span, name: name, kind: kind, start: t.now()}
}

// takes decides by the trace's id, so that everybody who sees the trace decides
// alike.
func (t *Tracer) takes(trace [16]byte) bool {
	return t.ratio >= 1 || float64(binary.BigEndian.Uint64(trace[8:])>>1) < t.ratio*math.MaxInt64
}

// Text adds an attribute.
func (s *Span) Text(key, text string) {
	if s != nil && text != "" {
		s.attrs = append(s.attrs, attribute{key, value{String: &text}})
	}
}

// Number adds an attribute.
func (s *Span) Number(key string, n int64) {
	if s != nil {
		s.attrs = append(s.attrs, attribute{key, value{Int: &n}})
	}
}

// Fail says that what was done failed.
func (s *Span) Fail(why string) {
	if s != nil {
		s.failed, s.fault = true, why
	}
}

// End ends the span and hands it over. It may be called once.
func (s *Span) End() {
	if s != nil {
		s.end = s.t.now()
		s.t.put(s)
	}
}

// Record makes a span of what is done already, if ctx belongs to a trace.
func (t *Tracer) Record(ctx context.Context, name string, start time.Time, err error) {
	if _, below := ctx.Value(linkKey{}).(link); !below {
		return
	}
	if _, s := t.Start(ctx, name, Internal); s != nil {
		s.start = start
		if err != nil {
			s.Fail(err.Error())
		}
		s.End()
	}
}

// Request begins the span of a request, below that of the caller's traceparent
// (W3C Trace Context) if there is one. end is called with what came of it.
func (t *Tracer) Request(r *http.Request) (ctx context.Context, end func(route string, status int)) {
	ctx = r.Context()
	if up, ok := parseParent(r.Header.Get("Traceparent")); ok {
		if !t.follow {
			up.sampled = t.takes(up.trace)
		}
		ctx = context.WithValue(ctx, linkKey{}, up)
	}
	ctx, s := t.Start(ctx, r.Method, Server)
	return ctx, func(route string, status int) {
		if s == nil {
			return
		}
		s.name = r.Method + " " + route
		s.Text("http.request.method", r.Method)
		s.Text("http.route", route)
		s.Number("http.response.status_code", int64(status))
		if status >= http.StatusInternalServerError {
			s.Fail("")
		}
		s.End()
	}
}

// parseParent reads version-traceid-spanid-flags (Trace Context, section 3.2).
func parseParent(s string) (l link, ok bool) {
	f := strings.Split(s, "-")
	if len(f) < 4 || len(f[0]) != 2 || f[0] == "ff" || f[0] == "00" && len(f) != 4 || len(f[1]) != 32 || len(f[2]) != 16 || len(f[3]) != 2 || strings.ToLower(s) != s {
		return l, false
	}
	var version, flags [1]byte
	for _, part := range []struct {
		to   []byte
		from string
	}{{version[:], f[0]}, {l.trace[:], f[1]}, {l.span[:], f[2]}, {flags[:], f[3]}} {
		if _, err := hex.Decode(part.to, []byte(part.from)); err != nil {
			return link{}, false
		}
	}
	l.sampled = flags[0]&1 == 1
	return l, l.trace != [16]byte{} && l.span != [8]byte{}
}

// Attr names the trace that a context belongs to, for the log.
func Attr(ctx context.Context) (slog.Attr, bool) {
	l, ok := ctx.Value(linkKey{}).(link)
	if !ok || !l.sampled {
		return slog.Attr{}, false
	}
	return slog.String("trace", hex.EncodeToString(l.trace[:])), true
}
