package syndication

import (
	"strings"
	"time"

	"wireroom/article/date"
)

// claims are the dates of one item as texts, the most telling first. Some feeds
// have a good date behind a bad one.
type claims struct{ published, updated []string }

// dates understands the dates of all items. Whether day or month comes first is
// decided for the whole feed, by those of its dates that leave no doubt, in this
// document or else in an earlier one; where none does, an ambiguous date is not
// believed, and its text is kept.
func (f *reading) dates() {
	order, decided := date.Unknown, false
	decide := func() {
		if order = date.OrderOf(f.allDates()); order == date.Unknown {
			order = f.doc.DateOrder
		}
		f.doc.DateOrder, decided = order, true
	}
	if f.numbered() {
		decide()
	}
	for i := range f.doc.Items {
		it := &f.doc.Items[i]
		read := func(texts []string) (time.Time, string) {
			for _, s := range texts {
				d, err := date.Parse(s, order)
				if err == nil && d.Ambiguous && !decided {
					decide()
					d, err = date.Parse(s, order)
				}
				if err == nil && !d.Ambiguous && sane(d.Time) {
					return d.Time, s
				}
			}
			if len(texts) > 0 {
				return time.Time{}, texts[0]
			}
			return time.Time{}, ""
		}
		it.Record.Published, it.PublishedText = read(f.claims[i].published)
		it.Record.Updated, it.UpdatedText = read(f.claims[i].updated)
	}
}

// numbered reports whether the feed writes dates in numbers: 03/04/2026.
func (f *reading) numbered() bool {
	for _, c := range f.claims {
		if len(c.published) > 0 {
			s := strings.TrimLeft(c.published[0], "0123456789 ")
			return len(s) < len(c.published[0]) && s != "" && strings.ContainsRune("/.-", rune(s[0])) && len(c.published[0])-len(s) <= 2
		}
	}
	return false
}

// allDates are all dates of the feed.
func (f *reading) allDates() []string {
	var all []string
	for _, c := range f.claims {
		all = append(append(all, c.published...), c.updated...)
	}
	return all
}

// sane reports whether a year can be written in RFC 3339, which JSON needs (D3).
func sane(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

// valid reads a Dublin Core period ("start=…; end=…") or a single end date.
func (b *builder) valid(s string) {
	if s == "" {
		return
	}
	r := &b.it.Record
	if !strings.Contains(s, "=") {
		r.Expires = instant(s)
		return
	}
	for part := range strings.SplitSeq(s, ";") {
		key, value, _ := strings.Cut(part, "=")
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "start":
			r.Embargo = instant(value)
		case "end":
			r.Expires = instant(value)
		}
	}
}

// instant is a date that leaves no doubt, or zero.
func instant(s string) time.Time {
	d, err := date.Parse(strings.TrimSpace(s), date.Unknown)
	if err != nil || d.Ambiguous || !sane(d.Time) {
		return time.Time{}
	}
	return d.Time
}
