package syndication

import (
	"iter"
	"strings"

	"wireroom/article"
)

// element is one element as it is read here: decoded once, without prefixes.
type element struct {
	name     string // of vocabulary.go; in a tree the local name
	value    string // text, without the white space around it
	attrs    []attribute
	children fields
	html     bool // its child elements became HTML, which value is
}

type attribute struct{ name, value string }

// fields are the elements of a feed, an item or a tree, in document order.
type fields struct {
	has  uint64 // a bit for each name, so that most of what is asked for is told at once not to be there
	list []element
}

// slot is a number below 64 that most names of a feed have for themselves.
func slot[T string | []byte](name T) uint {
	if len(name) == 0 {
		return 0
	}
	return (uint(len(name))*58 + uint(name[0])*36 + uint(name[len(name)-1])*13 + uint(name[len(name)/2])*14) & 63
}

// bit is a name's among those of fields.
func bit(name string) uint64 { return 1 << slot(name) }

func newFields(list []element) fields {
	x := fields{list: list}
	for i := range list {
		x.has |= bit(list[i].name)
	}
	return x
}

// all are the elements of that name.
func (x fields) all(name string) iter.Seq[*element] {
	return func(yield func(*element) bool) {
		if x.has&bit(name) == 0 {
			return
		}
		for i := range x.list {
			if x.list[i].name == name && !yield(&x.list[i]) {
				return
			}
		}
	}
}

// last are the elements of that name, the last one first.
func (x fields) last(name string) iter.Seq[*element] {
	return func(yield func(*element) bool) {
		if x.has&bit(name) == 0 {
			return
		}
		for i := len(x.list) - 1; i >= 0; i-- {
			if x.list[i].name == name && !yield(&x.list[i]) {
				return
			}
		}
	}
}

// first is the first element of that name, nil if there is none.
func (x fields) first(name string) *element {
	for e := range x.all(name) {
		return e
	}
	return nil
}

// final is the last one, nil if there is none.
func (x fields) final(name string) *element {
	for e := range x.last(name) {
		return e
	}
	return nil
}

func (x fields) count(name string) (n int) {
	for range x.all(name) {
		n++
	}
	return n
}

// Where what may stand once stands twice, of ids and dates the last counts, of texts
// and links the first, as other readers have it.

// value is the text of the first of the names that has any, as it came.
func (x fields) value(names ...string) string {
	for _, n := range names {
		for e := range x.last(n) {
			if e.value != "" {
				return e.value
			}
		}
	}
	return ""
}

// values are the texts of all of the names, in order.
func (x fields) values(names ...string) []string {
	var list []string
	for _, n := range names {
		for e := range x.all(n) {
			if e.value != "" {
				list = append(list, e.value)
			}
		}
	}
	return list
}

// latest are the texts of all of the names, of each name the last one first: dates,
// of which the first that is understood counts. More than a few are not looked at.
func (x fields) latest(names ...string) []string {
	var list []string
	for _, n := range names {
		for e := range x.last(n) {
			if e.value != "" && len(list) < 4 {
				list = append(list, e.value)
			}
		}
	}
	return list
}

// line is the first of the names that has text, on one line; title the same by the
// type of Atom's text constructs.
func (x fields) line(names ...string) string  { return x.read(untyped, names) }
func (x fields) title(names ...string) string { return x.read(construct, names) }

func (x fields) read(read func(*element) words, names []string) string {
	for _, n := range names {
		for e := range x.all(n) {
			if s := read(e).line(); s != "" {
				return s
			}
		}
	}
	return ""
}

// grouped is the title of a Media RSS group, for an item that has no other.
func (x fields) grouped() string {
	for g := range x.all("media.group") {
		if t := g.children.first("title"); t != nil {
			return untyped(t).line()
		}
	}
	return ""
}

// child is the text of an element's first child of that name.
func (e *element) child(name string) string {
	if c := e.children.first(name); c != nil {
		return strings.TrimSpace(c.value)
	}
	return ""
}

// raw is the text of the last child of that name, as it came.
func (e *element) raw(name string) string {
	if c := e.children.final(name); c != nil {
		return c.value
	}
	return ""
}

// listed are the texts of the children of that name, of the last element of the other.
func (x fields) listed(name, child string) (list []string) {
	if e := x.final(name); e != nil {
		for c := range e.children.all(child) {
			list = append(list, c.value)
		}
	}
	return list
}

// exact is an attribute as it came.
func (e *element) exact(name string) string {
	for i := len(e.attrs) - 1; i >= 0; i-- {
		if e.attrs[i].name == name {
			return e.attrs[i].value
		}
	}
	return ""
}

// attr is an attribute in any case, without the white space around it.
func (e *element) attr(name string) string {
	if len(e.attrs) == 0 {
		return ""
	}
	if v := e.exact(name); v != "" {
		return strings.TrimSpace(v)
	}
	for _, a := range e.attrs {
		if len(a.name) == len(name) && strings.EqualFold(a.name, name) {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// maxID is the longest id that is kept as it is; normalise keys on longer ones by
// their text as well, so they are not cut here but bounded.
const maxID = 64 << 10

// verbatim is an id as the source wrote it, without the white space around it.
func verbatim(s string) string { return article.Cut(strings.TrimSpace(s), maxID) }
