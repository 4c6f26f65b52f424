package feed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"wireroom/article"
)

// Bounds of plain text, in bytes. A headline or a summary beyond them is a
// fault upstream; plain text may be shortened, HTML never is.
const (
	maxLine    = 1000
	maxSummary = 2000
	excerptLen = 400 // of a summary made from the text
)

// clean is the one gate that every string passes before any encoder. None of
// the encoders checks what it is given: encoding/xml writes CDATA as it comes.
func clean(s string) string { return article.Clean(s) }

// line is one line of plain text.
func line(s string) string {
	return unmark(shorten(article.Line(article.Cut(s, 4*maxLine)), maxLine))
}

// prose is plain text on one line, at most limit bytes long.
func prose(s string, limit int) string {
	return unmark(shorten(article.Line(article.Cut(s, 4*limit)), limit))
}

// shorten cuts s after a word, with an ellipsis, to at most limit bytes.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	s = article.Cut(s, limit-len("…"))
	if i := strings.LastIndexByte(s, ' '); i > limit/2 {
		s = s[:i]
	}
	return strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) && r != ')' && r != '"' && r != '”' && r != '»'
	}) + "…"
}

// unmark makes what looks like a tag in plain text unlike one: "<b>" becomes
// "‹b›". Many readers take the plain text fields of RSS for HTML, so that a
// headline about markup would lose words there, or run a script.
func unmark(s string) string {
	i := strings.IndexByte(s, '<')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i >= 0 {
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) > 1 && (isLetter(s[1]) || s[1] == '/' || s[1] == '!' || s[1] == '?') {
			b.WriteString("‹")
			s = s[1:]
			if end := strings.IndexAny(s, "<>"); end >= 0 && s[end] == '>' {
				b.WriteString(s[:end])
				b.WriteString("›")
				s = s[end+1:]
			}
		} else {
			b.WriteByte('<')
			s = s[1:]
		}
		i = strings.IndexByte(s, '<')
	}
	b.WriteString(s)
	return b.String()
}

// unreferenced is plain text for an attribute, where encoding/xml alone decides
// how it is escaped: what looks like a character reference is decoded or parted,
// since validators take it for escaped HTML.
func unreferenced(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	s = line(html.UnescapeString(s))
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] != '&' {
			continue
		}
		end := i + 1
		for end < len(s) && (isLetter(s[end]) || s[end] >= '0' && s[end] <= '9' || s[end] == '#' || s[end] == '_') {
			end++
		}
		name := s[i+1 : end]
		if name != "" && (!isLetter(name[0]) || strings.ContainsAny(name, "0123456789_#") || html.UnescapeString("&"+name+";") != "&"+name+";") {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// nameOf is a person's name on one line, without addresses in angle brackets.
func nameOf(s string) string { return line(withoutMail(article.Line(article.Cut(s, maxLine)))) }

func withoutMail(s string) string {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return s
		}
		end := strings.IndexByte(s[i:], '>')
		if end < 0 || !strings.Contains(s[i:i+end], "@") {
			return s
		}
		s = strings.TrimSpace(s[:i] + s[i+end+1:])
	}
}

// excerpt is the beginning of a text, for articles that came without a summary.
func excerpt(text string) string {
	text = article.Line(article.Cut(text, 8*excerptLen))
	if len(text) <= excerptLen {
		return unmark(text)
	}
	// The last sentence that ends within the bound, if that leaves enough.
	head := article.Cut(text, excerptLen)
	for i := len(head) - 1; i > excerptLen/3; i-- {
		if head[i] == ' ' && strings.ContainsRune(".!?", rune(head[i-1])) && !initial(head[:i]) {
			return unmark(head[:i])
		}
	}
	if i := strings.LastIndexAny(head, "。！？"); i > excerptLen/3 {
		_, n := utf8.DecodeRuneInString(head[i:])
		return unmark(head[:i+n])
	}
	return unmark(shorten(text, excerptLen))
}

// initial reports whether s ends in an abbreviation of one or two letters.
func initial(s string) bool {
	w := s[strings.LastIndexByte(s, ' ')+1:]
	return len(w) <= 3 && strings.HasSuffix(w, ".")
}

// languageTag is a BCP 47 tag or empty.
func languageTag(s string) string {
	if s == "" {
		return ""
	}
	return article.Language(s)
}
