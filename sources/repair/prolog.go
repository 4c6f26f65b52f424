package repair

import "bytes"

// root is where a document begins once everything before it is stepped over.
type root struct {
	kind     Kind
	pos      int    // of the "<" of the root element
	name     string // local name, in lower case
	junk     bool   // something stood before it that should not
	entities entities
}

// feedRoot says which family a feed is of that begins with the element.
func feedRoot(name string) Kind {
	switch name {
	case "rss", "rdf", "channel", "item":
		return RSS
	case "feed", "entry":
		return Atom
	}
	return ""
}

// findRoot steps over text, warnings of PHP, comments, processing instructions,
// DOCTYPEs and wrappers until an element that a feed can begin with. If there
// is none, the first element is the root, of HTML or of some other XML.
func findRoot(src []byte, lim Limits) (root, *Error) {
	var first root
	s := prolog{src: src, end: min(len(src), 2*lim.Prolog)}
	for {
		n := bytes.IndexByte(src[s.pos:], '<')
		if n < 0 || s.pos+n > lim.Prolog {
			break
		}
		s.junk = s.junk || hasText(src[s.pos:s.pos+n])
		s.pos += n
		tag, next := s.step()
		if tag == "" {
			s.pos = next
			continue
		}
		found := root{kind: feedRoot(tag), pos: s.pos, name: tag, junk: s.junk || s.page || first.name != ""}
		atTop := first.name == "" && !s.page
		switch {
		case found.kind != "" && confirmed(src[s.pos:], tag, atTop):
			found.entities = s.entities
			return found, nil
		case s.isPage(tag):
			s.page = true
			next = skipRawText(src[:min(len(src), lim.Prolog)], next, tag)
		case atTop:
			first, first.kind = found, XML
			if tag == "opml" {
				first.kind = OPML
			}
			if isDocumentRoot(tag) {
				first.entities = s.entities
				return first, nil
			}
		}
		s.pos = next
	}
	switch {
	case s.page:
		return root{kind: HTML, name: "html"}, nil
	case first.name != "" && (!first.junk || s.declared):
		first.entities = s.entities
		return first, nil
	case len(src) > lim.Prolog && bytes.IndexByte(src[:lim.Prolog], '<') >= 0:
		return root{}, failf(Limit, "no root element in the first %d bytes", lim.Prolog)
	}
	return root{}, failf(Malformed, "no root element")
}

// prolog is what has been seen before the root.
type prolog struct {
	src      []byte
	pos, end int
	declared bool // an XML declaration
	html     bool // <!DOCTYPE html>
	page     bool // elements of a page
	junk     bool // text
	doctype  bool // one has been read; a second one is only stepped over
	unended  [3]bool
	entities entities
}

// isPage reports whether the element makes this a web page, or a warning
// written in HTML.
func (s *prolog) isPage(tag string) bool {
	return tag == "html" || s.html || !s.declared && isPageElement(tag)
}

// step looks at the markup at hand. For a start tag it returns its local name
// in lower case; next is where to go on looking.
func (s *prolog) step() (tag string, next int) {
	i := s.pos
	b := s.src[i:s.end]
	skipTo := func(mark string, otherwise int, unended *bool) int {
		if !*unended { // looking to the end once is enough
			if n := bytes.Index(b[otherwise:], []byte(mark)); n >= 0 {
				return i + otherwise + n + len(mark)
			}
			*unended = true
		}
		return i + otherwise
	}
	switch {
	case bytes.HasPrefix(b, []byte("<?")):
		s.declared = s.declared || hasPrefixFold(b, "<?xml")
		next := skipTo("?>", 2, &s.unended[0])
		if n := halfDeclaration(b[:max(2, next-i)]); n > 0 {
			next = i + n
		}
		return "", next
	case bytes.HasPrefix(b, []byte("<!--")):
		return "", skipTo("-->", 4, &s.unended[1])
	case hasPrefixFold(b, "<![cdata["):
		return "", i + 9 // a feed may be wrapped in it
	case !s.doctype && hasPrefixFold(b, "<!doctype"):
		s.doctype = true
		next, name := s.entities.readDoctype(s.src, i, s.end)
		s.html = s.html || name == "html"
		return "", next
	case bytes.HasPrefix(b, []byte("<!")) && !s.unended[2]:
		if n := declarationEnd(s.src, i, s.end); n >= 0 {
			return "", n
		}
		s.unended[2] = true
		return "", i + 2
	case len(b) < 2 || !isNameStart(b[1]):
		return "", i + 1
	}
	n := nameEnd(s.src, i+1, s.end)
	if n == s.end || !isSpace(s.src[n]) && s.src[n] != '>' && s.src[n] != '/' {
		return "", i + 1 // "<me@example.org>"
	}
	var buf [24]byte
	name := lowerInto(&buf, localName(s.src[i+1:n]))
	if name == nil {
		return "?", n // too long for any name that matters
	}
	return string(name), n
}

// halfDeclaration returns the length of an XML declaration that ends with ">"
// instead of "?>", so that it seems to last to the end of the next instruction,
// the feed's root within. It is 0 for anything else.
func halfDeclaration(b []byte) int {
	n := bytes.IndexByte(b, '>')
	if n < 0 || !hasPrefixFold(b, "<?xml ") || bytes.IndexByte(b[1:n], '<') >= 0 {
		return 0
	}
	last := bytes.TrimRight(b[:n], " \t\r\n")
	quote := last[len(last)-1:]
	if !bytes.Contains(last, []byte("=")) || !bytes.ContainsAny(quote, `"'`) || bytes.Count(last, quote)%2 == 1 {
		return 0
	}
	rest := bytes.TrimLeft(b[n+1:], " \t\r\n")
	for _, tag := range []string{"<rss", "<feed", "<rdf:RDF", "<channel"} {
		if len(rest) > 0 && rest[0] == '<' && bytes.Contains(rest, []byte(tag)) {
			return n + 1
		}
	}
	return 0
}

func localName(qname []byte) []byte {
	if i := bytes.LastIndexByte(qname, ':'); i >= 0 {
		return qname[i+1:]
	}
	return qname
}

// hasText reports whether there is anything but white space and marks.
func hasText(b []byte) bool {
	return len(bytes.Trim(b, " \t\r\n\uFEFF\u00A0\u200B\x00")) > 0
}

// confirmed looks at what follows a root that stands in a wrapper, or whose
// name alone proves nothing.
func confirmed(b []byte, tag string, atTop bool) bool {
	if atTop && (tag == "rss" || tag == "rdf" || tag == "feed" || tag == "channel") {
		return true
	}
	head := bytes.ToLower(b[:min(len(b), 2048)])
	open, _, _ := bytes.Cut(head, []byte(">"))
	has := func(what ...string) bool {
		for _, w := range what {
			if bytes.Contains(head, []byte(w)) {
				return true
			}
		}
		return false
	}
	switch tag {
	case "rss":
		return bytes.Contains(open, []byte("version")) || has("channel", "<item", ":item")
	case "rdf":
		return has("purl.org/rss", "netscape.com/rdf", "<channel", "<item", ":channel")
	case "feed":
		return bytes.Contains(open, []byte("atom"))
	case "entry":
		return atTop && (bytes.Contains(open, []byte("atom")) || has("<title", "<id", "<content", "<updated", ":title"))
	case "item":
		return atTop && has("<title", "<link", "<description")
	}
	return false
}

// isDocumentRoot names roots of well-known documents, inside which no feed is
// looked for.
func isDocumentRoot(tag string) bool {
	switch tag {
	case "opml", "urlset", "sitemapindex", "nitf", "newsml", "newsitem", "newsmessage",
		"packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem", "svg", "math":
		return true
	}
	return false
}

// isPageElement names elements that only a web page, or a warning written in
// HTML, begins with.
func isPageElement(tag string) bool {
	switch tag {
	case "html", "head", "body", "script", "style", "meta", "title", "div", "p", "span", "table", "center",
		"br", "b", "i", "a", "h1", "h2", "h3", "h4", "hr", "img", "ul", "ol", "pre", "font", "strong", "em",
		"main", "article", "section", "nav", "header", "footer", "aside", "form", "noscript", "iframe", "xmp",
		"code", "textarea", "template", "small", "tt", "base", "link":
		return true
	}
	return false
}

// skipRawText steps over the content of elements in which "<" is no markup.
func skipRawText(src []byte, i int, tag string) int {
	if tag != "script" && tag != "style" || i > len(src) {
		return i
	}
	if n := bytes.Index(src[i:], []byte("</"+tag)); n >= 0 {
		return i + n
	}
	return len(src)
}
