package webpage

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a page may cost. The parser refuses more than 512 open elements, and
// reopens unclosed formatting elements in every following paragraph, so that a
// small page can make a tree of any size; a page beyond these limits is made
// harmless before it is parsed.
const (
	maxTags   = 100_000
	maxDepth  = 300
	maxReopen = 100_000 // formatting elements reopened at borders of blocks
	maxTagLen = 1 << 20
	maxAttrs  = 400 // in one tag
)

// ErrUnreadable says that a page could not be parsed within the limits.
var ErrUnreadable = errors.New("page cannot be parsed within the limits")

// parse builds the tree of a page. It reports whether the page had to be cut.
func parse(page []byte) (doc *html.Node, tags int, tamed bool, err error) {
	tags, wild := survey(page)
	if wild {
		page, tags, tamed = tame(page, maxDepth), min(tags, maxTags), true
	}
	doc, err = html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		// Something opened elements that the survey did not count.
		doc, err = html.ParseWithOptions(bytes.NewReader(tame(page, 20)), html.ParseOptionEnableScripting(false))
		tamed = true
	}
	if err != nil {
		return nil, 0, true, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return doc, tags, tamed, nil
}

// survey counts the tags of a page and reports whether it is beyond a limit. It
// reads tags as the tokenizer does, only faster and without a tree.
func survey(page []byte) (tags int, wild bool) {
	var depth, formats, reopened int
	for i := 0; ; {
		k := bytes.IndexByte(page[i:], '<')
		if k < 0 || i+k+1 >= len(page) {
			return tags, tags > maxTags
		}
		i += k + 1
		closing := page[i] == '/'
		if closing {
			i++
		}
		if i >= len(page) || !isLetter(page[i]) {
			continue
		}
		a, size, attrs, empty := scanTag(page[i:])
		if size > maxTagLen || attrs > maxAttrs {
			return tags, true
		}
		i += size
		tags++
		switch {
		case empty:
		case formatting[a]:
			if !closing {
				formats++
			} else if formats > 0 {
				formats--
			}
		case optionalEnd[a] || void[a]:
			reopened += formats
		case rawText[a] && !closing:
			i += rawEnd(page[i:], a.String())
		case closing:
			depth = max(depth-1, 0)
			reopened += formats
		default:
			depth++
			reopened += formats
		}
		if depth+formats > maxDepth || reopened > maxReopen || tags > maxTags {
			return tags, true
		}
	}
}

// scanTag reads a tag from its name on: what it is, how many bytes it takes,
// about how many attributes it has, and whether it closes itself.
func scanTag(b []byte) (name atom.Atom, size, attrs int, empty bool) {
	var low [24]byte
	n, i := 0, 0
	for ; i < len(b) && b[i] != '>' && b[i] != '/' && b[i] > ' '; i++ {
		if n < len(low) {
			low[n] = b[i]
			if b[i] >= 'A' && b[i] <= 'Z' {
				low[n] += 'a' - 'A'
			}
			n++
		}
	}
	name = atom.Lookup(low[:n])
	var quote byte
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return name, i + 1, attrs, b[i-1] == '/'
		case (c == '"' || c == '\'') && b[i-1] == '=':
			quote = c
		case (c <= ' ' || c == '/') && b[i-1] > ' ':
			attrs++
		}
	}
	return name, len(b), attrs, false
}

// rawEnd finds the end tag of an element whose content is no markup.
func rawEnd(b []byte, name string) int {
	for i := 0; ; {
		k := bytes.Index(b[i:], []byte("</"))
		if k < 0 {
			return len(b)
		}
		i += k
		if len(b) >= i+2+len(name) && strings.EqualFold(string(b[i+2:i+2+len(name)]), name) {
			return i
		}
		i += 2
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// tamer writes a page anew.
type tamer struct {
	z       *html.Tokenizer
	out     bytes.Buffer
	open    []string // elements that need an end tag
	formats []string
	depth   int
}

// tame writes a page anew with at most depth open elements, the attributes that
// matter, no formatting carried over the border of a block, and no more than
// maxTags tags.
func tame(page []byte, depth int) []byte {
	w := tamer{z: html.NewTokenizer(bytes.NewReader(page)), depth: depth}
	w.z.SetMaxBuf(maxTagLen)
	for tags := 0; tags < maxTags; {
		switch w.z.Next() {
		case html.ErrorToken:
			return w.out.Bytes()
		case html.TextToken:
			w.out.Write(w.z.Raw())
		case html.StartTagToken:
			tags++
			w.start()
		case html.SelfClosingTagToken:
			tags++
			if name, more := w.z.TagName(); void[atom.Lookup(name)] {
				w.tag(string(name), more)
			}
		case html.EndTagToken:
			tags++
			name, _ := w.z.TagName()
			w.end(string(name))
		}
	}
	return w.out.Bytes()
}

func (w *tamer) start() {
	name, more := w.z.TagName()
	tag, a := string(name), atom.Lookup(name)
	switch {
	case len(tag) > 40:
		return
	case formatting[a]:
		if len(w.formats) >= 8 {
			return
		}
		w.formats = append(w.formats, tag)
	case !void[a]:
		w.closeFormats()
		if n := len(w.open); n > 0 && (w.open[n-1] == "p" || optionalEnd[a] && w.open[n-1] == tag) {
			w.end(w.open[n-1])
		}
		if len(w.open) >= w.depth {
			return
		}
		w.open = append(w.open, tag)
	}
	w.tag(tag, more)
}

func (w *tamer) end(tag string) {
	if formatting[atom.Lookup([]byte(tag))] {
		if i := slices.Index(w.formats, tag); i >= 0 {
			w.out.WriteString("</" + tag + ">")
			w.formats = slices.Delete(w.formats, i, i+1)
		}
		return
	}
	w.closeFormats()
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i] != tag {
			continue
		}
		for k := len(w.open) - 1; k >= i; k-- {
			w.out.WriteString("</" + w.open[k] + ">")
		}
		w.open = w.open[:i]
		return
	}
}

func (w *tamer) closeFormats() {
	for _, f := range slices.Backward(w.formats) {
		w.out.WriteString("</" + f + ">")
	}
	w.formats = w.formats[:0]
}

func (w *tamer) tag(name string, more bool) {
	w.out.WriteString("<" + name)
	for n := 0; more && n < 40; n++ {
		var key, val []byte
		key, val, more = w.z.TagAttr()
		if len(key) > 40 || len(val) > 8<<10 {
			continue
		}
		w.out.WriteString(" " + string(key) + `="`)
		w.out.WriteString(html.EscapeString(string(val)))
		w.out.WriteByte('"')
	}
	w.out.WriteByte('>')
}

// formatting elements are reopened by the parser where they were not closed.
var formatting = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Big: true, atom.Code: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Nobr: true,
	atom.S: true, atom.Small: true, atom.Strike: true, atom.Strong: true, atom.Tt: true, atom.U: true,
}

// optionalEnd elements need no end tag: another one of their kind closes them.
var optionalEnd = map[atom.Atom]bool{
	atom.P: true, atom.Li: true, atom.Dt: true, atom.Dd: true, atom.Tr: true, atom.Td: true, atom.Th: true, atom.Option: true,
	atom.Optgroup: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Rp: true, atom.Rt: true, atom.Colgroup: true,
	atom.Html: true, atom.Head: true, atom.Body: true,
}

var void = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true, atom.Input: true,
	atom.Link: true, atom.Meta: true, atom.Param: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

// rawText elements hold text in which tags are no tags.
var rawText = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Textarea: true, atom.Title: true, atom.Xmp: true, atom.Iframe: true, atom.Noembed: true, atom.Noframes: true,
}
