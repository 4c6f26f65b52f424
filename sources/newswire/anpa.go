package newswire

import (
	"strings"

	"wireroom/article/wirecopy"
	"wireroom/sources"
)

// parseANPA reads ANPA 1312 as AP and Kyodo send it; several messages may follow
// one another.
func parseANPA(doc *sources.Document, body []byte, o Options) error {
	for _, msg := range messages(decodeText(body)) {
		if len(doc.Items) >= maxItems {
			doc.Dropped++
			continue
		}
		if d := readANPA(msg, o); d != nil {
			add(doc, d)
		}
	}
	if len(doc.Items) == 0 {
		return refuse(ANPA, "there is no message with a text")
	}
	return nil
}

// readANPA reads one message: the service's number and selector, then priority,
// category, keyword, day and words, then the text between STX and ETX.
func readANPA(msg string, o Options) *draft {
	line1, rest, ok := strings.Cut(msg, "\n")
	if !ok {
		return nil
	}
	line2, rest, _ := strings.Cut(rest, "\n")
	k := anpaSecond([]byte(line2))
	if k == 0 {
		return nil
	}
	d := newDraft(o)
	t := telegram{d: d, o: o}
	d.rec.Urgency = anpaUrgency(line2[0])
	d.subject("anpa1312", strings.ToLower(line2[2:3]), "")
	_, text, found := strings.Cut(rest, string(rune(stx)))
	if !found {
		text = rest
	}
	text, post, _ := strings.Cut(text, string(rune(etx)))
	number, selector, _ := strings.Cut(line1, string(rune(us)))
	agency := first(anpaAgency(number), anpaAgency(selector), anpaAgency(post), anpaAgency(cut(text, 600)))
	d.rec.Agencies = union(nil, []string{agency})
	d.rec.Publisher.Name = agency
	keyword := anpaKeyword(line2[k:])
	head, body := splitANPA(text)
	var centred strings.Builder
	for _, l := range head {
		if t.centred(l) {
			centred.WriteString(strings.TrimRight(l, "=") + "\n\n")
			continue
		}
		t.headLine(l)
	}
	body = centred.String() + body
	d.rec.Slugline = first(d.rec.Slugline, keyword)
	d.anpaMarks(d.rec.Slugline)
	t.text(anpaSigns.Replace(body))
	for line := range strings.Lines(post) {
		if t.dated(line) {
			break
		}
	}
	if len(d.blocks) == 0 && d.rec.Headline == "" {
		return nil
	}
	if number = strings.TrimSpace(number); agency != "" {
		number = strings.TrimSuffix(strings.ToLower(number), strings.ToLower(agency))
	}
	d.guid = t.id("anpa1312", first(agency, "wire"), number)
	return d
}

// anpaSigns turns the substitutes of a seven-bit wire into what they stand for.
var anpaSigns = strings.NewReplacer("``", "“", "''", "”", " _ ", " — ", " -- ", " — ")

// centred reports whether a line of the head is one that AP centres over a table,
// rather than the byline, its title or the headline.
func (t *telegram) centred(l string) bool {
	if !strings.HasSuffix(l, "=") || t.d.rec.Headline == "" {
		return false
	}
	l = strings.TrimRight(l, "= ")
	return !(t.credits && jobTitle(l)) && !hasPrefixFold(l, "By ")
}

// anpaAgency finds the agency that a field of the header or the text names.
func anpaAgency(s string) string {
	s = strings.TrimLeft(strings.TrimSpace(s), "abcdefghijklmnopqrstuvwxyz0123456789")
	if strings.HasPrefix(s, "KWS") {
		return "Kyodo"
	}
	if a := wirecopy.Agencies(s); len(a) > 0 {
		return a[0]
	}
	return ""
}

// anpaUrgency turns ANPA's priority letter into IPTC's number.
func anpaUrgency(b byte) int {
	switch b | 0x20 {
	case 'f':
		return 1
	case 'b', 'u':
		return 2
	case 'r':
		return 4
	case 'd', 'a':
		return 5
	case 's', 'w':
		return 6
	}
	return 5
}

// anpaKeyword cuts day and number of words off the keyword line.
func anpaKeyword(s string) string {
	f := strings.Fields(s)
	for len(f) > 1 && strings.Trim(f[len(f)-1], "0123456789-") == "" {
		f = f[:len(f)-1]
	}
	return strings.Join(f, " ")
}

// anpaMarks reads what a keyword or slug says of the version: "BC-BKN--Heat-Hawks,
// 1st Ld-Writethru,416", "BC-US--APNewsAlert".
func (d *draft) anpaMarks(slug string) {
	if i := strings.LastIndexByte(slug, ','); i > 0 && digits(slug[i+1:]) {
		slug = slug[:i]
		d.rec.Slugline = slug
	}
	d.marks(wirecopy.ReadHeadline(slug))
	if strings.Contains(strings.ToLower(slug), "newsalert") {
		d.rec.Revision.Kind = first(d.rec.Revision.Kind, "alert")
		d.rec.Urgency = 1
	}
}

// splitANPA parts the lines of the head from the text. AP begins a line of the
// head with a caret and ends it with "<" or "="; with others it ends where the
// first indented line begins.
func splitANPA(s string) (head []string, body string) {
	var b strings.Builder
	carets := strings.Contains(cut(s, 400), "^")
	inBody := false
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimRight(line, " ")
		switch {
		case carets && strings.HasPrefix(line, "^") && !inBody && (strings.HasSuffix(trimmed, "<") || strings.HasSuffix(trimmed, "=")):
			for part := range strings.SplitSeq(strings.TrimRight(trimmed, "<="), "<") {
				if part = strings.Trim(part, "^ *"); part != "" && !digits(part) {
					head = append(head, part+trimmed[len(trimmed)-1:])
				}
			}
		case carets && !inBody && strings.Contains(line, "<") && strings.Contains(line, "^"):
			for part := range strings.SplitSeq(line, "<") {
				if part = strings.Trim(part, "^ *"); part != "" && !digits(part) {
					head = append(head, part+"<")
				}
			}
		case !carets && !inBody && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "\t"):
			head = append(head, trimmed)
		default:
			inBody = inBody || strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "^")
			if strings.HasPrefix(line, "^") && !strings.Contains(line, ";") {
				b.WriteByte('\n')
			}
			if line = strings.TrimRight(strings.TrimPrefix(strings.TrimRight(line, " "), "^"), "<"); line != "END" {
				b.WriteString(line + "\n")
			}
		}
	}
	return head, b.String()
}
