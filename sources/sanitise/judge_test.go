package sanitise

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// judge holds a result against what the package promises. It builds a browser's
// tree of it and does not use the package's own tables.
func judge(t testing.TB, in, out string, o Options) {
	t.Helper()
	if again := HTML(out, "", o); again != out {
		t.Errorf("not a fixed point\n   in %q\n  out %q\nagain %q", in, out, again)
	}
	if err := balanced(out); err != nil {
		t.Errorf("%v\n   in %q\n  out %q", err, in, out)
	}
	nodes, err := html.ParseFragment(strings.NewReader(out), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Errorf("%v\n   in %q\n  out %q", err, in, out)
		return
	}
	var tree strings.Builder
	for _, n := range nodes {
		if err := inert(n); err != nil {
			t.Errorf("%v\n   in %q\n  out %q", err, in, out)
		}
		write(&tree, n)
	}
	if tree.String() != out {
		t.Errorf("a browser makes another tree of it\n   in %q\n  out %q\n tree %q", in, out, tree.String())
	}
}

// inert reports everything in a tree that could do, load or disturb more than
// it should.
func inert(n *html.Node) error {
	switch n.Type {
	case html.TextNode:
		return nil
	case html.ElementNode:
	default:
		return fmt.Errorf("a node of type %d: %q", n.Type, n.Data)
	}
	if n.Namespace != "" && n.Namespace != "math" || !strings.Contains(harmless, " "+n.Data+" ") && n.Namespace == "" {
		return fmt.Errorf("element %s:%s", n.Namespace, n.Data)
	}
	for _, a := range n.Attr {
		if a.Namespace != "" || strings.HasPrefix(a.Key, "on") || !strings.Contains(known, " "+a.Key+" ") && n.Namespace == "" {
			return fmt.Errorf("attribute %s of %s", a.Key, n.Data)
		}
		switch a.Key {
		case "href", "src", "poster", "cite":
			if !goodURL(a.Val, a.Key == "href", n.Data == "img") {
				return fmt.Errorf("URL %q of %s", a.Val, n.Data)
			}
		case "srcset":
			for c := range strings.SplitSeq(a.Val, ", ") {
				if !goodURL(strings.Fields(c)[0], false, false) {
					return fmt.Errorf("URL %q in a srcset", c)
				}
			}
		}
	}
	for c := range n.ChildNodes() {
		if err := inert(c); err != nil {
			return err
		}
	}
	return nil
}

const (
	harmless = " a abbr address article aside audio b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i iframe img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr "
	known    = " href rel src srcset sizes alt title width height lang dir cite datetime open reversed start type value colspan rowspan scope controls poster kind srclang sandbox loading allowfullscreen "
)

func goodURL(u string, mail, data bool) bool {
	if strings.ContainsAny(u, " \t\n\r\x00\"<>\\`") {
		return false
	}
	return strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") || mail && strings.HasPrefix(u, "mailto:") || data && strings.HasPrefix(u, "data:image/")
}

// write renders a node as the package does.
func write(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.Write(appendText(nil, n.Data))
		return
	}
	b.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		b.Write(attribute(nil, a.Key, a.Val))
	}
	switch n.Data {
	case "br", "hr", "img", "source", "track", "wbr":
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	if c := n.FirstChild; n.Data == "pre" && c != nil && c.Type == html.TextNode && strings.HasPrefix(c.Data, "\n") {
		b.WriteString("\n")
	}
	for c := range n.ChildNodes() {
		write(b, c)
	}
	b.WriteString("</" + n.Data + ">")
}

// balanced checks the tags by themselves: every one that begins ends, in order.
func balanced(s string) error {
	var stack []string
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(stack) > 0 {
				return fmt.Errorf("unbalanced: %v is open", stack)
			}
			return nil
		case html.StartTagToken:
			name, _ := z.TagName()
			stack = append(stack, string(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(stack) == 0 || stack[len(stack)-1] != string(name) {
				return fmt.Errorf("unbalanced: %s ends in %v", name, stack)
			}
			stack = stack[:len(stack)-1]
		case html.CommentToken, html.DoctypeToken:
			return fmt.Errorf("a comment or doctype")
		}
	}
}
