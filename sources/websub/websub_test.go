package websub

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a Store for one process.
type memory struct {
	mu   sync.Mutex
	subs map[string]Subscription
	err  error // of every call, if set
}

func (m *memory) Put(_ context.Context, s Subscription) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.subs == nil {
		m.subs = make(map[string]Subscription)
	}
	m.subs[s.ID] = s
	return m.err
}

func (m *memory) Get(_ context.Context, id string) (Subscription, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.subs[id]
	if m.err != nil {
		return s, m.err
	}
	if !ok {
		return s, ErrUnknown
	}
	return s, nil
}

func (m *memory) Update(_ context.Context, id string, change func(*Subscription) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.subs[id]
	if m.err != nil {
		return m.err
	}
	if !ok {
		return ErrUnknown
	}
	if !change(&s) {
		delete(m.subs, id)
		return nil
	}
	m.subs[id] = s
	return nil
}

func (m *memory) Due(_ context.Context, now time.Time, limit int) ([]Subscription, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []Subscription
	for _, s := range m.subs {
		if !s.Renew.IsZero() && !s.Renew.After(now) {
			due = append(due, s)
		}
	}
	slices.SortFunc(due, func(a, b Subscription) int { return cmp.Or(a.Renew.Compare(b.Renew), strings.Compare(a.ID, b.ID)) })
	return due[:min(len(due), limit)], m.err
}

// hub is a hub by the letter: it takes requests, verifies each at once or on
// demand, and pushes.
type hub struct {
	t        *testing.T
	callback http.Handler
	answer   func(*http.Request) (status int, header http.Header, body string)
	lease    string // granted; empty: none is named
	verify   bool   // while answering, as old hubs do

	asked   []url.Values
	targets []string
}

func (h *hub) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Error(err)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		h.t.Errorf("%s %v: %s, %v", r.Method, r.Header, body, err)
	}
	h.asked = append(h.asked, form)
	h.targets = append(h.targets, r.URL.String())
	status, header, text := http.StatusAccepted, http.Header{}, ""
	if h.answer != nil {
		if status, header, text = h.answer(r); status == 0 {
			return nil, errors.New("the wire is cut")
		}
	}
	if h.verify && status/100 == 2 {
		h.confirm(form, "challenge-1")
	}
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(text))}, nil
}

// confirm verifies the intent behind form and returns status and body.
func (h *hub) confirm(form url.Values, challenge string) (int, string) {
	q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {challenge}}
	if h.lease != "" {
		q.Set("hub.lease_seconds", h.lease)
	}
	return h.get(form.Get("hub.callback"), q)
}

func (h *hub) get(callback string, q url.Values) (int, string) {
	w := httptest.NewRecorder()
	h.callback.ServeHTTP(w, httptest.NewRequest(http.MethodGet, callback+"?"+q.Encode(), nil))
	if w.Code == 200 && (w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain")) {
		h.t.Errorf("the challenge came back as %v", w.Header())
	}
	return w.Code, w.Body.String()
}

func (h *hub) push(callback string, body []byte, header http.Header) int {
	r := httptest.NewRequest(http.MethodPost, callback, bytes.NewReader(body))
	for k, v := range header {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	h.callback.ServeHTTP(w, r)
	return w.Code
}

const (
	topic  = "https://news.example/feed"
	hubURL = "https://hub.example/"
)

func setup(t *testing.T, change ...func(*Options)) (*Subscriber, *hub, *memory, *[]Delivery) {
	t.Helper()
	h, m, got := &hub{t: t, lease: "864000"}, new(memory), new([]Delivery)
	o := Options{
		Callback: "https://reader.example/websub/", HTTP: h, Store: m, Random: rand.Reader, UserAgent: "Test/1",
		Deliver: func(_ context.Context, d Delivery) error { *got = append(*got, d); return nil },
	}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h.callback = s
	return s, h, m, got
}

func sign(secret string, body []byte) http.Header {
	mac := hmac.New(sha512.New, []byte(secret))
	mac.Write(body)
	return http.Header{"X-Hub-Signature": {"sha512=" + hex.EncodeToString(mac.Sum(nil))}, "Content-Type": {"application/atom+xml"}}
}

func (m *memory) only(t *testing.T) Subscription {
	t.Helper()
	if len(m.subs) != 1 {
		t.Fatalf("%d subscriptions", len(m.subs))
	}
	for _, s := range m.subs {
		return s
	}
	return Subscription{}
}

// The whole life of a subscription: asked for, verified, pushed to, renewed at
// two thirds of its lease, ended.
func TestLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, got := setup(t)
		start := time.Now()
		sub, err := s.Subscribe(t.Context(), "src", topic, hubURL)
		if err != nil || sub.State != Pending || sub.Source != "src" || sub.Alive(start) {
			t.Fatalf("%+v, %v", sub, err)
		}
		form := h.asked[0]
		for key, want := range map[string]string{
			"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": "https://reader.example/websub/" + sub.ID,
			"hub.lease_seconds": "864000", "hub.secret": sub.Secret,
		} {
			if form.Get(key) != want {
				t.Errorf("%s is %q, want %q", key, form.Get(key), want)
			}
		}
		if len(sub.ID) < 32 || len(sub.Secret) < 32 || len(sub.Secret) >= 200 || strings.Contains(sub.ID, sub.Secret) {
			t.Errorf("id %q, secret %q", sub.ID, sub.Secret)
		}
		time.Sleep(time.Minute)
		h.lease = "86400"
		if status, body := h.confirm(form, "xyz<&>"); status != 200 || body != "xyz<&>" {
			t.Fatalf("%d %q", status, body)
		}
		sub = m.only(t)
		if sub.State != Active || sub.Lease != 24*time.Hour || !sub.Renew.Equal(start.Add(time.Minute+16*time.Hour)) || !sub.Alive(time.Now()) {
			t.Errorf("%+v", sub)
		}
		body := []byte("<feed/>")
		if status := h.push(form.Get("hub.callback"), body, sign(sub.Secret, body)); status != http.StatusAccepted {
			t.Errorf("push: %d", status)
		}
		if len(*got) != 1 || string((*got)[0].Body) != "<feed/>" || (*got)[0].ContentType != "application/atom+xml" || (*got)[0].Method != SHA512 || (*got)[0].Subscription.Source != "src" {
			t.Errorf("%+v", *got)
		}
		if sub = m.only(t); !sub.LastPush.Equal(time.Now()) || sub.WeakHash {
			t.Errorf("%+v", sub)
		}
		// Not before two thirds of the lease, then with the same callback and secret.
		time.Sleep(16*time.Hour - time.Second)
		if n, err := s.Renew(t.Context()); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		time.Sleep(time.Second)
		if n, err := s.Renew(t.Context()); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if again := h.asked[1]; again.Encode() != form.Encode() {
			t.Errorf("renewed with %v", again)
		}
		if n, _ := s.Renew(t.Context()); n != 0 {
			t.Error("asked twice")
		}
		h.confirm(h.asked[1], "c2")
		if sub = m.only(t); !sub.Renew.Equal(time.Now().Add(16*time.Hour)) || sub.Failures != 0 {
			t.Errorf("%+v", sub)
		}
		if err := s.Unsubscribe(t.Context(), sub.ID); err != nil {
			t.Fatal(err)
		}
		if h.asked[2].Get("hub.mode") != "unsubscribe" || h.asked[2].Has("hub.secret") {
			t.Errorf("%v", h.asked[2])
		}
		if status := h.push(form.Get("hub.callback"), body, sign(sub.Secret, body)); status != http.StatusGone || len(*got) != 1 {
			t.Errorf("a push after the end: %d", status)
		}
		if status, body := h.confirm(h.asked[2], "bye"); status != 200 || body != "bye" || len(m.subs) != 0 {
			t.Errorf("%d %q, %d left", status, body, len(m.subs))
		}
		if status := h.push(form.Get("hub.callback"), body, sign(sub.Secret, body)); status != http.StatusGone {
			t.Errorf("a push to nobody: %d", status)
		}
	})
}

func TestVerificationRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, _ := setup(t)
		sub, err := s.Subscribe(t.Context(), "src", topic, hubURL)
		if err != nil {
			t.Fatal(err)
		}
		callback := h.asked[0].Get("hub.callback")
		ask := func(mode, topic, challenge string) url.Values {
			return url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {challenge}}
		}
		for name, tt := range map[string]struct {
			callback string
			q        url.Values
		}{
			"another topic":           {callback, ask("subscribe", topic+"/", "c")},
			"unsubscribe, not wanted": {callback, ask("unsubscribe", topic, "c")},
			"no challenge":            {callback, ask("subscribe", topic, "")},
			"a huge challenge":        {callback, ask("subscribe", topic, strings.Repeat("c", 5000))},
			"no mode":                 {callback, ask("", topic, "c")},
			"another id":              {callback + "0", ask("subscribe", topic, "c")},
			"no id":                   {"https://reader.example/websub/", ask("subscribe", topic, "c")},
			"denied, another topic":   {callback, ask("denied", "x", "c")},
		} {
			if status, body := h.get(tt.callback, tt.q); status != http.StatusNotFound || strings.Contains(body, "cc") {
				t.Errorf("%s: %d %q", name, status, body)
			}
		}
		if sub = m.only(t); sub.State != Pending {
			t.Errorf("%+v", sub)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodHead, callback, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("HEAD: %d", w.Code)
		}
		m.err = errors.New("disk full")
		if status, _ := h.get(callback, ask("subscribe", topic, "c")); status != http.StatusServiceUnavailable {
			t.Errorf("store down: %d", status)
		}
		if status := h.push(callback, nil, nil); status != http.StatusServiceUnavailable {
			t.Errorf("store down: %d", status)
		}
	})
}

func TestDenied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, _ := setup(t)
		sub, _ := s.Subscribe(t.Context(), "src", topic, hubURL)
		h.confirm(h.asked[0], "c")
		q := url.Values{"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.reason": {"no\r\nmore " + strings.Repeat("ö", 300)}, "hub.challenge": {"<x>"}}
		if status, body := h.get(h.asked[0].Get("hub.callback"), q); status != 200 || body != "" {
			t.Errorf("%d %q", status, body)
		}
		if sub = m.only(t); sub.State != Denied || sub.Alive(time.Now()) || !strings.HasPrefix(sub.Error, "the hub denied it: no more ö") || len(sub.Error) > 330 {
			t.Errorf("%+v", sub)
		}
		time.Sleep(100 * 24 * time.Hour)
		if n, _ := s.Renew(t.Context()); n != 0 {
			t.Error("asked again")
		}
	})
}

func TestLeases(t *testing.T) {
	t.Parallel()
	for granted, want := range map[string]time.Duration{
		"": 10 * 24 * time.Hour, "0": 10 * 24 * time.Hour, "-1": 10 * 24 * time.Hour, "x": 10 * 24 * time.Hour,
		"1": minLease, "3600": time.Hour, "31536000": maxLease, "9223372036854775807": maxLease, "99999999999999999999": 10 * 24 * time.Hour,
	} {
		synctest.Test(t, func(t *testing.T) {
			s, h, m, _ := setup(t)
			h.lease, h.verify = granted, true // verified while the hub answers
			sub, err := s.Subscribe(t.Context(), "src", topic, hubURL)
			if err != nil || sub.State != Active || sub.Lease != want {
				t.Errorf("%q: %+v, %v", granted, sub, err)
			}
			if stored := m.only(t); !stored.Renew.Equal(time.Now().Add(want * 2 / 3)) {
				t.Errorf("%q: %+v", granted, stored)
			}
		})
	}
}

// Pushes that nobody signed are thanked for and thrown away.
func TestForgedPushes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, got := setup(t)
		_, _ = s.Subscribe(t.Context(), "src", topic, hubURL)
		h.confirm(h.asked[0], "c")
		sub, callback, body := m.only(t), h.asked[0].Get("hub.callback"), []byte("<feed/>")
		good := sign(sub.Secret, body).Get("X-Hub-Signature")
		for name, signature := range map[string]string{
			"none": "", "wrong": "sha256=" + strings.Repeat("0", 64), "other secret": sign("x", body).Get("X-Hub-Signature"),
			"other method": strings.Replace(good, "sha512", "sha256", 1), "unknown method": strings.Replace(good, "sha512", "md5", 1),
			"cut": good[:len(good)-2], "not hex": "sha1=zz", "no method": good[7:], "empty": "sha512=",
		} {
			if status := h.push(callback, body, http.Header{"X-Hub-Signature": {signature}}); status != http.StatusAccepted {
				t.Errorf("%s: %d", name, status)
			}
		}
		if status := h.push(callback, []byte("<feed>"), sign(sub.Secret, body)); status != http.StatusAccepted {
			t.Errorf("changed body: %d", status)
		}
		if len(*got) > 0 {
			t.Errorf("delivered %+v", *got)
		}
		if sub = m.only(t); !strings.Contains(sub.Error, "signature") || !sub.LastPush.IsZero() {
			t.Errorf("%+v", sub)
		}
		if status := h.push(callback, body, sign(sub.Secret, body)); status != http.StatusAccepted || len(*got) != 1 || m.only(t).Error != "" {
			t.Errorf("the good one: %d", status)
		}
	})
}

func TestPushes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full := false
		s, h, m, got := setup(t, func(o *Options) {
			o.MaxBody = 1000
			deliver := o.Deliver
			o.Deliver = func(ctx context.Context, d Delivery) error {
				if full {
					return errors.New("full")
				}
				return deliver(ctx, d)
			}
		})
		_, _ = s.Subscribe(t.Context(), "src", topic, hubURL)
		sub, callback, body := m.only(t), h.asked[0].Get("hub.callback"), []byte("<feed/>")
		if status := h.push(callback, body, sign(sub.Secret, body)); status != http.StatusAccepted || len(*got) != 1 {
			t.Errorf("before its verification: %d", status)
		}
		h.confirm(h.asked[0], "c")
		packed := sign(sub.Secret, body)
		packed.Set("Content-Encoding", "gzip")
		if status := h.push(callback, body, packed); status != http.StatusAccepted || len(*got) != 2 || (*got)[1].Body != nil {
			t.Errorf("compressed: %d, %+v", status, *got)
		}
		large := bytes.Repeat([]byte("x"), 1001)
		if status := h.push(callback, large, sign(sub.Secret, large)); status != http.StatusRequestEntityTooLarge || len(*got) != 2 {
			t.Errorf("too large: %d", status)
		}
		full = true
		if status := h.push(callback, body, sign(sub.Secret, body)); status != http.StatusServiceUnavailable {
			t.Errorf("full: %d", status)
		}
		full = false
		r := httptest.NewRequest(http.MethodPost, callback, io.MultiReader(strings.NewReader("x"), broken{}))
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != http.StatusBadRequest {
			t.Errorf("broken: %d", w.Code)
		}
		time.Sleep(10 * 24 * time.Hour)
		if status := h.push(callback, body, sign(sub.Secret, body)); status != http.StatusGone || len(*got) != 2 {
			t.Errorf("after the lease: %d", status)
		}
	})
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the wire is cut") }

// A hub that refuses, is down or does not verify is asked again, ever more
// seldom, and what it says is kept for people.
func TestHubTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, _ := setup(t)
		answers := []struct {
			status int
			header http.Header
			body   string
			reason string
			again  time.Duration
		}{
			{0, nil, "", "could not be reached", time.Hour},
			{400, nil, "bad\ntopic", "400 Bad Request: bad topic", 2 * time.Hour},
			{500, http.Header{"Content-Type": {"text/html"}}, "<h1>oops", "500 Internal Server Error", 4 * time.Hour},
			{503, http.Header{"Retry-After": {"36000"}}, "", "503", 10 * time.Hour},
			{429, http.Header{"Retry-After": {strconv.Itoa(1 << 40)}}, "", "429", 7 * 24 * time.Hour},
			{202, nil, "", "", 24 * time.Hour}, // and it never verifies
			{404, nil, "you said SECRET", "you said ***", 24 * time.Hour},
		}
		i := 0
		h.answer = func(*http.Request) (int, http.Header, string) {
			a := answers[i]
			body := a.body
			if len(h.asked) > 0 {
				body = strings.ReplaceAll(body, "SECRET", h.asked[0].Get("hub.secret"))
			}
			return a.status, a.header, body
		}
		for i = range answers {
			var err error
			if i == 0 {
				_, err = s.Subscribe(t.Context(), "src", topic, hubURL)
			} else {
				var n int
				if n, err = s.Renew(t.Context()); n != 1 {
					t.Fatalf("answer %d: %d asked", i, n)
				}
			}
			sub, a := m.only(t), answers[i]
			if (err != nil) != (a.reason != "") || err != nil && !strings.Contains(err.Error(), a.reason) || !strings.Contains(sub.Error, a.reason) {
				t.Errorf("answer %d: %v, stored %q, want %q", i, err, sub.Error, a.reason)
			}
			if err != nil && strings.Contains(err.Error(), sub.Secret) {
				t.Errorf("answer %d: the error tells the secret", i)
			}
			if got := time.Until(sub.Renew); got != a.again || sub.State != Pending {
				t.Errorf("answer %d: again in %s, want %s; %s", i, got, a.again, sub.State)
			}
			time.Sleep(a.again)
		}
	})
}

func TestHubRedirects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, _ := setup(t)
		move := func(status int, to string) (int, http.Header, string) {
			return status, http.Header{"Location": {to}}, ""
		}
		h.answer = func(r *http.Request) (int, http.Header, string) {
			switch r.URL.Path {
			case "/moved":
				return move(308, "/there")
			case "/plain":
				return move(307, "http://hub.example/there")
			case "/loop":
				return move(307, "/loop")
			case "/found":
				return move(302, "/there")
			case "/file":
				return move(307, "file:///etc/passwd")
			}
			return 202, nil, ""
		}
		for path, want := range map[string]string{"moved": "", "plain": "https to http", "loop": "too often", "found": "302", "file": "307"} {
			h.targets = nil
			_, err := s.Subscribe(t.Context(), "src", topic, hubURL+path)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v", path, err)
			}
			for _, target := range h.targets {
				if !strings.HasPrefix(target, "https://hub.example/") {
					t.Errorf("%s: asked %s", path, target)
				}
			}
		}
		if len(m.subs) != 5 {
			t.Errorf("%d stored", len(m.subs))
		}
	})
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, _ := setup(t)
		// One that was never granted is forgotten at once.
		sub, _ := s.Subscribe(t.Context(), "a", topic, hubURL)
		if err := s.Unsubscribe(t.Context(), sub.ID); err != nil || len(m.subs) != 0 || len(h.asked) != 1 {
			t.Errorf("%v, %d left, %d asked", err, len(m.subs), len(h.asked))
		}
		if err := s.Unsubscribe(t.Context(), sub.ID); !errors.Is(err, ErrUnknown) {
			t.Error(err)
		}
		// A hub that does not verify the end is asked again until the lease is over.
		sub, _ = s.Subscribe(t.Context(), "b", topic, hubURL)
		h.confirm(h.asked[1], "c")
		if err := s.Unsubscribe(t.Context(), sub.ID); err != nil {
			t.Fatal(err)
		}
		if status, _ := h.confirm(h.asked[1], "c"); status != http.StatusNotFound {
			t.Errorf("a subscription that we no longer want was verified: %d", status)
		}
		for range 100 {
			time.Sleep(24 * time.Hour)
			if _, err := s.Renew(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(m.subs) != 0 || h.asked[len(h.asked)-1].Get("hub.mode") != "unsubscribe" || len(h.asked) > 20 {
			t.Errorf("%d left, %d asked", len(m.subs), len(h.asked))
		}
	})
}

func TestRenewMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, h, m, _ := setup(t)
		h.verify = true
		for range 250 {
			if _, err := s.Subscribe(t.Context(), "src", topic, hubURL); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(7 * 24 * time.Hour)
		if n, err := s.Renew(t.Context()); n != 250 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		time.Sleep(7 * 24 * time.Hour)
		m.err = errors.New("disk full")
		if n, err := s.Renew(t.Context()); n > 1 || err == nil {
			t.Errorf("%d, %v", n, err)
		}
		m.err = nil
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if n, err := s.Renew(ctx); n != 0 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestSubscribeErrors(t *testing.T) {
	t.Parallel()
	s, h, m, _ := setup(t, func(o *Options) { o.Random = strings.NewReader(strings.Repeat("x", 48)) })
	for _, pair := range [][2]string{{"ftp://x/", hubURL}, {topic, "javascript:x"}, {topic, "https://u:p@hub.example/"}, {"", ""}} {
		if _, err := s.Subscribe(t.Context(), "src", pair[0], pair[1]); err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: %v", pair, err)
		}
	}
	if _, err := s.Subscribe(t.Context(), "src", topic, hubURL); err != nil {
		t.Error(err)
	}
	if _, err := s.Subscribe(t.Context(), "src", topic, hubURL); err == nil || len(m.subs) != 1 || len(h.asked) != 1 {
		t.Error("it went on without random bytes")
	}
	m.err = errors.New("disk full")
	s.opt.Random = rand.Reader
	if _, err := s.Subscribe(t.Context(), "src", topic, hubURL); err == nil || len(h.asked) != 1 {
		t.Error("the hub was asked for what was not stored")
	}
	for _, callback := range []string{"", "/websub", "ftp://x/", "https://x/?a=b", "https://x/#y"} {
		if _, err := New(Options{Callback: callback, HTTP: h, Store: m, Deliver: s.opt.Deliver, Random: rand.Reader}); err == nil {
			t.Errorf("callback %q was taken", callback)
		}
	}
	if _, err := New(Options{Callback: "https://x/"}); err == nil {
		t.Error("nothing but a callback was taken")
	}
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	const fetched = "https://news.example/feed?x=1"
	one, two := "https://hub.example/", "https://hub2.example/"
	tests := []struct {
		name         string
		header, body Links
		topic        string
		hubs         []string
	}{
		{"nothing", Links{}, Links{}, "", nil},
		{"self alone", Links{Self: topic}, Links{Self: topic}, "", nil},
		{"header", Links{Hubs: []string{one}, Self: topic}, Links{}, topic, []string{one}},
		{"body", Links{}, Links{Hubs: []string{one}, Self: topic}, topic, []string{one}},
		{"header first", Links{Hubs: []string{one}, Self: topic}, Links{Hubs: []string{two}, Self: topic + "2"}, topic, []string{one}},
		{"body's pair before the header's self", Links{Self: topic + "2"}, Links{Hubs: []string{one}, Self: topic}, topic, []string{one}},
		{"hub and self apart", Links{Hubs: []string{one}}, Links{Self: topic}, topic, []string{one}},
		{"no self at all", Links{Hubs: []string{one}}, Links{}, fetched, []string{one}},
		{"self that is no address", Links{Hubs: []string{one}, Self: "urn:x"}, Links{}, fetched, []string{one}},
		{"several, https first, doubles", Links{Hubs: []string{"http://a.example/", one, one, "ftp://x/", "//y", two}, Self: topic}, Links{}, topic, []string{one, two, "http://a.example/"}},
		{"many", Links{Hubs: []string{one + "1", one + "2", one + "3", one + "4", one + "5"}, Self: topic}, Links{}, topic, []string{one + "1", one + "2", one + "3", one + "4"}},
	}
	for _, tt := range tests {
		if topic, hubs := Discover(fetched, tt.header, tt.body); topic != tt.topic || !slices.Equal(hubs, tt.hubs) {
			t.Errorf("%s: %q %q, want %q %q", tt.name, topic, hubs, tt.topic, tt.hubs)
		}
	}
}

// The digests are those of Python's hmac module for the key "key" and the body
// "The quick brown fox jumps over the lazy dog".
func TestVerify(t *testing.T) {
	t.Parallel()
	body := []byte("The quick brown fox jumps over the lazy dog")
	for signature, want := range map[string]Method{
		"sha1=de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9":                                                                                           SHA1,
		"sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8":                                                                 SHA256,
		" SHA256 = F7BC83F430538424B13298E6AA6FB143EF4D59A14946175997479DBC2D1A3CD8 ":                                                             SHA256,
		"sha384=d7f4727e2c0b39ae0f1e40cc96f60242d5b7801841cea6fc592c5d3e1ae50700582a96cf35e1e554995fe4e03381c237":                                 SHA384,
		"sha512=b42af09057bac1e2d41708e48a902e09b5ff7f12ab428a4fe86653c73dd248fb82f948a549f7b791a5b41915ee4d1ec3935357e4e2317250d0372afa2ebeeb3a": SHA512,
		"sha224=88ff8b54675d39b8f72322e65ff945c52d96379988ada25639747e69":                                                                         "",
		"": "",
	} {
		if got, err := Verify("key", signature, body); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", signature, got, err)
		}
	}
	if _, err := Verify("", "sha1=fbdb1d1b18aa6c08324b7d64b71fb76370690e1d", nil); err == nil {
		t.Error("an empty secret was taken")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("sha1=de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9", []byte("x"))
	f.Add("sha512=", []byte{})
	f.Fuzz(func(t *testing.T, signature string, body []byte) {
		if _, err := Verify("a secret that nobody knows", signature, body); err == nil {
			t.Fatalf("%q was taken for a signature of %q", signature, body)
		}
	})
}

func FuzzCallback(f *testing.F) {
	f.Add("GET", "hub.mode=subscribe&hub.topic=https%3A%2F%2Fnews.example%2Ffeed&hub.challenge=c&hub.lease_seconds=9", "")
	f.Add("POST", "", "<feed/>")
	f.Fuzz(func(t *testing.T, method, query, body string) {
		m := &memory{subs: map[string]Subscription{"id": {ID: "id", Topic: topic, Secret: "s3", State: Pending}}}
		s := &Subscriber{Options{Store: m, Now: time.Now, Lease: time.Hour, MaxBody: 100, Deliver: func(context.Context, Delivery) error {
			t.Error("delivered")
			return nil
		}}}
		r := &http.Request{Method: method, URL: &url.URL{Path: "/websub/id", RawQuery: query}, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if sub := m.subs["id"]; sub.Expires.Sub(time.Now()) > maxLease || strings.Contains(w.Body.String(), "s3") && !strings.Contains(query, "s3") {
			t.Fatalf("%+v, %s", sub, w.Body)
		}
	})
}
