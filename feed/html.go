package feed

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// rewriter turns sanitised HTML into what every reader shows and no validator
// minds: balanced, elements and attributes of a short list only, every address
// absolute. It is not the sanitiser, which ran long before; it makes sure.
//
// Films, sounds and frames become links: most readers strip them, and feed
// validators report them.
type rewriter struct {
	base string     // of relative references; empty: they are dropped
	skip *html.Node // the body's own copy of the lead picture
	out  []byte
	link bool // within <a>
}

// parseHTML parses a fragment as the content of a body.
func parseHTML(src string) ([]*html.Node, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	return html.ParseFragmentWithOptions(strings.NewReader(src), body, html.ParseOptionEnableScripting(false))
}

// treatment says what becomes of an element.
type treatment int

const (
	unwrap treatment = iota // its content stays
	keep                    // it stays
	drop                    // it goes, with its content
	embed                   // a link to its source stays
)

// treat is the table of elements. Unwrapping must not put a block where only
// inline content may stand, so elements that shield their content from the
// parser's rules (object, button, …) are never unwrapped.
func treat(a atom.Atom) treatment {
	switch a {
	case atom.A, atom.Abbr, atom.Address, atom.Article, atom.Aside, atom.B, atom.Bdi, atom.Blockquote, atom.Br,
		atom.Caption, atom.Cite, atom.Code, atom.Col, atom.Colgroup, atom.Dd, atom.Del, atom.Details, atom.Dfn,
		atom.Div, atom.Dl, atom.Dt, atom.Em, atom.Figcaption, atom.Figure, atom.Footer, atom.H1, atom.H2, atom.H3,
		atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.I, atom.Img, atom.Ins, atom.Kbd, atom.Li, atom.Mark,
		atom.Ol, atom.P, atom.Picture, atom.Pre, atom.Q, atom.Rp, atom.Rt, atom.Ruby, atom.S, atom.Samp,
		atom.Section, atom.Small, atom.Source, atom.Span, atom.Strong, atom.Sub, atom.Summary, atom.Sup, atom.Table,
		atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Time, atom.Tr, atom.U, atom.Ul, atom.Var, atom.Wbr:
		return keep
	case atom.Iframe, atom.Video, atom.Audio, atom.Embed, atom.Object:
		return embed
	case atom.Script, atom.Style, atom.Template, atom.Noframes, atom.Noembed, atom.Frameset, atom.Frame, atom.Head, atom.Title, atom.Meta,
		atom.Link, atom.Base, atom.Applet, atom.Button, atom.Input, atom.Select, atom.Option, atom.Optgroup,
		atom.Textarea, atom.Marquee, atom.Svg, atom.Math, atom.Canvas, atom.Track, atom.Param, atom.Area, atom.Map,
		atom.Plaintext, atom.Xmp, atom.Listing, atom.Keygen, atom.Isindex:
		return drop
	}
	return unwrap
}

// void elements have no content and no end tag.
func void(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Col, atom.Hr, atom.Img, atom.Source, atom.Wbr:
		return true
	}
	return false
}

// hollow reports elements that may stand without content; any other that ends
// up without is left out.
func hollow(a atom.Atom) bool { return a == atom.Td || a == atom.Th }

func (w *rewriter) nodes(list []*html.Node) {
	for _, n := range list {
		w.node(n)
	}
}

func (w *rewriter) node(n *html.Node) {
	switch {
	case n == w.skip:
	case n.Type == html.TextNode:
		w.out = appendText(w.out, clean(n.Data))
	case n.Type != html.ElementNode:
	case n.Namespace != "": // SVG and MathML
	default:
		switch t := treat(n.DataAtom); {
		case t == keep && (n.DataAtom != atom.A || !w.link):
			w.element(n)
		case t == keep || t == unwrap:
			w.children(n)
		case t == embed:
			w.embedded(n)
		}
	}
}

func (w *rewriter) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// element writes an element that stays, unless nothing is left of it.
func (w *rewriter) element(n *html.Node) {
	start := len(w.out)
	w.out = append(append(w.out, '<'), n.Data...)
	if !w.attributes(n) { // without its address it is nothing but its content
		w.out = w.out[:start]
		w.children(n)
		return
	}
	w.out = append(w.out, '>')
	if void(n.DataAtom) {
		return
	}
	inside := len(w.out)
	outer := w.link
	w.link = outer || n.DataAtom == atom.A
	if n.DataAtom == atom.Pre && n.FirstChild != nil && strings.HasPrefix(n.FirstChild.Data, "\n") {
		w.out = append(w.out, '\n') // the parser takes the first one away
	}
	w.children(n)
	w.link = outer
	if !hollow(n.DataAtom) && blank(w.out[inside:]) {
		w.out = w.out[:start]
		return
	}
	w.out = append(append(append(w.out, "</"...), n.Data...), '>')
}

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// attributes writes the attributes that stay and reports whether the element
// has those it needs.
func (w *rewriter) attributes(n *html.Node) bool {
	a := n.DataAtom
	need := a == atom.A || a == atom.Img || a == atom.Source
	for _, at := range n.Attr {
		if at.Namespace != "" {
			continue
		}
		val, ok := at.Val, false
		switch at.Key {
		case "href":
			val = resolve(w.base, val)
			ok = a == atom.A && val != ""
			need = need && !ok
		case "src":
			val = resolve(w.base, val)
			ok = a == atom.Img && val != ""
			need = need && !ok
		case "srcset":
			val = w.srcset(val)
			ok = (a == atom.Img || a == atom.Source) && val != ""
			need = need && !(ok && a == atom.Source)
		case "cite":
			val = resolve(w.base, val)
			ok = val != "" && (a == atom.Blockquote || a == atom.Q || a == atom.Del || a == atom.Ins)
		default:
			val, ok = plainAttribute(a, at.Key, val)
		}
		if ok {
			w.attribute(at.Key, val)
		}
	}
	return !need
}

func (w *rewriter) attribute(key, val string) {
	w.out = append(append(append(w.out, ' '), key...), `="`...)
	w.out = append(appendText(w.out, val), '"')
}

// plainAttribute says what becomes of an attribute that holds no address.
func plainAttribute(a atom.Atom, key, val string) (string, bool) {
	switch key {
	case "alt":
		return clean(val), a == atom.Img
	case "title":
		val = clean(val)
		return val, val != ""
	case "lang":
		val = languageTag(val)
		return val, val != ""
	case "dir":
		val = strings.ToLower(val)
		return val, val == "ltr" || val == "rtl" || val == "auto"
	case "width", "height":
		return val, (a == atom.Img || a == atom.Source) && isNumber(val) && val != "0"
	case "colspan", "rowspan":
		return val, (a == atom.Td || a == atom.Th) && isNumber(val)
	case "scope":
		return val, a == atom.Th && (val == "col" || val == "row" || val == "colgroup" || val == "rowgroup")
	case "span":
		return val, (a == atom.Col || a == atom.Colgroup) && isNumber(val) && val != "0"
	case "start":
		return val, a == atom.Ol && isNumber(strings.TrimPrefix(val, "-"))
	case "value":
		return val, a == atom.Li && isNumber(strings.TrimPrefix(val, "-"))
	case "type":
		return val, a == atom.Ol && len(val) == 1 && strings.Contains("1aAiI", val) || a == atom.Source && isMediaType(val)
	case "reversed":
		return "", a == atom.Ol
	case "datetime":
		val = clean(val)
		return val, (a == atom.Time || a == atom.Del || a == atom.Ins) && val != ""
	case "sizes", "media":
		val = clean(val)
		return val, (a == atom.Source || a == atom.Img && key == "sizes") && val != ""
	}
	return "", false
}

func isNumber(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) < 6
}

// srcset keeps the candidates whose address is good (HTML, section 4.8.4.2.1).
func (w *rewriter) srcset(s string) string {
	var kept []string
	for {
		s = strings.TrimLeft(s, " \t\n\r\f,")
		if s == "" {
			return strings.Join(kept, ", ")
		}
		end := strings.IndexAny(s, " \t\n\r\f")
		if end < 0 {
			end = len(s)
		}
		ref, descriptor := s[:end], ""
		s = s[end:]
		if trimmed := strings.TrimRight(ref, ","); trimmed != ref {
			ref = trimmed
		} else {
			descriptor, s, _ = strings.Cut(s, ",")
			descriptor = strings.TrimSpace(clean(descriptor))
		}
		u := resolve(w.base, ref)
		if u == "" || strings.ContainsAny(descriptor, " ()") {
			continue
		}
		u = strings.TrimRight(u, ",")
		if descriptor != "" {
			u += " " + descriptor
		}
		kept = append(kept, u)
	}
}

// embedded writes the link that stands for a film, a sound or a frame.
func (w *rewriter) embedded(n *html.Node) {
	if w.link {
		return
	}
	u, poster, title := "", "", ""
	for _, at := range n.Attr {
		switch at.Key {
		case "src", "data":
			u = resolve(w.base, at.Val)
		case "poster":
			poster = resolve(w.base, at.Val)
		case "title":
			title = line(at.Val)
		}
	}
	for c := n.FirstChild; c != nil && u == ""; c = c.NextSibling {
		if c.DataAtom == atom.Source {
			for _, at := range c.Attr {
				if at.Key == "src" {
					u = resolve(w.base, at.Val)
				}
			}
		}
	}
	if u == "" {
		return
	}
	if title == "" {
		title = hostOf(u)
	}
	w.out = append(w.out, "<a"...)
	w.attribute("href", u)
	w.out = append(w.out, '>')
	if poster != "" {
		w.out = append(w.out, "<img"...)
		w.attribute("src", poster)
		w.attribute("alt", title)
		w.out = append(w.out, '>')
	} else {
		w.out = appendText(append(w.out, "▶ "...), title)
	}
	w.out = append(w.out, "</a>"...)
}

// appendText escapes s for HTML, as text and as an attribute's value. With ">"
// escaped too, no "]]>" can come about that would end a CDATA section.
func appendText(out []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		var esc string
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			esc = "&quot;"
		default:
			continue
		}
		out = append(append(out, s[from:i]...), esc...)
		from = i + 1
	}
	return append(out, s[from:]...)
}
