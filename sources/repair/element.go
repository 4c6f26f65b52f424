package repair

import "bytes"

// frame is an open element.
type frame struct {
	nameAt, nameEnd int    // qualified name in the source
	out             string // as the output spells it; "" if the same
	role            role
	name            name // its meaning, if it is of the feed's own vocabulary
	drop            bool // it is taken back when it ends
	childful        bool // has child elements
	source          int  // offset in the source of its start tag
	start           int  // offset in the output of its start tag
	body            int  // and of its content
	bindings        int  // declarations in scope outside it
	outs            int  // prefixes that the output used before it
	space           space
	scope           *scope
	texts           int // pieces of text, of an extension element
}

// scope is what an element inherits from those around it.
type scope struct{ base, lang string }

func (r *rewriter) top() *frame {
	if len(r.stack) == 0 {
		return nil
	}
	return &r.stack[len(r.stack)-1]
}

// startTag handles the start tag at r.pos, or the text that looks like one.
func (r *rewriter) startTag() error {
	if !r.parseTag(r.pos) {
		r.stray()
		return nil
	}
	return r.element()
}

// element opens the element whose start tag is r.tag.
func (r *rewriter) element() error {
	t, f := &r.tag, &r.fresh
	if r.res.Root == "" {
		r.res.Root, r.res.RootSpace = string(t.local(r.src)), r.rawSpace(t)
	}
	r.elements++
	r.closeImplied(t)
	err := r.newFrame(t, f)
	leave := false // out of the output
	switch {
	case err != nil:
	case len(r.stack) > r.lim.Depth: // channels in channels, which the output has not
		return failf(Limit, "elements nested more than %d deep", r.lim.Depth)
	case r.elements > r.lim.Elements && f.role != roleItem && !f.role.absorbed():
		if leave = !r.items.open && r.items.dropRest; !leave {
			return r.exhausted("elements")
		}
	case r.deep >= r.lim.Depth-2 && !f.role.absorbed(): // two for root and channel
		if f.role != roleInner {
			return failf(Limit, "elements nested more than %d deep", r.lim.Depth)
		}
		leave = true // of text, only the markup is lost
		r.count[tooDeep]++
	case f.role == roleItem && r.skipItem(t, f):
		r.ns.bindings = r.ns.bindings[:f.bindings]
	default:
		return r.open(t, f)
	}
	if leave {
		r.ns.bindings = r.ns.bindings[:f.bindings]
		r.skip(t.start, t.end)
	}
	return err
}

// open writes the start tag and pushes the frame.
func (r *rewriter) open(t *tag, f *frame) error {
	if p := r.top(); p != nil {
		p.childful = true
	}
	if !t.selfClose && f.role == roleInner && isVoid(t.local(r.src)) && !r.endsAt(t.end, t) {
		t.selfClose, t.dirty = true, true
		r.count[unclosed]++
	}
	f.start = r.at()
	switch {
	case f.role.absorbed():
		r.skip(t.start, t.end)
	case r.mustRewrite(t, f):
		r.flush(t.start)
		if err := r.writeTag(t, f); err != nil {
			return err
		}
		r.mark = t.end
	}
	r.pos = t.end
	f.body = r.at()
	if !f.role.absorbed() {
		r.deep++
	}
	r.stack = append(r.stack, *f)
	err := r.opened(t, r.top())
	if t.selfClose {
		r.close(r.pos, true)
	}
	return err
}

// endsAt reports whether the end tag of the element that t opens is at i.
func (r *rewriter) endsAt(i int, t *tag) bool {
	rest := r.src[skipSpace(r.src, i, r.end):r.end]
	qname := r.src[t.nameAt:t.nameEnd]
	return len(rest) > len(qname)+2 && rest[0] == '<' && rest[1] == '/' && bytes.EqualFold(rest[2:2+len(qname)], qname)
}

// endTag handles the end tag at r.pos: it ends the innermost element of its
// name and all that is open in it. One that fits nothing is left out.
func (r *rewriter) endTag() {
	i := skipSpace(r.src, r.pos+2, r.end)
	n := nameEnd(r.src, i, r.end)
	qname := r.src[i:n]
	next := n // behind the tag; its ">" may be missing
	if n < r.end && r.src[n] == '>' {
		next = n + 1
	} else if k := bytes.IndexAny(r.src[n:r.end], "<>"); k >= 0 && r.src[n+k] == '>' {
		next = n + k + 1
	}
	k := -1
	switch {
	case len(qname) > 0:
		k = r.find(qname)
	case next == n:
		r.stray()
		return
	}
	if k < 0 {
		r.skip(r.pos, next)
		r.items.damaged = r.items.damaged || r.items.open && next > n
		if next < len(r.src) || next > n { // otherwise the body was cut in the tag
			r.count[badEndTag]++
		}
		return
	}
	r.closeTo(k + 1)
	f := r.top()
	sound := i == r.pos+2 && next == n+1 && f.out == "" && bytes.Equal(r.src[f.nameAt:f.nameEnd], qname)
	if !bytes.Equal(r.src[f.nameAt:f.nameEnd], qname) {
		r.items.damaged = r.items.open
		r.count[badEndTag]++
	}
	r.close(next, sound)
}

// maxMissed is how many open elements may be looked at in vain, for all end
// tags together: after that only the innermost few are.
const maxMissed = 10_000_000

// find looks for the element that an end tag means, innermost first: by its
// exact name, then without regard to case, then, for the innermost only,
// without its prefix.
func (r *rewriter) find(qname []byte) int {
	top := len(r.stack) - 1
	bottom := 0
	if r.missed > maxMissed {
		bottom = max(0, top-4)
	}
	for k := top; k >= bottom; k-- {
		f := &r.stack[k]
		if f.nameEnd-f.nameAt == len(qname) && bytes.Equal(r.src[f.nameAt:f.nameEnd], qname) {
			return k
		}
	}
	r.missed += top
	for k := top; k >= bottom; k-- {
		f := &r.stack[k]
		if f.nameEnd-f.nameAt == len(qname) && bytes.EqualFold(r.src[f.nameAt:f.nameEnd], qname) {
			return k
		}
	}
	if f := r.top(); f != nil && bytes.EqualFold(localName(r.src[f.nameAt:f.nameEnd]), localName(qname)) {
		return top
	}
	return -1
}

// close ends the innermost element. Its end tag is src[r.pos:next], empty if
// there is none; sound says that nothing else need be written for it.
func (r *rewriter) close(next int, sound bool) {
	f := r.top()
	r.closing(f)
	switch {
	case f.role.absorbed():
		r.skip(r.pos, next)
	case sound:
		r.pos = next
	default:
		r.flush(r.pos)
		r.writeEnd(f)
		r.mark, r.pos = next, next
	}
	if f.role == roleItem {
		r.endItem(f)
	}
	if f.drop {
		r.flush(r.pos)
		r.takeOut(f)
		r.seam()
	}
	r.pop()
}

// takeOut takes an element's output back, and the prefixes that only it used.
func (r *rewriter) takeOut(f *frame) {
	r.dst = r.dst[:f.start]
	r.ns.forget(f.outs)
}

// writeEnd writes an element's end tag.
func (r *rewriter) writeEnd(f *frame) {
	r.dst = append(r.dst, "</"...)
	if f.out != "" {
		r.dst = append(r.dst, f.out...)
	} else {
		r.dst = append(r.dst, r.src[f.nameAt:f.nameEnd]...)
	}
	r.dst = append(r.dst, '>')
}

// pop removes the innermost frame.
func (r *rewriter) pop() {
	f := r.top()
	if !f.role.absorbed() {
		r.deep--
	}
	r.ns.bindings = r.ns.bindings[:f.bindings]
	r.done = r.done || f.role == roleRoot
	r.stack = r.stack[:len(r.stack)-1]
}

// closeTo ends the elements above the first n, which have no end tags, at r.pos.
func (r *rewriter) closeTo(n int) {
	for len(r.stack) > n {
		r.count[unclosed]++
		r.close(r.pos, false)
	}
}

// leaveRegion is called where an item ends whose end was known beforehand.
func (r *rewriter) leaveRegion() {
	for k := len(r.stack) - 1; k >= 0; k-- {
		if r.stack[k].role == roleItem {
			r.closeTo(k)
			break
		}
	}
	r.end = len(r.src)
}

// spacedTag reads "< title>" and "< /title>" as the tags they were meant to be,
// if the name is a feed's and nothing else is in the tag.
func (r *rewriter) spacedTag() error {
	i := skipSpace(r.src, r.pos+1, r.end)
	j := i
	if j < r.end && r.src[j] == '/' {
		j = skipSpace(r.src, j+1, r.end)
	}
	n := nameEnd(r.src, j, r.end)
	close := skipSpace(r.src, n, r.end)
	if close >= r.end || r.src[close] != '>' || nameOf(localName(r.src[j:n])) == unknown {
		r.stray()
		return nil
	}
	if j == i {
		if !r.parseTag(i - 1) {
			r.stray()
			return nil
		}
		r.tag.start, r.tag.dirty = r.pos, true
		return r.element()
	}
	k := r.find(r.src[j:n])
	if k < 0 {
		r.stray()
		return nil
	}
	r.closeTo(k + 1)
	r.count[badEndTag]++
	r.close(close+1, false)
	return nil
}
