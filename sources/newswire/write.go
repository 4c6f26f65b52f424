package newswire

import (
	"html"
	"slices"
	"strings"

	"wireroom/article"
)

// body writes the blocks as sections, HTML and text.
func (d *draft) body() {
	r := &d.rec
	if len(d.blocks) == 0 {
		return
	}
	sections := []article.Section{{}}
	var h strings.Builder
	for _, b := range d.blocks {
		if b.kind == "heading" {
			sections = append(sections, article.Section{Heading: b.text})
			h.WriteString("<h2>" + html.EscapeString(b.text) + "</h2>")
			continue
		}
		s := &sections[len(sections)-1]
		s.Blocks = append(s.Blocks, b.out())
		b.write(&h)
		if b.media != nil && len(r.Images) < maxMedia && !slices.ContainsFunc(r.Images, func(m article.Media) bool { return m.URL == b.media.URL }) {
			r.Images = append(r.Images, *b.media)
		}
	}
	if len(sections[0].Blocks) == 0 && len(sections) > 1 {
		sections = sections[1:]
	}
	r.Body.HTML = h.String()
	r.Body.Sections = sections
	r.Body.Text = article.PlainText(r.Body.HTML)
	r.Body.WordCount = article.WordCount(r.Body.Text)
}

// out is the block in the record's shape.
func (b block) out() article.Block {
	kind := b.kind
	if kind == "pre" {
		kind = "paragraph"
	}
	return article.Block{Type: kind, Text: b.text, HTML: b.html, Items: b.items, Rows: b.rows, Media: b.media, URL: b.url}
}

func (b block) write(h *strings.Builder) {
	inline := b.html
	if inline == "" {
		inline = html.EscapeString(b.text)
	}
	switch b.kind {
	case "paragraph":
		h.WriteString("<p>" + inline + "</p>")
	case "quote":
		h.WriteString("<blockquote><p>" + inline + "</p></blockquote>")
	case "pre":
		h.WriteString("<pre>" + html.EscapeString(b.text) + "</pre>")
	case "list":
		h.WriteString("<ul>")
		for _, i := range b.items {
			h.WriteString("<li>" + html.EscapeString(i) + "</li>")
		}
		h.WriteString("</ul>")
	case "table":
		h.WriteString("<table>")
		for _, row := range b.rows {
			h.WriteString("<tr>")
			for _, c := range row {
				h.WriteString("<td>" + html.EscapeString(c) + "</td>")
			}
			h.WriteString("</tr>")
		}
		h.WriteString("</table>")
	case "figure":
		h.WriteString(`<figure><img src="` + html.EscapeString(b.media.URL) + `" alt="` + html.EscapeString(b.media.Alt) + `">`)
		if b.media.Caption != "" {
			h.WriteString("<figcaption>" + html.EscapeString(b.media.Caption) + "</figcaption>")
		}
		h.WriteString("</figure>")
	}
}
