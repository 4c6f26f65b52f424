package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wireroom/store"
)

// Health says how a source does.
type Health string

// The healths. A source that waits has never been polled.
const (
	Well    Health = "ok"
	Waiting Health = "new"
	Failing Health = "failing"
	Held    Health = "held"
	Gone    Health = "gone"
	Paused  Health = "paused"
)

// Healths are all of them, the ones that need somebody first.
func Healths() []Health { return []Health{Failing, Held, Gone, Waiting, Paused, Well} }

// Status is a source and what was learnt of it.
type Status struct {
	Source
	Name        string         `json:"name" desc:"What readers see: the configured title, the feed's own, or the id."`
	State       Health         `json:"state" desc:"ok, new, failing, held, gone or paused."`
	Words       string         `json:"words,omitempty" desc:"What is wrong and what may be done, in plain words."`
	Error       string         `json:"error,omitempty" desc:"Of the last poll, in full."`
	Failures    int            `json:"failures,omitempty" desc:"In a row."`
	Status      int            `json:"status,omitempty" desc:"HTTP status of the last exchange."`
	Held        int            `json:"held,omitempty" desc:"Articles withheld because too many came at once."`
	Due         time.Time      `json:"due,omitzero" desc:"Next poll."`
	Interval    string         `json:"interval,omitempty"`
	Why         string         `json:"why,omitempty" desc:"Of the interval."`
	LastPoll    time.Time      `json:"last_poll,omitzero"`
	LastSuccess time.Time      `json:"last_success,omitzero"`
	LastChange  time.Time      `json:"last_change,omitzero"`
	Format      string         `json:"format,omitempty"`
	Language    string         `json:"language,omitempty"`
	Home        string         `json:"home,omitempty"`
	Moved       string         `json:"moved,omitempty" desc:"Address that replaced the configured one."`
	Hubs        []string       `json:"hubs,omitempty"`
	Repairs     map[string]int `json:"repairs,omitempty" desc:"Of the last body."`
	Saved       int64          `json:"saved_bytes" desc:"About what the 304s among the last polls have saved."`
	History     []Poll         `json:"history,omitempty" desc:"The last polls, oldest first."`
}

// Poll is one poll of a source's history.
type Poll struct {
	At      time.Time `json:"at"`
	Millis  int64     `json:"ms"`
	Outcome string    `json:"outcome" desc:"new, same, unchanged, not-modified, or the kind of the error."`
	Status  int       `json:"status,omitempty"`
	New     int       `json:"new"`
	Updated int       `json:"updated"`
	Bytes   int64     `json:"bytes" desc:"On the wire."`
}

// Failed reports whether the poll ended in an error.
func (p *Poll) Failed() bool { return !good(p.Outcome) }

func good(outcome string) bool {
	switch outcome {
	case "new", "same", "unchanged", "not-modified", store.Withdrawn:
		return true
	}
	return false
}

// Describe says how a source does; st is what the store knows of it.
func Describe(src Source, st *store.State) Status {
	d := &st.Detail
	s := Status{
		Source: src, Name: name(&src, d.Title), State: healthOf(&src, st), Error: st.Error, Failures: st.Failures, Status: st.Status, Held: d.Held,
		Due: st.Due, Why: d.Why, LastPoll: st.LastPoll, LastSuccess: st.LastSuccess, LastChange: st.LastChange,
		Format: d.Format, Language: d.Language, Home: d.Home, Moved: d.Adopted, Hubs: d.Hubs, Repairs: d.Repairs, Saved: saved(st.History),
		History: make([]Poll, 0, len(st.History)),
	}
	if st.Interval > 0 {
		s.Interval = Span(st.Interval)
	}
	for _, l := range st.History {
		s.History = append(s.History, Poll{l.At, l.Took.Milliseconds(), l.Outcome, l.Status, l.New, l.Updated, l.Bytes})
	}
	s.Words = s.words()
	return s
}

func name(src *Source, own string) string {
	switch {
	case src.Title != "":
		return src.Title
	case own != "":
		return own
	}
	return src.ID
}

func healthOf(src *Source, st *store.State) Health {
	switch {
	case src.Paused:
		return Paused
	case st.Detail.Gone:
		return Gone
	case st.LastPoll.IsZero():
		return Waiting
	case st.Failures > 0:
		return Failing
	case !st.Detail.HeldAt.IsZero():
		return Held
	}
	return Well
}

// saved is about what the 304s of a history would have cost: the mean of the
// whole answers, once each.
func saved(history []store.PollLog) int64 {
	var bytes, whole, spared int64
	for _, l := range history {
		switch {
		case l.Outcome == "not-modified":
			spared++
		case good(l.Outcome) && l.Bytes > 0:
			whole++
			bytes += l.Bytes
		}
	}
	if whole == 0 {
		return 0
	}
	return spared * (bytes / whole)
}

// Span writes a duration in its two largest units: 90s, 15m, 2h30m, 3d4h.
func Span(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < 2*time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%dm", d.Round(time.Minute)/time.Minute)
	case d < 48*time.Hour:
		d = d.Round(time.Minute)
		return pair(d/time.Hour, "h", d%time.Hour/time.Minute, "m")
	}
	d = d.Round(time.Hour)
	return pair(d/(24*time.Hour), "d", d%(24*time.Hour)/time.Hour, "h")
}

func pair(a time.Duration, unit string, b time.Duration, part string) string {
	if b == 0 {
		return fmt.Sprintf("%d%s", a, unit)
	}
	return fmt.Sprintf("%d%s%d%s", a, unit, b, part)
}

// States is the part of the store that knows the sources.
type States interface {
	State(ctx context.Context, source string) (store.State, error)
	States(ctx context.Context, f func(store.State) bool) error
}

// Look describes one source. ErrNotFound: the config has none of that id.
func Look(ctx context.Context, room Room, s States, id string) (Status, error) {
	for _, src := range room.Sources() {
		if src.ID != id {
			continue
		}
		st, err := s.State(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Status{}, fmt.Errorf("source %s: %w", id, err)
		}
		return Describe(src, &st), nil
	}
	return Status{}, Refuse(ErrNotFound, "There is no source %q.", id)
}

// Each describes the sources in order of id, those above after, until f returns
// false.
func Each(ctx context.Context, room Room, s States, after string, f func(Status) bool) error {
	byID := map[string]Source{}
	for _, src := range room.Sources() {
		byID[src.ID] = src
	}
	err := s.States(ctx, func(st store.State) bool {
		src, ok := byID[st.Source]
		if !ok || st.Source <= after {
			return true
		}
		return f(Describe(src, &st))
	})
	if err != nil {
		return fmt.Errorf("list the sources: %w", err)
	}
	return nil
}
