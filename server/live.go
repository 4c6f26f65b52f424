package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"wireroom/article"
)

// A stream of new articles (server-sent events, HTML Living Standard, section
// 9.2) stands at /feeds/{id}/live, with the feed's query parameters:
//
//	id: 1795881600000
//	event: articles
//	data: {"count":3,"articles":[{"id":"tag:…","headline":"…","url":"…"}]}
//
// An event's id is when we first saw the newest article that it tells of, in
// milliseconds. Whoever comes back with it, as Last-Event-ID or as ?seen=, hears
// of what came since.

// newcomer is an article that a stream may tell of.
type newcomer struct {
	ID       string    `json:"id"`
	Headline string    `json:"headline"`
	URL      string    `json:"url"`
	seen     time.Time // by us, for the first time
}

// The bounds of streams.
const (
	maxStreams     = 2000
	clientStreams  = 16 // of one client
	heartbeat      = 20 * time.Second
	streamPause    = time.Second      // between two events, so that a burst is told at once
	streamDeadline = 10 * time.Second // for one write
	streamLife     = time.Hour        // then the browser comes anew
	streamGrace    = time.Minute      // polls may be saved in another order than they began in
	maxTold        = 20               // articles in one event; all are counted
)

// streams counts who listens.
type streams struct {
	mu      sync.Mutex
	count   int
	clients map[netip.Prefix]int
	closed  chan struct{}
}

func newStreams() *streams {
	return &streams{clients: map[netip.Prefix]int{}, closed: make(chan struct{})}
}

// enter admits a client, or reports that there are too many.
func (s *streams) enter(who netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count >= maxStreams || s.clients[who] >= clientStreams {
		return false
	}
	s.count++
	s.clients[who]++
	return true
}

func (s *streams) leave(who netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	if s.clients[who]--; s.clients[who] <= 0 {
		delete(s.clients, who)
	}
}

// close ends all streams, so that the server can stop.
func (s *streams) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
}

// live answers /feeds/ID/live.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	newcomers, err := s.newcomers(r)
	if err != nil {
		s.refusePage(w, r, err)
		return
	}
	if newcomers == nil {
		s.notFound(w, r)
		return
	}
	who := network(s.Client(r))
	if !s.streams.enter(who) {
		w.Header().Set("Retry-After", "60")
		plain(w, http.StatusServiceUnavailable, "Too many listen already.\n")
		return
	}
	defer s.streams.leave(who)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	s.tell(&stream{w: w, control: http.NewResponseController(w)}, r, newcomers)
}

// tell writes to a stream until it ends.
func (s *Server) tell(out *stream, r *http.Request, newcomers []newcomer) {
	changed, stop := s.Publisher.listen()
	defer stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	ctx, cancel := context.WithTimeout(r.Context(), streamLife)
	defer cancel()

	t := teller{known: map[string]bool{}}
	if since, ok := lastSeen(r); ok {
		t.seen = since
	} else {
		t.news(newcomers) // the listener has them
	}
	err := out.write("retry: 5000\n\n")
	for {
		// Looked at anew after the subscription, so that nothing falls between.
		if newcomers, failed := s.newcomers(r); failed == nil && err == nil {
			if newcomers == nil {
				return // the feed is gone, or no longer for everybody
			}
			if list := t.news(newcomers); len(list) > 0 {
				err = out.event(t.seen, list)
			}
		}
		if err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-s.streams.closed:
			return
		case <-beat.C:
			err = out.write(": still here\n\n")
		case <-changed:
			wait(ctx, streamPause)
		}
	}
}

// lastSeen is the id of the event that the listener heard last.
func lastSeen(r *http.Request) (time.Time, bool) {
	word := r.Header.Get("Last-Event-ID")
	if word == "" {
		word = r.URL.Query().Get("seen")
	}
	ms, err := strconv.ParseInt(word, 10, 64)
	return time.UnixMilli(ms), err == nil && ms >= 0
}

// newcomers are the articles on the first page of the feed that a request names;
// nil if there is no such feed for it.
func (s *Server) newcomers(r *http.Request) ([]newcomer, error) {
	ed := s.Publisher.edition(r.Context(), r.PathValue("id"))
	if ed == nil {
		return nil, errBusy
	}
	f := ed.feeds[r.PathValue("id")]
	if f == nil || f.channel.Private() && !admitted(r, f.channel.Readers) {
		return nil, nil
	}
	want, err := parseQuery(f.channel, r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	want.after = article.Cursor{}
	page, err := s.sheetOf(r.Context(), ed, f, want, false)
	if err != nil {
		return nil, err
	}
	return page.newcomers, nil
}

// teller remembers what one listener knows.
type teller struct {
	known map[string]bool
	seen  time.Time
}

// news are the newcomers that the listener doesn't know: an article that only
// moved up because others left is old.
func (t *teller) news(list []newcomer) []newcomer {
	var out []newcomer
	known := make(map[string]bool, len(list))
	newest, floor := t.seen, t.seen.Add(-streamGrace)
	if len(t.known) == 0 {
		floor = t.seen // all that we go by
	}
	for _, a := range list {
		known[a.ID] = true
		if !t.known[a.ID] && a.seen.After(floor) {
			out = append(out, a)
		}
		if a.seen.After(newest) {
			newest = a.seen
		}
	}
	t.known, t.seen = known, newest
	return out
}

// newestOf is the id of the event that would tell of a list.
func newestOf(list []newcomer) int64 {
	var newest time.Time
	for _, a := range list {
		if a.seen.After(newest) {
			newest = a.seen
		}
	}
	return max(0, newest.UnixMilli())
}

// stream writes events, each within its own deadline: the server's own one is
// for answers that end.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s *stream) write(text string) error {
	// A writer that has no deadlines is one of a test; a client that hangs is
	// found by the next write that has one.
	_ = s.control.SetWriteDeadline(time.Now().Add(streamDeadline))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("write to a stream: %w", err)
	}
	if err := s.control.Flush(); err != nil {
		return fmt.Errorf("flush a stream: %w", err)
	}
	return nil
}

func (s *stream) event(id time.Time, list []newcomer) error {
	data, err := json.Marshal(struct {
		Count    int        `json:"count"`
		Articles []newcomer `json:"articles"`
	}{len(list), list[:min(len(list), maxTold)]})
	if err != nil {
		return fmt.Errorf("write to a stream: %w", err)
	}
	return s.write(fmt.Sprintf("id: %d\nevent: articles\ndata: %s\n\n", id.UnixMilli(), data))
}

// liveURL is the stream for those who have seen a page.
func liveURL(page string, list []newcomer) string {
	path, query, _ := strings.Cut(page, "?")
	if query != "" {
		query += "&"
	}
	return fmt.Sprintf("%s/live?%sseen=%d", path, query, newestOf(list))
}
