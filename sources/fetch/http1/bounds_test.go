package http1

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever calls an exchange off is heard at every point of it, and the connection is
// not used again.
func TestCanceled(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"before the answer": "", "in the head": "HTTP/1.1 200 OK\r\nX", "in the body": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", "in a chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				mine, theirs := net.Pipe()
				go func() {
					defer theirs.Close()
					hear(theirs)
					_, _ = io.WriteString(theirs, answer)
					_, _ = io.Copy(io.Discard, theirs)
				}()
				c := dial(mine)
				ctx, cancel := context.WithCancel(t.Context())
				began := time.Now()
				time.AfterFunc(time.Second, cancel)
				res, err := c.Get(ctx, Request{URL: parsed(t, "http://one.example/")})
				if err == nil {
					_, err = io.ReadAll(res.Body)
					res.Body.Close()
				}
				if err == nil || ctx.Err() == nil || time.Since(began) != time.Second {
					t.Errorf("%v after %v", err, time.Since(began))
				}
				if c.pool.count != 0 {
					t.Error("the connection was kept")
				}
			})
		})
	}
}

// An exchange ends when it must, and its body when it is broken off.
func TestEnds(t *testing.T) {
	t.Parallel()
	const begun = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"
	for name, answer := range map[string]string{"before the answer": "", "in the head": begun[:20], "in the body": begun, "broken off": begun} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := serve(t, func(c net.Conn, n int64) {
				hear(c)
				_, _ = io.WriteString(c, answer)
				hear(c)
			})
			const limit = 50 * time.Millisecond
			r := Request{URL: h.url}
			if name != "broken off" {
				r.Until = time.Now().Add(limit)
			}
			began := time.Now()
			res, err := h.Get(t.Context(), r)
			if err == nil {
				if name == "broken off" {
					time.AfterFunc(limit, res.Body.(interface{ Break() }).Break)
				}
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
				res.Body.(interface{ Break() }).Break() // too late: does nothing
			}
			var timeout net.Error
			if took := time.Since(began); !errors.As(err, &timeout) || !timeout.Timeout() || took < limit || took > 50*limit {
				t.Errorf("%v after %v", err, took)
			}
			if h.pool.count != 0 {
				t.Error("the connection was kept")
			}
		})
	}
}

// A request that the system takes in parts goes out whole.
func TestLongRequest(t *testing.T) {
	t.Parallel()
	h := serve(t, func(c net.Conn, _ int64) {
		time.Sleep(20 * time.Millisecond) // until it takes no more
		for hear(c) {
			_, _ = io.WriteString(c, hello)
		}
	})
	for range 2 {
		res, err := h.Get(t.Context(), Request{URL: h.url, Fields: []Field{{"X", strings.Repeat("x", 16<<20)}}})
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(res.Body); string(body) != "hello" || err != nil {
			t.Errorf("%q, %v", body, err)
		}
		res.Body.Close()
	}
	if n := h.dials.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

// A head may take its time and size, and no more.
func TestHeadBounds(t *testing.T) {
	t.Parallel()
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			mine, theirs := net.Pipe()
			go func() {
				hear(theirs)
				for _, b := range []byte("HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 1000)) {
					time.Sleep(time.Second)
					if _, err := theirs.Write([]byte{b}); err != nil {
						return
					}
				}
			}()
			began := time.Now()
			_, err := dial(mine).Get(t.Context(), Request{URL: parsed(t, "http://one.example/")})
			var timeout net.Error
			if !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(began) != time.Minute {
				t.Errorf("%v after %v", err, time.Since(began))
			}
			time.Sleep(time.Second) // until the server has noticed
		})
	})
	for name, line := range map[string]string{"many fields": "X: y\r\n", "a long value": "X: " + strings.Repeat("y", 100000), "hints": "\r\nHTTP/1.1 103 Early Hints\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat(line, 1+200_000/len(line))
			for _, first := range []string{"200 OK", "103 Early Hints"} {
				c := dial(newTape([]byte("HTTP/1.1 " + first + "\r\n" + text)))
				_, err := c.Get(t.Context(), Request{URL: parsed(t, "http://one.example/")})
				if want := name != "hints" || first != "200 OK"; errors.Is(err, errHeader) != want {
					t.Errorf("%s: %.100v", first, err)
				}
			}
		})
	}
}
