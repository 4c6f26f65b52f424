package webpage

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inliner writes the text of a run of inline nodes, white space collapsed as a
// browser shows it.
type inliner struct {
	tree  *tree
	buf   []byte
	space bool // a space is due before the next letter
	all   bool // hidden text too
	skip  trait
}

// span writes the visible text of nodes from to to.
func (w *inliner) span(from, to int32) {
	for i := from; i < to; i++ {
		n := &w.tree.nodes[i]
		if n.Type == html.TextNode {
			if (!n.hidden || w.all) && !(n.inLink && newTab(n.Data)) {
				w.text(n.Data)
			}
			continue
		}
		if w.left(n) {
			i = n.end - 1
			continue
		}
		switch {
		case w.tree.isBreak(i):
			w.space = true
		case n.block:
			w.space = true
		}
	}
}

// left reports whether n is no part of the running text.
func (w *inliner) left(n *node) bool {
	switch n.DataAtom {
	case atom.Button, atom.Iframe, atom.Label:
		return true
	case atom.Rt: // a reading beside the word, legible only in brackets
		return n.PrevSibling == nil || n.PrevSibling.DataAtom != atom.Rp
	}
	return n.hidden && !w.all || n.traits&w.skip != 0
}

func (w *inliner) text(s string) {
	for len(s) > 0 {
		r, size := rune(s[0]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s)
		}
		switch {
		case isSpace(r):
			w.space = true
		case r == 0xAD || r == 0x200B || r == 0x2060 || r == 0xFEFF || r < ' ' || r == 0x7F:
		default:
			if w.space && len(w.buf) > 0 {
				w.buf = append(w.buf, ' ')
			}
			w.space = false
			w.buf = append(w.buf, s[:size]...)
		}
		s = s[size:]
	}
}

// isSpace reports whether a browser may show r as a space.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '\r', '\f', 0xA0, 0x2028, 0x2029:
		return true
	}
	return r > 0x7F && unicode.IsSpace(r)
}

// newTab reports whether a text is what screen readers are told of a link.
func newTab(s string) bool {
	if len(s) < 10 || len(s) > 70 {
		return false
	}
	switch fold(s) {
	case "opens new tab", "opens in new tab", "opens in a new tab", "opens new window", "opens in new window", "opens in a new window", "external link", "external", "this link opens in a new tab",
		"öffnet in neuem tab", "öffnet in neuem fenster", "öffnet im neuen fenster", "öffnet in einem neuen tab", "öffnet in einem neuen fenster", "link wird in einem neuen tab geöffnet", "externer link", "öffnet neues fenster",
		"nouvelle fenêtre", "ouvre un nouvel onglet", "s ouvre dans un nouvel onglet", "souvre dans une nouvelle fenêtre", "souvre dans un nouvel onglet", "se abre en una nueva ventana", "se abre en ventana nueva", "abre em nova janela", "abre em nova aba", "abre numa nova janela", "si apre in una nuova finestra", "opent in nieuw venster", "opent in een nieuw tabblad", "åpnes i nytt vindu", "öppnas i nytt fönster", "otwiera się w nowym oknie":
		return true
	}
	return false
}

func (w *inliner) line() string { return string(w.buf) }

// reset makes the inliner ready for another run.
func (w *inliner) reset() { w.buf, w.space = w.buf[:0], false }
