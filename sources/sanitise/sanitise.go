// Package sanitise makes the HTML of strangers safe to store, to republish and
// to show on our own pages. A fragment comes in, a fragment goes out that holds
// only elements and attributes of a fixed list, is balanced, has absolute URLs
// only, and is a fixed point: sanitising it again changes nothing.
//
// Nothing is ever copied through: what comes out is written anew from names of
// the list, from URLs that were taken apart, and from text and values that were
// decoded, cleaned and escaped again. So safety does not rest on reading hostile
// markup exactly as a browser does; only fidelity does.
//
// The work is one pass over the tags and needs no tree. The tree builder of
// x/net/html was the first choice and is not used, because its cost has no
// bound: 23 KB of unclosed formatting elements become two million nodes and
// 300 MB. bluemonday neither balances nor mends what it lets through, so that
// its output must be parsed once more, at some ten times the cost of this
// package. The tests hold the output against x/net/html's tree and a browser's.
//
// The package never fetches anything and keeps no state. What it does, in the
// order of things: at most 1 MiB is read; scripts, styles, vector graphics and
// form controls go with all they hold; unknown elements go, what they hold
// stays; wrong nesting is mended (blocks never stand in paragraphs or in inline
// elements, list items only in lists, cells only in rows); elements without
// content go; lazily loaded pictures get their address; pictures of one pixel
// go; frames become links unless they are on the list of the caller.
package sanitise

import (
	"html"
	"strings"
	"sync"

	"wireroom/article"
)

const (
	maxInput  = 1 << 20          // bytes read, and never more are written
	maxOutput = maxInput * 5 / 8 // bytes after which nothing is begun; tags may still be owed
	maxOpen   = 512              // elements open at once; x/net/html refuses more
)

// Options say what may stay. The zero value is the strictest.
type Options struct {
	// Frames are the beginnings of addresses, as host and path, that an iframe
	// may show over https ("www.youtube-nocookie.com/embed/"). Other frames
	// become links.
	Frames []string
	// DataImages keeps PNG, JPEG, GIF and WebP pictures of at most 64 KiB that
	// are written into the text as data: URLs.
	DataImages bool
}

// HTML returns the safe form of a fragment of HTML. Relative URLs are resolved
// against base, which is absolute or empty; what can't be resolved is dropped.
// The result has at most 1 MiB. A fragment that nests deeper than 512 elements
// is not believed: its text comes back, escaped.
func HTML(in, base string, o Options) string {
	in = article.Clean(article.Cut(in, maxInput))
	if strings.IndexByte(in, '<') < 0 {
		return escapedText(in)
	}
	b := builders.Get().(*builder)
	defer b.release()
	b.options, b.base, b.s, b.preStart = o, base, in, -1
	for !b.full && b.next() {
		switch b.kind {
		case textToken:
			b.text(b.value)
		case startToken:
			b.start()
		case endToken:
			b.end(b.name)
		}
		if len(b.blocks)+len(b.inlines) > maxOpen {
			return escapedText(article.PlainText(in))
		}
	}
	b.popTo(0)
	b.closeInlines(0)
	return string(b.out)
}

// builders are kept for the next fragment, with their memory where it is little.
var builders = sync.Pool{New: func() any { return new(builder) }}

const (
	keepSpace = 64 << 10 // bytes
	keepOpen  = 64       // elements
)

// release gives b back, without anything of the fragment.
func (b *builder) release() {
	kept := builder{}
	if cap(b.out) <= keepSpace && cap(b.scratch) <= keepSpace {
		kept.out, kept.scratch = b.out[:0], b.scratch[:0]
	}
	if cap(b.blocks) <= keepOpen && cap(b.inlines) <= keepOpen {
		clear(b.blocks[:cap(b.blocks)])
		clear(b.inlines[:cap(b.inlines)])
		kept.blocks, kept.inlines = b.blocks[:0], b.inlines[:0]
	}
	clear(b.attrs[:cap(b.attrs)])
	kept.attrs = b.attrs[:0]
	*b = kept
	builders.Put(b)
}

// escapedText is text as HTML, without a tag.
func escapedText(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = article.Clean(html.UnescapeString(s))
	}
	return string(appendText(nil, fit(s, maxOutput)))
}

// appendText appends s escaped for text.
func appendText(out []byte, s string) []byte {
	if strings.IndexByte(s, '&') < 0 && strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '>') < 0 { // as most text
		return append(out, s...)
	}
	last := 0
	for i := 0; i < len(s); i++ {
		var ref string
		switch s[i] {
		case '&':
			ref = "&amp;"
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		default:
			continue
		}
		out = append(append(out, s[last:i]...), ref...)
		last = i + 1
	}
	return append(out, s[last:]...)
}

// appendValue appends s escaped for an attribute in double quotes.
func appendValue(out []byte, s string) []byte {
	if strings.IndexByte(s, '&') < 0 && strings.IndexByte(s, '"') < 0 && strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '>') < 0 { // as most values
		return append(out, s...)
	}
	last := 0
	for i := 0; i < len(s); i++ {
		var ref string
		switch s[i] {
		case '&':
			ref = "&amp;"
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		case '"':
			ref = "&#34;"
		default:
			continue
		}
		out = append(append(out, s[last:i]...), ref...)
		last = i + 1
	}
	return append(out, s[last:]...)
}

func appendEnd(out []byte, name string) []byte {
	return append(append(append(out, "</"...), name...), '>')
}

// attribute appends ` name="value"`.
func attribute(out []byte, name, value string) []byte {
	out = append(out, ' ')
	out = append(out, name...)
	out = append(out, '=', '"')
	return append(appendValue(out, value), '"')
}
