package webpage

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// maxPage is how many bytes of a page are read; the largest real ones have
// three million.
const maxPage = 6 << 20

// decode turns the bytes of a page into UTF-8 and says what they were. What the
// bytes themselves show beats what anybody says of them: a byte order mark, then
// well-formed UTF-8 beyond ASCII, then the HTTP header, then the meta element.
func decode(page []byte, contentType, host string) ([]byte, string, error) {
	if len(page) > maxPage {
		page = page[:maxPage]
	}
	if wide := wideASCII(page); wide != "" {
		endian := unicode.LittleEndian
		if wide == "utf-16be" {
			endian = unicode.BigEndian
		}
		out, err := unicode.UTF16(endian, unicode.UseBOM).NewDecoder().Bytes(page)
		if err != nil {
			return nil, "", fmt.Errorf("decode %s: %w", wide, err)
		}
		return out, wide, nil
	}
	page = bytes.TrimPrefix(page, []byte("\xef\xbb\xbf"))
	if whole, ok := wholeUTF8(page); ok && beyondASCII(page) {
		return whole, "utf-8", nil
	}
	enc, name, certain := charset.DetermineEncoding(sniffed(page), contentType)
	if !certain && name == "windows-1252" && !declared().Match(page[:min(len(page), 16<<10)]) {
		if e, n := guessCharset(page, host); e != nil {
			enc, name = e, n
		}
	}
	if name == "utf-8" {
		if !bytes.ContainsFunc(page, func(r rune) bool { return r == utf8.RuneError }) {
			return page, name, nil
		}
		// Declared and yet not well-formed: with few wrong bytes it is UTF-8
		// that was cut or mixed, with many the declaration is wrong.
		if wrong, right := utf8Evidence(page); right >= wrong {
			return bytes.ToValidUTF8(page, []byte("\uFFFD")), name, nil
		}
		enc, name = charset.Lookup("windows-1252")
	}
	out, err := enc.NewDecoder().Bytes(page)
	if err != nil {
		return nil, "", fmt.Errorf("decode %s: %w", name, err)
	}
	return out, name, nil
}

// declared is how a page declares its charset.
var declared = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<meta[^>]{0,200}charset|<\?xml[^>]{0,100}encoding`)
})

// sniffed is the part of a page in which the meta element is looked for; HTML says
// 1024 bytes, pages in the wild need more.
func sniffed(page []byte) []byte {
	const most = 1024
	if len(page) <= most {
		return page
	}
	if i := bytes.Index(page[:min(len(page), 16<<10)], []byte("charset")); i >= most {
		// Show the sniffer the element itself.
		start := max(bytes.LastIndexByte(page[:i], '<'), 0)
		if end := bytes.IndexByte(page[i:], '>'); end >= 0 && i+end-start < most {
			return page[start : i+end+1]
		}
	}
	return page[:most]
}

// wideASCII recognises UTF-16, by its mark or by the zero bytes of its ASCII.
func wideASCII(page []byte) string {
	switch {
	case bytes.HasPrefix(page, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(page, []byte("\xfe\xff")):
		return "utf-16be"
	}
	var even, odd int
	n := min(len(page), 512) &^ 1
	for i := 0; i < n; i += 2 {
		if page[i] == 0 {
			even++
		}
		if page[i+1] == 0 {
			odd++
		}
	}
	switch {
	case n < 8:
	case odd > n/4 && even == 0:
		return "utf-16le"
	case even > n/4 && odd == 0:
		return "utf-16be"
	}
	return ""
}

func beyondASCII(page []byte) bool {
	for _, c := range page {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// wholeUTF8 returns page if it is UTF-8, without a letter that was cut at its end.
func wholeUTF8(page []byte) ([]byte, bool) {
	if utf8.Valid(page) {
		return page, true
	}
	for i := 1; i < utf8.UTFMax && i < len(page); i++ {
		if utf8.RuneStart(page[len(page)-i]) {
			rest := page[:len(page)-i]
			return rest, !utf8.FullRune(page[len(rest):]) && utf8.Valid(rest)
		}
	}
	return nil, false
}

// utf8Evidence counts the bytes that are wrong in UTF-8 and the letters of more
// than one byte that are right.
func utf8Evidence(page []byte) (wrong, right int) {
	for i := 0; i < len(page); {
		if page[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(page[i:])
		if r == utf8.RuneError && size == 1 {
			wrong++
		} else {
			right++
		}
		i += size
	}
	return wrong, right
}

// isHTML reports whether a page is marked up, rather than saved as plain text.
func isHTML(page []byte, contentType string) bool {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "text/plain") {
		return false
	}
	low := bytes.ToLower(page[:min(len(page), 64<<10)])
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<article", "<div", "<p>", "<p ", "<meta", "<h1", "<main", "<section", "<br", "<span", "<title", "<table", "<script", "<a "} {
		if bytes.Contains(low, []byte(tag)) {
			return true
		}
	}
	return false
}
