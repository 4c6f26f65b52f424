package webpage

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// A page that somebody saved as plain text has lost its elements; what is left is
// lines, and blank lines between blocks of them. The head of the piece runs from
// the headline to the first paragraph after it that stands among paragraphs.

// textPage is a page saved as text that is being read.
type textPage struct {
	*page
	blocks [][]string // lines, block by block
	head   int        // block of the headline
	body   int        // first block of the text
}

const (
	titleMost = 200 // letters of a headline
	labelMost = 45  // letters of a label above it
)

// extractText reads a page that was saved as plain text.
func (p *page) extractText(text string) error {
	t := &textPage{page: p, blocks: textBlocks(text)}
	if len(t.blocks) == 0 {
		return ErrEmpty
	}
	t.findHead()
	t.readHead()
	t.readBody()
	t.readSurroundings()
	return nil
}

// textBlocks cuts a text into blocks of lines. A text without blank lines is one
// block a line.
func textBlocks(text string) (out [][]string) {
	var cur []string
	lines := strings.Split(strings.ReplaceAll(article.Clean(text), "\r\n", "\n"), "\n")
	if len(lines) > 50_000 {
		lines = lines[:50_000]
	}
	loose := !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
	for _, l := range lines {
		if l = article.Line(l); l != "" {
			cur = append(cur, l)
		}
		if (l == "" || loose) && len(cur) > 0 {
			out = append(out, cur)
			cur = nil
		}
	}
	if len(cur) > 0 {
		out = append(out, cur)
	}
	return out
}

// sentence reports whether a block is a paragraph: one line that ends as
// sentences do, or is long.
func sentence(b []string) bool {
	s := b[len(b)-1]
	n := letters(s)
	return n >= 60 && endsSentence(s) || n >= 160
}

// findHead finds the headline: the line like a title that stands nearest above
// the first paragraph, or above the date line before it.
func (t *textPage) findHead() {
	first := slices.IndexFunc(t.blocks, sentence)
	if first < 0 {
		first = len(t.blocks) - 1
	}
	t.head = -1
	for i := first; i >= 0; i-- {
		for k := len(t.blocks[i]) - 1; k >= 0; k-- {
			if line := t.blocks[i][k]; t.isTitle(line) && (i < first || first == len(t.blocks)-1) {
				if t.head < 0 || letters(line) > letters(t.title()) {
					t.head = i
				}
			}
		}
		if first-i > 12 {
			break
		}
	}
	t.rec.Headline = t.choose("headline", cand(t.title(), fromText, "line above the text"))
}

// title is the line of the headline's block that is the headline.
func (t *textPage) title() string {
	if t.head < 0 {
		return ""
	}
	best := ""
	for _, l := range t.blocks[t.head] {
		if t.isTitle(l) && letters(l) > letters(best) {
			best = l
		}
	}
	return best
}

// isTitle reports whether a line could be a headline.
func (t *textPage) isTitle(s string) bool {
	n := letters(s)
	if n < 12 || n > titleMost || strings.HasSuffix(s, ".") || strings.Contains(s, "://") || navigates(s) || bylineStart(s) {
		return false
	}
	return t.understoodQuietly(t.dateOrder(), stripDateWords(s)) == nil
}

// navigates reports whether a line is part of a menu: an item of a numbered or
// bulleted list, or words for readers of screens.
func navigates(s string) bool {
	rest := strings.TrimLeft(s, "0123456789.)*•-–· ")
	low := strings.ToLower(rest)
	return len(rest) < len(s) && letters(rest) < 40 || strings.HasPrefix(low, "skip to") || strings.HasPrefix(low, "zum inhalt") || strings.HasPrefix(low, "jump to") || strings.HasPrefix(low, "menu")
}

// readHead reads what stands around the headline.
func (t *textPage) readHead() {
	t.labels()
	t.body = t.head + 1
	for t.body < len(t.blocks) {
		b := t.blocks[t.body]
		if sentence(b) && len(b) == 1 && !t.standsApart(t.body) && !t.isCaption(b) {
			return
		}
		t.headBlock(b)
		t.body++
	}
}

// labels reads the short lines right above the headline; words that the capture
// ran together are parted. Names of countries are places.
func (t *textPage) labels() {
	if t.head < 1 {
		return
	}
	above := t.blocks[t.head-1]
	if t.head > 0 && len(t.blocks[t.head]) > 1 && t.blocks[t.head][0] != t.rec.Headline {
		above = t.blocks[t.head][:1]
	}
	line := above[len(above)-1]
	if letters(line) > labelMost || navigates(line) || endsSentence(line) || hasDigits(line) {
		return
	}
	for i, s := range fused(line) {
		if country(s) {
			t.rec.Places = append(t.rec.Places, s)
			t.credit("places", fromText)
			continue
		}
		t.rec.Keywords = append(t.rec.Keywords, s)
		t.credit("keywords", fromText)
		if i == 0 {
			t.rec.Kicker = t.choose("kicker", cand(s, fromText, "line above the headline"))
		}
	}
}

// fused parts words that stood in elements of their own: where a capital follows
// a small letter.
func fused(s string) (out []string) {
	start := 0
	var last rune
	for i, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(last) && i-start > 2 {
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i
		}
		last = r
	}
	return append(out, strings.TrimSpace(s[start:]))
}

// standsApart reports whether a paragraph in the head is the standfirst: what
// follows it is no paragraph but an address, a picture or a byline.
func (t *textPage) standsApart(i int) bool {
	if t.standfirst != "" || i+1 >= len(t.blocks) || letters(t.blocks[i][0]) > 600 {
		return false
	}
	next := t.blocks[i+1]
	return isAddress(next[0]) || bylineStart(next[0]) || t.isCaption(next) || len(t.understoodQuietly(t.dateOrder(), stripDateWords(next[0]))) > 0
}

func isAddress(s string) bool {
	return (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && !strings.Contains(s, " ")
}

// isCaption reports whether a block ends in the credit of a picture.
func (t *textPage) isCaption(b []string) bool {
	_, credit := wirecopy.PhotoCredit(b[len(b)-1])
	return credit != "" && letters(b[len(b)-1]) < 400
}

// headBlock reads one block between headline and text.
func (t *textPage) headBlock(b []string) {
	if len(b) == 1 && sentence(b) && t.standfirst == "" && !t.isCaption(b) {
		t.standfirst = b[0]
		return
	}
	for i, l := range b {
		switch {
		case isAddress(l):
			t.address(l)
		case t.rec.Published.IsZero() && t.dated(l):
		case bylineStart(l):
			t.rec.Byline = t.choose("byline", cand(l, fromText, "line at the headline"))
			people, agencies := wirecopy.Byline(l)
			t.rec.Authors = addPeople(t.rec.Authors, people)
			t.addAgencies(agencies)
		case i == len(b)-1 && t.isCaption(b):
			caption, credit := wirecopy.PhotoCredit(l)
			m := article.Media{Medium: "image", Role: "lead", Caption: caption, Credit: credit}
			if i > 0 && !isAddress(b[i-1]) {
				m.Alt = b[i-1]
			}
			t.rec.Images = append(t.rec.Images, m)
			t.credit("images", fromText)
			t.note("images", l, fromText, "line that ends in a credit", "", true)
		}
	}
}

// dated takes a line's date.
func (t *textPage) dated(l string) bool {
	rs := t.datesIn(t.dateOrder(), l)
	if len(rs) == 0 {
		return false
	}
	t.rec.Published = rs[0].Time
	t.credit("published", fromText)
	t.note("published", l, fromText, "date line", "", true)
	return true
}

// address takes a printed address: the article's short one, or its own.
func (t *textPage) address(l string) {
	u := article.CanonicalURL(l)
	if u == "" {
		return
	}
	if path := u[strings.Index(u, "://")+3:]; utf8.RuneCountInString(path) <= 32 {
		t.rec.Links.Short = u
		t.note("links.short", u, fromText, l, "", true)
		t.credit("links.short", fromText)
		return
	}
	if t.rec.Links.Canonical == "" {
		t.rec.Links.Canonical = u
		t.note("links.canonical", u, fromText, l, "", true)
		t.credit("links.canonical", fromText)
	}
}

// readBody reads the text to its sign-off. A line like a title is the heading of
// the paragraphs that follow it; of several in a row only the last is.
func (t *textPage) readBody() {
	var body article.Body
	sec := article.Section{}
	var text []string
	end := func() {
		if sec.Heading != "" || len(sec.Blocks) > 0 {
			body.Sections = append(body.Sections, sec)
		}
	}
	for i := t.body; i < len(t.blocks); i++ {
		b := t.blocks[i]
		if c, ok := wirecopy.SignOff(b[len(b)-1]); ok && c.Start == 0 && len(b) == 1 && i > t.body {
			t.sign(c)
			if !bare(c) {
				break
			}
			continue
		}
		for _, l := range b {
			switch why := t.stray(i, l); {
			case why != "":
				t.note("body", l, fromText, "", why, false)
			case t.opensSection(i, l):
				end()
				sec = article.Section{Heading: l}
				text = append(text, l)
			default:
				sec.Blocks = append(sec.Blocks, article.Block{Type: "paragraph", Text: l})
				text = append(text, l)
			}
		}
	}
	end()
	body.Text = strings.Join(text, "\n\n")
	body.HTML = bodyHTML(body.Sections)
	body.WordCount = article.WordCount(body.Text)
	t.rec.Body = body
	t.credit("body", fromText)
}

// stray says why a line of the text is no part of it.
func (t *textPage) stray(i int, l string) string {
	f := fold(l)
	switch {
	case isAddress(l):
		return "an address"
	case is(adLabels(), f):
		return "label of an advertisement"
	case letters(l) < 60 && begins(readMore(), f):
		return "points elsewhere"
	case letters(l) < 120 && begins(appeals(), f):
		return "appeal to the reader"
	case navigates(l) && !endsSentence(l):
		return "part of a menu"
	case t.isCaption([]string{l}) && letters(l) < 200:
		return "caption"
	case titled(l) && (i+1 >= len(t.blocks) || !sentence(t.blocks[i+1])):
		return "title of something else"
	}
	return ""
}

// titled reports whether a line is set like a title.
func titled(l string) bool {
	return letters(l) <= 110 && !strings.HasSuffix(l, ".") && !strings.HasSuffix(l, ".\"") && !strings.HasSuffix(l, ".”") && !strings.HasSuffix(l, ":") && letters(l) < 90
}

// opensSection reports whether a line is the heading of the next paragraph.
func (t *textPage) opensSection(i int, l string) bool {
	return len(t.blocks[i]) == 1 && titled(l) && i+1 < len(t.blocks) && sentence(t.blocks[i+1])
}

// readSurroundings fills the fields that rest on the text.
func (t *textPage) readSurroundings() {
	t.rec.Standfirst = t.choose("standfirst", cand(t.standfirst, fromText, "between headline and text"))
	if len(t.rec.Body.Sections) > 0 {
		for _, b := range t.rec.Body.Sections[0].Blocks[:min(len(t.rec.Body.Sections[0].Blocks), 1)] {
			if d, _, ok := wirecopy.Dateline(b.Text); ok {
				t.rec.Dateline = wirecopy.Dated(d, t.rec.Published)
				t.credit("dateline", fromText)
				if d.Agency != "" {
					t.addAgencies([]string{d.Agency})
				}
			}
		}
	}
	if t.rec.Links.Canonical == "" {
		t.rec.Links.Canonical = t.choose("links.canonical",
			cand(article.CanonicalURL(t.opts.URL), fromCaller, "the address that was given"),
			cand(article.Unshorten(t.rec.Links.Short), fromURL, "the number in the short link"))
	}
	host := t.host
	if host == "" {
		host = article.RegistrableDomain(hostOf(t.rec.Links.Short + t.rec.Links.Canonical))
	}
	t.rec.Publisher.Name = t.choose("publisher", cand(strings.TrimPrefix(host, "www."), fromURL, "host"))
	lang, _ := textLanguage(t.rec.Body.Text)
	t.rec.Language = t.choose("language", cand(lang, fromText, "words of the text"))
	t.rec.Genre = t.choose("genre", cand(genreOf(t.rec.Kicker), fromText, "kicker"), cand("news", fromText, "nothing says otherwise"))
	for f, input := range t.rec.Provenance {
		if input == fromHTML {
			t.rec.Provenance[f] = fromText
		}
	}
}
