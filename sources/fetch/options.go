package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options of a Client. The zero value of each field but Product is usable.
type Options struct {
	Product string // name and version for the User-Agent: "Wireroom/1.0"
	Contact string // a URL or mail address at which a publisher finds us

	AllowNetworks []netip.Prefix // private networks that may be fetched from, on any port; wins over every refusal
	OwnAddresses  []netip.Addr   // public addresses of this machine, refused
	Ports         []int          // that may be fetched from, 80 and 443 by default

	// Proxy, if set, carries every exchange but those with hosts that NoProxy
	// names (in the manner of the NO_PROXY variable). The guard then checks the
	// addresses that we resolve before the proxy is asked; the proxy resolves
	// again, so it has to forbid private addresses as well.
	Proxy   *url.URL
	NoProxy string

	RootCAs   *x509.CertPool // instead of the system's
	IdleConns int            // connections kept for reuse, of all hosts together, 256 by default; those of HTTP/2 are counted apart
	Limits    Limits
	Timeouts  Timeouts

	Resolver *net.Resolver    // nil for the system's
	Now      func() time.Time // nil for time.Now

	// Dial replaces the guarded dialer, for tests with networks in memory. The
	// guard is asked for addresses in figures only: names are then Dial's to judge.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Limits bound one exchange; zero fields take the defaults.
type Limits struct {
	Wire      int64 // bytes of the body before decoding, 10 MiB
	Decoded   int64 // bytes of the body after decoding, 20 MiB
	Ratio     int64 // decoded to wire bytes once 1 MiB was decoded, 200
	Redirects int   // 5
}

// Timeouts bound the phases of one exchange; zero fields take the defaults.
type Timeouts struct {
	Dial     time.Duration // resolving and connecting, 5 s
	TLS      time.Duration // 5 s
	Headers  time.Duration // from the request to the end of the answer's headers, 15 s
	Total    time.Duration // the whole exchange with its redirects, 45 s
	Patience time.Duration // how long a body may come slower than MinSpeed, 10 s
}

const (
	ratioFrom      = 1 << 20  // decoded bytes before the ratio counts
	minSpeed       = 1 << 10  // bytes a second that a body has to come at after Timeouts.Patience
	maxHeaderBytes = 64 << 10 // of one answer
	maxRetryAfter  = 7 * 24 * time.Hour
)

func (l Limits) or(d Limits) Limits {
	return Limits{
		Wire:      orDefault(l.Wire, d.Wire),
		Decoded:   orDefault(l.Decoded, d.Decoded),
		Ratio:     orDefault(l.Ratio, d.Ratio),
		Redirects: orDefault(l.Redirects, d.Redirects),
	}
}

func (t Timeouts) or(d Timeouts) Timeouts {
	return Timeouts{
		Dial:     orDefault(t.Dial, d.Dial),
		TLS:      orDefault(t.TLS, d.TLS),
		Headers:  orDefault(t.Headers, d.Headers),
		Total:    orDefault(t.Total, d.Total),
		Patience: orDefault(t.Patience, d.Patience),
	}
}

func orDefault[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}

func defaultLimits() Limits {
	return Limits{Wire: 10 << 20, Decoded: 20 << 20, Ratio: 200, Redirects: 5}
}

func defaultTimeouts() Timeouts {
	return Timeouts{
		Dial:     5 * time.Second,
		TLS:      5 * time.Second,
		Headers:  15 * time.Second,
		Total:    45 * time.Second,
		Patience: 10 * time.Second,
	}
}

// complete fills in the defaults and refuses what can't work.
func (o Options) complete() (Options, error) {
	name, _, _ := strings.Cut(o.Product, "/")
	if name == "" || strings.Trim(name, tokenChars) != "" || !isHeaderText(o.Product) {
		return o, errors.New("fetch: the product of the User-Agent must read like Name/1.0, the name of letters, - and _ only")
	}
	if !isHeaderText(o.Contact) || strings.ContainsAny(o.Contact, "()") {
		return o, errors.New("fetch: the contact must be a URL or a mail address")
	}
	if len(o.Ports) == 0 {
		o.Ports = []int{80, 443}
	}
	if i := slices.IndexFunc(o.Ports, func(p int) bool { return p < 1 || p > 65535 }); i >= 0 {
		return o, fmt.Errorf("fetch: %d is not a port", o.Ports[i])
	}
	if i := slices.IndexFunc(o.AllowNetworks, func(p netip.Prefix) bool { return !p.IsValid() }); i >= 0 {
		return o, errors.New("fetch: an allowed network is not valid")
	}
	if o.Proxy != nil {
		if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, o.Proxy.Scheme) || o.Proxy.Hostname() == "" {
			return o, errors.New("fetch: the proxy must be an http, https or socks5 address")
		}
	}
	o.IdleConns = orDefault(o.IdleConns, 256)
	o.Limits = o.Limits.or(defaultLimits())
	o.Timeouts = o.Timeouts.or(defaultTimeouts())
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, nil
}
