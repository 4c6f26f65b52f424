// Package sources says what reading an upstream yields. Its sub-packages are
// the steps, one a package, in the order the bytes take: fetch, repair,
// syndication (or newswire, sitemap, webpage), normalise.
package sources

import (
	"time"

	"wireroom/article"
	"wireroom/article/date"
)

// Document is what one body of a source says, read but not yet believed: no
// text in it is clean and no URL resolved unless a field says so.
type Document struct {
	Format   string // rss, atom, json, nitf, newsml-g2, sitemap, …
	Title    string // plain text
	ID       string // the feed's own id, verbatim
	Home     string // the site's page, absolute
	Self     string // rel=self, absolute
	Language string // BCP 47 where it could be understood
	Rights   string
	Icon     string // absolute
	NextURL  string // JSON Feed next_url or Atom rel=next, absolute

	Cursor string // where the next poll goes on, for wires that are read from where one stopped (AP's feed); absolute

	Hubs []string // WebSub hubs, absolute

	DateOrder date.Order // of its dates in numbers, as far as it is known from this document or an earlier one

	// What the source says of its own rhythm; see the schedule rules.
	TTL       time.Duration // RSS ttl or sy:*; zero where absent
	SkipHours []int         // hours of the day, GMT
	SkipDays  []time.Weekday
	Expired   bool // the source says that it won't change any more (JSON Feed expired, itunes:complete)

	Parts     []Part // further documents of this source to be read: the sitemaps of an index
	Items     []Item
	Known     int            // items left out because their bytes are known and unchanged
	Dropped   int            // items over the limit, counted and not read
	Truncated bool           // the body ended early: validators of it must not be kept
	Repairs   map[string]int // what had to be mended, by name, with counts
}

// Part is a document that another one lists.
type Part struct {
	URL     string    // absolute
	Updated time.Time // as claimed; zero if unknown
}

// Item is what one poll yields for one article before normalisation.
//
// Record carries the item's claims in the record's own shape: text as the
// source wrote it (plain where the field is plain, with entities decoded once),
// HTML unsanitised, dates as claimed. normalise turns it into a record that can
// be believed.
type Item struct {
	GUID   string // verbatim, trimmed of white space only; empty if the source gave none
	Hash   uint64 // of the item's raw bytes, for recognising it unread; 0 if unknown
	Base   string // absolute URL that relative URLs of the item's HTML resolve against
	Record article.Record

	// ContentURL is where the text lies, for wires whose items don't hold it
	// (AP's feed); absolute. newswire.AddText puts what lies there into the item.
	ContentURL string

	// Receipt is to be asked to DELETE once the item is stored, for wires that are
	// queues (dpa's wireQ); absolute, and of the source's own origin.
	Receipt string

	PublishedText string // the date as the source wrote it
	UpdatedText   string
}
