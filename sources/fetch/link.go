package fetch

import (
	"net/url"
	"slices"
	"strings"
)

// Link is one link of a Link header (RFC 8288).
type Link struct {
	URL   string   // absolute
	Rel   []string // in lower case
	Type  string   // MIME type
	Title string
}

const maxLinks = 64 // of one answer

// Hubs are the WebSub hubs that the headers name.
func (r *Response) Hubs() []string { return r.related("hub") }

// Self is the address that the headers give the document (WebSub: its topic),
// empty if they don't.
func (r *Response) Self() string {
	if all := r.related("self"); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (r *Response) related(rel string) []string {
	var urls []string
	for _, l := range r.Links {
		if slices.Contains(l.Rel, rel) && !slices.Contains(urls, l.URL) {
			urls = append(urls, l.URL)
		}
	}
	return urls
}

// parseLinks reads Link headers leniently: what is no link is passed over, what
// leads elsewhere than http or https is left out, and so is what speaks of
// another document (anchor).
func parseLinks(lines []string, base *url.URL) []Link {
	var links []Link
	for _, line := range lines {
		for len(links) < maxLinks {
			_, rest, found := strings.Cut(line, "<")
			if !found {
				break
			}
			target, rest, found := strings.Cut(rest, ">")
			if !found {
				break
			}
			link := Link{URL: resolve(base, strings.TrimSpace(target))}
			foreign := false
			foreign, line = link.readParams(rest, base)
			if link.URL != "" && len(link.Rel) > 0 && !foreign {
				links = append(links, link)
			}
		}
	}
	return links
}

// readParams reads the parameters after a target up to the comma that ends the
// link; foreign tells that the link speaks of another document.
func (l *Link) readParams(s string, base *url.URL) (foreign bool, rest string) {
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" {
			return foreign, ""
		}
		if s[0] == ',' {
			return foreign, s[1:]
		}
		if s[0] != ';' {
			if i := strings.IndexAny(s, ";,"); i >= 0 {
				s = s[i:]
				continue
			}
			return foreign, ""
		}
		var name, value string
		name, value, s = readParam(s[1:])
		switch name {
		case "rel": // only the first counts (RFC 8288 §3.3)
			if l.Rel == nil {
				l.Rel = strings.Fields(strings.ToLower(value))
			}
		case "type":
			l.Type = value
		case "title":
			l.Title = value
		case "anchor":
			foreign = value != "" && resolve(base, value) != base.String()
		}
	}
}

// readParam reads name=value or name="value" and returns what follows.
func readParam(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.ToLower(strings.TrimSpace(s)), "", ""
	}
	name = strings.ToLower(strings.TrimSpace(s[:end]))
	if s[end] != '=' {
		return name, "", s[end:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if !strings.HasPrefix(s, `"`) {
		if end = strings.IndexAny(s, ";,"); end < 0 {
			end = len(s)
		}
		return name, strings.TrimSpace(s[:end]), s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case c == '"':
			return name, b.String(), s[i+1:]
		default:
			b.WriteByte(c)
		}
	}
	return name, b.String(), ""
}
