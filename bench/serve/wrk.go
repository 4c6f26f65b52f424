//go:build linux

package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// load is what a run of wrk told.
type load struct {
	requests int
	p50, p99 time.Duration
	faults   string // what went wrong, in wrk's words; empty: nothing
}

var (
	requestsForm = regexp.MustCompile(`(\d+) requests in`)
	quantileForm = regexp.MustCompile(`(50|99)%\s+([\d.]+)(us|ms|s)`)
	faultForm    = regexp.MustCompile(`(?m)^\s*(Socket errors:.*|Non-2xx or 3xx responses:.*)$`)
)

// wrk lets so many connections ask for an address for some time.
func wrk(ctx context.Context, address string, length time.Duration, clients int, script string, header ...string) (load, error) {
	path, err := lookup("wrk")
	if err != nil {
		return load{}, err
	}
	args := []string{"-t1", "-c" + strconv.Itoa(clients), "-d" + strconv.Itoa(int(length/time.Second)) + "s", "--latency"}
	if script != "" {
		args = append(args, "-s", script)
	}
	for i := 0; i < len(header); i += 2 {
		args = append(args, "-H", header[i]+": "+header[i+1])
	}
	out, err := exec.CommandContext(ctx, path, append(args, address)...).CombinedOutput()
	if err != nil {
		return load{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return readLoad(string(out))
}

// readLoad reads wrk's report.
func readLoad(out string) (load, error) {
	var l load
	m := requestsForm.FindStringSubmatch(out)
	if m == nil {
		return l, fmt.Errorf("wrk's report can't be read: %s", out)
	}
	l.requests, _ = strconv.Atoi(m[1]) // digits by the form
	for _, m := range quantileForm.FindAllStringSubmatch(out, -1) {
		d, err := time.ParseDuration(m[2] + m[3])
		if err != nil {
			return l, fmt.Errorf("wrk's report: %w", err)
		}
		if m[1] == "50" {
			l.p50 = d
		} else {
			l.p99 = d
		}
	}
	if m := faultForm.FindStringSubmatch(out); m != nil {
		l.faults = m[1]
	}
	return l, nil
}
