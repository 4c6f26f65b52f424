package websub

import (
	"context"
	"errors"
	"time"
)

// State is where a subscription is in its life.
type State string

// The states.
const (
	Pending       State = "pending"       // asked for, not verified yet
	Active        State = "active"        // verified; pushes are welcome until Expires
	Denied        State = "denied"        // refused by the hub
	Unsubscribing State = "unsubscribing" // asked to end
)

// Subscription is one topic at one hub.
type Subscription struct {
	ID     string // last element of the callback's path, random
	Source string // whom it is for, the caller's own name
	Topic  string
	Hub    string
	Secret string

	State    State
	Asked    time.Time     // when the hub was last asked
	Lease    time.Duration // as granted
	Expires  time.Time     // no push is taken after; zero until verified
	Renew    time.Time     // when to ask the hub again; zero: not at all
	Failures int           // requests in a row that came to nothing
	Error    string        // of the last, for people; without secrets

	LastPush time.Time
	WeakHash bool // the last push was signed with SHA-1
}

// Alive reports whether pushes can be expected at now, so that polling may slow
// down.
func (s *Subscription) Alive(now time.Time) bool {
	return (s.State == Active || s.State == Pending) && now.Before(s.Expires)
}

// ErrUnknown is returned by a Store for an id it does not hold.
var ErrUnknown = errors.New("no such subscription")

// Store keeps subscriptions. Several processes may share one.
type Store interface {
	// Put adds a subscription or replaces the one with its id.
	Put(ctx context.Context, s Subscription) error
	// Get returns ErrUnknown for an unknown id.
	Get(ctx context.Context, id string) (Subscription, error)
	// Update changes a subscription without any other change coming between:
	// change is called with the stored one and tells whether to keep it or to
	// delete it. It may be called more than once. ErrUnknown for an unknown id.
	Update(ctx context.Context, id string, change func(*Subscription) (keep bool)) error
	// Due returns those with Renew set and not after now, the longest overdue
	// first, at most limit.
	Due(ctx context.Context, now time.Time, limit int) ([]Subscription, error)
}
