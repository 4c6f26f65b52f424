package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// newsroom is a server over a real store, which the test files articles into.
type newsroom struct {
	t     testing.TB
	store *sqlite.Store
	pub   *Publisher
	srv   *httptest.Server

	handler *Server
}

// start is when the articles of the tests begin; they are a minute apart.
var start = time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -2)

func newNewsroom(t testing.TB, channels ...feed.Channel) *newsroom {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Sync(t.Context(), []store.Source{
		{ID: "north", Host: "north.example", Title: "North", Republish: article.Full},
		{ID: "south", Host: "south.example", Title: "South", Republish: article.Full},
	}); err != nil {
		t.Fatal(err)
	}
	pub, err := NewPublisher(s, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	pub.cache.lenient = 0 // a test asks for what is there now
	n := &newsroom{t: t, store: s, pub: pub}
	n.handler = New(Options{Store: s, Publisher: pub, Log: pub.log})
	n.srv = httptest.NewServer(n.handler.Handler())
	t.Cleanup(n.srv.Close)
	t.Cleanup(n.handler.streams.close)
	if len(channels) == 0 {
		channels = []feed.Channel{{ID: "all", Title: "All", Language: "en"}}
	}
	if err := pub.Set(t.Context(), feed.Site{BaseURL: n.srv.URL, Name: "Test", Art: Art(n.srv.URL)}, channels); err != nil {
		t.Fatal(err)
	}
	return n
}

// story is an article number i of a source.
func story(source string, i int) article.Record {
	at := start.Add(time.Duration(i) * time.Minute)
	return article.Record{
		ID: article.Mint("news.example", source, fmt.Sprint(i)), Version: 1, Status: article.Usable, Language: "en",
		Headline: fmt.Sprintf("Story %d of %s", i, source), Standfirst: "What happened.",
		Source:    article.Source{ID: source, Name: source},
		Published: at, Updated: at, FirstSeen: at,
		Links: article.Links{Canonical: fmt.Sprintf("https://%s.example/%d", source, i)},
		Body:  article.Body{HTML: fmt.Sprintf("<p>Text number %d.</p>", i), Text: fmt.Sprintf("Text number %d.", i)},
	}
}

// again is an article as a poll of this moment brings it.
func again(source string, i int) article.Record {
	r := story(source, i)
	r.Version, r.FirstSeen = 2, time.Now().UTC()
	r.Updated = r.FirstSeen
	return r
}

// file stores articles and brings the feeds up to date.
func (n *newsroom) file(list ...article.Record) {
	n.t.Helper()
	ctx := context.Background()
	bySource := map[string][]store.Item{}
	for _, r := range list {
		bySource[r.Source.ID] = append(bySource[r.Source.ID], store.Item{Key: r.ID, Record: &r})
	}
	for source, items := range bySource {
		claims, _, err := n.store.Claim(ctx, store.ClaimRequest{Worker: "test", Now: time.Now(), Lease: time.Minute, Hosts: 1, Sources: []string{source}})
		if err != nil || len(claims) != 1 {
			n.t.Fatalf("claim %s: %v %v", source, claims, err)
		}
		st := claims[0].Sources[0]
		st.Due = time.Now().Add(time.Hour)
		saved, err := n.store.Save(ctx, []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: st, Items: items}}, store.Back(time.Time{}, claims...)...)
		if err == nil {
			err = saved[0].Err
		}
		if err != nil {
			n.t.Fatalf("save %s: %v", source, err)
		}
	}
	if err := n.pub.Update(ctx); err != nil {
		n.t.Fatal(err)
	}
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask makes a request; header is name, value, name, value.
func (n *newsroom) ask(method, path string, header ...string) answer {
	n.t.Helper()
	r, err := http.NewRequest(method, n.srv.URL+path, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func (n *newsroom) get(path string, header ...string) answer {
	n.t.Helper()
	return n.ask("GET", path, header...)
}

// titles are the headlines of a feed in their order, shortened to source and number.
func (n *newsroom) titles(path string) []string {
	n.t.Helper()
	a := n.get(path)
	if a.status != http.StatusOK {
		n.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return titlesOf(n.t, a.body)
}

func titlesOf(t testing.TB, body string) []string {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	list := []string{}
	for _, it := range f.Items {
		var i int
		var source string
		if _, err := fmt.Sscanf(it.Title, "Story %d of %s", &i, &source); err != nil {
			t.Fatalf("title %q: %v", it.Title, err)
		}
		list = append(list, fmt.Sprint(source, " ", i))
	}
	return list
}

func (n *newsroom) wantTitles(path string, want ...string) {
	n.t.Helper()
	if want == nil {
		want = []string{}
	}
	if got := n.titles(path); !slices.Equal(got, want) {
		n.t.Errorf("%s: %s, want %s", path, strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

// second publishes the same from the same store, as another process would.
func (n *newsroom) second() *Publisher {
	n.t.Helper()
	p, err := NewPublisher(n.store, n.pub.log)
	if err != nil {
		n.t.Fatal(err)
	}
	ed := n.pub.current.Load()
	if err := p.Set(n.t.Context(), ed.site, ed.channels); err != nil {
		n.t.Fatal(err)
	}
	return p
}
