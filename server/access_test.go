package server

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"wireroom/feed"
	"wireroom/server/token"
)

// secret makes a token and its hash.
func secret(t testing.TB) (word, hash string) {
	t.Helper()
	word, hash, err := token.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return word, hash
}

func TestPrivateFeed(t *testing.T) {
	t.Parallel()
	word, hash := secret(t)
	password, passwordHash := secret(t)
	n := newNewsroom(t,
		feed.Channel{ID: "all", Title: "All", Language: "en"},
		feed.Channel{ID: "desk", Title: "The desk", Language: "en", Readers: []feed.Reader{{Hash: hash}, {Name: "ann", Hash: passwordHash}}})
	n.file(story("north", 1))
	basic := func(name, password string) string {
		r, _ := http.NewRequest("GET", "/", nil)
		r.SetBasicAuth(name, password)
		return r.Header.Get("Authorization")
	}
	for _, path := range []string{"/feeds/desk.rss", "/feeds/desk.atom", "/feeds/desk.json", "/feeds/desk", "/feeds/desk.rss?source=north", "/feeds/desk/archive/1.atom"} {
		for _, k := range []struct {
			name, query, authorization string
			let                        bool
		}{
			{"nothing", "", "", false},
			{"token in the address", "token=" + word, "", true},
			{"another token", "token=" + password, "", false},
			{"the hash itself", "token=" + hash, "", false},
			{"bearer", "", "Bearer " + word, true},
			{"bearer in lower case", "", "bearer " + word, true},
			{"another bearer", "", "Bearer " + word + "x", false},
			{"user", "", basic("ann", password), true},
			{"another user", "", basic("bob", password), false},
			{"user with another password", "", basic("ann", word), false},
			{"nobody with a user's password", "", basic("", password), false},
			{"user's password as token", "token=" + password, "", false},
		} {
			at := path
			if k.query != "" {
				at += map[bool]string{true: "&", false: "?"}[strings.Contains(at, "?")] + k.query
			}
			a := n.get(at, "Authorization", k.authorization)
			if let := a.status != http.StatusUnauthorized; let != k.let {
				t.Errorf("%s with %s: %d", path, k.name, a.status)
			}
			if a.status == http.StatusUnauthorized {
				if w := strings.Join(a.header.Values("WWW-Authenticate"), ", "); !strings.Contains(w, "Basic ") || !strings.Contains(w, "Bearer ") {
					t.Errorf("%s: asks for %q", path, w)
				}
				if strings.Contains(a.body, "Story 1") {
					t.Errorf("%s with %s: the story is in the refusal", path, k.name)
				}
			}
			if cc := a.header.Get("Cache-Control"); strings.Contains(cc, "public") || cc == "" {
				t.Errorf("%s with %s: Cache-Control %q", path, k.name, cc)
			}
			if strings.Contains(a.body+a.header.Get("Link")+a.header.Get("Content-Location"), word) {
				t.Errorf("%s: the token is told again", path)
			}
		}
	}
	a := n.get("/feeds/desk.rss?token=" + word)
	if a.status != 200 || !strings.Contains(a.body, "Story 1") || strings.Contains(a.header.Get("Link"), "hub") {
		t.Errorf("with the token: %d, Link %s", a.status, a.header.Get("Link"))
	}
	if b := n.get("/feeds/desk.rss?token="+word, "If-None-Match", a.header.Get("ETag")); b.status != http.StatusNotModified || !strings.HasPrefix(b.header.Get("Cache-Control"), "private") {
		t.Errorf("its ETag: %d %v", b.status, b.header)
	}
	for _, path := range []string{"/", "/feeds.opml", "/.well-known/feeds"} {
		if a := n.get(path); a.status != 200 || strings.Contains(a.body, "desk") {
			t.Errorf("%s names the private feed", path)
		}
	}
	if _, ok := n.pub.Topic(n.srv.URL + "/feeds/desk.rss"); ok {
		t.Error("the hub publishes the private feed")
	}
	for topic := range n.pub.Topics() {
		if strings.Contains(topic, "desk") {
			t.Errorf("the hub knows of %s", topic)
		}
	}
	if a := n.ask("POST", "/feeds/desk.rss", "Authorization", "Bearer "+word); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") == "" {
		t.Errorf("POST: %d", a.status)
	}
}

func TestMovedFeed(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, feed.Channel{ID: "world", Title: "World", Language: "en", Former: []string{"globe", "abroad"}})
	if err := n.pub.Set(t.Context(), feed.Site{BaseURL: n.srv.URL, Hub: n.srv.URL + HubPath, Retired: []string{"sports"}}, n.pub.current.Load().channels); err != nil {
		t.Fatal(err)
	}
	n.file(story("north", 1))
	for path, want := range map[string]string{
		"/feeds/globe.rss":                      "/feeds/world.rss",
		"/feeds/abroad.json":                    "/feeds/world.json",
		"/feeds/globe":                          "/feeds/world",
		"/feeds/globe.atom?source=north&q=a%20": "/feeds/world.atom?source=north&q=a%20",
		"/feeds/globe/archive/3.atom":           "/feeds/world/archive/3.atom",
		"/feeds/globe.exe":                      "/feeds/world.exe",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			a := n.ask(method, path)
			if a.status != http.StatusMovedPermanently || a.header.Get("Location") != n.srv.URL+want {
				t.Errorf("%s %s: %d to %s", method, path, a.status, a.header.Get("Location"))
			}
		}
	}
	for path, want := range map[string]int{
		"/feeds/sports.rss": 410, "/feeds/sports": 410, "/feeds/sports.atom?source=north": 410, "/feeds/sports/archive/1.atom": 410,
		"/feeds/world.rss": 200, "/feeds/sport.rss": 404, "/feeds/globes.rss": 404, "/globe.rss": 404,
	} {
		if a := n.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	// The hub knows the feed under its former address, and where it is now.
	old, ok := n.pub.Topic(n.srv.URL + "/feeds/globe.atom")
	if topics := n.pub.Topics(); !ok || old.URL != n.srv.URL+"/feeds/world.atom" || topics[n.srv.URL+"/feeds/globe.atom"] == 0 || topics[n.srv.URL+"/feeds/globe.atom"] != topics[old.URL] {
		t.Errorf("topic under its former address: %+v", old.URL)
	}
}
