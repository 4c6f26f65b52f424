package syndication

import (
	"errors"
	"fmt"
	"strings"

	"wireroom/article"
	"wireroom/article/date"
	"wireroom/article/wirecopy"
	"wireroom/sources"
	"wireroom/sources/repair"
)

// Options say what is known of the document from its exchange.
type Options struct {
	URL             string     // final URL of the fetch, absolute
	ContentLocation string     // of the response; relative to URL
	ContentLanguage string     // of the response
	DateOrder       date.Order // of an earlier document of this feed

	long bool // read all by gofeed, in tests
}

// ErrNotAFeed is the error for documents that are none of the formats read here.
var ErrNotAFeed = errors.New("not a feed")

// Parse reads one repaired document. An error means that nothing could be read;
// a document without items is none.
func Parse(r *repair.Result, o Options) (doc *sources.Document, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, fmt.Errorf("read a feed: the parser panicked: %v", p)
		}
	}()
	f := newReading(r, o)
	defer f.release()
	switch r.Kind {
	case repair.RSS:
		err = f.readRSS()
	case repair.Atom:
		err = f.readAtom()
	case repair.JSON:
		err = f.readJSON()
	default:
		return nil, fmt.Errorf("read a document of kind %q: %w", r.Kind, ErrNotAFeed)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.Kind, err)
	}
	f.dates()
	return &f.doc, nil
}

// reading is one document being read.
type reading struct {
	r    *repair.Result
	url  string // the document was fetched from
	root string // url, or the response's Content-Location
	base string // root, or the document's xml:base
	site string // the site's page where items' URLs resolve against it, else empty
	long bool   // no short way around gofeed
	lang string // of the document; "" if it doesn't say

	license string  // that holds for all items
	shaper  *shaper // whose memory the document's elements are
	claims  []claims
	bylines wirecopy.Bylines
	doc     sources.Document
}

// resolve is absolute for the document's own URLs.
func (f *reading) resolve(ref string) string { return absolute(f.base, ref) }

func newReading(r *repair.Result, o Options) *reading {
	f := &reading{r: r, url: o.URL, root: o.URL, long: o.long}
	if u := absolute(o.URL, o.ContentLocation); u != "" {
		f.root = u
	}
	f.base = chain(f.root, r.Base)
	f.doc = sources.Document{Format: string(r.Kind), Known: r.Known, Dropped: r.Dropped, Truncated: r.Truncated, Repairs: r.Repairs}
	f.doc.Language, f.doc.DateOrder = article.Language(o.ContentLanguage), o.DateOrder
	return f
}

// home notes the site's page, an absolute address in most feeds; see base.go for
// what else it is good for.
func (f *reading) home(ref string) {
	f.doc.Home = f.resolve(ref)
	if webAddress(strings.TrimSpace(ref)) && f.base == f.url {
		f.site = f.doc.Home
	}
}

// picture resolves the address of the feed's own picture.
func (f *reading) picture(ref string) string {
	if f.site != "" {
		return absolute(f.site, ref)
	}
	return f.resolve(ref)
}

// speak sets the document's language where a better source than the response's
// header names it.
func (f *reading) speak(tags ...string) {
	for _, t := range tags {
		if f.lang == "" {
			f.lang = article.Language(t)
		}
	}
	if f.lang != "" {
		f.doc.Language = f.lang
	}
}

// entry is the side table's row for item i of n; an empty one where the table
// doesn't fit, so that no item gets another's.
func (f *reading) entry(i, n int) repair.Entry {
	if len(f.r.Entries) != n {
		return repair.Entry{Base: f.r.Base, Lang: f.r.Lang}
	}
	return f.r.Entries[i]
}
