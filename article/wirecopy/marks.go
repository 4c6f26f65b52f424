package wirecopy

import "wireroom/article"

// mark is what a mark in a headline says. Its words are folded.
type mark struct {
	words   string // parted by "|"
	kind    string // of the revision
	urgency int
	genre   string
	status  article.Status
	embargo bool
	// loud marks count only in capitals: in small letters they are ordinary words.
	loud bool
	// soft marks say something of the piece but are kept in the headline where a
	// page writes them in small letters with a colon ("Interview: …").
	soft  bool
	topic bool // names a market or a sport
}

// marks of agencies in English, German, French, Spanish, Italian and Portuguese.
var marks = [...]mark{
	{words: "update|updates|updated|upd|recast|recasts|writethru|ld writethru|ldwritethru|lead writethru|aktualisierung|aktualisiert|neufassung|erganzung|erganzt|actualizacion|actualiza|actualizado|actualizada|actualisation|actualise|mise a jour|maj|atualizacao|atualiza|atualizada|aggiornamento|aggiornato|ampliacion|amplia|ampliada|ampl", kind: "update"},
	{words: "lead|ld|net|sublead|nl|amp|add|adds|ajoute|agrega|anade", kind: "update", loud: true},
	{words: "corrected|correction|corrections|correcting|corrects|corrected official|corrected repeat|official correction|correctif|corrige|corrigee|corregido|corregida|version corregida|corrige version|correccion|correcciones|correcao|corrigido|corrigida|correzione|corretto|berichtigung|berichtigt|korrektur|korrigiert|korrigierte fassung|richtigstellung|rectificacion|rectificatif|rectifica|clarification|klarstellung|precisazione|clarified", kind: "correction"},
	{words: "corr|korr|corrsd|errata", kind: "correction", loud: true},
	{words: "refile|refiled|refiling|remettre|remet", kind: "refile"},
	{words: "rpt|repeat|repeats|resend|resending|resent|wdh|wdhlg|wiederholung|wiederholt|repetition|repete|repeticion|repite|repeticao|ripetizione|delayed", kind: "repeat", loud: true},
	{words: "wiederholung|repeticion|repeticao|ripetizione", kind: "repeat"},
	{words: "wrapup|wrap up|roundup|round up|zusammenfassung|tageszusammenfassung|gesamtzusammenfassung|synthese|resumen|riepilogo|resumo|papier general|nachtzusammenfassung", kind: "wrap-up"},
	{words: "wrap|summary|sommaire", kind: "wrap-up", loud: true},
	{words: "flash|flash info|bulletin|newsalert|news alert|apnewsalert|eil|eilmeldung|eil meldung|eilt|blitz|blitzmeldung|alerte info", kind: "alert", urgency: 1, loud: true},
	{words: "eilmeldung|newsalert|news alert|apnewsalert", kind: "alert", urgency: 1},
	{words: "alert|alerte|alerta|snap", kind: "alert", urgency: 1, loud: true},
	{words: "urgent|urgente|d urgence|durgence|breaking|breaking news|just in|ultima hora|ultimora|ultim ora|dringend|apnewsbreak|newsbreak", kind: "alert", urgency: 2, loud: true},
	{words: "urgent|urgente|d urgence|breaking|breaking news|ultima hora|ultim ora|apnewsbreak", kind: "alert", urgency: 2},
	{words: "kill|mandatory kill|bulletin kill|killed|withdrawal|withdrawn|withdraw|story withdrawn|story removed|cancellation|annulation|annule|anulacion|anulado|anula|anulada|retrait|retirada|retirado|zuruckziehung|zuruckgezogen|annullamento|annullata|eliminate|elimination|mandatory elimination|spike", kind: "withdrawal", status: article.Canceled, loud: true},
	{words: "bitte nicht verwenden|nicht verwenden|ne pas utiliser|no publicar|do not use", kind: "withdrawal", status: article.Canceled},
	{words: "hold|withhold|withheld|mandatory hold|hold for release", status: article.Withheld, loud: true},
	{words: "embargo|embargoed|strictly embargoed|sperrfrist|bajo embargo|sous embargo", embargo: true},
	{words: "exclusive|exclusif|exclusiva|exclusivo|esclusiva|esclusivo|exklusiv|info exclusive|scoop", soft: true},
	{words: "ap exclusive|reuters exclusive|afp exclusive"},
	{words: "brief|briefs|brief news|kurzmeldung|breve", loud: true},
	{words: "analysis|news analysis|analyse|analyse flash|hintergrund|analisis|analisi|decryptage|eclairage|scenarios|insight|xinhua analysis|market analysis|ap analysis|analise", genre: "analysis", soft: true},
	{words: "factbox|faktenbox|fact box|encadre|key facts|highlights|instant view|facts|kasten|stichwort|recuadro|infobox|datos", genre: "factbox", soft: true},
	{words: "timeline|chronology|chronik|zeittafel|chronologie|cronologia", genre: "timeline", soft: true},
	{words: "explainer|explained|ap explains|q a|q and a|qa|fragen antworten|fragen und antworten|fragen & antworten|questions et reponses|claves|explainer what we know", genre: "explainer", soft: true},
	{words: "fact check|ap fact check|afp fact check|factcheck|faktencheck|dpa faktencheck|verificacion|fact checking|afp factuel|verifica", genre: "fact-check", soft: true},
	{words: "interview|xinhua interview|yonhap interview|reuters interview|ap interview|entretien|entrevista|intervista|gesprach", genre: "interview", soft: true},
	{words: "feature|features|xinhua feature|reportage|reportaje|special report|special|magazine|report|korrespondentenbericht|news feature|insight feature", genre: "feature", soft: true},
	{words: "profile|newsmaker|portrait|portrat|perfil|ritratto", genre: "profile", soft: true},
	{words: "column|commentary|breakingviews|viewpoint|opinion|kommentar|leitartikel|standpunkt|tribune|columna|comentario|editorial|commento|comment|xinhua commentary|global times editorial", genre: "opinion", soft: true},
	{words: "poll|reuters poll|sondage|sondeo|encuesta|umfrage|sondaggio", genre: "poll", soft: true},
	{words: "preview|vorschau|vorbericht|tagesvorschau|avant match|previa|outlook|ausblick", genre: "preview", soft: true},
	{words: "press digest|presseschau|pressespiegel|pressestimme|pressestimmen|revue de presse|presse|rassegna stampa", genre: "press review", soft: true},
	{words: "obituary|nachruf|obituario|necrologie", genre: "obituary", soft: true},
	{words: "live|liveblog|live blog|ticker|newsticker|en direct|en vivo|directo|minuto a minuto|the latest", genre: "live", soft: true},
	{words: "video|graphic|infographic|infografik|grafik|infographie|infografia|pictures|photos|bilder", soft: true},
	{words: "advisory|diary|schedule|planning|agenda|terminvorschau|tagesplanung|avance|prevision|news schedule|editors advisory|budget|listing", genre: "advisory", loud: true},
	{words: "table|text|results|result|scoreboard|standings|tabelle|dokumentation|wortlaut|tabla|resultados", loud: true},
	{words: "focus|fokus|spotlight|xinhua headlines|xinhua focus|news focus|lead focus|uberblick|overview|panorama|trend|kyodo news digest|world|regio|bc|apos|ap top news|ap news guide|enfoque|buzz", loud: true},
	{words: "ap news guide|xinhua headlines|xinhua focus|news focus"},
	{words: "global markets|emerging markets|forex|precious|metals|gold|oil|us oil|oil report|grains|softs|cbot|us stocks|us stocks snapshot|stocks|european stocks|europe stocks|asia stocks|uk stocks|london markets|canada stocks|canada forex|mideast stocks|japan stocks|china stocks|hong kong stocks|india stocks|india rupee|se asia stocks|australia stocks|nz|treasuries|us treasuries|euro zone bonds|jgbs|credit|us credit|money markets|world forex|em asia fx|asia gold|asia rice|asia fuel oil|latam fx|latin american markets|emerging markets latam|living markets|live markets|morning bid|take five|week ahead|wall st week ahead|futures|us futures|nordic stocks|swiss stocks|german stocks|bourse|bourse de paris|bourses|actions|marches|les marches|devises|bolsa|bolsas|mercados|divisas|materias primas|petroleo|aktien|aktien frankfurt|aktien europa|aktien schweiz|aktien wien|aktien new york|aktien asien|devisen|anleihen|deutsche anleihen|rohol|markte|marktbericht|aktie im fokus|aktien im fokus|aktie|borse|borse frankfurt|olpreise|goldpreis|deals of the day|research alert|u s research roundup|dividends|indicators|breakingviews", topic: true, loud: true},
	{words: "soccer|cricket|athletics|motor racing|motorcycling|horse racing|alpine skiing|nordic skiing|figure skating|ice hockey|olympics|paralympics|cycling|swimming|rugby union|rugby league|american football|weightlifting|field hockey|table tennis|doping|sailing|rowing|diving|gymnastics|baseball|basketball|boxing|badminton|biathlon|handball|volleyball|snooker|sumo|golf|tennis|rugby|oil|gold|stocks|nba|nfl|nhl|mlb", topic: true},
}
