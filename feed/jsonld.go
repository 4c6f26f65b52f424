package feed

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"wireroom/article"
)

// thing is a schema.org node; encoding/json writes its keys in order of name.
type thing map[string]any

// set puts a value that isn't empty.
func (t thing) set(key string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case []thing:
		if len(v) == 0 {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	case int:
		if v <= 0 {
			return
		}
	case int64:
		if v <= 0 {
			return
		}
	}
	t[key] = value
}

// JSONLD is an article as a schema.org NewsArticle, within its rights, safe to
// stand in a script element: "<", ">" and "&" are escaped. A canceled article is
// a notice without content; a withheld one is refused.
func JSONLD(s Site, r article.Record) ([]byte, error) {
	usable := r
	if r.Status == article.Canceled {
		usable.Status = article.Usable
	}
	e := newEntry(&usable, &s, "")
	if e == nil {
		return nil, fmt.Errorf("JSON-LD of %s: %w", line(r.ID), ErrUnpublishable)
	}
	t := thing{
		"@context": "https://schema.org", "@type": newsType(r.Genre), "@id": e.id, "identifier": e.id,
		"url": e.link, "mainEntityOfPage": e.link,
		"datePublished": rfc3339(e.published), "dateModified": rfc3339(e.updated),
	}
	t.set("version", r.Version)
	if r.Status == article.Canceled {
		t["creativeWorkStatus"] = "Canceled"
		t.set("correction", e.correction())
	} else {
		e.describe(t)
	}
	out, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("JSON-LD of %s: %w", e.id, err)
	}
	return out, nil
}

// newsType is the class of schema.org for a genre.
func newsType(genre string) string {
	switch genre {
	case "analysis":
		return "AnalysisNewsArticle"
	case "opinion", "comment", "editorial":
		return "OpinionNewsArticle"
	case "background", "explainer":
		return "BackgroundNewsArticle"
	case "review":
		return "ReviewNewsArticle"
	case "reportage":
		return "ReportageNewsArticle"
	}
	return "NewsArticle"
}

// describe fills in everything about an article that may be read.
func (e *entry) describe(t thing) {
	r := e.rec
	t["headline"] = e.title
	t.set("inLanguage", languageTag(r.Language))
	t.set("articleSection", line(r.Kicker))
	t.set("abstract", e.summary)
	t.set("description", e.summary)
	t.set("genre", line(r.Genre))
	t.set("author", e.authorThings())
	t.set("editor", named("Person", lines(r.Editors)))
	t.set("dateline", line(r.Dateline.Text))
	t.set("locationCreated", named("Place", lines(r.Dateline.Places)))
	t.set("sourceOrganization", named("NewsMediaOrganization", e.agencies))
	owner := thing{"@type": "NewsMediaOrganization", "name": e.owner.name}
	owner.set("url", e.owner.url)
	t["publisher"] = owner
	if r.Rights.Republish == article.Full {
		t.set("articleBody", strings.TrimSpace(clean(r.Body.Text)))
		t.set("wordCount", r.Body.WordCount)
	}
	if r.Paywall {
		t["isAccessibleForFree"] = false
	}
	e.topics(t)
	e.mediaThings(t)
	t.set("sameAs", webURL(r.Links.Short))
	t.set("copyrightNotice", line(r.Rights.Copyright))
	t.set("conditionsOfAccess", line(r.Rights.Terms))
	t.set("license", e.license)
	if len(e.agencies) > 0 {
		t.set("creditText", e.creditText())
	}
	if !e.expires.IsZero() {
		t["expires"] = rfc3339(e.expires)
	}
	if r.Revision.Kind == "correction" {
		t.set("correction", e.correction())
	}
}

func (e *entry) creditText() string {
	text := e.source.name + " ("
	for i, a := range e.agencies {
		if i > 0 {
			text += ", "
		}
		text += a
	}
	return text + ")"
}

func (e *entry) correction() []thing {
	note := prose(e.rec.Revision.Note, maxSummary)
	if note == "" {
		return nil
	}
	return []thing{{"@type": "CorrectionComment", "text": note, "datePublished": rfc3339(e.updated)}}
}

func (e *entry) authorThings() []thing {
	var out []thing
	for _, p := range e.people {
		t := thing{"@type": "Person", "name": p.name}
		t.set("url", p.url)
		for _, a := range first(e.rec.Authors) {
			if nameOf(a.Name) == p.name {
				t.set("jobTitle", line(a.Role))
			}
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		out = named("Organization", []string{e.owner.name})
	}
	return out
}

func named(kind string, names []string) []thing {
	var out []thing
	for _, n := range names {
		out = append(out, thing{"@type": kind, "name": n})
	}
	return out
}

// topics says what the article is about, and whom it mentions.
func (e *entry) topics(t thing) {
	r := e.rec
	var about []thing
	for i := range e.categories {
		c := &e.categories[i]
		if c.code == "" {
			continue
		}
		term := thing{"@type": "DefinedTerm", "name": c.name, "termCode": c.code}
		if c.scheme != "" {
			term["@id"] = conceptIRI(c.scheme, c.code)
			term["inDefinedTermSet"] = c.scheme
		}
		about = append(about, term)
	}
	t.set("about", about)
	mentions := named("Person", lines(r.People))
	mentions = append(mentions, named("Organization", lines(r.Organisations))...)
	mentions = append(mentions, named("Place", lines(r.Places))...)
	t.set("mentions", mentions)
	var keywords []string
	for i := range e.categories {
		if c := &e.categories[i]; c.code == "" {
			keywords = append(keywords, c.name)
		}
	}
	t.set("keywords", keywords)
}

// mediaThings are the pictures, the lead first, the films and the sounds.
func (e *entry) mediaThings(t thing) {
	kinds := map[string]string{"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}
	keys := map[string]string{"image": "image", "video": "video", "audio": "audio"}
	lists := map[string][]thing{}
	add := func(m *media) {
		kind, ok := kinds[m.medium]
		if !ok {
			return
		}
		x := thing{"@type": kind, "url": m.url, "contentUrl": m.url}
		x.set("name", m.title)
		x.set("caption", m.caption)
		x.set("description", m.alt)
		x.set("creditText", m.credit)
		x.set("copyrightNotice", m.copyright)
		x.set("encodingFormat", m.mime)
		x.set("thumbnailUrl", m.thumbnail)
		x.set("width", m.width)
		x.set("height", m.height)
		x.set("contentSize", size(m.length))
		x.set("duration", period(m.duration))
		lists[m.medium] = append(lists[m.medium], x)
	}
	if e.lead != nil {
		add(e.lead)
	}
	for _, list := range [][]media{e.images, e.others} {
		for i := range list {
			if &list[i] != e.lead {
				add(&list[i])
			}
		}
	}
	for medium, key := range keys {
		t.set(key, lists[medium])
	}
}

func size(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// period is seconds as an ISO 8601 duration.
func period(seconds int) string {
	if seconds <= 0 {
		return ""
	}
	return "PT" + strconv.Itoa(seconds) + "S"
}
