package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
)

// asProgram makes the test's binary run as wireroom, so that tests can start
// and kill the whole program.
const asProgram = "WIREROOM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is a wireroom process in a folder of its own.
func program(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// wireroom runs a command to its end, in this process.
func wireroom(t *testing.T, dir string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if len(args) > 0 && dir != "" {
		args = append(args, "--config", filepath.Join(dir, "wireroom.yaml"))
	}
	code = run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// serving is a running server.
type serving struct {
	url string
	cmd *exec.Cmd
	log *journal
}

// journal is what a process writes while the test reads it.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// end is the last part of what was written: a test's own words must not drown in it.
func (j *journal) end() string {
	lines := strings.Split(strings.TrimSpace(j.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// serve starts a server on the config of dir and waits until it is ready.
func serve(t *testing.T, dir string, args ...string) *serving {
	t.Helper()
	s := &serving{log: &journal{}}
	ctx, cancel := context.WithCancel(context.Background())
	s.cmd = program(ctx, dir, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Stderr = s.log
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(os.Interrupt) }
	s.cmd.WaitDelay = 30 * time.Second
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		err := s.cmd.Wait()
		if t.Failed() {
			t.Logf("server: %v\n%s", err, s.log.end())
		}
	})
	for range 1200 {
		if s.url = served(s.log.String()); s.url != "" {
			if resp, err := http.Get(s.url + "/readyz"); err == nil {
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					return s
				}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the server did not get ready")
	return nil
}

// served is the address that a server says it serves at, "" as long as it does not.
func served(log string) string {
	_, rest, _ := strings.Cut(log, "Wireroom serves ")
	_, rest, ok := strings.Cut(rest, " at ")
	address, _, whole := strings.Cut(rest, "/\n")
	if !ok || !whole {
		return ""
	}
	return address
}

// publisher serves documents with ETags and counts what it answered.
type publisher struct {
	*httptest.Server
	mu     sync.Mutex
	docs   map[string][]byte
	counts map[int]int
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{docs: map[string][]byte{}, counts: map[int]int{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// host is the address of the same publisher on a host of its own.
func (p *publisher) host(t *testing.T, n int) string {
	t.Helper()
	ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", n+2))
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { srv.Close() })
	return "http://" + ln.Addr().String()
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, ok := p.docs[r.URL.Path]
	if !ok {
		p.counts[404]++
		http.NotFound(w, r)
		return
	}
	etag := fmt.Sprintf(`"%x"`, xxhash.Sum64(body))
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Type", "application/octet-stream")
	if r.Header.Get("If-None-Match") == etag {
		p.counts[304]++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	p.counts[200]++
	_, _ = w.Write(body)
}

func (p *publisher) put(path string, body string) {
	p.mu.Lock()
	p.docs[path] = []byte(body)
	p.mu.Unlock()
}

// tally returns the counts and begins anew.
func (p *publisher) tally() map[int]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counts
	p.counts = map[int]int{}
	return c
}

// source is one line of a config made by writeConfig.
type source struct{ id, url, extra string }

// writeConfig writes a config with these sources into dir. Every host counts as
// its own by its name and port.
func writeConfig(t *testing.T, dir, more string, sources ...source) {
	t.Helper()
	var b strings.Builder
	if !strings.Contains(more, "fetch:") {
		more += "\nfetch: {allow_networks: [127.0.0.0/8]}"
	}
	b.WriteString("server: {listen: \"127.0.0.1:1\", base_url: \"http://127.0.0.1:8080\"}\n" + more + "\nsources:\n")
	for _, s := range sources {
		fmt.Fprintf(&b, "  - {id: %s, url: %q, republish: full%s}\n", s.id, s.url, s.extra)
	}
	if len(sources) == 0 {
		b.WriteString("  []\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "wireroom.yaml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// rss is a document with these stories.
func rss(title string, stories ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>https://wire.example/</link><description>d</description>`, title)
	for i, s := range stories {
		fmt.Fprintf(&b, `<item><title>%s</title><guid isPermaLink="false">%s/%s</guid><link>https://wire.example/%s</link><pubDate>Mon, 23 Nov 2026 %02d:%02d:00 GMT</pubDate><description>About %s.</description></item>`,
			s, title, s, strings.ReplaceAll(s, " ", "-"), i/60%24, i%60, s)
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

func TestUsageAndExitCodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := newPublisher(t)
	p.put("/a", rss("A", "one"))
	writeConfig(t, dir, "", source{"a", p.URL + "/a", ""}, source{"missing", p.URL + "/missing", ", paused: false"})
	for _, k := range []struct {
		name string
		args []string
		code int
		want string // in what is printed
	}{
		{"help", []string{"help"}, 0, "Usage:"},
		{"version", []string{"version"}, 0, "wireroom "},
		{"no such command", []string{"fly"}, 2, "unknown command"},
		{"no such flag", []string{"feeds", "--fast"}, 2, "unknown flag"},
		{"check", []string{"check"}, 0, "is good: 2 sources"},
		{"schema", []string{"check", "--schema"}, 0, `"title": "wireroom.yaml"`},
		{"feeds", []string{"feeds"}, 0, "http://127.0.0.1:8080/feeds/all.rss"},
		{"one feed", []string{"feeds", "all"}, 0, "http://127.0.0.1:8080/feeds/all.atom"},
		{"no such feed", []string{"feeds", "al"}, 2, `did you mean "all"?`},
		{"feeds json", []string{"feeds", "--json"}, 0, `"atom":"http://127.0.0.1:8080/feeds/all.atom"`},
		{"no such source", []string{"refresh", "nobody"}, 2, `there is no source "nobody"`},
		{"a failing source", []string{"refresh"}, 1, "missing: "},
		{"sources", []string{"sources"}, 0, "failing"},
		{"a source", []string{"sources", "a"}, 0, "POLL"},
		{"sources json", []string{"sources", "--json"}, 0, `"state":"failing"`},
		{"no such article", []string{"article", "nothing"}, 1, "there is no article"},
		{"no server", []string{"healthcheck"}, 1, "no answer"},
		{"export", []string{"export"}, 0, "xmlUrl="},
		{"completion", []string{"completion", "bash"}, 0, "complete"},
		{"wrong log level", []string{"sources", "--log-level", "loud"}, 2, "--log-level"},
	} {
		code, out, errs := wireroom(t, dir, k.args...)
		if code != k.code || !strings.Contains(out+errs, k.want) {
			t.Errorf("%s: exit %d, want %d and %q; printed:\n%s%s", k.name, code, k.code, k.want, out, errs)
		}
	}
	if code, _, errs := wireroom(t, t.TempDir(), "check"); code != 2 || !strings.Contains(errs, "wireroom.yaml") {
		t.Errorf("missing config: exit %d: %s", code, errs)
	}
}

func TestTryAndExtract(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeConfig(t, dir, "")
	p := newPublisher(t)
	p.put("/feed.xml", rss("A", "one", "two"))
	p.put("/", `<html><head><title>Site</title><link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml"></head><body><p>x</p></body></html>`)
	p.put("/broken", "\x00\x01 nothing")
	file := filepath.Join(dir, "f.xml")
	if err := os.WriteFile(file, []byte(rss("F", "three")), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := wireroom(t, dir, "try", "--json", "--base", "https://x.example/f.xml", file, p.URL+"/", p.URL+"/broken")
	if code != 1 || !strings.Contains(errs, "/broken") {
		t.Errorf("exit %d: %s", code, errs)
	}
	var titles []string
	for line := range strings.Lines(out) {
		var o tried
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, fmt.Sprintf("%s:%d", o.Title, len(o.Items)))
	}
	if got := strings.Join(titles, " "); got != "F:1 A:2 :0" {
		t.Errorf("tried %s", got)
	}
	if code, out, _ = wireroom(t, dir, "try", file); code != 0 || !strings.Contains(out, "three") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out, errs = wireroom(t, dir, "extract", "--json", file); code != 0 || !strings.Contains(out, `"headline":"three"`) {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestAddImportExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeConfig(t, dir, "", source{"here", "https://here.example/feed", ""})
	p := newPublisher(t)
	p.put("/feed.xml", rss("A", "one"))
	p.put("/more.xml", rss("More", "two"))
	p.put("/", `<html><head><link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">
		<link rel="alternate" type="application/rss+xml" title="More" href="/more.xml"></head><body><p>x</p></body></html>`)
	if code, out, errs := wireroom(t, dir, "add", "--id", "site", "--first", p.URL+"/"); code != 0 || !strings.Contains(out, "added site: "+p.URL+"/feed.xml") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, _, errs := wireroom(t, dir, "add", p.URL+"/feed.xml"); code != 2 || !strings.Contains(errs, "is there already") {
		t.Errorf("added twice: exit %d: %s", code, errs)
	}
	if code, out, errs := wireroom(t, dir, "refresh", "site"); code != 0 {
		t.Errorf("refresh: exit %d: %s%s", code, out, errs)
	}
	list := filepath.Join(dir, "subs.opml")
	if code, _, errs := wireroom(t, dir, "export", list); code != 0 {
		t.Fatalf("export: exit %d: %s", code, errs)
	}
	other := t.TempDir()
	writeConfig(t, other, "")
	if err := os.WriteFile(filepath.Join(other, "wireroom.yaml"), []byte("# mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := wireroom(t, other, "import", list); code != 0 || !strings.Contains(out, "2 sources added") {
		t.Errorf("import: exit %d: %s%s", code, out, errs)
	}
	if code, out, _ := wireroom(t, other, "import", list); code != 0 || !strings.Contains(out, "0 sources added, 2 were there already") {
		t.Errorf("import twice: %s", out)
	}
}
