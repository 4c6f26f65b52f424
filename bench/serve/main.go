//go:build linux

// Command serve measures what handing out a feed costs. It runs the program as a
// user starts it, has it render a feed of sample articles, gives the very same
// bytes and headers to nginx, and lets wrk ask both by turns: for the plain
// bytes, for gzip, and with the ETag of what they have. It prints processor time
// a request and the ratio of the two. With -steady it asks at an even rate
// instead while a source changes every second, and holds every answer of an
// observer against what was served before. With -pages it measures what people
// look at, from a store with so many articles: front page, feeds, filters, search
// and articles at an even rate while news comes in, and what Chromium makes of
// them.
//
//	go run ./bench/serve              # five turns of three seconds each
//	go run ./bench/serve -short       # three turns of a second
//	go run ./bench/serve -steady 60s
//	go run ./bench/serve -pages 1000000 -length 30s -rate 200 -stock million.db
//
// Where nginx or wrk is not installed it says so and measures nothing.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

type settings struct {
	turns    int
	length   time.Duration // of one turn
	articles int
	clients  int // connections
	rate     int // requests a second, of the steady run
	steady   time.Duration
	pages    int    // articles of the store whose pages are measured
	stock    string // its file
	binary   string // of the program; empty: built from this module
}

func run(ctx context.Context, args []string, out, log io.Writer) error {
	s := settings{}
	var short bool
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(log)
	f.BoolVar(&short, "short", false, "three turns of a second")
	f.IntVar(&s.turns, "turns", 5, "how often each server is asked for each kind of answer")
	f.DurationVar(&s.length, "length", 3*time.Second, "of one turn")
	f.IntVar(&s.articles, "articles", 50, "in the feed")
	f.IntVar(&s.clients, "clients", 32, "connections that ask at once")
	f.IntVar(&s.rate, "rate", 0, "requests a second of the steady run (default 5000) and of pages (default 200)")
	f.DurationVar(&s.steady, "steady", 0, "ask at an even rate for so long, while a source changes every second")
	f.IntVar(&s.pages, "pages", 0, "measure the pages of a store with so many articles")
	f.StringVar(&s.stock, "stock", "", "file of that store: kept, and filled only if it is not there (default: one that is thrown away)")
	f.StringVar(&s.binary, "binary", "", "of the program (default: built from this module)")
	if err := f.Parse(args); err != nil {
		return err
	}
	if short {
		s.turns, s.length = 3, time.Second
	}
	for _, name := range []string{"wrk", "nginx"} {
		if s.pages > 0 {
			break // they have no part in it
		}
		if _, err := lookup(name); err != nil {
			fmt.Fprintf(out, "%s is not installed: nothing is measured\n", name)
			return nil
		}
	}
	dir, err := os.MkdirTemp("", "wireroom-serve-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.binary == "" {
		s.binary = filepath.Join(dir, "wireroom")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", s.binary, "wireroom/cmd/wireroom")
		if text, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build the program: %w\n%s", err, text)
		}
	}
	if s.pages > 0 {
		s.rate = cmp.Or(s.rate, 200)
		return pages(ctx, &s, dir, out, log)
	}
	s.rate = cmp.Or(s.rate, 5000)
	w, err := startWireroom(ctx, s.binary, dir, s.articles, "")
	if err != nil {
		return err
	}
	defer w.stop()
	if s.steady > 0 {
		return steady(ctx, &s, dir, w, out)
	}
	return compare(ctx, &s, dir, w, out)
}

// lookup finds a program, also where only root's path leads.
func lookup(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	path := "/usr/sbin/" + name
	if _, err := os.Stat(path); err != nil {
		return "", errors.New(name + " is not installed")
	}
	return path, nil
}
