// Package read takes one body of a source, whatever it is, to a Document: it has
// the bytes repaired, looks at what they turned out to be, and calls the reader
// for that kind. It never fetches and believes nothing.
package read

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"wireroom/article/date"
	"wireroom/sources"
	"wireroom/sources/microformats"
	"wireroom/sources/newswire"
	"wireroom/sources/opml"
	"wireroom/sources/repair"
	"wireroom/sources/sitemap"
	"wireroom/sources/syndication"
)

// Options say what is known of the body from its exchange.
type Options struct {
	URL             string    // final address, absolute
	Received        time.Time // when it came; telegrams tell no year
	ContentType     string
	ContentLanguage string
	ContentLocation string
	DateOrder       date.Order        // see sources.Document
	Known           func(uint64) bool // see repair.Options
}

// Error is a body that could not be read. Kind is stored with the source:
// not-a-feed (a page, a list of feeds, something else), not-news (a wire's
// document of another kind), or what repair says.
type Error struct {
	Kind string
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// NotAFeed is the kind of a body that is readable and no feed, NotNews that of a
// wire's document that holds no news: a planning item, a catalogue of concepts.
const (
	NotAFeed = "not-a-feed"
	NotNews  = "not-news"
)

// Page is the error for an HTML page in place of a feed; discovery can go on
// from its bytes.
type Page struct{ Body []byte }

func (*Page) Error() string {
	return "this is a web page, not a feed; `wireroom add` with its address finds the feeds it names"
}

// List is the error for a list of feeds in place of a feed.
type List struct {
	Outlines []opml.Outline
}

func (*List) Error() string { return "this is a list of feeds (OPML); `wireroom import` reads it" }

func list(r *repair.Result) error {
	outlines, err := opml.Read(bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	return &List{Outlines: outlines}
}

// Document reads a body.
func Document(body []byte, o Options) (*sources.Document, error) {
	if f := newswire.Detect(body); f != "" {
		return wire(body, o)
	}
	r, err := repair.Document(body, repair.Options{ContentType: o.ContentType, Known: o.Known})
	if err != nil {
		var re *repair.Error
		if errors.As(err, &re) {
			return nil, &Error{string(re.Kind), err}
		}
		return nil, &Error{"malformed", err}
	}
	switch r.Kind {
	case repair.RSS, repair.Atom, repair.JSON:
		defer r.Release() // what was read is copied
		doc, err := syndication.Parse(r, syndication.Options{URL: o.URL, ContentLanguage: o.ContentLanguage, ContentLocation: o.ContentLocation, DateOrder: o.DateOrder})
		if err != nil {
			return nil, &Error{"malformed", err}
		}
		return doc, nil
	case repair.HTML:
		if doc, err := microformats.Parse(r.Body, o.URL); err == nil {
			return doc, nil
		}
		return nil, &Error{NotAFeed, &Page{r.Body}}
	case repair.OPML:
		return nil, &Error{NotAFeed, list(r)}
	case repair.XML:
		return other(body, r, o)
	}
	return nil, &Error{NotAFeed, errors.New("this is neither a feed nor a format of a news agency")}
}

// other reads XML that is no feed.
func other(body []byte, r *repair.Result, o Options) (*sources.Document, error) {
	switch r.Root {
	case "urlset", "sitemapindex":
		doc, err := sitemap.Parse(r.Body, sitemap.Options{URL: o.URL, Known: o.Known})
		if err != nil {
			return nil, &Error{"malformed", err}
		}
		return doc, nil
	}
	if newswire.Detect(r.Body) != "" {
		return wire(r.Body, o)
	}
	return nil, &Error{NotAFeed, fmt.Errorf("the document's root element is <%s>, which is no feed", r.Root)}
}

func wire(body []byte, o Options) (*sources.Document, error) {
	doc, err := newswire.Parse(body, newswire.Options{URL: o.URL, Received: o.Received})
	var refusal *newswire.Refusal
	switch {
	case err == nil:
		return doc, nil
	case errors.As(err, &refusal):
		return nil, &Error{NotNews, fmt.Errorf("this is not news: %w", err)}
	case errors.Is(err, newswire.ErrFormat):
		return nil, &Error{NotAFeed, err}
	}
	return nil, &Error{"malformed", err}
}
