// Package feed is what we publish. Articles come in, as records that are clean
// and due; documents go out, as bytes: combined feeds in RSS 2.0, Atom 1.0 and
// JSON Feed 1.1, their archives (RFC 5005) and deltas (RFC 3229), the feeds'
// list as OPML, and one article as ninjs or JSON-LD.
//
// Everything here is a pure function of its arguments: no clock, no randomness,
// no I/O. So a document has the same bytes and the same validator on every
// replica and after every restart. What is due, which article fell into which
// feed and how long anything is kept is the caller's to decide; that no withheld
// article, no forbidden character and no text beyond its source's rights leaves
// is decided here.
//
// The way of the data:
//
//	Pick      records      -> the records of one document, in its order
//	Prepare   a Page       -> a Document: entries, the same for every format
//	Render    a Document   -> bytes in one format, through gorilla/feeds
//	Snap      bytes        -> a Snapshot: content codings, validators, headers
//
// It never fetches, never stores, and never serves.
package feed
