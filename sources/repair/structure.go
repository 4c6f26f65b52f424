package repair

import (
	"bytes"
	"strings"
)

// role is what an element does in the structure of a feed.
type role uint8

const (
	roleGeneric  role = iota // an element of a document that is no feed
	roleRoot                 // rss, RDF, feed: written last, once
	roleChannel              // written once, around everything
	roleItems                // a container that only holds items
	roleItem                 // item or entry
	roleText                 // a child of channel, feed or item that holds text
	roleNative               // a child of those that holds elements of its own
	roleExt                  // a child of those from another vocabulary
	roleExtInner             // below roleExt
	roleInner                // below roleText or roleNative
)

// absorbed elements have no tags in the output: root and channel are written
// by writeHead, whatever number of them there is.
func (k role) absorbed() bool { return k == roleRoot || k == roleChannel || k == roleItems }

// outer reports whether items and the feed's own elements can be children.
func (k role) outer() bool { return k.absorbed() }

// newFrame works out what an element is and takes up its declarations.
func (r *rewriter) newFrame(t *tag, f *frame) error {
	*f = frame{nameAt: t.nameAt, nameEnd: t.nameEnd, source: t.start, bindings: len(r.ns.bindings), outs: len(r.ns.outs), space: r.native, scope: &r.outside}
	parent := roleChannel // outside of everything, where a document of bare items has them
	if p := r.top(); p != nil {
		parent, f.space, f.scope = p.role, p.space, p.scope
	}
	if r.family != RSS && r.family != Atom {
		parent = roleGeneric
	}
	structural := parent.outer() && r.structural(t.meaning)
	r.declare(t, f, structural)
	native, err := r.resolveName(t, f, structural)
	if err != nil {
		return err
	}
	if parent == roleGeneric {
		if len(r.stack) == 0 {
			f.role = roleRoot
		}
		return nil
	}
	if native {
		f.name = t.meaning
	}
	r.assign(t, f, parent, native)
	if f.name != unknown {
		for i := range t.attrs {
			local := t.attrs[i].local(r.src)
			if known := knownAttribute(local); !bytes.Equal(local, known) {
				t.dirty = true
				t.dropDoubles(r.src, i, known)
			}
		}
	}
	return nil
}

// structural reports whether an element of that name makes the structure, in
// the family of the document.
func (r *rewriter) structural(n name) bool {
	switch n {
	case nRSS, nRDF, nChannel, nItems, nItem:
		return r.family == RSS
	case nFeed, nEntry:
		return r.family == Atom
	}
	return false
}

// declare takes up the namespaces, base and language that a tag declares.
func (r *rewriter) declare(t *tag, f *frame, structural bool) {
	if !t.spaces {
		return
	}
	for i := range t.attrs {
		a := &t.attrs[i]
		switch {
		case a.declares(r.src) && a.colon < 0:
			uri := r.uri(a)
			// On an element that is in it itself, or of no known vocabulary,
			// the default namespace is whatever the feed takes for its own.
			own := structural && (t.colon < 0 || !r.ns.known(r.ns.number(uri)))
			r.ns.bind(nil, uri, own)
		case a.declares(r.src):
			if p := a.local(r.src); string(p) != "xml" && string(p) != "xmlns" {
				r.ns.bind(p, r.uri(a), false)
			}
		case string(a.prefix(r.src)) == "xml":
			f.scope = r.inherit(a, f.scope)
		}
	}
}

// rawSpace is the namespace of an element as its own tag declares it.
func (r *rewriter) rawSpace(t *tag) string {
	for i := range t.attrs {
		a := &t.attrs[i]
		if a.declares(r.src) && (a.colon < 0 && t.colon < 0 || a.colon >= 0 && bytes.Equal(a.local(r.src), t.prefix(r.src))) {
			return string(r.uri(a))
		}
	}
	return ""
}

// uri is the value of a namespace declaration.
func (r *rewriter) uri(a *attr) []byte {
	v := bytes.TrimSpace(a.value(r.src))
	if bytes.IndexByte(v, '&') >= 0 || a.bad {
		v = []byte(strings.TrimSpace(r.attrText(a)))
	}
	return v
}

// Longer values of xml:base and xml:lang are ignored.
const (
	maxBase = 4 << 10
	maxLang = 64
)

// inherit takes up xml:base and xml:lang.
func (r *rewriter) inherit(a *attr, in *scope) *scope {
	switch string(a.local(r.src)) {
	case "base":
		v := r.attrText(a)
		switch {
		case v == "" || len(v)+len(in.base) > maxBase:
		case in.base == "":
			return &scope{v, in.lang}
		default:
			return &scope{in.base + "\x00" + v, in.lang}
		}
	case "lang":
		if v := r.attrText(a); len(v) <= maxLang {
			return &scope{in.base, v}
		}
	}
	return in
}

// resolveName works out whether the element is of the feed's own vocabulary and
// how the output spells its name.
func (r *rewriter) resolveName(t *tag, f *frame, structural bool) (native bool, err error) {
	feed := r.family == RSS || r.family == Atom
	b := r.ns.lookup(nil)
	if t.colon >= 0 {
		if b, err = r.ns.resolve(t.prefix(r.src)); err != nil {
			return false, err
		}
	}
	if b != nil && structural && !r.rooted {
		r.rooted = true
		if !r.ns.known(b.space) {
			r.own = b.space
		}
	}
	switch {
	case !feed:
	case b == nil, t.colon < 0 && (b.structural || structural), structural && len(r.stack) == 0:
		native = true
	default:
		native = b.space.isNative(r.family) || b.space == r.own
	}
	if feed && !native && b.space == spaceContent && t.meaning == nEncoded {
		f.name = nEncoded
	}
	if t.colon < 0 {
		f.space = noSpace
		if b != nil {
			f.space = b.space
		}
		if native {
			f.space = r.native
		}
		if t.dirty && bytes.IndexByte(r.src[t.nameAt:t.nameEnd], ':') >= 0 {
			f.out = cleanName(r.src[t.nameAt:t.nameEnd])
		}
		return native, nil
	}
	return native, r.rename(t, f, b, native && (b.space != spaceRDF || structural))
}

// rename decides under which prefix, if any, a prefixed name goes into the
// output.
func (r *rewriter) rename(t *tag, f *frame, b *binding, bare bool) error {
	local := t.local(r.src)
	switch {
	case bare:
		f.out, f.space = string(local), r.native
		return nil
	case b.space.isMarkup() && r.ns.respell:
		f.out, f.space = string(local), b.space
		return nil
	}
	out, err := r.ns.output(b)
	if out != string(b.prefix) {
		f.out = out + ":" + string(local)
	}
	return err
}

// assign gives the element its role, and drops what there is too much of.
func (r *rewriter) assign(t *tag, f *frame, parent role, native bool) {
	switch parent {
	case roleRoot, roleChannel, roleItems:
		r.assignOuter(f, parent, native)
	case roleItem:
		switch {
		case !native && f.name != nEncoded:
			f.role = roleExt
		case r.family == Atom && (f.name == nAuthor || f.name == nContributor || f.name == nSource):
			f.role = roleNative
		default:
			f.role = roleText
		}
		f.drop = r.items.tooMany(f, r)
	case roleExt, roleExtInner:
		f.role = roleExtInner
		f.drop = r.countExtension()
	default:
		f.role = roleInner
	}
	if f.name == nAbstract && f.role == roleText && r.cdf {
		f.out = "description"
	}
}

// assignOuter handles the elements around the items.
func (r *rewriter) assignOuter(f *frame, parent role, native bool) {
	switch {
	case native && (f.name == nRSS || f.name == nRDF || f.name == nFeed) && len(r.stack) == 0:
		f.role = roleRoot
	case native && r.structural(f.name) && f.name != nItems && f.name != nItem && f.name != nEntry:
		f.role = roleChannel // or a feed in a feed, which adds nothing
	case native && r.family == RSS && f.name == nItems:
		f.role = roleItems
	case native && (r.family == RSS && f.name == nItem || r.family == Atom && f.name == nEntry):
		f.role = roleItem
		if parent == roleRoot && r.root.name == "rss" {
			r.count[structure]++ // outside a channel; in RDF that is where they are
		}
	case !native:
		f.role = roleExt
		f.drop = r.countExtension()
	case f.name == nImage, f.name == nTextInput, f.name == nSkipHours, f.name == nSkipDays, f.name == nCloud,
		r.family == Atom && (f.name == nAuthor || f.name == nContributor):
		f.role = roleNative
	default:
		f.role = roleText
	}
	if f.role >= roleText {
		// What a list of items holds besides items, and what further channels
		// say of themselves, would overwrite what the first channel said.
		later := r.channels > 1 || r.channels == 1 && parent == roleRoot
		f.drop = f.drop || parent == roleItems || later && r.said[f.name]
		if native && f.name != unknown && f.name != nImage && f.name != nTextInput {
			r.said[f.name] = true
		}
	}
}

// countExtension counts an extension element and reports whether it is one too
// many for gofeed.
func (r *rewriter) countExtension() bool {
	r.exts++
	if r.exts > maxExtElements {
		r.count[tooMany]++
		return true
	}
	return false
}
