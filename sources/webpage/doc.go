// Package webpage reads an article's own page: bytes of HTML in any charset, or
// a page that somebody saved as plain text, go in; the article's record with
// everything the page says comes out, and for every field what the other inputs
// said of it.
//
// How it reads. The page is parsed once into a tree, and the tree is walked once
// into a flat list of nodes in document order (see tree). From there:
//
//	vocabulary  what the class names and ids of an element say it is
//	linkeddata  JSON-LD and embedded application state
//	head        meta and link elements, microdata and RDFa
//	root        which element holds the article
//	blocks      paragraphs, headings, list items, figures in reading order
//	noise       which blocks are no part of the article, and why
//	sections    what is left, as sections of blocks
//
// and each field of the record is chosen among candidates, the best evidence
// first: what a reader sees on the page, then linked data, then meta elements.
//
// It never fetches anything, never runs a script, never knows a site by name:
// what one publisher's pages need beyond the general rules stands in hints.json,
// as data. Text that it returns is plain and trimmed but not yet believed;
// normalise sanitises the HTML and judges the dates.
package webpage
