package sanitise

import (
	"html"
	"strings"

	"wireroom/article"
)

const (
	maxTitle   = 512
	maxCite    = 300
	maxInlines = 16 // inline elements in effect at once; more are left out
	growth     = 4  // output may be this many times the input before inline elements are left out
)

// open is an element that has begun. Its start tag is written when the first
// content comes, so that elements without content leave no trace.
type open struct {
	class  class
	name   string // as written; empty for an inline element that is left out
	source string // as it came; an end tag must match it
	attrs  string // as written, each with a space before it
	depth  int    // of an inline element: blocks that were open when it began
}

// builder writes the fragment. Blocks nest in each other; inline elements are
// kept beside them and are in effect for the text of all blocks that begin while
// they are open: they are closed before a block begins or ends, and opened again
// for the next text. So an inline element never holds a block.
type builder struct {
	scanner
	options Options
	base    string
	out     []byte
	scratch []byte
	room    int  // bytes that text may take
	full    bool // nothing more is read

	blocks   []open
	written  int // how many blocks have their start tag in out
	inlines  []open
	inEffect int  // how many inlines have theirs
	preStart int  // len(out) right after the start tag of a pre
	afterPre bool // the tag before was a pre

	better   string   // the address of a picture, from a source element before it
	seen     []string // addresses of the last pictures
	noscript int      // up to where markup stands in a noscript
}

// start handles a start tag.
func (b *builder) start() {
	e := elements[b.name]
	b.afterPre = false
	switch e.class {
	case raw:
		b.skip(b.name, true)
	case drop:
		if !b.closed {
			b.skip(b.name, false)
		}
	case void:
		if e.name == "hr" {
			b.beginBlock(block)
		}
		if b.content(e.name != "hr") {
			b.out = append(append(append(b.out, '<'), e.name...), "/>"...)
		}
	case inline, formatting:
		b.inline(e)
	case special:
		b.special()
	case unwrap:
	default:
		b.block(e)
	}
}

// end handles an end tag.
func (b *builder) end(name string) {
	b.afterPre = false
	e := elements[name]
	switch e.class {
	case unwrap, raw, drop, void:
	case inline, formatting, special:
		b.endInline(name)
	case table:
		if t := b.nearest(table); t >= 0 {
			b.popTo(t)
		}
	case caption, section, row, cell:
		if b.nearest(table) < 0 {
			b.endBlock(name)
			return
		}
		for i := len(b.blocks) - 1; i >= 0 && b.blocks[i].class != table; i-- {
			if b.blocks[i].class == e.class {
				b.popTo(i)
				return
			}
		}
	default:
		b.endBlock(name)
	}
}

func (b *builder) writeStart(o *open) {
	b.out = append(append(append(append(b.out, '<'), o.name...), o.attrs...), '>')
}

func (b *builder) writeEnd(name string) { b.out = appendEnd(b.out, name) }

// content makes out ready for text or an element without content of its own,
// which may stand in inline elements or not. It reports false if there is no
// room left.
func (b *builder) content(inline bool) bool {
	if !b.roomLeft() {
		return false
	}
	b.ensureCell()
	b.writeBlocks()
	if !inline || b.inEffect == len(b.inlines) {
		return true
	}
	exhausted := len(b.out) > growth*len(b.s)+1<<16
	for ; b.inEffect < len(b.inlines); b.inEffect++ {
		if o := &b.inlines[b.inEffect]; exhausted {
			o.name = ""
		} else if o.name != "" {
			b.writeStart(o)
		}
	}
	return true
}

// roomLeft notes how much room there is, and ends the work if no character would
// fit.
func (b *builder) roomLeft() bool {
	const longest = 8 // bytes of a character as written, and more
	b.room = maxOutput - len(b.out)
	b.full = b.room < longest
	return !b.full
}

// verbatim reports whether white space counts where we are.
func (b *builder) verbatim() bool { return b.within("pre") }

// text handles a run of text with its character references.
func (b *builder) text(s string) {
	if strings.IndexByte(s, '&') >= 0 {
		s = article.Clean(html.UnescapeString(s))
	}
	b.plain(s)
}

// plain writes clean text.
func (b *builder) plain(s string) {
	verbatim := b.verbatim()
	if b.afterPre && verbatim {
		s = strings.TrimPrefix(s, "\n")
	}
	b.afterPre = false
	if s == "" {
		return
	}
	if !verbatim && blank(s) {
		if t := b.top(); b.written == len(b.blocks) && t != table && t != section && t != row {
			if b.roomLeft() {
				b.write(s)
			}
		}
		return
	}
	if !b.content(true) {
		return
	}
	if s[0] == '\n' && len(b.out) == b.preStart {
		b.out = append(b.out, '\n') // the first one after <pre> is not counted
	}
	b.write(s)
}

// write writes as much of s as there was room for before the tags around it.
func (b *builder) write(s string) {
	whole := s
	if len(s) > b.room/5 {
		s = fit(s, b.room)
	}
	b.full = len(s) < len(whole)
	b.out = appendText(b.out, s)
}

// fit returns the beginning of s that takes at most room bytes once escaped.
func fit(s string, room int) string {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&':
			room -= 5
		case '<', '>':
			room -= 4
		default:
			room--
		}
		if room < 0 {
			return article.Cut(s, i)
		}
	}
	return s
}

// blank reports whether s is white space, or no-break spaces that an editor left
// behind.
func blank(s string) bool {
	for i := 0; i < len(s); i++ {
		if space(s[i]) {
			continue
		}
		if strings.HasPrefix(s[i:], "\u00a0") {
			i++
			continue
		}
		return false
	}
	return true
}
