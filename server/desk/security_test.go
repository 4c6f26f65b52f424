package desk

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"wireroom/server/control/controltest"
	"wireroom/server/token"
)

// TestOff: without a secret there is nothing, not even a login.
func TestOff(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	b.secret = Secret{}
	for _, path := range []string{"/desk", "/desk/login", "/desk/sources", stylePath} {
		if w := b.get(path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := b.post("/desk/login", "password", ""); w.Code != 404 {
		t.Errorf("an empty password: %d", w.Code)
	}
}

// TestStrangers see nothing and change nothing.
func TestStrangers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{"/desk", "/desk/sources", "/desk/sources/north", "/desk/sources/north/tries/x", "/desk/add", "/desk/opml", "/desk/feeds", "/desk/articles", "/desk/anything"} {
		w := b.get(path)
		if w.Code != 303 || !strings.HasPrefix(to(w), "/desk/login") || strings.Contains(w.Body.String(), "north.example") {
			t.Errorf("%s: %d to %s", path, w.Code, to(w))
		}
	}
	for _, path := range []string{"/desk/sources", "/desk/sources/north", "/desk/sources/north/refresh", "/desk/find", "/desk/opml", "/desk/logout", "/desk/articles/x"} {
		if w := b.post(path, "url", "https://x.example/", "do", "pause"); w.Code != 303 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if len(b.room.Asked) > 0 {
		t.Errorf("strangers had things done: %q", b.room.Asked)
	}
}

// TestCookie: the session is in no script's, other site's or plain connection's reach.
func TestCookie(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	c := b.cookie
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Name != "__Host-wireroom-desk" || c.Path != "/" || c.Domain != "" || c.MaxAge != 12*3600 {
		t.Errorf("%+v", c)
	}
	b.cookie, b.base = nil, "http://localhost:8080"
	b.login()
	if c := b.cookie; c.Secure || c.Name != "wireroom-desk" || !c.HttpOnly {
		t.Errorf("over HTTP: %+v", c)
	}
	b.cookie, b.tls = nil, true
	b.login()
	if !b.cookie.Secure {
		t.Errorf("with our own TLS: %+v", b.cookie)
	}
}

// TestSessions ends them, and takes none that was made up.
func TestSessions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := func() bool { return b.get("/desk/add").Code == 200 }
	b.login()
	good := *b.cookie
	if !in() {
		t.Fatal("not logged in")
	}
	flip := func(i int) string {
		v := []byte(good.Value)
		v[i] ^= 1
		return string(v)
	}
	dot := strings.IndexByte(good.Value, '.')
	for name, value := range map[string]string{
		"another end": flip(3), "other bytes": flip(dot - 2), "another signature": flip(dot + 3), "no signature": good.Value[:dot], "nothing": "", "junk": ".", "longer": good.Value + "A",
	} {
		if b.cookie = (&http.Cookie{Name: good.Name, Value: value}); in() {
			t.Errorf("a session with %s was taken", name)
		}
	}
	b.cookie = &good
	b.now = b.now.Add(12*time.Hour + time.Second)
	if in() {
		t.Error("a session outlived its time")
	}
	b.now = controltest.Now
	b.login()
	left := *b.cookie
	b.want(b.do("/desk/logout"), 303)
	if b.cookie != nil {
		t.Error("the cookie stays after the logout")
	}
	if b.cookie = &left; in() {
		t.Error("a session that was left is taken")
	}
	b.cookie = nil
	b.login()
	b.secret.Password += "!"
	if in() {
		t.Error("a session outlived the password")
	}
	// What was left is forgotten when it has ended by itself.
	b.secret.Password = password
	b.cookie = nil
	b.now = b.now.Add(24 * time.Hour)
	b.login()
	b.want(b.do("/desk/logout"), 303)
	docs, err := b.room.Store.Documents(t.Context(), kind, leftBegin, "", 10)
	if err != nil || len(docs) != 1 {
		t.Errorf("%d sessions are remembered, want the last: %v", len(docs), err)
	}
}

// TestFixation: a login gives a new session, whatever the browser came with.
func TestFixation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	before := b.cookie.Value
	b.login()
	if b.cookie.Value == before {
		t.Error("the login kept the session")
	}
}

// TestForgery: forms of others do nothing, with whatever they get hold of.
func TestForgery(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	others := b.token()
	b.cookie = nil
	b.login()
	for name, tok := range map[string]string{"no token": "", "junk": "junk", "another session's token": others, "the cookie": b.cookie.Value} {
		w := b.post("/desk/sources/north", "do", "pause", "token", tok)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	tok := b.token()
	for name, header := range map[string][2]string{
		"another site": {"Sec-Fetch-Site", "cross-site"}, "a sister": {"Sec-Fetch-Site", "same-site"}, "another origin": {"Origin", "https://evil.example"}, "no origin": {"Origin", "null"},
	} {
		for _, path := range []string{"/desk/sources/north", "/desk/login"} {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "https://news.example"+path, strings.NewReader("do=pause&password=correct+horse&token="+tok))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header[0], header[1])
			if w := b.send(r); w.Code != http.StatusForbidden {
				t.Errorf("%s at %s: %d", name, path, w.Code)
			}
		}
	}
	if got := b.get("/desk/sources/north/refresh").Code; got != 404 && got != 405 { // nothing is done by a link
		t.Errorf("a GET: %d", got)
	}
	if len(b.room.Asked) > 0 {
		t.Errorf("forged forms had things done: %q", b.room.Asked)
	}
	b.want(b.post("/desk/sources/north", "do", "pause", "token", tok), 303)
	// A proxy that hides our name does not keep our own people out.
	r := httptest.NewRequestWithContext(t.Context(), "POST", "http://backend:8080/desk/sources/north", strings.NewReader("do=resume&token="+tok))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://news.example")
	b.want(b.send(r), 303)
}

// TestGuessing: wrong passwords soon cost time, from one address and from many.
func TestGuessing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	looked := 0
	for range 1000 {
		if b.post("/desk/login", "password", "guess").Code == http.StatusUnauthorized {
			looked++
		}
		b.now = b.now.Add(time.Second)
	}
	if looked > 15 {
		t.Errorf("%d of 1000 guesses in 17 minutes were looked at", looked)
	}
	w := b.post("/desk/login", "password", password)
	if b.want(w, http.StatusTooManyRequests, "too many wrong passwords"); w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.from = "192.0.2.1:1000" // another port is no other client
	b.want(b.post("/desk/login", "password", password), http.StatusTooManyRequests)
	b.from = "198.51.100.7:1"
	b.login() // others are let in meanwhile
	b.cookie, b.from = nil, "192.0.2.1:999"
	b.now = b.now.Add(mostWait)
	b.login()

	// Many addresses share a bound.
	b = newBench(t)
	looked = 0
	for i := range 500 {
		b.from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1).String()
		if b.post("/desk/login", "password", "guess").Code == http.StatusUnauthorized {
			looked++
		}
	}
	if looked != burst {
		t.Errorf("%d guesses at once were looked at, want %d", looked, burst)
	}
	if strings.Contains(b.log.String(), "guess") {
		t.Error("what was typed stands in the log")
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	th, now := newThrottle(), controltest.Now
	six := netip.MustParseAddr("2001:db8::1%eth0")
	for range freeGuesses {
		th.wrong(six, now)
	}
	if th.wait(netip.MustParseAddr("2001:db8::ffff"), now) == 0 {
		t.Error("an address of the same network is another client")
	}
	if th.wait(netip.MustParseAddr("2001:db8:0:1::1"), now) != 0 || th.wait(netip.Addr{}, now) != 0 {
		t.Error("another network waits")
	}
	for i := range mostClients + 50 {
		th.wrong(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(th.clients) > mostClients {
		t.Errorf("%d clients are remembered", len(th.clients))
	}
	late := now.Add(2 * forgiven)
	th.wrong(six, late)
	if g := th.clients[network(six)]; g.wrong != 1 || len(th.clients) > 1 {
		t.Errorf("old guesses count: %+v, %d clients", g, len(th.clients))
	}
}

// TestHashes logs in by the hash of a password and of a token.
func TestHashes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	salt := []byte("0123456789abcdef")
	sum, err := pbkdf2.Key(sha256.New, password, salt, 1000, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	hash := fmt.Sprintf("pbkdf2-sha256:1000:%x:%x", salt, sum)
	b.secret = Secret{Hash: hash, Session: time.Hour}
	b.want(b.post("/desk/login", "password", hash), 401)
	b.login()
	b.cookie = nil
	word, quick, err := token.New(new(counter))
	if err != nil {
		t.Fatal(err)
	}
	b.secret.Hash = quick
	b.want(b.post("/desk/login", "password", word), 303)
}

// TestRedirects: the login leads to the desk and nowhere else.
func TestRedirects(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for in, want := range map[string]string{
		"/desk/sources?state=held": "/desk/sources?state=held", "": "/desk", "https://evil.example/": "/desk", "//evil.example/desk/": "/desk", "/desk/../../evil": "/desk/../../evil",
		"/desk//evil.example": "/desk", `/desk/\evil.example`: "/desk", "/desk/x\r\nSet-Cookie: a=b": "/desk", "/other": "/desk", "javascript:alert(1)": "/desk",
	} {
		w := b.post("/desk/login", "password", password, "to", in)
		if got := to(w); strings.Contains(want, "..") {
			if strings.Contains(got, "..") || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") {
				t.Errorf("%q leads to %q", in, got)
			}
		} else if got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
		if len(w.Header()["Set-Cookie"]) != 1 {
			t.Errorf("%q: %q", in, w.Header())
		}
	}
}

// TestInjection puts hostile words where paths and headers are made of them.
func TestInjection(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	for _, id := range []string{"..%2f..%2fetc%2fpasswd", "%2e%2e", "a%0d%0aSet-Cookie:%20x=y", "%00", "north%2f..%2fsouth", "'%20OR%201=1--"} {
		for _, path := range []string{"/desk/sources/" + id, "/desk/articles/" + id} {
			w := b.get(path)
			if w.Code != 404 && w.Code != 303 && w.Code != 307 || w.Header().Get("Set-Cookie") != "" || strings.ContainsAny(to(w), "\r\n") {
				t.Errorf("%s: %d %q", path, w.Code, w.Header())
			}
		}
	}
	if w := b.do("/desk/sources", "url", "https://x.example/", "id", "a\r\nX: y/../z"); strings.ContainsAny(to(w), "\r\n") || strings.Contains(to(w), "/../") {
		t.Errorf("leads to %q", to(w))
	}
	b.want(b.post("/desk/find", "url", strings.Repeat("a", maxForm+1)), 422)
}
