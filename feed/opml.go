package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"
)

// OPMLType is the Content-Type of the list of feeds.
const OPMLType = "text/x-opml; charset=utf-8"

type opmlDocument struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    plain         `xml:"head>title"`
	Modified string        `xml:"head>dateModified,omitempty"`
	Docs     string        `xml:"head>docs"`
	Outlines []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text        string `xml:"text,attr"`
	Title       string `xml:"title,attr"`
	Type        string `xml:"type,attr"`
	Version     string `xml:"version,attr"`
	XMLURL      string `xml:"xmlUrl,attr"`
	HTMLURL     string `xml:"htmlUrl,attr"`
	Language    string `xml:"language,attr,omitempty"`
	Description string `xml:"description,attr,omitempty"`
}

// OPML is the list of a site's feeds (OPML 2.0), each once, in the format that
// every reader imports. modified is when the list last changed; zero: unknown.
func OPML(s Site, channels []Channel, modified time.Time) ([]byte, error) {
	doc := opmlDocument{Version: "2.0", Title: plain(s.name()), Docs: "https://opml.org/spec2.opml"}
	if !modified.IsZero() {
		doc.Modified = rfc822(modified)
	}
	for i := range channels {
		c := &channels[i]
		title := unreferenced(c.title())
		doc.Outlines = append(doc.Outlines, opmlOutline{
			Text: title, Title: title, Type: "rss", Version: "RSS2",
			XMLURL: s.FeedURL(c, RSS, Place{}), HTMLURL: s.PageURL(c),
			Language: c.language(&s), Description: unreferenced(line(c.Description)),
		})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(&doc); err != nil {
		return nil, fmt.Errorf("write the list of feeds: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
