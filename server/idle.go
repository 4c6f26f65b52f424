package server

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// While nobody reads, feeds are not rendered: changes are looked at, and the feeds
// that they concern are owed. Who comes then waits for the one feed that he wants;
// the others follow at once, and as long as people come every change is rendered as
// soon as it is there.

// idleAfter is how long after the last reader the feeds are no longer rendered.
const idleAfter = time.Minute

// idle is who has read lately and what is owed.
type idle struct {
	read  atomic.Int64    // Unix seconds, of the last reader
	owing atomic.Bool     // owed is not empty
	owed  map[string]bool // feeds by id, under Publisher.mu
}

// idling reports whether feeds need not be rendered now.
func (p *Publisher) idling(ctx context.Context) bool {
	return p.Idle != nil && p.listeners.waiting() == 0 && time.Since(time.Unix(p.idle.read.Load(), 0)) > idleAfter && p.Idle(ctx)
}

// reading notes that somebody reads.
func (p *Publisher) reading() {
	if now := time.Now().Unix(); p.idle.read.Load() != now {
		p.idle.read.Store(now)
	}
}

// edition is what is served to somebody who wants the feeds of these ids. Those
// that are owed are rendered now; if that fails, what there was is good.
func (p *Publisher) edition(ctx context.Context, ids ...string) *edition {
	p.reading()
	if !p.idle.owing.Load() {
		return p.current.Load()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	wanted := func(id string) bool { return p.idle.owed[id] && slices.Contains(ids, id) }
	if old := p.current.Load(); old != nil && slices.ContainsFunc(ids, wanted) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTime)
		defer cancel()
		if err := p.replace(ctx, old, p.sequence.Load(), wanted); err != nil {
			p.log.ErrorContext(ctx, "feeds could not be rendered", "feeds", ids, "error", err)
		}
	}
	select {
	case p.behind <- struct{}{}: // the rest
	default:
	}
	return p.current.Load()
}

// whole is the edition with none of its feeds owed.
func (p *Publisher) whole(ctx context.Context) *edition {
	ed := p.edition(ctx)
	if ed == nil || !p.idle.owing.Load() {
		return ed
	}
	return p.edition(ctx, slices.Collect(maps.Keys(ed.feeds))...)
}

// owe notes the feeds that are to be rendered once somebody reads.
func (p *Publisher) owe(ids map[string]bool) {
	if p.idle.owed == nil {
		p.idle.owed = map[string]bool{}
	}
	maps.Copy(p.idle.owed, ids)
	p.idle.owing.Store(len(p.idle.owed) > 0)
}

// paid takes feeds that were rendered off what is owed.
func (p *Publisher) paid(ids ...string) {
	for _, id := range ids {
		delete(p.idle.owed, id)
	}
	p.idle.owing.Store(len(p.idle.owed) > 0)
}

// all are the ids of an edition's feeds.
func (ed *edition) all() map[string]bool {
	out := make(map[string]bool, len(ed.feeds))
	for id := range ed.feeds {
		out[id] = true
	}
	return out
}
