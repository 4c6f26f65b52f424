package newswire

import (
	"slices"
	"strings"

	"wireroom/article"
)

// maxSubjects bounds the topics of one item; normalise keeps fewer.
const maxSubjects = 128

// qcode splits a QCode (NewsML-G2, section on QCodes) or the URI of a concept
// into scheme and code. The schemes of IPTC get their usual aliases, whatever
// the provider's catalogue calls them.
func qcode(s string) (scheme, code string) {
	s = strings.TrimSpace(s)
	if rest, ok := cutAny(s, codesURL...); ok {
		name, code, _ := strings.Cut(rest, "/")
		return alias(name), code
	}
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		i := strings.LastIndexAny(s, "/#=")
		return s[:i+1], s[i+1:]
	}
	scheme, code, ok := strings.Cut(s, ":")
	if !ok {
		return "", s
	}
	return alias(scheme), code
}

// codesURL is where IPTC's vocabularies lie.
var codesURL = []string{"http://cv.iptc.org/newscodes/", "https://cv.iptc.org/newscodes/"}

func cutAny(s string, prefixes ...string) (string, bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest, true
		}
	}
	return s, false
}

func alias(scheme string) string {
	name := scheme
	if rest, ok := cutAny(scheme, codesURL...); ok {
		name = strings.TrimSuffix(rest, "/")
	}
	switch strings.ToLower(name) {
	case "mediatopic", "mediatopics", "medtop", "iptcmediatopic":
		return "medtop"
	case "subjectcode", "subjectcodes", "subj", "iptcsubjectcodes", "iptcsubjectcode":
		return "subj"
	}
	return scheme
}

// national tells a provider's translation of IPTC's Subject Codes ("sttsubj") by
// its name and the form of its codes.
func national(scheme, code string) bool {
	return strings.HasSuffix(strings.ToLower(scheme), "subj") && bare(code) == "subj"
}

// bare decides which of IPTC's schemes a code of eight digits without a scheme
// is from: Media Topics below the top begin with 20, Subject Codes never do.
func bare(code string) string {
	if len(code) != 8 || strings.Trim(code, "0123456789") != "" {
		return ""
	}
	if strings.HasPrefix(code, "20") {
		return "medtop"
	}
	return "subj"
}

// subject adds a topic. A Subject Code brings the Media Topic of its first
// level with it: the two schemes agree on those.
func (d *draft) subject(scheme, code, name string) {
	r := &d.rec
	code, name = strings.TrimSpace(code), fields(name)
	if scheme == "" {
		scheme = bare(code)
	} else if national(scheme, code) {
		scheme = "subj"
	}
	if code == "" && name == "" || len(r.Subjects) >= maxSubjects {
		return
	}
	if name == "" && (scheme == "medtop" || scheme == "subj") {
		name = topLevel(code)
	}
	s := article.Subject{Scheme: scheme, Code: code, Name: name}
	if !slices.Contains(r.Subjects, s) {
		r.Subjects = append(r.Subjects, s)
	}
}

// topics adds the Media Topics of the first level that the Subject Codes imply.
func (d *draft) topics() {
	for _, s := range d.rec.Subjects {
		if s.Scheme != "subj" || len(s.Code) != 8 {
			continue
		}
		top := s.Code[:2] + "000000"
		if name := topLevel(top); name != "" && !slices.ContainsFunc(d.rec.Subjects, func(o article.Subject) bool { return o.Scheme == "medtop" && o.Code == top }) {
			d.subject("medtop", top, name)
		}
	}
	d.order()
}

// order puts IPTC's topics first, then what has a name: who reads on may keep
// only so many.
func (d *draft) order() {
	rank := func(s article.Subject) int {
		switch {
		case s.Scheme == "medtop":
			return 0
		case s.Scheme == "subj":
			return 1
		case s.Name != "":
			return 2
		}
		return 3
	}
	slices.SortStableFunc(d.rec.Subjects, func(a, b article.Subject) int { return rank(a) - rank(b) })
}

// topLevel names the first level of IPTC's Media Topics.
func topLevel(code string) string {
	if len(code) != 8 || code[2:] != "000000" {
		return ""
	}
	i := int(code[0]-'0')*10 + int(code[1]-'0')
	if i < 1 || i > len(mediaTopics) {
		return ""
	}
	return mediaTopics[i-1]
}

var mediaTopics = [...]string{
	"arts, culture, entertainment and media", "crime, law and justice", "disaster, accident and emergency incident", "economy, business and finance",
	"education", "environment", "health", "human interest", "labour", "lifestyle and leisure", "politics", "religion", "science and technology",
	"society", "sport", "conflict, war and peace", "weather",
}

func (d *draft) place(s string) {
	if name, street, ok := strings.Cut(s, ", "); ok && strings.ContainsAny(street, "0123456789") { // a point of interest with its address
		s = name
	}
	d.rec.Places = named(d.rec.Places, s)
}
func (d *draft) person(s string)       { d.rec.People = named(d.rec.People, s) }
func (d *draft) organisation(s string) { d.rec.Organisations = named(d.rec.Organisations, s) }
func (d *draft) keyword(s string)      { d.rec.Keywords = named(d.rec.Keywords, s) }

// named adds a name to a bounded list without doubles.
func named(list []string, s string) []string {
	if s = fields(s); s == "" || len(list) >= maxNames || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// status reads NewsML-G2's pubStatus, NewsML 1's Status, NITF's
// management-status.
func status(s string) article.Status {
	_, code := qcode(s)
	switch strings.ToLower(code) {
	case "withheld", "embargoed", "hold":
		return article.Withheld
	case "canceled", "cancelled", "killed", "kill", "deleted", "withdrawn", "remove", "removed":
		return article.Canceled
	}
	return article.Usable
}

// setStatus sets status and embargo together: an item that is embargoed until a
// known time is held back by that time, one without a time by its status.
func (d *draft) setStatus(raw, embargo string) {
	d.rec.Status = status(raw)
	d.rec.Embargo = instant(embargo)
	_, code := qcode(raw)
	if strings.EqualFold(code, "embargoed") && !d.rec.Embargo.IsZero() {
		d.rec.Status = article.Usable
	}
	if embargo != "" && d.rec.Embargo.IsZero() && d.rec.Status == article.Usable {
		d.rec.Status = article.Withheld // held back until a time that can't be read
	}
	if d.rec.Status == article.Canceled {
		d.rec.Revision.Kind = "withdrawal"
	}
}

// signal reads NewsML-G2's signal, and words of like meaning.
func (d *draft) signal(s string) {
	scheme, code := qcode(s)
	r := &d.rec.Revision
	kind := ""
	switch c := strings.ToLower(code); {
	case c == "update", c == "updated", c == "lead", scheme == "edStat" && code == "U":
		kind = "update"
	case c == "correction", c == "corrected", scheme == "edStat" && code == "C":
		kind = "correction"
	case c == "refile":
		kind = "refile"
	case c == "repeat":
		kind = "repeat"
	case c == "wrap", c == "wrapup":
		kind = "wrap-up"
	case c == "alert", c == "flash", c == "eil", c == "snap":
		kind = "alert"
	case c == "kill", c == "cancel", c == "withdraw", c == "withdrawal":
		kind = "withdrawal"
		if d.rec.Status != article.Canceled {
			d.rec.Status = article.Canceled
		}
	case scheme == "edStat" && code == "N", c == "new":
		kind = "new"
	}
	if kind != "" && (r.Kind == "" || r.Kind == "new") {
		r.Kind = kind
	}
}

// genre turns a provider's genre into ours; "" for what is none of ours, such
// as a department.
func genre(s string) string {
	s = strings.ToLower(fields(s))
	if _, code := qcode(s); !strings.Contains(code, " ") {
		s = code
	}
	switch s {
	case "article", "article (news)", "news", "current", "breaking news", "news article", "meldung", "bericht", "nyheter", "uutinen", "nieuws", "pressrelease", "press release", "main", "story", "lead", "text", "update", "new", "summary (news)", "roundup", "extra", "wrap-up", "wrapup", "actuality", "news item", "newsitem":
		return "news"
	case "analysis", "background", "backgrounder", "hintergrund", "analyse", "análisis", "analisi", "scenario", "scenarios", "korrespondentenbericht", "insight":
		return "analysis"
	case "opinion", "comment", "commentary", "column", "editorial", "kommentar", "leitartikel", "op-ed", "opinión", "letter", "letters to the editor":
		return "opinion"
	case "interview", "q and a", "wortlaut-interview":
		return "interview"
	case "feature", "reportage", "special report", "magazine", "feuilleton", "reportasje", "human interest":
		return "feature"
	case "fact check", "fact-check", "factcheck", "faktencheck", "verification", "verificación":
		return "fact-check"
	case "factbox", "fact box", "faktenbox", "stichwort", "infobox", "daten und fakten", "fact sheet":
		return "factbox"
	case "profile", "portrait", "porträt", "biography":
		return "profile"
	case "obituary", "nachruf":
		return "obituary"
	case "preview", "vorschau", "forecast", "vorbericht", "curtain raiser":
		return "preview"
	case "poll", "survey", "umfrage":
		return "poll"
	case "review", "rezension", "kritik":
		return "review"
	case "timeline", "chronology", "chronologie", "history":
		return "timeline"
	case "press digest", "press review", "pressestimmen", "press-digest":
		return "press review"
	case "live", "live coverage", "liveblog", "live-blog":
		return "live"
	case "advisory", "daybook", "schedule", "forward planner", "termine", "tagesvorschau":
		return "advisory"
	case "video", "audio", "picture", "graphic", "photo", "animation":
		return strings.Replace(s, "photo", "picture", 1)
	}
	return ""
}

func (d *draft) genre(list ...string) {
	for _, s := range list {
		if g := genre(s); g != "" && (d.rec.Genre == "" || d.rec.Genre == "news") {
			d.rec.Genre = g
		}
	}
}

// agency credits a wire service by the name a wire uses for it. Names of houses
// that are none become the publisher's, where there is none yet.
func (d *draft) agency(s string) {
	s = fields(s)
	if s == "" {
		return
	}
	if a, ok := wireName(s); ok {
		d.rec.Agencies = union(d.rec.Agencies, []string{a})
	}
}
