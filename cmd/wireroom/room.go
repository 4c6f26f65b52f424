package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"wireroom/article"
	"wireroom/cmd/wireroom/config"
	"wireroom/scheduler"
	"wireroom/scheduler/stories"
	"wireroom/server/api"
	"wireroom/server/control"
	"wireroom/sources/fetch"
	"wireroom/sources/opml"
	"wireroom/sources/read"
	"wireroom/store"
)

// room is the running program as the desk and the API know it.
type room struct {
	desk      *desk
	scheduler *scheduler.Scheduler
	getenv    func(string) (string, bool)
	fixed     bool // the config can't be changed

	edits sync.Mutex // one change of the config at a time
}

var _ control.Room = (*room)(nil)

// Sources are the configured ones, in their order.
func (r *room) Sources() []control.Source {
	c := r.desk.config()
	list := make([]control.Source, 0, len(c.Sources))
	for i := range c.Sources {
		list = append(list, described(&c.Sources[i]))
	}
	return list
}

func described(s *config.Source) control.Source {
	out := control.Source{
		ID: s.ID, URL: fetch.Redact(s.URL), Title: s.Title, Cron: s.Cron, Content: s.Content, Republish: s.Republish,
		Topics: s.Topics, Paused: s.Paused, Added: s.Added(), Changed: s.Changed(),
	}
	if s.Every > 0 {
		out.Every = s.Every.String()
	}
	return out
}

// Feeds are the combined feeds.
func (r *room) Feeds() []control.Feed {
	c := r.desk.config()
	var list []control.Feed
	for _, ch := range channels(c) {
		base := c.Server.BaseURL + "/feeds/" + ch.ID
		list = append(list, control.Feed{
			ID: ch.ID, Title: cmp.Or(ch.Title, ch.ID), Description: ch.Description, Page: base, RSS: base + ".rss", Atom: base + ".atom", JSON: base + ".json", Private: ch.Private(),
		})
	}
	return list
}

// tokens are the API's.
func (r *room) tokens() []api.Token {
	var list []api.Token
	for _, t := range r.desk.config().API.Tokens {
		k := api.Token{Name: t.Name, Hash: t.Hash}
		for _, s := range t.Scopes {
			k.Scopes = append(k.Scopes, api.Scope(s))
		}
		list = append(list, k)
	}
	return list
}

// Refresh polls beside the scheduler that runs, as `wireroom refresh` does.
func (r *room) Refresh(ctx context.Context, want control.Refresh, tell control.Tell) error {
	c, configured := r.desk.config(), r.desk.planned()
	list, ids := make([]*scheduler.Source, 0, len(configured)), want.Sources
	var mu sync.Mutex
	for _, s := range configured {
		mine := *s
		mine.Accept = want.Accept && slices.Contains(want.Sources, s.ID)
		if tell.Step != nil {
			mine.Watch = func(step scheduler.Step) {
				mu.Lock()
				defer mu.Unlock()
				tell.Step(stepped(s.ID, step))
			}
		}
		list = append(list, &mine)
		if len(want.Sources) == 0 {
			ids = append(ids, s.ID)
		}
	}
	for _, id := range want.Sources {
		if !slices.ContainsFunc(list, func(s *scheduler.Source) bool { return s.ID == id }) {
			return control.Refuse(control.ErrNotFound, "There is no source %q.", id)
		}
	}
	if want.Accept && len(want.Sources) == 0 {
		return control.Refuse(control.ErrInvalid, "To let in what is held, name the sources.")
	}
	done := func(p control.Polled) {
		mu.Lock()
		defer mu.Unlock()
		tell.Done(p)
	}
	s := scheduler.New(scheduler.Options{
		Store: r.desk.store, Poll: r.desk.poller.Poll, Workers: c.Fetch.Workers, Pace: time.Duration(c.Fetch.Pace), Name: "desk", Now: r.desk.now, Log: r.desk.log,
		Saved: func(e scheduler.Event) {
			r.scheduler.Saved(e)
			done(polled(e))
		},
	})
	s.SetSources(list)
	return s.Refresh(ctx, slices.Compact(slices.Sorted(slices.Values(ids))), want.Force || want.Accept, func(k scheduler.Skip) {
		done(control.Polled{Source: k.Source, Outcome: "skipped", Error: k.Why})
	})
}

func stepped(source string, s scheduler.Step) control.Step {
	return control.Step{Source: source, Stage: string(s.Stage), Status: s.Status, Bytes: s.Bytes, Items: s.Items, Known: s.Known, Page: s.Page, Pages: s.Pages}
}

func polled(e scheduler.Event) control.Polled {
	return control.Polled{
		Source: e.Source, Outcome: e.Log.Outcome, Status: e.Log.Status, New: e.Saved.New, Updated: e.Saved.Updated,
		Bytes: e.Log.Bytes, Millis: e.Log.Took.Milliseconds(), Error: e.Error, Due: e.Due.UTC(),
	}
}

// webAddress makes an address of the web of what somebody typed. Files are for
// those who can write the config.
func webAddress(typed string) (string, error) {
	address, _, err := fetch.Address(strings.TrimSpace(typed))
	if err != nil || !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return "", control.Refuse(control.ErrInvalid, "This is not an address of the web: it should look like https://news.example.org/.")
	}
	return address, nil
}

// Discover finds the feeds at an address.
func (r *room) Discover(ctx context.Context, typed string) ([]control.Candidate, error) {
	address, err := webAddress(typed)
	if err != nil {
		return nil, err
	}
	found, err := discover(ctx, r.desk.poller.Client, address)
	if err != nil {
		return nil, control.Refuse(control.ErrUpstream, "%v", err)
	}
	known := map[string]string{}
	for _, s := range r.desk.config().Sources {
		known[s.URL] = s.ID
	}
	list := make([]control.Candidate, 0, len(found))
	for _, k := range found {
		list = append(list, control.Candidate{URL: k.URL, Title: article.Line(k.Title), Type: k.Type, Known: known[k.URL]})
	}
	return list, nil
}

// previewed is how many articles a preview shows.
const previewed = 20

// Preview reads a feed once.
func (r *room) Preview(ctx context.Context, typed string) (control.Preview, error) {
	address, err := webAddress(typed)
	if err != nil {
		return control.Preview{}, err
	}
	doc, at, err := fetchDocument(ctx, r.desk.poller.Client, address)
	if err != nil {
		var page *read.Page
		if errors.As(err, &page) {
			return control.Preview{}, control.Refuse(control.ErrUpstream, "%s is a web page and no feed; look for its feeds first.", address)
		}
		return control.Preview{}, control.Refuse(control.ErrUpstream, "%v", err)
	}
	t := triedOf(doc, at, r.desk.config().Server.IDs)
	p := control.Preview{URL: address, Title: t.Title, Format: t.Format, Language: t.Language, Home: t.Home, Hubs: t.Hubs, Truncated: t.Truncated, Repairs: t.Repairs, Items: []control.PreviewItem{}}
	for _, it := range t.Items[:min(len(t.Items), previewed)] {
		p.Items = append(p.Items, control.PreviewItem{
			Headline: cmp.Or(it.Title, it.Derived), Link: it.Link, Published: it.Published, Byline: strings.Join(it.Authors, ", "), Agencies: it.Agencies,
			Summary: article.Cut(article.Line(cmp.Or(it.Summary, article.PlainText(it.Content))), 300), Skipped: it.Skipped,
		})
	}
	return p, nil
}

// maxReason bounds why an article is withdrawn, in runes.
const maxReason = 500

// Cancel withdraws an article under its host's claim, as a wire's own
// cancellation would.
func (r *room) Cancel(ctx context.Context, id, reason string) (article.Record, error) {
	if reason = article.Cut(article.Line(reason), maxReason); reason == "" {
		return article.Record{}, control.Refuse(control.ErrInvalid, "Say why the article is withdrawn.")
	}
	rec, err := r.desk.store.Article(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return rec, control.Refuse(control.ErrNotFound, "There is no article %q.", id)
	}
	if err != nil || rec.Status == article.Canceled {
		return rec, err
	}
	if !slices.ContainsFunc(r.Sources(), func(s control.Source) bool { return s.ID == rec.Source.ID }) {
		return rec, control.Refuse(control.ErrConflict, "The article's source %q is not in the config any more, so it is in no feed.", rec.Source.ID)
	}
	if err := r.scheduler.With(ctx, rec.Source.ID, func(_ context.Context, _ *scheduler.Source, st *store.State) scheduler.Outcome {
		return withdrawal(rec, st, reason, r.desk.now().UTC())
	}); err != nil {
		return rec, fmt.Errorf("withdraw %s: %w", id, err)
	}
	done, err := r.desk.store.Article(ctx, rec.ID)
	if err == nil && done.Status != article.Canceled {
		err = fmt.Errorf("withdraw %s: the store did not take it", id)
	}
	return done, err
}

// withdrawal is what is saved to withdraw an article. The schedule stays as it is.
func withdrawal(rec article.Record, st *store.State, reason string, now time.Time) scheduler.Outcome {
	st.History = append(slices.Clone(st.History), store.PollLog{At: now, Outcome: store.Withdrawn})
	st.History = st.History[max(0, len(st.History)-store.HistoryLen):]
	key := "desk:" + rec.ID // no item of the source has it
	id := rec.ID
	rec.Status, rec.Updated, rec.FirstSeen = article.Canceled, now, now
	rec.Revision = article.Revision{Kind: "withdrawal", Number: rec.Revision.Number, Note: reason}
	return scheduler.Outcome{Items: []store.Item{{Key: key, Is: id, Record: &rec}}}
}

// Export writes the sources of the web as OPML.
func (r *room) Export(w io.Writer) error {
	c := r.desk.config()
	return opml.Write(w, c.Server.Name+" sources", outlinesOf(c))
}

// Split takes articles out of their story.
func (r *room) Split(ctx context.Context, ids []string) (string, error) {
	if len(ids) == 0 {
		return "", control.Refuse(control.ErrInvalid, "Name the articles that leave the story.")
	}
	id, err := stories.Split(ctx, r.desk.store, ids, r.desk.now())
	return id, aboutStory(err)
}

// Join brings articles or stories into the story of an article, or begins one.
func (r *room) Join(ctx context.Context, id string, others []string) (string, error) {
	if len(others) == 0 {
		return "", control.Refuse(control.ErrInvalid, "Name what comes into the story.")
	}
	story, err := stories.Find(ctx, r.desk.store, id)
	switch {
	case errors.Is(err, stories.ErrAlone):
		others = append(slices.Clone(others), id) // it begins the story
	case err != nil:
		return "", aboutStory(err)
	}
	return story, aboutStory(stories.Join(ctx, r.desk.store, story, others, r.desk.now()))
}

// aboutStory says what was wrong with what was asked of a story.
func aboutStory(err error) error {
	switch {
	case errors.Is(err, stories.ErrAlone):
		return control.Refuse(control.ErrConflict, "The article is in no story with others.")
	case errors.Is(err, store.ErrNotFound):
		return control.Refuse(control.ErrNotFound, "There is no such article or story.")
	}
	return err
}
