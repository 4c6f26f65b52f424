package wirecopy

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

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
	if s == "" {
		return nil, 0
	}
	for _, label := range clauseLabels()[s[0]] {
		l, cc := label.text, label.of
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
	return nil, 0
}

// clauseLabel is a label of a creditClause.
type clauseLabel struct {
	text string
	of   *creditClause
}

// clauseLabels are the labels of creditClauses, in their order, by the byte that a
// text begins with which opens with one.
var clauseLabels = sync.OnceValue(func() *[256][]clauseLabel {
	var out [256][]clauseLabel
	for i := range creditClauses {
		for l := range strings.SplitSeq(creditClauses[i].labels, "|") {
			r := firstRune(l)
			small, capital := string(unicode.ToLower(r))[0], string(unicode.ToUpper(r))[0]
			out[small] = append(out[small], clauseLabel{l, &creditClauses[i]})
			if capital != small {
				out[capital] = append(out[capital], clauseLabel{l, &creditClauses[i]})
			}
		}
	}
	return &out
})

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
		case ' ': // "Reporting by A Editing by B"
			if rest := s[i+1:]; unicode.IsUpper(firstRune(rest)) {
				if cc, n := clause(rest); cc != nil && !cc.colon && strings.Contains(rest[:n], " ") {
					return i
				}
			}
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
