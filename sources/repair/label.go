package repair

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// label is a declared encoding: its canonical name and how to decode it. enc is
// nil for UTF-8, for UTF-7, and where the name says nothing about bytes that
// are not UTF-8: "unicode", "binary", "us-ascii".
type label struct {
	name string
	enc  encoding.Encoding
}

type labels []label

// sayUTF8 reports whether UTF-8 is what the labels say, or nothing is said.
func (ls labels) sayUTF8() bool {
	for _, l := range ls {
		if l.enc != nil {
			return l.name == "utf-8"
		}
		if l.name == "utf-8" {
			return true
		}
	}
	return true
}

// declaredLabels collects what the document and its transport say, the most
// trustworthy first: XML declarations, the HTTP charset, HTML's meta.
func declaredLabels(body []byte, contentType string) labels {
	var ls labels
	head := body[:min(len(body), 4096)]
	for rest := head; len(ls) < 2; {
		l, after := nextDeclaration(rest)
		if after == nil {
			break
		}
		ls = ls.with(l)
		rest = after
	}
	ls = ls.with(resolveLabel(charsetParameter(contentType)))
	if i := indexFold(head, "<meta"); i >= 0 {
		ls = ls.with(resolveLabel(charsetParameter(string(head[i:]))))
	}
	return ls
}

// indexFold finds a tag, in lower or in upper case.
func indexFold(b []byte, tag string) int {
	if i := bytes.Index(b, []byte(tag)); i >= 0 {
		return i
	}
	return bytes.Index(b, bytes.ToUpper([]byte(tag)))
}

// with adds a label that is new, up to three: each may cost a decoding of the
// whole.
func (ls labels) with(l label) labels {
	if l.name == "" || len(ls) >= 3 {
		return ls
	}
	for _, known := range ls {
		if known.name == l.name {
			return ls
		}
	}
	return append(ls, l)
}

// xmlDeclaration reads the encoding of the first XML declaration.
func xmlDeclaration(text []byte) label {
	l, _ := nextDeclaration(text[:min(len(text), 4096)])
	return l
}

func nextDeclaration(b []byte) (l label, after []byte) {
	_, b, ok := bytes.Cut(b, []byte("<?xml"))
	if !ok {
		return label{}, nil
	}
	decl, after, _ := bytes.Cut(b, []byte(">"))
	if _, v, ok := bytes.Cut(decl, []byte("encoding")); ok {
		l = resolveLabel(labelValue(string(v)))
	}
	if after == nil {
		after = []byte{}
	}
	return l, after
}

// charsetParameter finds "charset=…" in a media type or a meta element.
func charsetParameter(s string) string {
	_, v, ok := strings.Cut(strings.ToLower(s), "charset")
	if !ok {
		return ""
	}
	return labelValue(v)
}

// labelValue reads `= "value"`, with any kind of quotes or none.
func labelValue(s string) string {
	s, ok := strings.CutPrefix(strings.TrimLeft(s, " \t\r\n"), "=")
	if !ok {
		return ""
	}
	s = strings.TrimLeft(s, " \t\r\n\"'")
	if i := strings.IndexAny(s, "\"'<>/?,"); i >= 0 {
		s = s[:i]
	}
	return s
}

// lookup gives the decoder of an encoding that is known to exist.
func lookup(name string) encoding.Encoding {
	return resolveLabel(name).enc
}

// resolveLabel understands WHATWG's and IANA's names and aliases, and the
// misspellings that are found in the wild.
func resolveLabel(raw string) label {
	name := strings.ToLower(strings.Trim(raw, " \t\r\n\"';,:"))
	if len(name) == 0 || len(name) > 64 {
		return label{}
	}
	for _, try := range []string{name, strings.ReplaceAll(name, "_", "-"), strings.TrimPrefix(name, "x-")} {
		if l := indexedLabel(try); l.name != "" {
			return l
		}
	}
	if l := indexedLabel(guessLabel(name)); l.name != "" {
		return l
	}
	return label{}
}

// indexedLabel looks a name up in the registries. The names that the registries
// have no decoder for, or one that says nothing, come first.
func indexedLabel(name string) label {
	switch name {
	case "":
		return label{}
	case "utf-8", "utf8":
		return label{name: "utf-8"}
	case "utf-7", "utf7", "unicode-1-1-utf-7", "csutf7":
		return label{name: "utf-7"}
	case "hz-gb-2312", "hz", "hzgb2312":
		return label{"hz-gb-2312", simplifiedchinese.HZGB2312}
	case "us-ascii", "ascii", "unicode", "x-user-defined", "replacement":
		return label{name: name}
	}
	if enc, err := htmlindex.Get(name); err == nil {
		if canonical, err := htmlindex.Name(enc); err == nil {
			return label{canonical, decodable(canonical, enc)}
		}
	}
	for _, index := range []*ianaindex.Index{ianaindex.IANA, ianaindex.MIME, ianaindex.MIB} {
		if enc, err := index.Encoding(name); err == nil && enc != nil {
			if canonical, err := ianaindex.IANA.Name(enc); err == nil {
				canonical = strings.ToLower(canonical)
				return label{canonical, decodable(canonical, enc)}
			}
		}
	}
	return label{}
}

// decodable withholds the encodings of wide units, which bytes that are no such
// units only claim to be, and the registries' stand-ins.
func decodable(name string, enc encoding.Encoding) encoding.Encoding {
	if strings.HasPrefix(name, "utf-") || strings.HasPrefix(name, "iso-10646") ||
		name == "replacement" || name == "x-user-defined" || name == "us-ascii" {
		return nil
	}
	return enc
}

// guessLabel makes a registered name of a misspelt one: by the number in it, or
// by a word.
func guessLabel(name string) string {
	if _, after, ok := strings.Cut(name, "8859"); ok {
		digits := strings.TrimLeft(after, "-_ .:")
		digits = digits[:digitsLen(digits)]
		if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= 16 {
			return "iso-8859-" + strconv.Itoa(n)
		}
		if len(digits) > 1 && digits[0] >= '1' { // iso-88591252
			return "iso-8859-" + digits[:1]
		}
	}
	for _, w := range labelWords {
		if strings.Contains(name, w.word) {
			return w.name
		}
	}
	for rest := name; rest != ""; rest = rest[1:] {
		if n := digitsLen(rest); n > 0 {
			if page, err := strconv.Atoi(rest[:n]); err == nil && codePages[page] != "" {
				return codePages[page]
			}
			rest = rest[n-1:]
		}
	}
	return ""
}

func digitsLen(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// codePages are IBM's and Microsoft's numbers, with or without "cp", "windows".
var codePages = map[int]string{
	37: "ibm037", 437: "ibm437", 850: "ibm850", 852: "ibm852", 855: "ibm855", 858: "ibm00858",
	860: "ibm860", 862: "ibm862", 863: "ibm863", 865: "ibm865", 866: "ibm866", 874: "windows-874",
	878: "koi8-r", 932: "shift_jis", 936: "gbk", 943: "shift_jis", 949: "euc-kr", 950: "big5",
	1047: "ibm1047", 1140: "ibm01140", 1250: "windows-1250", 1251: "windows-1251",
	1252: "windows-1252", 1253: "windows-1253", 1254: "windows-1254", 1255: "windows-1255",
	1256: "windows-1256", 1257: "windows-1257", 1258: "windows-1258", 1363: "euc-kr", 1386: "gbk",
	10000: "macintosh", 10007: "x-mac-cyrillic", 20127: "us-ascii", 20866: "koi8-r",
	20932: "euc-jp", 20936: "gb18030", 20949: "euc-kr", 21866: "koi8-u", 28591: "iso-8859-1",
	28592: "iso-8859-2", 28593: "iso-8859-3", 28594: "iso-8859-4", 28595: "iso-8859-5",
	28596: "iso-8859-6", 28597: "iso-8859-7", 28598: "iso-8859-8", 28599: "iso-8859-9",
	28603: "iso-8859-13", 28605: "iso-8859-15", 50220: "iso-2022-jp", 50221: "iso-2022-jp",
	50222: "iso-2022-jp", 51932: "euc-jp", 51936: "gb18030", 51949: "euc-kr", 52936: "hz-gb-2312",
	54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}

// labelWords are tried in order.
var labelWords = []struct{ word, name string }{
	{"utf-8", "utf-8"}, {"utf8", "utf-8"}, {"utf_8", "utf-8"}, {"utf-7", "utf-7"},
	{"sjis", "shift_jis"}, {"shift", "shift_jis"}, {"mskanji", "shift_jis"}, {"ms-kanji", "shift_jis"},
	{"31j", "shift_jis"}, {"2022-jp", "iso-2022-jp"}, {"2022jp", "iso-2022-jp"}, {"euc-jp", "euc-jp"},
	{"eucjp", "euc-jp"}, {"euc_jp", "euc-jp"}, {"ujis", "euc-jp"}, {"euc-kr", "euc-kr"},
	{"euckr", "euc-kr"}, {"euc_kr", "euc-kr"}, {"ksc", "euc-kr"}, {"ks-c", "euc-kr"}, {"ks_c", "euc-kr"},
	{"uhc", "euc-kr"}, {"korean", "euc-kr"}, {"wansung", "euc-kr"}, {"gb18030", "gb18030"},
	{"gb2312", "gb18030"}, {"gb-2312", "gb18030"}, {"gb_2312", "gb18030"}, {"gbk", "gb18030"},
	{"euc-cn", "gb18030"}, {"euccn", "gb18030"}, {"euc_cn", "gb18030"}, {"chinese", "gb18030"},
	{"big5", "big5"}, {"big-5", "big5"}, {"big_5", "big5"}, {"koi8-u", "koi8-u"}, {"koi8u", "koi8-u"},
	{"koi", "koi8-r"}, {"tis", "windows-874"}, {"thai", "windows-874"}, {"mac-cyr", "x-mac-cyrillic"},
	{"maccyr", "x-mac-cyrillic"}, {"mac", "macintosh"}, {"latin10", "iso-8859-16"}, {"latin-10", "iso-8859-16"},
	{"latin1", "iso-8859-1"}, {"latin-1", "iso-8859-1"}, {"latin_1", "iso-8859-1"}, {"latin2", "iso-8859-2"},
	{"latin-2", "iso-8859-2"}, {"latin3", "iso-8859-3"}, {"latin4", "iso-8859-4"}, {"latin5", "iso-8859-9"},
	{"latin-5", "iso-8859-9"}, {"latin6", "iso-8859-10"}, {"latin7", "iso-8859-13"}, {"latin8", "iso-8859-14"},
	{"latin9", "iso-8859-15"}, {"latin-9", "iso-8859-15"}, {"cyrillic", "windows-1251"}, {"russian", "windows-1251"},
	{"greek", "windows-1253"}, {"turkish", "windows-1254"}, {"hebrew", "windows-1255"}, {"arabic", "windows-1256"},
	{"baltic", "windows-1257"}, {"vietnam", "windows-1258"}, {"ansi", "windows-1252"}, {"western", "windows-1252"},
}
