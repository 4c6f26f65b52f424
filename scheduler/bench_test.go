package scheduler

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wireroom/internal/need"
	"wireroom/sources/fetch"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// BenchmarkPolls measures what polls without news cost this program, from the
// timer to the store: 300 sources on 30 hosts that fall due together, over
// connections that are kept. One operation is one poll; the publishers are another
// process, so that cpu-ns/op is ours alone.
func BenchmarkPolls(b *testing.B) {
	const hosts, perHost, every = 30, 10, time.Second
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var rows []store.Source
	var list []*Source
	for i, address := range publishers(b, hosts) {
		for n := range perHost {
			src := &Source{ID: fmt.Sprintf("s%d-%d", i, n), URL: fmt.Sprintf("http://%s/feeds/%d", address, n), Every: every}
			list = append(list, src)
			rows = append(rows, store.Source{ID: src.ID, Host: src.Host(), FirstDue: time.Now()})
		}
	}
	if err := s.Sync(b.Context(), rows); err != nil {
		b.Fatal(err)
	}
	client, err := fetch.New(fetch.Options{Product: "Test/1", AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	p := &Poller{Client: client, Authority: "example.org", Pace: time.Millisecond, Now: time.Now, Complete: s.Complete}
	var polls atomic.Int64
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	warm := int64(2 * len(list)) // the first polls bring items and open connections
	var before time.Duration
	sched := New(Options{Store: s, Poll: p.Poll, Pace: time.Millisecond, Saved: func(e Event) {
		if e.Error != "" {
			b.Error(e.Error)
		}
		switch n := polls.Add(1); {
		case n == warm:
			b.ResetTimer()
			before = processorTime()
		case n > warm && e.Log.Outcome != "not-modified":
			b.Errorf("%s: %s", e.Source, e.Log.Outcome)
		case n == warm+int64(b.N):
			cancel()
		}
	}})
	sched.SetSources(list)
	b.ReportAllocs()
	if err := sched.Run(ctx); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(processorTime()-before)/float64(polls.Load()-warm), "cpu-ns/op")
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// asPublishers makes the test's binary be the publishers.
const asPublishers = "WIREROOM_TEST_PUBLISHERS"

// publishers starts them, each on an address of its own.
func publishers(b *testing.B, n int) []string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestPublishers$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", asPublishers, n))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		need.Missing(b, "this system has no more than one loopback address")
	}
	return strings.Fields(line)
}

// TestPublishers is no test: it is the process of the publishers.
func TestPublishers(t *testing.T) {
	var n int
	if _, err := fmt.Sscan(os.Getenv(asPublishers), &n); err != nil {
		t.Skip("run by BenchmarkPolls")
	}
	for i := range n {
		l, err := net.Listen("tcp4", fmt.Sprintf("127.1.0.%d:0", i+1))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Print(l.Addr(), " ")
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go publish(c)
			}
		}()
	}
	fmt.Println()
	<-t.Context().Done()
}

const (
	someFeed = `<rss version="2.0"><channel><title>Feed</title><item><guid>1</guid><title>One</title><description>Text</description></item></channel></rss>`
	answer   = "HTTP/1.1 %s\r\nETag: \"1-0\"\r\nLast-Modified: Sun, 01 Jun 2025 11:00:00 GMT\r\nContent-Type: application/rss+xml\r\nVary: Accept-Encoding\r\nDate: Sun, 01 Jun 2025 12:00:00 GMT\r\n"
)

// publish answers as the publishers of package bench/upstream do.
func publish(c net.Conn) {
	defer c.Close()
	unchanged := fmt.Appendf(nil, answer+"\r\n", "304 Not Modified")
	whole := fmt.Appendf(nil, answer+"Content-Length: %d\r\n\r\n%s", "200 OK", len(someFeed), someFeed)
	missing := []byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	buf := make([]byte, 4096)
	for n := 0; ; {
		m, err := c.Read(buf[n:])
		if err != nil {
			return
		}
		if n += m; !bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
			continue
		}
		reply := whole
		switch {
		case bytes.HasPrefix(buf[:n], []byte("GET /robots.txt")):
			reply = missing
		case bytes.Contains(buf[:n], []byte(`If-None-Match: "1-0"`)):
			reply = unchanged
		}
		if n = 0; write(c, reply) != nil {
			return
		}
	}
}

func write(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}
