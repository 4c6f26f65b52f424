package server

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/server/hub"
)

// The publisher is what the hub distributes: the current document of each feed
// that is not private, in each format, under its own address and its former ones.

// listeners are told when another edition is up.
type listeners struct {
	mu     sync.Mutex
	list   []chan struct{}
	people int // of them: those who go away again
}

// waiting is how many people wait for the next edition.
func (l *listeners) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.people
}

func (l *listeners) add(c chan struct{}, people int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, c)
	l.people += people
}

// listen is Changed for somebody who goes away again.
func (p *Publisher) listen() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	p.listeners.add(c, 1)
	return c, func() {
		p.listeners.mu.Lock()
		defer p.listeners.mu.Unlock()
		p.listeners.list = slices.DeleteFunc(p.listeners.list, func(has chan struct{}) bool { return has == c })
		p.listeners.people--
	}
}

// Changed returns a channel that tells of each new edition once it is served.
// It holds one value; missed ones merge.
func (p *Publisher) Changed() <-chan struct{} {
	c := make(chan struct{}, 1)
	p.listeners.add(c, 0)
	return c
}

// putUp serves an edition, then tells of it.
func (p *Publisher) putUp(ed *edition) {
	ed.direct = ed.directs()
	p.debuts.note(ed, p.current.Swap(ed), time.Now())
	p.listeners.mu.Lock()
	defer p.listeners.mu.Unlock()
	for _, c := range p.listeners.list {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Topics implements hub.Feeds.
func (p *Publisher) Topics() map[string]int64 {
	ed := p.current.Load()
	if ed == nil {
		return nil
	}
	out := make(map[string]int64, formatCount*len(ed.feeds))
	for _, f := range ed.feeds {
		if f.channel.Private() {
			continue
		}
		for _, format := range feed.Formats() {
			out[ed.site.FeedURL(&f.channel, format, feed.Place{})] = f.number
			for _, id := range f.channel.Former {
				out[ed.site.FeedURL(&feed.Channel{ID: id}, format, feed.Place{})] = f.number
			}
		}
	}
	return out
}

// topic finds a public feed and a format by their address, to the letter.
func (p *Publisher) topic(ctx context.Context, url string) (*edition, *published, feed.Format) {
	ed := p.current.Load()
	if ed == nil {
		return nil, nil, ""
	}
	f, format := ed.topic(url)
	if f == nil {
		return nil, nil, ""
	}
	if now := p.edition(ctx, f.channel.ID); now != ed {
		ed = now
		f, format = ed.topic(url)
	}
	return ed, f, format
}

func (ed *edition) topic(url string) (*published, feed.Format) {
	rest, ok := strings.CutPrefix(url, strings.TrimRight(ed.site.BaseURL, "/")+"/feeds/")
	id, ext, dot := cutLast(rest, '.')
	if !ok || !dot {
		return nil, ""
	}
	if now, moved := ed.former[id]; moved {
		id = now
	}
	f := ed.feeds[id]
	if f == nil || f.channel.Private() || formatOf(ext) < 0 {
		return nil, ""
	}
	return f, feed.Format(ext)
}

// Topic implements hub.Feeds.
func (p *Publisher) Topic(url string) (hub.Topic, bool) {
	ed, f, format := p.topic(context.Background(), url)
	if f == nil {
		return hub.Topic{}, false
	}
	snap, err := p.snapshot(f, format)
	if err != nil {
		p.log.Error("a feed could not be rendered", "error", err)
		return hub.Topic{}, false
	}
	return hub.Topic{
		Version: hub.Version{Tag: snap.Tag, Stamp: ed.sequence}, URL: ed.site.FeedURL(&f.channel, format, feed.Place{}),
		ContentType: snap.ContentType, Body: snap.Identity.Bytes,
	}, true
}

// deltaTime bounds the making of what a subscriber is sent.
const deltaTime = 10 * time.Second

// Since implements hub.Feeds.
func (p *Publisher) Since(ctx context.Context, url, tag string) []byte {
	ed, f, format := p.topic(ctx, url)
	if f == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, deltaTime)
	defer cancel()
	doc, err := p.document(f, format)
	if err != nil {
		return nil
	}
	part := p.delta(ctx, ed.site, doc, []string{tag}, f.compose)
	if part == nil {
		return nil
	}
	return part.Identity.Bytes
}

// document is the feed's current one.
func (p *Publisher) document(f *published, format feed.Format) (document, error) {
	snap, err := p.snapshot(f, format)
	return document{documentKey(&f.channel, format, article.Cursor{}), f.channel, format, snap}, err
}

// compose is the page that the current document was made of.
func (f *published) compose(context.Context) (feed.Page, error) { return f.page, nil }
