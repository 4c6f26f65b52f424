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
		page, err := p.compose(ctx, want, time.Now())
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

// part is a page of a feed for people.
type part struct {
	articles []articleView
	next     string // address of the next page
}

// part returns the page of a query feed.
func (p *Publisher) part(ctx context.Context, ed *edition, want *wanted) (*part, error) {
	key := fmt.Sprintf("%d %s", ed.number, documentKey(&want.channel, "html", want.after))
	made, err := p.cache.get(ctx, key, p.sequence.Load(), func(ctx context.Context, _ any) (any, int64, error) {
		page, err := p.compose(ctx, want, time.Now())
		if err != nil {
			return nil, 0, err
		}
		out := partOf(ed, &want.channel, &page)
		size := int64(len(out.next))
		for i := range out.articles {
			a := &out.articles[i]
			for _, s := range [...]string{a.URL, a.Kicker, a.Headline, a.Standfirst, a.Source, a.Agencies, a.Byline, a.Date, a.Stamp, a.Original} {
				size += int64(len(s))
			}
			size += overhead
		}
		return out, size, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*part), nil
}

func partOf(ed *edition, c *feed.Channel, page *feed.Page) *part {
	out := &part{articles: views(ed, page.Records)}
	if page.Nav.Next != nil {
		out.next = pageURL(ed, c, page.Nav.Next.After)
	}
	return out
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
