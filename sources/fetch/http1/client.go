// Package http1 is a lean client for what polling mostly is: GET over HTTP/1.1,
// a handful of header fields, an answer of a few hundred bytes, over a connection
// that is kept.
//
// net/http serves every case and pays for it in each: two goroutines a connection,
// channels, maps and timers a request. Here the caller's own goroutine writes and
// reads; an idle connection holds neither a goroutine nor a buffer, and whether it
// still lives is looked at when it is wanted again. An answer is read here only as
// far as it is in the strictest form; anything else in its head (obs-folds, bare
// line feeds, repeated lengths, other transfer codings, 1xx, HTTP/1.0 …) is handed,
// with all that was read of it, to net/http's own parser, so that there is one
// authority on what an answer means.
//
// It does not follow redirects, decode contents, or speak HTTP/2 or to proxies, and
// it connects only through the Dial that it is given.
package http1

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Client makes exchanges. Its fields are set before the first one; it is then safe
// for concurrent use.
type Client struct {
	Dial      func(ctx context.Context, network, address string) (net.Conn, error)
	TLS       *tls.Config
	Handshake time.Duration // for TLS
	Headers   time.Duration // from the request to the end of the answer's head
	MaxHeader int           // bytes of the answer's head

	// Connections that are kept: in all, of one host, and for how long.
	Idle        int
	IdlePerHost int
	IdleTimeout time.Duration

	pool    pool
	buffers sync.Pool // of *buffer
}

// buffer is what one exchange borrows.
type buffer struct {
	in   *bufio.Reader
	text []byte // the request, then the answer's head
}

const readSize = 4 << 10

func (c *Client) buffer() *buffer {
	if b, ok := c.buffers.Get().(*buffer); ok {
		return b
	}
	return &buffer{in: bufio.NewReaderSize(nil, readSize), text: make([]byte, 0, 1<<10)}
}

func (c *Client) putBuffer(b *buffer) {
	b.in.Reset(nil)
	if cap(b.text) <= 8<<10 {
		c.buffers.Put(b)
	}
}

// Close closes the connections that are kept.
func (c *Client) Close() { c.pool.closeAll() }

// timeoutError is a net.Error.
type timeoutError struct{ what string }

func (e *timeoutError) Error() string   { return "http1: " + e.what }
func (e *timeoutError) Timeout() bool   { return true }
func (e *timeoutError) Temporary() bool { return true }

// Request is what is asked for.
type Request struct {
	URL    *url.URL    // canonical
	Fields []Field     // valid; they are put into order
	Until  time.Time   // when the body must have been read; zero: whenever
	Header http.Header // what that of the answer is made in, to be used again; nil: a new one
}

// Get makes an exchange. The body of the answer must be closed; where it was read to
// its end, the connection is kept. The end of ctx ends the reading of the body, too; a
// body that is there has a method Break that does the same.
//
// A kept connection may have been closed by the server at the same moment: if it
// breaks before a byte of the answer, the request is made once more, on a new one.
func (c *Client) Get(ctx context.Context, r Request) (*http.Response, error) {
	place, now := place{r.URL.Scheme, r.URL.Host}, time.Now()
	for cn := c.pool.get(place, now, c.IdleTimeout); cn != nil; cn = c.pool.get(place, now, c.IdleTimeout) {
		res, err := cn.exchange(ctx, now, r)
		if err == errSpoilt {
			continue
		}
		if err == nil || !cn.unanswered(err) || ctx.Err() != nil {
			return res, err
		}
		break
	}
	cn, err := c.connect(ctx, r)
	if err != nil {
		return nil, err
	}
	cn.place = place
	return cn.exchange(ctx, time.Now(), r)
}

// connect makes a connection.
func (c *Client) connect(ctx context.Context, r Request) (*conn, error) {
	if !r.Until.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, r.Until)
		defer cancel()
	}
	u := r.URL
	port := u.Port()
	if port == "" {
		if port = "80"; u.Scheme == "https" {
			port = "443"
		}
	}
	raw, err := c.Dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" {
		return &conn{client: c, Conn: raw, raw: raw, direct: newDirect(raw)}, nil
	}
	config := c.TLS.Clone()
	config.ServerName, config.NextProtos = u.Hostname(), []string{"http/1.1"}
	sure := tls.Client(raw, config)
	limited, cancel := context.WithTimeout(ctx, c.Handshake)
	defer cancel()
	if err := sure.HandshakeContext(limited); err != nil {
		raw.Close()
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			err = &timeoutError{"TLS handshake timeout"}
		}
		return nil, err
	}
	return &conn{client: c, Conn: sure, raw: raw}, nil
}
