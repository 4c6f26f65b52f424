package shortcut

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"
)

// conn is a connection on which only simple requests came so far.
type conn struct {
	net.Conn
	l   *Listener
	buf []byte // what was read and not yet answered
	out []byte

	idleUntil time.Time // the deadline for reading that is set
	sendUntil time.Time // the deadline for writing that is set
}

// slack is how much earlier than promised a deadline may come: setting one costs
// as much as a good part of an answer.
const slack = 5 * time.Second

// smallBody is the size up to which a body is copied beside its head, to be sent
// in one piece.
const smallBody = 8 << 10

// serve answers until something comes that is net/http's.
func (c *conn) serve() {
	var r Request
	fill := make([]byte, 0, maxHead)
	c.buf = fill
	for {
		n, v := parse(c.buf, &r)
		switch v {
		case simple:
			if a, ok := c.l.opt.Answer(&r); ok {
				if !c.send(&r, a) || c.l.stopped() {
					c.end()
					return
				}
				c.buf = append(fill[:0], c.buf[n:]...)
				continue
			}
			c.handOver()
			return
		case other:
			c.handOver()
			return
		}
		if !c.read() {
			c.end()
			return
		}
	}
}

// read takes in more bytes; false means that there are none.
func (c *conn) read() bool {
	now := time.Now()
	switch {
	case len(c.buf) > 0: // the head began: it has to be whole soon
		c.idleUntil = now.Add(c.l.opt.HeadTimeout)
		_ = c.SetReadDeadline(c.idleUntil) // a connection that is broken fails when it is read
	case c.idleUntil.Before(now.Add(c.l.opt.IdleTimeout - slack)):
		c.idleUntil = now.Add(c.l.opt.IdleTimeout)
		_ = c.SetReadDeadline(c.idleUntil)
		if c.l.stopped() { // Close may have set a deadline of its own just before
			return false
		}
	}
	n, err := c.Conn.Read(c.buf[len(c.buf):cap(c.buf)])
	c.buf = c.buf[:len(c.buf)+n]
	return n > 0 || err == nil
}

// send sends an answer; false means that the connection is of no more use.
func (c *conn) send(r *Request, a Answer) bool {
	now := time.Now()
	if c.sendUntil.Before(now.Add(c.l.opt.WriteTimeout - slack)) {
		c.sendUntil = now.Add(c.l.opt.WriteTimeout)
		_ = c.SetWriteDeadline(c.sendUntil)
	}
	c.out = append(c.out[:0], a.Head...)
	c.out = append(c.out, c.l.dates.line(now)...)
	body := a.Body
	if r.Head {
		body = nil
	}
	headLen := int64(len(c.out))
	var n int64
	var err error
	if len(body) <= smallBody {
		c.out = append(c.out, body...)
		var m int
		m, err = c.Write(c.out)
		n = int64(m)
	} else {
		parts := net.Buffers{c.out, body}
		n, err = parts.WriteTo(c.Conn)
	}
	if c.l.opt.Done != nil {
		c.l.opt.Done(r, a.Status, max(0, n-headLen), time.Since(now))
	}
	return err == nil
}

// end closes the connection.
func (c *conn) end() {
	_ = c.Close() // nothing more to say to whoever is there
	c.l.leave(c)
}

// handOver gives the connection to net/http, with what was read of it.
func (c *conn) handOver() {
	_ = c.SetDeadline(time.Time{})
	c.l.leave(c)
	c.l.pass(&begun{Conn: c.Conn, read: c.buf})
}

// begun is a connection of which something was read already.
type begun struct {
	net.Conn
	read []byte
}

// Read implements net.Conn.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.read) > 0 {
		n := copy(p, b.read)
		if b.read = b.read[n:]; len(b.read) == 0 {
			b.read = nil
		}
		return n, nil
	}
	return b.Conn.Read(p)
}

// CloseWrite is what net/http looks for before it closes on a client that still
// sends.
func (b *begun) CloseWrite() error {
	if c, ok := b.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}

// transient reports an error of Accept after which others succeed.
func transient(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ECONNABORTED) ||
		errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM)
}

// dates makes the Date field, once a second.
type dates struct{ last atomic.Pointer[dated] }

type dated struct {
	second int64
	line   []byte // with the empty line that ends the head
}

func (d *dates) line(now time.Time) []byte {
	s := now.Unix()
	if l := d.last.Load(); l != nil && l.second == s {
		return l.line
	}
	l := &dated{s, []byte("Date: " + now.UTC().Format(http.TimeFormat) + "\r\n\r\n")}
	d.last.Store(l)
	return l.line
}
