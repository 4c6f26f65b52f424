package server

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wireroom/article"
	"wireroom/feed"
)

// published is one feed as it stands: all that its documents are made of. A format
// that somebody reads is rendered before it is put up; any other when somebody asks.
type published struct {
	number   int64 // another one whenever a document may differ
	site     feed.Site
	channel  feed.Channel
	page     feed.Page // the current document's
	updated  time.Time // the date of all documents
	keep     []string  // Cache-Control
	readers  *readers
	rendered [formatCount]rendered
}

// rendered is a feed's document in one format, once it was made.
type rendered struct {
	mu   sync.Mutex // held by whoever makes it
	snap atomic.Pointer[feed.Snapshot]
}

const formatCount = 3

// readers tells when each format of a feed was last asked for, and keeps what makes
// the next rendering cheap while there are any. All versions of the feed share it.
type readers struct {
	last [formatCount]atomic.Int64 // Unix seconds
	memo feed.Memo
}

func (r *readers) note(i int) {
	if now := time.Now().Unix(); r.last[i].Load() != now {
		r.last[i].Store(now)
	}
}

// lately reports whether a format is read: somebody came within idleAfter.
func (r *readers) lately(i int) bool { return time.Since(time.Unix(r.last[i].Load(), 0)) <= idleAfter }

// formatOf is the place of a format among all of them; -1: there is none of that
// extension.
func formatOf(ext string) int { return slices.Index(feed.Formats(), feed.Format(ext)) }

// snapshot is a feed's document in a format, for somebody who reads it.
func (p *Publisher) snapshot(f *published, format feed.Format) (*feed.Snapshot, error) {
	i := formatOf(string(format))
	f.readers.note(i)
	d := &f.rendered[i]
	if snap := d.snap.Load(); snap != nil {
		return snap, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if snap := d.snap.Load(); snap != nil {
		return snap, nil
	}
	if err := p.fill(f, f.readers.memo.Prepare(f.site, f.channel, f.page), i, nil); err != nil {
		return nil, err
	}
	return d.snap.Load(), nil
}

// fill renders a feed's document in one format; before is the one that was up last.
func (p *Publisher) fill(f *published, doc *feed.Document, i int, before *feed.Snapshot) error {
	format := feed.Formats()[i]
	snap, err := p.snap(doc, format, before)
	if err != nil {
		return fmt.Errorf("publish %s.%s: %w", f.channel.ID, format, err)
	}
	f.rendered[i].snap.Store(snap)
	p.history.add(documentKey(&f.channel, format, article.Cursor{}), snap, time.Now())
	return nil
}

// make puts a feed together and renders it in the formats that are read. If nothing
// differs from before, before itself is returned; where the bytes are those of
// before, before's snapshots stay, so that nothing is compressed twice.
func (p *Publisher) make(ctx context.Context, site feed.Site, c feed.Channel, before *published) (*published, error) {
	now := time.Now()
	page, err := p.compose(ctx, &wanted{channel: c}, now)
	if err == nil && !c.Merges() {
		err = p.archive.hold(ctx, c.ID, &page, now)
	}
	if err != nil {
		return nil, fmt.Errorf("publish %s: %w", c.ID, err)
	}
	out := &published{site: site, channel: c, page: page, keep: []string{cacheControl(&c)}, readers: &readers{}}
	if before != nil {
		if out.same(before) {
			return before, nil
		}
		out.readers = before.readers
		out.page.Updated = before.updated // the date never goes back
	}
	p.made++
	out.number = p.made
	doc := out.readers.memo.Prepare(site, c, out.page)
	out.updated = doc.Updated()
	read := false
	for i := range out.rendered {
		if !out.readers.lately(i) {
			continue
		}
		read = true
		var was *feed.Snapshot
		if before != nil {
			was = before.rendered[i].snap.Load()
		}
		if err := p.fill(out, doc, i, was); err != nil {
			return nil, err
		}
	}
	if !read {
		out.readers.memo.Forget()
	}
	return out, nil
}

// same reports whether all that the feed is made of is what it was before.
func (f *published) same(before *published) bool {
	page := f.page
	page.Updated = before.page.Updated // whatever it was, the date that came of it stands
	return reflect.DeepEqual(page, before.page) && reflect.DeepEqual(f.channel, before.channel) && reflect.DeepEqual(f.site, before.site)
}

// snap makes a snapshot, or returns the one before if the bytes are the same.
func (p *Publisher) snap(doc *feed.Document, f feed.Format, before *feed.Snapshot) (*feed.Snapshot, error) {
	body, err := doc.Render(f)
	if err != nil {
		return nil, err
	}
	if before != nil && bytes.Equal(before.Identity.Bytes, body) {
		return before, nil
	}
	return doc.SnapOf(f, body, p.compressor), nil
}
