package syndication

import (
	"bytes"
	"errors"
	"html"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
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
}

// shaper rewrites one document.
type shaper struct {
	scanner
	shaped
	here  fields           // kept aside of the scope at hand
	html  []byte           // for reuse
	known map[string]field // of the format
	home  string           // short name of the format's own namespace
	odd   string           // the root's namespace where it is not the format's; some feeds have a bogus one
	bound []binding
	key   []byte
	spare []ext.Extension // memory for fields
	most  int             // fields that a scope has had
	depth int             // of the scope at hand; the root's is 1
}

// binding is a namespace prefix in scope; the innermost is the last.
type binding struct{ prefix, short string }

// shapeRSS shapes an RSS document, shapeAtom one of Atom.
func shapeRSS(body []byte) (shaped, error)  { return shape(body, rssFields, "rss", "rss") }
func shapeAtom(body []byte) (shaped, error) { return shape(body, atomFields, "atom", "feed") }

func shape(body []byte, known map[string]field, home, root string) (shaped, error) {
	s := &shaper{scanner: scanner{in: body}, known: known, home: home}
	s.doc = make([]byte, 0, len(body)/8+512)
	for {
		t, err := s.next()
		if err != nil {
			return shaped{}, err
		}
		if t.kind == end {
			continue
		}
		if t.kind == eof {
			return shaped{}, errors.New("the document has no element")
		}
		s.bind(t)
		prefix, _ := t.split()
		if s.odd = s.space(prefix); !strings.HasPrefix(s.odd, unknown) {
			s.odd = s.home
		}
		if err := s.scope("", root, t); err != nil {
			return shaped{}, err
		}
		return s.shaped, nil
	}
}

// scope writes an element that has fields of its own and is called name in
// gofeed's document; t is its start tag. Items of the feed are known again by their
// order, any other scope by a marker, also one that only looks like an item's: gofeed
// goes by the depth, too.
func (s *shaper) scope(parent, name string, t tag) error {
	outer, item := s.here, -1
	s.here = nil
	s.depth++
	defer func() { s.depth-- }()
	if s.depth == 3 && parent == "channel" && name == "item" || s.depth == 2 && parent == "feed" && name == "entry" {
		item = len(s.items)
		s.items = append(s.items, -1)
	}
	s.open(name, t)
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
		s.bound = s.bound[:depth]
	}
	switch {
	case s.here == nil:
	case item >= 0:
		s.items[item] = len(s.kept)
		s.kept = append(s.kept, s.here)
	default:
		s.mark()
	}
	s.here = outer
	s.close(name)
	return nil
}

// open writes a scope's start tag. RSS 1.0 has the item's id in an attribute,
// which gofeed drops.
func (s *shaper) open(name string, t tag) {
	s.doc = append(append(append(s.doc, '<'), name...), '>')
	if name != "item" || bytes.IndexByte(t.attrs, ':') < 0 {
		return
	}
	for key, value := range attributes(t.attrs) {
		if _, local := splitName(key); string(local) == "about" {
			s.keep("about", nil, html.UnescapeString(string(value)))
		}
	}
}

func (s *shaper) close(name string) {
	s.doc = append(append(append(s.doc, '<', '/'), name...), '>')
}

// field writes one child of a scope called parent, or leaves it out.
func (s *shaper) field(parent string, t tag, count *[classes]int) error {
	name, f := s.look(t)
	if count[f.class]++; f.form == dropped || count[f.class] > most[f.class] {
		return s.skip(t)
	}
	switch f.form {
	case asScope:
		return s.scope(parent, string(name), t)
	case asText:
		return s.text(string(name), t)
	case asTree:
		return s.branch(string(name), t, count)
	}
	switch {
	case s.home == "rss" && string(name) == "link" && hasRel(t.attrs):
		return s.branch("atom.link", t, count) // Atom's link without its namespace
	case s.home == "atom" && string(name) == "link" && !hasAttr(t.attrs, []byte("href")):
		return s.textLink(t)
	case string(name) == "image" && parent == "item":
		return s.branch("image", t, count) // gofeed knows the channel's only
	}
	return s.tree(string(name), t, nil)
}

// look finds what to do with an element, and the name it gets, which is good until
// the next look.
func (s *shaper) look(t tag) ([]byte, field) {
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
		if f, ok = moduleFields[string(s.key)]; !ok {
			return nil, field{}
		}
	}
	return s.key, f
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
