package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/server/control/controltest"
	"wireroom/server/token"
)

// counter gives bytes for tokens that differ.
type counter byte

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		*c++
		b[i] = byte(*c)
	}
	return len(b), nil
}

type bench struct {
	t      *testing.T
	room   *controltest.Room
	api    *API
	tokens []Token
	words  map[string]string // by name
}

// newBench is an API with a token for each scope, named like it, and one for all.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, room: controltest.New(t), words: map[string]string{}}
	random := new(counter)
	give := func(name string, scopes ...Scope) {
		word, hash, err := token.New(random)
		if err != nil {
			t.Fatal(err)
		}
		b.words[name] = word
		b.tokens = append(b.tokens, Token{name, hash, scopes})
	}
	for _, s := range Scopes() {
		give(string(s), s)
	}
	give("all", Scopes()...)
	var err error
	b.api, err = New(Options{Room: b.room, Store: b.room.Store, Tokens: func() []Token { return b.tokens }, Base: "https://news.example", Version: "1", Now: func() time.Time { return controltest.Now }})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) do(method, path, who, body string, header ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, Prefix+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+b.words[who])
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.api.ServeHTTP(w, r)
	return w
}

func (b *bench) want(w *httptest.ResponseRecorder, status int, parts ...string) {
	b.t.Helper()
	if w.Code != status {
		b.t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) {
			b.t.Errorf("no %q in %s", p, w.Body)
		}
	}
	if status >= 400 && w.Header().Get("Content-Type") != problemType {
		b.t.Errorf("an error as %q", w.Header().Get("Content-Type"))
	}
}

func articlePath(r article.Record) string { return "/articles/" + url.PathEscape(r.ID) }

// TestAnswers asks everything once and holds each answer to the description.
func TestAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := newValidator(t, b)
	story := controltest.Story("north", 1)
	done := map[string]bool{}
	for _, k := range []struct {
		op, method, path, body string
		status                 int
		parts                  []string
	}{
		{"describe", "GET", "/openapi.json", "", 200, []string{`"openapi": "3.1.0"`}},
		{"stats", "GET", "/stats", "", 200, []string{`"articles":3`}},
		{"listSources", "GET", "/sources", "", 200, []string{`"id":"east"`, `"state":"held"`, `"words":"There is nothing at the address`, `"saved_bytes":18000`}},
		{"listSources", "GET", "/sources?state=failing", "", 200, []string{`"id":"south"`}},
		{"getSource", "GET", "/sources/north", "", 200, []string{`"interval":"15m"`, `"why":"floor"`, `"outcome":"not-modified"`}},
		{"addSource", "POST", "/sources", `{"url":"https://site.example/feed"}`, 201, []string{`"id":"site"`}},
		{"changeSource", "PATCH", "/sources/site", `{"paused":true,"every":"10m","title":"Site"}`, 200, []string{`"paused":true`, `"every":"10m"`}},
		{"refresh", "POST", "/refresh", `{"sources":["north"],"force":true}`, 200, []string{`"new":1`}},
		{"removeSource", "DELETE", "/sources/site", "", 204, nil},
		{"discover", "POST", "/discover", `{"url":"site.example"}`, 200, []string{`"known":"north"`}},
		{"preview", "POST", "/preview", `{"url":"https://site.example/feed"}`, 200, []string{`"items":[`}},
		{"exportSources", "GET", "/opml", "", 200, []string{"<opml"}},
		{"importSources", "POST", "/opml", "<opml/>", 200, []string{`"known":1`}},
		{"listFeeds", "GET", "/feeds", "", 200, []string{"all.rss"}},
		{"listArticles", "GET", "/articles?source=north&lang=en&since=2026-01-01&limit=2", "", 200, []string{"Story 1 of north", `"next":`}},
		{"getArticle", "GET", articlePath(story), "", 200, []string{"Story 1 of north"}},
		{"joinStory", "POST", articlePath(story) + "/story", `{"with":["` + controltest.Story("north", 2).ID + `"]}`, 200, []string{`"story":"tag:news.example,2026:s-one"`}},
		{"splitStory", "DELETE", articlePath(story) + "/story", "", 200, []string{`s-split`}},
		{"cancelArticle", "POST", articlePath(story) + "/cancel", `{"reason":"wrong"}`, 200, []string{`"status":"canceled"`}},
		{"listVersions", "GET", articlePath(story) + "/versions", "", 200, []string{`"version":1`, `"version":2`, `"note":"wrong"`}},
	} {
		w := b.do(k.method, k.path, "all", k.body)
		t.Run(k.op, func(t *testing.T) {
			b := &bench{t: t}
			b.want(w, k.status, k.parts...)
			v.answer(t, k.op, w)
		})
		done[k.op] = true
	}
	for _, op := range b.api.operations {
		if !done[op.id] {
			t.Errorf("%s was not asked", op.id)
		}
	}
}

// TestScopes asks everything with no token, a wrong one, and each scope.
func TestScopes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, op := range b.api.operations {
		path := strings.ReplaceAll(op.path, "{id}", "nothing")
		if op.scope == Anyone {
			b.want(b.do(op.method, path, "", ""), 200)
			continue
		}
		w := b.do(op.method, path, "", "")
		b.want(w, 401, "about:blank")
		if w.Header().Get("WWW-Authenticate") != `Bearer realm="wireroom"` {
			t.Errorf("%s: %q", op.id, w.Header())
		}
		b.want(b.do(op.method, path, "", "", "Authorization", "Bearer wr_0000"), 401, "not one of ours")
		b.want(b.do(op.method, path, "", "", "Authorization", "Basic "+b.words["all"]), 401)
		for _, s := range Scopes() {
			w := b.do(op.method, path, string(s), "")
			if forbidden := w.Code == http.StatusForbidden; forbidden == (s == op.scope) {
				t.Errorf("%s with the scope %s: %d", op.id, s, w.Code)
			}
			if w.Code == http.StatusForbidden && !strings.Contains(w.Header().Get("WWW-Authenticate"), fmt.Sprintf("insufficient_scope\", scope=%q", op.scope)) {
				t.Errorf("%s: %s", op.id, w.Header().Get("WWW-Authenticate"))
			}
		}
	}
	b.tokens = nil
	b.want(b.do("GET", "/sources", "all", ""), 404, "the config names no api.tokens")
	b.want(b.do("GET", "/openapi.json", "", ""), 404)
}

func TestRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, k := range []struct {
		method, path, body string
		status             int
		part               string
	}{
		{"GET", "/nothing", "", 404, "openapi.json"},
		{"PUT", "/sources", "", 405, "Use "},
		{"GET", "/sources/nothing", "", 404, "There is no source \\\"nothing\\\"."},
		{"GET", "/sources/..%2f..%2fetc", "", 404, "no source"},
		{"GET", "/sources?limit=0x", "", 400, "whole number"},
		{"GET", "/sources?limit=5000", "", 400, "1 to 500"},
		{"GET", "/sources?limit=-1", "", 400, "1 to 500"},
		{"GET", "/sources?state=ill", "", 400, "state: expected"},
		{"GET", "/sources?cursor=!", "", 400, "cursor"},
		{"GET", "/articles?cursor=!", "", 400, "cursor"},
		{"GET", "/articles?since=soon", "", 400, "since: expected a time"},
		{"GET", "/articles?status=lost", "", 400, "status: expected"},
		{"GET", "/articles?q=%00", "", 400, "characters"},
		{"GET", "/articles?q=" + strings.Repeat("a", maxValue+1), "", 400, "too long"},
		{"GET", "/articles/nothing", "", 404, "There is no article"},
		{"GET", "/articles/nothing/versions", "", 404, "There is no article"},
		{"POST", "/articles/nothing/cancel", `{"reason":"x"}`, 404, "There is no article"},
		{"POST", "/sources", `{"url":`, 400, "can't be read"},
		{"POST", "/sources", `{"url":"https://x.example/"} {}`, 400, "something else"},
		{"POST", "/sources", `{"uri":"https://x.example/"}`, 400, "unknown field"},
		{"POST", "/sources", "{\"url\":\"\xff\"}", 400, "UTF-8"},
		{"POST", "/sources", strings.Repeat(" ", maxBody+1), 413, "larger"},
		{"PATCH", "/sources/nothing", `{}`, 404, "no source"},
		{"DELETE", "/articles/nothing/story", "", 404, "no article"},
		{"POST", "/articles/nothing/story", `{"with":["x"]}`, 404, "no article"},
		{"DELETE", "/sources/north", "", 409, "stands in the config"},
		{"POST", "/refresh", `{"sources":["nothing"]}`, 404, "no source"},
	} {
		b.want(b.do(k.method, k.path, "all", k.body), k.status, k.part)
	}
	b.want(b.do("POST", "/sources", "all", "url=x", "Content-Type", "text/plain"), 415, "application/json")
	for err, status := range map[error]int{
		control.Refuse(control.ErrInvalid, "no"): 422, control.Refuse(control.ErrUpstream, "no"): 502, control.Refuse(control.ErrReadOnly, "no"): 409,
		errors.New("a secret path"): 500,
	} {
		b.room.Fail = err
		w := b.do("POST", "/discover", "all", `{"url":"x"}`)
		b.want(w, status)
		if strings.Contains(w.Body.String(), "secret") {
			t.Error("an inner error is told to a client")
		}
	}
}

// TestPages walks lists by their cursors.
func TestPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, field := range map[string]string{"/sources?limit=1": "id", "/articles?limit=1": "headline"} {
		var seen []string
		for next := ""; len(seen) < 10; {
			var page struct {
				Items []map[string]any `json:"items"`
				Next  string           `json:"next"`
			}
			w := b.do("GET", path+"&cursor="+url.QueryEscape(next), "read", "")
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
				t.Fatal(err)
			}
			for _, it := range page.Items {
				seen = append(seen, it[field].(string))
			}
			if next = page.Next; next == "" {
				break
			}
		}
		want := []string{"east", "north", "south", "west"}
		if field == "headline" {
			want = []string{"Story 1 of north", "Story 2 of north", "Story 3 of north"}
		}
		if !slices.Equal(seen, want) {
			t.Errorf("%s: %q", path, seen)
		}
	}
}

// TestLines has a refresh told source by source.
func TestLines(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	w := b.do("POST", "/refresh", "refresh", `{"sources":["north","nothing"]}`, "Accept", linesType)
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if w.Code != 200 || w.Header().Get("Content-Type") != linesType || len(lines) != 2 ||
		!strings.Contains(lines[0], `"source":"north"`) || !strings.Contains(lines[1], `"problem":{"type":"about:blank","title":"Not Found","status":404`) {
		t.Errorf("%d %q", w.Code, lines)
	}
	b.want(b.do("POST", "/refresh", "refresh", `{"sources":["nothing"]}`, "Accept", linesType), 404)
}

func TestNames(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type]string{
		reflect.TypeFor[list[control.Status]](): "listOfStatus", reflect.TypeFor[list[article.Record]](): "listOfArticleRecord",
		reflect.TypeFor[article.Source](): "ArticleSource", reflect.TypeFor[control.Source](): "Source",
	} {
		if got := typeName(typ); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
