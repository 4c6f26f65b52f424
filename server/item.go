package server

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"wireroom/article"
	"wireroom/feed"
)

// itemView is one article in a list, with who else tells its story.
type itemView struct {
	feed.Card
	URL, Page string // where the headline leads; our own page
	Dir       string
	Date      dateView
	Byline    string
	Agencies  []string // that aren't the source itself
	Further   []furtherView
	More      int // of the story's articles beyond Further
	Size      string
	Level     int // of the headline
}

// furtherView is another article of the same story.
type furtherView struct {
	Source, Title, URL, Lang, Dir string
	Same                          bool // the same text
}

type dateView struct{ Stamp, Text string }

func dateOf(t time.Time) dateView {
	if t.IsZero() {
		return dateView{}
	}
	t = t.UTC()
	return dateView{t.Format(time.RFC3339), t.Format("2 Jan 2006, 15:04 UTC")}
}

// maxFurther is how many other articles of a story a list shows.
const maxFurther = 4

// itemsOf makes the list of some records in their order. Articles of one story
// stand with the first of them.
func itemsOf(ed *edition, records []article.Record) []*itemView {
	list := make([]*itemView, 0, len(records))
	stories := map[string]*itemView{}
	for i := range records {
		v := itemOf(ed, &records[i])
		if v == nil {
			continue
		}
		first := stories[v.Story]
		if v.Story == "" || first == nil {
			stories[v.Story] = v
			list = append(list, v)
			for _, a := range v.Also {
				v.tell(furtherView{Source: a.Source, Title: a.Title, URL: a.URL})
			}
			continue
		}
		first.tell(furtherView{v.Source, v.Headline, v.URL, v.Language, v.Dir, v.Text != "" && v.Text == first.Text})
	}
	for _, v := range list {
		if n := len(v.Further) - maxFurther; n > 0 {
			v.Further, v.More = v.Further[:maxFurther], n
		}
	}
	return list
}

// tell adds another article of the story, unless it is there.
func (v *itemView) tell(f furtherView) {
	if f.URL != v.URL && !slices.ContainsFunc(v.Further, func(has furtherView) bool { return has.URL == f.URL }) {
		v.Further = append(v.Further, f)
	}
}

func itemOf(ed *edition, r *article.Record) *itemView {
	c, ok := feed.NewCard(&ed.site, r)
	if !ok {
		return nil
	}
	v := &itemView{
		Card: c, URL: c.Link, Page: ed.local(ed.site.ArticleURL(c.ID)), Dir: side(c.Language),
		Date: dateOf(c.Published), Byline: strings.Join(c.People, ", "), Level: 2,
	}
	if c.Whole || c.Link == ed.site.ArticleURL(c.ID) {
		v.URL = v.Page
	}
	v.Summary = article.Cut(c.Summary, maxStandfirst)
	if len(v.Summary) < len(c.Summary) {
		v.Summary += "…"
	}
	v.Agencies = slices.DeleteFunc(slices.Clone(c.Agencies), func(a string) bool { return strings.EqualFold(a, c.Source) })
	if v.Byline == c.Source {
		v.Byline = ""
	}
	return v
}

// maxStandfirst is how many bytes of a summary a list shows.
const maxStandfirst = 400

// candidates is among how many of the newest items the leading ones are chosen.
const candidates = 16

// leading takes the items that stand on top out of a list: those that many
// sources tell, that their wire marked urgent, or that have a picture, before
// what is merely newer. The first one leads. The rest keeps its order.
func leading(list []*itemView, n int) (top, rest []*itemView) {
	weight := map[*itemView]int{}
	for i, v := range list[:min(len(list), candidates)] {
		w := candidates - i
		w += 6 * min(v.tellers()-1, 4)
		if v.Picture != nil {
			w += 8
		}
		if v.Urgency > 0 && v.Urgency < 4 {
			w += 6 * (4 - v.Urgency)
		}
		weight[v] = w
		top = append(top, v)
	}
	slices.SortStableFunc(top, func(a, b *itemView) int { return cmp.Compare(weight[b], weight[a]) })
	top = top[:min(len(top), n)]
	for i, v := range top {
		v.Size = "second"
		if i == 0 {
			v.Size = "lead"
		}
	}
	for _, v := range list {
		if !slices.Contains(top, v) {
			rest = append(rest, v)
		}
	}
	return top, rest
}

// tellers is how many sources tell the story.
func (v *itemView) tellers() int {
	seen := map[string]bool{v.Source: true}
	for _, f := range v.Further {
		seen[f.Source] = true
	}
	return len(seen) + v.More
}

// direction is rtl for the scripts that are written so, else empty.
func direction(lang string) string {
	t, err := language.Parse(lang)
	if err != nil {
		return ""
	}
	switch script, _ := t.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	}
	return ""
}

// side is the direction of a text that stands in a page of ours, which run from
// left to right; for one of unknown language the browser looks at its letters.
func side(lang string) string {
	if lang == "" {
		return "auto"
	}
	return cmp.Or(direction(lang), "ltr")
}
