package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wireroom/cmd/wireroom/config"
	"wireroom/sources/fetch"
	"wireroom/store"
)

// shelf is a store with the faults that a test wants.
type shelf struct {
	store.Store
	stats, put, check error
	docs              map[string]store.Document
}

func (s *shelf) Close() error                               { return nil }
func (s *shelf) Stats(context.Context) (store.Stats, error) { return store.Stats{Articles: 5}, s.stats }
func (s *shelf) QuickCheck(context.Context) error           { return s.check }
func (s *shelf) Document(_ context.Context, _, key string) (store.Document, error) {
	if d, ok := s.docs[key]; ok {
		return d, nil
	}
	return store.Document{}, store.ErrNotFound
}
func (s *shelf) Put(_ context.Context, list []store.Document) error {
	if s.put == nil {
		if list[0].Revision != s.docs[list[0].Key].Revision {
			return store.ErrConflict
		}
		list[0].Revision++
		s.docs[list[0].Key] = list[0]
	}
	return s.put
}
func (s *shelf) Delete(_ context.Context, list []store.Document) error {
	delete(s.docs, list[0].Key)
	return nil
}

// way answers for hosts: with a Date off by skew, or an error.
type way struct {
	mu    sync.Mutex
	asked []string
	skew  time.Duration
	fails map[string]error
}

func (w *way) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r.URL.String())
	if err := w.fails[r.URL.Host]; err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	rec.Header().Set("Date", time.Now().Add(-w.skew).UTC().Format(http.TimeFormat))
	rec.WriteHeader(http.StatusNotFound)
	return rec.Result(), nil
}

// names resolves everything but what ends in .invalid.
type names struct{}

func (names) LookupHost(_ context.Context, host string) ([]string, error) {
	if strings.HasSuffix(host, ".invalid") {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []string{"192.0.2.1"}, nil
}

// patient is a doctor before an installation in which all is well.
func patient(t *testing.T, yaml string) (*Doctor, *shelf, *way) {
	t.Helper()
	c, err := config.Parse("wireroom.yaml", []byte(yaml), func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	s, w := &shelf{docs: map[string]store.Document{}}, &way{fails: map[string]error{}}
	return &Doctor{
		Config: c, Out: w, Agent: "Wireroom/test", Resolver: names{}, Now: time.Now,
		Open:      func(context.Context) (store.Store, error) { return s, nil },
		Free:      func(string) (uint64, bool) { return 10 << 30, true },
		OpenFiles: func() (float64, bool) { return 65536, true },
	}, s, w
}

const twoSources = `
server: {listen: "127.0.0.1:1", private_listen: "127.0.0.1:9090"}
fetch: {user_agent_contact: "news@example.org"}
sources:
  - {id: a, url: "https://a.example/feed"}
  - {id: a2, url: "https://a.example/other"}
  - {id: b, url: "https://b.example/feed"}
  - {id: off, url: "https://off.example/feed", paused: true}
  - {id: folder, url: "file:wire"}
`

func examine(t *testing.T, d *Doctor) []Finding {
	t.Helper()
	var list []Finding
	d.Examine(t.Context(), func(f Finding) { list = append(list, f) })
	return list
}

// of returns the worst finding of a check.
func of(list []Finding, check string) Finding {
	rank := []string{Good, Skipped, Warning, Bad}
	worst := Finding{}
	for _, f := range list {
		if f.Check == check && (worst.Check == "" || slices.Index(rank, f.State) > slices.Index(rank, worst.State)) {
			worst = f
		}
	}
	return worst
}

func TestAllIsWell(t *testing.T) {
	t.Parallel()
	d, s, w := patient(t, twoSources)
	for _, f := range examine(t, d) {
		if f.State != Good && f.Check != "base_url" {
			t.Errorf("%+v", f)
		}
		if f.State == Good && f.Do != "" {
			t.Errorf("something to do though it is well: %+v", f)
		}
	}
	slices.Sort(w.asked)
	if got := strings.Join(w.asked, " "); got != "https://a.example/robots.txt https://b.example/robots.txt" {
		t.Errorf("asked %s: want each host once", got)
	}
	if len(s.docs) != 0 {
		t.Error("what was written to try is still there")
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name   string
		yaml   string
		change func(*Doctor, *shelf, *way)
		check  string
		state  string
		says   string // a part of it
		do     string
	}{
		{"store shut", "", func(d *Doctor, _ *shelf, _ *way) {
			d.Open = func(context.Context) (store.Store, error) { return nil, errors.New("permission denied") }
		}, "store", Bad, "permission denied", "write into it"},
		{"store unread", "", func(_ *Doctor, s *shelf, _ *way) { s.stats = errors.New("disk I/O error") }, "store", Bad, "can't be read", "folder"},
		{"store read-only", "", func(_ *Doctor, s *shelf, _ *way) { s.put = errors.New("readonly database") }, "store", Bad, "can't be written", "write into it"},
		{"postgres", "store: \"postgres://u:secretword@db.example/x\"", func(_ *Doctor, s *shelf, _ *way) { s.stats = errors.New("no route") }, "store", Bad, "postgres://db.example/x", "PGPASSWORD"},
		{"slow store", "", func(d *Doctor, _ *shelf, _ *way) {
			begun, looks := time.Now(), new(atomic.Int64) // things are looked at side by side
			d.Now = func() time.Time { return begun.Add(time.Duration(looks.Add(2)) * time.Second) }
		}, "store", Warning, "read and written in", "network file system"},
		{"damage", "", func(_ *Doctor, s *shelf, _ *way) { s.check = errors.New("row 7 missing") }, "integrity", Bad, "row 7", "backup"},
		{"left over", "", func(_ *Doctor, s *shelf, _ *way) {
			s.docs["write"] = store.Document{Kind: "doctor", Key: "write", Revision: 3}
		}, "store", Good, "5 articles", ""},
		{"disk full", "", func(d *Doctor, _ *shelf, _ *way) { d.Free = func(string) (uint64, bool) { return 1 << 20, true } }, "disk", Bad, "1 MB", "make room"},
		{"disk nearly full", "", func(d *Doctor, _ *shelf, _ *way) { d.Free = func(string) (uint64, bool) { return 500 << 20, true } }, "disk", Warning, "500 MB", "soon"},
		{"disk unknown", "", func(d *Doctor, _ *shelf, _ *way) { d.Free = func(string) (uint64, bool) { return 0, false } }, "disk", Skipped, "", ""},
		{"few files", "", func(d *Doctor, _ *shelf, _ *way) { d.OpenFiles = func() (float64, bool) { return 256, true } }, "open files", Warning, "256", "LimitNOFILE"},
		{"files unknown", "", func(d *Doctor, _ *shelf, _ *way) { d.OpenFiles = func() (float64, bool) { return 0, false } }, "open files", Skipped, "", ""},
		{"open metrics", "server: {private_listen: \":9090\"}", nil, "metrics", Warning, "every address", "127.0.0.1"},
		{"no metrics", "server: {name: X}", nil, "metrics", Skipped, "", ""},
		{"no sources", "server: {name: X}", nil, "config", Warning, "no sources", "wireroom add"},
		{"no contact", "sources: [{id: a, url: \"https://a.example/\"}]", nil, "config", Warning, "publishers", "user_agent_contact"},
		{"clock fast", "", func(_ *Doctor, _ *shelf, w *way) { w.skew = 20 * time.Minute }, "clock", Bad, "fast", "NTP"},
		{"clock slow", "", func(_ *Doctor, _ *shelf, w *way) { w.skew = -30 * time.Second }, "clock", Warning, "slow", "NTP"},
		{"one name", "fetch: {user_agent_contact: a@b.example}\nsources: [{id: a, url: \"https://a.example/\"}, {id: b, url: \"https://b.invalid/\"}]", nil, "names", Warning, "b.invalid", "addresses"},
		{"no names", "sources: [{id: b, url: \"https://b.invalid/\"}]", nil, "names", Bad, "none of 1", "resolv.conf"},
		{"names by proxy", "fetch: {proxy: \"http://proxy.example:3128\"}\nsources: [{id: b, url: \"https://b.invalid/\"}]", nil, "names", Skipped, "proxy", ""},
		{"only figures", "sources: [{id: b, url: \"https://192.0.2.7/\"}]", nil, "names", Skipped, "", ""},
		{"no clock", "sources: [{id: b, url: \"https://b.invalid/\"}]", nil, "clock", Skipped, "", ""},
		{"one host", "", func(_ *Doctor, _ *shelf, w *way) {
			w.fails["b.example"] = &fetch.Error{Kind: fetch.KindTLS, Reason: "unknown authority"}
		}, "sources", Warning, "b: https://b.example can't be reached: unknown authority", "certificates"},
		{"blocked", "", func(_ *Doctor, _ *shelf, w *way) {
			w.fails["b.example"] = &fetch.Error{Kind: fetch.KindBlocked, Reason: "private"}
		}, "sources", Warning, "private", "allow_networks"},
		{"no way out", "", func(_ *Doctor, _ *shelf, w *way) {
			w.fails["a.example"], w.fails["b.example"] = &fetch.Error{Kind: fetch.KindTimeout}, &fetch.Error{Kind: fetch.KindConnect}
		}, "sources", Bad, "none of 2", "fetch.proxy"},
		{"only files", "sources: [{id: b, url: \"file:wire\"}]", nil, "sources", Skipped, "", ""},
		{"not running", "", nil, "base_url", Skipped, "127.0.0.1:1", "wireroom serve"},
		{"offline", "", func(d *Doctor, _ *shelf, w *way) { d.Offline, w.fails = true, nil }, "sources", Skipped, "--offline", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			yaml := k.yaml
			if yaml == "" {
				yaml = twoSources
			}
			d, s, w := patient(t, yaml)
			if k.change != nil {
				k.change(d, s, w)
			}
			list := examine(t, d)
			f := of(list, k.check)
			if f.State != k.state || !strings.Contains(f.Says, k.says) || !strings.Contains(f.Do, k.do) || k.do == "" && f.Do != "" {
				t.Errorf("%+v; want %s, %q, %q", f, k.state, k.says, k.do)
			}
			if d.Offline && len(w.asked) > 0 {
				t.Errorf("offline, and asked %v", w.asked)
			}
			if text := fmt.Sprint(list); strings.Contains(text, "secretword") {
				t.Errorf("a secret was told: %s", text)
			}
		})
	}
}

// TestOnlyNamedSources and at most maxHosts otherwise.
func TestHowManyHosts(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("sources:\n")
	for i := range 50 {
		fmt.Fprintf(&b, "  - {id: s%d, url: \"https://h%d.example/\"}\n", i, i)
	}
	d, _, w := patient(t, b.String())
	examine(t, d)
	if len(w.asked) != maxHosts {
		t.Errorf("%d hosts were asked, want %d", len(w.asked), maxHosts)
	}
	d, _, w = patient(t, b.String())
	d.Only = []string{"s40"}
	examine(t, d)
	if len(w.asked) != 1 || w.asked[0] != "https://h40.example/robots.txt" {
		t.Errorf("asked %v", w.asked)
	}
}

// TestBaseURL has a server and what may stand before it.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `"abc"`) }))
	t.Cleanup(own.Close)
	at, err := url.Parse(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		name   string
		answer http.HandlerFunc // of base_url; nil: the server itself
		closed bool
		state  string
		says   string
	}{
		{"itself", nil, false, Warning, "from this machine only"},
		{"a proxy that compresses", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `W/"abc-gzip"`) }, false, Warning, "from this machine only"},
		{"another server", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `"xyz"`) }, false, Warning, "another version"},
		{"a page of somebody's", http.NotFound, false, Bad, "404"},
		{"nobody", nil, true, Bad, "does not answer"},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			base := own.URL
			if k.answer != nil || k.closed {
				front := httptest.NewServer(k.answer)
				base = front.URL
				if k.closed {
					front.Close()
				} else {
					t.Cleanup(front.Close)
				}
			}
			d, _, _ := patient(t, fmt.Sprintf("server: {listen: %q, base_url: %q}", at.Host, base))
			if f := d.base(t.Context()); f.State != k.state || !strings.Contains(f.Says, k.says) || f.Do == "" {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestOwn(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://127.0.0.1:80", "[::]:80": "http://127.0.0.1:80", "10.0.0.1:80": "http://10.0.0.1:80", "box:80": "http://box:80",
	} {
		d := Doctor{Config: &config.Config{Server: config.Server{Listen: listen}}}
		if got := d.own(); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}
