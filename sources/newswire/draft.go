package newswire

import (
	"slices"
	"strconv"
	"strings"
	"time"

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

	left         *int             // see Options
	contentURL   string           // where the text lies that the item does not hold
	script       string           // of a film, its body where it has no other
	photographer string           // credited for the pictures
	authored     bool             // the authors are known, the byline need not be read
	people       []article.Person // creators, authors where there is no byline
	located      []string         // where it was made, the dateline where the text has none
	asserted     map[string]*node // NewsML-G2's assertions by concept
}

func newDraft(o Options) *draft { return &draft{base: o.URL, left: o.left} }

// finish applies the conventions of wire copy and makes the item.
func (d *draft) finish() sources.Item {
	d.rec.Version = max(d.rec.Version, 1)
	if !d.rec.Updated.IsZero() {
		d.updated = first(d.updated, d.created)
	}
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
	if d.rec.Body.Text != "" || d.rec.Status == article.Canceled {
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
		if c := r.Images[i].Caption; c != "" {
			if caption, credit := wirecopy.PhotoCredit(c); credit != "" {
				r.Images[i].Caption, r.Images[i].Credit = caption, first(r.Images[i].Credit, credit)
			}
		}
		r.Images[i].Credit = first(r.Images[i].Credit, d.photographer)
	}
	r.Dateline = wirecopy.Dated(r.Dateline, firstTime(r.Updated, r.Published))
}

func firstTime(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
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
