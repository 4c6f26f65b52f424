package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// transport is the one way out: a net/http Transport whose every dial passes the
// guard, and which refuses by its address what a dial would not show.
type transport struct {
	guard    *guard
	resolver *net.Resolver
	http     *http.Transport
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
