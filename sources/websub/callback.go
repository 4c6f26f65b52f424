package websub

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const maxChallenge = 4 << 10

// ServeHTTP is the callback: hubs verify our intent with GET and push with POST.
// The id is the last element of the path, wherever the handler is mounted.
func (s *Subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	switch r.Method {
	case http.MethodGet:
		s.verify(w, r, id)
	case http.MethodPost:
		s.take(w, r, id)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "a hub verifies with GET and delivers with POST", http.StatusMethodNotAllowed)
	}
}

// verify answers a hub that asks whether we meant it (WebSub §5.3), or that tells
// us that it won't (§5.2).
func (s *Subscriber) verify(w http.ResponseWriter, r *http.Request, id string) {
	q := r.URL.Query()
	challenge := q.Get("hub.challenge")
	answerable := challenge != "" && len(challenge) <= maxChallenge
	agreed := false
	err := s.opt.Store.Update(r.Context(), id, func(sub *Subscription) (keep bool) {
		agreed = false
		if q.Get("hub.topic") != sub.Topic {
			return true
		}
		switch q.Get("hub.mode") {
		case "subscribe":
			if agreed = sub.State != Unsubscribing && answerable; agreed {
				s.grant(sub, q.Get("hub.lease_seconds"))
			}
		case "unsubscribe":
			agreed = sub.State == Unsubscribing && answerable
			return !agreed
		case "denied":
			agreed, challenge = true, ""
			if sub.State == Unsubscribing {
				return false
			}
			deny(sub, q.Get("hub.reason"))
		}
		return true
	})
	switch {
	case errors.Is(err, ErrUnknown), err == nil && !agreed:
		http.Error(w, "nobody here asked for that", http.StatusNotFound)
	case err != nil:
		http.Error(w, "the subscription can't be looked up just now", http.StatusServiceUnavailable)
	default:
		// The hub's words come back as plain text that no browser takes for a page.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge) // the hub will ask again if it did not get it
	}
}

// grant makes sub active for the lease that the hub grants. Hubs that name none
// get ours; none is for ever.
func (s *Subscriber) grant(sub *Subscription, leaseSeconds string) {
	lease := s.opt.Lease
	if n, err := strconv.ParseInt(leaseSeconds, 10, 64); err == nil && n > 0 {
		lease = time.Duration(min(n, int64(maxLease/time.Second))) * time.Second
	}
	lease = min(max(lease, minLease), maxLease)
	now := s.opt.Now()
	sub.State, sub.Lease, sub.Expires = Active, lease, now.Add(lease)
	sub.Renew = now.Add(lease * 2 / 3)
	sub.Failures, sub.Error = 0, ""
}

func deny(sub *Subscription, reason string) {
	sub.State, sub.Renew, sub.Expires = Denied, time.Time{}, time.Time{}
	sub.Error = "the hub denied it"
	if reason = oneLine(reason); reason != "" {
		sub.Error += ": " + strings.ToValidUTF8(reason[:min(len(reason), maxReason)], "")
	}
}

// take takes a push in (WebSub §7). What is not signed with the secret gets the
// same answer as what is, so that nobody can try out signatures.
func (s *Subscriber) take(w http.ResponseWriter, r *http.Request, id string) {
	sub, err := s.opt.Store.Get(r.Context(), id)
	now := s.opt.Now()
	switch {
	case errors.Is(err, ErrUnknown), err == nil && !sub.welcome(now):
		http.Error(w, "there is no such subscription any more", http.StatusGone)
		return
	case err != nil:
		http.Error(w, "the subscription can't be looked up just now", http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.opt.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		http.Error(w, "the document is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the document broke off", http.StatusBadRequest)
		return
	}
	method, err := Verify(sub.Secret, r.Header.Get("X-Hub-Signature"), body)
	if err != nil {
		s.note(r, id, func(sub *Subscription) { sub.Error = "a push had no valid signature and was thrown away" })
		w.WriteHeader(http.StatusAccepted)
		return
	}
	d := Delivery{Subscription: sub, ContentType: r.Header.Get("Content-Type"), Body: body, Method: method, Received: now}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		d.Body = nil
	}
	if err := s.opt.Deliver(r.Context(), d); err != nil {
		http.Error(w, "the document can't be taken in just now", http.StatusServiceUnavailable)
		return
	}
	s.note(r, id, func(sub *Subscription) { sub.LastPush, sub.WeakHash, sub.Error = now, method == SHA1, "" })
	w.WriteHeader(http.StatusAccepted)
}

// welcome reports whether a push to sub is taken at now. One that comes before
// its verification does is: the hub knows the secret.
func (s *Subscription) welcome(now time.Time) bool {
	switch s.State {
	case Active:
		return now.Before(s.Expires)
	case Pending:
		return true
	}
	return false
}

// note keeps something about a subscription that is nice to know: that it can't
// be kept stops no push.
func (s *Subscriber) note(r *http.Request, id string, change func(*Subscription)) {
	_ = s.opt.Store.Update(r.Context(), id, func(sub *Subscription) bool { change(sub); return true })
}
