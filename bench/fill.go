//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/bench/upstream"
	"wireroom/sources/read"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// pattern is a source as the program stored it after a poll: what others are made
// after.
type pattern struct {
	state   store.State
	records []article.Record
}

// patterns are of how many sources the bench's mix of formats is made.
const patterns = 30

// learnPatterns has the program poll a few feeds and reads what it made of them.
func learnPatterns(ctx context.Context, binary, dir string, log io.Writer) (list []pattern, err error) {
	site := upstream.New(upstream.Options{Feeds: patterns, Hosts: patterns})
	door, err := site.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer door.Close()
	p, err := newProgram(ctx, binary, dir, patterns, time.Hour, door, nil)
	if err != nil {
		return nil, err
	}
	c := &crew{programs: []*program{p}}
	if err := c.serve(ctx); err != nil {
		return nil, err
	}
	m := &measurement{settings: &settings{Options: upstream.Options{Feeds: patterns}}, log: log}
	_, err = m.quiet(ctx, c, door, upstream.Counts{}, 0, patterns)
	if err = errors.Join(err, c.stop()); err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, p.database(), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for feed := range patterns {
		state, err := s.State(ctx, sourceID(feed))
		if err != nil {
			return nil, err
		}
		records, err := s.Select(ctx, article.Query{Sources: []string{sourceID(feed)}, Limit: upstream.Items})
		if err != nil {
			return nil, err
		}
		if len(records) != upstream.Items {
			return nil, fmt.Errorf("source %d has %d articles, want %d", feed, len(records), upstream.Items)
		}
		list = append(list, pattern{state, records})
	}
	return list, nil
}

// filling makes a store as a program would have it that has polled many sources
// for long, through the store's own interface.
type filling struct {
	store    store.Store
	patterns []pattern
	feeds    int
	url      func(feed int) string
	every    time.Duration
	site     *upstream.Site
	now      time.Time
}

// saveFeeds is how many sources are saved in one transaction.
const saveFeeds = 100

// sync tells the store the sources, as the program will.
func (f *filling) sync(ctx context.Context) error {
	list := make([]store.Source, f.feeds)
	for i := range list {
		u, err := url.Parse(f.url(i))
		if err != nil {
			return err
		}
		list[i] = store.Source{ID: sourceID(i), Host: u.Host, Republish: article.Full, FirstDue: f.now.Add(24 * time.Hour)}
	}
	return f.store.Sync(ctx, list)
}

// save claims all sources, some at a time, and saves what poll makes of each.
func (f *filling) save(ctx context.Context, poll func(feed int) (store.State, []store.Item, error)) error {
	for first := 0; first < f.feeds; first += saveFeeds {
		names, number := []string{}, map[string]int{}
		for i := first; i < min(first+saveFeeds, f.feeds); i++ {
			names = append(names, sourceID(i))
			number[sourceID(i)] = i
		}
		claims, _, err := f.store.Claim(ctx, store.ClaimRequest{Worker: "bench", Now: time.Now(), Lease: time.Hour, Hosts: len(names), Sources: names})
		if err != nil {
			return err
		}
		var polls []store.Poll
		for _, c := range claims {
			for _, st := range c.Sources {
				p := store.Poll{Host: c.Host, Token: c.Token}
				if p.State, p.Items, err = poll(number[st.Source]); err != nil {
					return err
				}
				polls = append(polls, p)
			}
		}
		if len(polls) != len(names) {
			return fmt.Errorf("fill: %d of %d sources could be claimed", len(polls), len(names))
		}
		saved, err := f.store.Save(ctx, polls, store.Back(time.Time{}, claims...)...)
		if err != nil {
			return err
		}
		for i := range saved {
			if err := saved[i].Err; err != nil || saved[i].Refused > 0 {
				return fmt.Errorf("fill: source %s: %d refused, %w", polls[i].State.Source, saved[i].Refused, err)
			}
		}
	}
	return nil
}

// articles stores those of all sources: one a day each, the oldest a month old.
func (f *filling) articles(ctx context.Context) error {
	return f.save(ctx, func(feed int) (store.State, []store.Item, error) {
		items := make([]store.Item, upstream.Items)
		for k := range items {
			items[k] = f.item(feed, k)
		}
		return f.state(feed, f.now.Add(24*time.Hour)), items, nil
	})
}

// item is the k-th article of a source: a pattern's under its own names.
func (f *filling) item(feed, k int) store.Item {
	r := f.patterns[feed%len(f.patterns)].records[k] // a copy
	was, link := r.Links.Canonical, f.site.Link(feed, k)
	key := article.Key(link, "", "", "")
	authority, _, _ := strings.Cut(strings.TrimPrefix(r.ID, "tag:"), ",")
	r.ID = article.Mint(authority, sourceID(feed), key)
	r.Source.ID, r.Source.GUID, r.Source.FeedURL = sourceID(feed), link, f.url(feed)
	r.Links.Canonical = link
	r.Body.HTML = strings.ReplaceAll(r.Body.HTML, was, link)
	r.Images = append([]article.Media(nil), r.Images...)
	for i := range r.Images {
		r.Images[i].URL = strings.ReplaceAll(r.Images[i].URL, was, link)
	}
	at := f.now.Add(-time.Duration(k) * 24 * time.Hour).Add(-time.Duration(feed) * time.Second).Truncate(time.Second)
	r.Published, r.Updated, r.FirstSeen = at, at, at.Add(5*time.Minute)
	r.Story = article.Story{}
	return store.Item{Key: key, Record: &r}
}

// state is that of a source whose last poll brought the feed's current edition: one
// without news leaves nothing else that was learnt.
func (f *filling) state(feed int, due time.Time) store.State {
	st := f.patterns[feed%len(f.patterns)].state // a copy
	st.Source, st.Due, st.URL = sourceID(feed), due, f.url(feed)
	st.ETag, st.LastModified, _, _ = f.site.Known(feed)
	r := rand.New(rand.NewPCG(uint64(feed), 3))
	st.BodyHash, st.Known = r.Uint64(), make([]uint64, upstream.Items)
	for i := range st.Known {
		st.Known[i] = r.Uint64()
	}
	st.Interval = f.every
	st.Detail.Home, st.Detail.From, st.Detail.Why = fmt.Sprintf("https://news%d.example/", feed/10), f.url(feed), "every "+f.every.String()
	return st
}

// arm sets when each source is due. Those that news says will have some know the
// items of the document as it is.
func (f *filling) arm(ctx context.Context, due func(feed int) time.Time, news func(feed int) bool) error {
	return f.save(ctx, func(feed int) (store.State, []store.Item, error) {
		st := f.state(feed, due(feed))
		if !news(feed) {
			return st, nil, nil
		}
		st.Known = nil
		_, _, contentType, document := f.site.Known(feed)
		_, err := read.Document(document(), read.Options{URL: f.url(feed), Received: f.now, ContentType: contentType, Known: func(h uint64) bool {
			st.Known = append(st.Known, h)
			return true
		}})
		if len(st.Known) != upstream.Items {
			err = errors.Join(err, fmt.Errorf("feed %d has %d items", feed, len(st.Known)))
		}
		return st, nil, err
	})
}

// open opens the store in dir.
func (f *filling) open(ctx context.Context, dir string) error {
	s, err := sqlite.Open(ctx, filepath.Join(dir, "data", "wireroom.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	f.store = s
	return nil
}

func (f *filling) close() error {
	if f.store == nil {
		return nil
	}
	err := f.store.Close()
	f.store = nil
	return err
}

// fill makes the store in dir, or takes the one that is there, and tells how many
// articles it holds.
func (f *filling) fill(ctx context.Context, dir string) (articles int, err error) {
	if err := f.open(ctx, dir); err != nil {
		return 0, err
	}
	if err := f.sync(ctx); err != nil {
		return 0, err
	}
	stats, err := f.store.Stats(ctx)
	if err != nil {
		return 0, err
	}
	if stats.Articles > 0 { // kept from an earlier run: nobody is to be due yet
		return stats.Articles, f.arm(ctx, func(int) time.Time { return f.now.Add(24 * time.Hour) }, func(int) bool { return false })
	}
	return f.feeds * upstream.Items, f.articles(ctx)
}
