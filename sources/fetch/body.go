package fetch

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/cespare/xxhash/v2"
)

// bounded reads one body to its end or to one of its limits.
type bounded struct {
	pools   *pools
	in      counter
	labels  []string // Content-Encoding
	limits  Limits
	hint    int64 // how long the body says it is; not trusted
	cut     bool  // end at a limit instead of failing
	repairs []string

	decoded   int64
	truncated bool
	trailing  bool // bytes follow the compressed body
}

// counter counts and bounds what comes over the wire.
type counter struct {
	r   io.Reader
	n   atomic.Int64 // also read by the watch over the speed
	max int64
	err error // what ended the stream, if not its end

	ahead []byte // was read already, is still to be given
	after error  // what ended the stream behind that
}

// used is how much of the wire was given to whoever decodes it.
func (c *counter) used() int64 { return c.n.Load() - int64(len(c.ahead)) }

var (
	errWire    = errors.New("the body is larger than the limit: the publisher may offer a shorter feed")
	errDecoded = errors.New("the body is larger than the limit once decompressed: the publisher may offer a shorter feed")
	errRatio   = errors.New("the body grows too much when decompressed: it looks like a compression bomb")
)

func (c *counter) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	if len(c.ahead) > 0 {
		n := copy(p, c.ahead)
		c.ahead = c.ahead[n:]
		return n, nil
	}
	if c.after != nil {
		if c.after != io.EOF {
			c.err = c.after
		}
		return 0, c.after
	}
	if left := c.max + 1 - c.n.Load(); int64(len(p)) > left {
		p = p[:left]
	}
	n, err := c.r.Read(p)
	switch total := c.n.Add(int64(n)); {
	case total > c.max:
		c.err = errWire
		return n - int(total-c.max), c.err
	case err != nil && err != io.EOF:
		c.err = err
	}
	return n, err
}

// read returns the decoded body. Beside an error it returns what was decoded
// until then; an error of the connection is returned as it came.
func (b *bounded) read() (body []byte, err error) {
	label, err := labelled(b.labels)
	if err != nil {
		return nil, err
	}
	in := b.pools.reader(&b.in)
	defer b.pools.putReader(in)
	head, _ := in.Peek(sniffed)
	if len(head) == 0 && b.in.err != nil {
		return nil, b.in.err
	}
	coding, repair, err := actual(label, head)
	if err != nil {
		return nil, err
	}
	if repair != "" {
		b.repairs = append(b.repairs, repair)
	}
	if coding == "gzip" && b.hint <= maxAhead {
		if body := b.atOnce(in); body != nil {
			return body, compressedAgain(body)
		}
	}
	r, release, err := b.pools.decode(coding, in)
	defer release()
	if err != nil {
		return nil, b.broken(err)
	}
	body, err = b.fill(r)
	if err == nil && b.in.err == errWire && !b.cut { // met between two gzip members
		err = errWire
	}
	if err != nil {
		return body, err
	}
	if coding == "" {
		return body, nil
	}
	if err := compressedAgain(body); err != nil {
		return body, err
	}
	if b.truncated {
		return body, nil
	}
	// The peek also lets the connection see its end, so that it can be used again.
	if rest, _ := in.Peek(1); len(rest) > 0 || b.trailing {
		b.repairs = append(b.repairs, RepairTrailing)
	}
	return body, nil
}

// fill reads r, the decoded side, into a pooled buffer.
func (b *bounded) fill(r io.Reader) ([]byte, error) {
	body := b.pools.buffer(b.hint)
	for {
		if len(body) == cap(body) {
			body = b.pools.grow(body, int(b.limits.Decoded)+1)
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		b.decoded = int64(len(body))
		if over := b.over(); over != nil {
			if b.cut {
				return body[:min(b.decoded, b.limits.Decoded)], nil
			}
			return body, over
		}
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return body, b.broken(err)
		}
	}
}

func (b *bounded) over() error {
	switch {
	case b.decoded > b.limits.Decoded:
		return errDecoded
	case b.decoded > ratioFrom && b.decoded > b.limits.Ratio*b.in.used():
		return errRatio
	}
	return nil
}

// broken says what an error of the decoded side means: the connection's own
// error, a body that ended too early (no error: the truncated flag), or bytes
// that are not of the coding.
func (b *bounded) broken(err error) error {
	switch {
	case b.in.err == errWire && b.cut:
		return nil
	case b.in.err != nil:
		return b.in.err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		b.truncated = true
		return nil
	case isTrailing(err) && b.decoded > 0:
		b.trailing = true
		return nil
	}
	return &codingError{reason: "the body can't be decompressed: the publisher must mend it", err: err}
}

// bound prepares the reading of a response's body.
func (x *exchange) bound(res *http.Response, limits Limits) *bounded {
	b := &bounded{pools: &x.client.pools, labels: res.Header["Content-Encoding"], limits: limits, hint: res.ContentLength}
	b.in.r, b.in.max = res.Body, limits.Wire
	return b
}

// readBody makes the document's body the response's part.
func (x *exchange) readBody(res *http.Response) error {
	b := x.bound(res, x.limits)
	b.cut = x.cut
	stop := x.watch(&b.in.n, res.Body)
	body, err := b.read()
	stop()
	x.res.Wire, x.res.Decoded = b.in.n.Load(), b.decoded
	for _, repair := range b.repairs {
		x.res.repaired(repair)
	}
	if err != nil && x.isBreak(err) && len(body) > 0 {
		b.truncated, err = true, nil
	}
	if err == nil && b.truncated && len(body) == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		x.client.pools.putBuffer(body)
		return x.bodyError(err)
	}
	if b.truncated {
		x.res.repaired(RepairTruncated)
		x.res.Truncated = true
		x.res.ETag, x.res.LastModified = "", ""
	}
	x.res.Parts = []Part{{Body: body, Hash: xxhash.Sum64(body), ContentType: x.res.ContentType}}
	return nil
}

func (x *exchange) bodyError(err error) error {
	var coding *codingError
	switch {
	case errors.Is(err, errWire), errors.Is(err, errDecoded), errors.Is(err, errRatio):
		return x.error(KindTooLarge, err.Error(), err)
	case errors.As(err, &coding):
		return x.error(KindEncoding, coding.reason, err)
	}
	return x.failed(err)
}

// isBreak reports whether a body ended by a broken connection, so that what came
// is worth reading; one that was given up for its slowness is not.
func (x *exchange) isBreak(err error) bool {
	if x.ctx.Err() != nil || x.isSlow() || x.late() {
		return false
	}
	var coding *codingError
	if errors.As(err, &coding) || errors.Is(err, errWire) || errors.Is(err, errDecoded) || errors.Is(err, errRatio) {
		return false
	}
	kind, _ := classify(err)
	return kind == KindConnect || kind == KindProtocol
}

// watch breaks the reading of the body if, after Timeouts.Patience, the body has come slower
// than minSpeed on average.
func (x *exchange) watch(n *atomic.Int64, body io.Reader) (stop func() bool) {
	b, ok := body.(breakable)
	if !ok { // there is none
		return func() bool { return false }
	}
	const tick = time.Second
	elapsed := x.client.opt.Timeouts.Patience
	slow := new(atomic.Bool) // of its own, because x may be another exchange before the timer sees that it was stopped
	x.slow = slow
	var timer *time.Timer
	ready := make(chan struct{})
	timer = time.AfterFunc(elapsed, func() {
		<-ready
		if n.Load() < int64(elapsed.Seconds()*minSpeed) {
			slow.Store(true)
			b.Break()
			return
		}
		elapsed += tick
		timer.Reset(tick)
	})
	close(ready)
	return timer.Stop
}

func (x *exchange) isSlow() bool { return x.slow != nil && x.slow.Load() }
