package server

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// query returns a document of a query feed.
func (p *Publisher) query(ctx context.Context, ed *edition, want *wanted, f feed.Format) (document, error) {
	doc := document{documentKey(&want.channel, f, want.after), want.channel, f, nil}
	made, err := p.cache.get(ctx, fmt.Sprintf("%d %s", ed.number, doc.key), p.sequence.Load(), func(ctx context.Context, before any) (any, int64, error) {
		now := time.Now()
		page, err := p.compose(ctx, want, now)
		if err == nil {
			err = p.neighbours(ctx, &page, want, now)
		}
		if err != nil {
			return nil, 0, err
		}
		old, _ := before.(*feed.Snapshot)
		if old != nil {
			page.Updated = old.Updated
		}
		snap, err := p.snap(feed.Prepare(ed.site, want.channel, page), f, old)
		if err != nil {
			return nil, 0, fmt.Errorf("render %s: %w", doc.key, err)
		}
		p.history.add(doc.key, snap, time.Now())
		return snap, weight(snap), nil
	})
	if err != nil {
		return document{}, err
	}
	doc.snap = made.(*feed.Snapshot)
	return doc, nil
}

// pageURL is the address of a page for people.
func pageURL(ed *edition, c *feed.Channel, after article.Cursor) string {
	u := ed.site.PageURL(c)
	if after.IsZero() {
		return u
	}
	sep := "?"
	if c.Query != "" {
		sep = "&"
	}
	return u + sep + "after=" + url.QueryEscape(feed.FormatCursor(after))
}
