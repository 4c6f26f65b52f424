package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestCopiesServeTheSame: two processes on copies of one store hand out the same
// bytes and entity tags, archives included, and so does one after a restart.
func TestCopiesServeTheSame(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	p := newPublisher(t)
	var stories []string
	for i := range 70 {
		stories = append(stories, fmt.Sprint("story ", i))
	}
	p.put("/a", rss("A", stories...))
	p.put("/b", rss("B", "x", "y"))
	for _, dir := range []string{first, second} {
		writeConfig(t, dir, "fetch: {allow_networks: [127.0.0.0/8], pace: 1ms}\nfeeds: [{id: small, limit: 20}]\n",
			source{"a", p.URL + "/a", ", paused: false"}, source{"b", p.URL + "/b", ""})
	}
	if code, _, errs := wireroom(t, first, "refresh"); code != 0 {
		t.Fatal(errs)
	}
	if err := os.CopyFS(filepath.Join(second, "data"), os.DirFS(filepath.Join(first, "data"))); err != nil {
		t.Fatal(err)
	}
	paths := append(documents("all", "small"), "/feeds/all.atom?q=story", "/feeds/small/archive/1.atom", "/feeds/small/archive/2.rss", "/feeds/small/archive/3.json", "/feeds.opml")
	read := func(dir string) map[string]string {
		s := serve(t, dir)
		storied(s.url)
		out := map[string]string{}
		for _, path := range paths {
			body, etag := get(t, s.url+path)
			out[path] = etag + string(body)
		}
		return out
	}
	want := read(first)
	for name, got := range map[string]map[string]string{"the copy": read(second), "after a restart": read(first)} {
		for _, path := range paths {
			if got[path] != want[path] {
				t.Errorf("%s: %s differs", name, path)
			}
		}
	}
}
