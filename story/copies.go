package story

import "slices"

// What makes the same text. True copies of one agency text in different papers
// share about a third of their three-word shingles once each paper has cut and
// edited (Silcock et al., NEWS-COPY, 2023); different articles on one event
// share hardly any.
const (
	sureCopy   = 0.30 // share of equal shingles that is enough
	likelyCopy = 0.14 // ... that is enough where the words agree as well
	copyWords  = 0.62 // how much they then have to
	copyAtAll  = 0.12 // how much the words have to agree for a copy to be looked for
	sureLead   = 0.60 // share of the lead's shingles, where one text is cut short
	leadShared = 5    // ... and how many of them at least
	agreeing   = 0.5  // share of names and numbers that copies agree in
	minNamed   = 3    // from so many names and numbers on they are asked
	bareWords  = 12   // a text of fewer words has to be in the other whole, or to have its headline
	wholeLead  = 0.8  // share of the lead's shingles that is as good as whole
	bareShared = 4    // ... and how many of them at least
)

// sameText reports whether two articles have the same text, and what speaks for
// it.
func sameText(a, b *imprint, p *pair) (Evidence, bool) {
	if a.lang != b.lang {
		return Evidence{}, false
	}
	linked := a.canonical != 0 && a.canonical == b.canonical
	if p.words < copyAtAll && !linked && min(a.words, b.words) >= bareWords {
		return Evidence{}, false
	}
	jaccard, _, _ := likeness(a.list(listBody), b.list(listBody), sketchSize)
	_, lead, shared := likeness(a.list(listLead), b.list(listLead), leadSize)
	if linked && (a.owned && b.owned || jaccard >= likelyCopy || lead >= sureLead) {
		return Evidence{"same address", 1, 10}, true
	}
	if a.words < bareWords || b.words < bareWords {
		if lead >= wholeLead && shared >= bareShared {
			return Evidence{"same opening", lead, 8}, true
		}
		same := a.headline != 0 && a.headline == b.headline
		return Evidence{"same headline", 1, 6}, same && (a.words < 3 || b.words < 3 || lead >= sureLead)
	}
	if template(p) {
		return Evidence{}, false
	}
	switch {
	case jaccard >= sureCopy, jaccard >= likelyCopy && p.words >= copyWords:
		return Evidence{"same text", jaccard, 10}, true
	case lead >= sureLead && shared >= leadShared:
		return Evidence{"same opening", lead, 8}, true
	}
	return Evidence{}, false
}

// template reports whether two texts differ just where a form is filled in. In a
// copy the edits fall on any word; in a form they fall on names and numbers.
func template(p *pair) bool {
	n := min(p.nameless[0], p.nameless[1])
	return n >= minNamed && float64(p.equal) < agreeing*float64(n)
}

// acrossLanguages reports whether two texts of different languages are certain
// to tell the same story: one links to the other as its translation, or they
// show the same picture and name the same names within a day.
func acrossLanguages(a, b *node, p *pair) (Evidence, bool) {
	linked := a.canonical != 0 && slices.Contains(b.list(listLinks), a.canonical) || b.canonical != 0 && slices.Contains(a.list(listLinks), b.canonical)
	if linked && p.equal >= 1 {
		return Evidence{"linked", 1, 6}, true
	}
	if a.image != 0 && a.image == b.image && p.equal >= 2 && abs(a.at-b.at) <= 24*3600 {
		return Evidence{"same picture and names", float64(p.equal), 5}, true
	}
	return Evidence{}, false
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
