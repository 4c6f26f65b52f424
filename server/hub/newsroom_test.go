package hub

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/store"
)

// shelf is a store's documents in memory.
type shelf struct {
	mu   sync.Mutex
	docs map[string]store.Document
	err  error // of every call, if set
}

func newShelf() *shelf { return &shelf{docs: map[string]store.Document{}} }

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *shelf) Put(_ context.Context, docs []store.Document) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	for _, d := range docs {
		if s.docs[d.Kind+" "+d.Key].Revision != d.Revision {
			return store.ErrConflict
		}
	}
	for i := range docs {
		docs[i].Revision++
		kept := docs[i]
		kept.Body = bytes.Clone(kept.Body)
		s.docs[kept.Kind+" "+kept.Key] = kept
	}
	return nil
}

func (s *shelf) Document(_ context.Context, kind, key string) (store.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.docs[kind+" "+key]
	if !ok {
		return d, cmp.Or(s.err, store.ErrNotFound)
	}
	return d, s.err
}

func (s *shelf) list(keep func(store.Document) bool) []store.Document {
	var out []store.Document
	for _, d := range s.docs {
		if keep(d) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b store.Document) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

func (s *shelf) Documents(_ context.Context, kind, prefix, after string, limit int) ([]store.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.list(func(d store.Document) bool {
		return d.Kind == kind && strings.HasPrefix(d.Key, prefix) && d.Key > after
	})
	return out[:min(limit, len(out))], s.err
}

func (s *shelf) DueDocuments(_ context.Context, kind string, now time.Time, limit int) (docs []store.Document, next time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.list(func(d store.Document) bool { return d.Kind == kind && !d.Due.IsZero() })
	slices.SortStableFunc(all, func(a, b store.Document) int { return a.Due.Compare(b.Due) })
	n := 0
	for n < min(limit, len(all)) && !all[n].Due.After(now) {
		n++
	}
	if n < len(all) {
		next = all[n].Due
	}
	return all[:n], next, s.err
}

func (s *shelf) Delete(_ context.Context, docs []store.Document) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	for _, d := range docs {
		if old, ok := s.docs[d.Kind+" "+d.Key]; ok && old.Revision != d.Revision {
			return store.ErrConflict
		}
	}
	for _, d := range docs {
		delete(s.docs, d.Kind+" "+d.Key)
	}
	return nil
}

// board is what is published.
type board struct {
	mu      sync.Mutex
	topics  map[string]Topic
	stamp   int64
	changed []chan struct{}
}

func (b *board) Topics() map[string]int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]int64{}
	for url, t := range b.topics {
		out[url] = t.Stamp
	}
	return out
}

func (b *board) Topic(url string) (Topic, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.topics[url]
	return t, ok
}

func (b *board) Since(_ context.Context, url, tag string) []byte {
	return []byte("since " + tag)
}

// put publishes text; empty takes the topic away.
func (b *board) put(url, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stamp++
	if text == "" {
		delete(b.topics, url)
	} else {
		b.topics[url] = Topic{Version{"tag of " + text, b.stamp}, url, "application/atom+xml; charset=utf-8", []byte(text)}
	}
	for _, c := range b.changed {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// wires is the network: handlers by host.
type wires struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
	open  map[string]int // exchanges that run, by host
	most  int            // at one host, ever
}

func (w *wires) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	h := w.hosts[r.URL.Host]
	w.open[r.URL.Host]++
	w.most = max(w.most, w.open[r.URL.Host])
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.open[r.URL.Host]--
		w.mu.Unlock()
	}()
	if h == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return rec.Result(), nil
}

// reader is a subscriber.
type reader struct {
	mu       sync.Mutex
	asked    []url.Values // the hub's GETs
	got      []*http.Request
	bodies   []string
	times    []time.Time
	status   int           // of its answers to documents, 200 if zero
	intent   int           // ... to challenges
	word     string        // in place of the challenge
	header   http.Header   // of its answers
	patience time.Duration // it answers after that
}

func (s *reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	wait := s.patience
	s.mu.Unlock()
	select {
	case <-time.After(wait):
	case <-r.Context().Done():
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, v := range s.header {
		w.Header()[name] = v
	}
	if r.Method == http.MethodGet {
		s.asked = append(s.asked, r.URL.Query())
		w.WriteHeader(cmp.Or(s.intent, 200))
		_, _ = w.Write([]byte(cmp.Or(s.word, r.URL.Query().Get("hub.challenge"))))
		return
	}
	var b bytes.Buffer
	_, _ = b.ReadFrom(r.Body)
	s.got = append(s.got, r)
	s.bodies = append(s.bodies, b.String())
	s.times = append(s.times, time.Now())
	w.WriteHeader(cmp.Or(s.status, 200))
}

func (s *reader) set(f func(*reader)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

func (s *reader) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// room is a hub with everything around it, in a bubble of its own time.
type room struct {
	t     *testing.T
	hub   *Hub
	shelf *shelf
	board *board
	wires *wires
	stop  func()
}

const (
	self  = "https://news.example/hub"
	topic = "https://news.example/feeds/all.atom"
)

// inRoom runs a test in a bubble: time passes only when everybody waits for it.
func inRoom(t *testing.T, change func(*Options), f func(*testing.T, *room)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &room{
			t: t, shelf: newShelf(), board: &board{topics: map[string]Topic{}},
			wires: &wires{hosts: map[string]http.Handler{}, open: map[string]int{}},
		}
		r.board.put(topic, "one")
		r.hub, r.stop = r.open(change)
		synctest.Wait()
		f(t, r)
		r.stop()
	})
}

// open starts a hub on the room's store, as another process would.
func (r *room) open(change func(*Options)) (*Hub, func()) {
	o := Options{
		Store: r.shelf, Feeds: r.board, Out: r.wires, Address: self, Agent: "Test/1",
		Log: slog.New(slog.NewTextHandler(r.t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	h := New(o)
	ctx, cancel := context.WithCancel(r.t.Context())
	changed := make(chan struct{}, 1)
	r.board.mu.Lock()
	r.board.changed = append(r.board.changed, changed)
	r.board.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := h.Run(ctx, changed); err != nil {
			r.t.Error(err)
		}
	}()
	return h, func() {
		cancel()
		<-done
	}
}

// subscriber puts a reader at https://HOST/.
func (r *room) subscriber(host string) *reader {
	s := &reader{}
	r.wires.mu.Lock()
	defer r.wires.mu.Unlock()
	r.wires.hosts[host] = s
	return s
}

// ask sends a form to the hub: name, value, name, value.
func (r *room) ask(values ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i < len(values); i += 2 {
		form.Add("hub."+values[i], values[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, self, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	r.hub.ServeHTTP(w, req)
	return w
}

// subscribe asks for a subscription and waits until it was verified.
func (r *room) subscribe(callback string, more ...string) {
	r.t.Helper()
	w := r.ask(append([]string{"mode", "subscribe", "topic", topic, "callback", callback}, more...)...)
	if w.Code != http.StatusAccepted {
		r.t.Fatalf("subscribe: %d %s", w.Code, w.Body)
	}
	synctest.Wait()
}

// publish changes the topic and waits until all that runs is done.
func (r *room) publish(text string) {
	r.board.put(topic, text)
	synctest.Wait()
}

func (r *room) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// subs are the subscriptions that there are.
func (r *room) subs() []*Subscription {
	r.t.Helper()
	var out []*Subscription
	if err := List(r.t.Context(), r.shelf, func(s *Subscription) error { out = append(out, s); return nil }); err != nil {
		r.t.Fatal(err)
	}
	return out
}

func (r *room) wantSubs(n int) {
	r.t.Helper()
	if got := len(r.subs()); got != n {
		r.t.Errorf("%d subscriptions, want %d", got, n)
	}
}

func (r *room) wantTexts(s *reader, want ...string) {
	r.t.Helper()
	if got := s.texts(); fmt.Sprint(got) != fmt.Sprint(want) {
		r.t.Errorf("delivered %q, want %q", got, want)
	}
}
