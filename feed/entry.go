package feed

import (
	"strings"
	"sync"
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

	encoding  sync.Once // see encode
	encoded   []byte    // in JSON Feed
	unencoded error
}

type person struct{ name, url string }

// category is a topic. scheme and code are set for coded ones: the scheme's IRI
// if we know it, and the scheme as the source named it.
type category struct{ name, code, scheme, raw string }

// newEntry makes the entry of a record, or returns nil for one that may not be
// published or has no id or no date.
func newEntry(r *article.Record, s *Site, feedLang string) *entry {
	e := outline(r, s, feedLang)
	if e == nil {
		return nil
	}
	mode := rightsOf(r)
	e.content = e.makeContent(r, mode)
	if mode == article.Full && len(e.content) > MaxBytes/2 {
		e.content = e.makeContent(r, article.Summary) // HTML is never cut
	}
	e.size = e.bound(s)
	return e
}

// rightsOf is how much of a record leaves; the summary where nothing is said.
func rightsOf(r *article.Record) article.Republish {
	if m := r.Rights.Republish; m == article.Full || m == article.LinkOnly {
		return m
	}
	return article.Summary
}

// outline makes an entry without its content.
func outline(r *article.Record, s *Site, feedLang string) *entry {
	if r.Status != article.Usable && r.Status != "" {
		return nil
	}
	e := &entry{rec: r, id: strings.TrimSpace(clean(r.ID))}
	if e.id == "" || !e.dates(r) {
		return nil
	}
	mode := rightsOf(r)
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
