package syndication

import (
	"encoding/base64"
	"html"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// words is a piece of text as the feed has it, decoded once from XML or JSON.
type words struct {
	value  string
	isHTML bool
	plain  bool // said to be plain, so its line ends count
}

// The bounds within which text is looked at (input.md L4); normalise cuts to the
// final sizes.
const (
	maxContent = 1 << 20
	maxPlain   = 64 << 10 // of what becomes plain text
)

// construct reads a text construct: of Atom where it says its type (RFC 4287
// section 3.1, 4.1.3; Atom 0.3 with mode), of RSS where it can't.
func construct(e *element) words {
	w := words{value: e.value}
	kind := strings.ToLower(strings.TrimSpace(e.exact("type")))
	kind, _, _ = strings.Cut(kind, ";")
	if strings.EqualFold(e.exact("mode"), "base64") || kind == "application/octet-stream" {
		w.value = base64Text(w.value)
		w.isHTML = looksHTML(w.value)
	}
	switch {
	case e.html, kind == "html", kind == "text/html":
		w.isHTML = true
	case strings.Contains(kind, "xhtml"):
		w.isHTML = looksHTML(w.value) // without elements it was escaped by mistake or has none
	case kind == "text", kind == "plain", kind == "text/plain":
		w.plain = true
	case kind == "application/octet-stream":
	case strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "video/"),
		strings.HasPrefix(kind, "application/") && !strings.HasSuffix(kind, "xml"):
		w.value = "" // not text
	}
	w.value = article.Cut(w.value, maxContent)
	return w
}

// untyped reads text of RSS and its modules, where nobody says what it is: HTML
// if it looks like it.
func untyped(e *element) words {
	w := construct(e)
	if !w.isHTML && !w.plain {
		w.isHTML = looksHTML(w.value)
	}
	return w
}

// base64Text decodes text that was encoded like something binary (RFC 4287 section
// 4.1.3.3, Atom 0.3's mode); what is none comes back as it is, what is no text is
// dropped.
func base64Text(s string) string {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	switch {
	case err != nil:
		return s
	case !utf8.Valid(b):
		return ""
	}
	return strings.TrimSpace(string(b))
}

// empty reports whether there is nothing to read in it.
func (w words) empty() bool { return strings.TrimSpace(w.value) == "" }

// line is the text on one line, for titles and names.
func (w words) line() string {
	if w.isHTML {
		return article.Line(article.PlainText(article.Cut(w.value, maxPlain)))
	}
	return article.Line(article.Cut(w.value, maxPlain))
}

// text is the text with its paragraphs.
func (w words) text() string {
	if w.isHTML {
		return article.PlainText(article.Cut(w.value, 4*maxPlain))
	}
	if w.plain {
		return strings.TrimSpace(article.Clean(w.value))
	}
	return article.Line(w.value)
}

// html is the text as HTML. The line ends of what is said to be plain become
// markup, of other text only blank lines, since XML is often wrapped.
func (w words) html() string {
	if w.isHTML {
		return w.value
	}
	s := strings.TrimSpace(strings.ReplaceAll(w.value, "\r\n", "\n"))
	escaped := html.EscapeString(s)
	if !strings.Contains(escaped, "\n") {
		return escaped
	}
	var b strings.Builder
	for p := range strings.SplitSeq(escaped, "\n\n") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if w.plain {
			p = strings.ReplaceAll(p, "\n", "<br>\n")
		}
		b.WriteString("<p>" + p + "</p>\n")
	}
	return strings.TrimSpace(b.String())
}

// looksHTML reports whether text is HTML: it holds a tag of a known element, a
// comment, or a character reference. "1 < 2", "AT&T" and "<name>" don't.
func looksHTML(s string) bool {
	s = s[:min(len(s), maxPlain)]
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '&') < 0 {
		return false
	}
	last := strings.LastIndexByte(s, '>')
	for i := 0; ; {
		j := strings.IndexAny(s[i:], "<&")
		if j < 0 {
			return false
		}
		if i += j; s[i] == '&' {
			if reference(s[i:]) {
				return true
			}
		} else if i < last && looksTag(s[i+1:]) {
			return true
		}
		i++
	}
}

// reference reports whether s begins with a character reference, with its
// semicolon.
func reference(s string) bool {
	end := strings.IndexByte(s[:min(len(s), 34)], ';')
	if end < 2 {
		return false
	}
	for _, c := range []byte(s[1:end]) {
		if c != '#' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return html.UnescapeString(s[:end+1]) != s[:end+1]
}

// looksTag reports whether what follows "<" begins like the rest of a tag.
func looksTag(s string) bool {
	if strings.HasPrefix(s, "!--") {
		return true
	}
	s = strings.TrimPrefix(s, "/")
	n := 0
	for n < len(s) && n < 12 && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '1' && s[n] <= '6') {
		n++
	}
	if n == 0 || n == len(s) || !strings.ContainsRune(" \t\r\n/>", rune(s[n])) {
		return false
	}
	return inHTML(atom.Lookup([]byte(strings.ToLower(s[:n]))))
}

// inHTML reports the elements of HTML that are found in feeds.
func inHTML(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.Acronym, atom.Address, atom.Applet, atom.Article, atom.Aside, atom.Audio, atom.B, atom.Bdi, atom.Bdo,
		atom.Big, atom.Blockquote, atom.Body, atom.Br, atom.Button, atom.Caption, atom.Center, atom.Cite, atom.Code, atom.Dd,
		atom.Del, atom.Details, atom.Dfn, atom.Div, atom.Dl, atom.Dt, atom.Em, atom.Embed, atom.Figcaption, atom.Figure,
		atom.Font, atom.Footer, atom.Form, atom.Frame, atom.Frameset, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Head, atom.Header, atom.Hr,
		atom.Html, atom.I, atom.Iframe, atom.Img, atom.Input, atom.Ins, atom.Kbd, atom.Li, atom.Link, atom.Main, atom.Map, atom.Mark, atom.Marquee,
		atom.Math, atom.Meta, atom.Nav, atom.Nobr, atom.Noscript, atom.Object, atom.Ol, atom.P, atom.Picture, atom.Pre, atom.Q,
		atom.Rp, atom.Rt, atom.Ruby, atom.S, atom.Samp, atom.Script, atom.Section, atom.Small, atom.Source, atom.Span, atom.Strike, atom.Strong, atom.Style,
		atom.Sub, atom.Summary, atom.Sup, atom.Svg, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Time,
		atom.Tr, atom.Track, atom.Tt, atom.U, atom.Ul, atom.Var, atom.Video, atom.Wbr:
		return true
	}
	return false
}
