package shortcut

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Answer is what a simple request gets.
type Answer struct {
	Status int    // as in the head
	Head   []byte // status line and fields, each line with its end; without Date
	Body   []byte
}

// Options of a Listener.
type Options struct {
	// Answer knows the answer to a request, or that net/http has to be asked. It
	// must not keep the request.
	Answer func(*Request) (Answer, bool)
	// Done, if set, is told of each answer that was sent, with the bytes of its body.
	Done func(r *Request, status int, body int64, took time.Duration)

	HeadTimeout  time.Duration // from the first byte of a request to the end of its head
	WriteTimeout time.Duration // of an answer
	IdleTimeout  time.Duration // between requests
}

// Listener accepts the connections that net/http has to serve.
type Listener struct {
	net.Listener
	opt   Options
	dates dates

	through chan net.Conn
	ended   chan struct{} // Accept of the listener beneath failed, with err
	err     error

	mu      sync.Mutex
	idle    *sync.Cond
	open    map[*conn]struct{}
	closing bool
}

// Listen begins to accept from ln.
func Listen(ln net.Listener, o Options) *Listener {
	l := &Listener{Listener: ln, opt: o, through: make(chan net.Conn), ended: make(chan struct{}), open: map[*conn]struct{}{}}
	l.idle = sync.NewCond(&l.mu)
	go l.run()
	return l
}

func (l *Listener) run() {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			var ne net.Error
			if errors.As(err, &ne) && ne.Timeout() {
				continue
			}
			if l.stopped() || !transient(err) {
				l.err = err
				close(l.ended)
				return
			}
			time.Sleep(10 * time.Millisecond) // too many open files: some will be closed
			continue
		}
		c := &conn{Conn: nc, l: l}
		if !l.enter(c) {
			_ = nc.Close() // nobody reads the answer any more
			continue
		}
		go c.serve()
	}
}

// Accept implements net.Listener: the next connection for net/http.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.through:
		return c, nil
	case <-l.ended:
		return nil, l.err
	}
}

// Close implements net.Listener: no connection is accepted any more, and those
// that are at rest are closed. Answers that are being sent are finished; Wait
// waits for them.
func (l *Listener) Close() error {
	l.mu.Lock()
	l.closing = true
	for c := range l.open {
		_ = c.SetReadDeadline(time.Unix(1, 0)) // it ends all the same when it is asked next
	}
	l.mu.Unlock()
	return l.Listener.Close()
}

// Wait waits after Close until the last answer is sent, or ctx ends; then it
// closes the connections.
func (l *Listener) Wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for c := range l.open {
			_ = c.Close()
		}
	})
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.open) > 0 {
		l.idle.Wait()
	}
	return ctx.Err()
}

func (l *Listener) stopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing
}

func (l *Listener) enter(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return false
	}
	l.open[c] = struct{}{}
	return true
}

func (l *Listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
	if len(l.open) == 0 {
		l.idle.Broadcast()
	}
}

// pass gives a connection to net/http.
func (l *Listener) pass(c net.Conn) {
	select {
	case l.through <- c:
	case <-l.ended:
		_ = c.Close() // net/http has stopped too
	}
}
