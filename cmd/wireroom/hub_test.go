package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// listener is a WebSub subscriber, written from the recommendation alone.
type listener struct {
	*httptest.Server
	topic, secret string

	mu       sync.Mutex
	verified int
	pushes   []push
	faults   []string
}

type push struct {
	at   time.Time
	body string
}

func newListener(t *testing.T, secret string) *listener {
	t.Helper()
	l := &listener{secret: secret}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch r.Method {
	case http.MethodGet:
		q := r.URL.Query()
		if q.Get("hub.topic") != l.topic || q.Get("hub.lease_seconds") == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		l.verified++
		fmt.Fprint(w, q.Get("hub.challenge"))
	case http.MethodPost:
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(l.secret))
		mac.Write(body)
		if want := fmt.Sprintf("sha256=%x", mac.Sum(nil)); err != nil || r.Header.Get("X-Hub-Signature") != want {
			l.faults = append(l.faults, fmt.Sprintf("signature %q, want %q", r.Header.Get("X-Hub-Signature"), want))
		}
		if link := r.Header.Get("Link"); !strings.Contains(link, "<"+l.topic+`>; rel="self"`) || !strings.Contains(link, `rel="hub"`) {
			l.faults = append(l.faults, "Link "+link)
		}
		l.pushes = append(l.pushes, push{time.Now(), string(body)})
	}
}

// wait returns the first push with a text in it. A server that was killed may have
// left a lease that lasts half a minute.
func (l *listener) wait(t *testing.T, text string) push {
	t.Helper()
	for range 1200 {
		l.mu.Lock()
		for _, p := range l.pushes {
			if strings.Contains(p.body, text) {
				l.mu.Unlock()
				return p
			}
		}
		l.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no push with %q", text)
	return push{}
}

var linkForm = regexp.MustCompile(`<([^>]*)>; rel="(hub|self)"`)

// linksOf asks a feed for its hub and its own address, in the Link header of
// HEAD and of GET, which must agree.
func linksOf(t *testing.T, address string) (hub, self string) {
	t.Helper()
	var found [2]map[string]string
	for i, method := range []string{http.MethodHead, http.MethodGet} {
		req, err := http.NewRequest(method, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		found[i] = map[string]string{}
		for _, m := range linkForm.FindAllStringSubmatch(resp.Header.Get("Link"), -1) {
			found[i][m[2]] = m[1]
			if method == http.MethodGet && !strings.Contains(string(body), m[1]) {
				t.Errorf("%s: %s %s is not in the body", address, m[2], m[1])
			}
		}
	}
	if fmt.Sprint(found[0]) != fmt.Sprint(found[1]) || found[0]["hub"] == "" || found[0]["self"] == "" {
		t.Fatalf("%s: links %v", address, found)
	}
	return found[0]["hub"], found[0]["self"]
}

// subscribe asks a hub for a topic and waits until it has verified that.
func (l *listener) subscribe(t *testing.T, hub, topic string) {
	t.Helper()
	l.mu.Lock()
	l.topic = topic
	before := l.verified
	l.mu.Unlock()
	resp, err := http.PostForm(hub, url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {l.URL + "/callback?id=1"}, "hub.secret": {l.secret}, "hub.verify": {"sync"},
	})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("subscribe: %s %s", resp.Status, text)
	}
	for range 1000 {
		l.mu.Lock()
		done := l.verified > before
		l.mu.Unlock()
		if done {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the subscription was not verified")
}

// TestHub runs the whole way: a source changes, its subscribers are told within
// a second, one that is dead holds nobody up, and a server that is killed hard
// forgets nobody.
func TestHub(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wire := newPublisher(t)
	write := func(stories ...string) { wire.put("/a", rss("A", stories...)) }
	write("one")
	port := freePort(t)
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	start := func() func() {
		config := fmt.Sprintf("server: {listen: \"127.0.0.1:%d\", base_url: %q}\nfetch: {allow_networks: [127.0.0.0/8]}\nsources:\n  - {id: a, url: %q, every: 1s, republish: full}\n", port, base, wire.URL+"/a")
		if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, kill := context.WithCancel(context.Background())
		cmd := program(ctx, dir, "serve")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return func() { // SIGKILL
			kill()
			_ = cmd.Wait()
		}
	}
	kill := start()
	defer func() { kill() }()
	waitFor(t, base+"/feeds/all.rss", "one")

	alive, dead := newListener(t, "our secret"), newListener(t, "another")
	for _, ext := range []string{"rss", "atom", "json"} {
		hub, self := linksOf(t, base+"/feeds/all."+ext)
		if hub != base+"/hub" || self != base+"/feeds/all."+ext {
			t.Errorf("%s: hub %s, self %s", ext, hub, self)
		}
	}
	alive.subscribe(t, base+"/hub", base+"/feeds/all.atom")
	dead.subscribe(t, base+"/hub", base+"/feeds/all.atom")
	dead.Close()

	write("two", "one")
	p := alive.wait(t, "two")
	served := time.Now()
	waitFor(t, base+"/feeds/all.atom", "two")
	if p.at.After(served.Add(time.Second)) {
		t.Errorf("the push came %s after the document was served", p.at.Sub(served))
	}
	write("three", "two", "one")
	alive.wait(t, "three")

	kill()
	write("four", "three", "two", "one")
	kill = start()
	alive.wait(t, "four") // no new subscription was needed
	alive.mu.Lock()
	defer alive.mu.Unlock()
	if len(alive.faults) > 0 || alive.verified != 1 {
		t.Errorf("verified %d times; faults: %q", alive.verified, alive.faults)
	}
	code, out, errs := wireroom(t, dir, "hub", "--json")
	if code != 0 {
		t.Fatalf("hub: exit %d: %s", code, errs)
	}
	states := map[string]int{}
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var l subscriptionLine
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		states[l.State]++
	}
	if states["failing"] != 1 || states["current"] != 1 || strings.Contains(out, "callback") || strings.Contains(out, "secret") {
		t.Errorf("subscriptions: %s", out)
	}
	if code, out, _ := wireroom(t, dir, "hub"); code != 0 || !strings.Contains(out, "/feeds/all.atom") || !strings.Contains(out, "failing") {
		t.Errorf("hub: exit %d: %s", code, out)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	code, out, errs := wireroom(t, t.TempDir(), "token")
	var word, hash string
	if _, err := fmt.Sscanf(out, "token %s\nhash %s\n", &word, &hash); code != 0 || err != nil || !strings.HasPrefix(hash, "sha256:") {
		t.Fatalf("exit %d: %q %s %v", code, out, errs, err)
	}
	dir := t.TempDir()
	p := newPublisher(t)
	p.put("/a", rss("A", "one"))
	writeConfig(t, dir, "feeds: [{id: desk, tokens: [\""+hash+"\"]}]", source{"a", p.URL + "/a", ""})
	s := serve(t, dir)
	waitFor(t, s.url+"/feeds/all.rss", "one")
	for path, want := range map[string]int{"/feeds/desk.rss": 401, "/feeds/desk.rss?token=" + word: 200, "/feeds/desk.rss?token=" + hash: 401} {
		resp, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, resp.Status, want)
		}
	}
	if strings.Contains(s.log.String(), word) {
		t.Error("the token is in the log")
	}
}
