package repair

import (
	"bytes"
	"unicode/utf8"
)

// mustRewrite reports whether the start tag cannot be copied as it is.
func (r *rewriter) mustRewrite(t *tag, f *frame) bool {
	if t.dirty || f.out != "" {
		return true
	}
	outer := r.outerSpace()
	declared := false
	if t.spaces {
		for i := range t.attrs {
			a := &t.attrs[i]
			switch {
			case a.colon < 0 && string(a.name(r.src)) == "xmlns":
				declared = string(a.value(r.src)) == r.ns.uris[f.space] && f.space != outer
				if !declared {
					return true
				}
			case a.colon >= 0 && !r.keepsName(a):
				return true
			}
		}
	}
	return f.space != outer && !declared
}

// keepsName reports whether an attribute with a prefix goes into the output
// under the name it has.
func (r *rewriter) keepsName(a *attr) bool {
	if string(a.prefix(r.src)) == "xml" {
		return string(a.local(r.src)) != "base"
	}
	if a.declares(r.src) {
		return false
	}
	b := r.ns.lookup(a.prefix(r.src))
	return b != nil && b.out >= 0 && r.ns.outs[b.out].prefix == string(b.prefix)
}

// outerSpace is the default namespace in the output where the tag stands.
func (r *rewriter) outerSpace() space {
	if f := r.top(); f != nil {
		return f.space
	}
	return r.native
}

// writeTag writes the start tag anew.
func (r *rewriter) writeTag(t *tag, f *frame) error {
	r.dst = append(r.dst, '<')
	if f.out != "" {
		r.dst = append(r.dst, f.out...)
	} else {
		r.dst = append(r.dst, r.src[t.nameAt:t.nameEnd]...)
	}
	if f.space != r.outerSpace() {
		r.dst = append(r.dst, ` xmlns="`...)
		r.dst = appendText(r.dst, r.ns.uris[f.space])
		r.dst = append(r.dst, '"')
	}
	for i := range t.attrs {
		var err error
		if r.dst, err = r.appendAttr(r.dst, &t.attrs[i], f); err != nil {
			return err
		}
	}
	if t.selfClose {
		r.dst = append(r.dst, '/')
	}
	r.dst = append(r.dst, '>')
	return nil
}

// appendAttr writes an attribute, unless it is a declaration or an xml:base,
// which live elsewhere.
func (r *rewriter) appendAttr(dst []byte, a *attr, f *frame) ([]byte, error) {
	prefix, local := a.prefix(r.src), a.local(r.src)
	if a.drop || a.declares(r.src) || string(prefix) == "xml" && string(local) == "base" {
		return dst, nil
	}
	dst = append(dst, ' ')
	if len(prefix) > 0 {
		b, err := r.ns.resolve(prefix)
		if err != nil {
			return dst, err
		}
		out, err := r.ns.output(b)
		if err != nil {
			return dst, err
		}
		dst = append(append(dst, out...), ':')
	}
	if f.name != unknown {
		local = knownAttribute(local)
	}
	dst = append(dst, local...)
	quote := a.quote
	if quote == 0 {
		quote = '"'
	}
	dst = append(dst, '=', quote)
	if a.quote != 0 && !a.bad {
		dst = append(dst, a.value(r.src)...)
	} else {
		dst = r.appendValue(dst, a.value(r.src), quote)
	}
	return append(dst, quote), nil
}

// dropDoubles leaves one attribute of those that will be called known, as attribute i
// will: the first.
func (t *tag) dropDoubles(src []byte, i int, known []byte) {
	for k := range t.attrs {
		a := &t.attrs[k]
		if k != i && bytes.Equal(knownAttribute(a.local(src)), known) && bytes.Equal(a.prefix(src), t.attrs[i].prefix(src)) {
			t.attrs[max(i, k)].drop = true
		}
	}
}

var permaLink = []byte("isPermaLink")

// knownAttribute spells the attributes that gofeed looks for as it spells them.
func knownAttribute(local []byte) []byte {
	if len(local) == len(permaLink) && hasPrefixFold(local, "ispermalink") {
		return permaLink
	}
	for _, c := range local {
		if c >= 'A' && c <= 'Z' {
			return respellAttribute(local)
		}
	}
	return local
}

func respellAttribute(local []byte) []byte {
	for _, known := range []string{"href", "rel", "type", "url", "length", "version", "domain", "term", "label",
		"scheme", "src", "title", "hreflang", "about", "resource", "mode"} {
		if len(known) == len(local) && hasPrefixFold(local, known) {
			return []byte(known)
		}
	}
	return local
}

// appendValue writes the raw value of an attribute with everything mended that
// an attribute must not have.
func (r *rewriter) appendValue(dst, raw []byte, quote byte) []byte {
	for i := 0; i < len(raw); {
		c := classes[raw[i]]
		switch {
		case raw[i] == quote, c == less:
			dst = appendReferences(dst, string(raw[i]))
			i++
		case c == amp:
			ref := r.readReference(raw[i:])
			if ref.keep {
				dst = append(dst, raw[i:i+ref.n]...)
			} else {
				dst = appendReferences(dst, ref.text)
				r.count[ref.count]++
			}
			i += ref.n
		case c >= control:
			n, instead := badChar(raw[i:])
			if n == 0 {
				dst = append(dst, raw[i])
				n = 1
			} else if instead > 0 {
				dst = utf8.AppendRune(dst, instead)
			}
			i += n
		default:
			dst = append(dst, raw[i])
			i++
		}
	}
	return dst
}

// appendText writes text as the value of an attribute in double quotes.
func appendText(dst []byte, s string) []byte {
	for _, c := range s {
		switch {
		case c == '<' || c == '&' || c == '"':
			dst = appendReferences(dst, string(c))
		case validChar(c):
			dst = utf8.AppendRune(dst, c)
		}
	}
	return dst
}

// attrText is the value of an attribute as a parser would read it.
func (r *rewriter) attrText(a *attr) string {
	if !bytes.ContainsRune(a.value(r.src), '&') && !a.bad {
		return string(a.value(r.src))
	}
	return plainText(r.appendValue(nil, a.value(r.src), '"'))
}
