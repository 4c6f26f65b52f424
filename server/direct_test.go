package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wireroom/feed"
)

// openServer puts a server on an address of its own.
func openServer(t *testing.T, s *Server) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// wireAnswer is an answer as it comes over the wire, without the clock's field.
func wireAnswer(t *testing.T, c net.Conn, r *bufio.Reader, request string) (status string, header textproto.MIMEHeader, body string) {
	t.Helper()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(r, &http.Request{Method: request[:strings.IndexByte(request, ' ')]})
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	if _, err := http.ParseTime(resp.Header.Get("Date")); err != nil {
		t.Errorf("%q: Date: %v", request, err)
	}
	resp.Header.Del("Date")
	return resp.Proto + " " + resp.Status, textproto.MIMEHeader(resp.Header), string(b)
}

// TestStraight asks two servers the same, of which one has the shortcut: the
// answers are equal in status, fields and body.
func TestStraight(t *testing.T) {
	t.Parallel()
	word, hash := secret(t)
	n := newNewsroom(t,
		feed.Channel{ID: "all", Title: "All", Language: "en", Former: []string{"everything"}},
		feed.Channel{ID: "desk", Title: "Desk", Language: "en", Readers: []feed.Reader{{Hash: hash}}})
	if err := n.pub.Set(t.Context(), feed.Site{BaseURL: n.srv.URL, Hub: n.srv.URL + HubPath, Stylesheet: Stylesheet(n.srv.URL), Retired: []string{"gone"}}, n.pub.current.Load().channels); err != nil {
		t.Fatal(err)
	}
	n.file(story("north", 1), story("south", 2))
	var straight, read atomic.Int64
	with := openServer(t, New(Options{
		Store: n.store, Publisher: n.pub,
		Straight: func(string, int, int64, time.Duration) { straight.Add(1) },
		Read: func(feed, agent string) {
			if read.Add(1); feed != "all" || agent != "" && agent != "x" {
				t.Errorf("%q was read by %q", feed, agent)
			}
		},
	}))
	without := openServer(t, New(Options{Store: n.store, Publisher: n.pub, Rate: 1e6})) // whoever limits asks net/http
	tag := n.pub.snapshotOf(t, "all", feed.RSS).Tag
	var requests []string
	for _, path := range []string{
		"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/all", "/feeds/all.exe", "/feeds/all.rss?source=north", "/feeds/all.rss?token=" + word,
		"/feeds/desk.rss", "/feeds/desk.rss?token=" + word, "/feeds/everything.rss", "/feeds/gone.rss", "/feeds/none.rss", "/", "/feeds.opml", "/healthz", "/feed.css",
		"/feeds/./all.rss", "/feeds//all.rss", "/feeds/%61ll.rss",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			for _, more := range []string{
				"", "Accept-Encoding: gzip\r\n", "Accept-Encoding: br;q=0.5, zstd\r\n", "Accept-Encoding: *;q=0\r\n", "accept-encoding:\r\n",
				"If-None-Match: \"" + tag + "\"\r\n", "If-None-Match: W/\"" + tag + "-br\", \"x\"\r\nAccept-Encoding: br\r\n", "If-None-Match: *\r\n", "If-None-Match: \"old\"\r\n",
				"If-None-Match: \"old\"\r\nA-IM: feed\r\n", "If-Modified-Since: Mon, 23 Nov 2099 00:00:00 GMT\r\n", "Sec-Fetch-Dest: document\r\n",
				"Authorization: Bearer " + word + "\r\n", "Accept: application/atom+xml\r\nUser-Agent: x\r\nCookie: a=b\r\n", "Connection: keep-alive\r\n",
			} {
				requests = append(requests, method+" "+path+" HTTP/1.1\r\nHost: news.example\r\n"+more+"\r\n")
			}
		}
	}
	dial := func(addr string) (net.Conn, *bufio.Reader) {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		return c, bufio.NewReader(c)
	}
	for _, request := range requests {
		a, ar := dial(with)
		b, br := dial(without)
		for range 2 { // the second is from what was learnt by the first
			status, header, body := wireAnswer(t, a, ar, request)
			wantStatus, wantHeader, wantBody := wireAnswer(t, b, br, request)
			if status != wantStatus || body != wantBody || fmt.Sprint(header) != fmt.Sprint(wantHeader) {
				t.Errorf("%q:\n got %s %v, %d bytes\nwant %s %v, %d bytes", request, status, header, len(body), wantStatus, wantHeader, len(wantBody))
			}
		}
		a.Close()
		b.Close()
	}
	// Three documents, two methods, nine conditions and wishes that are simple, and
	// the two headers that change nothing, twice each.
	if got, want := straight.Load(), int64(3*2*11*2); got != want {
		t.Errorf("%d answers came straight, want %d", got, want)
	} else if read.Load() != want/2 {
		t.Errorf("%d readings were noted of %d", read.Load(), want/2)
	}
}

// TestStraightFollows: a change is served at once, and an old ETag is no longer
// good, while many ask.
func TestStraightFollows(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 0))
	addr := openServer(t, New(Options{Store: n.store, Publisher: n.pub}))
	var asking sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				resp, err := http.Get("http://" + addr + "/feeds/all.rss")
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != 200 || !strings.HasSuffix(string(body), "</rss>\n") {
					t.Errorf("%s, %d bytes: %v", resp.Status, len(body), err)
				}
			}
		})
	}
	old := ""
	for i := 1; i < 20; i++ {
		n.file(story("north", i))
		req, err := http.NewRequest("GET", "http://"+addr+"/feeds/all.rss", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", old)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 200 || !strings.Contains(string(body), fmt.Sprintf("Story %d of", i)) || resp.Header.Get("ETag") == old {
			t.Errorf("after change %d: %s, ETag %s after %s", i, resp.Status, resp.Header.Get("ETag"), old)
		}
		old = resp.Header.Get("ETag")
	}
	stop()
	asking.Wait()
}

func TestNegotiatedIsBounded(t *testing.T) {
	t.Parallel()
	var n negotiated
	for i := range 3 * maxNegotiated {
		if got := codings[n.coding(fmt.Appendf(nil, "gzip;q=0.%03d", i+1))]; got != "gzip" {
			t.Fatalf("%d: %q", i, got)
		}
		if len(*n.known.Load()) > maxNegotiated {
			t.Fatalf("%d are remembered", len(*n.known.Load()))
		}
	}
}
