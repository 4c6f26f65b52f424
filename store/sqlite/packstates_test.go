package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wireroom/article/date"
	"wireroom/store"
	"wireroom/store/packed"
	"wireroom/store/storetest"
)

// States as the third migration had them are there after the fourth, and their
// sources are claimed when they are due.
func TestPackStates(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "w.db")
	db, err := connect(path, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := schema(db)
	if err == nil {
		_, err = p.UpTo(t.Context(), 3)
	}
	if err != nil {
		t.Fatal(err)
	}
	start := storetest.Start
	polled := store.State{
		Source: "polled", Host: "h", Due: start, URL: "https://h/feed", ETag: `W/"1"`, LastModified: "Sun, 01 Mar 2026 12:00:00 GMT", BodyHash: 1 << 63, Known: []uint64{3, 1 << 63},
		Interval: time.Minute, LastPoll: start.Add(-time.Minute), LastSuccess: start.Add(-time.Hour), LastChange: start.Add(-2 * time.Hour), Failures: 2, Error: "it was down", Status: 503,
		History: []store.PollLog{{At: start.Add(-time.Hour), Outcome: "new", Status: 200, New: 3}, {At: start.Add(-time.Minute), Outcome: "server", Status: 503}},
		Recent:  []byte("notes"), Detail: store.Detail{Title: "Title", Hubs: []string{"https://hub/"}, DateOrder: date.MonthFirst},
	}
	never := store.State{Source: "never", Host: "h", Due: start.Add(time.Second)}
	learnt := packed.LearntOf(&polled)
	for _, q := range []struct {
		text string
		args []any
	}{
		{"INSERT INTO host (id, name, due) VALUES (7, 'h', ?)", []any{millis(start)}},
		{"INSERT INTO source (id, name, host, title, republish, standing) VALUES (5, 'polled', 7, '', 'full', 1), (9, 'never', 7, '', '', 1), (11, 'retired', 7, '', '', 0)", nil},
		{"INSERT INTO state VALUES (5, 7, ?, ?, ?, ?, ?, ?, ?, ?, ?)", []any{millis(polled.Due), polled.Interval.Milliseconds(), millis(polled.LastPoll), millis(polled.LastSuccess),
			polled.Failures, polled.Status, learnt.Hash, polled.Error, packed.History(polled.History)}},
		{"INSERT INTO state (source, host, due) VALUES (9, 7, ?), (11, NULL, 0)", []any{millis(never.Due)}},
		{"INSERT INTO learnt VALUES (5, ?, ?, ?, ?, ?, ?, ?, ?)", []any{polled.URL, polled.ETag, polled.LastModified, -1 << 63, millis(polled.LastChange), learnt.Known, learnt.Recent, string(learnt.Detail)}},
	} {
		if _, err := db.ExecContext(t.Context(), q.text, q.args...); err != nil {
			t.Fatal(q.text, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, want := range []store.State{polled, never} {
		got, err := s.State(t.Context(), want.Source)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	claims, next, err := s.Claim(t.Context(), store.ClaimRequest{Now: start, Lease: time.Minute, Hosts: 5})
	if err != nil || len(claims) != 1 || len(claims[0].Sources) != 1 || claims[0].Sources[0].Source != "polled" {
		t.Errorf("%v, %v, %v", claims, next, err)
	}
}
