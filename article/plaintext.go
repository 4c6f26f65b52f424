package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PlainText returns the text of an HTML fragment: tags dropped, entities
// decoded once, scripts and styles left out, white space folded as a browser
// folds it. Blocks and line breaks end in one newline; a table's cells are kept
// apart by a space. It reads tokens and builds no tree, so its cost is linear
// whatever the nesting.
func PlainText(fragment string) string {
	if strings.IndexByte(fragment, '<') < 0 {
		if strings.IndexByte(fragment, '&') >= 0 {
			fragment = html.UnescapeString(fragment)
		}
		return Line(fragment)
	}
	var p plainText
	p.b.Grow(len(fragment))
	if !p.plain(fragment) {
		p = plainText{}
		p.b.Grow(len(fragment))
		p.tokens(fragment)
	}
	text := p.b.String()
	for text != "" && (text[len(text)-1] == ' ' || text[len(text)-1] == '\n') {
		text = text[:len(text)-1]
	}
	if p.odd {
		text = Clean(text)
	}
	return text
}

// Plain is a fragment of HTML with its PlainText, kept by who made the one of the other,
// so that others need not find out again.
type Plain struct{ html, text string }

// PlainOf makes the text.
func PlainOf(fragment string) Plain { return Plain{fragment, PlainText(fragment)} }

// Text is that of the fragment.
func (p Plain) Text() string { return p.text }

// Is reports whether p knows text to be what PlainText makes of a fragment. That costs
// nothing where both are the very strings that p was made with.
func (p Plain) Is(fragment, text string) bool {
	return p.html != "" && p.html == fragment && p.text == text
}

// IsPlainText reports whether text is what PlainText makes of a fragment. Where it is,
// nothing is built to find out.
func IsPlainText(fragment, text string) bool {
	if strings.IndexByte(fragment, '<') >= 0 {
		p := plainText{against: true, rest: text}
		if p.plain(fragment) && !p.differs && p.rest == "" && (!p.odd || firstUnclean(text) < 0) {
			return true
		}
	}
	return PlainText(fragment) == text
}

// tokens reads a fragment as a browser does.
func (p *plainText) tokens(fragment string) {
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if !p.hidden {
				p.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(tagAtom(z.Raw()[1:]))
		case html.EndTagToken:
			p.end(tagAtom(z.Raw()[2:]))
		}
	}
}

// plain reads a fragment that is written as our own sanitiser writes: tags with
// quoted attributes, no comment, no element of raw text. It makes of it what tokens
// makes, in a fifth of the time, and reports false where there is anything else.
func (p *plainText) plain(s string) bool {
	if strings.IndexByte(s, '\r') >= 0 || strings.IndexByte(s, 0) >= 0 {
		return false
	}
	references := strings.IndexByte(s, '&') >= 0
	for !p.differs {
		i := strings.IndexByte(s, '<')
		text := s
		if i >= 0 {
			text = s[:i]
		}
		if references && strings.IndexByte(text, '&') >= 0 {
			text = html.UnescapeString(text)
		}
		p.text(text)
		if i < 0 {
			return true
		}
		s = s[i+1:]
		end := strings.HasPrefix(s, "/")
		if end {
			s = s[1:]
		}
		n := tagEnd(s)
		if n == 0 {
			return false
		}
		a := tagAtom(s[:n])
		switch {
		case unseen(a) || a == atom.Title || a == atom.Textarea || a == atom.Xmp || a == atom.Plaintext:
			return false
		case end:
			p.end(a)
		default:
			p.start(a)
		}
		s = s[n:]
	}
	return true
}

// tagEnd is the length of the tag that s goes on with after "<" or "</", with its
// ">"; 0 if it is not as plain reads it.
func tagEnd(s string) int {
	i := 0
	for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || i > 0 && s[i] >= '0' && s[i] <= '9') {
		i++
	}
	if i == 0 {
		return 0
	}
	for i < len(s) {
		switch c := s[i]; {
		case c == '>':
			return i + 1
		case c == '/' && strings.HasPrefix(s[i:], "/>"):
			return i + 2
		case c != ' ':
			return 0
		}
		if i++; i < len(s) && (s[i] == '>' || s[i] == '/') {
			continue
		}
		from := i
		for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] == '-') {
			i++
		}
		if i == from || !strings.HasPrefix(s[i:], `="`) {
			return 0
		}
		n := strings.IndexByte(s[i+2:], '"')
		if n < 0 {
			return 0
		}
		i += n + 3
	}
	return 0
}

// tagAtom looks up the name that begins a tag; unlike Tokenizer.TagName it copies
// nothing.
func tagAtom[T string | []byte](tag T) atom.Atom {
	var name [16]byte // longer than the names that matter
	for i := range len(tag) {
		c := tag[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c <= ' ' || c == '/' || c == '>' || i == len(name) {
			return atom.Lookup(name[:i])
		}
		name[i] = c
	}
	return 0
}

// plainText is the text written so far. gap and line are the white space owed
// before the next character.
type plainText struct {
	b         strings.Builder
	began     bool
	gap, line bool
	hidden    bool // within an element whose content is no text
	pre       int
	odd       bool // there is more than printable ASCII in it

	against bool   // nothing is written, but held against a text
	rest    string // of that text
	differs bool
}

// write writes what comes next.
func (p *plainText) write(s string) {
	if !p.against {
		p.b.WriteString(s)
	} else if p.differs = p.differs || !strings.HasPrefix(p.rest, s); !p.differs {
		p.rest = p.rest[len(s):]
	}
}

func (p *plainText) start(a atom.Atom) {
	p.hidden = unseen(a)
	switch {
	case a == atom.Pre || a == atom.Listing:
		p.pre++
		p.line = true
	case a == atom.Td || a == atom.Th:
		p.gap = true
	case a == atom.Br || block(a):
		p.line = true
	}
}

func (p *plainText) end(a atom.Atom) {
	p.hidden = false
	switch {
	case a == atom.Pre || a == atom.Listing:
		p.pre = max(0, p.pre-1)
		p.line = true
	case a == atom.Td || a == atom.Th:
		p.gap = true
	case block(a):
		p.line = true
	}
}

func (p *plainText) text(t string) {
	for i := 0; i < len(t); {
		c := t[i]
		if c == ' ' || c >= '\t' && c <= '\r' {
			p.gap = true
			p.line = p.line || c == '\n' && p.pre > 0
			i++
			continue
		}
		j := i
		for { // words with one space between them stay as they are
			n, ascii := oneSpaced(t[j:])
			p.odd = p.odd || !ascii
			if j += n; j == len(t) || t[j] == ' ' || t[j] >= '\t' && t[j] <= '\r' {
				break
			}
			p.odd = true // a control character
			j++
		}
		switch {
		case !p.began:
		case p.line:
			p.write("\n")
		case p.gap:
			p.write(" ")
		}
		p.began, p.gap, p.line = true, false, false
		p.write(t[i:j])
		i = j
	}
}

// unseen reports elements whose content the tokenizer hands out as one raw text
// that no reader sees.
func unseen(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes:
		return true
	}
	return false
}

// block reports whether an element begins and ends a line.
func block(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Nav, atom.Main,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Hgroup, atom.Hr, atom.Blockquote, atom.Address,
		atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Dir, atom.Menu,
		atom.Table, atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr,
		atom.Figure, atom.Figcaption, atom.Details, atom.Summary, atom.Dialog, atom.Fieldset, atom.Legend,
		atom.Form, atom.Center, atom.Option, atom.Body, atom.Html, atom.Title, atom.Textarea, atom.Xmp:
		return true
	}
	return false
}
