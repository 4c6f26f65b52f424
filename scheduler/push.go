package scheduler

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/sources/fetch"
	"wireroom/sources/websub"
	"wireroom/store"
)

// Pusher has changes pushed (WebSub, input.md S9): it subscribes to the hubs
// that sources name, keeps the subscriptions alive, and brings what is pushed
// through the same pipeline as a poll, under the same claim. Polling goes on,
// once a day where the pushes have proved themselves.
type Pusher struct {
	PushOptions
	subscriber *websub.Subscriber
	notes      *subscriptions
	wishes     chan wish
	queue      chan websub.Delivery

	mu     sync.Mutex
	queued int64 // bytes of the bodies in queue
}

// PushOptions of a Pusher; all are needed.
type PushOptions struct {
	Scheduler *Scheduler
	Poller    *Poller
	Store     store.Store
	Callback  string // public URL under which ServeHTTP is reached
	HTTP      http.RoundTripper
	Now       func() time.Time
	Log       *slog.Logger
}

// wish is what a poll has learnt of a source's hubs.
type wish struct {
	source, topic string
	hubs          []string
}

const (
	maxWishes     = 1024
	maxPushes     = 256
	maxPushBytes  = 64 << 20           // of bodies that wait
	renewEvery    = time.Minute        // how often due subscriptions are looked for
	askAgainAfter = 7 * 24 * time.Hour // a hub that denied
)

// NewPusher makes a Pusher; Run does its work.
func NewPusher(o PushOptions) (*Pusher, error) {
	p := &Pusher{PushOptions: o, notes: &subscriptions{store: o.Store}, wishes: make(chan wish, maxWishes), queue: make(chan websub.Delivery, maxPushes)}
	s, err := websub.New(websub.Options{
		Callback: o.Callback, HTTP: o.HTTP, Store: p.notes, Deliver: p.deliver, Random: rand.Reader,
		Now: o.Now, UserAgent: o.Poller.Client.UserAgent(),
	})
	if err != nil {
		return nil, err
	}
	p.subscriber = s
	return p, nil
}

// ServeHTTP is the callback that hubs verify and push to.
func (p *Pusher) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.subscriber.ServeHTTP(w, r) }

// Polled is told of every poll that was saved. It must not block: what finds no
// room is wished for again after the next poll.
func (p *Pusher) Polled(e Event) {
	if e.Error != "" || e.Topic == "" && !p.notes.knows(e.Source) {
		return
	}
	select {
	case p.wishes <- wish{e.Source, e.Topic, e.Hubs}:
	default:
	}
}

// Run subscribes, renews and takes pushes in until ctx ends.
func (p *Pusher) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { p.takeAll(ctx) })
	defer wg.Wait()
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case w := <-p.wishes:
			err = p.settle(ctx, w)
		case <-tick.C:
			_, err = p.subscriber.Renew(ctx)
		}
		if err != nil && ctx.Err() == nil {
			p.Log.Warn("a hub was asked in vain", "error", err)
		}
	}
}

// settle makes a source's subscription what its last document asks for.
func (p *Pusher) settle(ctx context.Context, w wish) error {
	has, err := p.notes.of(ctx, w.source)
	if err != nil {
		return err
	}
	sub, err := p.notes.Get(ctx, has.Subscription)
	known := err == nil
	if err != nil && !errors.Is(err, websub.ErrUnknown) {
		return err
	}
	switch {
	case w.topic == "" || len(w.hubs) == 0:
		if known {
			err = p.subscriber.Unsubscribe(ctx, sub.ID)
		} else {
			err = nil
		}
		return errors.Join(err, p.notes.forget(ctx, has))
	case known && sub.Topic == w.topic && slices.Contains(w.hubs, sub.Hub) &&
		(sub.State != websub.Denied || p.Now().Sub(sub.Asked) < askAgainAfter):
		return nil
	case !known && has.Topic == w.topic && p.Now().Sub(has.At) < time.Hour: // another replica is at it
		return nil
	}
	hub := w.hubs[0]
	if known && sub.State == websub.Denied { // the next one, in turn
		hub = w.hubs[(slices.Index(w.hubs, sub.Hub)+1)%len(w.hubs)]
	}
	has.Source, has.Topic, has.At = w.source, w.topic, p.Now()
	if err := p.notes.keep(ctx, &has); err != nil {
		if errors.Is(err, store.ErrConflict) { // another replica is at it
			return nil
		}
		return err
	}
	if known {
		if err := p.subscriber.Unsubscribe(ctx, sub.ID); err != nil && !errors.Is(err, websub.ErrUnknown) {
			p.Log.Info("an old subscription was not ended", "source", w.source, "error", err)
		}
	}
	fresh, asked := p.subscriber.Subscribe(ctx, w.source, w.topic, hub)
	has.Subscription = fresh.ID
	return errors.Join(asked, p.notes.keep(ctx, &has))
}

// Trusted reports whether a source's changes are pushed and polling may slow
// down: its subscription is alive, and no poll since the last push has found
// anything that should have been pushed.
func (p *Pusher) Trusted(ctx context.Context, st *store.State) bool {
	if len(st.Detail.Hubs) == 0 {
		return false
	}
	has, err := p.notes.of(ctx, st.Source)
	if err != nil || has.Subscription == "" {
		return false
	}
	sub, err := p.notes.Get(ctx, has.Subscription)
	return err == nil && sub.Alive(p.Now()) && !sub.LastPush.IsZero() && !sub.LastPush.Before(st.LastChange)
}

var errCrowded = errors.New("too many pushes are waiting")

// deliver queues a push for takeAll, because the hub waits.
func (p *Pusher) deliver(_ context.Context, d websub.Delivery) error {
	n := int64(len(d.Body))
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queued+n > maxPushBytes {
		return errCrowded
	}
	select {
	case p.queue <- d:
		p.queued += n
		return nil
	default:
		return errCrowded
	}
}

// takeAll takes in what was pushed, in order.
func (p *Pusher) takeAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-p.queue:
			p.mu.Lock()
			p.queued -= int64(len(d.Body))
			p.mu.Unlock()
			if err := p.take(ctx, d); err != nil && ctx.Err() == nil {
				p.Log.Warn("a push was not taken in; the next poll brings what it had", "source", d.Subscription.Source, "error", err)
			}
		}
	}
}

// take brings a push through the pipeline. One without a body that can be read
// says that it is worth polling.
func (p *Pusher) take(ctx context.Context, d websub.Delivery) error {
	return p.Scheduler.With(ctx, d.Subscription.Source, func(ctx context.Context, src *Source, st *store.State) Outcome {
		if d.Body != nil {
			pushed := *st
			out, err := p.Poller.Push(ctx, src, &pushed, d)
			if err == nil {
				*st = pushed
				return out
			}
			p.Log.Info("what was pushed can't be read; the source is asked instead", "source", src.ID, "error", err)
		}
		return p.Poller.Poll(ctx, src, st)
	})
}

// Push takes in what a hub has sent, as Poll does with what was fetched. It may be a part of the source's own document, so
// validators, schedule and what is known of the source stay as they are.
func (p *Poller) Push(ctx context.Context, src *Source, st *store.State, d websub.Delivery) (Outcome, error) {
	x := &poll{Poller: p, src: src, st: st, pushed: true, start: d.Received}
	x.log.At = x.start.UTC()
	if err := x.address(ctx); err != nil {
		return Outcome{}, err
	}
	before := *x.st
	err := x.take(ctx, &fetch.Response{
		URL: x.st.URL, Status: http.StatusOK, Delta: true, ContentType: d.ContentType,
		Parts: []fetch.Part{{Body: d.Body, Hash: xxhash.Sum64(d.Body), ContentType: d.ContentType}},
	})
	if err != nil {
		return Outcome{}, err
	}
	x.st.ETag, x.st.LastModified, x.st.Detail.ValidFor, x.st.BodyHash = before.ETag, before.LastModified, before.Detail.ValidFor, before.BodyHash
	if len(x.out.Items) == 0 {
		x.log.Outcome = "same"
	}
	x.log.Bytes = int64(len(d.Body))
	x.record()
	return x.out, nil
}
