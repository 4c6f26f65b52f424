package repair

import (
	"bytes"
	"html"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// reference is what an ampersand in the source stands for.
type reference struct {
	n     int    // bytes of the source it takes
	keep  bool   // it is well-formed as it is
	text  string // otherwise: the characters it means, not escaped; may be empty
	count repair // what was done
}

// readReference reads the entity or character reference at the start of b,
// which starts with an ampersand. What is no reference means itself.
func (r *rewriter) readReference(b []byte) reference {
	switch {
	case bytes.HasPrefix(b, []byte("&lt;")), bytes.HasPrefix(b, []byte("&gt;")):
		return reference{n: 4, keep: true}
	case bytes.HasPrefix(b, []byte("&amp;")):
		return reference{n: 5, keep: true}
	case bytes.HasPrefix(b, []byte("&quot;")), bytes.HasPrefix(b, []byte("&apos;")):
		return reference{n: 6, keep: true}
	}
	if len(b) > 1 && b[1] == '#' {
		if ref := readCharRef(b); ref.n > 0 {
			return ref
		}
		return reference{n: 1, text: "&", count: bareAmpersand}
	}
	if n := entityName(b); n > 0 {
		if v, ok := r.entities.expand(b[1 : n-1]); ok {
			return reference{n: n, text: v, count: ownEntity}
		}
		if v := r.htmlEntity(b[:n]); v != "" {
			return reference{n: n, text: v, count: namedEntity}
		}
	}
	return reference{n: 1, text: "&", count: bareAmpersand}
}

// entityName returns the length of "&name;" at the start of b, or 0.
func entityName(b []byte) int {
	i := 1
	for i < len(b) && i < 64 && (nameBytes[b[i]] != 0 || b[i] >= utf8.RuneSelf) {
		i++
	}
	if i == 1 || i == len(b) || b[i] != ';' || nameBytes[b[1]] == 2 {
		return 0
	}
	return i + 1
}

// htmlEntity looks "&name;" up in HTML's table and returns "" for what is not
// in it. Names that HTML knows without a semicolon only ("&copyright;") are not.
func (r *rewriter) htmlEntity(ref []byte) string {
	if v, ok := r.named[string(ref)]; ok {
		return v
	}
	s := string(ref)
	v := html.UnescapeString(s)
	if v == s || v == html.UnescapeString(s[:len(s)-1])+";" {
		v = ""
	}
	if r.named == nil {
		r.named = make(map[string]string)
	}
	if len(r.named) < maxEntities {
		r.named[s] = v
	}
	return v
}

// readCharRef reads "&#…;". References to characters that XML forbids are
// dropped, to C1 controls read as windows-1252; surrogates are joined, and so
// are the bytes of UTF-8 that some generators reference one by one.
func readCharRef(b []byte) reference {
	v, n, lower := charRef(b)
	if n == 0 {
		return reference{}
	}
	if utf16.IsSurrogate(v) {
		if w, m, _ := charRef(b[n:]); m > 0 {
			if pair := utf16.DecodeRune(v, w); pair != utf8.RuneError {
				return reference{n: n + m, text: string(pair), count: badReference}
			}
		}
	}
	if v >= 0xC2 && v <= 0xF4 {
		if text, m := referencedUTF8(b); m > 0 {
			return reference{n: m, text: text, count: badReference}
		}
	}
	switch {
	case validChar(v):
		if lower {
			return reference{n: n, keep: true}
		}
		return reference{n: n, text: string(v), count: badReference}
	case v >= 0x80 && v < 0xA0 && windowsChar(v) > 0:
		return reference{n: n, text: string(windowsChar(v)), count: badReference}
	}
	return reference{n: n, count: badReference}
}

// charRef parses one reference. lower is false for "&#X…;", which XML does not
// allow.
func charRef(b []byte) (v rune, n int, lower bool) {
	if len(b) < 4 || b[0] != '&' || b[1] != '#' {
		return 0, 0, false
	}
	i, base := 2, 10
	lower = b[2] != 'X'
	if b[2]|0x20 == 'x' {
		i, base = 3, 16
	}
	start := i
	for i < len(b) && i < 64 && isHexDigit(b[i]) {
		i++
	}
	if i == start || i == len(b) || b[i] != ';' {
		return 0, 0, false
	}
	u, err := strconv.ParseUint(string(b[start:i]), base, 64)
	if numErr, ok := err.(*strconv.NumError); ok && numErr.Err == strconv.ErrSyntax {
		return 0, 0, false // hexadecimal digits in a decimal reference
	}
	if u > utf8.MaxRune {
		u = utf8.MaxRune + 1 // forbidden, whatever it is
	}
	return rune(u), i + 1, lower
}

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// referencedUTF8 reads "&#226;&#128;&#166;": a character of UTF-8 whose bytes
// were each taken for a character. A C1 control among them is the proof.
func referencedUTF8(b []byte) (string, int) {
	var seq [utf8.UTFMax]byte
	n, proof := 0, false
	for i := range seq {
		v, m, _ := charRef(b[n:])
		if m == 0 || v > 0xFF || i > 0 && v&0xC0 != 0x80 {
			break
		}
		proof = proof || v >= 0x80 && v < 0xA0
		seq[i] = byte(v)
		n += m
		if utf8.FullRune(seq[:i+1]) {
			r, size := utf8.DecodeRune(seq[:i+1])
			if proof && size == i+1 && r != utf8.RuneError && validChar(r) {
				return string(r), n
			}
			break
		}
	}
	return "", 0
}

// appendReferences writes text so that any XML parser reads it back: markup and
// all beyond ASCII as decimal references, which survive a parser's trimming of
// white space as the original's did.
func appendReferences(dst []byte, text string) []byte {
	if text == "&" {
		return append(dst, "&amp;"...)
	}
	for _, c := range text {
		switch {
		case c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' || c >= utf8.RuneSelf:
			dst = append(dst, "&#"...)
			dst = strconv.AppendInt(dst, int64(c), 10)
			dst = append(dst, ';')
		default:
			dst = append(dst, string(c)...)
		}
	}
	return dst
}
