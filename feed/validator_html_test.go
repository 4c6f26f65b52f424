package feed_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func (v *validator) mediaElements(e *element) {
	contents := e.all("media:content")
	for _, g := range e.all("media:group") {
		in := g.all("media:content")
		chosen := 0
		for _, c := range in {
			if c.attr["isDefault"] == "true" {
				chosen++
			}
		}
		if len(in) < 2 || chosen != 1 {
			v.fault("media:group of %d, %d default", len(in), chosen)
		}
		contents = append(contents, in...)
	}
	urls := map[string]bool{}
	for _, c := range contents {
		v.once(c)
		v.web("media:content", c.attr["url"])
		for _, t := range append(c.all("media:thumbnail"), c) {
			if urls[t.attr["url"]] {
				v.fault("media URL %q twice", t.attr["url"])
			}
			urls[t.attr["url"]] = true
		}
		for k, a := range c.attr {
			switch k {
			case "fileSize", "width", "height", "duration":
				if n, err := strconv.ParseInt(a, 10, 64); err != nil || n < 1 {
					v.fault("media %s %q", k, a)
				}
			case "type":
				if !media.MatchString(a) {
					v.fault("media type %q", a)
				}
			case "medium":
				if !slices.Contains([]string{"image", "audio", "video", "document"}, a) {
					v.fault("medium %q", a)
				}
			case "url", "isDefault":
			default:
				v.fault("media attribute %s", k)
			}
		}
		v.plain("media description", c.value("media:description"))
		for _, cr := range c.all("media:credit") {
			if cr.attr["scheme"] != "urn:ebu" || !slices.Contains([]string{"photographer", "producer"}, cr.attr["role"]) {
				v.fault("credit %v", cr.attr)
			}
		}
	}
}

var safeElements = strings.Fields(`a abbr address article aside b bdi blockquote br caption cite code col colgroup dd del
	details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p picture pre q rp
	rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr`)

var safeAttributes = strings.Fields(`alt cite colspan datetime dir height href lang media reversed rowspan scope sizes span
	src srcset start title type value width`)

// html holds content to being balanced and safe, with absolute addresses.
func (v *validator) html(where, s string) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(s), body)
	if err != nil {
		v.fault("%s: %v", where, err)
		return
	}
	var again bytes.Buffer
	for _, n := range nodes {
		html.Render(&again, n)
		for d := range n.Descendants() {
			v.htmlNode(where, d)
		}
		v.htmlNode(where, n)
	}
	// A parser that has nothing to mend gives back what it was given, but for
	// how it writes quotes and void elements.
	norm := strings.NewReplacer("&#34;", `"`, "&quot;", `"`, "&#39;", "'", "/>", ">", "\n", "")
	if a, b := norm.Replace(again.String()), norm.Replace(s); a != b && where != "description" {
		v.fault("%s is not balanced:\n%q\n%q", where, b, a)
	}
}

func (v *validator) htmlNode(where string, n *html.Node) {
	switch n.Type {
	case html.CommentNode:
		v.fault("%s: comment", where)
	case html.ElementNode:
		if !slices.Contains(safeElements, n.Data) || n.Namespace != "" {
			v.fault("%s: <%s>", where, n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(safeAttributes, a.Key) {
				v.fault("%s: <%s %s>", where, n.Data, a.Key)
			}
			switch a.Key {
			case "href", "src", "cite":
				v.web(where+" "+a.Key, a.Val)
			case "srcset":
				for c := range strings.SplitSeq(a.Val, ", ") {
					u, _, _ := strings.Cut(c, " ")
					v.web(where+" srcset", u)
				}
			}
		}
	}
}
