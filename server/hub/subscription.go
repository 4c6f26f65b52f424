package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"time"

	"wireroom/store"
)

// Leases (WebSub, section 5.1; none is for ever).
const (
	defaultLease = 10 * 24 * time.Hour
	minLease     = time.Hour
	maxLease     = 30 * 24 * time.Hour
)

// Subscription is one callback's interest in one topic.
type Subscription struct {
	Topic    string    `json:"topic"`
	Callback string    `json:"callback"`
	Secret   string    `json:"secret,omitempty"`
	Begun    time.Time `json:"begun"`
	Expires  time.Time `json:"expires"`

	Delivered string    `json:"delivered,omitempty"` // tag of the version that it has
	Stamp     int64     `json:"stamp,omitempty"`     // ... and that version's
	Next      time.Time `json:"next,omitzero"`       // when the version that is owed is sent; zero: none is
	Failures  int       `json:"failures,omitempty"`  // in a row
	Failing   time.Time `json:"failing,omitzero"`    // since when
	GaveUp    string    `json:"gave_up,omitempty"`   // tag of the version that is not tried any more
	Missing   time.Time `json:"missing,omitzero"`    // since when the topic is not published
	Log       []Attempt `json:"log,omitempty"`       // the last ones, newest last
}

// Attempt is one delivery in a subscription's log.
type Attempt struct {
	At     time.Time `json:"at"`
	Millis int64     `json:"ms"`
	Status int       `json:"status,omitempty"` // zero: no answer
	Bytes  int       `json:"bytes,omitempty"`
	Error  string    `json:"error,omitempty"`
}

const logLen = 10

func (s *Subscription) note(a Attempt) {
	s.Log = append(s.Log, a)
	s.Log = s.Log[max(0, len(s.Log)-logLen):]
}

// due is when something has to be done about the subscription.
func (s *Subscription) due() time.Time {
	if !s.Next.IsZero() && s.Next.Before(s.Expires) {
		return s.Next
	}
	return s.Expires
}

// The patience with callbacks that fail: a version is tried again ever more
// seldom, for a day; after that each new version gets one try, hourly at most.
const (
	firstPause = 10 * time.Second
	mostPause  = 6 * time.Hour
	patience   = 24 * time.Hour
	hopeless   = time.Hour
)

// missing is how long a topic must have been gone before its subscriptions end:
// a config may be mended, and other replicas may have another one for a while.
const missing = time.Hour

// behind is how long a subscriber may have got a version that this replica has
// not rendered yet.
const behind = 5 * time.Minute

// lacks reports whether a version has still to be made due, because the
// subscriber has another one, and none newer from another replica.
func (s *Subscription) lacks(v Version, now time.Time) bool {
	if !s.Next.IsZero() && s.Missing.IsZero() || v.Tag == s.Delivered || v.Tag == s.GaveUp {
		return false
	}
	return v.Stamp >= s.Stamp || now.Sub(s.last()) >= behind
}

// last is when the last attempt was made.
func (s *Subscription) last() time.Time {
	if n := len(s.Log); n > 0 {
		return s.Log[n-1].At
	}
	return time.Time{}
}

// owe makes the version that is served now due if the subscriber lacks it. It
// reports whether anything changed.
func (s *Subscription) owe(v Version, now time.Time) bool {
	changed := !s.Missing.IsZero()
	if changed { // it is published again
		s.Missing, s.Next = time.Time{}, time.Time{}
	}
	if !s.lacks(v, now) {
		return changed
	}
	s.Next = now
	if again := s.last().Add(hopeless); s.GaveUp != "" && again.After(now) {
		s.Next = again
	}
	return true
}

// delivered notes that the subscriber took a version.
func (s *Subscription) delivered(v Version) {
	s.Delivered, s.Stamp = v.Tag, v.Stamp
	s.Next, s.Failures, s.Failing, s.GaveUp = time.Time{}, 0, time.Time{}, ""
}

// failed notes that a version could not be delivered, and when it is tried again.
func (s *Subscription) failed(v Version, now time.Time, after time.Duration) {
	if s.Failures == 0 {
		s.Failing = now
	}
	s.Failures++
	if now.Sub(s.Failing) >= patience {
		s.GaveUp, s.Next = v.Tag, time.Time{}
		return
	}
	s.Next = now.Add(max(pause(s.Failures), min(after, patience)))
}

// pause grows threefold with each failure, give or take a quarter.
func pause(failures int) time.Duration {
	d := firstPause
	for range failures - 1 {
		if d *= 3; d >= mostPause {
			d = mostPause
			break
		}
	}
	return jitter(d)
}

// jitter keeps those that failed together from coming back together.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.75 + rand.Float64()/2))
}

// The parts of a key.
const (
	askPrefix  = "ask/"
	subPrefix  = "sub/"
	pingPrefix = "ping/"
)

// digest names an address in a key.
func digest(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:12])
}

func pair(topic, callback string) string { return digest(topic) + "/" + digest(callback) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// pack writes v into a document.
func pack(d *store.Document, v any, due time.Time) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", d.Key, err)
	}
	d.Body, d.Due = body, due.UTC().Truncate(time.Millisecond)
	return nil
}

func (s *Subscription) pack(d *store.Document) error { return pack(d, s, s.due()) }

func unpack[T any](d store.Document) (*T, error) {
	v := new(T)
	if err := json.Unmarshal(d.Body, v); err != nil {
		return nil, fmt.Errorf("read %s: %w", d.Key, err)
	}
	return v, nil
}

// pageSize is how many documents are read at a time.
const pageSize = 500

// each calls f for all documents of a kind under a prefix, page by page.
func each(ctx context.Context, s Documents, kind, prefix string, f func([]store.Document) error) error {
	after := ""
	for {
		docs, err := s.Documents(ctx, kind, prefix, after, pageSize)
		if err != nil {
			return fmt.Errorf("list %s: %w", prefix, err)
		}
		if len(docs) == 0 {
			return nil
		}
		after = docs[len(docs)-1].Key
		if err := f(docs); err != nil {
			return err
		}
		if len(docs) < pageSize {
			return nil
		}
	}
}

// List calls f for each subscription of the hub whose state is in s, until f
// fails.
func List(ctx context.Context, s Documents, f func(*Subscription) error) error {
	return each(ctx, s, "hub", subPrefix, func(docs []store.Document) error {
		for _, d := range docs {
			sub, err := unpack[Subscription](d)
			if err != nil {
				return err
			}
			if err := f(sub); err != nil {
				return err
			}
		}
		return nil
	})
}
