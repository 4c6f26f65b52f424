package webpage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rules for what opens and what closes the article's element: names, boxes
// without a name, appeals.

// byline condemns lines that only name who wrote it.
func (s *sifter) byline(_ int, b *block, f string) string {
	if b.text > 110 || b.kind == heading && b.text > 60 {
		return ""
	}
	line := s.tree.lineOf(b)
	if bylineStart(line) {
		return "byline"
	}
	for _, a := range s.linkedAuthors() {
		if n := fold(a.Name); len(n) > 5 && strings.HasPrefix(f, n) && len(f) < len(n)+40 && !endsSentence(line) {
			return "byline"
		}
	}
	return ""
}

// plug condemns short paragraphs at the end that send the reader to a newsletter,
// an app or a channel of the publisher, or introduce the author.
func (s *sifter) plug(i int, b *block, f string) string {
	if b.text > 380 || i*10 < len(s.blocks)*6 {
		return ""
	}
	if b.link > 0 {
		for w := range strings.FieldsSeq(f) {
			switch w {
			case "newsletter", "newsletters", "whatsapp", "telegram", "app", "instagram", "facebook", "tiktok", "youtube", "podcast", "rss", "newsletteranmeldung", "bluesky", "threads":
				return "plug"
			}
			if strings.HasSuffix(w, "newsletter") || strings.HasSuffix(w, "app") && len(w) > 6 && strings.HasPrefix(w, "news") {
				return "plug"
			}
		}
	}
	for _, a := range s.linkedAuthors() {
		n := fold(a.Name)
		k := strings.Index(f, n)
		if len(n) < 6 || k < 0 || k > 30 {
			continue
		}
		rest := f[k+len(n):]
		for _, w := range [...]string{" is a ", " is an ", " is the ", " is based", " covers ", " writes ", " reports ", " joined ", " can be reached", " ist ", " arbeitet ", " schreibt ", " berichtet ", " est ", " es ", " è ", " é ", " is ", " jahrgang"} {
			if strings.HasPrefix(rest+" ", w) {
				return "about the author"
			}
		}
	}
	return ""
}

// signedAbove condemns lines before the first paragraph that are names and
// nothing else, where the linked data name nobody, and keeps them as the byline.
func (s *sifter) signedAbove() {
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.dropped != "" || b.text == 0 {
			continue
		}
		line := s.tree.lineOf(b)
		if b.text > 60 || len(s.persons(s.linkedAuthors())) > 0 || !onlyNames(line) {
			return
		}
		b.dropped = "byline"
		s.openByline = append(s.openByline, line)
	}
}

// onlyNames reports whether a line is made of names: words in capitals, two to
// four a name.
func onlyNames(s string) bool {
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == ',' || r == '&' }) {
		f := strings.Fields(name)
		if len(f) < 2 || len(f) > 4 {
			return false
		}
		for _, w := range f {
			if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) || strings.ContainsAny(w, ".!?:;0123456789\"“”") || strings.ToUpper(w) == w && len(w) > 3 {
				return false
			}
		}
	}
	return s != ""
}

// tail condemns what follows the text in elements of its own: boxes without a
// name. The text's elements are those that hold a good part of it, and their
// like.
func (s *sifter) tail() {
	nodes := s.tree.nodes
	mass := map[int32]float32{}
	var whole float32
	for i := range s.blocks {
		if b := &s.blocks[i]; b.dropped == "" && b.score > 0 {
			mass[s.group(b)] += b.score
			whole += b.score
		}
	}
	like := map[string]bool{}
	main, around := map[int32]bool{}, map[int32]bool{}
	for el, m := range mass {
		if m <= 0.2*whole {
			continue
		}
		main[el] = true
		for up := el; up > s.root; up = nodes[up].parent {
			around[up] = true
			if c := attr(nodes[up].Node, "class"); c != "" {
				like[nodes[up].Data+"."+c] = true
			}
		}
	}
	of := func(b *block) bool {
		for el := b.el; el >= s.root && el >= 0; el = nodes[el].parent {
			if main[el] || !around[el] && like[nodes[el].Data+"."+attr(nodes[el].Node, "class")] {
				return true
			}
		}
		return false
	}
	last := -1
	for i := range s.blocks {
		if b := &s.blocks[i]; b.dropped == "" && b.text > 0 && of(b) {
			last = i
		}
	}
	if last < 0 || len(main) == 0 {
		return
	}
	var after float32
	for i := last + 1; i < len(s.blocks); i++ {
		after += s.blocks[i].score
	}
	if after > 0.2*whole {
		return
	}
	for i := last + 1; i < len(s.blocks); i++ {
		if b := &s.blocks[i]; b.dropped == "" && b.text > 0 {
			b.dropped = "after the text"
		}
	}
}
