package hub

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wireroom/store"
)

// maxAnswer is how much of a subscriber's answer is read, so that its connection
// can be used again.
const maxAnswer = 4 << 10

// deliver brings a subscription's document up to date with what is served.
func (h *Hub) deliver(ctx context.Context, d store.Document, sub *Subscription) {
	now := h.now()
	topic, published := h.Feeds.Topic(sub.Topic)
	switch {
	case !now.Before(sub.Expires):
		h.drop(ctx, d, sub, "its lease is over")
		return
	case !published && !sub.Missing.IsZero() && now.Sub(sub.Missing) >= missing:
		h.deny(ctx, d, sub)
		return
	case !published:
		h.settle(ctx, d, sub, func(s *Subscription) {
			if s.Missing.IsZero() {
				s.Missing = now
			}
			s.Next = s.Missing.Add(missing)
		})
		return
	case sub.Next.IsZero() || topic.Tag == sub.Delivered:
		h.settle(ctx, d, sub, func(s *Subscription) { s.Next = time.Time{} })
		return
	case h.isDown(hostOf(sub.Callback)):
		h.settle(ctx, d, sub, func(s *Subscription) { s.Next = now.Add(jitter(downTime)) })
		return
	}
	a, after, gone := h.send(ctx, sub, topic)
	if h.Delivered != nil {
		h.Delivered(a)
	}
	log := h.Log.With("topic", sub.Topic, "host", hostOf(sub.Callback), "status", a.Status, "ms", a.Millis)
	switch {
	case gone:
		h.drop(ctx, d, sub, "it answered 410 Gone")
	case a.Error == "":
		log.Debug("delivered", "bytes", a.Bytes)
		h.settle(ctx, d, sub, func(s *Subscription) { s.note(a); s.delivered(topic.Version) })
	default:
		log.Info("a delivery failed", "error", a.Error)
		h.settle(ctx, d, sub, func(s *Subscription) { s.note(a); s.failed(topic.Version, h.now(), after) })
	}
}

// settle stores the outcome. What was put up while we were at it is owed next:
// whoever told of it may have seen the subscription as it was before.
func (h *Hub) settle(ctx context.Context, d store.Document, sub *Subscription, f func(*Subscription)) {
	for {
		err := change(ctx, h, d, sub, func(s *Subscription) (time.Time, bool) {
			if f != nil {
				f(s)
			}
			if topic, ok := h.Feeds.Topic(s.Topic); ok {
				s.owe(topic.Version, h.now())
			}
			sub = s
			return s.due(), true
		})
		if err != nil {
			h.complain(d, err)
			return
		}
		topic, ok := h.Feeds.Topic(sub.Topic)
		if !ok || !sub.lacks(topic.Version, h.now()) {
			break
		}
		if d, err = h.find(ctx, d.Key); err != nil {
			return // it was ended, or the next look finds it
		}
		if sub, err = unpack[Subscription](d); err != nil {
			return
		}
		f = nil
	}
	if !sub.Next.IsZero() {
		h.kick()
	}
}

// drop ends a subscription without a word.
func (h *Hub) drop(ctx context.Context, d store.Document, sub *Subscription, why string) {
	h.Log.Info("a subscription ended", "topic", sub.Topic, "host", hostOf(sub.Callback), "why", why)
	h.remove(ctx, d)
	h.tally(0, -1, hostOf(sub.Callback))
}

// deny ends a subscription whose topic is no longer published, and says so.
func (h *Hub) deny(ctx context.Context, d store.Document, sub *Subscription) {
	if h.External == "" {
		ask := &request{Mode: "denied", Topic: sub.Topic, Callback: sub.Callback, Reason: "The topic is no longer published.", At: h.now()}
		notice := store.Document{Kind: h.kind, Key: askPrefix + pair(sub.Topic, sub.Callback)}
		if err := pack(&notice, ask, h.now()); err != nil {
			h.complain(d, err)
			return
		}
		if err := h.Store.Put(ctx, []store.Document{notice}); err != nil && !errors.Is(err, store.ErrConflict) {
			h.complain(d, err)
			return
		}
		h.tally(1, 0, "")
		h.kick()
	}
	h.drop(ctx, d, sub, "its topic is no longer published")
}

// send delivers a topic to a callback (section 7), or pings a hub with it.
func (h *Hub) send(ctx context.Context, sub *Subscription, topic Topic) (a Attempt, after time.Duration, gone bool) {
	a.At = h.now()
	defer func() { a.Millis = h.now().Sub(a.At).Milliseconds() }()
	r, err := h.post(ctx, sub, topic)
	if err != nil {
		a.Error = err.Error()
		return a, 0, true // it can never be sent
	}
	a.Bytes = int(r.ContentLength)
	resp, err := h.client.Do(r)
	h.setDown(hostOf(sub.Callback), unreached(err))
	if err != nil {
		a.Error = blame(err).Error()
		return a, 0, false
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
	a.Status = resp.StatusCode
	switch {
	case resp.StatusCode/100 == 2:
	case resp.StatusCode == http.StatusGone && h.External == "":
		return a, 0, true
	default:
		a.Error = "the callback answered " + resp.Status
		after = retryAfter(resp.Header.Get("Retry-After"), a.At)
	}
	return a, after, false
}

// unreached reports whether an exchange failed before a connection was made: then
// no other callback of the host can be reached either.
func unreached(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}

func (h *Hub) post(ctx context.Context, sub *Subscription, topic Topic) (*http.Request, error) {
	kind, body := topic.ContentType, topic.Body
	if h.External != "" {
		kind = "application/x-www-form-urlencoded"
		body = []byte(url.Values{"hub.mode": {"publish"}, "hub.url": {sub.Topic}, "hub.topic": {sub.Topic}}.Encode())
	} else if h.Part && sub.Delivered != "" {
		if part := h.Feeds.Since(ctx, sub.Topic, sub.Delivered); part != nil {
			body = part
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, sub.Callback, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", h.Agent)
	r.Header.Set("Content-Type", kind)
	if h.External != "" {
		return r, nil
	}
	r.Header.Set("Link", fmt.Sprintf(`<%s>; rel="hub", <%s>; rel="self"`, h.Address, sub.Topic))
	if sub.Secret != "" {
		r.Header.Set("X-Hub-Signature", h.sign(sub.Secret, body))
	}
	return r, nil
}

// sign is the value of X-Hub-Signature (section 7.1).
func (h *Hub) sign(secret string, body []byte) string {
	name, make := "sha256", func() hash.Hash { return sha256.New() }
	if h.SHA1 {
		name, make = "sha1", func() hash.Hash { return sha1.New() }
	}
	mac := hmac.New(make, []byte(secret))
	mac.Write(body)
	return name + "=" + hex.EncodeToString(mac.Sum(nil))
}

// retryAfter reads the header of that name (RFC 9110, section 10.2.3).
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return time.Duration(max(0, min(n, 1<<20))) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

func pingKey(external, topic string) string { return pingPrefix + pair(external, topic) }

// pingable makes the document that says what an external hub was told of a topic.
func (h *Hub) pingable(ctx context.Context, topic string) error {
	d := store.Document{Kind: h.kind, Key: pingKey(h.External, topic)}
	if _, err := h.find(ctx, d.Key); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	now := h.now()
	sub := &Subscription{Topic: topic, Callback: h.External, Begun: now, Expires: now.AddDate(100, 0, 0), Next: now}
	if err := sub.pack(&d); err != nil {
		return err
	}
	_, err := h.put(ctx, []store.Document{d})
	return err
}
