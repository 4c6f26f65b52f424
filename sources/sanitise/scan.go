package sanitise

import (
	"html"
	"strings"

	"wireroom/article"
)

type tokenKind uint8

const (
	textToken tokenKind = iota
	startToken
	endToken
)

// maxAttributes is how many attributes of one tag are read; the rest is skipped.
const maxAttributes = 64

// attr is an attribute as it stands in the source.
type attr struct {
	name  string // lower case
	value string // with its character references
}

// scanner cuts HTML into tags and text, by the rules of the HTML standard's
// tokenizer (section 13.2.5). Comments, declarations and processing instructions
// are passed over. All strings are parts of the source.
type scanner struct {
	s    string
	pos  int
	none map[string]bool // elements that have no end tag from pos on
	data bool            // in a CDATA section

	kind   tokenKind
	name   string // of a tag, lower case
	value  string // of text, with its character references
	closed bool   // the start tag ends in "/>"
	attrs  []attr
}

// next reads the next token; false at the end.
func (z *scanner) next() bool {
	for z.pos < len(z.s) {
		if z.s[z.pos] != '<' || !z.markup() {
			z.readText()
			return true
		}
		if z.pos+1 < len(z.s) && (z.s[z.pos+1] == '!' || z.s[z.pos+1] == '?' || z.s[z.pos+1] == '/' && !z.letterAt(z.pos+2)) {
			z.skipDeclaration()
			continue
		}
		return z.readTag()
	}
	return false
}

// markup reports whether the "<" at pos begins something other than text.
func (z *scanner) markup() bool {
	if z.letterAt(z.pos + 1) {
		return true
	}
	return z.pos+1 < len(z.s) && (z.s[z.pos+1] == '!' || z.s[z.pos+1] == '?' || z.s[z.pos+1] == '/' && z.pos+2 < len(z.s))
}

func (z *scanner) letterAt(i int) bool {
	return i < len(z.s) && z.s[i]|0x20 >= 'a' && z.s[i]|0x20 <= 'z'
}

func (z *scanner) readText() {
	start := z.pos
	for {
		i := strings.IndexByte(z.s[z.pos+1:], '<')
		if i < 0 {
			z.pos = len(z.s)
			break
		}
		z.pos += 1 + i
		if z.markup() {
			break
		}
	}
	z.kind, z.value = textToken, z.s[start:z.pos]
	if z.data {
		if i := strings.Index(z.value, "]]>"); i >= 0 {
			z.value, z.pos, z.data = z.value[:i], start+i+len("]]>"), false
		}
	}
}

// skipDeclaration passes over <!…>, <?…> and </…> that is no end tag. The
// markers of a CDATA section are passed over alone: what is in it was meant to be
// read.
func (z *scanner) skipDeclaration() {
	rest := z.s[z.pos:]
	var end int
	switch {
	case strings.HasPrefix(rest, "<!-->"):
		end = 5
	case strings.HasPrefix(rest, "<!--->"):
		end = 6
	case strings.HasPrefix(rest, "<!--"):
		end = commentEnd(rest)
	case strings.HasPrefix(rest, "<![CDATA["):
		end = len("<![CDATA[")
		z.data = true
	default:
		if end = strings.IndexByte(rest, '>') + 1; end == 0 {
			end = len(rest)
		}
	}
	z.pos += end
}

// commentEnd is the length of the comment that begins s: to "-->" or "--!>".
func commentEnd(s string) int {
	for i := 4; ; {
		j := strings.Index(s[i:], "--")
		if j < 0 {
			return len(s)
		}
		i += j + 2
		if strings.HasPrefix(s[i:], ">") {
			return i + 1
		}
		if strings.HasPrefix(s[i:], "!>") {
			return i + 2
		}
		i-- // "--->" ends as well
	}
}

// readTag reads a start or end tag; false if the source ends within it, which
// makes it nothing.
func (z *scanner) readTag() bool {
	i := z.pos + 1
	z.kind = startToken
	if z.s[i] == '/' {
		z.kind = endToken
		i++
	}
	start := i
	for i < len(z.s) && !space(z.s[i]) && z.s[i] != '/' && z.s[i] != '>' {
		i++
	}
	z.name = lower(z.s[start:i])
	z.attrs, z.closed = z.attrs[:0], false
	for {
		for i < len(z.s) && (space(z.s[i]) || z.s[i] == '/') {
			i++
		}
		if i == len(z.s) {
			z.pos = i
			return false
		}
		if z.s[i] == '>' {
			z.closed = z.s[i-1] == '/'
			z.pos = i + 1
			return true
		}
		i = z.readAttribute(i)
	}
}

func (z *scanner) readAttribute(i int) int {
	start := i
	i++ // a "=" may begin a name
	for i < len(z.s) && !space(z.s[i]) && z.s[i] != '/' && z.s[i] != '>' && z.s[i] != '=' {
		i++
	}
	a := attr{name: z.s[start:i]}
	j := i
	for j < len(z.s) && space(z.s[j]) {
		j++
	}
	if j < len(z.s) && z.s[j] == '=' {
		i = j + 1
		for i < len(z.s) && space(z.s[i]) {
			i++
		}
		a.value, i = z.readValue(i)
	}
	if len(z.attrs) < maxAttributes {
		a.name = lower(a.name)
		z.attrs = append(z.attrs, a)
	}
	return i
}

func (z *scanner) readValue(i int) (string, int) {
	if i == len(z.s) {
		return "", i
	}
	start := i
	if q := z.s[i]; q == '"' || q == '\'' {
		end := strings.IndexByte(z.s[i+1:], q)
		if end < 0 {
			return "", len(z.s)
		}
		return z.s[i+1 : i+1+end], i + 2 + end
	}
	for i < len(z.s) && !space(z.s[i]) && z.s[i] != '>' {
		i++
	}
	return z.s[start:i], i
}

// attr returns the decoded, clean value of an attribute of the current tag; of
// two with one name the first counts.
func (z *scanner) attr(name string) (string, bool) {
	for i := range z.attrs {
		if z.attrs[i].name == name {
			return decodeValue(z.attrs[i].value), true
		}
	}
	return "", false
}

// get is attr without the difference between an empty and a missing attribute.
func (z *scanner) get(name string) string {
	v, _ := z.attr(name)
	return v
}

// decodeValue decodes the character references of an attribute. A name without a
// semicolon counts only as the standard has it for attributes, so that the query
// "?a=1&copy=2" keeps its parameter.
func decodeValue(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i >= 0 {
		b.WriteString(s[:i])
		s = s[i:]
		n := 1
		for n < len(s) && (alphanumeric(s[n]) || n == 1 && s[n] == '#') {
			n++
		}
		semicolon := n < len(s) && s[n] == ';'
		if semicolon {
			n++
		}
		ref := s[:n]
		if semicolon || n > 1 && s[1] == '#' || (n == len(s) || s[n] != '=') && basicReference(ref) {
			ref = html.UnescapeString(ref)
		}
		b.WriteString(ref)
		s = s[n:]
		i = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return article.Clean(b.String())
}

func basicReference(ref string) bool {
	switch ref {
	case "&amp", "&lt", "&gt", "&quot", "&nbsp", "&AMP", "&LT", "&GT", "&QUOT":
		return true
	}
	return false
}

// skip passes over everything up to and with the end tag of the element; without
// an end tag it passes over all the rest if toEnd is set, else nothing.
func (z *scanner) skip(name string, toEnd bool) (skipped string) {
	end := z.findEnd(name)
	if end < 0 {
		if !toEnd {
			return ""
		}
		end = len(z.s)
	}
	skipped = z.s[z.pos:end]
	z.pos = end
	if end < len(z.s) {
		if i := strings.IndexByte(z.s[end:], '>'); i >= 0 {
			z.pos += i + 1
		} else {
			z.pos = len(z.s)
		}
	}
	return skipped
}

// findEnd is where the next end tag of that name begins, or -1. That there is
// none is remembered, so that the search is linear over the whole source.
func (z *scanner) findEnd(name string) int {
	if z.none[name] {
		return -1
	}
	for i := z.pos; ; {
		j := strings.Index(z.s[i:], "</")
		if j < 0 {
			break
		}
		i += j + 2
		if after := i + len(name); after <= len(z.s) && strings.EqualFold(z.s[i:after], name) &&
			(after == len(z.s) || space(z.s[after]) || z.s[after] == '/' || z.s[after] == '>') {
			return i - 2
		}
	}
	if z.none == nil {
		z.none = map[string]bool{}
	}
	z.none[name] = true
	return -1
}

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r' }

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// lower is strings.ToLower for ASCII, as the standard has it for names.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}
