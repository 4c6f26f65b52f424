package packed

import "strings"

// usual are words that many records have as the whole of a field, which holds its
// place here, from 1, instead. None may ever move or go; new ones come last, and take
// another layout number.
var usual = [...]string{
	"usable", "withheld", "canceled",
	"full", "summary", "link",
	"image", "video", "audio", "lead",
	"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "audio/mpeg",
	"en", "de", "fr", "es", "it", "pt", "nl", "ru", "uk", "pl", "ar", "zh", "ja",
	"en-US", "en-GB", "de-DE", "fr-FR", "es-ES",
	"wire", "page", "text",
}

var usualPlaces = func() map[string]int64 {
	m := make(map[string]int64, len(usual))
	for i, w := range usual {
		m[w] = int64(i + 1)
	}
	return m
}()

// usualLengths are the lengths that usual words have, by their first byte: a bit each.
var usualLengths = func() (lengths [256]uint16) {
	for _, w := range usual {
		lengths[w[0]] |= 1 << len(w)
	}
	return lengths
}()

// place is a word's place in usual, 0 if it is not there.
func place(s string) int64 {
	if s == "" || usualLengths[s[0]]>>len(s)&1 == 0 {
		return 0
	}
	return usualPlaces[s]
}

// Links in cleaned HTML carry an attribute that is the same in all of them. Here it
// is one character, which cleaned HTML never has. It is looked for by the quotation
// mark of the attribute before it, which is rarer than a space.
const (
	linkAttribute = ` rel="noopener noreferrer nofollow ugc"`
	linkMark      = "\x01"
	quote         = `"`
)

// markup is a field of HTML: the n-th, or the marked-th where links are shortened.
func markup(c *coder, n, marked int, s *string) {
	if !c.writing {
		if c.is(marked, isText) {
			*s = strings.ReplaceAll(c.body, linkMark, linkAttribute)
			c.next()
		}
		str(c, n, s)
		return
	}
	piece, rest, more := strings.Cut(*s, quote+linkAttribute)
	if !more || strings.Contains(*s, linkMark) {
		str(c, n, s)
		return
	}
	at := c.open(marked)
	for more {
		c.b = append(append(c.b, piece...), quote+linkMark...)
		piece, rest, more = strings.Cut(rest, quote+linkAttribute)
	}
	c.b = append(c.b, piece...)
	c.close(at)
}
