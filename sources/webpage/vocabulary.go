package webpage

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// trait is what the names of an element say of its content.
type trait uint32

const (
	tBody       trait = 1 << iota // holds the article's text
	tHeadline                     // is the headline
	tKicker                       // short label above the headline
	tStandfirst                   // summary under the headline
	tAuthor                       // byline
	tBio                          // box about the author
	tDate                         // date line
	tCaption                      // caption of a picture
	tCredit                       // credit of a picture
	tTags                         // list of topics
	tCrumbs                       // path of sections
	tRelated                      // other articles: teasers, read more
	tPromo                        // advertising the publisher's own things: newsletter, app, subscription
	tPaywall                      // offer to pay
	tAd                           // advertisement
	tShare                        // share and print buttons
	tComments                     // readers' comments
	tNav                          // navigation, site header, footer
	tInfo                         // information box beside the text
	tPull                         // pull quote
	tEmbed                        // content of another site
	tMedia                        // player, gallery
	tLabel                        // small label: reading time, badge
	tSource                       // source or agency line
	tHidden                       // for screen readers, or not shown
	tLive                         // posts of a live blog
	tPrologue                     // key points
	tDateline
	tSubhead // heading within the text
)

// noise is what is never the article's text.
const noise = tBio | tRelated | tPromo | tPaywall | tAd | tShare | tComments | tNav | tTags | tCrumbs |
	tAuthor | tDate | tCaption | tCredit | tLabel | tKicker

// vocabulary remembers what the names met on one page mean.
type vocabulary map[string]trait

// named are the attributes that name an element.
var named = map[string]bool{
	"class": true, "id": true, "itemprop": true, "role": true, "data-testid": true, "data-test-id": true,
	"data-component": true, "data-component-name": true, "data-type": true, "data-module": true, "data-qa": true,
	"data-cy": true, "data-block": true, "data-name": true, "data-area": true, "data-role": true, "property": true,
}

// read says what n's names mean and whether n is not shown.
func (v vocabulary) read(n *html.Node) (t trait, hidden bool) {
	for i := range n.Attr {
		a := &n.Attr[i]
		switch {
		case a.Key == "id" && (isHeading(n.DataAtom) || strings.Count(a.Val, "-")+strings.Count(a.Val, "_") > 4):
			// Made from the words of a heading.
		case named[a.Key]:
			t |= v.meaning(a.Val)
			if t&tHidden != 0 && responsive(a.Val) {
				t &^= tHidden
			}
		case a.Key == "aria-label" && len(a.Val) <= 40 && n.DataAtom != atom.A && n.DataAtom != atom.Button && n.DataAtom != atom.Article && n.DataAtom != atom.Main:
			t |= v.meaning(a.Val)
		case a.Key == "hidden":
			hidden = true
		case a.Key == "style":
			hidden = hidden || invisible(a.Val)
		}
	}
	t |= tagTraits[n.Data]
	return t, hidden || t&tHidden != 0
}

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// responsive reports whether class names show at some widths what they hide at
// others ("hidden md:block", "d-none d-lg-flex", "hide-for-small").
func responsive(class string) bool {
	for f := range strings.FieldsSeq(class) {
		for _, size := range [...]string{"sm", "md", "lg", "xl", "xs", "small", "medium", "large", "mobile", "tablet", "desktop", "phone"} {
			if i := strings.Index(f, size); i >= 0 && (i == 0 || strings.IndexByte("-:_@", f[i-1]) >= 0) {
				return true
			}
		}
	}
	return false
}

func invisible(style string) bool {
	i := strings.Index(style, "display")
	if i < 0 {
		return false
	}
	rest := strings.TrimLeft(style[i+len("display"):], " :")
	return strings.HasPrefix(rest, "none")
}

// meaning reads one attribute value, a list of names. Names are cut into words
// at punctuation and at capitals; single words, pairs and triples are looked up.
func (v vocabulary) meaning(val string) trait {
	if t, ok := v[val]; ok {
		return t
	}
	var t trait
	for f := range strings.FieldsSeq(val) {
		switch f {
		case "hidden", "hide", "d-none", "is-hidden", "nodisplay", "invisible":
			t |= tHidden
		}
		if len(f) <= 120 && !isFiling(f) {
			t |= nameMeaning(f)
		}
	}
	v[val] = t
	return t
}

// isFiling reports whether a name says how a piece is filed, not what it is:
// the classes that content systems make of an article's topics ("tag-video",
// "status-publish").
func isFiling(name string) bool {
	for _, p := range [...]string{"tag-", "category-", "cat-", "status-", "format-", "term-", "post_tag-"} {
		if rest, ok := strings.CutPrefix(name, p); ok {
			switch rest {
			case "list", "lists", "cloud", "links", "link", "label", "labels", "name", "wrapper", "container", "item", "items":
				return false
			}
			return true
		}
	}
	return false
}

func nameMeaning(name string) trait {
	var buf [160]byte
	var starts [24]int
	s := buf[:0]
	n := 0
	lower := false
	for i := 0; i < len(name) && len(s) < cap(buf)-2; i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if lower && len(s) > 0 && s[len(s)-1] != '-' {
				s = append(s, '-')
			}
			s = append(s, c+'a'-'A')
			lower = false
		case c >= 'a' && c <= 'z' || c >= 0x80:
			s = append(s, c)
			lower = true
		case c >= '0' && c <= '9':
			lower = true // digits neither split nor count: "h2", "text2"
		default:
			if len(s) > 0 && s[len(s)-1] != '-' {
				s = append(s, '-')
			}
			lower = false
		}
	}
	for i := range s {
		if (i == 0 || s[i-1] == '-') && s[i] != '-' && n < len(starts) {
			starts[n] = i
			n++
		}
	}
	var t, minus trait
	for i := range n {
		for k := 1; k <= 3 && i+k <= n; k++ {
			end := len(s)
			if i+k < n {
				end = starts[i+k] - 1
			}
			w := s[starts[i]:end]
			if len(w) > 0 && w[len(w)-1] == '-' {
				w = w[:len(w)-1]
			}
			t |= words[string(w)]
			minus |= unwords[string(w)]
		}
	}
	return t &^ minus
}
