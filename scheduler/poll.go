package scheduler

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"wireroom/article"
	"wireroom/sources"
	"wireroom/sources/fetch"
	"wireroom/sources/normalise"
	"wireroom/sources/read"
	"wireroom/sources/websub"
	"wireroom/store"
)

// Poller polls one source: exchange, repair, parse, normalise. It writes
// nothing; what it brings is for the store.
type Poller struct {
	Client    *fetch.Client
	Authority string        // domain of new ids
	Folders   []string      // where file: sources may read
	Pace      time.Duration // least time between two exchanges with a host
	Now       func() time.Time
	Rand      *rand.Rand // nil: seeded by the runtime
	// Complete brings what a claim left out of a state; nil: nothing is left out.
	Complete func(context.Context, *store.State) error
	// Pushed reports whether a source's changes are pushed to us, so that polling
	// may slow down; nil: never.
	Pushed func(context.Context, *store.State) bool
	// Twin names another configured source that reads the address; nil: there is
	// never one.
	Twin func(source, address string) string
	Log  *slog.Logger

	paces paces
	spare sync.Pool // of *poll
}

// Host is the unit of politeness that the source belongs to: its host's name, or
// for files the folder.
func (s *Source) Host() string {
	if !isWeb(s.URL) {
		return s.URL
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return s.URL
	}
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return host
}

// isWeb tells sources fetched over HTTP from files and folders.
func isWeb(url string) bool { return !strings.HasPrefix(url, "file:") }

// poll is one poll on its way.
type poll struct {
	*Poller
	src   *Source
	st    *store.State
	start time.Time
	log   store.PollLog
	out   Outcome
	seen  observation

	read   int           // pages and texts of items
	pushed bool          // a hub brought it: what was learnt of polling stays
	stated bool          // the answer says how long it is good
	gap    time.Duration // median, between the items of this poll; zero: too few
}

// Poll polls a source once, moves its state on and returns what else is to be saved. A
// failure is part of the state; it keeps validators, known items and everything that
// was learnt.
func (p *Poller) Poll(ctx context.Context, src *Source, st *store.State) Outcome {
	x, ok := p.spare.Get().(*poll)
	if !ok {
		x = new(poll)
	}
	*x = poll{Poller: p, src: src, st: st}
	x.run(ctx)
	out := x.out
	*x = poll{}
	p.spare.Put(x)
	return out
}

func (x *poll) run(ctx context.Context) {
	x.begin()
	err := x.address(ctx)
	if err == nil {
		if x.merged() {
			return
		}
		x.accept()
		err = x.handIn(ctx)
	}
	if err == nil {
		var resp *fetch.Response
		if resp, err = x.exchange(ctx); err == nil && len(resp.Parts) > 0 {
			err = x.take(ctx, resp)
		}
		resp.Release()
	}
	x.finish(ctx, err)
	x.src.watch(Step{Stage: Saving})
}

func (x *poll) begin() {
	x.start = x.Now()
	x.log.At, x.seen.now = x.start.UTC(), x.start
}

// take reads what came. A file or document that can't be read does not keep the
// others from being stored; if none can, the poll failed.
func (x *poll) take(ctx context.Context, resp *fetch.Response) error {
	hash := partsHash(resp.Parts)
	if hash == x.st.BodyHash {
		x.log.Outcome = "unchanged"
		x.validators(resp)
		return nil
	}
	if err := x.complete(ctx); err != nil {
		return err
	}
	x.log.Outcome = "same"
	roomy(0)
	t := taking{known: x.st.Known, whole: !resp.Truncated && !resp.Delta}
	first := x.st.LastSuccess.IsZero()
	x.out.First = first
	if !isWeb(x.st.URL) {
		t.known = nil // they are ids of files
	}
	var faults []error
	for i := range resp.Parts {
		if err := x.part(ctx, resp, &resp.Parts[i], &t); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 && len(faults) == len(resp.Parts) {
		return errors.Join(faults...)
	}
	x.follow(ctx, &t)
	if len(faults) > 0 {
		x.logger().Warn("some files of a source can't be read", "error", errors.Join(faults...))
	}
	if isWeb(x.st.URL) {
		x.recall(&t, first)
	}
	if len(x.out.Items) > 0 {
		x.log.Outcome = "new"
	}
	x.remember(resp, &t, hash)
	x.adopt()
	return nil
}

// roomy makes the stack as large as reading a document needs it, before there is much
// on it: otherwise it would be copied four times on the way, deeper each time.
//
//go:noinline
func roomy(at int) byte {
	var room [14 << 10]byte
	return room[at]
}

// taking is what reading the parts of one answer gathers.
type taking struct {
	known []uint64       // hashes of raw items that need not be read again, sorted
	seen  []uint64       // of the items of this answer
	left  []uint64       // ... those that were left out
	items []trace        // of Outcome.Items
	at    map[string]int // of Outcome.Items, by key; nil while there is one document
	whole bool           // nothing is missing at its end

	// Of sources that are more than one document, see follow.
	parts     []sources.Part // that an index lists
	cursor    string         // where the wire goes on
	receipts  []string       // to hand in once the items are stored
	further   bool           // the document is not the first
	fruitful  bool           // it had items
	failed    bool           // ... of which a text could not be had
	postponed bool           // ... and more texts than one poll reads
}

// part reads one document.
func (x *poll) part(ctx context.Context, resp *fetch.Response, part *fetch.Part, t *taking) error {
	o := read.Options{URL: resp.URL, Received: x.start, ContentType: part.ContentType, ContentLanguage: resp.ContentLanguage, ContentLocation: resp.ContentLocation, DateOrder: x.st.Detail.DateOrder}
	if len(t.known) > 0 {
		o.Known = func(h uint64) bool {
			_, ok := slices.BinarySearch(t.known, h)
			if ok {
				t.seen, t.left = append(t.seen, h), append(t.left, h)
			}
			return ok
		}
	}
	left := len(t.left)
	doc, err := read.Document(part.Body, o)
	if err != nil {
		var re *read.Error
		switch {
		case part.Name == "":
			return err
		case errors.As(err, &re) && re.Kind == read.NotNews: // agencies put it beside the news
			x.logger().Info("a file was passed over", "file", part.Name, "reason", err)
			return nil
		}
		return fmt.Errorf("%s: %w", part.Name, err)
	}
	t.whole = t.whole && !doc.Truncated
	x.src.watch(Step{Stage: Reading, Items: len(doc.Items), Known: len(t.left) - left})
	if !x.pushed && !t.further {
		x.learn(doc, resp)
	}
	t.parts, t.cursor, t.fruitful = append(t.parts, doc.Parts...), doc.Cursor, len(doc.Items) > 0
	x.texts(ctx, doc, t)
	if x.src.Page {
		x.pages(ctx, doc)
	}
	for i := range doc.Items {
		if r := doc.Items[i].Receipt; r != "" && isWeb(x.st.URL) {
			t.receipts = append(t.receipts, r)
		}
	}
	t.index(x.out.Items)
	list := x.normal(doc)
	x.out.Items, t.items = slices.Grow(x.out.Items, len(list)), slices.Grow(t.items, len(list))
	for i := range list {
		a := &list[i]
		if a.Hash != 0 {
			t.seen = append(t.seen, a.Hash)
		}
		if a.Skip == "" {
			x.bring(a, t)
		}
	}
	return nil
}

// bring adds an article to what the poll brings; of versions that several of its
// documents hold, the latest.
func (x *poll) bring(a *normalise.Article, t *taking) {
	if i, ok := t.at[a.Key]; ok {
		r := x.out.Items[i].Record
		*r = article.Latest(*r, *a.Record)
		t.items[i] = traceOf(r, a.Hash, a.Undated)
		return
	}
	if t.at != nil {
		t.at[a.Key] = len(x.out.Items)
	}
	x.out.Items = append(x.out.Items, store.Item{Key: a.Key, Record: a.Record, Plain: a.Plain})
	t.items = append(t.items, traceOf(a.Record, a.Hash, a.Undated))
}

// index makes the articles of earlier documents to be found. A document's own
// doubles normalise has seen to.
func (t *taking) index(items []store.Item) {
	if t.at != nil || len(items) == 0 {
		return
	}
	t.at = make(map[string]int, len(items))
	for i := range items {
		t.at[items[i].Key] = i
	}
}

// remember keeps what makes the next poll cheap. Of a body that broke off, or
// that was only a part (226), the hash would hide what is missing.
func (x *poll) remember(resp *fetch.Response, t *taking, hash uint64) {
	if !isWeb(x.st.URL) {
		x.st.Known, x.st.BodyHash = resp.Known, 0
		return
	}
	if resp.Delta {
		t.seen = append(t.seen, x.st.Known...)
	}
	slices.Sort(t.seen)
	t.seen = slices.Compact(t.seen)
	x.st.Known = t.seen[:min(len(t.seen), maxKnown)]
	x.st.BodyHash = 0
	if t.whole {
		x.st.BodyHash = hash
	}
	if t.whole || resp.Delta && !resp.Truncated {
		x.validators(resp)
	}
}

// maxKnown bounds the hashes kept of one source.
const maxKnown = 5000

func partsHash(parts []fetch.Part) uint64 {
	if len(parts) == 1 {
		return parts[0].Hash
	}
	var d xxhash.Digest
	d.Reset()
	for i := range parts {
		d.Write(binary.LittleEndian.AppendUint64(nil, parts[i].Hash))
	}
	return d.Sum64()
}

// normal normalises a document's items.
func (x *poll) normal(doc *sources.Document) []normalise.Article {
	list, repeats := normalise.Document(doc, normalise.Options{
		Source: x.src.ID, Name: x.src.Title, FeedURL: publicURL(x.src.URL), Authority: x.Authority,
		Republish: x.src.Republish, Language: x.src.Language, Topics: x.src.Topics,
		Now: x.start, Linked: x.st.Detail.Repeats,
	})
	x.st.Detail.Repeats = repeats
	if gap := medianGap(list); gap > 0 {
		x.st.Detail.Gap, x.gap = gap, gap
	}
	return list
}

// publicURL is the address as it may be shown: files have none.
func publicURL(u string) string {
	if !isWeb(u) {
		return ""
	}
	return u
}

// learn keeps what the document says of its source.
func (x *poll) learn(doc *sources.Document, resp *fetch.Response) {
	d := &x.st.Detail
	d.Title, d.Home, d.Format, d.Language, d.FeedID = doc.Title, doc.Home, doc.Format, doc.Language, doc.ID
	d.Topic, d.Hubs = websub.Discover(resp.URL, websub.Links{Hubs: resp.Hubs(), Self: resp.Self()}, websub.Links{Hubs: doc.Hubs, Self: doc.Self})
	d.Repairs = doc.Repairs
	d.DateOrder = doc.DateOrder
	d.TTL, d.SkipHours, d.SkipDays = doc.TTL, doc.SkipHours, doc.SkipDays
	d.Fresh = resp.Freshness.For
}
