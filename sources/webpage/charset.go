package webpage

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// candidateCharset is a legacy charset that pages of some languages are in.
type candidateCharset struct {
	name  string
	enc   encoding.Encoding
	langs string // primary languages and top-level domains, between spaces
}

func legacyCharsets() []candidateCharset {
	return []candidateCharset{
		{"shift_jis", japanese.ShiftJIS, " ja jp "},
		{"euc-jp", japanese.EUCJP, " ja jp "},
		{"gb18030", simplifiedchinese.GB18030, " zh cn "},
		{"big5", traditionalchinese.Big5, " zh tw hk "},
		{"euc-kr", korean.EUCKR, " ko kr "},
		{"windows-1251", charmap.Windows1251, " ru uk bg sr mk be ua by rs "},
		{"koi8-r", charmap.KOI8R, " ru "},
		{"windows-1250", charmap.Windows1250, " pl cs cz sk hu ro hr sl si "},
		{"windows-1253", charmap.Windows1253, " el gr cy "},
		{"windows-1254", charmap.Windows1254, " tr az "},
		{"windows-1255", charmap.Windows1255, " he il iw "},
		{"windows-1256", charmap.Windows1256, " ar fa eg sa "},
		{"windows-1257", charmap.Windows1257, " lt lv et ee "},
	}
}

// langAttr is the declared language of a page.
var langAttr = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<html[^>]{0,300}?\blang\s*=\s*["']?([a-z]{2})`)
})

// guessCharset names the charset of a page that declares none and is not UTF-8:
// of the legacy charsets of its language and its country, the one in which it
// reads best; nil if windows-1252, which HTML prescribes, does as well.
func guessCharset(page []byte, host string) (encoding.Encoding, string) {
	if bytes.Contains(page, []byte("\x1b$")) && !beyondASCII(page) {
		return japanese.ISO2022JP, "iso-2022-jp"
	}
	hint := " " + host[strings.LastIndexByte(host, '.')+1:] + " "
	if m := langAttr().FindSubmatch(page[:min(len(page), 4096)]); m != nil {
		hint += strings.ToLower(string(m[1])) + " "
	}
	sample := nonASCII(page, 16<<10)
	if len(sample) == 0 {
		return nil, ""
	}
	best, bestScore := candidateCharset{}, readability(sample, charmap.Windows1252)+0.15
	for _, c := range legacyCharsets() {
		s := readability(sample, c.enc)
		told := false
		for l := range strings.FieldsSeq(hint) {
			told = told || strings.Contains(c.langs, " "+l+" ")
		}
		if told {
			s += 0.5
		}
		if s > bestScore {
			best, bestScore = c, s
		}
	}
	return best.enc, best.name
}

// nonASCII returns a part of the page in which there are bytes beyond ASCII.
func nonASCII(page []byte, most int) []byte {
	i := bytes.IndexFunc(page, func(r rune) bool { return r >= utf8.RuneSelf })
	if i < 0 {
		return nil
	}
	i = bytes.LastIndexAny(page[:i], ">\n") + 1
	return page[i:min(len(page), i+most)]
}

// readability rates how much like writing a sample is in a charset: the mean over
// its letters beyond ASCII of how likely each is.
func readability(sample []byte, enc encoding.Encoding) float64 {
	out, err := enc.NewDecoder().Bytes(sample)
	if err != nil {
		return -9
	}
	var sum, n float64
	last := ' '
	for _, r := range string(out) {
		if r >= utf8.RuneSelf {
			n++
			sum += likely(r, last)
		}
		last = r
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

func likely(r, before rune) float64 {
	switch {
	case r == utf8.RuneError || r < 0xA0 || r >= 0xE000 && r < 0xF900:
		return -8
	case r >= 0xFF61 && r <= 0xFF9F: // half-width kana: two of them are often one character of another charset
		return -0.5
	case r >= 0x3041 && r <= 0x30FE:
		return 1.6
	case r >= 0xAC00 && r <= 0xD7A3:
		return 1.2
	case strings.ContainsRune(commonHan, r):
		return 1.8
	case r >= 0x4E00 && r <= 0x9FA5:
		return 0.6
	case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Hebrew, unicode.Arabic):
		if unicode.IsUpper(r) && unicode.IsLower(before) || unicode.Is(unicode.Latin, before) {
			return -1
		}
		if unicode.IsUpper(r) {
			return 0.6
		}
		return 1.2
	case unicode.IsLetter(r):
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			return -1
		}
		return 0.6
	case r == 0xA0 || r == '–' || r == '—' || r == '“' || r == '”' || r == '„' || r == '’' || r == '«' || r == '»' || r == '…' || r == '。' || r == '、' || r == '，':
		return 0.8
	}
	return -0.3
}

// commonHan are the most frequent characters of Chinese, in both sets of forms.
const commonHan = "的一是不了在人有我他这这個个们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實"
