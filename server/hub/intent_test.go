package hub

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireroom/store"
)

func TestRequests(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		r.subscriber("reader.example")
		r.board.mu.Lock()
		moved := r.board.topics[topic]
		r.board.topics["https://news.example/feeds/old.atom"] = moved
		r.board.mu.Unlock()
		const callback = "https://reader.example/in"
		for _, k := range []struct {
			name string
			form []string
			want int
		}{
			{"nothing", nil, 400},
			{"no mode", []string{"topic", topic, "callback", callback}, 400},
			{"unknown mode", []string{"mode", "list", "topic", topic, "callback", callback}, 400},
			{"no topic", []string{"mode", "subscribe", "callback", callback}, 400},
			{"foreign topic", []string{"mode", "subscribe", "topic", "https://other.example/", "callback", callback}, 404},
			{"topic that moved", []string{"mode", "subscribe", "topic", "https://news.example/feeds/old.atom", "callback", callback}, 409},
			{"no callback", []string{"mode", "subscribe", "topic", topic}, 400},
			{"callback of another scheme", []string{"mode", "subscribe", "topic", topic, "callback", "ftp://reader.example/"}, 400},
			{"callback with a password", []string{"mode", "subscribe", "topic", topic, "callback", "https://a:b@reader.example/"}, 400},
			{"callback with a fragment", []string{"mode", "subscribe", "topic", topic, "callback", callback + "#"}, 400},
			{"relative callback", []string{"mode", "subscribe", "topic", topic, "callback", "/in"}, 400},
			{"long callback", []string{"mode", "subscribe", "topic", topic, "callback", callback + strings.Repeat("x", 2048)}, 400},
			{"long secret", []string{"mode", "subscribe", "topic", topic, "callback", callback, "secret", strings.Repeat("s", 200)}, 400},
			{"lease in words", []string{"mode", "subscribe", "topic", topic, "callback", callback, "lease_seconds", "long"}, 400},
			{"negative lease", []string{"mode", "subscribe", "topic", topic, "callback", callback, "lease_seconds", "-5"}, 400},
			{"unsubscribe what is not there", []string{"mode", "unsubscribe", "topic", topic, "callback", callback}, 404},
			{"publish without leave", []string{"mode", "publish", "url", topic}, 403},
			{"form that is too large", []string{"mode", "subscribe", "topic", topic, "callback", callback, "x", strings.Repeat("x", maxForm)}, 400},
			{"longest secret", []string{"mode", "subscribe", "topic", topic, "callback", callback, "secret", strings.Repeat("s", 199)}, 202},
			{"unknown parameters", []string{"mode", "subscribe", "topic", topic, "callback", callback, "verify", "sync", "foo", "bar"}, 202},
		} {
			w := r.ask(k.form...)
			if w.Code != k.want {
				t.Errorf("%s: %d %s, want %d", k.name, w.Code, w.Body, k.want)
			}
			if ct := w.Header().Get("Content-Type"); w.Code >= 400 && (ct != "text/plain; charset=utf-8" || w.Body.Len() == 0) {
				t.Errorf("%s: refused as %s: %q", k.name, ct, w.Body)
			}
			synctest.Wait()
		}
		w := httptest.NewRecorder()
		if r.hub.ServeHTTP(w, httptest.NewRequest("GET", self, nil)); w.Code != 405 || w.Header().Get("Allow") != "POST" {
			t.Errorf("GET: %d, Allow %q", w.Code, w.Header().Get("Allow"))
		}
		w = httptest.NewRecorder()
		if r.hub.ServeHTTP(w, httptest.NewRequest("POST", self, strings.NewReader("{}"))); w.Code != 415 {
			t.Errorf("POST of another type: %d", w.Code)
		}
		r.shelf.fail(http.ErrAbortHandler)
		if w := r.ask("mode", "subscribe", "topic", topic, "callback", callback); w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("without store: %d", w.Code)
		}
		r.shelf.fail(nil)
	})
}

func TestVerification(t *testing.T) {
	for _, k := range []struct {
		name  string
		set   func(*reader)
		subs  int
		asked int // times, in the end
	}{
		{"confirms", func(*reader) {}, 1, 1},
		{"confirms with another good status", func(s *reader) { s.intent = 203 }, 1, 1},
		{"gives something else back", func(s *reader) { s.word = "yes" }, 0, 1},
		{"does not know of it", func(s *reader) { s.intent = 404 }, 0, 1},
		{"redirects", func(s *reader) { s.intent = 302; s.header = http.Header{"Location": {"https://reader.example/other"}} }, 0, 1},
		{"is broken", func(s *reader) { s.intent = 500 }, 0, 3},
		{"is busy", func(s *reader) { s.intent = 429 }, 0, 3},
		{"does not answer", func(s *reader) { s.patience = time.Minute }, 0, 0},
	} {
		t.Run(k.name, func(t *testing.T) {
			inRoom(t, nil, func(t *testing.T, r *room) {
				s := r.subscriber("reader.example")
				s.set(k.set)
				r.subscribe("https://reader.example/in?id=7&x=a%20b")
				r.pass(10 * time.Minute)
				r.wantSubs(k.subs)
				if len(s.asked) != k.asked {
					t.Errorf("asked %d times, want %d", len(s.asked), k.asked)
				}
				words := map[string]bool{}
				for _, q := range s.asked {
					words[q.Get("hub.challenge")] = true
					if q.Get("id") != "7" || q.Get("x") != "a b" || q.Get("hub.mode") != "subscribe" || q.Get("hub.topic") != topic ||
						q.Get("hub.lease_seconds") != "864000" || len(q.Get("hub.challenge")) < 22 {
						t.Errorf("asked with %v", q)
					}
				}
				if len(words) != len(s.asked) {
					t.Error("a challenge was used twice")
				}
				if docs, err := r.shelf.Documents(t.Context(), "hub", askPrefix, "", 10); err != nil || len(docs) > 0 {
					t.Errorf("the request is still there: %v %v", docs, err)
				}
			})
		})
	}
}

func TestWithQuery(t *testing.T) {
	t.Parallel()
	q := url.Values{"hub.mode": {"subscribe"}}
	for in, want := range map[string]string{
		"https://r.example":         "https://r.example?hub.mode=subscribe",
		"https://r.example/?":       "https://r.example/?hub.mode=subscribe",
		"https://r.example/?a=%2f;": "https://r.example/?a=%2f;&hub.mode=subscribe",
		"https://r.example/?a&":     "https://r.example/?a&hub.mode=subscribe",
	} {
		if got := withQuery(in, q); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestLeases(t *testing.T) {
	for asked, want := range map[string]time.Duration{
		"": 10 * 24 * time.Hour, "0": 10 * 24 * time.Hour, "1": time.Hour, "7200": 2 * time.Hour,
		"99999999": 30 * 24 * time.Hour, "99999999999999999999999": 30 * 24 * time.Hour,
	} {
		t.Run("asked for "+asked, func(t *testing.T) {
			inRoom(t, nil, func(t *testing.T, r *room) {
				s := r.subscriber("reader.example")
				r.subscribe("https://reader.example/in", "lease_seconds", asked)
				got := s.asked[0].Get("hub.lease_seconds")
				if d, err := time.ParseDuration(got + "s"); err != nil || d != want {
					t.Errorf("granted %s seconds, want %s", got, want)
				}
				if left := r.subs()[0].Expires.Sub(time.Now()); left != want {
					t.Errorf("it lasts %s, want %s", left, want)
				}
				if want > 24*time.Hour {
					return // the end of a lease is seen with the short ones
				}
				r.pass(want - time.Minute)
				r.publish("two")
				r.wantTexts(s, "two")
				r.pass(2 * time.Minute)
				r.wantSubs(0)
				r.publish("three")
				r.wantTexts(s, "two")
			})
		})
	}
}

// TestRenewal replaces lease and secret of one subscription, and only once the
// subscriber has confirmed it.
func TestRenewal(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in", "secret", "old", "lease_seconds", "7200")
		first := r.subs()[0]
		r.pass(time.Hour)
		s.set(func(s *reader) { s.intent = 404 })
		r.subscribe("https://reader.example/in", "secret", "stolen")
		if sub := r.subs()[0]; sub.Secret != "old" || !sub.Expires.Equal(first.Expires) {
			t.Errorf("a request that was not confirmed changed it: %+v", sub)
		}
		s.set(func(s *reader) { s.intent = 0 })
		r.subscribe("https://reader.example/in", "secret", "new", "lease_seconds", "7200")
		r.wantSubs(1)
		if sub := r.subs()[0]; sub.Secret != "new" || sub.Expires.Sub(first.Expires) != time.Hour || !sub.Begun.Equal(first.Begun) {
			t.Errorf("renewed: %+v", sub)
		}
		r.publish("two")
		r.wantTexts(s, "two")
	})
}

func TestUnsubscribe(t *testing.T) {
	inRoom(t, nil, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in")
		s.set(func(s *reader) { s.intent = 404 })
		ask := func() {
			t.Helper()
			if w := r.ask("mode", "unsubscribe", "topic", topic, "callback", "https://reader.example/in"); w.Code != 202 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			synctest.Wait()
		}
		ask()
		r.wantSubs(1)
		r.publish("two")
		r.wantTexts(s, "two")
		s.set(func(s *reader) { s.intent = 0 })
		ask()
		r.wantSubs(0)
		if q := s.asked[len(s.asked)-1]; q.Get("hub.mode") != "unsubscribe" {
			t.Errorf("asked with %v", q)
		}
		r.publish("three")
		r.wantTexts(s, "two")
	})
}

func TestCaps(t *testing.T) {
	inRoom(t, func(o *Options) { o.Limits = Limits{Subscriptions: 3, PerHost: 2, Requests: 2} }, func(t *testing.T, r *room) {
		for _, host := range []string{"a.example", "b.example", "c.example"} {
			r.subscriber(host)
		}
		r.subscribe("https://a.example/1")
		r.subscribe("https://a.example/2")
		if w := r.ask("mode", "subscribe", "topic", topic, "callback", "https://a.example/3"); w.Code != 429 {
			t.Errorf("third of a host: %d", w.Code)
		}
		r.subscribe("https://a.example/2") // a renewal is none more
		r.subscribe("https://b.example/1")
		if w := r.ask("mode", "subscribe", "topic", topic, "callback", "https://c.example/"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("fourth: %d", w.Code)
		}
		r.pass(lookEvery) // counted anew
		if w := r.ask("mode", "subscribe", "topic", topic, "callback", "https://c.example/"); w.Code != 503 {
			t.Errorf("fourth, later: %d", w.Code)
		}
		w := r.ask("mode", "unsubscribe", "topic", topic, "callback", "https://a.example/1")
		synctest.Wait()
		if w.Code != 202 {
			t.Errorf("unsubscribe: %d", w.Code)
		}
		r.subscribe("https://c.example/")
		r.wantSubs(3)
	})
}

// TestPending holds up the verification of many requests: their number is bounded.
func TestPending(t *testing.T) {
	inRoom(t, func(o *Options) { o.Limits = Limits{Requests: 5} }, func(t *testing.T, r *room) {
		r.subscriber("slow.example").patience = time.Hour
		codes := map[int]int{}
		for i := range 8 {
			codes[r.ask("mode", "subscribe", "topic", topic, "callback", "https://slow.example/"+string(rune('a'+i))).Code]++
		}
		if codes[202] != 5 || codes[503] != 3 {
			t.Errorf("answers %v", codes)
		}
		r.pass(10 * time.Minute)
		r.subscriber("quick.example")
		r.subscribe("https://quick.example/")
		r.wantSubs(1)
	})
}

func TestPublish(t *testing.T) {
	refreshed := 0
	inRoom(t, func(o *Options) {
		o.MayPublish = func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer t" }
		o.Refresh = func(context.Context) error { refreshed++; return nil }
	}, func(t *testing.T, r *room) {
		s := r.subscriber("reader.example")
		r.subscribe("https://reader.example/in")
		post := func(token string, form url.Values) int {
			req := httptest.NewRequest("POST", self, strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			r.hub.ServeHTTP(w, req)
			synctest.Wait()
			return w.Code
		}
		r.board.mu.Lock()
		r.board.topics[topic] = Topic{Version{"tag of two", 9}, topic, "application/atom+xml", []byte("two")} // nobody is told
		r.board.mu.Unlock()
		for _, k := range []struct {
			token string
			form  url.Values
			want  int
		}{
			{"wrong", url.Values{"hub.mode": {"publish"}, "hub.url": {topic}}, 401},
			{"t", url.Values{"hub.mode": {"publish"}}, 400},
			{"t", url.Values{"hub.mode": {"publish"}, "hub.url": {topic, "https://other.example/"}}, 404},
		} {
			if got := post(k.token, k.form); got != k.want {
				t.Errorf("%v: %d, want %d", k.form, got, k.want)
			}
		}
		r.wantTexts(s)
		if got := post("t", url.Values{"hub.mode": {"publish"}, "hub.topic": {topic}}); got != 204 || refreshed != 1 {
			t.Errorf("%d, refreshed %d times", got, refreshed)
		}
		r.wantTexts(s, "two")
	})
}

// FuzzServeHTTP: whatever is sent, the hub answers, and takes only what it could
// verify.
func FuzzServeHTTP(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.topic=" + url.QueryEscape(topic) + "&hub.callback=https%3A%2F%2Fr.example%2F")
	f.Add("hub.mode=subscribe&hub.topic=%zz")
	f.Add("hub.mode=unsubscribe&hub.callback=http://[::1]:80/%00&hub.topic=" + url.QueryEscape(topic))
	f.Add("hub.mode=publish&hub.url=" + url.QueryEscape(topic))
	b := &board{topics: map[string]Topic{}}
	b.put(topic, "one")
	f.Fuzz(func(t *testing.T, form string) {
		s := newShelf()
		h := New(Options{Store: s, Feeds: b, Out: &wires{}, Address: self})
		req := httptest.NewRequest("POST", self, strings.NewReader(form))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		docs, err := s.Documents(t.Context(), "hub", "", "", 10)
		if err != nil || (w.Code == 202) != (len(docs) == 1) || w.Code >= 500 {
			t.Fatalf("%d with %d documents, %v", w.Code, len(docs), err)
		}
		for _, d := range docs {
			ask, err := unpack[request](d)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(withQuery(ask.Callback, url.Values{"hub.mode": {"subscribe"}}))
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Query().Get("hub.mode") == "" && !strings.Contains(u.RawQuery, ";") {
				t.Fatalf("callback %q: %v", ask.Callback, err)
			}
		}
	})
}

var _ Documents = store.Store(nil)
