package wirecopy

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestAgency(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"AFP": "AFP", "afp": "AFP", "Agence France-Presse": "AFP", "AGENCE FRANCE-PRESSE": "AFP", "Reuters": "Reuters", "REUTERS": "Reuters", "Thomson Reuters": "Reuters", "rtr": "Reuters", "ロイター": "Reuters", "رويترز": "Reuters",
		"AP": "AP", "The Associated Press": "AP", "dpa": "dpa", "DPA": "dpa", "Deutsche Presse-Agentur": "dpa", "dpa-infocom": "dpa", "dpa-AFX": "dpa-AFX", "EFE": "EFE", "Agencia EFE": "EFE", "ANSA": "ANSA", "KNA": "KNA", "epd": "epd", "Evangelischer Pressedienst": "epd",
		"Interfax": "Interfax", "Интерфакс": "Interfax", "Xinhua": "Xinhua", "新华社": "Xinhua", "Kyodo News": "Kyodo", "共同通信": "Kyodo", "APA": "APA", "sda": "SDA", "Keystone-SDA": "SDA", "ATS": "ATS", "sid": "SID", "ТАСС": "TASS", "ITAR-TASS": "TASS",
		"PA Media": "PA", "Press Association": "PA", "PTI": "PTI", "Press Trust of India": "PTI", "ANI": "ANI", "Bernama": "Bernama", "연합뉴스": "Yonhap", "Jiji Press": "Jiji", "Anadolu Ajansı": "AA", "Anadolu Agency": "AA", "AAP": "AAP", "The Canadian Press": "CP", "La Presse Canadienne": "CP",
		"Belga": "Belga", "ANP": "ANP", "NTB": "NTB", "TT": "TT", "Ritzau": "Ritzau", "STT": "STT", "PAP": "PAP", "ČTK": "ČTK", "CTK": "ČTK", "MTI": "MTI", "Lusa": "Lusa", "Agência Lusa": "Lusa", "Europa Press": "Europa Press", "Adnkronos": "Adnkronos", "ADN": "Adnkronos", "Agenturen": "agencies",
	} {
		if got, ok := Agency(name); !ok || got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"", "Jane Doe", "Getty Images", "The Guardian", "New York Times", strings.Repeat("AP ", 100), "Europe"} {
		if got, ok := Agency(name); ok {
			t.Errorf("%q is no agency, but %q", name, got)
		}
	}
	if got, ok := PictureAgency("Getty Images"); !ok || got != "Getty" {
		t.Errorf("Getty Images: %q", got)
	}
}

func TestAgencies(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"(Reuters, AFP)": "Reuters AFP", "Quelle: APA/sda/dpa": "APA SDA dpa", "mit Material von dpa": "dpa", "dpa/AFP/Reuters": "dpa AFP Reuters", "afp, ap": "AFP AP", "AP": "AP", "tt": "TT",
		"Mit Informationen der Nachrichtenagenturen AFP, AP, dpa, edp, KNA und Reuters": "agencies AFP AP dpa epd KNA Reuters", "Agence France-Presse and The Associated Press": "AFP AP",
		"Er sagte der Zeitung, er habe map und tap gelesen": "", "The map shows a tap, he said to pa": "", "Nova Scotia": "", "a beta version": "", "Getty Images": "", "（共同、ロイター）": "Kyodo Reuters", "AFP時事": "AFP Jiji", "": "",
		"Reuters, Reuters": "Reuters", "dpa-Bildfunk": "dpa",
	} {
		if got := strings.Join(Agencies(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"SN/APA/KEYSTONE/CYRIL ZINGARO": "APA Keystone", "Handout/AFP via Getty Images": "AFP Getty", "picture alliance/dpa": "picture alliance dpa", "Urs Flueeler (Keystone)": "Keystone", "AP Photo/John Doe": "AP"} {
		if got := strings.Join(PictureAgencies(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Aliases must be folded, and none may stand for two agencies.
func TestAgencyTable(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, a := range agencies {
		for s := range strings.SplitSeq(a.name+"|"+a.aliases, "|") {
			f := fold(s)
			if other, ok := seen[f]; ok && other != a.name {
				t.Errorf("%q stands for %s and %s", s, other, a.name)
			}
			if f != "" {
				seen[f] = a.name
			}
		}
	}
	names := map[string]bool{}
	for _, a := range agencies {
		if names[a.name] {
			t.Errorf("%s stands in the table twice", a.name)
		}
		names[a.name] = true
	}
}

func TestByline(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, people, agencies string }{
		{"By Jane Doe", "Jane Doe", ""},
		{"By Jane Doe in Paris and John Roe in London", "Jane Doe@Paris|John Roe@London", ""},
		{"By Jane Doe and John Roe in London", "Jane Doe@London|John Roe@London", ""},
		{"By Jane Doe and John Roe The Associated Press", "Jane Doe|John Roe", "AP"}, {"Von: EVA HUBER", "Eva Huber", ""}, {"SID, Nachrichtenagentur", "", "SID"},
		{"Von Eva Huber, Leitende Wirtschaftsredakteurin", "Eva Huber/Leitende Wirtschaftsredakteurin", ""}, {"Jane Doe, Gear Team", "Jane Doe/Gear Team", ""},
		{"By BERNARD CONDON, AP Business Writer", "Bernard Condon/AP Business Writer", "AP"},
		{"By STEVE McQUEEN", "STEVE McQUEEN", ""},
		{"By Helen Maguire, dpa  =", "Helen Maguire", "dpa"},
		{"By Benjamin Wright, Press Association", "Benjamin Wright", "PA"},
		{"By Meredith Jameson, Staff Reporter", "Meredith Jameson/Staff Reporter", ""},
		{"Mia Rabson and Jordan Press, The Canadian Press", "Mia Rabson|Jordan Press", "CP"},
		{"By Tom Krasovic, The San Diego Union-Tribune =", "Tom Krasovic/The San Diego Union-Tribune", ""},
		{"Aaron J. Staples, Michigan State University", "Aaron J. Staples/Michigan State University", ""}, {"A3576/_Maurizio Gambarini", "Maurizio Gambarini", ""}, {"Anna Schmidt/KN", "Anna Schmidt", ""},
		{"Reuters", "", "Reuters"}, {"The Associated Press", "", "AP"}, {"Associated Press", "", "AP"}, {"dpa/lni", "", "dpa"}, {"AFP Deutschland", "", "AFP"}, {"Reuters Staff", "", "Reuters"},
		{"By Euronews with Agencies", "Euronews", "agencies"},
		{"Guardian staff reporter", "Guardian staff reporter", ""},
		{"Von Anna Schmidt, dpa", "Anna Schmidt", "dpa"}, {"Von Anna Schmidt und Hans Meier", "Anna Schmidt|Hans Meier", ""}, {"Von Christian Unger, Tobias Köberlein und Laura Wagener", "Christian Unger|Tobias Köberlein|Laura Wagener", ""},
		{"Ein Gastbeitrag von Anna Schmidt", "Anna Schmidt", ""}, {"Text: Anna Müller (dpa)", "Anna Müller", "dpa"}, {"Anna Schmidt aus Berlin", "Anna Schmidt@Berlin", ""}, {"Paula Steiger, SDA", "Paula Steiger", "SDA"},
		{"Par Jean Dupont", "Jean Dupont", ""}, {"Par Jean Dupont avec AFP", "Jean Dupont", "AFP"}, {"Le Figaro et AFP", "Le Figaro", "AFP"}, {"Jean Dupont, correspondant à Rome", "Jean Dupont/correspondant à Rome", ""},
		{"Por Juan Pérez y Ana López", "Juan Pérez|Ana López", ""}, {"José Ortega y Gasset", "José Ortega y Gasset", ""}, {"Por Juan Pérez, EFE", "Juan Pérez", "EFE"},
		{"Martin King, Jr.", "Martin King, Jr", ""}, {"jane.doe@example.org, Jane Doe, @janedoe", "Jane Doe", ""}, {"Haberler - Anadolu Ajansı", "Haberler", "AA"}, {"", "", ""}, {"By", "By", ""},
	} {
		authors, agencies := Byline(row.in)
		var people []string
		for _, a := range authors {
			s := a.Name
			if a.Place != "" {
				s += "@" + a.Place
			}
			if a.Role != "" {
				s += "/" + a.Role
			}
			people = append(people, s)
		}
		if got := strings.Join(people, "|"); got != row.people || strings.Join(agencies, "|") != row.agencies {
			t.Errorf("%q:\n got %s · %s\nwant %s · %s", row.in, got, strings.Join(agencies, "|"), row.people, row.agencies)
		}
	}
}

func TestPhotoCredit(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, caption, credit string }{
		{"PM al-Sudani said he will begin the process of removing US presence from IraqImage: Thaier Al-Sudani/REUTERS", "PM al-Sudani said he will begin the process of removing US presence from Iraq", "Thaier Al-Sudani/REUTERS"},
		{"Der Kanzler in BerlinBild: Michael Kappeler/dpa/picture alliance", "Der Kanzler in Berlin", "Michael Kappeler/dpa/picture alliance"},
		{"El presidente en MadridImagen: Juan Pérez/EFE", "El presidente en Madrid", "Juan Pérez/EFE"},
		{"Le président à ParisPhoto : Jean Dupont/AFP", "Le président à Paris", "Jean Dupont/AFP"},
		{"Prezydent w WarszawieZdjęcie: Jan Kowalski/PAP", "Prezydent w Warszawie", "Jan Kowalski/PAP"},
		{"Президент в КиевеФото: Иван Иванов/AFP", "Президент в Киеве", "Иван Иванов/AFP"},
		{"Bild: SN/APA/KEYSTONE/CYRIL ZINGARO", "", "SN/APA/KEYSTONE/CYRIL ZINGARO"},
		{"Erst fiel der linke Kühlturm, dann der rechte. Foto: Peter Kneffel/dpa", "Erst fiel der linke Kühlturm, dann der rechte.", "Peter Kneffel/dpa"},
		{"Harris, centre, in 1981. Photo by Handout/AFP via Getty Images", "Harris, centre, in 1981.", "Handout/AFP via Getty Images"},
		{"Kelce and Swift in Las Vegas, NV. (Photo by Perry Knotts/Getty Images)", "Kelce and Swift in Las Vegas, NV.", "Perry Knotts/Getty Images"},
		{"Christie in Windham, N.H. (AP Photo/Robert F. Bukaty)", "Christie in Windham, N.H.", "AP Photo/Robert F. Bukaty"},
		{"A flag flies over a refinery. (AP Photo)", "A flag flies over a refinery.", "AP Photo"},
		{"Hantavirus ist keine Nebenwirkung (AFP / ISHARA S. KODIKARA)", "Hantavirus ist keine Nebenwirkung", "AFP / ISHARA S. KODIKARA"},
		{"(Image:Liverpool Echo)", "", "Liverpool Echo"},
		{"Usyk.© Zac Goodwin/Press Association/dpa/Archiv", "Usyk.", "Zac Goodwin/Press Association/dpa/Archiv"},
		{"Workers march. Rome (Italy), October 27th 2020 Photo Samantha Zucchi /Insidefoto/Sipa USA)", "Workers march. Rome (Italy), October 27th 2020", "Samantha Zucchi /Insidefoto/Sipa USA"},
		{"© Reuters", "", "Reuters"},
		{"Smoke rises over Beirut. REUTERS/Jane Doe", "Smoke rises over Beirut.", "REUTERS/Jane Doe"},
		{"Uwe Meier/dpa", "", "Uwe Meier/dpa"},
		{"Image credit: Google", "", "Google"}, {"Bildquelle: IMAGO / Zoonar", "", "IMAGO / Zoonar"}, {"Crédit photo : AFP", "", "AFP"}, {"写真：共同", "", "共同"},
		{"Foto de familia de la segunda reunión del Grupo de Madrid", "Foto de familia de la segunda reunión del Grupo de Madrid", ""},
		{"El ministro saluda a su homólogo tras la foto de familia del Grupo.", "El ministro saluda a su homólogo tras la foto de familia del Grupo.", ""},
		{"A plain caption with no credit.", "A plain caption with no credit.", ""},
		{"The photo shows the bridge: it is long.", "The photo shows the bridge: it is long.", ""},
		{"The minister (left) and his wife", "The minister (left) and his wife", ""},
		{"The minister speaks at the hall on Tuesday. — Picture by Ali Hassan", "The minister speaks at the hall on Tuesday.", "Ali Hassan"},
		{"Die Razzia am Montag in der Altstadt / Eva Huber", "Die Razzia am Montag in der Altstadt", "Eva Huber"},
		{"The lodge has been redesigned from the ground up. Supplied", "The lodge has been redesigned from the ground up.", "Supplied"},
		{"代表の選手たち（Ｃ）共同通信社", "代表の選手たち", "共同通信社"}, {"공장 시절의 모습. [사진 출처 = 캠프]", "공장 시절의 모습.", "캠프"},
		{"коллаж: Иван Иванов", "", "Иван Иванов"}, {"Abantu edolobheni. Isithombe: Eva Huber", "Abantu edolobheni.", "Eva Huber"},
		{"The candidates Jane Doe / John Roe at the debate on Tuesday", "The candidates Jane Doe / John Roe at the debate on Tuesday", ""},
		{"A map of the region [in German]", "A map of the region [in German]", ""}, {"The road between the towns / villages", "The road between the towns / villages", ""},
		{"He spoke to reporters of the AP on Tuesday.", "He spoke to reporters of the AP on Tuesday.", ""},
		{"", "", ""},
	} {
		caption, credit := PhotoCredit(row.in)
		if caption != row.caption || credit != row.credit {
			t.Errorf("%q:\n got %q · %q\nwant %q · %q", row.in, caption, credit, row.caption, row.credit)
		}
	}
}

func TestBylines(t *testing.T) {
	t.Parallel()
	var m Bylines
	for range 2 {
		for _, s := range []string{"By Jane Doe in Paris and John Roe", "dpa/lni", "", "Von Anna Schmidt, dpa"} {
			people, agencies := m.Read(s)
			wantPeople, wantAgencies := Byline(s)
			if !reflect.DeepEqual(people, wantPeople) || !reflect.DeepEqual(agencies, wantAgencies) {
				t.Errorf("%s: %v, %v; want %v, %v", s, people, agencies, wantPeople, wantAgencies)
			}
		}
	}
	for i := range 2 * maxBylines {
		m.Read(fmt.Sprint("Jane Doe ", i))
	}
	if len(m.read) > maxBylines {
		t.Errorf("%d are remembered", len(m.read))
	}
}
