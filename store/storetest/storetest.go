// Package storetest is the one suite that every store must pass: whatever the
// interface store.Store promises is tried here, alone and with several handles
// and processes at once. In goes a way to open a store; out come test failures.
// It knows no database.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wireroom/article"
	"wireroom/store"
)

// Open opens the store of a test. Every call with the same t opens another
// handle on the same database; another t has an empty one. It closes what it
// opened when the test ends.
type Open func(t *testing.T) store.Store

// Run holds a store to the interface.
func Run(t *testing.T, open Open) {
	for name, f := range map[string]func(*testing.T, Open){
		"sync": runSync, "claim": runClaim, "lease": runLease, "race": runRace, "model": runModel,
		"state": runState, "save": runSave, "versions": runVersions, "select": runSelect, "search": runSearch,
		"document": runDocument, "assign": runAssign, "rekey": runRekey, "forget": runForget, "entered": runEntered, "statuses": runStatuses,
		"changes": runChanges, "watch": runWatch, "limits": runLimits, "partial": runPartial,
		"prepared": runPrepared,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, open)
		})
	}
}

// cases runs subtests, each with a database of its own.
func cases(t *testing.T, open Open, list map[string]func(*desk)) {
	for name, f := range list {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(&desk{t: t, Store: open(t), open: open})
		})
	}
}

// Start is when every test begins.
var Start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var start = Start

// desk is a store with what tests do with it.
type desk struct {
	store.Store
	t    *testing.T
	open Open
}

// second is another handle on the same database.
func (d *desk) second() *desk { return &desk{t: d.t, Store: d.open(d.t), open: d.open} }

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// src is a source that is due at start.
func src(id, host string) store.Source {
	return store.Source{ID: id, Host: host, FirstDue: start}
}

func (d *desk) sync(sources ...store.Source) {
	d.t.Helper()
	d.must(d.Sync(context.Background(), sources))
}

// request asks for a minute's lease on all hosts.
func request(now time.Time) store.ClaimRequest {
	return store.ClaimRequest{Worker: "test", Now: now, Lease: time.Minute, Hosts: 100}
}

func (d *desk) claim(r store.ClaimRequest) ([]store.Claim, time.Time) {
	d.t.Helper()
	claims, next, err := d.Claim(context.Background(), r)
	d.must(err)
	for _, c := range claims {
		for i := range c.Sources {
			d.must(d.Complete(context.Background(), &c.Sources[i]))
		}
	}
	return claims, next
}

// claimOne claims the one host that is to be had.
func (d *desk) claimOne(now time.Time) store.Claim {
	d.t.Helper()
	claims, _ := d.claim(request(now))
	if len(claims) != 1 {
		d.t.Fatalf("claimed %v; want one host", names(claims))
	}
	return claims[0]
}

func (d *desk) release(notBefore time.Time, claims ...store.Claim) {
	d.t.Helper()
	_, err := d.Save(context.Background(), nil, store.Back(notBefore, claims...)...)
	d.must(err)
}

func (d *desk) save(polls ...store.Poll) []store.Saved {
	d.t.Helper()
	saved, err := d.Save(context.Background(), polls)
	d.must(err)
	if len(saved) != len(polls) {
		d.t.Fatalf("%d results for %d polls", len(saved), len(polls))
	}
	return saved
}

// saveOne saves a poll that must be accepted.
func (d *desk) saveOne(p store.Poll) store.Saved {
	d.t.Helper()
	saved := d.save(p)[0]
	d.must(saved.Err)
	return saved
}

// feed claims, saves items of one source and lets go again.
func (d *desk) feed(source string, now time.Time, items ...store.Item) store.Saved {
	d.t.Helper()
	claims, _ := d.claim(store.ClaimRequest{Worker: "feed", Now: now, Lease: time.Minute, Hosts: 1, Sources: []string{source}})
	if len(claims) != 1 || len(claims[0].Sources) != 1 {
		d.t.Fatalf("source %s could not be claimed: %v", source, names(claims))
	}
	saved := d.saveOne(poll(claims[0], 0, now, items...))
	d.release(time.Time{}, claims...)
	return saved
}

// poll is the outcome of polling the claim's i-th source: due again in an hour.
func poll(c store.Claim, i int, now time.Time, items ...store.Item) store.Poll {
	st := c.Sources[i]
	st.Due, st.LastPoll, st.LastSuccess = now.Add(time.Hour), now, now
	st.History = append(st.History[:len(st.History):len(st.History)], store.PollLog{At: now, Took: time.Second, Outcome: "same", Status: 200, Bytes: 1000})
	return store.Poll{Host: c.Host, Token: c.Token, State: st, Items: items}
}

func (d *desk) state(source string) store.State {
	d.t.Helper()
	st, err := d.State(context.Background(), source)
	d.must(err)
	return st
}

func (d *desk) sequence() int64 {
	d.t.Helper()
	n, err := d.Sequence(context.Background())
	d.must(err)
	return n
}

func (d *desk) query(q article.Query) []article.Record {
	d.t.Helper()
	list, err := d.Select(context.Background(), q)
	d.must(err)
	return list
}

func (d *desk) changes(after int64) []article.Record {
	d.t.Helper()
	list, _, err := d.Changes(context.Background(), after, 10_000)
	d.must(err)
	return plain(list)
}

func plain(list []*article.Record) []article.Record {
	out := make([]article.Record, len(list))
	for i := range list {
		out[i] = *list[i]
	}
	return out
}

// same fails the test where two values differ; empty and nil lists don't, and where
// a store has a source is its own business.
func (d *desk) same(what string, got, want any) {
	d.t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(store.State{}, "Rows")); diff != "" {
		d.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// record is an article as normalise hands it over, full of everything.
func record(source string, n int, now time.Time) article.Record {
	t := now.Add(-time.Duration(n) * time.Minute)
	key := fmt.Sprint("guid-", n)
	return article.Record{
		ID: article.Mint("news.example.org", source, "g:"+key), Version: 1, Status: article.Usable, Language: "en-GB",
		Headline: fmt.Sprintf("Harbour reopens after storm number %d", n), Kicker: "Weather", Standfirst: "Ferries sail again.",
		Byline: "By Ada Lund", Authors: []article.Person{{Name: "Ada Lund", Role: "reporter"}}, Agencies: []string{"AFP", "dpa"},
		Source:    article.Source{ID: source, Name: "The feed's own name", FeedURL: "https://example.org/feed", GUID: key},
		Published: t, Updated: t, FirstSeen: now,
		Links:    article.Links{Canonical: fmt.Sprintf("https://example.org/%s/%d", source, n)},
		Subjects: []article.Subject{{Scheme: "medtop", Code: "17000000", Name: "weather"}}, Keywords: []string{"ferry", "storm"},
		Body:   article.Body{HTML: "<p>The harbour is <em>open</em> &amp; busy.</p>", Text: "The harbour is open & busy.", WordCount: 6},
		Images: []article.Media{{URL: "https://example.org/a.jpg", Width: 1200, Height: 800, Role: "lead", Credit: "Ed Marsh/AFP"}},
		Rights: article.Rights{Copyright: "© Example", Republish: article.Summary}, Provenance: map[string]string{"headline": "feed"},
	}
}

func item(source string, n int, now time.Time, edit ...func(*article.Record)) store.Item {
	r := record(source, n, now)
	for _, f := range edit {
		f(&r)
	}
	return store.Item{Key: "g:" + r.Source.GUID, Record: &r}
}

func items(source string, n int, now time.Time) []store.Item {
	list := make([]store.Item, n)
	for i := range list {
		list[i] = item(source, i, now)
	}
	return list
}

func names(claims []store.Claim) []string {
	var list []string
	for _, c := range claims {
		for _, st := range c.Sources {
			list = append(list, c.Host+"/"+st.Source)
		}
	}
	return list
}

func ids(list []article.Record) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

func headlines(list []article.Record) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Headline
	}
	return out
}
