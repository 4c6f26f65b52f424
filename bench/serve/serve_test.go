//go:build linux

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func TestReadLoad(t *testing.T) {
	t.Parallel()
	l, err := readLoad(`Running 1s test @ http://127.0.0.1:1/
  1 threads and 32 connections
  Latency Distribution
     50%  331.00us
     75%  500.00us
     90%    1.02ms
     99%    2.50ms
  50934 requests in 1.10s, 2.61GB read
  Socket errors: connect 0, read 3, write 0, timeout 0
Requests/sec:  46303.91
`)
	if err != nil || l.requests != 50934 || l.p50 != 331*time.Microsecond || l.p99 != 2500*time.Microsecond || !strings.HasPrefix(l.faults, "Socket errors") {
		t.Errorf("%+v %v", l, err)
	}
	if _, err := readLoad("wrk: no such file"); err == nil {
		t.Error("a report without figures")
	}
}

func TestCPU(t *testing.T) {
	t.Parallel()
	before, err := cpu(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if now, err := cpu(os.Getpid()); err != nil || now > before {
			return
		}
	}
	t.Error("no processor time passes")
}

// TestRun compares the servers for a moment, so that the measurement itself does
// not rot.
func TestRun(t *testing.T) {
	if os.Getenv("WIREROOM_BENCH") == "" {
		t.Skip("builds and runs the program beside nginx: set WIREROOM_BENCH to do so")
	}
	for _, name := range []string{"nginx", "wrk"} {
		if _, err := lookup(name); err != nil {
			t.Skip(err) // a measurement, not a judge: it may be missing
		}
	}
	var out, log bytes.Buffer
	if err := run(t.Context(), []string{"-turns", "1", "-length", "1s"}, &out, &log); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	for _, want := range []string{"identity", "gzip", "304"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no row for %s in\n%s", want, out.String())
		}
	}
	out.Reset()
	if err := run(t.Context(), []string{"-steady", "3s", "-rate", "200"}, &out, &log); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), log.String())
	}
	if !strings.Contains(out.String(), "stale: 0") {
		t.Error(out.String())
	}
}
