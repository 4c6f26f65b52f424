package fetch

import (
	"context"
	"net/http"
	"sync"
)

// Client makes exchanges. It is safe for concurrent use; one serves a whole
// process, because it holds the connections that can be used again.
type Client struct {
	opt       Options
	agent     string // the User-Agent of a source of which we say nothing more
	contact   string
	transport *transport
	robots    *robotsCache
	pools     pools
	spare     sync.Pool // of *exchange
}

// New makes a Client or says which option can't be.
func New(o Options) (*Client, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	c := &Client{opt: o, agent: o.Product, contact: contactNote(o.Contact), transport: newTransport(o)}
	if c.contact != "" {
		c.agent += " (" + c.contact + ")"
	}
	c.robots = newRobotsCache()
	return c, nil
}

// RoundTripper is the guarded way out for calls that are no fetch, such as those
// to a WebSub hub. It bounds headers and the phases up to them, not the body and
// not the whole: that is the caller's to do.
func (c *Client) RoundTripper() http.RoundTripper { return c.transport }

// Close closes the connections kept for reuse.
func (c *Client) Close() { c.transport.close() }

// Get fetches one document.
//
// The error is an *Error. Where a server answered, the Response is there beside
// an error too, without a body: it tells the status, the redirects, what the
// exchange cost and when to come again.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	return c.get(ctx, r, false)
}

// get is Get; with cut, a body over the limit is cut there instead of refused.
func (c *Client) get(ctx context.Context, r Request, cut bool) (*Response, error) {
	x, ok := c.spare.Get().(*exchange)
	if !ok {
		x = &exchange{header: make(http.Header)}
	}
	defer func() {
		x.again()
		c.spare.Put(x)
	}()
	if err := x.begin(ctx, c, &r); err != nil {
		return nil, err
	}
	x.cut = cut
	err := x.run()
	x.res.Took = c.opt.Now().Sub(x.started)
	if err != nil {
		x.res.Release()
		x.res.Parts = nil
		if x.res.Status == 0 {
			return nil, err
		}
		return x.res, err
	}
	return x.res, nil
}
