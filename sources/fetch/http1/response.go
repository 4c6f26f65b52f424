package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// errHeader says that the head of an answer is larger than it may be.
var errHeader = errors.New("http1: response headers exceeded the limit")

// response reads the head of an answer, line by line. As soon as one is not in the
// strictest form, net/http reads all of it.
func (cn *conn) response() (*http.Response, error) {
	in, text := cn.buf.in, cn.buf.text[:0]
	fields := 0
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		text = append(text, line...)
		cn.buf.text = text
		if cn.head = int64(len(text)); cn.head > int64(cn.client.MaxHeader) {
			return nil, errHeader
		}
		switch {
		case err == bufio.ErrBufferFull:
			return cn.unusual(text)
		case err == io.EOF && len(text) > 0:
			return cn.unusual(text) // whose verdict depends on what there is
		case err != nil:
			return nil, err
		case first:
			if !plainStatus(line) {
				return cn.unusual(text)
			}
		case len(line) == 2 && line[0] == '\r':
			res, keep, ok := parse(string(text), fields, cn.into)
			if !ok {
				return cn.unusual(text)
			}
			cn.frame(res, keep)
			return res, nil
		case !plainField(line):
			return cn.unusual(text)
		default:
			fields++
		}
	}
}

// plainStatus reports whether a line begins an answer that is final and HTTP/1.1.
func plainStatus(line []byte) bool {
	const begin = "HTTP/1.1 "
	if len(line) < len(begin)+5 || string(line[:len(begin)]) != begin || line[len(line)-2] != '\r' {
		return false
	}
	code, reason := line[len(begin):len(begin)+3], line[len(begin)+3:len(line)-2]
	return '2' <= code[0] && code[0] <= '5' && isDigit(code[1]) && isDigit(code[2]) && (len(reason) == 0 || reason[0] == ' ') && isText(reason)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// plainField reports whether a line is a field with nothing odd about it. (A line
// that continues the one before begins with a space and so has no name.)
func plainField(line []byte) bool {
	n := len(line) - 2
	if n < 1 || line[n] != '\r' {
		return false
	}
	colon := bytes.IndexByte(line[:n], ':')
	if colon < 1 {
		return false
	}
	for _, c := range line[:colon] {
		if !isNameByte[c] {
			return false
		}
	}
	return isText(line[colon+1 : n])
}

func isText(s []byte) bool {
	for _, c := range s {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// isNameByte knows what names of fields are made of (RFC 9110 §5.6.2).
var isNameByte = func() (table [256]bool) {
	for c := range table {
		table[c] = c < 0x80 && httpguts.IsTokenRune(rune(c))
	}
	return table
}()

// parse reads a head whose lines are plain; h is the header to be filled, if there is
// one. keep tells whether the connection may
// be used again; ok is false where framing is not the plainest.
func parse(head string, fields int, h http.Header) (res *http.Response, keep, ok bool) {
	if h == nil {
		h = make(http.Header, fields)
	}
	clear(h)
	status, rest, _ := strings.Cut(head, "\r\n")
	res = &http.Response{
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Status: strings.TrimLeft(status[len("HTTP/1.1 "):], " "),
		Header: h, ContentLength: -1,
	}
	res.StatusCode, _ = strconv.Atoi(status[len("HTTP/1.1 ") : len("HTTP/1.1 ")+3])
	values := make([]string, 0, fields)
	for range fields {
		var line string
		line, rest, _ = strings.Cut(rest, "\r\n")
		name, value, _ := strings.Cut(line, ":")
		name = textproto.CanonicalMIMEHeaderKey(name)
		value = strings.Trim(value, " \t")
		if old := h[name]; old != nil {
			h[name] = append(old, value)
			continue
		}
		values = append(values, value)
		n := len(values)
		h[name] = values[n-1 : n : n]
	}
	return res, !closes(res), frames(res)
}

// closes reports whether the server will close the connection.
func closes(res *http.Response) bool {
	list := res.Header["Connection"]
	if len(list) == 0 || !httpguts.HeaderValuesContainsToken(list, "close") {
		return false
	}
	delete(res.Header, "Connection")
	res.Close = true
	return true
}

// frames decides where the body ends, false where that is not plain.
func frames(res *http.Response) bool {
	h := res.Header
	if h["Trailer"] != nil {
		return false
	}
	if p := h["Pragma"]; len(p) > 0 && p[0] == "no-cache" && h["Cache-Control"] == nil { // as net/http has it (RFC 7234 §5.4)
		h["Cache-Control"] = []string{"no-cache"}
	}
	length, codings := h["Content-Length"], h["Transfer-Encoding"]
	switch {
	case len(codings) > 0:
		if len(codings) != 1 || !strings.EqualFold(codings[0], "chunked") || length != nil {
			return false
		}
		delete(h, "Transfer-Encoding")
		res.TransferEncoding = []string{"chunked"}
	case len(length) == 1:
		n, err := strconv.ParseUint(length[0], 10, 63)
		if err != nil {
			return false
		}
		res.ContentLength = int64(n)
	case len(length) > 1:
		return false
	}
	return true
}

// frame gives an answer its body. One without ends the exchange.
func (cn *conn) frame(res *http.Response, keep bool) {
	if res.StatusCode == http.StatusNoContent || res.StatusCode == http.StatusNotModified || res.ContentLength == 0 {
		res.Body, res.ContentLength = http.NoBody, 0
		cn.end(keep)
		return
	}
	b := &body{cn: cn, from: cn.buf.in, left: res.ContentLength, keep: keep}
	switch {
	case res.TransferEncoding != nil:
		b.from, b.chunked = httputil.NewChunkedReader(cn.buf.in), true
	case res.ContentLength < 0:
		res.Close, b.keep = true, false // until the server closes
	}
	res.Body = b
}

var errTrailer = errors.New("http1: suspiciously long trailer after a chunked body")

// trailer reads what follows the last chunk. Only where that is nothing, which is
// what nearly all servers send, is the connection good for more; anything else is
// judged as net/http does.
func trailer(in *bufio.Reader) (keep bool, err error) {
	next, err := in.Peek(2)
	switch {
	case string(next) == "\r\n":
		_, _ = in.Discard(2)
		return true, io.EOF
	case len(next) < 2:
		return false, io.ErrUnexpectedEOF
	case err != nil:
		return false, err
	}
	for n := 4; ; n++ { // no longer than the buffer
		seen, err := in.Peek(n)
		if bytes.HasSuffix(seen, []byte("\r\n\r\n")) {
			break
		}
		if err != nil {
			return false, errTrailer
		}
	}
	if _, err = textproto.NewReader(in).ReadMIMEHeader(); err == nil {
		err = io.EOF
	} else if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return false, err
}

// lid bounds what is read of a head.
type lid struct {
	r    io.Reader
	left int64
}

func (l *lid) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errHeader
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// unusual has net/http read an answer, of which text is the beginning. The
// connection is not used again.
func (cn *conn) unusual(text []byte) (*http.Response, error) {
	rest := &lid{r: cn.buf.in, left: int64(cn.client.MaxHeader - len(text))}
	in := bufio.NewReader(io.MultiReader(bytes.NewReader(bytes.Clone(text)), rest))
	for {
		res, err := http.ReadResponse(in, &http.Request{Method: http.MethodGet})
		if err != nil {
			return nil, err
		}
		if res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols || res.StatusCode < 100 {
			rest.left = math.MaxInt64
			res.Body = &body{cn: cn, from: res.Body, left: -1}
			return res, nil
		}
	}
}
