package repair

import "bytes"

const (
	sniffBytes = 64 << 10 // of text that are looked at
	fallback   = "windows-1252"
)

// sniff guesses the encoding of bytes that are not UTF-8 and of which nobody
// says anything useful. The multi-byte encodings are told apart by where their
// lead and trail bytes lie, the single-byte ones by how well the letters fit a
// language that uses them. What fits nothing is windows-1252.
func sniff(body []byte) string {
	text := sniffSample(body)
	if name := sniffMultibyte(text); name != "" {
		return name
	}
	if name := sniffSingleByte(text); name != "" {
		return name
	}
	return fallback
}

// sniffSample gathers text without tags, entities and addresses, from where the
// bytes beyond ASCII are.
func sniffSample(body []byte) []byte {
	out := make([]byte, 0, min(len(body), sniffBytes))
	for len(body) > 0 && len(out) < sniffBytes {
		i := bytes.IndexAny(body, "<&")
		if i < 0 {
			i = len(body)
		}
		if run := body[:i]; !isASCII(run) {
			out = append(out, run[:min(len(run), sniffBytes-len(out))]...)
			out = append(out, '\n')
		}
		body = body[i:]
		end := byte('>')
		switch {
		case len(body) == 0:
			continue
		case body[0] == '&':
			end = ';'
		case bytes.HasPrefix(body, []byte("<![CDATA[")):
			body = body[9:]
			continue
		}
		if n := bytes.IndexByte(body[:min(len(body), 1024)], end); n >= 0 && (end == '>' || n < 12) {
			if run := body[:n]; end == '>' && len(run) > 12 && !isASCII(run) && bytes.ContainsAny(run, "\"'") {
				out = append(out, run[:min(len(run), sniffBytes-len(out))]...)
			}
			body = body[n+1:]
		} else {
			body = body[1:]
		}
	}
	return out
}

// pairs counts where the two-byte characters of a text lie. Lead and trail
// bytes are those of one encoding family; broken counts bytes that fit it not.
type pairs struct {
	total, broken int
	kana          int // hiragana and katakana
	common        int // characters in everyday use
	mark          int // punctuation and symbols
	hangul        int
	low           int // trail bytes below A1, which EUC does not have
	unused        int // lead bytes A4 to AF, which Chinese in GB 2312 does not use
	narrow        int // half-width katakana
}

// sniffMultibyte tells Shift_JIS, EUC-JP, EUC-KR, GB 18030 and Big5 apart.
func sniffMultibyte(text []byte) string {
	if p := countShiftJIS(text); p.fits() && p.kana+p.common+p.mark >= p.total*9/10 && p.kana*10 >= p.total && p.narrow <= p.total {
		return "shift_jis"
	}
	if isThai(text) {
		return "windows-874"
	}
	p := countEUC(text)
	if p.fits() {
		switch {
		case p.hangul*10 >= p.total*7 && p.low*20 <= p.total:
			return "euc-kr"
		case p.kana*10 >= p.total*2 && p.low == 0:
			return "euc-jp"
		case (p.low+p.unused)*12 < p.total && p.common*10 >= p.total*6:
			return "gb18030"
		}
	}
	if b := countBig5(text); b.fits() && b.common*10 >= b.total*7 {
		return "big5"
	}
	return ""
}

// fits allows a few broken bytes: text is cut, and vendors have extensions.
func (p pairs) fits() bool { return p.total >= 2 && p.broken*50 <= p.total }

func countShiftJIS(b []byte) (p pairs) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		switch {
		case lead < 0x80:
			continue
		case lead >= 0xA1 && lead <= 0xDF:
			p.narrow++
			continue
		case lead == 0x80 || lead == 0xA0 || lead > 0xFC || i+1 == len(b):
			p.broken++
			continue
		}
		i++
		trail := b[i]
		if trail < 0x40 || trail == 0x7F || trail > 0xFC {
			p.broken++
			continue
		}
		p.total++
		switch {
		case lead == 0x82 && trail >= 0x9F && trail <= 0xF1, lead == 0x83 && trail <= 0x96:
			p.kana++
		case lead <= 0x84:
			p.mark++
		case lead >= 0x88 && lead <= 0x98:
			p.common++
		}
	}
	return p
}

// countEUC counts pairs of bytes from A1 up: EUC-JP, EUC-KR, and GB 2312 with
// the trail bytes that GBK adds.
func countEUC(b []byte) (p pairs) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		if lead == 0x8E || lead == 0x8F { // EUC-JP's shifts to other sets
			continue
		}
		if lead < 0x81 || lead == 0xFF || i+1 == len(b) {
			p.broken++
			continue
		}
		i++
		trail := b[i]
		if trail < 0x40 || trail == 0x7F || trail == 0xFF {
			p.broken++
			continue
		}
		p.total++
		switch {
		case trail < 0xA1:
			p.low++
		case (lead == 0xA4 || lead == 0xA5) && trail <= 0xF6:
			p.kana++
		case lead >= 0xA1 && lead <= 0xA3:
			p.mark++
		case lead >= 0xA4 && lead <= 0xAF:
			p.unused++
		case lead >= 0xB0 && lead <= 0xD7:
			p.common++ // level 1 of GB 2312 and, nearly, of JIS X 0208
		}
		if lead >= 0xB0 && lead <= 0xC8 && trail >= 0xA1 {
			p.hangul++
		}
	}
	// Korean uses the first half of the rows that Chinese uses wholly, and
	// writes hardly any character outside them.
	if p.hangul*100 < (p.total-p.mark)*96 {
		p.hangul = 0
	}
	return p
}

func countBig5(b []byte) (p pairs) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		if lead < 0x81 || lead == 0xFF || i+1 == len(b) {
			p.broken++
			continue
		}
		i++
		trail := b[i]
		if trail < 0x40 || trail > 0x7E && trail < 0xA1 || trail == 0xFF {
			p.broken++
			continue
		}
		p.total++
		switch {
		case lead >= 0xA1 && lead <= 0xA3:
			p.mark++
		case lead >= 0xA4 && lead <= 0xC6:
			p.common++
		}
	}
	p.common += p.mark
	return p
}
