package stories_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"wireroom/article"
	"wireroom/scheduler/stories"
	"wireroom/store"
	"wireroom/store/sqlite"
	"wireroom/story"
)

var start = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// room is a store with one source and a clock.
type room struct {
	t *testing.T
	store.Store
	now time.Time
}

func newRoom(t *testing.T) *room {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r := &room{t: t, Store: s, now: start}
	r.must(s.Sync(t.Context(), []store.Source{{ID: "wire", Host: "wire.example"}}))
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) keeper(name string) *stories.Keeper {
	return stories.New(stories.Options{Store: r.Store, Name: name, Now: func() time.Time { return r.now }})
}

func (r *room) turn(k *stories.Keeper) {
	r.t.Helper()
	r.must(k.Turn(r.t.Context()))
}

// file stores articles as a poll would.
func (r *room) file(list ...article.Record) {
	r.t.Helper()
	claims, _, err := r.Claim(r.t.Context(), store.ClaimRequest{Worker: "t", Now: r.now, Lease: time.Minute, Hosts: 1, Sources: []string{"wire"}})
	r.must(err)
	if len(claims) != 1 {
		r.t.Fatalf("%d claims", len(claims))
	}
	p := store.Poll{Host: claims[0].Host, Token: claims[0].Token, State: claims[0].Sources[0]}
	for _, a := range list {
		p.Items = append(p.Items, store.Item{Key: "g:" + a.ID, Record: &a})
	}
	saved, err := r.Save(r.t.Context(), []store.Poll{p}, store.Back(time.Time{}, claims...)...)
	r.must(err)
	r.must(saved[0].Err)
}

func (r *room) story(id string) article.Story {
	r.t.Helper()
	a, err := r.Article(r.t.Context(), "tag:x.example,2026:"+id)
	r.must(err)
	return a.Story
}

func (r *room) rec(id, headline, text string) article.Record {
	return article.Record{
		ID: "tag:x.example,2026:" + id, Version: 1, Status: article.Usable, Language: "en", Headline: headline, Published: r.now, Updated: r.now, FirstSeen: r.now,
		Source: article.Source{ID: "wire", GUID: id}, Body: article.Body{Text: text, WordCount: article.WordCount(text)},
	}
}

func (r *room) quake(id string) article.Record {
	texts := map[string]string{
		"q1": "A magnitude 6.8 earthquake struck off Antofagasta in northern Chile early on Monday, the seismological centre said.",
		"q2": "Residents of Antofagasta ran into the streets when an earthquake of magnitude 6.8 shook northern Chile before dawn on Monday.",
		"q3": "Rescuers in Antofagasta found four dead after the magnitude 6.8 earthquake in northern Chile, Interior Minister Montes said on Monday.",
		"q4": "Copper mines near Antofagasta resumed work after the magnitude 6.8 earthquake in northern Chile, Interior Minister Montes said.",
	}
	return r.rec(id, "Earthquake of 6.8 in northern Chile: Antofagasta "+id, texts[id])
}

func (r *room) panda() article.Record {
	return r.rec("p", "Panda twins take first steps in Vienna", "Two cubs were shown to visitors of the Schoenbrunn zoo in Vienna; families queued.")
}

const quakes = "tag:x.example,2026:s-q1"

// TestKeeper: articles find their story as they come, the first is told of it
// when the second comes, and nothing is written twice.
func TestKeeper(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	k := r.keeper("one")
	r.file(r.quake("q1"), r.panda())
	r.turn(k)
	if s := r.story("q1"); s.ID != "" {
		t.Errorf("alone, and yet of %s", s.ID)
	}
	r.now = r.now.Add(time.Hour)
	r.file(r.quake("q2"))
	r.turn(k)
	if a, b, p := r.story("q1"), r.story("q2"), r.story("p"); a.ID != quakes || b.ID != quakes || p.ID != "" {
		t.Errorf("%+v %+v %+v", a, b, p)
	}
	seq, err := r.Sequence(t.Context())
	r.must(err)
	r.turn(k)
	r.turn(k)
	if again, _ := r.Sequence(t.Context()); again != seq {
		t.Errorf("turns without news wrote: %d, %d", seq, again)
	}
	why, err := stories.Why(t.Context(), r, "tag:x.example,2026:q2")
	if err != nil || why.Story != quakes || why.With != "tag:x.example,2026:q1" || len(why.Why) < 3 || why.Score <= 0 {
		t.Errorf("%+v %v", why, err)
	}
	if _, err := stories.Why(t.Context(), r, "p"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if s := k.Stats(); s == nil || s.Articles != 3 || s.Stories != 1 || s.Bytes == 0 {
		t.Errorf("%+v", s)
	}
	r.now = r.now.Add(40 * 24 * time.Hour)
	r.turn(k)
	if _, err := stories.Why(t.Context(), r, "q2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an old reason is kept: %v", err)
	}
}

// TestReasons: why an article is in its story is told anew when it moves.
func TestReasons(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	k := r.keeper("one")
	r.file(r.quake("q1"), r.quake("q2"), r.panda())
	r.turn(k)
	r.now = r.now.Add(time.Hour)
	next := r.panda()
	next.ID, next.Source.GUID, next.Headline, next.Updated = "tag:x.example,2026:q2", "q2", "Pandas on a walk in Vienna", r.now
	r.file(next, r.quake("q3"))
	r.turn(k)
	want := r.story("p").ID
	why, err := stories.Why(t.Context(), r, next.ID)
	if err != nil || want == "" || why.Story != want || why.With != "tag:x.example,2026:p" {
		t.Errorf("%+v, %v; the pandas are %q", why, err, want)
	}
	if why, err := stories.Why(t.Context(), r, "tag:x.example,2026:q3"); err != nil || why.Story != quakes {
		t.Errorf("of the same turn: %+v, %v", why, err)
	}
}

// TestRestart: after a restart, and at another replica, things go on as if
// nothing had been.
func TestRestart(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.file(r.quake("q1"), r.panda(), r.quake("q2"))
	r.turn(r.keeper("one")) // what was there before there were stories is looked at
	if s := r.story("q2"); s.ID != quakes {
		t.Fatalf("%+v", s)
	}
	r.now = r.now.Add(10 * time.Second)
	other := r.keeper("two")
	r.file(r.quake("q3"))
	r.turn(other)
	if s := r.story("q3"); s.ID != "" || other.Stats() != nil {
		t.Errorf("while another keeps the stories: %+v", s)
	}
	r.now = r.now.Add(2 * time.Minute) // the lease ran out
	r.turn(other)
	if s := r.story("q3"); s.ID != quakes {
		t.Errorf("%+v", s)
	}
	one := r.keeper("one")
	r.turn(one)
	if one.Stats() != nil {
		t.Error("two hold the lease")
	}
	// The one whose lease was taken stops when it sees it.
	r.now = r.now.Add(2 * time.Minute)
	r.turn(one)
	r.turn(other)
	if one.Stats() == nil || other.Stats() != nil {
		t.Error("the lease did not pass on")
	}
	r.file(r.quake("q4"))
	r.turn(one)
	if s := r.story("q4"); s.ID != quakes {
		t.Errorf("%+v", s)
	}
}

// TestRun: Run hears of changes by itself and gives the lease back.
func TestRun(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	ctx, cancel := context.WithCancel(t.Context())
	k := stories.New(stories.Options{Store: r.Store, Name: "one", Lease: 300 * time.Millisecond})
	k.Want(true)
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	r.now = time.Now().UTC().Truncate(time.Millisecond)
	r.file(r.quake("q1"), r.quake("q2"))
	for end := time.Now().Add(20 * time.Second); r.story("q2").ID == ""; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing was decided")
		}
	}
	cancel()
	r.must(<-done)
	next := stories.New(stories.Options{Store: r.Store, Name: "two"})
	r.turn(next)
	if next.Stats() == nil {
		t.Error("the lease was not given back")
	}
}

// TestOperator: what an operator decides holds at once, for later versions, and
// after a restart.
func TestOperator(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	k := r.keeper("one")
	r.file(r.quake("q1"), r.quake("q2"), r.quake("q3"), r.panda())
	r.turn(k)
	ctx := t.Context()
	id, err := stories.Split(ctx, r, []string{"tag:x.example,2026:q2"}, r.now)
	r.must(err)
	if id != "tag:x.example,2026:s-q2" || r.story("q2").ID != id || r.story("q1").ID != quakes {
		t.Errorf("split into %s: %+v %+v", id, r.story("q2"), r.story("q1"))
	}
	founder, err := stories.Split(ctx, r, []string{"q1"}, r.now)
	r.must(err)
	if founder != quakes+"-2" || r.story("q1").ID != founder || r.story("q3").ID != quakes {
		t.Errorf("the founder split into %s", founder)
	}
	if _, err := stories.Split(ctx, r, []string{"p"}, r.now); !errors.Is(err, stories.ErrAlone) {
		t.Errorf("split what is alone: %v", err)
	}
	r.must(stories.Join(ctx, r, id, []string{"p", founder}, r.now))
	r.now = r.now.Add(time.Minute)
	r.turn(k)
	again := r.quake("q2")
	again.Headline, again.Updated = "Antofagasta earthquake: mines in northern Chile close", r.now
	r.file(again)
	for _, k := range []*stories.Keeper{k, r.keeper("one")} {
		r.turn(k)
		for _, a := range []string{"p", "q1", "q2"} {
			if s := r.story(a); s.ID != id {
				t.Errorf("%s is in %s", a, s.ID)
			}
		}
	}
	for what, want := range map[string]string{
		"q2": id, "s-q2": id, id: id, "p": id, "s-q1": quakes, "q3": quakes,
	} {
		if got, err := stories.Find(ctx, r, what); err != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", what, got, err, want)
		}
	}
	for _, what := range []string{"nothing", "s-nothing", "tag:x.example,2026:s-nothing"} {
		if _, err := stories.Find(ctx, r, what); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	list, err := stories.Members(ctx, r, id, 10)
	if err != nil || len(list) != 3 || !slices.ContainsFunc(list, func(a article.Record) bool { return a.ID == "tag:x.example,2026:p" }) {
		t.Errorf("%d members, %v", len(list), err)
	}
}

// TestMany: a window that is read in pages is read whole, where many came in one
// instant and where they came one after the other.
func TestMany(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var list []article.Record
	for i := range 2403 {
		a := r.rec(fmt.Sprint("m", i), fmt.Sprintf("Report %d of a town called %c%d", i, 'a'+i%26, i*7919), fmt.Sprintf("Number%d word%d thing%d town%d.", i, i*31, i*17, i*13))
		a.FirstSeen = a.FirstSeen.Add(time.Duration(max(0, i-1100)) * 3 * time.Second)
		list = append(list, a)
	}
	r.file(list...)
	r.now = r.now.Add(2 * time.Hour)
	for _, name := range []string{"one", "two"} { // decided on, and restored
		k := r.keeper(name)
		r.turn(k)
		if s := k.Stats(); s.Articles != len(list) {
			t.Errorf("%+v", s)
		}
		r.now = r.now.Add(2 * time.Minute)
	}
}

// broken is a store whose assignments fail for a while.
type broken struct {
	store.Store
	fail bool
}

func (b *broken) Assign(ctx context.Context, list []store.Assignment) error {
	if b.fail && len(list) > 0 {
		return errors.New("the disk is full")
	}
	return b.Store.Assign(ctx, list)
}

// TestFailure: what could not be written is written later.
func TestFailure(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	b := &broken{Store: r.Store, fail: true}
	r.file(r.quake("q1"), r.panda())
	ctx, cancel := context.WithCancel(t.Context())
	k := stories.New(stories.Options{Store: b, Name: "one", Engine: story.Options{Limit: 100}, Now: func() time.Time { return start }})
	r.must(k.Turn(ctx))
	r.file(r.quake("q2"))
	if err := k.Turn(ctx); err == nil {
		t.Error("the failure is not told")
	}
	b.fail = false
	done := make(chan error, 1)
	next := stories.New(stories.Options{Store: b, Name: "one", Now: func() time.Time { return start }})
	next.Want(true)
	go func() { done <- next.Run(ctx) }()
	for end := time.Now().Add(20 * time.Second); r.story("q2").ID == ""; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it was not written later")
		}
	}
	cancel()
	r.must(<-done)
}
