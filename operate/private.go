package operate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"time"
)

// Private is what the private address serves: metrics and Go's profiles. local
// says that it listens on this machine only; then only requests that name this
// machine are answered, because a browser here can be led to any address under a
// stranger's name (DNS rebinding).
func Private(metrics http.Handler, local bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("/metrics\n/debug/pprof/\n"))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if local && !namesLocal(r.Host) {
			http.Error(w, "This address is for this machine only.", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func namesLocal(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// privateEnd is how long a scrape or a profile that is being taken may go on
// when the program ends.
const privateEnd = time.Second

// ServePrivate serves metrics and profiles on ln until ctx ends.
func ServePrivate(ctx context.Context, ln net.Listener, metrics http.Handler) error {
	at, ok := ln.Addr().(*net.TCPAddr)
	hs := &http.Server{
		Handler:           Private(metrics, ok && at.IP.IsLoopback()),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), privateEnd)
		defer cancel()
		if hs.Shutdown(end) != nil {
			_ = hs.Close() // a profile is cut off
		}
	}()
	if err := hs.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	<-stopped
	return nil
}
