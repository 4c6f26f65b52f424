package hub

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wireroom/store"
)

// request is what a subscriber asked for, until its intent is verified.
type request struct {
	Mode      string    `json:"mode"` // subscribe, unsubscribe, denied
	Topic     string    `json:"topic"`
	Callback  string    `json:"callback"`
	Secret    string    `json:"secret,omitempty"`
	Lease     int64     `json:"lease,omitempty"` // seconds
	Reason    string    `json:"reason,omitempty"`
	Delivered string    `json:"delivered,omitempty"` // tag of the topic when it was asked
	Stamp     int64     `json:"stamp,omitempty"`
	At        time.Time `json:"at"`
	Tries     int       `json:"tries,omitempty"`
}

// The bounds of a request.
const (
	maxForm     = 16 << 10
	maxCallback = 2048
	maxSecret   = 199 // "less than 200 bytes" (section 5.1)
)

// refusal is a request that is not taken, with the reason for people.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// ServeHTTP takes the requests of subscribers (section 5.1). What is in order is
// answered 202 at once and verified afterwards.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	err := h.take(w, r)
	var no *refusal
	switch {
	case err == nil:
	case errors.As(err, &no):
		if no.status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "60")
		}
		w.WriteHeader(no.status)
		fmt.Fprintln(w, no.text)
	default:
		h.Log.Error("a request to the hub could not be taken", "error", err)
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "The hub can't take requests just now. Please try again later.")
	}
}

func (h *Hub) take(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		return refuse(http.StatusMethodNotAllowed, "This is a WebSub hub: it takes POST requests with a form.")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return refuse(http.StatusUnsupportedMediaType, "Expected application/x-www-form-urlencoded.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "The form can't be read.")
	}
	form := r.PostForm
	switch mode := form.Get("hub.mode"); mode {
	case "subscribe", "unsubscribe":
		ask, err := h.read(form, mode)
		if err != nil {
			return err
		}
		if err := h.keep(r.Context(), ask); err != nil {
			return err
		}
		h.kick()
		w.WriteHeader(http.StatusAccepted)
		return nil
	case "publish":
		return h.publish(w, r)
	default:
		return refuse(http.StatusBadRequest, "hub.mode must be subscribe, unsubscribe or publish, not %q.", mode)
	}
}

// read holds a request's parameters to the rules; others than ours are ignored.
func (h *Hub) read(form url.Values, mode string) (*request, error) {
	ask := &request{Mode: mode, Topic: form.Get("hub.topic"), Callback: form.Get("hub.callback"), At: h.now()}
	topic, ok := h.Feeds.Topic(ask.Topic)
	switch {
	case ask.Topic == "":
		return nil, refuse(http.StatusBadRequest, "hub.topic is missing.")
	case mode == "unsubscribe": // of whatever there is
	case !ok:
		return nil, refuse(http.StatusNotFound, "This hub does not publish that topic.")
	case topic.URL != ask.Topic:
		return nil, refuse(http.StatusConflict, "The topic has moved to %s", topic.URL)
	}
	ask.Delivered, ask.Stamp = topic.Tag, topic.Stamp
	if !goodCallback(ask.Callback) {
		return nil, refuse(http.StatusBadRequest, "hub.callback must be an http or https address without user and fragment, at most %d bytes.", maxCallback)
	}
	if mode == "unsubscribe" {
		return ask, nil
	}
	if ask.Secret = form.Get("hub.secret"); len(ask.Secret) > maxSecret {
		return nil, refuse(http.StatusBadRequest, "hub.secret must be less than 200 bytes.")
	}
	lease, err := leaseOf(form.Get("hub.lease_seconds"))
	if err != nil {
		return nil, err
	}
	ask.Lease = int64(lease / time.Second)
	return ask, nil
}

func goodCallback(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxCallback && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		u.User == nil && u.Fragment == "" && !strings.Contains(s, "#")
}

// leaseOf is the lease that is granted where that many seconds are asked for.
func leaseOf(s string) (time.Duration, error) {
	if s = strings.TrimSpace(s); s == "" || s == "0" {
		return defaultLease, nil
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, refuse(http.StatusBadRequest, "hub.lease_seconds must be a number of seconds.")
	}
	return max(minLease, time.Duration(min(n, uint64(maxLease/time.Second)))*time.Second), nil
}

// keep stores a request, in place of one of the same subscriber before.
func (h *Hub) keep(ctx context.Context, ask *request) error {
	name := pair(ask.Topic, ask.Callback)
	sub, subErr := h.find(ctx, subPrefix+name)
	if subErr != nil && !errors.Is(subErr, store.ErrNotFound) {
		return subErr
	}
	const most = 5
	for range most {
		d, err := h.find(ctx, askPrefix+name)
		known := err == nil
		switch {
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		case ask.Mode == "unsubscribe" && !known && subErr != nil:
			return refuse(http.StatusNotFound, "There is no such subscription.")
		case !known:
			if err := h.admit(ask, subErr == nil); err != nil {
				return err
			}
			d = store.Document{Kind: h.kind, Key: askPrefix + name}
		}
		if subErr == nil { // what it has does not change by a renewal
			if old, err := unpack[Subscription](sub); err == nil {
				ask.Delivered, ask.Stamp = old.Delivered, old.Stamp
			}
		}
		if err := pack(&d, ask, ask.At); err != nil {
			return err
		}
		err = h.Store.Put(ctx, []store.Document{d})
		if err == nil && !known {
			h.tally(1, 0, "")
		}
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return refuse(http.StatusServiceUnavailable, "Too many requests for this subscription at once.")
}

func (h *Hub) find(ctx context.Context, key string) (store.Document, error) {
	return h.Store.Document(ctx, h.kind, key)
}

// admit holds a new request to the caps.
func (h *Hub) admit(ask *request, renewal bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.count.asks >= h.Limits.Requests:
		return refuse(http.StatusServiceUnavailable, "Too many subscriptions are being verified. Please try again later.")
	case ask.Mode != "subscribe" || renewal:
	case h.count.subs >= h.Limits.Subscriptions:
		return refuse(http.StatusServiceUnavailable, "This hub has as many subscriptions as it takes.")
	case h.count.hosts[hostOf(ask.Callback)] >= h.Limits.PerHost:
		return refuse(http.StatusTooManyRequests, "This hub has as many subscriptions of that host as it takes.")
	}
	return nil
}

// tally counts requests and subscriptions that came or went.
func (h *Hub) tally(asks, subs int, host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count.asks = max(0, h.count.asks+asks)
	h.count.subs = max(0, h.count.subs+subs)
	if host == "" {
		return
	}
	if h.count.hosts == nil {
		h.count.hosts = map[string]int{}
	}
	if h.count.hosts[host] += subs; h.count.hosts[host] <= 0 {
		delete(h.count.hosts, host)
	}
}

// publish takes the request to look at our own topics anew (PubSubHubbub 0.4,
// section 7.1), from those who may ask.
func (h *Hub) publish(w http.ResponseWriter, r *http.Request) error {
	if h.MayPublish == nil {
		return refuse(http.StatusForbidden, "This hub takes no publish requests: it sees by itself what changes.")
	}
	if !h.MayPublish(r) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="hub"`)
		return refuse(http.StatusUnauthorized, "Publishing needs the token of this site.")
	}
	topics := append(r.PostForm["hub.url"], r.PostForm["hub.topic"]...)
	if len(topics) == 0 {
		return refuse(http.StatusBadRequest, "hub.url is missing.")
	}
	for _, t := range topics {
		if _, ok := h.Feeds.Topic(t); !ok {
			return refuse(http.StatusNotFound, "This hub does not publish %q.", t)
		}
	}
	if h.Refresh != nil {
		if err := h.Refresh(r.Context()); err != nil {
			return err
		}
	}
	h.forget()
	if err := h.changed(r.Context()); err != nil {
		return err
	}
	h.kick()
	w.WriteHeader(http.StatusNoContent)
	return nil
}
