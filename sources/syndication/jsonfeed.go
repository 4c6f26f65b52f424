package syndication

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	gofeedjson "github.com/mmcdole/gofeed/json"

	"wireroom/article"
)

// readJSON reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1).
func (f *reading) readJSON() error {
	body := bytes.TrimSpace(f.r.Body)
	if len(body) > 0 && body[0] == '[' { // the items alone
		body = append(append([]byte(`{"version":"`+jsonVersion+`","items":`), body...), '}')
	}
	feed, hubs, err := f.parseJSON(body)
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	if feed.Items == nil && !strings.Contains(feed.Version, "jsonfeed.org") {
		return fmt.Errorf("the JSON has neither a JSON Feed's version nor items: %w", ErrNotAFeed)
	}
	d := &f.doc
	d.Title = article.Line(feed.Title)
	f.home(feed.HomePageURL)
	d.Self = f.resolve(feed.FeedURL)
	d.ID = verbatim(feed.FeedURL) // "serves as the unique identifier for the feed"
	d.NextURL = f.resolve(feed.NextURL)
	d.Icon = f.picture(feed.Icon)
	first(&d.Icon, f.picture(feed.Favicon))
	d.Expired = feed.Expired
	f.speak(feed.Language)
	f.jsonHubs(hubs)

	for i, it := range feed.Items {
		if it == nil {
			it = new(gofeedjson.Item)
		}
		b := f.item(f.entry(i, len(feed.Items)))
		b.json(it, feed)
		b.close()
	}
	return nil
}

const jsonVersion = "https://jsonfeed.org/version/1.1"

// parseJSON reads the members of the feed, and the value of one that gofeed has not:
// hubs.
func (f *reading) parseJSON(body []byte) (feed *gofeedjson.Feed, hubs []byte, err error) {
	if !f.long {
		if feed, hubs, ok := readPlainJSON(body, len(f.r.Entries)); ok {
			return feed, hubs, nil
		}
	}
	if feed, err = new(gofeedjson.Parser).Parse(bytes.NewReader(body)); err != nil {
		return nil, nil, err
	}
	var more struct {
		Hubs json.RawMessage `json:"hubs"`
	}
	err = json.Unmarshal(body, &more)
	return feed, more.Hubs, err
}

// jsonHubs reads the hubs of the WebSub kind, as objects or, in the wild, as addresses
// alone.
func (f *reading) jsonHubs(hubs []byte) {
	if len(hubs) == 0 {
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(hubs, &list) != nil {
		list = []json.RawMessage{hubs}
	}
	for _, raw := range list {
		var hub struct {
			Type string `json:"type"`
			URL  string `json:"url"`
		}
		if json.Unmarshal(raw, &hub) != nil && json.Unmarshal(raw, &hub.URL) != nil {
			continue
		}
		switch strings.ToLower(hub.Type) {
		case "", "websub", "pubsubhubbub":
			f.doc.Hubs = unique(f.doc.Hubs, f.resolve(hub.URL))
		}
	}
}

func (b *builder) json(it *gofeedjson.Item, feed *gofeedjson.Feed) {
	r := &b.it.Record
	b.it.GUID = verbatim(it.ID)
	first(&b.it.GUID, verbatim(b.entry.ID))
	r.Headline = words{value: it.Title, plain: true}.line()
	b.speak(it.Language)

	content := piece{words{value: article.Cut(it.ContentHTML, maxContent), isHTML: true}, "content_html"}
	if content.empty() {
		content = piece{words{value: article.Cut(it.ContentText, maxContent), plain: true}, "content_text"}
	}
	b.body(content, piece{words{value: article.Cut(it.Summary, maxContent), plain: true}, "summary"})

	r.Links.Canonical = b.resolve("url", it.URL)
	external := b.resolve("external_url", it.ExternalURL)
	switch {
	case r.Links.Canonical == "" && webAddress(b.it.GUID): // "ideally, the id is the full URL"
		r.Links.Canonical = b.resolve("id", b.it.GUID)
	case r.Links.Canonical == "":
		r.Links.Canonical = external
	}
	if external != "" && external != r.Links.Canonical {
		r.Links.Related = append(r.Links.Related, article.Link{URL: external})
	}

	b.named(b.jsonPeople(it.Authors, it.Author, feed.Authors, feed.Author))
	for _, t := range it.Tags {
		b.subject("", "", t)
	}
	b.add(article.Media{URL: b.resolve("image", it.Image), Medium: "image", Role: "lead"})
	b.add(article.Media{URL: b.resolve("banner_image", it.BannerImage), Medium: "image"})
	if it.Attachments != nil {
		b.attachments(*it.Attachments)
	}
	b.published, b.updated = dateTexts(it.DatePublished), dateTexts(it.DateModified)
}

func dateTexts(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// jsonPeople are the item's authors, else the feed's; 1.0 had one author.
func (b *builder) jsonPeople(list []*gofeedjson.Author, single *gofeedjson.Author, feed []*gofeedjson.Author, feedSingle *gofeedjson.Author) []article.Person {
	for _, l := range [...][]*gofeedjson.Author{list, {single}, feed, {feedSingle}} {
		var people []article.Person
		for _, a := range l {
			if a != nil && strings.TrimSpace(a.Name) != "" {
				people = append(people, article.Person{Name: a.Name, URL: b.resolve("author", a.URL)})
			}
		}
		if len(people) > 0 {
			return people
		}
	}
	return nil
}

// attachments are media; those that share a title are renditions of one thing.
func (b *builder) attachments(list []gofeedjson.Attachments) {
	titles := make(map[string]int)
	for _, a := range list {
		titles[a.Title]++
	}
	for i, a := range list {
		m := article.Media{
			URL: b.resolve("attachments", a.URL), Type: a.MimeType, Title: article.Line(a.Title),
			Length: max(a.SizeInBytes, 0), Duration: int(min(max(a.DurationInSeconds, 0), 1<<31-1)),
		}
		if a.Title != "" && titles[a.Title] > 1 {
			m.Group = "g" + strconv.Itoa(firstTitled(list, a.Title, i)+1)
		}
		b.add(m)
	}
}

func firstTitled(list []gofeedjson.Attachments, title string, or int) int {
	for i, a := range list {
		if a.Title == title {
			return i
		}
	}
	return or
}
