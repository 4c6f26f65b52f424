package server

import (
	"net/http"
	"strconv"
	"strings"

	"wireroom/feed"
)

// negotiateType chooses what the address of a feed without extension gives
// (RFC 9110 §12.5.1): the page for people only where a browser navigates, because
// readers list text/html too; else a feed format by the q-values, RSS first. What
// is not acceptable is sent nevertheless.
func negotiateType(h http.Header) (f feed.Format, page bool) {
	if h.Get("Sec-Fetch-Dest") == "document" {
		return "", true
	}
	a := parseAccept(h.Values("Accept"))
	best, named := 0.0, false
	f = feed.RSS
	for _, format := range feed.Formats() {
		q, exact := a.quality(typesOf(format))
		if q > best || q == best && exact && !named {
			f, best, named = format, q, exact
		}
	}
	html, ok := a["text/html"]
	return f, ok && html > best
}

// typesOf are the media types that mean a format, its own first.
func typesOf(f feed.Format) []string {
	switch f {
	case feed.RSS:
		return []string{f.MediaType(), "application/xml", "text/xml"}
	case feed.JSON:
		return []string{f.MediaType(), "application/json"}
	}
	return []string{f.MediaType()}
}

// accept is an Accept header: media ranges and their q-values.
type accept map[string]float64

func parseAccept(headers []string) accept {
	a := accept{}
	for _, line := range headers {
		for part := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(part, ";")
			q := 1.0
			for param := range strings.SplitSeq(params, ";") {
				if v, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(param)), "q="); ok {
					q = weightOf(v)
				}
			}
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				a[name] = q
			}
		}
	}
	if len(a) == 0 {
		a["*/*"] = 1
	}
	return a
}

// quality is that of the first of the types, as the most specific range has it;
// named says that one of them stands there itself.
func (a accept) quality(types []string) (q float64, named bool) {
	if q, ok := a[types[0]]; ok {
		return q, true
	}
	for _, t := range types[1:] {
		if v, ok := a[t]; ok {
			q, named = max(q, v), true
		}
	}
	if named {
		return q, true
	}
	major, _, _ := strings.Cut(types[0], "/")
	if q, ok := a[major+"/*"]; ok {
		return q, false
	}
	return a["*/*"], false
}

// negotiate chooses the content coding by the q-values of Accept-Encoding
// (RFC 9110 §12.5.3); of equal ones the smallest to send. Empty is identity.
func negotiate(headers []string) string {
	var wanted [4]float64 // br, zstd, gzip, identity
	for i := range wanted {
		wanted[i] = -1
	}
	other := -1.0
	for _, line := range headers {
		for part := range strings.SplitSeq(line, ",") {
			name, q := quality(part)
			switch name {
			case "br":
				wanted[0] = q
			case "zstd":
				wanted[1] = q
			case "gzip", "x-gzip":
				wanted[2] = q
			case "identity":
				wanted[3] = q
			case "*":
				other = q
			}
		}
	}
	best, at := 0.0, ""
	for i, coding := range [...]string{"br", "zstd", "gzip"} {
		q := wanted[i]
		if q < 0 {
			q = other
		}
		if q > best && q >= wanted[3] {
			best, at = q, coding
		}
	}
	return at
}

// quality is one element of a header with weights: its name and weight.
func quality(part string) (string, float64) {
	name, params, _ := strings.Cut(part, ";")
	q := 1.0
	if v, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(params, " ", "")), "q="); ok {
		q = weightOf(v)
	}
	return strings.ToLower(strings.TrimSpace(name)), q
}

func weightOf(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || f != f {
		return 0
	}
	return min(max(f, 0), 1)
}
