package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wireroom/cmd/wireroom/config"
)

// known refuses ids of a kind, source or feed, that the config does not have, and
// suggests what was meant.
func known(kind string, list, ids []string) error {
	for _, id := range ids {
		if slices.Contains(list, id) {
			continue
		}
		for _, s := range list {
			if strings.EqualFold(s, id) || len(id) > 1 && (strings.HasPrefix(s, id) || strings.HasPrefix(id, s)) {
				return fmt.Errorf("there is no %s %q; did you mean %q? `wireroom %ss` lists them", kind, id, s, kind)
			}
		}
		return fmt.Errorf("there is no %s %q; `wireroom %ss` lists them", kind, id, kind)
	}
	return nil
}

func idsOfSources(list []config.Source) []string {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}

// completeSources completes ids of sources that are not on the line yet, each
// with its title or address.
func (a *app) completeSources(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if cmd.Args != nil && cmd.Args(cmd, append(slices.Clone(args), "one more")) != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	c, err := a.config()
	if err != nil { // its faults are for `wireroom check` to tell
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for i := range c.Sources {
		s := &c.Sources[i]
		if slices.Contains(args, s.ID) {
			continue
		}
		about := s.Title
		if about == "" {
			about = config.Redact(s.URL)
		}
		ids = append(ids, cobra.CompletionWithDesc(s.ID, tidy(about)))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// completeFlags completes the values of the flags that all commands have.
func completeFlags(root *cobra.Command) {
	for name, values := range map[string][]string{"log-level": {"debug", "info", "warn", "error"}, "log-format": {"text", "json"}} {
		if err := root.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // there is no such flag: a slip in the line above
		}
	}
	if err := root.MarkPersistentFlagFilename("config", "yaml", "yml"); err != nil {
		panic(err) // likewise
	}
}
