package feed

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"wireroom/article"
)

// Site is what every feed of one installation has in common.
type Site struct {
	BaseURL    string   // absolute, "https://news.example.org"
	Name       string   // author of the feeds; "Wireroom" if empty
	Language   string   // BCP 47, of feeds that name none
	Hub        string   // WebSub hub, absolute; empty: none
	Version    string   // of the program
	Authority  string   // of the feeds' ids; BaseURL's host if empty. Fix it before the host changes, or every feed gets a new id.
	Stylesheet string   // CSS for feeds opened in a browser; empty: none
	Retired    []string // ids of feeds that are gone for good
	Art        Art      // of feeds that have none of their own
	About      string   // page that explains the program and its JSON extensions; BaseURL/about if empty
}

// tagDate is the date in the tag URIs of feeds. Like the one in article.Mint it
// only has to be a date on which the authority was ours (RFC 4151, section 2.1).
const tagDate = "2026"

func (s *Site) base() string { return strings.TrimRight(s.BaseURL, "/") }

func (s *Site) name() string {
	if n := line(s.Name); n != "" {
		return n
	}
	return "Wireroom"
}

func (s *Site) about() string {
	if u := webURL(s.About); u != "" {
		return u
	}
	return s.base() + "/about"
}

// authority is the naming authority of the feeds' ids.
func (s *Site) authority() string {
	if s.Authority != "" {
		return strings.ToLower(s.Authority)
	}
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return "localhost"
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		return "localhost" // a tag's authority is a domain name; an IPv6 literal can't stand there
	}
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	if host == "" {
		return "localhost"
	}
	return strings.ToLower(host)
}

// tag makes a tag URI (RFC 4151) of this site.
func (s *Site) tag(specific string) string {
	return "tag:" + s.authority() + "," + tagDate + ":" + specific
}

// FeedID is the id of a feed, the same in every format and on every page of it.
func (s *Site) FeedID(c *Channel) string {
	id := s.tag("feeds/" + url.PathEscape(c.ID))
	if c.Query != "" {
		id += "?" + c.Query
	}
	return id
}

// FeedURL is the address of a document of a feed.
func (s *Site) FeedURL(c *Channel, f Format, at Place) string {
	path := s.base() + "/feeds/" + url.PathEscape(c.ID)
	if at.Archive != "" {
		path += "/archive/" + at.Archive
	}
	path += "." + string(f)
	query := c.Query
	if !at.After.IsZero() {
		after := "after=" + url.QueryEscape(FormatCursor(at.After))
		if query != "" {
			query += "&"
		}
		query += after
	}
	if query != "" {
		path += "?" + query
	}
	return path
}

// PageURL is the HTML page of a feed.
func (s *Site) PageURL(c *Channel) string {
	u := s.base() + "/feeds/" + url.PathEscape(c.ID)
	if c.Query != "" {
		u += "?" + c.Query
	}
	return u
}

// ArticleURL is our own page of an article: its address where the source gave
// none.
func (s *Site) ArticleURL(id string) string {
	return s.base() + "/articles/" + url.PathEscape(article.ShortID(id))
}

// SourceFeedURL is our own feed of one source's articles: the address of a
// source that has no feed of its own, such as an agency's directory.
func (s *Site) SourceFeedURL(source string, f Format) string {
	return s.FeedURL(sourceChannel(source), f, Place{})
}

func sourceChannel(source string) *Channel {
	if source == "" {
		return &Channel{ID: "all"}
	}
	return &Channel{ID: "all", Query: url.Values{"source": {source}}.Encode()}
}

// OPMLURL is the list of the feeds.
func (s *Site) OPMLURL() string { return s.base() + "/feeds.opml" }
