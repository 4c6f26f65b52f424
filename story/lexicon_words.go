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
const announcing = `will preview ahead upcoming expected scheduled tomorrow eve awaits await hopes aims prepares preparing kickoff
	wird werden erwartet geplant vorschau bevorsteht bevorstehende trifft empfangt morgen vorfreude auftakt ansteht
	va vont devrait devraient demain avant affronte affrontera veille prochain prepare attend attendu espere
	previa sera seran enfrentara recibe recibira manana proximo prepara espera vispera antes buscara visita`
