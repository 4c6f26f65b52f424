package hub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"wireroom/store"
)

const (
	lease     = 30 * time.Second // of a document that is being worked on
	fresh     = 15 * time.Second // of its lease that may have passed before work begins
	lookEvery = 5 * time.Minute  // all subscriptions are looked at, lest a hint was lost
	rest      = time.Second      // after a fault of the store, and where lanes are full
)

// count is how many documents there are, as of the last look and what came since.
type count struct {
	subs, asks int
	hosts      map[string]int
}

// Run works until ctx ends; what runs then is finished, what waits is left to
// whoever looks next. changed tells that documents may have changed.
func (h *Hub) Run(ctx context.Context, changed <-chan struct{}) error {
	defer func() {
		h.fast.close()
		h.slow.close()
	}()
	timer := time.NewTimer(0) // look at all, then at what is due
	defer timer.Stop()
	var looked time.Time
	hint, faults := false, 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
			hint = true
		case <-h.wake:
		case <-timer.C:
		}
		var err error
		if hint {
			err = h.changed(ctx)
			hint = err != nil
		}
		if now := h.now(); now.Sub(looked) >= lookEvery {
			looked = now
			err = errors.Join(err, h.look(ctx))
		}
		next, e := h.work(ctx)
		if err = errors.Join(err, e); err != nil && ctx.Err() == nil {
			h.Log.Error("the hub could not go on; it tries again", "error", err)
			next = h.now().Add(rest << min(faults, 5))
			faults++
			h.forget()
		} else {
			faults = 0
		}
		// What another replica claimed and died over is due when its lease ends.
		if end := h.now().Add(lease); next.IsZero() || next.After(end) {
			next = end
		}
		timer.Reset(max(next.Sub(h.now()), time.Millisecond))
	}
}

// How long it is believed that somebody is subscribed, and that nobody is. The
// numbers that the hub counts will not do: others subscribe at other replicas.
const (
	heardFor = time.Minute
	quietFor = time.Second
)

// Quiet reports whether nobody is subscribed, or about to be, and no other hub is
// to be told: then nobody waits for new versions.
func (h *Hub) Quiet(ctx context.Context) bool {
	if h.External != "" {
		return false
	}
	now := h.now()
	h.mu.Lock()
	quiet, known := h.quiet, now.Before(h.quietUntil)
	h.mu.Unlock()
	if known {
		return quiet
	}
	docs, err := h.Store.Documents(ctx, h.kind, "", "", 1) // may take long: nobody else waits for it
	if err != nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.quiet, h.quietUntil = len(docs) == 0, now.Add(quietFor)
	if !h.quiet {
		h.quietUntil = now.Add(heardFor)
	}
	return h.quiet
}

// forget makes the next hint look at every topic.
func (h *Hub) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.seen)
}

// changed looks for the subscribers of the topics that may have another version
// than before.
func (h *Hub) changed(ctx context.Context) error {
	for topic, number := range h.Feeds.Topics() {
		h.mu.Lock()
		same := h.seen[topic] == number
		h.mu.Unlock()
		if same {
			continue
		}
		prefix := subPrefix + digest(topic) + "/"
		if h.External != "" {
			if err := h.pingable(ctx, topic); err != nil {
				return err
			}
			prefix = pingKey(h.External, topic)
		}
		if err := each(ctx, h.Store, h.kind, prefix, func(docs []store.Document) error { return h.oweAll(ctx, docs) }); err != nil {
			return err
		}
		h.mu.Lock()
		h.seen[topic] = number
		h.mu.Unlock()
	}
	return nil
}

// look goes over all subscriptions: for what is owed, what is no longer
// published, and how many there are.
func (h *Hub) look(ctx context.Context) error {
	if h.External != "" {
		return h.lookAtPings(ctx)
	}
	c := count{hosts: map[string]int{}}
	err := each(ctx, h.Store, h.kind, "", func(docs []store.Document) error {
		for _, d := range docs {
			if strings.HasPrefix(d.Key, askPrefix) {
				c.asks++
			} else if sub, err := unpack[Subscription](d); err == nil {
				c.subs++
				c.hosts[hostOf(sub.Callback)]++
			}
		}
		return h.oweAll(ctx, docs)
	})
	if err != nil {
		return err
	}
	now := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count = c
	for host, until := range h.down {
		if until.Before(now) {
			delete(h.down, host)
		}
	}
	return nil
}

// lookAtPings looks at all topics, and forgets what another hub was told before
// the config named this one.
func (h *Hub) lookAtPings(ctx context.Context) error {
	own := pingPrefix + digest(h.External) + "/"
	err := each(ctx, h.Store, h.kind, pingPrefix, func(docs []store.Document) error {
		for _, d := range docs {
			if !strings.HasPrefix(d.Key, own) {
				h.remove(ctx, d)
			}
		}
		return nil
	})
	if err == nil {
		err = each(ctx, h.Store, h.kind, own, func(docs []store.Document) error { return h.oweAll(ctx, docs) })
	}
	if err != nil {
		return err
	}
	h.forget()
	return h.changed(ctx)
}

// oweAll makes the current versions due for the subscriptions that lack them.
func (h *Hub) oweAll(ctx context.Context, docs []store.Document) error {
	var owed []store.Document
	now := h.now()
	for _, d := range docs {
		if strings.HasPrefix(d.Key, askPrefix) {
			continue
		}
		sub, err := unpack[Subscription](d)
		if err != nil {
			h.Log.Error("a subscription can't be read", "key", d.Key, "error", err)
			continue
		}
		topic, ok := h.Feeds.Topic(sub.Topic)
		switch {
		case ok && sub.owe(topic.Version, now):
		case !ok && sub.Next.IsZero(): // delivering will end it
			sub.Next = now
		default:
			continue
		}
		if err := sub.pack(&d); err != nil {
			return err
		}
		owed = append(owed, d)
	}
	_, err := h.put(ctx, owed)
	return err
}

// put stores documents, together if it can. Those that somebody else changed
// meanwhile are left out: whoever did has looked at them. It returns the stored.
func (h *Hub) put(ctx context.Context, docs []store.Document) ([]store.Document, error) {
	if len(docs) == 0 {
		return nil, nil
	}
	err := h.Store.Put(ctx, docs)
	if !errors.Is(err, store.ErrConflict) {
		if err != nil {
			return nil, fmt.Errorf("store the hub's state: %w", err)
		}
		return docs, nil
	}
	if len(docs) == 1 {
		return nil, nil
	}
	var kept []store.Document
	for i := range docs {
		one, err := h.put(ctx, docs[i:i+1:i+1])
		if err != nil {
			return kept, err
		}
		kept = append(kept, one...)
	}
	return kept, nil
}

// work claims what is due and hands it to the lanes. It returns when to come
// again; zero: when something happens.
func (h *Hub) work(ctx context.Context) (next time.Time, err error) {
	for {
		now := h.now()
		room := min(h.fast.room(), h.slow.room(), pageSize)
		if room == 0 {
			return now.Add(rest), nil
		}
		docs, next, err := h.Store.DueDocuments(ctx, h.kind, now, room)
		if err != nil {
			return time.Time{}, fmt.Errorf("look for what is due: %w", err)
		}
		for i := range docs {
			docs[i].Due = now.Add(lease)
		}
		n := len(docs)
		if docs, err = h.put(ctx, docs); err != nil {
			return time.Time{}, err
		}
		for _, d := range docs {
			h.assign(ctx, d, now)
		}
		if n < room {
			return next, nil
		}
	}
}

// assign hands a claimed document to the lane of its callback.
func (h *Hub) assign(ctx context.Context, d store.Document, claimed time.Time) {
	// Work that began is finished when ctx ends; its exchange is bounded anyway.
	ctx = context.WithoutCancel(ctx)
	var callback string
	var troubled bool
	var job func(store.Document)
	if strings.HasPrefix(d.Key, askPrefix) {
		ask, err := unpack[request](d)
		if err != nil {
			h.discard(ctx, d, err)
			return
		}
		callback, troubled = ask.Callback, ask.Tries > 0
		job = func(d store.Document) { h.verify(ctx, d, ask) }
	} else {
		sub, err := unpack[Subscription](d)
		if err != nil {
			h.discard(ctx, d, err)
			return
		}
		callback, troubled = sub.Callback, sub.Failures > 0
		job = func(d store.Document) { h.deliver(ctx, d, sub) }
	}
	host := hostOf(callback)
	lanes := h.fast
	if troubled || h.isDown(host) {
		lanes = h.slow
	}
	lanes.add(host, func() {
		if now := h.now(); now.Sub(claimed) > fresh {
			d.Due = now.Add(lease)
			if kept, err := h.put(ctx, []store.Document{d}); err != nil || len(kept) == 0 {
				return // somebody else has it
			} else {
				d = kept[0]
			}
		}
		job(d)
	})
}

// discard throws away a document that can't be read: nothing else helps.
func (h *Hub) discard(ctx context.Context, d store.Document, err error) {
	h.Log.Error("a document of the hub can't be read and is thrown away", "key", d.Key, "error", err)
	h.remove(ctx, d)
}

// remove deletes a document unless somebody changed it.
func (h *Hub) remove(ctx context.Context, d store.Document) {
	if err := h.Store.Delete(ctx, []store.Document{d}); err != nil && !errors.Is(err, store.ErrConflict) {
		h.Log.Error("the hub's state could not be stored; it will be tried again", "key", d.Key, "error", err)
	}
}

// change applies f to a document as it is now and stores it, however often
// somebody else comes in between. f says no where it should stay as it is.
func change[T any](ctx context.Context, h *Hub, d store.Document, v *T, f func(*T) (due time.Time, ok bool)) error {
	const most = 10
	for range most {
		due, ok := f(v)
		if !ok {
			return nil
		}
		if err := pack(&d, v, due); err != nil {
			return err
		}
		docs := []store.Document{d}
		err := h.Store.Put(ctx, docs)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
		if d, err = h.Store.Document(ctx, d.Kind, d.Key); errors.Is(err, store.ErrNotFound) {
			return nil // it was ended
		} else if err != nil {
			return err
		}
		if v, err = unpack[T](d); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: %w", d.Key, store.ErrConflict)
}

// A host that can't be reached is left alone for a while, so that many
// subscriptions of it cost one attempt.
const downTime = 30 * time.Second

func (h *Hub) isDown(host string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.down[host].After(h.now())
}

func (h *Hub) setDown(host string, down bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if down {
		h.down[host] = h.now().Add(downTime)
	} else {
		delete(h.down, host)
	}
}
