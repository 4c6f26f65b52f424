//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wireroom/bench/upstream"
)

// scaling measures one program after another whose stores hold more and more
// sources and articles, all polled at the same rate.
type scaling struct {
	sizes   string        // sources, separated by commas
	rate    int           // polls a second
	window  time.Duration // of each measurement
	folder  string        // where the stores are kept; empty: in a folder that is removed
	results string
	binary  string
	profile string // folder for the program's profiles; empty: none
}

// scaleHosts is on how many hosts the sources are, at most: the same for all sizes
// from 1,000 on, so that connections and robots.txt cost the same.
const scaleHosts = 1000

// newsEvery is which share of the sources has news: one of so many.
const newsEvery = 5

func (s *scaling) run(ctx context.Context, out, log io.Writer) error {
	dir := s.folder
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "wireroom-scale-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	if s.binary == "" {
		s.binary = filepath.Join(dir, "wireroom")
		if err := build(ctx, s.binary, log); err != nil {
			return err
		}
	}
	list, err := learnPatterns(ctx, s.binary, filepath.Join(dir, fmt.Sprint("patterns-", time.Now().Unix())), log)
	if err != nil {
		return err
	}
	r := newScaleReport(s, time.Now())
	for size := range strings.SplitSeq(s.sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return fmt.Errorf("-sizes: %w", err)
		}
		g := &sized{scaling: s, feeds: n, dir: filepath.Join(dir, size), log: log, patterns: list}
		if err := g.run(ctx); err != nil {
			return fmt.Errorf("%d sources: %w", n, err)
		}
		r.Sizes = append(r.Sizes, g.figures)
	}
	r.settle()
	r.print(out)
	if s.results == "" {
		return nil
	}
	return r.write(s.results)
}

// sized measures one size.
type sized struct {
	*scaling
	feeds    int
	dir      string
	log      io.Writer
	patterns []pattern

	door    *upstream.Door
	program *program
	filling *filling
	figures sizeFigures

	mu     sync.Mutex
	due    []time.Time // by feed
	late   []time.Duration
	offset []time.Duration
	breaks atomic.Bool
	reader atomic.Pointer[reader]
}

// every is the interval of all sources.
func (g *sized) every() time.Duration {
	return time.Duration(g.feeds) * time.Second / time.Duration(g.rate)
}

// warm is how long the program polls before it is measured: every host is asked
// for its robots.txt once meanwhile.
func (g *sized) warm() time.Duration {
	return time.Duration(min(g.feeds, scaleHosts))*time.Second/time.Duration(g.rate)*3/2 + 5*time.Second
}

// news reports whether a source has news when it is polled in the second window.
func (g *sized) news(feed int) bool { return feed%newsEvery == 0 }

func (g *sized) run(ctx context.Context) (err error) {
	site := upstream.New(upstream.Options{
		Feeds: g.feeds, Hosts: min(g.feeds, scaleHosts), Visited: g.visited,
		Edition: int(time.Now().Unix() % 1e6), // a store that is kept must not know the news of the next run
		Breaks:  func(feed int) bool { return g.breaks.Load() && g.news(feed) },
	})
	if g.door, err = site.Open(ctx); err != nil {
		return err
	}
	defer g.door.Close()
	if g.program, err = newProgram(ctx, g.binary, g.dir, g.feeds, g.every(), g.door, os.Environ()); err != nil {
		return err
	}
	g.figures.Sources = g.feeds
	g.filling = &filling{patterns: g.patterns, feeds: g.feeds, url: g.door.URL, every: g.every(), site: site, now: time.Now()}
	fmt.Fprintf(g.log, "%d sources: the store is filled\n", g.feeds)
	if g.figures.Articles, err = g.filling.fill(ctx, g.dir); err != nil {
		return errors.Join(err, g.filling.close())
	}
	if err := g.filling.close(); err != nil {
		return err
	}
	if err := g.settle(ctx); err != nil {
		return err
	}
	bytes, err := g.program.disk()
	if err != nil {
		return err
	}
	g.figures.Bytes = float64(bytes) / float64(g.figures.Articles)
	return g.polled(ctx)
}

// settle lets the program do what it does once with a store: archives, indexes.
func (g *sized) settle(ctx context.Context) error {
	server, err := g.program.serve(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	err = g.program.ready(ctx, server)
	for calm, last := 0, time.Duration(0); err == nil && calm < 4; {
		if err = sleep(ctx, stillness); err != nil {
			break
		}
		var now time.Duration
		if now, err = server.cpu(); now-last < 5*trifle {
			calm++
		} else {
			calm = 0
		}
		last = now
		g.figures.First = now.Seconds()
	}
	fmt.Fprintf(g.log, "%d sources: at rest after %.1f s, %.1f s CPU\n", g.feeds, time.Since(began).Seconds(), g.figures.First)
	if err == nil {
		g.figures.Settled, err = server.memory()
	}
	return errors.Join(err, server.stop())
}

// polled measures the program while it polls: first without news, then with.
func (g *sized) polled(ctx context.Context) error {
	if err := g.arm(ctx); err != nil {
		return err
	}
	var args []string
	if g.profile != "" {
		args = []string{"--cpu-profile", filepath.Join(g.profile, fmt.Sprintf("scale-%d.pprof", g.feeds))}
	}
	server, err := g.program.serve(ctx, args...)
	if err != nil {
		return err
	}
	began := time.Now()
	err = g.program.ready(ctx, server)
	g.figures.Start = time.Since(began).Seconds()
	if err == nil {
		err = g.windows(ctx, server)
	}
	if err = errors.Join(err, server.stop()); err != nil {
		return fmt.Errorf("%w; its log is %s", err, g.program.logFile())
	}
	return nil
}

// arm spreads the sources over their interval, from soon on.
func (g *sized) arm(ctx context.Context) error {
	g.offset, g.due = make([]time.Duration, g.feeds), make([]time.Time, g.feeds)
	for at, feed := range rand.New(rand.NewPCG(5, 6)).Perm(g.feeds) {
		g.offset[feed] = time.Duration(at) * time.Second / time.Duration(g.rate)
	}
	second := g.warm() + g.window // the window with news begins
	news := func(feed int) bool {
		turn := g.offset[feed]
		return g.news(feed) && (g.every() < g.window || turn > second-g.window/2 && turn < second+g.window*3/2)
	}
	count := 0
	for feed := range g.feeds {
		if news(feed) {
			count++
		}
	}
	// The program is to be ready when the first are due.
	start := time.Now().Add(10*time.Second + time.Duration(g.feeds)*300*time.Microsecond + time.Duration(count)*8*time.Millisecond)
	if err := g.filling.open(ctx, g.dir); err != nil {
		return err
	}
	err := g.filling.arm(ctx, func(feed int) time.Time { return start.Add(g.offset[feed]) }, news)
	if err = errors.Join(err, g.filling.close()); err != nil {
		return err
	}
	for feed := range g.feeds {
		g.due[feed] = start.Add(g.offset[feed]).Truncate(time.Millisecond)
	}
	g.figures.began = start
	return nil
}

// visited takes down how late a poll is.
func (g *sized) visited(feed int, at time.Time, broke []string) {
	g.mu.Lock()
	if g.due != nil {
		g.late = append(g.late, at.Sub(g.due[feed]))
		g.due[feed] = at.Add(g.every())
	}
	g.mu.Unlock()
	if r := g.reader.Load(); r != nil && len(broke) > 0 {
		r.expect(at, broke)
	}
}

func (g *sized) windows(ctx context.Context, server *process) error {
	if behind := time.Since(g.figures.began); behind > 0 {
		fmt.Fprintf(g.log, "%d sources: the program was ready %.1f s after the first were due\n", g.feeds, behind.Seconds())
	}
	if err := sleep(ctx, time.Until(g.figures.began.Add(g.warm()))); err != nil {
		return err
	}
	var err error
	if g.figures.Quiet, err = g.measure(ctx, server); err != nil {
		return err
	}
	g.breaks.Store(true)
	r := newReader("http://" + g.program.listen + "/feeds/all.json")
	g.reader.Store(r)
	look, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); r.run(look) }()
	g.figures.News, err = g.measure(ctx, server)
	g.breaks.Store(false)
	_ = sleep(ctx, 2*time.Second) // for the last items; if it is cut short the next step fails
	stop()
	<-done
	took, missing := r.result()
	g.figures.Latency, g.figures.Missing = spreadOf(took), missing
	return err
}

// measure observes one window.
func (g *sized) measure(ctx context.Context, server *process) (w window, err error) {
	g.mu.Lock()
	g.late = nil
	g.mu.Unlock()
	if err := server.forgetPeak(); err != nil {
		return w, err
	}
	before, counts := time.Duration(0), g.door.Counts()
	if before, err = server.cpu(); err != nil {
		return w, err
	}
	var seen []memory
	for end := time.Now().Add(g.window); time.Now().Before(end); {
		if err := sleep(ctx, 250*time.Millisecond); err != nil {
			return w, err
		}
		m, err := server.memory()
		if err != nil {
			return w, err
		}
		seen = append(seen, m)
	}
	after, err := server.cpu()
	now := g.door.Counts()
	g.mu.Lock()
	late := slices.Clone(g.late)
	g.mu.Unlock()
	w.Polls, w.NotModified = now.Polls-counts.Polls, now.NotModified-counts.NotModified
	w.CPU = (after - before).Seconds() / float64(max(w.Polls, 1)) * 1000
	w.Late = spreadOf(late)
	slices.SortFunc(seen, func(a, b memory) int { return int(a.Now - b.Now) })
	w.Memory = seen[len(seen)/2]
	w.Memory.Peak = seen[len(seen)-1].Peak
	for _, m := range seen {
		w.Memory.Peak = max(w.Memory.Peak, m.Peak)
	}
	return w, err
}
