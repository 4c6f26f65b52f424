package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"wireroom/article"
)

// Card is what a page for people shows of one article in a list: plain clean
// text and checked addresses, no more than the source's rights let out. It does
// without the article's text, whose HTML is the dear part of an entry.
type Card struct {
	ID, Link         string // Link is the original where it has an address, else our own page
	Whole            bool   // the text may be read at our place
	Kicker, Headline string
	Summary          string
	Language         string // BCP 47; may be empty
	SourceID, Source string
	Agencies, People []string
	Topics           []string // what article.Query.Topics finds it by, as people write it

	Published, Updated, FirstSeen time.Time

	Urgency     int
	Story, Text string // as in article.Story
	Also        []article.Also
	Picture     *Picture // the one that stands first; nil: none
}

// Picture is one that is linked to, with what is said about it.
type Picture struct {
	URL, Alt, Caption, Credit string
	Width, Height             int // pixels; 0: not known
}

// NewCard makes the card of a record, or reports false for one that may not be
// published.
func NewCard(s *Site, r *article.Record) (Card, bool) {
	e := outline(r, s, "")
	if e == nil {
		return Card{}, false
	}
	c := Card{
		ID: e.id, Link: e.link, Whole: rightsOf(r) == article.Full,
		Kicker: line(r.Kicker), Headline: e.title, Summary: e.summary, Language: e.lang,
		SourceID: e.source.source, Source: e.source.name, Agencies: e.agencies,
		Published: e.published, Updated: e.updated, FirstSeen: r.FirstSeen,
		Urgency: r.Urgency, Story: r.Story.ID, Text: r.Story.Text,
	}
	for _, p := range e.people {
		c.People = append(c.People, p.name)
	}
	c.Topics = topicsOf(r)
	for _, a := range first(r.Story.Also) {
		if u := webURL(a.URL); u != "" && u != e.link {
			c.Also = append(c.Also, article.Also{Source: line(a.Source), URL: u, Title: line(a.Title)})
		}
	}
	if m := e.lead; m != nil {
		c.Picture = &Picture{URL: m.url, Alt: m.alt, Caption: m.caption, Credit: m.credit, Width: m.width, Height: m.height}
		if c.Picture.Credit == "" {
			c.Picture.Credit = m.copyright
		}
		if strings.Contains(m.caption, c.Picture.Credit) {
			c.Picture.Credit = "" // it is said already
		}
	}
	return c, true
}

// topicsOf are the names of the subjects, the kicker and the keywords, each once.
func topicsOf(r *article.Record) []string {
	var out []string
	add := func(name string) {
		same := func(has string) bool { return strings.EqualFold(has, name) }
		if name = line(name); name != "" && len(out) < maxList && !slices.ContainsFunc(out, same) {
			out = append(out, name)
		}
	}
	for _, s := range first(r.Subjects) {
		add(cmp.Or(s.Name, s.Code))
	}
	add(r.Kicker)
	for _, k := range first(r.Keywords) {
		add(k)
	}
	return out
}
