//go:build linux

// Command bench measures what polling costs: it plays the publishers (package
// upstream), runs the program as a user starts it and a bare client that gives the
// limit (package bare), each as a process of its own and by turns, and prints
// processor time a 1,000 feeds, ratios to the limit, memory and disk. After every
// run it holds the program's store against what the publishers handed out: every
// item must be there exactly once.
//
//	go run ./bench            # 2,000 feeds
//	go run ./bench -short     # 300 feeds
//	go run ./bench -postgres  # on a PostgreSQL of its own, whose processor time counts
//	go run ./bench -scale     # stores of 1,000 to 100,000 sources
//
// With -scale it fills stores through their own interface, runs the program on
// each while it polls at a fixed rate, and says what a poll costs, what is
// resident, how late polls are and how long news takes to the combined feed.
//
// Only Linux lets all of 127.0.0.0/8 be used and another process's processor time
// be read to the nanosecond.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"wireroom/bench/upstream"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings of a bench.
type settings struct {
	upstream.Options
	runs    int     // each from an empty store
	cycles  int     // of one poll without and one with news, in each run
	changed float64 // share of feeds that have news
	results string  // folder for the JSON report; empty: none
	binary  string  // of the program; empty: built from this module
	profile string  // folder for the program's profiles; empty: none

	postgres bool // the store is a PostgreSQL, not a file
	replicas int  // processes that share it
}

func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) error {
	s := settings{}
	var short, scale bool
	var c scaling
	var limit string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(log)
	f.BoolVar(&short, "short", false, "300 feeds and two cycles a run, unless told otherwise")
	f.IntVar(&s.Feeds, "feeds", 2000, "how many feeds")
	f.IntVar(&s.Hosts, "hosts", 0, "hosts that they are on (default: a tenth)")
	f.IntVar(&s.runs, "runs", 3, "runs, each from an empty store")
	f.IntVar(&s.cycles, "cycles", 3, "polls without and with news, in each run")
	f.Float64Var(&s.changed, "changed", 0.2, "share of feeds with news")
	f.DurationVar(&s.Latency, "latency", 0, "that the publishers wait before each answer")
	f.Float64Var(&s.Errors, "errors", 0, "share of answers that go wrong")
	f.BoolVar(&s.TLS, "tls", false, "publish over HTTPS")
	f.StringVar(&s.results, "results", filepath.Join("bench", "results"), "folder for the report as JSON")
	f.StringVar(&s.binary, "binary", "", "the program (default: built from this module)")
	f.StringVar(&s.profile, "profile", "", "folder for profiles of the program")
	f.BoolVar(&s.postgres, "postgres", false, "on a PostgreSQL, started for each run from the programs that the machine has")
	f.IntVar(&s.replicas, "replicas", 1, "with -postgres: processes that share it")
	f.BoolVar(&scale, "scale", false, "measure stores of several sizes instead")
	f.StringVar(&c.sizes, "sizes", "1000,10000,100000", "with -scale: numbers of sources")
	f.IntVar(&c.rate, "rate", 100, "with -scale: polls a second")
	f.DurationVar(&c.window, "window", time.Minute, "with -scale: how long is measured, without and with news")
	f.StringVar(&c.folder, "folder", "", "with -scale: where the stores are kept for another run (default: nowhere)")
	f.StringVar(&limit, "limit", "", "be the bare client, with its database in this file")
	if err := f.Parse(args); err != nil {
		return err
	}
	if limit != "" {
		return serveLimit(ctx, limit, in, out)
	}
	if s.replicas < 1 || s.replicas > 1 && !s.postgres {
		return errors.New("-replicas: several need -postgres")
	}
	if scale {
		c.results, c.binary, c.profile = s.results, s.binary, s.profile
		return c.run(ctx, out, log)
	}
	if short {
		given := map[string]bool{}
		f.Visit(func(f *flag.Flag) { given[f.Name] = true })
		if !given["feeds"] {
			s.Feeds = 300
		}
		if !given["cycles"] {
			s.cycles = 2
		}
	}
	return s.bench(ctx, out, log)
}

// bench measures, prints the table and writes the report.
func (s *settings) bench(ctx context.Context, out, log io.Writer) error {
	dir, err := os.MkdirTemp("", "wireroom-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.binary == "" {
		s.binary = filepath.Join(dir, "wireroom")
		if err := build(ctx, s.binary, log); err != nil {
			return err
		}
	}
	r := newReport(s, time.Now())
	for i := range s.runs {
		fmt.Fprintf(log, "run %d of %d\n", i+1, s.runs)
		m := &measurement{settings: s, dir: filepath.Join(dir, fmt.Sprint(i)), log: log}
		if err := m.run(ctx, i); err != nil {
			return fmt.Errorf("run %d: %w", i+1, err)
		}
		r.add(m)
	}
	r.settle()
	r.print(out)
	if s.results != "" {
		if err := r.write(s.results); err != nil {
			return err
		}
	}
	if r.Lost+r.Doubled+r.Strange > 0 {
		return errors.New("the store does not hold what the publishers handed out")
	}
	return nil
}
