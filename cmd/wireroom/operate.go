package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"wireroom/operate"
	"wireroom/operate/metrics"
	"wireroom/operate/tracing"
	"wireroom/scheduler"
	"wireroom/server"
	"wireroom/server/hub"
	"wireroom/store"
)

// operation is what the operator sees of a running server.
type operation struct {
	desk     *desk
	metrics  *metrics.Program
	store    store.Store // measured
	observer *operate.Observer
	private  net.Listener    // nil: metrics are not served
	tracer   *tracing.Tracer // nil: nothing is traced
}

// operate makes the metrics of a server and opens its private address.
func (d *desk) operate(ctx context.Context) (*operation, error) {
	o := &operation{desk: d, metrics: metrics.New(version())}
	o.metrics.Process()
	o.metrics.Loaded(d.now(), nil)
	o.store = o.metrics.Store(d.store, cores.now)
	o.metrics.WatchStore(d.store, sourceStates, func(st *store.State) string { return d.line(st).State }, time.Now)
	o.observer = &operate.Observer{Log: d.log, Level: accessLevel(d.cfg.Server.AccessLog), Secret: secretRoute, Meter: o.metrics, Now: cores.now}
	var err error
	if o.tracer, err = tracing.FromEnv(os.Getenv, version(), time.Now, d.log); err != nil {
		return nil, err
	}
	if o.tracer != nil {
		o.observer.Tracer, o.metrics.Traced = o.tracer, o.tracer.Record
	}
	if at := d.cfg.Server.PrivateListen; at != "" {
		ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at)
		if err != nil {
			return nil, fmt.Errorf("server.private_listen: can't listen on %s: %w", at, err)
		}
		o.private = ln
		d.log.Info("metrics and profiles", "address", "http://"+reachable(ln.Addr())+"/metrics")
	} else {
		unprofiled()
	}
	return o, nil
}

func (o *operation) close() {
	if o.private != nil {
		o.private.Close()
	}
}

// never is a level that no logger is set to.
const never = slog.LevelDebug - 100

func accessLevel(how string) slog.Level {
	switch how {
	case "on", "with-clients":
		return slog.LevelInfo
	case "off":
		return never
	}
	return slog.LevelDebug
}

// secretRoute tells the routes whose paths are capabilities: who knows them may
// use them.
func secretRoute(route string) bool { return strings.HasPrefix(route, server.PushPath+"/") }

// publishing has the renderings and the cache counted.
func (o *operation) publishing(pub *server.Publisher) {
	pub.Rendered = o.metrics.Rendered
	o.metrics.WatchCache(func() metrics.Cache { return metrics.Cache(pub.Cache()) })
}

// straight tells of answers that no handler gives.
func (o *operation) straight() func(route string, status int, bytes int64, took time.Duration) {
	tell := o.observer.Straight()
	if tell == nil {
		return nil
	}
	return func(route string, status int, bytes int64, took time.Duration) {
		cores.now()
		tell(route, status, bytes, took)
	}
}

// serving tells the observer whose address to log, if any.
func (o *operation) serving(srv *server.Server) {
	if o.desk.cfg.Server.AccessLog == "with-clients" {
		o.observer.Client = srv.Client
	}
}

// poll traces the polls that next makes.
func (o *operation) poll(next func(context.Context, *scheduler.Source, *store.State) scheduler.Outcome) func(context.Context, *scheduler.Source, *store.State) scheduler.Outcome {
	if o.tracer == nil {
		return next
	}
	return func(ctx context.Context, src *scheduler.Source, st *store.State) scheduler.Outcome {
		ctx, span := o.tracer.Start(ctx, "poll", tracing.Client)
		defer span.End()
		span.Text("wireroom.source", src.ID)
		if !strings.HasPrefix(src.URL, "file:") {
			span.Text("server.address", src.Host())
		}
		out := next(ctx, src, st)
		if n := len(st.History); n > 0 {
			l := &st.History[n-1]
			span.Text("wireroom.poll", l.ID)
			span.Text("wireroom.outcome", l.Outcome)
			span.Number("http.response.status_code", int64(l.Status))
			span.Number("http.response.size", l.Bytes)
			span.Number("wireroom.items", int64(len(out.Items)))
		}
		if st.Error != "" {
			span.Fail(st.Error)
		}
		return out
	}
}

// delivered counts what the hub sent.
func (o *operation) delivered(a hub.Attempt) {
	o.metrics.Delivered(a.Error == "", a.Bytes, time.Duration(a.Millis)*time.Millisecond)
}

// loaded counts that the config was read again.
func (o *operation) loaded(err error) { o.metrics.Loaded(o.desk.now(), err) }

// polled counts a poll of this process.
func (o *operation) polled(e scheduler.Event) {
	if e.Log.ID != "" { // else its source rests here, and nothing was polled
		o.metrics.Polled(e.Log.Kind, e.Log, e.Saved)
	}
}
