package repair

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// script is a language, or a family of them, that single-byte encodings serve.
type script struct {
	letters string // lower case where there is case, the most frequent first
	pages   []string
	latin   bool // its words mix these letters with ASCII ones
}

var (
	western = []string{"windows-1252"}
	central = []string{"windows-1250", "iso-8859-2"}
	baltic  = []string{"windows-1257", "iso-8859-13"}
)

// thai has no spaces between words: its bytes look like two-byte characters too.
var thai = script{letters: "านรกอเงมยลวดตทสปค่้ั็ีิะไแหชบพขจคำใๆโุูผซธ์ญฐณถฟภศษฮืึ", pages: []string{"windows-874"}}

// scripts are tried in order; of two that fit alike the first wins. The western
// languages come first among the Latin ones: most such text is theirs.
var scripts = []script{
	{letters: "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ", pages: []string{"windows-1251", "koi8-u", "iso-8859-5", "ibm866", "x-mac-cyrillic"}},
	{letters: "αοιετσνηυρπκμλωςάέίόδγήχθύβφώξζψϊϋΐΰ", pages: []string{"windows-1253", "iso-8859-7"}},
	{letters: "יוהלאתרשבמנםחדפעקטצגסכזןךףץ", pages: []string{"windows-1255", "iso-8859-8"}},
	{letters: "الينمرتوبعدفهكسقحةجشصطىخأئضذثزغءإظآؤپچژگ،ّـ", pages: []string{"windows-1256", "iso-8859-6"}},
	thai,
	{letters: "éèàêçôîùâûëïœüæÿ", pages: western, latin: true},     // French
	{letters: "üäöߧé", pages: western, latin: true},                // German
	{letters: "óíáéñúü¿¡ºª", pages: western, latin: true},          // Spanish
	{letters: "ãçáéíóõêúâàôºªü", pages: western, latin: true},      // Portuguese
	{letters: "àèéìòù", pages: western, latin: true},               // Italian
	{letters: "äåöøæéüõðþíáóúý", pages: western, latin: true},      // the North, Estonian
	{letters: "łąęóśżćńź", pages: central, latin: true},            // Polish
	{letters: "áíéěšřžýčůúťďňóäôľĺŕ", pages: central, latin: true}, // Czech, Slovak
	{letters: "áéóöőíüúű", pages: central, latin: true},            // Hungarian
	{letters: "ăâîşţșț", pages: central, latin: true},              // Romanian
	{letters: "čšžćđ", pages: central, latin: true},                // Croatian, Slovene
	{letters: "ıüşöğçâîû", pages: []string{"windows-1254"}, latin: true},
	{letters: "āšēīūčžģķļņ", pages: baltic, latin: true}, // Latvian
	{letters: "ėąšįžųčęū", pages: baltic, latin: true},   // Lithuanian
}

// enoughFit is the score a letter from which on a guess is believed.
const enoughFit = 0.55

// sniffSingleByte returns the page whose letters look most like a language.
func sniffSingleByte(text []byte) string {
	best, name := enoughFit, ""
	high := 0
	for _, c := range text {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	for _, s := range scripts {
		if high < 3 && !s.latin {
			continue // a stray character is no word of another script
		}
		weights := s.weights()
		for _, page := range s.pages {
			cm, ok := lookup(page).(*charmap.Charmap)
			if !ok {
				continue
			}
			// A later page must be better by a margin: pages share letters.
			if fit := s.fit(text, cm, weights); fit > best+0.05 {
				best, name = fit, page
			}
		}
	}
	return name
}

// isThai reports whether the text is Thai beyond the doubt that Chinese leaves.
func isThai(text []byte) bool {
	cm, ok := lookup(thai.pages[0]).(*charmap.Charmap)
	return ok && thai.fit(text, cm, thai.weights()) > 1
}

// weights falls from 2 for the most frequent letter to 0.3 for the rarest.
func (s script) weights() map[rune]float64 {
	n := utf8.RuneCountInString(s.letters)
	weights := make(map[rune]float64, n)
	i := 0
	for _, r := range s.letters {
		weights[r] = 2 - 1.7*float64(i)/float64(n)
		i++
	}
	if s.latin { // which accents are frequent depends on the language
		for r := range weights {
			weights[r] = 1 + weights[r]/4
		}
	}
	return weights
}

// fit is the mean score of the bytes beyond ASCII, read in the page.
func (s script) fit(text []byte, cm *charmap.Charmap, weights map[rune]float64) float64 {
	sum, n := 0.0, 0
	prev := rune(' ')
	for i, c := range text {
		r := rune(c)
		if c >= utf8.RuneSelf {
			r = cm.DecodeByte(c)
			next := byte(' ')
			if i+1 < len(text) {
				next = text[i+1]
			}
			sum += s.score(r, prev, next, weights)
			n++
		}
		prev = r
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func (s script) score(r, prev rune, next byte, weights map[rune]float64) float64 {
	lower := unicode.ToLower(r)
	weight, member := weights[r], false
	if weight > 0 {
		member = true
	} else if weight, member = weights[lower], weights[lower] > 0; member {
		weight /= 2
		if unicode.IsLower(prev) {
			weight = -1.5 // a capital in the middle of a word
		}
	}
	letterBeside := isLetterASCII(prev) || next < utf8.RuneSelf && isLetterASCII(rune(next))
	switch {
	case r == utf8.RuneError || unicode.IsControl(r):
		return -4
	case member && !s.latin && letterBeside:
		return -1 // scripts are not mixed in a word
	case member && s.latin && !unicode.IsLetter(prev) && !isLetterASCII(rune(next)) && next < utf8.RuneSelf:
		return weight / 3 // it stands alone
	case member:
		return weight
	case strings.ContainsRune("\u00A0«»“”„‘’–—…№·•‚‹›©®°€§¿¡", r):
		if isLetterASCII(prev) && next < utf8.RuneSelf && isLetterASCII(rune(next)) && r != '’' {
			return -1.5 // a mark inside a word
		}
		return 0.6
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return -1.5
	}
	return -1
}

func isLetterASCII(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
