package webpage

import (
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"wireroom/article/date"
)

// Names under which pages give their dates in meta elements, best first.
var (
	publishedNames = []string{
		"article:published_time", "article:published", "og:article:published_time", "datepublished", "og:published_time", "parsely-pub-date", "sailthru.date",
		"cxenseparse:recs:publishtime", "cxenseparse:publishtime", "cxenseparse:recs:articlepublishedtime", "publish-date", "publishdate", "publish_date", "published_time", "pubdate", "pubDate", "date.published", "article.published",
		"dc.date.issued", "dcterms.issued", "dcterms.created", "dcterms.date", "dc.date", "dc.date.created", "dc:date", "date", "article_date_original", "article.created", "originalpublicationdate",
		"rnews:datepublished", "published-date", "publication_date", "citation_publication_date", "citation_date", "bt:pubdate", "displaydate", "release_date", "creation_date", "datecreated", "weibo:article:create_at", "last-published", "iso-8601-publish-date",
	}
	updatedNames = []string{
		"article:modified_time", "article:modified", "og:updated_time", "datemodified", "article:updated_time", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified", "last_modified", "lastmodified", "revised", "modified_time", "date.updated", "article.updated", "iso-8601-modified-date", "dateupdated", "cxenseparse:recs:updatetime", "rnews:datemodified",
	}
)

// reading is a date that was understood.
type reading struct {
	Candidate
	date.Result
}

// readDates finds when the article was published and last changed.
func (p *page) readDates() {
	order := p.dateOrder()
	pub := p.datesOf("published", order, "datePublished", publishedNames, "datepublished")
	pub = append(pub, p.visibleDates(order)...)
	if len(pub) == 0 {
		pub = append(pub, p.understood("published", order, cand(p.ld.text("dateCreated", "uploadDate"), fromLinked, "dateCreated"))...)
	}
	if len(pub) == 0 {
		pub = append(pub, p.understood("published", order, cand(dateInURL(p.opts.URL), fromURL, "path"))...)
	}
	if best := p.bestDate(pub); best >= 0 {
		p.rec.Published = pub[best].Time
		p.credit("published", pub[best].Input)
		p.rememberDates("published", best, pub)
	}
	up := p.datesOf("updated", order, "dateModified", updatedNames, "datemodified")
	if best := p.bestDate(up); best >= 0 && !up[best].Time.Before(p.rec.Published) {
		p.rec.Updated = up[best].Time
		p.credit("updated", up[best].Input)
		p.rememberDates("updated", best, up)
	} else {
		p.rememberDates("updated", -1, up)
	}
	exp := p.understood("expires", order, cand(p.ld.text("expires"), fromLinked, "expires"), cand(p.head.first("article:expiration_time"), fromGraph, "article:expiration_time"), cand(p.head.first("unavailable_after"), fromMeta, "unavailable_after"))
	if best := p.bestDate(exp); best >= 0 && exp[best].Time.After(p.rec.Published) {
		p.rec.Expires = exp[best].Time
		p.credit("expires", exp[best].Input)
		p.rememberDates("expires", best, exp)
	}
}

// datesOf reads one date from linked data, meta elements and microdata.
func (p *page) datesOf(field string, order date.Order, key string, names []string, prop string) (out []reading) {
	out = p.understood(field, order, cand(p.ld.text(key), fromLinked, key))
	for _, n := range names {
		if v := p.head.first(n); v != "" {
			input := fromMeta
			if strings.HasPrefix(n, "article:") || strings.HasPrefix(n, "og:") {
				input = fromGraph
			}
			out = append(out, p.understood(field, order, cand(v, input, n))...)
		}
	}
	if v := p.prop(prop); v != "" {
		out = append(out, p.understood(field, order, cand(v, fromMicrodata, prop))...)
	}
	return out
}

// understood parses candidates; what is no date is left out.
func (p *page) understood(field string, order date.Order, cands ...Candidate) (out []reading) {
	for _, c := range cands {
		if c.Value == "" {
			continue
		}
		r, err := date.Parse(c.Value, order)
		if err != nil || r.Time.Year() < 1800 || r.Time.Year() > 2200 {
			p.note(field, c.Value, c.Input, c.Where, "not a date that can be read", false)
			continue
		}
		out = append(out, p.reading(c, r))
	}
	return out
}

// reading gives an understood date the zone it was written in, so that the wall
// clock of the newsroom is kept; a date without one is given the zone of the
// site's country, where that has only one.
func (p *page) reading(c Candidate, r date.Result) reading {
	if r.ZoneUnknown && !r.DateOnly {
		if zone := p.zone(); zone != nil {
			t := r.Time
			r.Time = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
			r.ZoneUnknown = false
		}
	} else if off, ok := offset(c.Value); ok && !r.ZoneUnknown {
		r.Time = r.Time.In(time.FixedZone("", off))
	}
	return reading{c, r}
}

// offset reads the numeric offset at the end of a date, in seconds.
func offset(s string) (int, bool) {
	i := strings.LastIndexAny(s, "+-")
	if i < 0 || len(s)-i < 5 || len(s)-i > 6 || !strings.ContainsRune(s, ':') {
		return 0, false
	}
	d := strings.ReplaceAll(s[i+1:], ":", "")
	if len(d) != 4 || !digits(d) {
		return 0, false
	}
	sec := (int(d[0]-'0')*10+int(d[1]-'0'))*3600 + (int(d[2]-'0')*10+int(d[3]-'0'))*60
	if s[i] == '-' {
		sec = -sec
	}
	return sec, sec > -15*3600 && sec < 15*3600 && sec != 0
}

// zone is the time zone of the site's country, nil if it has several or is not
// known.
func (p *page) zone() *time.Location {
	i := strings.LastIndexByte(p.host, '.')
	name, ok := countryZones[p.host[i+1:]]
	if !ok {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return loc
}

// countryZones are the zones of top-level domains of countries that have one.
var countryZones = map[string]string{
	"de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich", "li": "Europe/Vaduz", "lu": "Europe/Luxembourg", "fr": "Europe/Paris", "be": "Europe/Brussels", "nl": "Europe/Amsterdam",
	"it": "Europe/Rome", "es": "Europe/Madrid", "uk": "Europe/London", "ie": "Europe/Dublin", "dk": "Europe/Copenhagen", "no": "Europe/Oslo", "se": "Europe/Stockholm", "fi": "Europe/Helsinki",
	"pl": "Europe/Warsaw", "cz": "Europe/Prague", "sk": "Europe/Bratislava", "hu": "Europe/Budapest", "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "gr": "Europe/Athens", "hr": "Europe/Zagreb", "si": "Europe/Ljubljana", "rs": "Europe/Belgrade",
	"ba": "Europe/Sarajevo", "mk": "Europe/Skopje", "al": "Europe/Tirane", "ee": "Europe/Tallinn", "lv": "Europe/Riga", "lt": "Europe/Vilnius", "ua": "Europe/Kyiv", "by": "Europe/Minsk", "md": "Europe/Chisinau", "is": "Atlantic/Reykjavik", "mt": "Europe/Malta", "cy": "Asia/Nicosia",
	"tr": "Europe/Istanbul", "il": "Asia/Jerusalem", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "sg": "Asia/Singapore", "my": "Asia/Kuala_Lumpur", "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh", "ph": "Asia/Manila",
	"in": "Asia/Kolkata", "pk": "Asia/Karachi", "bd": "Asia/Dhaka", "lk": "Asia/Colombo", "np": "Asia/Kathmandu", "ir": "Asia/Tehran", "ae": "Asia/Dubai", "sa": "Asia/Riyadh", "eg": "Africa/Cairo", "za": "Africa/Johannesburg", "ke": "Africa/Nairobi", "tz": "Africa/Dar_es_Salaam", "ng": "Africa/Lagos", "na": "Africa/Windhoek", "ls": "Africa/Maseru",
	"pe": "America/Lima", "uy": "America/Montevideo", "ve": "America/Caracas", "nz": "Pacific/Auckland",
}

// bestDate chooses among readings in order of their rank: the first, unless it
// lacks the time of day or the zone and a later one of the same day has it.
func (p *page) bestDate(rs []reading) int {
	if len(rs) == 0 {
		return -1
	}
	best := 0
	for i := 1; i < len(rs); i++ {
		a, b := rs[best], rs[i]
		switch {
		case a.Ambiguous && !b.Ambiguous && near(a.Time, b.Time, 370*24*time.Hour):
			best = i
		case a.DateOnly && !b.DateOnly && near(a.Time, b.Time, 38*time.Hour):
			best = i
		case a.ZoneUnknown && !a.DateOnly && !b.ZoneUnknown && !b.DateOnly && sameClock(a.Time, b.Time):
			best = i
		}
	}
	return best
}

func near(a, b time.Time, d time.Duration) bool { return a.Sub(b).Abs() <= d }

// sameClock reports whether two times could be one clock's, read in two zones.
func sameClock(a, b time.Time) bool {
	d := a.Sub(b).Abs()
	return d <= 14*time.Hour && d%(15*time.Minute) < time.Minute
}

func (p *page) rememberDates(field string, best int, rs []reading) {
	if !p.opts.Explain {
		return
	}
	cands := make([]Candidate, len(rs))
	for i, r := range rs {
		cands[i] = r.Candidate
		if i == best && i > 0 {
			cands[i].Why = "has the time or the zone that better inputs lack"
		}
	}
	p.remember(field, best, cands)
}

// visibleDates reads the dates that stand at the headline: time elements and
// elements that are named as dates, nearest first.
func (p *page) visibleDates(order date.Order) (out []reading) {
	from, to := p.headRegion()
	for _, i := range p.tree.times {
		if i < from || i >= to || len(out) > 4 {
			continue
		}
		n := &p.tree.nodes[i]
		if v := attr(n.Node, "datetime"); v != "" {
			out = append(out, p.understood("published", order, cand(v, fromHTML, "time datetime"))...)
		} else {
			out = append(out, p.understood("published", order, cand(stripDateWords(p.tree.textOf(i)), fromText, "time"))...)
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.from < from || b.from >= to || b.text > 90 || b.text < 6 || len(out) > 6 {
			continue
		}
		if b.all&tDate == 0 && !hasDigits(p.tree.lineOf(b)) {
			continue
		}
		out = append(out, p.datesIn(order, p.tree.lineOf(b))...)
	}
	return out
}

// datesIn reads the first date of a printed line. Lines are cut where sites put
// bars and dots between date, time and byline; the most that makes a date counts.
func (p *page) datesIn(order date.Order, line string) []reading {
	parts := strings.FieldsFunc(line, func(r rune) bool { return r == '|' || r == '•' || r == '·' })
	for n := min(len(parts), 3); n > 0; n-- {
		if r := p.understoodQuietly(order, stripDateWords(strings.Join(parts[:n], " "))); r != nil {
			return r
		}
	}
	if len(parts) > 1 {
		return p.understoodQuietly(order, stripDateWords(parts[1]))
	}
	return nil
}

func (p *page) understoodQuietly(order date.Order, v string) []reading {
	r, err := date.Parse(v, order)
	if err != nil || r.Time.Year() < 1990 || r.Time.Year() > 2200 {
		return nil
	}
	return []reading{p.reading(cand(v, fromText, "date line"), r)}
}

// stripDateWords takes off what stands before and behind a printed date.
func stripDateWords(s string) string {
	for _, sep := range []string{" - Aktualisiert", " Aktualisiert", " Updated", " - Updated", "(Update", " Zuletzt", "Mis à jour", "Actualizado"} {
		if i := strings.Index(s, sep); i > 6 {
			s = s[:i]
		}
	}
	low := strings.ToLower(s)
	for _, w := range []string{"published on", "published at", "published:", "published", "posted on", "posted at", "posted:", "posted", "first published on", "first published", "publication date:", "created:", "date:", "veröffentlicht am", "veröffentlicht:", "veröffentlicht", "erstellt am", "erstellt:", "stand:", "vom", "am", "publié le", "publié", "paru le", "le", "publicado el", "publicado em", "publicado:", "publicado", "pubblicato il", "pubblicato", "gepubliceerd op", "gepubliceerd", "publicerad", "publisert", "udgivet", "opublikowano:", "opublikowano", "data publikacji:", "giriş tarihi:", "giriş:", "yayınlanma:", "oluşturulma tarihi:", "公開日時", "掲載日", "配信", "入力"} {
		if strings.HasPrefix(low, w) {
			s = s[len(w):]
			break
		}
	}
	return strings.Trim(s, " \t:,;-–—.")
}

func hasDigits(s string) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n >= 3
}

// dateOrder says how this page writes its dates, by its language.
func (p *page) dateOrder() date.Order {
	if l := strings.ToLower(p.tree.lang); l == "en-us" || l == "en_us" {
		return date.MonthFirst
	}
	return date.DayFirst
}

// dateInURL returns the date that a path such as /2024/03/07/ holds.
func dateInURL(u string) string {
	for i := 0; i+10 < len(u); i++ {
		if u[i] != '/' {
			continue
		}
		d := u[i+1:]
		if len(d) >= 11 && digits(d[:4]) && (d[4] == '/' || d[4] == '-') && digits(d[5:7]) && d[7] == d[4] && digits(d[8:10]) && (d[10] == '/' || d[10] == '-') {
			return d[:4] + "-" + d[5:7] + "-" + d[8:10]
		}
	}
	return ""
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// headRegion is the part of the page around the headline in which its byline
// and date stand: from the element that holds the headline and the first
// paragraph, to that paragraph.
func (p *page) headRegion() (from, to int32) {
	nodes := p.tree.nodes
	to = int32(len(nodes))
	if len(p.body) > 0 {
		to = p.body[0].from
		if len(p.body) > 1 {
			to = p.body[1].from
		}
	}
	from = p.headline
	if from < 0 {
		from = max(p.root, 0)
		return from, to
	}
	// A date may stand above the headline.
	for up := 0; up < 3 && nodes[from].parent >= 0 && nodes[nodes[from].parent].DataAtom != atom.Body; up++ {
		par := nodes[from].parent
		if nodes[par].text > 3*nodes[p.headline].text+900 && !p.tree.contains(par, to-1) {
			break
		}
		from = par
	}
	if to < p.headline {
		to = min(nodes[p.headline].end+400, int32(len(nodes)))
	}
	return from, to
}
