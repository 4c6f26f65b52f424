package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"wireroom/sources/websub"
	"wireroom/store"
)

// The kinds of document that hold subscriptions: by their own id, and by source.
const (
	kindSubscription = "websub"
	kindSubscribed   = "websub-source"
)

// subscriptions keeps websub's subscriptions in the store, and which source has
// which.
type subscriptions struct {
	store store.Store
	known sync.Map // sources that have one, as far as this process knows
}

// subscribed says which subscription a source has. It is written before a hub is
// asked, so that of several replicas one does.
type subscribed struct {
	Source       string    `json:"source"`
	Topic        string    `json:"topic"`
	Subscription string    `json:"subscription,omitempty"`
	At           time.Time `json:"at"`

	revision int64
}

// tries is how often an update is begun anew when somebody else was faster.
const tries = 20

func document(sub *websub.Subscription) (store.Document, error) {
	body, err := json.Marshal(sub)
	return store.Document{Kind: kindSubscription, Key: sub.ID, Due: sub.Renew, Body: body}, err
}

func subscription(d store.Document) (s websub.Subscription, err error) {
	if err = json.Unmarshal(d.Body, &s); err != nil {
		err = fmt.Errorf("subscription %s: %w", d.Key, err)
	}
	return s, err
}

// Put implements websub.Store.
func (s *subscriptions) Put(ctx context.Context, sub websub.Subscription) error {
	for range tries {
		d, err := document(&sub)
		if err != nil {
			return err
		}
		old, err := s.store.Document(ctx, d.Kind, d.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		d.Revision = old.Revision
		if err = s.store.Put(ctx, []store.Document{d}); !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return store.ErrConflict
}

// Get implements websub.Store.
func (s *subscriptions) Get(ctx context.Context, id string) (websub.Subscription, error) {
	d, err := s.store.Document(ctx, kindSubscription, id)
	if errors.Is(err, store.ErrNotFound) {
		return websub.Subscription{}, websub.ErrUnknown
	}
	if err != nil {
		return websub.Subscription{}, err
	}
	return subscription(d)
}

// Update implements websub.Store.
func (s *subscriptions) Update(ctx context.Context, id string, change func(*websub.Subscription) (keep bool)) error {
	for range tries {
		d, err := s.store.Document(ctx, kindSubscription, id)
		if errors.Is(err, store.ErrNotFound) {
			return websub.ErrUnknown
		}
		if err != nil {
			return err
		}
		sub, err := subscription(d)
		if err != nil {
			return err
		}
		if change(&sub) {
			var fresh store.Document
			if fresh, err = document(&sub); err != nil {
				return err
			}
			fresh.Revision = d.Revision
			err = s.store.Put(ctx, []store.Document{fresh})
		} else {
			err = s.store.Delete(ctx, []store.Document{d})
		}
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return store.ErrConflict
}

// Due implements websub.Store.
func (s *subscriptions) Due(ctx context.Context, now time.Time, limit int) ([]websub.Subscription, error) {
	docs, _, err := s.store.DueDocuments(ctx, kindSubscription, now, limit)
	if err != nil {
		return nil, err
	}
	list := make([]websub.Subscription, 0, len(docs))
	for _, d := range docs {
		sub, err := subscription(d)
		if err != nil {
			return nil, err
		}
		list = append(list, sub)
	}
	return list, nil
}

// of returns what a source has; nothing is no error.
func (s *subscriptions) of(ctx context.Context, source string) (has subscribed, err error) {
	d, err := s.store.Document(ctx, kindSubscribed, source)
	if errors.Is(err, store.ErrNotFound) {
		return subscribed{Source: source}, nil
	}
	if err != nil {
		return has, err
	}
	s.known.Store(source, true)
	if err = json.Unmarshal(d.Body, &has); err != nil {
		return has, fmt.Errorf("subscription of %s: %w", source, err)
	}
	has.revision = d.Revision
	return has, nil
}

// keep stores what a source has, if nobody else did since it was read.
func (s *subscriptions) keep(ctx context.Context, has *subscribed) error {
	body, err := json.Marshal(has)
	if err != nil {
		return err
	}
	docs := []store.Document{{Kind: kindSubscribed, Key: has.Source, Revision: has.revision, Body: body}}
	if err := s.store.Put(ctx, docs); err != nil {
		return err
	}
	has.revision = docs[0].Revision
	s.known.Store(has.Source, true)
	return nil
}

// forget drops what a source had.
func (s *subscriptions) forget(ctx context.Context, has subscribed) error {
	s.known.Delete(has.Source)
	if has.revision == 0 {
		return nil
	}
	err := s.store.Delete(ctx, []store.Document{{Kind: kindSubscribed, Key: has.Source, Revision: has.revision}})
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// knows reports whether a source is known to have a subscription.
func (s *subscriptions) knows(source string) bool {
	_, ok := s.known.Load(source)
	return ok
}
