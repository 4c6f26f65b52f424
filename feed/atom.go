package feed

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/gorilla/feeds"
)

// atomFeed extends feeds.AtomFeed: its shallower fields shadow those of the same
// element. The document element declares every prefix that is used.
type atomFeed struct {
	XMLName xml.Name `xml:"feed"`
	Lang    string   `xml:"xml:lang,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Terms   string   `xml:"xmlns:dcterms,attr"`
	Media   string   `xml:"xmlns:media,attr"`
	History string   `xml:"xmlns:fh,attr"`
	Graves  string   `xml:"xmlns:at,attr,omitempty"` // declared only where used: validators don't know it
	Title   plain    `xml:"title"`
	Sub     plain    `xml:"subtitle"`
	feeds.AtomFeed
	Links []link `xml:"link"`
	history
	Generator atomGenerator `xml:"generator"`
	Rights    plain         `xml:"rights,omitempty"`
	Deleted   []atomDeleted `xml:"at:deleted-entry"`
	Entries   []atomEntry   `xml:"entry"`

	site *Site
}

// FeedXml implements feeds.XmlFeed. The promoted one would drop every extension.
func (f *atomFeed) FeedXml() any { return f }

// MarshalXML puts the stylesheet before the document element.
func (f *atomFeed) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	if err := stylesheet(e, f.site); err != nil {
		return err
	}
	type plainFeed atomFeed
	return e.EncodeElement((*plainFeed)(f), xml.StartElement{Name: xml.Name{Local: "feed"}})
}

// atomEntry extends feeds.AtomEntry.
type atomEntry struct {
	XMLName xml.Name `xml:"entry"`
	Lang    string   `xml:"xml:lang,attr,omitempty"`
	Title   plain    `xml:"title"`
	feeds.AtomEntry
	Links        []link         `xml:"link"`
	Authors      []atomPerson   `xml:"author"`
	Contributors []atomPerson   `xml:"contributor"`
	Categories   []atomCategory `xml:"category"`
	Summary      *markup        `xml:"summary"`
	Content      *markup        `xml:"content"`
	Rights       plain          `xml:"rights,omitempty"`
	Agencies     plain          `xml:"dc:source,omitempty"` // before source, or validators take it for the same
	Source       atomSource     `xml:"source"`
	Valid        string         `xml:"dcterms:valid,omitempty"`
	mediaElements
}

type atomPerson struct {
	Name plain  `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomGenerator struct {
	URI     string `xml:"uri,attr"`
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

// atomSource is the feed that an entry was copied from (RFC 4287, section 4.2.11).
type atomSource struct {
	ID      string       `xml:"id"`
	Title   plain        `xml:"title"`
	Updated string       `xml:"updated"`
	Links   []link       `xml:"link"`
	Authors []atomPerson `xml:"author"`
	Rights  plain        `xml:"rights,omitempty"`
}

// atomDeleted is a tombstone (RFC 6721, section 3).
type atomDeleted struct {
	Ref     string `xml:"ref,attr"`
	When    string `xml:"when,attr"`
	Comment plain  `xml:"at:comment,omitempty"`
}

// atom renders RFC 4287.
func (d *Document) atom() ([]byte, error) {
	art := d.channel.art(&d.site)
	f := &atomFeed{
		site: &d.site, Lang: d.lang, DC: nsDC, Terms: nsTerms, Media: nsMedia, History: nsHistory,
		Title: plain(d.channel.title()), Sub: plain(d.channel.description()),
		AtomFeed: feeds.AtomFeed{
			Xmlns: nsAtom, Id: d.site.FeedID(&d.channel), Updated: rfc3339(d.updated),
			Icon: art.Icon, Logo: art.Logo,
			Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: d.site.name(), Uri: d.site.base() + "/"}},
		},
		Links:     append(d.links(Atom), newLink("alternate", d.site.PageURL(&d.channel), "text/html")),
		history:   d.history(),
		Generator: atomGenerator{URI: d.site.about(), Version: line(d.site.Version), Name: "Wireroom"},
		Rights:    plain(line(d.channel.Copyright)),
	}
	for _, t := range d.graves {
		f.Graves = nsGraves
		f.Deleted = append(f.Deleted, atomDeleted{t.Ref, rfc3339(t.When), plain(t.Comment)})
	}
	size := 4096
	for _, e := range d.entries {
		f.Entries = append(f.Entries, e.atom(&d.site))
		size += e.size
	}
	out, err := writeXML(f, size)
	if err != nil {
		return nil, fmt.Errorf("render feed %q as Atom: %w", d.channel.ID, err)
	}
	return out, nil
}

func (e *entry) atom(s *Site) atomEntry {
	a := atomEntry{
		Lang: e.lang, Title: plain(e.title),
		AtomEntry: feeds.AtomEntry{Id: e.id, Updated: rfc3339(e.updated), Published: rfc3339(e.published)},
		Links:     e.atomLinks(),
		Content:   newMarkup("html", e.content),
		Rights:    plain(e.rights),
		Agencies:  plain(strings.Join(e.agencies, ", ")),
		Source:    e.atomSource(s),
		Valid:     e.validity(), mediaElements: e.media(),
	}
	if e.summary != "" {
		a.Summary = &markup{"text", escapePlain(e.summary)}
	}
	for _, p := range e.people {
		a.Authors = append(a.Authors, atomPerson{plain(p.name), p.url})
	}
	for _, c := range e.contributors {
		a.Contributors = append(a.Contributors, atomPerson{Name: plain(c)})
	}
	for i := range e.categories {
		c := &e.categories[i]
		term, label := c.term()
		a.Categories = append(a.Categories, atomCategory{term, c.scheme, unreferenced(label)})
	}
	return a
}

func (e *entry) atomLinks() []link {
	out := []link{newLink("alternate", e.link, "text/html")}
	if e.via != "" {
		out = append(out, newLink("via", e.via, ""))
	}
	for _, r := range e.related {
		l := newLink("related", r.URL, "")
		l.Title = unreferenced(r.Title)
		out = append(out, l)
	}
	if e.replies != "" {
		out = append(out, newLink("replies", e.replies, "text/html"))
	}
	if isWebURL(e.license) {
		out = append(out, newLink("license", e.license, "")) // RFC 4946
	}
	for _, f := range files(e.others, e.lead) {
		l := newLink("enclosure", f.url, f.mime)
		l.Length = f.length
		l.Title = unreferenced(f.title)
		out = append(out, l)
	}
	return out
}

func (e *entry) atomSource(s *Site) atomSource {
	o := &e.source
	a := atomSource{
		ID: o.id, Title: plain(o.name), Updated: rfc3339(e.updated), Rights: plain(o.rights),
		Links: []link{newLink("self", o.address(s, Atom), "")},
	}
	if o.home != "" {
		a.Links = append(a.Links, newLink("alternate", o.home, "text/html"))
	}
	if len(e.people) == 0 { // the entry inherits it (section 4.1.2)
		a.Authors = []atomPerson{{plain(e.owner.name), e.owner.url}}
	}
	return a
}
