package control

import (
	"errors"
	"testing"
	"time"

	"wireroom/store"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", 90 * time.Second: "90s", 15 * time.Minute: "15m", 2 * time.Hour: "2h", 150 * time.Minute: "2h30m", 47*time.Hour + 59*time.Minute: "47h59m",
		48 * time.Hour: "2d", 76 * time.Hour: "3d4h", 119 * time.Second: "119s", 119*time.Minute + 40*time.Second: "120m",
	} {
		if got := Span(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, k := range []struct {
		name  string
		src   Source
		st    store.State
		state Health
		label string
		words string
	}{
		{"new", Source{ID: "a"}, store.State{}, Waiting, "a", ""},
		{"well", Source{ID: "a"}, store.State{LastPoll: now, Detail: store.Detail{Title: "Own"}}, Well, "Own", ""},
		{"paused", Source{ID: "a", Title: "Mine", Paused: true}, store.State{LastPoll: now, Failures: 3, Detail: store.Detail{Title: "Own"}}, Paused, "Mine", ""},
		{"failing", Source{ID: "a"}, store.State{LastPoll: now, Failures: 1, History: []store.PollLog{{Outcome: "dns"}}}, Failing, "a", trouble["dns"]},
		{"failing oddly", Source{ID: "a"}, store.State{LastPoll: now, Failures: 1}, Failing, "a", "What the site sends can't be read as a feed."},
		{"gone", Source{ID: "a"}, store.State{LastPoll: now, Failures: 1, Detail: store.Detail{Gone: true}}, Gone, "a", trouble["gone"]},
		{"held", Source{ID: "a"}, store.State{LastPoll: now, Detail: store.Detail{Held: 300, HeldAt: now}}, Held, "a", "It brought 300 new articles at once, far more than ever. They appear nowhere until you have looked at it and let them in."},
	} {
		s := Describe(k.src, &k.st)
		if s.State != k.state || s.Name != k.label || s.Words != k.words {
			t.Errorf("%s: %s %q %q", k.name, s.State, s.Name, s.Words)
		}
	}
	if n := saved([]store.PollLog{{Outcome: "not-modified", Bytes: 10}, {Outcome: "new", Bytes: 100}, {Outcome: "same", Bytes: 300}, {Outcome: "timeout", Bytes: 5}, {Outcome: "not-modified"}}); n != 400 {
		t.Errorf("saved %d bytes, want 400", n)
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	err := Refuse(ErrConflict, "There is %q already.", "a")
	if !errors.Is(err, ErrConflict) || errors.Is(err, ErrInvalid) || err.Error() != `There is "a" already.` {
		t.Error(err)
	}
	for outcome, want := range map[string]string{"new": "news", "same": "nothing new", "unchanged": "the same bytes", "not-modified": "not modified (304)", "skipped": "left alone", "dns": trouble["dns"], "odd": "odd", store.Withdrawn: "an article was withdrawn by hand"} {
		if got := Outcome(&Poll{Outcome: outcome}); got != want {
			t.Errorf("%s: %s", outcome, got)
		}
	}
}
