// Package control is what operators may see and do, whichever way they come: the
// desk's pages and the API stand on it. In come the configured sources and the
// store's states; out go descriptions that people and programs read. What needs
// the program as a whole (polling, discovery, the config) is an interface, Room,
// which cmd implements: this floor knows neither the scheduler nor the sources.
// It never serves a request and never decides who may ask.
package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"wireroom/article"
)

// Room is the running program.
type Room interface {
	// Sources are those of the config, with what was changed at the desk.
	Sources() []Source
	Feeds() []Feed
	// Refresh polls sources now and tells of each when its poll is saved, or with
	// the reason why it was left alone.
	Refresh(ctx context.Context, r Refresh, t Tell) error
	// Discover finds the feeds at an address; a feed's own address finds itself.
	Discover(ctx context.Context, address string) ([]Candidate, error)
	// Preview reads a feed once and shows what would be stored.
	Preview(ctx context.Context, address string) (Preview, error)
	// Cancel withdraws an article for ever and returns what became of it.
	Cancel(ctx context.Context, id, reason string) (article.Record, error)
	// Split takes articles out of their story; they become one of their own, whose
	// id is returned. Join brings articles, or whole stories, into the story of an
	// article. Both win over all evidence.
	Split(ctx context.Context, articles []string) (story string, err error)
	Join(ctx context.Context, article string, others []string) (story string, err error)
	// Add makes a new source; Change and Remove change one. All are written beside
	// the config and hold when they return.
	Add(ctx context.Context, n New) (Source, error)
	Change(ctx context.Context, id string, c Change) (Source, error)
	Remove(ctx context.Context, id string) error
	// Import adds the feeds of an OPML list that are not there yet.
	Import(ctx context.Context, list io.Reader) (Imported, error)
	Export(w io.Writer) error
}

// What a Room refuses, for errors.Is; the texts say what to do.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("in the way of what is there")
	ErrInvalid  = errors.New("not valid")
	ErrUpstream = errors.New("the source did not answer as it should")
	ErrReadOnly = errors.New("nothing can be changed here")
)

// refusal is a text for people with a kind for programs.
type refusal struct {
	kind error
	text string
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.kind }

// Refuse makes an error of a kind whose text is for whoever asked.
func Refuse(kind error, format string, args ...any) error {
	return &refusal{kind, fmt.Sprintf(format, args...)}
}

// Source is one upstream as it is configured. Its address carries no secrets.
type Source struct {
	ID        string   `json:"id"`
	URL       string   `json:"url" desc:"Address, without secrets."`
	Title     string   `json:"title,omitempty" desc:"As configured; empty: the feed's own."`
	Every     string   `json:"every,omitempty" desc:"Fixed interval, like 10m; empty: cron, else adaptive."`
	Cron      string   `json:"cron,omitempty"`
	Content   string   `json:"content,omitempty" desc:"feed or page."`
	Republish string   `json:"republish,omitempty" desc:"full, summary or link."`
	Topics    []string `json:"topics,omitempty"`
	Paused    bool     `json:"paused,omitempty"`
	Added     bool     `json:"added,omitempty" desc:"Made at the desk or by the API; only such a source can be removed there."`
	Changed   bool     `json:"changed,omitempty" desc:"The desk overrides what the config says."`
}

// New is a source to be made.
type New struct {
	URL   string `json:"url" desc:"Address of a feed."`
	ID    string `json:"id,omitempty" desc:"Lower case letters, digits, hyphens; made from the address if empty."`
	Title string `json:"title,omitempty" desc:"Name shown to readers; the feed's own if empty."`
}

// Change is what is changed of a source; nil fields stay.
type Change struct {
	Title  *string `json:"title,omitempty" desc:"Name shown to readers; empty: the feed's own."`
	Every  *string `json:"every,omitempty" desc:"Fixed interval, like 10m or 1d; empty: adaptive."`
	Paused *bool   `json:"paused,omitempty" desc:"Keep it, but do not poll."`
}

// Feed is one combined feed.
type Feed struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Page        string `json:"page" desc:"Address of the page for people."`
	RSS         string `json:"rss"`
	Atom        string `json:"atom"`
	JSON        string `json:"json"`
	Private     bool   `json:"private,omitempty"`
}

// Refresh asks for polls.
type Refresh struct {
	Sources []string `json:"sources,omitempty" desc:"Ids; all sources if empty."`
	Force   bool     `json:"force,omitempty" desc:"Poll sources that were polled within the last five minutes, too."`
	Accept  bool     `json:"accept,omitempty" desc:"Let in what is held of the named sources; implies force."`
}

// Tell is who hears of a Refresh; never of two things at a time.
type Tell struct {
	Step func(Step) // nil: nobody hears of steps
	Done func(Polled)
}

// Step is how far the poll of a source has come.
type Step struct {
	Source string
	Stage  string // asking, answered, reading, paging, saving
	Status int    // of the answer
	Bytes  int64  // ... on the wire
	Items  int    // of the document, that have to be read
	Known  int    // ... and that need not
	Page   int    // the article's own page that is asked for
	Pages  int    // ... of so many
}

// Polled is what became of one source of a Refresh.
type Polled struct {
	Source  string    `json:"source"`
	Outcome string    `json:"outcome" desc:"new, same, unchanged, not-modified, skipped, or the kind of the error."`
	Status  int       `json:"status,omitempty" desc:"Of HTTP."`
	New     int       `json:"new"`
	Updated int       `json:"updated"`
	Bytes   int64     `json:"bytes" desc:"On the wire."`
	Millis  int64     `json:"ms"`
	Error   string    `json:"error,omitempty"`
	Due     time.Time `json:"due,omitzero" desc:"When it is polled next."`
}

// Failed reports whether the poll ended in an error.
func (p *Polled) Failed() bool { return p.Outcome != "skipped" && !good(p.Outcome) }

// Candidate is a feed that was found.
type Candidate struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	Type  string `json:"type,omitempty" desc:"rss, atom, json and so on."`
	Known string `json:"known,omitempty" desc:"Id of the source that reads it already."`
}

// Preview is a feed as it would be stored.
type Preview struct {
	URL       string         `json:"url"`
	Title     string         `json:"title,omitempty"`
	Format    string         `json:"format,omitempty"`
	Language  string         `json:"language,omitempty"`
	Home      string         `json:"home,omitempty"`
	Hubs      []string       `json:"hubs,omitempty" desc:"WebSub hubs that it names."`
	Truncated bool           `json:"truncated,omitempty" desc:"The document ended early."`
	Repairs   map[string]int `json:"repairs,omitempty"`
	Items     []PreviewItem  `json:"items"`
}

// PreviewItem is one article of a Preview.
type PreviewItem struct {
	Headline  string    `json:"headline,omitempty"`
	Link      string    `json:"link,omitempty"`
	Published time.Time `json:"published,omitzero"`
	Byline    string    `json:"byline,omitempty"`
	Agencies  []string  `json:"agencies,omitempty"`
	Summary   string    `json:"summary,omitempty"`
	Skipped   string    `json:"skipped,omitempty" desc:"Why it would not be stored."`
}

// Imported is what became of an OPML list.
type Imported struct {
	Added []string `json:"added" desc:"Ids of the new sources."`
	Known int      `json:"known" desc:"How many were there already."`
}
