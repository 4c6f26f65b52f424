package fetch

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"wireroom/sources/fetch/fetchtest"
)

// pack compresses b in coding.
func pack(t testing.TB, coding string, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&out)
	case "br":
		w = brotli.NewWriterLevel(&out, 2)
	case "zstd":
		z, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithEncoderLevel(zstd.SpeedFastest))
		if err != nil {
			t.Fatal(err)
		}
		w = z
	case "deflate":
		w = zlib.NewWriter(&out)
	case "bare deflate":
		f, err := flate.NewWriter(&out, 6)
		if err != nil {
			t.Fatal(err)
		}
		w = f
	default:
		return b
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sampleFeed is a feed of about size bytes that compresses like a real one.
func sampleFeed(size int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Sample</title>\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "<item><title>Item %d</title><guid>urn:%x</guid><description>", i, r.Uint64())
		for range 120 {
			fmt.Fprintf(&b, "word%d ", r.IntN(3000))
		}
		b.WriteString("</description></item>\n")
	}
	b.WriteString("</channel></rss>")
	return b.Bytes()
}

func TestBodies(t *testing.T) {
	t.Parallel()
	feed := sampleFeed(200 << 10)
	cut := func(b []byte) []byte { return b[:len(b)*2/3] }
	wrongCRC := bytes.Clone(pack(t, "gzip", feed))
	wrongCRC[len(wrongCRC)-8] ^= 0xff
	corrupt := bytes.Clone(pack(t, "gzip", feed))
	for i := len(corrupt) / 2; i < len(corrupt)/2+50; i++ {
		corrupt[i] ^= 0xa5
	}
	tests := []struct {
		name     string
		encoding []string
		body     []byte
		kind     Kind
		repair   string
		partial  bool // truncated: a prefix of feed
	}{
		{"identity", nil, feed, "", "", false},
		{"identity by name", []string{"identity"}, feed, "", "", false},
		{"gzip", []string{"gzip"}, pack(t, "gzip", feed), "", "", false},
		{"x-gzip", []string{"X-GZIP"}, pack(t, "gzip", feed), "", "", false},
		{"br", []string{"br"}, pack(t, "br", feed), "", "", false},
		{"zstd", []string{"zstd"}, pack(t, "zstd", feed), "", "", false},
		{"deflate", []string{"deflate"}, pack(t, "deflate", feed), "", "", false},
		{"bare deflate", []string{"deflate"}, pack(t, "bare deflate", feed), "", "", false},
		{"gzip and identity", []string{"gzip, identity"}, pack(t, "gzip", feed), "", "", false},
		{"aws-chunked", []string{"aws-chunked"}, feed, "", "", false},
		{"gzip of two members", []string{"gzip"}, append(pack(t, "gzip", feed[:1000]), pack(t, "gzip", feed[1000:])...), "", "", false},
		{"zstd of two frames", []string{"zstd"}, append(pack(t, "zstd", feed[:1000]), pack(t, "zstd", feed[1000:])...), "", "", false},
		{"label without gzip", []string{"gzip"}, feed, "", RepairMislabeled, false},
		{"label without br", []string{"br"}, feed, "", RepairMislabeled, false},
		{"label without zstd", []string{"zstd"}, []byte("\xef\xbb\xbf\n<rss/>"), "", RepairMislabeled, false},
		{"unknown label of text", []string{"utf8"}, feed, "", RepairMislabeled, false},
		{"wrong label", []string{"br"}, pack(t, "gzip", feed), "", RepairMislabeled, false},
		{"gzip without label", nil, pack(t, "gzip", feed), "", RepairUnlabeled, false},
		{"zstd without label", nil, pack(t, "zstd", feed), "", RepairUnlabeled, false},
		{"junk after gzip", []string{"gzip"}, append(pack(t, "gzip", feed), "\n<!-- served by x -->"...), "", RepairTrailing, false},
		{"a byte after gzip", []string{"gzip"}, append(pack(t, "gzip", feed), 0), "", RepairTrailing, false},
		{"junk after br", []string{"br"}, append(pack(t, "br", feed), "\n<!-- served by x -->"...), "", RepairTrailing, false},
		{"junk after zstd", []string{"zstd"}, append(pack(t, "zstd", feed), "\n<!-- served by x -->"...), "", RepairTrailing, false},
		{"checksum", []string{"gzip"}, wrongCRC, KindEncoding, "", false},
		{"gzip cut", []string{"gzip"}, cut(pack(t, "gzip", feed)), "", RepairTruncated, true},
		{"br cut", []string{"br"}, cut(pack(t, "br", feed)), "", RepairTruncated, true},
		{"zstd cut", []string{"zstd"}, cut(pack(t, "zstd", sampleFeed(600<<10))), "", RepairTruncated, true},
		{"empty", nil, nil, "", "", false},
		{"empty gzip", []string{"gzip"}, nil, "", "", false},
		{"two codings", []string{"gzip, br"}, pack(t, "br", pack(t, "gzip", feed)), KindEncoding, "", false},
		{"two lines", []string{"gzip", "gzip"}, pack(t, "gzip", pack(t, "gzip", feed)), KindEncoding, "", false},
		{"twice under one label", []string{"gzip"}, pack(t, "gzip", pack(t, "gzip", feed)), KindEncoding, "", false},
		{"zstd in br", []string{"br"}, pack(t, "br", pack(t, "zstd", feed)), KindEncoding, "", false},
		{"unknown coding", []string{"compress"}, []byte("\x1f\x9d\x90abcdefgh"), KindEncoding, "", false},
		{"corrupt gzip", []string{"gzip"}, corrupt, KindEncoding, "", false},
		{"not gzip at all", []string{"gzip"}, []byte("\x00\x01\x02\x03"), KindEncoding, "", false},
		{"nothing but a gzip header", []string{"gzip"}, pack(t, "gzip", feed)[:10], KindConnect, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, n := serve(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header()["Content-Encoding"] = tt.encoding
					w.Header().Set("Content-Type", "application/xml")
					w.Header().Set("ETag", `"e"`)
					_, _ = w.Write(tt.body)
				})
				for range 2 { // the second time with pooled readers
					res, err := c.Get(t.Context(), Request{URL: "http://one.example/"})
					if KindOf(err) != tt.kind {
						t.Fatalf("%v (%s), want kind %q", err, KindOf(err), tt.kind)
					}
					if err != nil {
						continue
					}
					want := feed
					if len(tt.body) < 100 {
						want = tt.body
					}
					got := res.Body()
					switch {
					case tt.partial:
						if !res.Truncated || res.ETag != "" || len(got) < 1000 || !bytes.HasPrefix(got, feed[:1000]) {
							t.Errorf("truncated %v, etag %q, %d bytes", res.Truncated, res.ETag, len(got))
						}
					case !bytes.Equal(got, want):
						t.Errorf("got %d bytes, want %d", len(got), len(want))
					case res.ETag != `"e"` || res.Truncated:
						t.Errorf("etag %q, truncated %v", res.ETag, res.Truncated)
					}
					if tt.repair != "" && res.Repairs[tt.repair] != 1 || tt.repair == "" && len(res.Repairs) > 0 {
						t.Errorf("repairs %v, want %q", res.Repairs, tt.repair)
					}
					if res.Wire > int64(len(tt.body)) || res.Decoded != int64(len(got)) {
						t.Errorf("wire %d, decoded %d", res.Wire, res.Decoded)
					}
					res.Release()
					res.Release()
				}
				if tt.kind == "" && tt.repair == "" && n.Dials("one.example:80") != 1 {
					t.Error("the connection was not used again")
				}
			})
		})
	}
}

// raw serves one connection with exactly these bytes, then f.
func raw(t *testing.T, head string, then func(net.Conn)) *Client {
	t.Helper()
	n := fetchtest.NewNetwork(t)
	n.HandleConn(t, "one.example:80", func(c net.Conn) {
		defer c.Close()
		buf := make([]byte, 4096)
		if _, err := c.Read(buf); err != nil {
			return
		}
		if _, err := io.WriteString(c, head); err != nil {
			return
		}
		if then != nil {
			then(c)
		}
	})
	return newTestClient(t, n)
}

// Lies about the length and broken connections: what came is read, and the
// validators are not believed.
func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nLast-Modified: m\r\n"
	tests := []struct {
		name, head, body string
		truncated        bool
		kind             Kind
	}{
		{"length too long", ok + "Content-Length: 1000\r\n\r\n<rss/>", "<rss/>", true, ""},
		{"length too short", ok + "Content-Length: 3\r\n\r\n<rss/>", "<rs", false, ""},
		{"absurd length", ok + "Content-Length: 9223372036854775807\r\n\r\n<rss/>", "<rss/>", true, ""},
		{"no length", ok + "\r\n<rss/>", "<rss/>", false, ""},
		{"chunk cut", ok + "Transfer-Encoding: chunked\r\n\r\nff\r\n<rss/>", "<rss/>", true, ""},
		{"chunks without an end", ok + "Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n", "<rss/>", true, ""},
		{"bad chunk size", ok + "Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\nzz\r\n", "<rss/>", true, ""},
		{"nothing of a body", ok + "Content-Length: 1000\r\n\r\n", "", false, KindConnect},
		{"nothing at all", "", "", false, KindConnect},
		{"negative length", ok + "Content-Length: -5\r\n\r\n<rss/>", "", false, KindProtocol},
		{"two lengths", ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n<rss/>", "", false, KindProtocol},
		{"not HTTP", "SSH-2.0-OpenSSH_9.9\r\n", "", false, KindProtocol},
		{"not quite HTTP", "HTTP/1.1 abc OK\r\n\r\n", "", false, KindProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				res, err := raw(t, tt.head, nil).Get(t.Context(), Request{URL: "http://one.example/"})
				if KindOf(err) != tt.kind {
					t.Fatalf("%v (%s), want %q", err, KindOf(err), tt.kind)
				}
				if err != nil {
					return
				}
				if string(res.Body()) != tt.body || res.Truncated != tt.truncated || (res.ETag == "") != tt.truncated || (res.LastModified == "") != tt.truncated {
					t.Errorf("%q, truncated %v, etag %q", res.Body(), res.Truncated, res.ETag)
				}
			})
		})
	}
}

func TestHTTP2Reset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"e"`)
			if r.URL.Path == "/body" {
				_, _ = w.Write([]byte(strings.Repeat("<rss/>", 1000)))
				_ = http.NewResponseController(w).Flush()
			}
			panic(http.ErrAbortHandler)
		})
		res, err := c.Get(t.Context(), Request{URL: "https://one.example/body"})
		if err != nil || !res.Truncated || res.ETag != "" || len(res.Body()) != 6000 {
			t.Errorf("%+v, %v", res, err)
		}
		if _, err := c.Get(t.Context(), Request{URL: "https://one.example/"}); KindOf(err) != KindConnect {
			t.Errorf("%v (%s)", err, KindOf(err))
		}
	})
}
