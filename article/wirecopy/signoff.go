package wirecopy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wireroom/article"
)

// Credit is what a sign-off says.
type Credit struct {
	Text     string           // as printed
	Start    int              // where it starts in the paragraph, in bytes; 0 if the whole paragraph is the sign-off
	Editors  []string         // initials, and the names of those credited for editing
	Agencies []string         // one spelling each
	Authors  []article.Person // those credited for reporting and writing, with place and role
}

const (
	maxSignOff   = 1200 // bytes of a paragraph that is a sign-off
	maxInitials  = 12   // editors in one
	maxSignWords = 14   // words of a list of agencies and initials
)

// SignOff reads the sign-off that closes a piece: a paragraph of its own, or the
// end of the last one: "ab/sms (Reuters, AFP)", "(SDA/sj)", "dpa wsz jln npr",
// "(Reporting by X in Y; Editing by Z)", "Quelle: sid/dpa", "© AFP", "==Kyodo",
// "___". The text before Start is the paragraph's own.
func SignOff(paragraph string) (Credit, bool) {
	s := strings.TrimSpace(paragraph)
	if s == "" {
		return Credit{}, false
	}
	if len(s) <= maxSignOff {
		if c, ok := wholeSignOff(s); ok {
			c.Text = s
			return c, true
		}
	}
	if i := tailStart(s); i > 0 {
		if c, ok := wholeSignOff(s[i:]); ok {
			c.Text = strings.TrimSpace(s[i:])
			c.Start = strings.Index(paragraph, s) + i
			return c, true
		}
	}
	return Credit{}, false
}

// wholeSignOff reads text that is a sign-off from end to end.
func wholeSignOff(s string) (Credit, bool) {
	if rule(s) {
		return Credit{}, true
	}
	inner, _ := peel(s)
	for _, read := range [...]func(string) (Credit, bool){creditLine, reporting, contributed, sourced, footer, eastSign} {
		if c, ok := read(inner); ok {
			return c, true
		}
	}
	return Credit{}, false
}

// rule reports whether s is nothing but a line: "___", "* * *", "+++".
func rule(s string) bool {
	n := 0
	for _, r := range s {
		switch r {
		case '_', '*', '+', '=', '~', '—', '–', '-', '#', '•', '·', '.':
			n++
		case ' ', '\u00a0':
		default:
			return false
		}
	}
	return n >= 2
}

// peel takes the brackets, dashes and signs off that a sign-off stands in.
func peel(s string) (inner string, bracketed bool) {
	s = strings.TrimLeft(s, " \u00a0=–—-/|+*_•·@")
	s = strings.TrimRight(s, " \u00a0=–—|+*_•·/-")
	for _, p := range [...][2]string{{"(", ")"}, {"[", "]"}, {"（", "）"}} {
		if strings.HasPrefix(s, p[0]) && strings.HasSuffix(s, p[1]) && strings.Count(s, p[0]) == strings.Count(s, p[1]) &&
			strings.Index(s, p[1]) >= strings.LastIndex(s, p[0]) {
			return strings.TrimSpace(s[len(p[0]) : len(s)-len(p[1])]), true
		}
	}
	return s, false
}

// creditLine reads a list of agencies and initials.
func creditLine(s string) (Credit, bool) {
	var c Credit
	if len(s) > 120 || strings.ContainsAny(s, "!?:;") && !strings.Contains(s, "; ") {
		return c, false
	}
	head, tail, split := strings.Cut(s, "; ") // "ssi, dan; Foto: X; …"
	if split && (!strings.Contains(tail, ":") || strings.Count(s, " ") > 14) {
		return c, false
	}
	ws := words(head, maxSignWords+1)
	if len(ws) == 0 || len(ws) > maxSignWords {
		return c, false
	}
	for i := 0; i < len(ws); {
		if of, n := match(ws[i:], true); n > 0 && !agencies[of].picture && (n > 1 || isCredit(&agencies[of], ws[i].text)) {
			c.agency(agencies[of].name)
			i += n
			continue
		}
		switch w := ws[i].text; {
		case editorMark(w) && len(c.Editors) < maxInitials:
			c.Editors = append(c.Editors, w)
		case channel(w), place(w, i, &c):
		default:
			return Credit{}, false
		}
		i++
	}
	if split && len(c.Editors) == 0 {
		return Credit{}, false
	}
	return c, len(c.Agencies) > 0 || signature(head, &c)
}

// isCredit keeps small words that happen to be an agency's letters ("map",
// "tap") out of a list unless they are written in capitals.
func isCredit(a *wire, w string) bool {
	return !a.loose && (utf8.RuneCountInString(w) > 2 || !lower(w)) || upper(w, 2)
}

func (c *Credit) agency(name string) {
	if !contains(c.Agencies, name) {
		c.Agencies = append(c.Agencies, name)
	}
}

// editorMark reports whether w can be an editor's mark: two to four letters, "sj",
// "JL", or one in small letters. Words of ordinary text don't count.
func editorMark(w string) bool {
	n := utf8.RuneCountInString(w)
	if n > 4 || cjk(firstRune(w)) {
		return false
	}
	for _, r := range w {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return !inList(notInitials, strings.ToLower(w))
}

const notInitials = " the and for but not you all any can had her was one our out day get has him his how man new now old see two way who boy did its let put say she too use " +
	"that this with have from they what when your said some them then will here more very just also into only over such no yes so to of in on at by or if it is be as an we do he me my up us go a i " +
	"der die das und ist war mit von auf aus bei ein im am um an zu so da wo wie was wer nur nun dann wenn aber oder auch noch doch sehr mehr hier dort " +
	"les des une est dans pour par sur avec pas que qui son ses aux mais ou et la le de du un en il elle on ne se ce " +
	"los las una por con del que son sus mas como para pero sin el su al es lo y o e " +
	"sic usw bzw ca lol via inkl exkl vgl etc ff pdf mp jpg png tbc tba ok okay ja nein si non oui per che gli con non ne del "

// channel reports whether w is the code of a service in a sign-off: "n1", "E2".
func channel(w string) bool {
	return len(w) <= 3 && endsInDigit(w) && unicode.IsLetter(firstRune(w))
}

// place accepts one place after the agencies: "Reuters/kra Frankfurt".
func place(w string, i int, c *Credit) bool {
	return i > 0 && len(c.Agencies) > 0 && (joins(w) || unicode.IsUpper(firstRune(w)) && listed(places, w))
}

// signature decides on initials that stand without an agency: joined by
// slashes, or two or three letters alone.
func signature(s string, c *Credit) bool {
	small := 0
	for _, e := range c.Editors {
		if lower(e) {
			small++
		}
	}
	switch n := len(c.Editors); {
	case n == 0 || small == 0:
		return false
	case n == 1:
		return utf8.RuneCountInString(c.Editors[0]) >= 2 && !strings.ContainsAny(s, ".,")
	}
	return strings.ContainsAny(s, "/,-") && !strings.ContainsAny(s, ".")
}

// reporting reads the clauses of credits: "Reporting by A in X and B in Y;
// Editing by C", "Additional reporting from PA", "Redaktion: A, B".
func reporting(s string) (Credit, bool) {
	var c Credit
	lead, n := clause(s)
	if lead == nil {
		return c, false
	}
	for len(s) > 0 {
		rest := s[n:]
		end := clauseEnd(rest)
		c.clause(lead, rest[:end])
		s = strings.TrimLeft(rest[end:], " ;.,()")
		if lead, n = clause(s); lead == nil {
			break
		}
	}
	return c, true
}

// clause returns what kind of credit s opens with and the length of its label.
func clause(s string) (*creditClause, int) {
	for i := range creditClauses {
		cc := &creditClauses[i]
		for l := range strings.SplitSeq(cc.labels, "|") {
			if !hasFold(s, l) || len(s) == len(l) {
				continue
			}
			if r := firstRune(s[len(l):]); r == ' ' || r == ':' || r == '\u00a0' {
				n := skipSpace(s, len(l))
				if strings.HasPrefix(s[n:], ":") {
					n = skipSpace(s, n+1)
				} else if cc.colon {
					continue
				}
				if cc.colon || named(s[n:]) {
					return cc, n
				}
			}
		}
	}
	return nil, 0
}

// named reports whether a name can stand at the start of s: a capital, an
// agency, or the article of one.
func named(s string) bool {
	r := firstRune(s)
	if unicode.IsUpper(r) || r == '@' || unicode.IsLetter(r) && !unicode.IsLower(r) {
		return true
	}
	ws := words(s, 4)
	if len(ws) == 0 {
		return false
	}
	if len(ws) > 1 && inList(" the der die den dem la le les l el los an das agentur agenturen agencia agence nachrichtenagentur nachrichtenagenturen agency ", fold(ws[0].text)) {
		ws = ws[1:]
	}
	_, n := match(ws, false)
	return n > 0 || strings.HasPrefix(fold(s), "agen") || strings.HasPrefix(fold(s), "nachrichtenagentur")
}

// clauseEnd is where the names of one clause end.
func clauseEnd(s string) int {
	for i := range len(s) {
		switch s[i] {
		case ';', ')', '\n':
			return i
		case '.', ',':
			rest := strings.TrimLeft(s[i+1:], " ")
			if lead, _ := clause(rest); lead != nil {
				return i
			}
			if s[i] == '.' && i > 12 && strings.HasPrefix(s[i+1:], " ") && !initialBefore(s[:i]) {
				return i
			}
		}
	}
	return len(s)
}

// initialBefore reports whether s ends in a single capital, "John R".
func initialBefore(s string) bool {
	i := strings.LastIndexByte(s, ' ')
	return utf8.RuneCountInString(s[i+1:]) <= 2
}

// clause takes the names of one clause.
func (c *Credit) clause(cc *creditClause, names string) {
	names = strings.Trim(names, " .;,)")
	b := byline{role: cc.role}
	b.read(names)
	for _, a := range b.agencies {
		c.agency(a)
	}
	for _, a := range Agencies(names) {
		c.agency(a)
	}
	for _, p := range b.people {
		if len(PictureAgencies(p.Name)) > 0 {
			continue
		}
		if cc.editor {
			if len(c.Editors) < maxInitials {
				c.Editors = append(c.Editors, p.Name)
			}
			continue
		}
		c.Authors = append(c.Authors, p)
	}
}

// creditClause is a kind of credit with the labels that open it, in lower case.
type creditClause struct {
	labels string
	role   string
	editor bool
	colon  bool // only with a colon
}

var creditClauses = [...]creditClause{
	{labels: "additional reporting and writing by|additional reporting by|additional reporting from|additional reporting|with additional reporting by|with additional reporting from|with reporting by|with reporting from|with files from|with inputs from|with input from|with material from|with information from|with contributions from|further reporting by|reporting and writing by|reporting and editing by|reporting by|reported by|report by|reporting from|additional research by|research by", role: "reporting"},
	{labels: "writing and additional reporting by|writing by|written by|compiled by|compiling by|written and edited by|rewritten by|translated by|translation by|adapted by", role: "writing"},
	{labels: "editing by|edited by|copy editing by|editing and writing by|edition by", editor: true},
	{labels: "bericht von|berichtet von|reportage von|geschrieben von|verfasst von|unter mitarbeit von|mitarbeit|beitrag von|ein beitrag von|mit material von|mit informationen von|mit informationen der|mit agenturmaterial von|mit material der|mit meldungen von|aus dem englischen von|übersetzt von|bearbeitet von|weitere berichte von|weiterer bericht von", role: "reporting"},
	{labels: "redigiert von|redaktion von", editor: true},
	{labels: "redaktion|schlussredaktion|redaktionelle bearbeitung|editing|lektorat", editor: true, colon: true},
	{labels: "text|autor|autorin|autoren|übersetzung|recherche|mitarbeit|bericht|faktencheck|reporting|writing|autore|autora|auteur|text und fotos|texte", role: "writing", colon: true},
	{labels: "reportage de|reportage par|avec|avec des informations de|rédigé par|écrit par|version française|version française de|service français|propos recueillis par|avec l'|avec l’", role: "reporting"},
	{labels: "édité par|edité par|relu par|édition de", editor: true},
	{labels: "reporte de|reportes de|reportaje de|reporte adicional de|información de|con información de|con informacion de|con información adicional de|con datos de|con reportes de|con reporte de|escrito por|traducido por|reportagem de|reportagem adicional de|con la colaboración de|con aportaciones de|texto de|por", role: "reporting"},
	{labels: "editado por|editado en español por|edición de|edição de|edición en español de", editor: true},
	{labels: "a cura di|servizio di|con informazioni di|reportage di", role: "reporting"},
}

// contributed reads the sentence that closes AP copy and its kin: "Associated
// Press writer X in Y contributed to this report."
func contributed(s string) (Credit, bool) {
	var c Credit
	if len(s) > 900 {
		return c, false
	}
	low := strings.ToLower(s)
	hit := false
	for _, m := range [...]string{
		"contributed to this report", "contributed to this story", "contributed to this article", "contributed reporting", "contributed from ", "contributed additional reporting", "also contributed to",
		"haben zu diesem bericht beigetragen", "hat zu diesem bericht beigetragen", "haben zu diesem artikel beigetragen", "haben mitgearbeitet",
		"a contribué à cet article", "ont contribué à cet article", "a contribué à ce reportage", "ont contribué à ce reportage",
		"contribuyó a este", "contribuyeron a este", "contribuyó con este", "contribuyeron con este", "colaboró en este", "colaboraron en este", "contribuiu para est", "contribuíram para est", "ha contribuito a quest", "hanno contribuito a quest",
	} {
		if strings.Contains(low, m) {
			hit = true
			break
		}
	}
	if !hit && !(strings.Contains(low, " reported from ") && strings.Count(low, ". ") <= 2 && len(s) < 240) {
		return c, false
	}
	for _, a := range Agencies(s) {
		c.agency(a)
	}
	return c, true
}

// sourced reads "Quelle: APA", "Mit Agenturmaterial.", "Copyright 2024 The
// Associated Press. All rights reserved."
func sourced(s string) (Credit, bool) {
	var c Credit
	if len(s) > 400 {
		return c, false
	}
	for _, l := range sourceLabels {
		if !hasFold(s, l) {
			continue
		}
		rest := strings.TrimLeft(s[len(l):], " :\u00a0")
		if len(rest) > 200 || rest == "" || strings.Count(rest, " ") > 24 {
			return c, false
		}
		bare := !strings.HasSuffix(l, ":") && !strings.HasPrefix(strings.TrimLeft(s[len(l):], " \u00a0"), ":")
		c.Agencies = Agencies(rest)
		if bare && len(c.Agencies) == 0 && !copyright(l) {
			return Credit{}, false
		}
		c.initials(rest)
		return c, true
	}
	return c, false
}

func copyright(l string) bool { return l == "©" || l == "copyright" || l == "(c)" || l == "℗" }

// initials takes the marks off "SZ/stga/sab".
func (c *Credit) initials(s string) {
	if !strings.Contains(s, "/") || strings.Contains(s, "://") || strings.ContainsAny(s, ".:") {
		return
	}
	for p := range strings.SplitSeq(strings.TrimRight(s, ")"), "/") {
		p = strings.TrimSpace(p)
		if lower(p) && editorMark(p) && len(c.Editors) < maxInitials {
			if _, ok := lookup(p); !ok {
				c.Editors = append(c.Editors, p)
			}
		}
	}
}

var sourceLabels = [...]string{
	"quelle:", "quellen:", "source:", "sources:", "source :", "sources :", "fuente:", "fuentes:", "fonte:", "fonti:", "fontes:", "bron:", "bronnen:", "kilde:", "kilder:", "källa:", "lähde:",
	"źródło:", "źródła:", "zdroj:", "kaynak:", "источник:", "джерело:", "forrás:", "sursa:", "izvor:", "sumber:", "allikas:", "πηγή:", "المصدر:", "来源：", "出典：", "来源:",
	"©", "(c)", "copyright", "℗",
	"mit agenturmaterial", "mit agenturen", "mit material", "mit informationen", "mit ", "unter verwendung von", "aus ", "nach informationen von",
	"avec ", "d'après ", "con ", "with ", "via ", "le figaro avec ", "le monde avec ",
	"this report by the", "this story by the", "this article by the", "distributed by ", "published by ", "syndicated by ", "published via ",
}

// footer reads the lines that agencies and their syndication set below a text.
func footer(s string) (Credit, bool) {
	var c Credit
	if len(s) > 500 {
		return c, false
	}
	f := fold(s)
	for _, m := range footers {
		if strings.HasPrefix(f, m) {
			c.Agencies = Agencies(s)
			return c, true
		}
	}
	return c, false
}

var footers = [...]string{
	"our standards the thomson reuters trust principles", "unsere werte der thomson reuters", "nos principes de confiance", "nuestros estandares los principios", "nossos padroes",
	"this report by the canadian press was first published", "this story has not been edited by", "except for the headline this story has not been edited", "this is a syndicated", "this story is auto generated", "this article has been published from a wire agency feed",
	"only the headline and picture of this report may have been reworked", "the above article was published", "for more ap ", "more ap ", "follow ap", "ap news", "full ap coverage", "copyright the associated press", "all contents copyright",
	"this material may not be published", "all rights reserved this material may not be", "mit agenturmaterial", "mit material der nachrichtenagenturen", "mit material von nachrichtenagenturen", "mit agenturen", "dpa infocom",
	"diese meldung wurde von der deutschen presse agentur", "diese meldung ist teil des automatisierten angebots", "dieser text wurde automatisiert", "dieser artikel entstand mit material", "direkt aus dem dpa newskanal", "hinweis diese meldung ist teil",
	"der beitrag basiert auf einer meldung", "esta noticia ha sido publicada por", "esta nota fue realizada con informacion de", "cet article a ete publie automatiquement", "la redaction avec",
}

// eastSign reads the sign-offs of Japanese, Korean and Chinese copy.
func eastSign(s string) (Credit, bool) {
	var c Credit
	if !strings.ContainsFunc(s, cjk) || len(s) > 180 {
		return c, false
	}
	in, ok := strings.CutPrefix(s, "【")
	if in, ok = strings.CutSuffix(in, "】"); ok && in != "" && !strings.ContainsAny(in, "【】。") {
		c.Agencies = Agencies(in)
		return c, strings.ContainsAny(in, "、・＝=") || len(c.Agencies) > 0 || utf8.RuneCountInString(in) <= 8
	}
	c.Agencies = Agencies(s)
	return c, len(c.Agencies) > 0 && utf8.RuneCountInString(s) <= 12
}

// tailStart returns where a sign-off may begin at the end of a paragraph, after
// the end of a sentence; 0 for nowhere.
func tailStart(s string) int {
	from := max(0, len(s)-420)
	t := s[from:]
	last := lastRune(t)
	switch last {
	case ')', ']', '）':
		if i := strings.LastIndexAny(t, "([（"); i > 0 {
			if i = balanced(t, i); i > 0 && ended(t[:i]) {
				return from + i
			}
			// "ab/sms (Reuters, AFP)"
			if j := beforeMarks(t[:max(i, 0)]); j > 0 && ended(t[:j]) {
				return from + j
			}
		}
	case '】':
		if i := strings.LastIndex(t, "【"); i > 0 && ended(t[:i]) {
			return from + i
		}
	}
	for _, d := range [...]string{" – ", " — ", " -- ", "==", " - ", " / ", "___", "–", "—"} {
		if i := strings.LastIndex(t, d); i > 0 && len(t)-i < 200 && ended(t[:i]) {
			return from + i
		}
	}
	if j := beforeMarks(t); j > 0 && ended(t[:j]) {
		return from + j
	}
	return 0
}

// balanced moves i, an opening bracket, out to the one that the end of t closes.
func balanced(t string, i int) int {
	if strings.Count(t[i:], ")") > 1 {
		return strings.LastIndexByte(t[:i], '(')
	}
	return i
}

// beforeMarks returns where the run of initials and agencies that ends t begins.
func beforeMarks(t string) int {
	i := len(strings.TrimRight(t, " "))
	start := 0
	for range 6 {
		j := strings.LastIndexByte(strings.TrimRight(t[:i], " "), ' ') + 1
		if j == 0 {
			break
		}
		w := strings.TrimSpace(t[j:i])
		if !strings.Contains(w, "/") && !signWord(w) || endsSentence(w) {
			break
		}
		start, i = j, j
	}
	if start == 0 || !strings.Contains(t[start:], "/") && len(Agencies(t[start:])) == 0 {
		return 0
	}
	return start
}

func signWord(w string) bool {
	_, ok := lookup(w)
	return ok || lower(w) && editorMark(w)
}

func endsSentence(w string) bool { return strings.ContainsAny(lastOf(w), ".!?") }

func lastOf(w string) string {
	if w == "" {
		return ""
	}
	return string(lastRune(w))
}

// ended reports whether s ends as a sentence does.
func ended(s string) bool {
	s = strings.TrimRight(s, " \u00a0\t\n")
	return s != "" && strings.ContainsRune(".!?…\"”“»«’'。！？」』)）", lastRune(s))
}
