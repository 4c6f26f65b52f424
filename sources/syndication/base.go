package syndication

import (
	"strings"

	"golang.org/x/net/html"

	"wireroom/article"
	"wireroom/sources/repair"
)

// What relative URLs resolve against (input.md M3): the xml:base in scope, else
// the response's Content-Location, else, in RSS and JSON Feed, the site's own
// page if the feed names it by an absolute address, since these feeds are often
// served from another host than the one they were written on; else the URL the
// feed was fetched from.

// absolute resolves ref against base; "" unless that gives an http or https URL.
func absolute(base, ref string) string {
	if ref == "" {
		return ""
	}
	u := article.Resolve(base, ref)
	if !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") || len(u) > article.MaxURL {
		return ""
	}
	return u
}

// chain resolves a chain of xml:base values as repair hands it out; values that
// give no usable address are passed over.
func chain(base, bases string) string {
	for b := range strings.SplitSeq(bases, "\x00") {
		if u := absolute(base, strings.TrimSpace(b)); u != "" {
			base = u
		}
	}
	return base
}

// scope is what the URLs of one item resolve against.
type scope struct {
	doc   string // base without any xml:base
	entry repair.Entry
	base  string // of the item
}

// of returns the base for one child element of the item.
func (s *scope) of(local string) string {
	if b, ok := s.entry.Bases[local]; ok {
		return chain(s.doc, b)
	}
	return s.base
}

// resolve is absolute for the text or an attribute of a child element.
func (s *scope) resolve(local, ref string) string { return absolute(s.of(local), ref) }

// html returns HTML that can be read with the item's base: where the element had
// a base of its own, its URLs are written out.
func (s *scope) html(local, fragment string) string {
	if b := s.of(local); b != s.base {
		return resolveHTML(fragment, b)
	}
	return fragment
}

// resolveHTML writes out the URLs of an HTML fragment. Tags without URLs stay as
// they are.
func resolveHTML(fragment, base string) string {
	if !strings.Contains(fragment, "<") {
		return fragment
	}
	var b strings.Builder
	b.Grow(len(fragment) + len(fragment)/8)
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			b.Write(z.Raw())
			return b.String()
		}
		raw := string(z.Raw()) // Token changes it
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.WriteString(raw)
			continue
		}
		t, changed := z.Token(), false
		for i, a := range t.Attr {
			if !urlAttribute(a.Key) {
				continue
			}
			if u := article.Resolve(base, a.Val); u != "" && u != a.Val {
				t.Attr[i].Val, changed = u, true
			}
		}
		if changed {
			raw = t.String()
		}
		b.WriteString(raw)
	}
}

// urlAttribute reports HTML's attributes that hold one URL.
func urlAttribute(name string) bool {
	switch name {
	case "href", "src", "cite", "poster", "action", "background", "longdesc", "data", "codebase", "usemap", "formaction":
		return true
	}
	return false
}
