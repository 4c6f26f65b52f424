package syndication

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
)

// Of the plain form is a document in which nothing is but feed, items, and elements
// whose content is text or, of those that are known to have children, elements with
// text. The shaper reads it as gofeed would; errOther is for all that gofeed might
// read otherwise, and sends the document to it.
var errOther = errors.New("not of the plain form")

func (s *shaper) plainRSS(body []byte) (content, error) {
	return s.whole(body, rssFields, "rss", "rss")
}

func (s *shaper) plainAtom(body []byte) (content, error) {
	return s.whole(body, atomFields, "atom", "feed")
}

func (s *shaper) whole(body []byte, known map[string]field, home, root string) (content, error) {
	s.plain = true
	defer func() { s.plain = false }()
	if _, err := s.shape(body, known, home, root); err != nil {
		return content{}, err
	}
	c := content{about: s.about, items: make([]fields, len(s.items))}
	for i, n := range s.items {
		if n >= 0 {
			c.items[i] = s.kept[n]
		}
	}
	return c, nil
}

// fits reports whether a scope that is no item stands where it is read.
func (s *shaper) fits(parent, name string) bool {
	switch name {
	case "rss", "feed":
		return parent == ""
	case "channel":
		return parent == "rss" && len(s.about.list)+len(s.items) == 0
	}
	return name == "source" && parent == "entry"
}

// ended takes the fields of such a scope.
func (s *shaper) ended(name string, x fields) {
	switch name {
	case "channel", "feed":
		s.about = x
	case "source":
		s.keep(element{name: name, children: x})
	}
}

// native reads an element that gofeed knows.
func (s *shaper) native(name string, t tag) error {
	switch {
	case name == "author" || name == "contributor":
		return s.person(name, t)
	case name == "image":
		return s.listing(name, "url", t)
	case name == "skiphours":
		return s.listing(name, "hour", t)
	case name == "skipdays":
		return s.listing(name, "day", t)
	}
	e := element{name: name}
	var err error
	if e.attrs, err = s.plainAttrs(t.attrs, true); err != nil {
		return err
	}
	switch {
	case s.home == "atom" && name == "link" && !hasAttr(t.attrs, []byte("href")):
		return errOther
	case s.home == "atom" || name == "enclosure":
		err = s.skip(t)
	default:
		if e.value, err = s.piece(t); e.value == "" && name == "link" {
			e.value = e.exact("href")
		}
	}
	s.keep(e)
	return err
}

// maxChildren is how many names, hours or days an element may have here.
const maxChildren = 64

// children calls f with every child element of t, which reads it to its end.
func (s *shaper) children(t tag, f func(n tag) error) error {
	for !t.empty {
		n, err := s.next()
		if err != nil || n.kind != start {
			return err
		}
		if err := f(n); err != nil {
			return err
		}
	}
	return nil
}

// person reads Atom's persons, also of 0.3.
func (s *shaper) person(name string, t tag) error {
	base := len(s.open)
	err := s.children(t, func(n tag) (err error) {
		_, local := n.split()
		c := element{name: "uri"}
		switch strings.ToLower(string(local)) {
		case "name":
			c.name = "name"
		case "uri", "url", "homepage":
		default:
			return s.skip(n)
		}
		if len(bytes.TrimSpace(n.attrs)) > 0 || len(s.open)-base > maxChildren { // a type changes what it says
			return errOther
		}
		if c.value, err = s.piece(n); err != nil {
			return err
		}
		if len(local) == len("uri") {
			c.value = address(c.value)
		}
		s.keep(c)
		return nil
	})
	if err == nil {
		s.keep(element{name: name, children: s.closed(base)})
	}
	return err
}

// listing reads the children of one name.
func (s *shaper) listing(name, child string, t tag) error {
	base := len(s.open)
	err := s.children(t, func(n tag) error {
		if _, local := n.split(); strings.ToLower(string(local)) != child {
			return s.skip(n)
		}
		value, err := s.piece(n)
		if err == nil && len(s.open)-base > maxChildren {
			err = errOther
		}
		if err == nil {
			s.keep(element{name: child, value: value})
		}
		return err
	})
	if err == nil {
		s.keep(element{name: name, children: s.closed(base)})
	}
	return err
}

// plainBranch reads an element with children; elements over the limit send the
// document to gofeed.
func (s *shaper) plainBranch(name string, t tag, count *[classes]int) error {
	e, err := s.plainTree(name, t, true, count)
	s.keep(e)
	return err
}

func (s *shaper) plainTree(name string, t tag, top bool, count *[classes]int) (e element, err error) {
	e.name = name
	if e.attrs, err = s.plainAttrs(t.attrs, top); err != nil || t.empty {
		return e, err
	}
	if inner, cdata, ok := s.bare(t); ok {
		e.value, err = s.leaf(inner, cdata)
		e.value = strings.TrimSpace(e.value)
		return e, err
	}
	for base := len(s.open); ; {
		from := s.pos
		n, err := s.next()
		switch {
		case err != nil:
			return e, err
		case n.kind == eof || len(bytes.TrimSpace(s.in[from:n.at])) > 0:
			return e, errOther
		case n.kind == end:
			e.children = s.closed(base)
			return e, nil
		}
		if count[ofBranches]++; count[ofBranches] > most[ofBranches] {
			return e, errOther
		}
		_, local := n.split()
		c, err := s.plainTree(s.short(local), n, false, count)
		if err != nil {
			return e, err
		}
		s.keep(c)
	}
}

// plainAttrs are a tag's own attributes. gofeed takes the addresses apart and writes
// them again where a child of a feed or item has them.
func (s *shaper) plainAttrs(attrs []byte, top bool) ([]attribute, error) {
	if len(attrs) == 0 {
		return nil, nil
	}
	from := len(s.attributes)
	for local, value := range ownAttributes(attrs) {
		value, ok := s.certain(value)
		if !ok {
			return nil, errOther
		}
		a := attribute{s.short(local), s.short(value)}
		for _, other := range s.attributes[from:] {
			if other.name == a.name { // which one counts is gofeed's to say
				return nil, errOther
			}
		}
		if top && holdsAddress(a.name) {
			a.value = address(a.value)
		}
		s.attributes = append(s.attributes, a)
	}
	return s.attributes[from:len(s.attributes):len(s.attributes)], nil
}

// piece reads an element with text only, or one CDATA section, whose white space stays.
func (s *shaper) piece(t tag) (string, error) {
	inner, cdata, ok := s.bare(t)
	if !ok { // white space around a section
		var err error
		if inner, err = s.inner(t); err != nil {
			return "", err
		}
		inner = bytes.TrimSpace(inner)
		if !bytes.HasPrefix(inner, cdataStart) || passed(inner) != len(inner) {
			return "", errOther
		}
		inner, cdata = inner[len(cdataStart):len(inner)-len("]]>")], true
	}
	return s.leaf(inner, cdata)
}

func (s *shaper) leaf(inner []byte, cdata bool) (string, error) {
	ok := bytes.IndexByte(inner, '\r') < 0
	if !cdata {
		inner, ok = s.certain(bytes.TrimSpace(inner))
	}
	if !ok || len(inner) > maxPlain {
		return "", errOther
	}
	return s.short(inner), nil
}

// certain is what text says, if all readers agree on that; good until the next call.
func (s *shaper) certain(text []byte) ([]byte, bool) {
	if bytes.IndexByte(text, '\r') >= 0 {
		return nil, false
	}
	i := bytes.IndexByte(text, '&')
	if i < 0 {
		return text, true
	}
	b := s.html[:0]
	for ; i >= 0; i = bytes.IndexByte(text, '&') {
		b = append(b, text[:i]...)
		c, n := character(text[i:])
		if n == 0 {
			return nil, false
		}
		b, text = append(b, string(c)...), text[i+n:]
	}
	s.html = append(b, text...)
	return s.html, true
}

// holdsAddress reports the attributes that gofeed takes for addresses.
func holdsAddress(name string) bool {
	for _, n := range [...]string{"href", "scheme", "src", "uri"} {
		if strings.ToLower(name) == n {
			return true
		}
	}
	return false
}

// address is an address as gofeed writes it.
func address(s string) string {
	if settled(s) {
		return s
	}
	u, err := url.Parse(strings.TrimLeft(s, " "))
	if err != nil {
		return s
	}
	return u.String()
}

// settled reports whether an address is written as package url would write it, as
// nearly all are.
func settled(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return false
		}
	}
	host := 0
	for host < len(rest) && (rest[host] >= 'a' && rest[host] <= 'z' || rest[host] >= '0' && rest[host] <= '9' || rest[host] == '.' || rest[host] == '-') {
		host++
	}
	if host == 0 || host < len(rest) && rest[host] != '/' {
		return false
	}
	for _, c := range []byte(rest[host:]) {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '&' || c > '9' || c == '\'') && strings.IndexByte("=?_~;@!$:", c) < 0 {
			return false
		}
	}
	return true
}
