package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wireroom/feed"
)

// feedLine is what is printed of a feed.
type feedLine struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Page        string `json:"page"`
	RSS         string `json:"rss"`
	Atom        string `json:"atom"`
	JSON        string `json:"json"`
	Private     bool   `json:"private,omitempty"`
}

func feedLineOf(base string, ch *feed.Channel) feedLine {
	base += "/feeds/" + ch.ID
	return feedLine{
		ID: ch.ID, Title: ch.Title, Description: ch.Description, Page: base, RSS: base + ".rss", Atom: base + ".atom", JSON: base + ".json", Private: ch.Private(),
	}
}

func feedsCommand(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "feeds [FEED]", Short: "Show the combined feeds and their addresses", Args: cobra.MaximumNArgs(1),
		Long: "Show the combined feeds and their addresses; of one feed also what it selects.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			list := channels(c)
			if len(args) > 0 {
				if err := known("feed", idsOfFeeds(list), args); err != nil {
					return err
				}
				list = slices.DeleteFunc(list, func(ch feed.Channel) bool { return ch.ID != args[0] })
			}
			var lines []feedLine
			for i := range list {
				lines = append(lines, feedLineOf(c.Server.BaseURL, &list[i]))
			}
			switch {
			case asJSON:
				return printJSON(cmd.OutOrStdout(), lines)
			case len(args) > 0:
				printFeed(cmd.OutOrStdout(), &lines[0], &list[0])
				return nil
			}
			return tableOfFeeds(cmd.OutOrStdout(), lines)
		},
		ValidArgsFunction: a.completeFeeds,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a feed")
	return cmd
}

func tableOfFeeds(w io.Writer, lines []feedLine) error {
	t := table(w, "FEED", "TITLE", "ADDRESS (.rss, .atom, .json)")
	t.whole = []int{2} // it is there to be copied
	for _, l := range lines {
		t.row(l.ID, l.Title, l.RSS)
	}
	return t.flush()
}

// printFeed tells all of one feed. Of one that is elsewhere, ch is nil: what it
// selects is not known.
func printFeed(w io.Writer, l *feedLine, ch *feed.Channel) {
	say := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-12s %s\n", name, tidy(value))
		}
	}
	say("feed", l.ID)
	say("title", l.Title)
	say("about", l.Description)
	say("page", l.Page)
	say("rss", l.RSS)
	say("atom", l.Atom)
	say("json", l.JSON)
	if l.Private {
		say("private", "readers need a token")
	}
	if ch == nil {
		return
	}
	q := &ch.Select
	say("language", ch.Language)
	say("sources", strings.Join(q.Sources, ", "))
	say("languages", strings.Join(q.Languages, ", "))
	say("agencies", strings.Join(q.Agencies, ", "))
	say("topics", strings.Join(q.Topics, ", "))
	say("words", q.Match)
	if len(q.Sources)+len(q.Languages)+len(q.Agencies)+len(q.Topics)+len(q.Match) == 0 {
		say("selects", "everything")
	}
	say("articles", fmt.Sprint("the newest ", cmp.Or(q.Limit, feed.DefaultLimit)))
	if ch.PerSource > 0 {
		say("per source", fmt.Sprint("at most ", ch.PerSource))
	}
	if ch.Merges() {
		say("once", string(ch.Once))
	}
	say("kept for", cmp.Or(ch.TTL, 5*time.Minute).String())
	say("was", strings.Join(ch.Former, ", "))
}

func idsOfFeeds(list []feed.Channel) []string {
	var ids []string
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	return ids
}

// completeFeeds completes the id of a feed, each with its title.
func (a *app) completeFeeds(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := a.config()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for _, ch := range channels(c) {
		ids = append(ids, cobra.CompletionWithDesc(ch.ID, tidy(cmp.Or(ch.Title, ch.ID))))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
