// Package repair stands between the network and the parsers.
//
// In: the bytes of a fetched body, as they came. Out: a [Result] whose Body is
// UTF-8, well-formed, free of DOCTYPEs, comments and processing instructions,
// and bounded in depth, size and namespaces, so that gofeed and encoding/xml
// (or encoding/json) read it without surprise; beside it the side table of what
// those parsers cannot carry.
//
// It works in one pass over the decoded bytes and copies what is sound. It
// never fetches anything, never believes a declaration against the evidence,
// and never gives an input more memory or time than its size justifies.
//
// What the readers of Body may rely on:
//
//   - RSS and RDF: one channel that holds every item, its elements without a
//     prefix. Atom: one feed element that holds every entry, likewise.
//   - Namespaces that gofeed knows by one spelling have that spelling; all
//     prefixes are declared on the root (RSS: on root or channel).
//   - xml:base attributes are gone, so that nothing resolves a URL half right:
//     Result.Base, Entry.Base and the Bases maps hold them.
//   - JSON: strict JSON; in a JSON Feed the members that gofeed reads have the
//     types it reads, everything else is as it came.
package repair

// Options of one Document call. The zero value takes the default limits.
type Options struct {
	ContentType string            // of the response; its charset is one piece of evidence
	Known       func(uint64) bool // reports whether an item with this hash is stored and unchanged; nil: none
	Limits      Limits
}

// Kind is what a document turned out to be.
type Kind string

// The kinds. RSS and Atom documents are handed on in a form gofeed reads.
const (
	RSS   Kind = "rss"  // 0.9x, 1.0, 2.0; RSS 1.1 and CDF are mapped to 2.0
	Atom  Kind = "atom" // 1.0 and 0.3; bare entries are wrapped
	JSON  Kind = "json"
	HTML  Kind = "html"  // not a feed, a page; Body is decoded and otherwise untouched
	OPML  Kind = "opml"  // not a feed, a list of feeds
	XML   Kind = "xml"   // some other XML: a sitemap, NewsML, NITF, …; Root and RootSpace say which
	Other Kind = "other" // text without markup; Body is decoded and otherwise untouched
)

// Result is a document that is safe to parse.
type Result struct {
	Kind      Kind
	Root      string // local name of the root element as it came; "jsonfeed" for a JSON Feed
	RootSpace string // its namespace URI as it came
	Body      []byte // UTF-8, well-formed, bounded, no DOCTYPE; without the known items
	Charset   string // what it was decoded from
	ID        string // the feed's own id, trimmed of white space only
	Base      string // xml:base of the root (and channel), verbatim, joined like Entry.Base
	Lang      string // xml:lang of the root, verbatim
	Bases     map[string]string
	Types     map[string]TextType // of the feed's own title, subtitle, rights
	Entries   []Entry
	Known     int  // items left out because Options.Known said so
	Dropped   int  // items over the limit
	Truncated bool // the body ended early; what is here is whole items only
	Repairs   map[string]int

	space []byte // that Body lies in, if it did not outgrow it; see Release
}

// Entry is the side table: what gofeed cannot carry of one item, in the order of
// the items in Body. Its maps are shared between entries and must not be changed.
type Entry struct {
	Hash  uint64              // of the item's decoded bytes before repair and of what is in scope for it (XXH64, stable across versions)
	ID    string              // raw id, guid or rdf:about, trimmed of white space only
	Base  string              // xml:base in scope, verbatim, joined with "\x00" from outermost to innermost
	Lang  string              // xml:lang in scope
	Bases map[string]string   // of the children that have an xml:base of their own, by local name: Base joined with it
	Types map[string]TextType // of the entry's text elements by local name: title, summary, content, rights
}

// TextType is how an Atom text element carries its text (RFC 4287 section 3.1.1
// and 4.1.3), Atom 0.3's mode taken into account.
type TextType string

// The text types. Any other value is the media type of an Atom content element,
// in lower case. RSS elements have no type and are not in the map, except those
// that hold child elements unescaped: they are TextXHTML.
const (
	TextPlain TextType = "text"
	TextHTML  TextType = "html"
	TextXHTML TextType = "xhtml"
)
