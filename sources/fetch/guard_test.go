package fetch

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestGuardAddresses(t *testing.T) {
	t.Parallel()
	g := newGuard(
		[]netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd12::/16"), netip.MustParsePrefix("::ffff:172.20.0.0/112")},
		[]netip.Addr{netip.MustParseAddr("93.184.216.35"), netip.MustParseAddr("2606:2800:220:1::35")},
		[]int{80, 443})
	tests := []struct {
		address string
		ok      bool
	}{
		// The public internet.
		{"93.184.216.34:80", true},
		{"93.184.216.34:443", true},
		{"1.1.1.1:443", true},
		{"[2606:2800:220:1::34]:443", true},
		{"[2a00:1450:4001::1]:80", true},
		{"[::ffff:93.184.216.34]:80", true},
		{"172.15.255.255:80", true},
		{"172.32.0.0:80", true},
		{"11.0.0.0:80", true},
		{"223.255.255.255:80", true},
		// Other ports of it.
		{"93.184.216.34:22", false},
		{"93.184.216.34:8080", false},
		{"93.184.216.34:0", false},
		{"[2606:2800:220:1::34]:6379", false},
		// Loopback and unspecified.
		{"127.0.0.1:80", false},
		{"127.255.255.254:80", false},
		{"0.0.0.0:80", false},
		{"0.1.2.3:80", false},
		{"[::1]:80", false},
		{"[::]:80", false},
		{"[::127.0.0.1]:80", false},
		{"[::ffff:127.0.0.1]:80", false},
		{"[::ffff:0:127.0.0.1]:80", false},
		// Private.
		{"10.0.0.1:80", false},
		{"172.16.0.1:443", false},
		{"172.31.255.255:443", false},
		{"192.168.1.1:80", false},
		{"100.64.0.1:80", false},
		{"100.127.255.255:80", false},
		{"[::ffff:10.0.0.1]:80", false},
		{"[::ffff:c0a8:101]:80", false},
		{"[fc00::1]:80", false},
		{"[fd00::1]:443", false},
		// Link local, and the clouds' metadata services.
		{"169.254.169.254:80", false},
		{"169.254.0.1:80", false},
		{"[fe80::1]:80", false},
		{"[fe80::1%eth0]:80", false},
		{"[::ffff:169.254.169.254]:80", false},
		{"[fd00:ec2::254]:80", false},
		{"168.63.129.16:80", false},
		{"[::ffff:168.63.129.16]:80", false},
		{"100.100.100.200:80", false},
		// Translated and tunnelled IPv4.
		{"[64:ff9b::7f00:1]:80", false},
		{"[64:ff9b::a9fe:a9fe]:80", false},
		{"[64:ff9b:1::a00:1]:80", false},
		{"[2002:7f00:1::]:80", false},
		{"[2002:a9fe:a9fe::1]:80", false},
		{"[2001:0:7f00:1::]:80", false},
		// Reserved, documentation, multicast.
		{"192.0.2.1:80", false},
		{"198.51.100.1:80", false},
		{"203.0.113.1:80", false},
		{"198.18.0.1:80", false},
		{"192.0.0.8:80", false},
		{"192.88.99.1:80", false},
		{"224.0.0.1:80", false},
		{"239.255.255.255:80", false},
		{"240.0.0.1:80", false},
		{"255.255.255.255:80", false},
		{"[2001:db8::1]:80", false},
		{"[3fff::1]:80", false},
		{"[ff02::1]:80", false},
		{"[100::1]:80", false},
		{"[fec0::1]:80", false},
		// Our own.
		{"93.184.216.35:443", false},
		{"[::ffff:93.184.216.35]:443", false},
		{"[2606:2800:220:1::35]:443", false},
		// What the operator allows, on any port.
		{"10.20.0.1:80", true},
		{"10.20.255.1:8080", true},
		{"[::ffff:10.20.0.1]:9000", true},
		{"10.21.0.1:80", false},
		{"[fd12::1]:8080", true},
		{"[fd12::1%eth0]:8080", true},
		{"[fd13::1]:8080", false},
		{"172.20.1.1:8080", true},
		{"172.21.1.1:8080", false},
	}
	for _, tt := range tests {
		network := "tcp4"
		if strings.HasPrefix(tt.address, "[") {
			network = "tcp6"
		}
		if err := g.control(network, tt.address, nil); (err == nil) != tt.ok {
			t.Errorf("%s: %v, want ok %v", tt.address, err, tt.ok)
		}
	}
	if g.control("udp4", "93.184.216.34:80", nil) == nil {
		t.Error("UDP was let through")
	}
	if g.control("tcp4", "not an address", nil) == nil {
		t.Error("nonsense was let through")
	}
}

// Behind NAT64 the prefix may be allowed, and still nothing private is behind it.
func TestGuardNAT64(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("64:ff9b::/96")}, nil, []int{80})
	for address, ok := range map[string]bool{
		"[64:ff9b::5db8:d822]:80":   true, // 93.184.216.34
		"[64:ff9b::5db8:d822]:8080": false,
		"[64:ff9b::7f00:1]:80":      false,
		"[64:ff9b::a9fe:a9fe]:80":   false,
		"[64:ff9b::a00:1]:80":       false,
	} {
		if err := g.check(netip.MustParseAddrPort(address)); (err == nil) != ok {
			t.Errorf("%s: %v, want ok %v", address, err, ok)
		}
	}
}

// fakeDNS is a resolver that answers A queries from answers, one a lookup, the
// last one for ever.
func fakeDNS(t *testing.T, answers ...[]string) *net.Resolver {
	t.Helper()
	var asked atomic.Int64
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			var buf [1500]byte
			// Over a stream a message has its length before it.
			if _, err := readFull(server, buf[:2]); err != nil {
				return
			}
			size := int(buf[0])<<8 | int(buf[1])
			if _, err := readFull(server, buf[:size]); err != nil {
				return
			}
			var m dnsmessage.Message
			if err := m.Unpack(buf[:size]); err != nil {
				t.Error(err)
				return
			}
			m.Header.Response = true
			m.Additionals = nil
			q := m.Questions[0]
			if q.Type == dnsmessage.TypeA {
				i := min(int(asked.Add(1)), len(answers)) - 1
				for _, a := range answers[i] {
					m.Answers = append(m.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
						Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
					})
				}
			}
			out, err := m.Pack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = server.Write(append([]byte{byte(len(out) >> 8), byte(len(out))}, out...))
		}()
		return client, nil
	}}
}

func readFull(c net.Conn, b []byte) (int, error) {
	n := 0
	for n < len(b) {
		m, err := c.Read(b[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// listenOn is a server that counts its connections and never keeps one.
func listenOn(t *testing.T, address string, reached *atomic.Int64) (port int) {
	t.Helper()
	l, err := net.Listen("tcp4", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				reached.Add(1)
			}
		},
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

// A name server may say a public address first and an inner one the next time,
// or both at once: what counts is what is dialled. 127.0.0.2 stands for the
// public address here.
func TestRebinding(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers [][]string
		kinds   []Kind
	}{
		"inner":       {[][]string{{"127.0.0.1"}}, []Kind{KindBlocked, KindBlocked}},
		"second time": {[][]string{{"127.0.0.2"}, {"127.0.0.1"}}, []Kind{"", KindBlocked, KindBlocked}},
		"metadata":    {[][]string{{"127.0.0.2"}, {"169.254.169.254"}}, []Kind{"", KindBlocked}},
		"among inner": {[][]string{{"127.0.0.1", "10.0.0.1"}}, []Kind{KindBlocked}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var inner, outer atomic.Int64
			port := listenOn(t, "127.0.0.1:0", &inner)
			listenOn(t, "127.0.0.2:"+itoa(port), &outer)
			c, err := New(Options{
				Product: "Test/1", Ports: []int{port}, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")},
				Resolver: fakeDNS(t, tt.answers...),
			})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for i, want := range tt.kinds {
				_, err := c.Get(t.Context(), Request{URL: "http://rebind.example:" + itoa(port) + "/"})
				if KindOf(err) != want {
					t.Errorf("exchange %d: %v, want kind %q", i, err, want)
				}
			}
			if inner.Load() > 0 {
				t.Error("the inner server was reached")
			}
		})
	}
}

// With a proxy we don't dial the target, so the guard looks at what the name
// resolves to for us.
func TestProxyGuard(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	proxy, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Host != "public.example" {
			t.Errorf("the proxy was asked for %s", r.URL)
		}
		if r.Header.Get("Proxy-Authorization") == "" {
			t.Error("the proxy got no credentials")
		}
		_, _ = w.Write([]byte("by proxy"))
	})}
	go s.Serve(proxy)
	t.Cleanup(func() { s.Close() })
	u := mustURL(t, "http://user:pa55word@"+proxy.Addr().String())
	for _, tt := range []struct {
		name string
		dns  []string
		kind Kind
		want int64
	}{
		{"public.example", []string{"93.184.216.34"}, "", 1},
		{"private.example", []string{"10.0.0.1"}, KindBlocked, 0},
		{"mixed.example", []string{"93.184.216.34", "169.254.169.254"}, KindBlocked, 0},
	} {
		c, err := New(Options{Product: "Test/1", Proxy: u, Resolver: fakeDNS(t, tt.dns)})
		if err != nil {
			t.Fatal(err)
		}
		asked.Store(0)
		_, err = c.Get(t.Context(), Request{URL: "http://" + tt.name + "/"})
		if KindOf(err) != tt.kind || asked.Load() != tt.want {
			t.Errorf("%s: %v, proxy asked %d times", tt.name, err, asked.Load())
		}
		if err != nil && strings.Contains(err.Error(), "pa55word") {
			t.Errorf("the error tells the proxy's password: %v", err)
		}
		c.Close()
	}
}

// What does not go through the proxy is dialled under the guard, and the proxy's
// own address can't be reached as if it were a source.
func TestNoProxyGuard(t *testing.T) {
	t.Parallel()
	var inner atomic.Int64
	port := listenOn(t, "127.0.0.1:0", &inner)
	c, err := New(Options{
		Product: "Test/1", Ports: []int{80, port}, Proxy: mustURL(t, "http://proxy.example:"+itoa(port)), NoProxy: "direct.example,proxy.example",
		Resolver: fakeDNS(t, []string{"127.0.0.1"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, host := range []string{"direct.example", "proxy.example", "127.0.0.1"} {
		if _, err := c.Get(t.Context(), Request{URL: "http://" + host + ":" + itoa(port) + "/"}); KindOf(err) != KindBlocked {
			t.Errorf("%s: %v", host, err)
		}
	}
	if inner.Load() > 0 {
		t.Error("the inner server was reached")
	}
}

// A proxy that is down must not tell its credentials in the error either.
func TestProxyDown(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https", "socks5"} {
		u := mustURL(t, scheme+"://user:pa55word@127.0.0.1:1")
		c, err := New(Options{Product: "Test/1", Proxy: u, Resolver: fakeDNS(t, []string{"93.184.216.34"}), Timeouts: Timeouts{Dial: time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Get(t.Context(), Request{URL: "https://public.example/feed"})
		if KindOf(err) != KindConnect || strings.Contains(err.Error(), "pa55word") || !strings.Contains(err.Error(), "proxy") {
			t.Errorf("%s: %v (%s)", scheme, err, KindOf(err))
		}
		c.Close()
	}
}

func TestRoundTripperGuards(t *testing.T) {
	t.Parallel()
	c, err := New(Options{Product: "Test/1"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, target := range []string{"http://127.0.0.1/", "http://[::1]/", "ftp://93.184.216.34/", "http://93.184.216.34:25/", "http://localhost/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.RoundTripper().RoundTrip(r)
		if err == nil {
			res.Body.Close()
			t.Errorf("%s was let through", target)
		}
	}
}
