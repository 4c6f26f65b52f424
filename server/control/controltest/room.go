// Package controltest is a newsroom for the tests of what stands on package
// control: a real store with two sources, and a Room that keeps its config in
// memory and asks nobody.
package controltest

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/store"
	"wireroom/store/sqlite"
)

// Now is the time of the tests.
var Now = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// Room is a control.Room over a store.
type Room struct {
	Store *sqlite.Store
	t     testing.TB

	mu      sync.Mutex
	sources []control.Source
	Fail    error // returned by whatever changes something
	Asked   []string
	Lists   []string      // that were imported
	Slow    chan struct{} // if set: a refresh waits for it before it is done
}

// New makes a newsroom: north does well, south fails, west is held, east is new.
func New(t testing.TB) *Room {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r := &Room{Store: s, t: t}
	for _, id := range []string{"east", "north", "south", "west"} {
		r.sources = append(r.sources, control.Source{ID: id, URL: "https://" + id + ".example/feed", Republish: "full"})
	}
	r.sources[1].Title = "North <Wire>"
	r.sync()
	r.poll("north", func(st *store.State) {
		st.Interval, st.Detail.Why, st.Detail.Repairs = 15*time.Minute, "floor", map[string]int{"ampersand": 3}
		log(st, "not-modified", 304, 100, 0)
		log(st, "not-modified", 304, 100, 0)
		log(st, "new", 200, 9000, 3)
	}, Story("north", 1), Story("north", 2), Story("north", 3))
	r.poll("south", func(st *store.State) {
		log(st, "not-found", 404, 0, 0)
		st.Failures, st.Error = 2, "fetch https://south.example/feed: nothing is there (404)"
	})
	r.poll("west", func(st *store.State) {
		log(st, "new", 200, 90000, 300)
		st.Detail.Held, st.Detail.HeldAt = 300, Now
	})
	return r
}

func log(st *store.State, outcome string, status int, bytes int64, fresh int) {
	n := len(st.History)
	st.History = append(st.History, store.PollLog{At: Now.Add(time.Duration(n-10) * time.Hour), Took: 80 * time.Millisecond, Outcome: outcome, Status: status, Bytes: bytes, New: fresh})
	st.LastPoll = st.History[n].At
}

// Story is article number i of a source.
func Story(source string, i int) article.Record {
	at := Now.Add(-time.Duration(i) * time.Hour)
	return article.Record{
		ID: article.Mint("news.example", source, fmt.Sprint(i)), Version: 1, Status: article.Usable, Language: "en",
		Headline: fmt.Sprintf("Story %d of %s", i, source), Source: article.Source{ID: source, Name: source},
		Published: at, Updated: at, FirstSeen: at.Add(5 * time.Minute), Links: article.Links{Canonical: fmt.Sprintf("https://%s.example/%d", source, i)},
		Body: article.Body{Text: "Text.", HTML: "<p>Text.</p>"},
	}
}

// poll saves what a poll of a source came to.
func (r *Room) poll(source string, change func(*store.State), list ...article.Record) {
	r.t.Helper()
	ctx := context.Background()
	claims, _, err := r.Store.Claim(ctx, store.ClaimRequest{Worker: "test", Now: Now, Lease: time.Minute, Hosts: 1, Sources: []string{source}})
	if err != nil || len(claims) != 1 {
		r.t.Fatalf("claim %s: %v %v", source, claims, err)
	}
	st := claims[0].Sources[0]
	change(&st)
	st.Due = Now.Add(15 * time.Minute)
	var items []store.Item
	for _, rec := range list {
		items = append(items, store.Item{Key: "g:" + rec.ID, Is: rec.ID, Record: &rec})
	}
	saved, err := r.Store.Save(ctx, []store.Poll{{Host: claims[0].Host, Token: claims[0].Token, State: st, Items: items}}, store.Back(time.Time{}, claims...)...)
	if err == nil {
		err = saved[0].Err
	}
	if err != nil {
		r.t.Fatalf("save %s: %v", source, err)
	}
}

func (r *Room) sync() {
	r.t.Helper()
	var list []store.Source
	for _, s := range r.sources {
		list = append(list, store.Source{ID: s.ID, Host: s.ID + ".example", Title: s.Title, Republish: article.Full, Paused: s.Paused})
	}
	if err := r.Store.Sync(context.Background(), list); err != nil {
		r.t.Fatal(err)
	}
}

func (r *Room) note(format string, args ...any) error {
	r.Asked = append(r.Asked, fmt.Sprintf(format, args...))
	return r.Fail
}

// Sources are the configured ones.
func (r *Room) Sources() []control.Source {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sources)
}

// Feeds are one public and one private feed.
func (r *Room) Feeds() []control.Feed {
	return []control.Feed{
		{ID: "all", Title: "All", Page: "https://news.example/feeds/all", RSS: "https://news.example/feeds/all.rss", Atom: "https://news.example/feeds/all.atom", JSON: "https://news.example/feeds/all.json"},
		{ID: "desk", Title: "Desk <only>", Private: true},
	}
}

// Refresh reports each source as polled, after some steps. Slow holds it up.
func (r *Room) Refresh(ctx context.Context, want control.Refresh, tell control.Tell) error {
	for _, id := range want.Sources {
		if !slices.ContainsFunc(r.Sources(), func(s control.Source) bool { return s.ID == id }) {
			return control.Refuse(control.ErrNotFound, "There is no source %q.", id)
		}
		if tell.Step != nil {
			for _, s := range []control.Step{{Stage: "asking"}, {Stage: "answered", Status: 200, Bytes: 4321}, {Stage: "reading", Items: 1, Known: 29}, {Stage: "paging", Page: 1, Pages: 1}, {Stage: "saving"}} {
				s.Source = id
				tell.Step(s)
			}
		}
		if r.Slow != nil {
			select {
			case <-r.Slow:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		tell.Done(control.Polled{Source: id, Outcome: "new", New: 1, Due: Now})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.note("refresh %v force=%v accept=%v", want.Sources, want.Force, want.Accept)
}

// Discover finds two feeds anywhere but at private addresses.
func (r *Room) Discover(_ context.Context, address string) ([]control.Candidate, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.note("discover %s", address); err != nil {
		return nil, err
	}
	return []control.Candidate{
		{URL: "https://site.example/feed?a=1&b=2", Title: "A <b>site</b>", Type: "atom"},
		{URL: "https://north.example/feed", Type: "rss", Known: "north"},
	}, nil
}

// Preview shows one article.
func (r *Room) Preview(_ context.Context, address string) (control.Preview, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return control.Preview{URL: address, Title: "A site", Format: "atom", Items: []control.PreviewItem{
		{Headline: "<script>alert(1)</script>", Link: "https://site.example/1", Published: Now, Summary: "What happened."},
	}}, r.note("preview %s", address)
}

// Cancel withdraws an article in the store.
func (r *Room) Cancel(ctx context.Context, id, reason string) (article.Record, error) {
	rec, err := r.Store.Article(ctx, id)
	if err != nil {
		return rec, err
	}
	if err := r.note("cancel %s: %s", rec.Headline, reason); err != nil {
		return rec, err
	}
	rec.Status, rec.Revision.Note = article.Canceled, reason
	r.poll(rec.Source.ID, func(st *store.State) { log(st, store.Withdrawn, 0, 0, 0) }, rec)
	return r.Store.Article(ctx, id)
}

// Split puts articles into a story of their own.
func (r *Room) Split(ctx context.Context, ids []string) (string, error) {
	if len(ids) == 0 {
		return "", control.Refuse(control.ErrInvalid, "Name some.")
	}
	return "tag:news.example,2026:s-split", r.assign(ctx, "tag:news.example,2026:s-split", ids)
}

// Join puts articles into one story.
func (r *Room) Join(ctx context.Context, id string, others []string) (string, error) {
	return "tag:news.example,2026:s-one", r.assign(ctx, "tag:news.example,2026:s-one", append([]string{id}, others...))
}

func (r *Room) assign(ctx context.Context, story string, ids []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []store.Assignment
	for _, id := range ids {
		rec, err := r.Store.Article(ctx, id)
		if err != nil {
			return control.Refuse(control.ErrNotFound, "There is no article %q.", id)
		}
		list = append(list, store.Assignment{Article: rec.ID, Story: story})
	}
	if err := r.note("story %s of %d", story, len(ids)); err != nil {
		return err
	}
	return r.Store.Assign(ctx, list)
}

// Add makes a source.
func (r *Room) Add(_ context.Context, n control.New) (control.Source, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := control.Source{ID: n.ID, URL: n.URL, Title: n.Title, Added: true}
	if s.ID == "" {
		s.ID = "site"
	}
	if err := r.note("add %s %s", s.ID, s.URL); err != nil {
		return s, err
	}
	r.sources = append(r.sources, s)
	r.sync()
	return s, nil
}

// Change changes a source.
func (r *Room) Change(_ context.Context, id string, c control.Change) (control.Source, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.sources {
		s := &r.sources[i]
		if s.ID != id {
			continue
		}
		if err := r.note("change %s", id); err != nil {
			return *s, err
		}
		if c.Title != nil {
			s.Title = *c.Title
		}
		if c.Every != nil {
			s.Every = *c.Every
		}
		if c.Paused != nil {
			s.Paused = *c.Paused
		}
		s.Changed = true
		r.sync()
		return *s, nil
	}
	return control.Source{}, control.Refuse(control.ErrNotFound, "There is no source %q.", id)
}

// Remove removes a source that was added.
func (r *Room) Remove(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.sources {
		if r.sources[i].ID != id {
			continue
		}
		if !r.sources[i].Added {
			return control.Refuse(control.ErrConflict, "%q stands in the config; remove it there.", id)
		}
		r.sources = slices.Delete(r.sources, i, i+1)
		r.sync()
		return r.note("remove %s", id)
	}
	return control.Refuse(control.ErrNotFound, "There is no source %q.", id)
}

// Import remembers the list.
func (r *Room) Import(_ context.Context, list io.Reader) (control.Imported, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, err := io.ReadAll(list)
	if err != nil {
		return control.Imported{}, err
	}
	r.Lists = append(r.Lists, string(body))
	return control.Imported{Added: []string{"one", "two"}, Known: 1}, r.Fail
}

// Export writes a list.
func (r *Room) Export(w io.Writer) error {
	_, err := io.WriteString(w, "<opml version=\"2.0\"/>")
	return err
}
