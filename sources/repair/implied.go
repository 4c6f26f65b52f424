package repair

import "bytes"

// ahead remembers where the next end tag of a name is, so that looking for it
// again costs nothing.
type ahead struct {
	from  int // looked from here, 0 if never
	end   int // of "</name", -1 for none
	start int // of "<name", -1 for none before that
}

// closeImplied ends the elements that the tag at hand shows to have been left
// open: an item where the next one starts, a title where the link starts, a
// paragraph where the next one starts.
func (r *rewriter) closeImplied(t *tag) {
	if r.family != RSS && r.family != Atom {
		return
	}
	t.meaning = nameOf(t.local(r.src))
	f := r.top()
	if f == nil || f.role.outer() || f.role == roleItem && !r.structural(t.meaning) {
		return // the usual case: nothing that could be left open
	}
	if f.role == roleInner {
		if local := t.local(r.src); closesItself(local) && bytes.EqualFold(r.src[f.nameAt:f.nameEnd], r.src[t.nameAt:t.nameEnd]) {
			r.closeTo(len(r.stack) - 1)
			return
		}
	}
	n := t.meaning
	if n == unknown || !r.isOwn(t) {
		return
	}
	starts := r.structural(n)
	for k := len(r.stack) - 1; k > 0; k-- {
		p := r.stack[k-1].role // the parent's
		if !p.outer() && p != roleItem {
			continue
		}
		if child := &r.stack[k]; child.role != roleItem && (starts || r.isSibling(n, p)) && !r.endsLater(child, t) {
			r.closeTo(k)
		}
		break
	}
	if f := r.top(); starts && f.role == roleItem && !r.endsLater(f, t) {
		r.closeTo(len(r.stack) - 1)
	}
}

// isOwn reports whether the tag has the prefix of the feed's own elements.
func (r *rewriter) isOwn(t *tag) bool {
	b := r.ns.lookup(t.prefix(r.src))
	switch {
	case b == nil:
		return t.colon < 0
	case t.colon < 0 && b.structural:
		return true
	}
	return b.space.isNative(r.family) || b.space == r.own
}

// isSibling reports whether an element of that name is a child of items, or of
// the feed, and never of text.
func (r *rewriter) isSibling(n name, parent role) bool {
	switch n {
	case nTitle, nLink, nDescription, nGUID, nID, nPubDate, nUpdated, nPublished, nSummary, nEnclosure, nCategory, nAuthor:
		return true
	case nComments, nContent, nSource:
		return parent == roleItem
	case nLanguage, nImage, nRights, nSubtitle:
		return parent != roleItem
	}
	return false
}

// endsLater reports whether the end tag of an open element is still to come:
// before another element of its name starts. Elements of unknown names are
// given the benefit of the doubt.
func (r *rewriter) endsLater(f *frame, t *tag) bool {
	qname := r.src[f.nameAt:f.nameEnd]
	n := nameOf(localName(qname))
	if n == unknown {
		return true
	}
	a := &r.ahead[n]
	if a.from == 0 || a.end >= 0 && a.end < r.pos {
		*a = ahead{from: max(r.pos, 1), end: r.indexTag(r.pos, "</", qname), start: r.indexTag(r.pos, "<", qname)}
	} else if a.start >= 0 && a.start < r.pos {
		a.start = r.indexTag(r.pos, "<", qname)
	}
	if a.end >= 0 && a.start == r.pos { // the tag at hand has the same name
		return r.endsTwice(a.end, t, qname)
	}
	return a.end >= 0 && (a.start < 0 || a.end < a.start)
}

// endsTwice reports whether the element at hand and the one of its name around
// it both end: the first end tag is at end.
func (r *rewriter) endsTwice(end int, t *tag, qname []byte) bool {
	mark := append([]byte("</"), qname...)
	if !t.selfClose {
		end = r.indexNear(end+1, len(r.src), mark)
	}
	start := r.indexNear(t.end, max(end, t.end), mark[:1:1])
	for start >= 0 && start < end && !r.isNamed(start+1, qname) {
		start = r.indexNear(start+1, end, mark[:1:1])
	}
	return end >= 0 && (start < 0 || start >= end)
}

// indexTag finds the next tag of a name.
func (r *rewriter) indexTag(i int, open string, qname []byte) int {
	mark := append([]byte(open), qname...)
	for {
		n := bytes.Index(r.src[i:], mark)
		if n < 0 {
			return -1
		}
		i += n + len(mark)
		if i == len(r.src) || !isNameByte(r.src[i]) {
			return i - len(mark)
		}
	}
}
