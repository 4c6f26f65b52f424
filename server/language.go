package server

import (
	"cmp"
	_ "embed"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// languageNames are what speakers call their languages, a tag and a name a line
// (Unicode CLDR). The library that has them has the names of everything in every
// language, a fifteenth of the program.
//
//go:embed languages.txt
var languageNames string

var languages = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for l := range strings.Lines(languageNames) {
		tag, name, _ := strings.Cut(strings.TrimSuffix(l, "\n"), "\t")
		names[tag] = name
	}
	return names
})

// languageName is what its speakers call a language.
func languageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	for ; tag != language.Und; tag = tag.Parent() {
		if name := languages()[tag.String()]; name != "" {
			return name
		}
	}
	return cmp.Or(languages()[code], code)
}
