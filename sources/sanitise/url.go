package sanitise

import (
	"strings"

	"wireroom/article"
)

// webURL returns the absolute http or https URL that s means; empty if none.
func (b *builder) webURL(s string) string {
	u := b.resolve(s)
	if strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		return u
	}
	return ""
}

// anyURL is webURL for links, which may lead to a mail address as well.
func (b *builder) anyURL(s string) string {
	u := b.resolve(s)
	if strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		return u
	}
	if strings.HasPrefix(u, "mailto:") {
		return mailAddress(u)
	}
	return ""
}

// imageURL is webURL for pictures, which may be written into the text if the
// caller allows it.
func (b *builder) imageURL(s string) string {
	if b.options.DataImages && len(s) > minDataURL && len(s) <= maxDataURL && strings.EqualFold(s[:len("data:image/")], "data:image/") {
		return dataImage(s)
	}
	return b.webURL(s)
}

func (b *builder) resolve(s string) string {
	if s == "" || len(s) > article.MaxURL {
		return ""
	}
	if b.base == "" && (strings.HasPrefix(s, "//") || strings.HasPrefix(s, `\\`)) {
		s = "https:" + s
	}
	u := article.Resolve(b.base, s)
	if len(u) > article.MaxURL {
		return ""
	}
	return u
}

// mailAddress returns a mailto URL whose every byte may stand in a URL.
func mailAddress(u string) string {
	for i := 0; i < len(u); i++ {
		if c := u[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return ""
		}
	}
	return u
}

// dataImage returns a data: URL of a picture in base64 if it is of a type that
// holds nothing but a picture.
func dataImage(s string) string {
	meta, data, ok := strings.Cut(s, ",")
	kind, ok64 := strings.CutSuffix(lower(meta), ";base64")
	if !ok || !ok64 {
		return ""
	}
	switch kind {
	case "data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp":
	case "data:image/jpg":
		kind = "data:image/jpeg"
	default:
		return ""
	}
	if strings.ContainsAny(data, " \n\t\r") {
		data = strings.Join(strings.Fields(data), "")
	}
	if !only(data, isBase64Byte) {
		return ""
	}
	return kind + ";base64," + data
}

func isBase64Byte(c byte) bool { return alphanumeric(c) || c == '+' || c == '/' || c == '=' }
