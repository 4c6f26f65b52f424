// Package story finds out which articles are the same text and which tell the
// same story. In go article records, one after the other as they arrive; out
// come decisions: the story and the text group of each article, and why. The
// engine is pure and online: it reads no clock, draws no random number, does no
// I/O, and the same records in the same order give the same decisions. What it
// costs to add an article does not depend on how many it holds.
//
// How it decides. An article becomes a bounded fingerprint: a sketch of its
// three-word shingles (the k smallest hashes, Broder 1997) and its weightiest
// words (TF-IDF over the window). Looked up by the rarest of both, a bounded
// number of earlier articles is held against it. A large share of equal shingles
// makes the same text, unless just the names and numbers differ: then it is one
// template filled in twice. For the same story the evidence is summed up: words,
// names, headline, numbers, places, days, distance in time; the sum is in
// log-odds and every part of it can be shown (Evidence).
//
// What it promises. A story's id comes from its first article and never
// changes. An article moves to another story only for better evidence, and never
// where an operator placed it. Texts of two languages are one story only where
// they say so themselves: by a link from one to the other, or by the same
// picture and the same names.
package story
