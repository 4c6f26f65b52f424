package syndication

import (
	"bytes"
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// giveUp leaves the document to gofeed.
func (p *plainJSON) giveUp() { p.other, p.pos = true, len(p.in) }

// peek is the byte at hand, 0 at the end.
func (p *plainJSON) peek() byte {
	if p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

func (p *plainJSON) space() {
	for p.pos < len(p.in) && (p.in[p.pos] == ' ' || p.in[p.pos] == '\n' || p.in[p.pos] == '\t' || p.in[p.pos] == '\r') {
		p.pos++
	}
}

// enter steps over the bracket that opens an object or a list.
func (p *plainJSON) enter(bracket byte) {
	if p.peek() != bracket {
		p.giveUp()
		return
	}
	p.pos++
}

// list enters a list that stands for the first time. It is false for null.
func (p *plainJSON) list(first bool) bool {
	if !first {
		p.giveUp()
	}
	if p.null() {
		return false
	}
	p.enter('[')
	return !p.other
}

// more reports whether another member or element follows, which it steps up to.
func (p *plainJSON) more(closing byte) bool {
	p.space()
	if p.peek() == ',' {
		p.pos++
		p.space()
	}
	if p.peek() == closing {
		p.pos++
		return false
	}
	return !p.other
}

// key reads a member's name up to its value. Names that encoding/json could take for
// others, for it knows no case, are not plain.
func (p *plainJSON) key() []byte {
	end := -1
	if p.peek() == '"' {
		end = bytes.IndexByte(p.in[p.pos+1:], '"')
	}
	if end < 0 {
		p.giveUp()
		return nil
	}
	name := p.in[p.pos+1 : p.pos+1+end]
	for _, c := range name {
		if c >= utf8.RuneSelf || c == '\\' || c >= 'A' && c <= 'Z' {
			p.giveUp()
			return nil
		}
	}
	p.pos += end + 2
	if p.space(); p.peek() != ':' {
		p.giveUp()
		return nil
	}
	p.pos++
	p.space()
	return name
}

// word steps over a word if it is the value at hand.
func (p *plainJSON) word(w string) bool {
	if len(p.in)-p.pos < len(w) || string(p.in[p.pos:p.pos+len(w)]) != w {
		return false
	}
	p.pos += len(w)
	return true
}

func (p *plainJSON) null() bool { return p.word("null") }

// truth reads true, false or null, which is false.
func (p *plainJSON) truth() bool {
	if p.word("true") {
		return true
	}
	if !p.word("false") && !p.null() {
		p.giveUp()
	}
	return false
}

// number reads a count in digits, or null, which is 0.
func (p *plainJSON) number() (n int64) {
	if p.null() {
		return 0
	}
	from := p.pos
	for ; p.peek() >= '0' && p.peek() <= '9' && n < math.MaxInt64/100; p.pos++ {
		n = n*10 + int64(p.peek()-'0')
	}
	if c := p.peek(); p.pos == from || c != ',' && c != '}' && c != ' ' && c != '\n' && c != '\r' && c != '\t' {
		p.giveUp()
	}
	return n
}

// text reads a string that stands for the first time, or null.
func (p *plainJSON) text(to *string) {
	if *to != "" {
		p.giveUp()
	}
	if !p.null() {
		*to = p.str()
	}
}

// unread passes over a string or null.
func (p *plainJSON) unread() {
	if p.peek() != '"' && p.peek() != 'n' {
		p.giveUp()
	}
	p.skip()
}

// str reads a string.
func (p *plainJSON) str() string {
	if p.peek() != '"' {
		p.giveUp()
		return ""
	}
	from := p.pos + 1
	p.skip()
	if p.other {
		return ""
	}
	s := p.in[from : p.pos-1]
	i := bytes.IndexByte(s, '\\')
	if i < 0 {
		return string(s)
	}
	b := p.buf[:0]
	for ; i >= 0; i = bytes.IndexByte(s, '\\') {
		b = append(b, s[:i]...)
		c, n := unescape(s[i:])
		b, s = utf8.AppendRune(b, c), s[i+n:]
	}
	p.buf = append(b, s...)
	return string(p.buf)
}

// unescape reads the escape sequence at the start of s, and how long it is.
func unescape(s []byte) (c rune, length int) {
	switch s[1] {
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'u':
		c = hex4(s[2:])
		if !utf16.IsSurrogate(c) {
			return c, 6
		}
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if pair := utf16.DecodeRune(c, hex4(s[8:])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return rune(s[1]), 2 // itself
}

// hex4 reads four hexadecimal digits.
func hex4(s []byte) (c rune) {
	for _, d := range s[:min(4, len(s))] {
		c = c<<4 | rune(d&0xF) + rune(d>>6)*9
	}
	return c
}

// skip passes over a value.
func (p *plainJSON) skip() {
	for depth := 0; p.pos < len(p.in); {
		switch c := p.in[p.pos]; c {
		case '"':
			if p.skipString(); depth == 0 {
				return
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return // behind a number or a word
			}
			if depth--; depth == 0 {
				p.pos++
				return
			}
		case ',':
			if depth == 0 {
				return
			}
		}
		p.pos++
	}
}

// skipString passes over the string at hand.
func (p *plainJSON) skipString() {
	for i := p.pos + 1; ; {
		n := bytes.IndexByte(p.in[i:], '"')
		if n < 0 {
			p.giveUp()
			return
		}
		i += n
		slashes := 0
		for p.in[i-1-slashes] == '\\' {
			slashes++
		}
		if i++; slashes%2 == 0 {
			p.pos = i
			return
		}
	}
}
