package fetch

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
	"time"

	"wireroom/internal/need"
)

// upstream is a server on the loopback whose answers cost next to nothing: the
// bytes are written as they stand.
func upstream(b testing.TB, answer []byte) string {
	b.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				buf := make([]byte, 4096)
				n := 0
				for {
					m, err := c.Read(buf[n:])
					if err != nil {
						return
					}
					if n += m; bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
						n = 0
						if _, err := c.Write(answer); err != nil {
							return
						}
					}
				}
			}()
		}
	}()
	return "http://" + l.Addr().String() + "/feed.xml"
}

func loopbackClient(b testing.TB) *Client {
	b.Helper()
	c, err := New(Options{Product: "Test/1", Contact: "https://reader.example/", AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	return c
}

var answer304 = []byte("HTTP/1.1 304 Not Modified\r\nDate: Sun, 01 Jun 2025 12:00:00 GMT\r\nServer: nginx\r\n" +
	"ETag: \"683c4a5e-4567\"\r\nLast-Modified: Sun, 01 Jun 2025 11:00:00 GMT\r\nCache-Control: max-age=600\r\n\r\n")

func answer200(b testing.TB) []byte {
	body := pack(b, "gzip", sampleFeed(57<<10))
	return append([]byte("HTTP/1.1 200 OK\r\nDate: Sun, 01 Jun 2025 12:00:00 GMT\r\nServer: nginx\r\nContent-Encoding: gzip\r\n"+
		"ETag: \"683c4a5e-4567\"\r\nLast-Modified: Sun, 01 Jun 2025 11:00:00 GMT\r\nContent-Type: application/rss+xml\r\n"+
		"Content-Length: "+itoa(len(body))+"\r\n\r\n"), body...)
}

// cpu reports the CPU time of the process, server included, an operation: on a
// machine that others use as well it says more than the clock.
func cpu(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	var start, end syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &start)
	n := 0
	for b.Loop() {
		f()
		n++
	}
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &end)
	used := end.Utime.Nano() + end.Stime.Nano() - start.Utime.Nano() - start.Stime.Nano()
	b.ReportMetric(float64(used)/float64(n), "cpu-ns/op")
}

// bare is the least that net/http can be used with.
func bare(b *testing.B, c *http.Client, url string) {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("If-None-Match", `"683c4a5e-4567"`)
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("User-Agent", "Test/1")
	res, err := c.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	var r io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if r, err = gzip.NewReader(res.Body); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
}

func BenchmarkNotModified(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		url, c := upstream(b, answer304), &http.Client{Transport: &http.Transport{}}
		cpu(b, func() { bare(b, c, url) })
	})
	b.Run("fetch", func(b *testing.B) {
		c, r := loopbackClient(b), Request{URL: upstream(b, answer304), ETag: `"683c4a5e-4567"`, LastModified: "Sun, 01 Jun 2025 11:00:00 GMT"}
		cpu(b, func() {
			if res, err := c.Get(b.Context(), r); err != nil || !res.NotModified {
				b.Fatal(err)
			}
		})
	})
}

func BenchmarkGzip(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		url, c := upstream(b, answer200(b)), &http.Client{Transport: &http.Transport{}}
		cpu(b, func() { bare(b, c, url) })
	})
	b.Run("fetch", func(b *testing.B) {
		c, r := loopbackClient(b), Request{URL: upstream(b, answer200(b)), ETag: `"1"`}
		cpu(b, func() {
			res, err := c.Get(b.Context(), r)
			if err != nil || len(res.Body()) < 57<<10 {
				b.Fatal(err)
			}
			res.Release()
		})
	})
}

func BenchmarkDecode(b *testing.B) {
	feed := sampleFeed(57 << 10)
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		name := coding
		if name == "" {
			name = "identity"
		}
		b.Run(name, func(b *testing.B) {
			var p pools
			packed := pack(b, coding, feed)
			b.SetBytes(int64(len(feed)))
			b.ReportAllocs()
			for b.Loop() {
				body, err := readPacked(&p, packed, []string{coding}, defaultLimits())
				if err != nil {
					b.Fatal(err)
				}
				p.putBuffer(body)
			}
		})
	}
}

func readPacked(p *pools, packed []byte, labels []string, limits Limits) ([]byte, error) {
	r := &bounded{pools: p, labels: labels, limits: limits}
	r.in.r, r.in.max = bytes.NewReader(packed), limits.Wire
	return r.read()
}

// Whatever bytes come under whatever label, reading ends within the limits, and
// what was packed comes out again.
func FuzzBody(f *testing.F) {
	feed := sampleFeed(3000)
	for _, coding := range []string{"", "gzip", "br", "zstd", "deflate"} {
		f.Add(coding, pack(f, coding, feed))
	}
	f.Add("gzip, br", []byte("x"))
	f.Add("br", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x03, 0x00, 0x10, ' '})
	limits := Limits{Wire: 1 << 16, Decoded: 1 << 18, Ratio: 200}
	var p pools
	f.Fuzz(func(t *testing.T, label string, packed []byte) {
		body, _ := readPacked(&p, packed, []string{label}, limits)
		if len(body) > 3<<18 {
			t.Fatalf("%d bytes", len(body))
		}
		p.putBuffer(body)
		bothWays(t, &p, func() io.Reader { return bytes.NewReader(packed) }, []string{label}, limits)
		for _, coding := range []string{"gzip", "zstd"} {
			if compressedAgain(packed) != nil || len(packed) > 1000 {
				continue
			}
			again, err := readPacked(&p, pack(t, coding, packed), []string{coding}, limits)
			if err != nil || !bytes.Equal(again, packed) {
				t.Fatalf("%s: %q came back as %q, %v", coding, packed, again, err)
			}
			p.putBuffer(again)
		}
	})
}

// An idle connection must be cheap, and the pool bounded whatever the number of
// hosts.
func TestIdlePool(t *testing.T) {
	const hosts, kept = 600, 100
	var listeners []net.Listener
	open := make(chan int, 10*hosts)
	s := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }),
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				open <- 1
			case http.StateClosed:
				open <- -1
			}
		},
	}
	t.Cleanup(func() { s.Close() })
	for i := range hosts {
		l, err := net.Listen("tcp4", "127.0."+itoa(1+i/200)+"."+itoa(1+i%200)+":0")
		if err != nil {
			need.Missing(t, "this system has no more than one loopback address: %v", err)
		}
		listeners = append(listeners, l)
		go s.Serve(l)
	}
	c, err := New(Options{Product: "Test/1", AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, IdleConns: kept})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		for _, l := range listeners {
			if _, err := c.Get(t.Context(), Request{URL: "http://" + l.Addr().String() + "/"}); KindOf(err) != KindNotFound {
				t.Fatal(err)
			}
		}
	}
	sum, deadline := 0, time.Now().Add(5*time.Second)
	for sum = 0; time.Now().Before(deadline); {
		select {
		case d := <-open:
			sum += d
			continue
		case <-time.After(200 * time.Millisecond):
		}
		if sum <= kept {
			break
		}
	}
	if sum > kept {
		t.Errorf("%d connections are open, %d should be", sum, kept)
	}
}

// BenchmarkIdleConn tells what one idle connection holds in memory, both ends.
func BenchmarkIdleConn(b *testing.B) {
	const n = 200
	var urls []string
	for range n {
		urls = append(urls, upstream(b, answer304))
	}
	c := loopbackClient(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for _, url := range urls {
			if _, err := c.Get(b.Context(), Request{URL: url, ETag: "x"}); err != nil {
				b.Fatal(err)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := after.HeapAlloc + after.StackInuse - before.HeapAlloc - before.StackInuse
	b.ReportMetric(float64(used)/n, "B/conn")
}
