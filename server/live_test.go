package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// listener reads a stream.
type listener struct {
	t    *testing.T
	in   *bufio.Scanner
	last string // id of the last event
	resp *http.Response
}

func listen(t *testing.T, client *http.Client, url string, header ...string) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	l := &listener{t: t, in: bufio.NewScanner(resp.Body), resp: resp}
	if resp.StatusCode == http.StatusOK {
		if !l.in.Scan() || l.in.Text() != "retry: 5000" {
			t.Fatalf("%s begins with %q", url, l.in.Text())
		}
	}
	return l
}

// next are the headlines of the next event.
func (l *listener) next() string {
	l.t.Helper()
	for l.in.Scan() {
		line := l.in.Text()
		if id, ok := strings.CutPrefix(line, "id: "); ok {
			l.last = id
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var event struct {
			Count    int
			Articles []struct{ ID, Headline, URL string }
		}
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			l.t.Fatal(err)
		}
		out := fmt.Sprint(event.Count, ":")
		for _, a := range event.Articles {
			if !strings.HasPrefix(a.URL, "/articles/") || a.ID == "" {
				l.t.Errorf("article %+v", a)
			}
			out += " " + a.Headline
		}
		return out
	}
	return "end"
}

// fresh is an article that we see for the first time now.
func fresh(source string, i int) article.Record {
	r := story(source, i)
	r.FirstSeen = time.Now().UTC()
	return r
}

func TestLive(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "all", Title: "All", Language: "en"}, feed.Channel{ID: "secret", Readers: []feed.Reader{{Hash: "x"}}})
	n.file(story("north", 1), story("north", 2))
	client := n.srv.Client()
	all := listen(t, client, n.srv.URL+"/feeds/all/live")
	south := listen(t, client, n.srv.URL+"/feeds/all/live?source=south")
	if h := all.resp.Header; h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("header %v", h)
	}
	n.file(fresh("north", 3), again("north", 1)) // one new, one corrected
	if got := all.next(); got != "1: Story 3 of north" {
		t.Errorf("all: %s", got)
	}
	id := all.last
	time.Sleep(5 * time.Millisecond)
	n.file(fresh("south", 4))
	if got := all.next(); got != "1: Story 4 of south" {
		t.Errorf("all, again: %s", got)
	}
	if got := south.next(); got != "1: Story 4 of south" {
		t.Errorf("a query feed: %s", got)
	}
	// Somebody who was away, by the header or by the address of the page.
	if got := listen(t, client, n.srv.URL+"/feeds/all/live", "Last-Event-ID", id).next(); got != "1: Story 4 of south" {
		t.Errorf("back: %s", got)
	}
	if got := listen(t, client, n.srv.URL+"/feeds/all/live?seen="+id).next(); got != "1: Story 4 of south" {
		t.Errorf("from a page: %s", got)
	}
	page := n.get("/feeds/all", "Accept", "text/html")
	if want := `data-stream="/feeds/all/live?seen=` + all.last + `"`; !strings.Contains(page.body, want) {
		t.Errorf("the page has no %s", want)
	}
	for path, want := range map[string]int{"/feeds/nothing/live": 404, "/feeds/secret/live": 401, "/feeds/all/live?since=never": 400} {
		if a := n.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	if a := n.ask("HEAD", "/feeds/all/live"); a.status != 200 || a.header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("HEAD: %d", a.status)
	}
	n.handler.streams.close()
	n.handler.streams.close()
	if got := all.next(); got != "end" {
		t.Errorf("after the server stopped: %s", got)
	}
}

// TestLiveHTTP2: also through TLS and HTTP/2, past the server's own deadline.
func TestLiveHTTP2(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1))
	for _, http2 := range []bool{true, false} {
		srv := httptest.NewUnstartedServer(n.handler.Handler())
		srv.EnableHTTP2 = http2
		srv.Config.WriteTimeout = 200 * time.Millisecond
		srv.StartTLS()
		defer srv.Close()
		l := listen(t, srv.Client(), srv.URL+"/feeds/all/live")
		if (l.resp.ProtoMajor == 2) != http2 {
			t.Errorf("protocol %s", l.resp.Proto)
		}
		time.Sleep(400 * time.Millisecond)
		i := 2 + l.resp.ProtoMajor
		n.file(fresh("north", i))
		if got := l.next(); got != fmt.Sprintf("1: Story %d of north", i) {
			t.Errorf("%s, after the deadline: %s", l.resp.Proto, got)
		}
		l.resp.Body.Close()
	}
	for range 100 { // who has gone is forgotten
		if n.listening() == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%d listen still", n.listening())
}

func TestStreamsBound(t *testing.T) {
	t.Parallel()
	s := newStreams()
	who := netip.MustParsePrefix("192.0.2.1/32")
	for i := range clientStreams {
		if !s.enter(who) {
			t.Fatalf("stream %d of a client is refused", i)
		}
	}
	if s.enter(who) {
		t.Error("one client takes all it wants")
	}
	for i := range maxStreams - clientStreams {
		if !s.enter(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 32)) {
			t.Fatalf("client %d is refused", i)
		}
	}
	if s.enter(netip.MustParsePrefix("2001:db8::/64")) {
		t.Error("there is no bound")
	}
	s.leave(who)
	if !s.enter(who) || len(s.clients) == 0 {
		t.Error("who leaves makes no room")
	}

	n := newNewsroom(t)
	n.file(story("north", 1))
	n.handler.streams.count = maxStreams
	if a := n.get("/feeds/all/live"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("too many: %d", a.status)
	}
}

func TestTeller(t *testing.T) {
	t.Parallel()
	at := func(id string, minute int) newcomer {
		return newcomer{ID: id, seen: start.Add(time.Duration(minute) * time.Minute)}
	}
	ids := func(list []newcomer) (s string) {
		for _, a := range list {
			s += a.ID
		}
		return s
	}
	l := teller{known: map[string]bool{}}
	l.news([]newcomer{at("c", 12), at("b", 11), at("a", 10)})
	for _, k := range []struct {
		why  string
		list []newcomer
		want string
	}{
		{"nothing new", []newcomer{at("c", 12), at("b", 11), at("a", 10)}, ""},
		{"two new", []newcomer{at("e", 14), at("d", 13), at("c", 12)}, "ed"},
		{"an old one moves up when others leave", []newcomer{at("e", 14), at("a", 10), at("z", 3)}, ""},
		{"a slow poll is saved late", []newcomer{at("f", 14), at("e", 14)}, "f"},
	} {
		if got := ids(l.news(k.list)); got != k.want {
			t.Errorf("%s: %q, want %q", k.why, got, k.want)
		}
	}
}

// TestLiveShutdown: listeners don't hold the server up when it stops.
func TestLiveShutdown(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.handler.Serve(ctx, ln) }()
	l := listen(t, http.DefaultClient, "http://"+ln.Addr().String()+"/feeds/all/live")
	stop()
	if got := l.next(); got != "end" {
		t.Errorf("the stream goes on: %s", got)
	}
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(shutdownTime / 2):
		t.Error("the server waits for a listener")
	}
}
