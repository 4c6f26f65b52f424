package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"wireroom/article"
	"wireroom/feed"
	"wireroom/store"
	"wireroom/store/words"
)

// The archive of a feed (RFC 5005, section 4) is a chain of documents numbered
// from 1. Each holds what came into the feed or changed in it, in the order of
// the store's sequence, until the day (UTC) was over or the document was full.
// Closing writes the list of its articles and their versions into the store,
// once for all replicas; from then on the document never changes, but for what
// is canceled later: that leaves every document of ours.
//
// Whoever polls the current document and walks back until an archive that he
// knows misses nothing at any interval, because the current one holds all that
// no closed archive has.

// The kinds of document in the store that hold archives: the closed ones, by
// feed and number, and by feed how far it has got.
const (
	kindArchive   = "archive"
	kindArchiving = "archiving"
)

// The bounds of an archive document, in articles: the feed's own limit within
// these.
const (
	leastArchive = 20
	mostArchive  = 100
)

const (
	dayGrace     = 5 * time.Minute // after midnight, before the day's archive is closed
	persistAfter = 10_000          // changes that concern a feed nothing, before its place is stored all the same
	changesAt    = 500             // changes read at once
)

// ref is a version of an article.
type ref struct {
	ID      string    `json:"id"`
	Version int       `json:"v"`
	Until   time.Time `json:"until,omitzero"` // of its embargo, while it lasts
}

// archived is a closed document.
type archived struct {
	Day   string `json:"day"`
	Items []ref  `json:"items"`
}

// standing is how far the archive of a feed has got. Closed counts the closed
// documents; Upto is the last change that was looked at; Open are the articles
// that no closed document has, oldest change first, all of one day; Held those
// under embargo.
type standing struct {
	Closed int    `json:"closed"`
	Upto   int64  `json:"upto"`
	Day    string `json:"day,omitempty"`
	Open   []ref  `json:"open,omitempty"`
	Held   []ref  `json:"held,omitempty"`
}

// shelf is the archive of one feed.
type shelf struct {
	channel  feed.Channel
	match    words.Query
	revision int64            // of the standing in the store
	kept     int64            // Upto as it is stored
	last     ref              // the newest article of the newest closed document
	recent   [][]ref          // the lists of the last closed documents, oldest first
	have     map[string]int   // see versions; nil: to be made
	closing  []store.Document // closed, not yet in the store
	standing
}

// archive keeps the shelves of all feeds.
type archive struct {
	store store.Store
	now   func() time.Time

	mu      sync.Mutex
	shelves map[string]*shelf
	at      int64 // changes up to here were shown to every shelf
	shown   []shown
}

func newArchive(s store.Store) *archive {
	return &archive{store: s, now: time.Now, shelves: map[string]*shelf{}}
}

// set takes over the feeds of a config, reading those from the store that are new.
func (a *archive) set(ctx context.Context, channels []feed.Channel, sequence int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	next := make(map[string]*shelf, len(channels))
	at := sequence
	for _, c := range channels {
		s := a.shelves[c.ID]
		if s == nil {
			s = &shelf{}
			if err := a.read(ctx, c.ID, s); err != nil {
				return err
			}
		}
		s.channel, s.match = c, words.Parse(c.Select.Match)
		next[c.ID] = s
		at = min(at, s.Upto)
	}
	a.shelves, a.at = next, at
	return nil
}

// read reads a shelf's standing from the store.
func (a *archive) read(ctx context.Context, id string, s *shelf) error {
	d, err := a.store.Document(ctx, kindArchiving, id)
	if errors.Is(err, store.ErrNotFound) {
		s.standing, s.revision, s.kept, s.last, s.recent, s.have = standing{}, 0, 0, ref{}, nil, nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("archive of %s: %w", id, err)
	}
	var st standing
	if err := json.Unmarshal(d.Body, &st); err != nil {
		return fmt.Errorf("archive of %s: %w", id, err)
	}
	s.standing, s.revision, s.kept = st, d.Revision, st.Upto
	s.recent, s.have = nil, nil
	for number := max(1, st.Closed-remembered+1); number <= st.Closed; number++ {
		list, err := a.closed(ctx, id, number)
		if err != nil {
			return err
		}
		s.recent = append(s.recent, list.Items)
		s.last = list.Items[len(list.Items)-1]
	}
	return nil
}

// remembered is how many closed documents are known by heart: what changes in
// nothing but its story soon after it came does not come in again.
const remembered = 10

// has reports whether this very version is in the open or a late document.
func (s *shelf) has(it ref) bool { return s.versions()[it.ID] == it.Version }

// versions are those of the articles in the open and the late documents, by id.
func (s *shelf) versions() map[string]int {
	if s.have == nil {
		s.have = map[string]int{}
		for _, list := range append(slices.Clone(s.recent), s.Open) {
			for _, it := range list {
				s.have[it.ID] = it.Version
			}
		}
	}
	return s.have
}

// forget leaves out of the versions those of a document that is late no more.
func (s *shelf) forget(list []ref) {
	for _, it := range list {
		if s.have[it.ID] == it.Version {
			delete(s.have, it.ID)
		}
	}
}

// closed reads a closed document's list.
func (a *archive) closed(ctx context.Context, id string, number int) (list archived, err error) {
	d, err := a.store.Document(ctx, kindArchive, archiveKey(id, number))
	if err != nil {
		return list, fmt.Errorf("archive %d of %s: %w", number, id, err)
	}
	if err = json.Unmarshal(d.Body, &list); err == nil && len(list.Items) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return list, fmt.Errorf("archive %d of %s: %w", number, id, err)
	}
	return list, nil
}

func archiveKey(id string, number int) string { return fmt.Sprintf("%s/%08d", id, number) }

// advance looks at the next changes and at the clock. It returns the feeds whose
// archive has got on, and whether more changes are waiting.
func (a *archive) advance(ctx context.Context) (moved []string, more bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	list, last, err := a.changes(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("archive: %w", err)
	}
	now, at, more := a.now(), last, len(list) == changesAt
	for id, s := range a.shelves {
		before := *s
		err = a.step(ctx, s, list, last, now)
		if errors.Is(err, errElsewhere) {
			at, more, err = min(at, s.Upto), true, nil
		}
		if err != nil {
			*s = before
			s.have = nil
			return moved, false, err
		}
		if s.Closed != before.Closed {
			moved = append(moved, id)
		}
	}
	a.at = at
	return moved, more, nil
}

// step shows the changes up to last, and the clock, to a shelf, and keeps all that was
// closed on the way in one transaction; or the place of a shelf that has gone far
// without closing anything.
func (a *archive) step(ctx context.Context, s *shelf, list []*article.Record, last int64, now time.Time) error {
	if err := s.take(list, now); err != nil {
		return err
	}
	s.Upto = max(s.Upto, last)
	if err := s.settle(now); err != nil {
		return err
	}
	if len(s.closing) > 0 || s.Upto-s.kept > persistAfter {
		return a.keep(ctx, s)
	}
	return nil
}

// take shows changes to a shelf, closing documents on the way.
func (s *shelf) take(list []*article.Record, now time.Time) error {
	for _, r := range list {
		if r.Changed <= s.Upto {
			continue
		}
		if s.wants(r) && !s.has(ref{ID: r.ID, Version: r.Version}) {
			if err := s.add(ref{ID: r.ID, Version: r.Version, Until: embargo(r, now)}, arrival(r)); err != nil {
				return err
			}
		}
		s.Upto = max(s.Upto, r.Changed)
	}
	return nil
}

// wants reports whether a change belongs into the feed's archive. What was
// canceled does too, as its tombstone.
func (s *shelf) wants(r *article.Record) bool {
	return r.Status != article.Withheld && selects(&s.channel.Select, r) && (s.match.IsZero() || s.match.Matches(r))
}

func embargo(r *article.Record, now time.Time) time.Time {
	if r.Embargo.After(now) {
		return r.Embargo
	}
	return time.Time{}
}

// arrival is the day on which a version came in, as far as it tells.
func arrival(r *article.Record) string {
	at := r.FirstSeen
	if r.Updated.After(at) {
		at = r.Updated
	}
	return at.UTC().Format(time.DateOnly)
}

// add puts an article among the open ones, in place of an older version of it.
func (s *shelf) add(it ref, day string) error {
	s.Held = without(s.Held, it.ID)
	if s.versions()[it.ID] > 0 {
		s.Open = without(s.Open, it.ID)
	}
	if !it.Until.IsZero() {
		s.Held, s.have = append(s.Held, it), nil
		return nil
	}
	if len(s.Open) > 0 && (day > s.Day || len(s.Open) >= s.size()) {
		if err := s.close(); err != nil {
			return err
		}
	}
	s.Day = max(s.Day, day)
	s.Open = append(s.Open, it)
	s.versions()[it.ID] = it.Version
	return nil
}

// without is a list without an article; the list itself stays as it was, for a shelf
// that has to go back to it.
func without(list []ref, id string) []ref {
	same := func(o ref) bool { return o.ID == id }
	if !slices.ContainsFunc(list, same) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), same)
}

func (s *shelf) size() int {
	return min(max(s.channel.Select.Limit, leastArchive), mostArchive)
}

// settle does what the clock asks for: embargoes end, the day ends.
func (s *shelf) settle(now time.Time) error {
	today := now.UTC().Add(-dayGrace).Format(time.DateOnly)
	for _, it := range slices.Clone(s.Held) {
		if it.Until.After(now) {
			continue
		}
		if err := s.add(ref{ID: it.ID, Version: it.Version}, max(today, s.Day)); err != nil {
			return err
		}
	}
	if len(s.Open) > 0 && s.Day < today {
		return s.close()
	}
	return nil
}

// close makes a document of the open articles.
func (s *shelf) close() error {
	body, err := json.Marshal(archived{Day: s.Day, Items: s.Open})
	if err != nil {
		return err
	}
	s.Closed++
	s.last = s.Open[len(s.Open)-1]
	late := max(0, len(s.recent)-remembered+1)
	for _, list := range s.recent[:late] {
		s.forget(list)
	}
	s.recent = append(slices.Clone(s.recent[late:]), s.Open)
	s.Open = nil
	s.closing = append(s.closing, store.Document{Kind: kindArchive, Key: archiveKey(s.channel.ID, s.Closed), Body: body})
	return nil
}

// errElsewhere says that another replica has closed the document: the shelf is
// as that one left it, and the changes since are looked at again.
var errElsewhere = errors.New("the archive was moved on by another replica")

// keep stores a shelf's standing, and what was closed, together.
func (a *archive) keep(ctx context.Context, s *shelf) error {
	body, err := json.Marshal(s.standing)
	if err != nil {
		return err
	}
	docs := append([]store.Document{{Kind: kindArchiving, Key: s.channel.ID, Revision: s.revision, Body: body}}, s.closing...)
	s.closing = nil
	switch err := a.store.Put(ctx, docs); {
	case errors.Is(err, store.ErrConflict):
		if err := a.read(ctx, s.channel.ID, s); err != nil {
			return err
		}
		return errElsewhere
	case err != nil:
		return fmt.Errorf("archive of %s: %w", s.channel.ID, err)
	}
	s.revision, s.kept = docs[0].Revision, s.Upto
	return nil
}

// leave keeps the places of those shelves that have gone on far enough for reading
// the changes again to cost more than the writing does.
func (a *archive) leave(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.shelves {
		if s.Upto-s.kept <= changesAt {
			continue
		}
		if err := a.keep(ctx, s); err != nil && !errors.Is(err, errElsewhere) {
			return err
		}
	}
	return nil
}
