package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"wireroom/article"
	"wireroom/server/control"
)

// listed is how many sources a page lists.
const listed = 50

type sourcesPage struct {
	Rows   []sourceRow
	Counts []stateCount
	State  control.Health
	Search string
	Next   string
}

type stateCount struct {
	State control.Health
	Count int
}

// sourceRow is one source with its pictures.
type sourceRow struct {
	control.Status
	Strip strip
	Days  chart
}

// listSources shows the sources: all, those in one state, or those whose id,
// name or address has some letters.
func (d *Desk) listSources(v *visit) error {
	q := v.r.URL.Query()
	p := sourcesPage{State: control.Health(q.Get("state")), Search: article.Cut(article.Line(q.Get("q")), 100)}
	want := strings.ToLower(p.Search)
	counts, more := map[control.Health]int{}, false
	after := q.Get("after")
	err := control.Each(v.r.Context(), d.Room, d.Store, "", func(s control.Status) bool {
		counts[s.State]++
		fits := (p.State == "" || s.State == p.State) && (want == "" || strings.Contains(strings.ToLower(s.ID+" "+s.Name+" "+s.URL), want))
		switch {
		case !fits || s.ID <= after:
		case len(p.Rows) == listed:
			more = true
		default:
			p.Rows = append(p.Rows, sourceRow{Status: s, Strip: stripOf(s.History)})
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, h := range control.Healths() {
		if counts[h] > 0 {
			p.Counts = append(p.Counts, stateCount{h, counts[h]})
		}
	}
	if more {
		p.Next = "?" + url.Values{"state": {string(p.State)}, "q": {p.Search}, "after": {p.Rows[listed-1].ID}}.Encode()
	}
	if err := d.days(v.r.Context(), p.Rows); err != nil {
		return err
	}
	return d.show(v, http.StatusOK, "sources", &view{Title: "Sources", Nav: "sources", Body: &p})
}

// daysShown is how far back the articles of a source are counted by the day.
const daysShown = 14

// maxCounted bounds the articles that are counted for one page.
const maxCounted = 3000

// days draws how many articles each source published on the last days. Where
// there are too many to be counted, the days that were not reached are left out.
func (d *Desk) days(ctx context.Context, rows []sourceRow) error {
	if len(rows) == 0 {
		return nil
	}
	today := d.Now().UTC().Truncate(24 * time.Hour)
	first := today.AddDate(0, 0, 1-daysShown)
	q := article.Query{Since: first, Limit: maxCounted}
	for _, r := range rows {
		q.Sources = append(q.Sources, r.ID)
	}
	found, err := d.Store.Select(ctx, q)
	if err != nil {
		return err
	}
	if len(found) == maxCounted { // newest first: the last one's day is not whole
		first = found[maxCounted-1].Published.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	}
	n := max(int(today.Sub(first)/(24*time.Hour))+1, 0)
	counts := map[string][]int{}
	for i := range found {
		at := int(found[i].Published.UTC().Sub(first) / (24 * time.Hour))
		if at < 0 || at >= n || found[i].Published.Before(first) {
			continue
		}
		id := found[i].Source.ID
		if counts[id] == nil {
			counts[id] = make([]int, n)
		}
		counts[id][at]++
	}
	for i := range rows {
		c := counts[rows[i].ID]
		if c == nil {
			c = make([]int, n)
		}
		rows[i].Days = spark(c, first)
	}
	return nil
}

type sourcePage struct {
	sourceRow
	Articles []article.Record
	Polls    []control.Poll // newest first
}

// showSource shows one source with its history and what can be done with it.
func (d *Desk) showSource(v *visit) error {
	s, err := control.Look(v.r.Context(), d.Room, d.Store, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	rows := []sourceRow{{Status: s, Strip: stripOf(s.History)}}
	if err := d.days(v.r.Context(), rows); err != nil {
		return err
	}
	p := sourcePage{sourceRow: rows[0]}
	for i := len(s.History) - 1; i >= 0; i-- {
		p.Polls = append(p.Polls, s.History[i])
	}
	status := article.Usable
	if s.State == control.Held {
		status = article.Withheld
	}
	if p.Articles, err = d.Store.Select(v.r.Context(), article.Query{Sources: []string{s.ID}, Status: status, Limit: 10}); err != nil {
		return err
	}
	return d.show(v, http.StatusOK, "source", &view{Title: s.Name, Nav: "sources", Body: &p})
}

func sourcePath(id string) string { return "/desk/sources/" + url.PathEscape(id) }

// changeSource pauses, renames, or changes the interval.
func (d *Desk) changeSource(v *visit) error {
	id, done := v.r.PathValue("id"), "changed"
	var c control.Change
	switch v.form.Get("do") {
	case "pause", "resume":
		paused := v.form.Get("do") == "pause"
		c.Paused, done = &paused, map[bool]string{true: "paused", false: "resumed"}[paused]
	case "rename":
		title := v.form.Get("title")
		c.Title = &title
	case "interval":
		every := strings.TrimSpace(v.form.Get("every"))
		c.Every = &every
	default:
		return control.Refuse(control.ErrInvalid, "The form does not say what is to be done.")
	}
	d.Log.Info("changed at the desk", "source", id, "what", v.form.Get("do"))
	if _, err := d.Room.Change(v.r.Context(), id, c); err != nil {
		return err
	}
	return d.back(v, sourcePath(id), done)
}

// removeSource removes a source that was added at the desk.
func (d *Desk) removeSource(v *visit) error {
	id := v.r.PathValue("id")
	d.Log.Info("removed at the desk", "source", id)
	if err := d.Room.Remove(v.r.Context(), id); err != nil {
		return err
	}
	return d.back(v, "/desk/sources", "removed")
}
