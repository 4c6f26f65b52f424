package webpage

import (
	"strings"
	"sync"
)

// phrases are folded phrases by their first word.
type phrases map[string][]string

// What pages say to their readers beside the article, by first words, folded.
// The whole block must be short for one of these to condemn it; how short, and
// whether it must hold a link, stands with the list.
var (
	// readMore point to other articles.
	readMore = sync.OnceValue(func() phrases {
		return phraseTable(
			"read more", "read also", "read next", "read now", "read the full", "read full story", "also read", "read this", "read our", "recommended", "recommended reading", "related", "related article", "related articles", "related story", "related stories", "related news", "related reading", "related coverage", "see also", "more on this", "more from", "more stories", "more news", "more about", "you may also like", "you might also like", "must read", "dont miss", "top stories", "most read", "trending", "watch", "watch now", "watch live", "listen", "in pictures", "click here", "for more stories like this", "for more on this", "for the latest", "check out", "here are more", "further reading", "keep reading", "continue reading", "up next", "next read", "in case you missed it", "explore more", "find out more about", "learn more about",
			"lesen sie auch", "lesen sie mehr", "lesen sie hier", "lesen sie dazu", "lesen sie weiter", "lesen sie außerdem", "lesen sie zudem", "lesen sie jetzt", "lies auch", "lies mehr", "mehr zum thema", "mehr zu", "mehr dazu", "mehr lesen", "mehr aus", "mehr nachrichten", "mehr über", "mehr gastkommentare", "auch interessant", "auch lesenswert", "weitere informationen", "weitere artikel", "weitere themen", "weitere nachrichten", "weitere news", "weiterlesen", "lesetipp", "zum weiterlesen", "passend dazu", "passend zum thema", "das könnte sie auch interessieren", "das könnte dich auch interessieren", "das könnte sie interessieren", "hier lesen sie", "hier geht es", "hier gehts", "hier finden sie", "hier können sie", "alle informationen", "alle infos", "alle news", "alle hintergründe", "alle entwicklungen", "aktuelle meldungen", "aktuelle nachrichten", "aktuelles zum", "lesen sie alle", "siehe auch", "meistgelesen", "empfohlener artikel", "die wichtigsten news", "zum thema", "im video", "podcast", "hören sie", "sehen sie", "in unserem liveblog", "mehr zur lage", "verfolgen sie", "dazu auch", "lese auch", "jetzt lesen", "noch mehr", "auf dieser seite", "inhaltsverzeichnis", "inhalt", "table of contents", "in this article", "jump to", "on this page", "in diesem artikel", "sommaire", "en este artículo", "zum artikel", "zum video", "zur startseite", "zum hintergrund", "zum audio", "zum podcast", "zur übersicht", "dieses thema im programm", "quellen", "über dieses thema", "mehr von", "seine artikel finden sie", "ihre artikel finden sie", "das ist die",
			"lire aussi", "à lire aussi", "a lire aussi", "lire également", "à lire également", "lire plus", "lire la suite", "à lire", "voir aussi", "sur le même sujet", "pour aller plus loin", "article réservé", "retrouvez", "découvrez aussi", "à voir aussi", "plus d informations", "notre dossier", "ecoutez", "écoutez", "regardez",
			"lea también", "lea tambien", "lee también", "lee tambien", "leer más", "leer mas", "lea más", "lee más", "te puede interesar", "le puede interesar", "también te puede interesar", "ver también", "vea también", "más información", "mas información", "más noticias", "noticias relacionadas", "relacionado", "relacionadas", "no te pierdas", "te recomendamos", "sigue leyendo", "además", "también lee", "información relacionada", "más sobre este tema",
			"leia também", "leia mais", "leia ainda", "veja também", "saiba mais", "veja mais", "notícias relacionadas", "confira também", "leia a íntegra",
			"leggi anche", "leggi tutto", "leggi di più", "leggi pure", "guarda anche", "guarda il video", "approfondimento", "potrebbe interessarti", "articoli correlati", "vedi anche",
			"lees ook", "lees meer", "lees verder", "bekijk ook", "meer over", "meer lezen", "ook interessant", "les også", "les mer", "se også", "les saken", "läs också", "läs mer", "läs även", "se även", "läs vidare", "læs også", "læs mere", "se også", "lue myös", "lue lisää", "katso myös",
			"czytaj także", "czytaj też", "czytaj więcej", "czytaj dalej", "zobacz także", "zobacz też", "przeczytaj także", "przeczytaj też", "więcej na ten temat", "polecamy", "čtěte také", "přečtěte si", "čítajte aj", "prečítajte si", "olvasta már", "kapcsolódó", "citește și", "citeşte şi", "vezi și", "pročitajte i", "pročitajte još", "preberite tudi", "прочетете още", "вижте още", "διαβάστε επίσης", "διαβάστε ακόμη", "διαβάστε ακόμα",
			"читайте также", "читать также", "смотрите также", "подробнее", "по теме", "читайте також", "дивіться також", "більше новин", "читайте нас",
			"ilgili haber", "ilgili haberler", "ayrıca okuyun", "bunu da oku", "bunlar da ilginizi çekebilir", "haberin devamı", "devamını oku", "önerilen haber", "daha fazla",
			"baca juga", "simak juga", "lihat juga", "baca selengkapnya", "baca lainnya", "baca lagi", "artikel terkait", "berita terkait", "xem thêm", "đọc thêm", "tin liên quan", "soma pia", "soma zaidi", "funda futhi", "lees ook",
			"यह भी पढ़ें", "ये भी पढ़ें", "यह खबर भी पढ़ें", "ये खबर भी पढ़ें", "इसे भी पढ़ें", "और पढ़ें", "関連記事", "あわせて読みたい", "合わせて読みたい", "こちらもおすすめ", "続きを読む", "関連ニュース", "相关阅读", "相关新闻", "延伸阅读", "更多新闻", "相關新聞", "延伸閱讀", "관련기사", "관련 기사", "اقرأ أيضا", "اقرأ أيضًا", "شاهد أيضا", "إقرأ أيضا", "קראו גם", "בیشتر بخوانید",
		)
	})
	// appeals ask for something: a subscription, a click, a message.
	appeals = sync.OnceValue(func() phrases {
		return phraseTable(
			"sign up", "signup", "sign in", "subscribe", "register", "log in", "login", "already a subscriber", "already have an account", "join our", "join the", "join us", "follow us", "follow our", "follow", "like us", "find us", "download our", "download the", "get the app", "get our", "get in touch", "get a daily", "get the latest", "get more", "get breaking", "got a story", "got a tip", "do you have a story", "do you have a tip", "do you have an opinion", "have you got a story", "have a story", "have your say", "email us", "contact us", "write to us", "send us", "support our", "support independent", "support us", "donate", "become a member", "become a subscriber", "to read this", "to continue reading", "this article is reserved", "this content is reserved", "this story is only", "unlock", "enjoy unlimited", "our newsletter", "the newsletter", "newsletter", "start your", "thank you for reading", "thanks for reading", "please enable", "please log in", "please subscribe", "we use cookies", "accept cookies", "our standards", "our website is the place", "share this", "share on", "comments", "leave a comment", "add as a preferred source", "set as preferred", "make us your preferred", "by submitting", "by signing up", "by clicking", "by subscribing", "never miss", "stay up to date", "stay updated", "stay informed", "stay ahead", "want more", "want to get", "tell us", "did you like this", "how did you like", "was this article", "rate this", "what do you think", "let us know", "view this post", "view on", "an error has occurred", "something went wrong", "this video is", "loading", "save this article", "copy link", "play video", "this advertisement", "story continues", "article continues", "continues below", "skip", "back to top", "report a", "send this",
			"melden sie sich", "jetzt abonnieren", "jetzt anmelden", "jetzt registrieren", "jetzt testen", "jetzt bestellen", "jetzt kostenlos", "jetzt weiterlesen", "abonnieren sie", "abonniere", "abonnieren", "folgen sie", "folge uns", "folgt uns", "hier anmelden", "anmelden", "registrieren", "newsletter bestellen", "newsletter abonnieren", "mit unserem newsletter", "unser newsletter", "unseren newsletter", "der newsletter", "den newsletter", "bestellen sie", "laden sie", "schreiben sie uns", "diskutieren sie", "ihre meinung", "sie sind bereits", "sie haben bereits", "sie lesen gerade", "sie wollen", "sie möchten", "sie haben fragen", "haben sie fragen", "fehler gefunden", "artikel teilen", "teilen sie", "diesen artikel teilen", "artikel drucken", "zur startseite", "zu den kommentaren", "kommentieren", "kommentare", "ein klick für den datenschutz", "externer inhalt", "empfohlener redaktioneller inhalt", "an dieser stelle", "dieser inhalt", "um diesen inhalt", "mit ihrer zustimmung", "nein danke", "bitte anmelden", "bitte aktivieren", "unterstützen sie", "spenden sie", "uns unterstützen", "mehr lesekomfort", "push nachrichten", "e paper und news", "google news", "whatsapp", "das beste aus", "nichts mehr verpassen", "immer informiert", "kostenlos registrieren", "zugang zu allen", "dieser artikel ist", "dieser text ist", "exklusiv für abonnenten", "nur für abonnenten", "weiter mit", "hat ihnen dieser artikel", "wie hat ihnen", "hat dir dieser", "gefällt ihnen", "der br24 newsletter", "sie mögen den tag kompakt", "durchschnittliche bewertung", "unabhängiger journalismus", "kontaktieren sie", "haben sie eine behauptung", "haben sie anregungen",
			"abonnez vous", "s abonner", "inscrivez vous", "s inscrire", "se connecter", "connectez vous", "suivez nous", "rejoignez", "téléchargez", "partager", "partagez", "contenu réservé", "cet article est réservé", "il vous reste", "la suite est réservée", "recevez", "newsletter", "soutenez", "votre navigateur", "ajouter à vos", "réagir", "commentaires",
			"suscríbete", "suscríbase", "suscribete", "regístrate", "inicia sesión", "síguenos", "siga", "sigue toda la información", "sigue todas las", "únete", "recibe", "descarga", "comparte", "compartir", "apúntate", "ya eres suscriptor", "para seguir leyendo", "accede", "hazte socio", "contenido exclusivo", "comentarios", "tu suscripción se está usando", "puedes seguir a", "si quieres seguir leyendo",
			"assine", "inscreva se", "siga nos", "siga o", "receba", "baixe", "compartilhe", "clique aqui", "cadastre se", "participe", "entre no", "acompanhe",
			"iscriviti", "abbonati", "accedi", "seguici", "scarica", "condividi", "ricevi", "clicca qui", "registrati", "unisciti",
			"abonneer", "meld je aan", "schrijf je in", "volg ons", "log in", "registreer", "download de app", "deel dit", "blijf op de hoogte", "bli abonnent", "logg inn", "logga in", "prenumerera", "følg oss", "følg os", "bliv medlem", "tilmeld", "abonner", "registrer", "tilaa", "kirjaudu",
			"zapisz się", "zaloguj", "subskrybuj", "śledź nas", "obserwuj nas", "dołącz", "zarejestruj", "dalszy ciąg", "przejdź do", "udostępnij", "masz dla nas",
			"подписывайтесь", "подпишитесь", "присоединяйтесь", "следите за", "підписуйтесь", "підписуйся", "підпишіться", "приєднуйтесь", "долучайтеся", "повідомити про помилку", "поделиться", "комментарии",
			"abone ol", "takip et", "bizi takip", "üye ol", "haberi paylaş", "paylaş", "yorum", "ikuti kami", "ikuti", "cek berita", "dapatkan update", "gabung", "bergabung", "unduh", "theo dõi", "đăng ký", "chia sẻ",
			"खबरें और भी", "हमें फॉलो करें", "हमारे whatsapp", "この記事は有料", "有料会員", "会員登録", "無料会員", "ログイン", "残り", "シェア", "フォローする", "구독", "공유하기", "댓글", "이 기사가", "글자크기", "언어변경", "기사제보", "제보", "اشترك", "تابعنا", "شارك",
		)
	})
	// adLabels stand over advertisements; they are the whole block.
	adLabels = sync.OnceValue(func() phrases {
		return phraseTable(
			"advertisement", "advertisements", "advertisment", "advert", "ad", "ads", "sponsored", "sponsored content", "promoted", "promoted content", "anzeige", "anzeigen", "werbung", "reklame", "publicité", "publicidad", "publicidade", "pubblicità", "reklam", "reklama", "annonse", "annons", "annonce", "advertentie", "mainos", "реклама", "iklan", "quảng cáo", "विज्ञापन", "広告", "ＡＤ", "광고", "广告", "إعلان", "continues below advertisement", "scroll to continue", "advertisement scroll to continue", "story continues below advertisement", "article continues below", "article continues after advertisement", "continúa después de la publicidad", "continua após a publicidade", "continua a leggere", "la suite après la publicité", "artikel fortsetzen", "loading", "loading ad",
		)
	})
	// imprint lines close a page.
	imprint = sync.OnceValue(func() phrases {
		return phraseTable(
			"©", "copyright", "all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados", "todos os direitos reservados", "tutti i diritti riservati", "riproduzione riservata", "wszelkie prawa zastrzeżone", "все права защищены", "tüm hakları saklıdır", "無断転載", "무단전재", "this article was first published", "this article was originally published", "this story has been updated", "this article was written", "prohibida la reproducción",
		)
	})
)

// phraseTable sorts phrases by their first word.
func phraseTable(list ...string) phrases {
	t := make(phrases, len(list))
	for _, s := range list {
		f := fold(s)
		if f == "" {
			f = s
		}
		k := firstWord(f)
		t[k] = append(t[k], f)
	}
	return t
}

func firstWord(s string) string {
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return s[:i]
	}
	return s
}

// begins reports whether a folded text begins with a phrase of the table.
func begins(table phrases, f string) bool {
	for _, p := range table[firstWord(f)] {
		if len(f) == len(p) || len(f) > len(p) && strings.HasPrefix(f, p) && f[len(p)] == ' ' {
			return true
		}
	}
	if f != "" && f[0] >= 0x80 && !strings.Contains(f, " ") || len(firstWord(f)) > 24 {
		// Scripts without spaces: the phrase is the head of a long word.
		for k := range table {
			if k[0] >= 0xE0 && strings.HasPrefix(f, k) {
				return true
			}
		}
	}
	return false
}

// is reports whether a folded text is a phrase of the table and nothing more.
func is(table phrases, f string) bool {
	for _, p := range table[firstWord(f)] {
		if p == f {
			return true
		}
	}
	return false
}
