package repair

import (
	"bytes"
	"unicode/utf8"
)

// headroom is kept free in front of the output for the root's start tag, which
// is written last: only then is it known which namespaces are used.
const headroom = 4096

// rewriter copies an XML document from src to dst and mends it on the way.
//
// It is a tokenizer with a stack of open elements, not a parser: what is sound
// is not looked at twice, only skipped over, and copied when something before
// or behind it has to change. src is valid UTF-8.
type rewriter struct {
	src  []byte
	pos  int // what is being looked at
	end  int // where to stop: of the item at hand, if its end is known, or of src
	mark int // src[mark:pos] is sound and not yet copied
	dst  []byte

	lim      Limits
	family   Kind // RSS, Atom; XML and OPML have no structure that matters here
	cdf      bool // the root is a channel, which may be one of CDF's
	ns       *namespacer
	entities entities
	named    map[string]string // HTML entities that were looked up
	stack    []frame
	tag      tag
	fresh    frame // of the tag, until it is pushed
	outside  scope // of everything
	elements int
	exts     int // extension elements
	deep     int // elements open in the output
	done     bool
	absent   [absents]int // from where on something is known not to occur; 0: not known
	looked   int          // bytes that were looked at ahead
	missed   int          // open elements that end tags were compared with in vain
	ahead    [64]ahead    // by name

	root     rootTag
	rooted   bool // the root, or the first bare item, has been seen
	channels int
	said     [64]bool // which elements of its own the feed has had, by name

	native space // what the root's default namespace is in the output
	own    space // a namespace of the root's own that is as good as native

	known    func(uint64) bool
	items    items
	types    typeSet // of the feed itself
	typeMaps map[typeSet]map[string]TextType
	res      *Result
	count    counts
}

// absences are the marks whose absence is remembered, so that looking for what
// never comes is done once.
const (
	noCDATAEnd = iota
	noCommentEnd
	noPIEnd
	noItemEnd
	absents
)

// at is the offset in the output that r.pos will have.
func (r *rewriter) at() int { return len(r.dst) + r.pos - r.mark }

// flush copies what is sound up to i.
func (r *rewriter) flush(i int) {
	if i > r.mark {
		r.dst = append(r.dst, r.src[r.mark:i]...)
		r.mark = i
	}
}

// skip leaves src[i:j] out and goes on at j.
func (r *rewriter) skip(i, j int) {
	r.flush(i)
	r.mark, r.pos = j, j
	r.seam()
}

// seam is called where something was left out between the output and r.pos: what stood
// around it may not become the end of a section.
func (r *rewriter) seam() {
	n := len(r.dst) - 1
	if r.pos < len(r.src) && (r.src[r.pos] == ']' || r.src[r.pos] == '>') && n >= headroom && r.dst[n] == ']' {
		r.dst = append(r.dst[:n], "&#93;"...)
	}
}

// replace writes s for src[i:j] and goes on at j.
func (r *rewriter) replace(i, j int, s string) {
	r.skip(i, j)
	r.dst = append(r.dst, s...)
}

// cut takes back the output from offset at on; what is open stays open.
func (r *rewriter) cut(at int) {
	r.flush(r.pos)
	r.dst = r.dst[:at]
}

// run rewrites the document.
func (r *rewriter) run() error {
	for !r.done {
		r.text()
		if r.overflows() {
			if err := r.exhausted("bytes"); err != nil {
				return err
			}
			continue
		}
		if r.pos >= r.end {
			if r.end == len(r.src) {
				break
			}
			r.leaveRegion()
			continue
		}
		if err := r.markup(); err != nil {
			return err
		}
	}
	return r.finish()
}

// overflows reports whether the output is longer than a document may be, which
// it can be because what is mended takes more room.
func (r *rewriter) overflows() bool { return len(r.dst) > r.lim.Bytes+headroom }

// text goes over character data up to the next "<" and mends it.
func (r *rewriter) text() {
	src, i := r.src[:r.end], r.pos
	start, at := i, r.at()
	for i < len(src) {
		if i+8 <= len(src) {
			w := eight(src[i:])
			if w&tops|below(w, ' ')|below(w^ones*'<', 1)|below(w^ones*'&', 1)|below(w^ones*']', 1) == 0 { // all plain
				i += 8
				continue
			}
		}
		c := classes[src[i]]
		if c == plain {
			i++
			continue
		}
		if c == less {
			break
		}
		i = r.textByte(src, i, c)
		if r.overflows() {
			break
		}
	}
	r.pos = i
	if i > start && len(r.stack) > 0 {
		r.countText(at)
	}
}

// textByte mends one suspicious place in character data and returns where to
// go on.
func (r *rewriter) textByte(src []byte, i int, c class) int {
	switch c {
	case amp:
		ref := r.readReference(src[i:])
		if !ref.keep {
			r.skip(i, i+ref.n)
			r.dst = appendReferences(r.dst, ref.text)
			r.count[ref.count]++
		}
		return i + ref.n
	case bracket:
		if bytes.HasPrefix(src[i:], []byte("]]>")) {
			r.replace(i, i+3, "]]&gt;")
			r.count[strayMarkup]++
			return i + 3
		}
	default:
		if n, instead := badChar(src[i:]); n > 0 {
			r.skip(i, i+n)
			if instead > 0 {
				r.dst = utf8.AppendRune(r.dst, instead)
			}
			r.count[controlChar]++
			return i + n
		}
	}
	return i + 1
}

// countText takes back the text that starts at offset at in the output if it is
// one of too many that an extension element is cut into by its children.
func (r *rewriter) countText(at int) {
	if f := &r.stack[len(r.stack)-1]; f.role == roleExt || f.role == roleExtInner {
		if f.texts++; f.texts > maxExtTexts {
			r.cut(at)
			r.count[tooMany]++
		}
	}
}

// markup handles what begins with the "<" at r.pos.
func (r *rewriter) markup() error {
	b := r.src[r.pos:r.end]
	if len(b) < 2 {
		r.stray()
		return nil
	}
	switch c := b[1]; {
	case c == '/':
		r.endTag()
	case c == '!':
		r.declaration(b)
	case c == '?':
		r.instruction()
	case isNameStart(c):
		return r.startTag()
	case isSpace(c):
		return r.spacedTag()
	default:
		r.stray()
	}
	return nil
}

// stray writes a "<" that is no markup as text.
func (r *rewriter) stray() {
	if r.pos+1 >= len(r.src) { // the last byte: the body was cut here
		r.skip(r.pos, r.pos+1)
		return
	}
	r.replace(r.pos, r.pos+1, "&lt;")
	r.count[strayMarkup]++
}

// declaration handles comments, CDATA sections and, where they have no place,
// DOCTYPEs and their like.
func (r *rewriter) declaration(b []byte) {
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		if n := r.index(noCommentEnd, r.pos+4, "-->"); n >= 0 {
			r.skip(r.pos, n+3)
		} else {
			r.skip(r.pos, r.pos+4)
			r.count[strayMarkup]++
		}
	case isCDATA(b):
		r.cdata()
	case len(b) > 2 && isNameStart(b[2]):
		if n := bytes.IndexAny(b[2:], "<>"); n >= 0 && b[2+n] == '>' {
			r.skip(r.pos, r.pos+n+3)
		} else {
			r.stray()
		}
	default:
		r.stray()
	}
}

// instruction leaves a processing instruction out.
func (r *rewriter) instruction() {
	if n := r.index(noPIEnd, r.pos+2, "?>"); n >= 0 && n < r.end {
		r.skip(r.pos, n+2)
		return
	}
	if n := bytes.IndexAny(r.src[r.pos+1:r.end], "<>"); n >= 0 && r.src[r.pos+1+n] == '>' {
		r.skip(r.pos, r.pos+n+2)
	} else {
		r.stray()
	}
}

// index finds a mark at or behind i, and remembers if there is none.
func (r *rewriter) index(what, i int, mark string) int {
	if r.absent[what] != 0 && i >= r.absent[what] || i > len(r.src) {
		return -1
	}
	if n := bytes.Index(r.src[i:], []byte(mark)); n >= 0 {
		return i + n
	}
	r.absent[what] = max(i, 1)
	return -1
}

// indexNear is index for marks of which there are many: what it may look at is
// bounded in all.
func (r *rewriter) indexNear(i, end int, mark []byte) int {
	end = min(end, i+lookahead)
	if i >= end || r.looked > 16*lookahead {
		return -1
	}
	n := bytes.Index(r.src[i:end], mark)
	if n < 0 {
		r.looked += end - i
		return -1
	}
	r.looked += n
	return i + n
}

// lookahead is how far an end tag is looked for where it should have come.
const lookahead = 4 << 20

// exhausted is called when a document needs more than it may. Items that are
// read already are kept, the rest is counted; without any the document fails.
func (r *rewriter) exhausted(what string) error {
	feed := r.family == RSS || r.family == Atom
	if !feed || len(r.res.Entries)+r.res.Known == 0 || r.items.dropRest && !r.items.open {
		return failf(Limit, "more %s than allowed", what)
	}
	r.items.dropRest = true
	r.dropItem()
	return nil
}
