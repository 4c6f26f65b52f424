package hub

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"wireroom/store"
)

// Documents is the part of the store that the hub keeps its state in.
type Documents interface {
	Put(ctx context.Context, docs []store.Document) error
	Document(ctx context.Context, kind, key string) (store.Document, error)
	Documents(ctx context.Context, kind, prefix, after string, limit int) ([]store.Document, error)
	DueDocuments(ctx context.Context, kind string, now time.Time, limit int) (docs []store.Document, next time.Time, err error)
	Delete(ctx context.Context, docs []store.Document) error
}

// Feeds is what is published. A private feed is not among it.
type Feeds interface {
	// Topics are the addresses that can be subscribed to, former ones too, with a
	// number that is another one whenever the document may differ.
	Topics() map[string]int64
	// Topic is the document at such an address.
	Topic(url string) (Topic, bool)
	// Since is the document with only what came after the version with that tag;
	// nil where that isn't known or would be nothing.
	Since(ctx context.Context, url, tag string) []byte
}

// Version names one version of a document.
type Version struct {
	Tag   string // equal for equal bytes
	Stamp int64  // of the store when it was rendered: grows
}

// Topic is a document as it is served.
type Topic struct {
	Version
	URL         string // where it is served now; other than what was asked for if the feed moved
	ContentType string
	Body        []byte
}

// Options of a Hub.
type Options struct {
	Store Documents
	Feeds Feeds
	// Out makes the hub's own requests. It must refuse addresses that are not
	// public: callbacks are chosen by strangers.
	Out     http.RoundTripper
	Address string // of this hub, absolute
	Agent   string // User-Agent
	// External is the address of another hub, which is pinged; this one then takes
	// no subscriptions.
	External string
	SHA1     bool // sign with SHA-1, for old subscribers; SHA-256 otherwise
	Part     bool // send only the entries that a subscriber has not been sent yet
	// MayPublish says whether a request may ask for topics to be looked at anew
	// (hub.mode=publish), Refresh does that; nil: nobody may.
	MayPublish func(*http.Request) bool
	Refresh    func(context.Context) error

	// Delivered, if set, is told of every delivery that was tried.
	Delivered func(Attempt)

	Limits Limits
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now
	Random io.Reader        // nil: crypto/rand
}

// Limits bound what strangers may cost; zero fields take the defaults. Those on
// numbers of subscriptions are counted now and then, and so hold about.
type Limits struct {
	Subscriptions int           // in all, 50,000
	PerHost       int           // subscriptions of callbacks at one host, 5,000
	Requests      int           // waiting for their verification, 2,000
	Running       int           // exchanges at a time, 256; as many again, but no more, with callbacks that fail
	RunningHost   int           // ... with one host, 4
	Timeout       time.Duration // of an exchange, 10 s
}

func (l Limits) complete() Limits {
	or := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	or(&l.Subscriptions, 50_000)
	or(&l.PerHost, 5_000)
	or(&l.Requests, 2_000)
	or(&l.Running, 256)
	or(&l.RunningHost, 4)
	if l.Timeout <= 0 {
		l.Timeout = 10 * time.Second
	}
	return l
}

// Hub takes subscriptions and distributes documents.
type Hub struct {
	Options
	kind   string // of its documents
	client *http.Client
	wake   chan struct{} // something is due now
	fast   *lanes        // exchanges with callbacks that worked so far
	slow   *lanes        // ... and with others, so that the dead hold up only one another

	mu    sync.Mutex
	seen  map[string]int64     // topic to the number whose subscribers were looked for
	down  map[string]time.Time // host that could not be reached, until when it is left alone
	count count

	quiet      bool // nobody was subscribed when last asked
	quietUntil time.Time
}

// New makes a Hub; Run gives it life.
func New(o Options) *Hub {
	o.Limits = o.Limits.complete()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	h := &Hub{
		Options: o, kind: "hub", wake: make(chan struct{}, 1), seen: map[string]int64{}, down: map[string]time.Time{},
		fast: newLanes(o.Limits.Running, o.Limits.RunningHost), slow: newLanes(o.Limits.Running, o.Limits.RunningHost),
		client: &http.Client{
			Transport: o.Out, Timeout: o.Limits.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	if o.External != "" {
		h.kind = "ping"
	}
	return h
}

// now is the clock in the store's resolution.
func (h *Hub) now() time.Time { return h.Now().UTC().Truncate(time.Millisecond) }

// kick makes Run look for work.
func (h *Hub) kick() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}
