package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"wireroom/cmd/wireroom/config"
	"wireroom/sources/fetch"
	"wireroom/sources/opml"
	"wireroom/sources/read"
	"wireroom/sources/syndication"
)

func addCommand(a *app) *cobra.Command {
	var id, title string
	var first bool
	cmd := &cobra.Command{
		Use: "add URL", Short: "Add a source to the config; a site's address finds its feeds", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.add(cmd, args[0], id, title, first) },
	}
	cmd.Flags().StringVar(&id, "id", "", "id of the source (default: made from the address)")
	cmd.Flags().StringVar(&title, "title", "", "title shown to readers (default: the feed's own)")
	cmd.Flags().BoolVar(&first, "first", false, "take the first feed of a site without asking")
	return cmd
}

func (a *app) add(cmd *cobra.Command, address, id, title string, first bool) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	log, err := a.logger(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	hc, err := client(c, log)
	if err != nil {
		return err
	}
	address, _, err = fetch.Address(address)
	if err != nil {
		return err
	}
	found, err := discover(cmd.Context(), hc, address)
	if err != nil {
		return failed{err}
	}
	choice := found[0]
	if len(found) > 1 && !first {
		if choice, err = choose(cmd, found); err != nil {
			return err
		}
	}
	taken := map[string]bool{}
	for _, s := range c.Sources {
		taken[s.ID] = true
		if s.URL == choice.URL {
			return fmt.Errorf("%s is there already, as %q", choice.URL, s.ID)
		}
	}
	if id == "" {
		id = config.NewID(choice.URL, taken)
	}
	if err := config.AddSources(a.configPath(), []config.Source{{ID: id, URL: choice.URL, Title: title}}, a.getenv); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "added %s: %s (%s)\n`wireroom refresh %s` polls it now; a running server takes it up by itself\n", id, choice.URL, choice.Title, id)
	return nil
}

// discover reads an address: a feed is its own result, a page yields the feeds
// that it names, tried one after the other.
func discover(ctx context.Context, hc *fetch.Client, address string) ([]syndication.Candidate, error) {
	resp, err := hc.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, err
	}
	doc, err := read.Document(resp.Body(), read.Options{URL: resp.URL, ContentType: resp.ContentType})
	if err == nil {
		return []syndication.Candidate{{URL: resp.URL, Title: doc.Title, Type: doc.Format}}, nil
	}
	var page *read.Page
	if !errors.As(err, &page) {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	var found []syndication.Candidate
	for _, k := range syndication.Discover(page.Body, resp.URL) {
		if len(found) == 10 {
			break
		}
		r, err := hc.Get(ctx, fetch.Request{URL: k.URL})
		if err != nil {
			continue
		}
		doc, err := read.Document(r.Body(), read.Options{URL: r.URL, ContentType: r.ContentType})
		if err != nil {
			continue
		}
		if doc.Title != "" {
			k.Title = doc.Title
		}
		k.Type = doc.Format
		found = append(found, k)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s is a web page and no feed was found on it or at the usual addresses", address)
	}
	return found, nil
}

// choose lets the user pick on a terminal; elsewhere the feeds are listed.
func choose(cmd *cobra.Command, found []syndication.Candidate) (syndication.Candidate, error) {
	out := cmd.OutOrStdout()
	for i, k := range found {
		fmt.Fprintf(out, "%2d  %s  %s\n", i+1, k.URL, k.Title)
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if ok && !term.IsTerminal(int(in.Fd())) {
		return syndication.Candidate{}, errors.New("there are several feeds: name one of them, or take the first with --first")
	}
	fmt.Fprintf(out, "Which one? [1] ")
	answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return syndication.Candidate{}, err
	}
	if answer = strings.TrimSpace(answer); answer == "" {
		return found[0], nil
	}
	n, err := strconv.Atoi(answer)
	if err != nil || n < 1 || n > len(found) {
		return syndication.Candidate{}, fmt.Errorf("expected a number from 1 to %d", len(found))
	}
	return found[n-1], nil
}

func importCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "import FILE.opml", Short: "Add the feeds of an OPML file to the config", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			outlines, err := opml.Read(f)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			taken, have := map[string]bool{}, map[string]bool{}
			for _, s := range c.Sources {
				taken[s.ID], have[s.URL] = true, true
			}
			var fresh []opml.Outline
			for _, o := range outlines {
				if !have[o.URL] {
					fresh = append(fresh, o)
				}
			}
			if len(fresh) > 0 {
				if err := config.AddSources(a.configPath(), config.FromOutlines(fresh, taken, ""), a.getenv); err != nil {
					return err
				}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d sources added, %d were there already\n", len(fresh), len(outlines)-len(fresh))
			return nil
		},
	}
}

func exportCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "export [FILE.opml]", Short: "Write the sources as OPML", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			outlines := outlinesOf(c)
			if len(args) == 0 {
				return opml.Write(cmd.OutOrStdout(), c.Server.Name+" sources", outlines)
			}
			f, err := os.Create(args[0])
			if err != nil {
				return err
			}
			return errors.Join(opml.Write(f, c.Server.Name+" sources", outlines), f.Close())
		},
	}
}
