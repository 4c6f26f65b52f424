package server

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
)

// Publisher keeps the snapshots of all feeds current. It hears of changes from
// the store, whoever made them, and renders the feeds that they concern; serving
// reads one pointer.
type Publisher struct {
	store      store.Store
	log        *slog.Logger
	compressor *feed.Compressor

	mu       sync.Mutex // one rendering at a time
	sequence int64
	current  atomic.Pointer[edition]
}

// edition is what is being served: immutable.
type edition struct {
	site     feed.Site
	channels []feed.Channel
	feeds    map[string]*published // by channel id
}

// published is one feed as it stands.
type published struct {
	channel   feed.Channel
	records   []article.Record // of the current document, for its page
	snapshots map[feed.Format]*feed.Snapshot
}

// gather is how long a change waits for others, so that a refresh of many
// sources does not render each feed for each of them.
const gather = 100 * time.Millisecond

// sweep is how often feeds are rendered without a change: embargoes end and
// articles expire.
const sweep = time.Minute

// NewPublisher makes a Publisher without feeds; Set gives it some.
func NewPublisher(s store.Store, log *slog.Logger) (*Publisher, error) {
	c, err := feed.NewCompressor()
	if err != nil {
		return nil, err
	}
	return &Publisher{store: s, log: log, compressor: c}, nil
}

// Set takes over site and channels and renders all of them.
func (p *Publisher) Set(ctx context.Context, site feed.Site, channels []feed.Channel) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	seq, err := p.store.Sequence(ctx)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	next := &edition{site: site, channels: channels, feeds: make(map[string]*published, len(channels))}
	for _, c := range channels {
		f, err := p.render(ctx, site, c, nil)
		if err != nil {
			return err
		}
		next.feeds[c.ID] = f
	}
	p.sequence = seq
	p.current.Store(next)
	return nil
}

// Run keeps the feeds current until ctx ends.
func (p *Publisher) Run(ctx context.Context) error {
	changed := p.store.Watch(ctx)
	tick := time.NewTicker(sweep)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
			err = p.Update(ctx)
			wait(ctx, gather)
		case <-tick.C:
			err = p.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			// The last good version stays up; the next change or sweep tries again.
			p.log.Error("feeds could not be rendered", "error", err)
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Update renders the feeds that the changes since the last call concern.
func (p *Publisher) Update(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.current.Load()
	if old == nil {
		return nil
	}
	concerned := map[string]bool{}
	sequence := p.sequence
	for {
		list, last, err := p.store.Changes(ctx, sequence, 500)
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		for i := range list {
			for id, f := range old.feeds {
				concerned[id] = concerned[id] || f.concerns(&list[i])
			}
		}
		if len(list) == 0 || last == sequence {
			break
		}
		sequence = last
	}
	if err := p.replace(ctx, old, func(id string) bool { return concerned[id] }); err != nil {
		return err
	}
	p.sequence = sequence
	return nil
}

// Sweep renders all feeds.
func (p *Publisher) Sweep(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.current.Load()
	if old == nil {
		return nil
	}
	return p.replace(ctx, old, func(string) bool { return true })
}

// replace renders the wanted feeds and puts up a new edition if any differs.
func (p *Publisher) replace(ctx context.Context, old *edition, wanted func(string) bool) error {
	next := &edition{site: old.site, channels: old.channels, feeds: make(map[string]*published, len(old.feeds))}
	differs := false
	for id, f := range old.feeds {
		next.feeds[id] = f
		if !wanted(id) {
			continue
		}
		fresh, err := p.render(ctx, old.site, f.channel, f)
		if err != nil {
			return err
		}
		differs = differs || fresh != f
		next.feeds[id] = fresh
	}
	if differs {
		p.current.Store(next)
	}
	return nil
}

// render makes a feed's snapshots. Where the bytes are those of before, before
// itself is returned, so that nothing is compressed twice.
func (p *Publisher) render(ctx context.Context, site feed.Site, c feed.Channel, before *published) (*published, error) {
	q := c.Select
	if c.PerSource > 0 || c.PerStory {
		q.Limit *= 5 // Pick leaves some out
	}
	q.Now = time.Now()
	records, err := p.store.Select(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("publish %s: %w", c.ID, err)
	}
	out := &published{channel: c, records: feed.Pick(&c, records), snapshots: map[feed.Format]*feed.Snapshot{}}
	doc := feed.Prepare(site, c, feed.Page{Records: out.records})
	same := before != nil
	for _, f := range feed.Formats() {
		body, err := doc.Render(f)
		if err != nil {
			return nil, fmt.Errorf("publish %s.%s: %w", c.ID, f, err)
		}
		if before != nil && bytes.Equal(before.snapshots[f].Identity.Bytes, body) {
			out.snapshots[f] = before.snapshots[f]
			continue
		}
		same = false
		if out.snapshots[f], err = doc.Snap(f, p.compressor); err != nil {
			return nil, fmt.Errorf("publish %s.%s: %w", c.ID, f, err)
		}
	}
	if same {
		return before, nil
	}
	return out, nil
}

// concerns reports whether a changed article is in the feed or may come into it.
// The text search is the store's; here it counts as found.
func (f *published) concerns(r *article.Record) bool {
	for i := range f.records {
		if f.records[i].ID == r.ID {
			return true
		}
	}
	q := &f.channel.Select
	return r.Status == article.Usable &&
		(len(q.Sources) == 0 || slices.Contains(q.Sources, r.Source.ID)) &&
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
