package operate

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Meter counts requests.
type Meter interface {
	Begun()
	Answered(route string, status int, bytes int64, took time.Duration)
}

// Tracer makes a span of a request. end is called with what came of it.
type Tracer interface {
	Request(r *http.Request) (ctx context.Context, end func(route string, status int))
}

// Observer sees every request that a handler answers.
type Observer struct {
	Log    *slog.Logger
	Level  slog.Level                     // of a request's line in the log
	Client func(*http.Request) netip.Addr // whose address to log; nil: nobody's
	Secret func(route string) bool        // paths of these routes are not logged; nil: all are
	Meter  Meter                          // nil: not counted
	Tracer Tracer                         // nil: not traced
	Now    func() time.Time
	NewID  func() string // nil: random
}

// unrouted stands for the route of requests that never came to one.
const unrouted = "none"

// Wrap observes next. The route is http.Request.Pattern, which the mux below sets.
func (o *Observer) Wrap(next http.Handler) http.Handler {
	newID := o.NewID
	if newID == nil {
		newID = randomID
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := o.Now()
		ctx, end := r.Context(), func(string, int) {}
		if o.Tracer != nil {
			ctx, end = o.Tracer.Request(r)
		}
		id := newID()
		r = r.WithContext(context.WithValue(ctx, requestKey{}, id))
		rec := &recorder{ResponseWriter: w, id: id}
		if o.Meter != nil {
			o.Meter.Begun()
		}
		defer func() { // a handler may abort by a panic
			took := o.Now().Sub(start)
			route, status := routeOf(r), rec.status
			if status == 0 {
				status = http.StatusOK
			}
			if o.Meter != nil {
				o.Meter.Answered(route, status, rec.bytes, took)
			}
			end(route, status)
			o.line(r, route, status, rec.bytes, took)
		}()
		next.ServeHTTP(rec, r)
	})
}

// routeOf is the pattern without its method.
func routeOf(r *http.Request) string {
	if r.Pattern == "" {
		return unrouted
	}
	if _, path, ok := strings.Cut(r.Pattern, " "); ok {
		return path
	}
	return r.Pattern
}

func (o *Observer) line(r *http.Request, route string, status int, bytes int64, took time.Duration) {
	if !o.Log.Enabled(r.Context(), o.Level) {
		return
	}
	place := route
	if o.Secret == nil || !o.Secret(route) {
		place = shown(r.URL)
	}
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", place), slog.Int("status", status),
		slog.Int64("bytes", bytes), slog.Duration("took", took),
	}
	if agent := r.UserAgent(); agent != "" {
		attrs = append(attrs, slog.String("agent", agent))
	}
	if o.Client != nil {
		attrs = append(attrs, slog.String("client", o.Client(r).String()))
	}
	o.Log.LogAttrs(r.Context(), o.Level, "request", attrs...)
}

// open are the parameters whose values say nothing about a reader.
var open = []string{"source", "agency", "lang", "topic", "since", "after", "before", "page", "limit", "order", "format"}

// maxShown bounds what is logged of a query.
const maxShown = 500

// shown is an address as it may be logged: of parameters that are not known to be
// harmless only the names.
func shown(u *url.URL) string {
	if u.RawQuery == "" {
		return u.Path
	}
	var b strings.Builder
	b.WriteString(u.Path)
	sep := byte('?')
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, named := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		if b.Len() > len(u.Path)+maxShown {
			return b.String() + "&…"
		}
		if !slices.Contains(open, name) {
			value = "…"
		}
		if !named || len(name) > 40 {
			name = "…"
		}
		b.WriteByte(sep)
		b.WriteString(name + "=" + value)
		sep = '&'
	}
	return b.String()
}

func randomID() string { return strconv.FormatUint(rand.Uint64()|1<<63, 16) }

// recorder notes what is answered.
type recorder struct {
	http.ResponseWriter
	id     string
	status int
	bytes  int64
}

// RequestHeader names the request in the answers that report a fault of ours, so
// that who saw one can name it too.
const RequestHeader = "X-Request-Id"

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
		if status >= http.StatusInternalServerError {
			w.Header()[RequestHeader] = []string{w.id}
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Flush is for handlers that stream.
func (w *recorder) Flush() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
