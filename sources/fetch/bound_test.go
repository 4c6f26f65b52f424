package fetch

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	kgzip "github.com/klauspost/compress/gzip"

	"wireroom/sources/fetch/fetchtest"
)

// zeros packs n bytes of white space in coding. gzip and zstd bodies are made of
// members, so that a gigabyte takes no longer to make than to send.
func zeros(t testing.TB, coding string, n int) []byte {
	t.Helper()
	const member = 8 << 20
	blank := bytes.Repeat([]byte{' '}, min(n, member))
	if coding == "br" {
		return pack(t, coding, bytes.Repeat(blank, n/len(blank)))
	}
	return bytes.Repeat(pack(t, coding, blank), n/len(blank))
}

// cost runs f and holds it to the bounds of a single exchange: 200 MB, all
// allocations counted, and 2 s of CPU time. Tests that use it don't run in
// parallel.
func cost(t *testing.T, f func()) {
	t.Helper()
	runtime.GC()
	var before, after runtime.MemStats
	var start, end syscall.Rusage
	runtime.ReadMemStats(&before)
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &start)
	f()
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &end)
	runtime.ReadMemStats(&after)
	cpu := time.Duration(end.Utime.Nano() + end.Stime.Nano() - start.Utime.Nano() - start.Stime.Nano())
	alloc := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("%d MiB allocated, %s CPU", alloc, cpu)
	if alloc > 200 {
		t.Errorf("%d MiB were allocated", alloc)
	}
	if cpu > 2*time.Second*slack {
		t.Errorf("it took %s of CPU time", cpu)
	}
}

func TestBombs(t *testing.T) {
	endless := func(w io.Writer) {
		chunk := bytes.Repeat([]byte("<item>x</item>\n"), 1000)
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	constant := func(b []byte) func(io.Writer) {
		return func(w io.Writer) { _, _ = w.Write(b) }
	}
	gzipped, zstds, br := zeros(t, "gzip", 1<<30), zeros(t, "zstd", 1<<30), zeros(t, "br", 32<<20)
	emptyMembers := bytes.Repeat(pack(t, "gzip", nil), (11<<20)/len(pack(t, "gzip", nil)))
	tests := []struct {
		name, coding string
		limits       Limits
		serve        func(io.Writer)
	}{
		{"1 GB of gzip", "gzip", Limits{}, constant(gzipped)},
		{"1 GB of zstd", "zstd", Limits{}, constant(zstds)},
		{"32 MB of br", "br", Limits{}, constant(br)},
		{"1 GB of gzip, any ratio", "gzip", Limits{Ratio: 1 << 30}, constant(gzipped)},
		{"1 GB of zstd, any ratio", "zstd", Limits{Ratio: 1 << 30}, constant(zstds)},
		{"32 MB of br, any ratio", "br", Limits{Ratio: 1 << 30}, constant(br)},
		{"endless", "", Limits{}, endless},
		{"endless, labelled gzip", "gzip", Limits{}, endless},
		{"endless gzip", "gzip", Limits{Ratio: 1 << 30}, func(w io.Writer) {
			z, _ := kgzip.NewWriterLevel(w, kgzip.BestSpeed)
			endless(z)
		}},
		{"empty gzip members", "gzip", Limits{}, constant(emptyMembers)},
	}
	for _, tt := range tests {
		if slack > 1 && tt.limits.Ratio > 0 && tt.coding != "gzip" {
			continue // the same path as gzip's, and slow under the race detector
		}
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if tt.coding != "" {
						w.Header().Set("Content-Encoding", tt.coding)
					}
					tt.serve(w)
				})
				for _, scheme := range []string{"http", "https"} {
					if scheme == "https" && tt.coding != "" && slack > 1 {
						continue // encryption has no part in it, and takes long under the race detector
					}
					cost(t, func() {
						res, err := c.Get(t.Context(), Request{URL: scheme + "://one.example/", Limits: tt.limits})
						if KindOf(err) != KindTooLarge {
							t.Fatalf("%v (%s), want too-large", err, KindOf(err))
						}
						if res.Body() != nil || res.Wire > 10<<20+1 || res.Decoded > 41<<20 {
							t.Errorf("wire %d, decoded %d", res.Wire, res.Decoded)
						}
					})
				}
			})
		})
	}
}

// A zstd frame may ask for a window as large as it likes.
func TestZstdWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "zstd")
			// Magic, no content size, window descriptor: 2^(10+21) bytes, then an RLE block.
			_, _ = w.Write([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x03, 0x00, 0x10, ' '})
		})
		cost(t, func() {
			if _, err := c.Get(t.Context(), Request{URL: "http://one.example/"}); KindOf(err) != KindEncoding {
				t.Errorf("%v (%s)", err, KindOf(err))
			}
		})
	})
}

// Limits are met to the byte.
func TestLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := sampleFeed(100 << 10)
		packed := pack(t, "gzip", body)
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/gzip" {
				w.Header().Set("Content-Encoding", "gzip")
				_, _ = w.Write(packed)
				return
			}
			_, _ = w.Write(body)
		})
		size, wire := int64(len(body)), int64(len(packed))
		for _, tt := range []struct {
			path   string
			limits Limits
			kind   Kind
		}{
			{"/", Limits{Wire: size}, ""},
			{"/", Limits{Wire: size - 1}, KindTooLarge},
			{"/", Limits{Decoded: size}, ""},
			{"/", Limits{Decoded: size - 1}, KindTooLarge},
			{"/gzip", Limits{Wire: wire}, ""},
			{"/gzip", Limits{Wire: wire - 1}, KindTooLarge},
			{"/gzip", Limits{Decoded: size}, ""},
			{"/gzip", Limits{Decoded: size - 1}, KindTooLarge},
		} {
			res, err := c.Get(t.Context(), Request{URL: "http://one.example" + tt.path, Limits: tt.limits})
			if KindOf(err) != tt.kind {
				t.Errorf("%s %+v: %v", tt.path, tt.limits, err)
			}
			if err == nil && !bytes.Equal(res.Body(), body) {
				t.Errorf("%s %+v: another body", tt.path, tt.limits)
			}
			res.Release()
		}
	})
}

// Highly compressible documents below a megabyte are no bombs.
func TestRatioOfSmallBodies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(pack(t, "gzip", bytes.Repeat([]byte{' '}, 1<<20)))
		})
		if _, err := c.Get(t.Context(), Request{URL: "http://one.example/"}); err != nil {
			t.Error(err)
		}
	})
}

func TestGiantHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/one":
				w.Header().Set("X-Large", strings.Repeat("x", 100<<10))
			case "/many":
				for range 5000 {
					w.Header().Add("X-Many", "0123456789")
				}
			}
		}
		c, n := serve(t, h)
		n.HandleConn(t, "endless.example:80", func(conn net.Conn) {
			defer conn.Close()
			awaitRequest(conn)
			if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n"); err != nil {
				return
			}
			for {
				if _, err := io.WriteString(conn, "X-A: "+strings.Repeat("y", 1000)+"\r\n"); err != nil {
					return
				}
			}
		})
		n.HandleConn(t, "status.example:80", func(conn net.Conn) {
			defer conn.Close()
			awaitRequest(conn)
			for {
				if _, err := io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"); err != nil {
					return
				}
			}
		})
		for _, url := range []string{
			"http://one.example/one", "http://one.example/many", "https://one.example/one", "https://one.example/many",
			"http://endless.example/", "http://status.example/",
		} {
			cost(t, func() {
				if _, err := c.Get(t.Context(), Request{URL: url}); KindOf(err) != KindTooLarge {
					t.Errorf("%s: %v (%s)", url, err, KindOf(err))
				}
			})
		}
	})
}

// awaitRequest reads a request and then whatever else comes.
func awaitRequest(c net.Conn) {
	if _, err := c.Read(make([]byte, 4096)); err == nil {
		go io.Copy(io.Discard, c)
	}
}

// drip writes b byte by byte, one each pause.
func drip(w io.Writer, b string, pause time.Duration) {
	for i := range len(b) {
		if _, err := io.WriteString(w, b[i:i+1]); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	head := "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
	tests := []struct {
		name   string
		url    string
		serve  func(net.Conn)
		least  time.Duration
		most   time.Duration
		reason string
	}{
		{"dial", "http://nobody.example/", nil, 5 * time.Second, 5 * time.Second, "no connection in time"},
		{"TLS", "https://one.example/", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, 5 * time.Second, 5 * time.Second, "TLS handshake"},
		{"no answer", "http://one.example/", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, 15 * time.Second, 15 * time.Second, "too long to answer"},
		{"slow header", "http://one.example/", func(c net.Conn) {
			awaitRequest(c)
			drip(c, "HTTP/1.1 200 OK\r\nX-A: "+strings.Repeat("x", 1000), time.Second/2)
		}, 15 * time.Second, 15 * time.Second, "too long to answer"},
		{"slow body", "http://one.example/", func(c net.Conn) {
			awaitRequest(c)
			drip(c, head, 0)
			drip(c, strings.Repeat("x", 10000), time.Second/10)
		}, 10 * time.Second, 10 * time.Second, "slower than 1 KiB"},
		{"stalled body", "http://one.example/", func(c net.Conn) {
			awaitRequest(c)
			drip(c, head, 0)
			_, _ = c.Write(bytes.Repeat([]byte("x"), 20<<10))
			time.Sleep(time.Hour)
		}, 20 * time.Second, 22 * time.Second, "slower than 1 KiB"},
		{"long body", "http://one.example/", func(c net.Conn) {
			awaitRequest(c)
			drip(c, head, 0)
			drip(c, strings.Repeat("x", 1_000_000), 500*time.Microsecond)
		}, 45 * time.Second, 45 * time.Second, "no whole answer within 45s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := fetchtest.NewNetwork(t)
				if tt.serve != nil {
					n.HandleConn(t, "one.example:80", func(c net.Conn) { defer c.Close(); tt.serve(c) })
					n.HandleConn(t, "one.example:443", func(c net.Conn) { defer c.Close(); tt.serve(c) })
				}
				n.Silent(t, "nobody.example:80")
				c := newTestClient(t, n)
				start := time.Now()
				_, err := c.Get(t.Context(), Request{URL: tt.url})
				took := time.Since(start)
				if KindOf(err) != KindTimeout || !strings.Contains(err.Error(), tt.reason) {
					t.Errorf("%v (%s), want %q", err, KindOf(err), tt.reason)
				}
				time.Sleep(2 * time.Hour) // for the server to end
				if took < tt.least || took > tt.most {
					t.Errorf("after %s, want %s to %s", took, tt.least, tt.most)
				}
			})
		})
	}
}

// A slow line that keeps to 1 KiB a second is served; the redirects before count
// for the whole.
func TestPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := strings.Repeat("x", 40<<10)
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(body); i += 1 << 10 {
				_, _ = io.WriteString(w, body[i:i+1<<10])
				_ = http.NewResponseController(w).Flush()
				time.Sleep(950 * time.Millisecond)
			}
		})
		for _, scheme := range []string{"http", "https"} {
			res, err := c.Get(t.Context(), Request{URL: scheme + "://one.example/"})
			if err != nil || string(res.Body()) != body || res.Took < 35*time.Second {
				t.Errorf("%v, took %s", err, res.Took)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(14 * time.Second)
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		})
		start := time.Now()
		_, err := c.Get(t.Context(), Request{URL: "http://one.example/"})
		if KindOf(err) != KindTimeout || time.Since(start) != 45*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		time.Sleep(time.Minute) // for the handler to end
	})
}
