package feed

import (
	"strings"
	"time"

	"wireroom/article"
)

// entry is one article as all formats show it: clean, within its rights, the
// same id, title, link, dates, people and content everywhere.
type entry struct {
	rec *article.Record // for what only one format carries; not clean

	id, link, title, summary, content string
	lang                              string // where it differs from the feed's
	published, updated, expires       time.Time

	people       []person // credited for the text
	owner        person   // who stands for it where nobody is credited
	agencies     []string
	contributors []string // agencies, then the editors' initials
	categories   []category

	images []media
	others []media
	lead   *media // points into images

	source  origin
	rights  string // copyright and terms
	license string // a URL, or a name
	via     string
	replies string // a page of comments
	related []article.Link

	size int // bytes in the format where it is longest, at most
}

type person struct{ name, url string }

// category is a topic. scheme and code are set for coded ones: the scheme's IRI
// if we know it, and the scheme as the source named it.
type category struct{ name, code, scheme, raw string }

// origin is the feed that the article came from. feed is empty for a source that
// has none, such as an agency's directory; address then gives ours.
type origin struct {
	name, home, feed, id, rights string
	source                       string // id of the source in our config
}

// address is where the source's feed is, or our feed of its articles.
func (o *origin) address(s *Site, f Format) string {
	if o.feed != "" {
		return o.feed
	}
	return s.SourceFeedURL(o.source, f)
}

// newEntry makes the entry of a record, or returns nil for one that may not be
// published or has no id or no date.
func newEntry(r *article.Record, s *Site, feedLang string) *entry {
	if r.Status != article.Usable && r.Status != "" {
		return nil
	}
	e := &entry{rec: r, id: strings.TrimSpace(clean(r.ID))}
	if e.id == "" || !e.dates(r) {
		return nil
	}
	mode := r.Rights.Republish
	if mode != article.Full && mode != article.LinkOnly {
		mode = article.Summary
	}
	e.title = line(r.Headline)
	if mode != article.LinkOnly {
		if e.summary = prose(r.Standfirst, maxSummary); e.summary == "" {
			e.summary = excerpt(r.Body.Text)
		}
	}
	e.links(r, s)
	if e.lang = languageTag(r.Language); strings.EqualFold(e.lang, feedLang) {
		e.lang = ""
	}
	e.credits(r, s)
	e.categories = categoriesOf(r)
	if mode != article.LinkOnly {
		seen := map[string]bool{}
		e.images = mediaOf(r.Images, "image", seen)
		e.others = mediaOf(r.Media, "document", seen)
		e.lead = leadOf(e.images)
	}
	if e.title == "" { // RFC 4287 wants one; readers show nothing else in a list
		if e.title = article.FirstWords(e.summary, 12); e.title == "" {
			e.title = e.source.name
		}
	}
	e.content = e.makeContent(r, mode)
	if mode == article.Full && len(e.content) > MaxBytes/2 {
		e.content = e.makeContent(r, article.Summary) // HTML is never cut
	}
	e.size = e.bound()
	return e
}

// dates sets published, updated and expires, whole seconds in UTC, and reports
// whether there is any date.
func (e *entry) dates(r *article.Record) bool {
	for _, t := range [...]time.Time{r.Published, r.FirstSeen, r.Updated} {
		if e.published = second(t); !e.published.IsZero() {
			break
		}
	}
	if e.published.IsZero() {
		return false
	}
	if e.updated = second(r.Updated); e.updated.Before(e.published) {
		e.updated = e.published
	}
	e.expires = second(r.Expires)
	return true
}

// second is t in the resolution of every format, or zero if RFC 3339 can't say it.
func second(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	t = t.UTC().Truncate(time.Second)
	if y := t.Year(); y < 1 || y > 9999 {
		return time.Time{}
	}
	return t
}

func (e *entry) links(r *article.Record, s *Site) {
	e.link = webURL(r.Links.Canonical)
	via := webURL(r.Links.Via)
	if e.link == "" {
		e.link = via
	}
	if e.link == "" {
		e.link = s.ArticleURL(e.id)
	}
	if via != e.link {
		e.via = via
	}
	if e.replies = webURL(r.Links.Comments); e.replies == e.link {
		e.replies = ""
	}
	seen := map[string]bool{e.link: true, "": true}
	relate := func(u, title string) {
		if u = webURL(u); !seen[u] && len(e.related) < maxList {
			seen[u] = true
			e.related = append(e.related, article.Link{URL: u, Title: line(title)})
		}
	}
	for _, l := range r.Links.Related {
		relate(l.URL, l.Title)
	}
	for _, a := range r.Story.Also {
		title := a.Title
		if title == "" {
			title = a.Source
		}
		relate(a.URL, title)
	}
}

// maxList bounds the lists of an entry; no honest article comes near it.
const maxList = 100

// first is at most maxList of a list.
func first[T any](list []T) []T { return list[:min(len(list), maxList)] }

// lines cleans a list and leaves out what is empty.
func lines(list []string) []string {
	var out []string
	for _, s := range first(list) {
		if s = line(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (e *entry) credits(r *article.Record, s *Site) {
	e.source = originOf(r, s)
	e.owner = person{name: line(r.Publisher.Name), url: webURL(r.Publisher.URL)}
	if e.owner.name == "" {
		e.owner = person{name: e.source.name, url: e.source.home}
	}
	for _, p := range first(r.Authors) {
		if name := nameOf(p.Name); name != "" {
			e.people = append(e.people, person{name: name, url: webURL(p.URL)})
		}
	}
	if len(e.people) == 0 {
		if name := nameOf(r.Byline); name != "" {
			e.people = []person{{name: name}}
		}
	}
	e.agencies = lines(r.Agencies)
	e.contributors = append(e.contributors, e.agencies...)
	e.contributors = append(e.contributors, lines(r.Editors)...)
	e.rights = line(r.Rights.Copyright)
	if e.rights == "" {
		e.rights = e.source.rights
	}
	if terms := line(r.Rights.Terms); terms != "" && terms != e.rights {
		if e.rights != "" {
			e.rights += " · "
		}
		e.rights += terms
	}
	if e.license = webURL(r.Rights.License); e.license == "" {
		e.license = line(r.Rights.License)
	}
}

// originOf is the source of a record.
func originOf(r *article.Record, s *Site) origin {
	o := origin{
		name: line(r.Source.Name), home: webURL(r.Source.URL), feed: webURL(r.Source.FeedURL),
		id: strings.TrimSpace(clean(r.Source.FeedID)), rights: line(r.Source.Rights), source: r.Source.ID,
	}
	if o.home == "" {
		o.home = webURL(r.Publisher.URL)
	}
	for _, n := range [...]string{r.Publisher.Name, hostOf(o.home), hostOf(o.feed), r.Source.ID} {
		if o.name == "" {
			o.name = line(n)
		}
	}
	if !isID(o.id) {
		o.id = o.feed
	}
	if o.id == "" {
		o.id = s.FeedID(sourceChannel(o.source))
	}
	if o.name == "" {
		o.name = s.name()
	}
	return o
}

// appendCredits writes who is credited and on what terms, which leaves with
// every entry whatever the rights: the source, the agencies, the copyright, the
// terms and the licence.
func (e *entry) appendCredits(out []byte) []byte {
	out = append(out, `<p><small><a href="`...)
	out = append(appendText(out, e.link), `">`...)
	out = append(appendText(out, e.source.name), "</a>"...)
	if len(e.agencies) > 0 {
		out = append(appendText(append(out, " ("...), strings.Join(e.agencies, ", ")), ')')
	}
	if e.rights != "" {
		out = appendText(append(out, " · "...), e.rights)
	}
	switch {
	case e.license == "":
	case isWebURL(e.license):
		out = appendText(append(out, ` · <a href="`...), e.license)
		out = append(appendText(append(out, `">`...), licenseName(e.license)), "</a>"...)
	default:
		out = appendText(append(out, " · "...), e.license)
	}
	return append(out, "</small></p>"...)
}

// licenseName is what people call a licence: "CC BY-SA 4.0" for the addresses of
// Creative Commons, else the address without its scheme.
func licenseName(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	if path, ok := strings.CutPrefix(strings.TrimPrefix(rest, "www."), "creativecommons.org/licenses/"); ok {
		if kind, version, ok := strings.Cut(strings.Trim(path, "/"), "/"); ok {
			version, _, _ = strings.Cut(version, "/")
			return "CC " + strings.ToUpper(kind) + " " + version
		}
	}
	return strings.TrimRight(rest, "/")
}

// bound is an upper bound of the entry's bytes in the format where it is
// longest: each byte that some encoder escapes counts with its longest escape.
func (e *entry) bound() int {
	n := 3000 + 3*escaped(e.title) + 2*escaped(e.summary) + escaped(e.content) + 2*len(e.id) + 4*len(e.link)
	n += 4 * (escaped(e.rights) + len(e.source.name) + len(e.source.feed) + len(e.source.home) + len(e.source.id))
	for _, c := range e.categories {
		n += 100 + 2*escaped(c.name) + len(c.code) + len(c.scheme)
	}
	for _, list := range [][]media{e.images, e.others} {
		for i := range list {
			m := &list[i]
			n += 700 + 3*len(m.url) + escaped(m.caption) + 2*escaped(m.credit) + 2*escaped(m.copyright) + escaped(m.title) + len(m.thumbnail)
		}
	}
	for _, l := range e.related {
		n += 200 + 2*len(l.URL) + 2*escaped(l.Title)
	}
	for _, p := range e.people {
		n += 100 + 2*escaped(p.name) + len(p.url)
	}
	for _, c := range e.contributors {
		n += 100 + 4*escaped(c)
	}
	r := e.rec
	for _, s := range [...]string{r.Revision.Note, r.Byline, r.Kicker, r.Slugline, r.Dateline.Text} {
		n += min(2*len(s), 3*maxSummary)
	}
	return n
}

// escaped is the longest that s gets in XML or JSON.
func escaped(s string) int {
	n := len(s)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&', '<', '>', '"', '\'', '\t':
			n += 5
		case '\\', '\n':
			n++
		}
	}
	return n
}
