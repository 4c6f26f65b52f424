package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/server/control"
	"wireroom/store"
)

// The sizes of a page.
const (
	pageSize    = 50
	maxPageSize = 500
)

// table is everything that the API does.
func (a *API) table() []operation {
	refresh := define("refresh", "POST", "/refresh", Poll, "Poll sources now; returns when their articles are stored. With Accept: application/x-ndjson each source is told as it is done.", a.refresh)
	refresh.stream = func(ctx context.Context, in any, emit func(any)) error {
		return a.Room.Refresh(ctx, control.Refresh(in.(refreshInput)), control.Tell{Done: func(p control.Polled) { emit(p) }})
	}
	patience := refresh.call
	refresh.call = func(w http.ResponseWriter, r *http.Request, in any) error { patient(w); return patience(w, r, in) }
	return []operation{
		a.openAPI(),
		define("stats", "GET", "/stats", Read, "Count what the store holds.", a.stats),
		define("listSources", "GET", "/sources", Read, "List the sources with their health, in order of id.", a.listSources),
		define("addSource", "POST", "/sources", Edit, "Add a source.", a.addSource),
		define("getSource", "GET", "/sources/{id}", Read, "One source with the history of its polls.", a.getSource),
		define("changeSource", "PATCH", "/sources/{id}", Edit, "Pause, rename, or change the interval of a source.", a.changeSource),
		define("removeSource", "DELETE", "/sources/{id}", Edit, "Remove a source that was added here; its articles leave all feeds.", a.removeSource),
		refresh,
		define("discover", "POST", "/discover", Edit, "Find the feeds of a site, or check the address of a feed.", a.discover),
		define("preview", "POST", "/preview", Edit, "Read a feed once and show what would be stored.", a.preview),
		a.exportOPML(),
		a.importOPML(),
		define("listFeeds", "GET", "/feeds", Read, "The combined feeds and their addresses.", a.listFeeds),
		define("listArticles", "GET", "/articles", Read, "Articles, the newest first. Of several values of one parameter any may match; all parameters must.", a.listArticles),
		define("getArticle", "GET", "/articles/{id}", Read, "One article's record.", a.getArticle),
		define("listVersions", "GET", "/articles/{id}/versions", Read, "The versions of an article, the oldest first.", a.listVersions),
		define("joinStory", "POST", "/articles/{id}/story", Edit, "Bring articles, or whole stories, into the story of an article. The decision wins over all evidence.", a.joinStory),
		define("splitStory", "DELETE", "/articles/{id}/story", Edit, "Take an article out of its story; it becomes one of its own.", a.splitStory),
		define("cancelArticle", "POST", "/articles/{id}/cancel", Kill, "Withdraw an article for ever: it leaves every feed, and a notice says so.", a.cancelArticle),
	}
}

func (a *API) stats(ctx context.Context, _ none) (store.Stats, error) { return a.Store.Stats(ctx) }

type sourcesInput struct {
	State  string `query:"state" desc:"Only those in that state: ok, new, failing, held, gone or paused."`
	Cursor string `query:"cursor" desc:"From the page before."`
	Limit  int    `query:"limit" desc:"1 to 500; 50 if absent."`
}

func (a *API) listSources(ctx context.Context, in sourcesInput) (list[control.Status], error) {
	out := list[control.Status]{Items: []control.Status{}}
	limit, err := limitOf(in.Limit)
	if err != nil {
		return out, err
	}
	if in.State != "" && !slices.Contains(control.Healths(), control.Health(in.State)) {
		return out, refuse(errInput, "state: expected ok, new, failing, held, gone or paused, not %q.", in.State)
	}
	after, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err != nil {
		return out, refuse(errInput, "cursor is not one that an answer of ours gave.")
	}
	err = control.Each(ctx, a.Room, a.Store, string(after), func(s control.Status) bool {
		if in.State != "" && s.State != control.Health(in.State) {
			return true
		}
		if len(out.Items) == limit {
			out.Next = base64.RawURLEncoding.EncodeToString([]byte(out.Items[limit-1].ID))
			return false
		}
		s.History = nil // only of one source
		out.Items = append(out.Items, s)
		return true
	})
	return out, err
}

func limitOf(asked int) (int, error) {
	if n := cmp.Or(asked, pageSize); n >= 1 && n <= maxPageSize {
		return n, nil
	}
	return 0, refuse(errInput, "limit: expected 1 to %d, not %d.", maxPageSize, asked)
}

type idInput struct {
	ID string `path:"id" desc:"Id of the source."`
}

func (a *API) getSource(ctx context.Context, in idInput) (control.Status, error) {
	return control.Look(ctx, a.Room, a.Store, in.ID)
}

// newSource is a source that was made.
type newSource struct{ control.Source }

func (s newSource) location() string { return Prefix + "/sources/" + s.ID }

type newInput control.New

func (a *API) addSource(ctx context.Context, in newInput) (newSource, error) {
	s, err := a.Room.Add(ctx, control.New(in))
	return newSource{s}, err
}

type changeInput struct {
	ID string `path:"id" json:"-" desc:"Id of the source."`
	control.Change
}

func (a *API) changeSource(ctx context.Context, in changeInput) (control.Source, error) {
	return a.Room.Change(ctx, in.ID, in.Change)
}

func (a *API) removeSource(ctx context.Context, in idInput) (none, error) {
	return none{}, a.Room.Remove(ctx, in.ID)
}

type refreshInput control.Refresh

func (a *API) refresh(ctx context.Context, in refreshInput) (list[control.Polled], error) {
	out := list[control.Polled]{Items: []control.Polled{}}
	err := a.Room.Refresh(ctx, control.Refresh(in), control.Tell{Done: func(p control.Polled) { out.Items = append(out.Items, p) }})
	return out, err
}

type addressInput struct {
	URL string `json:"url" desc:"Address of a site or of a feed."`
}

func (a *API) discover(ctx context.Context, in addressInput) (list[control.Candidate], error) {
	found, err := a.Room.Discover(ctx, in.URL)
	return list[control.Candidate]{Items: found}, err
}

func (a *API) preview(ctx context.Context, in addressInput) (control.Preview, error) {
	return a.Room.Preview(ctx, in.URL)
}

func (a *API) listFeeds(context.Context, none) (list[control.Feed], error) {
	return list[control.Feed]{Items: a.Room.Feeds()}, nil
}

// searchTime is how long a search may take.
const searchTime = 10 * time.Second

type articlesInput struct {
	Source   []string  `query:"source" desc:"Source ids."`
	Language []string  `query:"lang" desc:"BCP 47; en selects en-GB too."`
	Agency   []string  `query:"agency" desc:"Credited agencies."`
	Topic    []string  `query:"topic" desc:"Subjects, their codes, keywords or kickers."`
	Match    string    `query:"q" desc:"Words that must all occur; \"quoted phrases\" in order."`
	Since    time.Time `query:"since" desc:"Published then or later."`
	Status   string    `query:"status" desc:"usable, withheld or canceled; usable if absent."`
	Cursor   string    `query:"cursor" desc:"From the page before."`
	Limit    int       `query:"limit" desc:"1 to 500; 50 if absent."`
}

func (a *API) listArticles(ctx context.Context, in articlesInput) (list[article.Record], error) {
	out := list[article.Record]{Items: []article.Record{}}
	limit, err := limitOf(in.Limit)
	if err != nil {
		return out, err
	}
	q := article.Query{
		Sources: in.Source, Languages: in.Language, Agencies: in.Agency, Topics: in.Topic, Match: in.Match, Since: in.Since,
		Status: article.Status(in.Status), Limit: limit,
	}
	if in.Status != "" && !slices.Contains([]article.Status{article.Usable, article.Withheld, article.Canceled}, q.Status) {
		return out, refuse(errInput, "status: expected usable, withheld or canceled, not %q.", in.Status)
	}
	if in.Cursor != "" {
		if q.After, err = feed.ParseCursor(in.Cursor); err != nil {
			return out, refuse(errInput, "cursor is not one that an answer of ours gave.")
		}
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	found, err := a.Store.Select(ctx, q)
	rest, partial := store.Rest(err)
	if err != nil && !partial {
		return out, err
	}
	if len(found) == limit {
		rest, partial = feed.CursorOf(&found[limit-1], false), true
	}
	if partial {
		out.Next = feed.FormatCursor(rest)
	}
	out.Items = append(out.Items, found...)
	return out, nil
}

type articleInput struct {
	ID string `path:"id" desc:"Id (a tag URI, percent-encoded), or its last part."`
}

func (a *API) getArticle(ctx context.Context, in articleInput) (article.Record, error) {
	r, err := a.Store.Article(ctx, in.ID)
	return r, noArticle(err, in.ID)
}

func (a *API) listVersions(ctx context.Context, in articleInput) (list[article.Record], error) {
	versions, err := a.Store.History(ctx, in.ID)
	return list[article.Record]{Items: versions}, noArticle(err, in.ID)
}

type cancelInput struct {
	ID     string `path:"id" json:"-" desc:"Id (a tag URI, percent-encoded), or its last part."`
	Reason string `json:"reason" desc:"Kept with the article as its editor's note."`
}

func (a *API) cancelArticle(ctx context.Context, in cancelInput) (article.Record, error) {
	r, err := a.Room.Cancel(ctx, in.ID, in.Reason)
	return r, noArticle(err, in.ID)
}

type joinInput struct {
	ID   string   `path:"id" json:"-" desc:"Id (a tag URI, percent-encoded), or its last part."`
	With []string `json:"with" desc:"Ids of articles or stories that come in."`
}

// storyOf names a story.
type storyOf struct {
	Story string `json:"story"`
}

func (a *API) joinStory(ctx context.Context, in joinInput) (storyOf, error) {
	id, err := a.Room.Join(ctx, in.ID, in.With)
	return storyOf{id}, err
}

func (a *API) splitStory(ctx context.Context, in articleInput) (storyOf, error) {
	id, err := a.Room.Split(ctx, []string{in.ID})
	return storyOf{id}, err
}
