package webpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// head is what a page's meta and link elements say.
type head struct {
	title string
	base  string
	meta  map[string][]string // by name, property or itemprop, in lower case
	links map[string][]string // by rel, in lower case: addresses as they came
}

func readHead(metas []*html.Node) *head {
	h := &head{meta: map[string][]string{}, links: map[string][]string{}}
	for _, n := range metas {
		switch n.DataAtom {
		case atom.Title:
			if h.title == "" && n.FirstChild != nil {
				h.title = article.Line(n.FirstChild.Data)
			}
		case atom.Base:
			if h.base == "" {
				h.base = attr(n, "href")
			}
		case atom.Link:
			href := strings.TrimSpace(attr(n, "href"))
			for rel := range strings.FieldsSeq(strings.ToLower(attr(n, "rel"))) {
				if href != "" && len(h.links[rel]) < 20 {
					h.links[rel] = append(h.links[rel], href)
				}
			}
		case atom.Meta:
			h.add(n)
		}
	}
	return h
}

func (h *head) add(n *html.Node) {
	content, ok := "", false
	var keys [4]string
	k := 0
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "content", "value":
			content, ok = a.Val, true
		case "name", "property", "itemprop", "http-equiv":
			keys[k] = a.Val
			k = min(k+1, len(keys)-1)
		}
	}
	if content = article.Line(content); !ok || content == "" {
		return
	}
	for _, key := range keys[:k] {
		for key := range strings.FieldsSeq(strings.ToLower(key)) {
			if len(h.meta[key]) < 100 {
				h.meta[key] = append(h.meta[key], content)
			}
		}
	}
}

// first returns the first value of the first key that has one.
func (h *head) first(keys ...string) string {
	for _, k := range keys {
		if v := h.meta[k]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}
