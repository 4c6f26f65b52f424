package server

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
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
	cache      *cache   // of what is made on demand
	history    *history // of what was put up
	archive    *archive
	behind     chan struct{} // the archives have more to do
	listeners  listeners
	debuts     *debuts

	// Rendered, if set, is told whenever a feed was put together anew. It is called
	// while feeds are being made and must not block.
	Rendered func(took time.Duration, changed bool, err error)
	// Idle, if set, says that nobody is waiting for new editions. Then feeds are
	// rendered while they are read only.
	Idle func(context.Context) bool
	idle idle

	mu       sync.Mutex   // one rendering at a time
	made     int64        // counts what was put together
	sequence atomic.Int64 // of the store, as far as it was looked at
	canceled atomic.Pointer[[]article.Record]
	current  atomic.Pointer[edition]
}

// edition is what is being served: immutable.
type edition struct {
	number   int   // counts configs: what was made of another one is not served
	sequence int64 // of the store, as far as it was looked at
	site     feed.Site
	channels []feed.Channel
	feeds    map[string]*published // by channel id
	former   map[string]string     // ids that feeds had, and what they are now
	direct   map[string]*direct    // by path
	sheets   sheets                // its pages
}

// gather is how long a change waits for others, so that a refresh of many
// sources does not render each feed for each of them.
const gather = 100 * time.Millisecond

// longestGather bounds the wait after a rendering that took long: many feeds, or
// a busy machine. It is as long as the rendering: twice as long made one stall of
// the machine into three.
const longestGather = 2 * time.Second

// sweep is how often feeds are rendered without a change: embargoes end and
// articles expire.
const sweep = time.Minute

// NewPublisher makes a Publisher without feeds; Set gives it some.
func NewPublisher(s store.Store, log *slog.Logger) (*Publisher, error) {
	c, err := feed.NewCompressor()
	if err != nil {
		return nil, err
	}
	return &Publisher{store: s, log: log, compressor: c, cache: newCache(), history: newHistory(), archive: newArchive(s), debuts: newDebuts(time.Now()), behind: make(chan struct{}, 1)}, nil
}

// Set takes over site and channels and renders all of them.
func (p *Publisher) Set(ctx context.Context, site feed.Site, channels []feed.Channel) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	seq, err := p.store.Sequence(ctx)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := p.readGraves(ctx); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := p.archive.set(ctx, channels, seq); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	p.shelve(ctx)
	next := &edition{site: site, sequence: seq, channels: channels, feeds: make(map[string]*published, len(channels)), former: formerly(channels)}
	old := p.current.Load()
	if old != nil {
		next.number = old.number + 1
	}
	for _, c := range channels {
		var before *published
		if old != nil {
			before = old.feeds[c.ID]
		}
		f, err := p.render(ctx, site, c, before)
		if err != nil {
			return err
		}
		next.feeds[c.ID] = f
	}
	p.idle.owed = nil
	p.paid()
	p.sequence.Store(seq)
	p.putUp(next)
	return nil
}

// Run keeps the feeds current until ctx ends, and then the places of their archives.
func (p *Publisher) Run(ctx context.Context) error {
	changed := p.store.Watch(ctx)
	tick := time.NewTicker(sweep)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			p.leave(ctx)
			return nil
		case <-changed:
			began := time.Now()
			if err = p.Update(ctx); !p.idling(ctx) {
				wait(ctx, max(gather, min(time.Since(began), longestGather)))
			}
		case <-p.behind:
			err = p.Update(ctx)
		case <-tick.C:
			err = p.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			// The last good version stays up; the next change or sweep tries again.
			p.log.Error("feeds could not be rendered", "error", err)
		}
	}
}

// leaveTime bounds what is written at the end.
const leaveTime = 5 * time.Second

// leave has the archives keep their places, so that the next start goes on there.
func (p *Publisher) leave(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer done()
	if err := p.archive.leave(ctx); err != nil {
		p.log.Error("the archives could not keep their places", "error", err)
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
	sequence := p.sequence.Load()
	var stretches []shown
	for {
		list, last, err := p.store.Changes(ctx, sequence, changesAt)
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		for _, r := range list {
			for id, f := range old.feeds {
				concerned[id] = concerned[id] || p.idle.owed[id] || f.concerns(r)
			}
		}
		p.digGraves(list)
		if len(stretches) < mostShown && len(list) > 0 {
			stretches = append(stretches, shown{sequence, last, list})
		}
		whole := len(list) < changesAt || last == sequence
		if sequence = last; whole {
			break
		}
	}
	p.archive.hand(stretches)
	defer p.archive.hand(nil)
	for _, id := range p.shelve(ctx) {
		concerned[id] = true
	}
	p.sequence.Store(sequence)
	return p.settle(ctx, old, concerned)
}

// settle renders the concerned feeds and those that are owed, or owes them all.
func (p *Publisher) settle(ctx context.Context, old *edition, concerned map[string]bool) error {
	p.owe(concerned)
	if p.idling(ctx) {
		return nil
	}
	return p.replace(ctx, old, p.sequence.Load(), func(id string) bool { return p.idle.owed[id] })
}

// Sweep renders all feeds.
func (p *Publisher) Sweep(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.current.Load()
	if old == nil {
		return nil
	}
	p.shelve(ctx)
	return p.settle(ctx, old, old.all())
}

// shelveRounds bounds how much of the archives is made at a time: the feeds
// must not wait for those of a store that has many articles already.
const shelveRounds = 20

// shelve brings the archives on and returns the feeds whose archive has grown.
// What can't be done now is done later; the feeds go out all the same.
func (p *Publisher) shelve(ctx context.Context) (moved []string) {
	for range shelveRounds {
		list, more, err := p.archive.advance(ctx)
		moved = append(moved, list...)
		if err != nil {
			p.log.Error("the archives could not be brought on", "error", err)
			return moved
		}
		if !more {
			return moved
		}
	}
	select {
	case p.behind <- struct{}{}:
	default:
	}
	return moved
}

// replace renders the wanted feeds and puts up a new edition if any differs.
func (p *Publisher) replace(ctx context.Context, old *edition, sequence int64, wanted func(string) bool) error {
	next := &edition{number: old.number, site: old.site, sequence: sequence, channels: old.channels, feeds: make(map[string]*published, len(old.feeds)), former: old.former}
	differs := false
	var done []string
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
		done = append(done, id)
	}
	p.paid(done...)
	if differs {
		p.putUp(next)
	}
	return nil
}

// render puts a feed together and tells of it.
func (p *Publisher) render(ctx context.Context, site feed.Site, c feed.Channel, before *published) (*published, error) {
	start := time.Now()
	f, err := p.make(ctx, site, c, before)
	if p.Rendered != nil {
		p.Rendered(time.Since(start), f != before, err)
	}
	return f, err
}

// documentKey names a document among all of ours.
func documentKey(c *feed.Channel, f feed.Format, after article.Cursor) string {
	w := wanted{channel: *c, after: after}
	return c.ID + "." + string(f) + "?" + w.canonical()
}

// concerns reports whether a changed article is in the feed or may come into it,
// or its tombstone.
func (f *published) concerns(r *article.Record) bool {
	for i := range f.page.Records {
		if x := &f.page.Records[i]; x.ID == r.ID || x.Story.ID != "" && x.Story.ID == r.Story.ID {
			return true
		}
	}
	return r.Status != article.Withheld && selects(&f.channel.Select, r) ||
		slices.ContainsFunc(f.page.Tombstones, func(t feed.Tombstone) bool { return t.Ref == r.ID })
}
