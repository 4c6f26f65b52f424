// Package stories keeps the stories of a store current: it reads what changed,
// asks the engine in package story, and writes down where each article belongs
// and why. In go the changes of the store and the operators' decisions; out come
// assignments. It polls nothing and publishes nothing.
//
// One replica does it at a time. Its lease, and how far it came, is one
// document; whoever holds it reads the window from the store, with the decisions
// that were made, and goes on from there. Two at once, for a moment, do no harm:
// the later word of the two stands and both accept it.
package stories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"wireroom/article"
	"wireroom/store"
	"wireroom/story"
)

// Options of a Keeper.
type Options struct {
	Store  store.Store
	Engine story.Options
	Name   string // who holds the lease, different for each process
	Now    func() time.Time
	Log    *slog.Logger
	Lease  time.Duration // a minute if zero
}

// Keeper keeps the stories.
type Keeper struct {
	Options
	engine        *story.Engine // nil: somebody else holds the lease, or nothing was read yet
	lease         store.Document
	place         place
	pinned        time.Time // when the operators' decisions were read
	sweepAt       time.Time // when a reason is past its time
	counted, told time.Time // when what there is was counted, and the log was told
	stats         atomic.Pointer[story.Stats]
	wanted        atomic.Bool
	asked         chan struct{} // wanted has changed
}

// place is the body of the lease's document.
type place struct {
	Holder   string    `json:"holder"`
	Until    time.Time `json:"until"`
	Sequence int64     `json:"sequence"` // of the store, as far as it was looked at
	Begun    bool      `json:"begun"`    // the window was looked at once
}

const (
	kind         = "story"
	leaseKey     = "keeper"
	defaultLease = time.Minute
	batch        = 200                    // articles that are decided on together
	gather       = 200 * time.Millisecond // how long a change waits for others
)

// New makes a Keeper that has read nothing yet.
func New(o Options) *Keeper {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Lease <= 0 {
		o.Lease = defaultLease
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Engine.Window <= 0 {
		o.Engine.Window = story.DefaultWindow
	}
	return &Keeper{Options: o, asked: make(chan struct{}, 1)}
}

// Stats is what the engine held lately; nil while another process
// keeps the stories.
func (k *Keeper) Stats() *story.Stats { return k.stats.Load() }

// Want says whether stories are looked for. Until somebody wants them, Run costs
// nothing: it reads nothing and holds no article.
func (k *Keeper) Want(on bool) {
	if k.wanted.Swap(on) == on {
		return
	}
	select {
	case k.asked <- struct{}{}:
	default:
	}
}

// Run keeps the stories, while they are wanted, until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if k.wanted.Load() {
			err := k.follow(ctx)
			if ctx.Err() != nil {
				return err
			}
			if err != nil { // the lease runs out by itself
				k.Log.Error("stories are no longer looked for", "error", err)
			}
			continue
		}
		select {
		case <-ctx.Done():
		case <-k.asked:
		}
	}
	return nil
}

// follow keeps the stories until they are no longer wanted or ctx ends, and
// gives the lease back.
func (k *Keeper) follow(ctx context.Context) error {
	watch, stop := context.WithCancel(ctx)
	defer stop()
	changed := k.Store.Watch(watch)
	tick := time.NewTicker(k.Lease / 3)
	defer tick.Stop()
	for ctx.Err() == nil && k.wanted.Load() {
		if err := k.Turn(ctx); err != nil && ctx.Err() == nil {
			// What was read may not be what is stored: begin anew with the next turn.
			k.Log.Error("stories could not be kept", "error", err)
			k.forget()
			wait(ctx, time.Second)
		}
		select {
		case <-ctx.Done():
		case <-k.asked:
		case <-changed:
			wait(ctx, gather)
		case <-tick.C:
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return k.release(end)
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Turn takes or renews the lease and decides on everything that changed. It does
// nothing while another process holds the lease.
func (k *Keeper) Turn(ctx context.Context) error {
	held, err := k.hold(ctx)
	if err != nil || !held {
		return err
	}
	if k.engine == nil {
		if err := k.begin(ctx); err != nil {
			return err
		}
	}
	if err := k.obey(ctx); err != nil {
		return err
	}
	for {
		list, last, err := k.Store.Changes(ctx, k.place.Sequence, batch)
		if err != nil {
			return fmt.Errorf("read what changed: %w", err)
		}
		if len(list) == 0 {
			break
		}
		if err := k.decide(ctx, list); err != nil {
			return err
		}
		k.place.Sequence = last
		if err := k.keep(ctx); err != nil {
			return err
		}
	}
	k.report()
	return k.sweep(ctx)
}

// How often what the engine holds is counted, for that looks at all of it, and
// how often the log tells.
const (
	countEvery  = 30 * time.Second
	reportEvery = time.Hour
)

// report counts what the engine holds, now and then in the log.
func (k *Keeper) report() {
	now := k.Now()
	if k.stats.Load() != nil && now.Sub(k.counted) < countEvery {
		return
	}
	s := k.engine.Stats()
	k.stats.Store(&s)
	k.counted = now
	if now.Sub(k.told) >= reportEvery {
		k.told = now
		k.Log.Info("stories", "articles", s.Articles, "stories", s.Stories, "texts", s.Texts, "memory", s.Bytes)
	}
}

// hold takes the lease, or finds that it is held. It writes only when a third of
// the lease is gone.
func (k *Keeper) hold(ctx context.Context) (bool, error) {
	now := k.Now().UTC()
	if k.engine != nil && k.place.Until.Sub(now) > k.Lease*2/3 {
		return true, nil
	}
	doc, err := k.Store.Document(ctx, kind, leaseKey)
	if errors.Is(err, store.ErrNotFound) {
		doc, err = store.Document{Kind: kind, Key: leaseKey}, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the lease: %w", err)
	}
	var p place
	if len(doc.Body) > 0 {
		if err := json.Unmarshal(doc.Body, &p); err != nil {
			return false, fmt.Errorf("the lease can't be read: %w", err)
		}
	}
	if p.Begun && now.Sub(p.Until) > k.Engine.Window {
		p.Begun = false // what came before the window is not read, however much it is
		k.forget()
	}
	if p.Holder != k.Name {
		if p.Holder != "" && p.Until.After(now) {
			k.forget()
			return false, nil
		}
		k.forget() // what others decided meanwhile is not known here
	}
	if k.engine != nil {
		p.Sequence = k.place.Sequence
	}
	k.lease, k.place = doc, p
	return k.renew(ctx)
}

// renew writes the lease; somebody else may have been faster.
func (k *Keeper) renew(ctx context.Context) (bool, error) {
	err := k.keep(ctx)
	if errors.Is(err, store.ErrConflict) {
		k.forget()
		return false, nil
	}
	return err == nil, err
}

// keep writes the lease and how far the keeper came.
func (k *Keeper) keep(ctx context.Context) error {
	k.place.Holder, k.place.Until = k.Name, k.Now().UTC().Add(k.Lease)
	body, err := json.Marshal(k.place)
	if err != nil {
		return fmt.Errorf("write the lease: %w", err)
	}
	docs := []store.Document{{Kind: kind, Key: leaseKey, Revision: k.lease.Revision, Body: body}}
	if err := k.Store.Put(ctx, docs); err != nil {
		return fmt.Errorf("write the lease: %w", err)
	}
	k.lease = docs[0]
	return nil
}

// forget drops what was read.
func (k *Keeper) forget() {
	k.engine, k.sweepAt = nil, time.Time{}
	k.stats.Store(nil)
}

// release lets others have the lease at once.
func (k *Keeper) release(ctx context.Context) error {
	if k.engine == nil {
		return nil
	}
	k.forget()
	k.place.Holder, k.place.Until = "", k.Now().UTC()
	body, err := json.Marshal(k.place)
	if err != nil {
		return fmt.Errorf("give the lease back: %w", err)
	}
	err = k.Store.Put(ctx, []store.Document{{Kind: kind, Key: leaseKey, Revision: k.lease.Revision, Body: body}})
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("give the lease back: %w", err)
	}
	return nil
}

// decide asks the engine about articles and writes down what it says.
func (k *Keeper) decide(ctx context.Context, list []*article.Record) error {
	d := decisions{was: map[string]article.Story{}, places: map[string]story.Place{}}
	for _, r := range list {
		d.add(r, k.engine.Add(r))
	}
	if err := k.Store.Assign(ctx, d.assignments()); err != nil {
		return fmt.Errorf("write down the stories: %w", err)
	}
	return k.explain(ctx, d.reasons)
}

// decisions gathers what is to be written of a batch.
type decisions struct {
	was     map[string]article.Story
	order   []string
	places  map[string]story.Place
	reasons []story.Decision
}

func (d *decisions) add(r *article.Record, said story.Decision) {
	if _, ok := d.places[r.ID]; !ok {
		d.was[r.ID] = r.Story
	}
	d.place(said.Place)
	for _, p := range said.Moved {
		d.place(p)
	}
	if said.Story != "" && said.Story != r.Story.ID && len(said.Why) > 0 {
		d.reasons = append(d.reasons, said)
	}
}

func (d *decisions) place(p story.Place) {
	if _, ok := d.places[p.Article]; !ok {
		d.order = append(d.order, p.Article)
	}
	d.places[p.Article] = p
}

// assignments are the places that differ from what was stored.
func (d *decisions) assignments() []store.Assignment {
	var list []store.Assignment
	for _, id := range d.order {
		p := d.places[id]
		if was, ok := d.was[id]; ok && was.ID == p.Story && was.Text == p.Text {
			continue
		}
		list = append(list, store.Assignment{Article: id, Story: p.Story, Text: p.Text})
	}
	return list
}
