package feed

import (
	"bytes"
	"encoding/xml"
	"strings"

	"github.com/gorilla/feeds"
)

// Namespaces, under the prefixes that readers look for literally.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsTerms   = "http://purl.org/dc/terms/"
	nsMedia   = "http://search.yahoo.com/mrss/"
	nsHistory = "http://purl.org/syndication/history/1.0"
	nsGraves  = "http://purl.org/atompub/tombstones/1.0"
)

// plain is plain text in an element. "&" and "<" are written as hexadecimal
// references, as the RSS Best Practices Profile asks: so validators and readers
// know the text from escaped HTML.
type plain string

// MarshalXML implements xml.Marshaler.
func (p plain) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(verbatim{escapePlain(string(p))}, start)
}

// verbatim is escaped already.
type verbatim struct {
	Inner string `xml:",innerxml"`
}

var plainEscapes = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")

func escapePlain(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	return plainEscapes.Replace(s)
}

var markupEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// markup is HTML in an element, escaped once; quotes stay, unlike in what
// encoding/xml writes, which makes it a tenth shorter.
type markup struct {
	Type  string `xml:"type,attr,omitempty"`
	Inner string `xml:",innerxml"`
}

func newMarkup(kind, s string) *markup { return &markup{kind, markupEscapes.Replace(s)} }

// empty is an element without content.
type empty struct{}

// link is an Atom link. feeds.AtomLink insists on its name, which in RSS has a
// prefix, and knows no title.
type link struct {
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Length int64  `xml:"length,attr,omitempty"`
	Title  string `xml:"title,attr,omitempty"`
}

func newLink(rel, href, kind string) link { return link{Rel: rel, Href: href, Type: kind} }

// links are those of a feed document, the same in RSS and Atom: itself, its
// hub, its neighbours.
func (d *Document) links(f Format) []link {
	out := []link{newLink("self", d.url(f, d.nav.Self), f.MediaType())}
	if hub := d.hub(); hub != "" {
		out = append(out, newLink("hub", hub, ""))
	}
	if !d.whole {
		d.nav.relations(func(rel string, at Place) {
			out = append(out, newLink(rel, d.url(f, at), f.MediaType()))
		})
	}
	return out
}

// hub is where updates of the document can be subscribed to: of a feed's own
// document only, not of its queries, pages and archives.
func (d *Document) hub() string {
	if d.channel.Query != "" || d.channel.Private() || d.nav.Self != (Place{}) {
		return ""
	}
	return webURL(d.site.Hub)
}

// history marks archives and complete feeds (RFC 5005).
type history struct {
	Archive  *empty `xml:"fh:archive"`
	Complete *empty `xml:"fh:complete"`
}

func (d *Document) history() history {
	var h history
	if d.nav.Archived() {
		h.Archive = &empty{}
	}
	if d.whole {
		h.Complete = &empty{}
	}
	return h
}

// mediaContent is a media:content element (Media RSS 1.5.1).
type mediaContent struct {
	URL         string          `xml:"url,attr"`
	Length      int64           `xml:"fileSize,attr,omitempty"`
	Type        string          `xml:"type,attr,omitempty"`
	Medium      string          `xml:"medium,attr,omitempty"`
	Default     string          `xml:"isDefault,attr,omitempty"`
	Duration    int             `xml:"duration,attr,omitempty"`
	Height      int             `xml:"height,attr,omitempty"`
	Width       int             `xml:"width,attr,omitempty"`
	Title       *mediaText      `xml:"media:title"`
	Description *mediaText      `xml:"media:description"`
	Thumbnail   *mediaThumbnail `xml:"media:thumbnail"`
	Credit      *mediaCredit    `xml:"media:credit"`
	Copyright   plain           `xml:"media:copyright,omitempty"`
}

type mediaGroup struct {
	Contents []mediaContent `xml:"media:content"`
}

type mediaText struct {
	Type  string `xml:"type,attr"`
	Inner string `xml:",innerxml"`
}

type mediaCredit struct {
	Role   string `xml:"role,attr"`
	Scheme string `xml:"scheme,attr"`
	Inner  string `xml:",innerxml"`
}

type mediaThumbnail struct {
	URL string `xml:"url,attr"`
}

// mediaElements are an entry's media:group and media:content elements.
type mediaElements struct {
	Groups   []mediaGroup   `xml:"media:group"`
	Contents []mediaContent `xml:"media:content"`
}

func (e *entry) media() mediaElements {
	var out mediaElements
	for _, list := range [][]media{e.images, e.others} {
		for _, group := range grouped(list) {
			if len(group) == 1 {
				out.Contents = append(out.Contents, newContent(group[0]))
				continue
			}
			var g mediaGroup
			chosen := 0
			for i, m := range group {
				if m == e.lead {
					chosen = i
				}
				g.Contents = append(g.Contents, newContent(m))
			}
			g.Contents[chosen].Default = "true"
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

func newContent(m *media) mediaContent {
	c := mediaContent{
		URL: m.url, Length: m.length, Type: m.mime, Medium: m.medium, Duration: m.duration,
		Height: m.height, Width: m.width, Copyright: plain(m.copyright),
		Title: newMediaText(m.title), Description: newMediaText(m.caption),
	}
	if m.thumbnail != "" {
		c.Thumbnail = &mediaThumbnail{m.thumbnail}
	}
	if m.credit != "" {
		c.Credit = &mediaCredit{m.creditRole(), "urn:ebu", escapePlain(m.credit)}
	}
	return c
}

func newMediaText(s string) *mediaText {
	if s == "" {
		return nil
	}
	return &mediaText{"plain", escapePlain(s)}
}

// validity is when an entry expires, as a DCMI Period.
func (e *entry) validity() string {
	if e.expires.IsZero() {
		return ""
	}
	return "end=" + rfc3339(e.expires) + ";scheme=W3C-DTF"
}

// stylesheet writes the processing instruction that lets a browser show a feed.
func stylesheet(e *xml.Encoder, s *Site) error {
	href := clean(s.Stylesheet)
	if href == "" || strings.ContainsAny(href, `"<>&?`) {
		return nil
	}
	return e.EncodeToken(xml.ProcInst{Target: "xml-stylesheet", Inst: []byte(`type="text/css" href="` + href + `"`)})
}

// writeXML is feeds.WriteXML into memory, ended by a newline.
func writeXML(f feeds.XmlFeed, size int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(size)
	if err := feeds.WriteXML(f, &b); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
