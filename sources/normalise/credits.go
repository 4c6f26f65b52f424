package normalise

import (
	"slices"
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// people cleans the credits for the text, and takes agencies out of the names.
func people(r *article.Record, bylines *wirecopy.Bylines) {
	r.Byline = line(r.Byline, maxTitle)
	kept := r.Authors[:0:0]
	agencies := r.Agencies
	for _, p := range r.Authors {
		p.Name = line(p.Name, maxAuthor)
		p.Role, p.Place = line(p.Role, maxAuthor), line(p.Place, maxAuthor)
		p.URL = article.CanonicalURL(p.URL)
		if p.Name == "" || slices.ContainsFunc(kept, func(q article.Person) bool { return q.Name == p.Name }) {
			continue
		}
		if a, ok := wirecopy.Agency(p.Name); ok {
			agencies = append(agencies, a)
		}
		if kept = append(kept, p); len(kept) == maxAuthors {
			break
		}
	}
	if r.Byline != "" {
		_, more := bylines.Read(r.Byline)
		agencies = append(agencies, more...)
	}
	r.Authors = kept
	r.Agencies = unique(agencies)
	r.Editors = lines(r.Editors, maxAuthors)
}

// subjects cleans topics; the configured ones of the source come last.
func subjects(r *article.Record, topics []string) {
	kept := r.Subjects[:0:0]
	for _, s := range r.Subjects {
		s.Name, s.Code, s.Scheme = line(s.Name, maxAuthor), line(s.Code, maxAuthor), line(s.Scheme, maxTitle)
		if (s.Name != "" || s.Code != "") && !slices.Contains(kept, s) && len(kept) < maxSubjects {
			kept = append(kept, s)
		}
	}
	r.Subjects = kept
	r.Keywords = lines(append(r.Keywords, topics...), maxSubjects)
	r.Places = lines(r.Places, maxSubjects)
	r.People = lines(r.People, maxSubjects)
	r.Organisations = lines(r.Organisations, maxSubjects)
}

// lines cleans a list of short texts, without doubles and empty ones.
func lines(list []string, most int) []string {
	var kept []string
	for _, s := range list {
		if s = line(s, maxAuthor); s != "" && !slices.Contains(kept, s) && len(kept) < most {
			kept = append(kept, s)
		}
	}
	return kept
}

func unique(list []string) []string {
	var kept []string
	for _, s := range list {
		if s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// media cleans pictures and enclosures: absolute addresses, no double, a
// caption fused with its credit split. A picture without an address stays for
// its caption and credit.
func media(r *article.Record) {
	r.Images = mediaList(r.Images)
	r.Media = mediaList(r.Media)
	lead := slices.IndexFunc(r.Images, func(m article.Media) bool { return m.Role == "lead" })
	if lead < 0 && len(r.Images) > 0 {
		r.Images[0].Role = "lead"
	}
}

func mediaList(list []article.Media) []article.Media {
	kept := list[:0:0]
	for _, m := range list {
		m.URL = article.CanonicalURL(m.URL)
		same := func(o article.Media) bool { return o.URL == m.URL && (m.URL != "" || o.Caption == m.Caption) }
		if m.URL == "" && m.Caption == "" || len(kept) == maxMedia || slices.ContainsFunc(kept, same) {
			continue
		}
		m.Thumbnail = article.CanonicalURL(m.Thumbnail)
		m.Title, m.Alt = line(m.Title, maxTitle), line(m.Alt, maxSummary)
		m.Caption, m.Credit = line(m.Caption, maxSummary), line(m.Credit, maxTitle)
		m.Copyright, m.Type = line(m.Copyright, maxTitle), mimeType(m.Type)
		m.Width, m.Height = max(m.Width, 0), max(m.Height, 0)
		m.Length, m.Duration = max(m.Length, 0), max(m.Duration, 0)
		if m.Credit == "" && m.Caption != "" {
			m.Caption, m.Credit = wirecopy.PhotoCredit(m.Caption)
		}
		kept = append(kept, m)
	}
	return kept
}

// mimeType keeps type/subtype, without parameters; anything else is dropped.
func mimeType(s string) string {
	s, _, _ = strings.Cut(line(s, maxAuthor), ";")
	s = strings.ToLower(strings.TrimSpace(s))
	major, minor, ok := strings.Cut(s, "/")
	if !ok || major == "" || minor == "" || strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("/+-._", r))
	}) {
		return ""
	}
	return s
}
