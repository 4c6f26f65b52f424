package sanitise

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestRandomMarkup judges pages made of known tags in no order at all.
func TestRandomMarkup(t *testing.T) {
	t.Parallel()
	var names []string
	for name := range elements {
		names = append(names, name)
	}
	names = append(names, "mi", "mtext", "x-y", "font", "colgroup", "col", "option", "input", "track")
	slices.Sort(names)
	attributes := []string{"", "", "", "", ` href="/x"`, ` src=y.jpg`, ` title="t"`, ` lang=de`, ` srcset="a 1x, b 2x"`, ` open`, ` data-src=/z.jpg`, ` width=1`, ` colspan=2`, ` onclick=x`, "/"}
	texts := []string{"a", "b", " ", "\n", " c ", "&nbsp;", "&lt;", "<", "\n\nd", "<!-- e -->", "漢", "</", "&copy=1"}
	few := []string{"p", "b", "a", "div", "table", "tr", "td", "ul", "li", "pre", "h1", "h2", "span", "ruby", "rt"}
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		vocabulary := names
		if seed%2 == 0 {
			vocabulary = few
		}
		var b strings.Builder
		for range 3 + r.IntN(60) {
			name := vocabulary[r.IntN(len(vocabulary))]
			switch r.IntN(5) {
			case 0, 1:
				b.WriteString("<" + name + attributes[r.IntN(len(attributes))] + ">")
			case 2:
				b.WriteString("</" + name + ">")
			default:
				b.WriteString(texts[r.IntN(len(texts))])
			}
		}
		o := Options{Frames: []string{"example.com/"}}
		judge(t, b.String(), HTML(b.String(), base, o), o)
		if t.Failed() {
			return
		}
	}
}
