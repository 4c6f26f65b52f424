package webpage

import (
	"strings"

	"wireroom/article"
)

// What the linked data give as the article's text is a cross-check of what was
// read off the page: where both agree on nearly all of it, doubtful blocks are
// decided by it; where the page shows little, it is the text.

const (
	minStated  = 250 // letters of a stated text that can be used
	agreement  = 0.8 // share of the page's text that it must hold to decide on the rest
	shortBlock = 400 // letters of a block that it may drop
)

// statedBody is the longest articleBody of the linked data.
func (p *page) statedBody() string {
	best := ""
	for _, th := range p.ld.articles {
		if s, ok := th["articleBody"].(string); ok && len(s) > len(best) {
			best = s
		}
	}
	return best
}

// crosscheck compares the blocks with the stated text.
func (s *sifter) crosscheck() {
	stated := s.statedBody()
	if letters(stated) < minStated {
		return
	}
	text := " " + fold(plain(stated)) + " "
	in := make([]bool, len(s.blocks))
	var kept, agreed int32
	first, last := -1, -1
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.text < 8 || s.folds[i] == "" {
			continue
		}
		in[i] = strings.Contains(text, s.folds[i])
		if b.dropped == "" && b.kind != heading {
			kept += b.text
			if in[i] {
				agreed += b.text
				if first < 0 {
					first = i
				}
				last = i
			}
		}
	}
	if kept == 0 || float32(agreed) < agreement*float32(kept) || float32(letters(stated)) < 0.6*float32(kept) {
		return
	}
	for i := range s.blocks {
		b := &s.blocks[i]
		switch {
		case b.dropped == "" && !in[i] && b.text > 0 && b.text < shortBlock && (i < first || i > last) && b.kind != figure && b.kind != embed:
			b.dropped = "not in the text that the linked data give"
		case in[i] && doubtful[b.dropped] && b.text > 60 && i > first && i < last:
			b.dropped = ""
		}
	}
}

// doubtful are the reasons that the stated text overrules.
var doubtful = map[string]bool{
	"loose text": true, "points elsewhere": true, "appeal to the reader": true, "plug": true, "beside a picture": true, "after the text": true,
	"inside a link": true, "teaser": true, "list of links": true, "about the author": true, "in a information box": true,
}

// fallBack takes the text from the linked data or from the state of the page's
// application where the page itself shows hardly any.
func (p *page) fallBack() {
	shown := letters(p.rec.Body.Text)
	if shown > 1200 {
		return
	}
	input := fromLinked
	lines := paragraphsOf(p.statedBody())
	if lettersOf(lines) < max(2*shown, minStated) && shown < 250 {
		input = fromState
		lines = p.stateText()
	}
	if n := lettersOf(lines); n < minStated || n < 2*shown {
		return
	}
	sec := article.Section{}
	for _, l := range lines {
		sec.Blocks = append(sec.Blocks, article.Block{Type: "paragraph", Text: l})
	}
	p.note("body", p.rec.Body.Text, fromHTML, "", "much shorter than the text in the page's data", false)
	p.rec.Body = article.Body{Sections: []article.Section{sec}, Text: strings.Join(lines, "\n\n")}
	p.rec.Body.HTML = bodyHTML(p.rec.Body.Sections)
	p.rec.Body.WordCount = article.WordCount(p.rec.Body.Text)
	p.credit("body", input)
	p.note("body", p.rec.Body.Text, input, "", "the page itself shows hardly any text", true)
}

func lettersOf(lines []string) (n int32) {
	for _, l := range lines {
		n += letters(l)
	}
	return n
}

// paragraphsOf cuts a text that may be HTML into paragraphs.
func paragraphsOf(s string) (out []string) {
	if strings.Contains(s, "</") || strings.Contains(s, "<br") {
		s = article.PlainText(s)
	}
	for l := range strings.SplitSeq(s, "\n") {
		if l = plain(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
