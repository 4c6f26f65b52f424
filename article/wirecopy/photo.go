package wirecopy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCreditLine is the longest credit of a picture, in bytes.
const maxCreditLine = 200

// PhotoCredit parts a caption from the credit that stands in or behind it, even
// where a page's text fuses them: "… presence of US from IraqImage: Thaier
// Al-Sudani/REUTERS". Either may come out empty; text without a credit is all
// caption.
func PhotoCredit(s string) (caption, credit string) {
	s = strings.TrimSpace(s)
	if i, n := creditLabel(s); i >= 0 {
		return tidy(s[:i], s[i+n:])
	}
	if i, n := copyrightSign(s); i >= 0 {
		return tidy(s[:i], s[i+n:])
	}
	if t, ok := strings.CutSuffix(s, "]"); ok { // "[사진 출처 = X]"
		if i := strings.LastIndexByte(t, '['); i >= 0 && len(t)-i < maxCreditLine {
			if by, ok := cutCredited(t[i+1:]); ok {
				return tidy(s[:i], by)
			}
		}
	}
	if i := lastBracket(s); i >= 0 {
		in := s[i+1 : len(s)-1]
		if by, ok := cutCredited(in); ok {
			return tidy(s[:i], by)
		}
		if len(PictureAgencies(in)) > 0 && len(in) < 120 && !sentenceLike(in) {
			return tidy(s[:i], in)
		}
	}
	if i := agencyTail(s); i >= 0 {
		return tidy(s[:i], s[i:])
	}
	if i := nameTail(s); i >= 0 {
		return tidy(s[:i], s[i:])
	}
	return s, ""
}

// nameTail finds a credit without a label behind a caption: " / Jane Doe", or a
// word that says where the picture is from (". Supplied").
func nameTail(s string) int {
	if i := strings.LastIndex(s, " / "); i >= 25 && strings.Contains(s[:i], " ") {
		ws := words(s[i+3:], 5)
		name := len(ws) >= 2 && len(ws) <= 3 && len(s)-i < 50
		for _, w := range ws {
			name = name && unicode.IsUpper(firstRune(w.text)) && !upper(w.text, 2)
		}
		if name && unicode.IsLetter(lastRune(s)) {
			return i + 3
		}
	}
	i := strings.LastIndex(s, ". ")
	if i < 0 || !inList(" supplied handout submitted contributed ", fold(s[i+2:])) {
		return -1
	}
	return i + 2
}

// tidy trims what held caption and credit together.
func tidy(caption, credit string) (string, string) {
	caption = strings.TrimRight(caption, " \t\n\u00a0([|/–—-·•,;")
	credit = strings.TrimLeft(credit, " \t\n\u00a0:|–—-·•")
	credit = strings.TrimRight(credit, " \t\n\u00a0|;,")
	if strings.HasSuffix(credit, ")") && strings.Count(credit, "(") < strings.Count(credit, ")") {
		credit = strings.TrimSpace(credit[:len(credit)-1])
	}
	credit = strings.TrimSuffix(credit, "]")
	return strings.TrimSpace(caption), strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(credit, "©"), "(c)"))
}

// creditLabel finds the last label of a credit ("Image:", "Foto:", "Photo by")
// and returns where it begins and how long it is; -1 for none.
func creditLabel(s string) (at, n int) {
	at = -1
	from := max(0, len(s)-maxCreditLine-40)
	for i := from; i < len(s); i++ {
		if !utf8.RuneStart(s[i]) || !labelStart(s, i) {
			continue
		}
		if k := labelAt(s[i:]); k > 0 && strings.ContainsFunc(s[i+k:], unicode.IsLetter) {
			if at >= 0 && i < at+n { // "Bildquelle" holds no second label
				continue
			}
			if at >= 0 && strings.TrimSpace(s[at+n:i]) == "" {
				n = i + k - at // "Foto: Image: X"
				continue
			}
			at, n = i, k
		}
	}
	return at, n
}

// labelStart reports whether a label may begin at i: at a word's start, or with
// a capital after a small letter, where two elements were fused.
func labelStart(s string, i int) bool {
	if i == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	r, _ := utf8.DecodeRuneInString(s[i:])
	if !unicode.IsLetter(before) && !unicode.IsDigit(before) {
		return true
	}
	return unicode.IsUpper(r) && !unicode.IsUpper(before) || cjk(r) && !cjk(before)
}

// labelAt returns the length of the label at the start of s, with its colon or
// its "by", 0 if none stands there.
func labelAt(s string) int {
	for _, l := range creditLabels {
		if !hasFold(s, l) {
			continue
		}
		i := skipSpace(s, len(l))
		if i < len(s) && (s[i] == ':' || s[i] == '=' || strings.HasPrefix(s[i:], "：")) {
			_, size := utf8.DecodeRuneInString(s[i:])
			return i + size
		}
		if i > len(l) && unicode.IsUpper(firstRune(s[i:])) && bareLabel(s[i:]) { // "Photo Jane Doe/AFP"
			return i
		}
		if strings.HasSuffix(l, " ") && len(s) > len(l) && !unicode.IsLower(firstRune(s[len(l):])) {
			return len(l)
		}
	}
	return 0
}

// bareLabel reports whether what follows a label without a colon is a name and
// an agency, up to the end.
func bareLabel(s string) bool {
	return len(s) < 80 && strings.Contains(s, "/") && !strings.Contains(s, ". ") && len(find(s)) > 0
}

// creditLabels are what credits are labelled with; one that ends in a space
// needs no colon. Longer ones first.
var creditLabels = [...]string{
	"image credit", "image source", "image courtesy of ", "image courtesy", "image by ", "images", "image",
	"photo credit", "photo courtesy of ", "photo courtesy", "photo illustration by ", "photograph by ", "photograph", "photographs", "photos by ", "photo by ", "photos", "photo",
	"picture credit", "picture by ", "pictures", "picture", "pic", "credits", "credit", "courtesy of ", "illustration by ", "illustration", "graphic", "source",
	"bildquelle", "bildnachweis", "bildrechte", "bild von ", "bilder", "bild", "quelle", "fotoquelle", "fotocredit", "fotograf", "fotografin", "symbolfoto", "symbolbild", "archivfoto", "archivbild",
	"foto von ", "fotos", "foto [m]", "foto", "grafik", "rechte", "credits", "montage",
	"crédit photo", "crédits photo", "crédits", "crédit", "credit photo", "légende", "photographie", "© photo",
	"imágenes", "imagen de ", "imagen", "fotografía", "crédito", "fotos de ", "foto de ",
	"immagine", "immagini", "fotografia", "crediti", "imagem", "crédito da foto", "beeld", "fotografie", "billede", "bilde", "kuva", "kuvat", "zdjęcie", "fot.", "fot", "fotoğraf", "görsel", "фото", "коллаж", "колаж", "иллюстрация", "ілюстрація", "dok.", "isithombe", "umfanekiso", "写真", "画像", "사진 출처", "사진제공", "사진", "图片", "图", "図",
}

func copyrightSign(s string) (at, n int) {
	for _, sign := range [...]string{"（Ｃ）", "(C)"} {
		if i := strings.LastIndex(s, sign); i >= 0 && len(s)-i < 80 && i+len(sign) < len(s) {
			return i, len(sign)
		}
	}
	if i := strings.LastIndex(s, "©"); i >= 0 && len(s)-i < maxCreditLine && !strings.Contains(s[i:], ". ") {
		return i, len("©")
	}
	return -1, 0
}

// lastBracket returns where the bracket that ends s opens, -1 if none does.
func lastBracket(s string) int {
	t := strings.TrimRight(s, " .")
	if !strings.HasSuffix(t, ")") || len(t) != len(s) {
		return -1
	}
	i := strings.LastIndexByte(s, '(')
	if i < 0 || len(s)-i > maxCreditLine || strings.Contains(s[i:len(s)-1], ")") {
		return -1
	}
	return i
}

// cutCredited reads "AP Photo/John Doe", "Photo by X/Getty Images", "Image: X".
func cutCredited(in string) (credit string, ok bool) {
	if k := labelAt(in); k > 0 {
		return in[k:], true
	}
	for _, p := range [...]string{"ap photo", "reuters/", "afp/", "ap/", "handout", "file photo", "getty images", "photo/", "dpa/", "courtesy"} {
		if hasFold(in, p) {
			return in, true
		}
	}
	return "", false
}

// sentenceLike reports whether s is a remark rather than a credit.
func sentenceLike(s string) bool {
	n := 0
	for _, w := range words(s, 40) {
		if lower(w.text) && sentence(fold(w.text)) && !joins(w.text) {
			n++
		}
	}
	return n > 1
}

// agencyTail finds a credit that only its agency betrays, at the end of a
// caption: ". REUTERS/Jane Doe", ". AP Photo/John Doe", " | dpa".
func agencyTail(s string) int {
	for i := len(s) - 1; i > 0 && len(s)-i < 120; i-- {
		if !strings.ContainsRune(".|!?”\"»)\n", rune(s[i])) && s[i] < utf8.RuneSelf {
			continue
		}
		tail := strings.TrimLeft(s[i+1:], " \n\u00a0–—-")
		if tail == "" || !utf8.RuneStart(tail[0]) {
			continue
		}
		hits := find(tail)
		if len(hits) > 0 && !sentenceLike(tail) && len(words(tail, 14)) <= 10 && (hits[0].start == 0 || strings.Contains(tail, "/") || strings.Contains(tail, " via ") || s[i] == '|') {
			return len(s) - len(tail)
		}
		return -1
	}
	if len(s) < 100 && len(words(s, 14)) <= 10 && !sentenceLike(s) {
		if hits := find(s); len(hits) > 0 && (strings.Contains(s, "/") || strings.Contains(s, " via ") || hits[0].start == 0 && hits[0].end == len(s)) {
			return 0
		}
	}
	return -1
}
