package sanitise

import (
	"html"
	"strings"

	"wireroom/article"
)

const (
	maxFormula   = 32 << 10 // bytes
	maxMathDepth = 64
)

// mathElements are the presentation elements of MathML Core that hold a formula;
// true for those that hold its text. Whatever could bring other markup into a
// formula (annotations, glyphs, actions) is not among them.
var mathElements = map[string]bool{
	"math": false, "mrow": false, "mfrac": false, "msqrt": false, "mroot": false, "mstyle": false, "merror": false, "mpadded": false, "mphantom": false,
	"mfenced": false, "menclose": false, "msub": false, "msup": false, "msubsup": false, "munder": false, "mover": false, "munderover": false,
	"mmultiscripts": false, "mprescripts": false, "none": false, "mtable": false, "mtr": false, "mtd": false, "mspace": false, "semantics": false,
	"mi": true, "mn": true, "mo": true, "ms": true, "mtext": true,
}

// mathAttributes have short values of letters, digits and a few marks.
var mathAttributes = map[string]bool{
	"display": true, "displaystyle": true, "mathvariant": true, "open": true, "close": true, "separators": true, "stretchy": true, "accent": true,
	"accentunder": true, "columnalign": true, "rowalign": true, "linethickness": true, "lspace": true, "rspace": true, "width": true, "height": true,
	"depth": true, "fence": true, "form": true, "notation": true, "scriptlevel": true, "columnspan": true, "rowspan": true, "largeop": true, "movablelimits": true,
}

// formula writes a MathML formula up to its end tag. Elements that are not of
// MathML don't belong into one: they go, their text stays only in elements that
// hold text. A formula that doesn't end is dropped as a tag, not as a text.
func (b *builder) formula() {
	end := b.findEnd("math")
	if end < 0 || b.closed {
		return
	}
	f, stack, text := b.mathStart(nil), []string{"math"}, false
	for b.pos < end && b.next() && len(f) < maxFormula && len(stack) < maxMathDepth {
		holdsText := mathElements[stack[len(stack)-1]]
		switch b.kind {
		case textToken:
			if holdsText && b.pos <= end {
				s := article.Clean(html.UnescapeString(b.value))
				text = text || !blank(s)
				f = appendText(f, fit(s, maxFormula))
			}
		case startToken:
			if _, known := mathElements[b.name]; !known || holdsText || b.name == "math" {
				if c := elements[b.name].class; c == raw || c == drop || strings.HasPrefix(b.name, "annotation") {
					b.skip(b.name, false)
				}
				continue
			}
			f = b.mathStart(f)
			if b.closed {
				f = appendEnd(f, b.name)
			} else {
				stack = append(stack, b.name)
			}
		case endToken:
			f, stack = b.mathEnd(f, stack)
		}
	}
	for i := len(stack) - 1; i >= 0; i-- {
		f = appendEnd(f, stack[i])
	}
	if b.pos <= end {
		b.pos = end
		b.skip("math", false)
	}
	if text && b.content(true) {
		b.out = append(b.out, f...)
	}
}

// mathEnd ends the innermost open element of the current name.
func (b *builder) mathEnd(f []byte, stack []string) ([]byte, []string) {
	for i := len(stack) - 1; i > 0; i-- {
		if stack[i] != b.name {
			continue
		}
		for n := len(stack) - 1; n >= i; n-- {
			f = appendEnd(f, stack[n])
		}
		return f, stack[:i]
	}
	return f, stack
}

func (b *builder) mathStart(f []byte) []byte {
	f = append(append(f, '<'), b.name...)
	for i := range b.attrs {
		name := b.attrs[i].name
		if !mathAttributes[name] || b.repeats(i) {
			continue
		}
		if v := decodeValue(b.attrs[i].value); v != "" && len(v) <= 40 && only(v, isMathByte) {
			f = attribute(f, name, v)
		}
	}
	return append(f, '>')
}

// repeats reports whether attribute i has the name of an earlier one.
func (b *builder) repeats(i int) bool {
	for j := range b.attrs[:i] {
		if b.attrs[j].name == b.attrs[i].name {
			return true
		}
	}
	return false
}

func isMathByte(c byte) bool { return alphanumeric(c) || strings.IndexByte(" .,+-%()[]{}|;:#", c) >= 0 }
