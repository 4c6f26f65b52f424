package server

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wireroom/feed"
	"wireroom/server/shortcut"
)

// The current document of a public feed is handed out to nearly everybody with
// one of eight answers: new or not modified, in four codings. Each is learnt from
// the handlers when it is first asked for, and sent by the shortcut from then on.

// direct is one feed's document in one format.
type direct struct {
	feed     *published
	format   feed.Format
	fresh    [len(codings)]atomic.Pointer[shortcut.Answer]
	notAgain [len(codings)]atomic.Pointer[shortcut.Answer]
}

var codings = [...]string{"", "br", "zstd", "gzip"}

// directs are the documents of an edition by their paths.
func (ed *edition) directs() map[string]*direct {
	out := make(map[string]*direct, formatCount*len(ed.feeds))
	for id, f := range ed.feeds {
		if f.channel.Private() {
			continue
		}
		for _, format := range feed.Formats() {
			out["/feeds/"+id+"."+string(format)] = &direct{feed: f, format: format}
		}
	}
	return out
}

// answer is the shortcut's question.
func (s *Server) answer(r *shortcut.Request) (shortcut.Answer, bool) {
	ed := s.Publisher.current.Load()
	if ed == nil || s.Publisher.idle.owing.Load() {
		return shortcut.Answer{}, false
	}
	d := ed.direct[string(r.Path)]
	if d == nil {
		return shortcut.Answer{}, false
	}
	snap, err := s.Publisher.snapshot(d.feed, d.format)
	if err != nil {
		return shortcut.Answer{}, false
	}
	i := s.negotiated.coding(r.AcceptEncoding)
	body, _ := snap.Body(codings[i])
	slot := &d.fresh[i]
	if len(r.IfNoneMatch) > 0 && (string(r.IfNoneMatch) == body.ETag || matches([]string{string(r.IfNoneMatch)}, snap.Tag)) {
		slot = &d.notAgain[i]
	}
	s.Publisher.reading()
	a := slot.Load()
	if a == nil {
		if a = s.learn(string(r.Path), codings[i], body.ETag, slot == &d.notAgain[i]); a == nil {
			return shortcut.Answer{}, false
		}
		slot.Store(a)
	}
	return *a, true
}

// learn asks the handlers for an answer; nil if it is not the one expected.
func (s *Server) learn(path, coding, etag string, known bool) *shortcut.Answer {
	r, err := http.NewRequest(http.MethodGet, path, nil) //nolint:noctx // it is answered from memory
	if err != nil {
		return nil
	}
	r.Header.Set("Accept-Encoding", coding)
	want := http.StatusOK
	if known {
		want = http.StatusNotModified
		r.Header.Set("If-None-Match", etag)
	}
	w := &listening{header: http.Header{}}
	s.handlers.ServeHTTP(w, r)
	if w.status != want || w.header.Get("Etag") != etag || w.parts > 1 || w.header.Get("Set-Cookie") != "" {
		return nil // the edition has changed meanwhile
	}
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 " + statusLine(want) + "\r\n")
	names := make([]string, 0, len(w.header))
	for name := range w.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range w.header[name] {
			head.WriteString(name + ": " + newlines.Replace(v) + "\r\n")
		}
	}
	return &shortcut.Answer{Status: want, Head: head.Bytes(), Body: w.body}
}

var newlines = strings.NewReplacer("\r", " ", "\n", " ")

func statusLine(status int) string {
	if status == http.StatusNotModified {
		return "304 Not Modified"
	}
	return "200 OK"
}

// listening keeps an answer. What is written to it is a snapshot's, and so never
// changes.
type listening struct {
	header http.Header
	status int
	body   []byte
	parts  int
}

func (w *listening) Header() http.Header { return w.header }

func (w *listening) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *listening) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.body = b
	w.parts++
	return len(b), nil
}

// done tells who observes of an answer; nil if nobody does.
func (s *Server) done() func(r *shortcut.Request, status int, body int64, took time.Duration) {
	if s.Straight == nil && s.Read == nil {
		return nil
	}
	return func(r *shortcut.Request, status int, body int64, took time.Duration) {
		if s.Straight != nil {
			s.Straight("/feeds/{name}", status, body, took)
		}
		if s.Read != nil && !r.Head {
			id, _, _ := cutLast(strings.TrimPrefix(string(r.Path), "/feeds/"), '.')
			s.Read(id, string(r.UserAgent))
		}
	}
}

// negotiated remembers what came out of the Accept-Encoding headers that readers
// send: there are few.
type negotiated struct {
	known atomic.Pointer[map[string]int]
}

const maxNegotiated = 64

// coding is the place in codings of the one that a header asks for.
func (n *negotiated) coding(header []byte) int {
	known := n.known.Load()
	if known != nil {
		if i, ok := (*known)[string(header)]; ok {
			return i
		}
	}
	i := max(0, slices.Index(codings[:], negotiate([]string{string(header)})))
	next := map[string]int{string(header): i}
	if known != nil && len(*known) < maxNegotiated {
		for h, j := range *known {
			next[h] = j
		}
	}
	n.known.CompareAndSwap(known, &next)
	return i
}
