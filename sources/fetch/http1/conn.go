package http1

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// conn is one connection. While it is idle it is only that.
type conn struct {
	net.Conn
	raw    net.Conn // under TLS
	client *Client
	place  place
	since  time.Time // idle
	pooled links

	buf  *buffer
	head int64 // bytes read of the answer's head
	stop func() bool
}

// past is a deadline that ends every read and write.
var past = time.Unix(1, 0)

// exchange writes a request and reads the head of its answer. After an error the
// connection is closed.
func (cn *conn) exchange(ctx context.Context, u *url.URL, fields []Field) (*http.Response, error) {
	cn.buf, cn.head = cn.client.buffer(), 0
	cn.buf.in.Reset(cn.Conn)
	cn.buf.text = appendRequest(cn.buf.text[:0], u, fields)
	res, err := cn.answer(ctx)
	if err != nil {
		cn.end(false)
		return nil, err
	}
	return res, nil
}

func (cn *conn) answer(ctx context.Context) (*http.Response, error) {
	// Whoever ends the context ends what waits: reading, writing, the body.
	cn.stop = context.AfterFunc(ctx, func() { _ = cn.SetDeadline(past) })
	err := cn.SetDeadline(time.Now().Add(cn.client.Headers))
	if err == nil && ctx.Err() != nil { // the deadline was set after it had ended
		err = ctx.Err()
	}
	if err == nil {
		_, err = cn.Write(cn.buf.text)
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
	if res.Body != http.NoBody { // from here on ctx alone bounds it
		_ = cn.SetDeadline(time.Time{}) // fails where the other side is gone: reading tells
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return res, nil
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
	cn.buf = nil
	whole = cn.stop() && whole && buf.in.Buffered() == 0
	cn.client.putBuffer(buf)
	if whole && cn.SetDeadline(time.Time{}) == nil {
		cn.client.pool.put(cn, cn.client)
		return
	}
	cn.Close()
}

// fresh reports whether an idle connection is as it was left: not closed by the
// server, and nothing has come over it that nobody asked for.
func (cn *conn) fresh() bool {
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
	if b.cn != nil {
		b.cn.end(b.keep && b.err == io.EOF)
		b.cn, b.err = nil, errClosed
	}
	return nil
}
