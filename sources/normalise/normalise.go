// Package normalise turns what a source claims into records that can be
// believed: text cleaned and bounded, HTML sanitised, URLs canonical, dates
// effective, wire copy's conventions understood, identity and id given. In goes
// a document as a reader left it, out come records ready for the store. It never
// fetches and never looks into the store.
package normalise

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/article/wirecopy"
	"wireroom/sources"
	"wireroom/sources/sanitise"
)

// Options say where the document was read.
type Options struct {
	Source    string // our id of it
	Name      string // the configured title; empty: the feed's own
	FeedURL   string // without credentials
	Authority string // domain of new ids (article.Mint)
	Republish article.Republish
	Language  string   // BCP 47, where neither item nor document says
	Topics    []string // keywords every article gets
	Now       time.Time
	Linked    bool // raw ids are known to repeat (article.LinkedKey)
	Trace     bool // say of every field in Provenance what gave it; else only what the reader said
}

// Article is a record with its identity in the source.
type Article struct {
	Key     string
	Hash    uint64 // of the raw item, to recognise it unread
	Undated bool   // the source gave no date: Record's are ours
	Skip    string // why it is not to be stored; empty: store it
	Record  *article.Record
	Plain   article.Plain // the text of Record's HTML, where that was made
}

// The bounds of one item (input.md L3, L4), in bytes and pieces.
const (
	maxTitle    = 1 << 10
	maxSummary  = 64 << 10
	maxContent  = 1 << 20
	maxAuthor   = 256
	maxAuthors  = 32
	maxSubjects = 64
	maxMedia    = 32
)

// Document normalises all items of a document, in their places: the articles'
// records are the items' own. repeats reports whether raw ids repeat with different
// links: from then on the source's identity is LinkedKey.
func Document(doc *sources.Document, o Options) (list []Article, repeats bool) {
	repeats = o.Linked || repeating(doc.Items)
	list = make([]Article, 0, len(doc.Items))
	seen := make(map[string]int, len(doc.Items)) // place in list, from 1
	common := commonOf(doc, o)
	for i := range doc.Items {
		it := &doc.Items[i]
		r := &it.Record
		list = append(list, Article{Hash: it.Hash, Undated: r.Published.IsZero() && r.Updated.IsZero(), Record: r})
		a, updated := &list[i], r.Provenance["updated"]
		a.Plain = record(r, it, doc, o, i, &common)
		if repeats {
			a.Key = article.LinkedKey(it.GUID, r.Links.Canonical, r.Headline, it.PublishedText)
		} else {
			a.Key = article.Key(it.GUID, r.Links.Canonical, r.Headline, it.PublishedText)
		}
		r.ID = article.Mint(o.Authority, o.Source, a.Key)
		r.Source.GUID = it.GUID
		switch before := seen[a.Key]; {
		case a.Key == "":
			a.Skip = "neither id nor link nor headline nor date"
		case before > 0:
			a.Skip = "stands in the document twice"
			if updated == "wire" { // as another version of the article
				first := list[before-1].Record
				*first = article.Latest(*first, *r)
			}
		default:
			seen[a.Key] = len(list)
		}
	}
	return list, repeats
}

// repeating reports whether one raw id stands on items with different links.
func repeating(items []sources.Item) bool {
	links := make(map[string]string, len(items))
	for i := range items {
		guid, link := items[i].GUID, items[i].Record.Links.Canonical
		if guid == "" || link == "" {
			continue
		}
		if first, ok := links[guid]; ok && first != link {
			return true
		}
		links[guid] = link
	}
	return false
}

// common is what a document says for all of its items, cleaned once.
type common struct {
	source   article.Source
	language string
	bylines  wirecopy.Bylines
}

func commonOf(doc *sources.Document, o Options) common {
	c := common{source: article.Source{ID: o.Source, FeedURL: o.FeedURL, URL: article.CanonicalURL(doc.Home), FeedID: line(doc.ID, maxTitle), Rights: line(doc.Rights, maxTitle)}}
	c.source.Name = cmp.Or(o.Name, line(doc.Title, maxTitle), o.Source)
	c.language = cmp.Or(article.Language(doc.Language), article.Language(o.Language))
	return c
}

// record makes a record of one item's claims; place is its place in the document.
func record(r *article.Record, it *sources.Item, doc *sources.Document, o Options, place int, c *common) article.Plain {
	t := trace{on: o.Trace}
	t.begin(r, doc)
	r.Version = 1
	if r.Status == "" {
		r.Status = article.Usable
	}
	r.Rights = rights(r.Rights, doc, o)
	source(r, c)
	if r.Language == doc.Language {
		r.Language = c.language
	} else {
		r.Language = cmp.Or(article.Language(r.Language), c.language)
	}
	t.add(r, input(doc.Format))
	links(r)
	head(r)
	plain := body(r, it.Base)
	public(r, it.Base)
	fold(r)
	wire(r)
	derive(r)
	people(r, &c.bylines)
	subjects(r, o.Topics)
	media(r)
	t.add(r, "text") // what we found in it
	dates(r, it, o.Now, place)
	r.Dateline = wirecopy.Dated(r.Dateline, r.Published)
	t.end(r)
	return plain
}

func rights(r article.Rights, doc *sources.Document, o Options) article.Rights {
	r.Copyright = line(r.Copyright, maxTitle)
	r.Terms = line(r.Terms, maxTitle)
	r.License = line(r.License, maxTitle)
	r.Republish = o.Republish
	if r.Republish == "" {
		r.Republish = article.Summary
	}
	return r
}

func source(r *article.Record, c *common) {
	guid, via := r.Source.GUID, line(r.Source.Via, maxTitle)
	r.Source = c.source
	r.Source.GUID, r.Source.Via = guid, via
	r.Publisher.Name = line(r.Publisher.Name, maxTitle)
	r.Publisher.URL = article.CanonicalURL(r.Publisher.URL)
}

func links(r *article.Record) {
	l := &r.Links
	l.Canonical = article.CanonicalURL(l.Canonical)
	l.Short = article.CanonicalURL(l.Short)
	l.Via = article.CanonicalURL(l.Via)
	l.Comments = article.CanonicalURL(l.Comments)
	kept := l.Related[:0:0]
	for _, k := range l.Related {
		if k.URL = article.CanonicalURL(k.URL); k.URL != "" && len(kept) < maxMedia {
			k.Title = line(k.Title, maxTitle)
			kept = append(kept, k)
		}
	}
	l.Related = kept
}

// head cleans the head of the piece and takes a wire's marks off the headline.
func head(r *article.Record) {
	r.Headline = line(r.Headline, maxTitle)
	r.Kicker = line(r.Kicker, maxTitle)
	r.Slugline = line(r.Slugline, maxTitle)
	r.Standfirst = text(r.Standfirst, maxSummary)
	r.Genre = line(r.Genre, maxAuthor)
	r.Revision.Note = line(r.Revision.Note, maxSummary)
	if r.Headline == "" || r.RawTitle != "" {
		return
	}
	clean, rev, urgency, genre := wirecopy.Headline(r.Headline)
	if clean == "" || clean == r.Headline {
		return
	}
	r.RawTitle, r.Headline = r.Headline, clean
	if r.Revision.Kind == "" {
		r.Revision.Kind, r.Revision.Number = rev.Kind, rev.Number
	}
	if r.Urgency == 0 {
		r.Urgency = urgency
	}
	if r.Genre == "" {
		r.Genre = genre
	}
}

// body sanitises the text and makes the plain text from it.
func body(r *article.Record, base string) (plain article.Plain) {
	b := &r.Body
	b.HTML = sanitise.HTML(b.HTML, base, sanitise.Options{})
	if b.HTML != "" && len(b.Sections) == 0 {
		plain = article.PlainOf(b.HTML)
		b.Text = plain.Text()
	} else {
		b.Text = text(b.Text, maxContent)
	}
	for i := range b.Sections {
		b.Sections[i].Heading = line(b.Sections[i].Heading, maxTitle)
		for j := range b.Sections[i].Blocks {
			block(&b.Sections[i].Blocks[j], base)
		}
	}
	return plain
}

// fold counts the words, and makes one of a text that stands there twice. A
// feed's one text is its summary and its content at once: short and plain it is
// the standfirst, else it is the text.
func fold(r *article.Record) {
	b := &r.Body
	b.WordCount = article.WordCount(b.Text)
	if r.Standfirst == "" || !article.SameLine(r.Standfirst, b.Text) {
		return
	}
	if len(b.Text) <= shortText && !strings.Contains(b.HTML, "<") {
		r.Body = article.Body{}
	} else if len(b.Text) > shortText {
		r.Standfirst = ""
	}
}

// shortText is the longest text, in bytes, that is taken for a standfirst.
const shortText = 600

func block(b *article.Block, base string) {
	b.Text = text(b.Text, maxContent)
	if b.HTML != "" {
		b.HTML = sanitise.HTML(b.HTML, base, sanitise.Options{})
	}
	b.URL = article.CanonicalURL(b.URL)
	for i := range b.Items {
		b.Items[i] = text(b.Items[i], maxContent)
	}
	for i := range b.Rows {
		for j := range b.Rows[i] {
			b.Rows[i][j] = line(b.Rows[i][j], maxSummary)
		}
	}
}

// derive makes a headline from the first words where there is none.
func derive(r *article.Record) {
	if r.Headline != "" {
		return
	}
	from := r.Standfirst
	if from == "" {
		from = r.Body.Text
	}
	if r.Headline = article.FirstWords(article.Line(from), 12); r.Headline != "" {
		r.Derived = true
	}
}

func line(s string, most int) string {
	if s == "" {
		return ""
	}
	return article.Cut(article.Line(s), most)
}

func text(s string, most int) string {
	if s == "" {
		return ""
	}
	return article.Cut(strings.TrimSpace(article.Clean(s)), most)
}

// dates gives the effective dates (input.md D3 to D5): never in the future,
// never absurd; undated items of one poll get strictly falling times in the
// order of the document.
func dates(r *article.Record, it *sources.Item, now time.Time, place int) {
	now = now.UTC().Truncate(time.Second)
	r.FirstSeen = now
	if r.Published.IsZero() {
		r.Published = r.Updated
	}
	if !believable(r.Published, now) {
		if !r.Published.IsZero() || it.PublishedText != "" {
			r.Claimed = line(claimed(it, r.Published), maxAuthor)
		}
		r.Published = now.Add(-time.Duration(place) * time.Second)
	}
	if !believable(r.Updated, now) || r.Updated.Before(r.Published) {
		r.Updated = r.Published
	}
	r.Published, r.Updated = r.Published.UTC(), r.Updated.UTC()
	if y := r.Expires.Year(); y < 1990 || y > 9999 {
		r.Expires = time.Time{}
	}
	if y := r.Embargo.Year(); y < 1990 || y > 9999 {
		r.Embargo = time.Time{}
	}
}

// slack is how far ahead a source's clock may be.
const slack = 5 * time.Minute

func believable(t, now time.Time) bool {
	return t.Year() >= 1990 && !t.After(now.Add(slack))
}

func claimed(it *sources.Item, t time.Time) string {
	if it.PublishedText != "" {
		return it.PublishedText
	}
	if it.UpdatedText != "" {
		return it.UpdatedText
	}
	if y := t.Year(); y < 0 || y > 9999 {
		return strconv.FormatInt(t.Unix(), 10)
	}
	return t.Format(time.RFC3339)
}
