package wirecopy

import (
	"strings"
	"unicode"
)

// maxNote is the longest editor's note, in bytes.
const maxNote = 800

// Note reads an editor's note: a paragraph, or the opening of one, in brackets
// or behind "Eds:", that tells the desks what this version changes: "(In Jan. 3
// story, corrects last paragraph …)", "(Adds quotes)", "(Neu: …)", "ATTENTION -
// AJOUTE réactions ///". note is without its brackets, rest is what follows.
func Note(paragraph string) (note, rest string, ok bool) {
	s := strings.TrimSpace(paragraph)
	if s == "" {
		return "", paragraph, false
	}
	if c := closer(s[0]); c != s[0] {
		if end := matching(s, c); end > 0 && end <= maxNote && noteWords(s[1:end]) {
			return strings.TrimSpace(s[1:end]), strings.TrimLeft(s[end+1:], " .-–—"), true
		}
		return "", paragraph, false
	}
	if i := strings.Index(s, "///"); i > 0 && i <= maxNote && (hasFold(s, "attention") || hasFold(s, "atencion") || hasFold(s, "atención")) {
		_, n, _ := strings.Cut(s[:i], " - ")
		return strings.TrimSpace(n), strings.TrimSpace(s[i+3:]), true
	}
	if len(s) > maxNote {
		return "", paragraph, false
	}
	if l := noteOpenings.of(s); l != "" {
		return strings.TrimSpace(s[len(l):]), "", true
	}
	if t, found := strings.CutPrefix(s, "* "); found && noteWords(t) {
		return t, "", true
	}
	return "", paragraph, false
}

// matching returns where the bracket that opens s closes.
func matching(s string, c byte) int {
	deep := 0
	for i := range min(len(s), maxNote+2) {
		switch s[i] {
		case s[0]:
			deep++
		case c:
			if deep--; deep == 0 {
				return i
			}
		}
	}
	return -1
}

var noteOpenings = openingsOf(
	"eds: ", "--eds: ", "editors: ", "attn editors: ", "attn: editors ", "attention editors: ", "note to editors: ",
	"achtung redaktionen: ", "an die redaktionen: ", "hinweis an die redaktionen: ", "redaktioneller hinweis: ", "redaktionelle hinweise: ", "hinweis für die redaktionen: ",
	"note aux rédactions: ", "note aux rédactions : ", "note à la rédaction : ", "nota a los editores: ", "nota para los editores: ", "atención editores: ", "nota del editor: ", "nota de la redacción: ", "nota alle redazioni: ",
)

// noteWords reports whether the inside of a bracket is addressed to the desks:
// it opens with what was done to the text.
func noteWords(s string) bool {
	s = strings.TrimLeft(s, " -*")
	if noteOpenings.of(s) != "" {
		return true
	}
	if f := fold(s[:min(len(s), 40)]); strings.HasPrefix(f, "editors note ") || strings.HasPrefix(f, "editor s note ") {
		return true
	}
	ws := words(s, 14)
	if len(ws) < 2 {
		return false
	}
	first := fold(ws[0].text)
	if inList(noteVerbs, first) {
		return noteCase(ws[0].text, s[ws[0].end:])
	}
	switch first { // "(In Jan. 3 story, corrects …)", "(This March 7 story was refiled to …)"
	case "in", "this", "story", "the", "en", "dans", "cette", "esta", "este", "diese", "dieser", "in dieser", "refiles", "eds", "editors", "editor":
		for _, w := range ws[1:] {
			if inList(noteVerbs, fold(w.text)) {
				return true
			}
		}
		return strings.Contains(strings.ToLower(s), "has been corrected") || strings.Contains(strings.ToLower(s), "has been refiled") || strings.Contains(strings.ToLower(s), "was corrected to")
	}
	return false
}

// noteCase keeps "(adds the minister)" in the middle of things from counting:
// a note begins with a capital, and its label is followed by words or a colon.
func noteCase(first, after string) bool {
	return unicode.IsUpper(firstRune(first)) && (strings.HasPrefix(after, " ") || strings.HasPrefix(after, ":") || strings.HasPrefix(after, ","))
}

const noteVerbs = " adds add added updates updated recasts recast recasting rewrites rewritten corrects corrected correcting refiles refiled repeats repeated removes removed deletes deleted fixes fixed changes changed clarifies clarified restores " +
	"replaces inserts drops trims writes writethru resends refiling amends amended edits tops subs " +
	"neu erganzt erganzung berichtigt berichtigung korrigiert korrektur wiederholt wiederholung aktualisiert aktualisierung streicht prazisiert durchgehend " +
	"ajoute ajoutes actualise actualisation corrige correction precise precisions repetition repete rectifie complete modifie supprime avec remplace " +
	"agrega anade actualiza corrige amplia repite precisa modifica rectifica actualizado incorpora elimina sustituye cambia " +
	"aggiorna aggiunge corregge precisa ripete acrescenta atualiza corrige adiciona complementa repete "

// NoteKind tells the kind of revision that an editor's note speaks of: update,
// correction, refile, repeat; "" if it speaks of none.
func NoteKind(note string) string {
	for i, w := range words(note, 14) {
		f := fold(w.text)
		switch {
		case inList(" corrects corrected correcting corrige berichtigt berichtigung korrigiert korrektur rectifie rectifica corregge fixes clarifies ", f):
			return "correction"
		case inList(" refiles refiled refiling ", f):
			return "refile"
		case i > 2: // "In Jan. 3 story, corrects …" may come late, the others lead
		case inList(" repeats repeated repete repite repetition wiederholt wiederholung ripete ", f):
			return "repeat"
		case inList(" adds add added updates updated update recasts recast rewrites changes replaces drops inserts writethru ajoute actualise complete precise agrega anade actualiza amplia neu erganzt erganzung aktualisiert aktualisierung aggiorna aggiunge acrescenta atualiza ", f):
			return "update"
		}
	}
	return ""
}

// NotForPublication reports whether the paragraph opens the part of a dispatch
// that is for the desks alone: neither it nor anything after it may be stored in
// a body or published.
func NotForPublication(paragraph string) bool {
	if !nonPublic.may(paragraph) { // it is trimmed of no letter
		return false
	}
	s := strings.TrimLeft(paragraph, " \t\r\n\u00a0#*-–—_=[(")
	if len(s) > 400 {
		s = s[:400]
	}
	return nonPublic.folded(s)
}

var nonPublic = openingsOf(
	"the following information is not for publication", "the following information is not intended for publication", "following information is not for publication",
	"the following is not for publication", "the following is not intended for publication", "the information below is not for publication", "information below is not for publication", "the following text is not for publication",
	"not for publication", "not intended for publication", "not for broadcast or publication",
	"die folgenden informationen sind nicht zur veroffentlichung", "die folgenden angaben sind nicht zur veroffentlichung", "folgende informationen sind nicht zur veroffentlichung", "die nachfolgenden informationen sind nicht zur veroffentlichung",
	"nicht zur veroffentlichung", "nicht fur die veroffentlichung",
	"les informations suivantes ne sont pas destinees a", "les informations ci dessous ne sont pas destinees a", "informations non destinees a la publication", "ne pas publier", "non destine a la publication", "informations suivantes non publiables",
	"la siguiente informacion no esta destinada a", "la siguiente informacion no es para", "la informacion siguiente no esta destinada a", "las siguientes informaciones no estan destinadas a", "no destinado a la publicacion", "no para publicacion", "no apto para publicacion",
	"le seguenti informazioni non sono destinate alla pubblicazione", "non destinato alla pubblicazione", "non per la pubblicazione",
	"as informacoes a seguir nao se destinam", "a informacao seguinte nao se destina",
	"de volgende informatie is niet bestemd voor publicatie", "niet voor publicatie",
	"editorial contacts", "redaktionelle kontakte",
)
