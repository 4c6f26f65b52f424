package repair

import (
	"bytes"
	"sync"
)

// Document decodes and mends a body, which the result may share memory with. An
// error is an [*Error].
func Document(body []byte, o Options) (*Result, error) {
	lim := o.Limits.withDefaults()
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil, failf(UnknownFormat, "the body is empty")
	case len(body) > 4*lim.Bytes: // UTF-32 is four times as long as what it says
		return nil, failf(TooLarge, "more than %d bytes", lim.Bytes)
	}
	if format := binaryFormat(body); format != "" {
		return nil, failf(UnknownFormat, "the body is %s", format)
	}
	text, charset, err := decode(body, o.ContentType, lim.Bytes)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, failf(UnknownFormat, "there is nothing in the body")
	}
	res, err := read(text, o, lim)
	if err != nil {
		return nil, err
	}
	res.Charset = charset
	return res, nil
}

// read finds out what the text is and mends it as that.
func read(text []byte, o Options, lim Limits) (*Result, error) {
	if start, ok := findJSON(text); ok {
		if res, err := readJSON(text[start:], o, lim); res != nil || err != nil {
			return res, err
		}
	}
	doc, failure := findRoot(text, lim)
	switch {
	case failure != nil && failure.Kind == Malformed && isText(text):
		return &Result{Kind: Other, Body: clean(text)}, nil
	case failure != nil:
		return nil, failure
	case doc.kind == HTML:
		return &Result{Kind: HTML, Root: "html", Body: clean(text)}, nil
	}
	res, err := readXML(text[doc.pos:], doc, o, lim)
	if res == nil && err == nil {
		return &Result{Kind: Other, Body: clean(text)}, nil
	}
	return res, err
}

// readXML mends an XML document, or returns neither result nor error for what
// only looked like one. A feed with too many items is gone over again if its
// newest items turn out to be at its end.
func readXML(text []byte, doc root, o Options, lim Limits) (*Result, error) {
	text, controls := withoutControls(text)
	r := newRewriter(text, doc, o, lim)
	if err := r.run(); err != nil {
		return nil, err
	}
	if over := r.items.seen - lim.Items; over > 0 && r.items.ascending() {
		again := newRewriter(text, doc, o, lim)
		again.items.first = over
		if err := again.run(); err != nil {
			return nil, err
		}
		r = again
	}
	if r.res.Body == nil {
		return nil, nil
	}
	r.count[controlChar] += controls
	r.res.Repairs = r.count.named()
	return r.res, nil
}

// buffers are for output, of type *[]byte; large ones are not kept.
var buffers sync.Pool

const keepBuffer = 1 << 20

// buffer is memory for n bytes, with anything in it.
func buffer(n int) []byte {
	if b, ok := buffers.Get().(*[]byte); ok && cap(*b) >= n {
		return *b
	}
	return make([]byte, n)
}

// Release gives the memory of Body back, where it was the result's own. Nothing may
// be read from Body from then on.
func (r *Result) Release() {
	if space := r.space; cap(space) > 0 && cap(space) <= keepBuffer {
		r.Body, r.space = nil, nil
		buffers.Put(&space)
	}
}

// outputSize is what the output of n bytes will need, or a first guess if items
// may be left out.
func outputSize(n int, o Options) int {
	if o.Known != nil {
		n /= 4
	}
	return n + n/64 + 64
}

func newRewriter(text []byte, doc root, o Options, lim Limits) *rewriter {
	r := &rewriter{
		src: text, end: len(text),
		lim: lim, family: doc.kind, known: o.Known, entities: doc.entities,
		ns:  newNamespacer(lim.Namespaces, doc.kind == RSS || doc.kind == Atom),
		res: &Result{Kind: doc.kind},
		dst: buffer(headroom + outputSize(len(text), o))[:headroom],
	}
	r.res.space = r.dst
	r.cdf = doc.name == "channel"
	switch doc.kind {
	case RSS:
		r.root = rootTag{name: "rss", channel: true}
		if doc.name != "rss" && doc.name != "rdf" {
			r.root.version = "2.0"
			r.count[foreignRoot]++
		}
	case Atom:
		r.root = rootTag{name: "feed"}
		if doc.name == "entry" {
			r.native = spaceAtom
			r.count[foreignRoot]++
		}
	}
	if doc.junk {
		r.count[leadingJunk]++
	}
	return r
}

// finish closes what is open and writes the head. Of a document that ended
// early, what was being read is taken back: a half item is none.
func (r *rewriter) finish() error {
	r.flush(max(r.mark, min(r.pos, len(r.src))))
	if len(r.stack) > 0 && !r.done {
		r.res.Truncated = true
		r.count[truncated]++
		r.takeBack()
	}
	if r.root.name == "" {
		return nil // there is none: it was text
	}
	if r.root.channel {
		r.dst = append(r.dst, "</channel>"...)
	}
	r.dst = append(append(append(r.dst, "</"...), r.root.name...), '>')
	r.writeHead()
	r.res.Body = r.dst
	r.count[namespaces] += len(r.ns.implied)
	r.res.Types = r.typeMap(r.types)
	return nil
}

// takeBack removes what was open when the document ended: of a feed all up to
// the innermost element that holds items, of any other document the innermost.
func (r *rewriter) takeBack() {
	k := len(r.stack) - 1
	if r.family == RSS || r.family == Atom {
		for k > 0 && !r.stack[k-1].role.outer() {
			k--
		}
	}
	if f := &r.stack[k]; f.role == roleItem && r.items.damaged {
		// An end tag that fitted nothing may have been the item's own.
		r.closeTo(k)
	} else if !f.role.absorbed() {
		r.takeOut(f)
		for len(r.stack) > k {
			r.pop()
		}
	}
	for len(r.stack) > 0 {
		if f := r.top(); !f.role.absorbed() {
			r.writeEnd(f)
		}
		r.pop()
	}
}

// binaryFormat names what is plainly no text.
func binaryFormat(b []byte) string {
	for _, f := range [...]struct{ magic, name string }{
		{"\x1F\x8B", "gzip data"}, {"PK\x03\x04", "a ZIP archive"}, {"%PDF-", "a PDF"}, {"\x89PNG", "a PNG image"},
		{"\xFF\xD8\xFF", "a JPEG image"}, {"GIF8", "a GIF image"}, {"RIFF", "a media file"}, {"ID3", "an MP3 file"},
		{"\x28\xB5\x2F\xFD", "Zstandard data"}, {"BZh", "bzip2 data"}, {"\x7FELF", "a program"},
	} {
		if bytes.HasPrefix(b, []byte(f.magic)) {
			return f.name
		}
	}
	return ""
}

// isText reports whether a document without markup can be read by a person.
func isText(b []byte) bool {
	b = b[:min(len(b), 4096)]
	bad := 0
	for i := range b {
		if n, _ := badChar(b[i:]); n > 0 {
			bad++
		}
	}
	return bad*20 <= len(b)
}

// clean is for text that is handed on as it is.
func clean(b []byte) []byte { return bytes.TrimLeft(b, "\uFEFF") }
