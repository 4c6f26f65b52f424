package repair

import (
	"bytes"
	"unicode/utf8"
)

// tag is a start tag of the source. Its slices are reused from tag to tag.
type tag struct {
	start, end      int // of the whole tag
	nameAt, nameEnd int // of the qualified name
	colon           int // of the colon in the name, or -1
	meaning         name
	selfClose       bool
	dirty           bool // cannot be copied as it is
	spaces          bool // declares namespaces, or has attributes with prefixes
	plain           int  // how many attributes declare no namespace
	attrs           []attr
	seen            map[string]bool
}

// attr is an attribute of the source.
type attr struct {
	nameAt, nameEnd int
	valAt, valEnd   int
	colon           int
	quote           byte // 0: none in the source
	bad             bool // the value needs mending
	drop            bool
}

func (a *attr) name(src []byte) []byte  { return src[a.nameAt:a.nameEnd] }
func (a *attr) value(src []byte) []byte { return src[a.valAt:a.valEnd] }

// prefix and local split the name at its colon.
func (a *attr) prefix(src []byte) []byte {
	if a.colon < 0 {
		return nil
	}
	return src[a.nameAt:a.colon]
}

func (a *attr) local(src []byte) []byte { return src[max(a.colon+1, a.nameAt):a.nameEnd] }

// declares reports whether the attribute is a namespace declaration.
func (a *attr) declares(src []byte) bool {
	return a.colon < 0 && string(a.name(src)) == "xmlns" || a.colon >= 0 && string(a.prefix(src)) == "xmlns"
}

func (t *tag) prefix(src []byte) []byte {
	if t.colon < 0 {
		return nil
	}
	return src[t.nameAt:t.colon]
}

func (t *tag) local(src []byte) []byte { return src[max(t.colon+1, t.nameAt):t.nameEnd] }

// attr finds an attribute by its name in lower case; case does not matter.
func (t *tag) attr(src []byte, name string) *attr {
	for i := range t.attrs {
		a := &t.attrs[i]
		if a.nameEnd-a.nameAt == len(name) && hasPrefixFold(a.name(src), name) {
			return a
		}
	}
	return nil
}

// parseTag reads the start tag at i and reports whether it is one: text with a
// "<" in it is not ("a <b", "<http://…>", "<me@example.org>").
func (r *rewriter) parseTag(i int) bool {
	t, src := &r.tag, r.src[:r.end]
	*t = tag{start: i, nameAt: i + 1, attrs: t.attrs[:0], colon: -1, seen: t.seen}
	if !t.parseName(src) {
		return false
	}
	if j := t.nameEnd; j < len(src) && src[j] == '>' {
		t.end = j + 1
		return true
	}
	return t.parseAttrs(src, r)
}

// parseName reads the qualified name.
func (t *tag) parseName(src []byte) bool {
	i, foreign, colons := t.nameAt, false, 0
	for ; i < len(src); i++ {
		c := src[i]
		if c == ':' {
			if colons++; colons == 1 {
				t.colon = i
			}
		} else if c >= utf8.RuneSelf {
			foreign = true
		} else if nameBytes[c] == 0 {
			break
		}
	}
	t.nameEnd = i
	if i == len(src) || !isSpace(src[i]) && src[i] != '/' && src[i] != '>' && src[i] != '<' {
		return false
	}
	if t.colon == i-1 || foreign && !validName(src[t.nameAt:i]) {
		return false
	}
	if t.colon == t.nameAt || colons > 1 || t.colon > 0 && !isNameStart(src[t.colon+1]) {
		t.colon, t.dirty = -1, true // see cleanName
	}
	return true
}

// cleanName makes a name of one that has colons where they must not be.
func cleanName(qname []byte) string {
	return string(bytes.ReplaceAll(qname, []byte(":"), []byte("_")))
}

// parseAttrs reads the attributes up to and with the tag's end.
func (t *tag) parseAttrs(src []byte, r *rewriter) bool {
	i := t.nameEnd
	for {
		i = skipSpace(src, i, len(src))
		if i >= len(src) {
			return false
		}
		switch c := src[i]; {
		case c == '>':
			t.end = i + 1
			return true
		case c == '/' && i+1 < len(src) && src[i+1] == '>':
			t.selfClose, t.end = true, i+2
			return true
		case c == '<':
			// The ">" is missing. Of a name that feeds have, this is a tag
			// all the same.
			if nameOf(t.local(src)) == unknown {
				return false
			}
			t.dirty, t.end = true, i
			return true
		case !isNameByte(c):
			t.dirty = true
			i++
		default:
			i = t.parseAttr(src, i, r)
		}
	}
}

// parseAttr reads the attribute at i and returns where it ends.
func (t *tag) parseAttr(src []byte, i int, r *rewriter) int {
	a := attr{nameAt: i, colon: -1}
	ok := nameBytes[src[i]] == 1 && src[i] != ':'
	for ; i < len(src) && isNameByte(src[i]); i++ {
		if src[i] == ':' {
			ok = ok && a.colon < 0
			a.colon = i
		}
		ok = ok && src[i] < utf8.RuneSelf
	}
	a.nameEnd = i
	ok = ok && (a.colon < 0 || a.colon+1 < i && isNameStart(src[a.colon+1]))
	j := skipSpace(src, i, len(src))
	if j < len(src) && src[j] == '=' {
		i = t.parseValue(src, skipSpace(src, j+1, len(src)), &a)
		if i < len(src) && !isSpace(src[i]) && src[i] != '>' && src[i] != '/' {
			t.dirty = true // no white space before the next
		}
	} else {
		a.valAt, a.valEnd = a.nameAt, a.nameEnd // as HTML means it, and gofeed reads it
		t.dirty = true
	}
	declares := a.declares(src)
	t.spaces = t.spaces || declares || a.colon >= 0
	if !declares {
		t.plain++
	}
	if !ok || t.plain > r.lim.Attributes || len(t.attrs)-t.plain > maxBindings || t.duplicate(src, &a) {
		if ok && declares { // of two declarations the later counts, as for gofeed
			t.redeclare(src, a)
		}
		t.dirty = true
		r.count[badAttribute]++
		return i
	}
	if a.valEnd-a.valAt > r.lim.AttrBytes {
		a.valEnd = cutValue(src, a.valAt, a.valAt+r.lim.AttrBytes)
		a.bad = true
	}
	if a.quote == 0 || a.bad {
		t.dirty = true
		r.count[badAttribute]++
	}
	t.attrs = append(t.attrs, a)
	return i
}

// parseValue reads the value at i and returns where the attribute ends.
func (t *tag) parseValue(src []byte, i int, a *attr) int {
	if i < len(src) && (src[i] == '"' || src[i] == '\'') {
		if end, ok := t.parseQuoted(src, i, a); ok {
			return end
		}
		i++ // the other quote is missing
	}
	a.valAt, a.bad = i, true
	for i < len(src) && !isSpace(src[i]) && src[i] != '>' && src[i] != '<' {
		i++
	}
	a.valEnd = i
	if i > a.valAt && i < len(src) && src[i] == '>' && src[i-1] == '/' && !bytes.ContainsAny(src[a.valAt:i-1], ":/") {
		a.valEnd = i - 1 // <br clear=all/>, but not <a href=http://example.org/>
	}
	return a.valEnd
}

// parseQuoted reads a quoted value. The closing quote is not believed if what
// is between has markup in it and what follows is no attribute.
func (t *tag) parseQuoted(src []byte, i int, a *attr) (end int, ok bool) {
	quote := src[i]
	markup := false
	j := i + 1
	for ; j < len(src) && src[j] != quote; j++ {
		switch classes[src[j]] {
		case plain, bracket:
		case less:
			markup, a.bad = true, true
		case amp:
			a.bad = a.bad || !plainReference(src[j:])
		default:
			if n, _ := badChar(src[j:]); n > 0 {
				a.bad = true
			}
		}
	}
	if j == len(src) {
		return 0, false
	}
	if markup && j+1 < len(src) && !isSpace(src[j+1]) && src[j+1] != '>' && src[j+1] != '/' {
		return 0, false
	}
	a.quote, a.valAt, a.valEnd = quote, i+1, j
	return j + 1, true
}

// plainReference recognises the references that need no second look.
func plainReference(b []byte) bool {
	return bytes.HasPrefix(b, []byte("&amp;")) || bytes.HasPrefix(b, []byte("&lt;")) ||
		bytes.HasPrefix(b, []byte("&gt;")) || bytes.HasPrefix(b, []byte("&quot;")) || bytes.HasPrefix(b, []byte("&apos;"))
}

// cutValue finds a place near end to cut a value: not in a character and not in
// a reference.
func cutValue(src []byte, start, end int) int {
	for end > start && !utf8.RuneStart(src[end]) {
		end--
	}
	if i := bytes.LastIndexByte(src[max(start, end-64):end], '&'); i >= 0 {
		end = max(start, end-64) + i
	}
	return end
}

// redeclare puts a declaration in the place of an earlier one of its prefix.
func (t *tag) redeclare(src []byte, a attr) {
	for i := range t.attrs {
		if bytes.Equal(t.attrs[i].name(src), a.name(src)) {
			t.attrs[i] = a
			return
		}
	}
}

// duplicate reports whether the tag has an attribute of that name already.
func (t *tag) duplicate(src []byte, a *attr) bool {
	name := a.name(src)
	if len(t.attrs) < 16 {
		for i := range t.attrs {
			if bytes.Equal(t.attrs[i].name(src), name) {
				return true
			}
		}
		return false
	}
	if len(t.attrs) == 16 || t.seen == nil {
		t.seen = make(map[string]bool)
		for i := range t.attrs {
			t.seen[string(t.attrs[i].name(src))] = true
		}
	}
	if t.seen[string(name)] {
		return true
	}
	t.seen[string(name)] = true
	return false
}
