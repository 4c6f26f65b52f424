// Package store keeps what was learnt: the state of each source, the articles
// and their versions. The config stays the truth about which sources and feeds
// there are.
//
// The model. A source belongs to a host. A host that has due sources can be
// claimed by one worker for the length of a lease; the claim's token fences its
// writes: once the lease ran out and somebody else claimed the host, a Save with
// the old token is refused and leaves no trace. What a poll brought (articles,
// validators, next due time) is saved whole or not at all, so no crash can hide
// articles behind a later 304.
//
// Every change of a published article takes the next number of one sequence;
// whoever renders feeds reads the changes after the last number it saw.
package store

import (
	"context"
	"errors"
	"time"

	"wireroom/article"
	"wireroom/article/date"
)

// Errors that callers decide on.
var (
	ErrNotFound  = errors.New("not found")
	ErrLeaseLost = errors.New("the lease on the host was lost")
	// ErrConflict says that a document was changed by somebody else since it was read.
	ErrConflict = errors.New("changed by somebody else")
	// ErrNotReady says that what a query needs is still being made; it will do later.
	ErrNotReady = errors.New("still being made")
)

// ClockSlack is how far clocks may differ.
const ClockSlack = time.Minute

// Partial is the error of a Select that has read MostRead articles and did not find
// enough that answer, as with a phrase of common words. What it found comes with
// it.
type Partial struct {
	After article.Cursor // where the search goes on
}

func (*Partial) Error() string { return "there are too many articles to be read at once" }

// MostRead is how many articles a Select with a deadline reads.
const MostRead = 10_000

// Rest tells where a Select goes on that returned a Partial; false for other errors,
// and none.
func Rest(err error) (article.Cursor, bool) {
	var p *Partial
	if !errors.As(err, &p) {
		return article.Cursor{}, false
	}
	return p.After, true
}

// Store is what sqlite and postgres implement; storetest holds them to it. All
// times are UTC with millisecond resolution.
type Store interface {
	// Sync makes the store's sources those of the config. New ones are due at
	// FirstDue; ones that are absent stop being polled and their articles stop
	// being selected, but nothing is deleted. It is cheap when nothing changed.
	Sync(ctx context.Context, sources []Source) error

	// Claim leases hosts that have due sources and returns them with those
	// sources, the longest overdue first. next is when to look again: the
	// earliest due time of what was not claimed (zero if there is none).
	Claim(ctx context.Context, r ClaimRequest) (claims []Claim, next time.Time, err error)
	// Complete brings what a Claim left out of a state (State.Left); else it does
	// nothing.
	Complete(ctx context.Context, st *State) error
	// Renew extends leases; those that were lost meanwhile are returned.
	Renew(ctx context.Context, claims []Claim, until time.Time) (lost []Claim, err error)
	// Rewind repairs what was written under a clock that was ahead: sources that
	// were last polled more than ClockSlack after now would not be polled before that
	// time has come again. Their times, and their hosts' leases and rests, are moved
	// back by as much as the latest of them is ahead. It says how many sources there
	// were.
	Rewind(ctx context.Context, now time.Time) (int, error)

	// Prepare does of a poll's saving what needs neither the database nor others to
	// wait. Save does it to what is not prepared; whoever made a poll had better,
	// while its texts are in the processor's cache.
	Prepare(p *Poll)
	// Save stores polls, each whole or not at all, and then gives hosts back, all in
	// one transaction. The result has one entry a poll, in order; Err is ErrLeaseLost
	// where the poll's claim is no longer valid. Claims that were lost are not given
	// back.
	Save(ctx context.Context, polls []Poll, back ...Release) ([]Saved, error)

	State(ctx context.Context, source string) (State, error)
	// States calls f for every active source in order of id until it returns false.
	States(ctx context.Context, f func(State) bool) error

	// Article finds an article by its id (tag URI) or by the id's last part.
	Article(ctx context.Context, id string) (article.Record, error)
	// History returns the versions of an article, oldest first.
	History(ctx context.Context, id string) ([]article.Record, error)
	// Select returns the articles that a query asks for. What it needs for that may
	// have to be made first; a caller whose ctx has a deadline gets ErrNotReady at
	// once if that takes long, and Partial with what was found so far if very many
	// articles have to be read for few that answer.
	Select(ctx context.Context, q article.Query) ([]article.Record, error)

	// Assign says to which story, and to which group of equal texts, articles
	// belong. It takes the next numbers of the sequence, so that feeds follow; an
	// assignment that changes nothing, or whose article does not exist, is passed
	// over. Article version, Updated and history stay. All or none.
	Assign(ctx context.Context, list []Assignment) error

	// Changes returns the articles whose sequence number is above after, lowest
	// first, at most limit, each with its number (Record.Changed), and the number
	// of the last one returned (or after). The records are shared with whoever else
	// asks: nobody may write into them.
	Changes(ctx context.Context, after int64, limit int) ([]*article.Record, int64, error)
	// Sequence is the last number given.
	Sequence(ctx context.Context) (int64, error)
	// Watch sends whenever the sequence may have moved, in this process or
	// another, until ctx ends. The channel holds one value; missed ones merge.
	Watch(ctx context.Context) <-chan struct{}

	// Forget removes articles with their versions, oldest first, at most limit, and
	// says how many. Their keys stay known: a source that still shows them does not
	// bring them back.
	Forget(ctx context.Context, e Expiry, limit int) (int, error)

	// Put stores documents, all or none. Each Revision must be the stored one (0:
	// there must be none yet), else ErrConflict. It writes the new revisions into
	// docs.
	Put(ctx context.Context, docs []Document) error
	Document(ctx context.Context, kind, key string) (Document, error) // ErrNotFound
	// Documents lists a kind's documents whose key begins with prefix and is above
	// after, in order of key (bytes), at most limit.
	Documents(ctx context.Context, kind, prefix, after string, limit int) ([]Document, error)
	// DueDocuments lists those of a kind that are due, the longest overdue first,
	// at most limit, and when the next of the rest is due (zero: never).
	DueDocuments(ctx context.Context, kind string, now time.Time, limit int) (docs []Document, next time.Time, err error)
	// Delete removes documents, all or none, under Put's rule about revisions; one
	// that is not there is no error.
	Delete(ctx context.Context, docs []Document) error

	Stats(ctx context.Context) (Stats, error)
	Close() error
}

// Source is what the store must know of a configured source.
type Source struct {
	ID        string
	Host      string // the unit of politeness; see Claim
	Title     string // overrides the feed's own name in every article, if set
	Republish article.Republish
	FirstDue  time.Time
	Paused    bool // not polled; its articles stay
}

// State is what was learnt about one source. Save replaces it whole, but for what
// Left says has stayed in the store.
type State struct {
	Source string
	Host   string // as synced; Save ignores it
	Due    time.Time

	URL          string   // that the validators belong to
	ETag         string   // verbatim
	LastModified string   // verbatim
	BodyHash     uint64   // of the last body that was read to its end
	Known        []uint64 // hashes of the raw items of that body, sorted

	Interval    time.Duration // the last one chosen
	LastPoll    time.Time
	LastSuccess time.Time // 200 or 304
	LastChange  time.Time // last poll that brought something new
	Failures    int       // in a row
	Error       string    // of the last poll, empty if it went well
	Status      int       // HTTP status of the last exchange; 0 for none
	History     []PollLog // the last polls, newest last, at most HistoryLen
	// Past are the polls before those of History, as the store keeps them: a claim
	// has all of them there, because most polls need not look at them. See Polls.
	Past Past

	// Left says that Known and Recent stayed in the store, for the same reason. Save
	// then leaves them as they are; Complete brings them.
	Left bool
	// Rows are where the store has a claimed source; zero: it looks for it by name.
	Rows Rows

	// Recent are the scheduler's own notes on the last items, by which it knows
	// them again under changed ids. More than RecentLen bytes are not kept.
	Recent []byte

	Detail Detail // what seldom changes
}

// Rows are a store's own numbers of a source and its host.
type Rows struct{ Source, Host int64 }

// Past is a part of a history that is still packed.
type Past interface {
	Logs() []PollLog // newest last; nil if it is damaged
}

// Polls are the last polls, newest last, at most HistoryLen.
func (st *State) Polls() []PollLog {
	if st.Past == nil {
		return st.History
	}
	list := append(st.Past.Logs(), st.History...)
	return list[max(0, len(list)-HistoryLen):]
}

// RecentLen is how many bytes of notes a State holds.
const RecentLen = 64 << 10

// HistoryLen is how many polls a State remembers.
const HistoryLen = 32

// PollLog is one poll in a State's history. Stores may keep seconds and
// milliseconds only.
type PollLog struct {
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took"`
	Outcome string        `json:"outcome"` // new, same (other bytes, no news), unchanged (same bytes), not-modified, or the kind of the error
	Status  int           `json:"status,omitempty"`
	New     int           `json:"new,omitempty"`
	Updated int           `json:"updated,omitempty"`
	Bytes   int64         `json:"bytes,omitempty"` // on the wire

	// Not kept: the poll's name in logs and traces, and how the source was read:
	// feed, page (with each article's own), file, push.
	ID   string `json:"-"`
	Kind string `json:"-"`
}

// Withdrawn is the outcome of an entry in the history that is no poll: somebody
// withdrew an article by hand.
const Withdrawn = "withdrawn"

// Detail is the part of a State that seldom changes; a store keeps it as one
// JSON document and writes it only when it differs.
type Detail struct {
	Title      string            `json:"title,omitempty"`
	Home       string            `json:"home,omitempty"`
	Format     string            `json:"format,omitempty"`
	Language   string            `json:"language,omitempty"`
	FeedID     string            `json:"feed_id,omitempty"`
	Hubs       []string          `json:"hubs,omitempty"`       // WebSub
	Topic      string            `json:"topic,omitempty"`      // what the hubs know the document by
	DateOrder  date.Order        `json:"date_order,omitempty"` // of dates in numbers
	Held       int               `json:"held,omitempty"`       // articles withheld because too many came at once
	HeldAt     time.Time         `json:"held_at,omitzero"`     // when that began
	ValidFor   string            `json:"valid_for,omitempty"`  // the address that gave the validators, if not State.URL
	Moved      string            `json:"moved,omitempty"`      // where permanent redirects point, while evidence is gathered
	MovedAt    time.Time         `json:"moved_at,omitzero"`    // first seen there
	MovedN     int               `json:"moved_n,omitempty"`    // times seen
	Adopted    string            `json:"adopted,omitempty"`    // the address that replaced the configured one
	From       string            `json:"from,omitempty"`       // the configured address that Adopted replaced
	Merged     string            `json:"merged,omitempty"`     // the other source that reads the adopted address; this one rests
	GoneAt     time.Time         `json:"gone_at,omitzero"`     // first 410
	Gone       bool              `json:"gone,omitempty"`       // a second 410 a day later: no longer polled
	Repairs    map[string]int    `json:"repairs,omitempty"`    // of the last body
	Why        string            `json:"why,omitempty"`        // of the interval
	RetryAfter time.Time         `json:"retry_after,omitzero"` // the server asked to wait until then
	Gap        time.Duration     `json:"gap,omitempty"`        // median time between the source's items
	Repeats    bool              `json:"repeats,omitempty"`    // raw ids repeat within one document: see article.LinkedKey
	TTL        time.Duration     `json:"ttl,omitempty"`        // the document's wish: RSS ttl or sy:*
	SkipHours  []int             `json:"skip_hours,omitempty"` // ... and RSS skipHours
	SkipDays   []time.Weekday    `json:"skip_days,omitempty"`  // ... and RSS skipDays
	Fresh      time.Duration     `json:"fresh,omitempty"`      // how long the server said that the last whole answer is good
	Extra      map[string]string `json:"extra,omitempty"`
}

// ClaimRequest asks for work.
type ClaimRequest struct {
	Worker  string // who asks, for people to read
	Now     time.Time
	Lease   time.Duration
	Hosts   int      // at most this many
	PerHost int      // at most this many sources of one host; 0 is 100
	Sources []string // if set: exactly these, due or not, of hosts that are free
}

// Claim is a lease on one host's due sources.
type Claim struct {
	Host    string
	Token   int64 // fences Save; grows with every claim of the host
	Until   time.Time
	Sources []State
}

// Release gives a claimed host back.
type Release struct {
	Host      string    // of the claim
	Token     int64     // of the claim
	NotBefore time.Time // the host is not claimed again before; zero: at once
}

// Back gives claimed hosts back, all with the same rest.
func Back(notBefore time.Time, claims ...Claim) []Release {
	list := make([]Release, len(claims))
	for i := range claims {
		list[i] = Release{Host: claims[i].Host, Token: claims[i].Token, NotBefore: notBefore}
	}
	return list
}

// Poll is the outcome of polling one source.
type Poll struct {
	Host  string // of the claim
	Token int64  // of the claim
	State State
	Items []Item
	// HostNotBefore keeps the whole host unclaimed until then (429); zero: no wish.
	HostNotBefore time.Time
	First         bool // the source was never read before
}

// Item is an article to be stored under its identity in the source.
type Item struct {
	Key string // article.Key: the identity within the source
	// Is is the id of the stored article that this item is known to be although
	// Key is new: from now on the article is found under Key too, and the old key
	// stays valid. An article of another source, or one that does not exist, is
	// passed over: Key alone decides then.
	Is string
	// Record is the store's from Save on, which completes it and may keep it for
	// those who follow the changes: nobody may write into it any more.
	Record *article.Record
	Plain  article.Plain // the text of Record's HTML, where somebody has made it
	// Of Prepare: Record's print, and how it is stored. Nobody but the store changes
	// Record after that.
	Print  int64
	Packed []byte
}

// Saved says what became of a poll.
type Saved struct {
	Err       error
	New       int
	Updated   int
	Unchanged int
	Canceled  int
	Refused   int // their ids belong to other articles, or another item of the poll is the same article
}

// Settle writes into the poll's state what saving its items came to: the last
// entry of the history, and the last change. Stores call it before they write
// the state.
func (p *Poll) Settle(s Saved) {
	n := len(p.State.History)
	if n == 0 || len(p.Items) == 0 {
		return
	}
	last := &p.State.History[n-1]
	if last.Outcome == Withdrawn {
		last.Updated = s.Canceled
		return
	}
	last.New, last.Updated = s.New, s.Updated+s.Canceled
	if last.New+last.Updated > 0 {
		last.Outcome = "new"
		p.State.LastChange = last.At
	} else if last.Outcome == "new" {
		last.Outcome = "same"
	}
}

// Expiry says which articles are to be forgotten.
type Expiry struct {
	Before  time.Time // first stored before it, and not updated since
	Sources []string  // only of these
	Except  []string  // not of these
}

// Stats counts what the store holds.
type Stats struct {
	Sources  int   `json:"sources"`
	Hosts    int   `json:"hosts"`
	Articles int   `json:"articles"`
	Versions int   `json:"versions"`
	Bytes    int64 `json:"bytes"` // on disk
}
