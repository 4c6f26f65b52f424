package feed

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
)

// makeContent makes the HTML of an entry: the correction's note, the lead picture,
// what the source lets us republish of the text, and always who is credited and
// on what terms.
func (e *entry) makeContent(r *article.Record, mode article.Republish) string {
	var out []byte
	if mode != article.LinkOnly {
		out = appendNote(out, r)
		var body []byte
		if mode == article.Full {
			body = e.body(r) // first, for it may hold the lead picture's caption
		}
		if e.lead != nil {
			out = appendFigure(out, e.lead)
		}
		switch {
		case len(body) == 0:
			out = appendParagraph(out, e.summary)
		case r.Standfirst != "" && !repeats(r.Body.Text, r.Standfirst):
			out = appendParagraph(out, prose(r.Standfirst, 4*maxSummary)) // the text is whole, so is this
		}
		out = append(out, body...)
	}
	return string(e.appendCredits(appendCoverage(out, r)))
}

// appendNote shows what a correction corrects at the top of the text.
func appendNote(out []byte, r *article.Record) []byte {
	if r.Revision.Kind != "correction" && r.Revision.Kind != "refile" {
		return out
	}
	note := prose(r.Revision.Note, maxSummary)
	if note == "" {
		return out
	}
	return append(appendText(append(out, "<p><em>"...), note), "</em></p>\n"...)
}

func appendParagraph(out []byte, s string) []byte {
	if s == "" {
		return out
	}
	return append(appendText(append(out, "<p>"...), s), "</p>\n"...)
}

// appendFigure writes a picture with its caption and credit.
func appendFigure(out []byte, m *media) []byte {
	out = append(out, `<figure><img src="`...)
	out = appendText(out, m.url)
	out = append(out, `" alt="`...)
	out = append(appendText(out, m.alt), '"')
	if m.width > 0 && m.height > 0 {
		out = append(strconv.AppendInt(append(out, ` width="`...), int64(m.width), 10), '"')
		out = append(strconv.AppendInt(append(out, ` height="`...), int64(m.height), 10), '"')
	}
	out = append(out, '>')
	credit := m.credit
	if credit == "" {
		credit = m.copyright
	}
	if strings.Contains(m.caption, credit) {
		credit = ""
	}
	if m.caption != "" || credit != "" {
		out = appendText(append(out, "<figcaption>"...), m.caption)
		if m.caption != "" && credit != "" {
			out = append(out, ' ')
		}
		if credit != "" {
			out = append(appendText(append(out, "<small>"...), credit), "</small>"...)
		}
		out = append(out, "</figcaption>"...)
	}
	return append(out, "</figure>\n"...)
}

// body is the text of the article, without its own copy of the lead picture.
func (e *entry) body(r *article.Record) []byte {
	src := r.Body.HTML
	if strings.TrimSpace(src) == "" {
		return appendParagraphs(nil, r.Body.Text)
	}
	nodes, err := parseHTML(clean(src))
	if err != nil { // nested beyond all measure
		return appendParagraphs(nil, r.Body.Text)
	}
	w := rewriter{base: e.link, out: make([]byte, 0, len(src)+len(src)/8)}
	if e.lead != nil {
		if n := findPicture(nodes, e.lead.url, e.link); n != nil {
			w.skip = n
			if e.lead.caption == "" {
				e.lead.caption = captionOf(n)
			}
		}
	}
	w.nodes(nodes)
	if blank(w.out) {
		return nil
	}
	return append(w.out, '\n')
}

// appendParagraphs is plain text as HTML.
func appendParagraphs(out []byte, text string) []byte {
	for p := range strings.SplitSeq(clean(text), "\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = appendParagraph(out, p)
		}
	}
	return out
}

// repeats reports whether a text begins with what its standfirst says, which
// feeds cut short with an ellipsis.
func repeats(text, standfirst string) bool {
	standfirst = strings.TrimRight(article.Line(standfirst), " .…[]")
	return standfirst != "" && strings.HasPrefix(article.Line(article.Cut(text, 2*len(standfirst)+200)), standfirst)
}

// findPicture returns the node of the picture with that address, or the figure
// that is there for it alone.
func findPicture(nodes []*html.Node, lead, base string) *html.Node {
	for _, n := range nodes {
		for d := range withDescendants(n) {
			if d.DataAtom != atom.Img || !samePicture(lead, resolve(base, attr(d, "src"))) {
				continue
			}
			return pictureRoot(d)
		}
	}
	return nil
}

// pictureRoot climbs from an image to its picture element and to a figure that
// holds no other image.
func pictureRoot(n *html.Node) *html.Node {
	root := n
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Picture, atom.A:
			if p.DataAtom == atom.Picture || onlyImage(p) && strings.TrimSpace(textOf(p)) == "" {
				root = p
			}
		case atom.Figure:
			if onlyImage(p) {
				return p
			}
			return root
		}
	}
	return root
}

func onlyImage(n *html.Node) bool {
	images := 0
	for d := range withDescendants(n) {
		switch d.DataAtom {
		case atom.Img:
			images++
		case atom.P, atom.Table, atom.Blockquote:
			if !within(d, atom.Figcaption, n) {
				return false
			}
		}
	}
	return images == 1
}

func within(n *html.Node, a atom.Atom, root *html.Node) bool {
	for p := n.Parent; p != nil && p != root; p = p.Parent {
		if p.DataAtom == a {
			return true
		}
	}
	return false
}

func captionOf(n *html.Node) string {
	for d := range withDescendants(n) {
		if d.DataAtom == atom.Figcaption {
			return line(textOf(d))
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range withDescendants(n) {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// withDescendants yields n and everything below it, in document order.
func withDescendants(n *html.Node) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		if !yield(n) {
			return
		}
		for d := range n.Descendants() {
			if !yield(d) {
				return
			}
		}
	}
}

// samePicture reports whether two addresses are of one picture: the same but for
// the scheme, or image files of one host whose long name is the same, so that
// only the query or the folders differ, which ask for a size.
func samePicture(a, b string) bool {
	_, a, ok := strings.Cut(a, "://")
	_, b, ok2 := strings.Cut(b, "://")
	if !ok || !ok2 {
		return false
	}
	if a == b {
		return true
	}
	a, _, _ = strings.Cut(a, "?")
	b, _, _ = strings.Cut(b, "?")
	file := a[strings.LastIndexByte(a, '/')+1:]
	switch strings.ToLower(file[strings.LastIndexByte(file, '.')+1:]) {
	case "jpg", "jpeg", "png", "gif", "webp", "avif":
	default:
		return false
	}
	host, _, _ := strings.Cut(a, "/")
	return a == b || len(file) >= longName && strings.HasPrefix(b, host+"/") && strings.HasSuffix(b, "/"+file)
}

// longName is the length from which a file's name is taken to be its own.
const longName = 16
