package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"wireroom/scheduler"
)

func refreshCommand(a *app) *cobra.Command {
	var force, accept, asJSON bool
	cmd := &cobra.Command{
		Use:   "refresh [SOURCE…]",
		Short: "Poll sources now",
		Long: "Polls the named sources, or all, and returns when their articles are stored.\n" +
			"Works beside a running server: its feeds show the new articles within a second.\n" +
			"A source that was polled within the last five minutes is left alone; --force polls\n" +
			"it all the same. A server's wish to be left alone (Retry-After) is always obeyed.\n" +
			"A source that brought far more new articles at once than ever is held: they appear\n" +
			"nowhere until you have looked at it and poll it with --accept.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if accept && len(args) == 0 {
				return errors.New("--accept needs the names of the sources to let in")
			}
			return a.refresh(cmd, args, force || accept, accept, asJSON)
		},
	}
	cmd.ValidArgsFunction = a.completeSources
	cmd.Flags().BoolVar(&force, "force", false, "poll sources that were polled just now, too")
	cmd.Flags().BoolVar(&accept, "accept", false, "let in what is held of the named sources")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a source")
	return cmd
}

func (a *app) refresh(cmd *cobra.Command, ids []string, force, accept, asJSON bool) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	if len(c.Sources) == 0 {
		return fmt.Errorf("%s names no sources; `wireroom add URL` adds one", c.Path())
	}
	if err := known("source", idsOfSources(c.Sources), ids); err != nil {
		return err
	}
	d, err := a.open(cmd, c)
	if err != nil {
		return err
	}
	defer d.close()
	if len(ids) == 0 {
		for _, s := range d.sources {
			ids = append(ids, s.ID)
		}
	}
	for _, s := range d.sources {
		s.Accept = accept && slices.Contains(ids, s.ID)
	}
	p := newProgress(cmd.OutOrStdout(), len(ids), asJSON)
	s := scheduler.New(scheduler.Options{
		Store: d.store, Poll: d.poller.Poll, Workers: c.Fetch.Workers, Log: d.log,
		Name: "refresh", Now: d.now, Saved: p.saved, Pace: time.Duration(c.Fetch.Pace),
		Lease: 5 * time.Second, // short: whoever kills a refresh expects the next one to work
	})
	s.SetSources(d.sources)
	d.poller.Twin = s.Twin
	err = s.Refresh(cmd.Context(), ids, force, p.skipped)
	p.end()
	if err != nil {
		return failed{err}
	}
	return p.err()
}

// progress shows a refresh: a bar on a terminal, else a line a source.
type progress struct {
	out   io.Writer
	json  *json.Encoder
	bar   bool
	total int

	mu       sync.Mutex
	done     int
	fresh    int
	updated  int
	same     int
	skips    int
	failures []scheduler.Event
	start    time.Time
}

func newProgress(out io.Writer, total int, asJSON bool) *progress {
	p := &progress{out: out, total: total, start: time.Now()}
	if asJSON {
		p.json = json.NewEncoder(out)
		p.json.SetEscapeHTML(false)
		return p
	}
	f, ok := out.(*os.File)
	p.bar = ok && term.IsTerminal(int(f.Fd()))
	return p
}

// report is what --json prints of one source.
type report struct {
	Source  string `json:"source"`
	Outcome string `json:"outcome"` // new, same, not-modified, skipped, or the kind of the error
	Status  int    `json:"status,omitempty"`
	New     int    `json:"new"`
	Updated int    `json:"updated"`
	Bytes   int64  `json:"bytes"`
	Millis  int64  `json:"ms"`
	Error   string `json:"error,omitempty"`
	Due     string `json:"due,omitempty"`
}

func (p *progress) saved(e scheduler.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.fresh += e.Saved.New
	p.updated += e.Saved.Updated
	if e.Error != "" {
		p.failures = append(p.failures, e)
	} else if e.Saved.New+e.Saved.Updated == 0 {
		p.same++
	}
	r := report{Source: e.Source, Outcome: e.Log.Outcome, Status: e.Log.Status, New: e.Saved.New, Updated: e.Saved.Updated,
		Bytes: e.Log.Bytes, Millis: e.Log.Took.Milliseconds(), Error: e.Error, Due: e.Due.UTC().Format(time.RFC3339)}
	p.print(r)
}

func (p *progress) skipped(s scheduler.Skip) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.skips++
	p.print(report{Source: s.Source, Outcome: "skipped", Error: s.Why})
}

func (p *progress) print(r report) {
	switch {
	case p.json != nil:
		_ = p.json.Encode(r)
	case p.bar:
		if r.Error != "" && r.Outcome != "skipped" {
			fmt.Fprintf(p.out, "\r\x1b[K%-24s %s\n", r.Source, r.Error)
		}
		const width = 30
		full := width * p.done / max(p.total, 1)
		fmt.Fprintf(p.out, "\r\x1b[K[%s%s] %d/%d  %d new  %d updated  %d failed",
			strings.Repeat("█", full), strings.Repeat("·", width-full), p.done, p.total, p.fresh, p.updated, len(p.failures))
	default:
		what := fmt.Sprintf("%d new, %d updated", r.New, r.Updated)
		switch {
		case r.Outcome == "skipped":
			what = "skipped: " + r.Error
		case r.Error != "":
			what = "failed: " + r.Error
		case r.New+r.Updated == 0:
			what = strings.ReplaceAll(r.Outcome, "-", " ")
		}
		fmt.Fprintf(p.out, "%-24s %s\n", r.Source, what)
	}
}

func (p *progress) end() {
	if p.json != nil {
		return
	}
	if p.bar {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	fmt.Fprintf(p.out, "%d sources: %d new articles, %d updated, %d without news, %d failed, %d skipped, in %s\n",
		p.done, p.fresh, p.updated, p.same, len(p.failures), p.skips, time.Since(p.start).Round(10*time.Millisecond))
}

// err names each failure, for people who did not watch.
func (p *progress) err() error {
	if len(p.failures) == 0 {
		return nil
	}
	slices.SortFunc(p.failures, func(a, b scheduler.Event) int { return cmp.Compare(a.Source, b.Source) })
	var all []error
	for _, f := range p.failures {
		all = append(all, fmt.Errorf("%s: %s", f.Source, f.Error))
	}
	return failed{errors.Join(all...)}
}
