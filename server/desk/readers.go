package desk

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Readers counts who reads the feeds, by the names that programs give themselves
// (User-Agent) and the numbers of subscribers that some report in them. Nothing
// of the people behind is kept; a restart begins anew.
type Readers struct {
	now func() time.Time

	mu    sync.Mutex
	since time.Time
	feeds map[string]map[string]*Reader
}

// Reader is one program that reads a feed.
type Reader struct {
	Name        string
	Requests    int
	Subscribers int // as reported last; 0: it does not say
	Last        time.Time
}

// The bounds of what is remembered.
const (
	maxFeeds   = 1000
	maxReaders = 100 // of one feed
	maxName    = 80
	stale      = 30 * 24 * time.Hour // after which a program is forgotten
)

// NewReaders makes a Readers.
func NewReaders(now func() time.Time) *Readers {
	return &Readers{now: now, since: now(), feeds: map[string]map[string]*Reader{}}
}

// Count is a middleware that notes who asks for feeds.
func (c *Readers) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, ok := feedOf(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		seen := &witness{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		if seen.status == http.StatusOK || seen.status == http.StatusIMUsed || seen.status == http.StatusNotModified {
			c.Note(id, r.UserAgent()) // others asked for what is not there, or may not
		}
	})
}

// witness remembers how a request was answered.
type witness struct {
	http.ResponseWriter
	status int
}

func (w *witness) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *witness) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// feedOf is the id in the address of a feed's document.
func feedOf(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/feeds/")
	if !ok || r.Method != http.MethodGet || strings.Contains(rest, "/") {
		return "", false
	}
	id, ext, ok := strings.Cut(rest, ".")
	return id, ok && slices.Contains([]string{"rss", "atom", "json"}, ext)
}

var subscribers = regexp.MustCompile(`(?i)\b(\d{1,9}) (?:subscriber|reader)s?\b`)

// Note counts a request that was answered.
func (c *Readers) Note(id, agent string) {
	name := product(agent)
	n := 0
	if m := subscribers.FindStringSubmatch(agent); m != nil {
		n, _ = strconv.Atoi(m[1]) // nine digits at most
	}
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.feeds[id]
	if of == nil {
		if len(c.feeds) >= maxFeeds {
			return
		}
		of = map[string]*Reader{}
		c.feeds[id] = of
	}
	r := of[name]
	if r == nil {
		if len(of) >= maxReaders {
			forget(of, now)
		}
		r = &Reader{Name: name}
		of[name] = r
	}
	r.Requests++
	r.Last = now
	if n > 0 {
		r.Subscribers = n
	}
}

// forget makes room for one: the stale go, else the one that asked longest ago.
func forget(of map[string]*Reader, now time.Time) {
	var oldest *Reader
	for name, r := range of {
		if now.Sub(r.Last) > stale {
			delete(of, name)
		} else if oldest == nil || r.Last.Before(oldest.Last) {
			oldest = r
		}
	}
	if len(of) >= maxReaders {
		delete(of, oldest.Name)
	}
}

// product is the first word of a User-Agent, without its version; of those that
// call themselves Mozilla, the first word that says more.
func product(agent string) string {
	if !utf8.ValidString(agent) {
		return "unknown"
	}
	name := first(agent)
	if strings.EqualFold(name, "Mozilla") {
		_, rest, _ := strings.Cut(agent, "(compatible; ")
		if n := first(rest); n != "" {
			name = n
		} else {
			name = "a browser"
		}
	}
	if name == "" {
		return "unknown"
	}
	return name
}

func first(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, "/;(), "); i >= 0 {
		s = s[:i]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
	return strings.ToValidUTF8(s[:min(len(s), maxName)], "")
}

// Of are the readers of a feed, those with the most subscribers first, and since
// when they were counted.
func (c *Readers) Of(id string) ([]Reader, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []Reader
	for _, r := range c.feeds[id] {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Reader) int {
		return cmp.Or(b.Subscribers-a.Subscribers, b.Requests-a.Requests, strings.Compare(a.Name, b.Name))
	})
	return list, c.since
}
