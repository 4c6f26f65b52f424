package store

import (
	"testing"
	"time"
)

func TestSettle(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, k := range []struct {
		outcome string
		saved   Saved
		want    PollLog
		changed bool
	}{
		{"same", Saved{New: 2, Updated: 1, Canceled: 1}, PollLog{At: at, Outcome: "new", New: 2, Updated: 2}, true},
		{"new", Saved{Unchanged: 3}, PollLog{At: at, Outcome: "same"}, false},
		{"timeout", Saved{}, PollLog{At: at, Outcome: "timeout"}, false},
		{Withdrawn, Saved{Canceled: 1}, PollLog{At: at, Outcome: Withdrawn, Updated: 1}, false},
	} {
		p := Poll{State: State{History: []PollLog{{At: at, Outcome: k.outcome}}}, Items: []Item{{Key: "a"}}}
		p.Settle(k.saved)
		if got := p.State.History[0]; got != k.want || p.State.LastChange.IsZero() == k.changed {
			t.Errorf("%s: %+v, last change %s", k.outcome, got, p.State.LastChange)
		}
	}
	var none Poll
	none.Settle(Saved{New: 1})
	if none.State.History != nil {
		t.Error("a poll without history got one")
	}
}
