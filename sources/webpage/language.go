package webpage

import (
	"strings"
	"sync"

	"wireroom/article"
)

// readLanguage finds the language of the text. What the page declares is
// believed unless its text plainly is in another one: pages of templates that
// were made for another language declare that.
func (p *page) readLanguage() {
	cands := []Candidate{
		cand(article.Language(p.tree.lang), fromHTML, "html lang"),
		cand(article.Language(p.ld.text("inLanguage")), fromLinked, "inLanguage"),
		cand(article.Language(p.head.first("og:locale")), fromGraph, "og:locale"),
		cand(article.Language(p.head.first("content-language", "language", "dc.language", "dcterms.language")), fromMeta, "language"),
	}
	sample := p.rec.Body.Text
	if len(sample) < 400 {
		sample += " " + p.rec.Headline + " " + p.rec.Standfirst
	}
	seen, sure := textLanguage(sample)
	for i := range cands {
		if seen != "" && cands[i].Value != "" && base(cands[i].Value) != seen && !kin(base(cands[i].Value), seen) {
			if sure {
				p.note("language", cands[i].Value, cands[i].Input, cands[i].Where, "the text is in another language", false)
				cands[i].Value = ""
			}
		}
	}
	cands = append(cands, cand(seen, fromText, "words of the text"))
	p.rec.Language = p.choose("language", cands...)
}

// base is a tag's primary language.
func base(tag string) string {
	s, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return s
}

// kin reports whether two codes name languages that their words can't tell
// apart.
func kin(a, b string) bool {
	for _, set := range []string{" no nb nn da ", " hr bs sr sh me ", " id ms ", " zu xh nd ss ", " cs sk ", " pt gl ", " hi mr ne ", " zh yue ", " nl af ", " bg mk ", " st tn nso "} {
		if strings.Contains(set, " "+a+" ") && strings.Contains(set, " "+b+" ") {
			return true
		}
	}
	return false
}

// textLanguage recognises a language by its script or by its most frequent
// words; sure tells whether it may overrule what a page declares.
func textLanguage(s string) (lang string, sure bool) {
	if len(s) > 6000 {
		s = s[:6000]
	}
	if l, ok := scriptLanguage(s); ok {
		return l, true
	}
	hits := map[string]int{}
	table := frequent()
	words := 0
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		w = strings.Trim(w, ".,;:!?\"'“”„«»()[]…–—-‘’")
		if w == "" {
			continue
		}
		words++
		for l := range strings.FieldsSeq(table[w]) {
			hits[l]++
		}
		for _, l := range affixed(w) {
			hits[l]++
		}
	}
	best, second := "", ""
	for l, n := range hits {
		switch {
		case best == "" || n > hits[best] || n == hits[best] && l < best:
			best, second = l, best
		case second == "" || n > hits[second]:
			second = l
		}
	}
	if words < 20 || hits[best]*12 < words {
		return "", false
	}
	return best, words >= 60 && hits[best] >= 12 && (hits[best] > 2*hits[second] || kin(best, second))
}

// affixed returns the languages that build words as w is built: those that put
// what others say in small words before and behind a long one.
func affixed(w string) (out []string) {
	if len(w) < 6 {
		return nil
	}
	for _, a := range affixes {
		for _, p := range a.prefixes {
			if strings.HasPrefix(w, p) {
				out = append(out, a.lang)
				break
			}
		}
		for _, p := range a.suffixes {
			if strings.HasSuffix(w, p) {
				out = append(out, a.lang)
				break
			}
		}
	}
	return out
}

var affixes = []struct {
	lang               string
	prefixes, suffixes []string
}{
	{"zu", []string{"uku", "uma", "nge", "nga", "kwe", "kwa", "isi", "izi", "aba", "ama", "umu", "imi", "ezi", "lwe", "zok", "yok", "wok", "oku", "okw", "eku", "ngok"}, []string{"ile", "isa", "eni", "ini", "weni", "wayo"}},
	{"xh", []string{"uku", "uma", "nge", "nga", "kwi", "kwa", "isi", "izi", "aba", "ama", "umu", "imi", "ezi", "lwe", "kuma", "kwez", "oku", "okw", "eku", "ngok", "ngen", "kule"}, []string{"ile", "isa", "eni", "ini", "weni", "yo"}},
	{"kl", nil, []string{"mut", "mik", "nik", "nut", "mi", "ni", "toq", "soq", "poq", "voq", "llu", "put", "gut", "luni", "lugu", "tut", "mit", "nit", "nngitsoq", "neq", "figut", "tuq", "ssaq", "lutik", "minut", "isut", "tit", "suit", "taq"}},
	{"fi", nil, []string{"ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "een", "iin", "nut", "nyt", "vat", "vät", "mme", "tta", "ttä"}},
	{"hu", nil, []string{"ban", "ben", "nak", "nek", "val", "vel", "ról", "ről", "hoz", "hez", "ság", "ség", "ott", "ett", "tól", "től"}},
	{"tr", nil, []string{"lar", "ler", "dan", "den", "nın", "nin", "nda", "nde", "ları", "leri", "yor", "mış", "miş", "acak", "ecek", "dığı", "diği"}},
	{"sw", []string{"ali", "wali", "ana", "wana", "ame", "wame", "kuwa", "kwam", "amba", "yana"}, []string{"isha", "wa", "oni", "ana"}},
}

// scriptLanguage recognises languages that have a script of their own.
func scriptLanguage(s string) (string, bool) {
	counts := map[string]int{}
	total := 0
	for _, r := range s {
		if r < 0x250 {
			if r|0x20 >= 'a' && r|0x20 <= 'z' || r >= 0xC0 {
				total++
			}
			continue
		}
		for _, sc := range scripts {
			if r >= sc.from && r <= sc.to {
				counts[sc.lang]++
				total++
				break
			}
		}
	}
	if counts["ja"] > 0 && counts["ja"]*10 > counts["zh"] {
		counts["ja"] += counts["zh"]
		counts["zh"] = 0
	}
	for l, n := range counts {
		if n > 30 && n*10 > total*6 && l != "" {
			return l, true
		}
	}
	return "", false
}

var scripts = []struct {
	from, to rune
	lang     string
}{
	{0x3040, 0x30FF, "ja"}, {0x4E00, 0x9FFF, "zh"}, {0xAC00, 0xD7A3, "ko"}, {0x0E00, 0x0E7F, "th"}, {0x0590, 0x05FF, "he"}, {0x0370, 0x03FF, "el"},
	{0x0980, 0x09FF, "bn"}, {0x0A00, 0x0A7F, "pa"}, {0x0A80, 0x0AFF, "gu"}, {0x0B80, 0x0BFF, "ta"}, {0x0C00, 0x0C7F, "te"}, {0x0C80, 0x0CFF, "kn"}, {0x0D00, 0x0D7F, "ml"},
	{0x10A0, 0x10FF, "ka"}, {0x0530, 0x058F, "hy"}, {0x1200, 0x137F, "am"}, {0x1780, 0x17FF, "km"}, {0x1000, 0x109F, "my"}, {0x0D80, 0x0DFF, "si"}, {0x0E80, 0x0EFF, "lo"},
}

// frequent are the most frequent words of languages that share a script.
var frequent = sync.OnceValue(func() map[string]string { return byWord(frequentWords) })

var frequentWords = map[string]string{
	"en": "the of and to in is was for that on with as are by it be from have has at this not his they which but their were said an",
	"de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über",
	"fr": "le la les de des et en un une du que pour dans est qui sur au par plus ne pas avec ce il sont se son aux cette ont été mais",
	"es": "el la los las de del y en que un una por con para se es su al lo como más pero sus le ha este está ya fue",
	"it": "il la le di e che un una per in con del della dei è non si da al sono ha nel alla più anche come gli delle dal ma",
	"pt": "o a os as de do da dos das e em que um uma para com não por no na se mais ao foi como é são pelo pela à também",
	"nl": "de het een en van in is dat op te voor met zijn die niet aan er om ook als bij door maar naar uit hij was werd over",
	"sv": "och att det som en är på för av med till den har de inte om ett han men var jag sig från vi så kan när hade",
	"no": "og det er på som en til av for at med har de ikke den om et var han fra men vi kan seg ble etter også",
	"da": "og det er at en til på af som for med de ikke den har om et der han var fra men kan sig blev efter også",
	"fi": "ja on ei että se oli hän mutta myös ovat kun kuin mukaan jos sekä ole joka vain nyt tai siitä",
	"pl": "w i na z się że do nie jest to o za przez jak od po ale oraz są dla który tym czy już tego przed",
	"cs": "a v se na je že to s z do o ale jako za by k pro podle jsou také který ve které po už",
	"sk": "a v sa na je že to s z do o ale ako za by k pre podľa sú aj ktorý vo ktoré po už",
	"hu": "a az és hogy nem is egy ez van volt meg csak de már még el ki mint szerint aki ha azt pedig",
	"ro": "și în de la cu a că pe nu din o să care un este au mai pentru sunt ce prin după fost",
	"hr": "i u je na se da su za od s o kao a koji iz bi će što nije do ili ne sam prema",
	"tr": "ve bir bu da de için ile olarak çok daha olan gibi kadar en sonra ne var ise değil oldu her ancak",
	"id": "yang dan di dengan untuk dari pada ini dalam itu tidak akan juga ke oleh adalah karena telah saat para lebih bisa",
	"vi": "và của là có trong cho các với được không một người những đã khi này từ đến để về năm tại",
	"sw": "na ya wa kwa ni katika la za cha kuwa hiyo huo hii alisema pia kama baada wake zaidi hilo ambayo",
	"af": "die en van in het is te vir nie wat dat op met aan ook sy hy as om deur word na was een se",
	"zu": "ukuthi ngoba futhi kodwa uma uthe lapho nje kanye kakhulu yini nokuthi abantu ngesikhathi ukuze ngokuthi wathi",
	"xh": "ukuba kwaye ukuze oku kodwa xa kuba abantu ngexesha kwakhona ukuya okanye utsho yaye ngokuthi njengoko ithi",
	"et": "ja on ei et see ka oli mis kui aga ning oma kes välja siis veel seda pole",
	"lv": "un ir ar no par to ka arī kas lai bet tas tika vai pēc kā gan šo",
	"lt": "ir kad yra su tai į iš o bet kaip jis buvo dėl nuo apie už taip pat metų savo jau",
	"sl": "in je na se da za so v z ki po bi pa kot tudi ne ob od bo iz",
	"is": "og að í á er sem það við hann um til var en ekki með fyrir af segir hafa eru verið",
	"ca": "el la els les de del i en que un una per amb és no es al més ha dels però com són aquest",
	"sq": "të dhe në e i që për me një nga është u ka janë më si por këtë nuk do",
	"ru": "и в на что с по не из к за о от для как его это у был были все также после года при",
	"uk": "і в на що з не до та за від про як у це його для був під також після року є які",
	"bg": "на и в да за се от е с по че не са при като до ще които след това беше",
	"sr": "и у је на се да су за од с о као а који из би ће што није до или",
	"mk": "на и во да за се од е со дека не ќе кој што го ги по беше",
	"ar": "في من على أن إلى التي عن هذا الذي ما لا هذه مع كان بعد قال إن أو ذلك بين",
	"fa": "در به از که این را با است برای آن یک خود تا بر هم نیز شده میشود کرد",
	"ur": "کے کی میں ہے کا سے اور کو نے پر یہ کہ ہیں اس کر نہیں بھی ایک",
	"hi": "के में है की से का को और ने पर यह कि भी हैं इस एक कर नहीं लिए था",
	"mr": "आणि आहे या व हे ते तर की मध्ये आहेत असे होते एक त्यांनी नाही साठी",
	"ga": "agus an na is ar le go sé ag a bhí tá sin don chun nach gur seo",
	"eu": "eta da du ez bat dira zuen ere izan dute zen egin duela bere hau baina",
	"gl": "o a os as de do da e en que un unha para con non por no na se máis ao como foi é son polo tamén",
	"kl": "aamma taamaattumik tassani pillugu soorlu taakku imaattoq kisianni",
	"st": "le ka ho ba ea ke ha se oa a hore tsa bakeng empa re na",
	"ms": "yang dan di dengan untuk dari pada ini dalam itu tidak akan juga ke oleh adalah kerana telah ialah beliau",
}

// byWord turns lists of words into the languages of each word.
func byWord(lists map[string]string) map[string]string {
	out := map[string]string{}
	for l, words := range lists {
		for w := range strings.FieldsSeq(words) {
			out[w] += l + " "
		}
	}
	return out
}
