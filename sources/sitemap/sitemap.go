// Package sitemap reads sitemaps (sitemaps.org 0.9) with Google's extensions for
// news, images and video, and sitemap indexes, as sources of pages.
//
// In goes one body; out comes a Document whose items hold address, headline,
// language, dates, keywords and pictures as the sitemap claims them, or, for an
// index, the sitemaps that it lists. The text of an article is never in a
// sitemap: its page has it.
//
// The body is hostile. Its size, depth and number of elements are bounded, no
// DTD is expanded, and nothing outside the body is read.
package sitemap

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"wireroom/article/date"
	"wireroom/sources"
)

// Options of one Parse call.
type Options struct {
	URL   string            // absolute address of the sitemap; relative ones resolve against it
	Known func(uint64) bool // reports whether an entry with this hash is stored and unchanged; nil: none
}

// The bounds of one sitemap (input.md L2, L3). The protocol allows 50,000
// addresses; of more than maxItems the newest are kept.
const (
	maxBytes    = 20 << 20
	maxDepth    = 64
	maxElements = 1_000_000
	maxEntries  = 50_000
	maxItems    = 5000
	maxParts    = 5000
	maxText     = 64 << 10 // of one element
	maxImages   = 32
)

// ErrFormat is returned for a body whose root is neither urlset nor
// sitemapindex.
var ErrFormat = errors.New("not a sitemap")

// Parse reads a sitemap or a sitemap index.
func Parse(body []byte, o Options) (*sources.Document, error) {
	if len(body) > maxBytes {
		return nil, fmt.Errorf("a sitemap of %d bytes is over the limit of %d", len(body), maxBytes)
	}
	r := reader{doc: &sources.Document{Format: "sitemap", Self: o.URL}, o: o}
	if err := r.read(body); err != nil {
		return nil, err
	}
	r.finish()
	return r.doc, nil
}

// reader goes through the tokens of a sitemap.
type reader struct {
	o       Options
	doc     *sources.Document
	path    []string // of the open elements, as "vocabulary:name"
	text    []byte   // of the innermost element
	count   int
	entries []entry
	cur     entry
	img     picture
	vid     film
	samples []string // dates as written, to learn their order
}

// entry is one url of a urlset, or one sitemap of an index.
type entry struct {
	loc, lastmod                      string
	title, published, name, language  string
	keywords, genres, access, tickers string
	images                            []picture
	films                             []film
}

type picture struct{ loc, caption, title, license string }

type film struct{ thumbnail, title, description, content, player, duration, published string }

func (r *reader) read(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimLeft(body, "\xEF\xBB\xBF \t\r\n")))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		return charset.NewReaderLabel(label, in)
	}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			if len(r.entries) == 0 && r.doc.Format != "sitemapindex" {
				return fmt.Errorf("malformed sitemap: %w", err)
			}
			r.doc.Truncated = true
			return nil
		}
		if err := r.take(tok); err != nil {
			return err
		}
	}
	if r.count == 0 {
		return ErrFormat
	}
	r.doc.Truncated = len(r.path) > 0
	return nil
}

func (r *reader) take(tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		name := vocabulary(tok.Name.Space) + strings.ToLower(tok.Name.Local)
		if r.count++; r.count > maxElements {
			return fmt.Errorf("a sitemap of more than %d elements", maxElements)
		}
		if len(r.path) >= maxDepth {
			return fmt.Errorf("a sitemap nested deeper than %d", maxDepth)
		}
		if len(r.path) == 0 {
			switch name {
			case "urlset":
			case "sitemapindex":
				r.doc.Format = "sitemapindex"
			default:
				return ErrFormat
			}
		}
		r.path = append(r.path, name)
		r.text = r.text[:0]
	case xml.CharData:
		if len(r.text)+len(tok) <= maxText {
			r.text = append(r.text, tok...)
		}
	case xml.EndElement:
		if n := len(r.path); n > 0 {
			r.end(r.path[n-1], strings.TrimSpace(string(r.text)))
			r.path = r.path[:n-1]
			r.text = r.text[:0]
		}
	}
	return nil
}

// vocabulary is the prefix by which an extension's elements are told apart: by
// its namespace, or by the prefix itself where nothing declares it.
func vocabulary(space string) string {
	switch {
	case strings.Contains(space, "news"):
		return "news:"
	case strings.Contains(space, "image"):
		return "image:"
	case strings.Contains(space, "video"):
		return "video:"
	case strings.Contains(space, "xhtml"):
		return "xhtml:"
	}
	return ""
}

// end takes the text of an element that closes.
func (r *reader) end(name, text string) {
	switch name {
	case "url", "sitemap":
		if r.cur.loc != "" {
			if len(r.entries) < maxEntries {
				r.entries = append(r.entries, r.cur)
			} else {
				r.doc.Dropped++
			}
		}
		r.cur = entry{}
	case "image:image":
		if r.img.loc != "" && len(r.cur.images) < maxImages {
			r.cur.images = append(r.cur.images, r.img)
		}
		r.img = picture{}
	case "video:video":
		if len(r.cur.films) < maxImages {
			r.cur.films = append(r.cur.films, r.vid)
		}
		r.vid = film{}
	default:
		if field := r.field(name); field != nil && text != "" && *field == "" {
			*field = text
		}
	}
}

// field is where the text of an element belongs, nil if nowhere.
func (r *reader) field(name string) *string {
	switch name {
	case "loc":
		return &r.cur.loc
	case "lastmod":
		return &r.cur.lastmod
	case "news:title":
		return &r.cur.title
	case "news:publication_date":
		return &r.cur.published
	case "news:name":
		return &r.cur.name
	case "news:language":
		return &r.cur.language
	case "news:keywords":
		return &r.cur.keywords
	case "news:genres":
		return &r.cur.genres
	case "news:access":
		return &r.cur.access
	case "news:stock_tickers":
		return &r.cur.tickers
	case "image:loc":
		return &r.img.loc
	case "image:caption":
		return &r.img.caption
	case "image:title":
		return &r.img.title
	case "image:license":
		return &r.img.license
	case "video:thumbnail_loc":
		return &r.vid.thumbnail
	case "video:title":
		return &r.vid.title
	case "video:description":
		return &r.vid.description
	case "video:content_loc":
		return &r.vid.content
	case "video:player_loc":
		return &r.vid.player
	case "video:duration":
		return &r.vid.duration
	case "video:publication_date":
		return &r.vid.published
	}
	return nil
}

// finish makes the items, or the parts of an index.
func (r *reader) finish() {
	for _, e := range r.entries {
		r.samples = append(r.samples, e.published, e.lastmod)
		if len(r.samples) > 64 {
			break
		}
	}
	order := date.OrderOf(r.samples)
	if r.doc.Format == "sitemapindex" {
		for _, e := range r.entries {
			r.part(e, order)
		}
		return
	}
	seen := make(map[string]bool, len(r.entries))
	for _, e := range r.entries {
		r.item(e, order, seen)
	}
	slices.SortStableFunc(r.doc.Items, func(a, b sources.Item) int { return cmp.Compare(stamp(b), stamp(a)) })
	if n := len(r.doc.Items); n > maxItems {
		r.doc.Dropped += n - maxItems
		r.doc.Items = r.doc.Items[:maxItems]
	}
}

// stamp orders items: the newest first, undated ones last.
func stamp(it sources.Item) int64 {
	if t := it.Record.Published; !t.IsZero() {
		return t.Unix()
	}
	if t := it.Record.Updated; !t.IsZero() {
		return t.Unix()
	}
	return -1 << 62
}

func (r *reader) part(e entry, order date.Order) {
	u := address(r.o.URL, e.loc)
	if u == "" || u == r.o.URL {
		return
	}
	if len(r.doc.Parts) >= maxParts {
		r.doc.Dropped++
		return
	}
	r.doc.Parts = append(r.doc.Parts, sources.Part{URL: u, Updated: instant(e.lastmod, order)})
}
