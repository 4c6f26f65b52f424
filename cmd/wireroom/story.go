package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wireroom/article"
	"wireroom/cmd/wireroom/config"
	"wireroom/scheduler/stories"
	"wireroom/store"
)

// newKeeper makes the part that finds out which articles tell the same story.
func newKeeper(d *desk, s store.Store) (*stories.Keeper, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	var id [6]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, fmt.Errorf("name this process: %w", err)
	}
	name := fmt.Sprintf("%s %d %s", host, os.Getpid(), hex.EncodeToString(id[:]))
	return stories.New(stories.Options{Store: s, Name: name, Log: d.log}), nil
}

func storyCommand(a *app) *cobra.Command {
	var split, join []string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "story ID", Short: "Show a story, why each article is in it, and change it", Args: cobra.ExactArgs(1),
		Long: "Shows the articles of a story and what spoke for each of them. ID is a story's id or that of one of its articles.\n" +
			"With --split the named articles leave it and become a story of their own; with --join the named articles,\n" +
			"or whole stories, come into it. Such decisions win over all evidence and are remembered.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd, func(d *desk) error {
				id, err := stories.Find(cmd.Context(), d.store, args[0])
				switch {
				case errors.Is(err, stories.ErrAlone) && len(join) > 0:
					join = append(join, args[0]) // it begins the story
				case errors.Is(err, stories.ErrAlone):
					return failed{fmt.Errorf("no other article tells the story of %q%s", args[0], unasked(d.cfg))}
				case errors.Is(err, store.ErrNotFound):
					return failed{fmt.Errorf("there is no story and no article %q", args[0])}
				case err != nil:
					return failed{err}
				}
				return a.story(cmd, d, id, split, join, asJSON)
			})
		},
	}
	cmd.Flags().StringSliceVar(&split, "split", nil, "ids of articles that leave the story")
	cmd.Flags().StringSliceVar(&join, "join", nil, "ids of articles or stories that come into it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.MarkFlagsMutuallyExclusive("split", "join")
	return cmd
}

// unasked says so where nobody looks for stories.
func unasked(c *config.Config) string {
	if c.WantsStories() {
		return ""
	}
	return ", for none are looked for: no feed has once: text or once: story, and the config does not say stories: true"
}

// story carries out what an operator decided, if anything, and shows a story.
func (a *app) story(cmd *cobra.Command, d *desk, id string, split, join []string, asJSON bool) error {
	ctx, now := cmd.Context(), time.Now()
	if len(split) > 0 {
		for _, s := range split {
			r, err := d.store.Article(ctx, s)
			if err != nil {
				return failed{fmt.Errorf("there is no article %q", s)}
			}
			if r.Story.ID != id {
				return failed{fmt.Errorf("article %q does not belong to story %s", s, id)}
			}
		}
		next, err := stories.Split(ctx, d.store, split, now)
		if err != nil {
			return failed{err}
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "the articles are now story %s\n", next)
	}
	if len(join) > 0 {
		if err := stories.Join(ctx, d.store, id, join, now); err != nil {
			return failed{err}
		}
	}
	shown, err := tell(ctx, d.store, id)
	if err != nil {
		return failed{err}
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), []toldStory{shown})
	}
	return showStory(cmd.OutOrStdout(), shown)
}

// toldStory is a story as the command shows it.
type toldStory struct {
	ID       string       `json:"id"`
	Best     string       `json:"best"`
	Articles []toldMember `json:"articles"`
}

type toldMember struct {
	ID        string          `json:"id"`
	Source    string          `json:"source"`
	Published time.Time       `json:"published"`
	Headline  string          `json:"headline"`
	Text      string          `json:"text,omitempty"` // the group of equal texts
	Why       *stories.Reason `json:"why,omitempty"`
}

// maxTold is how many articles of a story are shown.
const maxTold = 500

func tell(ctx context.Context, s store.Store, id string) (toldStory, error) {
	list, err := stories.Members(ctx, s, id, maxTold)
	if err != nil {
		return toldStory{}, err
	}
	out := toldStory{ID: id}
	var members []*article.Record
	for i := range list {
		r := &list[i]
		members = append(members, r)
		m := toldMember{ID: r.ID, Source: r.Source.ID, Published: r.Published, Headline: r.Headline, Text: r.Story.Text}
		why, err := stories.Why(ctx, s, r.ID)
		switch {
		case err == nil && why.Story == id:
			m.Why = &why
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return toldStory{}, err
		}
		out.Articles = append(out.Articles, m)
	}
	if best := article.Best(members, nil); best >= 0 {
		out.Best = members[best].ID
	}
	return out, nil
}

func showStory(w io.Writer, s toldStory) error {
	fmt.Fprintf(w, "%s: %d articles, represented by %s\n\n", s.ID, len(s.Articles), article.ShortID(s.Best))
	t := table(w, "ARTICLE", "SOURCE", "PUBLISHED", "TEXT", "HEADLINE")
	for _, m := range s.Articles {
		t.row(article.ShortID(m.ID), m.Source, m.Published.Local().Format(time.DateTime), article.ShortID(m.Text), m.Headline)
	}
	if err := t.flush(); err != nil {
		return err
	}
	for _, m := range s.Articles {
		if m.Why == nil {
			continue
		}
		fmt.Fprintf(w, "\n%s came in by %s, %+.1f:\n", article.ShortID(m.ID), article.ShortID(m.Why.With), m.Why.Score)
		for _, e := range m.Why.Why {
			fmt.Fprintf(w, "  %+5.1f  %s (%s)\n", e.Weight, e.Kind, strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", e.Value), "0"), "."))
		}
	}
	return nil
}
