package server

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// articleView is what only the page of an article has: the record within its
// rights.
type articleView struct {
	*itemView
	Content  template.HTML
	Original string // where the source has it
	Facts    []factView
	Versions []versionView // the newest first; empty if there is only one
	JSON     string        // address of the record
}

// factView is a line of the record.
type factView struct {
	Name   string
	Values []linkView
	Date   dateView
}

// versionView is one version of an article, and what made it another one.
type versionView struct {
	Number   int
	Date     dateView
	Kind     string
	Note     string
	Headline string // if it changed
	Changes  string
}

// maxFacts bounds each list of the record's page.
const maxFacts = 40

// factsOf lists what is known of an article. The values that feeds can be
// narrowed by lead to the articles that have them too.
func factsOf(ed *edition, r *article.Record) []factView {
	var list []factView
	add := func(name string, values ...linkView) {
		values = slices.DeleteFunc(values, func(l linkView) bool { return l.Name == "" })
		if len(values) > 0 {
			list = append(list, factView{Name: name, Values: values[:min(len(values), maxFacts)]})
		}
	}
	date := func(name string, t time.Time) {
		if !t.IsZero() {
			list = append(list, factView{Name: name, Date: dateOf(t)})
		}
	}
	narrowed := func(parameter string) func(string) linkView {
		page := ""
		if f := ed.main(); f != nil {
			page = ed.local(ed.site.PageURL(&f.channel))
		}
		return func(v string) linkView {
			if page == "" || len(v) > maxValue {
				return linkView{Name: v}
			}
			return linkView{Name: v, URL: address(page, map[string][]string{parameter: {v}})}
		}
	}
	plain := func(v string) linkView { return linkView{Name: v} }

	source := narrowed("source")(r.Source.ID)
	source.Name = cmp.Or(r.Source.Name, r.Source.ID)
	add("Source", source)
	if r.Publisher.Name != r.Source.Name {
		add("Publisher", linkView{Name: r.Publisher.Name, URL: r.Publisher.URL})
	}
	add("Agencies", each(r.Agencies, narrowed("agency"))...)
	for i := range r.Authors {
		p := &r.Authors[i]
		add("Author", linkView{Name: strings.Trim(strings.Join([]string{p.Name, p.Role, p.Place}, ", "), ", "), URL: p.URL})
	}
	date("Published", r.Published)
	if r.Updated.After(r.Published) {
		date("Updated", r.Updated)
	}
	date("First read here", r.FirstSeen)
	if r.Language != "" {
		add("Language", linkView{Name: languageName(r.Language), Lang: r.Language, Dir: side(r.Language)})
	}
	add("Genre", plain(r.Genre))
	if r.Urgency > 0 {
		add("Urgency", plain(fmt.Sprint(r.Urgency)))
	}
	if r.Rights.Republish != article.LinkOnly {
		add("Dateline", plain(r.Dateline.Text))
		add("Signed off", plain(cmp.Or(r.SignOff, strings.Join(r.Editors, "/"))))
	}
	var topics []string
	for _, s := range r.Subjects {
		topics = append(topics, cmp.Or(s.Name, s.Code))
	}
	add("Topics", each(append(topics, r.Keywords...), narrowed("topic"))...)
	add("Places", each(r.Places, plain)...)
	add("People", each(r.People, plain)...)
	add("Organisations", each(r.Organisations, plain)...)
	if r.Rights.Republish != article.LinkOnly {
		var media, related []linkView
		for i := range r.Media {
			m := &r.Media[i]
			media = append(media, linkView{Name: strings.Join(filled(m.Medium, m.Title, m.Credit), ", "), URL: m.URL, Type: m.Type})
		}
		add("Media", media...)
		for _, l := range r.Links.Related {
			related = append(related, linkView{Name: cmp.Or(l.Title, l.URL), URL: l.URL})
		}
		add("Related", related...)
	}
	add("Copyright", plain(cmp.Or(r.Rights.Copyright, r.Source.Rights)))
	add("Terms", plain(r.Rights.Terms))
	license := linkView{Name: r.Rights.License}
	if strings.HasPrefix(license.Name, "http") {
		license.URL = license.Name
	}
	add("Licence", license)
	add("Identifier", plain(r.ID))
	return list
}

func each(list []string, make func(string) linkView) []linkView {
	out := []linkView{}
	for _, v := range list {
		out = append(out, make(v))
	}
	return out
}

// filled are the words that aren't empty.
func filled(words ...string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// versionsOf tells the history of an article, the newest version first. Versions
// that were withheld are left out; what a correction put right is not shown
// again, only that it was.
func versionsOf(history []article.Record, now time.Time) []versionView {
	history = slices.DeleteFunc(slices.Clone(history), func(r article.Record) bool {
		return r.Status == article.Withheld || r.Status == article.Canceled || r.Embargo.After(now)
	})
	if len(history) < 2 {
		return nil
	}
	corrected := 0 // versions before this one were wrong
	for i := range history {
		if k := history[i].Revision.Kind; k == "correction" || k == "refile" {
			corrected = i
		}
	}
	var out []versionView
	for i := range history {
		r := &history[i]
		v := versionView{Number: r.Version, Date: dateOf(r.Updated), Kind: r.Revision.Kind, Note: r.Revision.Note}
		if i == 0 {
			v.Kind = cmp.Or(v.Kind, "first")
		} else {
			v.Changes = strings.Join(changes(&history[i-1], r), ", ")
		}
		if i >= corrected && (i == 0 || i == corrected || history[i-1].Headline != r.Headline) {
			v.Headline = r.Headline
		}
		out = append(out, v)
	}
	slices.Reverse(out)
	return out
}

// changes names what differs between two versions.
func changes(a, b *article.Record) []string {
	var out []string
	if a.Headline != b.Headline {
		out = append(out, "headline")
	}
	if a.Standfirst != b.Standfirst {
		out = append(out, "standfirst")
	}
	if a.Body.Text != b.Body.Text {
		word := "text"
		if n := b.Body.WordCount - a.Body.WordCount; n != 0 && a.Body.WordCount > 0 && b.Body.WordCount > 0 {
			word += fmt.Sprintf(" (%+d words)", n)
		}
		out = append(out, word)
	}
	if !slices.EqualFunc(a.Images, b.Images, func(x, y article.Media) bool { return x.URL == y.URL && x.Caption == y.Caption && x.Credit == y.Credit }) {
		out = append(out, "pictures")
	}
	if a.Byline != b.Byline || !slices.Equal(a.Authors, b.Authors) || !slices.Equal(a.Agencies, b.Agencies) {
		out = append(out, "credits")
	}
	return out
}

// maxTellers is how many other articles of the story an article's page shows.
const maxTellers = 12

// further are the other articles of a story.
func (s *Server) further(ctx context.Context, ed *edition, r *article.Record, own *itemView) ([]furtherView, error) {
	if r.Story.ID == "" {
		return own.Further, nil
	}
	list, err := s.Store.Select(ctx, article.Query{Stories: []string{r.Story.ID}, Now: time.Now(), Limit: maxTellers + 1})
	if err != nil {
		return nil, fmt.Errorf("select the story %s: %w", r.Story.ID, err)
	}
	for i := range list {
		if it := itemOf(ed, &list[i]); it != nil && it.ID != own.ID {
			own.tell(furtherView{it.Source, it.Headline, it.URL, it.Language, it.Dir, it.Text != "" && it.Text == own.Text})
		}
	}
	return own.Further[:min(len(own.Further), maxTellers)], nil
}

// recordView is the page of an article.
func (s *Server) recordView(ctx context.Context, ed *edition, r article.Record) (*articleView, error) {
	it := itemOf(ed, &r)
	if it == nil {
		return nil, feed.ErrUnpublishable
	}
	history, err := s.Store.History(ctx, r.ID)
	if err != nil {
		return nil, fmt.Errorf("read the versions of %s: %w", r.ID, err)
	}
	for _, a := range it.Also {
		it.tell(furtherView{Source: a.Source, Title: a.Title, URL: a.URL})
	}
	if it.Further, err = s.further(ctx, ed, &r, it); err != nil {
		return nil, err
	}
	return &articleView{
		itemView: it, Original: r.Links.Canonical, Facts: factsOf(ed, &r), Versions: versionsOf(history, time.Now()),
		Content: template.HTML(feed.ArticleHTML(ed.site, r)), // sanitised by the feed room
		JSON:    ed.local(ed.site.ArticleURL(r.ID)) + ".json",
	}, nil
}
