package hub

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wireroom/store"
)

// tries is how often a callback that can't be reached is asked about its intent.
const tries = 3

// outcome of asking a callback.
type outcome int

const (
	confirmed outcome = iota
	refused
	unreachable
)

// verify asks the callback whether the request is its own (section 5.3), or tells
// it that it was denied (section 5.2).
func (h *Hub) verify(ctx context.Context, d store.Document, ask *request) {
	got, err := h.challenge(ctx, ask)
	if got == unreachable && ask.Tries+1 < tries {
		ask.Tries++
		if err := pack(&d, ask, h.now().Add(pause(ask.Tries))); err == nil {
			_, err = h.put(ctx, []store.Document{d}) // in conflict with a newer request, that one counts
			h.complain(d, err)
		}
		h.kick()
		return
	}
	log := h.Log.With("mode", ask.Mode, "topic", ask.Topic, "host", hostOf(ask.Callback))
	if got != confirmed {
		log.Info("the subscriber did not confirm", "error", err)
	} else {
		switch ask.Mode {
		case "subscribe":
			err = h.activate(ctx, ask)
		case "unsubscribe":
			err = h.end(ctx, pair(ask.Topic, ask.Callback))
		}
		if err != nil {
			h.complain(d, err) // the document is due again when the lease ends
			return
		}
		log.Info("the subscriber confirmed")
	}
	h.remove(ctx, d)
	h.tally(-1, 0, "")
}

func (h *Hub) complain(d store.Document, err error) {
	if err != nil {
		h.Log.Error("the hub's state could not be stored; it will be tried again", "key", d.Key, "error", err)
	}
}

// challenge makes the request to the callback.
func (h *Hub) challenge(ctx context.Context, ask *request) (outcome, error) {
	var raw [24]byte
	if _, err := io.ReadFull(h.Random, raw[:]); err != nil {
		return unreachable, fmt.Errorf("make a challenge: %w", err)
	}
	word := base64.RawURLEncoding.EncodeToString(raw[:])
	q := url.Values{"hub.mode": {ask.Mode}, "hub.topic": {ask.Topic}}
	switch ask.Mode {
	case "denied":
		q.Set("hub.reason", ask.Reason)
	case "subscribe":
		q.Set("hub.lease_seconds", strconv.FormatInt(ask.Lease, 10))
		fallthrough
	default:
		q.Set("hub.challenge", word)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, withQuery(ask.Callback, q), nil)
	if err != nil {
		return refused, err
	}
	r.Header.Set("User-Agent", h.Agent)
	resp, err := h.client.Do(r)
	if err != nil {
		return unreachable, blame(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(len(word))+1))
	switch {
	case err != nil:
		return unreachable, blame(err)
	case ask.Mode == "denied":
		return confirmed, nil
	case resp.StatusCode/100 == 5 || resp.StatusCode == http.StatusTooManyRequests:
		return unreachable, fmt.Errorf("the callback answered %s", resp.Status)
	case resp.StatusCode/100 != 2:
		return refused, fmt.Errorf("the callback answered %s", resp.Status)
	case string(body) != word:
		return refused, errors.New("the callback did not give the challenge back")
	}
	return confirmed, nil
}

// withQuery appends parameters to an address and keeps its own (section 5.1).
func withQuery(address string, q url.Values) string {
	switch {
	case !strings.Contains(address, "?"):
		return address + "?" + q.Encode()
	case strings.HasSuffix(address, "?") || strings.HasSuffix(address, "&"):
		return address + q.Encode()
	}
	return address + "&" + q.Encode()
}

// blame leaves the address out of a client's error: it may be a secret.
func blame(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// activate begins a subscription or renews it.
func (h *Hub) activate(ctx context.Context, ask *request) error {
	key := subPrefix + pair(ask.Topic, ask.Callback)
	d, err := h.find(ctx, key)
	sub := &Subscription{Topic: ask.Topic, Callback: ask.Callback, Begun: h.now(), Delivered: ask.Delivered, Stamp: ask.Stamp}
	switch {
	case errors.Is(err, store.ErrNotFound):
		d = store.Document{Kind: h.kind, Key: key}
		h.tally(0, 1, hostOf(ask.Callback))
	case err != nil:
		return err
	default:
		if sub, err = unpack[Subscription](d); err != nil {
			return err
		}
	}
	err = change(ctx, h, d, sub, func(s *Subscription) (time.Time, bool) {
		s.Secret, s.Expires = ask.Secret, h.now().Add(time.Duration(ask.Lease)*time.Second)
		s.Failures, s.Failing, s.GaveUp = 0, time.Time{}, "" // it answers
		if !s.Next.IsZero() {
			s.Next = h.now()
		}
		if topic, ok := h.Feeds.Topic(s.Topic); ok {
			s.owe(topic.Version, h.now()) // what came while it was being verified
		}
		return s.due(), true
	})
	h.kick()
	return err
}

// end removes a subscription.
func (h *Hub) end(ctx context.Context, name string) error {
	const most = 5
	for range most {
		d, err := h.find(ctx, subPrefix+name)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		if err := h.Store.Delete(ctx, []store.Document{d}); !errors.Is(err, store.ErrConflict) {
			if sub, e := unpack[Subscription](d); e == nil && err == nil {
				h.tally(0, -1, hostOf(sub.Callback))
			}
			return err
		}
	}
	return fmt.Errorf("end a subscription: %w", store.ErrConflict)
}
