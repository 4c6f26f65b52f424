package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wireroom/article"
	"wireroom/cmd/wireroom/config"
	"wireroom/store"
)

// withStore runs f on the config's store, synced with the config.
func (a *app) withStore(cmd *cobra.Command, f func(*desk) error) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	d, err := a.open(cmd, c)
	if err != nil {
		return err
	}
	defer d.close()
	return f(d)
}

func sourcesCommand(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "sources [SOURCE]", Short: "Show the sources: state, health, next poll", Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd, func(d *desk) error {
				if len(args) == 1 {
					if err := known("source", idsOfSources(d.cfg.Sources), args); err != nil {
						return err
					}
					return d.showSource(cmd, args[0], asJSON)
				}
				return d.listSources(cmd, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a source")
	return cmd
}

// sourceLine is what `sources --json` prints.
type sourceLine struct {
	ID          string          `json:"id"`
	URL         string          `json:"url"`
	Title       string          `json:"title,omitempty"`
	State       string          `json:"state"` // new, ok, failing, held, gone, paused
	Due         time.Time       `json:"due,omitzero"`
	Why         string          `json:"why,omitempty"`
	Interval    string          `json:"interval,omitempty"`
	LastPoll    time.Time       `json:"last_poll,omitzero"`
	LastSuccess time.Time       `json:"last_success,omitzero"`
	LastChange  time.Time       `json:"last_change,omitzero"`
	Failures    int             `json:"failures,omitempty"`
	Error       string          `json:"error,omitempty"`
	Status      int             `json:"status,omitempty"`
	ETag        string          `json:"etag,omitempty"`
	Modified    string          `json:"last_modified,omitempty"`
	Moved       string          `json:"moved,omitempty"`
	Repairs     map[string]int  `json:"repairs,omitempty"`
	Held        int             `json:"held,omitempty"` // articles withheld
	History     []store.PollLog `json:"history,omitempty"`
}

// sourceStates are those of sourceLine.
var sourceStates = []string{"new", "ok", "failing", "held", "gone", "paused"}

func (d *desk) line(st *store.State) sourceLine {
	l := sourceLine{ID: st.Source, Title: st.Detail.Title, State: "ok", Due: st.Due, Why: st.Detail.Why,
		LastPoll: st.LastPoll, LastSuccess: st.LastSuccess, LastChange: st.LastChange, Failures: st.Failures,
		Error: st.Error, Status: st.Status, ETag: st.ETag, Modified: st.LastModified, Moved: st.Detail.Adopted,
		Repairs: st.Detail.Repairs, Held: st.Detail.Held, History: st.History}
	if st.Interval > 0 {
		l.Interval = config.Duration(st.Interval.Round(time.Second)).String()
	}
	for _, s := range d.sources {
		if s.ID == st.Source {
			l.URL = s.URL
			if s.Title != "" {
				l.Title = s.Title
			}
			if s.Paused {
				l.State = "paused"
			}
		}
	}
	switch {
	case l.State == "paused":
	case st.Detail.Gone:
		l.State = "gone"
	case st.LastPoll.IsZero():
		l.State = "new"
	case st.Failures > 0:
		l.State = "failing"
	case !st.Detail.HeldAt.IsZero():
		l.State = "held"
	}
	return l
}

func (d *desk) listSources(cmd *cobra.Command, asJSON bool) error {
	var lines []sourceLine
	err := d.store.States(cmd.Context(), func(st store.State) bool {
		lines = append(lines, d.line(&st))
		return true
	})
	if err != nil {
		return failed{err}
	}
	if asJSON {
		for i := range lines {
			lines[i].History = nil
		}
		return printJSON(cmd.OutOrStdout(), lines)
	}
	t := table(cmd.OutOrStdout(), "SOURCE", "STATE", "LAST POLL", "NEXT", "INTERVAL", "TITLE OR ERROR")
	t.tint = tintState
	now := time.Now()
	for _, l := range lines {
		what := l.Title
		if l.State == "held" {
			what = held(&l)
		}
		if l.Error != "" {
			what = l.Error
		}
		t.row(l.ID, l.State, since(now, l.LastPoll), until(now, l.Due), l.Interval, what)
	}
	return t.flush()
}

// tintState colours the state of a source.
func tintState(column int, cell string) string {
	if column != 1 {
		return ""
	}
	return map[string]string{"ok": green, "failing": red, "held": yellow, "gone": faint, "paused": faint}[cell]
}

func (d *desk) showSource(cmd *cobra.Command, id string, asJSON bool) error {
	st, err := d.store.State(cmd.Context(), id)
	if err != nil {
		return failed{err}
	}
	l := d.line(&st)
	if asJSON {
		return printJSON(cmd.OutOrStdout(), []sourceLine{l})
	}
	now := time.Now()
	w := cmd.OutOrStdout()
	if l.State == "held" {
		l.State = held(&l)
	}
	for _, p := range [][2]string{
		{"source", l.ID}, {"title", l.Title}, {"address", l.URL}, {"moved to", l.Moved}, {"state", l.State}, {"error", l.Error},
		{"last poll", since(now, l.LastPoll)}, {"last answer", since(now, l.LastSuccess)}, {"last news", since(now, l.LastChange)},
		{"next poll", until(now, l.Due)}, {"interval", strings.TrimSpace(l.Interval + " " + parens(l.Why))},
		{"ETag", l.ETag}, {"Last-Modified", l.Modified}, {"mended", counts(l.Repairs)},
	} {
		if p[1] != "" {
			fmt.Fprintf(w, "%-14s %s\n", p[0], p[1])
		}
	}
	if len(l.History) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	t := table(w, "POLL", "OUTCOME", "STATUS", "NEW", "UPDATED", "BYTES", "TOOK")
	for _, h := range slices.Backward(l.History) {
		t.row(h.At.Local().Format(time.DateTime), h.Outcome, number(h.Status), fmt.Sprint(h.New), fmt.Sprint(h.Updated), fmt.Sprint(h.Bytes), h.Took.Round(time.Millisecond).String())
	}
	return t.flush()
}

// held says what to do about a source that is held.
func held(l *sourceLine) string {
	return fmt.Sprintf("held: brought %d new articles out of the ordinary; look at it, then `wireroom refresh --accept %s`", l.Held, l.ID)
}

func articleCommand(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "article ID", Short: "Show an article and the history of its versions", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd, func(d *desk) error {
				versions, err := d.store.History(cmd.Context(), args[0])
				if errors.Is(err, store.ErrNotFound) {
					return failed{fmt.Errorf("there is no article %q", args[0])}
				}
				if err != nil {
					return failed{err}
				}
				if asJSON {
					return printJSON(cmd.OutOrStdout(), versions)
				}
				return showArticle(cmd.OutOrStdout(), versions)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a version")
	return cmd
}

func showArticle(w io.Writer, versions []article.Record) error {
	t := table(w, "VERSION", "UPDATED", "STATUS", "WHAT", "HEADLINE")
	for _, v := range versions {
		t.row(fmt.Sprint(v.Version), v.Updated.Local().Format(time.DateTime), string(v.Status), v.Revision.Kind, v.Headline)
	}
	if err := t.flush(); err != nil {
		return err
	}
	last, err := json.MarshalIndent(versions[len(versions)-1], "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s\n", last)
	return err
}

// printJSON prints one object a line.
func printJSON[T any](w io.Writer, list []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range list {
		if err := enc.Encode(list[i]); err != nil {
			return err
		}
	}
	return nil
}

func since(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return rough(now.Sub(t)) + " ago"
}

func until(now, t time.Time) string {
	if !t.After(now) {
		return "now"
	}
	return "in " + rough(t.Sub(now))
}

// rough is a duration in its two largest units.
func rough(d time.Duration) string {
	switch {
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < 48*time.Hour:
		return config.Duration(d.Round(time.Minute)).String()
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}

func parens(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func counts(m map[string]int) string {
	var parts []string
	for k, n := range m {
		parts = append(parts, fmt.Sprintf("%s %d", k, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
