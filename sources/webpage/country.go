package webpage

import (
	_ "embed"
	"strings"
	"sync"
)

// countryNames are those of the countries of ISO 3166 in English, German, French
// and Spanish, in small letters, one a line (Unicode CLDR). The library that has
// them has the names of everything in every language, a fifteenth of the program.
//
//go:embed countries.txt
var countryNames string

// country reports whether s is the English, German, French or Spanish name of a
// country.
func country(s string) bool { return countries()[strings.ToLower(s)] }

var countries = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.Lines(countryNames) {
		names[strings.TrimSpace(name)] = true
	}
	return names
})
