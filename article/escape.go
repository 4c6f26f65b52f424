package article

import "strings"

// encode percent-encodes what RFC 3986 has no place for in a path, a query or a
// fragment: controls, space, "<>`{}[]|\^#, a lone "%", and all but ASCII.
func encode(s string) string {
	i := 0
	for i < len(s) && urlByte(s, i) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	for ; i < len(s); i++ {
		if urlByte(s, i) {
			b.WriteByte(s[i])
		} else {
			escapeByte(&b, s[i])
		}
	}
	return b.String()
}

func escapeByte(b *strings.Builder, c byte) {
	const hex = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(hex[c>>4])
	b.WriteByte(hex[c&15])
}

func urlByte(s string, i int) bool {
	switch c := s[i]; c {
	case '"', '<', '>', '`', '{', '}', '[', ']', '|', '\\', '^', '#':
		return false
	case '%':
		return i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0
	default:
		return c > ' ' && c < 0x7F
	}
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// unescape decodes percent-encoding; what is none stays.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// spell is percent-encoding in one spelling: what needs none has none, the
// digits are upper case, what needs it has it.
func spell(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return encode(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && urlByte(s, i):
			c := byte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			if unreserved(c) {
				b.WriteByte(c)
			} else {
				escapeByte(&b, c)
			}
			i += 2
		case urlByte(s, i):
			b.WriteByte(s[i])
		default:
			escapeByte(&b, s[i])
		}
	}
	return b.String()
}

// unreserved is RFC 3986 section 2.3.
func unreserved(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '.' || c == '_' || c == '~'
}
