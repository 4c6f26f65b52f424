package shortcut

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// hall is a net/http server behind a shortcut that knows /known only.
type hall struct {
	t        *testing.T
	addr     string
	hs       *http.Server
	l        *Listener
	straight atomic.Int64
	handled  atomic.Int64
	done     chan error
}

var large = strings.Repeat("large ", 100_000)

func newHall(t *testing.T, change func(*Options)) *hall {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{t: t, addr: ln.Addr().String(), done: make(chan error, 1)}
	o := Options{
		Answer: func(r *Request) (Answer, bool) {
			switch string(r.Path) {
			case "/known":
				return Answer{200, []byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), []byte("known")}, true
			case "/large":
				return Answer{200, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n", len(large)), []byte(large)}, true
			}
			return Answer{}, false
		},
		Done:        func(*Request, int, int64, time.Duration) { h.straight.Add(1) },
		HeadTimeout: 5 * time.Second, WriteTimeout: 20 * time.Second, IdleTimeout: 20 * time.Second,
	}
	if change != nil {
		change(&o)
	}
	h.l = Listen(ln, o)
	h.hs = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.handled.Add(1)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL, body)
	})}
	go func() { h.done <- h.hs.Serve(h.l) }()
	t.Cleanup(func() { h.hs.Close() })
	return h
}

func (h *hall) dial() (net.Conn, *bufio.Reader) {
	h.t.Helper()
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c, bufio.NewReader(c)
}

func (h *hall) answer(r *bufio.Reader, method string) (int, string) {
	h.t.Helper()
	resp, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := http.ParseTime(resp.Header.Get("Date")); err != nil {
		h.t.Errorf("Date: %v", err)
	}
	return resp.StatusCode, string(body)
}

func (h *hall) want(r *bufio.Reader, method, body string) {
	h.t.Helper()
	if _, got := h.answer(r, method); got != body {
		h.t.Errorf("%.60q, want %.60q", got, body)
	}
}

func get(path string, more ...string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + strings.Join(more, "") + "\r\n"
}

// TestOneConnection: simple requests are answered straight, also many at once
// and in pieces, until one is not; from then on net/http has the connection.
func TestOneConnection(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	c, r := h.dial()
	fmt.Fprint(c, get("/known")+get("/known")+"HEAD /known HTTP/1.1\r\nHost: a\r\n\r\n"+get("/large")+get("/known"))
	for _, m := range []string{"GET", "GET", "HEAD"} {
		want := "known"
		if m == "HEAD" {
			want = ""
		}
		h.want(r, m, want)
	}
	h.want(r, "GET", large)
	h.want(r, "GET", "known")
	for _, b := range []byte(get("/known")) {
		if _, err := c.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	h.want(r, "GET", "known")
	if s, n := h.straight.Load(), h.handled.Load(); s != 6 || n != 0 {
		t.Errorf("%d straight, %d handled", s, n)
	}
	fmt.Fprint(c, get("/known")+"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"+get("/known")+get("/known?q=1"))
	h.want(r, "GET", "known")
	h.want(r, "POST", "POST /x body")
	h.want(r, "GET", "GET /known ") // net/http's own answer
	h.want(r, "GET", "GET /known?q=1 ")
	if s, n := h.straight.Load(), h.handled.Load(); s != 7 || n != 3 {
		t.Errorf("%d straight, %d handled", s, n)
	}
}

func TestOthers(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	for in, want := range map[string]int{
		get("/unknown"):                                            200,
		get("/known", "Connection: close\r\n"):                     200,
		get("/known", "Cookie: "+strings.Repeat("c", 8000)+"\r\n"): 200,
		"GET /known HTTP/1.1\r\n\r\n":                              400,
		"GET /known HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n":          400,
		"nonsense\r\n\r\n":                                         400,
	} {
		c, r := h.dial()
		fmt.Fprint(c, in)
		resp, err := http.ReadResponse(r, nil)
		if err != nil || resp.StatusCode != want {
			t.Errorf("%.60q: %v %v", in, resp, err)
		}
	}
	if n := h.straight.Load(); n != 0 {
		t.Errorf("%d answers straight", n)
	}
}

// TestTimeouts: who sends a head slowly, or nothing at all, does not stay.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(o *Options) { o.HeadTimeout, o.IdleTimeout = 100*time.Millisecond, slack+200*time.Millisecond })
	c, r := h.dial()
	fmt.Fprint(c, "GET /kno")
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("half a head: %v", err)
	}
	c, r = h.dial()
	fmt.Fprint(c, get("/known"))
	h.want(r, "GET", "known")
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("idle: %v", err)
	}
	waitEmpty(t, h.l)
}

func waitEmpty(t *testing.T, l *Listener) {
	t.Helper()
	for range 200 {
		l.mu.Lock()
		n := len(l.open)
		l.mu.Unlock()
		if n == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("connections are still kept")
}

// TestShutdown: what rests is closed, what is being sent is finished, and who
// does not read is cut off in the end.
func TestShutdown(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	idle, idleReader := h.dial()
	fmt.Fprint(idle, get("/known"))
	h.want(idleReader, "GET", "known")
	handled, handledReader := h.dial()
	fmt.Fprint(handled, get("/unknown"))
	h.want(handledReader, "GET", "GET /unknown ")
	busy, busyReader := h.dial()
	for range 100 { // more than fits into any buffer on the way
		fmt.Fprint(busy, get("/large"))
	}
	time.Sleep(100 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := h.hs.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-h.done; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if _, err := idleReader.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("at rest: %v", err)
	}
	waited := make(chan error, 1)
	go func() { waited <- h.l.Wait(ctx) }()
	h.want(busyReader, "GET", large)
	for {
		if _, err := busyReader.Discard(1 << 16); err != nil {
			break
		}
	}
	if err := <-waited; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", h.addr); err == nil {
		t.Error("it still listens")
	}

	h = newHall(t, nil)
	stuck, _ := h.dial()
	for range 100 {
		fmt.Fprint(stuck, get("/large"))
	}
	time.Sleep(100 * time.Millisecond)
	short, cancel2 := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel2()
	if err := h.hs.Shutdown(short); err != nil {
		t.Error(err)
	}
	if err := h.l.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who does not read: %v", err)
	}
}

func BenchmarkConnection(b *testing.B) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	l := Listen(ln, Options{
		Answer: func(*Request) (Answer, bool) {
			return Answer{200, []byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), []byte("known")}, true
		},
		HeadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: time.Minute,
	})
	defer l.Close()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	in, out := []byte(get("/known")), make([]byte, 4096)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(in); err != nil {
			b.Fatal(err)
		}
		if _, err := c.Read(out); err != nil {
			b.Fatal(err)
		}
	}
}
