package webpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// Microdata and RDFa. Only the properties of the article itself are read: those
// of items within it (its author, its picture, another article) belong to them.

// prop returns the first value of a property, by its name in lower case.
func (p *page) prop(name string) string {
	for _, i := range p.propsOf(name) {
		if v := p.propValue(i); v != "" {
			return v
		}
	}
	return ""
}

// propsOf returns the elements that carry a property of the article.
func (p *page) propsOf(name string) (out []int32) {
	for _, i := range p.tree.props {
		n := p.tree.nodes[i].Node
		for _, key := range [...]string{"itemprop", "property"} {
			v := attr(n, key)
			if v == "" {
				continue
			}
			for f := range strings.FieldsSeq(v) {
				f = strings.ToLower(f)
				if k := strings.LastIndexAny(f, ":/"); k >= 0 && key == "property" {
					f = f[k+1:]
				}
				if f == name && !p.ofOther(i) {
					out = append(out, i)
				}
			}
		}
	}
	return out
}

// ofOther reports whether a property is of an item beside the article: the
// nearest item around it is no article, or stands in noise.
func (p *page) ofOther(i int32) bool {
	if p.tree.nodes[i].all&(tRelated|tComments) != 0 || p.tree.up(i, func(n *node) bool { return n.DataAtom == atom.Figure || n.DataAtom == atom.Figcaption }) >= 0 {
		return true
	}
	for el := p.tree.nodes[i].parent; el >= 0; el = p.tree.nodes[el].parent {
		n := p.tree.nodes[el].Node
		if typ := attr(n, "itemtype"); typ != "" {
			name := typeName(strings.TrimSpace(typ))
			return !articleTypes[name] && name != "WebPage" && name != "CreativeWork" && name != "ItemPage" && name != "VideoObject"
		}
	}
	return false
}

// propValue is the value of an element as microdata defines it.
func (p *page) propValue(i int32) string {
	n := p.tree.nodes[i].Node
	if v := attr(n, "content"); v != "" {
		return plain(v)
	}
	switch n.DataAtom {
	case atom.A, atom.Link:
		if v := attr(n, "href"); v != "" && n.DataAtom == atom.Link {
			return v
		}
	case atom.Img, atom.Source, atom.Video, atom.Audio, atom.Embed, atom.Iframe:
		return attr(n, "src")
	case atom.Time:
		if v := attr(n, "datetime"); v != "" {
			return v
		}
	}
	return p.tree.textOf(i)
}

// propName is the name of the person or thing that a property's element is: its
// own name property, or its text.
func (p *page) propName(i int32) string {
	nodes := p.tree.nodes
	for _, k := range p.tree.props {
		if k > i && k < nodes[i].end {
			if v := strings.ToLower(attr(nodes[k].Node, "itemprop")); v == "name" {
				if s := p.propValue(k); s != "" {
					return s
				}
			}
		}
	}
	return p.propValue(i)
}

// abs resolves an address of the page.
func (p *page) abs(ref string) string {
	ref = strings.TrimSpace(html.UnescapeString(ref))
	if ref == "" || strings.HasPrefix(ref, "data:") || strings.HasPrefix(ref, "#") {
		return ""
	}
	u := article.Resolve(p.base, ref)
	if !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
		return ""
	}
	return u
}
