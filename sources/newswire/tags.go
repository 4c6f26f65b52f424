package newswire

import (
	"html"
	"strings"
)

// kind is what an element is in a body.
type kind uint8

const (
	container kind = iota
	skip
	heading
	paragraph
	quote
	list
	table
	pre
	picture
	embed
)

// kindOf knows the elements of XHTML, of NITF's body and of the national
// dialects (TT's, NTB's).
func kindOf(n *node) kind {
	switch n.name {
	case "script", "style", "head", "title", "template", "noscript", "form", "input", "select", "button", "textarea", "iframe-placeholder", "body.head", "body.end", "hr", "meta", "link", "svg", "math", "object", "media-metadata":
		return skip
	case "h1", "h2", "h3", "h4", "h5", "h6", "hl2", "mellis", "mellomtittel", "mellemrubrik", "mellanrubrik", "subheadline", "subhead":
		return heading
	case "p", "para", "dt", "dd", "figcaption", "address", "center", "note", "byline", "dateline", "fn", "ingress":
		return paragraph
	case "blockquote", "bq", "citat":
		return quote
	case "ul", "ol", "dir", "menu":
		return list
	case "table", "nitf-table":
		return table
	case "pre":
		return pre
	case "img", "figure", "media":
		return picture
	case "iframe":
		return embed
	}
	if hidden(n) {
		return skip
	}
	if n.space == "" && !htmlTag(n.name) && !inlineTag(n.name) && ownText(n) && !holdsBlocks(n) {
		return paragraph
	}
	return container
}

// hidden reports whether an element is marked as not for the reader: dpa's
// notepad, the part for desks, what CSS classes call non-public.
func hidden(n *node) bool {
	class := strings.ToLower(n.get("class"))
	if class == "" {
		return false
	}
	for _, c := range strings.Fields(class) {
		switch c {
		case "notepad", "np-nonpublic", "nonpublic", "non-public", "not-for-publication", "closingline", "np-public", "linkbox", "dat":
			return true
		}
	}
	return false
}

// htmlTag reports whether name is one of HTML's or NITF's elements that group
// blocks.
func htmlTag(name string) bool {
	switch name {
	case "html", "body", "div", "section", "article", "main", "header", "footer", "aside", "nav", "block", "body.content", "nitf", "span", "abstract", "tbody", "thead", "dl", "details", "summary":
		return true
	}
	return false
}

// ownText reports whether text stands in n itself.
func ownText(n *node) bool {
	for _, k := range n.kids {
		if k.name == "" && strings.TrimSpace(k.text) != "" {
			return true
		}
	}
	return false
}

// inlineTag reports whether an element stands in a line of text.
func inlineTag(name string) bool {
	switch name {
	case "a", "abbr", "acronym", "b", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
		"person", "org", "location", "city", "state", "country", "region", "event", "function", "chron", "copyrite", "money", "num", "object.title", "postaddr", "virtloc", "pronounce", "classifier", "alt-code", "lang", "frac", "sublocation", "name.given", "name.family", "quote":
		return true
	}
	return false
}

// holdsBlocks reports whether a block stands somewhere below n. The answer is
// kept, or deep nesting would cost the square of its depth.
func holdsBlocks(n *node) bool {
	if n.blocks == unknown {
		n.blocks = no
		if blockBelow(n) {
			n.blocks = yes
		}
	}
	return n.blocks == yes
}

func blockBelow(n *node) bool {
	for _, k := range n.kids {
		if k.name == "" || k.name == "img" {
			continue
		}
		if kd := kindOf(k); kd != container && kd != skip || kd == container && !inlineTag(k.name) && htmlTag(k.name) && k.name != "span" {
			return true
		}
		if holdsBlocks(k) {
			return true
		}
	}
	return false
}

// keptTags are the inline elements whose markup is kept.
func keptTag(name string) string {
	switch name {
	case "a", "b", "strong", "i", "em", "u", "s", "sub", "sup", "q", "cite", "code", "small", "mark", "abbr":
		return name
	case "strike", "del":
		return "s"
	}
	return ""
}

// marked reports whether n holds inline markup that is worth keeping.
func marked(n *node) bool {
	for _, k := range n.kids {
		if k.name == "br" || keptTag(k.name) != "" || k.name != "" && marked(k) {
			return true
		}
	}
	return false
}

// inlineHTML writes the children of n as HTML with the kept elements only.
func inlineHTML(n *node) string {
	var b strings.Builder
	writeInline(&b, n)
	return strings.TrimSpace(collapse(b.String()))
}

func writeInline(b *strings.Builder, n *node) {
	for _, k := range n.kids {
		tag := keptTag(k.name)
		switch {
		case k.name == "":
			b.WriteString(html.EscapeString(unescaped(k.text)))
		case k.name == "br":
			b.WriteString("<br>")
		case k.name == "img" || kindOf(k) == skip:
		case tag == "a" && k.get("href") == "" || tag == "":
			writeInline(b, k)
		default:
			b.WriteString("<" + tag)
			if tag == "a" {
				b.WriteString(` href="` + html.EscapeString(k.get("href")) + `"`)
			}
			b.WriteByte('>')
			writeInline(b, k)
			b.WriteString("</" + tag + ">")
		}
	}
}

// collapse folds runs of white space into one space.
func collapse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			gap = true
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	if gap {
		b.WriteByte(' ')
	}
	return b.String()
}
