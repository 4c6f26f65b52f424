package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"wireroom/sources/fetch"
)

// The bounds of trying the way out.
const (
	maxHosts   = 20 // asked, if no sources are named
	tripsAside = 5
	tripTime   = 15 * time.Second
)

// trip is one host asked for its robots.txt.
type trip struct {
	source string
	origin string // scheme and host
	names  error  // of resolving the host's name
	err    error  // of the exchange
	date   time.Time
	begun  time.Time
	took   time.Duration
}

// try resolves and asks hosts of the sources, each once.
func (d *Doctor) try(ctx context.Context) []trip {
	var trips []trip
	for i := range d.Config.Sources {
		s := &d.Config.Sources[i]
		u, err := url.Parse(s.URL)
		if err != nil || u.Host == "" || s.Paused || len(d.Only) > 0 && !slices.Contains(d.Only, s.ID) {
			continue
		}
		t := trip{source: s.ID, origin: u.Scheme + "://" + u.Host}
		if !slices.ContainsFunc(trips, func(o trip) bool { return o.origin == t.origin }) && (len(trips) < maxHosts || len(d.Only) > 0) {
			trips = append(trips, t)
		}
	}
	slots := make(chan struct{}, tripsAside)
	var all sync.WaitGroup
	for i := range trips {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			d.travel(ctx, &trips[i])
		})
	}
	all.Wait()
	return trips
}

func (d *Doctor) travel(ctx context.Context, t *trip) {
	ctx, cancel := context.WithTimeout(ctx, tripTime)
	defer cancel()
	u, err := url.Parse(t.origin)
	if err != nil {
		t.err = err
		return
	}
	if host := u.Hostname(); net.ParseIP(host) == nil && d.Config.Fetch.Proxy == "" {
		if _, t.names = d.Resolver.LookupHost(ctx, host); t.names != nil {
			t.err = t.names
			return
		}
	}
	t.begun = d.Now()
	resp, err := d.get(ctx, d.Out, t.origin+"/robots.txt")
	t.took = d.Now().Sub(t.begun)
	if err != nil {
		t.err = err
		return
	}
	if at, err := http.ParseTime(resp.header.Get("Date")); err == nil && resp.header.Get("Age") == "" {
		t.date = at
	}
}

// answer is what a server said, without the body.
type answer struct {
	code   int
	status string
	header http.Header
}

// get makes one exchange and leaves the body.
func (d *Doctor) get(ctx context.Context, out http.RoundTripper, address string) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", d.Agent)
	client := http.Client{Transport: out, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 16<<10)
	return &answer{resp.StatusCode, resp.Status, resp.Header}, nil
}

// names looks at name resolution as a whole.
func (d *Doctor) names(trips []trip) Finding {
	asked, failed := 0, []string{}
	for i := range trips {
		u, err := url.Parse(trips[i].origin)
		if err != nil || net.ParseIP(u.Hostname()) != nil {
			continue
		}
		asked++
		if trips[i].names != nil {
			failed = append(failed, u.Hostname())
		}
	}
	switch {
	case d.Config.Fetch.Proxy != "":
		return Finding{"names", Skipped, "fetch.proxy resolves them", ""}
	case asked == 0:
		return Finding{"names", Skipped, "no source has a host's name", ""}
	case len(failed) == asked:
		return Finding{"names", Bad, fmt.Sprintf("none of %d names could be resolved", asked), "see to this machine's DNS: /etc/resolv.conf, or --dns of docker"}
	case len(failed) > 0:
		return Finding{"names", Warning, fmt.Sprintf("%d of %d names could not be resolved: %s", len(failed), asked, strings.Join(failed, ", ")), "see to the addresses of those sources"}
	}
	return Finding{"names", Good, fmt.Sprintf("%d resolved", asked), ""}
}

// reached tells which hosts could not be reached, and why.
func (d *Doctor) reached(trips []trip) []Finding {
	if len(trips) == 0 {
		return []Finding{{"sources", Skipped, "none is on the web", ""}}
	}
	var list []Finding
	good := 0
	var slowest *trip
	for i := range trips {
		t := &trips[i]
		if t.err != nil {
			list = append(list, Finding{"sources", Warning, fmt.Sprintf("%s: %s can't be reached: %s", t.source, t.origin, reason(t.err)), hint(t.err, d.Config.Fetch.Proxy)})
			continue
		}
		good++
		if slowest == nil || t.took > slowest.took {
			slowest = t
		}
	}
	if good == 0 {
		return append(list, Finding{"sources", Bad, fmt.Sprintf("none of %d hosts can be reached", len(trips)), "see that this machine may connect to ports 80 and 443 outside, or set fetch.proxy"})
	}
	says := fmt.Sprintf("%d of %d hosts answer, the slowest (%s) in %s", good, len(trips), slowest.origin, slowest.took.Round(time.Millisecond))
	return append(list, Finding{"sources", Good, says, ""})
}

// reason is an error without what the layers around it say.
func reason(err error) string {
	if f, ok := errors.AsType[*fetch.Error](err); ok {
		return f.Reason
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err.Error()
	}
	return err.Error()
}

// hint is what may be done about an exchange that failed.
func hint(err error, proxy string) string {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "the name does not resolve: see to the source's address"
	}
	switch fetch.KindOf(err) {
	case fetch.KindAddress: // its reason says it all
		return ""
	case fetch.KindBlocked:
		return "if this is your own network, name it in fetch.allow_networks (and the port in fetch.allow_ports)"
	case fetch.KindTLS:
		return "the certificate is not trusted: see to this machine's clock and CA certificates, or the publisher's site"
	case fetch.KindTimeout, fetch.KindConnect:
		if proxy != "" {
			return "see that fetch.proxy works"
		}
		return "a firewall may keep this machine in, or the host is down"
	}
	return "wireroom try ADDRESS shows more"
}

// Clocks that differ by so much are said to; by more, embargoes and conditional
// requests go wrong.
const (
	someSkew = 10 * time.Second
	farSkew  = 5 * time.Minute
)

// clock holds ours against the median of what servers' Date fields say.
func (d *Doctor) clock(trips []trip) Finding {
	var off []time.Duration
	for i := range trips {
		if t := &trips[i]; !t.date.IsZero() {
			off = append(off, t.begun.Add(t.took/2).Sub(t.date.Add(500*time.Millisecond)))
		}
	}
	if len(off) == 0 {
		return Finding{"clock", Skipped, "no server told the time", ""}
	}
	slices.Sort(off)
	skew := off[len(off)/2].Round(time.Second)
	const do = "have the clock set by NTP (timedatectl set-ntp true, chrony)"
	way := "slow"
	if skew > 0 {
		way = "fast"
	}
	says := fmt.Sprintf("right by %d servers", len(off))
	if skew.Abs() >= someSkew {
		says = fmt.Sprintf("%s %s by %d servers", skew.Abs(), way, len(off))
	}
	switch {
	case skew.Abs() >= farSkew:
		return Finding{"clock", Bad, says, do}
	case skew.Abs() >= someSkew:
		return Finding{"clock", Warning, says, do}
	}
	return Finding{"clock", Good, says, ""}
}

// base asks for a feed at base_url and at the server itself: the same entity tag
// says that the one leads to the other.
func (d *Doctor) base(ctx context.Context) Finding {
	s := &d.Config.Server
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return Finding{"base_url", Bad, err.Error(), "set server.base_url to the public address"}
	}
	ctx, cancel := context.WithTimeout(ctx, tripTime)
	defer cancel()
	const path = "/feeds/all.atom"
	inside, err := d.get(ctx, direct(false), d.own()+path)
	if err != nil {
		return Finding{"base_url", Skipped, "the server does not run at " + s.Listen, "start it (wireroom serve) and examine it again"}
	}
	outside, err := d.get(ctx, direct(true), s.BaseURL+path)
	switch {
	case err != nil:
		return Finding{"base_url", Bad, fmt.Sprintf("%s does not answer: %s", s.BaseURL, reason(err)), "see that the name points here, and that the proxy and the firewall let requests through"}
	case outside.code != inside.code:
		return Finding{"base_url", Bad, fmt.Sprintf("%s%s answers %s, the server itself %s", s.BaseURL, path, outside.status, inside.status), "have the proxy pass every path on as it is, and Host, Accept and If-None-Match with it"}
	case weak(outside.header.Get("ETag")) != weak(inside.header.Get("ETag")):
		return Finding{"base_url", Warning, s.BaseURL + " hands out another version than this server: another server, or a cache", "if it stays so for longer than the feed's ttl, see where server.base_url leads"}
	case !strings.Contains(u.Hostname(), ".") || net.ParseIP(u.Hostname()).IsLoopback():
		return Finding{"base_url", Warning, s.BaseURL + " reaches this server, but from this machine only", "set server.base_url to the address that readers use"}
	}
	return Finding{"base_url", Good, s.BaseURL + " reaches this server", ""}
}

// direct is a way without guard and proxy. This machine's own certificate is for
// its public name, and so not verified where it is asked by its address.
func direct(verify bool) http.RoundTripper {
	return &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: !verify}, DisableKeepAlives: true}
}

// own is the server's address as this machine reaches it.
func (d *Doctor) own() string {
	s := &d.Config.Server
	scheme := "http"
	if s.TLS.Cert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return scheme + "://" + s.Listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// weak is an entity tag without what proxies add to it: a coding's suffix, W/.
func weak(tag string) string {
	tag = strings.Trim(strings.TrimPrefix(tag, "W/"), `"`)
	tag, _, _ = strings.Cut(tag, "-")
	return tag
}
