package config

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"wireroom/sources/opml"
)

// nameSources gives sources without an id one from their address.
func (c *Config) nameSources() {
	taken := map[string]bool{}
	for _, s := range c.Sources {
		taken[s.ID] = true
	}
	for i := range c.Sources {
		if s := &c.Sources[i]; s.ID == "" && s.URL != "" {
			s.ID = NewID(s.URL, taken)
		}
	}
}

// NewID makes a source id from its address that is not taken yet, and takes it.
func NewID(address string, taken map[string]bool) string {
	base := "source"
	if u, err := url.Parse(address); err == nil {
		if d, err := publicsuffix.EffectiveTLDPlusOne(u.Hostname()); err == nil {
			base, _, _ = strings.Cut(d, ".")
		} else if h := u.Hostname(); h != "" {
			base = h
		} else if parts := strings.Split(strings.Trim(u.Opaque+u.Path, "/"), "/"); len(parts) > 0 {
			base, _, _ = strings.Cut(parts[len(parts)-1], ".")
		}
	}
	base = slug(base)
	id := base
	for n := 2; taken[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

// slug keeps letters a to z and digits, the rest becomes one hyphen.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	if out := strings.Trim(b.String(), "-"); out != "" {
		return out
	}
	return "source"
}

// FromOutlines makes sources of an OPML file's outlines; at names the file.
func FromOutlines(outlines []opml.Outline, taken map[string]bool, at string) []Source {
	list := make([]Source, 0, len(outlines))
	for _, o := range outlines {
		list = append(list, Source{ID: NewID(o.URL, taken), URL: o.URL, Title: o.Title, Topics: o.Categories, at: at})
	}
	return list
}
