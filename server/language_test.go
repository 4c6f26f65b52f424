package server

import (
	"cmp"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// TestLanguageNames holds the names to the library's, for each of its languages
// and those of regions that newsrooms name.
func TestLanguageNames(t *testing.T) {
	t.Parallel()
	codes := []string{"", "tlh", "en-GB", "en-US", "en-ZA", "en-AU", "pt-BR", "pt-PT", "pt-AO", "zh-CN", "zh-TW", "zh-HK", "zh-Hant-TW", "zh-Hans-SG", "de-AT", "de-CH", "gsw-CH",
		"fr-CA", "fr-CH", "fr-BE", "es-MX", "es-ES", "es-AR", "es-419", "sr-Latn", "sr-Latn-RS", "sr-RS", "no", "nb-NO", "nn", "iw", "he-IL", "ar-EG", "tl", "fil", "nl-BE", "mo", "sh", "ky-Latn"}
	for _, tag := range display.Supported.Tags() {
		codes = append(codes, tag.String())
	}
	for _, code := range codes {
		want := code
		if tag, err := language.Parse(code); err == nil {
			want = cmp.Or(display.Self.Name(tag), code)
		}
		if got := languageName(code); got != want {
			t.Errorf("%q: %q, the library says %q", code, got, want)
		}
	}
}
