package desk

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/server/control/controltest"
	"wireroom/store"
)

const password = "correct horse"

// counter gives bytes that differ.
type counter struct {
	mu sync.Mutex
	n  byte
}

func (c *counter) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range b {
		c.n++
		b[i] = c.n
	}
	return len(b), nil
}

// bench is a desk with somebody before it.
type bench struct {
	t      *testing.T
	room   *controltest.Room
	desk   *Desk
	secret Secret
	base   string
	now    time.Time
	from   string
	cookie *http.Cookie
	tls    bool
	log    bytes.Buffer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, room: controltest.New(t), secret: Secret{Password: password, Session: 12 * time.Hour}, base: "https://news.example", now: controltest.Now, from: "192.0.2.1:999"}
	b.desk = b.another()
	return b
}

// another is a replica of the desk: another process on the same store.
func (b *bench) another() *Desk {
	return New(Options{
		Room: b.room, Store: b.room.Store, Secret: func() Secret { return b.secret }, Base: func() string { return b.base }, Site: func() string { return "Test & Co" },
		Client: func(r *http.Request) netip.Addr { return netip.MustParseAddrPort(r.RemoteAddr).Addr() },
		Now:    func() time.Time { return b.now }, Random: new(counter), Log: slog.New(slog.NewTextHandler(&b.log, nil)), Version: "1",
	})
}

func (b *bench) send(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	r.RemoteAddr = b.from
	if r.TLS = nil; b.tls {
		r.TLS = &tls.ConnectionState{}
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookie = c; c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	return w
}

func (b *bench) get(path string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.send(httptest.NewRequestWithContext(b.t.Context(), "GET", "https://news.example"+path, nil))
}

func (b *bench) post(path string, form ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Set(form[i], form[i+1])
	}
	r := httptest.NewRequestWithContext(b.t.Context(), "POST", "https://news.example"+path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func (b *bench) login() {
	b.t.Helper()
	w := b.post("/desk/login", "password", password)
	if w.Code != http.StatusSeeOther || b.cookie == nil {
		b.t.Fatalf("login: %d %s", w.Code, w.Body)
	}
}

var formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is what the forms of the page carry.
func (b *bench) token() string {
	b.t.Helper()
	m := formToken.FindStringSubmatch(b.get("/desk/add").Body.String())
	if m == nil {
		b.t.Fatal("the page has no token")
	}
	return m[1]
}

// do sends a form as the page would.
func (b *bench) do(path string, form ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.post(path, append(form, "token", b.token())...)
}

func (b *bench) want(w *httptest.ResponseRecorder, status int, parts ...string) {
	b.t.Helper()
	if w.Code != status {
		b.t.Errorf("status %d, want %d: %.300s", w.Code, status, w.Body)
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) && !strings.Contains(html.UnescapeString(w.Body.String()), p) {
			b.t.Errorf("no %q in %.2000s", p, w.Body)
		}
	}
}

// to is where a redirect leads.
func to(w *httptest.ResponseRecorder) string { return w.Header().Get("Location") }

// TestPages looks at every page.
func TestPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	last := lastPart(controltest.Story("north", 1).ID)
	b.desk.Readers.Note("all", "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)")
	for path, parts := range map[string][]string{
		"/desk":                                  {"Overview", "Test & Co", "What needs somebody", "failing", "2 times in a row", "There is nothing at the address", "New articles an hour, by source", "18.0 kB"},
		"/desk/":                                 {"Overview"},
		"/desk/sources":                          {"North <Wire>", "north", "15m", "floor", "The last 3 polls: 1 with news, 0 failed; the last: news", "in 15m", "ampersand 3", "Articles a day", "1 "},
		"/desk/sources?state=held":               {"west", "far more than ever"},
		"/desk/sources?q=SOUTH":                  {"south"},
		"/desk/sources?q=nobody":                 {"none of that kind"},
		"/desk/sources/north":                    {"not modified (304)", "80 ms", "https://north.example/feed", "Story 1 of north", "Pause", "in the config"},
		"/desk/sources/south":                    {"nothing is there (404)", "There is nothing at the address"},
		"/desk/sources/west":                     {"Let in what is held"},
		"/desk/sources/east":                     {"Not polled yet"},
		"/desk/sources/nothing":                  {"There is no source \"nothing\"."},
		"/desk/nowhere":                          {"There is no such page"},
		"/desk/add":                              {"Find feeds", "OPML"},
		"/desk/articles":                         {"Story 1 of north", "Story 3 of north"},
		"/desk/articles?q=2&source=north":        {"Story 2 of north"},
		"/desk/articles?status=canceled":         {"There are none."},
		"/desk/articles?after=x":                 {"not one of ours"},
		"/desk/articles/" + last:                 {"Withdraw", "news.example", "Versions"},
		"/desk/articles/nothing":                 {"There is nothing of that name"},
		"/desk/feeds":                            {"Feedly", "16", "Desk <only>", "private"},
		"/desk/sources/north?done=paused":        {"The source is paused"},
		"/desk/sources/north?done=%3Cb%3Enot":    {"North"},
		"/desk/sources?state=%22%3E%3Cscript%3E": {"none of that kind"},
	} {
		w := b.get(path)
		status := 200
		switch {
		case strings.HasSuffix(path, "nothing"), strings.HasSuffix(path, "nowhere"):
			status = 404
		case strings.HasSuffix(path, "after=x"):
			status = 422
		}
		b.want(w, status, parts...)
		if strings.Contains(w.Body.String(), "<script") || strings.Contains(w.Body.String(), "style=") || strings.Contains(w.Body.String(), "<b>not") {
			t.Errorf("%s has a script, a style or somebody's text in it", path)
		}
		for name, value := range map[string]string{"Content-Security-Policy": policy, "X-Frame-Options": "DENY", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
			if w.Header().Get(name) != value {
				t.Errorf("%s: %s: %q", path, name, w.Header().Get(name))
			}
		}
	}
	if w := b.get(stylePath); w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("the style: %d", w.Code)
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
		t.Error("the policy lets scripts in")
	}
}

// TestActions does everything that can be done.
func TestActions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	last := "/desk/articles/" + lastPart(controltest.Story("north", 1).ID)
	for _, k := range []struct {
		path     string
		form     []string
		status   int
		to, part string
	}{
		{"/desk/find", []string{"url", " site.example "}, 200, "", "A <b>site</b>"},
		{"/desk/preview", []string{"url", "https://site.example/feed"}, 200, "", "<script>alert(1)</script>"},
		{"/desk/sources", []string{"url", "https://site.example/feed", "title", "Site"}, 303, "/desk/sources/site?done=added", ""},
		{"/desk/sources/site", []string{"do", "pause"}, 303, "/desk/sources/site?done=paused", ""},
		{"/desk/sources/site", []string{"do", "resume"}, 303, "/desk/sources/site?done=resumed", ""},
		{"/desk/sources/site", []string{"do", "rename", "title", "New"}, 303, "/desk/sources/site?done=changed", ""},
		{"/desk/sources/site", []string{"do", "interval", "every", "10m"}, 303, "/desk/sources/site?done=changed", ""},
		{"/desk/sources/site", []string{"do", "explode"}, 422, "", "what is to be done"},
		{"/desk/sources/nothing", []string{"do", "pause"}, 404, "", "no source"},
		{"/desk/sources/site/refresh", []string{"do", "try"}, 303, "/desk/sources/site/tries/*", ""},
		{"/desk/sources/west/refresh", []string{"do", "accept"}, 303, "/desk/sources/west/tries/*", ""},
		{"/desk/sources/site/remove", nil, 303, "/desk/sources?done=removed", ""},
		{"/desk/sources/north/remove", nil, 409, "", "stands in the config"},
		{last + "/story", []string{"do", "join", "with", "https://news.example/articles/" + lastPart(controltest.Story("north", 2).ID)}, 303, last + "?done=joined", ""},
		{last + "/story", []string{"do", "split", "member", controltest.Story("north", 2).ID}, 303, last + "?done=split", ""},
		{last + "/story", []string{"do", "leave"}, 303, last + "?done=split", ""},
		{last + "/story", []string{"do", "split"}, 422, "", "Name some"},
		{last + "/story", []string{"do", "join", "with", " "}, 422, "", "Name the article"},
		{last + "/story", []string{"do", "join", "with", "nothing"}, 404, "", "no article"},
		{last + "/story", []string{"do", "burn"}, 422, "", "what is to be done"},
		{last, []string{"reason", "wrong"}, 422, "", "Confirm"},
		{last, []string{"reason", "wrong", "sure", "yes"}, 303, last + "?done=withdrawn", ""},
	} {
		w := b.do(k.path, k.form...)
		b.desk.tries.running.Wait()
		b.want(w, k.status, k.part)
		if begin, any := strings.CutSuffix(k.to, "*"); to(w) != k.to && (!any || !strings.HasPrefix(to(w), begin)) {
			t.Errorf("%s leads to %q, want %q", k.path, to(w), k.to)
		}
	}
	second := b.get("/desk/articles/" + lastPart(controltest.Story("north", 2).ID))
	b.want(second, 200, "No other article tells it")
	b.want(b.do("/desk/articles/"+lastPart(controltest.Story("north", 2).ID)+"/story", "do", "join", "with", controltest.Story("north", 3).ID), 303)
	b.want(b.get("/desk/articles/"+lastPart(controltest.Story("north", 2).ID)), 200, "Story 3 of north", "Take the marked ones out")
	asked := strings.Join(b.room.Asked, "\n")
	for _, part := range []string{"discover site.example", "add site https://site.example/feed", "refresh [site] force=true accept=false", "refresh [west] force=true accept=true", "cancel Story 1 of north: wrong"} {
		if !strings.Contains(asked, part) {
			t.Errorf("%q was not asked of the room: %s", part, asked)
		}
	}
	if r, err := b.room.Store.Article(t.Context(), controltest.Story("north", 1).ID); err != nil || r.Status != article.Canceled {
		t.Errorf("%v %v", r.Status, err)
	}
	b.room.Fail = control.Refuse(control.ErrUpstream, "no answer from <there>")
	b.want(b.do("/desk/find", "url", "x"), 502, "no answer from <there>")
	b.room.Fail = errors.New("a secret")
	w := b.do("/desk/find", "url", "x")
	if b.want(w, 500, "the log says what"); strings.Contains(w.Body.String(), "a secret") {
		t.Error("an inner error is shown")
	}
}

// TestLists brings a list in and out.
func TestLists(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	upload := func(token, name string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		if err := m.WriteField("token", token); err != nil {
			t.Fatal(err)
		}
		f, err := m.CreateFormFile(name, "../../etc/passwd")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("<opml/>")); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), "POST", "https://news.example/desk/opml", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return b.send(r)
	}
	b.want(upload(b.token(), "list"), 200, "2 sources were added, 1 were there already")
	b.want(upload(b.token(), "other"), 422, "Choose a file")
	b.want(upload("forged", "list"), 403)
	if !slices.Equal(b.room.Lists, []string{"<opml/>"}) {
		t.Errorf("%q", b.room.Lists)
	}
	w := b.get("/desk/opml")
	if b.want(w, 200, "<opml"); !strings.Contains(w.Header().Get("Content-Disposition"), `filename="sources.opml"`) {
		t.Error(w.Header())
	}
}

// TestReplicas logs in at one desk and works at another.
func TestReplicas(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	first := b.desk
	b.desk = b.another()
	b.want(b.get("/desk/add"), 200, "Find feeds")
	old := b.cookie
	b.want(b.do("/desk/logout"), 303)
	b.desk, b.cookie = first, old
	if w := b.get("/desk/add"); w.Code != 303 {
		t.Errorf("a session that was left elsewhere: %d", w.Code)
	}
}

// TestBehindPath serves below a path that a proxy takes off.
func TestBehindPath(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.base = "https://news.example/wire/"
	if w := b.get("/desk/sources"); to(w) != "/wire/desk/login?to=%2Fdesk%2Fsources" {
		t.Error(to(w))
	}
	b.login()
	w := b.get("/desk")
	for _, m := range regexp.MustCompile(`(?:href|action)="(/[^"]*)"`).FindAllStringSubmatch(w.Body.String(), -1) {
		if !strings.HasPrefix(m[1], "/wire/") {
			t.Errorf("%s leads out of /wire/", m[1])
		}
	}
}

// unready is a store whose index of words is being made.
type unready struct{ Store }

func (unready) Select(context.Context, article.Query) ([]article.Record, error) {
	return nil, fmt.Errorf("the index of words: %w", store.ErrNotReady)
}

func TestUnready(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.login()
	b.desk.Store = unready{b.room.Store}
	b.want(b.get("/desk/articles?q=storm"), 503, "try again in a minute")
	if strings.Contains(b.log.String(), "ERROR") {
		t.Error(b.log.String())
	}
}
