package syndication

import (
	"bytes"
	"html"
	"iter"
	"strconv"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// number is the attribute of a marker: which of the fields kept aside are its scope's.
const number = "n"

// marker is the name of the extension that stands for a scope's fields.
const marker = "x"

// aside keeps an element that is text aside. Child elements, as Atom's xhtml has and
// as RSS should not have, become HTML, in which no prefix and no <p/> is left.
func (s *shaper) aside(name string, t tag) error {
	e := element{name: name, attrs: s.values(t.attrs)}
	if inner, cdata, ok := s.bare(t); ok {
		if !cdata {
			inner = s.decoded(inner)
		}
		e.value = s.text(inner)
		s.keep(e)
		return nil
	}
	inner, err := s.inner(t)
	if err != nil {
		return err
	}
	if !hasTags(inner) {
		e.value = s.text(s.decoded(inner))
		s.keep(e)
		return nil
	}
	out := s.doc
	s.doc = s.html[:0]
	s.markup(unwrap(inner))
	s.html, s.doc = s.doc, out
	e.value, e.html = s.text(s.html), true
	s.keep(e)
	return nil
}

// values are a tag's own attributes, decoded.
func (s *shaper) values(attrs []byte) []attribute {
	if len(attrs) == 0 {
		return nil
	}
	from := len(s.attributes)
	for local, value := range ownAttributes(attrs) {
		if bytes.IndexByte(value, '&') >= 0 {
			s.html = appendText(s.html[:0], value)
			value = s.html
		}
		s.attributes = append(s.attributes, attribute{s.short(local), s.short(value)})
	}
	return s.attributes[from:len(s.attributes):len(s.attributes)]
}

// branch keeps an element with its attributes aside, too; where it has children
// gofeed reads it, and only its place is kept.
func (s *shaper) branch(name string, t tag, count *[classes]int) error {
	content := s.pos
	inner, err := s.inner(t)
	if err != nil {
		return err
	}
	if hasTags(inner) {
		before := len(s.doc)
		if s.pos = content; s.plain {
			return s.plainBranch(name, t, count)
		}
		if err = s.tree(own+":"+name, t, count); err == nil && len(s.doc) > before {
			s.keep(element{name: name, value: childful})
		}
		return err
	}
	if len(inner) > maxPlain {
		inner = nil
	}
	s.keep(element{name: name, attrs: s.values(t.attrs), value: s.text(s.decoded(inner))})
	return nil
}

// childful is the text that stands for an element which gofeed reads: it has a
// character that no document can have.
const childful = "\x00"

// mark writes an empty extension of ours that says which of the fields kept aside
// are those of the scope that ends here.
func (s *shaper) mark(x fields) {
	s.doc = append(s.doc, "<"+own+":"+marker+" "+number+`="`...)
	s.doc = append(strconv.AppendInt(s.doc, int64(len(s.kept)), 10), `"/>`...)
	s.kept = append(s.kept, x)
}

// hasTags reports whether s has child elements.
func hasTags(s []byte) bool {
	sc := scanner{in: s}
	t, err := sc.next()
	return err == nil && t.kind != eof
}

// decoded is what text and CDATA sections say, good until the next call.
func (s *shaper) decoded(inner []byte) []byte {
	if bytes.IndexByte(inner, '<') < 0 && bytes.IndexByte(inner, '&') < 0 {
		return inner
	}
	b := s.html[:0]
	for {
		i := bytes.IndexByte(inner, '<')
		if i < 0 {
			s.html = appendText(b, inner)
			return s.html
		}
		b = appendText(b, inner[:i])
		n := passed(inner[i:])
		if n <= 0 {
			s.html = b
			return b
		}
		if bytes.HasPrefix(inner[i:], cdataStart) {
			b = append(b, inner[i+len(cdataStart):i+n-len("]]>")]...)
		}
		inner = inner[i+n:]
	}
}

// appendText appends text with its references decoded.
func appendText(b, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(b, text...)
		}
		b, text = append(b, text[:i]...), text[i:]
		c, n := character(text)
		if n > 0 {
			b, text = utf8.AppendRune(b, c), text[n:]
			continue
		}
		if n = bytes.IndexByte(text[1:], '&') + 1; n == 0 {
			n = len(text)
		}
		b, text = append(b, html.UnescapeString(string(text[:n]))...), text[n:]
	}
}

// character is what the reference at the start of text stands for, and how long that
// is: nearly all are XML's own or numbers. The length is 0 for any other, and for
// numbers of which HTML has an opinion of its own.
func character(text []byte) (c rune, length int) {
	for _, r := range [...]struct {
		name string
		char rune
	}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}} {
		if len(text) >= len(r.name) && string(text[:len(r.name)]) == r.name {
			return r.char, len(r.name)
		}
	}
	if len(text) < len("&#9;") || text[1] != '#' {
		return 0, 0
	}
	i, hex := 2, text[2] == 'x'
	if hex {
		i++
	}
	from := i
	for ; i < len(text) && i < from+7; i++ {
		switch d := rune(text[i]); {
		case d >= '0' && d <= '9' && hex:
			c = c<<4 + d&0xF
		case d >= '0' && d <= '9':
			c = c*10 + d&0xF
		case hex && d|0x20 >= 'a' && d|0x20 <= 'f':
			c = c<<4 + d&0xF + 9
		case d == ';' && i > from && c >= ' ' && (c < 0x7F || c >= 0xA0) && utf8.ValidRune(c) && c != 0xFFFE && c != 0xFFFF:
			return c, i + 1
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// bareText writes text without tags in one piece, since gofeed puts pieces together
// at a cost that grows with their square: as it is, or, where there is more than
// one CDATA section or text beside it, escaped.
func (s *shaper) bareText(inner []byte) {
	i := bytes.IndexByte(inner, '<')
	if i < 0 {
		s.doc = append(s.doc, inner...)
		return
	}
	if n := passed(inner[i:]); n > 0 && bytes.HasPrefix(inner[i:], cdataStart) &&
		len(bytes.TrimSpace(inner[:i])) == 0 && len(bytes.TrimSpace(inner[i+n:])) == 0 {
		s.doc = append(s.doc, inner[i:i+n]...)
		return
	}
	from := len(s.doc)
	s.data(inner, 3*len(inner))
	if end := []byte("]]>"); bytes.Contains(s.doc[from:], end) { // which a section and the text behind it can make
		s.doc = append(s.doc[:from], bytes.ReplaceAll(s.doc[from:], end, []byte("]]&gt;"))...)
	}
}

// tree writes an element with its children, all without prefixes and namespaces;
// gofeed tells children of an extension by their local name only. Where count is
// set, elements over the limit take the whole tree with them.
func (s *shaper) tree(name string, t tag, count *[classes]int) error {
	mark, from := len(s.doc), s.pos
	s.doc = append(append(s.doc, '<'), name...)
	s.attrs(t.attrs)
	s.doc = append(s.doc, '>')
	for depth := 1; !t.empty && depth > 0; {
		n, err := s.next()
		if err != nil || n.kind == eof {
			return errShape
		}
		if text := s.in[from:n.at]; count == nil || len(text) <= maxPlain {
			s.bareText(text)
		}
		from = s.pos
		_, local := n.split()
		if n.kind == end {
			if depth--; depth > 0 {
				s.doc = append(append(append(s.doc, '<', '/'), local...), '>')
			}
			continue
		}
		if count != nil {
			if count[ofBranches]++; count[ofBranches] > most[ofBranches] {
				s.doc = s.doc[:mark]
				return s.leave(n, depth)
			}
		}
		s.doc = append(append(s.doc, '<'), local...)
		s.attrs(n.attrs)
		if n.empty {
			s.doc = append(s.doc, '/')
		} else {
			depth++
		}
		s.doc = append(s.doc, '>')
	}
	s.close(name)
	return nil
}

// leave passes over the rest of a tree: n, just read, and the elements around it.
func (s *shaper) leave(n tag, depth int) error {
	if err := s.skip(n); err != nil {
		return err
	}
	for ; depth > 0; depth-- {
		if err := s.skip(tag{}); err != nil {
			return err
		}
	}
	return nil
}

// ownAttributes are the attributes without a prefix, and two with one, by their
// local names.
func ownAttributes(attrs []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		for key, value := range attributes(attrs) {
			prefix, local := splitName(key)
			switch {
			case string(key) == "xmlns":
				continue
			case len(prefix) > 0 && string(key) != "xml:lang" && string(local) != "resource": // rdf:resource
				continue
			}
			if !yield(local, value) {
				return
			}
		}
	}
}

// attrs writes attributes.
func (s *shaper) attrs(attrs []byte) {
	for local, value := range ownAttributes(attrs) {
		quote := byte('"')
		if bytes.IndexByte(value, '"') >= 0 {
			quote = '\''
		}
		s.doc = append(append(append(s.doc, ' '), local...), '=', quote)
		s.doc = append(append(s.doc, value...), quote)
	}
}

// hasAttr reports whether the tag has the attribute without a prefix.
func hasAttr(attrs, name []byte) bool {
	for key := range attributes(attrs) {
		if bytes.Equal(key, name) {
			return true
		}
	}
	return false
}

// unwrap takes away the div that Atom's xhtml needs around its content and that is
// not part of it (RFC 4287 section 3.1.1.3).
func unwrap(inner []byte) []byte {
	sc := scanner{in: inner}
	t, err := sc.next()
	if err != nil || t.kind != start || len(bytes.TrimSpace(inner[:t.at])) > 0 {
		return inner
	}
	if _, local := t.split(); string(local) != "div" {
		return inner
	}
	content, err := sc.inner(t)
	if err != nil || len(bytes.TrimSpace(inner[sc.pos:])) > 0 {
		return inner
	}
	return content
}

// markup writes XML elements as HTML.
func (s *shaper) markup(inner []byte) {
	sc := scanner{in: inner}
	from := 0
	most := len(s.doc) + 3*len(inner)
	for {
		t, err := sc.next()
		if err != nil {
			return
		}
		if text := inner[from:t.at]; bytes.IndexByte(text, '<') < 0 {
			s.doc = append(s.doc, text...)
		} else {
			s.data(text, most-len(s.doc))
		}
		from = sc.pos
		if t.kind == eof {
			return
		}
		_, local := t.split()
		alone := void(local)
		if t.kind == end {
			if !alone {
				s.close(string(local))
			}
			continue
		}
		s.doc = append(append(s.doc, '<'), local...)
		s.attrs(t.attrs)
		s.doc = append(s.doc, '>')
		if t.empty && !alone {
			s.close(string(local))
		}
	}
}

// data writes text and CDATA sections as escaped text, at most so many bytes: what
// grows more is made to.
func (s *shaper) data(t []byte, most int) {
	most += len(s.doc)
	for len(s.doc) <= most {
		i := bytes.IndexByte(t, '<')
		if i < 0 {
			s.doc = append(s.doc, t...)
			return
		}
		s.doc = append(s.doc, t[:i]...)
		n := passed(t[i:])
		if n <= 0 {
			return
		}
		if bytes.HasPrefix(t[i:], cdataStart) {
			section := t[i+len(cdataStart) : i+n-len("]]>")]
			for k := 0; k < len(section) && len(s.doc) <= most; k++ {
				switch c := section[k]; c {
				case '&':
					s.doc = append(s.doc, "&amp;"...)
				case '<':
					s.doc = append(s.doc, "&lt;"...)
				case '>':
					s.doc = append(s.doc, "&gt;"...)
				default:
					s.doc = append(s.doc, c)
				}
			}
		}
		t = t[i+n:]
	}
}

// void reports HTML's elements that have no content and no end tag.
func void(name []byte) bool {
	switch atom.Lookup(bytes.ToLower(name)) {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}
