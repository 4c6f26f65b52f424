package fetch

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// How long a robots.txt is believed: a day at most (RFC 9309 §2.4); one that
// could not be read is asked for again sooner.
const (
	robotsTTL      = 24 * time.Hour
	robotsRetry    = time.Hour
	maxRobotsCache = 8 << 20 // bytes, of all hosts together
)

// robotsCache holds the rules of the hosts asked last, bounded in bytes.
type robotsCache struct {
	flight singleflight.Group
	mu     sync.Mutex
	byHost map[string]robotsEntry // by origin
	bytes  int
}

type robotsEntry struct {
	rules *robotRules // nil where err is set
	err   error       // why nothing of the host may be fetched
	until time.Time
}

func newRobotsCache() *robotsCache { return &robotsCache{byHost: make(map[string]robotsEntry)} }

// Allowed reports whether the robots.txt of its host lets us fetch rawURL, a page
// that nobody named to us. Where the robots.txt can't be had although it may
// exist (RFC 9309 §2.3.1.4), the answer is no, and the error says why.
func (c *Client) Allowed(ctx context.Context, rawURL string) (bool, error) {
	return c.allowed(ctx, rawURL, false)
}

// AllowedFeed is Allowed for a feed that a user named: only rules that name our
// product are obeyed, and a robots.txt that can't be had forbids nothing.
func (c *Client) AllowedFeed(ctx context.Context, rawURL string) (bool, error) {
	return c.allowed(ctx, rawURL, true)
}

// FeedKnown is AllowedFeed as far as it can be told without asking the host.
func (c *Client) FeedKnown(rawURL string) (allowed, known bool) {
	// Most addresses begin with their origin as it is kept, and most hosts have no rule
	// for us: these need not be parsed.
	if entry, ok := c.robots.get(leading(rawURL), c.opt.Now()); ok && entry.err == nil && entry.rules.own == nil {
		return true, true
	}
	u, entry, known := c.known(rawURL)
	return known && (entry.err != nil || entry.rules.own == nil || entry.rules.allows(u.RequestURI(), true)), known
}

// leading is what stands before the path of a URL.
func leading(rawURL string) string {
	_, rest, _ := strings.Cut(rawURL, "://")
	if n := strings.IndexAny(rest, "/?#"); n >= 0 {
		rest = rest[n:]
	} else {
		rest = ""
	}
	return rawURL[:len(rawURL)-len(rest)]
}

func (c *Client) known(rawURL string) (*url.URL, robotsEntry, bool) {
	u, err := parseURL(rawURL)
	if err == nil {
		err = canonical(u)
	}
	if err != nil {
		return nil, robotsEntry{}, false
	}
	entry, ok := c.robots.get(origin(u), c.opt.Now())
	return u, entry, ok
}

// RobotsKnown reports whether Allowed and AllowedFeed would answer for rawURL
// without asking its host, and why its robots.txt could not be had, if so.
func (c *Client) RobotsKnown(rawURL string) (bool, error) {
	_, entry, ok := c.known(rawURL)
	return ok, entry.err
}

func (c *Client) allowed(ctx context.Context, rawURL string, namedOnly bool) (bool, error) {
	u, entry, err := c.robotsOf(ctx, rawURL)
	if err != nil {
		return false, err
	}
	if entry.err != nil {
		if namedOnly {
			return true, nil
		}
		return false, entry.err
	}
	return entry.rules.allows(u.RequestURI(), namedOnly), nil
}

// Sitemaps are the addresses that the robots.txt of rawURL's host names.
func (c *Client) Sitemaps(ctx context.Context, rawURL string) ([]string, error) {
	u, entry, err := c.robotsOf(ctx, rawURL)
	if err != nil {
		return nil, err
	}
	if entry.err != nil {
		return nil, entry.err
	}
	var urls []string
	for _, s := range entry.rules.sitemaps {
		if abs := resolve(u, s); abs != "" {
			urls = append(urls, abs)
		}
	}
	return urls, nil
}

// robotsOf returns the rules of rawURL's host, from the cache or fetched. Callers
// who want the same ones wait for one fetch, which none of them can call off.
func (c *Client) robotsOf(ctx context.Context, rawURL string) (*url.URL, robotsEntry, error) {
	u, err := parseURL(rawURL)
	if err == nil {
		err = canonical(u)
	}
	if err != nil {
		return nil, robotsEntry{}, &Error{Kind: KindAddress, URL: Redact(rawURL), Reason: err.Error(), Err: err}
	}
	host := origin(u)
	if entry, ok := c.robots.get(host, c.opt.Now()); ok {
		return u, entry, nil
	}
	result := c.robots.flight.DoChan(host, func() (any, error) {
		entry := c.fetchRobots(context.WithoutCancel(ctx), host)
		c.robots.put(host, entry, c.opt.Now())
		return entry, nil
	})
	select {
	case r := <-result:
		return u, r.Val.(robotsEntry), nil
	case <-ctx.Done():
		return nil, robotsEntry{}, &Error{Kind: KindCanceled, URL: host + "/robots.txt", Reason: "the fetch was called off", Err: ctx.Err()}
	}
}

func (c *Client) fetchRobots(ctx context.Context, host string) robotsEntry {
	now := c.opt.Now()
	r := Request{URL: host + "/robots.txt", Accept: "text/plain, */*;q=0.1", Limits: Limits{Wire: maxRobots, Decoded: maxRobots}}
	res, err := c.get(ctx, r, true)
	defer res.Release()
	switch {
	case err == nil:
		token, _, _ := strings.Cut(c.opt.Product, "/")
		return robotsEntry{rules: parseRobots(res.Body(), token), until: now.Add(robotsTTL)}
	case isRobotless(err):
		return robotsEntry{rules: new(robotRules), until: now.Add(robotsTTL)}
	}
	until := now.Add(robotsRetry)
	if res != nil && res.RetryAfter.After(until) {
		until = res.RetryAfter
	}
	return robotsEntry{err: err, until: until}
}

// isRobotless reports whether err means that the host has no robots.txt (RFC 9309
// §2.3.1.2 and §2.3.1.3). A 429 is no such answer: it asks for restraint.
func isRobotless(err error) bool {
	switch KindOf(err) {
	case KindNotFound, KindGone, KindForbidden, KindStatus, KindRedirect:
		return true
	}
	return false
}

func (r *robotsCache) get(host string, now time.Time) (robotsEntry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry, ok := r.byHost[host]
	return entry, ok && now.Before(entry.until)
}

func (r *robotsCache) put(host string, entry robotsEntry, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(host)
	r.byHost[host] = entry
	r.bytes += entry.cost(host)
	if r.bytes <= maxRobotsCache {
		return
	}
	for host, e := range r.byHost {
		if !now.Before(e.until) {
			r.drop(host)
		}
	}
	for other := range r.byHost { // in no order: any will do
		if r.bytes <= maxRobotsCache*3/4 {
			return
		}
		if other != host {
			r.drop(other)
		}
	}
}

func (r *robotsCache) drop(host string) {
	if e, ok := r.byHost[host]; ok {
		r.bytes -= e.cost(host)
		delete(r.byHost, host)
	}
}

func (e robotsEntry) cost(host string) int {
	n := len(host) + 2*robotsOverhead
	if e.rules != nil {
		n += e.rules.cost()
	}
	return n
}
