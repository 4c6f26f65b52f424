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
	"wireroom/store"
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

// settle is how long an article that belongs to no story yet is kept out of a
// feed that has each once. Its story is found a moment after it came; shown
// before, it would stay with readers as an entry of its own.
const settle = 5 * time.Second

// settling reports whether it is too early to show an article. The next sweep
// shows it.
func (w *wanted) settling(r *article.Record, now time.Time) bool {
	return w.channel.Merges() && w.canonical() == "" && w.after.IsZero() && w.keep == nil &&
		r.Story.ID == "" && now.Sub(r.FirstSeen) < settle
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
		rest, partial := store.Rest(err)
		if err != nil && !partial {
			return feed.Page{}, fmt.Errorf("select the articles of %s: %w", c.ID, err)
		}
		more = len(batch) == q.Limit
		page.Records = slices.Grow(page.Records, min(len(batch), limit-len(page.Records)))
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
			case want.settling(r, now):
			case !r.Embargo.After(now):
				page.Records = append(page.Records, *r)
			}
		}
		if partial { // the next page goes on there
			page.Nav.Next, more = &feed.Place{After: rest}, false
			break
		}
		q.Now = now
		if last != nil {
			q.After = feed.CursorOf(last, q.ByUpdated)
		}
	}
	if want.paged && more && last != nil {
		page.Nav.Next = &feed.Place{After: feed.CursorOf(last, q.ByUpdated)}
	}
	if err := p.gather(ctx, &page, want, now); err != nil {
		return feed.Page{}, err
	}
	page.Records = feed.Pick(c, page.Records)
	if len(c.Stories(page.Records)) > 0 {
		within(&page, want, last)
	}
	p.bury(&page, want, now)
	return page, nil
}

// maxMembers is how many articles of a page's stories are read beside those that
// were selected.
const maxMembers = 2000

// gather adds the other articles of the stories at hand, where the feed makes one
// entry of them.
func (p *Publisher) gather(ctx context.Context, page *feed.Page, want *wanted, now time.Time) error {
	q := want.channel.Select
	if q.Stories = want.channel.Stories(page.Records); len(q.Stories) == 0 {
		return nil
	}
	q.Limit, q.Now, q.Since, q.After = maxMembers, now, time.Time{}, article.Cursor{}
	list, err := p.store.Select(ctx, q)
	if err != nil {
		return fmt.Errorf("select the stories of %s: %w", want.channel.ID, err)
	}
	entries := map[string]bool{}
	for i := range page.Records {
		entries[want.channel.EntryID(&page.Records[i])] = true
	}
	for i := range list {
		if r := &list[i]; entries[want.channel.EntryID(r)] && (want.keep == nil || want.keep(r)) {
			page.Records = append(page.Records, list[i])
		}
	}
	return nil
}

// within leaves out entries that lie on another page than this one: a story is
// where its entry's own date puts it, wherever its articles are.
func within(page *feed.Page, want *wanted, last *article.Record) {
	byUpdated := want.channel.Select.ByUpdated
	before := func(a, b article.Cursor) bool { return a.Time.After(b.Time) || a.Time.Equal(b.Time) && a.ID < b.ID }
	page.Records = slices.DeleteFunc(page.Records, func(r article.Record) bool {
		at := feed.CursorOf(&r, byUpdated)
		return !want.after.IsZero() && !before(want.after, at) ||
			page.Nav.Next != nil && last != nil && before(feed.CursorOf(last, byUpdated), at)
	})
}

// pageLimit is how many articles are read for a page; Pick leaves some out.
func pageLimit(c *feed.Channel) int {
	n := cmp.Or(c.Select.Limit, feed.DefaultLimit)
	if c.PerSource > 0 || c.Merges() {
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
	rename(page, &want.channel, graves)
	slices.SortFunc(page.Tombstones, func(a, b feed.Tombstone) int {
		return cmp.Or(b.When.Compare(a.When), cmp.Compare(a.Ref, b.Ref))
	})
	page.Tombstones = page.Tombstones[:min(len(page.Tombstones), maxGraves)]
}

// rename gives tombstones the ids that entries have in the feed, and takes away
// those of entries that others keep alive.
func rename(page *feed.Page, c *feed.Channel, graves []article.Record) {
	if !c.Merges() {
		return
	}
	entries := map[string]string{}
	for i := range graves {
		entries[graves[i].ID] = c.EntryID(&graves[i])
	}
	alive := map[string]bool{}
	for i := range page.Records {
		alive[page.Records[i].ID] = true
	}
	seen := map[string]bool{}
	for i := range page.Tombstones {
		t := &page.Tombstones[i]
		t.Ref = cmp.Or(entries[t.Ref], t.Ref)
	}
	page.Tombstones = slices.DeleteFunc(page.Tombstones, func(t feed.Tombstone) bool {
		gone := alive[t.Ref] || seen[t.Ref]
		seen[t.Ref] = true
		return gone
	})
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
func (p *Publisher) digGraves(changes []*article.Record) {
	old := p.graves()
	ids := make(map[string]bool, len(changes))
	for _, r := range changes {
		ids[r.ID] = true
	}
	changed := func(r article.Record) bool { return ids[r.ID] }
	canceled := func(r *article.Record) bool { return r.Status == article.Canceled }
	if !slices.ContainsFunc(changes, canceled) && !slices.ContainsFunc(old, changed) {
		return
	}
	list := slices.DeleteFunc(slices.Clone(old), changed)
	for _, r := range changes {
		if canceled(r) {
			list = append(list, *r)
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
