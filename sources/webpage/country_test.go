package webpage

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// TestCountries holds the names to the library's.
func TestCountries(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, tag := range []language.Tag{language.English, language.German, language.French, language.Spanish} {
		in := display.Regions(tag)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				r, err := language.ParseRegion(string([]rune{a, b}))
				if err != nil || !r.IsCountry() || in.Name(r) == "" {
					continue
				}
				names[strings.ToLower(in.Name(r))] = true
				if !country(in.Name(r)) {
					t.Errorf("%s is no country", in.Name(r))
				}
			}
		}
	}
	for name := range countries() {
		if !names[name] {
			t.Errorf("%q is a country here only", name)
		}
	}
	if country("Velden") || country("") {
		t.Error("a town is a country")
	}
}
