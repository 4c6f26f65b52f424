package server

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// cache makes documents that somebody has to ask for first: query feeds, their
// pages, deltas. It keeps what it made, bounded in bytes, until the store
// changes; makes each only once at a time, and few at a time; and refuses when
// too many wait. What can't be made anew is served as it was.
type cache struct {
	flight  singleflight.Group
	slots   chan struct{}
	waiting atomic.Int64

	mu      sync.Mutex
	entries map[string]*list.Element // of *entry
	order   *list.List               // the last asked for in front
	bytes   int64
	limit   int64

	// lenient is how long something may be served after it was last known to be what
	// would be made now, while it is made anew; see lately.
	lenient time.Duration

	asked struct{ hits, made, stale, refused atomic.Uint64 }
}

// CacheStats is what was done so far with what is made on demand.
type CacheStats struct {
	Hits, Made, Stale, Refused uint64 // stale: an older one was served, as a new one could not be made
	Entries                    int
	Bytes                      int64
}

// Cache tells how the cache of query feeds and deltas does.
func (p *Publisher) Cache() CacheStats {
	k := p.cache
	k.mu.Lock()
	defer k.mu.Unlock()
	return CacheStats{
		Hits: k.asked.hits.Load(), Made: k.asked.made.Load(), Stale: k.asked.stale.Load(), Refused: k.asked.refused.Load(),
		Entries: k.order.Len(), Bytes: k.bytes,
	}
}

// entry is what was made.
type entry struct {
	key   string
	value any
	bytes int64
	stamp int64        // of the store when it was begun
	at    time.Time    // when it was begun
	good  atomic.Int64 // when it was last known to be current, in Unix nanoseconds
}

// goodSince is how long ago the entry was last known to be current.
func (e *entry) goodSince() time.Duration { return time.Since(time.Unix(0, e.good.Load())) }

// The bounds of a cache.
const (
	cacheBytes = 64 << 20
	maxWaiting = 64
	makeTime   = 10 * time.Second
	overhead   = 512 // bytes of what is kept about each

	lenient = 10 * time.Second // how late a page may be
	restful = 5 * time.Second  // before a page is made again, where it may be late
)

// errBusy says that too much is being made already.
var errBusy = errors.New("too many queries at once")

func newCache() *cache {
	return &cache{
		slots: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))), limit: cacheBytes, lenient: lenient,
		entries: map[string]*list.Element{}, order: list.New(),
	}
}

// get returns what is kept under key, if it is as new as stamp and not older
// than a sweep; else what make makes of it. make is given what was kept before
// (nil for nothing) and tells how many bytes the result takes.
func (k *cache) get(ctx context.Context, key string, stamp int64, make func(ctx context.Context, before any) (any, int64, error)) (any, error) {
	old := k.find(key)
	if old != nil && old.stamp >= stamp && time.Since(old.at) < sweep {
		k.asked.hits.Add(1)
		old.good.Store(time.Now().UnixNano())
		return old.value, nil
	}
	made := k.flight.DoChan(key, func() (any, error) { return k.make(ctx, key, stamp, old, make) })
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-made:
		if r.Err != nil && old != nil {
			k.asked.stale.Add(1)
			return old.value, nil
		}
		if r.Err != nil {
			k.asked.refused.Add(1)
		} else {
			k.asked.made.Add(1)
		}
		return r.Val, r.Err
	}
}

// lately is get for what may be a little late: where news comes in all the time,
// nobody waits for a page that was right a moment ago, and it is not made anew for
// every piece of news. What was last right longer ago than lenient is waited for.
func (k *cache) lately(ctx context.Context, key string, stamp int64, make func(ctx context.Context, before any) (any, int64, error)) (any, error) {
	old := k.find(key)
	if old == nil || old.stamp >= stamp || old.goodSince() >= k.lenient {
		return k.get(ctx, key, stamp, make)
	}
	if time.Since(old.at) >= restful {
		k.flight.DoChan(key, func() (any, error) { return k.make(ctx, key, stamp, old, make) })
	}
	k.asked.hits.Add(1)
	return old.value, nil
}

// make runs apart from the request that began it, because others wait for it too.
func (k *cache) make(ctx context.Context, key string, stamp int64, old *entry, make func(context.Context, any) (any, int64, error)) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTime)
	defer cancel()
	if k.waiting.Add(1) > maxWaiting {
		k.waiting.Add(-1)
		return nil, errBusy
	}
	select {
	case k.slots <- struct{}{}:
		k.waiting.Add(-1)
	case <-ctx.Done():
		k.waiting.Add(-1)
		return nil, errBusy
	}
	defer func() { <-k.slots }()
	d := &entry{key: key, stamp: stamp, at: time.Now()}
	d.good.Store(d.at.UnixNano())
	var before any
	if old != nil {
		before = old.value
	}
	if d.value, d.bytes, err = make(ctx, before); err != nil {
		return nil, err
	}
	d.bytes += overhead + int64(len(key))
	k.keep(d)
	return d.value, nil
}

func (k *cache) find(key string) *entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.entries[key]
	if e == nil {
		return nil
	}
	k.order.MoveToFront(e)
	return e.Value.(*entry)
}

// keep puts an entry in front and throws away what was not asked for the longest.
func (k *cache) keep(d *entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.entries[d.key]; e != nil {
		k.drop(e)
	}
	k.entries[d.key] = k.order.PushFront(d)
	k.bytes += d.bytes
	for k.bytes > k.limit && k.order.Len() > 0 {
		k.drop(k.order.Back())
	}
}

func (k *cache) drop(e *list.Element) {
	d := k.order.Remove(e).(*entry)
	delete(k.entries, d.key)
	k.bytes -= d.bytes
}
