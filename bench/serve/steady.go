//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// steady asks at an even rate while the source changes every second.
func steady(ctx context.Context, s *settings, dir string, w *wireroom, out io.Writer) error {
	const clients = 100
	script := filepath.Join(dir, "steady.lua")
	// An exchange takes its time besides, and wrk's clock ticks in milliseconds.
	pause := max(1, clients*1000/s.rate*3/4)
	if err := os.WriteFile(script, fmt.Appendf(nil, "function delay() return %d end\n", pause), 0o600); err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	var l load
	o := &observer{seen: map[string]bool{}}
	g, watching := errgroup.WithContext(watching)
	g.Go(func() error { return w.source.grow(watching) })
	g.Go(func() error { return o.watch(watching, w) })
	g.Go(func() (err error) {
		defer stop()
		l, err = wrk(ctx, w.base+feedPath, s.steady, clients, script, "Accept-Encoding", "gzip")
		return err
	})
	before, err := cpu(w.pid)
	if err != nil {
		return err
	}
	if err := g.Wait(); err != nil {
		return err
	}
	after, err := cpu(w.pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d requests in %s (%.0f a second), p50 %s, p99 %s, faults: %q\n",
		l.requests, s.steady, float64(l.requests)/s.steady.Seconds(), l.p50, l.p99, l.faults)
	fmt.Fprintf(out, "%d versions seen by an observer in %d requests; stale: %d; from the source's change to the feed at most %s\n",
		len(o.seen), o.requests, o.stale, o.lag.Round(time.Millisecond))
	fmt.Fprintf(out, "processor time of the program: %s, polling and rendering included\n", (after - before).Round(10*time.Millisecond))
	if l.faults != "" || o.stale > 0 {
		return fmt.Errorf("there were faults")
	}
	return nil
}

// grow adds an article every second.
func (s *source) grow(ctx context.Context) error {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			s.count.Add(1)
		}
	}
}

// observer holds each answer against those before: once a version was replaced,
// neither it nor its ETag is good any more.
type observer struct {
	seen     map[string]bool
	requests int
	stale    int
	lag      time.Duration
}

func (o *observer) watch(ctx context.Context, w *wireroom) error {
	current, served, since := "", int64(0), time.Now()
	for ctx.Err() == nil {
		count := w.source.count.Load()
		a, err := get(ctx, w.base+feedPath, "If-None-Match", current)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		o.requests++
		tag := a.header.Get("Etag")
		switch {
		case a.status == http.StatusOK && o.seen[tag],
			a.status == http.StatusNotModified && tag != current:
			o.stale++
		case a.status == http.StatusOK:
			o.seen[tag], current = true, tag
		case a.status != http.StatusNotModified:
			return fmt.Errorf("the observer got %d", a.status)
		}
		if served < count && strings.Contains(string(a.body), fmt.Sprintf("part %d<", count)) {
			if served > 0 {
				o.lag = max(o.lag, time.Since(since))
			}
			served = count
		}
		if served == count {
			since = time.Now()
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}
