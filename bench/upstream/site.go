package upstream

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Options of a Site.
type Options struct {
	Feeds   int
	Hosts   int           // that the feeds are spread over; 0: ten feeds a host
	Latency time.Duration // before each answer
	Errors  float64       // share of requests that go wrong: refused, broken off
	TLS     bool
}

// Site is all the publishers. It is safe for concurrent use.
type Site struct {
	Options
	began   time.Time
	lexicon *lexicon

	mu    sync.Mutex
	feeds []published
}

// published is a feed as it stands.
type published struct {
	edition int
	since   time.Time // of this edition
	packed  []byte    // gzip; nil until somebody asks
}

// New makes a site whose feeds are all at their first edition.
func New(o Options) *Site {
	if o.Hosts == 0 {
		o.Hosts = (o.Feeds + 9) / 10
	}
	s := &Site{Options: o, began: time.Now().Truncate(time.Second), lexicon: newLexicon(), feeds: make([]published, o.Feeds)}
	for i := range s.feeds {
		s.feeds[i].since = s.began
	}
	return s
}

// Advance brings out a new edition of a share of the feeds, which is another
// share each time, and returns how many feeds those are.
func (s *Site) Advance(share float64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := 0
	for _, i := range rand.Perm(len(s.feeds))[:int(share*float64(len(s.feeds)))] {
		f := &s.feeds[i]
		f.edition++
		f.packed = nil
		f.since = s.began.Add(time.Duration(f.edition) * time.Second) // a second's resolution must tell editions apart
		changed++
	}
	return changed
}

// now is a feed's current edition with its bytes.
func (s *Site) now(feed int) published {
	s.mu.Lock()
	f := s.feeds[feed]
	s.mu.Unlock()
	if f.packed != nil {
		return f
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(s.document(feed, f.edition)) // into memory
	_ = z.Close()
	f.packed = b.Bytes()
	s.mu.Lock()
	if s.feeds[feed].edition == f.edition {
		s.feeds[feed].packed = f.packed
	}
	s.mu.Unlock()
	return f
}

// answered is how a request ended.
type answered int

const (
	broken answered = iota
	notModified
	whole
)

// answer writes a feed.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, feed int) (edition int, how answered) {
	f := s.now(feed)
	h := w.Header()
	tag := `"` + strconv.Itoa(feed) + "-" + strconv.Itoa(f.edition) + `"`
	h.Set("ETag", tag)
	h.Set("Last-Modified", f.since.UTC().Format(http.TimeFormat))
	h.Set("Content-Type", formatOf(feed).contentType())
	h.Set("Vary", "Accept-Encoding")
	if match := r.Header.Get("If-None-Match"); match == tag || match == "" && r.Header.Get("If-Modified-Since") == h.Get("Last-Modified") {
		w.WriteHeader(http.StatusNotModified)
		return f.edition, notModified
	}
	how = whole
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(f.packed)))
		if _, err := w.Write(f.packed); err != nil {
			how = broken
		}
		return f.edition, how
	}
	z, err := gzip.NewReader(bytes.NewReader(f.packed))
	if err == nil {
		_, err = io.Copy(w, z)
	}
	if err != nil {
		how = broken
	}
	return f.edition, how
}

// spoil refuses an answer, or breaks it off in the middle.
func (s *Site) spoil(w http.ResponseWriter, feed int) {
	if rand.IntN(2) == 0 {
		http.Error(w, "come again", http.StatusServiceUnavailable)
		return
	}
	f := s.now(feed)
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(f.packed)))
	_, _ = w.Write(f.packed[:len(f.packed)/2])
	panic(http.ErrAbortHandler) // the connection breaks
}

// Host is the address of the host that a feed is on.
func (s *Site) Host(feed int) string {
	n := feed % s.Hosts
	return fmt.Sprintf("127.%d.%d.%d", 1+n>>16, n>>8&255, n&255)
}
