package newswire

import (
	"strings"
	"unicode"
)

// tellLanguage reads the language off a text whose format has no property for
// it, by its script or by its small words; "" if it is too short to tell.
func tellLanguage(s string) string {
	s = cut(s, 8<<10)
	if l := scriptLanguage(s); l != "" {
		return l
	}
	var count [len(smallWords)]int
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		words++
		for i, l := range smallWords {
			if len(w) < 6 && strings.Contains(l.words, " "+w+" ") {
				count[i]++
			}
		}
	}
	best, second := 0, -1
	for i := range count {
		if count[i] > count[best] {
			best = i
		}
	}
	for i := range count {
		if i != best && (second < 0 || count[i] > count[second]) {
			second = i
		}
	}
	if count[best] < 3 || count[best]*12 < words || count[best] <= count[second] || count[best] < 6 && count[best] < 2*count[second] {
		return ""
	}
	return smallWords[best].tag
}

var smallWords = [...]struct{ tag, words string }{
	{"en", " the of and to in that for with was is on it as at by from said has an be were had "},
	{"de", " der die das und den von zu mit sich auf ist im dem nicht ein eine als auch es an nach bei aus hat wie sei "},
	{"fr", " le la les des et du un une est dans que qui pour sur par au a pas plus avec ce il elle ont aux "},
	{"es", " el la los las de que y en un una por con para del se su al lo es como más fue ha "},
	{"it", " il la di che e un una per del della con non è le gli nel alla dei sono ha al da si "},
	{"pt", " o a os as de que e em um uma para com do da não no na por se foi mais dos ao é "},
	{"nl", " de het een van en in is dat op te voor met zijn die niet aan er om ook als bij door "},
	{"sv", " och att det som en på är av för med den till inte har de ett om var från han "},
	{"da", " og at det som en på er af for med den til ikke har de et om var fra han blev "},
	{"no", " og at det som en på er av for med den til ikke har de et om var fra han ble "},
	{"fi", " ja on ei se että oli hän mutta ovat kun joka myös sen tai mukaan "},
	{"pl", " i w na z do się że nie jest po od jak dla za przez był które "},
	{"tr", " ve bir bu da de için ile olarak daha olan dedi çok en gibi "},
	{"id", " yang dan di ke dari untuk dengan ini itu pada tidak dalam akan oleh "},
}

// scriptLanguage tells the languages that their script alone betrays.
func scriptLanguage(s string) string {
	var kana, han, hangul, cyrillic, arabic, greek, hebrew, thai, devanagari, letters int
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		switch {
		case r < 0x250:
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Greek, r):
			greek++
		case unicode.Is(unicode.Hebrew, r):
			hebrew++
		case unicode.Is(unicode.Thai, r):
			thai++
		case unicode.Is(unicode.Devanagari, r):
			devanagari++
		}
	}
	most := letters / 2
	switch {
	case letters == 0:
		return ""
	case kana*8 > letters && kana+han > most:
		return "ja"
	case han > most:
		return "zh"
	case hangul > most:
		return "ko"
	case cyrillic > most:
		if strings.ContainsAny(s, "іїєІЇЄ") {
			return "uk"
		}
		return "ru"
	case arabic > most:
		if strings.ContainsAny(s, "پچژگ") {
			return "fa"
		}
		return "ar"
	case greek > most:
		return "el"
	case hebrew > most:
		return "he"
	case thai > most:
		return "th"
	case devanagari > most:
		return "hi"
	}
	return ""
}
