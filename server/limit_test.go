package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"time"
)

func TestClient(t *testing.T) {
	t.Parallel()
	s := New(Options{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}})
	for _, k := range []struct {
		name, peer string
		header     http.Header
		want       string
	}{
		{"straight", "192.0.2.1:4711", nil, "192.0.2.1"},
		{"straight over IPv6", "[2001:db8::1]:4711", nil, "2001:db8::1"},
		{"mapped", "[::ffff:192.0.2.1]:4711", nil, "192.0.2.1"},
		{"a stranger's word", "192.0.2.1:4711", http.Header{"X-Forwarded-For": {"198.51.100.7"}}, "192.0.2.1"},
		{"our proxy's word", "10.1.2.3:80", http.Header{"X-Forwarded-For": {"198.51.100.7"}}, "198.51.100.7"},
		{"what the client made up before it", "10.1.2.3:80", http.Header{"X-Forwarded-For": {"203.0.113.9, 198.51.100.7"}}, "198.51.100.7"},
		{"two of our proxies", "10.1.2.3:80", http.Header{"X-Forwarded-For": {"203.0.113.9", "198.51.100.7, 10.9.9.9"}}, "198.51.100.7"},
		{"only proxies", "10.1.2.3:80", http.Header{"X-Forwarded-For": {"10.9.9.9"}}, "10.9.9.9"},
		{"nonsense", "10.1.2.3:80", http.Header{"X-Forwarded-For": {"198.51.100.7, someone"}}, "10.1.2.3"},
		{"nothing", "10.1.2.3:80", nil, "10.1.2.3"},
		{"Forwarded", "10.1.2.3:80", http.Header{"Forwarded": {`for=203.0.113.9, For="[2001:db8::7]:4711";proto=https;by=10.1.2.3`}}, "2001:db8::7"},
		{"Forwarded wins", "10.1.2.3:80", http.Header{"Forwarded": {`for=198.51.100.7:99`}, "X-Forwarded-For": {"203.0.113.9"}}, "198.51.100.7"},
		{"Forwarded, hidden", "[fd00::1]:80", http.Header{"Forwarded": {`for=203.0.113.9, for=_hidden`}}, "fd00::1"},
		{"no address at all", "@", nil, "invalid IP"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = k.peer
		for name, v := range k.header {
			r.Header[name] = v
		}
		if got := s.Client(r).String(); got != k.want {
			t.Errorf("%s: %s, want %s", k.name, got, k.want)
		}
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	l, now := newLimiter(2), time.Now()
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i := range 20 {
		if d := l.wait(a, now); d != 0 {
			t.Fatalf("request %d waits %s", i, d)
		}
	}
	if d := l.wait(a, now); d < 400*time.Millisecond || d > 600*time.Millisecond {
		t.Errorf("one too many waits %s", d)
	}
	for range 100 {
		l.wait(a, now) // what is refused costs nothing
	}
	if d := l.wait(a, now.Add(510*time.Millisecond)); d != 0 {
		t.Errorf("half a second later it waits %s", d)
	}
	if d := l.wait(b, now); d != 0 {
		t.Errorf("another client waits %s", d)
	}
	six := netip.MustParseAddr("2001:db8::1")
	for range 20 {
		l.wait(six, now)
	}
	if l.wait(netip.MustParseAddr("2001:db8::ffff:1"), now) == 0 {
		t.Error("one IPv6 network counts as many clients")
	}
	if l.wait(netip.MustParseAddr("2001:db8:0:1::1"), now) != 0 {
		t.Error("another IPv6 network counts as the same client")
	}
	for i := range maxAskers + 500 {
		l.wait(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), now)
	}
	if len(l.clients) != maxAskers || l.order.Len() != maxAskers {
		t.Errorf("%d clients are remembered, %d in order", len(l.clients), l.order.Len())
	}
	if newLimiter(0) != nil {
		t.Error("no limit is a limit")
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	h := New(Options{Store: n.store, Publisher: n.pub, Rate: 1}).Handler()
	ask := func(path, peer string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = peer + ":1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	codes := map[int]int{}
	for range 15 {
		w := ask("/feeds/all.rss", "192.0.2.1")
		codes[w.Code]++
		if w.Code == http.StatusTooManyRequests {
			if s, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || s < 1 || s > 10 {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("a refusal may be kept: %v", w.Header())
			}
		}
	}
	if codes[200] < 10 || codes[200] > 11 || codes[429] < 4 {
		t.Errorf("answers %v", codes)
	}
	if w := ask("/feeds/all.rss", "192.0.2.2"); w.Code != 200 {
		t.Errorf("another client: %d", w.Code)
	}
	if w := ask("/healthz", "192.0.2.1"); w.Code != 200 {
		t.Errorf("health: %d", w.Code)
	}
}

func BenchmarkLimiter(b *testing.B) {
	l, now := newLimiter(1000), time.Now()
	var from [512]netip.Addr
	for i := range from {
		from[i] = netip.MustParseAddr(fmt.Sprintf("192.0.%d.%d", i/256, i%256))
	}
	b.ReportAllocs()
	for i := range b.N {
		l.wait(from[i%len(from)], now)
	}
}

func FuzzForwarded(f *testing.F) {
	f.Add(`for="[::1]:80";proto=http, for=_x`, "1.2.3.4, ::1")
	s := New(Options{Trusted: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}})
	f.Fuzz(func(t *testing.T, forwarded, xff string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Forwarded"], r.Header["X-Forwarded-For"] = []string{forwarded}, []string{xff}
		if !s.Client(r).IsValid() {
			t.Error("a client without address")
		}
	})
}
