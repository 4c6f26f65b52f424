package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wireroom/article"
)

// NinjsType is the Content-Type of a ninjs document.
const NinjsType = "application/json; charset=utf-8"

// ErrUnpublishable is what Ninjs and JSONLD say of an article that is withheld,
// or has no id or date.
var ErrUnpublishable = errors.New("the article may not be published")

const ninjsSchema = "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json"

// ninjsItem is IPTC ninjs 3.0, in the order of its specification.
type ninjsItem struct {
	Standard        *ninjsStandard `json:"standard,omitempty"`
	Name            string         `json:"name,omitempty"` // of an association
	URI             string         `json:"uri"`
	Type            string         `json:"type,omitempty"`
	Representation  string         `json:"representationType,omitempty"`
	Version         string         `json:"version,omitempty"`
	FirstCreated    string         `json:"firstCreated,omitempty"`
	VersionCreated  string         `json:"versionCreated,omitempty"`
	EmbargoedUntil  string         `json:"embargoedUntil,omitempty"`
	PubStatus       string         `json:"pubStatus,omitempty"`
	Urgency         int            `json:"urgency,omitempty"`
	CopyrightNotice string         `json:"copyrightNotice,omitempty"`
	UsageTerms      string         `json:"usageTerms,omitempty"`
	EdNote          string         `json:"edNote,omitempty"`
	Language        string         `json:"language,omitempty"`
	Headlines       []ninjsText    `json:"headlines,omitempty"`
	Descriptions    []ninjsText    `json:"descriptions,omitempty"`
	Bodies          []ninjsBody    `json:"bodies,omitempty"`
	By              string         `json:"by,omitempty"`
	Slugline        string         `json:"slugline,omitempty"`
	Located         string         `json:"located,omitempty"`
	Subjects        []ninjsConcept `json:"subjects,omitempty"`
	Places          []ninjsConcept `json:"places,omitempty"`
	People          []ninjsConcept `json:"people,omitempty"`
	Organisations   []ninjsConcept `json:"organisations,omitempty"`
	Genres          []ninjsConcept `json:"genres,omitempty"`
	InfoSources     []ninjsSource  `json:"infoSources,omitempty"`
	AltIDs          []ninjsAltID   `json:"altIds,omitempty"`
	Expires         string         `json:"expires,omitempty"`
	RightsInfo      *ninjsRights   `json:"rightsInfo,omitempty"`
	Renditions      []ninjsFile    `json:"renditions,omitempty"`
	Associations    []ninjsItem    `json:"associations,omitempty"`
}

type ninjsStandard struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Schema  string `json:"schema"`
}

type ninjsText struct {
	Role        string `json:"role,omitempty"`
	ContentType string `json:"contentType,omitempty"`
	Value       string `json:"value"`
}

type ninjsBody struct {
	Role        string `json:"role"`
	ContentType string `json:"contentType"`
	WordCount   int    `json:"wordCount,omitempty"`
	Value       string `json:"value"`
}

type ninjsConcept struct {
	Name    string `json:"name"`
	Rel     string `json:"rel,omitempty"`
	URI     string `json:"uri,omitempty"`
	Literal string `json:"literal,omitempty"`
}

type ninjsSource struct {
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
}

type ninjsAltID struct {
	Role  string `json:"role"`
	Value string `json:"value"`
}

type ninjsRights struct {
	Linked string `json:"linkedRights"`
}

type ninjsFile struct {
	Name     string `json:"name"`
	Href     string `json:"href"`
	Type     string `json:"contentType,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Size     int64  `json:"sizeInBytes,omitempty"`
	Duration int    `json:"duration,omitempty"`
}

// Ninjs is an article as IPTC ninjs 3.0, within its rights: the text only where
// all of it may be republished. A canceled article is a notice without content;
// a withheld one is refused.
func Ninjs(s Site, r article.Record) ([]byte, error) {
	item, err := ninjs(&s, &r)
	if err != nil {
		return nil, fmt.Errorf("ninjs of %s: %w", line(r.ID), err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(item); err != nil {
		return nil, fmt.Errorf("ninjs of %s: %w", line(r.ID), err)
	}
	return b.Bytes(), nil
}

func ninjs(s *Site, r *article.Record) (*ninjsItem, error) {
	usable := *r
	if r.Status == article.Canceled {
		usable.Status = article.Usable
	}
	e := newEntry(&usable, s, "")
	if e == nil {
		return nil, ErrUnpublishable
	}
	n := &ninjsItem{
		Standard: &ninjsStandard{"ninjs", "3.0", ninjsSchema}, URI: e.id, Type: "text",
		FirstCreated: rfc3339(e.published), VersionCreated: rfc3339(e.updated), PubStatus: "usable",
		EdNote: prose(r.Revision.Note, maxSummary), InfoSources: e.ninjsSources(),
	}
	if r.Version > 0 {
		n.Version = strconv.Itoa(r.Version)
	}
	if r.Status == article.Canceled {
		n.PubStatus = "canceled"
		return n, nil
	}
	n.Representation = "partial"
	n.Language = languageTag(r.Language)
	n.Headlines = []ninjsText{{Role: "main", ContentType: "text/plain", Value: e.title}}
	if k := line(r.Kicker); k != "" {
		n.Headlines = append(n.Headlines, ninjsText{Role: "kicker", ContentType: "text/plain", Value: k})
	}
	if e.summary != "" {
		n.Descriptions = []ninjsText{{Role: "summary", ContentType: "text/plain", Value: e.summary}}
	}
	if r.Rights.Republish == article.Full {
		n.Representation = "full"
		n.Bodies = e.ninjsBodies()
	}
	e.ninjsMeta(n)
	n.Associations = e.ninjsAssociations()
	return n, nil
}

// ninjsMeta fills in what is said about the text.
func (e *entry) ninjsMeta(n *ninjsItem) {
	r := e.rec
	if r.Urgency >= 1 && r.Urgency <= 9 {
		n.Urgency = r.Urgency
	}
	n.CopyrightNotice, n.UsageTerms = line(r.Rights.Copyright), line(r.Rights.Terms)
	if isWebURL(e.license) {
		n.RightsInfo = &ninjsRights{e.license}
	}
	if n.By = line(r.Byline); n.By == "" {
		var names []string
		for _, p := range e.people {
			names = append(names, p.name)
		}
		n.By = strings.Join(names, ", ")
	}
	n.Slugline = line(r.Slugline)
	n.Located = strings.Join(lines(r.Dateline.Places), ", ")
	for i := range first(r.Subjects) {
		c := category{name: line(r.Subjects[i].Name), code: line(r.Subjects[i].Code), scheme: schemeIRI(line(r.Subjects[i].Scheme))}
		if c.name == "" && c.code == "" {
			continue
		}
		concept := ninjsConcept{Name: c.name, Literal: c.code}
		if concept.Name == "" {
			concept.Name = c.code
		}
		concept.URI = conceptIRI(c.scheme, c.code)
		n.Subjects = append(n.Subjects, concept)
	}
	for _, k := range lines(r.Keywords) {
		n.Subjects = append(n.Subjects, ninjsConcept{Name: k, Rel: "keyword"})
	}
	n.Places, n.People, n.Organisations = concepts(r.Places), concepts(r.People), concepts(r.Organisations)
	if g := line(r.Genre); g != "" {
		n.Genres = []ninjsConcept{{Name: g}}
	}
	if !e.expires.IsZero() {
		n.Expires = rfc3339(e.expires)
	}
	if t := second(r.Embargo); !t.IsZero() {
		n.EmbargoedUntil = rfc3339(t)
	}
	n.AltIDs = append(n.AltIDs, ninjsAltID{"canonical", e.link})
	if u := webURL(r.Links.Short); u != "" {
		n.AltIDs = append(n.AltIDs, ninjsAltID{"short", u})
	}
	if g := line(r.Source.GUID); g != "" {
		n.AltIDs = append(n.AltIDs, ninjsAltID{"source", g})
	}
}

func concepts(names []string) []ninjsConcept {
	var out []ninjsConcept
	for _, n := range lines(names) {
		out = append(out, ninjsConcept{Name: n})
	}
	return out
}

// ninjsSources are the parties that stand behind the text.
func (e *entry) ninjsSources() []ninjsSource {
	out := []ninjsSource{{e.source.name, "source"}}
	if p := line(e.rec.Publisher.Name); p != "" && p != e.source.name {
		out = append(out, ninjsSource{p, "publisher"})
	}
	for i, c := range e.contributors {
		role := "agency"
		if i >= len(e.agencies) {
			role = "editor"
		}
		out = append(out, ninjsSource{c, role})
	}
	return out
}

func (e *entry) ninjsBodies() []ninjsBody {
	out := []ninjsBody{{Role: "main", ContentType: "text/html", WordCount: max(0, e.rec.Body.WordCount), Value: e.content}}
	if t := strings.TrimSpace(clean(e.rec.Body.Text)); t != "" {
		out = append(out, ninjsBody{Role: "plain", ContentType: "text/plain", WordCount: max(0, e.rec.Body.WordCount), Value: t})
	}
	return out
}

// ninjsAssociations are the pictures and other media, each with its renditions.
func (e *entry) ninjsAssociations() []ninjsItem {
	kinds := map[string]string{"image": "picture", "audio": "audio", "video": "video"}
	var out []ninjsItem
	for _, list := range [][]media{e.images, e.others} {
		for _, group := range grouped(list) {
			m := group[0]
			a := ninjsItem{
				Name: "media" + strconv.Itoa(len(out)+1), URI: m.url, Type: kinds[m.medium], By: m.credit, CopyrightNotice: m.copyright,
			}
			if e.lead != nil && m == e.lead {
				a.Name = "lead"
			}
			if a.Type == "" {
				a.Type = "component"
			}
			if m.title != "" {
				a.Headlines = []ninjsText{{Role: "main", Value: m.title}}
			}
			if m.caption != "" {
				a.Descriptions = []ninjsText{{Role: "caption", ContentType: "text/plain", Value: m.caption}}
			}
			for i, f := range group {
				name := "main"
				if i > 0 {
					name = "rendition" + strconv.Itoa(i+1)
				}
				a.Renditions = append(a.Renditions, ninjsFile{name, f.url, f.mime, f.width, f.height, f.length, f.duration})
			}
			out = append(out, a)
		}
	}
	return out
}
