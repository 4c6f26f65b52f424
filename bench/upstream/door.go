package upstream

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Door is a port of the site's hosts. Each reader comes in by its own, so that
// what it was handed can be told.
type Door struct {
	site   *Site
	server *http.Server
	port   int
	ca     *authority // nil without TLS

	mu     sync.Mutex
	counts Counts
	served []map[int]bool // by feed: the editions handed out whole
}

// Counts are what came through a door.
type Counts struct {
	Polls       int // of feeds
	NotModified int // ... answered by 304
	Whole       int // ... handed out
	Errors      int // ... spoilt on purpose
	Last        time.Time
}

// Open opens a door on all hosts.
func (s *Site) Open(ctx context.Context) (*Door, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", ":0") // no address means all of 127.0.0.0/8
	if err != nil {
		return nil, fmt.Errorf("upstream: %w", err)
	}
	d := &Door{site: s, port: ln.Addr().(*net.TCPAddr).Port, served: make([]map[int]bool, s.Feeds)}
	d.server = &http.Server{Handler: http.HandlerFunc(d.handle), ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	ln = loopback{ln}
	if s.TLS {
		if d.ca, err = newAuthority(); err != nil {
			ln.Close()
			return nil, err
		}
		ln = tls.NewListener(ln, &tls.Config{GetCertificate: d.ca.certificate, MinVersion: tls.VersionTLS12})
	}
	go func() { _ = d.server.Serve(ln) }() // ends with Close
	return d, nil
}

// Close shuts the door.
func (d *Door) Close() error { return d.server.Close() }

// URL is the address of a feed.
func (d *Door) URL(feed int) string {
	scheme := "http"
	if d.ca != nil {
		scheme = "https"
	}
	return fmt.Sprintf("%s://%s:%d/feeds/%d", scheme, d.site.Host(feed), d.port, feed)
}

// Authority is the certificate, in PEM, that readers have to trust; nil without
// TLS.
func (d *Door) Authority() []byte {
	if d.ca == nil {
		return nil
	}
	return d.ca.pem
}

// Counts returns what came through so far.
func (d *Door) Counts() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts
}

// Served calls f with the link of each item of a feed that was ever handed out
// as part of a whole document.
func (d *Door) Served(feed int, f func(link string)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := map[int]bool{}
	for edition := range d.served[feed] {
		for n := News * edition; n < News*edition+Items; n++ {
			if !seen[n] {
				seen[n] = true
				f(d.site.Link(feed, n))
			}
		}
	}
}

func (d *Door) handle(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/feeds/")
	feed, err := strconv.Atoi(rest)
	if !ok || err != nil || feed < 0 || feed >= d.site.Feeds {
		http.NotFound(w, r) // robots.txt too
		return
	}
	if d.site.Latency > 0 {
		time.Sleep(d.site.Latency)
	}
	if d.site.Errors > 0 && rand.Float64() < d.site.Errors {
		d.count(func(c *Counts) { c.Polls++; c.Errors++ })
		d.site.spoil(w, feed)
		return
	}
	at := time.Now()
	broke := d.site.breaks(feed, at)
	edition, status := d.site.answer(w, r, feed)
	if d.site.Visited != nil && status != broken {
		d.site.Visited(feed, at, broke)
	}
	d.count(func(c *Counts) {
		c.Polls++
		switch status {
		case notModified:
			c.NotModified++
		case whole:
			c.Whole++
			if d.served[feed] == nil {
				d.served[feed] = map[int]bool{}
			}
			d.served[feed][edition] = true
		}
	})
}

func (d *Door) count(f func(*Counts)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(&d.counts)
	d.counts.Last = time.Now()
}

// loopback lets nobody in from outside, though the listener is on all addresses.
type loopback struct{ net.Listener }

func (l loopback) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if a, ok := c.LocalAddr().(*net.TCPAddr); ok && a.IP.IsLoopback() {
			return c, nil
		}
		c.Close()
	}
}
