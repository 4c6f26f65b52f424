package wirecopy

import (
	"strings"
	"testing"
)

// A row: a paragraph, where its sign-off starts as the text before it, and what
// it says; lists are parted by "|", people written name@place/role.
var signOffs = []struct{ before, sign, editors, agencies, authors string }{
	// initials and agencies
	{"", "ab/sms (Reuters, AFP)", "ab|sms", "Reuters|AFP", ""},
	{"", "hh/ph/ts/hd", "hh|ph|ts|hd", "", ""},
	{"", "(SDA/sj)", "sj", "SDA", ""},
	{"", "(awp/sda)", "", "AWP|SDA", ""},
	{"", "dpa wsz jln npr", "wsz|jln|npr", "dpa", ""},
	{"", "dpa hm bs wjh", "hm|bs|wjh", "dpa", ""},
	{"", "dpa tt xx n1", "tt|xx", "dpa", ""},
	{"", "dpa abc yybb n1 def", "abc|def", "dpa", ""},
	{"", "dpa so yyxx z2 a3 gh/ijk", "so|gh|ijk", "dpa", ""},
	{"", "SDA/sep", "sep", "SDA", ""},
	{"", "Reuters/kra Frankfurt", "kra", "Reuters", ""},
	{"", "dpa/AFP", "", "dpa|AFP", ""},
	{"", "afp, dpa, rtr", "", "AFP|dpa|Reuters", ""},
	{"", "wa/uh (dpa, afp, rtr)", "wa|uh", "dpa|AFP|Reuters", ""},
	{"", "bur-ahm/je", "bur|ahm|je", "", ""},
	{"", "ab/de/dl/hmw", "ab|de|dl|hmw", "", ""},
	{"", "hmw/JL", "hmw|JL", "", ""},
	{"", "mal/ ap/", "mal|ap", "", ""},
	{"", "EFE abc/def", "abc|def", "EFE", ""},
	{"", "dpa", "", "dpa", ""},
	{"", "(dpa)", "", "dpa", ""},
	{"", "Reuters", "", "Reuters", ""},
	{"", "EFE", "", "EFE", ""},
	{"", "==Kyodo", "", "Kyodo", ""},
	{"", "/ritzau/", "", "Ritzau", ""},
	{"", "(©NTB)", "", "NTB", ""},
	{"", "(TT)", "", "TT", ""},
	{"", "mit dpa", "", "dpa", ""},
	{"", "dpa/red", "red", "dpa", ""},
	{"", "ssi, dan; Foto [M]: Shutterstock; Erstveröffentlichung: 4.4.18", "ssi|dan", "", ""},
	{"", "___", "", "", ""},
	{"", "* * *", "", "", ""},
	{"Der Eintritt zum Hutfestival ist frei. ", "(kas)", "kas", "", ""},
	{"„Kommunikativer Totalschaden. Isch over.“", "(phy)", "phy", "", ""},
	{"Der Autor ist 2017 verstorben. ", "(nz)", "nz", "", ""},
	{"Die Polizei ermittelt. ", "(dpa/lni)", "lni", "dpa", ""},
	{"Die Polizei ermittelt. ", "ab/sms (Reuters, AFP)", "ab|sms", "Reuters|AFP", ""},
	{"Sie durchsuchten die Häuser. ", "/ ab", "ab", "", ""},
	{"He declined to comment. ", "– AFP", "", "AFP", ""},
	{"He declined to comment. ", "-- BERNAMA", "", "Bernama", ""},
	{"He declined to comment.", "==Kyodo", "", "Kyodo", ""},
	{"The minister said no. ", "(PTI)", "", "PTI", ""},
	{"Demikian kata menteri. ", "(E-2)", "", "", ""},
	{"Le ministre a dit oui. ", "(avec AFP)", "", "AFP", ""},
	{"El ministro dijo que sí. ", "(EFE)", "", "EFE", ""},
	{"Tak powiedział minister. ", "(PAP)", "", "PAP", ""},
	{"人質が拘束されている。", "【エルサレム松岡大地、カイロ金子淳】", "", "", ""},
	{"人質が拘束されている。", "【山田太郎】", "", "", ""},
	{"人質が拘束されている。", "（共同）", "", "Kyodo", ""},
	// English credits
	{"", "(Reporting by Jane Doe in Paris and John Roe in London; Editing by Ann Lee)", "Ann Lee", "", "Jane Doe@Paris/reporting|John Roe@London/reporting"},
	{"", "Reporting by Maya Gebeilly in Beirut, Anthony Deutsch in The Hague and David Clarke in London; Writing by David Clarke; Editing by Daniel Flynn", "Daniel Flynn", "", "Maya Gebeilly@Beirut/reporting|Anthony Deutsch@The Hague/reporting|David Clarke@London/reporting|David Clarke@/writing"},
	{"", "(Reporting by Jane Doe Editing by Ann Lee)", "Ann Lee", "", "Jane Doe@/reporting"},
	{"", "(Additional reporting by Jane Doe)", "", "", "Jane Doe@/reporting"},
	{"", "– additional reporting by Donald Matthys", "", "", "Donald Matthys@/reporting"},
	{"", "Additional reporting from PA", "", "PA", ""},
	{"", "With reporting by Associated Press writer Sheikh Saaliq", "", "AP", ""},
	{"", "With files from The Canadian Press", "", "CP", ""},
	{"", "(With inputs from ANI)", "", "ANI", ""},
	{"", "(With agency inputs)", "", "agencies", ""},
	{"", "—Associated Press writer John Leicester in Paris contributed to this report.", "", "AP", ""},
	{"", "The Associated Press contributed to this report.", "", "AP", ""},
	{"", "AFP contributed to this report.", "", "AFP", ""},
	{"", "Peoples reported from New York. Associated Press writer Bill Barrow in Atlanta contributed to this report.", "", "AP", ""},
	{"", "Our Standards: The Thomson Reuters Trust Principles.", "", "Reuters", ""},
	{"", "This report by The Canadian Press was first published March 7, 2024.", "", "CP", ""},
	{"", "Copyright 2024 The Associated Press. All rights reserved.", "", "AP", ""},
	{"", "© 2024 AFP", "", "AFP", ""},
	{"", "Copyright: Project Syndicate, 2025", "", "", ""},
	{"", "© The Financial Times Ltd. 2024", "", "", ""},
	{"", "(Compiled by Jane Doe; Edited by John Roe)", "John Roe", "", "Jane Doe@/writing"},
	{"He declined to comment. ", "(Reporting by Jane Doe; Editing by Ann Lee)", "Ann Lee", "", "Jane Doe@/reporting"},
	// German
	{"", "(Quelle: APA/sda/dpa)", "", "APA|SDA|dpa", ""},
	{"", "Quelle: sid/dpa", "", "SID|dpa", ""},
	{"", "Quelle: hessenschau.de", "", "", ""},
	{"", "Mit Agenturmaterial.", "", "agencies", ""},
	{"", "Mit Material von dpa und AFP", "", "dpa|AFP", ""},
	{"", "Mit Informationen der dpa", "", "dpa", ""},
	{"", "© dpa-infocom, dpa:240516-99-53606/3 (dpa)", "", "dpa", ""},
	{"", "© SZ/stga/sab", "stga|sab", "", ""},
	{"", "© SZ", "", "", ""},
	{"", "Redaktion: Marcus Bensmann, Elena Müller", "Marcus Bensmann|Elena Müller", "", ""},
	{"", "Übersetzung: Tristan Oetker-Kast, Redaktion: Theresa Bäuerlein, Schlussredaktion: Lea Schönborn", "Theresa Bäuerlein|Lea Schönborn", "", "Tristan Oetker-Kast@/writing"},
	{"", "Beitrag von Eva Kirchner-Rätsch", "", "", "Eva Kirchner-Rätsch@/reporting"},
	{"", "(Bericht von Anna Schmidt, redigiert von Hans Seidenstücker. Bei Rückfragen wenden Sie sich bitte an die Redaktion)", "Hans Seidenstücker", "", "Anna Schmidt@/reporting"},
	{"", "IN-Redaktion", "", "", ""},
	{"", "dpa-infocom, dpa:210501-99-430000/2", "", "dpa", ""},
	// French
	{"", "(Reportage de Jean Dupont à Paris, édité par Anne Martin)", "Anne Martin", "", "Jean Dupont@Paris/reporting"},
	{"", "(Rédigé par Jean Dupont, édité par Anne Martin)", "Anne Martin", "", "Jean Dupont@/reporting"},
	{"", "(Version française Jean Dupont, édité par Anne Martin)", "Anne Martin", "", "Jean Dupont@/reporting"},
	{"", "Avec AFP", "", "AFP", ""},
	{"", "Source : AFP", "", "AFP", ""},
	{"", "Le Figaro avec AFP", "", "AFP", ""},
	{"", "Jean Dupont a contribué à cet article.", "", "", ""},
	// Spanish, Portuguese, Italian and others
	{"", "(Reporte de Juan Pérez en Madrid; editado por Ana López)", "Ana López", "", "Juan Pérez@Madrid/reporting"},
	{"", "(Reporte de Juan Pérez. Editado en español por Ana López)", "Ana López", "", "Juan Pérez@/reporting"},
	{"", "Con información de Reuters", "", "Reuters", ""},
	{"", "(Con información de AFP y EFE)", "", "AFP|EFE", ""},
	{"", "Fuente: EFE", "", "EFE", ""},
	{"", "Fonte: ANSA", "", "ANSA", ""},
	{"", "(ANSA).", "", "ANSA", ""},
	{"", "Bron: BELGA", "", "Belga", ""},
	{"", "Źródło: PAP", "", "PAP", ""},
	{"", "Kaynak: AA", "", "AA", ""},
	{"", "Источник: ТАСС", "", "TASS", ""},
}

func TestSignOff(t *testing.T) {
	t.Parallel()
	for _, row := range signOffs {
		p := row.before + row.sign
		c, ok := SignOff(p)
		if !ok {
			t.Errorf("%q: no sign-off", p)
			continue
		}
		var people []string
		for _, a := range c.Authors {
			people = append(people, a.Name+"@"+a.Place+"/"+a.Role)
		}
		if strings.TrimSpace(p[c.Start:]) != strings.TrimSpace(row.sign) || c.Text != strings.TrimSpace(row.sign) {
			t.Errorf("%q: starts at %d with %q", p, c.Start, c.Text)
		}
		if e, a, w := strings.Join(c.Editors, "|"), strings.Join(c.Agencies, "|"), strings.Join(people, "|"); e != row.editors || a != row.agencies || w != row.authors {
			t.Errorf("%q:\n got editors %s, agencies %s, authors %s\nwant editors %s, agencies %s, authors %s", p, e, a, w, row.editors, row.agencies, row.authors)
		}
	}
}

// What closes a piece and is no sign-off.
var proseEndings = []string{
	"The president said so to Reuters and AFP on Tuesday evening.",
	"Das sagte der Sprecher der Nachrichtenagentur (dpa).",
	"That is all there is to it (see above).", "He was born in 1967 (sic).", "The film opens on Friday (tbc).",
	"Alle Rechte vorbehalten? Das wäre neu.", "What about you? Share your thoughts in the comments below.",
	"Und so war es auch, sagt er, und lacht.", "Mit der Zeit wird alles besser, glaubt sie.",
	"With the wind in her hair she rode on.", "Con el tiempo todo mejora, dice ella.", "Avec le temps, tout s'en va.",
	"Aus der Traum.", "Source of the trouble was the pump.", "By then it was too late.", "From now on it will be so.",
	"Redaktion und Verlag zogen 1968 um.", "Blu-ray", "Bien-être", "RSS-feed", "Next-gen RPA", "try {", "} else {", "#cowx", "Reuters Plus", "Über AFP", "film", "menu", "icon", "und", "the", "AP Photo",
	"韓国の国旗＝ＡＰ", "[사진 출처 = 연합뉴스]", "【関連記事】", "時事川柳", "これは本当だ。", "...", "…",
	"Reported cases rose by a third (from 12 to 16).", "Written rules exist, but nobody reads them.",
	"Text und Bild passen hier nicht zusammen.", "Edited volumes sell badly.", "Research shows that it works.",
	"The suspect is aged 24 (MAP of the area).", "Er wohnt in Hof (Saale).", "Er spielt für die SG (2. Liga).", "Foto: dpa", "Bild: Reuters/Jane Doe", "",
	"The ambassador reported from his post that the city was quiet, and that nobody had been hurt in the night; the people, he wrote, had gone home, and the soldiers with them, as they had been told to do by a government that no longer knew whom it governed.",
}

func TestNoSignOff(t *testing.T) {
	t.Parallel()
	for _, s := range proseEndings {
		if c, ok := SignOff(s); ok {
			t.Errorf("%q: sign-off %+v", s, c)
		}
	}
}

// What is passed over early is what the rest of a reader would have refused.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	for _, m := range footers.list {
		for _, s := range []string{m, strings.ToUpper(m), "... " + m, strings.ReplaceAll(m, " ", ", . "), m + " and more"} {
			if _, ok := footer(s); !ok && len(s) <= 500 {
				t.Errorf("%s: no footer", s)
			}
		}
	}
	for _, s := range []string{
		"John Smith in Rome contributed to this report.", "AP WRITER JOHN SMITH CONTRIBUTED TO THIS STORY", "Smith reported from Rome.",
		"dpa und AFP haben zu diesem Bericht beigetragen", "Anna und Otto haben mitgearbeitet", "Ana colaboraron en este informe",
	} {
		if _, ok := contributed(s); !ok {
			t.Errorf("%s: nobody contributed", s)
		}
	}
}
