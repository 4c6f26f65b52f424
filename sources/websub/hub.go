package websub

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Error is a hub that did not take a request.
type Error struct {
	Hub        string
	Status     int // zero if it did not answer
	RetryAfter time.Time
	Reason     string // without secrets
	Err        error
}

func (e *Error) Error() string { return "ask hub " + shown(e.Hub) + ": " + e.Reason }

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

const (
	maxHubRedirects = 3
	maxReason       = 300 // bytes of a hub's own words
	maxRetry        = 7 * 24 * time.Hour
)

// form is the request of WebSub §5.1. hub.verify is for hubs of PubSubHubbub
// 0.3, which refuse requests without it; others have to ignore it.
func (s *Subscriber) form(sub Subscription, mode string) url.Values {
	v := url.Values{
		"hub.mode":     {mode},
		"hub.topic":    {sub.Topic},
		"hub.callback": {s.callback(sub.ID)},
		"hub.verify":   {"async"},
	}
	if mode == "subscribe" {
		v.Set("hub.lease_seconds", strconv.FormatInt(int64(s.opt.Lease/time.Second), 10))
		v.Set("hub.secret", sub.Secret)
	}
	return v
}

func (s *Subscriber) callback(id string) string { return s.opt.Callback + "/" + id }

// post sends the request, and again where the hub redirects it (307 and 308
// only, WebSub §5.2); never from https to http, because it holds the secret.
func (s *Subscriber) post(ctx context.Context, sub Subscription, mode string) error {
	ctx, cancel := context.WithTimeout(ctx, hubTimeout)
	defer cancel()
	target, body := sub.Hub, s.form(sub, mode).Encode()
	for range maxHubRedirects + 1 {
		res, err := s.send(ctx, target, body)
		if err != nil {
			return &Error{Hub: sub.Hub, Reason: "it could not be reached: it is asked again later", Err: err}
		}
		next := ""
		if res.StatusCode == http.StatusTemporaryRedirect || res.StatusCode == http.StatusPermanentRedirect {
			next = absolute(target, res.Header.Get("Location"))
		}
		if next == "" {
			return s.answer(sub, res)
		}
		res.Body.Close()
		if strings.HasPrefix(target, "https:") && !strings.HasPrefix(next, "https:") {
			return &Error{Hub: sub.Hub, Status: res.StatusCode, Reason: "it redirects from https to http, where the secret could be read"}
		}
		target = next
	}
	return &Error{Hub: sub.Hub, Reason: "it redirects too often"}
}

func (s *Subscriber) send(ctx context.Context, target, body string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/plain, */*;q=0.1")
	r.Header.Set("User-Agent", s.opt.UserAgent)
	return s.opt.HTTP.RoundTrip(r)
}

// answer reads what the hub says. 202 is the rule; old hubs that verify while
// they answer say 204.
func (s *Subscriber) answer(sub Subscription, res *http.Response) error {
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, maxReason)) // of a broken answer what came
	if res.StatusCode/100 == 2 {
		return nil
	}
	e := &Error{Hub: sub.Hub, Status: res.StatusCode, Reason: fmt.Sprintf("it answered %d %s", res.StatusCode, http.StatusText(res.StatusCode))}
	if said := oneLine(string(text)); said != "" && !strings.Contains(res.Header.Get("Content-Type"), "html") {
		if sub.Secret != "" {
			said = strings.ReplaceAll(said, sub.Secret, "***")
		}
		e.Reason += ": " + said
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		e.RetryAfter = s.opt.Now().Add(min(time.Duration(min(seconds, int(maxRetry/time.Second)))*time.Second, maxRetry))
	} else if at, err := http.ParseTime(res.Header.Get("Retry-After")); err == nil {
		e.RetryAfter = s.opt.Now().Add(min(at.Sub(s.opt.Now()), maxRetry))
	}
	return e
}

func absolute(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil || ref == "" {
		return ""
	}
	u, err := b.Parse(ref)
	if err != nil || !isWeb(u.String()) {
		return ""
	}
	return u.String()
}

// shown is a hub's address without what may be secret in it.
func shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(an address that can't be read)"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// oneLine makes a hub's words fit for an error.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
