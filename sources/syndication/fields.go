package syndication

import (
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"wireroom/article"
)

// fields are the elements that shape took out of gofeed's hands, by the names of
// vocabulary.go, in document order.
type fields map[string][]ext.Extension

// fields are those of a scope that is not an item: what shape kept aside, with what
// gofeed read.
func (f *reading) fields(e ext.Extensions) fields {
	kept := -1
	for _, m := range e[own][marker] {
		if n, err := strconv.Atoi(m.Attrs[number]); err == nil {
			kept = n
		}
	}
	return f.merged(kept, e)
}

// itemFields are those of item i of n. Where shape has seen another number of items,
// none gets what was kept aside, so that none gets another's.
func (f *reading) itemFields(i, n int, e ext.Extensions) fields {
	if len(f.shaped.items) != n {
		return f.fields(e)
	}
	return f.merged(f.shaped.items[i], e)
}

// merged are the fields kept aside under a number, and those that gofeed read in
// their places among them.
func (f *reading) merged(kept int, e ext.Extensions) fields {
	if kept < 0 || kept >= len(f.shaped.kept) {
		return e[own]
	}
	x := f.shaped.kept[kept]
	for name, read := range e[own] {
		list := x[name]
		for i := range list {
			if list[i].Value == childful && len(read) > 0 {
				list[i], read = read[0], read[1:]
			}
		}
	}
	return x
}

// Where what may stand once stands twice, of ids and dates the last counts, of texts
// and links the first, as other readers have it.

// value is the text of the first of the names that has any, as it came.
func (x fields) value(names ...string) string {
	for _, n := range names {
		for _, e := range slices.Backward(x[n]) {
			if e.Value != "" {
				return e.Value
			}
		}
	}
	return ""
}

// values are the texts of all of the names, in order.
func (x fields) values(names ...string) []string {
	var list []string
	for _, n := range names {
		for _, e := range x[n] {
			if e.Value != "" {
				list = append(list, e.Value)
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
		for _, e := range slices.Backward(x[n]) {
			if e.Value != "" && len(list) < 4 {
				list = append(list, e.Value)
			}
		}
	}
	return list
}

// line is the first of the names that has text, on one line; title the same by the
// type of Atom's text constructs.
func (x fields) line(names ...string) string  { return x.read(untyped, names) }
func (x fields) title(names ...string) string { return x.read(construct, names) }

func (x fields) read(read func(ext.Extension) words, names []string) string {
	for _, n := range names {
		for _, e := range x[n] {
			if s := read(e).line(); s != "" {
				return s
			}
		}
	}
	return ""
}

// grouped is the title of a Media RSS group, for an item that has no other.
func (x fields) grouped() string {
	for _, g := range x["media.group"] {
		if t := g.Children["title"]; len(t) > 0 {
			return untyped(t[0]).line()
		}
	}
	return ""
}

// child is the text of an extension's first child of that name.
func child(e ext.Extension, name string) string {
	if c := e.Children[name]; len(c) > 0 {
		return strings.TrimSpace(c[0].Value)
	}
	return ""
}

// attr is an attribute in any case.
func attr(e ext.Extension, name string) string {
	if v, ok := e.Attrs[name]; ok {
		return strings.TrimSpace(v)
	}
	for k, v := range e.Attrs {
		if strings.EqualFold(k, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// maxID is the longest id that is kept as it is; normalise keys on longer ones by
// their text as well, so they are not cut here but bounded.
const maxID = 64 << 10

// verbatim is an id as the source wrote it, without the white space around it.
func verbatim(s string) string { return article.Cut(strings.TrimSpace(s), maxID) }
