package upstream

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// story is one item of a feed.
type story struct {
	link     string
	headline string
	author   string
	section  string
	lead     string // plain text
	body     string // HTML
	image    string
	at       time.Time
}

var (
	authors  = []string{"Ada Marlow", "Ben Okafor", "Carla Ruiz", "Dmitri Hale", "Elin Sand", "Femi Bright"}
	sections = []string{"World", "Politics", "Business", "Science", "Sport", "Culture", "Climate"}
)

// story makes item n of a feed, always the same one. Its text has no character
// that markup escapes.
func (s *Site) story(feed, n int) story {
	r := rand.New(rand.NewPCG(uint64(feed), uint64(n)))
	link := s.Link(feed, n)
	t := story{
		link:    link,
		author:  authors[r.IntN(len(authors))],
		section: sections[r.IntN(len(sections))],
		image:   link + "/picture.jpg",
		at:      s.dated(feed, n),
	}
	t.headline = string(s.lexicon.title(nil, r, 6+r.IntN(5)))
	t.lead = string(s.lexicon.sentence(nil, r, 16+r.IntN(8)))
	b := fmt.Appendf(nil, "<p><img src=\"%s\" width=\"640\" height=\"360\" alt=\"%s\"></p>\n", t.image, t.headline)
	for p := range 3 {
		b = append(b, "<p>"...)
		if p == 0 && n%4 == 0 {
			b = append(b, "LONDON, (Reuters) - "...)
		}
		for range 2 + r.IntN(2) {
			b = append(s.lexicon.sentence(b, r, 10+r.IntN(8)), ' ')
		}
		switch p {
		case 0:
			b = append(b, "More in <a href=\""...)
			b = append(b, link...)
			b = append(b, "/more?ref="...)
			b = strconv.AppendInt(b, int64(n), 10)
			b = append(b, "\">our report</a>."...)
		case 1:
			b = append(b, "<strong>"...)
			b = s.lexicon.title(b, r, 4)
			b = append(b, "</strong>"...)
		}
		b = append(b, "</p>\n"...)
	}
	t.body = string(b)
	return t
}

// firstStory is how long before the bench the first items were published; each
// further one is a minute younger.
const firstStory = 72 * time.Hour

// Link is the address of an item, and its id.
func (s *Site) Link(feed, n int) string {
	return fmt.Sprintf("https://news%d.example/%d/article-%d", feed/10, feed, n)
}
