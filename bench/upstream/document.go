package upstream

import (
	"encoding/json"
	"fmt"
	"html"
	"time"
)

// document writes an edition of a feed.
func (s *Site) document(feed, edition int) []byte {
	list := make([]story, Items)
	for i := range list { // newest first
		list[i] = s.story(feed, News*edition+Items-1-i)
	}
	title := fmt.Sprintf("Paper %d", feed)
	home := fmt.Sprintf("https://news%d.example/", feed/10)
	switch formatOf(feed) {
	case rss:
		return rssDocument(title, home, list)
	case atom:
		return atomDocument(title, home, list)
	}
	return jsonDocument(title, home, list)
}

func rssDocument(title, home string, list []story) []byte {
	b := fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>%s</title>
<link>%s</link>
<description>All the news of %s</description>
<language>en</language>
<lastBuildDate>%s</lastBuildDate>
`, title, home, title, list[0].at.Format(time.RFC1123Z))
	for i := range list {
		t := &list[i]
		b = fmt.Appendf(b, `<item>
<title>%s</title>
<link>%s</link>
<guid isPermaLink="false">%s</guid>
<pubDate>%s</pubDate>
<dc:creator>%s</dc:creator>
<category>%s</category>
<media:content url="%s" type="image/jpeg" medium="image" width="640" height="360"/>
<description>%s</description>
<content:encoded><![CDATA[%s]]></content:encoded>
</item>
`, t.headline, t.link, t.link, t.at.Format(time.RFC1123Z), t.author, t.section, t.image, t.lead, t.body)
	}
	return append(b, "</channel>\n</rss>\n"...)
}

func atomDocument(title, home string, list []story) []byte {
	b := fmt.Appendf(nil, `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>%s</title>
<id>%s</id>
<link rel="alternate" href="%s"/>
<updated>%s</updated>
`, title, home+title[len("Paper "):], home, list[0].at.Format(time.RFC3339))
	for i := range list {
		t := &list[i]
		b = fmt.Appendf(b, `<entry>
<title>%s</title>
<id>%s</id>
<link rel="alternate" type="text/html" href="%s"/>
<published>%s</published>
<updated>%s</updated>
<author><name>%s</name></author>
<category term="%s"/>
<summary>%s</summary>
<content type="html">%s</content>
</entry>
`, t.headline, t.link, t.link, t.at.Format(time.RFC3339), t.at.Format(time.RFC3339), t.author, t.section, t.lead, html.EscapeString(t.body))
	}
	return append(b, "</feed>\n"...)
}

func jsonDocument(title, home string, list []story) []byte {
	type author struct {
		Name string `json:"name"`
	}
	type item struct {
		ID        string    `json:"id"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Summary   string    `json:"summary"`
		HTML      string    `json:"content_html"`
		Image     string    `json:"image"`
		Published time.Time `json:"date_published"`
		Authors   []author  `json:"authors"`
		Tags      []string  `json:"tags"`
	}
	doc := struct {
		Version  string `json:"version"`
		Title    string `json:"title"`
		Home     string `json:"home_page_url"`
		Language string `json:"language"`
		Items    []item `json:"items"`
	}{Version: "https://jsonfeed.org/version/1.1", Title: title, Home: home, Language: "en"}
	for i := range list {
		t := &list[i]
		doc.Items = append(doc.Items, item{t.link, t.link, t.headline, t.lead, t.body, t.image, t.at, []author{{t.author}}, []string{t.section}})
	}
	b, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		panic(err) // plain strings and dates can be marshalled
	}
	return b
}
