package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"wireroom/article"
	"wireroom/server/control"
	"wireroom/store"
)

// figures are what the overview shows. They are gathered at most once a minute,
// because they look at all sources and at the articles of a day.
type figures struct {
	mu   sync.Mutex
	at   time.Time
	last *overviewPage
}

const figuresLast = time.Minute

type overviewPage struct {
	At       time.Time // when it was gathered
	Stats    store.Stats
	Counts   []stateCount
	Sources  int
	Trouble  []control.Status // what needs somebody, the longest first
	More     int              // ... and how many besides
	Saved    int64            // bytes, by 304s
	Median   string           // from published to served
	Articles int              // of the last day
	Charts   []chart
}

// overview is the desk's first page.
func (d *Desk) overview(v *visit) error {
	p, err := d.gather(v.r.Context())
	if err != nil {
		return err
	}
	return d.show(v, http.StatusOK, "overview", &view{Title: "Desk", Nav: "overview", Body: p})
}

const (
	hours       = 24
	troubles    = 12
	maxArticles = 5000 // of the last day
)

func (d *Desk) gather(ctx context.Context) (*overviewPage, error) {
	d.figures.mu.Lock()
	defer d.figures.mu.Unlock()
	now := d.Now().UTC()
	if d.figures.last != nil && now.Sub(d.figures.at) < figuresLast {
		return d.figures.last, nil
	}
	p := &overviewPage{At: now}
	var err error
	if p.Stats, err = d.Store.Stats(ctx); err != nil {
		return nil, err
	}
	h := newHourly(now)
	counts := map[control.Health]int{}
	err = control.Each(ctx, d.Room, d.Store, "", func(s control.Status) bool {
		p.Sources++
		counts[s.State]++
		p.Saved += s.Saved
		if s.State == control.Failing || s.State == control.Held || s.State == control.Gone {
			p.Trouble = append(p.Trouble, s)
		}
		for i := range s.History {
			h.poll(&s.History[i])
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, state := range control.Healths() {
		if counts[state] > 0 {
			p.Counts = append(p.Counts, stateCount{state, counts[state]})
		}
	}
	slices.SortStableFunc(p.Trouble, func(a, b control.Status) int {
		return cmp.Or(b.Failures-a.Failures, a.LastSuccess.Compare(b.LastSuccess))
	})
	p.More = max(len(p.Trouble)-troubles, 0)
	p.Trouble = p.Trouble[:len(p.Trouble)-p.More]

	found, err := d.Store.Select(ctx, article.Query{Entered: article.Span{From: h.start}, Limit: maxArticles})
	if err != nil {
		return nil, err
	}
	for i := range found {
		served, ok := d.Served(found[i].ID)
		h.article(&found[i], served, ok)
	}
	p.Articles, p.Median = len(found), h.median()
	p.Charts = []chart{h.bySource(len(found) == maxArticles), h.latency(), h.outcomes(), h.shares()}
	if cpu, memory, ok := d.Usage.charts(now); ok {
		p.Charts = append(p.Charts, cpu, memory)
	}
	d.figures.at, d.figures.last = now, p
	return p, nil
}

// hourly counts what happened in each of the last hours.
type hourly struct {
	start    time.Time // of the first hour
	labels   []string
	sources  map[string][]int
	names    map[string]string
	polls    map[string][]int
	late     []time.Duration // from published to served
	guessed  int             // ... of which it is known only when they were stored
	lateness []int           // by bucket
}

func newHourly(now time.Time) *hourly {
	h := &hourly{
		start: now.Truncate(time.Hour).Add(-(hours - 1) * time.Hour), sources: map[string][]int{}, names: map[string]string{},
		polls: map[string][]int{}, lateness: make([]int, len(delays)+1),
	}
	for i := range hours {
		h.labels = append(h.labels, h.start.Add(time.Duration(i)*time.Hour).Format("15:04"))
	}
	return h
}

func (h *hourly) hour(t time.Time) (int, bool) {
	i := int(t.Sub(h.start) / time.Hour)
	return i, !t.Before(h.start) && i < hours
}

func tick(m map[string][]int, key string, i int) {
	if m[key] == nil {
		m[key] = make([]int, hours)
	}
	m[key][i]++
}

func (h *hourly) poll(p *control.Poll) {
	i, ok := h.hour(p.At)
	if !ok || p.Outcome == store.Withdrawn {
		return
	}
	switch {
	case p.Failed():
		tick(h.polls, "failed", i)
	case p.Outcome == "not-modified":
		tick(h.polls, "not modified", i)
	case p.New+p.Updated > 0:
		tick(h.polls, "news", i)
	default:
		tick(h.polls, "nothing new", i)
	}
}

type delay struct {
	most time.Duration
	text string
}

// delays are the bounds of the buckets of latency.
var delays = [...]delay{{time.Minute, "1m"}, {5 * time.Minute, "5m"}, {15 * time.Minute, "15m"}, {time.Hour, "1h"}, {6 * time.Hour, "6h"}, {24 * time.Hour, "1d"}}

// article counts one that was first served then, as far as that is known; else
// until it was stored: feeds follow within a moment.
func (h *hourly) article(r *article.Record, served time.Time, known bool) {
	if i, ok := h.hour(r.FirstSeen); ok {
		tick(h.sources, r.Source.ID, i)
		h.names[r.Source.ID] = cmp.Or(r.Source.Name, r.Source.ID)
	}
	if !known {
		h.guessed++
		served = r.FirstSeen
	}
	late := max(served.Sub(r.Published), 0)
	h.late = append(h.late, late)
	at := slices.IndexFunc(delays[:], func(b delay) bool { return late <= b.most })
	if at < 0 {
		at = len(delays)
	}
	h.lateness[at]++
}

func (h *hourly) median() string {
	if len(h.late) == 0 {
		return ""
	}
	slices.Sort(h.late)
	return control.Span(h.late[len(h.late)/2])
}

// coloured is how many sources have a colour of their own.
const coloured = 5

func (h *hourly) bySource(cut bool) chart {
	sum := func(id string) (n int) {
		for _, k := range h.sources[id] {
			n += k
		}
		return n
	}
	ids := make([]string, 0, len(h.sources))
	for id := range h.sources {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(sum(b)-sum(a), cmp.Compare(a, b)) })
	var list []series
	rest := make([]int, hours)
	for i, id := range ids {
		if i < coloured {
			list = append(list, series{h.names[id], fmt.Sprintf("s%d", i), h.sources[id]})
			continue
		}
		for j, n := range h.sources[id] {
			rest[j] += n
		}
	}
	if len(ids) > coloured {
		list = append(list, series{fmt.Sprintf("%d others", len(ids)-coloured), "s5", rest})
	}
	c := stacked("New articles an hour, by source", h.labels, 6, 1, list)
	if cut {
		c.Note = fmt.Sprintf("Only the newest %d articles are counted.", maxArticles)
	}
	return c
}

func (h *hourly) latency() chart {
	labels := make([]string, 0, len(delays)+1)
	for _, b := range delays {
		labels = append(labels, "≤ "+b.text)
	}
	labels = append(labels, "more")
	c := stacked("From published to served", labels, 1, 1, []series{{"articles", "s0", h.lateness}})
	if h.guessed > 0 {
		c.Note = fmt.Sprintf("Of %d articles it is known only when they were stored, which is a moment before.", h.guessed)
	}
	return c
}

func (h *hourly) outcomes() chart {
	var list []series
	for _, k := range []struct{ name, class string }{{"news", "news"}, {"nothing new", "s4"}, {"not modified", "quiet"}, {"failed", "bad"}} {
		values := h.polls[k.name]
		if values == nil {
			values = make([]int, hours)
		}
		list = append(list, series{k.name, k.class, values})
	}
	c := stacked("Polls an hour, by outcome", h.labels, 6, 1, list)
	c.Note = fmt.Sprintf("Of the last %d polls of each source.", store.HistoryLen)
	return c
}

func (h *hourly) shares() chart {
	values := make([]int, hours)
	for i := range values {
		all, spared := 0, 0
		for name, counts := range h.polls {
			if name != "failed" {
				all += counts[i]
			}
			if name == "not modified" {
				spared = counts[i]
			}
		}
		if all > 0 {
			values[i] = 100 * spared / all
		}
	}
	c := stacked("Share of answers that were 304, in percent", h.labels, 6, 100, []series{{"not modified, %", "quiet", values}})
	c.Text = c.Title + " by the hour; the table has the numbers"
	return c
}
