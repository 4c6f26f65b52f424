package websub

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options of a Subscriber. All without a default are needed.
type Options struct {
	Callback string // absolute URL under which ServeHTTP is reached; the id is appended after a slash
	HTTP     http.RoundTripper
	Store    Store
	Deliver  func(context.Context, Delivery) error // is to be quick: the hub waits
	Random   io.Reader                             // crypto/rand.Reader

	Now       func() time.Time // time.Now by default
	UserAgent string
	Lease     time.Duration // asked for, 10 days by default
	MaxBody   int64         // of a push, 10 MiB by default
}

// Delivery is something pushed that was signed with the secret.
type Delivery struct {
	Subscription Subscription
	ContentType  string
	Body         []byte // nil where it is compressed: the push then only says that it is worth polling
	Method       Method
	Received     time.Time
}

const (
	defaultLease = 10 * 24 * time.Hour
	minLease     = 10 * time.Minute // shorter ones would be spent on renewing
	maxLease     = 30 * 24 * time.Hour
	verifyWithin = time.Hour // before a hub that did not verify is asked again
	maxBackoff   = 24 * time.Hour
	hubTimeout   = 30 * time.Second
	maxBody      = 10 << 20
	dueAtOnce    = 100
)

// Subscriber keeps subscriptions alive and takes pushes in.
type Subscriber struct {
	opt Options
}

// New makes a Subscriber or says which option can't be.
func New(o Options) (*Subscriber, error) {
	u, err := url.Parse(o.Callback)
	if err != nil || !isWeb(o.Callback) || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("websub: the callback must be an absolute http or https URL without a query")
	}
	if o.HTTP == nil || o.Store == nil || o.Deliver == nil || o.Random == nil {
		return nil, errors.New("websub: HTTP, Store, Deliver and Random are needed")
	}
	o.Callback = strings.TrimRight(o.Callback, "/")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Lease <= 0 {
		o.Lease = defaultLease
	}
	if o.MaxBody <= 0 {
		o.MaxBody = maxBody
	}
	return &Subscriber{opt: o}, nil
}

// Subscribe asks hub for topic on behalf of source. The subscription is stored
// before the hub is asked, because a hub may verify before it answers; it is
// returned beside an error too, and Renew will try again.
func (s *Subscriber) Subscribe(ctx context.Context, source, topic, hub string) (Subscription, error) {
	if !isWeb(topic) || !isWeb(hub) {
		return Subscription{}, &Error{Hub: hub, Reason: "topic and hub must be http or https addresses"}
	}
	id, err := s.random(16)
	if err != nil {
		return Subscription{}, err
	}
	secret, err := s.random(32)
	if err != nil {
		return Subscription{}, err
	}
	sub := Subscription{ID: id, Source: source, Topic: topic, Hub: hub, Secret: secret, State: Pending}
	if err := s.opt.Store.Put(ctx, sub); err != nil {
		return sub, fmt.Errorf("store subscription to %s: %w", topic, err)
	}
	err = s.ask(ctx, sub, "subscribe")
	if now, getErr := s.opt.Store.Get(ctx, id); getErr == nil {
		sub = now
	}
	return sub, err
}

// Unsubscribe asks the hub to end a subscription, which is deleted once the hub
// has verified it, or at once where the hub never granted it.
func (s *Subscriber) Unsubscribe(ctx context.Context, id string) error {
	var sub Subscription
	err := s.opt.Store.Update(ctx, id, func(stored *Subscription) bool {
		granted := !stored.Expires.IsZero() && s.opt.Now().Before(stored.Expires)
		stored.State, stored.Failures = Unsubscribing, 0
		sub = *stored
		return granted
	})
	if err != nil {
		return fmt.Errorf("unsubscribe %s: %w", id, err)
	}
	if sub.Expires.IsZero() || !s.opt.Now().Before(sub.Expires) {
		return nil
	}
	return s.ask(ctx, sub, "unsubscribe")
}

// Renew asks the hubs of all subscriptions that are due: those whose lease is
// near its end and those that were not verified. It returns how many it asked;
// the error joins those of single hubs, which are asked again later.
func (s *Subscriber) Renew(ctx context.Context) (asked int, err error) {
	var faults []error
	for {
		due, err := s.opt.Store.Due(ctx, s.opt.Now(), dueAtOnce)
		if err != nil {
			return asked, errors.Join(append(faults, fmt.Errorf("find due subscriptions: %w", err))...)
		}
		for _, sub := range due {
			if err := ctx.Err(); err != nil {
				return asked, errors.Join(append(faults, err)...)
			}
			asked++
			var refused *Error
			switch err := s.renew(ctx, sub); {
			case errors.As(err, &refused):
				faults = append(faults, err)
			case err != nil: // the store's: the subscription would be due for ever
				return asked, errors.Join(append(faults, err)...)
			}
		}
		if len(due) < dueAtOnce {
			return asked, errors.Join(faults...)
		}
	}
}

func (s *Subscriber) renew(ctx context.Context, sub Subscription) error {
	if sub.State != Unsubscribing {
		return s.ask(ctx, sub, "subscribe")
	}
	if !s.opt.Now().Before(sub.Expires) { // the hub has forgotten it by now
		return s.opt.Store.Update(ctx, sub.ID, func(*Subscription) bool { return false })
	}
	return s.ask(ctx, sub, "unsubscribe")
}

// ask sends a request to the hub. Whatever comes of it, the subscription is due
// again later: only a verification sets it at rest.
func (s *Subscriber) ask(ctx context.Context, sub Subscription, mode string) error {
	now := s.opt.Now()
	err := s.opt.Store.Update(ctx, sub.ID, func(stored *Subscription) bool {
		stored.Asked = now
		stored.Renew = now.Add(min(verifyWithin<<min(stored.Failures, 10), maxBackoff))
		stored.Failures++
		return true
	})
	if err != nil {
		return fmt.Errorf("store request to hub: %w", err)
	}
	asked := s.post(ctx, sub, mode)
	var refused *Error
	if asked == nil || !errors.As(asked, &refused) {
		return asked
	}
	err = s.opt.Store.Update(ctx, sub.ID, func(stored *Subscription) bool {
		stored.Error = refused.Reason
		if refused.RetryAfter.After(stored.Renew) {
			stored.Renew = refused.RetryAfter
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("store the hub's answer: %w", err)
	}
	return asked
}

// random returns n random bytes in hexadecimal.
func (s *Subscriber) random(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.opt.Random, b); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	return hex.EncodeToString(b), nil
}
