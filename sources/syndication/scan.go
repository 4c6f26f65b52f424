package syndication

import (
	"bytes"
	"iter"
)

// scanner walks over the tags of a well-formed document. Comments and processing
// instructions are passed over; what it hands out points into the document.
type scanner struct {
	in  []byte
	pos int
}

type kind uint8

const (
	start kind = iota
	end
	eof
)

// tag is a start or end tag, or the end of the document.
type tag struct {
	kind  kind
	empty bool   // <a/>
	at    int    // offset of its "<"
	name  []byte // with prefix
	attrs []byte
}

// split parts prefix and local name.
func (t tag) split() (prefix, local []byte) { return splitName(t.name) }

func splitName(name []byte) (prefix, local []byte) {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return nil, name
}

// next returns the next tag; text and CDATA sections are passed over.
func (s *scanner) next() (tag, error) {
	for {
		i := bytes.IndexByte(s.in[s.pos:], '<')
		if i < 0 {
			s.pos = len(s.in)
			return tag{kind: eof, at: len(s.in)}, nil
		}
		at := s.pos + i
		rest := s.in[at:]
		if n := passed(rest); n != 0 {
			if n < 0 {
				return tag{}, errShape
			}
			s.pos = at + n
			continue
		}
		space := 1 // behind the name
		for space < len(rest) && !endsName[rest[space]] {
			space++
		}
		n := tagEnd(rest, space)
		if n < 0 {
			return tag{}, errShape
		}
		s.pos = at + n
		t := tag{at: at}
		inner := rest[1 : n-1]
		space--
		if len(inner) > 0 && inner[0] == '/' {
			t.kind, inner, space = end, inner[1:], space-1
		} else if len(inner) > 0 && inner[len(inner)-1] == '/' {
			t.empty, inner = true, inner[:len(inner)-1]
		}
		space = min(space, len(inner))
		t.name, t.attrs = inner[:space], inner[space:]
		return t, nil
	}
}

// passed is the length of a CDATA section, comment, processing instruction or
// declaration at the start of s: 0 if there is none, -1 if it has no end.
func passed(s []byte) int {
	if len(s) < 2 {
		return -1
	}
	closing := ""
	switch {
	case s[1] == '?':
		closing = "?>"
	case s[1] != '!':
		return 0
	case bytes.HasPrefix(s, cdataStart):
		closing = "]]>"
	case bytes.HasPrefix(s, []byte("<!--")):
		closing = "-->"
	default:
		closing = ">"
	}
	i := bytes.Index(s, []byte(closing))
	if i < 0 {
		return -1
	}
	return i + len(closing)
}

var cdataStart = []byte("<![CDATA[")

// endsName are the bytes behind a tag's name.
var endsName = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '>': true}

// tagEnd is the length of the tag at the start of s, -1 if it has no end at i or
// behind it. A ">" within quotes is no end.
func tagEnd(s []byte, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '>':
			return i + 1
		case '"', '\'':
			j := bytes.IndexByte(s[i+1:], s[i])
			if j < 0 {
				return -1
			}
			i += j + 1
		}
	}
	return -1
}

// skip passes over the content and the end of an element; t is its start tag.
func (s *scanner) skip(t tag) error {
	_, err := s.inner(t)
	return err
}

// inner passes over an element and returns what is between its tags.
func (s *scanner) inner(t tag) ([]byte, error) {
	if t.empty {
		return nil, nil
	}
	from := s.pos
	for depth := 1; ; {
		n, err := s.next()
		switch {
		case err != nil:
			return nil, err
		case n.kind == eof:
			return nil, errShape
		case n.kind == end:
			if depth--; depth == 0 {
				return s.in[from:n.at], nil
			}
		case !n.empty:
			depth++
		}
	}
}

// bare passes over an element that holds text only, or nothing but one CDATA section,
// and returns that; of any other it passes over nothing.
func (s *scanner) bare(t tag) (inner []byte, cdata, ok bool) {
	if t.empty {
		return nil, false, true
	}
	rest, end := s.in[s.pos:], 0
	if cdata = bytes.HasPrefix(rest, cdataStart); cdata {
		n := bytes.Index(rest, []byte("]]>"))
		if n < 0 {
			return nil, false, false
		}
		inner, end = rest[len(cdataStart):n], n+len("]]>")
	} else {
		n := bytes.IndexByte(rest, '<')
		if n < 0 {
			return nil, false, false
		}
		inner, end = rest[:n], n
	}
	if end+1 >= len(rest) || rest[end] != '<' || rest[end+1] != '/' {
		return nil, false, false
	}
	n := bytes.IndexByte(rest[end:], '>')
	if n < 0 {
		return nil, false, false
	}
	s.pos += end + n + 1
	return inner, cdata, true
}

// attributes are the attributes of a tag, values as written, without quotes.
func attributes(s []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for {
			eq := bytes.IndexByte(s, '=')
			if eq < 0 {
				return
			}
			key := bytes.TrimSpace(s[:eq])
			s = bytes.TrimLeft(s[eq+1:], " \t\r\n")
			if len(s) == 0 {
				return
			}
			close := bytes.IndexByte(s[1:], s[0])
			if s[0] != '"' && s[0] != '\'' || close < 0 {
				return
			}
			if !yield(key, s[1:1+close]) {
				return
			}
			s = s[close+2:]
		}
	}
}
