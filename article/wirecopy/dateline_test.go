package wirecopy

import (
	"strings"
	"testing"
	"time"

	"wireroom/article"
)

// A row: the opening of a paragraph up to the text, then what it says. places
// are parted by "|".
var datelines = []struct{ open, text, places, date, agency string }{
	// English
	{"DAMASCUS (Reuters) - ", "DAMASCUS (Reuters)", "Damascus", "", "Reuters"},
	{"LIMA, Jan 21 (Reuters) - ", "LIMA, Jan 21 (Reuters)", "Lima", "", "Reuters"},
	{"BEIRUT/THE HAGUE, March 7 (Reuters) - ", "BEIRUT/THE HAGUE, March 7 (Reuters)", "Beirut|The Hague", "", "Reuters"},
	{"WASHINGTON/NEW YORK, Sept 30 (Reuters) - ", "WASHINGTON/NEW YORK, Sept 30 (Reuters)", "Washington|New York", "", "Reuters"},
	{"Jan 3 (Reuters) - ", "Jan 3 (Reuters)", "", "", "Reuters"},
	{"(Reuters) - ", "(Reuters)", "", "", "Reuters"},
	{"LONDON (Reuters Breakingviews) - ", "LONDON (Reuters Breakingviews)", "London", "", "Reuters"},
	{"NEAR KYIV, Ukraine, March 7 (Reuters) - ", "NEAR KYIV, Ukraine, March 7 (Reuters)", "Near Kyiv", "", "Reuters"},
	{"MOSCOW, Monday (Reuters) - ", "MOSCOW, Monday (Reuters)", "Moscow", "", "Reuters"},
	{"NEW YORK (AP) — ", "NEW YORK (AP)", "New York", "", "AP"},
	{"NEW YORK (AP) _ ", "NEW YORK (AP)", "New York", "", "AP"},
	{"NEW YORK (AP) -- ", "NEW YORK (AP)", "New York", "", "AP"},
	{"LA CROSSE, Wis. (AP) — ", "LA CROSSE, Wis. (AP)", "La Crosse", "", "AP"},
	{"WINSTON-SALEM, N.C. (AP) — ", "WINSTON-SALEM, N.C. (AP)", "Winston-Salem", "", "AP"},
	{"PORT-AU-PRINCE, Haiti (AP) — ", "PORT-AU-PRINCE, Haiti (AP)", "Port-au-Prince", "", "AP"},
	{"UNITED NATIONS (AP) — ", "UNITED NATIONS (AP)", "United Nations", "", "AP"},
	{"ABOARD AIR FORCE ONE (AP) — ", "ABOARD AIR FORCE ONE (AP)", "Aboard Air Force One", "", "AP"},
	{"ST. LOUIS (AP) — ", "ST. LOUIS (AP)", "St. Louis", "", "AP"},
	{"SEOUL, South Korea (AP) — ", "SEOUL, South Korea (AP)", "Seoul", "", "AP"},
	{"STOCKHOLM, Aug 29, 2014 (AFP) - ", "STOCKHOLM, Aug 29, 2014 (AFP)", "Stockholm", "2014-08-29", "AFP"},
	{"Ouagadougou, Dec 20, 2017 (AFP) - ", "Ouagadougou, Dec 20, 2017 (AFP)", "Ouagadougou", "2017-12-20", "AFP"},
	{"San Diego (tca/dpa) - ", "San Diego (tca/dpa)", "San Diego", "", "dpa"},
	{"SAITAMA, Japan, Dec. 9 Kyodo - ", "SAITAMA, Japan, Dec. 9 Kyodo", "Saitama", "", "Kyodo"},
	{"Tokyo, March 7 (Jiji Press)--", "Tokyo, March 7 (Jiji Press)", "Tokyo", "", "Jiji"},
	{"BEIJING, March 7 (Xinhua) -- ", "BEIJING, March 7 (Xinhua)", "Beijing", "", "Xinhua"},
	{"SEOUL, March 7 (Yonhap) -- ", "SEOUL, March 7 (Yonhap)", "Seoul", "", "Yonhap"},
	{"KUALA LUMPUR, March 7 (Bernama) -- ", "KUALA LUMPUR, March 7 (Bernama)", "Kuala Lumpur", "", "Bernama"},
	{"PUTRAJAYA, Nov 22 — ", "PUTRAJAYA, Nov 22", "Putrajaya", "", ""},
	{"Jakarta (ANTARA) - ", "Jakarta (ANTARA)", "Jakarta", "", "Antara"},
	{"New Delhi, Mar 7 (PTI) ", "New Delhi, Mar 7 (PTI)", "New Delhi", "", "PTI"},
	{"New Delhi [India], March 7 (ANI): ", "New Delhi [India], March 7 (ANI)", "New Delhi", "", "ANI"},
	{"ISLAMABAD, Mar 07 (APP): ", "ISLAMABAD, Mar 07 (APP)", "Islamabad", "", "APP"},
	{"SYDNEY March 22 AAP - ", "SYDNEY March 22 AAP", "Sydney", "", "AAP"},
	{"CANBERRA, AAP - ", "CANBERRA, AAP", "Canberra", "", "AAP"},
	{"MOSCOW, March 7. /TASS/. ", "MOSCOW, March 7. /TASS/", "Moscow", "", "TASS"},
	{"MOSCOW. March 7 (Interfax) - ", "MOSCOW. March 7 (Interfax)", "Moscow", "", "Interfax"},
	{"MINSK, 7 March (BelTA) – ", "MINSK, 7 March (BelTA)", "Minsk", "", "BelTA"},
	{"TALLINN, March 7, BNS - ", "TALLINN, March 7, BNS", "Tallinn", "", "BNS"},
	{"ABU DHABI, 7th March, 2024 (WAM) -- ", "ABU DHABI, 7th March, 2024 (WAM)", "Abu Dhabi", "2024-03-07", "WAM"},
	{"Riyadh, March 7, 2024, SPA -- ", "Riyadh, March 7, 2024, SPA", "Riyadh", "2024-03-07", "SPA"},
	{"KUWAIT, March 7 (KUNA) -- ", "KUWAIT, March 7 (KUNA)", "Kuwait", "", "KUNA"},
	{"Accra, March 7, GNA – ", "Accra, March 7, GNA", "Accra", "", "GNA"},
	{"KANSAS CITY, Mo.--(BUSINESS WIRE)--", "KANSAS CITY, Mo.--(BUSINESS WIRE)", "Kansas City", "", "Business Wire"},
	{"NEW YORK, March 7, 2024 /PRNewswire/ -- ", "NEW YORK, March 7, 2024 /PRNewswire/", "New York", "2024-03-07", "PR Newswire"},
	{"SAN FRANCISCO, March 7, 2024 (GLOBE NEWSWIRE) -- ", "SAN FRANCISCO, March 7, 2024 (GLOBE NEWSWIRE)", "San Francisco", "2024-03-07", "GlobeNewswire"},
	{"TOKYO, Aug. 1, 2014 /Kyodo JBN-AsiaNet/-- ", "TOKYO, Aug. 1, 2014 /Kyodo JBN-AsiaNet/", "Tokyo", "2014-08-01", "AsiaNet"},
	{"Jan 3 (OPTA) - ", "Jan 3 (OPTA)", "", "", ""},
	{"LOS ANGELES (Variety.com) - ", "LOS ANGELES (Variety.com)", "Los Angeles", "", ""},
	{"DALLAS (WFAA) — ", "DALLAS (WFAA)", "Dallas", "", ""},
	{"DUBLIN — ", "DUBLIN", "Dublin", "", ""},
	{"DUBLIN—", "DUBLIN", "Dublin", "", ""},
	{"FLUSHING MEADOWS — ", "FLUSHING MEADOWS", "Flushing Meadows", "", ""},
	{"AUBURN, Wash. — ", "AUBURN, Wash.", "Auburn", "", ""},
	{"KANANASKIS, Alta. — ", "KANANASKIS, Alta.", "Kananaskis", "", ""},
	{"Beirut, Lebanon – ", "Beirut, Lebanon", "Beirut", "", ""},
	{"NEW DELHI: ", "NEW DELHI", "New Delhi", "", ""},
	{"KARACHI: ", "KARACHI", "Karachi", "", ""},
	{"LINDI: ", "LINDI", "Lindi", "", ""},
	// German
	{"Berlin (dpa) - ", "Berlin (dpa)", "Berlin", "", "dpa"},
	{"Potsdam (dpa/bb) - ", "Potsdam (dpa/bb)", "Potsdam", "", "dpa"},
	{"Frankfurt/Main (dpa) - ", "Frankfurt/Main (dpa)", "Frankfurt/Main", "", "dpa"},
	{"Brüssel/Berlin (dpa-AFX) - ", "Brüssel/Berlin (dpa-AFX)", "Brüssel|Berlin", "", "dpa-AFX"},
	{"Frankfurt (Oder) (dpa) - ", "Frankfurt (Oder) (dpa)", "Frankfurt (Oder)", "", "dpa"},
	{"Berlin (AFP) - ", "Berlin (AFP)", "Berlin", "", "AFP"},
	{"Berlin, 7. Mär (Reuters) - ", "Berlin, 7. Mär (Reuters)", "Berlin", "", "Reuters"},
	{"ZÜRICH, 7. März (Reuters) - ", "ZÜRICH, 7. März (Reuters)", "Zürich", "", "Reuters"},
	{"Bern, 7. März (awp/sda) - ", "Bern, 7. März (awp/sda)", "Bern", "", "AWP"},
	{"Bonn (KNA) ", "Bonn (KNA)", "Bonn", "", "KNA"},
	{"Berlin (epd). ", "Berlin (epd)", "Berlin", "", "epd"},
	{"Köln (SID) - ", "Köln (SID)", "Köln", "", "SID"},
	{"Wien (APA) - ", "Wien (APA)", "Wien", "", "APA"},
	{"Kiel (dpo) - ", "Kiel (dpo)", "Kiel", "", ""},
	{"München/London – ", "München/London", "München|London", "", ""},
	{"Gundremmingen - ", "Gundremmingen", "Gundremmingen", "", ""},
	{"Nendeln, 27.6.205 – ", "Nendeln, 27.6.205", "Nendeln", "", ""},
	{"Berlin, 07.03.2024 – ", "Berlin, 07.03.2024", "Berlin", "2024-03-07", ""},
	{"Berlin. ", "Berlin", "Berlin", "", ""},
	{"Gevelsberg. ", "Gevelsberg", "Gevelsberg", "", ""},
	{"Bad Oeynhausen. ", "Bad Oeynhausen", "Bad Oeynhausen", "", ""},
	// French
	{"Paris, 21 jan 2019 (AFP) - ", "Paris, 21 jan 2019 (AFP)", "Paris", "2019-01-21", "AFP"},
	{"Strasbourg, 10 juil 2024 (AFP) - ", "Strasbourg, 10 juil 2024 (AFP)", "Strasbourg", "2024-07-10", "AFP"},
	{"Paris (ats afp) ", "Paris (ats afp)", "Paris", "", "ATS"},
	{"Genève (ats) - ", "Genève (ats)", "Genève", "", "ATS"},
	{"PARIS, 1er mars (Reuters) - ", "PARIS, 1er mars (Reuters)", "Paris", "", "Reuters"},
	{"MONTRÉAL — ", "MONTRÉAL", "Montréal", "", ""},
	{"OTTAWA — ", "OTTAWA", "Ottawa", "", ""},
	{"Bruxelles, 7 mars 2024 (Belga) - ", "Bruxelles, 7 mars 2024 (Belga)", "Bruxelles", "2024-03-07", "Belga"},
	// Spanish, Portuguese, Italian
	{"Madrid, 21 ene (EFE).- ", "Madrid, 21 ene (EFE)", "Madrid", "", "EFE"},
	{"MADRID, 7 Mar. (EUROPA PRESS) - ", "MADRID, 7 Mar. (EUROPA PRESS)", "Madrid", "", "Europa Press"},
	{"Buenos Aires, 7 de marzo de 2024 (Télam).- ", "Buenos Aires, 7 de marzo de 2024 (Télam)", "Buenos Aires", "2024-03-07", "Télam"},
	{"CIUDAD DE MÉXICO (AP) — ", "CIUDAD DE MÉXICO (AP)", "Ciudad de México", "", "AP"},
	{"Lisboa, 07 mar 2024 (Lusa) - ", "Lisboa, 07 mar 2024 (Lusa)", "Lisboa", "2024-03-07", "Lusa"},
	{"RIO DE JANEIRO (Reuters) - ", "RIO DE JANEIRO (Reuters)", "Rio de Janeiro", "", "Reuters"},
	{"(ANSA) - ROMA, 1 LUG - ", "(ANSA) - ROMA, 1 LUG", "Roma", "", "ANSA"},
	{"ROMA, 7 MAR - ", "ROMA, 7 MAR", "Roma", "", ""},
	// others
	{"Oslo (NTB): ", "Oslo (NTB)", "Oslo", "", "NTB"},
	{"OSLO/NTB: ", "OSLO/NTB", "Oslo", "", "NTB"},
	{"DEN HAAG (ANP) - ", "DEN HAAG (ANP)", "Den Haag", "", "ANP"},
	{"ANKARA (AA) - ", "ANKARA (AA)", "Ankara", "", "AA"},
	{"Praha 7. března (ČTK) - ", "Praha 7. března (ČTK)", "Praha", "", "ČTK"},
	{"Budapest, 2024. március 7., csütörtök (MTI) - ", "Budapest, 2024. március 7., csütörtök (MTI)", "Budapest", "2024-03-07", "MTI"},
	{"VILNIUS, Kov 07, BNS – ", "VILNIUS, Kov 07, BNS", "Vilnius", "", "BNS"},
	{"МОСКВА, 7 марта. /ТАСС/. ", "МОСКВА, 7 марта. /ТАСС/", "Москва", "", "TASS"},
	{"МОСКВА, 7 мар — РИА Новости. ", "МОСКВА, 7 мар — РИА Новости", "Москва", "", "RIA Novosti"},
	{"القاهرة (رويترز) - ", "القاهرة (رويترز)", "القاهرة", "", "Reuters"},
	{"【ソウル＝小池和樹】", "【ソウル＝小池和樹】", "ソウル", "", ""},
	{"【ワシントン共同】", "【ワシントン共同】", "ワシントン", "", "Kyodo"},
	{"【ニューヨーク時事】", "【ニューヨーク時事】", "ニューヨーク", "", "Jiji"},
	{"(서울=연합뉴스) 홍길동 기자 = ", "(서울=연합뉴스)", "서울", "", "Yonhap"},
	{"[서울=뉴시스] 홍길동 기자 = ", "[서울=뉴시스]", "서울", "", "Newsis"},
	{"新华社北京3月7日电（记者王某）", "新华社北京3月7日电", "北京", "", "Xinhua"},
	{"中新社上海3月7日电 ", "中新社上海3月7日电", "上海", "", "China News Service"},
}

func TestDateline(t *testing.T) {
	t.Parallel()
	const text = "The government said on Thursday that it would not go back on what it had promised."
	for _, row := range datelines {
		d, rest, ok := Dateline(row.open + text)
		if !ok {
			t.Errorf("%q: no dateline", row.open)
			continue
		}
		got := article.Dateline{Text: row.text, Date: row.date, Agency: row.agency}
		if row.places != "" {
			got.Places = strings.Split(row.places, "|")
		}
		if d.Text != got.Text || d.Date != got.Date || d.Agency != got.Agency || strings.Join(d.Places, "|") != row.places {
			t.Errorf("%q:\n got %+v\nwant %+v", row.open, d, got)
		}
		if rest != text {
			t.Errorf("%q: rest is %q", row.open, rest)
		}
	}
}

// What opens a paragraph and is no dateline.
var proseOpenings = []string{
	"BREAKING — The president has resigned, the palace said on Monday evening.",
	"WATCH: The president of the United States has said many things to them today.",
	"UPDATE: The president of the United States has said many things to them today.",
	"FILE - Mike and Jane Roberts tend to their son at their home in Pocatello.",
	"NATO — The alliance is older than most of those who now lead its members.",
	"LE POINT SUR LA SITUATION - Le président américain a annoncé des sanctions.",
	"L’ÉDITORIAL DU FIGARO - La décision de Joe Biden d’autoriser les Ukrainiens",
	"CARTES - Après le «feu vert» de Washington, l’armée a tiré",
	"FINALEKLAR: Lene Retzius skal hoppe i onsdagens finale likevel, sier hun nå.",
	"UK, France, Belgium: Travel strikes planned for April and May, says the union",
	"Update - Das Ministerium hat sich am Nachmittag noch einmal dazu geäußert.",
	"Trump – der Präsident – sagt, er wolle nicht.",
	"Die Agentur (dpa) meldet, dass es am Dienstag geregnet habe und weiter regne.",
	"Die Nachrichtenagentur Reuters - Der Bericht stammt von ihr - meldet das auch.",
	"Berlin ist schön. Die Stadt an der Spree zieht immer mehr Menschen an.",
	"Berlin – das klingt nach Freiheit, nach Clubs und nach langen Nächten.",
	"Berlin. London. Paris. Drei Städte, drei Messen, und überall dasselbe Bild.",
	"EU-Kommission – Die Behörde prüft den Fall und will bis Mai entscheiden.",
	"München–Berlin in vier Stunden: Die Bahn macht es möglich, sagt sie.",
	"Genau. Die Frage stellt sich seit Jahren, und niemand beantwortet sie.",
	"Training. Die Mannschaft hat am Vormittag nur im Kraftraum gearbeitet.",
	"Daheim. Die Mannschaft spielt am liebsten vor den eigenen Leuten, wie alle.",
	"John Smith — The man who knew too much about the affair died on Monday.",
	"In Paris (AFP) hieß es, das sei nicht wahr, aber niemand wollte es bestreiten.",
	"Am 7. März – Das war ein Donnerstag – begann alles mit einem Anruf.",
	"On March 7 - The day after - everything changed for the people of the town.",
	"Q: What do you think of the plan to build a bridge across the strait?",
	"SMITH: I think that we have to be careful about what we promise to people.",
	"EFE/EPA/HAITHAM IMAD", "MDR THÜRINGEN - Das Radio | Nachrichten | 10:00 Uhr",
	"लाइफ - साइंस", "인터넷신문등록번호 : 서울아01043", "【関連記事】これも読む", "【写真】これも読む", "",
	"Le ministre (AFP) a dit que le texte serait voté avant la fin de la semaine.",
	"El presidente - Un hombre de campo - no quiso hablar con los periodistas.",
	"No. The answer is as short as it is clear, and it will not change this year.",
	"The Associated Press - A cooperative - was founded in New York in 1846.",
	"12.03 Uhr – Die Polizei sperrt die Straße in beide Richtungen ab.",
	"Anzeige – Die besten Angebote der Woche finden Sie in unserem Shop heute.",
}

func TestNoDateline(t *testing.T) {
	t.Parallel()
	for _, s := range proseOpenings {
		if d, rest, ok := Dateline(s); ok || rest != s || d.Text != "" {
			t.Errorf("%q: dateline %+v, rest %q", s, d, rest)
		}
	}
}

func TestReadDateline(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, text, places, date, agency string }{
		{"Strasbourg, 10 juil 2024 (AFP)", "Strasbourg, 10 juil 2024 (AFP)", "Strasbourg", "2024-07-10", "AFP"},
		{"Berlin (dpa) - ", "Berlin (dpa)", "Berlin", "", "dpa"},
		{"ROUND ROCK, Texas", "ROUND ROCK, Texas", "Round Rock", "", ""},
		{"BEIJING, July 23", "BEIJING, July 23", "Beijing", "", ""},
		{"MOSCOW, Monday (Reuters)", "MOSCOW, Monday (Reuters)", "Moscow", "", "Reuters"},
		{"ANSA TEST - ROMA, 01 LUG -", "ANSA TEST - ROMA, 01 LUG", "Roma", "", "ANSA"},
		{"Helsinki", "Helsinki", "Helsinki", "", ""},
		{"  SYDNEY   March 22 AAP -", "SYDNEY March 22 AAP", "Sydney", "", "AAP"},
		{"2014-07-17 00:24:11 GMT+00:00", "2014-07-17 00:24:11 GMT+00:00", "", "", ""},
		{"", "", "", "", ""},
	} {
		d := ReadDateline(row.in)
		if d.Text != row.text || strings.Join(d.Places, "|") != row.places || d.Date != row.date || d.Agency != row.agency {
			t.Errorf("%q: got %+v, want %+v", row.in, d, row)
		}
	}
}

func TestDated(t *testing.T) {
	t.Parallel()
	published := time.Date(2024, 1, 2, 3, 0, 0, 0, time.UTC) // a Tuesday
	for _, row := range []struct{ text, has, want string }{
		{"LIMA, Jan 1 (Reuters)", "", "2024-01-01"},
		{"LIMA, Dec 31 (Reuters)", "", "2023-12-31"},
		{"LIMA, Feb 29 (Reuters)", "", "2024-02-29"},
		{"MOSCOW, Monday (Reuters)", "", "2024-01-01"},
		{"MOSCOW, Tuesday (Reuters)", "", "2024-01-02"},
		{"Berlin (dpa)", "", ""},
		{"Paris, 21 jan 2019 (AFP)", "2019-01-21", "2019-01-21"},
	} {
		if got := Dated(article.Dateline{Text: row.text, Date: row.has}, published).Date; got != row.want {
			t.Errorf("%q: %q, want %q", row.text, got, row.want)
		}
	}
	if got := Dated(article.Dateline{Text: "LIMA, Jan 1 (Reuters)"}, time.Time{}).Date; got != "" {
		t.Errorf("a date from nowhere: %q", got)
	}
}

func TestGazetteer(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{"places": places, "regions": regions} {
		was := ""
		for line := range strings.Lines(list) {
			line = strings.TrimSuffix(line, "\n")
			if line <= was || line != fold(line) {
				t.Errorf("%s: %q after %q is out of order or not folded", name, line, was)
			}
			if !listed(list, line) {
				t.Errorf("%s: %q is not found", name, line)
			}
			was = line
		}
	}
	for _, s := range []string{"MÜNCHEN", "Saint-Étienne", "SÃO PAULO", "Xi'an", "St. Louis"} {
		if !listed(places, s) {
			t.Errorf("%q is not found", s)
		}
	}
	if listed(places, "Nirgendwo") || listed(places, "") || listed(places, "aachen\naalborg") {
		t.Error("found what is not there")
	}
}
