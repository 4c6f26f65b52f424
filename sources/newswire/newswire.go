// Package newswire reads the formats of news agencies: NewsML-G2 (news items,
// packages, pictures, news messages), NewsML 1.x, NITF, ninjs 1 to 3, AP's media
// JSON, dpa's digitalwires JSON, and the telegram formats IPTC 7901 and ANPA 1312.
//
// In goes one body as it came, out comes a Document whose items hold what the
// wire claims, in the record's own shape: identity, version, status, embargo,
// head, credits, subjects by scheme and code, places, people, rights, pictures,
// and the body as sections and HTML. Nothing in it is clean yet; normalise sees
// to that. What a wire marks as not for publication never gets into a body.
//
// The body is hostile. Size, depth, elements and attributes are bounded, no DTD
// is expanded, nothing outside the body is read, and what can't be read ends in
// an error. The package never fetches what an item refers to.
package newswire

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"wireroom/sources"
)

// Format names a format of a news agency; it stands in Document.Format.
type Format string

// The formats.
const (
	NewsMLG2 Format = "newsml-g2"
	NewsML1  Format = "newsml-1"
	NITF     Format = "nitf"
	NINJS    Format = "ninjs"
	APMedia  Format = "ap-media"
	DPA      Format = "dpa-digitalwires"
	IPTC7901 Format = "iptc-7901"
	ANPA     Format = "anpa-1312"
)

// Known reports whether f is one of the formats.
func (f Format) Known() bool {
	switch f {
	case NewsMLG2, NewsML1, NITF, NINJS, APMedia, DPA, IPTC7901, ANPA:
		return true
	}
	return false
}

// Options of one Parse call.
type Options struct {
	URL      string    // absolute address the body came from; relative references resolve against it
	Received time.Time // when it came, for telegrams that tell no year; zero: they get no date

	left *int // blocks that the items may still have
}

// ErrFormat is returned for a body that is in none of the formats.
var ErrFormat = errors.New("in no format of a news agency")

// Refusal says why a body that is in a known format holds no news: a concept
// item, a knowledge item, a planning item, a catalogue, an event.
type Refusal struct {
	Format Format
	Reason string
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s", r.Format, r.Reason) }

func refuse(f Format, format string, args ...any) error {
	return &Refusal{f, fmt.Sprintf(format, args...)}
}

// The bounds of one body.
const (
	maxBytes  = 20 << 20
	maxItems  = 5000
	maxMedia  = 64
	maxNames  = 256
	maxBlocks = 5_000   // of one item
	maxAll    = 200_000 // blocks of all items
)

// Parse reads body. The error is ErrFormat, a *Refusal, or says what is broken.
func Parse(body []byte, o Options) (*sources.Document, error) {
	if len(body) > maxBytes {
		return nil, fmt.Errorf("a body of %d bytes is over the limit of %d", len(body), maxBytes)
	}
	f := Detect(body)
	doc := &sources.Document{Format: string(f), Self: o.URL}
	left := maxAll
	o.left = &left
	var err error
	switch f {
	case NewsMLG2, NewsML1, NITF:
		err = parseXML(doc, f, body, o)
	case NINJS, APMedia, DPA:
		err = parseJSON(doc, f, body, o)
	case IPTC7901:
		err = parse7901(doc, body, o)
	case ANPA:
		err = parseANPA(doc, body, o)
	default:
		return nil, ErrFormat
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}

func parseXML(doc *sources.Document, f Format, body []byte, o Options) error {
	root, truncated, err := readXML(body)
	if err != nil {
		return fmt.Errorf("read %s: %w", f, err)
	}
	doc.Truncated = truncated
	switch f {
	case NewsMLG2:
		return parseG2(doc, root, o)
	case NewsML1:
		return parseNewsML(doc, root, o)
	}
	return parseNITF(doc, root, o)
}

// add puts a finished draft into the document.
func add(doc *sources.Document, d *draft) {
	if *d.left -= len(d.blocks); *d.left < 0 || len(doc.Items) >= maxItems {
		doc.Dropped++
		return
	}
	doc.Items = append(doc.Items, d.finish())
}

// Detect tells the format of body from its first bytes, "" if it is none.
func Detect(body []byte) Format {
	head := body[:min(len(body), 64<<10)]
	if text, ok := wide(head); ok {
		head = text
	}
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return ""
	case trimmed[0] == '<':
		return detectXML(trimmed)
	case trimmed[0] == '{' || trimmed[0] == '[':
		return detectJSON(trimmed)
	}
	return detectTelegram(head)
}

// Newer reports whether version a of an item replaces version b of the same
// item. The time of the version decides, and only where it doesn't the version
// number: Reuters' numbers follow no order. A cancellation replaces everything.
func Newer(a, b *sources.Item) bool {
	ac, bc := a.Record.Status == "canceled", b.Record.Status == "canceled"
	if ac != bc {
		return ac
	}
	at, bt := a.Record.Updated, b.Record.Updated
	if !at.IsZero() && !bt.IsZero() && !at.Equal(bt) {
		return at.After(bt)
	}
	return a.Record.Version > b.Record.Version
}
