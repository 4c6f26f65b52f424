package sanitise

import (
	"strconv"
	"strings"

	"wireroom/article"
)

const (
	maxDataURL    = 64 << 10 // bytes of a picture written into the text
	minDataURL    = 160      // shorter ones are placeholders of a pixel or so
	maxCandidates = 16       // pictures of one srcset
	maxSrcset     = 8 << 10  // bytes of their addresses
	maxSources    = 4        // of one video or sound
)

// rel says of every link that we don't vouch for it and give nothing away.
const rel = "noopener noreferrer nofollow ugc"

// special handles the elements that are more than a name and attributes.
func (b *builder) special() {
	switch b.name {
	case "a":
		b.link()
	case "img", "image", "amp-img":
		b.picture()
	case "picture":
		b.better = ""
	case "source":
		if b.better == "" {
			b.better = b.bestOf(b.first("data-srcset", "data-lazy-srcset", "srcset"))
		}
	case "noscript":
		// What is in it stands for something that a script would have shown.
		b.noscript = b.findEnd("noscript")
	case "video", "audio", "amp-video", "amp-audio":
		b.player(strings.TrimPrefix(b.name, "amp-"))
	case "iframe", "amp-iframe", "embed":
		b.frame()
	case "xmp", "plaintext":
		b.rawText()
	case "math":
		b.formula()
	}
}

// rawText is what old pages did for program text: markup in it doesn't count.
func (b *builder) rawText() {
	text := b.skip(b.name, true)
	b.beginBlock(paragraph)
	b.push(open{class: paragraph, name: "pre"})
	b.afterPre = true
	b.plain(text)
	b.popTo(len(b.blocks) - 1)
}

// link begins a link. A link without an address that may stay is left out; links
// don't nest.
func (b *builder) link() {
	b.stop("a")
	o := open{class: inline, source: "a", depth: len(b.blocks)}
	if href := b.anyURL(b.get("href")); href != "" && len(b.inlines) < maxInlines {
		o.name = "a"
		o.attrs = b.linkAttributes(href)
	}
	b.inlines = append(b.inlines, o)
}

// linkAttributes are written in the order of their names, as all are.
func (b *builder) linkAttributes(href string) string {
	t := b.scratch[:0]
	if v := value("dir", b.get("dir")); v != "" {
		t = attribute(t, "dir", v)
	}
	t = attribute(t, "href", href)
	if v := value("lang", b.first("lang", "xml:lang")); v != "" {
		t = attribute(t, "lang", v)
	}
	t = attribute(t, "rel", rel)
	if v := article.Line(article.Cut(b.get("title"), maxTitle)); v != "" {
		t = attribute(t, "title", v)
	}
	b.scratch = t
	return string(t)
}

// first is the first of several attributes that has a value.
func (b *builder) first(names ...string) string {
	for _, n := range names {
		if v := strings.TrimSpace(b.get(n)); v != "" {
			return v
		}
	}
	return ""
}

// lazy is the first of several attributes that looks like an address; scripts
// keep other things under these names as well.
func (b *builder) lazy(names ...string) string {
	for _, n := range names {
		if v := strings.TrimSpace(b.get(n)); strings.ContainsAny(v, "/.") {
			return v
		}
	}
	return ""
}

// picture writes an image. Its address is the one that a script would load later,
// if there is one.
func (b *builder) picture() {
	src := b.imageURL(b.lazy("data-src", "data-lazy-src", "data-original", "data-hi-res-src", "data-full-src", "data-orig-file", "data-lazy"))
	set := b.candidates(b.first("data-srcset", "data-lazy-srcset", "srcset"))
	if src == "" {
		src = b.imageURL(b.get("src"))
	}
	if src == "" || strings.HasPrefix(src, "data:") && (len(set) > 0 || b.better != "") {
		if src = best(set); src == "" {
			src = b.better
		}
	}
	b.better = ""
	if src == "" || b.tiny() || b.shown(src) {
		return
	}
	t := attribute(append(b.scratch[:0], "<img"...), "src", src)
	if len(set) > 1 || len(set) == 1 && set[0].url != src {
		t = attribute(t, "srcset", join(set))
		if sizes := b.get("sizes"); sizes != "" && len(sizes) <= 500 && only(sizes, isSizesByte) {
			t = attribute(t, "sizes", sizes)
		}
	}
	if alt, ok := b.attr("alt"); ok {
		t = attribute(t, "alt", article.Line(article.Cut(alt, 2<<10)))
	}
	t = b.appendAttributes(t, element{class: special})
	t = b.dimensions(t)
	b.scratch = t
	if b.content(true) {
		b.out = append(append(b.out, t...), "/>"...)
	}
}

// shown reports whether a picture that stands in a noscript has been shown by
// the element that it replaces. It keeps the last addresses for that.
func (b *builder) shown(src string) bool {
	const keep = 4
	if b.pos <= b.noscript {
		for _, s := range b.seen {
			if s == src {
				return true
			}
		}
	}
	if len(b.seen) == keep {
		b.seen = append(b.seen[:0], b.seen[1:]...)
	}
	b.seen = append(b.seen, src)
	return false
}

// dimensions appends width and height in pixels.
func (b *builder) dimensions(t []byte) []byte {
	for _, name := range [...]string{"width", "height"} {
		if v := strings.TrimSuffix(strings.TrimSpace(b.get(name)), "px"); v != "" && len(v) <= 5 && only(v, isDigit) {
			t = attribute(t, name, v)
		}
	}
	return t
}

// tiny reports whether the element is meant not to be seen: a counting pixel.
func (b *builder) tiny() bool {
	for _, name := range [...]string{"width", "height"} {
		v := strings.TrimSuffix(strings.TrimSpace(b.get(name)), "px")
		if n, err := strconv.Atoi(v); err == nil && n <= 1 {
			return true
		}
	}
	style := b.get("style")
	if style == "" {
		return false
	}
	style = strings.ReplaceAll(lower(style), " ", "") + ";"
	for _, s := range [...]string{"display:none", "width:1px;", "width:0;", "width:0px;", "height:1px;", "height:0;", "height:0px;"} {
		if i := strings.Index(style, s); i == 0 || i > 0 && style[i-1] == ';' {
			return true
		}
	}
	return false
}

// candidate is one picture of a srcset.
type candidate struct {
	url, descriptor string
	width           int
}

// candidates reads a srcset (HTML standard, section 4.8.4.2.1) and keeps what
// has a web address and a descriptor that means something.
func (b *builder) candidates(s string) []candidate {
	var set []candidate
	for size := 0; len(set) < maxCandidates && size < maxSrcset; {
		s = strings.TrimLeft(s, " \n\t\f\r,")
		if s == "" {
			break
		}
		end := strings.IndexAny(s, " \n\t\f\r")
		if end < 0 {
			end = len(s)
		}
		c := candidate{url: s[:end]}
		s = s[end:]
		if trimmed := strings.TrimRight(c.url, ","); trimmed != c.url {
			c.url = trimmed
		} else {
			c.descriptor, s, _ = strings.Cut(s, ",")
			c.descriptor = strings.TrimSpace(c.descriptor)
		}
		c.url = b.webURL(c.url)
		if c.url != "" && c.valid() {
			set = append(set, c)
			size += len(c.url)
		}
	}
	return set
}

func (c *candidate) valid() bool {
	d := c.descriptor
	if d == "" {
		return true
	}
	n, unit := d[:len(d)-1], d[len(d)-1]
	switch unit {
	case 'w':
		w, err := strconv.Atoi(n)
		c.width = w
		return err == nil && w > 0 && only(n, isDigit)
	case 'x':
		f, err := strconv.ParseFloat(n, 64)
		return err == nil && f > 0 && len(n) <= 6 && strings.Trim(n, "0123456789.") == ""
	}
	return false
}

// bestOf is the address of the best picture of a srcset.
func (b *builder) bestOf(srcset string) string { return best(b.candidates(srcset)) }

// best is the widest picture that a page can use, else the first.
func best(set []candidate) string {
	const enough = 1600 // pixels
	found := -1
	for i := range set {
		if w := set[i].width; found < 0 || w > set[found].width && w <= enough || set[found].width > enough && w < set[found].width && w > 0 {
			found = i
		}
	}
	if found < 0 {
		return ""
	}
	return set[found].url
}

func join(set []candidate) string {
	var sb strings.Builder
	for i, c := range set {
		if i > 0 {
			sb.WriteString(", ")
		}
		sb.WriteString(c.url)
		if c.descriptor != "" {
			sb.WriteByte(' ')
			sb.WriteString(c.descriptor)
		}
	}
	return sb.String()
}

func isSizesByte(c byte) bool {
	return alphanumeric(c) || strings.IndexByte(" ():.,%-+*/<=>", c) >= 0
}

// player writes a video or a sound with its sources and tracks. What else is in
// it is for browsers that can't play it, and goes.
func (b *builder) player(name string) {
	source := b.name
	t := []byte("<" + name + ` controls=""`)
	playable := false
	if src := b.webURL(b.first("src", "data-src")); src != "" {
		t = attribute(t, "src", src)
		playable = true
	}
	if name == "video" {
		if poster := b.webURL(b.first("poster", "data-poster")); poster != "" {
			t = attribute(t, "poster", poster)
		}
		t = b.dimensions(t)
	}
	t = append(t, '>')
	if end := b.findEnd(source); end >= 0 && !b.closed {
		for n := 0; b.pos < end && b.next(); {
			if b.kind != startToken || n == maxSources {
				continue
			}
			if inner := b.mediaPart(); inner != nil {
				t = append(t, inner...)
				playable = playable || b.name == "source"
				n++
			}
		}
		if b.pos <= end {
			b.pos = end
			b.skip(source, false)
		}
	}
	if playable && b.content(true) {
		b.out = append(b.out, t...)
		b.writeEnd(name)
	}
}

// mediaPart is a source or track element, nil for others.
func (b *builder) mediaPart() []byte {
	if b.name != "source" && b.name != "track" {
		return nil
	}
	src := b.webURL(b.first("src", "data-src"))
	if src == "" {
		return nil
	}
	t := attribute([]byte("<"+b.name), "src", src)
	for _, name := range [...]string{"type", "kind", "srclang"} {
		if v := b.get(name); v != "" && len(v) <= 60 && (name == "type") == (b.name == "source") && only(v, isTypeByte) {
			t = attribute(t, name, v)
		}
	}
	return append(t, "/>"...)
}

func isTypeByte(c byte) bool { return alphanumeric(c) || strings.IndexByte("/+-.;=, ", c) >= 0 }

// frame keeps a frame that the caller allows and makes a link of every other one
// that can be seen.
func (b *builder) frame() {
	name, src := b.name, b.webURL(b.lazy("data-src", "data-lazy-src"))
	if src == "" {
		src = b.webURL(b.get("src"))
	}
	title := article.Line(article.Cut(b.get("title"), maxTitle))
	tiny, size := b.tiny(), b.dimensions(nil)
	if name == "iframe" {
		b.skip(name, true)
	}
	if src == "" || tiny {
		return
	}
	if b.frameAllowed(src) && b.content(true) {
		t := attribute([]byte("<iframe"), "src", src)
		if title != "" {
			t = attribute(t, "title", title)
		}
		t = append(t, size...)
		b.out = append(append(b.out, t...), ` sandbox="allow-scripts allow-same-origin allow-popups" loading="lazy" allowfullscreen=""></iframe>`...)
		return
	}
	if b.active("a") || !b.content(true) {
		return // in a link, which has its own address
	}
	if title == "" {
		_, title, _ = strings.Cut(src, "://")
		title, _, _ = strings.Cut(title, "?") // host and path say what it is
	}
	b.out = attribute(attribute(append(b.out, "<a"...), "href", src), "rel", rel)
	b.out = append(appendText(append(b.out, '>'), title), "</a>"...)
}

func (b *builder) frameAllowed(src string) bool {
	hostPath, ok := strings.CutPrefix(src, "https://")
	if !ok {
		return false
	}
	for _, f := range b.options.Frames {
		if f != "" && strings.HasPrefix(hostPath, f) && (strings.HasSuffix(f, "/") || len(hostPath) == len(f) || strings.IndexByte("/?#", hostPath[len(f)]) >= 0) {
			return true
		}
	}
	return false
}
