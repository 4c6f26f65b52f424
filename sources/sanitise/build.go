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

func (b *builder) endBlock(name string) {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		switch o := &b.blocks[i]; {
		case o.source == name, o.class == heading && elements[name].class == heading:
			b.popTo(i)
			return
		case o.class == cell || o.class == caption:
			return
		}
	}
}

// nearest is the index of the innermost open block of a class, or -1.
func (b *builder) nearest(c class) int {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		if b.blocks[i].class == c {
			return i
		}
	}
	return -1
}

// top is the class of the innermost block.
func (b *builder) top() class {
	if len(b.blocks) == 0 {
		return unwrap
	}
	return b.blocks[len(b.blocks)-1].class
}

// block begins a block element in the place where it may stand.
func (b *builder) block(e element) {
	source, c := b.name, e.class
	switch c {
	case caption, section, row, cell:
		if t := b.nearest(table); t >= 0 {
			b.tablePart(t, e)
			return
		}
		c, e = block, element{block, "div", nil}
	case item, term:
		container := list
		if c == term {
			container = terms
		}
		if !b.toContainer(container, c) {
			c, e = block, element{block, "div", nil}
		}
	}
	if e.name == "summary" && !b.within("details") || e.name == "figcaption" && b.nearestNamed("figure") < 0 {
		e = element{block, "div", nil}
	}
	b.beginBlock(c)
	b.push(open{class: c, name: e.name, source: source, attrs: b.attributes(e)})
	b.afterPre = e.name == "pre"
}

// beginBlock makes place for a block: no inline element is open around it, no
// paragraph, no heading in a heading, and between the parts of a table it gets a
// cell.
func (b *builder) beginBlock(c class) {
	b.closeInlines(0)
	b.ensureCell()
	for t := b.top(); t == paragraph || t == heading && c == heading; t = b.top() {
		b.popTo(len(b.blocks) - 1)
	}
}

// toContainer closes what is open inside the innermost list for the next of its
// items; false if there is none that the item could belong to.
func (b *builder) toContainer(container, c class) bool {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		switch o := &b.blocks[i]; {
		case o.class == container:
			b.popTo(i + 1)
			return true
		case o.class == c, o.class == paragraph, o.class == heading, o.class == block && o.name == "div":
		default:
			return false
		}
	}
	return false
}

func (b *builder) within(name string) bool {
	return len(b.blocks) > 0 && b.blocks[len(b.blocks)-1].name == name
}

func (b *builder) nearestNamed(name string) int {
	for i := len(b.blocks) - 1; i >= 0; i-- {
		if b.blocks[i].name == name {
			return i
		}
	}
	return -1
}

// tablePart begins a part of the table at index t, with the parts that must stand
// around it.
func (b *builder) tablePart(t int, e element) {
	b.closeInlines(0)
	switch e.class {
	case caption, section:
		b.popTo(t + 1)
	case row:
		b.toPart(t, section)
	case cell:
		b.toPart(t, row)
	}
	b.push(open{class: e.class, name: e.name, source: b.name, attrs: b.attributes(e)})
	if e.class == cell {
		b.content(false) // an empty cell keeps the others in their columns
	}
}

// toPart closes what is open in the table at index t down to a part of that
// class, and begins one if there is none.
func (b *builder) toPart(t int, c class) {
	want := t + 1
	if c == row {
		want = t + 2
	}
	for depth, part := t+1, section; depth <= want; depth, part = depth+1, row {
		if len(b.blocks) > depth && b.blocks[depth].class == part {
			continue
		}
		b.popTo(depth)
		name := "tbody"
		if part == row {
			name = "tr"
		}
		b.push(open{class: part, name: name})
	}
	b.popTo(want + 1)
}

// ensureCell begins a cell if the innermost block is a table or a part of one
// that holds no text.
func (b *builder) ensureCell() {
	switch b.top() {
	case table, section, row:
		b.toPart(b.nearest(table), row)
		b.push(open{class: cell, name: "td"})
	}
}

func (b *builder) push(o open) { b.blocks = append(b.blocks, o) }

// popTo ends the blocks from index i on, and the inline elements that began in
// them.
func (b *builder) popTo(i int) {
	if i >= len(b.blocks) {
		return
	}
	b.closeInlines(0)
	for n := len(b.blocks) - 1; n >= i; n-- {
		if n < b.written {
			b.writeEnd(b.blocks[n].name)
		}
	}
	b.blocks = b.blocks[:i]
	b.written = min(b.written, i)
	n := len(b.inlines)
	for n > 0 && b.inlines[n-1].depth > i {
		n--
	}
	b.inlines = b.inlines[:n]
}

// writeBlocks writes the start tags that are owed.
func (b *builder) writeBlocks() {
	for ; b.written < len(b.blocks); b.written++ {
		o := &b.blocks[b.written]
		b.writeStart(o)
		if o.name == "pre" {
			b.preStart = len(b.out)
		}
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

// inline begins an inline element.
func (b *builder) inline(e element) {
	o := open{class: e.class, name: e.name, source: b.name, depth: len(b.blocks)}
	switch {
	case e.name == "rt" || e.name == "rp":
		b.stop("rt")
		b.stop("rp")
		if !b.active("ruby") {
			o.name = ""
		}
	case (e.class == formatting || e.name == "ruby") && b.active(e.name):
		o.name = ""
	}
	if o.attrs = b.attributes(e); len(b.inlines) >= maxInlines || o.name == "span" && o.attrs == "" {
		o.name = ""
	}
	b.inlines = append(b.inlines, o)
}

// active reports whether an inline element of that name is in effect.
func (b *builder) active(name string) bool {
	for i := range b.inlines {
		if b.inlines[i].name == name {
			return true
		}
	}
	return false
}

// endInline ends the innermost inline element that came under that name. Those
// that began in it stay in effect.
func (b *builder) endInline(source string) {
	floor := 0
	for i := len(b.blocks) - 1; i >= 0; i-- {
		if c := b.blocks[i].class; c == cell || c == caption {
			floor = i + 1
			break
		}
	}
	for i := len(b.inlines) - 1; i >= 0 && b.inlines[i].depth >= floor; i-- {
		if b.inlines[i].source == source {
			b.closeInlines(i)
			ruby := b.inlines[i].name == "ruby"
			b.inlines = append(b.inlines[:i], b.inlines[i+1:]...)
			if ruby {
				b.stop("rt")
				b.stop("rp")
			}
			return
		}
	}
}

// stop ends all inline elements of a name that can't hold another of it: the
// innermost in our cell, and for the text to come those around the table.
func (b *builder) stop(name string) {
	b.endInline(name)
	for i := range b.inlines {
		if b.inlines[i].name == name {
			b.closeInlines(i)
			b.inlines[i].name = ""
		}
	}
}

// closeInlines writes the end tags of the inline elements from index i on; they
// stay in effect.
func (b *builder) closeInlines(i int) {
	for ; b.inEffect > i; b.inEffect-- {
		if o := &b.inlines[b.inEffect-1]; o.name != "" {
			b.writeEnd(o.name)
		}
	}
}

// attributes is what may stay of the attributes that were read, as written.
func (b *builder) attributes(e element) string {
	if b.n == 0 {
		return ""
	}
	b.scratch = b.appendAttributes(b.scratch[:0], e)
	return string(b.scratch)
}

// attributeOrder is the order in which attributes are written.
var attributeOrder = [...]string{"cite", "colspan", "datetime", "dir", "lang", "open", "reversed", "rowspan", "scope", "start", "title", "type", "value"}

func (b *builder) appendAttributes(t []byte, e element) []byte {
	for _, name := range attributeOrder {
		if !allowed(e, name) {
			continue
		}
		v, ok := b.attr(name)
		if name == "lang" && !ok {
			v, ok = b.attr("xml:lang")
		}
		switch {
		case !ok:
			continue
		case name == "open" || name == "reversed":
			t = attribute(t, name, "")
			continue
		case name == "title":
			v = article.Line(article.Cut(v, maxTitle))
		case name == "cite":
			if v = b.webURL(v); len(v) > maxCite {
				v = ""
			}
		default:
			v = value(name, v)
		}
		if v != "" {
			t = attribute(t, name, v)
		}
	}
	return t
}

// allowed reports whether an element may have an attribute. Blocks have no
// title: hundreds of their start tags may be owed at once.
func allowed(e element, name string) bool {
	switch name {
	case "lang", "dir":
		return true
	case "title":
		return e.class == inline || e.class == formatting || e.class == special
	}
	for _, a := range e.attrs {
		if a == name {
			return true
		}
	}
	return false
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
