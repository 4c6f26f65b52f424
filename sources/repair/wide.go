package repair

import (
	"bytes"
	"encoding/base64"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// wide is an encoding of fixed-width units.
type wide struct {
	name string
	size int // bytes a unit
	big  bool
}

var wides = [...]wide{
	{"utf-32le", 4, false}, {"utf-32be", 4, true},
	{"utf-16le", 2, false}, {"utf-16be", 2, true},
}

// unit reads the unit at the start of b.
func (w wide) unit(b []byte) rune {
	switch {
	case w.size == 2 && w.big:
		return rune(b[0])<<8 | rune(b[1])
	case w.size == 2:
		return rune(b[1])<<8 | rune(b[0])
	case w.big:
		return rune(b[0])<<24 | rune(b[1])<<16 | rune(b[2])<<8 | rune(b[3])
	}
	return rune(b[3])<<24 | rune(b[2])<<16 | rune(b[1])<<8 | rune(b[0])
}

// decodeWide handles UTF-16 and UTF-32, with and without a byte order mark. A
// mark that the text after it contradicts is stepped over by the caller.
func decodeWide(body []byte, limit int) (text []byte, name string, ok bool, err error) {
	for _, w := range wides { // 32 before 16: FF FE 00 00 starts with FF FE
		marked := len(body) >= w.size && w.unit(body) == 0xFEFF
		if marked && w.plausible(body[w.size:]) || w.patterned(body) {
			text, err = w.decode(body, limit)
			return text, w.name, true, err
		}
	}
	return nil, "", false, nil
}

// plausible reports whether markup or JSON appears in the first units.
func (w wide) plausible(b []byte) bool {
	for i := 0; i+w.size <= len(b) && i < 4096; i += w.size {
		if u := w.unit(b[i:]); u == '<' || u == '{' || u == '[' {
			return true
		}
	}
	return len(b) < w.size
}

// patterned reports whether NULs stand where the high bytes of Latin units
// would be: a document's first characters are markup, whatever its language.
func (w wide) patterned(b []byte) bool {
	b = b[:min(len(b), 256)/w.size*w.size]
	if len(b) < 2*w.size {
		return false
	}
	latin, units := 0, 0
	for ; len(b) > 0; b = b[w.size:] {
		units++
		if u := w.unit(b); u > 0 && u < utf8.RuneSelf {
			latin++
		}
	}
	return latin*10 >= units*6
}

func (w wide) decode(b []byte, limit int) ([]byte, error) {
	out := make([]byte, 0, min(len(b), limit)+utf8.UTFMax)
	bad, units := 0, 0
	for ; len(b) >= w.size; b = b[w.size:] {
		r := w.unit(b)
		units++
		if w.size == 2 && utf16.IsSurrogate(r) && len(b) >= 4 {
			if pair := utf16.DecodeRune(r, w.unit(b[2:])); pair != utf8.RuneError {
				r, b = pair, b[2:]
			}
		}
		if !utf8.ValidRune(r) {
			bad++
			r = utf8.RuneError
		}
		if r != 0xFEFF || len(out) > 0 {
			out = utf8.AppendRune(out, r)
		}
		if len(out) > limit {
			return nil, failf(TooLarge, "more than %d bytes once decoded", limit)
		}
	}
	if bad > 16 && bad > units/8 {
		return nil, failf(Charset, "%d of %d units are not %s", bad, units, w.name)
	}
	return out, nil
}

// isEBCDIC recognises "<?xm" and a few other starts in EBCDIC (XML 1.0 appendix F).
func isEBCDIC(b []byte) bool {
	for _, start := range []string{"\x4C\x6F\xA7\x94", "\x4C\x99\xA2\xA2", "\x4C\x86\x85\x85\x84"} {
		if bytes.HasPrefix(b, []byte(start)) {
			return true
		}
	}
	return false
}

// decodeEBCDIC reads the declaration in code page 37, whose letters and digits
// all EBCDIC pages share, and then the whole in the page it names.
func decodeEBCDIC(body []byte, limit int) ([]byte, string, error) {
	text, _, err := decodeBytewise(charmap.CodePage037, body, limit)
	if err != nil {
		return nil, "", err
	}
	name := "ibm037"
	if l := xmlDeclaration(text); l.name == "ibm1047" || l.name == "ibm01140" {
		name = l.name
		text, _, err = decodeWith(lookup(name), body, limit)
	}
	return bytes.ReplaceAll(text, []byte("\u0085"), []byte("\n")), name, err
}

// escapedJapanese reports whether the text switches to a Japanese set by an
// escape sequence of ISO-2022-JP.
func escapedJapanese(b []byte) (string, bool) {
	for {
		i := bytes.IndexByte(b, escape)
		if i < 0 {
			return "", false
		}
		b = b[i+1:]
		for _, set := range []string{"$@", "$B", "$(D", "(J", "(I"} {
			if bytes.HasPrefix(b, []byte(set)) {
				return "iso-2022-jp", true
			}
		}
	}
}

// evenPairs repairs ISO-2022-JP in which a byte is missing: a two-byte set is
// left at the end of a line, and a lone byte before an escape is dropped.
func evenPairs(b []byte) []byte {
	out := make([]byte, 0, len(b)+16)
	double, start := false, 0 // where the pairs begin in out
	end := func() {
		if double && (len(out)-start)%2 == 1 {
			out = out[:len(out)-1]
		}
	}
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == escape:
			end()
			n := min(len(b), i+3)
			if bytes.HasPrefix(b[i+1:], []byte("$(")) {
				n = min(len(b), i+4)
			}
			double = bytes.HasPrefix(b[i+1:], []byte("$"))
			out = append(out, b[i:n]...)
			start = len(out)
			i = n - 1
		case double && (c == '\n' || c == '\r'):
			end()
			out = append(out, "\x1B(B"...)
			out = append(out, c)
			double = false
		default:
			out = append(out, c)
		}
	}
	return out
}

// decodeShifted handles ISO-2022-KR and -CN (RFC 1557, RFC 1922): between
// shift-out and shift-in the bytes are those of EUC-KR or GB 2312 less 0x80.
func decodeShifted(b []byte) (text []byte, name string, ok bool) {
	euc := ""
	switch {
	case bytes.Contains(b, []byte("\x1B$)C")):
		name, euc = "iso-2022-kr", "euc-kr"
	case bytes.Contains(b, []byte("\x1B$)A")):
		name, euc = "iso-2022-cn", "gb18030"
	default:
		return nil, "", false
	}
	out := make([]byte, 0, len(b))
	shifted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == escape && i+3 < len(b) && b[i+1] == '$':
			i += 3
		case c == 0x0E:
			shifted = true
		case c == 0x0F || c == '\n':
			shifted = false
			if c == '\n' {
				out = append(out, c)
			}
		case shifted && c > 0x20 && c < 0x7F:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	text, _, err := decodeWith(lookup(euc), out, 4*len(out))
	return text, name, err == nil
}

// decodeUTF7 reads RFC 2152: "+" starts modified base64 of UTF-16, which "-" or
// any other character ends.
func decodeUTF7(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			out = append(out, b[i])
			continue
		}
		end := i + 1
		for end < len(b) && isBase64(b[end]) {
			end++
		}
		units, err := base64.RawStdEncoding.DecodeString(string(b[i+1 : end]))
		switch {
		case end == i+1 && end < len(b) && b[end] == '-':
			out = append(out, '+')
		case err != nil || len(units) < 2:
			out = append(out, b[i:end]...)
			i = end - 1
			continue
		default:
			text, _ := wide{"utf-16be", 2, true}.decode(units[:len(units)&^1], 4*len(units))
			out = append(out, text...)
		}
		if end < len(b) && b[end] == '-' {
			end++
		}
		i = end - 1
	}
	return out
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
