package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/article"
)

// churn is what a publisher does to its feed: what becomes of the items' ids,
// links, headlines and dates. nil: they stay.
type churn struct {
	name                   string
	id, link, title, stamp func(string) string
}

// churns are ten things that publishers do.
var churns = []churn{
	{name: "scheme of the id", id: func(s string) string { return strings.NewReplacer("http:", "https:", "urn:", "URN2:").Replace(s) }},
	{name: "host of the id", id: func(s string) string { return strings.Replace(s, "://", "://cdn7.", 1) }},
	{name: "tracking in the id", id: after("?utm_source=rss")},
	{name: "another id", id: func(s string) string { return fmt.Sprintf("urn:x:%x", xxhash.Sum64String(s)) }},
	{name: "headline in the id", id: after("-updated"), title: after(" (updated)")},
	{name: "date in the id", id: after("-20300101"), stamp: func(string) string { return "Tue, 01 Jan 2030 10:00:00 GMT" }},
	{name: "tracking in the link", id: tracking, link: tracking},
	{name: "scheme of everything", id: secure, link: secure},
	{name: "host of links and ids", id: moved, link: moved},
	{name: "headlines", title: func(s string) string { return "Now: " + strings.TrimSpace(s) }},
}

func after(end string) func(string) string {
	return func(s string) string { return strings.TrimSpace(s) + end }
}

func tracking(s string) string {
	sep := "?"
	if strings.Contains(s, "?") {
		sep = "&amp;"
	}
	return strings.TrimSpace(s) + sep + "utm_campaign=feed"
}

func secure(s string) string { return strings.Replace(s, "http://", "https://", 1) }

var host = regexp.MustCompile(`^(\s*https?://)(www\.)?`)

func moved(s string) string { return host.ReplaceAllString(s, "${1}news.") }

// element finds the text of elements, whatever is in it.
func element(names string) *regexp.Regexp {
	return regexp.MustCompile(`(?is)(<(?:` + names + `)(?:\s[^>]*)?>\s*(?:<!\[CDATA\[)?)([^<\]]+)`)
}

var (
	ids      = element("guid|id|atom:id")
	titles   = element("title")
	stamps   = element("pubDate|published|updated|dc:date|modified|issued")
	rssLinks = element("link")
	hrefs    = regexp.MustCompile(`(?i)(<(?:atom:)?link\s[^>]*href=["'])([^"']+)`)
	aboutIDs = regexp.MustCompile(`(?i)(rdf:about=["'])([^"']+)`)
	anItem   = regexp.MustCompile(`(?i)<(item|entry)[\s>]`)
)

// apply does it to a document, after the first item has begun: the feed's own
// fields stay.
func (c *churn) apply(doc []byte) []byte {
	if bytes.HasPrefix(bytes.TrimSpace(doc), []byte("{")) {
		return c.json(doc)
	}
	at := anItem.FindIndex(doc)
	if at == nil {
		return doc
	}
	head, items := doc[:at[0]], bytes.Clone(doc[at[0]:])
	for _, step := range []struct {
		where *regexp.Regexp
		what  func(string) string
	}{{ids, c.id}, {rssLinks, c.link}, {hrefs, c.link}, {aboutIDs, c.link}, {titles, c.title}, {stamps, c.stamp}} {
		if step.what == nil {
			continue
		}
		items = step.where.ReplaceAllFunc(items, func(m []byte) []byte {
			p := step.where.FindSubmatch(m)
			if bytes.Contains(p[1], []byte("stylesheet")) { // of a page, not the item's
				return m
			}
			return append(bytes.Clone(p[1]), step.what(string(p[2]))...)
		})
	}
	return append(bytes.Clone(head), items...)
}

// json does it to a JSON Feed.
func (c *churn) json(doc []byte) []byte {
	var feed map[string]any
	if json.Unmarshal(doc, &feed) != nil {
		return doc
	}
	items, _ := feed["items"].([]any)
	for _, item := range items {
		fields, _ := item.(map[string]any)
		for name, what := range map[string]func(string) string{
			"id": c.id, "url": c.link, "external_url": c.link, "title": c.title, "date_published": c.stamp, "date_modified": c.stamp,
		} {
			if s, ok := fields[name].(string); ok && what != nil {
				fields[name] = strings.ReplaceAll(what(s), "&amp;", "&")
				if strings.HasPrefix(name, "date") {
					fields[name] = "2030-01-01T10:00:00Z"
				}
			}
		}
	}
	out, err := json.Marshal(feed)
	if err != nil {
		return doc
	}
	return out
}

// beyond are the whole feeds of which nothing is left after some churn: their
// items have no link, and with id and date (or, of one, its only field) changed,
// what is left is what a daily column has in common with itself.
var beyond = map[string][]string{
	"atom_entry_1.xml": {"date in the id"}, "atom_example_6.xml": {"date in the id"}, "atom_example_7.xml": {"date in the id"},
	"rss_2.0_spec_1.xml": {"date in the id"}, "xml_iso8859.xml": {"headlines"},
	"jsonfeed_elastic_1.1.json": {"host of links and ids"}, // one of its items has a home page and two words
}

// spares reports whether enough of an article is left that it can be known again:
// its id, or what stands for one where there is none; else two of address,
// headline, text and time of day that no other item of the feed has. A daily
// column has headline and text in common with itself, so these two need a date.
func (c *churn) spares(r *article.Record, all []article.Record) bool {
	_, path, _ := strings.Cut(article.LinkKey(r.Links.Canonical), "/")
	dated := r.Claimed == "" && r.FirstSeen.Sub(r.Published) > time.Hour // the others have their dates from us
	switch {
	case r.Source.GUID != "":
		if c.id == nil {
			return true
		}
	case r.Links.Canonical != "":
		if c.link == nil {
			return true
		}
	case r.Headline != "" && c.title == nil && c.stamp == nil:
		return true
	}
	only := func(f func(*article.Record) string) bool {
		n := 0
		for i := range all {
			if f(&all[i]) == f(r) {
				n++
			}
		}
		return n == 1
	}
	lead := func(r *article.Record) string {
		s := r.Body.Text
		if s == "" {
			s = r.Standfirst
		}
		return s[:min(len(s), 200)]
	}
	link := strings.Trim(path, "/") != "" && only(func(r *article.Record) string { return article.LinkKey(r.Links.Canonical) })
	title := c.title == nil && len(r.Headline) >= 8 && only(func(r *article.Record) string { return r.Headline })
	text := len(lead(r)) >= 40 && only(lead)
	date := c.stamp == nil && dated
	clock := date && r.Published.Unix()%3600 != 0 && only(func(r *article.Record) string { return r.Published.String() })
	return link && (title || text || clock) || clock && (title || text) || title && text && date
}
