//go:build linux

package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// glance is how often the combined feed is looked at.
const glance = 10 * time.Millisecond

// forgotten is when an item that the feed does not show is given up.
const forgotten = 10 * time.Second

// reader looks at a combined feed all the time and notes how long items take from
// the poll that first brought them until the feed holds them.
type reader struct {
	feed string

	mu      sync.Mutex
	waiting map[string]time.Time // links, and when they were first handed out
	took    []time.Duration
	missing int
}

func newReader(feed string) *reader { return &reader{feed: feed, waiting: map[string]time.Time{}} }

// expect notes items that were handed out.
func (r *reader) expect(at time.Time, links []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, link := range links {
		r.waiting[link] = at
	}
}

// run looks until ctx ends.
func (r *reader) run(ctx context.Context) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	tag := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if next, body := r.look(ctx, tag); body != nil {
				tag = next
				r.found(body, time.Now())
			}
		}
	}
}

// look asks for the feed; no body if it is the one of the tag, or can't be had.
func (r *reader) look(ctx context.Context, tag string) (string, []byte) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.feed, nil)
	if err != nil {
		return "", nil
	}
	req.Header.Set("Accept-Encoding", "identity")
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", nil
	}
	return resp.Header.Get("ETag"), body
}

// found takes down which of the awaited items a version of the feed holds.
func (r *reader) found(body []byte, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for link, since := range r.waiting {
		switch wait := at.Sub(since); {
		case bytes.Contains(body, []byte(link+`"`)):
			r.took = append(r.took, wait)
			delete(r.waiting, link)
		case wait > forgotten:
			r.missing++
			delete(r.waiting, link)
		}
	}
}

// result is how long items took, and how many the feed never showed.
func (r *reader) result() ([]time.Duration, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.took, r.missing + len(r.waiting)
}
