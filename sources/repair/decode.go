package repair

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// decode turns a body into valid UTF-8 and names the encoding it was in.
//
// The evidence is weighed in this order: byte order mark, pattern of NULs,
// validity as UTF-8 (which wins over every declaration, save escape sequences
// of ISO 2022), the document's own declaration and the HTTP charset (whichever
// decodes without errors, the document's first), statistics of the text,
// windows-1252. Nothing is ever refused for an unknown label.
func decode(body []byte, contentType string, limit int) ([]byte, string, error) {
	if text, name, ok, err := decodeWide(body, limit); ok || err != nil {
		return text, name, err
	}
	body = trimMarks(body)
	labels := declaredLabels(body, contentType)
	if utf8.Valid(body) {
		return decodeValid(body, labels, limit)
	}
	if isEBCDIC(body) {
		return decodeEBCDIC(body, limit)
	}
	good, bad := countUTF8(body)
	if labels.sayUTF8() && good >= bad || good >= 4*bad {
		text, err := decodeMixed(body, limit)
		return text, "utf-8", err
	}
	return decodeLegacy(body, labels, limit)
}

// trimMarks drops byte order marks: some generators write UTF-8's twice, others
// UTF-16's in front of bytes.
func trimMarks(body []byte) []byte {
	for {
		switch {
		case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
			body = body[3:]
		case bytes.HasPrefix(body, []byte("\xFF\xFE")), bytes.HasPrefix(body, []byte("\xFE\xFF")):
			body = body[2:]
		default:
			return body
		}
	}
}

// decodeValid handles what is valid UTF-8 already: nothing is to be done but
// for the encodings that hide in ASCII.
func decodeValid(body []byte, labels labels, limit int) ([]byte, string, error) {
	if len(body) > limit {
		return nil, "", failf(TooLarge, "more than %d bytes", limit)
	}
	if bytes.IndexByte(body, escape) < 0 {
		return decodeASCII(body, labels, limit)
	}
	if name, ok := escapedJapanese(body); ok {
		text, bad, err := decodeWith(lookup(name), evenPairs(body), limit)
		if err != nil || float64(bad) <= tolerated*float64(len(body)) && bytes.Count(text, []byte(">"))*2 > bytes.Count(body, []byte(">")) {
			return text, name, err
		} // otherwise an escape is broken, and the markup behind it unreadable
	}
	if text, name, ok := decodeShifted(body); ok {
		return text, name, nil
	}
	return decodeASCII(body, labels, limit)
}

// escape begins the sequences that switch the sets of ISO 2022.
const escape = 0x1B

// decodeASCII handles what is valid UTF-8, unless it is said to be an encoding that
// hides in ASCII without an escape.
func decodeASCII(body []byte, labels labels, limit int) ([]byte, string, error) {
	for _, l := range labels {
		switch l.name {
		case "hz-gb-2312":
			if bytes.Contains(body, []byte("~{")) && isASCII(body) {
				text, _, err := decodeWith(l.enc, body, limit)
				return text, l.name, err
			}
		case "utf-7":
			if isASCII(body) {
				return decodeUTF7(body), "utf-7", nil
			}
		}
	}
	return body, "utf-8", nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// tolerated is the share of undecodable characters up to which a declaration
// is still believed: vendors extend the standard tables by a few characters.
const tolerated = 0.02

// decodeLegacy handles 8-bit and multi-byte encodings.
func decodeLegacy(body []byte, labels labels, limit int) ([]byte, string, error) {
	best, bestName, bestBad := []byte(nil), "", 1.0
	for _, l := range labels {
		if l.enc == nil {
			continue
		}
		text, bad, err := decodeWith(l.enc, body, limit)
		if err != nil {
			return nil, "", err
		}
		if share := float64(bad) / float64(1+len(body)/2); bad == 0 || share < bestBad {
			best, bestName, bestBad = text, l.name, share
		}
		if bestBad == 0 {
			return best, bestName, nil
		}
	}
	if bestBad <= tolerated {
		return best, bestName, nil
	}
	name := sniff(body)
	text, _, err := decodeWith(lookup(name), body, limit)
	return text, name, err
}

// decodeWith decodes the whole of body and counts the characters that the
// encoding does not have.
func decodeWith(enc encoding.Encoding, body []byte, limit int) (text []byte, bad int, err error) {
	if cm, ok := enc.(*charmap.Charmap); ok {
		return decodeBytewise(cm, body, limit)
	}
	dec := enc.NewDecoder().Transformer
	out := make([]byte, 0, len(body)+len(body)/2)
	var buf [16 << 10]byte
	for {
		n, m, terr := dec.Transform(buf[:], body, true)
		bad += bytes.Count(buf[:n], []byte("\uFFFD"))
		out = append(out, buf[:n]...)
		body = body[m:]
		if len(out) > limit {
			return nil, 0, failf(TooLarge, "more than %d bytes once decoded", limit)
		}
		if terr == transform.ErrShortDst && (n > 0 || m > 0) {
			continue
		}
		return out, bad, nil
	}
}

func decodeBytewise(cm *charmap.Charmap, body []byte, limit int) (text []byte, bad int, err error) {
	var table [256]rune
	for i := range table {
		table[i] = cm.DecodeByte(byte(i))
	}
	out := make([]byte, 0, len(body)+len(body)/4)
	for _, c := range body {
		if r := table[c]; r < utf8.RuneSelf {
			out = append(out, byte(r))
		} else {
			if r == utf8.RuneError {
				bad++
			}
			out = utf8.AppendRune(out, r)
		}
	}
	if len(out) > limit {
		return nil, 0, failf(TooLarge, "more than %d bytes once decoded", limit)
	}
	return out, bad, nil
}

// countUTF8 counts the multi-byte sequences of UTF-8 (CESU-8 included) and the
// bytes that belong to none. A sequence cut off by the end counts as neither.
func countUTF8(b []byte) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if r, n := utf8.DecodeRune(b[i:]); r != utf8.RuneError || n > 1 {
			good++
			i += n
		} else if _, n := cesu8(b[i:]); n > 0 {
			good++
			i += n
		} else {
			if utf8.FullRune(b[i:]) {
				bad++
			}
			i++
		}
	}
	return good, bad
}

// decodeMixed keeps every good sequence, joins the surrogates of CESU-8, and
// reads stray bytes as windows-1252: a template in one encoding, its text in
// another.
func decodeMixed(b []byte, limit int) ([]byte, error) {
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if r, n = cesu8(b); n == 0 {
				r, n = charmap.Windows1252.DecodeByte(b[0]), 1
			}
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	if len(out) > limit {
		return nil, failf(TooLarge, "more than %d bytes once decoded", limit)
	}
	return out, nil
}

// cesu8 reads one character beyond the basic plane that was written as two
// surrogates of three bytes each (Unicode Technical Report 26); a lone
// surrogate becomes U+FFFD. n is 0 where there is none.
func cesu8(b []byte) (r rune, n int) {
	hi, ok := surrogate(b)
	if !ok {
		return 0, 0
	}
	if hi < 0xDC00 {
		if lo, ok := surrogate(b[3:]); ok && lo >= 0xDC00 {
			return 0x10000 + (hi-0xD800)<<10 + (lo - 0xDC00), 6
		}
	}
	return utf8.RuneError, 3
}

func surrogate(b []byte) (rune, bool) {
	if len(b) < 3 || b[0] != 0xED || b[1]&0xE0 != 0xA0 || b[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), true
}
