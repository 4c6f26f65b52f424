//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// kind is one kind of answer.
type kind struct {
	name   string
	coding string
	known  bool // the reader has it already
	status int
}

var kinds = []kind{
	{"identity", "identity", false, http.StatusOK},
	{"gzip", "gzip", false, http.StatusOK},
	{"304", "gzip", true, http.StatusNotModified},
}

// compare asks both servers by turns and prints the table.
func compare(ctx context.Context, s *settings, dir string, w *wireroom, out io.Writer) error {
	n, err := startNginx(ctx, dir, w)
	if err != nil {
		return err
	}
	defer n.stop()
	fmt.Fprintf(out, "%-10s %8s %14s %14s %7s %13s %13s\n", "answer", "bytes", "nginx µs/req", "wireroom µs", "ratio", "nginx req/s", "wireroom")
	for _, k := range kinds {
		var cost, speed [2][]float64
		bytes := 0
		for range s.turns {
			for i, srv := range []*server{n, &w.server} {
				header, size, err := prepare(ctx, srv, k)
				if err != nil {
					return err
				}
				bytes = size
				each, rate, err := measure(ctx, s, srv, header)
				if err != nil {
					return err
				}
				cost[i], speed[i] = append(cost[i], each), append(speed[i], rate)
			}
		}
		a, b := median(cost[0]), median(cost[1])
		fmt.Fprintf(out, "%-10s %8d %14.1f %14.1f %7.2f %13.0f %13.0f\n", k.name, bytes, a, b, b/a, median(speed[0]), median(speed[1]))
	}
	return nil
}

// prepare finds the headers that get the kind of answer, and makes sure of it.
func prepare(ctx context.Context, srv *server, k kind) (header []string, size int, err error) {
	header = []string{"Accept-Encoding", k.coding}
	a, err := get(ctx, srv.base+feedPath, header...)
	if err != nil {
		return nil, 0, err
	}
	if k.known {
		header = append(header, "If-None-Match", a.header.Get("Etag"))
	}
	a, err = get(ctx, srv.base+feedPath, header...)
	if err != nil {
		return nil, 0, err
	}
	coding := a.header.Get("Content-Encoding")
	if a.status != k.status || k.status == http.StatusOK && (coding == "gzip") != (k.coding == "gzip") {
		return nil, 0, fmt.Errorf("%s answers %d with coding %q to the request for %s", srv.base, a.status, coding, k.name)
	}
	return header, len(a.body), nil
}

// measure is one turn: processor time of the server a request in microseconds,
// and requests a second.
func measure(ctx context.Context, s *settings, srv *server, header []string) (each, rate float64, err error) {
	before, err := cpu(srv.pid)
	if err != nil {
		return 0, 0, err
	}
	begun := time.Now()
	l, err := wrk(ctx, srv.base+feedPath, s.length, s.clients, "", header...)
	if err != nil {
		return 0, 0, err
	}
	took := time.Since(begun)
	after, err := cpu(srv.pid)
	if err != nil {
		return 0, 0, err
	}
	if l.faults != "" || l.requests == 0 {
		return 0, 0, fmt.Errorf("%s: %d requests, %s", srv.base, l.requests, l.faults)
	}
	return float64((after - before).Microseconds()) / float64(l.requests), float64(l.requests) / took.Seconds(), nil
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
