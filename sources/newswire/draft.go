package newswire

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"wireroom/article"
	"wireroom/article/date"
	"wireroom/article/wirecopy"
	"wireroom/sources"
)

// draft is one item while it is read.
type draft struct {
	guid    string
	base    string
	rec     article.Record
	updated string // versionCreated as written
	created string // firstCreated as written
	blocks  []block

	contentURL   string           // where the text lies that the item does not hold
	script       string           // of a film, its body where it has no other
	photographer string           // credited for the pictures
	authored     bool             // the authors are known, the byline need not be read
	people       []article.Person // creators, authors where there is no byline
	located      []string         // where it was made, the dateline where the text has none
	asserted     map[string]*node // NewsML-G2's assertions by concept
}

func newDraft(o Options) *draft { return &draft{base: o.URL} }

// finish applies the conventions of wire copy and makes the item.
func (d *draft) finish() sources.Item {
	d.rec.Version = max(d.rec.Version, 1)
	d.caption()
	d.head()
	d.cutNonPublic()
	d.opening()
	d.bullets()
	d.derive()
	d.closing()
	d.credits()
	d.body()
	d.provenance()
	if d.rec.Language == "" {
		if d.rec.Language = tellLanguage(first(d.rec.Body.Text, d.rec.Standfirst, d.rec.Headline)); d.rec.Language != "" {
			d.rec.Provenance["language"] = "text"
		}
	}
	if d.rec.Body.Text != "" {
		d.contentURL = ""
	}
	return sources.Item{
		GUID: strings.TrimSpace(d.guid), Base: d.base, Record: d.rec, ContentURL: d.contentURL,
		PublishedText: first(d.created, d.updated), UpdatedText: d.updated,
	}
}

// head takes the marks off the headline; what they say counts where the wire's
// metadata says nothing.
func (d *draft) head() {
	r := &d.rec
	if r.Standfirst == r.Headline {
		r.Standfirst = ""
	}
	if r.Status == "" {
		r.Status = article.Usable
	}
	if r.Headline == "" {
		return
	}
	t := wirecopy.ReadHeadline(r.Headline)
	if t.Text != "" && t.Text != r.Headline {
		r.RawTitle, r.Headline = r.Headline, t.Text
	}
	d.marks(t)
	r.Keywords = append(r.Keywords, t.Topics...)
}

// caption makes the caption the text of an item that is a picture, film or sound.
func (d *draft) caption() {
	if r := &d.rec; d.media() != "" && len(d.blocks) == 0 && r.Standfirst != "" {
		d.blocks = lineBlocks(r.Standfirst)
		r.Standfirst = ""
	}
}

// derive makes a headline of the first words of a text that has none, without
// its dateline.
func (d *draft) derive() {
	r := &d.rec
	if r.Headline != "" || len(d.blocks) == 0 && r.Standfirst == "" {
		return
	}
	text := r.Standfirst
	for _, b := range d.blocks {
		if text == "" && b.text != "" {
			_, text, _ = wirecopy.Dateline(b.text)
		}
	}
	if r.Headline = article.FirstWords(fields(text), 12); r.Headline != "" {
		r.Derived = true
	}
}

// empty reports whether there is nothing in the item that could be published.
func (d *draft) empty() bool {
	r := &d.rec
	return r.Headline == "" && r.Standfirst == "" && len(d.blocks) == 0 && len(r.Images) == 0 && len(r.Media) == 0 && d.contentURL == ""
}

// marks takes what marks in a headline, a slug or on a line of their own say.
func (d *draft) marks(t wirecopy.Title) {
	r := &d.rec
	if r.Revision.Kind == "" || r.Revision.Kind == "new" {
		r.Revision.Kind = first(t.Revision.Kind, r.Revision.Kind)
	}
	if r.Revision.Number == 0 {
		r.Revision.Number = t.Revision.Number
	}
	if r.Urgency == 0 {
		r.Urgency = t.Urgency
	}
	if r.Genre == "" || r.Genre == "news" {
		r.Genre = first(t.Genre, r.Genre)
	}
	if r.Status == article.Usable && t.Status != "" {
		r.Status = t.Status
	}
	if t.Embargoed && r.Embargo.IsZero() && r.Status == article.Usable {
		if r.Embargo = instant(t.Embargo); r.Embargo.IsZero() {
			r.Status = article.Withheld
		}
	}
}

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

// credits reads the byline and completes the dateline's date.
func (d *draft) credits() {
	r := &d.rec
	if r.Byline != "" && !d.authored {
		authors, agencies := wirecopy.Byline(r.Byline)
		for _, p := range authors {
			i := slices.IndexFunc(r.Authors, func(q article.Person) bool { return strings.EqualFold(q.Name, p.Name) })
			if i < 0 {
				r.Authors = append(r.Authors, p)
				continue
			}
			r.Authors[i].Place = first(r.Authors[i].Place, p.Place)
			r.Authors[i].Role = first(r.Authors[i].Role, p.Role)
		}
		r.Agencies = union(r.Agencies, agencies)
	}
	if len(r.Authors) == 0 {
		r.Authors = d.people
	}
	if r.Dateline.Agency != "" {
		r.Agencies = union([]string{r.Dateline.Agency}, r.Agencies)
	}
	if r.Dateline.Text == "" && len(r.Dateline.Places) == 0 && d.media() == "" && r.Genre != "package" {
		for _, l := range d.located {
			r.Dateline.Places = union(r.Dateline.Places, wirecopy.ReadDateline(l).Places)
		}
	}
	for i := range r.Images {
		if r.Images[i].Credit == "" && r.Images[i].Caption != "" {
			r.Images[i].Caption, r.Images[i].Credit = wirecopy.PhotoCredit(r.Images[i].Caption)
		}
		r.Images[i].Credit = first(r.Images[i].Credit, d.photographer)
	}
	r.Dateline = wirecopy.Dated(r.Dateline, firstTime(r.Published, r.Updated))
}

func firstTime(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

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

// provenance says of every field that it came from the wire.
func (d *draft) provenance() {
	r := &d.rec
	p := map[string]string{}
	for name, has := range map[string]bool{
		"headline": r.Headline != "", "kicker": r.Kicker != "", "standfirst": r.Standfirst != "", "slugline": r.Slugline != "",
		"byline": r.Byline != "", "authors": len(r.Authors) > 0, "editors": len(r.Editors) > 0, "agencies": len(r.Agencies) > 0, "dateline": r.Dateline.Text != "",
		"published": !r.Published.IsZero(), "updated": !r.Updated.IsZero(), "embargo_until": !r.Embargo.IsZero(), "expires": !r.Expires.IsZero(),
		"status": r.Status != "", "revision": r.Revision != article.Revision{}, "urgency": r.Urgency > 0, "genre": r.Genre != "", "language": r.Language != "",
		"subjects": len(r.Subjects) > 0, "places": len(r.Places) > 0, "people": len(r.People) > 0, "organisations": len(r.Organisations) > 0, "keywords": len(r.Keywords) > 0,
		"body": r.Body.Text != "", "images": len(r.Images) > 0, "media": len(r.Media) > 0, "rights": r.Rights != article.Rights{}, "publisher": r.Publisher != article.Publisher{},
	} {
		if has {
			p[name] = "wire"
		}
	}
	if r.Derived {
		p["headline"] = "text"
	}
	r.Provenance = p
}

// instant reads a date of a wire, zero if it can't be read. Dates without a
// zone are UTC.
func instant(s string) time.Time {
	if s = strings.TrimSpace(s); s == "" {
		return time.Time{}
	}
	if t, ok := basic(s); ok {
		return t
	}
	r, err := date.Parse(s, date.DayFirst)
	if err != nil {
		return time.Time{}
	}
	return r.Time.UTC()
}

// basic reads ISO 8601's basic forms, which NewsML 1 and NITF use:
// 20190723T202119+0900, 20171220T134757Z, 20151210T191044.
func basic(s string) (time.Time, bool) {
	if len(s) < 8 || s[4] < '0' || s[4] > '9' {
		return time.Time{}, false
	}
	for _, layout := range [...]string{"20060102T150405Z0700", "20060102T150405Z07:00", "20060102T150405", "20060102T1504Z0700", "20060102T1504", "20060102T150405.999Z0700", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// atoi reads a number, 0 if it is none or negative.
func atoi(s string) int {
	s = strings.TrimSpace(s)
	n, err := strconv.Atoi(s)
	if err != nil {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f != f || f < 0 || f > 1<<40 {
			return 0
		}
		return int(f)
	}
	return max(n, 0)
}
