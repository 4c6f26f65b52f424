package syndication

import (
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"wireroom/article"
)

// fields are the elements that shape took out of gofeed's hands, by the names of
// vocabulary.go, in document order.
type fields map[string][]ext.Extension

// fields gives the elements of gofeed's extensions their texts back.
func (f *reading) fields(e ext.Extensions) fields {
	x := e[own]
	for _, list := range x {
		for i := range list {
			if n, err := strconv.Atoi(list[i].Attrs[number]); err == nil && n >= 0 && n < len(f.texts) && len(list[i].Children) == 0 {
				list[i].Value = f.texts[n]
			}
		}
	}
	return x
}

// value is the text of the first of the names that has any, as it came.
func (x fields) value(names ...string) string {
	for _, n := range names {
		for _, e := range x[n] {
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

// latest are the texts of all of the names, each name's last one first: of a date
// that is given twice the last one counts, as for most readers. More than a few
// are not looked at.
func (x fields) latest(names ...string) []string {
	var list []string
	for _, n := range names {
		for i := len(x[n]) - 1; i >= 0; i-- {
			if v := x[n][i].Value; v != "" && len(list) < 4 {
				list = append(list, v)
			}
		}
	}
	return list
}

// line is the first of the names that has text, on one line.
func (x fields) line(names ...string) string {
	for _, n := range names {
		for _, e := range x[n] {
			if s := untyped(e).line(); s != "" {
				return s
			}
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
