package newswire

import (
	"slices"
	"strings"
	"unicode"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// cutNonPublic drops the part of the body that is for the desks alone.
func (d *draft) cutNonPublic() {
	for i, b := range d.blocks {
		if b.kind != "figure" && wirecopy.NotForPublication(b.text) || len(b.items) > 0 && wirecopy.NotForPublication(b.items[0]) {
			d.blocks = d.blocks[:i]
			break
		}
	}
	for n := len(d.blocks); n > 0 && d.blocks[n-1].kind == "heading"; n-- { // a heading over nothing
		d.blocks = d.blocks[:n-1]
	}
}

// opening reads what stands before the text: the headline once more, notes to
// the desks, the byline, then the dateline of the first paragraph.
func (d *draft) opening() {
	r := &d.rec
	for i := range min(len(d.blocks), 8) { // what stands over the headline is no text
		if b := d.blocks[i]; b.kind == "heading" && (b.text == r.Headline || b.text == r.RawTitle) {
			d.blocks = d.blocks[i+1:]
			break
		}
	}
	for i := 0; i < len(d.blocks) && i < 12; {
		b := d.blocks[i]
		switch {
		case b.kind == "figure", b.kind == "list", bullet(b):
			i++
			continue
		case b.kind != "paragraph" && b.kind != "pre":
			return
		case d.note(b.text):
		case d.byline(b.text):
		default:
			d.dateline(b.text)
			return
		}
		d.blocks = slices.Delete(d.blocks, i, i+1)
	}
}

// bullet reports whether a paragraph is one of the points that open market
// reports.
func bullet(b block) bool { return b.kind == "paragraph" && strings.HasPrefix(b.text, "* ") }

// bullets makes lists of the points that stand one below the other.
func (d *draft) bullets() {
	var out []block
	for _, b := range d.blocks {
		if !bullet(b) {
			out = append(out, b)
			continue
		}
		item := strings.TrimPrefix(b.text, "* ")
		if n := len(out); n > 0 && out[n-1].kind == "list" && out[n-1].url == "*" {
			out[n-1].items = append(out[n-1].items, item)
			continue
		}
		out = append(out, block{kind: "list", items: []string{item}, url: "*"})
	}
	for i := range out {
		if out[i].url == "*" {
			out[i].url = ""
		}
	}
	d.blocks = out
}

// note takes a paragraph that is an editor's note and nothing else.
func (d *draft) note(s string) bool {
	note, rest, ok := wirecopy.Note(s)
	if !ok || rest != "" {
		return false
	}
	d.editorsNote(note)
	return true
}

func (d *draft) editorsNote(note string) {
	r := &d.rec
	if note = fields(note); strings.Contains(r.Revision.Note, note) || !wordy(note) {
		return
	}
	if r.Revision.Note != "" {
		note = r.Revision.Note + " " + note
	}
	r.Revision.Note = cut(note, maxEdNote)
	if r.Revision.Kind == "" || r.Revision.Kind == "new" {
		r.Revision.Kind = first(wirecopy.NoteKind(note), r.Revision.Kind)
	}
}

// wordy reports whether a note holds at least two words; codes are no notes.
func wordy(s string) bool {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(w, unicode.IsLetter) {
			n++
		}
	}
	return n > 1
}

// byline takes a short paragraph "By Jane Doe".
func (d *draft) byline(s string) bool {
	by := false
	for _, p := range [...]string{"By ", "Von ", "Par ", "Por ", "Di ", "Door ", "Av ", "Af ", "BY "} {
		by = by || strings.HasPrefix(s, p)
	}
	if !by || len(s) > 160 || strings.HasSuffix(s, ".") && strings.Count(s, " ") > 4 {
		return false
	}
	authors, agencies := wirecopy.Byline(s)
	if len(authors)+len(agencies) == 0 || len(authors) > 0 && !nameLike(authors[0].Name) {
		return false
	}
	if d.rec.Byline == "" || strings.Contains(strings.ToLower(d.rec.Byline), "staff") {
		d.rec.Byline = s
	}
	return true
}

// nameLike reports whether s can be a person's name: every word but a few has a
// capital.
func nameLike(s string) bool {
	ws := strings.Fields(s)
	small := 0
	for _, w := range ws {
		if w[0] >= 'a' && w[0] <= 'z' {
			small++
		}
	}
	return len(ws) > 0 && len(ws) <= 7 && small*2 < len(ws)
}

func (d *draft) dateline(s string) {
	r := &d.rec
	line, _, ok := wirecopy.Dateline(s)
	if !ok {
		return
	}
	if r.Dateline.Text == "" {
		r.Dateline = line
	}
	if r.Dateline.Agency == "" {
		r.Dateline.Agency = line.Agency
	}
}

// closing reads the sign-off that ends the text; the text keeps it.
func (d *draft) closing() {
	seen := 0
	for i := len(d.blocks) - 1; i >= 0 && seen < 3; i-- {
		b := d.blocks[i]
		if b.kind != "paragraph" && b.kind != "pre" {
			continue
		}
		seen++
		s, ok := wirecopy.SignOff(b.text)
		if !ok {
			if seen > 1 {
				return
			}
			continue
		}
		d.signOff(s)
	}
}

func (d *draft) signOff(s wirecopy.Credit) {
	r := &d.rec
	if strings.ContainsFunc(s.Text, unicode.IsLetter) && !strings.Contains(r.SignOff, s.Text) {
		r.SignOff = strings.TrimSpace(s.Text + " " + r.SignOff)
	}
	r.Editors = union(r.Editors, s.Editors)
	r.Agencies = union(r.Agencies, s.Agencies)
	for _, p := range s.Authors {
		if !slices.ContainsFunc(r.Authors, func(q article.Person) bool { return q.Name == p.Name }) {
			r.Authors = append(r.Authors, p)
		}
	}
}

func union(list, more []string) []string {
	for _, s := range more {
		if s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
