package server

import (
	"context"
	"fmt"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// walkPages is how many pages deep the way back is looked for: the store reads in
// one direction only.
const walkPages = 10

// neighbours completes the links of a paged document (RFC 5005, section 3): the
// page that ends where this one begins, and the last page where this is it.
// Readers come from the first page and need neither; so far down that the walk
// there is long, the link back is left out.
func (p *Publisher) neighbours(ctx context.Context, page *feed.Page, want *wanted, now time.Time) error {
	if !want.paged {
		return nil
	}
	if page.Nav.Next == nil {
		page.Nav.Last = &feed.Place{After: want.after}
	}
	if want.after.IsZero() {
		return nil
	}
	newer, err := p.newer(ctx, want, now)
	if err != nil || newer == nil {
		return err
	}
	page.Nav.Previous = &feed.Place{}
	if n := len(newer) - pageLimit(&want.channel); n > 0 {
		page.Nav.Previous.After = newer[n-1]
	}
	return nil
}

// newer are the places of the articles from the first to the one that the page
// comes after; nil if that is too far down.
func (p *Publisher) newer(ctx context.Context, want *wanted, now time.Time) ([]article.Cursor, error) {
	q := want.channel.Select
	q.Now, q.Limit = now, pageLimit(&want.channel)
	list := []article.Cursor{}
	for range walkPages {
		batch, err := p.store.Select(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("select the articles before a page of %s: %w", want.channel.ID, err)
		}
		for i := range batch {
			at := feed.CursorOf(&batch[i], q.ByUpdated)
			if comesAfter(at, want.after) {
				return list, nil
			}
			if want.keep == nil || want.keep(&batch[i]) {
				list = append(list, at)
			}
			q.After = at
		}
		if len(batch) < q.Limit {
			return list, nil
		}
	}
	return nil, nil
}

// comesAfter reports whether a place is further down than another one.
func comesAfter(a, b article.Cursor) bool {
	return a.Time.Before(b.Time) || a.Time.Equal(b.Time) && a.ID > b.ID
}
