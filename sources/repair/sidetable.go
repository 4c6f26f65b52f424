package repair

import (
	"bytes"
	"html"
	"mime"
	"strings"
)

// typeSet are the text types of an entry, by the name of the element.
type typeSet [typeCount]TextType

// The elements that have a type.
const (
	typeTitle = iota
	typeSummary
	typeContent
	typeRights
	typeSubtitle
	typeDescription
	typeEncoded
	typeCount
)

var typeKeys = [typeCount]string{"title", "summary", "content", "rights", "subtitle", "description", "encoded"}

// typeIndex finds an element's place in a typeSet, or -1.
func typeIndex(n name) int {
	switch n {
	case nTitle:
		return typeTitle
	case nSummary:
		return typeSummary
	case nContent:
		return typeContent
	case nRights:
		return typeRights
	case nSubtitle:
		return typeSubtitle
	case nDescription, nAbstract:
		return typeDescription
	case nEncoded:
		return typeEncoded
	}
	return -1
}

// typeMap makes a map of a set; entries with the same types share one.
func (r *rewriter) typeMap(set typeSet) map[string]TextType {
	if set == (typeSet{}) {
		return nil
	}
	if m, ok := r.typeMaps[set]; ok {
		return m
	}
	m := make(map[string]TextType)
	for i, t := range set {
		if t != "" {
			m[typeKeys[i]] = t
		}
	}
	if r.typeMaps == nil {
		r.typeMaps = make(map[typeSet]map[string]TextType)
	}
	if len(r.typeMaps) < 64 {
		r.typeMaps[set] = m
	}
	return m
}

// textType reads the type of an Atom text construct or content element: the
// type attribute of RFC 4287, or Atom 0.3's type and mode.
func (r *rewriter) textType(t *tag) TextType {
	kind, mode := "", ""
	if a := t.attr(r.src, "type"); a != nil {
		kind = strings.ToLower(strings.TrimSpace(r.attrText(a)))
	}
	if a := t.attr(r.src, "mode"); a != nil {
		mode = strings.ToLower(strings.TrimSpace(r.attrText(a)))
	}
	switch kind {
	case "", "text", "text/plain", "plain":
		if mode == "xml" && kind == "" {
			return TextXHTML
		}
		return TextPlain
	case "html", "xhtml":
		return TextType(kind)
	case "application/xhtml+xml", "text/xhtml":
		if mode == "escaped" {
			return TextHTML
		}
		return TextXHTML
	case "text/html", "application/html":
		if mode == "xml" {
			return TextXHTML
		}
		return TextHTML
	}
	if media, _, err := mime.ParseMediaType(kind); err == nil && media != kind && len(media) <= 64 {
		return TextType(media)
	}
	if len(kind) > 64 {
		return TextPlain
	}
	return TextType(kind)
}

// opened notes what the side table wants of an element that was just opened.
func (r *rewriter) opened(t *tag, f *frame) error {
	switch f.role {
	case roleRoot:
		return r.openedRoot(t, f)
	case roleChannel:
		r.openedChannel(t, f)
	case roleItem:
		if a := t.about(r.src); a != nil {
			r.items.about = strings.TrimSpace(r.attrText(a))
		}
		r.mapCDF(t, "pubDate")
	case roleText, roleNative, roleExt:
		r.openedPart(t, f)
	}
	return nil
}

// about finds rdf:about.
func (t *tag) about(src []byte) *attr {
	for i := range t.attrs {
		if a := &t.attrs[i]; a.colon >= 0 && string(a.local(src)) == "about" {
			return a
		}
	}
	return nil
}

// openedPart notes the type and the base of a child of an item or of the feed.
func (r *rewriter) openedPart(t *tag, f *frame) {
	parent := roleChannel
	base := r.res.Base
	if n := len(r.stack); n > 1 {
		parent, base = r.stack[n-2].role, r.stack[n-2].scope.base
	}
	types, bases := &r.types, &r.res.Bases
	if parent == roleItem {
		types, bases = &r.items.types, &r.items.entry.Bases
	}
	if i := typeIndex(f.name); i >= 0 && r.family == Atom && f.role == roleText {
		types[i] = r.textType(t)
	}
	if f.scope.base != base {
		if *bases == nil {
			*bases = make(map[string]string)
		}
		local := string(t.local(r.src))
		if _, known := (*bases)[local]; known || len(*bases) < 16 {
			(*bases)[local] = f.scope.base
		}
	}
}

// closing notes what the side table wants of an element that is about to end.
func (r *rewriter) closing(f *frame) {
	if f.role != roleText {
		return
	}
	inItem := r.items.open
	switch {
	case f.name == nGUID && inItem && r.family == RSS, f.name == nID && r.family == Atom:
		r.flush(r.pos)
		id := plainText(r.dst[f.body:])
		switch {
		case id == "" || f.drop:
		case inItem:
			r.items.entry.ID = id
		case r.res.ID == "":
			r.res.ID = id
		}
	case f.childful && r.family == RSS && inItem:
		if i := typeIndex(f.name); i >= 0 {
			r.items.types[i] = TextXHTML
		}
	}
}

// plainText is the text in a piece of the output: tags dropped, references
// resolved, trimmed.
func plainText(b []byte) string {
	if bytes.IndexByte(b, '<') < 0 && bytes.IndexByte(b, '&') < 0 {
		return strings.TrimSpace(string(b))
	}
	var text strings.Builder
	for len(b) > 0 {
		n := bytes.IndexByte(b, '<')
		if n < 0 {
			n = len(b)
		}
		text.WriteString(html.UnescapeString(string(b[:n])))
		b = b[n:]
		if rest, ok := bytes.CutPrefix(b, []byte(cdataStart)); ok {
			var content []byte
			content, b, _ = bytes.Cut(rest, []byte("]]>"))
			text.Write(content)
			continue
		}
		_, b, _ = bytes.Cut(b, []byte(">"))
	}
	return strings.TrimSpace(text.String())
}
