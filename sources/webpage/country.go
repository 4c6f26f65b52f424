package webpage

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// country reports whether s is the English, German, French or Spanish name of a
// country.
func country(s string) bool { return countries()[strings.ToLower(s)] }

// countries are the names of the countries of ISO 3166 in the four languages, in
// small letters.
var countries = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, tag := range []language.Tag{language.English, language.German, language.French, language.Spanish} {
		in := display.Regions(tag)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				if r, err := language.ParseRegion(string([]rune{a, b})); err == nil && r.IsCountry() {
					names[strings.ToLower(in.Name(r))] = true
				}
			}
		}
	}
	return names
})
