package repair

import (
	"bytes"
	"strings"
)

// rootTag is what is kept of the root's start tag.
type rootTag struct {
	name    string // qualified, as the output spells it
	attrs   []byte // as they will be written
	version string
	channel bool // a channel is written around everything
}

// openedRoot takes down the root's attributes and decides what the default
// namespace of the output is.
func (r *rewriter) openedRoot(t *tag, f *frame) error {
	r.res.Base, r.res.Lang = f.scope.base, f.scope.lang
	if r.family == XML || r.family == OPML {
		return r.openedGenericRoot(t, f)
	}
	if a := t.attr(r.src, "version"); a != nil {
		r.root.version = r.attrText(a)
	}
	if a := t.attr(r.src, "lang"); a != nil && f.scope.lang == "" && r.family == Atom {
		r.res.Lang = r.attrText(a)
		f.scope = &scope{f.scope.base, r.res.Lang}
	}
	var err error
	switch f.name {
	case nFeed:
		r.native = r.atomSpace(t)
	case nRDF:
		r.native = r.rdfSpace()
		rdf := binding{prefix: []byte("rdf"), space: spaceRDF, out: -1}
		r.root.name, err = r.ns.output(&rdf)
		r.root.name += ":RDF"
	}
	f.space = r.native
	return err
}

// atomSpace is the namespace of an Atom feed, whatever it was taken for.
func (r *rewriter) atomSpace(t *tag) space {
	b := r.ns.lookup(t.prefix(r.src))
	switch {
	case b == nil && t.colon < 0, b != nil && b.space == noSpace:
		return noSpace // gofeed reads it all the same, and so it says
	case b != nil && b.space == spaceAtom03, b != nil && b.space != spaceAtom && r.root.version == "0.3":
		return spaceAtom03
	}
	if b == nil || b.space != spaceAtom {
		r.count[namespaces]++
	}
	return spaceAtom
}

// rdfSpace is the namespace of RSS's elements in RDF: by it gofeed knows 0.90
// from 1.0.
func (r *rewriter) rdfSpace() space {
	found := noSpace
	for i := range r.ns.bindings {
		switch b := &r.ns.bindings[i]; {
		case b.space == spaceRSS10, b.space == spaceRSS09, b.space == spaceRSS09Alt:
			if found == noSpace || len(b.prefix) == 0 {
				found = b.space
			}
		case b.structural && found == noSpace:
			found = spaceRSS10
		}
	}
	return found
}

// openedGenericRoot keeps all the attributes of a root that is no feed's.
func (r *rewriter) openedGenericRoot(t *tag, f *frame) (err error) {
	r.native = f.space
	if r.root.name = f.out; f.out == "" {
		r.root.name = string(r.src[f.nameAt:f.nameEnd])
	}
	for i := range t.attrs {
		if r.root.attrs, err = r.appendAttr(r.root.attrs, &t.attrs[i], f); err != nil {
			return err
		}
	}
	return nil
}

// openedChannel takes down what a channel says in its attributes.
func (r *rewriter) openedChannel(t *tag, f *frame) {
	r.channels++
	if r.channels > 1 {
		r.count[structure]++
		return
	}
	r.res.Base, r.res.Lang = f.scope.base, f.scope.lang
	if a := t.about(r.src); a != nil {
		r.res.ID = strings.TrimSpace(r.attrText(a))
	}
	r.mapCDF(t, "pubDate")
}

// mapCDF writes the attributes of the Channel Definition Format's channels and
// items as the elements that RSS has for them.
func (r *rewriter) mapCDF(t *tag, date string) {
	if !r.cdf {
		return
	}
	for _, m := range [...]struct{ attr, element string }{{"href", "link"}, {"lastmod", date}} {
		if a := t.attr(r.src, m.attr); a != nil {
			r.flush(r.pos)
			r.dst = append(append(append(r.dst, '<'), m.element...), '>')
			value := r.appendValue(nil, a.value(r.src), '"')
			r.dst = append(r.dst, bytes.ReplaceAll(value, []byte("]]>"), []byte("]]&gt;"))...)
			r.dst = append(append(append(r.dst, "</"...), m.element...), '>')
		}
	}
}

// writeHead writes the root's start tag in front of the output, and for RSS
// the channel's, with the namespaces that turned out to be used.
func (r *rewriter) writeHead() {
	declarations := r.declarations()
	head := append([]byte{'<'}, r.root.name...)
	if r.native != noSpace {
		head = append(head, ` xmlns="`...)
		head = appendText(head, r.ns.uris[r.native])
		head = append(head, '"')
	}
	if r.root.version != "" {
		head = append(head, ` version="`...)
		head = appendText(head, r.root.version)
		head = append(head, '"')
	}
	if r.res.Lang != "" && (r.family == RSS || r.family == Atom) {
		head = append(head, ` xml:lang="`...)
		head = appendText(head, r.res.Lang)
		head = append(head, '"')
	}
	head = append(head, r.root.attrs...)
	switch {
	case !r.root.channel:
		head = append(append(head, declarations...), '>')
	case len(head)+len(declarations) < headroom-64:
		head = append(append(head, declarations...), "><channel>"...)
	default: // gofeed looks for the root's tag in the first 4,096 bytes
		head = append(head, "><channel"...)
		head = append(append(head, declarations...), '>')
	}
	if len(head) <= headroom {
		r.dst = r.dst[headroom-len(head):]
		copy(r.dst, head)
		return
	}
	r.dst = append(head, r.dst[headroom:]...)
}

// declarations are the prefixes that the output uses.
func (r *rewriter) declarations() []byte {
	var b []byte
	for _, o := range r.ns.outs {
		b = append(append(b, " xmlns:"...), o.prefix...)
		b = append(b, `="`...)
		b = appendText(b, r.ns.uris[o.space])
		b = append(b, '"')
	}
	return b
}
