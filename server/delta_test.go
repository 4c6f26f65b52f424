package server

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/internal/need"
)

func TestDelta(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	for i := range 6 {
		n.file(story("north", i))
	}
	for _, path := range []string{"/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/feeds/all.atom?source=north"} {
		first := n.get(path)
		// newest is 100 or more, and later each time
		i := 100 + len(n.titles("/feeds/all.rss"))
		n.file(story("north", i))
		whole := n.get(path)
		got := n.get(path, "A-IM", "feed", "If-None-Match", first.header.Get("ETag"), "Accept-Encoding", "identity")
		if got.status != http.StatusIMUsed {
			t.Errorf("%s: %d, want 226", path, got.status)
			continue
		}
		if list := titlesOf(t, got.body); !slices.Equal(list, []string{fmt.Sprint("north ", i)}) {
			t.Errorf("%s: the delta has %v", path, list)
		}
		if feed.TagOf(got.header.Get("ETag")) != feed.TagOf(whole.header.Get("ETag")) {
			t.Errorf("%s: ETag %s, want that of the whole %s", path, got.header.Get("ETag"), whole.header.Get("ETag"))
		}
		for name, want := range map[string]string{
			"IM": "feed", "Cache-Control": "no-store, im", "Vary": varyFixed, "Content-Type": whole.header.Get("Content-Type"),
			"Link": whole.header.Get("Link"), "Last-Modified": whole.header.Get("Last-Modified"),
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got.header.Get(name), want)
			}
		}
		if whole.header.Get("Vary") != varyFixed {
			t.Errorf("%s: Vary of the whole: %s", path, whole.header.Get("Vary"))
		}
		for name, k := range map[string]struct {
			method string
			header []string
			want   int
		}{
			"the same":      {"GET", []string{"A-IM", "feed", "If-None-Match", got.header.Get("ETag")}, 304},
			"among several": {"GET", []string{"A-IM", "vcdiff, feed;q=0.5", "If-None-Match", `"x", ` + first.header.Get("ETag")}, 226},
			"weak, gzip":    {"GET", []string{"A-IM", "feed", "If-None-Match", `W/"` + feed.TagOf(first.header.Get("ETag")) + `-gzip"`}, 226},
			"no A-IM":       {"GET", []string{"If-None-Match", first.header.Get("ETag")}, 200},
			"another A-IM":  {"GET", []string{"A-IM", "vcdiff", "If-None-Match", first.header.Get("ETag")}, 200},
			"refused":       {"GET", []string{"A-IM", "feed;q=0", "If-None-Match", first.header.Get("ETag")}, 200},
			"unknown":       {"GET", []string{"A-IM", "feed", "If-None-Match", `"nobody"`}, 200},
			"no validator":  {"GET", []string{"A-IM", "feed"}, 200},
			"head":          {"HEAD", []string{"A-IM", "feed", "If-None-Match", first.header.Get("ETag")}, 200},
		} {
			if a := n.ask(k.method, path, k.header...); a.status != k.want {
				t.Errorf("%s, %s: %d, want %d", path, name, a.status, k.want)
			}
		}
	}
}

// TestDeltaTombstone: Atom can say what left; the others are sent whole.
func TestDeltaTombstone(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.file(story("north", 1), story("north", 2), story("north", 3))
	first := map[string]string{}
	for _, ext := range []string{"atom", "rss", "json"} {
		first[ext] = n.get("/feeds/all." + ext).header.Get("ETag")
	}
	gone := again("north", 2)
	gone.Status = article.Canceled
	n.file(gone)
	for ext, want := range map[string]int{"atom": 226, "rss": 200, "json": 200} {
		a := n.get("/feeds/all."+ext, "A-IM", "feed", "If-None-Match", first[ext])
		if a.status != want {
			t.Errorf("%s: %d, want %d", ext, a.status, want)
		}
		if ext == "atom" {
			if g := gravesOf(t, a.body); len(g) != 1 || strings.Contains(a.body, "<entry>") {
				t.Errorf("the delta is not the tombstone alone: %s", a.body)
			}
		}
	}
}

// TestHistoryBounds: versions are forgotten by number and by bytes.
func TestHistoryBounds(t *testing.T) {
	t.Parallel()
	h := newHistory()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i := range historyMost + 50 {
		h.add("a", &feed.Snapshot{Tag: fmt.Sprint(i)}, now)
	}
	if got := len(h.docs["a"]); got != historyMost {
		t.Errorf("%d versions, want %d", got, historyMost)
	}
	h.add("a", &feed.Snapshot{Tag: "late"}, now.Add(historyAge+time.Hour))
	if got := len(h.docs["a"]); got != historyLen+1 {
		t.Errorf("%d versions after a week, want %d", got, historyLen+1)
	}
	if _, _, ok := h.find("a", []string{"late"}); !ok {
		t.Error("the newest version is not found")
	}
	if _, _, ok := h.find("b", []string{"late"}); ok {
		t.Error("a version of another document is found")
	}
	h.limit = 10_000
	for i := range 100 {
		h.add(fmt.Sprint("doc", i), &feed.Snapshot{Tag: "x"}, now)
	}
	if h.bytes > h.limit || h.bytes <= 0 || len(h.docs) > 20 {
		t.Errorf("%d bytes in %d documents, want at most %d bytes", h.bytes, len(h.docs), h.limit)
	}
}

// TestNewsboatDelta: a real reader asks for deltas and keeps what it had.
func TestNewsboatDelta(t *testing.T) {
	t.Parallel()
	newsboat := need.Program(t, "newsboat")
	n := newNewsroom(t)
	var records []article.Record
	for i := range 5 {
		records = append(records, story("north", i))
	}
	n.file(records...)
	statuses := make(chan int, 100)
	inner := n.srv.Config.Handler
	n.srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counting{ResponseWriter: w}
		inner.ServeHTTP(c, r)
		statuses <- c.status
	})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "urls"), []byte(n.srv.URL+"/feeds/all.atom\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), newsboat, append([]string{"-u", "urls", "-c", "cache.db", "-C", os.DevNull}, args...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("newsboat: %v\n%s", err, out)
		}
		return string(out)
	}
	run("-x", "reload")
	run("-x", "reload") // the first one stores no ETag
	run("-x", "reload")
	n.file(story("north", 50))
	run("-x", "reload")
	if unread := run("-x", "print-unread"); !strings.HasPrefix(unread, "6 ") {
		t.Errorf("newsboat has %q, want 6 articles", unread)
	}
	close(statuses)
	var got []int
	for s := range statuses {
		got = append(got, s)
	}
	if want := []int{200, 200, 304, 226}; !slices.Equal(got, want) {
		t.Errorf("newsboat got %v, want %v", got, want)
	}
}

type counting struct {
	http.ResponseWriter
	status int
}

func (c *counting) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}
