package feed

import (
	"cmp"
	"time"

	"wireroom/article"
)

// Channel is one combined feed: what it selects and how it presents itself.
type Channel struct {
	ID          string // in its addresses, for ever
	Title       string // plain text; the ID if empty
	Description string // plain text; the title if empty
	Language    string // BCP 47
	Copyright   string
	TTL         time.Duration // how long a reader may wait; 5 minutes if zero
	Query       string        // of a query feed: canonical and encoded, "agency=AFP&lang=en"

	Former  []string // ids that it had before: its old addresses lead here
	Readers []Reader // who may read it; none: everybody

	Art Art // what is empty is taken from the site

	Select    article.Query // Limit and ByUpdated hold for the feed too
	PerSource int           // at most this many of one source; 0: any number
	Once      Once          // what it has once: articles, texts, stories
	Prefer    []string      // source ids; of several tellers of a story the first of them represents it
}

// Reader is somebody who may read a private feed.
type Reader struct {
	Name string // for basic authentication; empty: whoever has the token
	Hash string // of the token or password
}

// Private reports whether only some may read the feed. A private feed is on no
// list and has no hub.
func (c *Channel) Private() bool { return len(c.Readers) > 0 }

// Art are the addresses of a feed's pictures.
type Art struct {
	Icon    string // square, at least 512 pixels
	Favicon string // square, at least 64 pixels
	Logo    string // twice as wide as high
	Badge   Badge  // RSS 2.0 image
}

// art is the channel's, completed from the site's, each a good address or empty.
func (c *Channel) art(s *Site) Art {
	a := Art{
		Icon:    cmp.Or(webURL(c.Art.Icon), webURL(s.Art.Icon)),
		Favicon: cmp.Or(webURL(c.Art.Favicon), webURL(s.Art.Favicon)),
		Logo:    cmp.Or(webURL(c.Art.Logo), webURL(s.Art.Logo)),
		Badge:   c.Art.Badge,
	}
	if webURL(a.Badge.URL) == "" {
		a.Badge = s.Art.Badge
	}
	a.Badge = Badge{webURL(a.Badge.URL), max(0, min(a.Badge.Width, 144)), max(0, min(a.Badge.Height, 400))}
	return a
}

// Badge is the picture of an RSS channel: PNG, JPEG or GIF, at most 144 pixels
// wide and 400 high. Sizes of zero are left out.
type Badge struct {
	URL           string
	Width, Height int
}

// DefaultLimit is the number of entries of a feed that names none.
const DefaultLimit = 100

// defaultTTL equals the max-age that the documents are served with.
const defaultTTL = 5 * time.Minute

func (c *Channel) title() string {
	if t := line(c.Title); t != "" {
		return t
	}
	return line(c.ID)
}

func (c *Channel) description() string {
	if d := prose(c.Description, maxSummary); d != "" {
		return d
	}
	return c.title()
}

// language is never empty: the channel's own, else the one it selects, else the
// site's, else "mul", several languages (ISO 639-2).
func (c *Channel) language(s *Site) string {
	if l := languageTag(c.Language); l != "" {
		return l
	}
	if len(c.Select.Languages) == 1 {
		if l := languageTag(c.Select.Languages[0]); l != "" {
			return l
		}
	}
	if l := languageTag(s.Language); l != "" {
		return l
	}
	return "mul"
}

func (c *Channel) limit() int {
	if c.Select.Limit > 0 {
		return c.Select.Limit
	}
	return DefaultLimit
}

// ttl is in minutes, at least one.
func (c *Channel) ttl() int {
	t := c.TTL
	if t <= 0 {
		t = defaultTTL
	}
	return max(1, int(t/time.Minute))
}
