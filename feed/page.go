package feed

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"wireroom/article"
)

// Page is one document of a feed: the articles on it and where it stands among
// the feed's other documents.
type Page struct {
	Records    []article.Record
	Tombstones []Tombstone // what left the feed; Atom says so, the other formats leave it out
	// Updated is a lower bound of the document's date, so that it does not go
	// back when the newest article leaves. Zero: none.
	Updated  time.Time
	Nav      Nav
	Complete bool // these are all the feed's articles there are (RFC 5005, section 2)
	// Hold names the articles that no closed archive has yet: they are not left
	// out for the document's size, so that no reader misses them.
	Hold map[string]bool
	// Paged says that the feed is read page by page (RFC 5005, section 3): where
	// not all records fit, the next page begins after the last one that does.
	Paged bool
}

// Place is one document of a feed; the zero value is the current one.
type Place struct {
	Archive string         // name of an archive document
	After   article.Cursor // of a paged feed: the articles after this one
}

// Nav says which document this is and which are its neighbours (RFC 5005,
// sections 3 and 4). Links that don't apply are nil.
type Nav struct {
	Self                        Place
	Open                        bool // Self is an archive that more articles may still join
	First, Previous, Next, Last *Place
	PrevArchive, NextArchive    *Place
	Current                     *Place
}

// Archived reports whether the document is an archive, which never changes.
func (n *Nav) Archived() bool { return n.Self.Archive != "" && !n.Open }

// relations calls f for each neighbour with its link relation, in a fixed order.
func (n *Nav) relations(f func(rel string, at Place)) {
	for _, l := range [...]struct {
		rel string
		at  *Place
	}{
		{"current", n.Current},
		{"first", n.First}, {"previous", n.Previous}, {"next", n.Next}, {"last", n.Last},
		{"prev-archive", n.PrevArchive}, {"next-archive", n.NextArchive},
	} {
		if l.at != nil {
			f(l.rel, *l.at)
		}
	}
}

// Tombstone says that an entry is gone (RFC 6721).
type Tombstone struct {
	Ref     string    // the entry's id
	When    time.Time // of its removal
	Comment string    // plain text
}

// Bury makes the tombstone of a canceled article, or of one that expires, dated
// when it expires. Any other article has none. Whether the time has come is the
// caller's to judge.
func Bury(r *article.Record) (Tombstone, bool) {
	switch {
	case r.ID == "":
	case r.Status == article.Canceled:
		return Tombstone{Ref: r.ID, When: r.Updated, Comment: r.Revision.Note}, true
	case r.Status != article.Withheld && !r.Expires.IsZero():
		return Tombstone{Ref: r.ID, When: r.Expires}, true
	}
	return Tombstone{}, false
}

// CursorOf is the place of an article in the order of a feed.
func CursorOf(r *article.Record, byUpdated bool) article.Cursor {
	return article.Cursor{Time: position(r, byUpdated), ID: r.ID}
}

// errCursor is what ParseCursor says of anything that FormatCursor didn't write.
var errCursor = errors.New("not a cursor")

// FormatCursor writes a cursor for a URL.
func FormatCursor(c article.Cursor) string {
	return strconv.FormatInt(c.Time.UnixMilli(), 36) + "." + base64.RawURLEncoding.EncodeToString([]byte(c.ID))
}

// ParseCursor reads what FormatCursor wrote.
func ParseCursor(s string) (article.Cursor, error) {
	at, id, ok := strings.Cut(s, ".")
	if !ok {
		return article.Cursor{}, errCursor
	}
	ms, err := strconv.ParseInt(at, 36, 64)
	if err != nil {
		return article.Cursor{}, errCursor
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(raw) > 4<<10 || clean(string(raw)) != string(raw) {
		return article.Cursor{}, errCursor
	}
	return article.Cursor{Time: time.UnixMilli(ms).UTC(), ID: string(raw)}, nil
}
