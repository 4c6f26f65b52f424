package shortcut

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const host = "Host: news.example\r\n"
	for _, k := range []struct {
		name, in string
		want     verdict
	}{
		{"the simplest", "GET /feeds/all.rss HTTP/1.1\r\n" + host + "\r\n", simple},
		{"HEAD", "HEAD /feeds/all.rss HTTP/1.1\r\n" + host + "\r\n", simple},
		{"all that is read", "GET /a HTTP/1.1\r\nhost:[::1]:80\r\nUser-Agent: x\r\nAccept: */*\r\naccept-encoding: gzip, br\r\nIf-None-Match: \"a\", \"b\"\r\nConnection: Keep-Alive\r\n\r\n", simple},
		{"more behind it", "GET /a HTTP/1.1\r\n" + host + "\r\nGET /b", simple},
		{"nothing yet", "", incomplete},
		{"half a method", "GE", incomplete},
		{"half a head", "GET /a HTTP/1.1\r\nHost", incomplete},
		{"another method", "POST", other},
		{"small letters", "get /a HTTP/1.1\r\n" + host + "\r\n", other},
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", other},
		{"a TLS hello", "\x16\x03\x01\x02\x00", other},
		{"HTTP/1.0", "GET /a HTTP/1.0\r\n" + host + "\r\n", other},
		{"no version", "GET /a\r\n\r\n", other},
		{"query", "GET /a?b=c HTTP/1.1\r\n" + host + "\r\n", other},
		{"escapes", "GET /%61 HTTP/1.1\r\n" + host + "\r\n", other},
		{"two spaces", "GET  /a HTTP/1.1\r\n" + host + "\r\n", other},
		{"absolute", "GET http://news.example/a HTTP/1.1\r\n" + host + "\r\n", other},
		{"no host", "GET /a HTTP/1.1\r\nAccept: */*\r\n\r\n", other},
		{"empty host", "GET /a HTTP/1.1\r\nHost: \r\n\r\n", other},
		{"two hosts", "GET /a HTTP/1.1\r\n" + host + host + "\r\n", other},
		{"host with a path", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n", other},
		{"bare line feeds", "GET /a HTTP/1.1\nHost: a\n\n\r\n\r\n", other},
		{"line feed in a value", "GET /a HTTP/1.1\r\n" + host + "X: a\nY: b\r\n\r\n", other},
		{"folded", "GET /a HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", other},
		{"space before the colon", "GET /a HTTP/1.1\r\n" + host + "X : a\r\n\r\n", other},
		{"no colon", "GET /a HTTP/1.1\r\n" + host + "X\r\n\r\n", other},
		{"no name", "GET /a HTTP/1.1\r\n" + host + ": x\r\n\r\n", other},
		{"NUL", "GET /a HTTP/1.1\r\n" + host + "X: \x00\r\n\r\n", other},
		{"body", "GET /a HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", other},
		{"no body, but said", "GET /a HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", other},
		{"chunks", "GET /a HTTP/1.1\r\n" + host + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n", other},
		{"close", "GET /a HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", other},
		{"upgrade", "GET /a HTTP/1.1\r\n" + host + "Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n\r\n", other},
		{"delta", "GET /a HTTP/1.1\r\n" + host + "a-im: feed\r\n\r\n", other},
		{"date", "GET /a HTTP/1.1\r\n" + host + "If-Modified-Since: x\r\n\r\n", other},
		{"browser", "GET /a HTTP/1.1\r\n" + host + "Sec-Fetch-Dest: document\r\n\r\n", other},
		{"credentials", "GET /a HTTP/1.1\r\n" + host + "Authorization: Bearer x\r\n\r\n", other},
		{"two conditions", "GET /a HTTP/1.1\r\n" + host + "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n\r\n", other},
		{"two wishes", "GET /a HTTP/1.1\r\n" + host + "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n\r\n", other},
		{"no end in sight", "GET /a HTTP/1.1\r\nX: " + strings.Repeat("x", maxHead), other},
	} {
		var r Request
		n, v := parse([]byte(k.in), &r)
		if v != k.want {
			t.Errorf("%s: %d, want %d", k.name, v, k.want)
		}
		if v == simple && !strings.HasSuffix(k.in[:n], "\r\n\r\n") {
			t.Errorf("%s: ends after %q", k.name, k.in[:n])
		}
		if v != other { // it is the same however it comes in
			for i := range max(n, 1) {
				if i > len(k.in) {
					break
				}
				if _, v := parse([]byte(k.in[:i]), &r); v != incomplete {
					t.Errorf("%s: after %q: %d", k.name, k.in[:i], v)
				}
			}
		}
	}
}

// FuzzParse: what passes for simple, net/http reads in the same way.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"GET /feeds/all.rss HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"x\"\r\n\r\n",
		"HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nX: y\r\n\r\nGET",
		"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
		"GET /../a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0bchunked\r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var r Request
		n, v := parse(in, &r)
		if v != simple {
			return
		}
		rd := bufio.NewReader(bytes.NewReader(in))
		req, err := http.ReadRequest(rd)
		if err != nil {
			t.Fatalf("net/http refuses it: %v", err)
		}
		if rest := len(in) - n; rd.Buffered() != rest && len(in) < 4096 {
			t.Fatalf("net/http leaves %d bytes, we leave %d", rd.Buffered(), rest)
		}
		if req.URL.Path != string(r.Path) || req.URL.RawQuery != "" || (req.Method == "HEAD") != r.Head || req.ProtoMinor != 1 || req.ContentLength != 0 || req.Close {
			t.Fatalf("net/http reads %s %q, query %q, length %d, close %t", req.Method, req.URL.Path, req.URL.RawQuery, req.ContentLength, req.Close)
		}
		if got := req.Header.Get("If-None-Match"); got != string(r.IfNoneMatch) {
			t.Fatalf("If-None-Match %q, want %q", r.IfNoneMatch, got)
		}
		if got := req.Header.Get("Accept-Encoding"); got != string(r.AcceptEncoding) {
			t.Fatalf("Accept-Encoding %q, want %q", r.AcceptEncoding, got)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	in := []byte("GET /feeds/all.rss HTTP/1.1\r\nHost: news.example.org\r\nUser-Agent: Reader/1.0 (+https://reader.example/)\r\nAccept: application/rss+xml, */*\r\nAccept-Encoding: gzip, br\r\nIf-None-Match: \"ABCDEFGH\"\r\n\r\n")
	var r Request
	b.ReportAllocs()
	for b.Loop() {
		if _, v := parse(in, &r); v != simple {
			b.Fatal(v)
		}
	}
}
