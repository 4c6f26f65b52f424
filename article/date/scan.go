package date

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxInput  = 128 // bytes of a date that are read
	maxTokens = 48
)

// The kinds of token; a mark is its own kind.
const (
	end    = 0
	number = '0'
	letter = 'a'
)

// token is a number, a word or a mark of the text.
type token struct {
	kind   byte
	spaced bool  // white space stands before it
	upper  bool  // a word in ASCII capitals
	digits uint8 // of a number
	start  uint8 // of a word, in the folded text
	stop   uint8
	value  int64
	word   *word // what the word is known as; nil if unknown
}

// scanner cuts a text into tokens.
type scanner struct {
	text   [2 * maxInput]byte // the words, folded
	fill   int
	tokens [maxTokens + 10]token // the last ones stay empty: there the parser looks ahead
	n      int
	spaced bool
	hangul bool
	thai   bool
	vocab  map[string]*word
}

// scan fills the tokens; it reports false if there is something in s that
// belongs to no date.
func (s *scanner) scan(in string) bool {
	if len(in) > maxInput {
		in = strings.TrimSpace(in)
		for len(in) > maxInput || !utf8.RuneStart((in + "x")[len(in)]) {
			in = in[:min(maxInput, len(in)-1)]
		}
	}
	if strings.IndexByte(in, '&') >= 0 {
		in = html.UnescapeString(in)
		if len(in) > maxInput {
			return false
		}
	}
	for i := 0; i < len(in); {
		c := in[i]
		switch {
		case s.n >= maxTokens:
			return false
		case c >= '0' && c <= '9':
			i = s.number(in, i)
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			i = s.word(in, i)
		case c == ' ' || c >= '\t' && c <= '\r':
			s.spaced = true
			i++
		case c < utf8.RuneSelf:
			if !s.mark(c) {
				return false
			}
			i++
		default:
			r, n := utf8.DecodeRuneInString(in[i:])
			switch kind, c := classify(r); kind {
			case asDigit:
				i = s.number(in, i)
			case asLetter:
				i = s.word(in, i)
			case asMark:
				s.mark(c)
				i += n
			case asSpace:
				s.spaced = true
				i += n
			case asNothing:
				i += n
			default:
				return false
			}
		}
	}
	return s.n > 0
}

// mark adds a mark; it reports false for one that no date has.
func (s *scanner) mark(c byte) bool {
	switch c {
	case ',', '.', '-', '/', ':', '+', '(', ')', '[', ']', '\'', '"', ';', '|', '_', '@', '\\', '`':
		s.add(token{kind: c})
		return true
	case '<', '>', '=', '*', '!', '~', '{', '}':
		return false
	}
	return false
}

func (s *scanner) add(t token) {
	t.spaced = s.spaced
	s.spaced = false
	s.tokens[s.n] = t
	s.n++
}

// number reads a run of digits, of any script.
func (s *scanner) number(in string, i int) int {
	t := token{kind: number}
	tens := false // 二十: the next digit is added
	for i < len(in) {
		c, n := rune(in[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(in[i:])
			kind, d := classify(c)
			if kind != asDigit {
				break
			}
			if c = rune(d); d == ten {
				t.value, tens = max(t.value, 1)*10, t.value < 10
				t.digits, i = 2, i+n
				continue
			}
		}
		if c < '0' || c > '9' {
			break
		}
		switch {
		case tens:
			t.value, tens = t.value+int64(c-'0'), false
			i += n
			continue
		case t.digits < 18:
			t.value = t.value*10 + int64(c-'0')
		}
		t.digits++
		i += n
	}
	s.add(t)
	return i
}

// word reads a run of letters. Short parts with full stops between them are one
// word ("a.m.", "ม.ค."). In scripts that don't space their words the longest
// known word ends the run.
func (s *scanner) word(in string, i int) int {
	t := token{kind: letter, start: uint8(s.fill), upper: true}
	part := 0 // letters since the last full stop
	first, _ := utf8.DecodeRuneInString(in[i:])
	for i < len(in) {
		r, n := utf8.DecodeRuneInString(in[i:])
		if part > 0 && european(r) != european(first) && r != '.' {
			break // PMకి
		}
		if r == '.' && part > 0 && part <= 3 && s.joins(in[i+1:]) {
			part = 0
			i += n
			continue
		}
		if unspaced(r) {
			if part > 0 {
				break
			}
			return s.unspacedWord(in, i)
		}
		kind := asLetter
		if r >= utf8.RuneSelf {
			if kind, _ = classify(r); kind != asLetter && kind != asNothing {
				break
			}
		} else if r|0x20 < 'a' || r|0x20 > 'z' {
			break
		}
		if kind == asLetter {
			if r < 'A' || r > 'Z' {
				t.upper = false
			}
			s.write(fold(r))
			part++
		}
		i += n
	}
	t.stop = uint8(s.fill)
	t.word = s.vocab[string(s.text[t.start:t.stop])]
	s.add(t)
	return i
}

// european tells Latin, Greek and Cyrillic letters, which share words with one
// another in dates, from those of other scripts.
func european(r rune) bool { return r < 0x0530 || r >= 0x1E00 && r < 0x2000 }

// joins reports whether rest, which follows "x.", goes on with a short part of
// the same abbreviation.
func (s *scanner) joins(rest string) bool {
	n := 0
	for _, r := range rest {
		if r < utf8.RuneSelf && (r|0x20 < 'a' || r|0x20 > 'z') || r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		if n++; n > 3 {
			return false
		}
	}
	return n > 0
}

// longestUnspaced is the length of the longest word of unspaced scripts, in
// characters.
const longestUnspaced = 4

// unspacedWord reads the longest known word at the start of a run of Chinese,
// Japanese or Korean, or one unknown character.
func (s *scanner) unspacedWord(in string, i int) int {
	t := token{kind: letter, start: uint8(s.fill)}
	var ends [longestUnspaced]int
	n := 0
	for j := i; j < len(in) && n < longestUnspaced; n++ {
		r, size := utf8.DecodeRuneInString(in[j:])
		if !unspaced(r) {
			break
		}
		s.hangul = s.hangul || r >= 0xAC00
		s.write(r)
		j += size
		ends[n] = j
	}
	for ; n > 1; n-- {
		if w, ok := s.vocab[in[i:ends[n-1]]]; ok {
			t.word = w
			break
		}
	}
	if n == 1 {
		t.word = s.vocab[in[i:ends[0]]]
	}
	s.fill = int(t.start) + ends[n-1] - i
	t.stop = uint8(s.fill)
	s.add(t)
	return ends[n-1]
}

// write appends to the folded text; what doesn't fit makes an unknown word.
func (s *scanner) write(r rune) {
	if r == 0 || s.fill+utf8.UTFMax > 255 {
		return
	}
	if r < utf8.RuneSelf {
		s.text[s.fill] = byte(r)
		s.fill++
		return
	}
	s.thai = s.thai || r >= 0x0E00 && r < 0x0E80
	s.fill += utf8.EncodeRune(s.text[s.fill:], r)
}
