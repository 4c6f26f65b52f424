package feed_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wireroom/feed"
	"wireroom/internal/need"
)

// shelf hands out snapshots as RFC 3229 and the HTTP rules have it, as far as a
// reader's polling goes.
type shelf struct {
	mu     sync.Mutex
	base   string
	pack   *feed.Compressor
	doc    *feed.Document
	old    map[string]feed.Index
	status []int
	asked  []string // what If-None-Match said
}

func (s *shelf) publish(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doc = feed.Prepare(feed.Site{BaseURL: s.base}, world, feed.Page{Records: numbered(n)})
}

func (s *shelf) last() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status[len(s.status)-1]
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := feed.Format(strings.TrimPrefix(filepath.Ext(r.URL.Path), "."))
	snap, err := s.doc.Snap(f, s.pack)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.old[snap.Tag] = snap.Index
	body := snap.Identity
	for _, coding := range []string{"br", "gzip"} {
		if strings.Contains(r.Header.Get("Accept-Encoding"), coding) {
			body, _ = snap.Body(coding)
			break
		}
	}
	code, asked := http.StatusOK, feed.TagOf(r.Header.Get("If-None-Match"))
	bytes := body.Bytes
	if asked == snap.Tag {
		code, bytes = http.StatusNotModified, nil
	} else if index, known := s.old[asked]; known && strings.Contains(r.Header.Get("A-IM"), "feed") {
		if delta, ok := s.doc.Delta(f, index); ok {
			part, err := delta.Snap(f, s.pack)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			packed, _ := part.Body(body.Coding)
			code, bytes = http.StatusIMUsed, packed.Bytes
			w.Header().Set("IM", "feed")
		}
	}
	w.Header().Set("Content-Type", snap.ContentType)
	w.Header().Set("ETag", body.ETag)
	w.Header().Set("Last-Modified", snap.LastModified)
	if body.Coding != "" {
		w.Header().Set("Content-Encoding", body.Coding)
	}
	w.WriteHeader(code)
	_, _ = w.Write(bytes)
	s.status = append(s.status, code)
	s.asked = append(s.asked, r.Header.Get("If-None-Match"))
}

// TestNewsboat subscribes newsboat to each feed: it reads all items, spares
// itself a third download, and keeps its old items when a delta comes.
func TestNewsboat(t *testing.T) {
	t.Parallel()
	prog := need.Program(t, "newsboat")
	for _, f := range []feed.Format{feed.RSS, feed.Atom} {
		t.Run(f.Name(), func(t *testing.T) {
			t.Parallel()
			s := &shelf{pack: newCompressor(t), old: map[string]feed.Index{}}
			srv := httptest.NewServer(s)
			defer srv.Close()
			s.base = srv.URL
			s.publish(20)
			dir := t.TempDir()
			site := feed.Site{BaseURL: srv.URL}
			opml, err := feed.OPML(site, []feed.Channel{world}, day(1, 0, 0))
			if err != nil {
				t.Fatal(err)
			}
			opml = []byte(strings.ReplaceAll(string(opml), "world.rss", "world."+string(f)))
			for name, content := range map[string]string{"urls": "", "config": "auto-reload no\n", "feeds.opml": string(opml)} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := func(args ...string) string {
				t.Helper()
				args = append([]string{"-u", dir + "/urls", "-c", dir + "/cache.db", "-C", dir + "/config"}, args...)
				cmd := exec.Command(prog, args...)
				cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=dumb", "LC_ALL=C.UTF-8")
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("newsboat %v: %v\n%s", args, err, out)
				}
				return string(out)
			}
			run("-i", dir+"/feeds.opml")
			if urls, _ := os.ReadFile(dir + "/urls"); !strings.Contains(string(urls), srv.URL+"/feeds/world."+string(f)) {
				t.Fatalf("newsboat imports %q", urls)
			}
			// Version 2.21 forgets the ETag of its first download, and under load
			// that of the second now and then.
			for range 6 {
				if run("-x", "reload"); s.last() == http.StatusNotModified {
					break
				}
			}
			if s.last() != http.StatusNotModified {
				t.Fatalf("newsboat is never answered 304: %v; it asked with %q", s.status, s.asked)
			}
			if got := run("-x", "print-unread"); !strings.HasPrefix(got, "20 ") {
				t.Errorf("newsboat has %q", got)
			}
			s.publish(23)
			run("-x", "reload")
			if got := run("-x", "print-unread"); !strings.HasPrefix(got, "23 ") {
				t.Errorf("after the delta newsboat has %q", got)
			}
			if s.last() != http.StatusIMUsed {
				t.Errorf("newsboat was answered %v; it asked with %q", s.status, s.asked)
			}
		})
	}
}

// TestFeedparserDelta has feedparser ask for a delta, which it does of itself.
func TestFeedparserDelta(t *testing.T) {
	t.Parallel()
	python := need.Feedparser(t)
	s := &shelf{pack: newCompressor(t), old: map[string]feed.Index{}}
	srv := httptest.NewServer(s)
	defer srv.Close()
	s.base = srv.URL
	s.publish(20)
	ask := func(etag string) string {
		t.Helper()
		const script = `import feedparser, sys
f = feedparser.parse(sys.argv[1], etag=sys.argv[2] or None)
print(f.status, len(f.entries), int(f.bozo), f.get("etag", ""))`
		cmd := exec.Command(python, "-c", script, srv.URL+"/feeds/world.atom", etag)
		cmd.Env = append(os.Environ(), "no_proxy=*")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	answer, etag, _ := strings.Cut(ask(""), " 0 ")
	if answer != "200 20" {
		t.Fatalf("at first feedparser gets %s", answer)
	}
	if got := ask(etag); !strings.HasPrefix(got, "304 0") {
		t.Errorf("then %s", got)
	}
	s.publish(23)
	if got := ask(etag); !strings.HasPrefix(got, "226 3 ") {
		t.Errorf("after the change %s", got)
	}
}
