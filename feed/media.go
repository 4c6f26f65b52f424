package feed

import (
	"strings"

	"wireroom/article"
)

// media is one picture, sound or film of an entry, clean and with its address
// checked.
type media struct {
	url       string
	mime      string
	medium    string // image, audio, video, document
	title     string
	caption   string
	alt       string
	credit    string
	copyright string
	thumbnail string
	width     int
	height    int
	length    int64
	duration  int
	group     string
	role      string
}

// mediaOf are a record's pictures and other media, without doubles, in order.
func mediaOf(list []article.Media, medium string, seen map[string]bool) []media {
	var out []media
	for i := range first(list) {
		m := newMedia(&list[i], medium)
		if m.url == "" || seen[m.url] {
			continue
		}
		seen[m.url] = true
		out = append(out, m)
	}
	for i := range out { // a thumbnail that is shown anyway is none
		if t := out[i].thumbnail; t != "" {
			if seen[t] {
				out[i].thumbnail = ""
			}
			seen[t] = true
		}
	}
	return out
}

func newMedia(a *article.Media, medium string) media {
	m := media{
		url: webURL(a.URL), mime: strings.ToLower(a.Type), medium: strings.ToLower(a.Medium),
		title: line(a.Title), caption: prose(a.Caption, maxSummary), alt: line(a.Alt),
		credit: line(a.Credit), copyright: line(a.Copyright), thumbnail: webURL(a.Thumbnail),
		width: max(0, a.Width), height: max(0, a.Height), length: max(0, a.Length), duration: max(0, a.Duration),
		group: a.Group, role: a.Role,
	}
	if !isMediaType(m.mime) {
		m.mime = ""
	}
	kind, _, _ := strings.Cut(m.mime, "/")
	switch {
	case m.medium == "image" || m.medium == "audio" || m.medium == "video" || m.medium == "document":
	case m.medium == "" && (kind == "image" || kind == "audio" || kind == "video"):
		m.medium = kind
	case m.medium == "" && m.mime != "":
		m.medium = "document"
	default:
		m.medium = medium
	}
	return m
}

// creditRole is the part that the credited played, from the EBU's list, which
// Media RSS names.
func (m *media) creditRole() string {
	if m.medium == "image" {
		return "photographer"
	}
	return "producer"
}

// isMediaType reports whether s is type "/" subtype (RFC 6838, section 4.2).
func isMediaType(s string) bool {
	kind, sub, ok := strings.Cut(s, "/")
	return ok && isToken(kind) && isToken(sub)
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && (c < '0' || c > '9') && strings.IndexByte("!#$&-^_.+", c) < 0 {
			return false
		}
	}
	return s != "" && len(s) <= 127
}

// leadOf chooses the picture that stands first: the one marked so, else the
// first; of the renditions of one picture the widest that isn't huge.
func leadOf(images []media) *media {
	lead := -1
	for i := range images {
		if images[i].medium != "image" {
			continue
		}
		if lead < 0 || images[i].role == "lead" && images[lead].role != "lead" {
			lead = i
		}
	}
	if lead < 0 {
		return nil
	}
	const wide = 2000 // pixels; larger ones are for print
	best := lead
	for i := range images {
		m, b := &images[i], &images[best]
		if images[lead].group != "" && m.group == images[lead].group && m.medium == "image" &&
			m.width <= wide && (m.width > b.width || b.width > wide) {
			best = i
		}
	}
	return &images[best]
}

// grouped brings the renditions of one picture together: one element a picture,
// in the order of first appearance.
func grouped(list []media) [][]*media {
	var out [][]*media
	at := map[string]int{}
	for i := range list {
		m := &list[i]
		if j, ok := at[m.group]; ok && m.group != "" {
			out[j] = append(out[j], m)
			continue
		}
		at[m.group] = len(out)
		out = append(out, []*media{m})
	}
	return out
}

// files are the media that can be enclosures: their type and length are known
// (RSS 2.0 wants both), sounds and films before pictures.
func files(rest []media, lead *media) []*media {
	var out []*media
	for i := range rest {
		if m := &rest[i]; m.mime != "" && m.length > 0 {
			out = append(out, m)
		}
	}
	if lead != nil && lead.mime != "" && lead.length > 0 {
		out = append(out, lead)
	}
	return out
}
