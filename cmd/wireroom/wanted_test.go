package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestServeStories: without a feed that asks for them no story is looked for; a
// feed that comes with a later config has what was stored before, too, once.
func TestServeStories(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := newPublisher(t)
	const headline = "Quake of magnitude 6.8 shakes Antofagasta in northern Chile and stops the copper mines"
	p.put("/a", rss("A", headline))
	p.put("/b", rss("B", headline))
	list := []source{{"a", p.URL + "/a", ""}, {"b", p.URL + "/b", ""}}
	writeConfig(t, dir, "feeds: [{id: front}]", list...)
	s := serve(t, dir)
	entries := func(feed string) int {
		resp, err := http.Get(s.url + "/feeds/" + feed + ".json")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return -1
		}
		body, _ := get(t, s.url+"/feeds/"+feed+".json")
		return strings.Count(string(body), `"date_published"`)
	}
	until := func(feed string, n int) {
		t.Helper()
		for end := time.Now().Add(90 * time.Second); entries(feed) != n; time.Sleep(100 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s has %d entries, want %d", feed, entries(feed), n)
			}
		}
	}
	until("front", 2)
	body, _ := get(t, s.url+"/feeds/front.json")
	if strings.Contains(string(body), `"story":`) {
		t.Errorf("nobody asked for stories: %s", body)
	}
	id := string(body)[strings.Index(string(body), `"id":"tag:`)+6:]
	id = id[:strings.IndexByte(id, '"')]
	if code, _, errs := wireroom(t, dir, "story", id); code != 1 || !strings.Contains(errs, "stories: true") {
		t.Errorf("exit %d: %s", code, errs)
	}
	writeConfig(t, dir, "feeds: [{id: front}, {id: once, once: story}]", list...)
	until("once", 1)
	if code, out, errs := wireroom(t, dir, "story", id); code != 0 || !strings.Contains(out, "2 articles") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}
