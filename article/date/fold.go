package date

import (
	"strings"
	"unicode"
)

// What a character outside ASCII is to the scanner.
const (
	asNothing = iota // marks of direction, joiners, ordinal signs
	asDigit
	asLetter
	asMark
	asSpace
	asStranger // belongs to no date
)

// chineseDigits are the numerals from one; ten stands for what is written in
// tens (二十五).
const (
	chineseDigits = "一二三四五六七八九"
	ten           = 'X'
)

// digitZeros are the zeros of the scripts whose digits are used in dates.
var digitZeros = [...]rune{0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x1040, 0x17E0, 0xFF10}

// classify says what a character outside ASCII is, and for digits and marks
// which one of ASCII's it stands for.
func classify(r rune) (kind int, ascii byte) {
	switch r {
	case '\u00a0', '\u3000', '\u0085':
		return asSpace, 0
	case 'º', 'ª', '°', '׳', '״', '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u061c', '\u2060', '\ufeff':
		return asNothing, 0
	case '‐', '‑', '‒', '–', '—', '−', '\ufe63', '－':
		return asMark, '-'
	case '，', '、', '،', '·', '•', '・':
		return asMark, ','
	case '：', '∶':
		return asMark, ':'
	case '／', '⁄', '∕':
		return asMark, '/'
	case '．', '。', '｡', '॰', '।':
		return asMark, '.'
	case '＋':
		return asMark, '+'
	case '（':
		return asMark, '('
	case '）':
		return asMark, ')'
	case '’', '‘', '´', 'ʼ':
		return asMark, '\''
	case '｜':
		return asMark, '|'
	case '〇', '零':
		return asDigit, '0'
	case '一', '二', '三', '四', '五', '六', '七', '八', '九':
		return asDigit, byte('1' + strings.IndexRune(chineseDigits, r)/3)
	case '十':
		return asDigit, ten
	}
	if r >= 0x2000 && r <= 0x206F {
		switch {
		case r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F:
			return asSpace, 0
		case r >= 0x202A && r <= 0x202E || r >= 0x2066:
			return asNothing, 0
		}
		return asStranger, 0
	}
	if r >= 0x0660 {
		for _, zero := range digitZeros {
			if r >= zero && r <= zero+9 {
				return asDigit, byte('0' + r - zero)
			}
		}
	}
	if unicode.IsLetter(r) || unicode.IsMark(r) {
		return asLetter, 0
	}
	return asStranger, 0
}

// unspaced reports whether r belongs to a script whose date words stand
// together without spaces.
func unspaced(r rune) bool {
	return r >= 0x3040 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3
}

// fold returns the letter by which words are compared: lower case, without
// accents; 0 for marks that don't count.
func fold(r rune) rune {
	if r < 0x80 {
		return r | 0x20
	}
	switch {
	case r < 0x0300:
		r = unicode.ToLower(r)
		if r >= 0xDF && int(r-0xDF) < len(latin) {
			return rune(latin[r-0xDF])
		}
		switch r {
		case 'ơ':
			return 'o'
		case 'ư':
			return 'u'
		case 'ș':
			return 's'
		case 'ț':
			return 't'
		}
		return r
	case r < 0x0370: // combining accents
		return 0
	case r < 0x0400:
		return foldGreek(unicode.ToLower(r))
	case r < 0x0530:
		switch r = unicode.ToLower(r); r {
		case 'ё':
			return 'е'
		case 'й':
			return 'и'
		case 'ѐ':
			return 'е'
		case 'ѝ':
			return 'и'
		}
		return r
	case r >= 0x0600 && r < 0x0700:
		return foldArabic(r)
	case r >= 0x1E00 && r < 0x1F00: // Vietnamese
		return foldVietnamese(unicode.ToLower(r))
	case r == 0x093C: // nukta: फ़रवरी is also written फरवरी
		return 0
	}
	return unicode.ToLower(r)
}

// latin are the base letters of U+00DF to U+017F. The Turkish dotless i is an i.
const latin = "saaaaaaaceeeeiiiidnooooo/ouuuuyty" + // ß to ÿ
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooo" + // Ā to œ
	"rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs" // Ŕ to ſ

func foldGreek(r rune) rune {
	switch r {
	case 'ά':
		return 'α'
	case 'έ':
		return 'ε'
	case 'ή':
		return 'η'
	case 'ί', 'ϊ', 'ΐ':
		return 'ι'
	case 'ό':
		return 'ο'
	case 'ύ', 'ϋ', 'ΰ':
		return 'υ'
	case 'ώ':
		return 'ω'
	case 'ς':
		return 'σ'
	}
	return r
}

func foldArabic(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی', 'ئ':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ة':
		return 'ه'
	case 'ـ':
		return 0
	}
	if r >= 0x064B && r <= 0x065F || r == 0x0670 {
		return 0
	}
	return r
}

func foldVietnamese(r rune) rune {
	switch {
	case r >= 'ạ' && r <= 'ặ':
		return 'a'
	case r >= 'ẹ' && r <= 'ệ':
		return 'e'
	case r >= 'ỉ' && r <= 'ị':
		return 'i'
	case r >= 'ọ' && r <= 'ợ':
		return 'o'
	case r >= 'ụ' && r <= 'ự':
		return 'u'
	case r >= 'ỳ' && r <= 'ỹ':
		return 'y'
	}
	return r
}
