package article

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns s as text that every format can carry: valid UTF-8 without a
// code point that XML 1.0 forbids, without C1 controls, noncharacters and
// U+FFFD. Every kind of line end becomes "\n"; tabs and newlines stay.
//
// Invisible characters stay where a script needs them (joiners, direction
// marks, soft hyphens, the zero width space of South-East Asian scripts, the
// tags of flag emoji) and go where they only disturb: byte order marks,
// direction overrides, embeddings and isolates, whose effect would reach beyond
// the text into the page around it, and hidden tag characters.
func Clean(s string) string {
	i := firstUnclean(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	last, flag := rune(0), false
	if i > 0 {
		last, _ = utf8.DecodeLastRuneInString(s[:i])
		flag = last == blackFlag
	}
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\r':
			if i+1 == len(s) || s[i+1] != '\n' {
				b.WriteByte('\n')
			}
		case r == '\u0085' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == utf8.RuneError || forbidden(r):
		case r == '\u200b' && !unspaced(last):
		case r >= 0xE0020 && r <= 0xE007F && !flag:
		default:
			b.WriteString(s[i : i+n])
			flag = r == blackFlag || flag && r >= 0xE0020 && r < 0xE007F
			last = r
		}
		i += n
	}
	return b.String()
}

// blackFlag begins the emoji that are spelt in tag characters.
const blackFlag = 0x1F3F4

// firstUnclean is the offset of the first byte that Clean has to look at, or -1.
func firstUnclean(s string) int {
	for i := 0; i < len(s); {
		if i+8 <= len(s) && printable(s[i:i+8]) {
			i += 8
			continue
		}
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' || c == 0x7F {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || r == '\u0085' || r == '\u200b' || r == '\u2028' || r == '\u2029' ||
			forbidden(r) || r >= 0xE0020 && r <= 0xE007F {
			return i
		}
		i += n
	}
	return -1
}

// ones and tops are the lowest and the highest bit of each of eight bytes.
const ones, tops = 0x0101010101010101, 0x8080808080808080

// printable reports whether eight bytes are all ASCII from space to "~": nearly
// all text is, so that it is looked at by words of the machine.
func printable(s string) bool {
	x := eight(s)
	// A byte below space borrows, DEL carries, and what is not ASCII has its top bit.
	return (x|(x-ones*' ')|(x+ones))&tops == 0
}

// oneSpaced is the length of the longest beginning of s that is words with one space
// between them, white space of ASCII alone counting as such; ascii says that it is
// printable ASCII throughout.
func oneSpaced(s string) (n int, ascii bool) {
	var odd, before uint64 // the top bit of what is not ASCII, or DEL; the lowest byte's if a space stands before
	for ; n+8 <= len(s); n += 8 {
		x := eight(s[n : n+8])
		y := x ^ ones*' '
		spaces := ^((y&^tops + ^uint64(tops)) | y) & tops
		control := ^(x | x<<1 | x<<2) & tops
		if control|spaces&(spaces<<8|before) != 0 {
			break
		}
		before = spaces >> 56
		odd |= x | (x + ones)
	}
	if before != 0 {
		n-- // what stands behind it decides
	}
	for ; n < len(s); n++ {
		if s[n] < ' ' || s[n] == ' ' && (n+1 == len(s) || s[n+1] <= ' ') {
			break
		}
		odd |= uint64(s[n]|(s[n]+1)) << 56
	}
	return n, odd&tops == 0
}

// isWords reports whether s is nothing but words of printable ASCII with a space
// between them.
func isWords(s string) bool {
	if s == "" || s[0] == ' ' {
		return false
	}
	n, ascii := oneSpaced(s)
	return ascii && n == len(s)
}

// eight are eight bytes as one number, the first one lowest.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// forbidden reports whether r has no place in text: what XML 1.0 section 2.2
// excludes or discourages, and format characters that are not for plain text.
func forbidden(r rune) bool {
	switch {
	case r < ' ':
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7F:
		return false
	case r < 0xA0: // DEL and C1
		return true
	case r < 0x2028:
		return r == 0x180E // the old Mongolian vowel separator
	case r <= 0x206F:
		return r >= 0x202A && r <= 0x202E || // embeddings and overrides
			r == 0x2060 || // word joiner
			r >= 0x2065 // isolates and the deprecated format characters
	case r < 0xFDD0:
		return false
	case r >= 0xFDD0 && r <= 0xFDEF: // noncharacters
		return true
	case r == 0xFEFF || r >= 0xFFF9 && r <= 0xFFFB: // BOM, interlinear annotation
		return true
	case r == 0xE0001: // language tag
		return true
	}
	return r&0xFFFE == 0xFFFE
}

// unspaced reports whether r belongs to a script that writes its words without
// spaces between them and isn't counted by the character: Thai, Lao, Tibetan,
// Myanmar, Khmer.
func unspaced(r rune) bool {
	return r >= 0x0E00 && r <= 0x0FFF || r >= 0x1000 && r <= 0x109F || r >= 0x1780 && r <= 0x17FF
}

// ideographic reports whether r is a character that stands for about a word or
// a syllable in text without spaces: Chinese and Japanese.
func ideographic(r rune) bool {
	if r < 0x3041 {
		return r == '々' || r == '〇'
	}
	return r <= 0x30FF || r >= 0x31F0 && r <= 0x31FF || // kana
		r >= 0x3400 && r <= 0x4DBF || r >= 0x4E00 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || // Han
		r >= 0x20000 && r <= 0x3FFFD
}

// Line returns s as one clean line: every run of white space is one space, none
// at the ends, and no soft hyphens, which are layout and stand in the way of
// comparison.
func Line(s string) string {
	if isWords(s) { // as most are
		return s
	}
	s = Clean(s)
	if isLine(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
		case r == '\u00ad':
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SameLine reports whether Line makes the same of a and b. Most texts that differ do
// so in their first word, and then nothing more is read.
func SameLine(a, b string) bool {
	if a == b {
		return true
	}
	x, y := a, b
	for {
		x, y = strings.TrimLeft(x, " \n"), strings.TrimLeft(y, " \n")
		if x == "" && y == "" {
			return true
		}
		n := 0
		for n < len(x) && n < len(y) && x[n] == y[n] && x[n] > ' ' && x[n] < utf8.RuneSelf {
			n++
		}
		x, y = x[n:], y[n:]
		switch {
		case !plainNext(x) || !plainNext(y): // only Line can tell
			return Line(a) == Line(b)
		case x != "" && x[0] > ' ' || y != "" && y[0] > ' ':
			return false
		}
	}
}

// plainNext reports whether s begins with what Line keeps, a space, a line end, or
// with nothing.
func plainNext(s string) bool {
	return s == "" || s[0] > ' ' && s[0] < 0x7F || s[0] == ' ' || s[0] == '\n'
}

// isLine reports whether s, which is clean, is what Line would make of it.
func isLine(s string) bool {
	space := true
	for i := 0; i < len(s); {
		if i+8 <= len(s) && printable(s[i:i+8]) {
			spaces := spacesAmong(eight(s[i:]))
			if spaces&(spaces<<8) != 0 || space && spaces&0x80 != 0 {
				return false
			}
			space = spaces>>63 != 0
			i += 8
			continue
		}
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == ' ' && space {
				return false
			}
			space = c == ' '
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\u00ad' || unicode.IsSpace(r) {
			return false
		}
		space = false
		i += n
	}
	return !space || s == ""
}

// spacesAmong has the top bit set of each byte that is a space; all are ASCII.
func spacesAmong(x uint64) uint64 {
	return ^((x ^ (ones * ' ')) + ones*0x7F) & tops
}

// Cut returns s shortened to at most max bytes, on a rune boundary.
func Cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	if max <= 0 {
		return ""
	}
	for i := max; i >= 0 && i > max-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:max] // not UTF-8 at all
}

// WordCount counts the words of s: what stands between white space and holds a
// letter or a digit. Each Chinese or Japanese character counts as one, as word
// processors do; in Thai, Lao, Tibetan, Myanmar and Khmer, which don't space
// their words, five characters count as one.
func WordCount(s string) int {
	n, run := 0, 0
	awaited := uint64(1) // 1 until the word that we are in was counted, 0 after
	end := func() {
		awaited = 1
		n += (run + 4) / 5
		run = 0
	}
	for i := 0; i < len(s); {
		if run == 0 && i+8 <= len(s) {
			if x := eight(s[i : i+8]); x&tops == 0 {
				var begun int
				begun, awaited = beginnings(x, awaited)
				n += begun
				i += 8
				continue
			}
		}
		if c := s[i]; c < utf8.RuneSelf {
			i++
			if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' {
				n += int(awaited)
				awaited = 0
			} else if c == ' ' || c >= '\t' && c <= '\r' {
				end()
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case ideographic(r):
			end()
			n++
		case unspaced(r):
			run++
		case unicode.IsSpace(r) || r == '\u200b' || r >= 0x3001 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF0F:
			end()
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n += int(awaited)
			awaited = 0
		}
	}
	end()
	return n
}

// beginnings counts the first letters and digits of words among eight bytes of ASCII.
// awaited is 1 if the word that the first byte is in had none yet; so is the result
// for what follows.
func beginnings(x, awaited uint64) (int, uint64) {
	from := func(x uint64, c byte) uint64 { return x + ones*uint64(0x80-c) } // top bits: bytes from c on
	small := x | ones*0x20
	word := (from(x, '0')&^from(x, '9'+1) | from(small, 'a')&^from(small, 'z'+1)) & tops
	white := (from(x, ' ')&^from(x, ' '+1) | from(x, '\t')&^from(x, '\r'+1)) & tops
	// Being awaited is carried by an addition from white space over all that is
	// neither to the next letter.
	other := tops &^ (word | white)
	sum, over := bits.Add64(other<<1-other>>7, white<<1|awaited, 0)
	return bits.OnesCount64(sum & (word >> 7)), white>>63 | over
}

// FirstWords returns the first n words of s on one line, for a headline where
// there is none: cut after the first sentence if it ends within them, else with
// an ellipsis where something was left out. In scripts without spaces two
// characters make a word. Words of absurd length are cut as well.
func FirstWords(s string, n int) string {
	s = Line(Cut(s, 1<<16))
	words, chars := 0, 0
	for i, r := range s {
		switch {
		case ideographic(r) || unspaced(r):
			chars++
		case r == ' ':
			words++
			if sentenceEnd(s[:i]) && words > 2 {
				return s[:i]
			}
		case r == '。' || r == '！' || r == '？':
			return s[:i+utf8.RuneLen(r)]
		}
		if words+(chars-1)/2 >= n || i > n*24 {
			return strings.TrimRight(s[:i], " ,;:–—-") + "…"
		}
	}
	return s
}

// sentenceEnd reports whether s ends in a full stop that is not likely to be
// that of an abbreviation or an initial.
func sentenceEnd(s string) bool {
	switch s[len(s)-1] {
	case '!', '?':
		return true
	case '.':
		w := s[strings.LastIndexByte(s, ' ')+1 : len(s)-1]
		return utf8.RuneCountInString(w) > 3 && !strings.Contains(w, ".")
	}
	return strings.HasSuffix(s, "।") || strings.HasSuffix(s, "؟")
}
