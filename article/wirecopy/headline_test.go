package wirecopy

import (
	"strings"
	"testing"

	"wireroom/article"
)

// A row: the mark as it stands before "Fed raises rates", and what it says.
var headMarks = []struct {
	mark    string
	kind    string
	number  int
	urgency int
	genre   string
}{
	// English: Reuters
	{"UPDATE 1-", "update", 1, 0, ""}, {"UPDATE 3-", "update", 3, 0, ""}, {"UPDATE 3 -", "update", 3, 0, ""}, {"UPDATE 3 - ", "update", 3, 0, ""}, {"UPDATE-", "update", 0, 0, ""},
	{"CORRECTED-", "correction", 0, 0, ""}, {"CORRECTED -", "correction", 0, 0, ""}, {"CORRECTED (OFFICIAL)-", "correction", 0, 0, ""}, {"CORRECTED-UPDATE 2-", "correction", 2, 0, ""},
	{"REFILE-", "refile", 0, 0, ""}, {"REFILE-UPDATE 1-", "refile", 1, 0, ""}, {"RPT-", "repeat", 0, 0, ""}, {"RPT-UPDATE 2-", "update", 2, 0, ""}, {"RPT-ANALYSIS-", "repeat", 0, 0, "analysis"},
	{"WRAPUP 2-", "wrap-up", 2, 0, ""}, {"WRAPUP-", "wrap-up", 0, 0, ""}, {"BRIEF-", "", 0, 0, ""}, {"EXCLUSIVE-", "", 0, 0, ""}, {"ANALYSIS-", "", 0, 0, "analysis"}, {"FACTBOX-", "", 0, 0, "factbox"},
	{"TIMELINE-", "", 0, 0, "timeline"}, {"EXPLAINER-", "", 0, 0, "explainer"}, {"INSIGHT-", "", 0, 0, "analysis"}, {"SPECIAL REPORT-", "", 0, 0, "feature"}, {"INTERVIEW-", "", 0, 0, "interview"},
	{"COLUMN-", "", 0, 0, "opinion"}, {"BREAKINGVIEWS-", "", 0, 0, "opinion"}, {"NEWSMAKER-", "", 0, 0, "profile"}, {"POLL-", "", 0, 0, "poll"}, {"PREVIEW-", "", 0, 0, "preview"}, {"PRESS DIGEST-", "", 0, 0, "press review"},
	{"GLOBAL MARKETS-", "", 0, 0, ""}, {"FOREX-", "", 0, 0, ""}, {"PRECIOUS-", "", 0, 0, ""}, {"US STOCKS-", "", 0, 0, ""}, {"UPDATE 1-GLOBAL MARKETS-", "update", 1, 0, ""}, {"EMERGING MARKETS-", "", 0, 0, ""},
	// English: AP, AFP, Kyodo, Yonhap, Xinhua, dpa
	{"Correction: ", "correction", 0, 0, ""}, {"Clarification: ", "correction", 0, 0, ""}, {"AP Exclusive: ", "", 0, 0, ""}, {"APNewsBreak: ", "alert", 0, 2, ""}, {"BREAKING: ", "alert", 0, 2, ""}, {"NewsAlert: ", "alert", 0, 1, ""},
	{"URGENT - ", "alert", 0, 2, ""}, {"URGENT: ", "alert", 0, 2, ""}, {"ALERT - ", "alert", 0, 1, ""}, {"FLASH: ", "alert", 0, 1, ""}, {"2NDLEAD ", "update", 2, 0, ""}, {"LEAD: ", "update", 0, 0, ""}, {"2ND LD: ", "update", 2, 0, ""}, {"2nd LD-", "", 0, 0, ""},
	{"(LEAD) ", "update", 0, 0, ""}, {"(2nd LD) ", "", 0, 0, ""}, {"(2ND LD) ", "update", 2, 0, ""}, {"(URGENT) ", "alert", 0, 2, ""}, {"1ST LEAD ", "update", 1, 0, ""}, {"2ND LEAD - ", "update", 2, 0, ""}, {"3RD NET ", "update", 3, 0, ""},
	{"Roundup: ", "wrap-up", 0, 0, ""}, {"Update: ", "update", 0, 0, ""}, {"Xinhua Headlines: ", "", 0, 0, ""},
	// German
	{"EIL: ", "alert", 0, 1, ""}, {"EILMELDUNG: ", "alert", 0, 1, ""}, {"EILMELDUNG - ", "alert", 0, 1, ""}, {"+++ EIL +++ ", "alert", 0, 1, ""}, {"Eilmeldung: ", "alert", 0, 1, ""},
	{"Berichtigung: ", "correction", 0, 0, ""}, {"BERICHTIGUNG - ", "correction", 0, 0, ""}, {"Korrektur: ", "correction", 0, 0, ""}, {"KORREKTUR-", "correction", 0, 0, ""}, {"KORREKTUR/ROUNDUP: ", "correction", 0, 0, ""},
	{"Wiederholung: ", "repeat", 0, 0, ""}, {"WDH: ", "repeat", 0, 0, ""}, {"WDHLG-", "repeat", 0, 0, ""}, {"Aktualisierung: ", "update", 0, 0, ""}, {"AKTUALISIERUNG 2-", "update", 2, 0, ""},
	{"Zusammenfassung: ", "wrap-up", 0, 0, ""}, {"ZUSAMMENFASSUNG 2-", "wrap-up", 2, 0, ""}, {"2. ZUSAMMENFASSUNG: ", "wrap-up", 2, 0, ""}, {"ROUNDUP 2: ", "wrap-up", 2, 0, ""}, {"Neufassung: ", "update", 0, 0, ""}, {"AKTIE IM FOKUS: ", "", 0, 0, ""},
	// French
	{"LEAD 2-", "update", 2, 0, ""}, {"CORRECTIF-", "correction", 0, 0, ""}, {"CORRECTION-", "correction", 0, 0, ""}, {"Correction : ", "correction", 0, 0, ""}, {"REPETITION-", "repeat", 0, 0, ""}, {"RÉPÉTITION-", "repeat", 0, 0, ""},
	{"ENCADRE-", "", 0, 0, "factbox"}, {"ENTRETIEN-", "", 0, 0, "interview"}, {"SYNTHESE-", "wrap-up", 0, 0, ""}, {"D'URGENCE - ", "alert", 0, 2, ""}, {"URGENT ", "alert", 0, 2, ""}, {"FLASH INFO - ", "alert", 0, 1, ""}, {"Remettre: ", "refile", 0, 0, ""}, {"BOURSE-", "", 0, 0, ""}, {"ALERTE - ", "alert", 0, 1, ""},
	// Spanish, Portuguese, Italian
	{"VERSIÓN CORREGIDA-", "correction", 0, 0, ""}, {"VERSION CORREGIDA - ", "correction", 0, 0, ""}, {"CORREGIDO-", "correction", 0, 0, ""}, {"Corrección: ", "correction", 0, 0, ""}, {"ACTUALIZACIÓN 1-", "update", 1, 0, ""}, {"ACTUALIZACION 3-", "update", 3, 0, ""}, {"ACTUALIZA 2-", "update", 2, 0, ""},
	{"(AMPLIACIÓN) ", "update", 0, 0, ""}, {"AMPLIACIÓN: ", "update", 0, 0, ""}, {"URGENTE: ", "alert", 0, 2, ""}, {"ÚLTIMA HORA: ", "alert", 0, 2, ""}, {"RESUMEN-", "wrap-up", 0, 0, ""}, {"REPETICIÓN-", "repeat", 0, 0, ""}, {"ANÁLISIS-", "", 0, 0, "analysis"}, {"ENTREVISTA-", "", 0, 0, "interview"}, {"EXCLUSIVA-", "", 0, 0, ""},
	{"ATUALIZA 1-", "update", 1, 0, ""}, {"CORREÇÃO-", "correction", 0, 0, ""}, {"AGGIORNAMENTO 1-", "update", 1, 0, ""}, {"RPT ", "", 0, 0, ""},
}

func TestHeadMarks(t *testing.T) {
	t.Parallel()
	const head = "Fed raises rates in the face of a slowing economy"
	for _, row := range headMarks {
		raw := row.mark + head
		if row.kind == "" && row.genre == "" && strings.ContainsAny(row.mark, "abcdefghijklm") && !strings.Contains(row.mark, ":") {
			if h := ReadHeadline(raw); h.Marked && h.Revision.Kind == "" { // small letters: either read whole or left
				t.Errorf("%q: %+v", raw, h)
			}
			continue
		}
		if row.mark == "RPT " {
			if h := ReadHeadline(raw); h.Marked {
				t.Errorf("%q: %+v", raw, h)
			}
			continue
		}
		text, rev, urgency, genre := Headline(raw)
		want := article.Revision{Kind: row.kind, Number: row.number}
		if text != head || rev != want || urgency != row.urgency || genre != row.genre {
			t.Errorf("%q:\n got %q %+v %d %q\nwant %q %+v %d %q", raw, text, rev, urgency, genre, head, want, row.urgency, row.genre)
		}
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		raw  string
		want Title
	}{
		{"Soccer-Turkish championship results and standings", Title{Text: "Turkish championship results and standings", Topics: []string{"Soccer"}, Marked: true}},
		{"Soccer-Smiling Benitez pleads for support", Title{Text: "Smiling Benitez pleads for support", Topics: []string{"Soccer"}, Marked: true}},
		{"UPDATE 2-Primeira Liga Results ", Title{Text: "Primeira Liga Results", Revision: article.Revision{Kind: "update", Number: 2}, Marked: true}},
		{"2ND LEAD", Title{Revision: article.Revision{Kind: "update", Number: 2}, Marked: true}},
		{"3RD NET", Title{Revision: article.Revision{Kind: "update", Number: 3}, Marked: true}},
		{"1-Update", Title{Revision: article.Revision{Kind: "update", Number: 1}, Marked: true}},
		{"KILL", Title{Revision: article.Revision{Kind: "withdrawal"}, Status: article.Canceled, Marked: true}},
		{"KILL: Fed raises rates", Title{Text: "Fed raises rates", Revision: article.Revision{Kind: "withdrawal"}, Status: article.Canceled, Marked: true}},
		{"BULLETIN KILL - Fed raises rates", Title{Text: "Fed raises rates", Revision: article.Revision{Kind: "withdrawal"}, Status: article.Canceled, Marked: true}},
		{"ANNULATION-La Fed relève ses taux", Title{Text: "La Fed relève ses taux", Revision: article.Revision{Kind: "withdrawal"}, Status: article.Canceled, Marked: true}},
		{"HOLD - Fed raises rates", Title{Text: "Fed raises rates", Status: article.Withheld, Marked: true}},
		{"EMBARGOED UNTIL 1200 GMT - Fed raises rates", Title{Text: "Fed raises rates", Embargoed: true, Embargo: "UNTIL 1200 GMT", Marked: true}},
		{"EMBARGOED UNTIL 12:00 GMT - Fed raises rates", Title{Text: "Fed raises rates", Embargoed: true, Embargo: "UNTIL 12:00 GMT", Marked: true}},
		{"Sperrfrist 18.00 Uhr: Kanzler tritt zurück", Title{Text: "Kanzler tritt zurück", Embargoed: true, Embargo: "18.00 Uhr", Marked: true}},
		{"EMBARGO: Fed raises rates", Title{Text: "Fed raises rates", Embargoed: true, Marked: true}},
		{"BC-US--Election,1st Ld-Writethru", Title{Text: "US--Election", Revision: article.Revision{Kind: "update", Number: 1}, Marked: true}},
		{"Election results, 3rd Ld-Writethru", Title{Text: "Election results", Revision: article.Revision{Kind: "update", Number: 3}, Marked: true}},
		{"Greece votes =(PHOTO+VIDEO)=", Title{Text: "Greece votes", Marked: true}},
		{"By Helen Maguire, dpa  =", Title{Text: "By Helen Maguire, dpa", Marked: true}},
		{"Statue of Liberty to reopen (UPDATE 1, PIX, TV)", Title{Text: "Statue of Liberty to reopen", Revision: article.Revision{Kind: "update", Number: 1}, Marked: true}},
		{"Gold steigt (Korrektur)", Title{Text: "Gold steigt", Revision: article.Revision{Kind: "correction"}, Marked: true}},
		{"Gold steigt - Update", Title{Text: "Gold steigt", Revision: article.Revision{Kind: "update"}, Marked: true}},
		{"++ Terremoto in Molise ++", Title{Text: "Terremoto in Molise", Revision: article.Revision{Kind: "alert"}, Urgency: 2, Marked: true}},
		{"*En 41-årig mand er anholdt", Title{Text: "En 41-årig mand er anholdt", Marked: true}},
	} {
		got := ReadHeadline(row.raw)
		if got.Text != row.want.Text || got.Revision != row.want.Revision || got.Status != row.want.Status || got.Urgency != row.want.Urgency ||
			got.Embargo != row.want.Embargo || got.Embargoed != row.want.Embargoed || got.Marked != row.want.Marked || strings.Join(got.Topics, "|") != strings.Join(row.want.Topics, "|") {
			t.Errorf("%q:\n got %+v\nwant %+v", row.raw, got, row.want)
		}
	}
}

// Headlines that only look marked.
func TestPlainHeadline(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"EU-Kommission will Zölle", "US-Präsident Trump in Davos", "NATO-Gipfel in Den Haag", "COVID-19 cases rise", "G7-Gipfel endet", "AI-Powered search is here", "SPD-Chef tritt zurück",
		"Tennis-Star Zverev in New York", "Golf-Turnier in München", "Golf-Club brennt", "Soccer-mad fans flock to Leeds", "Update-Pflicht für Handys", "Feature-Phone kehrt zurück", "Gold-Preis steigt", "Oil-rich Norway", "Boxing-Day sales",
		"Polen: EU hämnas för flyktingmotstånd", "Berlin: Mann verletzt", "BUDGET 3.0 | Sars gets R4bn", "Chiefs-Rams 2.0? Would be a fun Super Bowl", "Lead in water worries parents", "Alert", "Kill Bill: the film", "Hold the line, says minister",
		"Far-right protesters 'throw stones' in Plymouth - updates", "+++ Neue Wege in Erfurt +++ Unfall bei Weimar +++ Taucher im Stausee", "Stephen Miller speaks (VIDEO)", "Urgent care clinics close", "Lead Stories",
		"Repeat offender jailed for life", "Table tennis: China wins again", "World: our new home page", "Flash floods kill ten", "Corrections officer charged", "Embargo on Cuba turns 60", "BRIEF ENCOUNTER returns to cinemas", "Focus-Umfrage: AfD vorn",
		"", "   ", "Für immer: Die Zusammenfassung einer Liebe", "Eil GmbH: Insolvenz", "1. FC Köln: Der Trainer geht", "1. Mai: Der Tag der Arbeit",
	} {
		if h := ReadHeadline(s); h.Marked || h.Revision.Kind != "" || h.Status != "" || h.Embargoed || h.Text != strings.TrimSpace(s) {
			t.Errorf("%q: %+v", s, h)
		}
	}
	for s, genre := range map[string]string{"Kommentar: Der Kanzler irrt": "opinion", "LIVE: Election results": "live", "Interview: Was nun?": "interview", "FACT CHECK: Is it so?": "fact-check", "POLL | Is it so?": "poll"} {
		if h := ReadHeadline(s); h.Marked || h.Genre != genre {
			t.Errorf("%q: a paper's label must stay and tell its genre: %+v", s, h)
		}
	}
	if h := ReadHeadline("UPDATE 1-" + strings.Repeat("x", maxHeadline)); h.Marked {
		t.Error("a headline over the limit was read")
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, note, rest string }{
		{"(In Jan. 3 story, corrects last paragraph to say fifty)", "In Jan. 3 story, corrects last paragraph to say fifty", ""},
		{"(Adds quotes, background)", "Adds quotes, background", ""},
		{"(Updates with minister's reaction)", "Updates with minister's reaction", ""},
		{"(Recasts, adds detail)", "Recasts, adds detail", ""},
		{"(Corrects spelling of name in paragraph 3)", "Corrects spelling of name in paragraph 3", ""},
		{"(Refiles to fix typo)", "Refiles to fix typo", ""},
		{"(Repeats story first published on Sunday)", "Repeats story first published on Sunday", ""},
		{"(This March 7 story has been corrected to say fifty)", "This March 7 story has been corrected to say fifty", ""},
		{"(This story was refiled to fix a typo in the headline)", "This story was refiled to fix a typo in the headline", ""},
		{"(Adds quotes) The minister said no.", "Adds quotes", "The minister said no."},
		{"[Adds quotes (minister) in paragraph 2]", "Adds quotes (minister) in paragraph 2", ""},
		{"* Adds quotes, background", "Adds quotes, background", ""},
		{"Eds: APNewsNow. Will be updated.", "APNewsNow. Will be updated.", ""},
		{"(Eds: Updates with details)", "Eds: Updates with details", ""},
		{"(Editor's note: contains strong language)", "Editor's note: contains strong language", ""},
		{"(Neu: Details)", "Neu: Details", ""}, {"(neue Einzelheiten)", "", ""},
		{"(Ergänzt: Reaktionen)", "Ergänzt: Reaktionen", ""}, {"(Berichtigung: Im zweiten Absatz muss es fünfzig heißen)", "Berichtigung: Im zweiten Absatz muss es fünfzig heißen", ""}, {"(Korrigiert wurde der Name)", "Korrigiert wurde der Name", ""},
		{"Achtung Redaktionen: Der Name ist zu ändern", "Der Name ist zu ändern", ""},
		{"(Ajoute réactions, contexte)", "Ajoute réactions, contexte", ""}, {"(Actualisé avec réactions)", "", ""}, {"ATTENTION - AJOUTE réactions ///", "AJOUTE réactions", ""}, {"ATTENTION - ACTUALISE bilan /// Le bilan", "ACTUALISE bilan", "Le bilan"},
		{"(Agrega citas, contexto)", "Agrega citas, contexto", ""}, {"(Añade reacciones)", "Añade reacciones", ""}, {"(Corrige el segundo párrafo)", "Corrige el segundo párrafo", ""}, {"(Actualiza con datos de cierre)", "Actualiza con datos de cierre", ""},
		{"(Aggiunge dichiarazioni)", "Aggiunge dichiarazioni", ""},
	} {
		note, rest, ok := Note(row.in)
		if row.note == "" {
			if ok && !strings.HasPrefix(row.in, "(Actualisé") {
				t.Errorf("%q: note %q", row.in, note)
			}
			continue
		}
		if !ok || note != row.note || rest != row.rest {
			t.Errorf("%q: %v %q %q", row.in, ok, note, rest)
		}
	}
	for _, s := range []string{"(adds the minister)", "(Foto: dpa)", "(Reporting by Jane Doe)", "(see above)", "The minister adds that it is so.", "(In Paris ist es warm)", "(The author lives in Rome.)", "", "(", "(Adds", "Editor's note: this is for readers."} {
		if note, rest, ok := Note(s); ok || rest != s {
			t.Errorf("%q: note %q", s, note)
		}
	}
}

func TestNoteKind(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]string{
		"Adds quotes": "update", "UPDATES with Germany, US, UAE cases": "update", "In Jan. 3 story, corrects last paragraph": "correction", "Refiles to fix typo": "refile", "Repeats story first published on Sunday": "repeat",
		"Ajoute réactions": "update", "Corrige el segundo párrafo": "correction", "Berichtigt: Name": "correction", "Ergänzt: Reaktionen": "update", "contains strong language": "", "": "",
	} {
		if got := NoteKind(note); got != want {
			t.Errorf("%q: %q, want %q", note, got, want)
		}
	}
}

func TestNotForPublication(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"The following information is not intended for publication", "* * * * The following information is not for publication", "The following information is not for publication:", "NOT FOR PUBLICATION",
		"Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt", "Nicht zur Veröffentlichung", "Les informations suivantes ne sont pas destinées à la publication", "La siguiente información no está destinada a la publicación",
		"## Editorial contacts", "Le seguenti informazioni non sono destinate alla pubblicazione",
	} {
		if !NotForPublication(s) {
			t.Errorf("%q would be published", s)
		}
	}
	for _, s := range []string{"The following information is for publication", "The letter was not for publication, he said.", "Veröffentlichung", "", "Following the vote, information was scarce."} {
		if NotForPublication(s) {
			t.Errorf("%q would be lost", s)
		}
	}
}
