package normalise

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wireroom/article"
	"wireroom/article/wirecopy"
	"wireroom/sources/sanitise"
)

// wire reads the conventions of wire copy off the text: the note to the desks
// and the dateline that open it, the sign-off that closes it, the agencies that
// both credit. The text stays as it is: agencies want their dateline printed.
func wire(r *article.Record) {
	first, last := edges(r)
	if note, rest, ok := wirecopy.Note(first); ok {
		if r.Revision.Note == "" {
			r.Revision.Note = line(note, maxSummary)
		}
		if r.Revision.Kind == "" {
			r.Revision.Kind = wirecopy.NoteKind(note)
		}
		if first = rest; first == "" {
			first = second(r)
		}
	}
	if r.Dateline.Text == "" && first != "" {
		if d, _, ok := wirecopy.Dateline(first); ok {
			r.Dateline = d
		}
	}
	var agencies []string
	if r.Dateline.Agency != "" {
		agencies = append(agencies, r.Dateline.Agency)
	}
	if s, ok := wirecopy.SignOff(last); ok {
		agencies = append(agencies, s.Agencies...)
		signed(r, s)
	}
	agencies = append(agencies, r.Agencies...)
	r.Agencies = unique(agencies)
}

// signed takes what a sign-off says, as far as nothing better is known.
func signed(r *article.Record, s wirecopy.Credit) {
	if r.SignOff == "" && strings.ContainsFunc(s.Text, unicode.IsLetter) {
		r.SignOff = line(s.Text, maxTitle)
	}
	if len(r.Editors) == 0 {
		r.Editors = s.Editors
	}
	if len(r.Authors) == 0 {
		r.Authors = slices.Clone(s.Authors)
	}
}

// words is what there is of the text.
func words(r *article.Record) string {
	if r.Body.Text != "" {
		return strings.TrimSpace(r.Body.Text)
	}
	return strings.TrimSpace(r.Standfirst)
}

// edges are the first and the last paragraph.
func edges(r *article.Record) (first, last string) {
	t := words(r)
	first, _, _ = strings.Cut(t, "\n")
	last = t[strings.LastIndexByte(t, '\n')+1:]
	return strings.TrimSpace(first), strings.TrimSpace(last)
}

// second is the paragraph after the first.
func second(r *article.Record) string {
	_, t, _ := strings.Cut(words(r), "\n")
	t, _, _ = strings.Cut(strings.TrimSpace(t), "\n")
	return strings.TrimSpace(t)
}

// public takes off what a wire adds for the desks alone: everything from the
// line on that says so.
func public(r *article.Record, base string) {
	r.Standfirst = publicText(r.Standfirst)
	b := &r.Body
	if len(b.Sections) > 0 { // wires and pages, whose readers have seen to it
		return
	}
	text := publicText(b.Text)
	if len(text) == len(b.Text) {
		return
	}
	b.HTML = publicHTML(b.HTML, base)
	b.Text = text
	if b.HTML != "" {
		b.Text = article.PlainText(b.HTML)
	}
}

// publicText cuts a text before its first line that is not for publication.
func publicText(s string) string {
	for at := 0; at < len(s); {
		end := strings.IndexByte(s[at:], '\n')
		if end < 0 {
			end = len(s) - at
		}
		if wirecopy.NotForPublication(s[at : at+end]) {
			return strings.TrimSpace(s[:at])
		}
		at += end + 1
	}
	return s
}

// publicHTML does the same to sanitised HTML, whose lines are its blocks and what
// stands between line breaks.
func publicHTML(s, base string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	at, start := 0, 0 // of the token, and of the line that it belongs to
	var text strings.Builder
	for {
		kind := z.Next()
		raw := len(z.Raw())
		if kind == html.TextToken {
			text.Write(z.Text())
		} else if name, _ := z.TagName(); kind == html.ErrorToken || !inlineTag[atom.Lookup(name)] {
			if wirecopy.NotForPublication(article.Line(text.String())) {
				return sanitise.HTML(s[:start], base, sanitise.Options{})
			}
			if kind == html.ErrorToken {
				return s
			}
			start = at
			text.Reset()
		}
		at += raw
	}
}

// inlineTag are the elements that don't end a line.
var inlineTag = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Cite: true, atom.Code: true, atom.Em: true, atom.I: true, atom.Mark: true,
	atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true,
}
