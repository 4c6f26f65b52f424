package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
)

// upstream is many feeds on many hosts that keep a log of who asked what when.
type upstream struct {
	answering func(ctx context.Context, feed int) // what comes before an answer
	hosts     []string                            // addresses
	feeds     int

	mu      sync.Mutex
	stories [][]string          // of each feed, newest first
	visits  map[int][]time.Time // of each feed, when they began
	busy    []int               // requests in flight with each host
	doubled []string            // what was in flight beside another
	known   map[string]time.Time
	stood   time.Duration // the longest time that nothing ran
}

// kept is how many stories a document holds.
const kept = 60

func newUpstream(t *testing.T, feeds, hosts int) *upstream {
	t.Helper()
	u := &upstream{
		answering: func(ctx context.Context, _ int) {
			select { // whoever was killed is no longer there
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
			}
		},
		feeds: feeds, stories: make([][]string, feeds), visits: map[int][]time.Time{},
		busy: make([]int, hosts), known: map[string]time.Time{},
	}
	for h := range hosts {
		ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { u.answer(w, r, h) })}
		go func() { _ = srv.Serve(ln) }()
		t.Cleanup(func() { srv.Close() })
		u.hosts = append(u.hosts, "http://"+ln.Addr().String())
	}
	for f := range feeds {
		u.publish(f, "begin")
	}
	go u.clock(t.Context())
	return u
}

// clock notes by how much a short sleep was too long.
func (u *upstream) clock(ctx context.Context) {
	const beat = 50 * time.Millisecond
	for ctx.Err() == nil {
		begun := time.Now()
		time.Sleep(beat)
		u.mu.Lock()
		u.stood = max(u.stood, time.Since(begun)-beat)
		u.mu.Unlock()
	}
}

func (u *upstream) sources(extra string) []source {
	var list []source
	for f := range u.feeds {
		list = append(list, source{fmt.Sprintf("f%04d", f), fmt.Sprintf("%s/%d", u.hosts[f%len(u.hosts)], f), extra})
	}
	return list
}

// publish puts a story on top of a feed.
func (u *upstream) publish(feed int, word string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	s := fmt.Sprintf("story %s of f%04d number %d", word, feed, len(u.stories[feed]))
	u.stories[feed] = slices.Insert(u.stories[feed], 0, s)
	u.known[s] = time.Now()
	return s
}

// load publishes all the while, not more than the feed that is looked at holds; the
// channel is closed when it has ended.
func (u *upstream) load(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			u.publish(rand.IntN(u.feeds), "news")
			time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
		}
	}()
	return ended
}

func (u *upstream) answer(w http.ResponseWriter, r *http.Request, host int) {
	feed := -1
	_, _ = fmt.Sscanf(r.URL.Path, "/%d", &feed)
	u.mu.Lock()
	if u.busy[host]++; u.busy[host] > 1 {
		u.doubled = append(u.doubled, fmt.Sprintf("host %d: %s", host, r.URL.Path))
	}
	var body string
	if feed >= 0 && feed < u.feeds {
		u.visits[feed] = append(u.visits[feed], time.Now())
		body = undated(fmt.Sprintf("f%04d", feed), u.stories[feed][:min(len(u.stories[feed]), kept)])
	}
	u.mu.Unlock()
	if body != "" {
		u.answering(r.Context(), feed)
	}
	u.mu.Lock() // before the answer, after which the next one may ask at once
	u.busy[host]--
	u.mu.Unlock()
	if body == "" {
		http.NotFound(w, r)
		return
	}
	etag := fmt.Sprintf(`"%x"`, xxhash.Sum64String(body))
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Type", "application/rss+xml")
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(body))
}

// undated is a document whose stories count from when they are first seen.
func undated(title string, stories []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>https://wire.example/</link><description>d</description>`, title)
	for _, s := range stories {
		fmt.Fprintf(&b, `<item><title>%[1]s</title><guid isPermaLink="false">%[1]s</guid><link>https://wire.example/%[2]s</link><description>About %[1]s.</description></item>`, s, strings.ReplaceAll(s, " ", "-"))
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

// forget begins the log anew.
func (u *upstream) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.visits, u.doubled = map[int][]time.Time{}, nil
}

// unvisited waits until all feeds were asked for, and returns those that were not.
func (u *upstream) unvisited(patience time.Duration) (left []int) {
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		left = left[:0]
		u.mu.Lock()
		for feed := range u.feeds {
			if len(u.visits[feed]) == 0 {
				left = append(left, feed)
			}
		}
		u.mu.Unlock()
		if len(left) == 0 || time.Now().After(end) {
			return left
		}
	}
}

// polite fails the test if two requests were in flight with one host, oftener
// than is forgiven.
func (u *upstream) polite(t *testing.T, forgiven int) {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.doubled) > forgiven {
		t.Errorf("%d requests were in flight beside another with their host: %s", len(u.doubled), strings.Join(u.doubled[:min(5, len(u.doubled))], ", "))
	}
}

// What a busy machine may take on top of an interval, in the median and at most.
const (
	leeway = 3 * time.Second
	slack  = 20 * time.Second
)

// punctual fails the test if one of the feeds (nil: all) was asked for twice within
// an interval, or seldomer than once an interval. A standstill of the whole machine
// brings two requests together as much as it lasted.
func (u *upstream) punctual(t *testing.T, every time.Duration, of func(feed int) bool) {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	var gaps []time.Duration
	for f := range u.feeds {
		if of != nil && !of(f) {
			continue
		}
		v := u.visits[f]
		if len(v) < 2 {
			t.Errorf("feed %d was asked for %d times", f, len(v))
		}
		for i := 1; i < len(v); i++ {
			gaps = append(gaps, v[i].Sub(v[i-1]))
		}
	}
	slices.Sort(gaps)
	if len(gaps) == 0 {
		t.Fatal("nothing was asked for")
	}
	first, middle, last := gaps[0], gaps[len(gaps)/2], gaps[len(gaps)-1]
	t.Logf("%d intervals of %v: from %v over %v to %v; the machine stood still for up to %v", len(gaps), every,
		first.Round(time.Millisecond), middle.Round(time.Millisecond), last.Round(time.Millisecond), u.stood.Round(time.Millisecond))
	if first < every/2-u.stood || middle < every-every/10 || middle > every+leeway || last > every+slack {
		t.Errorf("the intervals are not %v", every)
	}
}
