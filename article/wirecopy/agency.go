package wirecopy

import (
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxCredit     = 4 << 10 // bytes of a text that are looked through for names
	maxCreditWord = 512     // words of it
	maxAliasWords = 6
)

// names is the index over agencies: folded alias to its place in the table, and
// the ideographic aliases, which stand in the text without word gaps.
type names struct {
	byAlias map[string]int
	longest map[string]int // words of the longest alias that begins with a word
	ideo    []alias
}

type alias struct {
	text string
	of   int
}

var index = sync.OnceValue(func() names {
	n := names{byAlias: make(map[string]int, 4*len(agencies)), longest: map[string]int{}}
	for i, a := range agencies {
		n.byAlias[fold(a.name)] = i
		for s := range strings.SplitSeq(a.aliases, "|") {
			f := fold(s)
			if f == "" {
				continue
			}
			if _, taken := n.byAlias[f]; !taken {
				n.byAlias[f] = i
			}
			if cjk(firstRune(s)) && utf8.RuneCountInString(s) > 1 {
				n.ideo = append(n.ideo, alias{f, i})
			}
		}
	}
	for f := range n.byAlias {
		var b []byte
		for i, w := range words(f, maxAliasWords) { // as match parts a text
			if i == 0 {
				b = append(b, w.text...)
			}
			n.longest[string(b)] = max(n.longest[string(b)], i+1)
		}
	}
	return n
})

// Agency returns the one spelling of the wire service that name names, whatever
// the case, the accents or the script: "agence france-presse" is AFP. ok is
// false for anything else, picture agencies included.
func Agency(name string) (spelling string, ok bool) {
	i, ok := lookup(name)
	if !ok || agencies[i].picture {
		return "", false
	}
	return agencies[i].name, true
}

// PictureAgency is Agency for the credit of a picture: picture agencies count
// beside the wire services.
func PictureAgency(name string) (spelling string, ok bool) {
	if i, ok := lookup(name); ok {
		return agencies[i].name, true
	}
	return "", false
}

func lookup(name string) (int, bool) {
	if len(name) > 128 {
		return 0, false
	}
	var space [128]byte
	i, ok := index().byAlias[string(appendFold(space[:0], name))]
	return i, ok
}

// Agencies returns the wire services that a credit names, in order, each once:
// "(Reuters, AFP)", "Quelle: APA/sda/dpa", "mit Material von dpa". Text that is
// more than a credit is read carefully: words that are also ordinary words or
// names (Nova, MAP) count only where the whole text is a list of agencies. The
// general "agencies", "Agenturmaterial" give "agencies".
func Agencies(text string) []string { return spellings(text, false) }

// PictureAgencies is Agencies for the credit of a picture.
func PictureAgencies(text string) []string { return spellings(text, true) }

func spellings(text string, pictures bool) []string {
	var out []string
	for _, h := range find(text) {
		a := &agencies[h.of]
		if a.picture && !pictures || contains(out, a.name) {
			continue
		}
		out = append(out, a.name)
	}
	return out
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// hit is an agency found in a text.
type hit struct {
	of         int
	start, end int
}

// find returns the agencies named in text, the longest name first at each place.
func find(text string) []hit {
	if len(text) > maxCredit {
		text = text[:maxCredit]
	}
	ws := words(text, maxCreditWord)
	list := creditList(text, ws)
	var out []hit
	for i := 0; i < len(ws); {
		of, n := match(ws[i:], list)
		if n == 0 {
			if cjk(firstRune(ws[i].text)) {
				out = ideographs(out, ws[i])
			}
			i++
			continue
		}
		out = append(out, hit{of, ws[i].start, ws[i+n-1].end})
		i += n
	}
	return out
}

// match returns the agency whose name begins ws and how many words it takes.
func match(ws []word, list bool) (of, n int) {
	if len(ws) == 0 {
		return 0, 0
	}
	ix := index()
	var space [128]byte
	b := appendFold(space[:0], ws[0].text)
	for k := range min(len(ws), ix.longest[string(b)]) {
		if k > 0 {
			b = appendFold(append(b, ' '), ws[k].text)
		}
		if i, ok := ix.byAlias[string(b)]; ok && (list || written(&agencies[i], ws[:k+1])) {
			of, n = i, k+1
		}
	}
	return of, n
}

// written reports whether the words stand for the agency even amid prose: a
// short form must be written in capitals or as the agency itself writes it, and
// a loose one does not count at all.
func written(a *wire, ws []word) bool {
	if len(ws) > 1 {
		return true
	}
	s := ws[0].text
	if a.loose && fold(s) == fold(a.name) {
		return false
	}
	if s == a.name {
		return true
	}
	if utf8.RuneCountInString(s) > 4 {
		return !lower(s) || fold(s) != fold(a.name) || a.name == "Reuters" || a.name == "agencies"
	}
	if cjk(firstRune(s)) || upper(s, 2) {
		return true
	}
	switch s {
	case "dpa", "epd", "edp", "afp", "kna", "sda", "awp":
		return true
	}
	return false
}

// ideographs adds the agencies whose ideographic names stand inside w.
func ideographs(out []hit, w word) []hit {
	for _, a := range index().ideo {
		if i := strings.Index(w.text, a.text); i >= 0 {
			out = append(out, hit{a.of, w.start + i, w.start + i + len(a.text)})
			return out
		}
	}
	return out
}

// creditList reports whether text is nothing but agencies, initials and what
// joins them, so that "ap" and "tt" can only be meant as agencies.
func creditList(text string, ws []word) bool {
	if len(ws) == 0 || len(ws) > 12 || strings.ContainsAny(text, "!?") {
		return false
	}
	known := 0
	for i := 0; i < len(ws); {
		if _, n := match(ws[i:], true); n > 0 {
			known++
			i += n
			continue
		}
		if !joins(ws[i].text) && !initials(ws[i].text) {
			return false
		}
		i++
	}
	return known > 0
}

// joins reports whether s only joins or labels the names of a credit.
func joins(s string) bool {
	switch fold(s) {
	case "und", "and", "et", "y", "e", "mit", "with", "avec", "con", "von", "by", "par", "por", "c",
		"quelle", "source", "fuente", "fonte", "bron", "kilde", "zrodlo", "kaynak", "источник", "i", "en", "og", "och", "ja":
		return true
	}
	return false
}

// initials reports whether s can be an editor's or a desk's mark: one to four
// letters in lower case that are no word of a credit.
func initials(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= 4 && lower(s) && !cjk(firstRune(s))
}
