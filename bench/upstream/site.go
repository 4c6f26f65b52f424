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
	Edition int // that all feeds begin with
	// Breaks, if set, says at each poll whether the feed brings out an edition at
	// this very moment, its new items dated so.
	Breaks func(feed int) bool
	// Visited, if set, is told of each poll that was answered whole or by 304: when
	// it came, and the links of the items that broke with it.
	Visited func(feed int, at time.Time, broke []string)
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
	since   time.Time         // of this edition
	packed  []byte            // gzip; nil until somebody asks
	broke   map[int]time.Time // by edition: when it came out, if at a poll
}

// New makes a site whose feeds are all at the same edition.
func New(o Options) *Site {
	if o.Hosts == 0 {
		o.Hosts = (o.Feeds + 9) / 10
	}
	s := &Site{Options: o, began: time.Now().Truncate(time.Second), lexicon: newLexicon(), feeds: make([]published, o.Feeds)}
	for i := range s.feeds {
		s.feeds[i].edition, s.feeds[i].since = o.Edition, s.began
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
		s.bringOut(i)
		changed++
	}
	return changed
}

// bringOut begins the next edition of a feed.
func (s *Site) bringOut(feed int) *published {
	f := &s.feeds[feed]
	f.edition++
	f.packed = nil
	f.since = s.began.Add(time.Duration(f.edition-s.Edition) * time.Second) // a second's resolution must tell editions apart
	return f
}

// breaks brings out an edition at a poll, if the feed has one then, and returns
// the links of its new items.
func (s *Site) breaks(feed int, at time.Time) (links []string) {
	if s.Breaks == nil || !s.Breaks(feed) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.bringOut(feed)
	if f.broke == nil {
		f.broke = map[int]time.Time{}
	}
	f.broke[f.edition] = at
	for n := range News {
		links = append(links, s.Link(feed, News*(f.edition-1)+Items+n))
	}
	return links
}

// dated is when item n of a feed was published.
func (s *Site) dated(feed, n int) time.Time {
	s.mu.Lock()
	at, broke := s.feeds[feed].broke[(n-Items)/News+1]
	s.mu.Unlock()
	if broke && n >= Items {
		return at
	}
	return s.began.Add(time.Duration(n-News*s.Edition)*time.Minute - firstStory).Add(time.Duration(feed%60) * time.Second)
}

// now is a feed's current edition.
func (s *Site) now(feed int) published {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.feeds[feed]
}

// bytes are a feed's edition f as it is sent: with gzip.
func (s *Site) bytes(feed int, f published) []byte {
	if f.packed != nil {
		return f.packed
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(s.document(feed, f.edition)) // into memory
	_ = z.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.feeds[feed].edition == f.edition {
		s.feeds[feed].packed = b.Bytes()
	}
	return b.Bytes()
}

// validators are those of a feed's edition f.
func validators(feed int, f published) (tag, modified string) {
	return `"` + strconv.Itoa(feed) + "-" + strconv.Itoa(f.edition) + `"`, f.since.UTC().Format(http.TimeFormat)
}

// Known is what a reader of a feed's current edition knows of it: its validators,
// and the document with its type.
func (s *Site) Known(feed int) (tag, modified, contentType string, document func() []byte) {
	f := s.now(feed)
	tag, modified = validators(feed, f)
	return tag, modified, formatOf(feed).contentType(), func() []byte { return s.document(feed, f.edition) }
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
	tag, modified := validators(feed, f)
	h.Set("ETag", tag)
	h.Set("Last-Modified", modified)
	h.Set("Content-Type", formatOf(feed).contentType())
	h.Set("Vary", "Accept-Encoding")
	if match := r.Header.Get("If-None-Match"); match == tag || match == "" && r.Header.Get("If-Modified-Since") == modified {
		w.WriteHeader(http.StatusNotModified)
		return f.edition, notModified
	}
	how = whole
	packed := s.bytes(feed, f)
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(packed)))
		if _, err := w.Write(packed); err != nil {
			how = broken
		}
		return f.edition, how
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
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
	packed := s.bytes(feed, s.now(feed))
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(packed)))
	_, _ = w.Write(packed[:len(packed)/2])
	panic(http.ErrAbortHandler) // the connection breaks
}

// Host is the address of the host that a feed is on.
func (s *Site) Host(feed int) string {
	n := feed % s.Hosts
	return fmt.Sprintf("127.%d.%d.%d", 1+n>>16, n>>8&255, n&255)
}
