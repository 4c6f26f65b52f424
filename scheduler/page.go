package scheduler

import (
	"cmp"
	"context"
	"net/url"
	"sync"
	"time"

	"wireroom/sources"
	"wireroom/sources/fetch"
	"wireroom/sources/newswire"
	"wireroom/sources/normalise"
	"wireroom/sources/webpage"
)

// maxPages is how many articles' pages one poll reads; the items beyond it are
// stored as the feed has them.
const maxPages = 100

// pages reads the own pages of a document's items, which are all new or changed,
// and lays what they say over the items. A page that can't be had leaves its item
// as it is: an article is never missed because of its page.
func (x *poll) pages(ctx context.Context, doc *sources.Document) {
	for i := range doc.Items {
		it := &doc.Items[i]
		link := it.Record.Links.Canonical
		if x.read == maxPages || ctx.Err() != nil {
			return
		}
		if link == "" {
			continue
		}
		x.read++
		x.src.watch(Step{Stage: Paging, Page: i + 1, Pages: len(doc.Items)})
		if err := x.page(ctx, it, link); err != nil {
			x.logger().Info("an article's page was not read", "error", err)
		}
	}
}

// texts reads the texts of items that lie elsewhere (AP's feed). An item whose
// text can't be had is stored without it, and asked for again. What a further
// document has beyond maxPages waits for the next poll.
func (x *poll) texts(ctx context.Context, doc *sources.Document, t *taking) {
	for i := range doc.Items {
		it := &doc.Items[i]
		if it.ContentURL == "" {
			continue
		}
		if x.read >= maxPages && t.further {
			t.postponed, t.whole = true, false
			return
		}
		x.read++
		x.src.watch(Step{Stage: Paging, Page: i + 1, Pages: len(doc.Items)})
		if err := x.text(ctx, it); err != nil {
			it.Hash = 0
			t.failed, t.whole = t.failed || transient(err), false
			x.logger().Info("a wire item's text was not read", "item", it.GUID, "error", err)
		}
	}
}

func (x *poll) text(ctx context.Context, it *sources.Item) error {
	if err := x.paces.wait(ctx, it.ContentURL, x.Pace); err != nil {
		return err
	}
	resp, err := x.Client.Get(ctx, x.request(it.ContentURL))
	defer resp.Release()
	if err != nil {
		return err
	}
	return newswire.AddText(it, resp.Body(), newswire.Options{URL: resp.URL, Received: x.start})
}

// transient reports whether an exchange that failed may go well later.
func transient(err error) bool {
	switch fetch.KindOf(err) {
	case fetch.KindDNS, fetch.KindConnect, fetch.KindTLS, fetch.KindTimeout, fetch.KindCanceled, fetch.KindRateLimited, fetch.KindUnavailable, fetch.KindServer:
		return true
	}
	return false
}

func (x *poll) page(ctx context.Context, it *sources.Item, link string) error {
	if ok, err := x.Client.Allowed(ctx, link); err != nil || !ok {
		if err == nil {
			err = &fetch.Error{Kind: fetch.KindBlocked, URL: fetch.Redact(link), Reason: "robots.txt forbids it"}
		}
		return err
	}
	if err := x.paces.wait(ctx, link, x.Pace); err != nil {
		return err
	}
	resp, err := x.Client.Get(ctx, fetch.Request{URL: link, Accept: fetch.AcceptPages, UserAgent: x.src.UserAgent})
	if err != nil {
		return err
	}
	defer resp.Release()
	res, err := webpage.Extract(resp.Body(), webpage.Options{URL: resp.URL, ContentType: resp.ContentType})
	if err != nil {
		return err
	}
	normalise.WithPage(it, &res.Record, resp.URL)
	return nil
}

// paces keeps the exchanges for pages with one host apart, for all sources of
// this process.
type paces struct {
	mu   sync.Mutex
	next map[string]time.Time
}

const (
	pagePace = time.Second
	maxPaces = 10_000 // hosts remembered
)

// wait returns when the host of the address may be asked.
func (p *paces) wait(ctx context.Context, address string, pace time.Duration) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	p.mu.Lock()
	now := time.Now()
	if p.next == nil || len(p.next) > maxPaces {
		p.next = map[string]time.Time{}
	}
	at := p.next[u.Host]
	if at.Before(now) {
		at = now
	}
	p.next[u.Host] = at.Add(cmp.Or(pace, pagePace))
	p.mu.Unlock()
	if !pause(ctx, at.Sub(now)) {
		return ctx.Err()
	}
	return nil
}
