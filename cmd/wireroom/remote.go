package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wireroom/article"
	"wireroom/scheduler"
	"wireroom/server/api"
	"wireroom/server/control"
	"wireroom/store"
)

// remote is a server elsewhere, reached by its API.
type remote struct {
	base, token string
	client      *http.Client
}

// elsewhere gives a command the flags of the remote mode. With --server it asks
// that server's API and needs no config; without, it does what it did.
func elsewhere(cmd *cobra.Command, there func(*remote, *cobra.Command, []string) error) *cobra.Command {
	var server, file string
	cmd.Flags().StringVar(&server, "server", "", "ask the server at this address instead of the config's store")
	cmd.Flags().StringVar(&file, "token-file", "", "file with the token for --server's API; see wireroom token")
	here := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if server == "" {
			if file != "" {
				return errors.New("--token-file is for --server")
			}
			return here(cmd, args)
		}
		r, err := newRemote(server, file)
		if err != nil {
			return err
		}
		if err := there(r, cmd, args); err != nil {
			var done failed
			if errors.As(err, &done) {
				return err
			}
			return failed{err}
		}
		return nil
	}
	return cmd
}

func newRemote(server, file string) (*remote, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return nil, fmt.Errorf("--server: expected an address such as https://news.example.org, not %q", server)
	}
	if file == "" {
		return nil, errors.New("--server needs --token-file: the file with a token that the server's config knows under api.tokens")
	}
	word, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--token-file: %w", err)
	}
	token := strings.TrimSpace(string(word))
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return nil, fmt.Errorf("--token-file: %s should hold one token and nothing else", file)
	}
	return &remote{base: strings.TrimRight(u.String(), "/") + api.Prefix, token: token, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a token is for one server
	}}, nil
}

// send asks for something; the caller closes the body.
func (r *remote) send(ctx context.Context, method, path string, body any, accept string) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Accept", accept)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "wireroom/"+version())
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the server can't be asked: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	var p struct {
		Detail string `json:"detail"`
	}
	if json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&p) == nil && p.Detail != "" {
		return nil, fmt.Errorf("the server answers %s: %s", resp.Status, p.Detail)
	}
	return nil, fmt.Errorf("the server answers %s; is there a Wireroom with an API at %s?", resp.Status, r.base)
}

// remoteTime is how long an answer that needs no polls may take.
const remoteTime = 30 * time.Second

func (r *remote) get(ctx context.Context, path string, v any) error {
	ctx, cancel := context.WithTimeout(ctx, remoteTime)
	defer cancel()
	resp, err := r.send(ctx, http.MethodGet, path, nil, "application/json")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		return fmt.Errorf("the server's answer can't be read: %w", err)
	}
	return nil
}

// page is one page of a list.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// remoteSources shows the sources of the server.
func remoteSources(r *remote, cmd *cobra.Command, args []string) error {
	asJSON, err := cmd.Flags().GetBool("json")
	if err != nil {
		return err
	}
	var list []control.Status
	if len(args) == 1 {
		list = make([]control.Status, 1)
		if err := r.get(cmd.Context(), "/sources/"+url.PathEscape(args[0]), &list[0]); err != nil {
			return err
		}
	}
	for next := "first"; len(args) == 0 && next != ""; {
		path := "/sources?limit=500"
		if next != "first" {
			path += "&cursor=" + url.QueryEscape(next)
		}
		var p page[control.Status]
		if err := r.get(cmd.Context(), path, &p); err != nil {
			return err
		}
		list, next = append(list, p.Items...), p.Next
	}
	if asJSON {
		lines := make([]sourceLine, 0, len(list))
		for i := range list {
			lines = append(lines, remoteLine(&list[i]))
		}
		return printJSON(cmd.OutOrStdout(), lines)
	}
	now := time.Now()
	t := table(cmd.OutOrStdout(), "SOURCE", "STATE", "LAST POLL", "NEXT", "INTERVAL", "TITLE OR TROUBLE")
	for i := range list {
		s := &list[i]
		what := s.Name
		if s.Words != "" {
			what = s.Words
		}
		t.row(s.ID, string(s.State), since(now, s.LastPoll), until(now, s.Due), s.Interval, what)
	}
	if err := t.flush(); err != nil || len(args) == 0 || len(list[0].History) == 0 {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout())
	t = table(cmd.OutOrStdout(), "POLL", "OUTCOME", "STATUS", "NEW", "UPDATED", "BYTES", "TOOK")
	for i := len(list[0].History) - 1; i >= 0; i-- {
		h := &list[0].History[i]
		t.row(h.At.Local().Format(time.DateTime), h.Outcome, number(h.Status), fmt.Sprint(h.New), fmt.Sprint(h.Updated), fmt.Sprint(h.Bytes), fmt.Sprintf("%d ms", h.Millis))
	}
	return t.flush()
}

// remoteLine is a source as `sources --json` prints it of the config's store.
func remoteLine(s *control.Status) sourceLine {
	l := sourceLine{
		ID: s.ID, URL: s.URL, Title: s.Name, State: string(s.State), Due: s.Due, Why: s.Why, Interval: s.Interval,
		LastPoll: s.LastPoll, LastSuccess: s.LastSuccess, LastChange: s.LastChange, Failures: s.Failures,
		Error: s.Error, Status: s.Status, Moved: s.Moved, Repairs: s.Repairs, Held: s.Held,
	}
	for _, h := range s.History {
		l.History = append(l.History, store.PollLog{
			At: h.At, Took: time.Duration(h.Millis) * time.Millisecond, Outcome: h.Outcome, Status: h.Status, New: h.New, Updated: h.Updated, Bytes: h.Bytes,
		})
	}
	return l
}

// remoteFeeds shows the feeds of the server.
func remoteFeeds(r *remote, cmd *cobra.Command, args []string) error {
	asJSON, err := cmd.Flags().GetBool("json")
	if err != nil {
		return err
	}
	var p page[control.Feed]
	if err := r.get(cmd.Context(), "/feeds", &p); err != nil {
		return err
	}
	var lines []feedLine
	var ids []string
	for _, f := range p.Items {
		ids = append(ids, f.ID)
		if len(args) == 0 || args[0] == f.ID {
			lines = append(lines, feedLine(f))
		}
	}
	switch {
	case len(lines) == 0 && len(args) > 0:
		return failed{known("feed", ids, args)}
	case asJSON:
		return printJSON(cmd.OutOrStdout(), lines)
	case len(args) > 0:
		printFeed(cmd.OutOrStdout(), &lines[0], nil)
		return nil
	}
	return tableOfFeeds(cmd.OutOrStdout(), lines)
}

// remoteArticle shows an article of the server and its versions.
func remoteArticle(r *remote, cmd *cobra.Command, args []string) error {
	asJSON, err := cmd.Flags().GetBool("json")
	if err != nil {
		return err
	}
	var p page[article.Record]
	if err := r.get(cmd.Context(), "/articles/"+url.PathEscape(args[0])+"/versions", &p); err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), p.Items)
	}
	if len(p.Items) == 0 {
		return fmt.Errorf("the server knows no version of %q", args[0])
	}
	return showArticle(cmd.OutOrStdout(), p.Items)
}

// remoteRefresh has the server poll its sources, and shows how it goes.
func remoteRefresh(r *remote, cmd *cobra.Command, ids []string) error {
	want := control.Refresh{Sources: ids}
	var asJSON bool
	for name, v := range map[string]*bool{"force": &want.Force, "accept": &want.Accept, "json": &asJSON} {
		var err error
		if *v, err = cmd.Flags().GetBool(name); err != nil {
			return err
		}
	}
	total := len(ids)
	if total == 0 {
		var s store.Stats
		if err := r.get(cmd.Context(), "/stats", &s); err == nil { // a token for refreshes alone may not read
			total = s.Sources
		}
	}
	resp, err := r.send(cmd.Context(), http.MethodPost, "/refresh", want, "application/x-ndjson")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	p := newProgress(cmd.OutOrStdout(), total, asJSON)
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		var l struct {
			control.Polled
			Problem *struct {
				Detail string `json:"detail"`
			} `json:"problem"`
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return fmt.Errorf("the server's answer can't be read: %w", err)
		}
		switch {
		case l.Problem != nil:
			p.end()
			return errors.New(l.Problem.Detail)
		case l.Outcome == "skipped":
			p.skipped(scheduler.Skip{Source: l.Source, Why: l.Error})
		default:
			p.saved(eventOf(&l.Polled))
		}
	}
	p.end()
	if err := lines.Err(); err != nil {
		return fmt.Errorf("the connection to the server broke: %w", err)
	}
	return p.err()
}

// eventOf is a poll of the server as one of our own.
func eventOf(p *control.Polled) scheduler.Event {
	return scheduler.Event{
		Source: p.Source, Error: p.Error, Due: p.Due, Saved: store.Saved{New: p.New, Updated: p.Updated},
		Log: store.PollLog{Outcome: p.Outcome, Status: p.Status, Bytes: p.Bytes, Took: time.Duration(p.Millis) * time.Millisecond},
	}
}
