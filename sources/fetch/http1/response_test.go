package http1

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

// tape is a connection over which recorded bytes come once something was asked,
// whatever it was.
type tape struct {
	in    io.Reader
	asked bytes.Buffer
	ready chan struct{}
}

func newTape(answer []byte) *tape {
	return &tape{in: bytes.NewReader(answer), ready: make(chan struct{})}
}

func (t *tape) Read(p []byte) (int, error) { <-t.ready; return t.in.Read(p) }
func (t *tape) Write(p []byte) (int, error) {
	defer close(t.ready) // a request is written at once
	return t.asked.Write(p)
}
func (t *tape) Close() error                     { return nil }
func (t *tape) LocalAddr() net.Addr              { return nil }
func (t *tape) RemoteAddr() net.Addr             { return nil }
func (t *tape) SetDeadline(time.Time) error      { return nil }
func (t *tape) SetReadDeadline(time.Time) error  { return nil }
func (t *tape) SetWriteDeadline(time.Time) error { return nil }

// dial makes a Client whose connections are c.
func dial(c net.Conn) *Client {
	return &Client{
		Dial:    func(context.Context, string, string) (net.Conn, error) { return c, nil },
		Headers: time.Minute, MaxHeader: 64 << 10, Idle: 10, IdlePerHost: 2, IdleTimeout: time.Minute,
	}
}

// outcome is what an exchange came to.
type outcome struct {
	Status  int
	Header  http.Header
	Length  int64
	Body    string
	Failed  bool // before there was an answer
	Cut     bool // in the body
	Codings []string
}

func read(res *http.Response, err error) outcome {
	if err != nil {
		return outcome{Failed: true}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return outcome{Status: res.StatusCode, Header: res.Header, Length: res.ContentLength, Body: string(body), Cut: err != nil, Codings: res.TransferEncoding}
}

// reference is what net/http reads.
func reference(answer []byte) outcome {
	in := bufio.NewReader(bytes.NewReader(answer))
	for {
		res, err := http.ReadResponse(in, &http.Request{Method: http.MethodGet})
		if err == nil && res.StatusCode >= 100 && res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		return read(res, err)
	}
}

func ours(t testing.TB, answer []byte) outcome {
	c := dial(newTape(answer))
	return read(c.Get(t.Context(), Request{URL: parsed(t, "http://one.example/")}))
}

func parsed(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// answers are recorded or made: ordinary ones, and all that is odd in a way that has
// been used for smuggling or is met in the wild.
var answers = []string{
	"HTTP/1.1 304 Not Modified\r\nDate: Sun, 01 Jun 2025 12:00:00 GMT\r\nETag: \"a\"\r\n\r\n",
	"HTTP/1.1 304 Not Modified\r\nContent-Length: 57000\r\nETag: W/\"a\"\r\n\r\n",
	"HTTP/1.1 304\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/xml\r\n\r\n<rss/>",
	"HTTP/1.1 200 OK\r\ncontent-length:6\r\nX-A: 1\r\nx-a: 2\r\nvary:  Accept \r\n\r\n<rss/>",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n3;x=y\r\ns/>\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTrailer: X\r\n\r\n3\r\n<rs\r\n0\r\nX: y\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n0\r\nX: y\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n0\r\nX y\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n0\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n0\r\n\n0",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + strings.Repeat("a", 5000) + "\r\n\r\n",
	"HTTP/1.1 200\r\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<rss/>",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\n<rs\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 3\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n<rss",
	"HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: 0x3\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rs",
	"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n",
	"HTTP/1.1 200 OK\r\n\r\n<rss/>",
	"HTTP/1.1 200 OK\r\nConnection: Keep-Alive, close\r\n\r\n<rss/>",
	"HTTP/1.1 200 OK\r\nPragma: no-cache\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\nContent-Length: 0\r\n\r\n", // obs-fold
	"HTTP/1.1 200 OK\r\n X: a\r\n\r\n",
	"HTTP/1.1 200 OK\nContent-Length: 6\n\n<rss/>", // bare line feeds
	"HTTP/1.1 200 OK\r\nContent-Length: 6\n\r\n<rss/>",
	"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX\xe9: a\r\n\r\n",
	"HTTP/1.1 200 OK\r\n: a\r\n\r\n",
	"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
	"HTTP/1.1 200 OK\r\nA b: c\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 0",
	"HTTP/1.1 200 OK\r\n",
	"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>",
	"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<rss/>",
	"HTTP/2.0 200 OK\r\n\r\n",
	"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>",
	"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
	"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc",
	"HTTP/1.1 099 Low\r\n\r\n",
	"HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1\r\n\r\n",
	"http/1.1 200 OK\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n", "ICY 200 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "<html>", "", "\r\n", "\n",
	"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 5000) + "\r\nContent-Length: 2\r\n\r\nab",
	"HTTP/1.1 200 " + strings.Repeat("O", 5000) + "\r\nContent-Length: 2\r\n\r\nab",
}

// What is read of an answer is what net/http reads of it.
func TestAnswersAsNetHTTP(t *testing.T) {
	t.Parallel()
	for _, answer := range answers {
		if want, got := reference([]byte(answer)), ours(t, []byte(answer)); !reflect.DeepEqual(got, want) {
			t.Errorf("%.200q:\n got %+v\nwant %+v", answer, got, want)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	for _, answer := range answers {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		if want, got := reference(answer), ours(t, answer); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q:\n got %+v\nwant %+v", answer, got, want)
		}
	})
}

// A request is to the byte what net/http sends.
func TestRequestAsNetHTTP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url    string
		header http.Header
	}{
		{"http://one.example/", http.Header{"User-Agent": {"Test/1"}}},
		{"http://one.example:8080/feed.xml?a=b&c=%20", http.Header{"User-Agent": {"Test/1"}, "Accept-Encoding": {"gzip, br"}, "Accept": {"*/*"}, "If-None-Match": {`"a"`}, "A-Im": {"feed"}}},
		{"http://[2001:db8::1]:81/a%2Fb/ü", http.Header{"User-Agent": {"Test/1"}, "X-B": {"1"}, "X-A": {"  spaced\t"}}},
		{"http://one.example/?", http.Header{"User-Agent": {""}}},
		{"http://one.example//a", http.Header{"User-Agent": {"x"}, "Authorization": {"Basic eDp5"}, "Cookie": {"a=b"}}},
	}
	for _, tt := range tests {
		sent := func(get func(c net.Conn) error) string {
			c := newTape([]byte("HTTP/1.1 304 Not Modified\r\n\r\n"))
			if err := get(c); err != nil {
				t.Fatal(err)
			}
			return c.asked.String()
		}
		got := sent(func(c net.Conn) error {
			var fields []Field
			for name, values := range tt.header {
				fields = append(fields, Field{name, values[0]})
			}
			_, err := dial(c).Get(t.Context(), Request{URL: parsed(t, tt.url), Fields: fields})
			return err
		})
		want := sent(func(c net.Conn) error {
			tr := &http.Transport{DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) { return c, nil }}
			defer tr.CloseIdleConnections()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.url, nil)
			if err != nil {
				return err
			}
			r.Header = tt.header
			res, err := tr.RoundTrip(r)
			if err == nil {
				res.Body.Close()
			}
			return err
		})
		if got != want {
			t.Errorf("%s:\n got %q\nwant %q", tt.url, got, want)
		}
	}
}
