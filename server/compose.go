package server

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// How long and how many of the articles that left a feed are remembered in it.
const (
	graveDays = 14
	maxGraves = 100
)

// rounds is how often the store is asked for one page, where articles that it
// can't leave out itself have to be passed over.
const rounds = 8

// wanted is a feed, or a part of one, as a reader asks for it.
type wanted struct {
	channel feed.Channel
	keep    func(*article.Record) bool // what the store can't be asked; nil: everything
	after   article.Cursor
	paged   bool
	given   url.Values // the query, in its canonical form
}

// compose chooses the articles of one page of a feed, and what left it. It is
// first asked without regard to the time, so that expired articles are found.
func (p *Publisher) compose(ctx context.Context, want *wanted, now time.Time) (feed.Page, error) {
	c := &want.channel
	q := c.Select
	q.Limit, q.After = pageLimit(c), want.after
	page := feed.Page{Paged: want.paged, Nav: feed.Nav{Self: feed.Place{After: want.after}}}
	if want.paged {
		page.Nav.First = &feed.Place{}
	}
	limit, more := q.Limit, true
	var last *article.Record // that was looked at
	for round := 0; more && len(page.Records) < limit && round < rounds; round++ {
		q.Limit = limit - len(page.Records) + 1
		batch, err := p.store.Select(ctx, q)
		if err != nil {
			return feed.Page{}, fmt.Errorf("select the articles of %s: %w", c.ID, err)
		}
		more = len(batch) == q.Limit
		for i := range batch {
			if len(page.Records) == limit {
				more = true
				break
			}
			r := &batch[i]
			last = r
			switch {
			case want.keep != nil && !want.keep(r):
			case expired(r, now):
				page.Tombstones = appendGrave(page.Tombstones, r, now)
			case !r.Embargo.After(now):
				page.Records = append(page.Records, *r)
			}
		}
		q.Now = now
		if last != nil {
			q.After = feed.CursorOf(last, q.ByUpdated)
		}
	}
	if want.paged && more && last != nil {
		page.Nav.Next = &feed.Place{After: feed.CursorOf(last, q.ByUpdated)}
	}
	page.Records = feed.Pick(c, page.Records)
	p.bury(&page, want, now)
	return page, nil
}

// pageLimit is how many articles are read for a page; Pick leaves some out.
func pageLimit(c *feed.Channel) int {
	n := cmp.Or(c.Select.Limit, feed.DefaultLimit)
	if c.PerSource > 0 || c.PerStory {
		n *= 5
	}
	return n
}

func expired(r *article.Record, now time.Time) bool {
	return !r.Expires.IsZero() && !r.Expires.After(now)
}

// graveSince is the day from which on tombstones are kept: whole days, so that
// the documents of all replicas agree.
func graveSince(now time.Time) time.Time {
	return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -graveDays)
}

func appendGrave(list []feed.Tombstone, r *article.Record, now time.Time) []feed.Tombstone {
	if t, ok := feed.Bury(r); ok && !t.When.Before(graveSince(now)) && !t.When.After(now) {
		list = append(list, t)
	}
	return list
}

// bury adds the tombstones of canceled articles that the feed selects. Other
// pages than the first have none: a reader sees the first one anyway.
func (p *Publisher) bury(page *feed.Page, want *wanted, now time.Time) {
	if !want.after.IsZero() {
		page.Tombstones = nil
		return
	}
	graves := p.graves()
	for i := range graves {
		if r := &graves[i]; selects(&want.channel.Select, r) && (want.keep == nil || want.keep(r)) {
			page.Tombstones = appendGrave(page.Tombstones, r, now)
		}
	}
	slices.SortFunc(page.Tombstones, func(a, b feed.Tombstone) int {
		return cmp.Or(b.When.Compare(a.When), cmp.Compare(a.Ref, b.Ref))
	})
	page.Tombstones = page.Tombstones[:min(len(page.Tombstones), maxGraves)]
}

// maxCanceled is how many canceled articles are looked at for tombstones.
const maxCanceled = 1000

// graves are the canceled articles, without their text.
func (p *Publisher) graves() []article.Record {
	if list := p.canceled.Load(); list != nil {
		return *list
	}
	return nil
}

// readGraves reads them from the store, once; later ones come with the changes.
func (p *Publisher) readGraves(ctx context.Context) error {
	if p.canceled.Load() != nil {
		return nil
	}
	list, err := p.store.Select(ctx, article.Query{
		Status: article.Canceled, ByUpdated: true, Since: graveSince(time.Now()), Limit: maxCanceled,
	})
	if err != nil {
		return fmt.Errorf("select canceled articles: %w", err)
	}
	p.setGraves(list)
	return nil
}

// digGraves takes over changes: articles that were canceled, or came back.
func (p *Publisher) digGraves(changes []article.Record) {
	old := p.graves()
	ids := make(map[string]bool, len(changes))
	for i := range changes {
		ids[changes[i].ID] = true
	}
	changed := func(r article.Record) bool { return ids[r.ID] }
	canceled := func(r article.Record) bool { return r.Status == article.Canceled }
	if !slices.ContainsFunc(changes, canceled) && !slices.ContainsFunc(old, changed) {
		return
	}
	list := slices.DeleteFunc(slices.Clone(old), changed)
	for i := range changes {
		if canceled(changes[i]) {
			list = append(list, changes[i])
		}
	}
	p.setGraves(list)
}

func (p *Publisher) setGraves(list []article.Record) {
	since := graveSince(time.Now())
	list = slices.DeleteFunc(list, func(r article.Record) bool { return r.Updated.Before(since) })
	for i := range list {
		list[i].Body, list[i].Images, list[i].Media = article.Body{}, nil, nil
	}
	slices.SortFunc(list, func(a, b article.Record) int {
		return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(a.ID, b.ID))
	})
	list = list[:min(len(list), maxCanceled)]
	p.canceled.Store(&list)
}

// selects reports whether an article, whatever its status, falls under a query.
// The text search is the store's; here it counts as found.
func selects(q *article.Query, r *article.Record) bool {
	return (len(q.Sources) == 0 || slices.Contains(q.Sources, r.Source.ID)) &&
		(q.Since.IsZero() || !feed.CursorOf(r, q.ByUpdated).Time.Before(q.Since)) &&
		(len(q.Languages) == 0 || slices.ContainsFunc(q.Languages, func(l string) bool { return article.SpeaksLanguage(r.Language, l) })) &&
		(len(q.Agencies) == 0 || overlap(q.Agencies, r.Agencies)) &&
		(len(q.Topics) == 0 || overlap(q.Topics, r.Terms()))
}

// overlap reports whether the lists share a word, in any case.
func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return strings.EqualFold(x, y) })
	})
}
