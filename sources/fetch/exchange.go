package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"wireroom/sources/fetch/http1"
)

// exchange is the state of one Get: a walk over at most Limits.Redirects hops to
// one answer.
type exchange struct {
	client  *Client
	req     Request
	ctx     context.Context // the caller's
	started time.Time
	until   time.Time // when all of it must have ended
	limits  Limits

	home     url.URL
	url      *url.URL // of the current hop, canonical
	at       string   // url as text
	seen     []string // the URLs of the hops before
	first    *url.URL // home, of the first hop: its origin alone may see secrets and validators
	validFor string   // the URL that the validators belong to

	conditional bool         // the current hop was sent validators
	cut         bool         // cut a body at the limit instead of refusing it
	slow        *atomic.Bool // the body's reading was broken off for it; nil: there is no body

	res    *Response
	space  [8]http1.Field
	header http.Header // of the answer, used again
}

// begin makes x, which is empty, an exchange.
func (x *exchange) begin(ctx context.Context, c *Client, r *Request) error {
	x.client, x.req, x.ctx, x.limits, x.res = c, *r, ctx, r.Limits.or(c.opt.Limits), &Response{pools: &c.pools}
	if u, ok := readCanonical(r.URL); ok {
		x.home, x.at = u, r.URL
	} else if err := x.read(r.URL); err != nil {
		return err
	}
	x.first, x.url = &x.home, &x.home
	x.validFor = x.at
	if r.ValidFor != "" && r.ValidFor != x.at {
		x.validFor = resolve(x.url, r.ValidFor)
	}
	x.started = c.opt.Now()
	x.until = time.Now().Add(c.opt.Timeouts.Total)
	return nil
}

// again makes x empty, for another exchange.
func (x *exchange) again() {
	h := x.header
	if len(h) > maxSpareFields {
		h = make(http.Header)
	}
	clear(h)
	*x = exchange{header: h}
}

// maxSpareFields is how large a header's memory may be to be used again.
const maxSpareFields = 64

// read reads the address that is asked for first, and takes the user info out of it.
func (x *exchange) read(address string) error {
	u, err := parseURL(address)
	if err != nil {
		return &Error{Kind: KindAddress, URL: Redact(address), Reason: err.Error(), Err: err}
	}
	if r := &x.req; u.User != nil && r.Username == "" && r.Password == "" {
		r.Username = u.User.Username()
		r.Password, _ = u.User.Password()
	}
	if err := canonical(u); err != nil {
		return &Error{Kind: KindAddress, URL: redactURL(u), Reason: err.Error(), Err: err}
	}
	x.home, x.at = *u, u.String()
	return nil
}

// run goes from hop to hop until there is an answer that is no redirect.
func (x *exchange) run() error {
	for {
		res, err := x.client.transport.get(x.ctx, http1.Request{URL: x.url, Fields: x.fields(), Until: x.until, Header: x.header})
		if err != nil {
			return x.failed(err)
		}
		x.res.URL = x.at
		x.res.Status = res.StatusCode
		if !isRedirect(res.StatusCode) {
			err = x.finish(res)
			res.Body.Close()
			return err
		}
		drain(res.Body)
		if err := x.follow(res); err != nil {
			return err
		}
	}
}

// finish takes in an answer that is no redirect.
func (x *exchange) finish(res *http.Response) error {
	x.takeHeader(res.Header)
	switch {
	case res.StatusCode == http.StatusNotModified:
		return x.notModified()
	case isChallengeHeader(res.Header):
		return x.status(res, KindChallenge)
	case res.StatusCode == http.StatusOK, res.StatusCode == http.StatusNonAuthoritativeInfo, res.StatusCode == http.StatusIMUsed:
		x.res.Delta = res.StatusCode == http.StatusIMUsed
		return x.readBody(res)
	default:
		return x.status(res, kindOfStatus(res.StatusCode))
	}
}

// takeHeader takes what any answer may say beside its body, a 304 too.
func (x *exchange) takeHeader(h http.Header) {
	now := x.client.opt.Now()
	x.res.ContentType = first(h["Content-Type"])
	x.res.ContentLanguage = first(h["Content-Language"])
	x.res.ContentLocation = resolve(x.url, first(h["Content-Location"]))
	x.res.Links = parseLinks(h["Link"], x.url)
	x.res.ETag = first(h["Etag"])
	x.res.LastModified = first(h["Last-Modified"])
	x.res.Freshness = freshness(h, now)
	x.res.RetryAfter = retryAfter(h, now)
}

// first is the value of a field, of which there may be none.
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (x *exchange) notModified() error {
	if !x.conditional {
		return x.error(KindProtocol, "the server said \"304 not modified\" to a request without validators: the publisher or a cache in between is misconfigured", nil)
	}
	x.res.NotModified = true
	x.res.ETag = orDefault(x.res.ETag, x.req.ETag)
	x.res.LastModified = orDefault(x.res.LastModified, x.req.LastModified)
	return nil
}

// drain reads the little that is left of an answer that nobody wants, so that its
// connection can be used again.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 4<<10) // an error closes the connection, no more
	body.Close()
}

// error makes an Error about the current hop.
func (x *exchange) error(kind Kind, reason string, err error) *Error {
	return &Error{Kind: kind, URL: redactURL(x.url), Status: x.res.Status, RetryAfter: x.res.RetryAfter, Reason: reason, Err: err}
}

// failed says what an error of the connection means.
func (x *exchange) failed(err error) error {
	switch {
	case x.ctx.Err() != nil:
		if errors.Is(x.ctx.Err(), context.DeadlineExceeded) {
			return x.error(KindTimeout, "no whole answer within the time that was given", x.ctx.Err())
		}
		return x.error(KindCanceled, "the fetch was called off", x.ctx.Err())
	case x.isSlow():
		return x.error(KindTimeout, "the body came slower than 1 KiB a second: the server is overloaded or holds on to connections; it is tried again later", err)
	case x.late():
		return x.error(KindTimeout, "no whole answer within "+x.client.opt.Timeouts.Total.String()+": it is tried again later", err)
	}
	kind, reason := classify(err)
	return x.error(kind, reason, err)
}

// late reports whether the exchange has taken all the time that it may.
func (x *exchange) late() bool { return !time.Now().Before(x.until) }
