// Package syndication reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON
// Feed.
//
// In: a [repair.Result], well-formed and bounded. Out: a [sources.Document]
// with the claims of every item in the record's own shape, URLs absolute, plain
// text decoded once, HTML unsanitised, dates both as text and understood.
//
// gofeed does the parsing. The document goes to it in two steps more than usual:
//
//  1. shape rewrites XML into the few elements that are read here (vocabulary.go),
//     in a form of which gofeed loses nothing: what it keeps faithfully stays;
//     what it would lose or change (types, order, repetition, ids, dates) becomes an
//     extension element of our own, whose text is kept aside, so gofeed carries
//     a number in its place; everything else is left out. gofeed's cost is then
//     paid for structure only, and no text can make it dear.
//  2. rss.go, atom.go and jsonfeed.go read gofeed's own structures, not its
//     universal feed, which has lost too much.
//
// The package never fetches, never cleans (normalise does) and never believes: an
// author's address, a source or a date are claims.
package syndication
