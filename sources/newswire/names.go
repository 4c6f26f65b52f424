package newswire

import (
	"strings"

	"wireroom/article"
	"wireroom/article/wirecopy"
)

// wireName is wirecopy.Agency for the names that stand in metadata: domains
// ("reuters.com"), IPTC provider codes ("nprov:AFP", "KYODONEWS"), companies
// ("Thomson Reuters", "Deutsche Presse-Agentur GmbH").
func wireName(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if _, code := qcode(s); code != "" && !strings.Contains(s, "//") {
		s = code
	}
	if a, ok := wirecopy.Agency(s); ok {
		return a, true
	}
	low := strings.ToLower(s)
	for _, tail := range [...]string{".com", ".org", ".net", ".de", ".at", ".ch", ".fr", ".es", ".it", ".jp", ".no", ".se", ".dk", ".fi", ".be", ".nl", ".pl", " gmbh", " news", "news", " ag", " s.a.", " ltd", " inc.", ", inc.", " llc", "-"} {
		if t, ok := strings.CutSuffix(low, tail); ok {
			if a, ok := wirecopy.Agency(t); ok {
				return a, true
			}
		}
	}
	if a := wirecopy.Agencies(s); len(a) == 1 && len(strings.Fields(s)) <= 5 {
		return a[0], true
	}
	return "", false
}

// house is the name of a publisher as people know it: an agency's one spelling in
// place of its domain or code.
func house(name string) string {
	if a, ok := wireName(name); ok && (strings.Contains(name, ".") || !strings.Contains(name, " ")) {
		return a
	}
	return name
}

// company reports whether a name is that of a company rather than a person.
func company(name string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == ',' || r == '.' }) {
		switch w {
		case "inc", "llc", "ltd", "gmbh", "ag", "plc", "corp", "sa", "data", "media", "news", "press", "agency", "tv", "company", "university", "institute", "service", "services", "sports", "newswire", "group", "network", "foundation", "publisher":
			return true
		}
	}
	return false
}

// address resolves a reference to an absolute http or https URL; empty for no
// reference and for one that leads elsewhere.
func address(base, ref string) string {
	if strings.TrimSpace(ref) == "" {
		return ""
	}
	if u := article.Resolve(base, ref); strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") {
		return u
	}
	return ""
}
