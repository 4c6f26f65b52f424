// Package repair stands between the network and the parsers: it turns the bytes
// of a fetched body into a clean, bounded UTF-8 document.
package repair

// Options of one Document call. The zero value takes the default limits.
type Options struct {
	ContentType string            // of the response; its charset is one piece of evidence
	Known       func(uint64) bool // reports whether an item with this hash is stored and unchanged; nil: none
	Limits      Limits
}

// Limits bound what a document may cost; zero fields take the defaults (input.md §7).
type Limits struct {
	Bytes      int // decoded bytes, 20 MiB
	Depth      int // XML 256
	JSONDepth  int // 64
	Elements   int // 250,000
	Attributes int // 256 an element
	Namespaces int // 256 declarations a document
	AttrBytes  int // 64 KiB an attribute; longer ones are cut
	Prolog     int // 256 KiB before the root
	Items      int // 5,000; the rest is counted
}

// Kind is what a document turned out to be.
type Kind string

// The kinds. RSS and Atom documents are handed on in a form gofeed reads.
const (
	RSS   Kind = "rss"  // 0.9x, 1.0, 2.0; RSS 1.1 and CDF are mapped to 2.0
	Atom  Kind = "atom" // 1.0 and 0.3; bare entries are wrapped
	JSON  Kind = "json"
	HTML  Kind = "html" // not a feed, a page
	OPML  Kind = "opml" // not a feed, a list of feeds
	XML   Kind = "xml"  // some other XML: a sitemap, NewsML, NITF, …; Root and RootSpace say which
	Other Kind = "other"
)

// Result is a document that is safe to parse.
type Result struct {
	Kind      Kind
	Root      string // local name of the root element as it came
	RootSpace string // its namespace URI as it came
	Body      []byte // UTF-8, well-formed, bounded, no DOCTYPE; without the known items
	Charset   string // what it was decoded from
	Base      string // xml:base of the root, verbatim
	Lang      string // xml:lang of the root, verbatim
	Entries   []Entry
	Known     int  // items left out because Options.Known said so
	Dropped   int  // items over the limit
	Truncated bool // the body ended early; what is here is whole items only
	Repairs   map[string]int
}

// Entry is the side table: what gofeed cannot carry of one item, in the order of
// the items in Body.
type Entry struct {
	Hash  uint64              // of the item's raw bytes (FNV-1a or better, stable across versions)
	ID    string              // raw id, guid or rdf:about, trimmed of white space only
	Base  string              // xml:base in scope, verbatim, joined with "\x00" from outermost to innermost
	Lang  string              // xml:lang in scope
	Types map[string]TextType // of the entry's text elements by local name: title, summary, content, rights
}

// TextType is how an Atom or RSS text element carries its text.
type TextType string
