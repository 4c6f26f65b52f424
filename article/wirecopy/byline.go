package wirecopy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wireroom/article"
)

const (
	maxByline = 2 << 10 // bytes of a byline that are read
	maxPeople = 32
)

// Byline takes a byline apart: "By Jane Doe in Paris and John Roe in London",
// "Von Anna Schmidt, dpa", "By BERNARD CONDON, AP Business Writer", "dpa/lni".
// Agencies come out under their one spelling and are never people; initials,
// addresses and handles are dropped. The byline as printed is the caller's.
func Byline(s string) (authors []article.Person, agencies []string) {
	var b byline
	b.read(s)
	return b.people, b.agencies
}

// byline gathers the people of one credit.
type byline struct {
	people   []article.Person
	agencies []string
	role     string // given to everybody who has none of their own
	placed   int    // people before this one have had their place
}

func (b *byline) read(s string) {
	if len(s) > maxByline {
		s = strings.ToValidUTF8(s[:maxByline], "")
	}
	s = strings.TrimRight(strings.TrimSpace(s), " =-–—")
	s, _ = cutLead(s)
	for part := range segments(s) {
		if len(b.people) < maxPeople {
			b.segment(part)
		}
	}
}

func (b *byline) credit(names ...string) {
	for _, n := range names {
		if !contains(b.agencies, n) {
			b.agencies = append(b.agencies, n)
		}
	}
}

// segment reads one person, agency, role or place.
func (b *byline) segment(s string) {
	s, inside := cutBracket(strings.TrimSpace(s))
	s = strings.Trim(s, " \t\u00a0.:;*•·|\"“”„«»")
	s, _ = cutLead(s)
	switch {
	case s == "":
	case strings.ContainsAny(s, "@\\<>{}") || strings.Contains(s, "://") || strings.HasPrefix(s, "www."):
	case b.agency(s):
	case lower(s) && utf8.RuneCountInString(s) <= 4:
	case len(b.people) > 0 && upper(s, 2) && utf8.RuneCountInString(s) <= 3: // "futurezone/KN"
	case suffix(s):
		if n := len(b.people); n > 0 {
			b.people[n-1].Name += ", " + s
		}
	case b.describes(s):
	case len(b.people) == 0 && len(b.agencies) > 0 && roleIn(s): // "SID, Nachrichtenagentur"
	default:
		b.person(b.house(s))
	}
	if inside != "" && !b.agency(inside) {
		b.describes(inside)
	}
}

// house takes an agency's full name off the end of a person's: "Jane Doe The
// Associated Press", as pages run them together.
func (b *byline) house(s string) string {
	hits := find(s)
	if len(hits) == 0 {
		return s
	}
	h := hits[len(hits)-1]
	name := strings.TrimSpace(strings.TrimSuffix(strings.TrimRight(s[:h.start], " "), " The"))
	if h.end != len(s) || !strings.Contains(s[h.start:], " ") || !strings.Contains(name, " ") {
		return s
	}
	b.credit(agencies[h.of].name)
	return name
}

// agency reads a segment that is an agency, alone or with a role or a place:
// "Reuters", "AP Business Writer", "of The Associated Press", "AFP in Paris".
func (b *byline) agency(s string) bool {
	f := trimWords(s, " of from the with mit avec con der von de l la ")
	if a, ok := Agency(f); ok {
		b.credit(a)
		return true
	}
	hits := find(f)
	if len(hits) == 0 || agencies[hits[0].of].picture {
		return false
	}
	h := hits[0]
	rest := strings.Trim(f[:h.start]+" "+f[h.end:], " -–,.()")
	ws := words(rest, 12)
	switch {
	case h.start > 0 && !withAgencies(f[:h.start]):
		if !roleIn(rest) {
			return false
		}
	case rest == "":
	case roleIn(rest), placeAfter(rest) != "", listed(places, rest), allInitials(ws), withAgencies(rest):
	default:
		return false
	}
	b.credit(agencies[h.of].name)
	if n := len(b.people); n > 0 && roleIn(rest) && b.people[n-1].Role == "" {
		b.people[n-1].Role = strings.TrimSpace(s)
	}
	return true
}

func withAgencies(s string) bool {
	for _, w := range words(s, 6) {
		if !inList(" with and mit und avec et con y agency agencies agenturen material von der dpa by from staff input inputs ", fold(w.text)) {
			return false
		}
	}
	return true
}

func allInitials(ws []word) bool {
	for _, w := range ws {
		if !initials(w.text) {
			return false
		}
	}
	return true
}

// describes reads a segment that tells of the person before it: a role or,
// where a comma cut it off, a place.
func (b *byline) describes(s string) bool {
	n := len(b.people)
	if n == 0 {
		return false
	}
	p := &b.people[n-1]
	switch {
	case p.Role == "" && (roleIn(s) || strings.HasPrefix(s, "The ") && strings.Contains(s[4:], " ")): // the house
		p.Role = s
	case p.Place == "" && listed(places, s):
		b.place(s)
	case listed(regions, s) && p.Place != "":
	default:
		return false
	}
	return true
}

// place gives the place to the last person and to those before that have none:
// "Reporting by A and B in Paris, C in Rome".
func (b *byline) place(s string) {
	for i := b.placed; i < len(b.people); i++ {
		if b.people[i].Place == "" {
			b.people[i].Place = s
		}
	}
	b.placed = len(b.people)
}

func (b *byline) person(s string) {
	name, place := s, ""
	if i := placeAt(s); i > 0 {
		name, place = strings.TrimSpace(s[:i]), placeAfter(s[i:])
	}
	name = strings.TrimLeft(name, "_")
	if strings.ContainsAny(name, "0123456789") && !strings.Contains(name, " ") { // a code, an account
		return
	}
	if i := strings.Index(name, "for "); i == 0 || !strings.ContainsFunc(name, unicode.IsLetter) || len(name) > 120 {
		return
	}
	b.people = append(b.people, article.Person{Name: personal(name), Role: b.role})
	if place != "" {
		b.place(title(place))
	}
}

// placeAt returns where " in Paris" begins in s, -1 if it does not.
func placeAt(s string) int {
	for _, w := range [...]string{" in ", " aus ", " à ", " en ", " from ", " reporting from ", " a ", " em ", " de ", " w ", " i "} {
		i := strings.LastIndex(s, w)
		if i <= 0 {
			continue
		}
		after := s[i+len(w):]
		switch w {
		case " a ", " de ", " i ", " w ", " en ", " em ", " aus ", " à ":
			if !listed(places, after) {
				continue
			}
		default:
			if r := firstRune(after); !unicode.IsUpper(r) && !strings.HasPrefix(after, "the ") {
				continue
			}
		}
		return i
	}
	return -1
}

// placeAfter is the place that s begins with after a preposition.
func placeAfter(s string) string {
	w, after, ok := strings.Cut(strings.TrimSpace(s), " ")
	if w == "reporting" {
		w, after, ok = strings.Cut(after, " ")
	}
	if ok && inList(" in aus à a en from em de w i ", w) && placeShape(after) {
		return after
	}
	return ""
}

func roleIn(s string) bool {
	if len(s) > 100 {
		return false
	}
	for _, w := range words(s, 12) {
		f := fold(w.text)
		if inList(roles, f) {
			return true
		}
		for _, end := range roleEndings {
			if strings.HasSuffix(f, end) {
				return true
			}
		}
	}
	return false
}

// roleEndings end German words for what somebody does: Wirtschaftsredakteur,
// Südostasienkorrespondentin.
var roleEndings = [...]string{"redakteur", "redakteurin", "korrespondent", "korrespondentin", "reporterin", "journalist", "journalistin", "ressortleiter", "ressortleiterin", "agentur"}

const roles = " reporter reporters writer writers correspondent correspondents editor editors staff columnist journalist producer contributor photographer analyst bureau chief desk team university college institute " +
	"korrespondent korrespondentin korrespondenten redakteur redakteurin redaktion redaktor redaktorin reporterin autor autorin journalistin kolumnist kolumnistin chefredakteur chefredakteurin volontar volontarin mitarbeiter mitarbeiterin " +
	"journaliste correspondant correspondante envoye envoyee redacteur redactrice redaction chroniqueur chroniqueuse " +
	"corresponsal redactor redactora redaccion periodista enviado enviada especial colaborador colaboradora columnista giornalista corrispondente inviato redazione " +
	"verslaggever correspondente reporterka dziennikarz toimittaja journalisten "

// suffix reports whether s belongs to the name before the comma.
func suffix(s string) bool {
	return inList(" jr sr ii iii iv phd md m d dr esq mba ", fold(s))
}

func cutBracket(s string) (out, inside string) {
	if i := strings.IndexByte(s, '('); i >= 0 {
		if j := strings.IndexByte(s[i:], ')'); j > 0 {
			return strings.TrimSpace(s[:i] + s[i+j+1:]), strings.TrimSpace(s[i+1 : i+j])
		}
	}
	return s, ""
}

// trimWords drops the words of list from the front of s.
func trimWords(s, list string) string {
	for {
		w, rest, ok := strings.Cut(s, " ")
		if !ok || !inList(list, fold(w)) {
			return s
		}
		s = rest
	}
}

// leads open a byline; longest first where one begins another.
var leads = [...]string{
	"story and photos by ", "written and edited by ", "written by ", "reported by ", "reporting by ", "additional reporting by ", "posted by ", "published by ", "edited by ", "interview by ",
	"analysis by ", "opinion by ", "review by ", "words by ", "text by ", "story by ", "compiled by ", "article by ", "by: ", "by ",
	"ein gastbeitrag von ", "gastbeitrag von ", "ein kommentar von ", "eine analyse von ", "ein essay von ", "eine kolumne von ", "ein interview von ", "eine reportage von ", "ein bericht von ",
	"kommentar von ", "analyse von ", "interview von ", "reportage von ", "bericht von ", "beitrag von ", "text von ", "protokoll von ", "aufgezeichnet von ", "von unserem korrespondenten ", "von unserer korrespondentin ", "von ",
	"autorin: ", "autor: ", "autoren: ", "autor/in: ", "autor*in: ", "text: ", "text und fotos: ", "redaktion: ", "reporting by: ", "editing by: ", "editing by ", "redaktion: ",
	"propos recueillis par ", "article rédigé par ", "écrit par ", "publié par ", "rédigé par ", "texte : ", "texte: ", "par ", "de notre correspondant ", "de notre correspondante ",
	"escrito por ", "redactado por ", "texto: ", "por ", "di ", "a cura di ", "testo di ", "autore: ", "door ", "tekst: ", "av: ", "av ", "af ", "od ", "text: ", "skrevet av ", "autorka: ", "текст: ", "автор: ",
}

// cutLead drops the words that open a byline.
func cutLead(s string) (rest string, ok bool) {
	for _, l := range leads {
		if hasFold(s, l) {
			return strings.TrimSpace(s[len(l):]), true
		}
	}
	if f, by, ok := strings.Cut(s, "By "); ok && f == "" { // "By\u00a0Jane"
		return by, true
	}
	if word, by, ok := strings.Cut(s, ":"); ok { // "Von: Jane", "Par : Jane"
		for _, l := range leads {
			if strings.EqualFold(strings.TrimSpace(word), strings.TrimRight(l, " :")) {
				return strings.TrimSpace(by), true
			}
		}
	}
	return s, false
}

// hasFold reports whether s begins with prefix, whatever the case. prefix is in
// lower case.
func hasFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	if a, b := s[0], prefix[0]; a|0x20 != b|0x20 && a < utf8.RuneSelf && b < utf8.RuneSelf { // as most often
		return false
	}
	return strings.EqualFold(s[:len(prefix)], prefix)
}

// segments cuts a byline at commas, slashes, bars and the words for "and".
func segments(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		start, deep := 0, 0
		for i := 0; i < len(s); {
			switch s[i] {
			case '(':
				deep++
			case ')':
				deep = max(0, deep-1)
			}
			n := 0
			if deep == 0 {
				n = joint(s, start, i)
			}
			if n == 0 {
				i++
				continue
			}
			if !yield(s[start:i]) {
				return
			}
			i += n
			start = i
		}
		yield(s[start:])
	}
}

var ands = [...]string{" and ", " und ", " et ", " y ", " e ", " & ", " og ", " och ", " en ", " ja ", " i ", " и ", " – ", " — ", " - ", " with ", " mit ", " avec ", " con "}

// joint returns the length of the joint that begins at i, 0 for none.
func joint(s string, start, i int) int {
	switch s[i] {
	case ',', ';', '|', '\n', '/':
		return 1
	case ' ':
	default:
		for _, j := range [...]string{"·", "•", "、", "，"} {
			if strings.HasPrefix(s[i:], j) {
				return len(j)
			}
		}
		return 0
	}
	for _, a := range ands {
		if !hasFold(s[i:], a) {
			continue
		}
		if (a == " avec " || a == " con ") && !agencyNext(s[i+len(a):]) {
			return 0
		}
		if short := a == " y " || a == " e " || a == " i " || a == " en "; short && !twoNames(s[start:i], s[i+len(a):]) {
			return 0
		}
		return len(a)
	}
	return 0
}

// agencyNext reports whether s begins with an agency, or its article and it.
func agencyNext(s string) bool {
	ws := words(s, 8)
	if len(ws) > 1 && inList(" l la le les el los las agencia agence ", fold(ws[0].text)) {
		ws = ws[1:]
	}
	_, n := match(ws, false)
	return n > 0
}

// twoNames keeps "José Ortega y Gasset" and "Jan Jansen en Parijs" whole: both
// sides of a short "and" must be a name of two words.
func twoNames(left, right string) bool {
	if i := strings.IndexAny(right, ",;/|"); i >= 0 {
		right = right[:i]
	}
	return strings.Contains(strings.TrimSpace(left), " ") && strings.Contains(strings.TrimSpace(right), " ")
}
