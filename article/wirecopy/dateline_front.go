package wirecopy

import (
	"strings"
	"unicode/utf8"

	"wireroom/article"
)

// front is what stands before the dash of a dateline, taken apart.
type front struct {
	text   string
	at     location
	when   day
	agency []string // the wire services it credits
	credit string   // what stood in the bracket
	brackt bool     // there was a bracket
	bad    bool     // it can't be a dateline
}

func (f *front) dateline() article.Dateline {
	d := article.Dateline{Text: f.text, Places: f.at.places, Date: f.when.iso()}
	if len(f.agency) > 0 {
		d.Agency = f.agency[0]
		if len(f.agency) > 1 && d.Agency == "TNS" { // co-credits name the distributor last
			d.Agency = f.agency[1]
		}
	}
	return d
}

// readFront takes apart "PLACE[/PLACE][, Region][, date][, ][(]AGENCY[)]".
func readFront(s string) front {
	f := front{text: strings.TrimSpace(s)}
	rest, credit, bracketed := cutAgency(f.text)
	f.brackt, f.credit = bracketed, credit
	if credit != "" {
		f.agency = Agencies(credit)
	}
	if _, ok := lookup(credit); bracketed && credit != "" && len(f.agency) == 0 && ok {
		f.agency = PictureAgencies(credit)
	}
	rest, f.when = trailingDay(rest)
	if !f.when.ok { // Latin America and Interfax put a stop before the day: "Москва. 7 марта"
		rest = strings.TrimRight(rest, " ,.")
	}
	var ok bool
	if f.at, ok = locate(abbreviation(rest)); !ok {
		f.bad = true
	}
	return f
}

// abbreviation gives back the stop that belongs to the region before the date:
// trailingDay has trimmed it, and nothing below needs it.
func abbreviation(s string) string { return strings.TrimRight(s, " ,") }

// cutAgency takes the agency off the end of a front: "(Reuters)", "[AP]",
// "/TASS/", ", BNS", " Kyodo".
func cutAgency(s string) (before, credit string, bracketed bool) {
	s = strings.TrimRight(s, " ,.-–—=_:\u00a0")
	if s == "" {
		return "", "", false
	}
	if i := opening(s); i >= 0 {
		return trimSep(s[:i]), strings.TrimSpace(s[i+1 : len(s)-1]), true
	}
	for _, n := range [...]int{1, 2, 3} {
		i := lastWords(s, n)
		if i < 0 {
			break
		}
		tail := s[i:]
		if a, ok := lookup(tail); ok && (i == 0 || strings.ContainsAny(s[i-1:i], ", /")) && (written(&agencies[a], words(tail, 4)) || n == 1 && i > 0 && upper(tail, 3)) {
			return trimSep(s[:i]), tail, false
		}
	}
	return s, "", false
}

func trimSep(s string) string { return strings.TrimRight(s, " ,./;-–\u00a0") }

// opening returns where the bracket that ends s opens, -1 if none does. A pair
// of slashes counts as a bracket where it holds an agency.
func opening(s string) int {
	var open byte
	switch s[len(s)-1] {
	case ')':
		open = '('
	case ']':
		open = '['
	case '/':
		open = '/'
	default:
		return -1
	}
	i := strings.LastIndexByte(s[:len(s)-1], open)
	if i < 0 || len(s)-i > 64 {
		return -1
	}
	if open == '[' && i > 0 { // a country in brackets, "New Delhi [India]"
		if _, ok := lookup(s[i+1 : len(s)-1]); !ok {
			return -1
		}
	}
	if open == '(' && listed(places, s) {
		return -1
	}
	return i
}

// lastWords returns where the last n words of s begin, -1 if it has fewer.
func lastWords(s string, n int) int {
	i := len(s)
	for ; n > 0; n-- {
		if i <= 0 {
			return -1
		}
		i = strings.LastIndexAny(strings.TrimRight(s[:i], " /,"), " /,")
		if i < 0 && n > 1 {
			return -1
		}
	}
	return i + 1
}

// read judges one place at which a dateline may end. What follows must be able
// to begin a sentence, and the weaker the evidence of the front is (agency,
// then date, then capitals, then a known place), the more the ending must tell.
func (c cut) read(s string) (d article.Dateline, rest string, ok bool) {
	rest = s[c.rest:]
	text := strings.TrimSpace(s[:c.front])
	if text == "" || len(text) > maxHead/2+40 {
		return d, "", false
	}
	f := readFront(text)
	if f.bad || len(f.at.places) == 0 && f.credit == "" {
		return d, "", false
	}
	if !f.accept(c.how, rest) {
		return d, "", false
	}
	if len(f.at.places) == 0 && !f.when.ok { // "(ANSA) - ROMA, 1 LUG - "
		if d, r, ok := f.lead(s, c, rest); ok {
			return d, r, true
		}
	}
	d = f.dateline()
	if d.Agency == "" {
		d, rest = trailer(d, s, c, rest)
	}
	return d, rest, true
}

// lead joins an agency that stands before the place with the dateline proper.
func (f *front) lead(s string, c cut, rest string) (article.Dateline, string, bool) {
	if len(f.agency) == 0 {
		return article.Dateline{}, "", false
	}
	for e := range endings(rest) {
		if e.how != dash && e.how != equals {
			break
		}
		g := readFront(strings.TrimSpace(rest[:e.front]))
		if g.bad || len(g.at.places) == 0 || !g.at.known && !g.at.caps && !g.when.ok {
			break
		}
		d := g.dateline()
		d.Agency = f.agency[0]
		d.Text = strings.TrimSpace(s[:c.rest+e.front])
		return d, rest[e.rest:], true
	}
	return article.Dateline{}, "", false
}

// trailer takes up an agency that follows the dash: "МОСКВА, 7 мар - РИА
// Новости. ", "ROMA, 1 LUG - (ANSA) - ".
func trailer(d article.Dateline, s string, c cut, rest string) (article.Dateline, string) {
	for e := range endings(rest) {
		name := strings.Trim(rest[:e.front], " ()[]/")
		if a, ok := Agency(name); ok && len(name) < 32 {
			d.Agency = a
			d.Text = strings.TrimRight(strings.TrimSpace(s[:c.rest+e.front]), " -–—.")
			return d, rest[e.rest:]
		}
		break
	}
	return d, rest
}

// accept says whether front and ending together make a dateline.
func (f *front) accept(how ending, rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	begins := rest == "" || opens(r)
	switch {
	case len(f.agency) > 0:
		return f.acceptAgency(how, rest, begins)
	case f.brackt:
		if len(f.at.places) == 0 { // "Jan 3 (OPTA) - "
			return how == dash && begins && token(f.credit) && f.when.month != 0
		}
		return how == dash && begins && token(f.credit) && (f.at.known || f.at.likely())
	case f.when.ok && f.when.month != 0:
		return len(f.at.places) > 0 && begins && !f.article() && (how == dash || how == equals || how == colon && (f.at.known || f.at.likely()) || how == stop && f.at.known && f.at.words < 4)
	case !begins:
		return false
	}
	return f.acceptPlace(how, rest)
}

func (f *front) acceptAgency(how ending, rest string, begins bool) bool {
	if f.article() {
		return false
	}
	for _, p := range f.at.places {
		if _, ok := lookup(p); ok { // "EFE/EPA/…" is a credit
			return false
		}
	}
	if len(f.at.places) == 0 {
		return f.brackt && (how == dash || how == equals || f.when.ok) && (begins || how == dash)
	}
	if f.brackt {
		return begins || how == dash && (f.at.caps || f.at.known)
	}
	// The agency stands bare: "SYDNEY March 22 AAP - ".
	return begins && (how == dash || how == colon || how == stop && (f.when.ok || f.at.known)) &&
		(f.when.ok || f.at.known || f.at.likely())
}

// acceptPlace judges a place with neither agency nor date.
func (f *front) acceptPlace(how ending, rest string) bool {
	at := &f.at
	if len(at.places) == 0 || f.article() && !at.known {
		return false
	}
	long := rest == "" || utf8.RuneCountInString(rest) >= 40
	switch how {
	case dash, equals:
		if how == equals {
			return at.known && at.caps
		}
		return at.caps && at.likely() || at.known && at.words <= 6 && (rest != "" || at.caps || at.region) || at.german(false) && long && rest != ""
	case colon:
		return at.caps && at.known && rest != ""
	case stop:
		return at.words <= 4 && !at.region && long && !clipped(rest) && (at.known && f.plainStop() || !at.caps && at.german(true) && rest != "")
	}
	return false
}

// plainStop guards "Berlin. " against abbreviations and initials.
func (f *front) plainStop() bool {
	return utf8.RuneCountInString(f.text) >= 3 && !strings.ContainsAny(f.text, ".,")
}

// clipped reports whether rest begins with another sentence of one word, as a
// row of names does: "Berlin. London. Paris. …".
func clipped(rest string) bool {
	i := strings.IndexAny(rest, " .!?")
	return i > 0 && rest[i] != ' '
}

// article reports whether the place begins with an article or another word of a
// sentence, as in "Die Agentur (dpa) …", and no gazetteer knows it.
func (f *front) article() bool {
	if len(f.at.places) == 0 || f.at.known {
		return false
	}
	first, _, more := strings.Cut(f.at.places[0], " ")
	return more && !f.at.caps && sentence(fold(first)) || !more && sentence(fold(first))
}

// token reports whether s can be the mark of an agency or a station that we
// don't know: "dpo", "WFAA", "AFP/jw".
func token(s string) bool {
	s = strings.TrimSuffix(s, ".com") // "LOS ANGELES (Variety.com) - "
	return s != "" && len(s) <= 24 && strings.Count(s, " ") <= 2 && !strings.ContainsAny(s, ".,;:!?\"") && !label(fold(s)) && !sentence(fold(s))
}
