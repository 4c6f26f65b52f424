package newswire

import (
	"html"
	"strings"
	"unicode"
)

// node is an element, or a run of text where it has no name. Names are in lower
// case: agencies agree on their letters, not on their case.
type node struct {
	name  string
	space string
	attr  []attribute
	kids  []*node
	text  string
	open  bool // the document ended before it did

	blocks answer // see holdsBlocks
}

type answer uint8

const (
	unknown answer = iota
	no
	yes
)

type attribute struct{ name, space, value string }

// addText adds a run of text; short neighbouring runs are joined.
func (n *node) addText(s string) {
	if k := len(n.kids); k > 0 && n.kids[k-1].name == "" && len(n.kids[k-1].text) < 256 {
		n.kids[k-1].text += s
		return
	}
	n.kids = append(n.kids, &node{text: s})
}

// get returns the value of an attribute, trimmed. A nil node has none.
func (n *node) get(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attr {
		if a.name == name {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// child returns the first child element of that name, nil if there is none.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// at follows a path of child elements, "a/b/c".
func (n *node) at(path string) *node {
	for name := range strings.SplitSeq(path, "/") {
		n = n.child(name)
	}
	return n
}

// all returns the child elements of that name, the first maxNames of them: no
// property of an item is repeated more often in earnest.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var out []*node
	for _, k := range n.kids {
		if k.name == name {
			if out = append(out, k); len(out) == maxNames {
				break
			}
		}
	}
	return out
}

// find returns the first element of one of the names below n, in document order.
func (n *node) find(names ...string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == "" {
			continue
		}
		for _, name := range names {
			if k.name == name {
				return k
			}
		}
		if f := k.find(names...); f != nil {
			return f
		}
	}
	return nil
}

// each calls f for every element of that name below n, in document order; it
// does not look inside those that it found.
func (n *node) each(name string, f func(*node)) {
	if n == nil {
		return
	}
	for _, k := range n.kids {
		switch k.name {
		case "":
		case name:
			f(k)
		default:
			k.each(name, f)
		}
	}
}

// line is the text of n and all below it with white space folded.
func (n *node) line() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return fields(b.String())
}

// raw is the text of n and all below it.
func (n *node) raw() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	if n.name == "" {
		b.WriteString(n.text)
		return
	}
	if n.name == "br" || n.name == "p" || n.name == "li" || n.name == "tr" {
		b.WriteByte('\n')
	}
	for _, k := range n.kids {
		k.write(b)
	}
}

// fields folds white space, no-break spaces at the ends included, and undoes
// references that were escaped twice.
func fields(s string) string {
	s = unescaped(s)
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\v' {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return strings.TrimFunc(b.String(), unicode.IsSpace)
}

// unescaped replaces the character references that a text still holds after its
// document was read: some producers escape twice. Only the plain ones, with
// their semicolon; addresses in the text hold things that look like others.
func unescaped(s string) string {
	if !strings.Contains(s, "&") || !strings.Contains(s, ";") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "&")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		ref, after, ok := strings.Cut(rest[:min(len(rest), 9)], ";")
		if text := html.UnescapeString("&" + ref + ";"); ok && reference(ref) && len(text) < len(ref)+2 {
			b.WriteString(text)
			s = after + rest[min(len(rest), 9):]
			continue
		}
		b.WriteByte('&')
		s = rest
	}
}

// reference reports whether s, without its ampersand and semicolon, is one of
// the character references that are undone.
func reference(s string) bool {
	switch s {
	case "amp", "quot", "apos", "lt", "gt", "nbsp", "ndash", "mdash", "rsquo", "lsquo", "rdquo", "ldquo", "hellip":
		return true
	}
	if len(s) < 3 || s[0] != '#' {
		return false
	}
	if s[1] == 'x' || s[1] == 'X' {
		return len(s) > 2 && strings.Trim(s[2:], "0123456789abcdefABCDEF") == ""
	}
	return digits(s[1:])
}

// cut shortens s to max bytes on a rune boundary.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	return strings.ToValidUTF8(s[:max], "")
}

func first(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}
