package repair

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// class says whether a byte of text needs a second look.
type class uint8

const (
	plain   class = iota
	less          // <
	amp           // &
	bracket       // ], which may start ]]>
	control       // C0 but tab, line feed and carriage return
	leadC2        // may start a C1 control, U+0080 to U+009F
	leadEF        // may start U+FFFE or U+FFFF
)

var classes = [256]class{
	0: control, 1: control, 2: control, 3: control, 4: control, 5: control, 6: control, 7: control, 8: control,
	11: control, 12: control, 14: control, 15: control, 16: control, 17: control, 18: control, 19: control,
	20: control, 21: control, 22: control, 23: control, 24: control, 25: control, 26: control, 27: control,
	28: control, 29: control, 30: control, 31: control,
	'<': less, '&': amp, ']': bracket, 0xC2: leadC2, 0xEF: leadEF,
}

// badChar looks at a byte of class control, leadC2 or leadEF and returns the
// length of the character if XML forbids it or no text means it, and what
// stands in for it: C1 controls are windows-1252 in disguise.
func badChar(b []byte) (n int, instead rune) {
	switch classes[b[0]] {
	case control:
		return 1, -1
	case leadC2:
		if len(b) > 1 && b[1] < 0xA0 {
			return 2, windowsChar(rune(b[1]))
		}
	case leadEF:
		if len(b) > 2 && b[1] == 0xBF && b[2] >= 0xBE {
			return 3, -1
		}
	}
	return 0, 0
}

// withoutControls takes the C0 controls out that XML forbids, wherever they
// stand: in names they would split what was one. It counts them.
func withoutControls(text []byte) (clean []byte, n int) {
	i := nextControl(text, 0)
	if i == len(text) {
		return text, 0
	}
	clean = make([]byte, 0, len(text))
	mark := 0
	for ; i < len(text); i = nextControl(text, i+1) {
		clean = append(clean, text[mark:i]...)
		mark = i + 1
		n++
	}
	return append(clean, text[mark:]...), n
}

// nextControl finds the next C0 control.
func nextControl(b []byte, i int) int {
	for ; i+32 <= len(b); i += 32 { // there are few line ends, and fewer controls
		w, x, y, z := eight(b[i:]), eight(b[i+8:]), eight(b[i+16:]), eight(b[i+24:])
		if below(w, ' ')|below(x, ' ')|below(y, ' ')|below(z, ' ') != 0 && controls(w)|controls(x)|controls(y)|controls(z) != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if classes[b[i]] == control {
			return i
		}
	}
	return len(b)
}

// windowsChar reads a C1 control as the byte of windows-1252 that it was, or
// returns -1.
func windowsChar(r rune) rune {
	if w := charmap.Windows1252.DecodeByte(byte(r)); w > 0x9F && w != utf8.RuneError {
		return w
	}
	return -1
}

// validChar reports whether XML 1.0 allows the character and text can mean it.
func validChar(r rune) bool {
	return r >= 0x20 && r < 0x80 || r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0x10FFFF || r == '\t' || r == '\n' || r == '\r'
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func skipSpace(b []byte, i, end int) int {
	for i < end && isSpace(b[i]) {
		i++
	}
	return i
}

// nameBytes are the ASCII bytes of names: 1 may start one, 2 only continue it.
// Bytes beyond ASCII are looked at by validName.
var nameBytes = [256]uint8{
	'A': 1, 'B': 1, 'C': 1, 'D': 1, 'E': 1, 'F': 1, 'G': 1, 'H': 1, 'I': 1, 'J': 1, 'K': 1, 'L': 1, 'M': 1,
	'N': 1, 'O': 1, 'P': 1, 'Q': 1, 'R': 1, 'S': 1, 'T': 1, 'U': 1, 'V': 1, 'W': 1, 'X': 1, 'Y': 1, 'Z': 1,
	'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1, 'f': 1, 'g': 1, 'h': 1, 'i': 1, 'j': 1, 'k': 1, 'l': 1, 'm': 1,
	'n': 1, 'o': 1, 'p': 1, 'q': 1, 'r': 1, 's': 1, 't': 1, 'u': 1, 'v': 1, 'w': 1, 'x': 1, 'y': 1, 'z': 1,
	'_': 1, ':': 1, '0': 2, '1': 2, '2': 2, '3': 2, '4': 2, '5': 2, '6': 2, '7': 2, '8': 2, '9': 2, '-': 2, '.': 2,
}

func isNameStart(c byte) bool { return nameBytes[c] == 1 || c >= utf8.RuneSelf }

func isNameByte(c byte) bool { return nameBytes[c] != 0 || c >= utf8.RuneSelf }

// nameEnd returns where the name that starts at i ends.
func nameEnd(b []byte, i, end int) int {
	for i < end && isNameByte(b[i]) {
		i++
	}
	return i
}

// validName reports whether a name with bytes beyond ASCII is one by the tables
// of encoding/xml, which are the fourth edition's.
func validName(name []byte) bool {
	_, err := xml.NewDecoder(io.MultiReader(strings.NewReader("<a "), strings.NewReader(string(name)), strings.NewReader(`=""/>`))).Token()
	return err == nil
}

// lowerInto writes name in lower case to buf and returns it, or nil if it does
// not fit: then it is none of the names that matter.
func lowerInto(buf *[24]byte, name []byte) []byte {
	if len(name) > len(buf) {
		return nil
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	return buf[:len(name)]
}

// hasPrefixFold is bytes.HasPrefix without regard to the case of ASCII letters;
// prefix is in lower case.
func hasPrefixFold(b []byte, prefix string) bool {
	if len(b) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}
