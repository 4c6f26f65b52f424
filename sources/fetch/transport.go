package fetch

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/net/http/httpproxy"

	"wireroom/sources/fetch/http1"
)

// transport is the one way out, whose every dial passes the guard, and which
// refuses by its address what a dial would not show. Below it are two: the lean one
// of package http1 for what can be asked for over HTTP/1.1, and net/http's for
// everything else, HTTP/2 and proxies above all.
type transport struct {
	guard    *guard
	resolver *net.Resolver
	http     *http.Transport
	lean     *http1.Client
	old      oldHosts
	lookup   time.Duration
	ports    []int
	proxyFor func(*url.URL) (*url.URL, error) // nil without a proxy
}

const (
	idleTimeout   = 90 * time.Second
	idlePerHost   = 2   // a host is asked one thing at a time; the second is for a page beside a feed
	tlsSessions   = 512 // remembered for resumption, a few KiB each
	streamBuffer  = 512 << 10
	connectBuffer = 1 << 20
)

func newTransport(o Options) *transport {
	t := &transport{
		guard:    newGuard(o.AllowNetworks, o.OwnAddresses, o.Ports),
		resolver: o.Resolver,
		lookup:   o.Timeouts.Dial,
		ports:    o.Ports,
	}
	t.http = &http.Transport{
		DialContext:            t.dialer(o),
		TLSHandshakeTimeout:    o.Timeouts.TLS,
		ResponseHeaderTimeout:  o.Timeouts.Headers,
		MaxResponseHeaderBytes: maxHeaderBytes,
		DisableCompression:     true, // bodies are decoded by us, through counters
		MaxIdleConns:           o.IdleConns,
		MaxIdleConnsPerHost:    idlePerHost,
		IdleConnTimeout:        idleTimeout,
		WriteBufferSize:        2 << 10, // a request is smaller
		ReadBufferSize:         4 << 10,
		Protocols:              new(http.Protocols),
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerStream:     streamBuffer,
			MaxReceiveBufferPerConnection: connectBuffer,
		},
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            o.RootCAs,
			ClientSessionCache: tls.NewLRUClientSessionCache(tlsSessions),
			Time:               o.Now,
		},
	}
	t.lean = &http1.Client{
		Dial: t.http.DialContext, TLS: t.http.TLSClientConfig,
		Handshake: o.Timeouts.TLS, Headers: o.Timeouts.Headers, MaxHeader: maxHeaderBytes,
		Idle: o.IdleConns, IdlePerHost: idlePerHost, IdleTimeout: idleTimeout,
	}
	t.http.Protocols.SetHTTP1(true)
	t.http.Protocols.SetHTTP2(true)
	if o.Proxy != nil {
		config := httpproxy.Config{HTTPProxy: o.Proxy.String(), HTTPSProxy: o.Proxy.String(), NoProxy: o.NoProxy}
		t.proxyFor = config.ProxyFunc()
		t.http.Proxy = func(r *http.Request) (*url.URL, error) { return t.proxyFor(r.URL) }
	}
	return t
}

// dialer makes the function behind every connection. Only the proxy, which the
// operator named, is dialled without the guard.
func (t *transport) dialer(o Options) func(context.Context, string, string) (net.Conn, error) {
	plain := &net.Dialer{Timeout: o.Timeouts.Dial, Resolver: o.Resolver}
	guarded := &net.Dialer{Timeout: o.Timeouts.Dial, Resolver: o.Resolver, Control: t.guard.control}
	viaProxy, direct := plain.DialContext, guarded.DialContext
	if o.Dial != nil {
		dial := func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, o.Timeouts.Dial)
			defer cancel()
			conn, err := o.Dial(ctx, network, address)
			if err != nil {
				return nil, &net.OpError{Op: "dial", Net: network, Err: err}
			}
			return conn, nil
		}
		direct = func(ctx context.Context, network, address string) (net.Conn, error) {
			if ap, err := netip.ParseAddrPort(address); err == nil {
				if err := t.guard.check(ap); err != nil {
					return nil, err
				}
			}
			return dial(ctx, network, address)
		}
		viaProxy = dial
	}
	if o.Proxy == nil {
		return direct
	}
	proxy := net.JoinHostPort(o.Proxy.Hostname(), proxyPort(o.Proxy))
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == proxy {
			return viaProxy(ctx, network, address)
		}
		return direct(ctx, network, address)
	}
}

func proxyPort(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	switch u.Scheme {
	case "https":
		return "443"
	case "socks5", "socks5h":
		return "1080"
	}
	return "80"
}

// RoundTrip makes one HTTP exchange without following anything. It is safe for
// addresses that strangers chose.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.precheck(r.Context(), r.URL); err != nil {
		return nil, err
	}
	return t.http.RoundTrip(r)
}

// get is RoundTrip for a GET, by the leaner of the ways that lead to the address. A body
// that is there is a breakable.
func (t *transport) get(ctx context.Context, r http1.Request) (*http.Response, error) {
	if err := t.precheck(ctx, r.URL); err != nil {
		return nil, err
	}
	sure := r.URL.Scheme == "https"
	if t.isLean(r.URL) {
		res, err := t.lean.Get(ctx, r)
		if err != nil && sure {
			t.old.forget(r.URL.Host) // it may have learnt
		}
		return res, err
	}
	h := make(http.Header, len(r.Fields))
	for _, f := range r.Fields {
		h[f.Name] = []string{f.Value}
	}
	ctx, cancel := context.WithDeadline(ctx, r.Until)
	u := *r.URL // it may be looked at after the exchange
	req := &http.Request{Method: http.MethodGet, URL: &u, Host: r.URL.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	res, err := t.http.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	if sure && res.ProtoMajor == 1 {
		t.old.add(r.URL.Host)
	}
	res.Body = &breakableBody{res.Body, cancel}
	return res, nil
}

// breakable is a body whose reading others than the reader can end, at any time.
type breakable interface{ Break() }

// breakableBody is one of net/http's, with what ends its exchange.
type breakableBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *breakableBody) Break() { b.cancel() }

func (b *breakableBody) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

// isLean reports whether package http1 can be used for u: no proxy is between, and
// the server is known not to speak HTTP/2.
func (t *transport) isLean(u *url.URL) bool {
	if u.Scheme == "https" && !t.old.has(u.Host) || strings.Contains(u.Host, "%") { // a zone
		return false
	}
	if t.proxyFor == nil {
		return true
	}
	via, err := t.proxyFor(u)
	return err == nil && via == nil
}

// close closes the connections that are kept.
func (t *transport) close() {
	t.http.CloseIdleConnections()
	t.lean.Close()
}

// oldHosts are those whose servers were found to speak HTTP/1.1 only, over TLS.
type oldHosts struct {
	mu   sync.Mutex
	list map[uint64]struct{} // hashes
}

const maxOldHosts = 1 << 14

func (o *oldHosts) has(host string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, ok := o.list[xxhash.Sum64String(host)]
	return ok
}

func (o *oldHosts) add(host string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.list == nil || len(o.list) >= maxOldHosts { // the rest is learnt again
		o.list = map[uint64]struct{}{}
	}
	o.list[xxhash.Sum64String(host)] = struct{}{}
}

func (o *oldHosts) forget(host string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.list, xxhash.Sum64String(host))
}

// precheck refuses what can be refused before a dial: other schemes, ports that
// no address is allowed on, and, where a proxy will dial in our stead, names that
// resolve to forbidden addresses.
func (t *transport) precheck(ctx context.Context, u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return &blockedError{u.Host, "only http and https are spoken"}
	}
	port := portOf(u)
	if len(t.guard.allowed) == 0 && !slices.Contains(t.ports, port) {
		return portBlocked(u.Host, u.Port())
	}
	if t.proxyFor == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.lookup)
	defer cancel()
	addrs, err := t.resolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return err
	}
	for _, a := range addrs {
		if err := t.guard.check(netip.AddrPortFrom(a, uint16(port))); err != nil {
			return err
		}
	}
	return nil
}

// portOf is the port that u, canonical, is asked on; -1 where it is none.
func portOf(u *url.URL) int {
	switch p := u.Port(); {
	case p != "":
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return -1
		}
		return int(n)
	case u.Scheme == "http":
		return 80
	}
	return 443
}
