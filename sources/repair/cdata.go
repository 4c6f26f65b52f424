package repair

import (
	"bytes"
	"unicode/utf8"
)

const cdataStart = "<![CDATA["

// isCDATA recognises the start of a section, in any case.
func isCDATA(b []byte) bool { return hasPrefixFold(b, "<![cdata[") }

// section is a CDATA section of the source.
type section struct {
	start, stop int  // its content
	next        int  // behind it
	nested      bool // its content contains marks that mean nothing
	mended      bool
}

// readCDATA finds the end of the section that starts at i. Sections do not nest
// in XML, but people nest them, and forget to end them; ok is false if no end
// can be made out.
func (r *rewriter) readCDATA(i int) (s section, ok bool) {
	s.start = i + len(cdataStart)
	stop := r.index(noCDATAEnd, s.start, "]]>")
	if stop < 0 {
		return r.endWithElement(i, s, len(r.src))
	}
	s.stop, s.next = stop, stop+3
	inner := nestedCDATA(r.src[s.start:stop])
	if inner < 0 {
		return s, true
	}
	if t, ok := r.endWithElement(i, s, s.start+inner); ok && r.closesHere(t.stop) {
		return t, true
	}
	rest := r.src[s.next:]
	if n := bytes.IndexByte(rest, '<'); n >= 0 {
		rest = rest[:n]
	}
	if n := bytes.Index(rest, []byte("]]>")); n >= 0 {
		s.stop = s.next + n
		s.next, s.nested, s.mended = s.stop+3, true, true
	}
	return s, true
}

// nestedCDATA is where the start of another section stands in one, or -1. Its bracket is
// what text has least of.
func nestedCDATA(b []byte) int {
	if bytes.IndexByte(b, '[') < 0 {
		return -1
	}
	return bytes.Index(b, []byte(cdataStart))
}

// endWithElement ends a section where the element ends that it stands in.
func (r *rewriter) endWithElement(i int, s section, end int) (section, bool) {
	name := r.nameBefore(i)
	if name == nil {
		return s, false
	}
	n := r.indexNear(s.start, end, append([]byte("</"), name...))
	if n < 0 {
		return s, false
	}
	if open := r.indexNear(s.start, n, append([]byte("<"), name...)); open >= 0 {
		return s, false // it is text about markup
	}
	s.stop = n
	s.next, s.mended = s.stop, true
	return s, true
}

// closesHere reports whether more markup follows the end tag at i.
func (r *rewriter) closesHere(i int) bool {
	n := bytes.IndexByte(r.src[i:], '>')
	if n < 0 {
		return false
	}
	j := skipSpace(r.src, i+n+1, len(r.src))
	return j < len(r.src) && r.src[j] == '<'
}

// nameBefore returns the name in the start tag that ends at i, white space
// aside.
func (r *rewriter) nameBefore(i int) []byte {
	b := bytes.TrimRight(r.src[max(0, i-1024):i], " \t\r\n")
	if len(b) == 0 || b[len(b)-1] != '>' {
		return nil
	}
	open := bytes.LastIndexByte(b, '<')
	if open < 0 || open+1 >= len(b) || !isNameStart(b[open+1]) {
		return nil
	}
	return b[open+1 : nameEnd(b, open+1, len(b))]
}

// cdata copies the section at r.pos.
func (r *rewriter) cdata() {
	i, at := r.pos, r.at()
	s, ok := r.readCDATA(i)
	if !ok || s.next > r.end {
		r.unendedCDATA(i)
		return
	}
	content := r.src[s.start:s.stop]
	bad := s.mended || !bytes.HasPrefix(r.src[i:], []byte(cdataStart)) || hasBadChar(content)
	r.pos = s.next
	if bad {
		r.flush(i)
		r.mark = s.next
		r.dst = append(r.dst, cdataStart...)
		if s.nested {
			content = bytes.ReplaceAll(bytes.ReplaceAll(content, []byte(cdataStart), nil), []byte("]]>"), nil)
		}
		r.dst = r.appendClean(r.dst, content)
		r.dst = append(r.dst, "]]>"...)
		r.count[badCDATA]++
		r.items.damaged = r.items.damaged || s.mended
	}
	if len(r.stack) > 0 {
		r.countText(at)
	}
}

// unendedCDATA drops the mark if there is more to come, or everything: then the
// body was cut in the section.
func (r *rewriter) unendedCDATA(i int) {
	if r.end < len(r.src) {
		r.skip(i, i+len(cdataStart))
		r.count[badCDATA]++
		return
	}
	r.skip(i, r.end)
}

// hasBadChar looks for characters that XML forbids, eight bytes of plain ASCII
// at a time.
func hasBadChar(b []byte) bool {
	for i := 0; i < len(b); {
		if i+8 <= len(b) {
			if w := eight(b[i:]); w&tops|below(w, ' ') == 0 || w&tops == 0 && controls(w) == 0 {
				i += 8
				continue
			}
		}
		for end := min(i+8, len(b)); i < end; i++ {
			if classes[b[i]] >= control {
				if n, _ := badChar(b[i:]); n > 0 {
					return true
				}
			}
		}
	}
	return false
}

// appendClean copies text without the characters that XML forbids.
func (r *rewriter) appendClean(dst, b []byte) []byte {
	mark := 0
	for i := 0; i < len(b); i++ {
		if classes[b[i]] < control {
			continue
		}
		if n, instead := badChar(b[i:]); n > 0 {
			dst = append(dst, b[mark:i]...)
			if instead > 0 {
				dst = utf8.AppendRune(dst, instead)
			}
			r.count[controlChar]++
			i += n - 1
			mark = i + 1
		}
	}
	return append(dst, b[mark:]...)
}
