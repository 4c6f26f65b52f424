package wirecopy

import (
	"slices"
	"strings"
)

// openings are texts that a paragraph may begin with. Most paragraphs begin with none
// of them, and their first two letters tell.
type openings struct {
	list  []string
	pairs [26]uint32 // by the first letter: those that may follow
}

func openingsOf(list ...string) *openings {
	o := &openings{list: list}
	for _, s := range list {
		if a, b, ok := pair(s); ok {
			o.pairs[a] |= 1 << b
		}
	}
	return o
}

// pair are the numbers of the two letters of ASCII that begin s, if two do.
func pair(s string) (a, b byte, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	a, b = s[0]|0x20-'a', s[1]|0x20-'a'
	return a, b, a < 26 && b < 26
}

// may is false for most text that begins with none, folded or not.
func (o *openings) may(s string) bool {
	a, b, ok := pair(s)
	return !ok || o.pairs[a]>>b&1 != 0
}

// of is the first one that s begins with, in any case; "" if none.
func (o *openings) of(s string) string {
	if !o.may(s) {
		return ""
	}
	for _, l := range o.list {
		if hasFold(s, l) {
			return l
		}
	}
	return ""
}

// folded reports whether s, folded, begins with one. Each has four bytes or more.
func (o *openings) folded(s string) bool {
	if !o.may(s) {
		return false
	}
	var space [64]byte
	begin := appendFold(space[:0], s[:min(len(s), 16)]) // a letter cut in two is dropped
	if len(begin) >= 4 && !slices.ContainsFunc(o.list, func(m string) bool { return m[:4] == string(begin[:4]) }) {
		return false
	}
	f := fold(s)
	return slices.ContainsFunc(o.list, func(m string) bool { return strings.HasPrefix(f, m) })
}
