package newswire

import (
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// maxEdNote is the longest editor's note that is kept, in bytes.
const maxEdNote = 2 << 10

// edNote reads a note of a wire by its role: the closing line is the sign-off,
// contacts are nobody's business, a notepad gives its links, the rest tells what
// this version is about.
func (d *draft) edNote(role, text string, markup *node) {
	switch role = strings.ToLower(role); {
	case strings.Contains(role, "contact"), role == "picture", role == "correctionshort", role == "dpaqindex":
	case strings.Contains(role, "closingline"):
		if s, ok := wirecopy.SignOff(text); ok {
			d.signOff(s)
		}
	case strings.Contains(role, "notepad"):
		d.notepad(markup)
	case len(text) <= maxEdNote && !wirecopy.NotForPublication(text):
		d.editorsNote(text)
	}
}

// notepad takes the public links of dpa's notepad.
func (d *draft) notepad(n *node) {
	if n == nil {
		return
	}
	public := n.find("section")
	if public != nil && public.get("class") == "notepad" {
		for _, s := range public.all("section") {
			if s.get("class") == "np-public" {
				d.related(s)
			}
		}
		return
	}
	d.related(n)
}

// related adds the links below n.
func (d *draft) related(n *node) {
	n.each("a", func(a *node) {
		if u := address(d.base, a.get("href")); u != "" {
			d.link(u, a.line())
		}
	})
}

func (d *draft) link(url, title string) {
	r := &d.rec.Links
	for i := range r.Related {
		if r.Related[i].URL == url {
			return
		}
	}
	if len(r.Related) < maxMedia {
		r.Related = append(r.Related, article.Link{URL: url, Title: title})
	}
}

// datelineField reads a dateline that stands in a field of its own. Some systems
// put the time of the version there; that is none.
func (d *draft) datelineField(s string) {
	line := wirecopy.ReadDateline(s)
	if len(line.Places) == 0 && line.Agency == "" && !instant(s).IsZero() {
		return
	}
	d.rec.Dateline = line
}
