package shortcut

import (
	"bytes"
)

// Request is a simple request. Its parts are valid until the answer is given.
type Request struct {
	Head           bool   // HEAD instead of GET
	Path           []byte // without query, nothing escaped
	AcceptEncoding []byte // empty: none
	IfNoneMatch    []byte // empty: none
	UserAgent      []byte // for the statistics
}

// verdict is what parse says of the bytes so far.
type verdict int

const (
	simple     verdict = iota
	incomplete         // more bytes are needed
	other              // net/http's
)

// maxHead is how large the head of a simple request is at most.
const maxHead = 4 << 10

// parse reads the request that buf begins with, and how long it is (RFC 9112).
func parse(buf []byte, r *Request) (length int, v verdict) {
	end := bytes.Index(buf, []byte("\r\n\r\n"))
	if end < 0 {
		if len(buf) >= maxHead || !begins(buf) {
			return 0, other
		}
		return 0, incomplete
	}
	*r = Request{}
	head := buf[:end+2] // every line with its end
	line, head := cut(head)
	if !r.line(line) {
		return 0, other
	}
	host := false
	for len(head) > 0 {
		line, head = cut(head)
		name, value, ok := field(line)
		if !ok {
			return 0, other
		}
		switch kindOf(name) {
		case ignored:
		case hostField:
			if host || !plainHost(value) {
				return 0, other
			}
			host = true
		case acceptEncoding:
			if r.AcceptEncoding != nil {
				return 0, other
			}
			r.AcceptEncoding = value
		case ifNoneMatch:
			if r.IfNoneMatch != nil || len(value) == 0 {
				return 0, other
			}
			r.IfNoneMatch = value
		case userAgent:
			if r.UserAgent != nil {
				return 0, other
			}
			r.UserAgent = value
		case connection:
			if !bytes.EqualFold(value, []byte("keep-alive")) {
				return 0, other
			}
		case decisive:
			return 0, other
		}
	}
	if !host {
		return 0, other
	}
	return end + 4, simple
}

// begins reports whether the bytes may be the beginning of a simple request.
func begins(buf []byte) bool {
	for _, method := range [...]string{"GET /", "HEAD /"} {
		if n := min(len(buf), len(method)); string(buf[:n]) == method[:n] {
			return true
		}
	}
	return false
}

// cut takes off the first line, without its end.
func cut(b []byte) (line, rest []byte) {
	i := bytes.Index(b, []byte("\r\n"))
	return b[:i], b[i+2:]
}

// line reads the request line.
func (r *Request) line(b []byte) bool {
	b, ok := bytes.CutSuffix(b, []byte(" HTTP/1.1"))
	if !ok {
		return false
	}
	if b, ok = bytes.CutPrefix(b, []byte("GET ")); !ok {
		if b, ok = bytes.CutPrefix(b, []byte("HEAD ")); !ok {
			return false
		}
		r.Head = true
	}
	for _, c := range b {
		if !plainPath[c] {
			return false
		}
	}
	r.Path = b
	return len(b) > 0 && b[0] == '/'
}

// plainPath has the bytes that stand for themselves in every reading of a path.
var plainPath = table("/-_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

// tokens has the bytes of a field's name (RFC 9110, section 5.6.2).
var tokens = table("!#$%&'*+-.^_`|~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

func table(chars string) (t [256]bool) {
	for _, c := range []byte(chars) {
		t[c] = true
	}
	return t
}

// field reads a header line: no folding, no space before the colon, no bytes in
// the value that a reading might take for an end (RFC 9112, section 5).
func field(line []byte) (name, value []byte, ok bool) {
	i := bytes.IndexByte(line, ':')
	if i <= 0 {
		return nil, nil, false
	}
	for _, c := range line[:i] {
		if !tokens[c] {
			return nil, nil, false
		}
	}
	for _, c := range line[i+1:] {
		if c < ' ' && c != '\t' || c >= 0x7f {
			return nil, nil, false
		}
	}
	return line[:i], bytes.Trim(line[i+1:], " \t"), true
}

// plainHost reports whether a Host field is one that no one reads otherwise.
func plainHost(v []byte) bool {
	for _, c := range v {
		if !hostChars[c] {
			return false
		}
	}
	return len(v) > 0
}

var hostChars = table("-.:[]abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

// kind is what a header field means for the answer.
type kind int

const (
	ignored kind = iota
	hostField
	acceptEncoding
	ifNoneMatch
	connection
	userAgent
	decisive // changes the answer in a way that is net/http's to work out
)

// fields are those that mean something; all others change no answer of ours.
var fields = [...]struct {
	name string
	kind kind
}{
	{"Host", hostField}, {"Connection", connection}, {"Accept-Encoding", acceptEncoding}, {"If-None-Match", ifNoneMatch}, {"User-Agent", userAgent},
	{"A-IM", decisive}, {"Authorization", decisive}, {"Content-Length", decisive}, {"Expect", decisive}, {"HTTP2-Settings", decisive},
	{"If-Match", decisive}, {"If-Modified-Since", decisive}, {"If-Unmodified-Since", decisive}, {"Keep-Alive", decisive},
	{"Proxy-Connection", decisive}, {"Sec-Fetch-Dest", decisive}, {"TE", decisive}, {"Trailer", decisive}, {"Transfer-Encoding", decisive},
	{"Upgrade", decisive}, {"X-HTTP-Method-Override", decisive},
}

func kindOf(name []byte) kind {
	for i := range fields {
		f := &fields[i]
		if len(f.name) == len(name) && f.name[0]|0x20 == name[0]|0x20 && bytes.EqualFold(name, []byte(f.name)) {
			return f.kind
		}
	}
	return ignored
}
