package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"wireroom/article"
)

// Pick makes the records of a feed's current document from those that it
// selects: newest first, each article, text or story once, as the channel says,
// at most so many of a source, and no more than its limit. Records that may
// not be published are left out. The argument stays as it is.
func Pick(c *Channel, records []article.Record) []article.Record {
	perSource := map[string]int{}
	list := merge(c, inOrder(records, c.Select.ByUpdated))
	out := make([]article.Record, 0, min(len(list), c.limit())) // a record is large
	for _, r := range list {
		if len(out) == c.limit() {
			break
		}
		if c.PerSource > 0 && perSource[r.Source.ID] >= c.PerSource {
			continue
		}
		perSource[r.Source.ID]++
		out = append(out, *r)
	}
	return out
}

// inOrder returns the publishable records newest first, ties by id; of several
// versions of one article the last. It sorts pointers: a record is large.
func inOrder(records []article.Record, byUpdated bool) []*article.Record {
	list := make([]*article.Record, 0, len(records))
	at := make(map[string]int, len(records))
	for i := range records {
		r := &records[i]
		if r.Status != article.Usable && r.Status != "" {
			continue
		}
		id := strings.TrimSpace(clean(r.ID))
		if j, ok := at[id]; ok {
			if newer(r, list[j]) {
				list[j] = r
			}
			continue
		}
		at[id] = len(list)
		list = append(list, r)
	}
	order(list, byUpdated)
	return list
}

// order sorts newest first, ties by id.
func order(list []*article.Record, byUpdated bool) {
	slices.SortStableFunc(list, func(a, b *article.Record) int {
		return cmp.Or(position(b, byUpdated).Compare(position(a, byUpdated)), cmp.Compare(a.ID, b.ID))
	})
}

// newer reports whether a is a later version of an article than b.
func newer(a, b *article.Record) bool {
	return cmp.Or(cmp.Compare(a.Version, b.Version), a.Updated.Compare(b.Updated)) > 0
}

// position is the time that orders a record.
func position(r *article.Record, byUpdated bool) time.Time {
	if byUpdated && !r.Updated.IsZero() {
		return r.Updated
	}
	if r.Published.IsZero() {
		return r.FirstSeen
	}
	return r.Published
}
