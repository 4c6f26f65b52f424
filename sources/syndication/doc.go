// Package syndication reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON
// Feed.
//
// In: a [repair.Result], well-formed and bounded. Out: a [sources.Document]
// with the claims of every item in the record's own shape, URLs absolute, plain
// text decoded once, HTML unsanitised, dates both as text and understood.
//
// gofeed is the authority. A document in the plainest form, which nearly all have, is
// read by us in one pass, as gofeed would (plainxml.go, plainjson.go); whatever is not
// of that form goes to gofeed (gofeed.go), which gets XML in one step more than usual:
// shape rewrites it into the few elements that are read here (vocabulary.go), in a form
// of which gofeed loses nothing. What it keeps faithfully stays; what it would lose or
// change (types, order, repetition, ids, dates) becomes an extension element of our
// own, whose text is kept aside, so gofeed carries a number in its place; everything
// else is left out. gofeed's cost is then paid for structure only, and no text can make
// it dear.
//
// Either way rss.go and atom.go read elements as fields.go has them, and jsonfeed.go
// gofeed's own structures; of gofeed's universal feed, which has lost too much, nothing.
//
// The package never fetches, never cleans (normalise does) and never believes: an
// author's address, a source or a date are claims.
package syndication
