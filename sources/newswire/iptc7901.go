package newswire

import (
	"strings"

	"wireroom/article/wirecopy"
	"wireroom/sources"
)

// header7901 is the first line of an IPTC 7901 message: "eca062 4 i 211 ccccb
// dpa 061": service and number, priority, category, words, routing, remark.
type header7901 struct {
	service, number string
	priority        int
	category        string
	remark          string
}

func read7901Header(s string) (h header7901, ok bool) {
	f := strings.Fields(s)
	if len(f) < 4 || len(f[0]) < 4 || len(f[0]) > 12 {
		return h, false
	}
	i := strings.IndexAny(f[0], "0123456789")
	if i < 2 || i > 5 || !digits(f[0][i:]) {
		return h, false
	}
	h.service, h.number = f[0][:i], f[0][i:]
	for j := range len(h.service) {
		if !letter(h.service[j]) {
			return h, false
		}
	}
	if len(f[1]) != 1 || f[1] < "1" || f[1] > "9" || len(f[2]) > 4 || !letter(f[2][0]) || !digits(f[3]) {
		return h, false
	}
	h.priority, h.category, h.remark = atoi(f[1]), f[2], strings.Join(f[4:], " ")
	return h, true
}

// parse7901 reads IPTC 7901 (the text transmission format of 1979, revised
// 1989); several messages may follow one another.
func parse7901(doc *sources.Document, body []byte, o Options) error {
	for _, msg := range messages(decodeText(body)) {
		h, ok := read7901Header(firstLine(msg))
		if !ok {
			continue
		}
		if len(doc.Items) >= maxItems {
			doc.Dropped++
			continue
		}
		add(doc, read7901(msg, h, o))
	}
	if len(doc.Items) == 0 {
		return refuse(IPTC7901, "there is no message with a header")
	}
	return nil
}

// decodeText is decode for telegrams, whose printable characters are ASCII or
// windows-1252, and whose lines may end in any way.
func decodeText(body []byte) string {
	s := strings.ReplaceAll(strings.ReplaceAll(string(decode(body)), "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch r {
		case soh, stx, etx, eot, us, '\n', '\t', dc1, dc1 + 1, dc1 + 2, dc4:
			return r
		}
		if r < ' ' || r == 0x7F {
			return -1
		}
		return r
	}, s)
}

// messages parts a body at the ends of transmissions.
func messages(s string) []string {
	var out []string
	for m := range strings.SplitSeq(s, string(rune(eot))) {
		m = strings.TrimLeft(m, "\x00\x01\x16\x7f \n")
		if strings.TrimSpace(m) != "" && len(out) <= maxItems {
			out = append(out, m)
		}
	}
	return out
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func read7901(msg string, h header7901, o Options) *draft {
	d := newDraft(o)
	t := telegram{d: d, o: o}
	r := &d.rec
	r.Urgency = h.priority
	d.subject("iptc7901", h.category, "")
	agency := agency7901(h, msg)
	if agency != "" {
		r.Agencies = []string{agency}
		r.Publisher.Name = agency
	}
	_, rest, _ := strings.Cut(msg, "\n")
	text, post, _ := strings.Cut(rest, string(rune(etx)))
	head, body := split7901(strings.ReplaceAll(text, string(rune(stx)), "\n"))
	for line := range strings.Lines(head) {
		t.headLine(strings.TrimRight(line, "\n"))
	}
	body, last := trailing7901(body)
	t.text(body)
	for line := range strings.Lines(post + "\n" + last) {
		if t.dated(line) {
			break
		}
	}
	d.guid = t.id("iptc7901", first(agency, "wire"), h.service+h.number)
	return d
}

// agency7901 is the agency of the remark ("dpa 061"), else of the text.
func agency7901(h header7901, msg string) string {
	if a := wirecopy.Agencies(strings.TrimRight(h.remark, "0123456789 ")); len(a) > 0 {
		return a[0]
	}
	if a := wirecopy.Agencies(cut(msg, 400)); len(a) > 0 {
		return a[0]
	}
	return ""
}

// split7901 parts the head from the text: an equals sign ends the head, else the
// first indented line or the second blank one does.
func split7901(s string) (head, body string) {
	at, blank := 0, 0
	for i, n := 0, 0; i < len(s) && n < 24; n++ {
		line := s[i:]
		if j := strings.IndexByte(line, '\n'); j >= 0 {
			line = line[:j+1]
		}
		bare := strings.TrimRight(line, " \t\n")
		if strings.HasSuffix(bare, "=") {
			return s[:i+len(bare)], s[i+len(line):]
		}
		if at == 0 && n > 0 && (strings.HasPrefix(line, "  ") && strings.TrimSpace(line) != "") {
			at = i
		}
		if strings.TrimSpace(bare) == "" && i > 0 {
			if blank++; blank == 2 && at == 0 {
				at = i
			}
		}
		i += len(line)
	}
	if at > 0 {
		return s[:at], s[at:]
	}
	line, rest, _ := strings.Cut(s, "\n")
	return line, rest
}

// trailing7901 cuts the line that dates the message off the text, for messages
// whose control characters were lost.
func trailing7901(s string) (text, last string) {
	trimmed := strings.TrimRight(s, " \t\n\x00\x7f")
	i := strings.LastIndexByte(trimmed, '\n')
	line := trimmed[i+1:]
	if _, ok := dayHourMinute(strings.TrimSpace(line)); ok {
		return trimmed[:max(i, 0)], line
	}
	return s, ""
}
