// Package opml reads and writes lists of feeds as OPML 1.0 and 2.0 files
// (opml.org/spec2.opml).
//
// In: a file of a user's, hostile like any other; out: its feeds, each once, with
// the folders they lie in as categories. The other way round the same. It never
// fetches anything; which of the feeds become sources is the caller's decision.
package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/sources/repair"
)

// Outline is one feed of a list.
type Outline struct {
	URL         string // of the feed, absolute http or https, without credentials
	Title       string // plain text
	Home        string // the site's page; empty if unknown
	Description string
	Language    string   // BCP 47
	Categories  []string // the folders it lies in, outermost first, and its own categories
}

// The limits of a list (input.md L6).
const (
	MaxBytes    = 10 << 20
	MaxDepth    = 32 // outlines within outlines
	MaxOutlines = 20_000
	maxText     = 1 << 10
	maxLabels   = 64 // categories of one feed
)

// The errors of Read that callers may want to tell apart.
var (
	ErrTooLarge = errors.New("the list is larger than 10 MiB")
	ErrTooDeep  = errors.New("the list's folders lie more than 32 deep")
	ErrTooMany  = errors.New("the list has more than 20,000 outlines")
	ErrNotOPML  = errors.New("not an OPML list")
)

// Read reads a list. Outlines without the address of a feed on the web are passed
// over; a feed that is listed twice is one, with the categories of both.
func Read(r io.Reader) ([]Outline, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(body) > MaxBytes {
		return nil, fmt.Errorf("read OPML: %w", ErrTooLarge)
	}
	clean, err := repair.Document(body, repair.Options{})
	if err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	if clean.Kind != repair.OPML {
		return nil, fmt.Errorf("read OPML: the document is of kind %q: %w", clean.Kind, ErrNotOPML)
	}
	l := list{seen: make(map[string]int)}
	if err := l.read(clean.Body); err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	return l.outlines, nil
}

// list is what was read so far.
type list struct {
	outlines []Outline
	seen     map[string]int // canonical URL to place in outlines
	count    int
	folders  []string // names of the open outlines, empty where they have none
}

func (l *list) read(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if !strings.EqualFold(t.Name.Local, "outline") {
				continue
			}
			if err := l.open(t); err != nil {
				return err
			}
		case xml.EndElement:
			if strings.EqualFold(t.Name.Local, "outline") && len(l.folders) > 0 {
				l.folders = l.folders[:len(l.folders)-1]
			}
		}
	}
}

func (l *list) open(t xml.StartElement) error {
	if l.count++; l.count > MaxOutlines {
		return ErrTooMany
	}
	if len(l.folders) == MaxDepth {
		return ErrTooDeep
	}
	attrs := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		attrs[strings.ToLower(a.Name.Local)] = a.Value
	}
	name := text(attrs["title"])
	if name == "" {
		name = text(attrs["text"])
	}
	u := address(attrs["xmlurl"])
	if u == "" {
		l.folders = append(l.folders, name)
		return nil
	}
	l.folders = append(l.folders, "") // a feed is no folder
	l.add(Outline{
		URL: u, Title: name, Home: address(attrs["htmlurl"]), Description: text(attrs["description"]),
		Language: article.Language(attrs["language"]), Categories: l.categories(attrs["category"]),
	})
	return nil
}

// categories are the open folders and those of the attribute: names with commas
// between, each a tag or a path from "/".
func (l *list) categories(attr string) []string {
	var out []string
	add := func(s string) {
		if s = text(strings.Trim(s, "/")); s != "" && len(out) < maxLabels && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, f := range l.folders {
		add(f)
	}
	for c := range strings.SplitSeq(attr, ",") {
		add(strings.TrimSpace(c))
	}
	return out
}

func (l *list) add(o Outline) {
	key := article.CanonicalURL(o.URL)
	if i, ok := l.seen[key]; ok {
		known := &l.outlines[i]
		for _, c := range o.Categories {
			if len(known.Categories) < maxLabels && !slices.Contains(known.Categories, c) {
				known.Categories = append(known.Categories, c)
			}
		}
		if known.Title == "" {
			known.Title = o.Title
		}
		if known.Home == "" {
			known.Home = o.Home
		}
		return
	}
	l.seen[key] = len(l.outlines)
	l.outlines = append(l.outlines, o)
}

// text is an attribute on one line.
func text(s string) string {
	return article.Line(article.Cut(article.Line(article.Cut(s, 4*maxText)), maxText))
}

// address is an absolute http or https URL without credentials, or empty. The
// feed: scheme of old browsers stands for http or before a whole address.
func address(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := cutFold(s, "feed:"); ok {
		if s = rest; strings.HasPrefix(s, "//") {
			s = "http:" + s
		}
	}
	if _, ok := cutFold(s, "http://"); !ok {
		if _, ok = cutFold(s, "https://"); !ok {
			return ""
		}
	}
	if u := article.Resolve("", s); len(u) <= article.MaxURL {
		return u
	}
	return ""
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
