package metrics

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"wireroom/article"
	"wireroom/store"
)

// timed is a store whose operations are measured.
type timed struct {
	store.Store
	p   *Program
	now func() time.Time
}

// Store measures what is done to a store: claims and how late they come, and the
// time that the operations take on which polling and publishing depend.
func (p *Program) Store(s store.Store, now func() time.Time) store.Store {
	return &timed{Store: s, p: p, now: now}
}

// Unwrap gives the store itself.
func (t *timed) Unwrap() store.Store { return t.Store }

// measure is called with the start of an operation when it ends.
func (t *timed) measure(ctx context.Context, operation string, start time.Time, err error) {
	if t.p.Traced != nil {
		t.p.Traced(ctx, "store "+operation, start, err)
	}
	t.p.storeTime.Observe(t.now().Sub(start).Seconds(), operation)
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrConflict) && !errors.Is(err, context.Canceled) {
		t.p.storeFails.Add(1, operation)
	}
}

func (t *timed) Claim(ctx context.Context, r store.ClaimRequest) ([]store.Claim, time.Time, error) {
	start := t.now()
	claims, next, err := t.Store.Claim(ctx, r)
	t.measure(ctx, "claim", start, err)
	t.p.claims.Add(float64(len(claims)))
	t.p.claimed.Add(float64(len(claims)))
	if len(r.Sources) > 0 { // asked for by hand or by a push: due or not
		return claims, next, err
	}
	for i := range claims {
		for j := range claims[i].Sources {
			if due := claims[i].Sources[j].Due; !due.IsZero() {
				t.p.lateness.Observe(max(0, r.Now.Sub(due).Seconds()))
			}
		}
	}
	return claims, next, err
}

func (t *timed) Renew(ctx context.Context, claims []store.Claim, until time.Time) ([]store.Claim, error) {
	start := t.now()
	lost, err := t.Store.Renew(ctx, claims, until)
	t.measure(ctx, "renew", start, err)
	t.p.lost.Add(float64(len(lost)))
	return lost, err
}

func (t *timed) Save(ctx context.Context, polls []store.Poll, back ...store.Release) ([]store.Saved, error) {
	start := t.now()
	saved, err := t.Store.Save(ctx, polls, back...)
	t.measure(ctx, "save", start, err)
	if err == nil || len(polls) == 0 { // else they are given back once more, without what could not be saved
		t.p.claimed.Add(-float64(len(back))) // those that were lost, too
	}
	return saved, err
}

func (t *timed) Select(ctx context.Context, q article.Query) ([]article.Record, error) {
	start := t.now()
	list, err := t.Store.Select(ctx, q)
	if _, partial := store.Rest(err); partial {
		t.measure(ctx, "select", start, nil)
		return list, err
	}
	t.measure(ctx, "select", start, err)
	return list, err
}

func (t *timed) Changes(ctx context.Context, after int64, limit int) ([]*article.Record, int64, error) {
	start := t.now()
	list, last, err := t.Store.Changes(ctx, after, limit)
	t.measure(ctx, "changes", start, err)
	return list, last, err
}

func (t *timed) Article(ctx context.Context, id string) (article.Record, error) {
	start := t.now()
	rec, err := t.Store.Article(ctx, id)
	t.measure(ctx, "article", start, err)
	return rec, err
}

// Cache is what a cache of things made on demand has done so far.
type Cache struct {
	Hits, Made, Stale, Refused uint64
	Entries                    int
	Bytes                      int64
}

// WatchCache looks a cache's numbers up at each scrape.
func (p *Program) WatchCache(look func() Cache) {
	asked := p.Counter("wireroom_cache_requests_total", "Requests for what is made on demand (query feeds, deltas): hit, made, stale (an older one was served), refused (too much is being made).", "result")
	entries := p.Gauge("wireroom_cache_entries", "What the cache of things made on demand holds.")
	size := p.Gauge("wireroom_cache_bytes", "Bytes of what the cache of things made on demand holds.")
	p.OnScrape(func(context.Context) {
		c := look()
		asked.set(float64(c.Hits), "hit")
		asked.set(float64(c.Made), "made")
		asked.set(float64(c.Stale), "stale")
		asked.set(float64(c.Refused), "refused")
		entries.Set(float64(c.Entries))
		size.Set(float64(c.Bytes))
	})
}

// Look-ups in the store are made at most so often, and may take so long.
const (
	lookEvery = time.Minute
	lookTime  = 5 * time.Second
)

// WatchStore counts what the store holds, and the sources by what stateOf says of
// them: one of states.
func (p *Program) WatchStore(s store.Store, states []string, stateOf func(*store.State) string, now func() time.Time) {
	articles := p.Gauge("wireroom_store_articles", "Articles in the store.")
	versions := p.Gauge("wireroom_store_article_versions", "Versions of articles in the store.")
	size := p.Gauge("wireroom_store_size_bytes", "Bytes that the store takes on disk.")
	sequence := p.Gauge("wireroom_store_sequence", "Number of the last change of an article.")
	sources := p.Gauge("wireroom_sources", "Sources by state.", "state")
	var last atomic.Int64
	p.OnScrape(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		if n, err := s.Sequence(ctx); err == nil {
			sequence.Set(float64(n))
		}
		before := last.Load()
		if before != 0 && now().Sub(time.UnixMilli(before)) < lookEvery {
			return
		}
		last.Store(now().UnixMilli())
		if st, err := s.Stats(ctx); err == nil {
			articles.Set(float64(st.Articles))
			versions.Set(float64(st.Versions))
			size.Set(float64(st.Bytes))
		}
		n := make(map[string]int, len(states))
		if err := s.States(ctx, func(st store.State) bool { n[stateOf(&st)]++; return true }); err != nil {
			return
		}
		for _, state := range states {
			sources.Set(float64(n[state]), state)
		}
	})
}
