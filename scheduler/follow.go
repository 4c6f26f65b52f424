package scheduler

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/sources"
	"wireroom/sources/fetch"
)

// Some sources are more than one document: an index of sitemaps, or a wire that
// is read from where the last poll stopped. Their further documents belong to the
// same poll; what is known of them is kept with the source's state.

const (
	maxFollowed = 10  // further documents that one poll reads
	maxTries    = 5   // polls that wait for a text that can't be had
	maxSitemaps = 300 // whose visits are remembered
)

// What is kept in State.Detail.Extra.
const (
	extraCursor   = "cursor"   // where the next poll goes on
	extraTries    = "tries"    // how often texts could not be had there
	extraSitemaps = "sitemaps" // JSON: visits
	extraReceipts = "receipts" // what is to be taken out of a queue, one address a line
)

func (x *poll) extra(key string) string { return x.st.Detail.Extra[key] }

// setExtra writes into a map of its own: the old one may be the store's.
func (x *poll) setExtra(key, value string) {
	d := &x.st.Detail
	if d.Extra[key] == value {
		return
	}
	kept := make(map[string]string, len(d.Extra)+1)
	maps.Copy(kept, d.Extra)
	if kept[key] = value; value == "" {
		delete(kept, key)
	}
	d.Extra = kept
}

// asked is the address that this poll asks: the source's own, or where the last
// poll left off.
func (x *poll) asked() string {
	if c := x.extra(extraCursor); c != "" && sameOrigin(c, x.st.URL) {
		return c
	}
	return x.st.URL
}

// lost forgets a place in the wire that the wire no longer knows; the next poll
// begins at the source's own address again.
func (x *poll) lost(err error) {
	switch fetch.KindOf(err) {
	case fetch.KindNotFound, fetch.KindGone, fetch.KindStatus:
		x.setExtra(extraCursor, "")
	}
}

// follow reads the further documents that those of this answer name.
func (x *poll) follow(ctx context.Context, t *taking) {
	t.further = true
	if len(t.parts) > 0 {
		x.sitemaps(ctx, t)
	}
	if len(t.receipts) > 0 {
		x.setExtra(extraReceipts, strings.Join(t.receipts, "\n"))
		x.seen.more = true // they are handed in when their items are saved: at the next poll
	}
	for n := 0; t.cursor != "" && sameOrigin(t.cursor, x.st.URL); n++ {
		next := t.cursor
		if t.postponed {
			x.seen.more = true
			return
		}
		if t.failed && !x.enough() { // what failed is asked for again from here
			return
		}
		x.setExtra(extraTries, "")
		x.setExtra(extraCursor, next)
		if !t.fruitful || n == maxFollowed {
			x.seen.more = x.seen.more || t.fruitful
			return
		}
		t.cursor, t.fruitful, t.failed = "", false, false
		if err := x.further(ctx, next, t); err != nil {
			x.lost(err)
			x.logger().Info("a wire was not read to its end", "error", err)
			return
		}
	}
}

// enough reports whether a place in the wire was tried so often that the wire is
// followed on without what can't be had.
func (x *poll) enough() bool {
	n, _ := strconv.Atoi(x.extra(extraTries))
	x.setExtra(extraTries, strconv.Itoa(n+1))
	return n+1 >= maxTries
}

// further reads one more document of the source.
func (x *poll) further(ctx context.Context, address string, t *taking) error {
	if err := x.paces.wait(ctx, address, x.Pace); err != nil {
		return err
	}
	resp, err := x.Client.Get(ctx, x.request(address))
	defer resp.Release()
	if err != nil {
		return err
	}
	for i := range resp.Parts {
		if err := x.part(ctx, resp, &resp.Parts[i], t); err != nil {
			return err
		}
	}
	x.log.Bytes += resp.Wire
	return nil
}

// request asks for a document that the source names. What is secret goes to the
// source's own origin only.
func (x *poll) request(address string) fetch.Request {
	r := fetch.Request{URL: address, UserAgent: x.src.UserAgent, FeedID: feedID(x.Authority, x.src.ID)}
	if sameOrigin(address, x.st.URL) {
		r.Username, r.Password, r.Headers = x.src.Username, x.src.Password, x.src.Headers
	}
	return r
}

// sitemaps reads those of an index that are new or have changed, a few a poll.
// Where some are for news the others are an archive and left alone; else what an
// index lists beyond the newest few at first sight is left until it changes.
func (x *poll) sitemaps(ctx context.Context, t *taking) {
	read := visits{}
	_ = json.Unmarshal([]byte(x.extra(extraSitemaps)), &read) // unreadable: as at first sight
	first := len(read) == 0
	due := read.due(t.parts)
	for n := 0; len(due) > 0 && ctx.Err() == nil; n++ {
		p := due[0]
		due = due[1:]
		if n >= maxFollowed {
			if t.whole = false; first && !p.Updated.IsZero() {
				read.note(p, x.start)
			}
			continue
		}
		t.parts = nil
		if err := x.further(ctx, p.URL, t); err != nil {
			t.whole = false
			x.logger().Info("a sitemap was not read", "error", err)
			continue
		}
		if len(t.parts) > 0 { // an index of indexes
			due = append(read.due(t.parts), due...)
		}
		t.whole = t.whole && !p.Updated.IsZero() // else the index does not tell when it changes
		read.note(p, x.start)
	}
	read.forget()
	if b, err := json.Marshal(read); err == nil {
		x.setExtra(extraSitemaps, string(b))
	}
	for _, h := range x.st.Known { // those of the sitemaps that were not read this time
		if len(t.seen) >= maxKnown {
			break
		}
		t.seen = append(t.seen, h)
	}
}

// visits tells of the sitemaps of an index, by the hash of their addresses, the
// date that they had when they were read; of those without a date, when that was.
type visits map[string]int64

func visitKey(p sources.Part) string { return strconv.FormatUint(xxhash.Sum64String(p.URL), 36) }

func (v visits) note(p sources.Part, now time.Time) {
	at := p.Updated
	if at.IsZero() {
		at = now
	}
	v[visitKey(p)] = at.Unix()
}

// due are the sitemaps to be read, in order: those that are newer than what was
// read, the newest first, then those that don't tell, the longest unread first.
func (v visits) due(parts []sources.Part) (due []sources.Part) {
	if slices.ContainsFunc(parts, func(p sources.Part) bool { return forNews(p.URL) }) {
		parts = slices.DeleteFunc(slices.Clone(parts), func(p sources.Part) bool { return !forNews(p.URL) })
	}
	for _, p := range parts {
		if at, known := v[visitKey(p)]; !known || p.Updated.IsZero() || p.Updated.Unix() > at {
			due = append(due, p)
		}
	}
	slices.SortStableFunc(due, func(a, b sources.Part) int {
		if c := cmp.Compare(b.Updated.Unix(), a.Updated.Unix()); c != 0 { // without a date: far in the past
			return c
		}
		return cmp.Compare(v[visitKey(a)], v[visitKey(b)])
	})
	return due
}

// forget drops the oldest visits beyond maxSitemaps.
func (v visits) forget() {
	keys := slices.SortedFunc(maps.Keys(v), func(a, b string) int { return cmp.Compare(v[b], v[a]) })
	for _, k := range keys[min(len(keys), maxSitemaps):] {
		delete(v, k)
	}
}

// forNews reports whether the name of a sitemap's file says that it is one for
// news.
func forNews(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	name := strings.ToLower(path.Base(u.Path) + " " + u.RawQuery)
	for w := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch w {
		case "news", "googlenews", "newssitemap", "sitemapnews", "latest", "recent":
			return true
		}
	}
	return false
}

// sameOrigin reports whether two addresses have scheme and host in common.
func sameOrigin(a, b string) bool {
	u, errU := url.Parse(a)
	v, errV := url.Parse(b)
	return errU == nil && errV == nil && strings.EqualFold(u.Scheme, v.Scheme) && strings.EqualFold(u.Host, v.Host)
}
