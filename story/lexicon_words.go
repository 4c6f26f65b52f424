package story

// emptyWords are function words and the words that all news share. The first
// part of each list tells the language, so it has the short words that its
// neighbours don't.
var emptyWords = [...]struct{ code, words string }{
	{"en", `the of and to in a is that for it on was with as he be by at are this from have has had not but they which you were her his
		their an or we there been if more when will would who so no she its than them then into could some other about after before over
		also only new said says say told tell tells according reported reports report statement spokesman spokeswoman official officials
		year years month months week weeks day days time hours hour minutes people man woman men two three four five six seven eight nine ten one first second
		last next while during between against under around near since until because what where how why all any both each few most such own
		same very can may might must should did does do done being having our your my me him us up down out off again further once here just
		now even still well back way much many made make makes get gets got take takes taken took come comes came go goes going went
		see seen know known like monday tuesday wednesday thursday friday saturday sunday january february march april june july august
		september october november december am pm gmt per percent cent million billion thousand news agency reuters ap afp dpa efe
		today yesterday tomorrow morning evening night afternoon late early added adding called call amid among least part former another nearly almost
		several including following however though although without within through across along because early latest update live watch read`},
	{"de", `der die das und in den von zu mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei
		einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei wurden seien hatte
		hatten kann konnen soll sollen will wollen gegen vom wenn ihre ihren ihrer ihr seine seinen seiner unter zwei drei vier funf sechs sieben acht neun
		zehn ersten erste erster zweite jahr jahre jahren monat monate woche wochen tag tage tagen uhr stunden minuten prozent millionen milliarden
		euro sagte sagt teilte mitteilte mit laut angaben berichtet berichtete berichten erklarte sprecher sprecherin sprach demnach hiess montag dienstag mittwoch donnerstag
		freitag samstag sonnabend sonntag januar februar marz april mai juni juli august september oktober november dezember heute gestern morgen
		abend nacht nachmittag mittag dort hier da dann schon jetzt nun sehr ganz alle allem allen aller alles andere anderen keine kein keinen
		diese dieser dieses diesem diesen beim ins ans etwa rund fast weitere weiteren weiter zwischen seit wahrend ohne damit dabei dazu doch
		jedoch wegen zuvor ab je ihn ihm uns wir ich du was wer wo warum gab gibt geben kam kommt kommen ging geht gehen machen macht gemacht neue
		neuen neuer neues letzten letzte vergangenen habe habe hat hatten konnte konnten musste mussen muss mehrere menschen mann frau agentur dpa afp reuters
		ap steht stehen worden bereits zunachst deutschen deutsche deutscher soll`},
	{"fr", `le la les de des du et en un une a au aux est pour dans que qui sur par pas plus ne se sont avec il elle ce cette ces son sa ses leur
		leurs ont a ete etait etaient etre avoir fait faire selon apres avant contre entre sous sans vers chez mais ou donc or ni car comme tout
		tous toute toutes deux trois quatre cinq six sept huit neuf dix premier premiere an ans annee annees mois semaine semaines jour jours heure heures
		minutes pourcent million millions milliard milliards euros dit declare declaree indique annonce affirme explique precise rapporte porte parole
		source sources agence afp reuters lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre
		octobre novembre decembre hier aujourd hui demain matin soir nuit lors dont depuis pendant aussi encore deja tres bien meme autre autres
		nous vous ils elles je tu on y d l qu n s c j m t cela ceci quand si peut peuvent pourrait doit devrait va vont sera seront serait
		avait avaient ayant etant nouveau nouvelle nouveaux nouvelles personnes homme femme plusieurs dernier derniere quelque quelques
		alors ainsi notamment toujours jusqu pres environ au moins total parmi`},
	{"es", `el la los las de del y en un una que a al es por con para se no su sus lo como mas pero fue ha han sido era eran ser estar esta este
		estas estos ese esa eso le les ya o u e si sobre entre desde hasta segun tras ante bajo contra sin durante hacia mediante cuando donde
		quien cual porque tambien muy todo todos toda todas otro otra otros otras dos tres cuatro cinco seis siete ocho nueve diez primer primera ano anos
		mes meses semana semanas dia dias hora horas minutos ciento millon millones mil euros dolares dijo dice senalo indico informo explico
		aseguro afirmo anuncio declaro agrego fuentes agencia efe afp reuters lunes martes miercoles jueves viernes sabado domingo enero febrero marzo
		abril mayo junio julio agosto septiembre octubre noviembre diciembre hoy ayer manana noche tarde madrugada personas hombre mujer
		hay habia hubo tiene tienen tuvo puede pueden podria debe sera seran fueron estaba estaban hacer hace hizo nuevo nueva nuevos nuevas
		ultimo ultima asi aun solo menos cada vez varios varias mismo misma cerca alrededor parte despues antes nos me te mi yo uno unos unas al ni`},
	{"it", `il lo la i gli le di a da in con su per tra fra un uno una e che non si del della dei delle degli al alla ai alle dal dalla nel nella nei sul sulla
		ha hanno e stato stata stati sono era erano essere avere come piu anche ma o se quando dove chi cosa questo questa questi queste quello quella
		suo sua suoi loro ci ne dopo prima contro secondo detto dice ha riferito fonti anno anni mese mesi settimana giorno giorni ora ore oggi ieri domani
		lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
		due tre quattro cinque sei sette otto nove dieci primo prima mila milioni miliardi euro ansa gia ancora molto tutti tutto tutta ogni altri altre verso circa persone nuovo nuova`},
	{"pt", `o a os as de do da dos das e em no na nos nas um uma que para por com se nao mais como mas foi ao aos pelo pela ele ela seu sua seus suas
		ser ter tem esta este essa esse isso ja ou quando sobre entre ate sem apos segundo disse afirmou informou foram era sao estava ha muito tambem
		depois antes contra desde ano anos mes meses semana dia dias hora horas hoje ontem amanha segunda terca quarta quinta sexta sabado domingo
		janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro dois duas tres quatro cinco mil milhoes bilhoes reais euros
		lusa pessoas novo nova todos todas outro outra cerca vai pode deve`},
	{"nl", `de het een van en in is op te dat die voor met zijn niet aan er om ook als bij door maar naar uit heeft hebben werd worden wordt was waren
		hij zij ze haar hun dit deze nog wel geen over na tot meer dan zo kan kunnen zou zal moet moeten tegen tussen volgens zegt zei meldt laat weten
		jaar jaren maand week weken dag dagen uur vandaag gisteren morgen maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart
		april mei juni juli augustus september oktober november december twee drie vier vijf zes miljoen miljard procent euro mensen nieuwe eerste anp`},
	{"sv", `och att det som en pa ar av for med den till inte om ett han var har de i sig sa hon men vi fran vid kan ska skulle efter eller nar under
		mot mellan enligt sager uppger blir blev hade nu ocksa mer mycket man alla andra dar har ar aret manad vecka dag dagar idag igar i morgon mandag
		tisdag onsdag torsdag fredag lordag sondag tva tre fyra fem sex miljoner miljarder procent kronor tt nya forsta personer`},
	{"da", `og at det som en pa er af for med den til ikke om et han var har de i sig sa hun men vi fra ved kan skal skulle efter eller nar under mod
		mellem ifolge siger oplyser bliver blev havde nu ogsa mere meget man alle andre der her aar maned uge dag dage mandag tirsdag onsdag torsdag fredag
		lordag sondag to tre fire fem seks millioner milliarder procent kroner ritzau nye forste`},
	{"no", `og at det som en pa er av for med den til ikke om et han var har de i seg sa hun men vi fra ved kan skal skulle etter eller nar under mot
		mellom ifolge sier opplyser blir ble hadde na ogsa mer mye man alle andre der her ar maned uke dag dager mandag tirsdag onsdag torsdag fredag
		lordag sondag to tre fire fem seks millioner milliarder prosent kroner ntb nye forste`},
	{"pl", `i w na z do nie sie to ze jest o jak po od za przez dla byl byla bylo byly ma sa oraz ale czy juz co tym tego ten ta te jego jej ich przed przy
		pod nad bez rok roku lat dni dzien tydzien miesiac powiedzial poinformowal wedlug poniedzialek wtorek sroda czwartek piatek sobota niedziela
		dwa trzy cztery piec tysiecy milionow miliardow zl pap osob nowy nowa`},
	{"ru", `и в не на что он с по как это его к но из у за от так же для о до или был была были было если их при есть также после против между
		сообщил сообщила сообщает заявил заявила словам данным год года лет месяц неделя день дней часов сегодня вчера завтра понедельник вторник среду
		четверг пятницу субботу воскресенье тысяч миллионов миллиардов рублей человек новый тасс интерфакс риа`},
}

// weekdays by name, Sunday first.
var weekdays = [7]string{
	"sunday sonntag sonntags dimanche domingo domenica zondag sondag niedziela воскресенье",
	"monday montag montags lundi lunes lunedi maandag mandag poniedzialek понедельник",
	"tuesday dienstag dienstags mardi martes martedi dinsdag tisdag tirsdag wtorek вторник",
	"wednesday mittwoch mittwochs mercredi miercoles mercoledi woensdag onsdag sroda среду среда",
	"thursday donnerstag donnerstags jeudi jueves giovedi donderdag torsdag czwartek четверг",
	"friday freitag freitags vendredi viernes venerdi vrijdag fredag piatek пятницу пятница",
	"saturday samstag sonnabend samstags samedi sabado sabato zaterdag lordag sobota субботу суббота",
}

// relativeDays are yesterday, today and tomorrow. What means morning as well is
// left out.
var relativeDays = [3]string{
	"yesterday gestern hier ayer ieri ontem gisteren igar",
	"today heute aujourd hoy oggi hoje vandaag idag",
	"tomorrow demain domani amanha",
}

// announcing are words by which a text says that the event is still to come.
const announcing = `will preview ahead upcoming tomorrow eve awaits await hopes hope aims prepares preparing kickoff face faces meet meets
	expects expect wary favourite favourites looks seeks if
	wird werden erwartet vor vorschau bevorsteht empfangt trifft morgen vorfreude ansteht bangt hofft hoffen favorit startet zuruck wenn will wollen ausverkauft
	va vont devrait devraient demain avant affronte affrontera veille prepare attend attendre espere vise veut jouer
	previa sera buscara enfrentara recibe recibira recibiran manana espera esperan vispera visita debuta baja
	attende sfida domani vigilia affrontera aspetta wacht morgen voorbeschouwing moter imorgon`

// deciding are words by which a text tells how a contest, a vote or a trial
// ended.
const deciding = `beat beats beaten won wins win winner winning victory victorious defeat defeats defeated loss lost loses through comeback
	scored scores double stuns stunned eliminated knocked champion champions triumph crushed edged saved struck
	gewinnt gewann gewonnen sieg siegt siegte besiegt schlagt geschlagen scheitert verloren verliert niederlage triumph jubel held elfmeterschiessen
	ausgeschieden viertelfinale getroffen
	bat battu gagne victoire defaite elimine eliminee impose imposee remporte remporté qualifie qualifiee empare vainqueur lache craque
	gano gana vencio vence victoria derrota remonta arrolla elimina eliminaron triunfo pase clasifica goles marco paseo tantos
	batte vince vittoria sconfitta battuto wint won verslaat zege slog vann seger`

// topical are the words that a great many stories share: they say what sort of
// news it is, not which. Their stems count as common before any were seen.
const topical = `fire blaze flames smoke police officers arrested arrest killed dead death deaths toll died dies injured wounded hurt victims rescue rescuers
	hospital crash accident collision explosion blast storm rain snow wind flood floods flooding earthquake quake magnitude tremor landslide weather
	strike walkout union workers staff jobs pay talks deal agreement dispute court judge jury trial guilty sentenced prison charged prosecutors lawyer
	government minister president prime premier parliament lawmakers vote voted law bill opposition party election senate council mayor leader
	company firm shares stock stocks market markets investors percent points rate rates bank central inflation prices economy growth dollar euro
	oil energy plant factory production city town village region province north south east west northern southern eastern western coast sea river
	road highway train trains rail bus car cars plane flight flights airport passengers ship port boat crew driver school schools pupils children
	family home house houses residents building street area country world national international team match game final cup coach player season
	win beat goal points title film prize award book novel writer singer actor music show space launch mission images health doctors patients virus cases
	cut cuts rise rises raised fall falls fell gain gains drop record high low expected announced plan plans close closed open reopen warn warned warning
	hold held call called ask asked find found kill help hit hits ban start end work brigade crews firefighters authorities emergency damage

	feuer brand feuerwehr polizei polizisten tote toten verletzt verletzte verletzten opfer unfall ungluck rettung retter krankenhaus klinik sturm regen schnee
	hochwasser wasser strecke zug zuge bahn bus auto autos flugzeug schiff hafen fahrer fahrgaste passagiere strasse autobahn stadt land region dorf norden suden
	streik gewerkschaft arbeitgeber beschaftigte mitarbeiter stellen arbeitsplatze jobs werk unternehmen konzern firma standort produktion euro geld kosten
	gericht landgericht urteil richter prozess anklage staatsanwaltschaft haft verteidigung regierung minister ministerin ministerprasident kanzler parlament
	bundestag abgeordnete gesetz reform partei opposition wahl landtag kabinett beschluss kritik kritisiert fordert warnt plan kurs aktien borse anleger punkte
	handel bank wirtschaft spiel sieg trainer mannschaft tor pokal finale saison publikum preis buch film autor jury schule kinder familie haus hauser bewohner
	bundespolizei behorden ermittelt ermittlungen ursache schaden einsatz helfer evakuiert gesperrt beim schwer leicht grosse grossen hohe kommt start ende

	incendie feu pompiers police gendarmerie morts mort blesses blesse victimes victime secours hopital accident explosion tempete pluie neige crue inondations
	ville village quartier region departement nord sud route train bus car avion vols bateau port conducteur passagers greve syndicats syndicat direction salaries
	emplois postes usine groupe entreprise site production tribunal juge juges proces condamne parquet enquete prison gouvernement ministre president premier
	assemblee senat deputes senateurs loi texte vote voix accord opposition election maire prefecture prefet bourse marche indice valeurs taux prix hausse baisse
	inflation croissance banque economie match finale demi equipe entraineur saison victoire joueur prix livre roman film theatre comedien ecole eleves enfants
	famille maison habitants immeuble retraite drame annonce demande rejette adopte contre retour fin

	incendio fuego bomberos policia guardia detenido detenidos muertos muerto muere heridos herido victimas victima rescate rescatistas hospital accidente choque
	explosion tormenta lluvia nieve inundacion vientos ciudad pueblo pueblos zona region norte sur carretera tren autobus coche camion avion vuelos barco puerto
	conductor viajeros huelga sindicatos empleados trabajadores despidos planta empresa grupo compania fabrica tribunal juez juicio fiscalia prision gobierno
	ministro ministra presidente congreso senado ley reforma votos pleno acuerdo oposicion elecciones alcalde bolsa mercado puntos acciones precios inflacion
	banco economia subida baja partido final semifinal equipo entrenador tecnico goles temporada premio libro pelicula escuela clases ninos familia casa vecinos
	autoridades emergencia causa comunicado aprueba aprobo rechaza pide anuncia sube cae cierre gana`
