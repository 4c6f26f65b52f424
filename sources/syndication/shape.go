package syndication

import (
	"bytes"
	"errors"
	"html"
	"strings"
)

// own is the prefix of our extension elements in what gofeed gets. It is not
// declared there, nothing is: encoding/xml then takes the prefix for the
// namespace, gofeed takes it for the extension's name, and no other element of
// the document can have it, since every tag of the document is written here.
const own = "w"

var errShape = errors.New("the markup ends within a tag")

// shaped is a document as gofeed should see it, and what it need not see.
type shaped struct {
	doc   []byte
	kept  []fields // aside, of each scope
	items []int    // which of kept are the items', in their order; -1: nothing was kept
	about fields   // of the feed, in the plain form
}

// shaper rewrites one document, or, where it is of the plain form, reads all of it.
type shaper struct {
	scanner
	shaped
	memory
	plain bool
	html  []byte           // for reuse
	known map[string]field // of the format
	home  string           // short name of the format's own namespace
	odd   string           // the root's namespace where it is not the format's; some feeds have a bogus one
	bound []binding
	key   []byte
	depth int // of the scope at hand; the root's is 1

	looked [64]struct { // what names were found to mean, by their slot
		name []byte
		field
	}
}

// binding is a namespace prefix in scope; the innermost is the last.
type binding struct{ prefix, short string }

// rss shapes an RSS document, atom one of Atom.
func (s *shaper) rss(body []byte) (*shaped, error)  { return s.shape(body, rssFields, "rss", "rss") }
func (s *shaper) atom(body []byte) (*shaped, error) { return s.shape(body, atomFields, "atom", "feed") }

func (s *shaper) shape(body []byte, known map[string]field, home, root string) (*shaped, error) {
	s.reset()
	s.scanner, s.known, s.home, s.odd = scanner{in: body}, known, home, ""
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t.kind == end {
			continue
		}
		if t.kind == eof {
			return nil, errors.New("the document has no element")
		}
		s.bind(t)
		prefix, _ := t.split()
		if s.odd = s.space(prefix); !strings.HasPrefix(s.odd, unknown) {
			s.odd = s.home
		}
		if err := s.scope("", root, t); err != nil {
			return nil, err
		}
		return &s.shaped, nil
	}
}

// scope writes an element that has fields of its own and is called name in
// gofeed's document; t is its start tag. Items of the feed are known again by their
// order, any other scope by a marker, also one that only looks like an item's: gofeed
// goes by the depth, too.
func (s *shaper) scope(parent, name string, t tag) error {
	base, item := len(s.open), -1
	s.depth++
	defer func() { s.depth-- }()
	if s.depth == 3 && parent == "channel" && name == "item" || s.depth == 2 && parent == "feed" && name == "entry" {
		item = len(s.items)
		s.items = append(s.items, -1)
	} else if s.plain && !s.fits(parent, name) {
		return errOther
	}
	s.begin(name, t)
	var count [classes]int
	for !t.empty {
		f, err := s.next()
		if err != nil {
			return err
		}
		if f.kind == end || f.kind == eof {
			break
		}
		depth := len(s.bound)
		s.bind(f)
		if err := s.field(name, f, &count); err != nil {
			return err
		}
		if len(s.bound) > depth {
			s.bound = s.bound[:depth]
			clear(s.looked[:])
		}
	}
	switch x := s.closed(base); {
	case s.plain && item < 0:
		s.ended(name, x)
	case len(x.list) == 0:
	case item >= 0:
		s.items[item] = len(s.kept)
		s.kept = append(s.kept, x)
	default:
		s.mark(x)
	}
	if !s.plain {
		s.close(name)
	}
	return nil
}

// begin writes a scope's start tag. RSS 1.0 has the item's id in an attribute,
// which gofeed drops.
func (s *shaper) begin(name string, t tag) {
	if !s.plain {
		s.doc = append(append(append(s.doc, '<'), name...), '>')
	}
	if name != "item" || bytes.IndexByte(t.attrs, ':') < 0 {
		return
	}
	for key, value := range attributes(t.attrs) {
		if _, local := splitName(key); string(local) == "about" {
			s.keep(element{name: "about", value: s.text(s.decoded(value))})
		}
	}
}

func (s *shaper) close(name string) {
	s.doc = append(append(append(s.doc, '<', '/'), name...), '>')
}

// field writes one child of a scope called parent, or leaves it out.
func (s *shaper) field(parent string, t tag, count *[classes]int) error {
	f := s.look(t)
	if count[f.class]++; f.form == dropped || count[f.class] > most[f.class] {
		return s.skip(t)
	}
	if s.plain && parent == "rss" && f.name != "channel" {
		return errOther
	}
	switch f.form {
	case asScope:
		return s.scope(parent, f.name, t)
	case asText:
		return s.aside(f.name, t)
	case asTree:
		return s.branch(f.name, t, count)
	}
	switch {
	case s.home == "rss" && f.name == "link" && hasRel(t.attrs):
		return s.branch("atom.link", t, count) // Atom's link without its namespace
	case f.name == "image" && parent == "item":
		return s.branch("image", t, count) // gofeed knows the channel's only
	case s.plain:
		return s.native(f.name, t)
	case s.home == "atom" && f.name == "link" && !hasAttr(t.attrs, []byte("href")):
		return s.textLink(t)
	}
	return s.tree(f.name, t, nil)
}

// look finds what to do with an element, and the name it gets. What was looked up is
// known until a prefix is bound anew, which few but the root do.
func (s *shaper) look(t tag) field {
	l := &s.looked[slot(t.name)]
	if len(l.name) == 0 || !bytes.Equal(l.name, t.name) {
		l.name, l.field = t.name, s.find(t)
	}
	return l.field
}

func (s *shaper) find(t tag) field {
	prefix, local := t.split()
	short := s.space(prefix)
	if short == s.odd {
		short = s.home
	}
	s.key = s.key[:0]
	if short != s.home {
		s.key = append(append(s.key, short...), '.')
	}
	for _, c := range local {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		s.key = append(s.key, c)
	}
	f, ok := s.known[string(s.key)]
	if !ok {
		f = moduleFields[string(s.key)]
	}
	return f
}

// bind notes the namespaces that a start tag declares.
func (s *shaper) bind(t tag) {
	if !bytes.Contains(t.attrs, []byte("xmlns")) {
		return
	}
	for key, value := range attributes(t.attrs) {
		prefix, local := splitName(key)
		switch {
		case string(key) == "xmlns":
			local = nil
		case string(prefix) != "xmlns":
			continue
		}
		short := s.home
		if len(value) > 0 || len(local) > 0 {
			uri := spaceKey([]byte(html.UnescapeString(string(value))))
			if short = shortNames[uri]; short == "" {
				short = unknown + uri
			}
		}
		s.bound = append(s.bound, binding{string(local), short})
	}
	clear(s.looked[:])
}

// unknown begins the name of a namespace that is not read.
const unknown = "?"

// space is the short name of the namespace that a prefix stands for.
func (s *shaper) space(prefix []byte) string {
	for i := len(s.bound) - 1; i >= 0; i-- {
		if s.bound[i].prefix == string(prefix) {
			return s.bound[i].short
		}
	}
	if len(prefix) == 0 {
		return s.home
	}
	if p := strings.ToLower(string(prefix)); usualPrefix(p) {
		return p
	}
	return unknown + string(prefix)
}

// textLink writes an Atom link whose address stands in its content, as RSS has it.
func (s *shaper) textLink(t tag) error {
	inner, err := s.inner(t)
	if inner = bytes.TrimSpace(inner); len(inner) == 0 || bytes.IndexByte(inner, '<') >= 0 {
		return err
	}
	s.doc = append(s.doc, "<link"...)
	s.attrs(t.attrs)
	s.doc = append(append(s.doc, ` href="`...), bytes.ReplaceAll(inner, []byte(`"`), []byte("&quot;"))...)
	s.doc = append(s.doc, `"/>`...)
	return err
}

func hasRel(attrs []byte) bool {
	for key, value := range attributes(attrs) {
		if string(key) == "rel" && string(value) != "alternate" {
			return true
		}
	}
	return false
}
