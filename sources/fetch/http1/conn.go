package http1

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// conn is one connection. While it is idle it is only that.
type conn struct {
	net.Conn
	raw    net.Conn // under TLS
	direct *direct  // nil over TLS
	client *Client
	place  place
	since  time.Time // idle
	pooled links
	below  *conn // of the same place, idle for longer

	buf   *buffer
	head  int64     // bytes read of the answer's head
	until time.Time // when the exchange must have ended; zero: whenever
	into  http.Header
	stop  func() bool
}

// past is a deadline that ends every read and write.
var past = time.Unix(1, 0)

// errSpoilt says that a kept connection was closed by the server, or that something
// came over it that nobody asked for. Nothing was sent.
var errSpoilt = errors.New("http1: a kept connection is closed, or not as it was left")

// exchange writes a request and reads the head of its answer. After an error the
// connection is closed.
func (cn *conn) exchange(ctx context.Context, now time.Time, r Request) (*http.Response, error) {
	cn.buf, cn.head, cn.until, cn.into = cn.client.buffer(), 0, r.Until, r.Header
	cn.buf.in.Reset(cn)
	cn.buf.text = appendRequest(cn.buf.text[:0], r.URL, r.Fields)
	res, err := cn.answer(ctx, now)
	if err != nil {
		cn.end(false)
		return nil, err
	}
	return res, nil
}

func (cn *conn) answer(ctx context.Context, now time.Time) (*http.Response, error) {
	// Whoever ends the context ends what waits: reading, writing, the body.
	cn.stop = context.AfterFunc(ctx, func() { _ = cn.SetDeadline(past) })
	limit := now.Add(cn.client.Headers)
	if !cn.until.IsZero() && cn.until.Before(limit) {
		limit = cn.until
	}
	err := cn.SetDeadline(limit)
	if err == nil && ctx.Err() != nil { // the deadline was set after it had ended
		err = ctx.Err()
	}
	if err == nil {
		err = cn.send()
	}
	var res *http.Response
	if err == nil {
		res, err = cn.response()
	}
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &timeoutError{"timeout awaiting response headers"}
	default:
		return nil, err
	}
	if res.Body != http.NoBody {
		_ = cn.SetDeadline(cn.until) // fails where the other side is gone: reading tells
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return res, nil
}

// send writes the request. A direct connection does so when the answer is waited for.
func (cn *conn) send() error {
	if cn.direct != nil {
		cn.direct.out = cn.buf.text
		return nil
	}
	_, err := cn.Write(cn.buf.text)
	return err
}

// Read reads the answer.
func (cn *conn) Read(p []byte) (int, error) {
	if cn.direct == nil || cn.direct.out == nil {
		return cn.Conn.Read(p)
	}
	n, rest, err := cn.direct.ask(p)
	if err != nil || len(rest) == 0 {
		return n, err
	}
	if _, err := cn.Write(rest); err != nil {
		return 0, err
	}
	return cn.Conn.Read(p)
}

// unanswered reports whether an exchange broke before a byte of its answer.
func (cn *conn) unanswered(err error) bool {
	var timeout net.Error
	return cn.head == 0 && !(errors.As(err, &timeout) && timeout.Timeout())
}

// end ends an exchange: the connection is kept for the next one if it is whole, and
// closed if not.
func (cn *conn) end(whole bool) {
	buf := cn.buf
	if buf == nil {
		return
	}
	cn.buf, cn.into = nil, nil
	whole = cn.stop() && whole && buf.in.Buffered() == 0
	cn.client.putBuffer(buf)
	if whole && cn.SetDeadline(time.Time{}) == nil {
		if cn.direct != nil {
			cn.direct.kept = true
		}
		cn.client.pool.put(cn, cn.client)
		return
	}
	cn.Close()
}

// fresh reports whether an idle connection is as it was left: not closed by the
// server, and nothing has come over it that nobody asked for. A direct one looks when
// it asks.
func (cn *conn) fresh() bool {
	if cn.direct != nil {
		return true
	}
	if cn.Conn != cn.raw { // TLS may hold what came in one record with the answer
		var b [1]byte
		if cn.SetReadDeadline(past) != nil {
			return false
		}
		if n, err := cn.Read(b[:]); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return false
		}
		if cn.SetReadDeadline(time.Time{}) != nil {
			return false
		}
	}
	return alive(cn.raw)
}

// body is the body of an answer.
type body struct {
	mu      sync.Mutex // for Break
	cn      *conn
	from    io.Reader
	left    int64 // of a body that says how long it is; -1 otherwise
	chunked bool
	keep    bool // the connection is good for another exchange after the end
	err     error
}

func (b *body) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	if b.left >= 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	if b.left != 0 {
		n, err = b.from.Read(p)
	}
	if b.left >= 0 {
		b.left -= int64(n)
		switch {
		case b.left == 0:
			err = io.EOF
		case err == io.EOF:
			err = io.ErrUnexpectedEOF
		}
	}
	if err == io.EOF && b.chunked {
		var last bool
		last, err = trailer(b.cn.buf.in)
		b.keep = b.keep && last
	}
	b.err = err
	return n, err
}

var errClosed = errors.New("http1: read on closed body")

// Close keeps the connection if the body was read to its end.
func (b *body) Close() error {
	b.mu.Lock()
	cn := b.cn
	b.cn = nil
	b.mu.Unlock()
	if cn != nil {
		cn.end(b.keep && b.err == io.EOF)
		b.err = errClosed
	}
	return nil
}

// Break ends the reading of the body, for whoever waits in it. Others than the reader
// may call it, at any time.
func (b *body) Break() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cn != nil {
		_ = b.cn.SetDeadline(past) // fails where reading does
	}
}
