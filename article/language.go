package article

import (
	"strings"

	"golang.org/x/text/language"
)

// Language returns s as a BCP 47 tag in its usual spelling ("en_us" is "en-US",
// "iw" is "he"), or "" if it can't be understood or names no language. Lists
// give their first tag, POSIX locales lose their charset, an impossible region
// is dropped ("en-EN" is "en"), and the names that feeds write in place of a tag
// are known for the larger languages.
func Language(s string) string {
	if len(s) > 256 {
		return ""
	}
	s = strings.ToLower(strings.TrimSpace(s))
	if i := strings.IndexAny(s, ",;|/ \t\r\n(.@"); i >= 0 {
		if s[i] == ' ' && i == 3 {
			return "" // words; three letters nearly always are some language's code
		}
		s = s[:i]
	}
	s = strings.Trim(strings.ReplaceAll(s, "_", "-"), "-\"'")
	if tag, ok := languageNames[s]; ok {
		return tag
	}
	if len(s) < 2 || len(s) > 35 { // RFC 5646 section 4.4.1
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil {
		// An unknown subtag; the language itself may be good.
		base, _, found := strings.Cut(s, "-")
		if !found {
			return ""
		}
		if tag, err = language.Parse(base); err != nil {
			return ""
		}
	}
	switch base, _, _ := tag.Raw(); base.String() {
	case "und", "mul", "zxx", "mis":
		return ""
	}
	return tag.String()
}

// languageNames maps names found in place of tags, and words that look like
// tags but say nothing.
var languageNames = map[string]string{
	"english": "en", "eng": "en", "american": "en-US", "british": "en-GB", "uk-english": "en-GB", "us-english": "en-US",
	"german": "de", "deutsch": "de", "french": "fr", "français": "fr", "francais": "fr", "spanish": "es", "español": "es",
	"espanol": "es", "castellano": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt",
	"portugues": "pt", "dutch": "nl", "nederlands": "nl", "swedish": "sv", "svenska": "sv", "danish": "da", "dansk": "da",
	"norwegian": "no", "norsk": "no", "finnish": "fi", "suomi": "fi", "icelandic": "is", "polish": "pl", "polski": "pl",
	"czech": "cs", "čeština": "cs", "slovak": "sk", "hungarian": "hu", "magyar": "hu", "romanian": "ro", "română": "ro",
	"bulgarian": "bg", "greek": "el", "ελληνικά": "el", "turkish": "tr", "türkçe": "tr", "russian": "ru", "русский": "ru",
	"ukrainian": "uk", "українська": "uk", "serbian": "sr", "croatian": "hr", "hrvatski": "hr", "slovenian": "sl",
	"arabic": "ar", "العربية": "ar", "hebrew": "he", "עברית": "he", "persian": "fa", "farsi": "fa", "فارسی": "fa", "urdu": "ur",
	"hindi": "hi", "bengali": "bn", "tamil": "ta", "thai": "th", "vietnamese": "vi", "indonesian": "id", "malay": "ms",
	"chinese": "zh", "中文": "zh", "japanese": "ja", "日本語": "ja", "korean": "ko", "한국어": "ko", "catalan": "ca", "català": "ca",
	"jp": "ja", "cz": "cs", "dk": "da", "gr": "el", // countries written for languages; none is a language tag

	"none": "", "unknown": "", "x-default": "", "default": "", "posix": "", "all": "", "multi": "", "lang": "", "null": "",
}
