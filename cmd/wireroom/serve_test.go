package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wireroom/internal/need"
)

func TestServeDemo(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), "--demo")
	for _, path := range documents("all", "economy", "northwire", "deutsch") {
		get(t, s.url+path)
	}
	f := waitFor(t, s.url+"/feeds/all.atom", "Velden harbour reopens")
	if len(f.Items) < 10 {
		t.Errorf("%d items, want those of three agencies", len(f.Items))
	}
	judge(t, s.url, "all", "economy", "northwire", "deutsch")
	if f.FeedLink == "" || !strings.HasPrefix(f.FeedLink, s.url) {
		t.Errorf("the feed's own link is %q, want the address it is served at", f.FeedLink)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if body, _ := get(t, s.url+"/feeds/all.json"); strings.Contains(string(body), `"story":`) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("no story is told by two of the agencies")
		}
	}
	// An item comes now and then.
	waitFor(t, s.url+"/feeds/all.rss", "Port workers and operators agree")
	for path, want := range map[string]string{
		"/": "Velden harbour reopens", "/feeds/economy": "Economy", "/feeds.opml": "xmlUrl", "/about": "About", "/healthz": "ok",
	} {
		if body, _ := get(t, s.url+path); !strings.Contains(string(body), want) {
			t.Errorf("%s has no %q", path, want)
		}
	}
	for path, want := range map[string]int{"/feeds/nothing.rss": 404, "/feeds/all.exe": 404, "/articles/nothing": 404, "/x": 404} {
		resp, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, resp.Status, want)
		}
	}
	resp, err := http.Post(s.url+"/feeds/all.rss", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") == "" {
		t.Errorf("POST: %s, Allow %q", resp.Status, resp.Header.Get("Allow"))
	}
}

// TestStarter writes a config where there is none, as for a newcomer. It is not
// served: its sources are other people's.
func TestStarter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "wireroom.yaml")
	a := &app{path: "", getenv: func(name string) (string, bool) { return path, name == "WIREROOM_CONFIG" }}
	var log strings.Builder
	if err := a.starter(&log); err != nil || !strings.Contains(log.String(), path) {
		t.Fatalf("%v, said %q", err, log.String())
	}
	c, err := a.config()
	if err != nil || len(c.Sources) < 20 || !c.WantsStories() {
		t.Fatalf("the starter config: %v", err)
	}
	if err := os.WriteFile(path, []byte("# mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.starter(&log); err != nil {
		t.Fatal(err)
	}
	if src, _ := os.ReadFile(path); string(src) != "# mine" {
		t.Error("a config that was there is gone")
	}
}

// TestServeReload changes the config under a running server, and refreshes
// beside it.
func TestServeReload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := newPublisher(t)
	p.put("/a", rss("A", "one"))
	p.put("/b", rss("B", "two"))
	writeConfig(t, dir, "", source{"a", p.URL + "/a", ""})
	s := serve(t, dir)
	waitFor(t, s.url+"/feeds/all.rss", "one")

	writeConfig(t, dir, "feeds: [{id: other}]", source{"b", p.URL + "/b", ""})
	f := waitFor(t, s.url+"/feeds/other.json", "two")
	if len(f.Items) != 1 {
		t.Errorf("%d items: the articles of a removed source must leave", len(f.Items))
	}
	// A fault changes nothing.
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte("sources: 7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	get(t, s.url+"/feeds/other.rss")

	writeConfig(t, dir, "", source{"b", p.URL + "/b", ""})
	p.put("/b", rss("B", "three", "two"))
	if code, out, errs := wireroom(t, dir, "refresh", "--force"); code != 0 {
		t.Fatalf("refresh beside the server: exit %d: %s%s", code, out, errs)
	}
	start := time.Now()
	waitFor(t, s.url+"/feeds/all.rss", "three")
	t.Logf("the new article was served %s after the refresh", time.Since(start).Round(time.Millisecond))
}

// gate stands before a server, passes everything on and notes what was answered.
type gate struct {
	url  string
	mu   sync.Mutex
	list []int
}

func front(t *testing.T, target string) *gate {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ModifyResponse = func(r *http.Response) error {
		g.mu.Lock()
		g.list = append(g.list, r.StatusCode)
		g.mu.Unlock()
		return nil
	}
	srv := httptest.NewServer(proxy)
	t.Cleanup(srv.Close)
	g.url = srv.URL
	return g
}

// TestNewsboat subscribes a real reader to each combined feed, each with a cache
// of its own, and reloads three times.
func TestNewsboat(t *testing.T) {
	t.Parallel()
	newsboat := need.Program(t, "newsboat")
	home := t.TempDir()
	p := newPublisher(t)
	p.put("/a", rss("A", "one", "two", "three"))
	writeConfig(t, home, "", source{"a", p.URL + "/a", ""})
	s := serve(t, home)
	waitFor(t, s.url+"/feeds/all.rss", "three")
	for _, path := range []string{"/feeds/all.rss", "/feeds/all.atom"} { // newsboat reads no JSON Feed
		seen := front(t, s.url)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "urls"), []byte(seen.url+path+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			cmd := exec.CommandContext(t.Context(), newsboat, "-u", "urls", "-c", "cache.db", "-C", os.DevNull, "-x", "reload")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "HOME="+dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("newsboat: %v\n%s", err, out)
			}
		}
		if got := fmt.Sprint(seen.list); got != "[200 200 304]" {
			t.Errorf("%s: three reloads got %s, want [200 200 304]", path, got)
		}
	}
}
