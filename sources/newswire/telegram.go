package newswire

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"wireroom/article/date"
	"wireroom/article/wirecopy"
)

// The control characters of the telegram formats.
const (
	soh = 0x01 // start of header
	stx = 0x02 // start of text
	etx = 0x03 // end of text
	eot = 0x04 // end of transmission
	syn = 0x16
	us  = 0x1F // parts the number of an ANPA message from its selector
	dc1 = 0x11
	dc4 = 0x14
)

// detectTelegram tells IPTC 7901 and ANPA 1312 by their headers.
func detectTelegram(head []byte) Format {
	head = bytes.TrimLeft(head, "\x16\x00 \r\n")
	started := len(head) > 0 && head[0] == soh
	head = bytes.TrimLeft(head, "\x01")
	line, rest := cutLine(head)
	if started {
		second, _ := cutLine(rest)
		if anpaSecond(second) != 0 {
			return ANPA
		}
	}
	if _, ok := read7901Header(string(line)); ok {
		return IPTC7901
	}
	return ""
}

func cutLine(s []byte) (line, rest []byte) {
	i := bytes.IndexByte(s, '\n')
	if i < 0 {
		return bytes.TrimRight(s, "\r"), nil
	}
	return bytes.TrimRight(s[:i], "\r"), s[i+1:]
}

// anpaSecond returns where the keyword begins in ANPA's second line: priority,
// space, category, two device controls; 0 if it is no such line.
func anpaSecond(line []byte) int {
	if len(line) < 6 || !letter(line[0]) || line[1] != ' ' || !letter(line[2]) {
		return 0
	}
	if c := line[3]; c >= dc1 && c <= dc4 {
		if c = line[4]; c >= dc1 && c <= dc4 {
			return 5
		}
	}
	return 0
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// telegram is a message while it is read: its header, the lines of its head and
// of its text, the line that dates it.
type telegram struct {
	d       *draft
	o       Options
	titled  bool // the last head line was the headline
	credits bool // the last head line was the byline
}

// headLine sorts one line of the head: a slug, a mark, a note, the headline, the
// byline, the title of its author, a summary.
func (t *telegram) headLine(s string) {
	d := t.d
	r := &d.rec
	end := ""
	if n := len(s); n > 0 {
		end = s[n-1:]
	}
	s = fields(strings.TrimRight(strings.TrimLeft(s, "^* "), " <=+,"))
	was := t.credits
	t.credits = false
	switch {
	case s == "":
	case t.marked(s):
	case d.note(s):
	case strings.HasPrefix(s, "AP Photo"), strings.HasPrefix(s, "AP Graphic"), strings.HasPrefix(s, "AP Video"):
	case d.byline(s):
		t.credits = true
	case was && end == "=" && jobTitle(s):
		r.Byline += ", " + s
	case r.Slugline == "" && slugLike(s):
		r.Slugline = s
	case r.Headline == "":
		r.Headline, t.titled = s, true
	case t.titled && len(s) < 160 && end != "<" && len(r.Headline) < 120: // a headline of two lines
		r.Headline += " " + s
	default:
		r.Standfirst = first(r.Standfirst, s)
		t.titled = false
	}
}

// jobTitle reports whether a line below a byline tells what the author is:
// "AP Sports Writer".
func jobTitle(s string) bool {
	for _, w := range [...]string{"Writer", "Editor", "Correspondent", "Reporter", "Columnist", "Associated Press", "Kyodo", "AP "} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// marked takes a line that is nothing but marks: "2ND LEAD", "EXTRA",
// "(Achtung)".
func (t *telegram) marked(s string) bool {
	if t.d.rec.Headline != "" {
		return false
	}
	h := wirecopy.ReadHeadline(s)
	if h.Text == "" {
		t.d.marks(h)
		return true
	}
	switch strings.ToUpper(strings.Trim(s, "()")) {
	case "EXTRA", "ACHTUNG", "ATTENTION", "NEU", "BULLETIN", "SCHLUSS", "FORTSETZUNG", "(MEHR)":
		return true
	}
	return false
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// slugLike reports whether a line is a slug: "Germany-politics/", "BC-US--…".
func slugLike(s string) bool {
	if strings.HasSuffix(s, "/") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "BC-") || strings.HasPrefix(s, "AP-") {
		return true
	}
	return strings.Count(s, " ") <= 2 && strings.Count(s, "/") > 1
}

// text reads the lines of the text. What stands behind the notepad's heading is
// for the desks: its public notes and links are taken, nothing else.
func (t *telegram) text(s string) {
	d := t.d
	s = cut(s, maxText)
	body, pad := s, ""
	for i := 0; i < len(s); {
		line := s[i:]
		if j := strings.IndexByte(line, '\n'); j >= 0 {
			line = line[:j+1]
		}
		bare := strings.TrimSpace(line)
		if padHeading(bare) || bare != "" && wirecopy.NotForPublication(bare) || strings.HasPrefix(bare, "* * *") {
			body, pad = s[:i], s[i:]
			break
		}
		i += len(line)
	}
	d.blocks = textBlocks(body)
	if pad != "" {
		t.notepad(pad)
	}
}

func padHeading(s string) bool {
	if !strings.HasPrefix(s, "#") && !strings.HasPrefix(s, "--- ") {
		return false
	}
	switch strings.ToLower(strings.Trim(s, "#- ")) {
	case "notebook", "notizblock", "dpa notebook", "dpa-notizblock", "dpa notizblock", "notepad", "notebook dpa", "bloc-notes", "libreta":
		return true
	}
	return false
}

// notepad reads the public part of dpa's notepad and, from the part that is not
// public, the line of initials that ends it.
func (t *telegram) notepad(s string) {
	section := ""
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case wirecopy.NotForPublication(line), strings.HasPrefix(line, "* * *"):
			section = "nonpublic"
		case strings.HasPrefix(line, "#"):
			if section != "nonpublic" {
				section = strings.ToLower(strings.Trim(line, "# "))
			}
		case strings.HasPrefix(line, "-") && section != "nonpublic":
			t.padItem(section, strings.TrimLeft(line, "- "))
		default:
			if c, ok := wirecopy.SignOff(line); ok && c.Start == 0 && len(c.Agencies) > 0 && strings.Count(line, " ") < 8 && !strings.Contains(line, ":") {
				t.d.signOff(c)
			}
		}
	}
}

func (t *telegram) padItem(section, item string) {
	if title, rest, ok := strings.Cut(strings.TrimPrefix(item, "["), "]("); ok && strings.HasPrefix(item, "[") {
		if u := address("", strings.TrimSuffix(rest, ")")); u != "" {
			t.d.link(u, title)
		}
		return
	}
	if strings.Contains(section, "editor") || strings.Contains(section, "hinweis") || strings.Contains(section, "korrektur") || strings.Contains(section, "correction") || strings.Contains(section, "aktualisierung") {
		t.d.editorsNote(cut(item, maxEdNote))
	}
}

// dated reads the line that dates a telegram: "131137 GMT Nov 13" (day, hour and
// minute), "AP-WF-02-20-16 0337GMT", "KWS-21:37-09-12-18".
func (t *telegram) dated(s string) bool {
	s = strings.Trim(fields(s), "<")
	when, ok := dayHourMinute(s)
	if !ok {
		when, ok = t.dashed(s)
	}
	if ok {
		t.d.updated, t.d.created = s, s
		t.d.rec.Published, t.d.rec.Updated = when, when
	}
	return ok
}

func dayHourMinute(s string) (time.Time, bool) {
	f := strings.Fields(s)
	if len(f) < 3 || len(f) > 4 || len(f[0]) != 6 || !digits(f[0]) {
		return time.Time{}, false
	}
	zone, month, year := "UTC", f[1], f[2]
	if len(f) == 4 {
		zone, month, year = f[1], f[2], f[3]
	}
	if !digits(year) || len(year) != 2 && len(year) != 4 {
		return time.Time{}, false
	}
	if len(year) == 2 {
		year = "20" + year
	}
	return parsed(fmt.Sprintf("%s %s %s %s:%s %s", f[0][:2], month, year, f[0][2:4], f[0][4:], zone))
}

func parsed(s string) (time.Time, bool) {
	r, err := date.Parse(s, date.DayFirst)
	return r.Time.UTC(), err == nil
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// dashed reads dates whose numbers dashes join. American wires put the month
// first, others the day; where both can be, the dateline decides.
func (t *telegram) dashed(s string) (time.Time, bool) {
	var n []string
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == ' ' || r == ':' }) {
		if f = strings.TrimRight(f, "GMTZgmtz"); digits(f) && len(f) <= 4 {
			n = append(n, f)
		}
	}
	var a, b, year, clock string
	switch {
	case len(n) == 4 && len(n[3]) == 4: // 02-20-16 0337
		a, b, year, clock = n[0], n[1], n[2], n[3]
	case len(n) == 5 && len(n[0]) == 2: // 21:37-09-12-18
		clock, a, b, year = n[0]+n[1], n[2], n[3], n[4]
	default:
		return time.Time{}, false
	}
	american, ok1 := clocked(year, a, b, clock)
	european, ok2 := clocked(year, b, a, clock)
	if ok1 && ok2 && !american.Equal(european) && t.says(european) && !t.says(american) {
		american = european
	}
	if !ok1 {
		american = european
	}
	if !strings.Contains(strings.ToUpper(s), "GMT") {
		american = american.Add(-homeOffset(t.d))
	}
	return american, ok1 || ok2
}

func clocked(year, month, day, clock string) (time.Time, bool) {
	if len(year) == 2 {
		year = "20" + year
	}
	tm, err := time.Parse("2006-1-2 1504", year+"-"+month+"-"+day+" "+clock)
	return tm, err == nil
}

// says reports whether the dateline of the text agrees with a date.
func (t *telegram) says(when time.Time) bool {
	for _, b := range t.d.blocks {
		line, _, ok := wirecopy.Dateline(b.text)
		if !ok {
			continue
		}
		if told, err := time.Parse(time.DateOnly, wirecopy.Dated(line, when).Date); err == nil {
			return told.Sub(when).Abs() < 72*time.Hour
		}
		return false
	}
	return false
}

// homeOffset is the zone of an agency that dates its telegrams by its own clock.
func homeOffset(d *draft) time.Duration {
	for _, a := range d.rec.Agencies {
		switch a {
		case "Kyodo", "Jiji", "Yonhap":
			return 9 * time.Hour
		}
	}
	return 0
}

// id makes the identity of a telegram: its agency, number and day. The formats
// have none that outlives a version.
func (t *telegram) id(format, agency, number string) string {
	day := ""
	if p := t.d.rec.Published; !p.IsZero() {
		day = ":" + p.Format("20060102")
	} else if !t.o.Received.IsZero() {
		day = ":" + t.o.Received.UTC().Format("20060102")
	}
	return "urn:" + format + ":" + strings.ToLower(agency) + ":" + strings.ToLower(number) + day
}
