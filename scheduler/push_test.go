package scheduler

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/sources/websub"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// testHub is a hub as WebSub describes one, for one topic.
type testHub struct {
	*httptest.Server
	t  *testing.T
	mu sync.Mutex

	callback, topic, secret string
	verified                int
}

func newTestHub(t *testing.T) *testHub {
	h := &testHub{t: t}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		h.mu.Lock()
		h.callback, h.topic, h.secret = r.Form.Get("hub.callback"), r.Form.Get("hub.topic"), r.Form.Get("hub.secret")
		h.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
		go h.verify(r.Form.Get("hub.mode"))
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *testHub) verify(mode string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := url.Values{"hub.mode": {mode}, "hub.topic": {h.topic}, "hub.challenge": {"c-1"}, "hub.lease_seconds": {"86400"}}
	resp, err := http.Get(h.callback + "?" + q.Encode())
	if err != nil {
		return // the test is over
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode == 200 && string(body) == "c-1" {
		h.verified++
	}
}

func (h *testHub) verifications() int { h.mu.Lock(); defer h.mu.Unlock(); return h.verified }

// push delivers a document, signed with key.
func (h *testHub) push(body, key string) int {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if key == "" {
		key = h.secret
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	r, err := http.NewRequest(http.MethodPost, h.callback, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/rss+xml")
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestPush: a source that names a hub is subscribed to, what the hub pushes is
// stored through the same pipeline within moments, strangers' pushes are not,
// polling slows down once pushes have proved themselves, and is back when the
// hub has kept something to itself.
func TestPush(t *testing.T) {
	t.Parallel()
	hub, up := newTestHub(t), newUpstream(t)
	document := func(numbers ...int) string {
		return strings.Replace(feedOf(numbers...), "<title>Test wire", `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="`+hub.URL+`/hub"/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="`+up.URL+`/feed"/><title>Test wire`, 1)
	}
	up.set(ok(document(1), `"1"`))
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	x := newTestPoller(t, up.URL+"/feed")
	x.p.Now, x.p.Complete = time.Now, s.Complete
	if err := s.Sync(t.Context(), []store.Source{{ID: "wire", Host: x.src.Host(), Republish: article.Full}}); err != nil {
		t.Fatal(err)
	}
	var push *Pusher
	sched := New(Options{Store: s, Poll: x.p.Poll, Name: "test", Pace: time.Millisecond, Saved: func(e Event) { push.Polled(e) }, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	sched.SetSources([]*Source{x.src})
	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { push.ServeHTTP(w, r) }))
	defer callback.Close()
	push, err = NewPusher(PushOptions{Scheduler: sched, Poller: x.p, Store: s, Callback: callback.URL + "/websub", HTTP: x.p.Client.RoundTripper(), Now: time.Now, Log: sched.Log})
	if err != nil {
		t.Fatal(err)
	}
	x.p.Pushed = push.Trusted
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = sched.Run(ctx) })
	wg.Go(func() { _ = push.Run(ctx) })
	defer wg.Wait()
	defer cancel()

	stored := func(n int) func() bool {
		return func() bool {
			list, err := s.Select(ctx, article.Query{})
			return err == nil && len(list) == n
		}
	}
	until(t, "the hub verified", func() bool { return hub.verifications() == 1 })
	if hub.topic != up.URL+"/feed" || !strings.HasPrefix(hub.callback, callback.URL+"/websub/") || len(hub.secret) < 32 {
		t.Errorf("asked for %q with callback %q", hub.topic, hub.callback)
	}
	if code := hub.push(document(2, 1), ""); code/100 != 2 {
		t.Errorf("push: %d", code)
	}
	until(t, "the pushed item stored", stored(2))
	if code := hub.push(document(66, 2, 1), "somebody else's secret"); code/100 != 2 {
		t.Errorf("push with a wrong signature: %d", code)
	}
	if code := hub.push("neither a feed nor anything", ""); code/100 != 2 {
		t.Errorf("push of rubbish: %d", code)
	}
	until(t, "after rubbish the source is asked", func() bool { up.mu.Lock(); defer up.mu.Unlock(); return len(up.asked) > 1 })
	hub.push(document(3, 2, 1), "")
	until(t, "another one stored", stored(3))

	st, err := s.State(ctx, "wire")
	if err != nil || st.ETag != `"1"` {
		t.Fatalf("a push touched the validators: %q %v", st.ETag, err)
	}
	if !push.Trusted(ctx, &st) {
		t.Error("pushes arrive, and are not trusted")
	}
	up.set(ok(document(3, 2, 1), `"1"`))
	if err := sched.Refresh(ctx, []string{"wire"}, true, func(s Skip) { t.Errorf("skipped: %+v", s) }); err != nil {
		t.Fatal(err)
	}
	if st, _ = s.State(ctx, "wire"); st.Detail.Why != "changes are pushed" || st.Interval < 23*time.Hour {
		t.Errorf("next poll in %s: %s", st.Interval, st.Detail.Why)
	}
	up.set(ok(document(4, 3, 2, 1), `"2"`)) // the hub says nothing of this one
	for range 2 {
		if err := sched.Refresh(ctx, []string{"wire"}, true, func(s Skip) { t.Errorf("skipped: %+v", s) }); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the poll's item stored", stored(4))
	if st, _ = s.State(ctx, "wire"); push.Trusted(ctx, &st) || st.Detail.Why == "changes are pushed" {
		t.Errorf("a hub that keeps things to itself is trusted: %s", st.Detail.Why)
	}
	up.set(ok(feedOf(4, 3, 2, 1), `"3"`)) // no hub any more
	if err := sched.Refresh(ctx, []string{"wire"}, true, func(s Skip) { t.Errorf("skipped: %+v", s) }); err != nil {
		t.Fatal(err)
	}
	until(t, "unsubscribed", func() bool {
		docs, err := s.Documents(ctx, kindSubscription, "", "", 10)
		return err == nil && len(docs) == 0
	})
}

// TestPushIsBounded: pushes that nobody takes in are refused, so that the hub
// comes again.
func TestPushIsBounded(t *testing.T) {
	t.Parallel()
	x := newTestPoller(t, "http://127.0.0.1:1/")
	p, err := NewPusher(PushOptions{Poller: x.p, Callback: "http://127.0.0.1/websub", HTTP: x.p.Client.RoundTripper(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, 10<<20)
	n := 0
	for ; n < 100; n++ {
		if p.deliver(t.Context(), delivery(body)) != nil {
			break
		}
	}
	if n != maxPushBytes/len(body) {
		t.Errorf("%d pushes of 10 MiB wait", n)
	}
	small, _ := NewPusher(p.PushOptions)
	for n = 0; small.deliver(t.Context(), delivery(nil)) == nil; n++ {
	}
	if n != maxPushes {
		t.Error(fmt.Sprint(n), "small pushes wait")
	}
}

func delivery(body []byte) websub.Delivery { return websub.Delivery{Body: body} }
