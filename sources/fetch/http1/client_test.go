package http1

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// host is a server that answers as it is told, and how often it was dialled.
type host struct {
	*Client
	url   *url.URL
	dials atomic.Int64
}

// serve has f answer on each connection, of which n is the number.
func serve(t testing.TB, f func(c net.Conn, n int64)) *host {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for n := int64(1); ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); f(c, n) }()
		}
	}()
	h := &host{url: parsed(t, "http://"+l.Addr().String()+"/")}
	h.Client = dial(nil)
	h.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		h.dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	t.Cleanup(h.Close)
	return h
}

// hear reads one request.
func hear(c net.Conn) bool {
	end := ""
	buf := make([]byte, 1024)
	for end != "\r\n\r\n" {
		n, err := c.Read(buf)
		if err != nil {
			return false
		}
		end += string(buf[:n])
		end = end[max(0, len(end)-4):]
	}
	return true
}

// get makes an exchange and reads the body.
func (h *host) get(t testing.TB) (string, error) {
	t.Helper()
	res, err := h.Get(t.Context(), Request{URL: h.url, Fields: []Field{{"User-Agent", "Test/1"}}})
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return string(b), err
}

const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

// Which connections are used again, and which are not.
func TestReuse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, answer, body string
		dials              int64 // of three exchanges
	}{
		{"length", hello, "hello", 1},
		{"not modified", "HTTP/1.1 304 Not Modified\r\n\r\n", "", 1},
		{"no content", "HTTP/1.1 204 No Content\r\n\r\n", "", 1},
		{"empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 1},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", 1},
		{"chunked with a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n", "hello", 3},
		{"chunked, then closed", "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", 3},
		{"told to close", "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n", "", 3},
		{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 3},
		{"odd", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello", 3},
		{"more than was announced", hello + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother", "hello", 3},
		{"a body after 304", "HTTP/1.1 304 Not Modified\r\n\r\n<html>", "", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := serve(t, func(c net.Conn, _ int64) {
				for hear(c) {
					if _, err := io.WriteString(c, tt.answer); err != nil {
						return
					}
				}
			})
			for range 3 {
				if body, err := h.get(t); err != nil || body != tt.body {
					t.Fatalf("%q, %v", body, err)
				}
			}
			if n := h.dials.Load(); n != tt.dials {
				t.Errorf("%d connections, want %d", n, tt.dials)
			}
		})
	}
}

// A kept connection that its server has closed, or over which something came that
// nobody asked for, is not used; nobody notices.
func TestKeptConnectionSpoilt(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]string{"closed": "", "unasked": hello, "a byte": "x", "408": "HTTP/1.1 408 Request Timeout\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoilt := make(chan struct{}, 10)
			h := serve(t, func(c net.Conn, n int64) {
				hear(c)
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d", n)
				time.Sleep(20 * time.Millisecond) // after the answer was read
				_, _ = io.WriteString(c, spoil)
				if spoil == "" {
					c.Close()
				}
				spoilt <- struct{}{}
				hear(c)
			})
			for want := range 2 {
				if body, err := h.get(t); err != nil || body != fmt.Sprint(want+1) {
					t.Fatalf("%q, %v", body, err)
				}
				<-spoilt
			}
		})
	}
}

// A kept connection that breaks at the moment of its use is replaced once; one that
// breaks in an answer is not, and neither is a new one.
func TestBrokenExchange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, last string // what comes of the second answer on the first connection
		bodies     []string
		fails      bool
	}{
		{"before the answer", "", []string{"hello", "hello"}, false},
		{"in the head", "HTTP/1.1 2", []string{"hello"}, true},
		{"in the body", hello[:len(hello)-2], []string{"hello"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := serve(t, func(c net.Conn, n int64) {
				for i := 0; hear(c); i++ {
					if n == 1 && i == 1 {
						_, _ = io.WriteString(c, tt.last)
						return
					}
					_, _ = io.WriteString(c, hello)
				}
			})
			for range tt.bodies {
				if body, err := h.get(t); err != nil || body != "hello" {
					t.Fatalf("%q, %v", body, err)
				}
			}
			if tt.fails {
				if body, err := h.get(t); err == nil || h.dials.Load() != 1 {
					t.Errorf("%q, %v after %d connections", body, err, h.dials.Load())
				}
			}
		})
	}
	t.Run("a new connection", func(t *testing.T) {
		t.Parallel()
		h := serve(t, func(c net.Conn, _ int64) { hear(c) })
		if _, err := h.get(t); !errors.Is(err, io.EOF) || h.dials.Load() != 1 {
			t.Errorf("%v after %d connections", err, h.dials.Load())
		}
	})
}

// The pool is bounded in all and for each host, and lets go of what nobody wants.
func TestPool(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Int64
		c := dial(nil)
		c.Idle = 5
		c.Dial = func(context.Context, string, string) (net.Conn, error) {
			mine, theirs := net.Pipe()
			open.Add(1)
			go func() {
				for hear(theirs) {
					_, _ = io.WriteString(theirs, "HTTP/1.1 304 Not Modified\r\n\r\n")
				}
				open.Add(-1)
			}()
			return mine, nil
		}
		get := func(host string) {
			t.Helper()
			if _, err := c.Get(t.Context(), Request{URL: parsed(t, "http://"+host+"/")}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		for i := range 20 {
			get(fmt.Sprintf("host%d.example", i))
		}
		if open.Load() != 5 || c.pool.count != 5 {
			t.Errorf("%d are open, %d kept, want 5", open.Load(), c.pool.count)
		}
		time.Sleep(30 * time.Second)
		get("host19.example")
		time.Sleep(31 * time.Second)
		synctest.Wait()
		if open.Load() != 1 {
			t.Errorf("%d are open, want the one that was used", open.Load())
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if open.Load() != 0 || c.pool.timer != nil || len(c.pool.byKey) != 0 {
			t.Errorf("%d are open, timer %v", open.Load(), c.pool.timer)
		}
		get("host0.example")
		c.Close()
		synctest.Wait()
		if open.Load() != 0 {
			t.Errorf("%d are open after Close", open.Load())
		}
	})
}

// Over TLS only what was asked for in time is taken, too, and the certificate is
// looked at.
func TestTLS(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5")
		if r.URL.Path == "/more" { // in one record with what comes unasked
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(c, strings.Replace(hello, "200 OK", "200 OK\r\nX: "+strings.Repeat("x", 3000), 1)+strings.Repeat(hello, 100))
				time.Sleep(time.Second)
				c.Close()
			}
			return
		}
		fmt.Fprintf(w, "%.5s", r.Proto[len("HTTP/"):]+"     ")
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	dials := 0
	c := dial(nil)
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	c.TLS, c.Handshake = s.Client().Transport.(*http.Transport).TLSClientConfig, time.Minute
	defer c.Close()
	get := func(path, want string) {
		t.Helper()
		if got := read(c.Get(t.Context(), Request{URL: parsed(t, s.URL+path)})); got.Body != want {
			t.Fatalf("%+v", got)
		}
	}
	get("/", "1.1  ")
	get("/", "1.1  ")
	if dials != 1 {
		t.Errorf("%d connections, want 1", dials)
	}
	get("/more", "hello")
	get("/", "1.1  ")
	if dials != 2 {
		t.Errorf("%d connections, want 2", dials)
	}
	stranger := c.TLS.Clone()
	stranger.RootCAs = nil
	d := dial(nil)
	d.Dial, d.TLS, d.Handshake = c.Dial, stranger, time.Minute
	var unknown *tls.CertificateVerificationError
	if _, err := d.Get(t.Context(), Request{URL: parsed(t, s.URL)}); !errors.As(err, &unknown) {
		t.Error(err)
	}
}

// What is kept holds no goroutine.
func TestIdleGoroutines(t *testing.T) {
	h := serve(t, func(c net.Conn, _ int64) {
		for hear(c) {
			_, _ = io.WriteString(c, hello)
		}
	})
	if _, err := h.get(t); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<20)
	if all := string(buf[:runtime.Stack(buf, true)]); strings.Contains(all, "http1.(*conn)") {
		t.Errorf("somebody waits on a connection:\n%s", all)
	}
}
