package wirecopy

import (
	_ "embed"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// places and regions are sorted lists of folded names, one a line: cities that
// datelines name, with their names in several languages, and the countries,
// states and provinces (and their abbreviations) that follow a city's name.
var (
	//go:embed places.txt
	places string
	//go:embed regions.txt
	regions string
)

// longestListed is the longest line of the lists, in bytes.
const longestListed = 29

// listed reports whether name is a line of the sorted list.
func listed(list, name string) bool {
	if letters := 0; len(name) > longestListed { // a sentence, most often
		for i := 0; i < len(name) && letters <= longestListed; i++ {
			if c := name[i] | 0x20; c >= 'a' && c <= 'z' {
				letters++
			}
		}
		if letters > longestListed {
			return false
		}
	}
	var space [128]byte
	f := appendFold(space[:0], name)
	if len(f) == 0 {
		return false
	}
	i := sort.Search(len(list), func(i int) bool { return lineAt(list, i) >= string(f) })
	return i < len(list) && lineAt(list, i) == string(f)
}

// lineAt returns the line of list that the byte at i belongs to.
func lineAt(list string, i int) string {
	start := strings.LastIndexByte(list[:i], '\n') + 1
	if end := strings.IndexByte(list[start:], '\n'); end >= 0 {
		return list[start : start+end]
	}
	return list[start:]
}

// maxPlace is the longest name of a place, in bytes.
const maxPlace = 60

// location is what stands before the date and the agency of a dateline.
type location struct {
	places []string
	caps   bool // all in capitals
	known  bool // a gazetteer knows it, or its country
	region bool // a place and its country or state
	words  int
}

// locate reads "BEIRUT/THE HAGUE", "AUBURN, Wash.", "Frankfurt/Main". ok is
// false for what can't be a place by its shape.
func locate(s string) (l location, ok bool) {
	s = strings.Trim(s, " \t\u00a0,;")
	if s == "" {
		return l, true
	}
	if len(s) > 3*maxPlace {
		return l, false
	}
	if listed(places, s) { // names that hold a slash or a comma themselves
		return location{places: []string{title(s)}, caps: upper(headOf(s), 3), known: true, words: len(strings.Fields(s))}, true
	}
	l.caps = true
	for part := range strings.SplitSeq(s, "/") {
		if !l.add(part) {
			return location{}, false
		}
	}
	return l, len(l.places) <= 4
}

// add reads one place with what qualifies it.
func (l *location) add(part string) bool {
	city, region, _ := strings.Cut(part, ",")
	city = unbracket(strings.TrimSpace(city))
	if !placeShape(city) {
		return false
	}
	switch region = strings.TrimSpace(region); {
	case region == "":
	case strings.Count(region, ",") > 1 || !placeShape(strings.ReplaceAll(region, ",", " ")):
		return false
	case listed(regions, city) && !listed(places, city): // "UK, France, Belgium" is a list of countries
		return false
	case listed(regions, lastPart(region)):
		l.known, l.region = true, true
	}
	l.words += len(strings.Fields(city))
	l.caps = l.caps && upper(city, 2)
	l.known = l.known || listed(places, city)
	l.places = append(l.places, title(city))
	return true
}

// unbracket drops what explains a place: "New Delhi [India]".
func unbracket(s string) string {
	if i := strings.IndexAny(s, "[("); i > 0 && strings.HasSuffix(s, "]") {
		return strings.TrimSpace(s[:i])
	}
	return s
}

func lastPart(s string) string {
	return strings.TrimSpace(s[strings.LastIndexByte(s, ',')+1:])
}

// headOf is the city of "CITY, Region".
func headOf(s string) string {
	city, _, _ := strings.Cut(s, ",")
	return city
}

// placeShape reports whether s could be the name of a place by its shape:
// a few words, the first with a capital (or in a script without case), no
// digits and no marks but those of names.
func placeShape(s string) bool {
	if s == "" || len(s) > maxPlace || strings.Count(s, " ") > 5 {
		return false
	}
	first := firstRune(s)
	if !unicode.IsLetter(first) || unicode.IsLower(first) && !lowerArticle(s) {
		return false
	}
	if strings.Contains(s, " - ") || stopped(s) {
		return false
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Mc, r):
		case strings.ContainsRune(" .-'’‘`‐\u00a0ʼ·", r):
		default:
			return false
		}
	}
	return true
}

// stopped reports whether a full stop ends a word of s that is no abbreviation
// ("St. Louis", "Mt. Vernon").
func stopped(s string) bool {
	for w := range strings.FieldsSeq(s) {
		if len(w) > 5 && strings.HasSuffix(w, ".") && !strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// lowerArticle knows the places that begin in lower case: "'s-Hertogenbosch"
// aside, the "occupied West Bank" and eThekwini.
func lowerArticle(s string) bool {
	return strings.HasPrefix(s, "occupied ") || strings.HasPrefix(s, "e") && unicode.IsUpper(rune(s[min(1, len(s)-1)])) ||
		strings.HasPrefix(s, "near ") || strings.HasPrefix(s, "the ")
}

// likely reports whether a place that no gazetteer knows is likely one: all in
// capitals, few words, none of them a label's or a sentence's.
func (l *location) likely() bool {
	if l.known {
		return true
	}
	if !l.caps || l.words > 4 {
		return false
	}
	for _, p := range l.places {
		fs := strings.Fields(p)
		if len(fs) == 0 || len(fs) == 1 && (utf8.RuneCountInString(p) < 4 || !vowel(p)) {
			return false
		}
		if !vowel(fs[0]) && !strings.Contains(fs[0], ".") || elided(p) {
			return false
		}
		for i, f := range fs {
			if label(fold(f)) || sentence(fold(f)) && (i == 0 && len(fs) > 2 || i == len(fs)-1) {
				return false
			}
		}
	}
	return true
}

// elided reports whether a French article is joined to the first word, as in
// "L’ÉDITORIAL".
func elided(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return (r == 'L' || r == 'D') && (strings.HasPrefix(s[n:], "'") || strings.HasPrefix(s[n:], "’"))
}

// german reports whether a single unknown place ends as German places do.
func (l *location) german(strict bool) bool {
	if len(l.places) != 1 || l.words > 2 {
		return false
	}
	s := fold(l.places[0])
	if w := s[strings.LastIndexByte(s, ' ')+1:]; len(w) < 7 || label(w) || listed(regions, w) || strings.HasSuffix(w, "heim") && strings.HasPrefix(w, "geheim") || w == "insgeheim" {
		return false
	}
	for _, e := range germanEndings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	if strict {
		return false
	}
	for _, e := range germanShortEndings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

var germanEndings = [...]string{
	"hausen", "heim", "burg", "dorf", "stedt", "kirchen", "brucken", "weiler", "hofen", "rode", "leben", "ringen",
	"lingen", "mingen", "dingen", "tingen", "ningen", "singen", "stadt", "munde", "buttel", "furt", "fehn", "siel", "stetten",
}

var germanShortEndings = [...]string{
	"berg", "bach", "born", "wald", "feld", "brunn", "itz", "loh", "see", "tal", "beck", "hagen", "haven", "reuth", "ried",
}

func vowel(s string) bool {
	for _, r := range fold(s) {
		if strings.ContainsRune("aeiouy", r) || r > 0x7f {
			return true
		}
	}
	return false
}

// label reports whether the folded word is one of the labels that open a
// paragraph in capitals or before a dash without being a place.
func label(w string) bool { return inList(labels, w) }

// sentence reports whether the folded word belongs into a sentence.
func sentence(w string) bool { return inList(sentenceWords, w) }

// inList reports whether the word stands in a list of words parted and
// bordered by spaces.
func inList(list, w string) bool {
	if w == "" || len(w) >= 24 {
		return false
	}
	for from := 0; ; {
		i := strings.Index(list[from:], w)
		if i < 0 {
			return false
		}
		i += from
		if end := i + len(w); i > 0 && list[i-1] == ' ' && end < len(list) && list[end] == ' ' {
			return true
		}
		from = i + 1
	}
}

const labels = " file carte cartes breaking news watch live update updated updates photo photos video videos gallery exclusive opinion editorial analysis " +
	"spoiler alert read more related note notes correction clarification editor editors sponsored advertisement warning poll quiz podcast newsletter " +
	"explainer explained fact facts factbox check review recipe interview question answer answers disclaimer disclosure source sources " +
	"monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december " +
	"today yesterday tomorrow morning evening night week weekend background context history timeline profile summary overview conclusion " +
	"introduction intro preview recap report reports reporting result results winner winners score scores standings myth reality pros cons tip tips " +
	"step steps day part chapter episode season round group game match goal goals final half quarter total rank age name born died date time place " +
	"where when why how who what which new old good bad best worst yes no also plus minus first second third fourth fifth last next one two three " +
	"image images picture pictures caption credit copyright contact email phone website share follow subscribe sign join click here tap scroll " +
	"nato who imf eu un usa uk un uno fbi cia nsa nasa epa fda cdc irs ibm bbc cnn abc nbc cbs pbs npr fox sky espn nfl nba nhl mlb fifa uefa fia " +
	"gop lgbt lgbtq covid covid-19 ai ki tv pc ceo cfo cto vip faq qa diy ufo dna gps suv usd eur gdp cpi ipo etf fyi asap tldr psa " +
	"eilmeldung eil achtung hinweis info infos anzeige werbung kommentar kommentare analyse meinung bericht foto fotos bild bilder umfrage tipp tipps " +
	"fazit zusammenfassung hintergrund uberblick montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember " +
	"heute gestern morgen abend nacht woche jahr jahre rezept zutaten zubereitung nachtrag korrektur berichtigung exklusiv aktualisiert ratgeber lesen mehr weiter " +
	"problem losung frage antwort ergebnis ergebnisse vorteil nachteil beispiel punkt teil kapitel quelle quellen autor stand ende anfang training bewegung " +
	"frau frauen mann herr leute kinder menschen genau schau blau grau lau au pech gluck wunder folge folgen daheim geheim insgeheim " +
	"lire aussi voir photos dossier enquete reportage decryptage entretien critique recette portrait recit chronique edito tribune sondage direct exclusif exclusive urgent flash alerte infographie " +
	"lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre hier demain resume point contexte analyse avis " +
	"lea lee leer mas tambien ver foto fotos ultima hora urgente directo vivo opinion analisis entrevista cronica perfil resumen receta encuesta publicidad exclusiva galeria aviso nota contexto claves " +
	"lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre hoy ayer manana " +
	"son dakika haber analiz roportaj ozel guncelleme habari picha maoni nguvu leggi anche guarda esclusiva intervista commento sondaggio aggiornamento " +
	"leia mais veja tambem exclusivo ao vivo opiniao lees ook bekijk reactie les ogsa se bilder kommentti katso " +
	"advertorial promoted partner content trending viral must top story stories highlights takeaways key points bottom line verdict rating price pros " +
	"shot chaser thread satire humor essay column letter letters obituary memoriam dear hello hi ok okay wow oh well so but and or if then "

const sentenceWords = " am im um vom beim the a an of and to in is are was were be been for with on at by from this that these those it its he she they we you i his her their our your not has have had will would can could should do does did as after before over under into about up down out off than " +
	"der die das ein eine einer eines dem den des und oder ist sind war mit von zu im auf fur aus bei nach vor uber unter zum zur nicht auch es er sie wir ihr ich wie was wer wo warum wann so als " +
	"le la les un une des du de et ou est sont dans sur sous avec pour par en au aux ce cette ces il elle ils nous vous qui que quoi comment pourquoi " +
	"el los las una unos y o es son con por para del al como cuando donde que quien lo su sus se " +
	"il lo gli una e di da per con del della che non si ha os as um uma do da dos no na com para "
