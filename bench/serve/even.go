//go:build linux

package main

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// figures are what an even run of requests told.
type figures struct {
	requests, faults int
	p50, p99, max    time.Duration
	bytes            int64 // of one answer, in the mean, as sent
}

// browsers is a client as browsers are: connections are kept, answers compressed.
var browsers = &http.Client{
	Transport: &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 512, DisableCompression: true}, Timeout: 30 * time.Second,
}

// even asks for addresses by turns at an even rate, whatever the server takes for
// an answer: a request's time begins when it was to be sent, so that a server
// that stops for a while is charged for all who would have come meanwhile.
func even(ctx context.Context, base string, paths []string, rate int, length time.Duration) (figures, error) {
	n := int(length.Seconds() * float64(rate))
	took, sizes := make([]time.Duration, n), make([]int64, n)
	var wg sync.WaitGroup
	begun := time.Now()
	for i := range n {
		at := begun.Add(time.Duration(i) * time.Second / time.Duration(rate))
		select {
		case <-ctx.Done():
			wg.Wait()
			return figures{}, ctx.Err()
		case <-time.After(time.Until(at)):
		}
		wg.Go(func() {
			size, ok := visit(ctx, base+paths[i%len(paths)])
			took[i], sizes[i] = time.Since(at), size
			if !ok {
				sizes[i] = -1
			}
		})
	}
	wg.Wait()
	return figuresOf(took, sizes), nil
}

// inTurn asks for addresses one after the other.
func inTurn(ctx context.Context, base string, paths []string) (figures, error) {
	took, sizes := make([]time.Duration, len(paths)), make([]int64, len(paths))
	for i, path := range paths {
		begun := time.Now()
		size, ok := visit(ctx, base+path)
		if ctx.Err() != nil {
			return figures{}, ctx.Err()
		}
		if took[i], sizes[i] = time.Since(begun), size; !ok {
			sizes[i] = -1
		}
	}
	return figuresOf(took, sizes), nil
}

// figuresOf sums up what requests took, and the sizes of their answers, -1 for a
// fault.
func figuresOf(took []time.Duration, sizes []int64) figures {
	n := len(took)
	f := figures{requests: n}
	if n == 0 {
		return f
	}
	for _, s := range sizes {
		if s < 0 {
			f.faults++
		}
		f.bytes += max(s, 0)
	}
	f.bytes /= int64(max(n-f.faults, 1))
	slices.Sort(took)
	f.p50, f.p99, f.max = took[n/2], took[n*99/100], took[n-1]
	return f
}

// visit asks as Chromium does and reads to the end.
func visit(ctx context.Context, address string) (int64, bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, false
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	req.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	resp, err := browsers.Do(req)
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	size, err := io.Copy(io.Discard, resp.Body)
	return size, err == nil && resp.StatusCode == http.StatusOK
}
