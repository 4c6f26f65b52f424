package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/feeds"

	"wireroom/article"
)

// jsonFeed extends feeds.JSONFeed, whose items it shadows: there must be an
// array even where there are none.
type jsonFeed struct {
	feeds.JSONFeed
	Items []jsonItem `json:"items"`
}

// jsonItem extends feeds.JSONItem.
type jsonItem struct {
	feeds.JSONItem
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
	Source      *jsonSource      `json:"_source,omitempty"`
	Credits     *jsonCredits     `json:"_credits,omitempty"`
	News        *jsonNews        `json:"_news,omitempty"`
}

type jsonAttachment struct {
	URL      string `json:"url"`
	MIMEType string `json:"mime_type"`
	Title    string `json:"title,omitempty"`
	Size     int64  `json:"size_in_bytes,omitempty"`
	Duration int    `json:"duration_in_seconds,omitempty"`
}

// jsonSource says where an item was read.
type jsonSource struct {
	About   string `json:"about"`
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	FeedURL string `json:"feed_url,omitempty"`
	ID      string `json:"id,omitempty"`
}

// jsonCredits says who made an item and on what terms it may be used.
type jsonCredits struct {
	About     string            `json:"about"`
	Byline    string            `json:"byline,omitempty"`
	Agencies  []string          `json:"agencies,omitempty"`
	Editors   []string          `json:"editors,omitempty"`
	Publisher string            `json:"publisher,omitempty"`
	Rights    string            `json:"rights,omitempty"`
	License   string            `json:"license,omitempty"`
	Images    []jsonImageCredit `json:"images,omitempty"`
}

type jsonImageCredit struct {
	URL       string `json:"url"`
	Caption   string `json:"caption,omitempty"`
	Credit    string `json:"credit,omitempty"`
	Copyright string `json:"copyright,omitempty"`
}

// jsonNews is what the wire knows of an item and JSON Feed has no name for.
type jsonNews struct {
	About    string            `json:"about"`
	Version  int               `json:"version,omitempty"`
	Revision *article.Revision `json:"revision,omitempty"`
	Urgency  int               `json:"urgency,omitempty"`
	Genre    string            `json:"genre,omitempty"`
	Kicker   string            `json:"kicker,omitempty"`
	Slugline string            `json:"slugline,omitempty"`
	Dateline *article.Dateline `json:"dateline,omitempty"`
	Subjects []article.Subject `json:"subjects,omitempty"`
	Expires  *time.Time        `json:"expires,omitempty"`
	Via      string            `json:"via,omitempty"`
	Short    string            `json:"short,omitempty"`
	Comments string            `json:"comments,omitempty"`
	Related  []article.Link    `json:"related,omitempty"`
	Story    string            `json:"story,omitempty"`
}

// json renders JSON Feed 1.1.
func (d *Document) json() ([]byte, error) {
	art := d.channel.art(&d.site)
	f := jsonFeed{
		JSONFeed: feeds.JSONFeed{
			Version: "https://jsonfeed.org/version/1.1", Title: d.channel.title(), Language: d.lang,
			HomePageUrl: d.site.PageURL(&d.channel), FeedUrl: d.url(JSON, d.nav.Self),
			Description: d.channel.description(), NextUrl: d.nextURL(),
			Icon: art.Icon, Favicon: art.Favicon,
			Authors: []*feeds.JSONAuthor{{Name: d.site.name(), Url: d.site.base() + "/"}},
		},
		Items: []jsonItem{},
	}
	if hub := d.hub(); hub != "" {
		f.Hubs = []*feeds.JSONHub{{Type: "WebSub", Url: hub}}
	}
	// The items are the last member: they go between its brackets, each as it was
	// made once.
	head, err := encodeJSON(&f)
	head = bytes.TrimSuffix(head, []byte("]}"))
	size := len(head) + len("]}\n")
	for _, e := range d.entries {
		err = errors.Join(err, e.encode(&d.site))
		size += len(e.encoded) + len(",")
	}
	if err != nil {
		return nil, fmt.Errorf("render feed %q as JSON Feed: %w", d.channel.ID, err)
	}
	out := append(make([]byte, 0, size), head...)
	for i, e := range d.entries {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, e.encoded...)
	}
	return append(out, "]}\n"...), nil
}

// encode makes the entry's JSON, once.
func (e *entry) encode(s *Site) error {
	e.encoding.Do(func() { e.encoded, e.unencoded = encodeJSON(e.json(s)) })
	return e.unencoded
}

// encodeJSON is v as JSON without more escapes than it needs, in as much memory.
func encodeJSON(v any) ([]byte, error) {
	b := scratch.Get().(*bytes.Buffer)
	defer scratch.Put(b)
	b.Reset()
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// nextURL is the document with the items before these: the next page, or the
// newest archive that is older.
func (d *Document) nextURL() string {
	switch {
	case d.whole:
	case d.nav.Next != nil:
		return d.url(JSON, *d.nav.Next)
	case d.nav.PrevArchive != nil:
		return d.url(JSON, *d.nav.PrevArchive)
	}
	return ""
}

func (e *entry) json(s *Site) jsonItem {
	published, updated := e.published, e.updated
	it := jsonItem{
		JSONItem: feeds.JSONItem{
			Id: e.id, Url: e.link, Title: e.title, ContentHTML: e.content, Summary: e.summary,
			PublishedDate: &published, ModifiedDate: &updated,
		},
		Language: e.lang, Credits: e.jsonCredits(s), News: e.jsonNews(s),
		Source: &jsonSource{About: s.about(), Name: e.source.name, URL: e.source.home,
			FeedURL: e.source.address(s, JSON), ID: line(e.source.source)},
	}
	if e.lead != nil {
		it.Image = e.lead.url
	}
	for _, p := range e.people {
		it.Authors = append(it.Authors, &feeds.JSONAuthor{Name: p.name, Url: p.url})
	}
	if len(it.Authors) == 0 { // or the feed's author would pass for the item's
		it.Authors = []*feeds.JSONAuthor{{Name: e.owner.name, Url: e.owner.url}}
	}
	for i := range e.categories {
		it.Tags = append(it.Tags, e.categories[i].name)
	}
	for i := range e.others {
		if m := &e.others[i]; m.mime != "" {
			it.Attachments = append(it.Attachments, jsonAttachment{m.url, m.mime, m.title, m.length, m.duration})
		}
	}
	return it
}

func (e *entry) jsonCredits(s *Site) *jsonCredits {
	c := &jsonCredits{
		About: s.about(), Byline: line(e.rec.Byline), Agencies: e.agencies, Editors: e.contributors[len(e.agencies):],
		Publisher: line(e.rec.Publisher.Name), Rights: e.rights, License: e.license,
	}
	for i := range e.images {
		if m := &e.images[i]; m.credit != "" || m.copyright != "" {
			c.Images = append(c.Images, jsonImageCredit{m.url, m.caption, m.credit, m.copyright})
		}
	}
	return c
}

func (e *entry) jsonNews(s *Site) *jsonNews {
	r := e.rec
	n := &jsonNews{
		About: s.about(), Version: r.Version, Urgency: r.Urgency, Genre: line(r.Genre), Kicker: line(r.Kicker),
		Slugline: line(r.Slugline), Via: e.via, Short: webURL(r.Links.Short), Comments: e.replies, Related: e.related,
		Story: line(r.Story.ID),
	}
	if r.Revision.Kind != "" || r.Revision.Note != "" {
		n.Revision = &article.Revision{Kind: line(r.Revision.Kind), Number: r.Revision.Number, Note: prose(r.Revision.Note, maxSummary)}
	}
	if d := cleanDateline(r.Dateline); d.Text != "" || len(d.Places) > 0 {
		n.Dateline = &d
	}
	for _, c := range first(r.Subjects) {
		n.Subjects = append(n.Subjects, article.Subject{Scheme: line(c.Scheme), Code: line(c.Code), Name: line(c.Name)})
	}
	if !e.expires.IsZero() {
		n.Expires = &e.expires
	}
	return n
}

func cleanDateline(d article.Dateline) article.Dateline {
	return article.Dateline{Text: line(d.Text), Places: lines(d.Places), Date: line(d.Date), Agency: line(d.Agency)}
}
