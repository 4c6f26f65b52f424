package fetchtest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Publisher serves the feeds of one host and takes every rule literally: what a
// reader does against a rule of HTTP, of politeness, or against a promise that
// was made to it is noted as a breach.
type Publisher struct {
	Host string
	Now  func() time.Time // nil for time.Now

	mu       sync.Mutex
	feeds    map[string]*feedState
	breaches []string
	silent   time.Time // a 429's Retry-After holds for the whole host
	busy     int
}

// Feed is what a Publisher serves at one path.
type Feed struct {
	Path         string
	ETag         func(version int) string // nil for none; verbatim, so it may be as odd as servers are
	LastModified func(version int) string // nil for none
	Body         func(version int) string
	Changes      time.Duration // how often there is a new version; zero: never
	MaxAge       time.Duration // sent with 200 and 304; coming earlier is a breach
	Password     string        // wanted with the user name "reader", if set
	// Play may answer in place of the feed; visit counts from 1. It reports
	// whether it did.
	Play func(w http.ResponseWriter, r *http.Request, visit int) bool
}

// feedState is what a Publisher remembers of its reader.
type feedState struct {
	Feed
	started      time.Time
	visits       int
	etag         string // last sent with a 200 or 304
	lastModified string
	notBefore    time.Time
	gone         time.Time // first 410
	closed       bool      // a second 410 a day later: nobody should come again
}

// Serve adds a feed.
func (p *Publisher) Serve(f Feed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.feeds == nil {
		p.feeds = make(map[string]*feedState)
	}
	p.feeds[f.Path] = &feedState{Feed: f, started: p.now()}
}

// Breaches are what was done against the rules, in order.
func (p *Publisher) Breaches() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.breaches...)
}

// Visits is how often path was asked for.
func (p *Publisher) Visits(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.feeds[path]; f != nil {
		return f.visits
	}
	return 0
}

func (p *Publisher) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

func (p *Publisher) breach(r *http.Request, format string, args ...any) {
	p.breaches = append(p.breaches, fmt.Sprintf("%s %s%s: ", p.now().Format(time.DateTime), p.Host, r.URL.RequestURI())+fmt.Sprintf(format, args...))
}

func (p *Publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.busy++
	if p.busy > 1 {
		p.breach(r, "a second request while the first was still being answered")
	}
	f := p.feeds[r.URL.Path]
	p.checkManners(r)
	if f != nil {
		f.visits++
		p.checkPromises(r, f)
		p.checkValidators(r, f)
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.busy--
		p.mu.Unlock()
	}()
	switch {
	case f == nil:
		http.NotFound(w, r)
	case f.Play != nil && f.Play(promised{w, p, f}, r, f.visits):
	default:
		p.serve(promised{w, p, f}, r, f)
	}
}

var agentForm = regexp.MustCompile(`^[A-Za-z_-]+/\S+ \(\+\S+(; [1-9]\d* subscribers)?(; feed-id=\S+)?\)$`)

// checkManners holds for every request.
func (p *Publisher) checkManners(r *http.Request) {
	if r.Method != http.MethodGet {
		p.breach(r, "method %s", r.Method)
	}
	for _, name := range []string{"Referer", "Cookie", "Range", "Cache-Control", "Pragma", "Content-Type"} {
		if v := r.Header.Get(name); v != "" {
			p.breach(r, "%s: %s", name, v)
		}
	}
	if r.URL.RawQuery != "" {
		p.breach(r, "a query that nobody published")
	}
	if agent := r.Header.Get("User-Agent"); !agentForm.MatchString(agent) {
		p.breach(r, "User-Agent: %s", agent)
	}
	if r.Header.Get("Accept-Encoding") != "gzip, br, zstd" {
		p.breach(r, "Accept-Encoding: %s", r.Header.Get("Accept-Encoding"))
	}
	accept := r.Header.Get("Accept")
	if r.URL.Path != "/robots.txt" && (!strings.Contains(accept, "application/rss+xml") || !strings.HasSuffix(accept, "*/*;q=0.1")) {
		p.breach(r, "Accept: %s", accept)
	}
	if p.now().Before(p.silent) {
		p.breach(r, "the host asked for silence until %s", p.silent.Format(time.DateTime))
	}
}

// checkPromises holds the reader to when it was told to come again.
func (p *Publisher) checkPromises(r *http.Request, f *feedState) {
	if p.now().Before(f.notBefore) {
		p.breach(r, "%s too early", f.notBefore.Sub(p.now()))
	}
	if f.closed {
		p.breach(r, "it was gone twice, a day apart")
	}
	user, password, has := r.BasicAuth()
	switch {
	case f.Password == "" && (has || r.Header.Get("Authorization") != ""):
		p.breach(r, "credentials that nobody asked for")
	case f.Password != "" && (user != "reader" || password != f.Password):
		p.breach(r, "wrong credentials")
	}
}

// checkValidators wants those last sent, to the byte, and no others.
func (p *Publisher) checkValidators(r *http.Request, f *feedState) {
	check := func(name, want string) {
		if got := strings.Join(r.Header.Values(name), ", "); got != want {
			p.breach(r, "%s is %q, not %q", name, got, want)
		}
	}
	check("If-None-Match", f.etag)
	check("If-Modified-Since", f.lastModified)
}

// serve answers as a good server does.
func (p *Publisher) serve(w http.ResponseWriter, r *http.Request, f *feedState) {
	version := 0
	if f.Changes > 0 {
		version = int(p.now().Sub(f.started) / f.Changes)
	}
	h := w.Header()
	if f.ETag != nil {
		h.Set("ETag", f.ETag(version))
	}
	if f.LastModified != nil {
		h.Set("Last-Modified", f.LastModified(version))
	}
	if f.MaxAge > 0 {
		h.Set("Cache-Control", fmt.Sprintf("max-age=%d", f.MaxAge/time.Second))
	}
	h.Set("Content-Type", "application/rss+xml")
	same := f.ETag != nil && r.Header.Get("If-None-Match") == f.ETag(version) ||
		f.ETag == nil && f.LastModified != nil && r.Header.Get("If-Modified-Since") == f.LastModified(version)
	if same {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprint(w, f.Body(version))
}

// promised is a ResponseWriter that remembers what was promised to the reader.
type promised struct {
	http.ResponseWriter
	p *Publisher
	f *feedState
}

// Unwrap lets http.ResponseController reach the connection.
func (w promised) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w promised) Write(b []byte) (int, error) {
	if w.Header().Get("X-Promised") == "" {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

func (w promised) WriteHeader(status int) {
	h := w.Header()
	w.p.mu.Lock()
	w.f.remember(status, h, w.p.now())
	if at := retryAt(h.Get("Retry-After"), w.p.now()); !at.IsZero() {
		w.f.notBefore = at
		if status == http.StatusTooManyRequests {
			w.p.silent = at
		}
	}
	w.p.mu.Unlock()
	h.Set("X-Promised", "1")
	w.ResponseWriter.WriteHeader(status)
}

// remember notes what the reader has to hold against the next visit.
func (f *feedState) remember(status int, h http.Header, now time.Time) {
	switch status {
	case http.StatusOK, http.StatusNotModified:
		f.etag, f.lastModified = h.Get("ETag"), h.Get("Last-Modified")
		if f.MaxAge > 0 {
			f.notBefore = now.Add(f.MaxAge)
		}
	case http.StatusGone:
		if f.gone.IsZero() {
			f.gone = now
		} else if now.Sub(f.gone) >= 24*time.Hour {
			f.closed = true
		}
	}
}

// retryAt reads a Retry-After that a test wrote.
func retryAt(s string, now time.Time) time.Time {
	if s == "" {
		return time.Time{}
	}
	if d, err := time.ParseDuration(s + "s"); err == nil {
		return now.Add(min(d, 7*24*time.Hour))
	}
	t, err := http.ParseTime(s)
	if err != nil {
		return time.Time{}
	}
	return t
}
