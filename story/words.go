package story

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text as the engine sees it: hashes, never the letters.
type word struct {
	hash uint32 // of the folded word, for shingles
	stem uint32 // of its stem; 0 for what carries no meaning
	at   uint32 // where the letters of a long word are, for languages that join words
	size uint32 // ... and how many; 0: it is short
	kind kind
	meaning
}

// kind says what sort of word it is.
type kind uint8

const (
	name    kind = 1 << iota // written with a capital where a common word would not be
	number                   // has digits
	score                    // two numbers, as in 2-1
	inHead                   // stands in the headline
	inPlace                  // names a place of the article
	initial                  // begins a sentence, so that its capital says nothing
	capital                  // begins with a capital
	piece                    // a part of a longer word
)

// reader splits text into words. It keeps its buffers from one text to the next.
type reader struct {
	lexicon *lexicon
	words   []word
	buf     []byte
	letters []byte   // of the long words
	states  []uint64 // of the hash of the word in buf, after each of its bytes
	votes   [maxLanguages]int
	deep    int  // so many words get stems; the others are just counted and sketched
	first   bool // the next word begins a sentence
	ideo    rune // the character before, in scripts without spaces
}

// read appends the words of s until there are max.
func (d *reader) read(s string, max int) {
	d.first, d.ideo = true, 0
	for i := 0; i < len(s) && len(d.words) < max; {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			i = d.number(s, i)
		case c < utf8.RuneSelf:
			if c|0x20 >= 'a' && c|0x20 <= 'z' {
				i = d.word(s, i)
				continue
			}
			d.separator(rune(c))
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			switch {
			case spaceless(r):
				d.character(r)
				i += n
			case unicode.IsLetter(r):
				i = d.word(s, i)
			default:
				d.separator(r)
				i += n
			}
		}
	}
}

// separator notes the end of a sentence.
func (d *reader) separator(r rune) {
	switch r {
	case '.', '!', '?', ':', '\n', '"', '“', '„', '«', '»', '‘', '(', '¿', '¡', '…', '–', '—', '|':
		d.first = true
	case ' ':
		return
	}
	d.ideo = 0
}

// word reads the word at i and returns where it ends.
func (d *reader) word(s string, i int) int {
	d.buf, d.states = d.buf[:0], d.states[:0]
	h, upper := uint64(hashBegin), false
	for start := i; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			switch {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			case c >= 'A' && c <= 'Z':
				upper = upper || i == start
				c |= 0x20
			default:
				d.end(upper)
				return i
			}
			h = (h ^ uint64(c)) * hashPrime
			d.buf, d.states = append(d.buf, c), append(d.states, h)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) || spaceless(r) {
			break
		}
		upper = upper || i == start && unicode.IsUpper(r)
		d.fold(r)
		for _, c := range d.buf[len(d.states):] {
			h = (h ^ uint64(c)) * hashPrime
			d.states = append(d.states, h)
		}
		i += n
	}
	d.end(upper)
	return i
}

// begin is the hash of the first n bytes of the word in the buffer.
func (d *reader) begin(n int) uint32 { return finish(d.states[n-1]) }

// end takes in the word in the buffer.
func (d *reader) end(upper bool) {
	if len(d.buf) == 0 {
		return
	}
	w := word{hash: d.begin(len(d.buf))}
	if upper {
		w.kind |= capital
	}
	if d.first {
		w.kind |= initial
	}
	w.meaning = d.lexicon.look(w.hash, &d.votes)
	if n := len(d.buf); n > 1 && len(d.words) < d.deep { // single letters are rests of l', d', 's and of initials
		w.stem = d.begin(stem(d.buf))
		if n >= joinedLetters && d.buf[0] < utf8.RuneSelf {
			w.at, w.size = uint32(len(d.letters)), uint32(n)
			d.letters = append(d.letters, d.buf...)
		}
	}
	d.words = append(d.words, w)
	d.first, d.ideo = false, 0
}

// A word of so many letters may be two that were joined, or one that another
// begins or ends with; so many letters of its begin and end are held to be the
// same there.
const (
	joinedLetters = 7
	partLetters   = 5
)

// parts are how a long word begins and ends.
func (d *reader) parts(w *word) (begin, end uint32) {
	b := d.letters[w.at : w.at+w.size]
	last := b[len(b)-partLetters:]
	return hashOf(b[:stem(b[:partLetters])]), hashOf(last[:stem(last)])
}

// joins are the languages that write compounds as one word.
const joins = "de nl sv da no fi"

// fold appends a letter in lower case without its accents.
func (d *reader) fold(r rune) {
	r = unicode.ToLower(r)
	switch r {
	case 'ß':
		d.buf = append(d.buf, 's', 's')
		return
	case 'ø':
		r = 'o'
	case 'æ':
		d.buf = append(d.buf, 'a', 'e')
		return
	case 'œ':
		d.buf = append(d.buf, 'o', 'e')
		return
	case 'ł':
		r = 'l'
	case 'ı':
		r = 'i'
	}
	if unicode.Is(unicode.Mn, r) {
		return
	}
	n := len(d.buf)
	d.buf = utf8.AppendRune(d.buf, r)
	if r >= 0xC0 && r < 0x250 {
		if base := norm.NFD.Properties(d.buf[n:]).Decomposition(); len(base) > 0 && base[0] < utf8.RuneSelf {
			d.buf = append(d.buf[:n], base[0])
		}
	}
}

// number reads the number at i: thousands are joined, decimals cut off at any
// sign, and two small numbers with a hyphen or colon between them are a score.
func (d *reader) number(s string, i int) int {
	d.buf = d.buf[:0]
	w := word{kind: number}
	groups := 1
	for i < len(s) {
		c := s[i]
		if c >= '0' && c <= '9' {
			d.buf = append(d.buf, c)
			i++
			continue
		}
		sep, n := between(s, i)
		if n == 0 {
			break
		}
		switch digits := run(s[i+n:]); {
		case (sep == '.' || sep == ',' || sep == ' ') && digits == 3 && len(d.buf) <= 3*groups:
			groups++
		case (sep == '-' || sep == ':') && digits <= 3 && len(d.buf) <= 3 && w.kind&score == 0:
			w.kind |= score
			d.buf = append(d.buf, '-')
		case sep == '.' || sep == ',':
			d.buf = append(d.buf, '.')
		default:
			n = 0
		}
		if n == 0 {
			break
		}
		i += n
	}
	for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z') && len(d.buf) < 64 { // 3rd, 5km, 737b
		d.buf = append(d.buf, s[i]|0x20)
		i++
	}
	w.hash = hashOf(d.buf)
	w.stem = w.hash
	d.words = append(d.words, w)
	d.first, d.ideo = false, 0
	return i
}

// between returns the sign between two digits at i and its length.
func between(s string, i int) (sep rune, n int) {
	r, n := utf8.DecodeRuneInString(s[i:])
	if i+n >= len(s) || s[i+n] < '0' || s[i+n] > '9' {
		return 0, 0
	}
	switch r {
	case '.', ',', ':', '-':
		return r, n
	case '–', '‑', '−':
		return '-', n
	case '\u00a0', '\u202f', ' ', '\'', '’':
		return ' ', n
	}
	return 0, 0
}

// run counts the digits that s begins with.
func run(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// character takes in one character of a script without spaces: alone for
// shingles, and with the one before it as a word.
func (d *reader) character(r rune) {
	d.buf = utf8.AppendRune(d.buf[:0], r)
	w := word{hash: hashOf(d.buf)}
	if d.ideo != 0 {
		d.buf = utf8.AppendRune(d.buf, d.ideo)
		w.stem = hashOf(d.buf)
	}
	d.words = append(d.words, w)
	d.first, d.ideo = false, r
}

// spaceless reports whether r is of a script that writes no spaces: Han, kana,
// Thai, Lao, Khmer, Myanmar.
func spaceless(r rune) bool {
	return r >= 0x0E00 && r <= 0x0EFF || r >= 0x1000 && r <= 0x109F || r >= 0x1780 && r <= 0x17FF ||
		r >= 0x3041 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x3FFFD
}

// stem cuts the endings that inflection adds in the large languages that write
// with Latin letters, and returns how much of the word is left; that only has to
// be the same for the forms of one word, it need not be a word.
func stem(w []byte) int {
	n := len(w)
	if w[0] >= utf8.RuneSelf { // other scripts inflect behind their sixth letter, as a rule
		end := 0
		for range 6 {
			_, size := utf8.DecodeRune(w[end:])
			end += size
		}
		return end
	}
	for range 2 {
		before := n
		for _, e := range endings[w[n-1]] {
			if n-len(e) >= 4 && string(w[n-len(e):n]) == e {
				n -= len(e)
				break
			}
		}
		if n == before {
			break
		}
	}
	return n
}

// endings by their last letter, the longer before the shorter that end like them.
var endings = [256][]string{
	'a': {"ada", "a"},
	'd': {"ed", "d"},
	'e': {"ee", "e"},
	'g': {"ung", "ing"},
	'i': {"i"},
	'm': {"em"},
	'n': {"ungen", "ion", "ern", "en", "n"},
	'o': {"ado", "o"},
	'r': {"er"},
	's': {"ments", "ities", "iones", "ions", "ies", "es", "as", "os", "s"},
	't': {"ment", "t"},
	'y': {"ity", "y"},
	'z': {"ez"},
}

// FNV-1a, which goes on from any beginning of a word.
const (
	hashBegin = 14695981039346656037
	hashPrime = 1099511628211
)

// hashOf is FNV-1a with a last mixing, never 0.
func hashOf(b []byte) uint32 {
	h := uint64(hashBegin)
	for _, c := range b {
		h = (h ^ uint64(c)) * hashPrime
	}
	return finish(h)
}

func finish(h uint64) uint32 { return max(1, mix(h)) }

// mix spreads 64 bits over 32 (the finaliser of MurmurHash3).
func mix(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return uint32(h >> 32)
}
