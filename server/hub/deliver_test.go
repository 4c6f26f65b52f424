package hub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestDelivery(t *testing.T) {
	for _, k := range []struct {
		name   string
		change func(*Options)
		body   string
		method string
		hash   func() hash.Hash
	}{
		{"whole", nil, "two", "sha256", sha256.New},
		{"whole, signed for old subscribers", func(o *Options) { o.SHA1 = true }, "two", "sha1", sha1.New},
		{"new entries only", func(o *Options) { o.Part = true }, "since tag of one", "sha256", sha256.New},
	} {
		t.Run(k.name, func(t *testing.T) {
			inRoom(t, k.change, func(t *testing.T, r *room) {
				s, plain := r.subscriber("reader.example"), r.subscriber("plain.example")
				r.subscribe("https://reader.example/in?id=7", "secret", "a secret of ours")
				r.subscribe("http://plain.example/")
				begun := time.Now()
				r.publish("two")
				r.wantTexts(s, k.body)
				r.wantTexts(plain, k.body)
				if took := s.times[0].Sub(begun); took > time.Second {
					t.Errorf("delivered after %s", took)
				}
				got := s.got[0]
				mac := hmac.New(k.hash, []byte("a secret of ours"))
				mac.Write([]byte(k.body))
				for name, want := range map[string]string{
					"X-Hub-Signature": fmt.Sprintf("%s=%x", k.method, mac.Sum(nil)),
					"Content-Type":    "application/atom+xml; charset=utf-8",
					"Link":            `<` + self + `>; rel="hub", <` + topic + `>; rel="self"`,
					"User-Agent":      "Test/1",
				} {
					if got.Header.Get(name) != want {
						t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
					}
				}
				if got.URL.RawQuery != "id=7" {
					t.Errorf("delivered to %s", got.URL)
				}
				if got := plain.got[0].Header.Get("X-Hub-Signature"); got != "" {
					t.Errorf("signed without a secret: %s", got)
				}
				r.pass(time.Hour)
				if n := len(s.texts()); n != 1 {
					t.Errorf("delivered %d times", n)
				}
				sub := r.subs()
				if log := sub[0].Log; len(log) != 1 || log[0].Status != 200 || log[0].Bytes != len(k.body) {
					t.Errorf("log %+v", log)
				}
			})
		})
	}
}

func TestGone(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in")
		s.set(func(s *reader) { s.status = 410 })
		r.publish("two")
		r.wantSubs(0)
		r.publish("three")
		r.wantTexts(s, "two")
	})
}

// TestRetries: a callback that fails gets the newest version, ever more seldom,
// for a day; then each new version is tried once, until the lease ends.
func TestRetries(t *testing.T) {
	for name, set := range map[string]func(*reader){
		"broken":    func(s *reader) { s.status = 500 },
		"redirects": func(s *reader) { s.status, s.header = 307, http.Header{"Location": {"https://reader.example/other"}} },
		"not there": func(s *reader) { s.status = 404 },
	} {
		t.Run(name, func(t *testing.T) {
			inRoom(t, nil, func(t *testing.T, r *room) {
				s := r.subscriber("reader.example")
				r.subscribe("https://reader.example/in")
				s.set(set)
				begun := time.Now()
				r.publish("two")
				r.pass(3 * time.Minute)
				r.publish("three")
				r.pass(30 * time.Hour)
				texts := s.texts()
				if n := len(texts); n < 6 || n > 14 || texts[0] != "two" || texts[n-1] != "three" {
					t.Fatalf("tried %d times: %q", n, texts)
				}
				for i := 1; i < len(s.times); i++ {
					if d := s.times[i].Sub(s.times[i-1]); i > 2 && d < time.Minute || d > patience {
						t.Errorf("try %d came %s after the one before", i, d)
					}
				}
				last := s.times[len(s.times)-1]
				if last.Sub(begun) > patience+mostPause*5/4 {
					t.Errorf("still tried after %s", last.Sub(begun))
				}
				tried := len(texts)
				r.publish("four")
				r.pass(2 * time.Hour)
				if texts = s.texts(); len(texts) != tried+1 || texts[tried] != "four" {
					t.Errorf("a later version was tried %q", texts[tried:])
				}
				s.set(func(s *reader) { s.status = 0 })
				r.publish("five")
				r.pass(2 * time.Hour)
				if texts = s.texts(); texts[len(texts)-1] != "five" {
					t.Errorf("after it was mended: %q", texts[tried:])
				}
				if sub := r.subs()[0]; sub.Failures != 0 || !sub.Next.IsZero() || len(sub.Log) > logLen {
					t.Errorf("mended: %+v", sub)
				}
			})
		})
	}
}

func TestRetryAfter(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in")
		s.set(func(s *reader) { s.status, s.header = 503, http.Header{"Retry-After": {"3600"}} })
		r.publish("two")
		r.pass(59 * time.Minute)
		r.wantTexts(s, "two")
		s.set(func(s *reader) { s.status = 0 })
		r.pass(2 * time.Minute)
		r.wantTexts(s, "two", "two")
		now := time.Now()
		for in, want := range map[string]time.Duration{
			"": 0, "soon": 0, "-4": 0, " 20 ": 20 * time.Second, now.Add(time.Minute).UTC().Format(http.TimeFormat): time.Minute,
		} {
			if got := retryAfter(in, now.Truncate(time.Second)); got != want {
				t.Errorf("%q: %s, want %s", in, got, want)
			}
		}
	})
}

// TestDeadDelayNobody: hundreds of callbacks that never answer, and one that
// does, first on hosts of their own, then on its own host.
func TestDeadDelayNobody(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		for i := range 100 {
			host := fmt.Sprintf("dead%d.example", i)
			s := r.subscriber(host)
			r.subscribe("https://" + host + "/")
			s.set(func(s *reader) { s.patience = time.Hour })
		}
		s := r.subscriber("alive.example")
		r.subscribe("https://alive.example/")
		for i := range 10 {
			text := fmt.Sprint("version ", i)
			begun := time.Now()
			r.publish(text)
			r.pass(time.Second)
			texts := s.texts()
			if len(texts) != i+1 || texts[i] != text || s.times[i].Sub(begun) > time.Second {
				t.Fatalf("version %d: %q", i, texts)
			}
			r.pass(time.Duration(i) * 15 * time.Second)
		}
		r.wires.mu.Lock()
		defer r.wires.mu.Unlock()
		if r.wires.most > r.hub.Limits.RunningHost {
			t.Errorf("%d exchanges at once with one host", r.wires.most)
		}
	})
}

// TestHostDown: where a host refuses connections, its other subscriptions wait
// without an attempt of their own.
func TestHostDown(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		for i := range 50 {
			r.subscribe(fmt.Sprint("https://reader.example/", i))
		}
		r.wires.mu.Lock()
		delete(r.wires.hosts, "reader.example")
		r.wires.mu.Unlock()
		r.publish("two")
		r.pass(5 * time.Second)
		attempts := 0
		for _, sub := range r.subs() {
			attempts += len(sub.Log)
		}
		if attempts == 0 || attempts > 10 {
			t.Errorf("%d attempts, want those of one batch", attempts)
		}
		r.wires.mu.Lock()
		r.wires.hosts["reader.example"] = s
		r.wires.mu.Unlock()
		r.pass(2 * time.Minute)
		if n := len(s.texts()); n != 50 {
			t.Errorf("%d deliveries once it was up again, want 50", n)
		}
		if r.wires.most > r.hub.Limits.RunningHost {
			t.Errorf("%d exchanges at once with one host", r.wires.most)
		}
	})
}

// TestHardKill leaves a hub's state as a killed process does: a claim that nobody
// will finish, and a change that nobody was told of.
func TestHardKill(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s, held := r.subscriber("reader.example"), r.subscriber("held.example")
		r.subscribe("https://reader.example/")
		r.subscribe("https://held.example/")
		held.set(func(s *reader) { s.patience = 9 * time.Second })
		r.publish("two") // it is being delivered to held when the process is killed
		frozen := newShelf()
		r.shelf.mu.Lock()
		for name, d := range r.shelf.docs {
			frozen.docs[name] = d
		}
		r.shelf.mu.Unlock()
		r.stop()
		r.shelf = frozen
		r.board.put(topic, "three")
		held.set(func(s *reader) { s.patience, s.bodies = 0, nil })
		r.hub, r.stop = r.open(nil)
		r.pass(time.Second)
		r.wantTexts(s, "two", "three")
		r.pass(lease)
		r.wantTexts(held, "three")
		r.wantSubs(2)
	})
}

// TestReplicas: of several hubs on one store one delivers, and one that lags
// behind sends nothing old.
func TestReplicas(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		var all []*reader
		for i := range 60 {
			host := fmt.Sprintf("r%d.example", i)
			all = append(all, r.subscriber(host))
			r.subscribe("https://" + host + "/")
		}
		_, stop2 := r.open(nil)
		_, stop3 := r.open(nil)
		late := &board{topics: map[string]Topic{}}
		late.put(topic, "one")
		_, stop4 := r.open(func(o *Options) { o.Feeds = late })
		synctest.Wait()
		var want []string
		for i := range 10 {
			want = append(want, fmt.Sprint("version ", i))
			r.publish(want[i])
			r.pass(time.Second)
		}
		for i, s := range all {
			if got := s.texts(); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("subscriber %d got %q", i, got)
			}
		}
		stop2()
		stop3()
		stop4()
	})
}

// TestDenied: a topic that is taken away ends its subscriptions after a while,
// unless it comes back.
func TestDenied(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in", "lease_seconds", "864000")
		r.publish("")
		r.pass(missing - 10*time.Minute)
		r.wantSubs(1)
		r.publish("two")
		r.pass(missing)
		r.wantSubs(1)
		r.wantTexts(s, "two")
		r.publish("")
		r.pass(missing + 10*time.Minute)
		r.wantSubs(0)
		q := s.asked[len(s.asked)-1]
		if q.Get("hub.mode") != "denied" || q.Get("hub.topic") != topic || q.Get("hub.reason") == "" || q.Has("hub.challenge") {
			t.Errorf("told %v", q)
		}
		if docs, err := r.shelf.Documents(t.Context(), "hub", "", "", 10); err != nil || len(docs) != 0 {
			t.Errorf("left: %d documents, %v", len(docs), err)
		}
	})
}

// TestExternal pings another hub with each change, once for all replicas, and
// again where it failed.
func TestExternal(t *testing.T) {
	external := func(o *Options) { o.External = "https://hub.example/push" }
	inRoom(t, external, func(t *testing.T, r *room) {
		r.pass(2 * time.Minute) // nothing listens yet: the first ping is tried again
		s := r.subscriber("hub.example")
		r.pass(time.Hour)
		_, stop := r.open(external)
		synctest.Wait()
		r.publish("two")
		s.set(func(s *reader) { s.status = 410 }) // a hub that is broken in its own way
		r.publish("three")
		s.set(func(s *reader) { s.status = 0 })
		r.pass(time.Hour)
		r.publish("three") // no change
		texts := s.texts()
		if len(texts) != 4 {
			t.Fatalf("pinged %d times: %q", len(texts), texts)
		}
		for i, text := range texts {
			if want := "hub.mode=publish&hub.topic=https%3A%2F%2Fnews.example%2Ffeeds%2Fall.atom&hub.url=https%3A%2F%2Fnews.example%2Ffeeds%2Fall.atom"; text != want {
				t.Errorf("pinged with %s", text)
			}
			if ct := s.got[i].Header.Get("Content-Type"); ct != "application/x-www-form-urlencoded" {
				t.Errorf("pinged as %s", ct)
			}
		}
		stop()
		other := r.subscriber("other.example")
		_, stop = r.open(func(o *Options) { o.External = "https://other.example/push" })
		synctest.Wait()
		if n := len(other.texts()); n != 1 || len(s.texts()) != 4 {
			t.Errorf("another hub was pinged %d times at first, the one before %d", n, len(s.texts()))
		}
		stop()
		r.publish("")
		r.pass(lookEvery)
		r.pass(missing + 10*time.Minute)
		if docs, err := r.shelf.Documents(t.Context(), "ping", "", "", 10); err != nil || len(docs) != 0 {
			t.Errorf("a topic that is gone is remembered: %d documents, %v", len(docs), err)
		}
	})
}

// TestStoreAway: while the store does not answer, nothing is lost.
func TestStoreAway(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in")
		r.shelf.fail(http.ErrAbortHandler)
		r.publish("two")
		r.pass(time.Minute)
		r.wantTexts(s)
		r.shelf.fail(nil)
		r.pass(time.Minute)
		r.wantTexts(s, "two")
	})
}

// TestQuiet: a hub is quiet until somebody subscribes, here or at another replica.
func TestQuiet(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		r.subscriber("reader.example")
		other, stop := r.open(nil)
		defer stop()
		synctest.Wait()
		want := func(what string, quiet bool) {
			t.Helper()
			for i, h := range []*Hub{r.hub, other} {
				if got := h.Quiet(t.Context()); got != quiet {
					t.Errorf("%s: hub %d is quiet: %v", what, i, got)
				}
			}
		}
		want("nobody", true)
		r.subscribe("https://reader.example/in")
		r.pass(quietFor)
		want("somebody", false)
		r.ask("mode", "unsubscribe", "topic", topic, "callback", "https://reader.example/in")
		r.pass(heardFor)
		r.wantSubs(0)
		want("nobody again", true)
		r.shelf.fail(errors.New("away"))
		r.pass(quietFor)
		want("nobody knows", false)
		r.shelf.fail(nil)
	})
}

func TestQuietExternal(t *testing.T) {
	inRoom(t, func(o *Options) { o.External = "https://hub.example/" }, func(t *testing.T, r *room) {
		if r.hub.Quiet(t.Context()) {
			t.Error("another hub waits to be told")
		}
	})
}
