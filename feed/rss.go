package feed

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/gorilla/feeds"
)

// rssRoot is the document element; it declares every prefix that is used.
type rssRoot struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Content string   `xml:"xmlns:content,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Terms   string   `xml:"xmlns:dcterms,attr"`
	Media   string   `xml:"xmlns:media,attr"`
	History string   `xml:"xmlns:fh,attr"`
	Channel *rssChannel

	site *Site
}

// MarshalXML puts the stylesheet before the document element.
func (r *rssRoot) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	if err := stylesheet(e, r.site); err != nil {
		return err
	}
	type plainRoot rssRoot
	return e.EncodeElement((*plainRoot)(r), xml.StartElement{Name: xml.Name{Local: "rss"}})
}

// rssChannel extends feeds.RssFeed: its shallower fields shadow those of the
// same element that feeds writes otherwise than readers want.
type rssChannel struct {
	XMLName     xml.Name `xml:"channel"`
	Title       plain    `xml:"title"`
	Link        string   `xml:"link"` // before any other link, for readers that don't look at prefixes
	Description plain    `xml:"description"`
	Links       []link   `xml:"atom:link"`
	history
	Copyright plain `xml:"copyright,omitempty"`
	feeds.RssFeed
	Image *rssImage
	Items []rssItem `xml:"item"`

	site *Site
}

// FeedXml implements feeds.XmlFeed. The promoted one would drop every extension.
func (c *rssChannel) FeedXml() any {
	return &rssRoot{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Terms: nsTerms, Media: nsMedia, History: nsHistory,
		Channel: c, site: c.site,
	}
}

// rssImage shadows the title of feeds.RssImage, which must be equal to the
// channel's to the byte.
type rssImage struct {
	XMLName xml.Name `xml:"image"`
	Title   plain    `xml:"title"`
	feeds.RssImage
}

// rssItem extends feeds.RssItem. The description comes before the content, as
// the profile wants it.
type rssItem struct {
	XMLName     xml.Name `xml:"item"`
	Title       plain    `xml:"title"`
	Link        string   `xml:"link"`
	Description *markup  `xml:"description"`
	feeds.RssItem
	Creator      plain         `xml:"dc:creator,omitempty"`
	Contributors []plain       `xml:"dc:contributor"`
	Categories   []rssCategory `xml:"category"`
	Updated      string        `xml:"atom:updated,omitempty"`
	Language     string        `xml:"dc:language,omitempty"`
	Rights       plain         `xml:"dc:rights,omitempty"`
	Valid        string        `xml:"dcterms:valid,omitempty"`
	Source       rssSource     `xml:"source"`
	mediaElements
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Inner  string `xml:",innerxml"`
}

type rssSource struct {
	URL   string `xml:"url,attr"`
	Inner string `xml:",innerxml"`
}

// rss renders RSS 2.0 with the Best Practices Profile.
func (d *Document) rss() ([]byte, error) {
	c := &rssChannel{
		site: &d.site, Title: plain(d.channel.title()), Link: d.site.PageURL(&d.channel), Description: plain(d.channel.description()),
		Links: d.links(RSS), history: d.history(), Copyright: plain(line(d.channel.Copyright)),
		RssFeed: feeds.RssFeed{
			Language: d.lang, LastBuildDate: rfc822(d.updated),
			Generator: d.site.generator(), Docs: "https://www.rssboard.org/rss-specification", Ttl: d.channel.ttl(),
		},
	}
	if b := d.channel.art(&d.site).Badge; b.URL != "" {
		c.Image = &rssImage{Title: c.Title, RssImage: feeds.RssImage{Url: b.URL, Link: c.Link, Width: b.Width, Height: b.Height}}
	}
	size := 4096
	for _, e := range d.entries {
		c.Items = append(c.Items, e.rss(&d.site))
		size += e.size
	}
	out, err := writeXML(c, size)
	if err != nil {
		return nil, fmt.Errorf("render feed %q as RSS: %w", d.channel.ID, err)
	}
	return out, nil
}

func (e *entry) rss(s *Site) rssItem {
	description := e.summary
	if description == "" { // there must be one before the content
		description = e.source.name
	}
	it := rssItem{
		Title: plain(e.title), Link: e.link,
		Description: newMarkup("", string(appendText(nil, description))),
		RssItem: feeds.RssItem{
			Content: &feeds.RssContent{Content: e.content}, Comments: e.replies,
			Guid:    &feeds.RssGuid{Id: e.id, IsPermaLink: strconv.FormatBool(e.id == e.link)},
			PubDate: rfc822(e.published),
		},
		Language: e.lang, Rights: plain(e.rights), Valid: e.validity(), mediaElements: e.media(),
		Source: rssSource{e.source.address(s, RSS), escapePlain(e.source.name)},
	}
	var names []string
	for _, p := range e.people { // one element: readers take only the first or the last of several
		names = append(names, p.name)
	}
	it.Creator = plain(strings.Join(names, ", "))
	for _, c := range e.contributors {
		it.Contributors = append(it.Contributors, plain(c))
	}
	for i := range e.categories {
		c := &e.categories[i]
		it.Categories = append(it.Categories, rssCategory{c.domain(), escapePlain(c.name)})
	}
	if e.updated.After(e.published) {
		it.Updated = rfc3339(e.updated)
	}
	if f := files(e.others, e.lead); len(f) > 0 {
		it.Enclosure = &feeds.RssEnclosure{Url: f[0].url, Length: strconv.FormatInt(f[0].length, 10), Type: f[0].mime}
	}
	return it
}

// generator names the program.
func (s *Site) generator() string {
	g := "Wireroom"
	if v := line(s.Version); v != "" {
		g += " " + v
	}
	return g
}
